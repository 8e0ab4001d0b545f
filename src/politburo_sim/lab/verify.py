"""Named checks of the model against exact cases, limits and null models.

Each check has a numeric rule: what is expected, what came out, and by how much it may differ.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from politburo_sim.lab.runs import run_many
from politburo_sim.rules import appointments as rule_appointments
from politburo_sim.rules import minds, value, voting
from politburo_sim.rules.founding import found
from politburo_sim.rules.luck import luck, new_month
from politburo_sim.rules.perception import muster, survey
from politburo_sim.run.engine import Outcomes
from politburo_sim.state.body import (
    CLEAR,
    COUNTERS,
    FULL,
    MONTH,
    NOBODY,
    copy_record,
)
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import make_work
from politburo_sim.theory import (
    banzhaf,
    median,
    myopic_ends,
    paradox_frequency,
    ruling_coalition,
    shapley_shubik,
)
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import MemberEntry
from politburo_sim.worlds.world import World, build_world

ALPHAS = (Fraction(1, 2), Fraction(3, 5), Fraction(2, 3))
_LARGEST_POWER = 60
#: No question of policy comes up, and nobody sets out against anybody.
NO_CONTESTS = {"organising": 0, "policies": 0, "pressing": 0}


class Check(NamedTuple):
    """One check: its name, what was expected and came out, the margin, and whether it passed."""

    name: str
    expected: str
    got: str
    margin: str
    passed: bool


def run_all(quick: bool = False) -> Iterator[Check]:
    """All checks, one after another; a quick run has fewer cases of each."""
    size = 10 if quick else 1
    yield power_game_is_the_ruling_coalition(500 // size)
    yield power_game_without_foresight_is_the_myopic_path(200 // size)
    yield from power_indices_of_published_bodies()
    for voters in (3, 5, 7, 9):
        yield condorcet_paradox(voters, 40_000 // size)
    yield median_voter_wins(400 // size)
    runs = 1_000 // size
    yield nobody_falls("no contests", {**NO_CONTESTS, "rule_of_one": 0}, runs)
    yield nobody_falls("no norm and no liability", {"unity": 0, "baseline_liability": 0}, runs)
    yield never("switching barred", {"switching": 0}, ("switches", "patrons_changed"), runs)
    yield never("no blocs", {"blocs": 0}, ("coalitions", "switches", "desertions"), runs)
    yield never("no second house", {"second_house": 0}, ("appeals",), runs)
    yield coins_are_fair(runs)
    yield victims_by_lot_are_matched(runs)
    yield appointments_alone()
    yield bonds_without_friendship(runs)
    yield line_stays_inside(runs)


def power_world(powers: list[int], alpha: Fraction, foresight: float) -> World:
    """The power game's world with members of these powers."""
    total = sum(powers)
    base = load_scenario("power-game")
    members = tuple(
        MemberEntry.model_validate(
            {"name": f"m{i}", "status": "full", "prestige": 1.0, "base": power / total}
        )
        for i, power in enumerate(powers)
    )
    rules = {**base.rules, "majority": float(alpha), "foresight": foresight}
    months = {"members": members, "seats": len(powers), "rules": rules}
    return build_world(base.model_copy(update=months))


def survivors(world: World, seed: int) -> list[int]:
    """Places of those left in the power game, by their names' numbers."""
    out = run(world, 1, np.array([seed]))
    return sorted(int(world.names[k][1:]) for k in range(world.members) if out.status[0, k] == FULL)


def random_powers(rng: np.random.Generator) -> list[int]:
    """A body of 3 to 8 members with different powers."""
    number = int(rng.integers(3, 9))
    return [int(p) for p in rng.choice(np.arange(1, _LARGEST_POWER), number, replace=False)]


def power_game_is_the_ruling_coalition(cases: int) -> Check:
    """Full foresight and depth: the ruling coalition, on random bodies at three majorities."""
    rng = np.random.default_rng(2008)
    met = 0
    for case in range(cases):
        powers, alpha = random_powers(rng), ALPHAS[case % 3]
        left = survivors(power_world(powers, alpha, 1.0), case)
        met += left in ruling_coalition(powers, alpha)
    return Check(
        "power game, f = 1: the ruling coalition", f"{cases} of {cases}", f"{met} of {cases}",
        "none", met == cases,
    )  # fmt: skip


def power_game_without_foresight_is_the_myopic_path(cases: int) -> Check:
    """No foresight: an end of the myopic path, simple majority; one of them where parts tie."""
    rng = np.random.default_rng(1974)
    met = 0
    for case in range(cases):
        powers = random_powers(rng)
        left = survivors(power_world(powers, Fraction(1, 2), 0.0), case)
        met += len(left) == 1 and left in myopic_ends(powers)
    return Check(
        "power game, f = 0: the end of the myopic path", f"{cases} of {cases}",
        f"{met} of {cases}", "none", met == cases,
    )  # fmt: skip


