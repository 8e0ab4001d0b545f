"""Intervals, pooling and verdicts against scipy, statsmodels, and sums worked out plainly."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from benchmarks.verdicts import WAYS, covered
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from politburo_sim.lab import intervals, verdict
from politburo_sim.lab.intervals import mean_interval, paired, wilson
from politburo_sim.lab.verdict import (
    Part,
    chances,
    exact_bound,
    judge,
    pool,
    said,
    summary,
)

SOME = st.lists(
    st.tuples(st.floats(-1, 1), st.floats(0.01, 3)), min_size=2, max_size=30
).map(lambda pairs: tuple(np.array(column) for column in zip(*pairs, strict=True)))  # fmt: skip
close = pytest.approx


def frame(effect: Any, error: Any, draw: Any = None) -> pd.DataFrame:
    draws = np.arange(len(effect)) if draw is None else draw
    return pd.DataFrame({"draw": draws, "effect": effect, "error": error, "n": 10})


def sure(holds: list[bool], draw: Any = None) -> Part:
    """A part of which it is known in each draw whether it holds."""
    effect = [1.0 if one else -1.0 for one in holds]
    return Part("sure", frame(effect, [1e-6] * len(holds), draw), 1, 0.0)


# intervals


def test_the_quantile_is_that_of_95_per_cent() -> None:
    assert close(stats.norm.ppf(0.975), abs=1e-15) == intervals.Z


@pytest.mark.parametrize("number", [1, 2, 7, 30, 1_000, 10**6])
def test_wilson_is_scipys(number: int) -> None:
    hits = np.unique(np.linspace(0, number, 31).astype(int))
    share, low, high = wilson(hits, number)
    for k, p, a, b in zip(hits, share, low, high, strict=True):
        known = stats.binomtest(int(k), number).proportion_ci(method="wilson")
        assert p == k / number and (a, b) == (close(known.low, abs=1e-12), close(known.high))
        assert 0.0 <= a <= p + 1e-15 and p <= b <= 1.0


def test_wilson_of_no_runs_is_nothing() -> None:
    for found in wilson([0, 1], [0, 4]):
        assert math.isnan(found[0]) and not math.isnan(found[1])


@settings(max_examples=60)
@given(st.lists(st.floats(-100, 100), min_size=2, max_size=50))
def test_a_mean_has_scipys_interval(values: list[float]) -> None:
    array = np.array(values)
    mean, low, high = mean_interval(array.sum(), (array * array).sum(), len(array))
    error = np.asarray(stats.sem(array))
    known = (array.mean() - intervals.Z * error, array.mean() + intervals.Z * error)
    assert float(mean) == close(array.mean(), abs=1e-9)
    assert (float(low), float(high)) == (close(known[0], abs=1e-4), close(known[1], abs=1e-4))
    assert paired(array) == (float(mean), float(low), float(high))


def test_means_are_worked_out_side_by_side() -> None:
    mean, low, high = mean_interval([6.0, 4.0, 0.0], [14.0, 16.0, 0.0], [3, 1, 0])
    assert list(mean[:2]) == [2.0, 4.0] and math.isnan(mean[2])
    half = stats.norm.ppf(0.975) / math.sqrt(3)  # 1, 2, 3 have a variance of one
    assert (low[0], high[0]) == (close(2 - half), close(2 + half))
    assert np.isnan(low[1:]).all() and np.isnan(high[1:]).all()


def test_values_that_are_all_alike_have_an_interval_of_no_width() -> None:
    values = np.full(7, 0.1)
    assert paired(values) == (close(0.1), close(0.1), close(0.1))


# pooling


def plainly(effect: list[float], error: list[float]) -> tuple[float, float]:
    """The plain mean, and the variance beyond that of the errors, in exact fractions."""
    e, n = [Fraction(x) for x in effect], len(effect)
    mean = sum(e) / n
    spread = sum((x - mean) ** 2 for x in e) / (n - 1)
    noise = sum(Fraction(x) ** 2 for x in error) / n
    return float(mean), float(max(Fraction(0), spread - noise))


@settings(max_examples=60, deadline=None)
@given(SOME)
def test_pooling_is_that_of_exact_fractions(given_: Any) -> None:
    effect, error = given_
    mu, tau2 = pool(effect, error)
    exact = plainly(effect.tolist(), error.tolist())
    assert (mu, tau2) == (close(exact[0], abs=1e-9), close(exact[1], abs=1e-9))


def test_one_draw_is_its_own_mean() -> None:
    assert pool(np.array([0.3]), np.array([0.1])) == (close(0.3), 0.0)


def test_effects_without_any_error_are_told_apart() -> None:
    mu, tau2 = pool(np.array([0.0, 1.0]), np.array([0.0, 0.0]))
    assert (mu, tau2) == (close(0.5), close(0.5))


@settings(max_examples=40, deadline=None)
@given(SOME)
def test_the_interval_of_a_mean_is_that_of_its_variance(given_: Any) -> None:
    effect, error = given_
    mu, tau2 = pool(effect, error)
    found = summary(frame(effect, error))
    half = intervals.Z * math.sqrt((tau2 + float((error**2).mean())) / len(error))
    assert (found["low"], found["high"]) == (close(mu - half), close(mu + half))


@settings(max_examples=40, deadline=None)
@given(SOME)
def test_true_effects_are_the_posterior_of_two_normals(given_: Any) -> None:
    """Of any tau and mu: what is drawn has, in each row, the moments of one normal of each draw."""
    effect, error = given_
    s2 = float((error**2).mean())
    mean, spread = verdict.drawn_effects(effect, error, [7])
    assert mean.shape == spread.shape == (verdict.RESAMPLES, len(effect))
    for row in (0, 1, 2):
        share = spread[row, 0] ** 2 / s2  # tau^2 / (tau^2 + s^2)
        if share < 1e-3:
            continue
        tau2 = s2 * share / (1.0 - share)
        mu = (mean[row, 0] - share * effect[0]) / (1.0 - share)
        for e, m, d in zip(effect, mean[row], spread[row], strict=True):
            middle, width = (e + mu) / 2, abs(e - mu) + 8 * math.sqrt(s2 + tau2)
            theta = np.linspace(middle - width, middle + width, 8_001)
            weight = stats.norm.pdf(e, theta, math.sqrt(s2))
            weight = weight * stats.norm.pdf(theta, mu, math.sqrt(tau2))
            weight /= weight.sum()
            known = (weight * theta).sum()
            assert m == close(known, abs=1e-5)
            assert d == close(math.sqrt((weight * (theta - known) ** 2).sum()), abs=1e-4)


def test_tau_and_mu_are_drawn_as_they_are_weighed() -> None:
    effect, error = np.array([0.1, 0.3, 0.2, 0.25]), np.full(4, 0.2)
    mean, spread = verdict.drawn_effects(effect, error, [7])
    tau2, weight = verdict.spreads(effect, 0.04)
    share = tau2 / (tau2 + 0.04)
    assert (spread**2).mean() == close(float(weight @ (0.04 * share)), rel=0.05)
    assert mean.mean() == close(effect.mean(), abs=0.01)
    blur = (1.0 - share) ** 2 * (tau2 + 0.04) / 4
    assert mean.mean(axis=1).var() == close(float(weight @ blur), rel=0.1)


def test_a_draw_without_error_keeps_its_effect() -> None:
    mean, spread = verdict.drawn_effects(np.array([0.0, 1.0]), np.array([0.0, 0.0]), [7])
    assert np.allclose(mean, [0.0, 1.0], atol=1e-6) and (spread < 1e-6).all()


@settings(max_examples=40, deadline=None)
@given(SOME, st.sampled_from([1, -1]), st.floats(-0.5, 0.5))
def test_chances_are_those_of_the_normal(given_: Any, over: int, delta: float) -> None:
    effect, error = given_
    found = chances(Part("x", frame(effect, error), over, delta), [7])
    mean, spread = verdict.drawn_effects(effect, error, [7])
    known = stats.norm.sf(delta, over * mean, np.maximum(spread, 1e-12))
    np.testing.assert_allclose(found, known, atol=1e-9)


def test_chances_are_averaged_over_tau_and_over_mu() -> None:
    effect, error = np.array([0.1, 0.3, 0.2, 0.25]), np.full(4, 0.2)
    found = chances(Part("x", frame(effect, error), 1, 0.2)).mean(axis=0)
    tau2, weight = verdict.spreads(effect, 0.04)
    k = 0.04 / (tau2 + 0.04)
    mean = effect[:, None] * (1 - k) + effect.mean() * k
    spread = np.sqrt(tau2 * k + k**2 * (tau2 + 0.04) / 4)
    np.testing.assert_allclose(found, stats.norm.sf(0.2, mean, spread) @ weight, atol=0.02)


def test_spreads_are_weighed_by_their_likelihood_under_a_flat_prior_of_tau() -> None:
    effect, s2 = np.array([0.1, -0.2, 0.3, 0.05]), 0.01
    tau2, weight = verdict.spreads(effect, s2)
    steps = np.diff(np.sqrt(tau2))
    assert tau2[0] == 0 and np.allclose(steps, steps[0]) and weight.sum() == close(1.0)
    apart = effect - effect.mean()  # of J draws about their own mean one degree is spent
    known = [math.prod(stats.norm.pdf(apart, 0, math.sqrt(s2 + t))) * math.sqrt(s2 + t)
             for t in tau2]  # fmt: skip
    np.testing.assert_allclose(weight, np.array(known) / sum(known), rtol=1e-9)


@pytest.mark.parametrize("alike", [True, False])
def test_the_interval_of_a_share_holds_the_truth_about_as_often_as_it_says(alike: bool) -> None:
    """Also where a draw's noise grows with its effect: ways that weigh by it hold it half the time.

    The rates are those of decision 12, less three binomial errors of 40 trials.
    """
    for case, rate in (((0.03, 0.033, 0.068), 0.68), ((0.1, 0.05, 0.05), 0.80)):
        assert covered("in use", case, 40, alike=alike) >= rate
        if not alike:
            assert max(covered(way, case, 40, alike=alike) for way in list(WAYS)[1:]) < 0.78


@pytest.mark.parametrize("draws", [20, 60])
def test_histories_too_few_to_tell_hardly_ever_decide_wrongly(draws: int) -> None:
    """All draws have one effect, nought, blurred beyond what matters: no share of them has more."""
    said_so = 0
    for seed in range(200):
        seen = np.random.default_rng(seed).normal(0.0, 0.15, draws)
        part = Part("x", frame(seen.tolist(), [0.15] * draws), 1, 0.02)
        said_so += judge([part]).verdict == "supported"
        least, most = (summary(part.frame)[end] for end in ("least", "most"))
        assert most - least > 0.03
    assert said_so <= 0.05 * 200


def test_effects_that_are_all_alike_are_on_one_side() -> None:
    alike = frame([0.2] * 4, [0.0] * 4)
    assert (chances(Part("x", alike, 1, 0.1)) == 1.0).all()
    assert (chances(Part("x", alike, 1, 0.3)) == 0.0).all()


def test_a_summary_spreads_over_the_true_effects() -> None:
    effect = stats.norm.ppf((np.arange(400) + 0.5) / 400, 0.3, 0.1)
    found = summary(frame(effect, np.full(400, 0.05)))
    mu, tau2 = pool(effect, np.full(400, 0.05))
    known = stats.norm.ppf([0.05, 0.95], mu, math.sqrt(tau2))
    assert (found["least"], found["most"]) == (close(known[0], abs=0.01), close(known[1], abs=0.01))
    assert found["mean"] == mu
    assert set(found) == {"mean", "low", "high", "least", "most"}


def test_a_summary_of_nothing_says_nothing() -> None:
    found = summary(frame([], []))
    assert set(found) == {"mean", "low", "high", "least", "most"}
    assert all(math.isnan(value) for value in found.values())


# verdicts


@pytest.mark.parametrize(("number", "share"), [(20, 0.5), (50, 0.3), (400, 0.9)])
def test_an_interval_is_that_of_the_binomial(number: int, share: float) -> None:
    """Draws in which it is known what holds: resampling them is drawing from a binomial."""
    holds = [i < round(share * number) for i in range(number)]
    found = judge([sure(holds)])
    low, high = stats.binom.ppf([0.025, 0.975], number, share) / number
    assert found.share == close(share, abs=1e-9)
    assert found.low == close(min(low, exact_bound(number)), abs=1.5 / number)
    assert found.high == close(max(high, 1 - exact_bound(number)), abs=1.5 / number)


@pytest.mark.parametrize("number", [1, 2, 5, 40, 400])
def test_the_exact_bound_is_scipys(number: int) -> None:
    known = stats.binomtest(number, number).proportion_ci(method="exact")
    assert exact_bound(number) == close(known.low)
    every, none = judge([sure([True] * number)]), judge([sure([False] * number)])
    assert (every.share, every.low, every.high) == (1.0, close(known.low), 1.0)
    assert (none.share, none.low, none.high) == (0.0, 0.0, close(1 - known.low))


def test_only_draws_count_in_which_every_part_is_known() -> None:
    one = sure([True] * 6 + [False] * 2, range(8))
    other = sure([True, True, False, True], [4, 5, 7, 9])  # the second says nothing of 0 to 3
    assert judge([one, other]).share == close(2 / 3)
    assert judge([one, sure([True], [99])]).verdict == "undecided"
    assert math.isnan(judge([one, sure([True], [99])]).share)
    assert math.isnan(judge([one, sure([True], [99])]).low)
    assert math.isnan(judge([one, sure([True], [99])]).high)


def test_parts_are_matched_by_draw_and_not_by_row() -> None:
    one = sure([True, False, True, False], [0, 1, 2, 3])
    other = sure([False, True, False, True], [3, 2, 1, 0])
    assert judge([one, other]).share == close(0.5)


def test_uncertain_parts_multiply() -> None:
    even = Part("even", frame([0.0] * 50, [0.1] * 50), 1, 0.0)
    assert chances(even).mean() == close(0.5, abs=0.02)
    assert judge([even, even]).share == close(0.25, abs=0.02)


def test_luck_of_a_verdict_is_fixed_by_its_seed() -> None:
    part = sure([True] * 30 + [False] * 20)
    assert judge([part]) == judge([part], 0)
    assert len({judge([part], seed).low for seed in range(20)}) > 1


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.8, 1.0, "supported"), (0.81, 0.9, "supported"), (0.79, 1.0, "undecided"),
        (0.0, 0.2, "not supported"), (0.0, 0.21, "undecided"), (0.1, 0.19, "not supported"),
        (0.21, 0.79, "partly"), (0.2, 0.5, "undecided"), (0.5, 0.8, "undecided"),
        (0.1, 0.9, "undecided"), (0.3, 0.3, "partly"),
    ],
)  # fmt: skip
def test_a_bound_belongs_to_the_clear_verdict(low: float, high: float, verdict: str) -> None:
    assert said(low, high) == verdict
