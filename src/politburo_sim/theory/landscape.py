"""The energy landscape of a body's divisions in two, after Axelrod and Bennett, exactly.

Members i have sizes s_i > 0 and propensities p_ij = p_ji to stand together (above nought) or
apart (below). In a division X let d_ij = 1 where i and j are on different sides, else 0:

    E(X) = sum_i s_i sum_{j != i} s_j p_ij d_ij

so that every pair counts twice, and a division is the better the lower its energy: who are drawn
to each other stand together, who are not stand apart. X lies in a *basin* of its own (is a local
minimum) iff no one member lowers the energy by changing sides. The two sides have no names: X and
its mirror image are one division, and of n members there are 2^(n - 1), one of them undivided.

References
----------
Axelrod and Bennett (1993), A landscape theory of aggregation, British Journal of Political Science
23(2), 211-233; energy and distance as its second footnote uses them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from politburo_sim.files.errors import InputError
from politburo_sim.theory.exact import Number, fraction, powers_as_integers

#: Largest body; 20 members have half a million divisions.
MOST = 20


class Place(NamedTuple):
    """Where a division lies: energy (on the scale of the input), basin, rank.

    basin : whether it is a local minimum. rank : 1 and the number of divisions of lower energy;
    divisions : of how many. share : of all divisions, how many have its energy or a lower one.
    minima : how many local minima there are.
    """

    energy: float
    basin: bool
    rank: int
    divisions: int
    share: float
    minima: int


def landscape(
    sizes: Sequence[Number], propensities: Sequence[Sequence[Number]]
) -> tuple[NDArray[np.int64], int]:
    """Energy of every division, by bit mask of one side; and the scale: energy = integer / scale.

    The last member's bit is never set, so that a division and its mirror image are one.

    Raises
    ------
    InputError
        If a number is not exact, a size not above nought, or the propensities not symmetric.

    Examples
    --------
    >>> energies, scale = landscape([1, 1, 1], [[0, 1, -1], [1, 0, -1], [-1, -1, 0]])
    >>> energies.tolist(), scale
    ([0, 0, 0, -4], 1)
    """
    size = powers_as_integers(sizes, MOST, "sizes")
    n = len(size)
    exact = [[fraction(p, "propensities") for p in row] for row in propensities]
    if [len(row) for row in exact] != [n] * n:
        raise InputError(
            "not one row and column a member", key="propensities", allowed=f"{n} x {n}"
        )
    if any(exact[i][j] != exact[j][i] for i in range(n) for j in range(i)):
        raise InputError("not symmetric", key="propensities", allowed="p_ij = p_ji")
    common = math.lcm(*(p.denominator for row in exact for p in row))
    unit = sum((fraction(s, "sizes") for s in sizes), Fraction(0)) / sum(size)
    side = (np.arange(1 << (n - 1))[:, None] >> np.arange(n)) & 1
    energy = np.zeros(len(side), np.int64)
    for i in range(n):
        for k in range(i):
            pull = 2 * size[i] * size[k] * int(exact[i][k] * common)
            energy += pull * (side[:, i] != side[:, k])
    whole = Fraction(common) / unit**2
    return energy * whole.denominator, whole.numerator


def local_minima(energy: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which divisions no one member can better by changing sides."""
    masks = np.arange(len(energy))
    everybody = len(energy) - 1
    found: NDArray[np.bool_] = (
        energy <= energy[masks ^ everybody]
    )  # the last member, seen from the other side
    for bit in range(everybody.bit_length()):
        found &= energy <= energy[masks ^ (1 << bit)]
    return found


def place(
    sizes: Sequence[Number], propensities: Sequence[Sequence[Number]], one_side: Sequence[int]
) -> Place:
    """Where a division lies among all, from the places in `sizes` of those on one side.

    Examples
    --------
    >>> place([1, 1, 1], [[0, 1, -1], [1, 0, -1], [-1, -1, 0]], [2])
    Place(energy=-4.0, basin=True, rank=1, divisions=4, share=0.25, minima=1)
    """
    energy, scale = landscape(sizes, propensities)
    mask = sum(1 << i for i in set(one_side))
    if mask >> (len(sizes) - 1) & 1:
        mask ^= (1 << len(sizes)) - 1
    own, minima = energy[mask], local_minima(energy)
    return Place(
        float(own) / scale, bool(minima[mask]), 1 + int((energy < own).sum()), len(energy),
        float((energy <= own).mean()), int(minima.sum()),
    )  # fmt: skip
