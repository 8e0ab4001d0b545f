"""Proper scores of a model's histories against the one record.

A score is proper where no model does better by saying other than it expects. The mean share of
runs that meet a pattern is not (a model in which nothing ever happens meets all that say so and
loses little by the rest); its logarithm is, pattern by pattern. All are functions of an outcome
table, one row a run (`check.outcome_table`), and of who fell in which order (`history.falls`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from politburo_sim import history
from politburo_sim.history.patterns import Pattern

Values = NDArray[np.float64]
#: A run this near the record (`calibration.distance`) counts as within.
WITHIN = 3.0
#: By the end of this year the fallen of the record had fallen.
FALLEN_BY = 1930
#: Resamples of the draws behind an interval.
RESAMPLES = 400
#: Scores, in the order of the table, and what each measures.
SCORES = {
    "fit": "Log score of the fitted patterns (1922 to 1926)",
    "check": "Log score of the check patterns (1927 to 1939)",
    "within_3": f"Share of runs within {WITHIN} of the record",
    "order_all": "Order of removals, all (a half: blind)",
    "order_late": "Order of removals, late falls (a half: blind)",
    "youden": "Youden contrast of fallen and spared by the end of 1930",
    "removed_1926": "Members removed by the end of 1926",
    "removed_1930": "Members removed by the end of 1930",
    "sole_rule": "Share of runs with an established sole ruler",
    "sole_rule_secretary": "Share of runs with sole rule of the Secretary",
    "leader_share": "Largest share of power at the end",
}


def log_score(shares: ArrayLike, runs: int) -> float:
    """Return the geometric mean of the shares of runs that meet each pattern.

    exp(sum_i log max(s_i, 1 / 2R) / n) for the shares s_i of n patterns in R runs: the logarithmic
    score of the record, brought back to the scale of a share. A pattern that no run met counts as
    half a run.

    References
    ----------
    Good, Journal of the Royal Statistical Society B 14 (1952) 107; Gneiting and Raftery, Journal
    of the American Statistical Association 102 (2007) 359, doi:10.1198/016214506000001437.

    Examples
    --------
    >>> log_score([0.5, 0.125], 100)
    0.25
    >>> log_score([0.5, 0.0], 1)
    0.5
    """
    met = np.maximum(np.asarray(shares, dtype=float), 0.5 / runs)
    return float(np.exp(np.log(met).mean()))


def concordance(months: ArrayLike, waves: ArrayLike) -> Values:
    """Return how far each run removes in the recorded order: 1 wholly, 0.5 blindly, 0 reversed.

    Of all pairs of members in different waves, the share in which the one of the earlier wave is
    removed first; equal months (both never, too) count as a half. This is Harrell's c, and
    (1 + Somers' D) / 2 with the record as the independent variable.

    Parameters
    ----------
    months : [R, M] month of removal, one large number for never.
    waves : [M] the recorded order.

    References
    ----------
    Somers, American Sociological Review 27 (1962) 799; Harrell and others, JAMA 247 (1982) 2543.

    Examples
    --------
    >>> concordance([[5, 9, 9]], [1, 2, 3]).round(3)
    array([0.833])
    """
    when, order = np.asarray(months, dtype=float), np.asarray(waves, dtype=float)
    before, after = np.nonzero(order[:, None] < order[None, :])
    first, tied = when[:, before] < when[:, after], when[:, before] == when[:, after]
    result: Values = (first + 0.5 * tied).mean(axis=1)
    return result


def youden(fallen: ArrayLike, spared: ArrayLike, end: float) -> Values:
    """Return the share of the fallen who are removed before a month, less that of the spared.

    Averaged over runs this is Youden's J, sensitivity plus specificity less one: 0 for a model
    that does not tell one group from the other, however many it removes.

    Parameters
    ----------
    fallen, spared : [R, members of the group] months of removal.
    end : the month before which a removal counts.

    References
    ----------
    Youden, Cancer 3 (1950) 32.

    Examples
    --------
    >>> youden([[10, 99]], [[99, 99]], 50)
    array([0.5])
    """
    hit, wrong = np.asarray(fallen) < end, np.asarray(spared) < end
    result: Values = hit.mean(axis=1) - wrong.mean(axis=1)
    return result


def _months(table: pd.DataFrame, members: Sequence[str]) -> Values:
    found: Values = table[[f"removed: {name}" for name in members]].to_numpy(dtype=float)
    return found


def by_run(table: pd.DataFrame, end: float) -> pd.DataFrame:
    """Each run's part in the scores: what is met and all that is averaged over runs."""
    falls = history.falls()
    late = falls[falls.late_wave.notna()]
    fallen, spared = (list(late.member[late.late_wave == place]) for place in (1, 2))
    kept = table[[c for c in table if c.startswith("met: ")]].astype(float)
    kept["within_3"] = (table["distance"] <= WITHIN).astype(float)
    kept["order_all"] = concordance(_months(table, falls.member), falls.wave)
    kept["order_late"] = concordance(_months(table, late.member), late.late_wave)
    kept["youden"] = youden(_months(table, fallen), _months(table, spared), end)
    for name in list(SCORES)[-5:]:
        kept[name] = table[name].astype(float)
    return kept


def score(means: pd.Series, patterns: Sequence[Pattern], runs: int) -> dict[str, float]:
    """All scores from the means of `by_run`."""
    found = {
        kind: log_score([means[f"met: {p.name}"] for p in patterns if p.kind == kind], runs)
        for kind in ("fit", "check")
    }
    return found | {name: float(means[name]) for name in list(SCORES)[2:]}


def over_searches(
    tables: Sequence[pd.DataFrame], patterns: Sequence[Pattern], end: float
) -> pd.DataFrame:
    """Each score as the mean over several searches, with the least and the greatest of one.

    How much a search wanders shows between searches only, not among the sets that one has found.
    "search 1" and so on: what each gives.
    """
    each = pd.DataFrame({
        f"search {number}": pd.Series(score(by_run(table, end).mean(), patterns, len(table)))
        for number, table in enumerate(tables, 1)
    })  # fmt: skip
    ends = {"value": each.mean(axis=1), "low": each.min(axis=1), "high": each.max(axis=1)}
    whole = pd.concat([pd.DataFrame(ends), each], axis=1).loc[list(SCORES)]
    return whole.rename_axis("score").reset_index()


def least_difference(each: ArrayLike, level: float = 0.05) -> float:
    """How far a model must lie from the first one before luck of the searches is no reason.

    t s sqrt(2 / K), for M models by K searches each: s^2 is the variance of one search, pooled over
    the models; t the two-sided quantile of Student's t with M (K - 1) degrees of freedom at level /
    (M - 1), so that of M - 1 models that do not differ from the first one or more is told apart in
    at most that part of cases (Bonferroni).

    Parameters
    ----------
    each : [M, K] one score, M and K at least 2.

    Examples
    --------
    >>> round(least_difference([[0.50, 0.52], [0.40, 0.42]]), 3)
    0.061
    """
    found = np.asarray(each, dtype=float)
    models, searches = found.shape
    spread = np.sqrt(np.mean(found.var(axis=1, ddof=1)))
    quantile = student.ppf(1.0 - 0.5 * level / (models - 1), models * (searches - 1))
    return float(quantile * spread * np.sqrt(2.0 / searches))


def scores(
    table: pd.DataFrame, patterns: Sequence[Pattern], end: float, seed: int = 0
) -> pd.DataFrame:
    """Each score with its 95 % interval, from resampling whole draws of the population.

    Parameters
    ----------
    table : outcomes, with the draw of each run in "draw", equally many runs a draw.
    patterns : those that the table was made for.
    end : the month after the last by which the fallen fell (January 1931).
    """
    runs = len(table)
    draws = by_run(table, end).groupby(table["draw"].to_numpy()).mean()
    rng = np.random.default_rng([seed, 9])
    again = [
        score(draws.iloc[rng.integers(0, len(draws), len(draws))].mean(), patterns, runs)
        for _ in range(RESAMPLES)
    ]
    low, high = pd.DataFrame(again)[list(SCORES)].quantile([0.025, 0.975]).to_numpy()
    value = score(draws.mean(), patterns, runs)
    return pd.DataFrame(
        {"score": list(SCORES), "value": [value[name] for name in SCORES], "low": low, "high": high}
    )
