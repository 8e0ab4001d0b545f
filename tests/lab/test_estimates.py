"""Estimates against answers that are known: by hand, by another route, or by many repetitions."""

import itertools
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from politburo_sim.lab.ahead.turning import _compared, _of_the_whole, error_of
from politburo_sim.lab.bench import Bench, Effort, by_draw
from politburo_sim.lab.fit import recovery
from politburo_sim.lab.fit.calibration import MISSED, PRIOR, Plan, draw_prior, propose, weigh
from politburo_sim.lab.fit.population import Population, informed_by, weighted_quantile
from politburo_sim.lab.intervals import ratio
from politburo_sim.lab.kinds.contrasts import Contrasts
from politburo_sim.lab.kinds.forecast import _first, _settled
from politburo_sim.lab.kinds.survival import GROUPS, LEAST, at_risk, protection
from politburo_sim.lab.kinds.window import Window
from politburo_sim.lab.matter.comparison import _change
from politburo_sim.lab.matter.twins import Seen
from politburo_sim.lab.plan import load, shipped
from politburo_sim.lab.runs import replicate_seed
from politburo_sim.lab.sensitivity import OF, Problem, morris, over_points
from politburo_sim.lab.verdicts.claims import mean_of
from politburo_sim.record.deeds import Deed
from politburo_sim.state.parameters import PLACE, TABLE
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

close = pytest.approx


# means of draws, ratios, quantiles


@pytest.mark.parametrize(("number", "share", "within"), [(30, 0.5, 0.05), (60, 0.2, 0.05)])
def test_the_error_of_a_draw_is_that_of_its_mean(number: int, share: float, within: float) -> None:
    seen = np.random.default_rng(2).random(3_000 * number) < share
    frame = by_draw(seen.astype(float), np.ones(len(seen), bool), Effort(3_000, number))
    assert frame["effect"].mean() == close(share, abs=0.005)
    assert (frame["error"] ** 2).mean() == close(share * (1 - share) / number, rel=within)
    assert frame["effect"].var() == close((frame["error"] ** 2).mean(), rel=0.1)


def test_a_draw_counts_from_two_of_its_runs_on_and_never_without_any_error() -> None:
    """One run's worth of the largest value stands beside what a draw shows by itself."""
    keep = np.array([1, 0, 0, 1, 1, 0, 1, 1, 1], bool)
    frame = by_draw(np.array([1.0, 9, 9, 1, 1, 9, 0, 0, 2]), keep, Effort(3, 3))
    assert frame[["draw", "n"]].to_numpy().tolist() == [[1, 2], [2, 3]]
    assert frame["effect"].tolist() == [1.0, close(2 / 3)]
    assert frame["error"].tolist() == [
        close(math.sqrt((2.0**2 / 2) / 2 / 2)),
        close(math.sqrt((8 / 3 + 2.0**2 / 3) / 3 / 3)),
    ]
    nothing = by_draw(np.zeros(4), np.ones(4, bool), Effort(1, 4))
    assert nothing["error"].item() == close(math.sqrt(1 / 4 / 4 / 4))


def test_a_mean_of_effects_is_of_the_draws_that_have_all_of_them() -> None:
    one = pd.DataFrame({"draw": [0, 1, 2], "effect": [1.0, 2, 3], "error": [0.3, 0.3, 1], "n": 9})
    two = pd.DataFrame({"draw": [1, 0], "effect": [4.0, 0.0], "error": [0.4, 0.4], "n": [5, 20]})
    found = mean_of([one, two])
    assert found["draw"].tolist() == [0, 1] and found["effect"].tolist() == [0.5, 3.0]
    assert found["error"].tolist() == [close(0.25)] * 2 and found["n"].tolist() == [9, 5]


def test_a_ratio_holds_the_truth_as_often_as_it_says() -> None:
    luck, held = np.random.default_rng(3), 0
    for _ in range(600):
        number = luck.integers(1, 6, 80)
        hits = luck.binomial(number, luck.beta(1, 2, 80)).astype(float)
        _, low, high = ratio(hits, number.astype(float))
        held += low <= 1 / 3 <= high
    assert held / 600 == close(0.945, abs=0.025)


def test_a_ratio_by_hand() -> None:
    share, low, high = ratio(np.array([1.0, 0.0, 2.0]), np.array([2.0, 2.0, 4.0]))
    half = stats.norm.ppf(0.975) * math.sqrt(3 / 2 * (0.25**2 + 0.75**2 + 0.5**2)) / 8
    assert (share, low, high) == (0.375, close(0.375 - half), close(0.375 + half))


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 4)), min_size=1, max_size=20))
def test_a_weighted_quantile_is_that_of_values_said_so_often(pairs: Any) -> None:
    values, times = np.array(pairs, float).T
    if times.sum() == 0:
        return
    at = [0.13, 0.37, 0.61, 0.89]  # no level is a share of so few
    plain = np.quantile(np.repeat(values, times.astype(int)), at, method="inverted_cdf")
    np.testing.assert_array_equal(weighted_quantile(values, times / times.sum(), at), plain)


