"""Worlds for tests: one run on either driver, and worlds generated at random; and waiting."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from politburo_sim.rules.founding import found
from politburo_sim.rules.perception import muster, survey
from politburo_sim.run import engine
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import CANDIDATE, MOST_RUNGS, NOBODY, as_block, copy_record
from politburo_sim.state.journal import Journal, make_journal
from politburo_sim.state.parameters import PLACE, TABLE
from politburo_sim.state.work import make_work
from politburo_sim.worlds.scenario import Scenario
from politburo_sim.worlds.words import LADDER
from politburo_sim.worlds.world import World, build_world

NO_LOTS = np.zeros((0, 0), np.int8)
#: The rungs of a world that states none.
CENSURED, DISMISSED, REMOVED, EXPELLED = range(1, 5)
#: Slots of the least room, in which members and two for each seat have to fit (`build_world`).
LEAST_ROOM = 64


@dataclass
class Run:
    """What one run left behind, whichever driver made it; entries by their fields' names."""

    body: Any
    entries: Any
    ballots: np.ndarray


def left_behind(body: Any, journal: Journal) -> Run:
    entries = journal.entries[: journal.size[0]].view(np.recarray)
    return Run(body, entries, journal.ballots[: journal.size[1]])


def by_engine(world: World, seed: int, state: Any = None, first: int = 0) -> Run:
    slots = world.body.ident.shape[0]
    journal = make_journal(world.months * (2 * slots + 8) + 256, 4 * world.months + 64, slots)
    bodies = as_block(world.body)
    out = engine.make_outcomes(1, slots, 0, rungs=len(world.rungs))
    engine.run_chunk(
        bodies, make_work(world.body), journal, world.calendar, world.agenda,
        as_block(world.body if state is None else state), world.coding, first, world.months,
        np.array([seed]), np.array([world.body.par]), np.zeros(1, np.int64), NO_LOTS, out, 0, 1,
    )  # fmt: skip
    assert journal.size[0] < journal.entries.shape[0], "the journal is full"
    return left_behind(bodies[0], journal)


def plain_run(world: World, seed: int, months: int) -> None:
    """The engine's source run as plain Python, where numba has been switched off."""
    slots = world.body.ident.shape[0]
    bodies, initial = (as_block(world.body).view(np.recarray) for _ in range(2))
    engine.run_chunk(
        bodies, make_work(world.body), make_journal(0, 0, slots), world.calendar, world.agenda,
        initial, world.coding, 0, months, np.array([seed]), np.array([world.body.par]),
        np.zeros(1, np.int64), NO_LOTS, engine.make_outcomes(1, slots, 0), 0, 1,
    )  # fmt: skip


def scene(key: int, **settings: float) -> tuple[Any, Any]:
    """A body of nine men in the middle of things, and its scratch space, surveyed.

    Slots 0 to 5 are heads, 6 and 7 candidates, 8 is a head who cannot speak. 0, 1 and 2 stand
    together against 3, who stands with 4 and 6; 5 and 7 stand with nobody.
    """
    luck = np.random.default_rng(key)
    world = build_world(
        Scenario.model_validate(
            {"name": "scene", "title": "Scene", "axes": ["a", "b"], "seats": 9,
             "axis_weight": {"a": 2.0, "b": 1.0},
             "members": [{"name": f"M{i}", "status": "full", "prestige": 1} for i in range(9)],
             "offices": [{"name": f"O{i}", "holder": f"M{i}", "appointments": 1, "prestige": 0}
                         for i in range(3)]}
        ),
        settings,
    )  # fmt: skip
    body, work = copy_record(world.body), make_work(world.body)
    found(body, work, world.coding, key)
    # Members lie in the order of their ids, so everybody is given his part by his slot.
    body.status[6:8] = CANDIDATE
    body.seat_holder[body.seat[6:8]] = NOBODY
    body.seat_open[body.seat[6:8]] = 0
    body.seat[6:8] = NOBODY
    body.office_holder[:3], body.office_rate[:3] = [0, 3, 3], luck.uniform(0.5, 5, 3)
    body.prestige[:9], body.bases[:9] = luck.uniform(0.5, 5, 9), luck.dirichlet(np.ones(10))[:9]
    body.opportunism[:9], body.loyalty[:9] = luck.random(9), luck.random(9)
    body.ideal[:9, :2] = luck.uniform(-1, 1, (9, 2))
    off = ~np.eye(9, dtype=bool)
    body.bond[:9, :9] = luck.uniform(-1, 1, (9, 9)) * off
    body.opacity[:9, :9] = luck.random((9, 9)) * off
    body.stance[:9, :2] = luck.uniform(-1, 1, (9, 2))
    body.line[:2] = luck.uniform(-1, 1, 2)
    body.patron[:9] = [4, NOBODY, 3, 0, 3, 1, 5, 8, NOBODY]
    body.clients[:9] = [2, 1, 1, 2, 1, 1, 0, 0, 1]
    body.capable[8] = 0
    body.coalition[:9] = [0, 0, 0, 1, 1, NOBODY, 1, NOBODY, NOBODY]
    body.coalition_leader[:2] = [0, 3]
    body.coalition_target[:2] = [3, 0]
    muster(body)
    survey(body, work, body.par[PLACE["venue"]])
    work.outlook[:] = body.ideal
    return body, work


