"""Worlds for tests: one run on either driver, and worlds generated at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from politburo_sim.run import engine
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import as_block
from politburo_sim.state.journal import make_journal
from politburo_sim.state.parameters import TABLE
from politburo_sim.state.work import make_work
from politburo_sim.worlds.scenario import Scenario
from politburo_sim.worlds.world import World, build_world

NO_LOTS = np.zeros((0, 0), np.int8)


@dataclass
class Run:
    """What one run left behind, whichever driver made it."""

    body: Any
    entries: np.ndarray
    ballots: np.ndarray


def by_engine(world: World, seed: int, state: Any = None, first: int = 0) -> Run:
    slots = world.body.ident.shape[0]
    journal = make_journal(world.months * (2 * slots + 8) + 256, 4 * world.months + 64, slots)
    bodies = as_block(world.body)
    out = engine.make_outcomes(1, slots, 0)
    engine.run_chunk(
        bodies, make_work(world.body), journal, world.calendar, world.agenda,
        as_block(world.body if state is None else state), world.coding, first, world.months,
        np.array([seed]), np.array([world.body.par]), np.zeros(1, np.int64), NO_LOTS, out, 0, 1,
    )  # fmt: skip
    assert journal.size[0] < journal.entries.shape[0], "the journal is full"
    return Run(bodies[0], journal.entries[: journal.size[0]], journal.ballots[: journal.size[1]])


def by_mesa(world: World, seed: int) -> Run:
    model = Politburo(world, seed).run()
    journal = model.journal
    return Run(model.body, journal.entries[: journal.size[0]], journal.ballots[: journal.size[1]])


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


def random_scenario(key: int, months: int = 48) -> Scenario:
    """A world of 3 to 40 members with any subset of events and parameters."""
    luck = np.random.default_rng(key)
    n = int(luck.integers(3, 41)) if luck.random() < 0.5 else int(luck.integers(3, 12))
    names = [f"M{i}" for i in range(n)]
    axes = ["a", "b", "c", "d"][: int(luck.integers(1, 5))]
    seats = int(luck.integers(1, n + 1))
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
    return Scenario.model_validate(
        {
            "name": f"world-{key}", "title": f"World {key}", "start": "1922-01",
            "end": f"{1921 + months // 12}-12", "axes": axes, "seats": seats, "members": members,
            "offices": offices, "bonds": bonds, "rules": rules,
            "events": list(_events(luck, names, offices, axes, months, n)),
        }
    )  # fmt: skip


def _value(parameter: Any, luck: np.random.Generator) -> float:
    value = luck.uniform(parameter.low, parameter.high)
    return float(round(value)) if parameter.whole else float(value)


def _events(
    luck: np.random.Generator, names: list[str], offices: list[dict[str, Any]], axes: list[str],
    months: int, n: int,
) -> Any:  # fmt: skip
    for i in range(int(luck.integers(0, 10))):
        who, whom, third = (str(x) for x in luck.permutation(names)[:3])
        month = int(luck.integers(0, months))
        event = {"id": f"e{i}", "date": f"{1922 + month // 12}-{month % 12 + 1:02d}", "text": "t"}
        vector = {axes[0]: float(luck.uniform(0.1, 1))}
        choices: list[dict[str, Any]] = [
            {"kind": str(luck.choice(["death", "incapacity", "recovery", "exit"])), "who": who},
            {"kind": "admission", "who": who, "status": "full"},
            {"kind": "seats", "amount": int(luck.integers(1, n + 1))},
            {"kind": "question", "who": who, "against": whom, "backer": third,
             "rung": str(luck.choice(["censured", "dismissed", "removed", "expelled"])),
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


def random_world(key: int) -> World:
    return build_world(random_scenario(key))
