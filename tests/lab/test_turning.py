"""Turning points: a planted jump is found and measured, its maker named, and noise left out."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from support import EXPELLED

from politburo_sim.lab.ahead.forks import redraw, without
from politburo_sim.lab.ahead.odds import odds_of
from politburo_sim.lab.ahead.turning import (
    LOOKED_AT,
    MOST,
    Test,
    TurningPoint,
    _cause,
    largest,
    turning_points,
)
from politburo_sim.lab.runs import run_many
from politburo_sim.record.deeds import Deed, deeds
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import GONE, copy_record
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import Scenario
from politburo_sim.worlds.world import World, build_world

SEED, MONTH = 3, 8
NAMES = ("Anna", "Boris", "Clara", "Dmitri", "Elena")
SHARES = (0.5, 0.1, 0.1, 0.1, 0.1)


def small_world(
    events: list[dict[str, object]] | None = None, shares: tuple[float, ...] = SHARES
) -> World:
    """Five members of whom Anna is by far the strongest; nothing else is on the calendar."""

    return build_world(
        Scenario.model_validate(
            {
                "name": "small", "title": "A small body", "start": "1950-01", "end": "1953-12",
                "axes": ["course"], "seats": 5, "events": events or [],
                "offices": [{"name": "Secretary", "holder": "Anna", "appointments": 3,
                             "prestige": 1}],
                "members": [
                    {"name": name, "status": "full", "prestige": 1 + 4 * (name == "Anna"),
                     "base": {"value": share, "confidence": "high"}}
                    for name, share in zip(NAMES, shares, strict=True)
                ],
            }
        ),
    )  # fmt: skip


def lived(world: World, seed: int = SEED) -> tuple[Politburo, list[np.void]]:
    model, states = Politburo(world, seed), []
    while model.running:
        states.append(copy_record(model.body))
        model.step()
    return model, states


def flat(world: World, chance: float = 0.5) -> pd.DataFrame:
    months = [f"{1950 + m // 12}-{m % 12 + 1:02d}" for m in range(world.months)]
    table = pd.DataFrame(0.0, index=months, columns=[*NAMES, "a newcomer", "nobody"])
    return table.assign(Anna=chance, nobody=1 - chance)


def stripped(body: np.void, slot: int) -> np.void:
    """The same body, in which one member has lost all that power rests on."""
    made = copy_record(body)
    made["bases"][slot] = made["prestige"][slot] = 0.0
    made["status"][slot], made["rung"][slot] = GONE, EXPELLED
    made["seat_holder"][made["seat"][slot]], made["seat"][slot] = -1, -1
    return made


@pytest.fixture(scope="module")
def planted():
    """A history in which Anna loses everything in one month, by nothing that anybody did."""
    world = small_world()
    model, states = lived(world)
    slot = world.names.index("Anna")
    states[MONTH + 1 :] = [stripped(body, slot) for body in states[MONTH + 1 :]]
    table = flat(world)
    table.iloc[MONTH + 1 :, 0] = 0.0
    return turning_points(model.record, states, table, futures=400), model, states


def test_a_planted_jump_is_found_and_measured(planted) -> None:
    found, model, states = planted
    world, slot = model.world, model.world.names.index("Anna")
    (point,) = found.points
    assert (point.month, point.who) == ("1950-09", "Anna")
    out = run_many(world, np.arange(5_000, 9_000), first=MONTH, state=states[MONTH])
    true = float((out.ruler == slot).mean())
    assert true > 0.2, "nothing to lose: the test would show nothing"
    assert point.after == 0.0
    assert point.jump == pytest.approx(-true, abs=4 * point.error)
    assert 0 < point.error < 0.04


def test_what_nobody_did_is_put_down_to_nobody(planted) -> None:
    (point,) = planted[0].points
    assert point.cause is None and point.without is None
    assert "no one vote, seat or event by itself" in str(point)
    assert point.as_data()["without"] is None


def test_noise_of_the_counting_is_no_turning_point() -> None:
    world = small_world()
    model, states = lived(world)
    after = run_many(world, np.arange(2_000), first=20, state=states[20]).ruler
    quiet = [states[20]] * world.months  # the same state each month: no jump but of the counting
    shaken = flat(world, float((after >= 0).mean()))
    shaken["Anna"] += np.random.default_rng(1).normal(0, 0.03, len(shaken)).round(3)
    found = turning_points(model.record, quiet, shaken, futures=200)
    assert found.looked_at == LOOKED_AT
    assert found.noise >= LOOKED_AT - 1 and len(found.points) <= 1


def test_the_largest_changes_are_a_members_and_not_of_the_first_month() -> None:
    table = flat(small_world())
    table.iloc[1:, 0] = 0.9  # over the first month
    table.iloc[21:, 1] = 0.3
    table.iloc[31:, 6] = 0.1  # nobody's chance is no member's
    assert largest(table, 5) == [(20, "Boris")]


def test_a_month_redrawn_with_its_own_luck_is_the_month_that_was() -> None:
    world = small_world()
    model, states = lived(world)
    for month in (1, 10, 30):
        body, marks = next(redraw(world, states[month], month, np.array([SEED])))
        for name in body.dtype.names:
            one, other = body[name], states[month + 1][name]
            assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f"), name
        rows = [row for row in model.record.rows if row.month == month]
        for deed in deeds(world, model.record.names, rows):
            assert deed.marks <= marks


FALL = {
    "id": "fall",
    "date": "1950-09",
    "kind": "question",
    "who": "Boris",
    "against": "Anna",
    "backer": "Clara",
    "rung": "removed",
    "venue": "politburo",
    "text": "A motion is put.",
}
DEATH = {"id": "death", "date": "1950-09", "kind": "death", "who": "Elena", "text": "Elena dies."}


@pytest.fixture(scope="module")
def voted():
    """The points of a history in which a vote that could go either way takes Anna's seat."""
    world = small_world([FALL])
    for seed in range(40):
        model, _ = lived(world, seed)
        if any(r["member"] == "Anna" and r["month"] == "1950-09"
               for r in model.record.outcome()["removals"]):  # fmt: skip
            return odds_of(world, seed, 300)
    pytest.fail("the motion never carries: choose another world")