# the fit


PLAN = Plan("ussr-1922", ("opportunism", "severity"), 50, 1, 0.5, 1)


def population(seed: int) -> Population:
    """Sets that crowd at one end of the prior, with weights that do not undo it."""
    luck = np.random.default_rng(seed)
    table = draw_prior(PLAN, 60, 4, 4)
    for name, end in zip(PLAN.fitted, (2, 3), strict=True):
        low, high = PRIOR[name]
        table[:, PLACE[name]] = low + (high - low) * luck.beta(end, 3, 60)
    weight = luck.gamma(3.0, size=60)
    return Population(table, weight / weight.sum(), np.zeros(60), {})


def test_weights_undo_what_was_proposed() -> None:
    """Importance weights bring proposals back to the flat prior from which they went astray."""
    old = population(1)
    table = propose(PLAN, old, 12_000, 7, 7)
    weight = weigh(PLAN, old, table)
    for name in PLAN.fitted:
        low, high = PRIOR[name]
        values = (table[:, PLACE[name]] - low) / (high - low)
        assert values.min() >= 0 and values.max() <= 1 and abs(values.mean() - 0.5) > 0.03
        shares = np.histogram(values, 5, (0, 1), weights=weight)[0]
        np.testing.assert_allclose(shares, 0.2, atol=0.035)


def test_a_weight_is_one_over_the_density_of_what_it_came_from() -> None:
    old, places = population(2), [PLACE[name] for name in PLAN.fitted]
    table = propose(PLAN, old, 40, 8, 8)
    inside = np.average(old.table[:, places], axis=0, weights=old.weight)
    apart = old.table[:, places] - inside
    twice = 2 * (apart.T * old.weight) @ apart
    density = sum(
        w * stats.multivariate_normal(mean, twice).pdf(table[:, places])
        for w, mean in zip(old.weight, old.table[:, places], strict=True)
    )
    known = (1 / density) / (1 / density).sum()
    np.testing.assert_allclose(weigh(PLAN, old, table), known, rtol=1e-4)


def test_what_the_record_informs_is_told_by_the_spread_that_is_left() -> None:
    table = draw_prior(PLAN, 20_000, 9, 9)
    low, high = PRIOR["severity"]
    table[:, PLACE["severity"]] = low + (high - low) * np.linspace(0.25, 0.75, 20_000)
    found = informed_by(["severity"], table, np.full(20_000, 1 / 20_000)).set_index("parameter")
    row = found.loc["severity"]
    assert row["fitted"] and row["posterior over prior spread"] == close(0.5, abs=0.001)
    assert row["said"] == "informed by the record"
    assert row["mean"] == close((low + high) / 2) and row["5 %"] == close(
        low + (high - low) * 0.275, abs=0.001
    )
    assert row["95 %"] == close(low + (high - low) * 0.725, abs=0.001)
    other = found.loc["opportunism"]
    assert not other["fitted"] and other["said"] == "prior-driven"
    assert found.drop("severity")["posterior over prior spread"].to_numpy() == close(1.0, abs=0.02)


def test_of_whole_numbers_the_prior_holds_each_as_often_as_another() -> None:
    table = draw_prior(PLAN, 9_000, 3, 3)
    for p in TABLE:
        if p.whole and p.prior is not None:
            seen, times = np.unique(table[:, PLACE[p.name]], return_counts=True)
            assert seen.tolist() == [*range(int(p.prior[0]), int(p.prior[1]) + 1)]
            even = 9_000 / len(seen)
            assert np.abs(times - even).max() < 4 * np.sqrt(even), p.name


