"""Distance between positions."""

from __future__ import annotations

from politburo_sim.state.body import Floats
from politburo_sim.state.compiled import rule


@rule
def distance(a: Floats, b: Floats, weight: Floats) -> float:
    """City-block distance, d(a, b) = sum_i w_i |a_i - b_i| / 2 with sum_i w_i = 1, from 0 to 1.

    With axes in [-1, 1] two opposite corners are at distance 1. City-block distance adds
    the axes up one by one, as separable questions do (Enelow and Hinich, 1984).
    """
    total = 0.0
    for i in range(a.shape[0]):
        total += weight[i] * abs(a[i] - b[i])
    return 0.5 * total


@rule
def normalise(weight: Floats) -> None:
    """Scale the axes' weights so that they sum to one."""
    total = 0.0
    for i in range(weight.shape[0]):
        total += weight[i]
    for i in range(weight.shape[0]):
        weight[i] /= total
