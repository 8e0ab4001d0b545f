"""Imposing a record: chances that sum to one, replays that are exact, a sampler held to counts."""

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from politburo_sim.evidence.arrays import record_arrays
from politburo_sim.evidence.record import load_record
from politburo_sim.files.errors import InputError
from politburo_sim.lab import runs
from politburo_sim.lab.weigh import anneal
from politburo_sim.lab.weigh.anneal import Annealing, Effort, points_of, recording_of
from politburo_sim.lab.weigh.conditioned import Conditioned
from politburo_sim.lab.weigh.evidence import split_rhat
from politburo_sim.lab.weigh.given import USUAL, blocks_given, odds_given
from politburo_sim.lab.weigh.told import live, told
from politburo_sim.rules import founding
from politburo_sim.rules.imposing import impose_nothing, impose_votes
from politburo_sim.rules.luck import FOUNDING_PARTS, PARTS
from politburo_sim.rules.month import take_views
from politburo_sim.rules.recorded_falls import asked_chance
from politburo_sim.rules.sanctions import weigh_charges
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    DEMANDS,
    DIVISIONS,
    FULL,
    NOBODY,
    SPEAKERS,
    bare,
    copy_record,
)
from politburo_sim.state.minutes import ERROR, IMPOSED, OUTCOME, SILENCE, UNSAID, VOTES
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import make_work
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import World, build_world

ENOUGH = 0.5


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(load_scenario("ussr-1922"))


@pytest.fixture(scope="module")
def record(world: World) -> Conditioned:
    return Conditioned.of(world, record_arrays(world, load_record(world)), 2)


def log_of_mean(logs: np.ndarray) -> tuple[float, float]:
    """The log of the mean of numbers given by their logs, and its error."""
    odds = np.exp(logs - logs.max())
    error = odds.std(ddof=1) / odds.mean() / math.sqrt(len(odds))
    return float(logs.max() + np.log(odds.mean())), float(error)


def likelihood(
    world: World, weights: list[float], leans: list[float], said: list[int], outcome: int
) -> tuple[float, list[int]]:
    """Chance of some recorded votes and an outcome, and how everybody then voted."""
    held = copy_record(world.body)
    body, work = bare(held), bare(make_work(held))
    impose_nothing(work)
    body.clock[SPEAKERS] = len(weights)
    for k, (weight, lean) in enumerate(zip(weights, leans, strict=True)):
        body.speakers[k] = k
        work.weight[k], work.lean[k], work.said[k] = weight, lean, said[k]
    work.ask[IMPOSED], work.ask[OUTCOME] = 1, outcome
    body.like[ERROR] = 0.0
    impose_votes(body, work, 1, 0, ENOUGH * sum(weights) + 1e-12)
    return math.exp(body.like[VOTES]), [int(v) for v in body.vote[: len(weights)]]