def test_recovery_holds_the_truth_as_often_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each summary is its parameter, blurred: the nearest are the posterior, 90 % of it inside."""

    def simulate(world: Any, table: Any, target: Any, seed: int, stream: int) -> dict[str, Any]:
        luck = np.random.default_rng([seed, stream])
        low, high = PRIOR["severity"]
        seen = table[:, PLACE["severity"]] + 0.3 * (high - low) * luck.standard_normal(len(table))
        return {"severity": seen}

    monkeypatch.setattr(recovery, "simulate", simulate)
    monkeypatch.setattr(recovery, "TRUTHS", 200)
    found = recovery.recover(PLAN, 20_000, 400)
    assert found.groupby("parameter")["inside"].mean().to_list() == close([0.9, 0.9], abs=0.06)
    narrow = found[found["parameter"] == "severity"]["spread over prior"].mean()
    wide = found[found["parameter"] == "opportunism"]["spread over prior"].mean()
    assert narrow < 0.8 < wide == close(1.0, abs=0.05)


def test_histories_are_apart_by_years_and_by_spreads() -> None:
    found = {"A removed": np.array([0.0, 12.0, 10_000.0]), "rate": np.array([0.0, 1.0, 2.0])}
    far = recovery.apart(found, {"A removed": 6.0, "rate": 1.0}, 60)
    spread = math.sqrt(2 / 3)
    assert far.tolist() == [close(0.5 + 1 / spread), close(0.5), close(MISSED + 1 / spread)]


# benches and kinds of experiments


def test_a_condition_is_of_the_first_world_and_its_pairs_stay_together(tmp_path: Path) -> None:
    """Given what came about in the first world; in the other the same histories, whatever came."""
    bench = Bench(Effort(2, 3), 0, tmp_path, tmp_path)
    cells = {
        "a": {"x": [1, 0, 1, 1, 1, 0], "met": [1, 0, 1, 1, 1, 1]},
        "b": {"x": [0, 1, 1, 0, 1, 1], "met": [0, 1, 0, 0, 0, 0]},
    }
    said = {name: {"settings": {"unity": place}} for place, name in enumerate(cells)}
    bench.cells_held = {repr(sorted(said[k].items())): pd.DataFrame(v) for k, v in cells.items()}
    found = bench.effect("x", [(said["a"], 1.0), (said["b"], -1.0)], "met")
    assert found["effect"].tolist() == [0.5, 0.0] and found["n"].tolist() == [2, 3]
    assert bench.effect("x", [(said["a"], 1.0), (said["b"], -1.0)])["effect"].tolist() == [0, 0]
    # Of the two histories of the first draw that count each moves its mean of 0.5 by a quarter.
    moves = bench.moves("x", [(said["a"], 1.0), (said["b"], -1.0)], "met")
    assert moves.tolist() == [[0.25, 0, -0.25], [close(1 / 3), 0, close(-1 / 3)]]
    turned = bench.effect("x", [(said["b"], -1.0), (said["a"], 1.0)], "met")
    assert len(turned) == 0, "one history of the first draw alone, none of the second"


def test_runs_of_a_draw_stand_together_in_every_batch(tmp_path: Path) -> None:
    bench = Bench(Effort(3, 4), 5, tmp_path, tmp_path)
    parts = bench.batches(5)
    assert [len(which) for _, which in parts] == [5, 5, 2]
    assert np.concatenate([which for _, which in parts]).tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert np.concatenate([seeds for seeds, _ in parts]).tolist() == [
        replicate_seed(5, run) for run in range(12)
    ]


class FakeBench:
    """A bench on which nothing is run: each world has the effect that its month gives it."""

    def __init__(self, effects: dict[str, list[float]]) -> None:
        self.effects = effects

    def effect(self, outcome: str, parts: Any) -> pd.DataFrame:
        (twin, plus), (base, minus) = parts
        assert (plus, minus) == (1.0, -1.0) and "shift" not in base
        return pd.DataFrame({"effect": self.effects[twin["shift"]]})

    def cell(self, spec: Any) -> pd.DataFrame:
        return pd.DataFrame({"took_place": [0.0, 1.0]})


def test_bands_of_the_window_hold_together() -> None:
    """Bonferroni over all points, from the spread between draws."""
    window = load("e5-closing-window")
    assert isinstance(window, Window)
    seen = [0.1, 0.3, 0.2, 0.0]
    table = window.run(FakeBench(dict.fromkeys(window.months, seen))).extra["window"]  # type: ignore[arg-type]
    points = len(window.months) * len(window.interventions)
    assert len(table) == points
    half = stats.norm.ppf(1 - 0.025 / points) * stats.sem(seen)
    assert table["effect"].to_numpy() == close(0.15)
    assert table["low"].to_numpy() == close(0.15 - half)
    assert table["high"].to_numpy() == close(0.15 + half)
    assert (table["precondition"] == 0.5).all()


def test_log_odds_of_a_contrast_are_pooled_and_weighed() -> None:
    class Cells:
        def cell(self, spec: Any) -> pd.DataFrame:
            hits = 30 if spec["settings"]["opportunism"] > 0.5 else 10
            return pd.DataFrame({"established": [1.0] * hits + [0.0] * (40 - hits)})

        def effect(self, outcome: str, parts: Any, given: Any) -> None:
            assert given is None

        moves = effect

    first = next(one for one in shipped().values() if isinstance(one, Contrasts))
    cells = {name: {"settings": {"opportunism": x}} for name, x in (("a", 0.9), ("b", 0.1))}
    made = Contrasts.model_validate({
        **first.model_dump(by_alias=True), "cells": cells,
        "contrasts": [{"name": "x", "outcome": "established", "weights": {"a": 1, "b": -2}}],
    })  # fmt: skip
    odds = math.log(30.5 / 10.5)
    found = made.run(Cells()).said["log-odds of x"]  # type: ignore[arg-type]
    assert found == close(odds + 2 * odds)


def test_it_is_settled_from_the_month_after_the_last_doubt() -> None:
    at = pd.Series([0, 6, 12, 18])
    for came, month in (
        ([0.2, 0.95, 0.5, 0.9], 18), ([0.9, 0.9, 0.9, 0.9], 0), ([0.9, 0.9, 0.9, 0.89], 99),
    ):  # fmt: skip
        assert _settled(at, pd.Series(came), 99) == month
    first = _first(pd.Series({"one": 0.25, "other": 0.75}))
    assert (first["first"], first["effect"]) == ("other", 0.75)
    assert first["error"] == close(math.sqrt(0.25 * 0.75 / first["n"]))


def test_who_is_at_risk_is_counted_man_by_man() -> None:
    """Over all cases of bond, ruler, what power he has left and month of a fall, about one mark,
    within two years of it.
    """
    mark, cases = 20, []
    for bond, since, fell, power in itertools.product(
        (-0.1, 0.0, 0.1, np.nan), (19, 20, 21, None), (20, 21, 44, 45, 10_000), (0.5, 0.6)
    ):
        cases.append((bond, since, fell, power))

    class Out:
        marks = np.array([mark])
        bond_at = np.array([[[bond]] for bond, *_ in cases])
        share_at = np.array([[[power]] for *_, power in cases])
        ruler = np.array([-1 if since is None else 0 for _, since, *_ in cases])
        since = np.array([-1 if one is None else one for _, one, *_ in cases])

    found = at_risk(np.array([[fell] for _, _, fell, _ in cases]), Out(), 2)  # type: ignore[arg-type]
    for row, (bond, since, fell, power) in zip(found.to_dict("records"), cases, strict=True):
        era = "before"
        if since is not None and since <= mark:
            era = "after" if power > 0.5 else "neither"
        group = f"{era}, {'bond' if bond > 0 else 'no bond'}"
        for name in GROUPS:
            here = name == group and not np.isnan(bond)
            assert row[name] == here
            assert row[f"{name}: removed"] == (here and fell in (21, 44))


def test_protection_is_a_difference_of_rates_drawn_in_by_half_a_case() -> None:
    """(k + 1/2) / (n + 1) in each group; a draw counts from `LEAST` members at risk in each on."""
    columns: dict[str, list[int]] = {"draw": [0, 0, 1, 1, 2, 2]}
    none = (0,) * 6
    for group, risk, gone in zip(
        GROUPS, ((15, 15, LEAST, 0, LEAST - 1, 0), (40, 19, LEAST, 0, 90, 0), none, none),
        ((1, 2, 0, 0, 0, 0), (10, 9, 5, 0, 40, 0), none, none), strict=True,
    ):  # fmt: skip
        columns |= {group: list(risk), f"{group}: removed": list(gone)}
    found, moves = protection(pd.DataFrame(columns), "before")
    assert found["draw"].tolist() == [0, 1] and found["n"].tolist() == [30, LEAST]
    assert found["effect"].tolist() == [
        close(19.5 / 60 - 3.5 / 31),
        close(5.5 / (LEAST + 1) - 0.5 / (LEAST + 1)),
    ]
    one, other = 5.5 / (LEAST + 1), 0.5 / (LEAST + 1)  # of one history: as if each fell by himself
    moved = (5 - one * LEAST) / (LEAST + 1) - (0 - other * LEAST) / (LEAST + 1)
    alone = (one * (1 - one) + other * (1 - other)) / (LEAST + 1)
    assert found["error"].iloc[1] == close(math.sqrt(max(2 * moved**2, alone)))
    assert moves.shape == (3, 2) and moves[1].tolist() == [close(moved), 0.0]
    assert len(protection(pd.DataFrame(columns), "after")[0]) == 0


def test_points_of_an_analysis_share_their_luck_and_have_means_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world, seen = build_world(load_scenario("ussr-1922")), []

    def fake(world: Any, table: Any, which: Any, seeds: Any) -> Any:
        seen.append((table, which, seeds))
        return table[which, PLACE["severity"]] + np.arange(len(which)) % 3

    monkeypatch.setitem(OF, "sole-rule", fake)
    whole = next(p for p in TABLE if p.whole and p.prior)
    problem = Problem(("severity", whole.name), ((0.0, 1.0), (1.0, 3.0)))
    model = over_points(world, problem, 3, 1, "sole-rule")
    # Of 1, 2 and 3 each has a third of the range.
    assert model(np.array([[0.2, 1.6], [0.7, 1.7]])).tolist() == [close(1.2), close(1.7)]
    table, which, seeds = seen[0]
    assert which.tolist() == [0, 0, 0, 1, 1, 1] and (seeds[:3] == seeds[3:]).all()
    assert table[:, PLACE[whole.name]].tolist() == [1.0, 2.0]


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_elementary_effects_of_a_line_are_its_slopes() -> None:
    """What the outcome gains over the whole range, with its sign; of a line always the same."""
    problem = Problem(("x", "y", "z"), ((0.0, 2.0), (-1.0, 1.0), (5.0, 6.0)))
    found = morris(problem, lambda points: 3 * points[:, 0] - 4 * points[:, 1], 20, 0)
    assert found["parameter"].tolist() == ["y", "x", "z"]
    assert found["mu"].tolist() == close([-8.0, 6.0, 0.0])
    assert found["mu_star"].tolist() == close([8.0, 6.0, 0.0])
    assert found["sigma"].to_numpy() == close(0.0, abs=1e-9)
    assert found["mu_star_interval"].to_numpy() == close(0.0, abs=1e-9)


# pairs and turning points


def test_what_pairs_save_is_the_variance_of_strangers_over_that_of_pairs() -> None:
    luck = np.random.default_rng(6)
    before = (luck.random(600) < 0.5).astype(float)
    after = np.where(luck.random(600) < 0.2, 1 - before, before)
    met = (luck.random(600) < 0.5).astype(float)
    base, alt = (
        Seen({"x": values, "took_place": met}, np.where(values > 0, "A", ""), np.arange(600) % 2)
        for values in (before, after)
    )
    side: Any = SimpleNamespace(scenario=SimpleNamespace(events=()))
    bench: Any = SimpleNamespace(effort=Effort(20, 30))
    found = _change(bench, side, alt, base, "A", "x")
    apart = after - before
    assert found.saving == close((after.var() + before.var()) / apart.var())
    assert (found.base, found.alt) == (before.mean(), after.mean())
    assert found.effect.effect == close(apart.mean())
    assert found.flipped == (before != after).mean() and found.precondition == met.mean()
    within = pd.DataFrame({"draw": np.arange(600) // 30, "x": apart})[met > 0]
    assert found.where_met is not None
    assert found.where_met.effect == close(within.groupby("draw")["x"].mean().mean())


def test_the_error_of_a_jump_is_never_nought() -> None:
    assert error_of(np.array([1.0, 0, 0, 1])) == 0.25 and error_of(np.zeros(100)) == 0.01


def test_draws_without_a_deed_vary_with_all_draws_of_which_they_are_a_part() -> None:
    """The mean of 40 of 100 draws, less that of all 100: over many repetitions."""
    drawn = (np.random.default_rng(8).random((4_000, 100)) < 0.3).astype(float)
    spread = (drawn[:, :40].mean(axis=1) - drawn.mean(axis=1)).std()
    told = np.mean([_of_the_whole(row[:40], 100, 0.0) for row in drawn])
    assert told == close(spread, rel=0.03)
    assert _of_the_whole(drawn[0], 100, 0.03) == 0.03
    assert _of_the_whole(drawn[0, :40], 100, 0.03) > 0.03


def test_a_deed_is_held_against_the_chance_before_it() -> None:
    mark: Any = ("one",)
    had, lacking = np.array([1.0] * 30 + [0.0] * 10), np.array([1.0] * 6 + [0.0] * 24)
    seen = [frozenset((mark,)), frozenset(), frozenset((mark, "two")), frozenset(("two",))]
    found = _compared(Deed(frozenset((mark,)), "it"), had, lacking, 0.5, seen)  # type: ignore[arg-type]
    assert (found.with_it, found.without, found.likely) == (0.25, close(-0.3), 0.5)
    assert found.error == close(math.hypot(error_of(had), error_of(lacking)))
    few = _compared(Deed(frozenset((mark,)), "it"), had[:29], lacking, 0.5, seen)  # type: ignore[arg-type]
    assert math.isnan(few.with_it) and few.error == error_of(lacking)