def power_indices_of_published_bodies() -> Iterator[Check]:
    """The Council of Ministers of 1958, and the Security Council by its 39-of-60-odd weights."""
    council = [4, 4, 4, 2, 2, 1]
    for name, index, expected in (
        ("Shapley-Shubik", shapley_shubik(council, 12), "7/30 7/30 7/30 3/20 3/20 0"),
        ("Banzhaf", banzhaf(council, 12), "5/21 5/21 5/21 1/7 1/7 0"),
    ):
        got = " ".join(str(x) for x in index)
        yield Check(f"{name}, Council of Ministers 1958", expected, got, "none", got == expected)
    security = shapley_shubik([7] * 5 + [1] * 10, 39)
    got = f"{security[0]} {security[-1]}"
    expected = "421/2145 4/2145"
    yield Check("Shapley-Shubik, Security Council", expected, got, "none", got == expected)


def _voters(number: int) -> tuple[Any, Any]:
    """A body of equal voters and its scratch space, for the rules' own roll call."""
    base = load_scenario("equal-body")
    member = base.members[0]
    members = tuple(
        member.model_copy(update={"name": f"v{i}", "id": f"v{i}", "base": member.base})
        for i in range(number)
    )
    update = {"members": members, "seats": number, "offices": (), "bonds": (), "events": ()}
    world = build_world(base.model_copy(update=update), {"venue": 0.0})
    body = copy_record(world.body)
    work = make_work(body)
    found(body, work, world.coding, 0)
    muster(body)
    survey(body, work, 0.0)
    return body, work


def condorcet_paradox(voters: int, cases: int) -> Check:
    """Random orders of three options, every pair put to the rules' own tally."""
    body, work = _voters(voters)
    rng = np.random.default_rng(voters)
    exact = float(paradox_frequency(voters))
    without = 0
    for _ in range(cases):
        rank = rng.random((voters, 3)).argsort(axis=1)
        wins = [0, 0, 0]
        for one, other in itertools.combinations(range(3), 2):
            body.vote[:voters] = rank[:, one] < rank[:, other]
            ahead = voting.carries(voting.tally(body, work), 0.5)
            wins[one if ahead else other] += 1
        without += max(wins) < 2
    error = 4.0 * float(np.sqrt(exact * (1 - exact) / cases))
    return Check(
        f"no Condorcet winner, {voters} voters", f"{exact:.4f}", f"{without / cases:.4f}",
        f"{error:.4f}", abs(without / cases - exact) <= error,
    )  # fmt: skip


def median_voter_wins(cases: int) -> Check:
    """One axis, sharp votes by conviction alone: the median beats any other position."""
    voters = 7
    body, work = _voters(voters)
    for name in ("temperature", "friendship", "conformity"):
        body.par[PLACE[name]] = 0.0
    body.opportunism[:] = 0.0
    body.foresight[:] = 0.0
    body.axis_weight[:] = 0.0
    body.axis_weight[0] = 1.0
    rng = np.random.default_rng(1948)
    met = 0
    for _ in range(cases):
        ideals = rng.uniform(-1, 1, voters)
        body.ideal[:voters, 0] = ideals
        work.outlook[:] = body.ideal
        value.set_contest(body, work, 0, 1)
        value.set_policy(work, 0, median(ideals.tolist()), rng.uniform(-1, 1))
        voting.weigh_all(body, work)
        for k in range(voters):
            body.vote[k] = int(minds.lean(body, work, k) > 0.5)
        met += voting.carries(voting.tally(body, work), 0.5)
    return Check(
        "the median voter wins", f"{cases} of {cases}", f"{met} of {cases}", "none", met == cases
    )


def run(world: World, runs: int, seeds: Any = None, lots: Any = None) -> Outcomes:
    """So many histories of a world on the engine."""
    return run_many(world, np.arange(runs) if seeds is None else seeds, lots=lots)


def _politburo(**settings: float) -> World:
    return build_world(load_scenario("ussr-1922"), {"coder_uncertainty": 1.0, **settings})


def nobody_falls(name: str, settings: dict[str, float], runs: int) -> Check:
    """A limit in which no sanction can be passed."""
    fallen = int((run(_politburo(**settings), runs).rungs[:, :, CLEAR + 1 :] >= 0).sum())
    return Check(f"{name}: nobody is sanctioned", "0", str(fallen), "none", fallen == 0)