voters = st.lists(
    st.tuples(st.floats(0.05, 1.0), st.floats(0.05, 0.95)), min_size=2, max_size=6
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(voters, st.integers(0, 2**6 - 1), st.data())
def test_recorded_votes_and_outcome_have_their_joint_chance(
    world: World, people: list[tuple[float, float]], names: int, data: st.DataObject
) -> None:
    """The chance of named votes and an outcome is the sum over all ballots that agree with them."""
    weights, leans = [w for w, _ in people], [p for _, p in people]
    ballot = data.draw(st.lists(st.integers(0, 1), min_size=len(people), max_size=len(people)))
    carried = sum(w for w, v in zip(weights, ballot, strict=True) if v) > ENOUGH * sum(weights)
    said = [v if names >> k & 1 else UNSAID for k, v in enumerate(ballot)]
    direct = 0.0
    for votes in itertools.product((0, 1), repeat=len(people)):
        yes = sum(w for w, v in zip(weights, votes, strict=True) if v) > ENOUGH * sum(weights)
        if yes == carried and all(s in (UNSAID, v) for s, v in zip(said, votes, strict=True)):
            direct += math.prod(p if v else 1 - p for p, v in zip(leans, votes, strict=True))
    found, voted = likelihood(world, weights, leans, said, int(carried))
    assert found == pytest.approx(direct, rel=1e-9)
    assert all(s in (UNSAID, v) for s, v in zip(said, voted, strict=True))
    tally = sum(w for w, v in zip(weights, voted, strict=True) if v)
    assert (tally > ENOUGH * sum(weights)) == carried, "the votes agree with the outcome"


def test_without_a_record_the_luck_of_months_is_all(record: Conditioned, world: World) -> None:
    """With one seed for all months and nothing imposed these are the engine's own histories."""
    seeds = runs.replicate_seeds(4, 6)
    table = np.repeat(seeds[:, None], world.months + 1, axis=1)
    points = np.repeat(np.array([world.body.par]), 6, axis=0)
    like, out = record.run(points, np.full(6, 0.5), table, 0, world.months)
    free = runs.run_many(world, seeds)
    assert like.size == 0 and (out.rungs == free.rungs).all() and (out.share == free.share).all()


def test_a_history_may_go_on_from_where_it_stood(record: Conditioned) -> None:
    """Lived from a state kept before a month, and from the start: the same to the bit."""
    luck = np.random.default_rng(1)
    cube = luck.random((5, len(anneal.SAMPLED) + 1))
    points, c = points_of(cube, {}), recording_of(cube, record)
    seeds = luck.integers(0, 2**62, (5, 1 + record.end))
    states = record.states(5)
    whole, _ = record.run(points, c, seeds, 40, mark=20, marked=states)
    rest, _ = record.run(points, c, seeds, 40, first=20, states=states)
    np.testing.assert_array_equal(rest[:, 20:], whole[:, 20:])


@pytest.fixture(scope="module")
def some(record: Conditioned) -> tuple[Any, Any, Any]:
    """Parameters, chances of recording and luck of a few histories."""
    luck = np.random.default_rng(8)
    cube = luck.random((6, len(anneal.SAMPLED) + 1))
    seeds = np.zeros((6, 1 + record.end, 1 + PARTS), np.int64)
    seeds[:, :, 0] = luck.integers(0, 2**62, (6, 1 + record.end))
    return points_of(cube, {}), recording_of(cube, record), seeds


def test_luck_in_parts_is_the_same_luck_until_a_part_is_another(
    record: Conditioned, some: tuple[Any, Any, Any]
) -> None:
    points, c, seeds = some
    plain, _ = record.run(points, c, seeds[:, :, 0], 60)
    parts, _ = record.run(points, c, seeds, 60)
    np.testing.assert_array_equal(parts, plain)
    changed = []
    for part in range(PARTS):
        other = seeds.copy()
        other[:, 1 + 30, 1 + part] = 7
        found, _ = record.run(points, c, other, 60)
        np.testing.assert_array_equal(found[:, :30], plain[:, :30])
        changed.append(int((found != plain).any(axis=(1, 2)).sum()))
    assert sum(changed) > 6 and changed.count(0) > 0, "some parts matter, none matters to all"


def test_a_founding_with_one_other_part_leaves_most_of_all_as_it_was(
    record: Conditioned, some: tuple[Any, Any, Any], world: World
) -> None:
    points, c, seeds = some
    states = [record.states(6) for _ in range(3)]
    origins = np.zeros((6, FOUNDING_PARTS), np.int64)
    for place, twist in enumerate((0, 0, 9)):
        origins[:, 16] = twist  # the second trait of the first member
        record.run(points, c, seeds, 1, mark=0, marked=states[place], origins=origins)
    plain, same, other = states
    for name in ("ideal", "opportunism", "loyalty", "foresight", "bond"):
        np.testing.assert_array_equal(plain[name], same[name])
        apart = plain[name] != other[name]
        assert apart.sum() <= apart.size / 20
    assert (plain["loyalty"] != other["loyalty"]).any()


def test_a_history_is_given_up_only_if_it_could_not_be_taken(
    record: Conditioned, some: tuple[Any, Any, Any]
) -> None:
    """Tempered from month 33 on by half: those above the bound are whole, the rest are -inf."""
    points, c, seeds = some
    whole = record.run(points, c, seeds, 60)[0]
    total = whole.sum(axis=2)
    reached = total[:, 32] + 0.5 * (total[:, -1] - total[:, 32])
    least = np.full(6, np.sort(reached)[2] + 1e-9)
    found = record.run(points, c, seeds, 60, behind=33, power=0.5, least=least)[0]
    given_up = np.isneginf(found[:, -1]).all(axis=1)
    np.testing.assert_array_equal(given_up, reached < least)
    assert 0 < given_up.sum() < 6
    np.testing.assert_array_equal(found[~given_up], whole[~given_up])


def test_what_a_history_did_by_itself_is_imposed_on_it_without_change(
    record: Conditioned, world: World
) -> None:
    """A record of all that happened, imposed with the same luck, leaves a history as it was.

    Up to the first fall, since seats of the fallen are filled at the month's end; and now and then
    more than one way leads to the same entry: most are the same.
    """
    luck = np.random.default_rng(3)
    point = np.array(world.body.par)
    point[[PLACE["second_house"], PLACE["recanting"]]] = 0.0
    same = []
    while len(same) < 20:
        seeds = luck.integers(0, 2**62, 1 + record.end)
        entries, _ = live(record, point, seeds, 27)
        falls = entries[(entries["kind"] == j.SANCTION) & (entries["what"] > 1)]["month"]
        seated = entries[entries["kind"] == j.SEATED]["month"]
        last = int(min([27, *falls, *seated]))
        arrays = told(record, point, seeds, last, luck)
        months = arrays.asks["month"].tolist()
        if last < 12 or not months or len(set(months)) < len(months):
            continue
        again = Conditioned.of(world, arrays, 1)
        ends = [record.states(1), record.states(1)]
        for which, until, marked in ((again, last, ends[0]), (record, 0, ends[1])):
            which.run(point[None], np.array([0.5]), seeds[None], until, last + 1, mark=last,
                      marked=marked)  # fmt: skip
        apart = [name for name in ends[0].dtype.names if name not in ("like", "key", "count")
                 and not np.array_equal(ends[0][name], ends[1][name])]  # fmt: skip
        same.append(not apart)
    assert sum(same) >= 15


def test_annealing_finds_the_evidence_that_counting_finds(record: Conditioned) -> None:
    """Over the first entry of the record: the mean likelihood of many histories of the prior."""
    first = record.blocks[0]
    short = replace(record, end=first, blocks=[first])
    luck = np.random.default_rng(9)
    cube = luck.random((4_000, len(anneal.SAMPLED) + 1))
    points, c = points_of(cube, {}), recording_of(cube, record)
    seeds = luck.integers(0, 2**62, (4_000, 1 + first))
    like = short.run(points, c, seeds, first)[0][:, -1].sum(axis=1)
    counted, error = log_of_mean(like)
    passes = [Annealing(short, {}, Effort(75, 2, 1), (1, n)).run() for n in range(4)]
    found, spread = log_of_mean(np.array([p.evidence[-1] for p in passes]))
    assert found == pytest.approx(counted, abs=4 * math.hypot(error, spread) + 0.02)
    again = Annealing(short, {}, Effort(75, 2, 1), (1, 0)).run()
    assert again.evidence[-1] == passes[0].evidence[-1], "the same seed, the same bytes"


def test_nothing_comes_of_what_comes_after_everything(world: World) -> None:
    """A placebo: an alternative that differs in its last month alone has an effect of nought."""
    scenario = load_scenario("trotsky-speaks-1923")
    change = next(e for e in scenario.events if e.intervention)
    late = change.model_copy(update={"date": world.scenario.end, "requires": ()})
    events = (*world.scenario.events, late)
    alt = build_world(world.scenario.model_copy(update={"name": "late", "events": events}))
    found = odds_given(world, "1922-11", alt, Effort(20, 1, 2), futures=3, seed=5)
    assert (found.table["effect"] == 0).all() and (found.table["chance"] > 0).any()
    with pytest.raises(InputError, match="differs before that month"):
        odds_given(world, "1925-01", build_world(scenario), Effort(20, 1, 1))


def test_what_stands_nowhere_is_charged_by_the_chance_of_recording(
    record: Conditioned, world: World
) -> None:
    """In silent months n roll calls and k falls weigh n log(1 - c) + k log e."""
    luck = np.random.default_rng(2)
    nothing = told(record, np.array(world.body.par), np.zeros(1 + record.end, np.int64), 0, luck)
    nothing.last, nothing.silent[:60] = 59, 1
    silent = Conditioned.of(world, nothing, 1)
    seeds = luck.integers(0, 2**62, (8, 1 + record.end))
    points, c = np.repeat(np.array([world.body.par]), 8, axis=0), np.full(8, 0.6)
    states = record.states(8)
    like, _ = silent.run(points, c, seeds, 60, 61, mark=60, marked=states)
    count = states["count"]
    calls = count[:, DIVISIONS] + count[:, DEMANDS]
    falls = (like[:, -1, SILENCE] - calls * math.log(0.4)) / math.log(record.error)
    assert calls.min() > 0 and (like[:, -1, :SILENCE] == 0).all()
    np.testing.assert_allclose(falls, falls.round(), atol=1e-9)
    struck = ((states["since"][:, :, 2:] >= 0).any(axis=2)).sum(axis=1)
    assert (falls.round() >= struck).all() and (falls.round() <= 3 * struck).all()


def test_all_that_might_be_asked_for_has_a_chance_of_one(world: World) -> None:
    """Over all men who may be accused, and nobody, the chances of a sanction sum to one."""
    held = copy_record(world.body)
    body = bare(held)
    work = bare(make_work(held))
    founding.found(body, work, world.coding, 3)
    take_views(body, work)
    heads = [k for k in range(world.members) if body.status[k] == FULL][:3]
    body.last[:] = -99
    for k in heads:
        body.named[k] = 1
    assert weigh_charges(body, work)
    nobody = asked_chance(body, work, NOBODY, NOBODY)
    each = [asked_chance(body, work, NOBODY, k) for k in heads]
    assert 0 < nobody < 1 and min(each) > 0
    assert nobody + sum(each) == pytest.approx(1)
    movers = [asked_chance(body, work, k, heads[0]) for k in range(world.members)]
    assert sum(movers) == pytest.approx(each[0]), "over all who might ask for it"


def test_odds_given_the_record_are_chances_that_agree(world: World) -> None:
    lived: list[int] = []
    found = odds_given(world, against=build_world(load_scenario("trotsky-speaks-1923")),
                       effort=Effort(20, 1, 2), futures=2, seed=3,
                       tell=lambda done, *_: lived.append(done))  # fmt: skip
    usual = blocks_given("ussr-1922", None, "trotsky-speaks-1923")
    assert sum(lived) / 2 == usual / USUAL.passes, "what is told of is what was announced"
    table = found.table.set_index("who")
    assert found.month == "April 1923" and "Given the record" in found.sentence
    assert table.loc["anybody", "chance"] == pytest.approx(
        table.drop(index="anybody")["chance"].sum()
    )
    assert (table["alt"] - table["chance"] - table["effect"]).abs().max() < 1e-9


def test_rhat_tells_passes_apart() -> None:
    luck = np.random.default_rng(0)
    alike = [luck.normal(size=400) for _ in range(4)]
    assert split_rhat(alike) < 1.02
    assert split_rhat([*alike[:3], alike[3] + 1.0]) > 1.1
