"""Distance between positions."""

from __future__ import annotations

from politburo_sim.state.body import Body, Floats
from politburo_sim.state.compiled import rule
from politburo_sim.state.work import Work


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
def away(body: Body, work: Work, who: int, other: int) -> float:
    """`distance` of a man's outlook from where another stands.

    Asked most often of all, and so written on the records: a compiled rule that is handed rows of
    them is optimised alone, without knowing how long they are.
    """
    total = 0.0
    for axis in range(body.line.shape[0]):
        total += body.axis_weight[axis] * abs(work.outlook[who, axis] - body.stance[other, axis])
    return 0.5 * total


@rule
def normalise(weight: Floats) -> None:
    """Scale the axes' weights so that they sum to one."""
    total = 0.0
    for i in range(weight.shape[0]):
        total += weight[i]
    for i in range(weight.shape[0]):
        weight[i] /= total