def never(name: str, settings: dict[str, float], counters: tuple[str, ...], runs: int) -> Check:
    """A limit in which something never happens that happens without it."""
    places = [COUNTERS.index(counter) for counter in counters]
    barred, free = (int(run(_politburo(**s), runs).count[:, places].sum()) for s in (settings, {}))
    return Check(
        f"{name}: no {', no '.join(counters).replace('_', ' ')}", "0, and some without",
        f"{barred}, {free}", "none", barred == 0 and free > 0,
    )  # fmt: skip


def coins_are_fair(runs: int) -> Check:
    """Coin votes of an odd number of equals: half of the questions carry."""
    body, work = _voters(7)
    body.par[PLACE["coin_votes"]] = 1.0
    yes = 0
    cases = runs * 20
    for case in range(cases):
        body.clock[MONTH] = case
        new_month(body)
        for k in range(7):
            body.vote[k] = int(luck(body, 99, k, NOBODY) < minds.lean(body, work, k))
        yes += voting.carries(voting.tally(body, work), 0.5)
    error = 4.0 * float(np.sqrt(0.25 / cases))
    return Check(
        "coin votes: seven coins carry half of the questions", "0.5000", f"{yes / cases:.4f}",
        f"{error:.4f}", abs(yes / cases - 0.5) <= error,
    )  # fmt: skip


def victims_by_lot_are_matched(runs: int) -> Check:
    """Removals by lot: as many as were asked for, at the months that were asked for."""
    world = _politburo(**NO_CONTESTS, rule_of_one=0)
    lots = np.zeros((runs, world.months), np.int8)
    lots[:, [50, 90, 120]] = 1
    months = run(world, runs, lots=lots).rungs[:, :, world.losses.seat]
    got = sorted(np.unique(months[months >= 0]).tolist())
    number = int((months >= 0).sum())
    return Check(
        "matched removals by lot", f"{3 * runs} in months 50, 90, 120",
        f"{number} in months {', '.join(map(str, got))}", "none",
        number == 3 * runs and got == [50, 90, 120],
    )  # fmt: skip


def appointments_alone() -> Check:
    """No resistance, poaching or turnover: u_t = u_0 (1 - phi)^t, and who has all posts has it.

    u: unaligned share of the Committee; phi: monthly flow.
    """
    world = _politburo(resistance=0, poaching=0, turnover=0, coder_uncertainty=0)
    body = copy_record(world.body)
    work = make_work(body)
    found(body, work, world.coding, 0)
    start = 1.0 - float(body.bases.sum())
    flow = float(body.par[PLACE["appointments"]])
    for _ in range(36):
        rule_appointments.appoint(body, work)
    held = sum(
        float(body.office_rate[k]) for k in range(len(world.offices)) if body.office_holder[k] >= 0
    )
    total = float(body.office_rate.sum())
    expected = start * (1.0 - flow * held / total) ** 36
    got = 1.0 - float(body.bases.sum())
    return Check(
        "appointments alone: the unaligned after 36 months", f"{expected:.9f}", f"{got:.9f}",
        "1e-9", abs(got - expected) <= 1e-9,
    )  # fmt: skip


def bonds_without_friendship(runs: int) -> Check:
    """Friendship at nought, and nobody anybody's man: bonds change nobody's fate.

    That is without interest and patrons, and without coalitions: whom their victors seat becomes
    their man unless he bears them a grudge.
    """
    settings = {"friendship": 0.0, "interest": 0.0, "patronage": 0.0, "attachment": 0.0,
                "blocs": 0.0}  # fmt: skip
    scenario = load_scenario("ussr-1922")
    own = tuple(member.model_copy(update={"patron": None}) for member in scenario.members)
    free = scenario.model_copy(update={"members": own})
    one = run(build_world(free, settings), runs)
    two = run(build_world(free.model_copy(update={"bonds": ()}), settings), runs)
    same = bool((one.rungs == two.rungs).all())
    return Check(
        "no friendship, no patrons: the bonds of 1922 change nobody's fate",
        "the same",
        str(same),
        "none",
        same,
    )


def line_stays_inside(runs: int) -> Check:
    """Votes by coin and platforms at will: power shares sum to one and bases to at most one."""
    out = run(_politburo(coin_votes=1, opportunism=1), runs)
    off = float(np.abs(out.share.sum(axis=1) - 1.0).max())
    over = float(max(0.0, out.base.sum(axis=1).max() - 1.0))
    return Check(
        "shares sum to one, bases to at most one, under coin votes", "0, 0",
        f"{off:.1e}, {over:.1e}", "1e-9", off <= 1e-9 and over <= 1e-9,
    )  # fmt: skip