def test_a_vote_that_takes_the_strongest_is_named_and_tested(voted) -> None:
    hers = voted.frame[["Anna", "nobody"]]
    found = turning_points(voted.record, voted.states, hers, futures=300)
    point = next(p for p in found.points if p.month == "1950-09")
    assert point.jump < -0.2 and point.cause is not None
    assert point.what == "Anna is removed from the body"
    assert point.cause.with_it == pytest.approx(point.jump, abs=0.05)
    assert point.without > 0, "where she stays, the worst is over"
    assert 0 < point.cause.likely < 1
    assert any("Anna" in sentence for sentence in point.told)


def test_turning_points_are_few_in_order_and_plain_data(voted) -> None:
    data = voted.as_data()
    months = [point["month"] for point in data["turning_points"]]
    assert months == sorted(months) and 1 <= len(months) <= MOST
    assert set(data["turning_points"][0]) >= {"month", "jump", "error", "what", "without", "who"}
    assert data["jumps_looked_at"] >= data["jumps_that_may_be_chance"]
    for point in voted.turning_points:
        assert abs(point.jump) > 2 * point.error
        assert 0 <= point.before <= 1 and 0 <= point.after <= 1


@pytest.mark.parametrize("name", ["fall", "death"])
def test_a_world_without_an_event_is_the_world_in_which_it_was_never_written(name: str) -> None:
    world = small_world([FALL, DEATH])
    row = next(i for i, event in enumerate(world.events) if event.id == name)
    less = without(world, MONTH, Deed(frozenset(), "", event=row))
    other = small_world([event for event in (FALL, DEATH) if event["id"] != name])
    seeds = np.arange(200)
    one, two = run_many(less, seeds), run_many(other, seeds)
    assert np.array_equal(one.share, two.share) and np.array_equal(one.ruler, two.ruler)
    assert not np.array_equal(one.share, run_many(world, seeds).share)


def test_a_world_without_a_question_is_the_world_in_which_it_was_never_asked() -> None:
    scenario = load_scenario("ussr-1922")
    world = build_world(scenario)
    month = next(m for m in range(world.months) if world.agenda.due[m + 1] > world.agenda.due[m])
    row = int(world.agenda.due[month])
    asked = world.questions[row].id
    fewer = tuple(q for q in scenario.questions if q.id != asked)
    other = build_world(scenario.model_copy(update={"questions": fewer}))
    seeds = np.arange(60)
    less = without(world, month, Deed(frozenset(), "", question=row))
    assert np.array_equal(run_many(less, seeds).share, run_many(other, seeds).share)


def deed_of(with_it: float, lacking: float, error: float = 0.01) -> Test:
    return Test("a deed", with_it, lacking, error, 0.5)


@pytest.mark.parametrize(
    ("one", "made"),
    [
        (deed_of(0.28, 0.06), True),
        (deed_of(0.28, 0.25), False),  # it would have jumped without it
        (deed_of(0.01, -0.30), False),  # as good as sure: that it came about moves nothing
        (deed_of(0.28, 0.06, error=0.2), False),  # may be chance of the counting
        (deed_of(-0.28, 0.06), False),  # the other way
        (deed_of(float("nan"), 0.0), False),
    ],
)
def test_a_deed_makes_a_jump_by_itself_and_against_its_absence(one: Test, made: bool) -> None:
    assert (_cause([one], 0.29) is one) == made


def test_a_turning_point_is_told_in_a_sentence() -> None:
    point = TurningPoint(
        "1926-01", "January 1926", "Clara", 0.41, 0.70, 0.29, 0.01,
        replace(deed_of(0.28, 0.06), what="two clients take new seats"), (), (),
    )  # fmt: skip
    said = "January 1926: two clients take new seats: Clara +29 points; without it +6."
    assert str(point) == said


def test_of_deeds_that_did_as_much_the_first_is_named() -> None:
    fall, post, seat = deed_of(0.27, 0.01), deed_of(0.28, 0.0), deed_of(0.16, 0.0)
    assert _cause([fall, post], 0.29) is fall
    assert _cause([seat, post], 0.29) is post
