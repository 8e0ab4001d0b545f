"""Misspecification: where the record lies in the cloud of the histories.

A history's vector is its values of the patterns of `check` that the record gives a number for;
a month that never comes is the month after the last. Mahalanobis distance from the others' mean in
the others' covariance, each history left out of the cloud that it is held against:

    D^2(x) = (x - m)' S^+ (x - m)

The record's *rank* is the share of histories that lie at least as far out as it does. Once more
with each pattern left out: the one that lifts the rank is the one that does not fit. The clouds
are not normal, so that the rank counts and no table of chi-square is asked.

References
----------
Mahalanobis (1936), Proceedings of the National Institute of Sciences of India 2, 49-55.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.history.patterns import Pattern, divided_votes_a_year
from politburo_sim.lab.fit.check import MONTHLY
from politburo_sim.months import month_index
from politburo_sim.worlds.world import World

Values = NDArray[np.float64]
_ALONE = 1e-9


def number_of(pattern: Pattern, world: World) -> float | None:
    """What the record gives for a pattern, in the unit of a run's value; None where no number."""
    told: Any = pattern.record
    match pattern.measure:
        case "removal" | "post":
            return float(month_index(world.start, told))
        case "stays":
            return float(world.months)
        case "other removals":
            return float(told)
        case "contests":
            return divided_votes_a_year()
        case "visible":
            return 0.0
        case "sole rule":
            return float(np.mean([month_index(world.start, month) for month in told]))
        case "outlasting":
            kept, early, stayed, late = told
            return float(kept / early - stayed / late)
    return None


def vectors(
    table: pd.DataFrame, patterns: Sequence[Pattern], world: World
) -> tuple[list[str], Values, Values]:
    """Names, histories [R, K] and the record [K], from the outcome table of `check`."""
    known = {p.name: x for p in patterns if (x := number_of(p, world)) is not None}
    monthly = {p.name for p in patterns if p.measure in MONTHLY}
    columns = [
        np.minimum(table[f"value: {name}"], world.months if name in monthly else np.inf)
        for name in known
    ]
    return list(known), np.array(columns, float).T, np.array(list(known.values()))


def squared(cloud: Values, point: Values) -> float:
    """Squared Mahalanobis distance of a point from a cloud [R, K].

    A direction in which the cloud does not spread counts for nothing.
    """
    apart = point - cloud.mean(axis=0)
    spread = np.atleast_2d(np.cov(cloud, rowvar=False))
    return float(apart @ np.linalg.pinv(spread, hermitian=True) @ apart)


def rank(cloud: Values, point: Values) -> tuple[float, float]:
    """Distance of a point, and the share of the histories at least as far from all others."""
    scale = cloud.std(axis=0)
    cloud, point = (x / np.where(scale > 0, scale, 1.0) for x in (cloud, point))
    own = squared(cloud, point)
    return float(np.sqrt(own)), float(np.mean(left_out(cloud) >= own))


def left_out(cloud: Values) -> Values:
    """Squared Mahalanobis distance [R] of each point of a cloud from all others.

    With u = x - m of the whole cloud of n and q = u' S^+ u / (n - 1), taking x out of mean and
    covariance leaves (n / (n - 1))^2 (n - 2) q / (1 - n q / (n - 1)). A point that alone spreads
    in some direction is reckoned without it, by itself.
    """
    n = len(cloud)
    apart = cloud - cloud.mean(axis=0)
    inverse = np.linalg.pinv(np.atleast_2d(np.cov(cloud, rowvar=False)), hermitian=True)
    q = np.einsum("ij,jk,ik->i", apart, inverse, apart) / (n - 1)
    rest = 1.0 - n * q / (n - 1)
    alone = rest < _ALONE
    found: Values = (n / (n - 1)) ** 2 * (n - 2) * q / np.where(alone, 1.0, rest)
    for i in np.flatnonzero(alone):
        found[i] = squared(np.delete(cloud, i, axis=0), cloud[i])
    return found


def misfit(names: Sequence[str], cloud: Values, point: Values) -> pd.DataFrame:
    """Distance and rank of the record over all patterns, and with each of them left out.

    below, above : the shares of histories with a smaller and a larger value than the record's.
    """
    distance, share = rank(cloud, point)
    rows: list[dict[str, Any]] = [{"left out": "none", "distance": distance, "rank": share}]
    for k, name in enumerate(names):
        kept = [i for i in range(len(names)) if i != k]
        distance, share = rank(cloud[:, kept], point[kept])
        rows.append(
            {"left out": name, "distance": distance, "rank": share, "record": point[k],
             "median": float(np.median(cloud[:, k])),
             "below": float((cloud[:, k] < point[k]).mean()),
             "above": float((cloud[:, k] > point[k]).mean())}
        )  # fmt: skip
    return pd.DataFrame(rows)