def by_mesa(world: World, seed: int) -> Run:
    model = Politburo(world, seed).run()
    return left_behind(model.body, model.journal)


DRIVERS = {"engine": by_engine, "mesa": by_mesa}


def many(
    world: World, runs: int, months: int | None = None, seeds: np.ndarray | None = None
) -> engine.Outcomes:
    slots = world.body.ident.shape[0]
    out = engine.make_outcomes(runs, slots, 0)
    engine.run_chunk(
        as_block(world.body), make_work(world.body), make_journal(0, 0, slots), world.calendar,
        world.agenda, as_block(world.body), world.coding, 0, months or world.months,
        np.arange(runs) if seeds is None else seeds, np.array([world.body.par]),
        np.zeros(runs, np.int64), NO_LOTS, out, 0, runs,
    )  # fmt: skip
    return out


def assert_same(one: Run, other: Run, label: str) -> None:
    """Event by event, then ballot by ballot, then number by number; the first that differs."""
    for i, (a, b) in enumerate(zip(one.entries, other.entries, strict=False)):
        assert np.array_equal(a, b), f"{label}: entry {i} differs: {a} against {b}"
    assert len(one.entries) == len(other.entries), f"{label}: entries missing"
    assert np.array_equal(one.ballots, other.ballots), f"{label}: ballots differ"
    for field in one.body.dtype.names:
        a, b = one.body[field], other.body[field]
        assert np.array_equal(a, b, equal_nan=a.dtype.kind == "f"), f"{label}: {field} differs"


