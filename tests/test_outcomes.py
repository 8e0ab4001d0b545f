"""The table of outcomes: each has a name, a unit and a value in every run, on both drivers."""

import numpy as np
import pytest
from scipy.stats import binomtest, sem, t

from politburo_sim import outcomes
from politburo_sim.lab.drivers import run_by_mesa
from politburo_sim.lab.intervals import mean_interval, paired, wilson
from politburo_sim.lab.runs import replicate_seeds, run_many
from politburo_sim.outcomes import NAMES, OUTCOMES, Runs, names_of, outcome, read
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import SPEAKERS
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

WORLD = build_world(load_scenario("trotsky-speaks-1923"))
POINTS = np.array([WORLD.body.par])
SEEDS = replicate_seeds(3, 40)


def test_names_are_given_once_and_found_again() -> None:
    assert len(set(NAMES)) == len(OUTCOMES)
    for name in names_of(WORLD):
        found = outcome(name)
        assert found is not None and found.name == name and "{" not in found.words
    assert outcome("established") is outcomes.OUTCOMES[0]
    of_a_year = outcome("removed_1926")
    assert of_a_year is not None and of_a_year.year == "1926"
    visible = outcome("ruler_most_visible")  # which month that is, `marks_of` says
    assert visible is not None and "1926, or at the end of the run" in visible.words
    assert outcome("removed_26") is None and outcome("etablished") is None


def test_every_outcome_is_read_from_every_run_alike_on_both_drivers() -> None:
    which = np.zeros(len(SEEDS), np.int64)
    engine = run_many(WORLD, SEEDS, POINTS, which, marks=outcomes.marks_of(WORLD))
    mesa = run_by_mesa(WORLD, SEEDS[:4], POINTS, which[:4], workers=1)
    names = names_of(WORLD)
    values = read(names, Runs(WORLD, engine, POINTS[which]))
    again = read(names, Runs(WORLD, mesa, POINTS[which[:4]]))
    for name, value in values.items():
        assert value.shape == (len(SEEDS),) and np.isfinite(value).all(), name
        np.testing.assert_array_equal(value[:4], again[name], name)
        found = outcome(name)
        if found is not None and found.is_share:
            assert value.min() >= 0 and value.max() <= 1, name
            assert found.unit == "share" or set(value) <= {0.0, 1.0}, name
    by_member = [values[f"sole rule of {name}"] for name in WORLD.names[: WORLD.members]]
    newcomers = engine.ruler >= WORLD.members
    np.testing.assert_array_equal(sum(by_member) + newcomers, values["established"])
    np.testing.assert_array_equal(values["removed_1939"], values["removed"])
    assert (values["removed_1926"] <= values["removed_1930"]).all()
    assert values["took_place"].mean() > 0
    later = (engine.ruler >= 0) & (engine.since >= 57)  # April 1922 is 0, January 1927 is 57
    np.testing.assert_array_equal(values["established_later"], later)
    assert 0 < later.sum() < values["established"].sum()


def test_only_who_speaks_in_the_body_is_visible() -> None:
    """A dead man keeps his standing in memory; the most visible member is one who is there."""
    which, marks = np.zeros(len(SEEDS), np.int64), outcomes.marks_of(WORLD)
    out = run_many(WORLD, SEEDS, POINTS, which, marks=marks)
    seen = outcomes.visibility(out, POINTS[which], 0)
    for run, seed in enumerate(SEEDS[:8].tolist()):
        model = Politburo(WORLD, seed)
        for _ in range(marks[0] + 1):
            model.step()
        body = model.body
        there = [k in body.speakers[: body.clock[SPEAKERS]] for k in range(len(body.status))]
        assert (seen[run] > 0).tolist() == (np.array(there) & (body.prestige > 0)).tolist()
    assert seen[:, WORLD.names.index("Lenin")].max() == 0


@pytest.mark.parametrize(("hits", "number"), [(0, 7), (7, 7), (3, 40), (1, 2), (499, 1000)])
def test_shares_have_the_interval_of_scipy(hits: int, number: int) -> None:
    known = binomtest(hits, number).proportion_ci(method="wilson")
    share, low, high = wilson([hits], [number])
    assert (share[0], low[0], high[0]) == pytest.approx((hits / number, known.low, known.high))


def test_means_have_their_interval_and_too_few_runs_have_none() -> None:
    values = np.random.default_rng(0).normal(2, 3, 20_000)
    low, high = t.interval(0.95, len(values) - 1, values.mean(), sem(values))
    assert paired(values) == pytest.approx((values.mean(), low, high), abs=1e-4)
    assert np.isnan([*wilson(0, 0), *mean_interval(0, 0, 0), *mean_interval(1, 1, 1)[1:]]).all()
    assert mean_interval(1, 1, 1)[0] == 1
