"""Intervals: how sure an estimate from so many runs is."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

#: Normal quantile of a 95 % interval.
Z = 1.959963984540054


def wilson(total: float, squares: float, number: float) -> tuple[float, float, float]:
    """A share with Wilson's 95 % interval, from the sum of zeros and ones.

    References
    ----------
    Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212.
    """
    del squares
    if number == 0:
        return math.nan, math.nan, math.nan
    p = total / number
    scale = 1 + Z * Z / number
    middle = (p + Z * Z / (2 * number)) / scale
    half = Z * math.sqrt(p * (1 - p) / number + Z * Z / (4 * number * number)) / scale
    return p, max(0.0, middle - half), min(1.0, middle + half)


def mean_interval(total: float, squares: float, number: float) -> tuple[float, float, float]:
    """A mean with its normal 95 % interval, from the sums of values and squares."""
    if number == 0:
        return math.nan, math.nan, math.nan
    mean = total / number
    if number < 2:
        return mean, math.nan, math.nan
    variance = max(0.0, (squares - number * mean * mean) / (number - 1))
    half = Z * math.sqrt(variance / number)
    return mean, mean - half, mean + half


def paired(differences: NDArray[np.float64]) -> tuple[float, float, float]:
    """A mean of paired differences with its normal 95 % interval."""
    return mean_interval(
        float(differences.sum()), float((differences * differences).sum()), len(differences)
    )