def random_scenario(key: int, months: int = 48, wide: bool = False) -> Scenario:
    """A world of 3 to 40 members with any subset of patrons, events, questions and parameters.

    Unless it is to be wide it has so few seats that it fits into the least room of slots, for which
    the rules are compiled anyway.
    """
    luck = np.random.default_rng(key)
    n = int(luck.integers(3, 41)) if luck.random() < 0.5 else int(luck.integers(3, 12))
    names = [f"M{i}" for i in range(n)]
    axes = ["a", "b", "c", "d"][: int(luck.integers(1, 5))]
    most = n if wide else min(n, (LEAST_ROOM - n) // 2)
    seats = int(luck.integers(1, most + 1))
    status = ["full"] * seats + [
        str(s) for s in luck.choice(["candidate", "awaited"], size=n - seats)
    ]
    bases = luck.dirichlet(np.ones(n + 1))[:n]
    members = []
    for i, name in enumerate(names):
        entry: dict[str, Any] = {
            "name": name, "status": status[i], "prestige": float(luck.uniform(0, 5)),
            "base": {"value": float(bases[i]) * (status[i] != "awaited"), "confidence": "low"},
            "ideal": {
                a: {"value": float(luck.uniform(-1, 1)), "confidence": "medium"} for a in axes
            },
        }  # fmt: skip
        for trait in ("opportunism", "loyalty", "foresight"):
            if luck.random() < 0.4:
                entry[trait] = float(luck.random())
        if luck.random() < 0.3:
            patron = names[int(luck.integers(n))]
            entry |= {"patron": patron} if patron != name else {}
        members.append(entry)
    offices = [
        {"name": f"O{i}", "holder": str(luck.choice(names[:seats])),
         "appointments": float(luck.uniform(0, 5)), "prestige": float(luck.uniform(0, 1))}
        for i in range(int(luck.integers(0, 5)))
    ]  # fmt: skip
    pairs = {(int(a), int(b)) for a, b in luck.integers(0, n, (n, 2)) if a != b}
    bonds = [
        {"from": names[a], "to": names[b], "value": float(luck.uniform(-1, 1)), "mutual": False}
        for a, b in sorted(pairs)
    ]
    rules = {
        p.name: _value(p, luck) for p in TABLE
        if luck.random() < 0.4 and p.name not in ("proposals", "foresight_depth")
    }  # fmt: skip
    if rules.get("foresight", 0) and luck.random() < 0.7:
        rules["foresight_depth"] = float(luck.integers(1, 4)) if seats <= 6 else 2.0
    ladder = random_ladder(key)
    return Scenario.model_validate(
        {
            "name": f"world-{key}", "title": f"World {key}", "start": "1922-01",
            "end": f"{1921 + months // 12}-12", "axes": axes, "seats": seats, "members": members,
            "offices": offices, "bonds": bonds, "rules": rules, "ladder": ladder,
            "events": list(_events(luck, names, offices, axes, months, most, ladder)),
            "questions": list(_questions(luck, axes, months)),
        }
    )  # fmt: skip


def random_ladder(key: int) -> list[dict[str, Any]]:
    """The usual rungs, or two to seven of other names that take what they take elsewhere."""
    luck = np.random.default_rng([key, 1])
    if luck.random() < 0.5:
        return [rung.model_dump() for rung in LADDER]
    last = int(luck.integers(2, MOST_RUNGS + 1))
    posts = int(luck.integers(1, last))
    seat = int(luck.integers(posts, last))
    ladder: list[dict[str, Any]] = [
        {"name": f"rung{at}", "done": f"put on rung {at}", "demand": f"rung {at} for {{who}}",
         "strike": f"puts {{who}} on rung {at}", "takes": []} for at in range(1, last + 1)
    ]  # fmt: skip
    for at, what in ((posts, ("offices", "base")), (seat, ("seat",)), (last, ("party",))):
        ladder[at - 1]["takes"] += what
    return ladder


def _date(luck: np.random.Generator, months: int) -> str:
    month = int(luck.integers(0, months))
    return f"{1922 + month // 12}-{month % 12 + 1:02d}"


def _questions(luck: np.random.Generator, axes: list[str], months: int) -> Any:
    for i in range(int(luck.integers(0, 16))):
        low, high = sorted(luck.uniform(-1, 1, 2))
        yield {
            "id": f"q{i}", "date": _date(luck, months), "title": "t",
            "axis": str(luck.choice(axes)),
            "low": {"value": float(low), "text": "l"}, "high": {"value": float(high), "text": "h"},
        }  # fmt: skip


def _value(parameter: Any, luck: np.random.Generator) -> float:
    value = luck.uniform(parameter.low, parameter.high)
    return float(round(value)) if parameter.whole else float(value)


def _events(
    luck: np.random.Generator, names: list[str], offices: list[dict[str, Any]], axes: list[str],
    months: int, most: int, ladder: list[dict[str, Any]],
) -> Any:  # fmt: skip
    for i in range(int(luck.integers(0, 10))):
        who, whom, third = (str(x) for x in luck.permutation(names)[:3])
        event = {"id": f"e{i}", "date": _date(luck, months), "text": "t"}
        vector = {axes[0]: float(luck.uniform(0.1, 1))}
        choices: list[dict[str, Any]] = [
            {"kind": str(luck.choice(["death", "incapacity", "recovery", "exit"])), "who": who},
            {"kind": "admission", "who": who, "status": "full"},
            {"kind": "seats", "amount": int(luck.integers(1, most + 1))},
            {"kind": "question", "who": who, "against": whom, "backer": third,
             "rung": str(luck.choice([rung["name"] for rung in ladder])),
             "venue": str(luck.choice(["usual", "politburo", "committee"]))},
            {"kind": "revelation", "amount": float(luck.random()), "about": who},
            {"kind": "norm", "parameter": "unity", "amount": float(luck.random())},
            {"kind": "bond", "who": who, "whom": whom, "amount": float(luck.uniform(-2, 2))},
            {"kind": "shock", "vector": vector}, {"kind": "weight", "vector": vector},
            {"kind": "congress", "amount": float(luck.random())},
        ]  # fmt: skip
        if offices:
            office = str(luck.choice([o["name"] for o in offices]))
            choices += [
                {"kind": "assign", "office": office, "who": who},
                {"kind": "vacate", "office": office}, {"kind": "abolish", "office": office},
            ]  # fmt: skip
        event |= choices[int(luck.integers(len(choices)))]
        if luck.random() < 0.3:
            event["requires"] = [{"seated": whom}]
        yield event


def random_world(key: int, wide: bool = False) -> World:
    return build_world(random_scenario(key, wide=wide))


def wait_for(so: Callable[[], bool], seconds: float = 180) -> None:
    """Wait until something is so that another thread brings about."""
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)
