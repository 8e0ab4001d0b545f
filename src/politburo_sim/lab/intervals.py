"""Intervals: how sure an estimate from so many runs is. Arrays in, arrays out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float64]
Interval = tuple[Any, Any, Any]
#: Normal quantile of a 95 % interval.
Z = 1.959963984540054


def wilson(hits: ArrayLike, number: ArrayLike) -> Interval:
    """Shares of so many runs with Wilson's 95 % interval; nan of no runs.

    (p + z^2/2n -+ z sqrt(p(1 - p)/n + z^2/4n^2)) / (1 + z^2/n)

    References
    ----------
    Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> [round(float(x), 3) for x in wilson(0, 100)]
    [0.0, 0.0, 0.037]
    >>> float(wilson(0, 400)[1]), float(wilson(400, 400)[2])  # nought that was seen is nought
    (0.0, 1.0)
    """
    n = np.where(np.asarray(number) > 0, number, np.nan)
    p = np.asarray(hits) / n
    middle = p + Z * Z / (2 * n)
    half = Z * np.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    low = np.where(p == 0.0, 0.0, np.maximum(0.0, (middle - half) / scale))
    high = np.where(p == 1.0, 1.0, np.minimum(1.0, (middle + half) / scale))
    unknown = np.isnan(n)
    return p, np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)


def mean_interval(total: ArrayLike, squares: ArrayLike, number: ArrayLike) -> Interval:
    """Means with their normal 95 % interval, from sums of values and of squares.

    nan of no runs; of a single one the interval is nan.
    """
    n = np.where(np.asarray(number) > 0, number, np.nan)
    mean = np.asarray(total) / n
    spread = np.maximum(0.0, np.asarray(squares) - n * mean * mean)
    half = Z * np.sqrt(spread / np.where(n > 1, n - 1, np.nan) / n)
    return mean, mean - half, mean + half


def ratio(hits: Values, number: Values) -> tuple[float, float, float]:
    """Share of all with its 95 % interval, where they come in groups that share their fate.

    r = sum_g x_g / sum_g n_g for groups g of n_g of which x_g are hit, with the error of a ratio
    estimator over G groups, sqrt(G / (G - 1) sum_g (x_g - r n_g)^2) / sum_g n_g.

    References
    ----------
    Cochran, W. G. (1977), Sampling Techniques, 3rd ed., ch. 6.

    Examples
    --------
    >>> [round(end, 3) for end in ratio(np.array([0.0, 4.0] * 50), np.full(100, 4.0))]
    [0.5, 0.402, 0.598]
    """
    whole = number.sum()
    share = float(hits.sum() / whole)
    spread = float(((hits - share * number) ** 2).sum()) * len(hits) / max(1, len(hits) - 1)
    half = Z * float(np.sqrt(spread)) / float(whole)
    return share, max(0.0, share - half), min(1.0, share + half)


def paired(differences: Values) -> tuple[float, float, float]:
    """A mean of paired differences with its normal 95 % interval."""
    found = mean_interval(differences.sum(), (differences * differences).sum(), len(differences))
    mean, low, high = (float(end) for end in found)
    return mean, low, high
