"""Distance between positions."""

from __future__ import annotations

from politburo_sim.compiled import rule
from politburo_sim.rules.body import Floats


@rule
def distance(a: Floats, b: Floats, weight: Floats) -> float:
    """City-block distance, d(a, b) = sum_i w_i |a_i - b_i| / (2 sum_i w_i), from 0 to 1.

    With axes in [-1, 1] two opposite corners are at distance 1. City-block distance adds
    the axes up one by one, as separable questions do (Enelow and Hinich, 1984).
    """
    total = 0.0
    weights = 0.0
    for i in range(a.shape[0]):
        total += weight[i] * abs(a[i] - b[i])
        weights += weight[i]
    return total / (2.0 * weights)
