"""Exact power indices of a weighted body, by counting coalitions of each weight and size.

A coalition wins with a weight of at least the quota q. A member is *decisive* in a losing
coalition without him that wins with him. With c(w, s) the number of coalitions of the others
of weight w and size s:

    Shapley-Shubik_i = sum_s s! (n - s - 1)! / n! sum_{q - g_i <= w < q} c(w, s)
    Banzhaf_i = sum_s sum_w c(w, s) over the same w, divided by the sum over all members

References
----------
Shapley and Shubik (1954), American Political Science Review 48; Banzhaf (1965), Rutgers Law
Review 19.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from politburo_sim.files.errors import InputError
from politburo_sim.theory.exact import Number, fraction

#: Largest body; 25 members with weights up to a few hundred take seconds.
MOST = 25


def scaled(weights: Sequence[Number], quota: Number) -> tuple[list[int], int]:
    """Weights and quota as integers on one scale.

    Raises
    ------
    InputError
        If a weight is negative, or the quota is not above nought and at most the total.
    """
    if not 1 <= len(weights) <= MOST:
        raise InputError(
            "too few or too many members", key="weights", given=len(weights), allowed=f"1 to {MOST}"
        )
    exact = [fraction(w, "weights") for w in weights]
    need = fraction(quota, "quota")
    if min(exact) < 0:
        raise InputError("a weight is below nought", key="weights", given=str(min(exact)))
    if not 0 < need <= sum(exact, Fraction(0)):
        raise InputError(
            "no such quota", key="quota", given=str(need),
            allowed=f"above 0, at most the total {sum(exact, Fraction(0))}",
        )  # fmt: skip
    scale = math.lcm(need.denominator, *(w.denominator for w in exact))
    return [int(w * scale) for w in exact], int(need * scale)


def coalitions(weights: Sequence[int]) -> list[dict[int, int]]:
    """By size: how many coalitions there are of each weight."""
    found: list[dict[int, int]] = [{0: 1}, *({} for _ in weights)]
    for joined, weight in enumerate(weights):
        for size in range(joined, -1, -1):
            larger = found[size + 1]
            for total, number in found[size].items():
                larger[total + weight] = larger.get(total + weight, 0) + number
    return found


def decisive(weights: Sequence[int], quota: int, who: int) -> list[int]:
    """By size of the coalition that he joins: in how many a member is decisive."""
    others = [w for i, w in enumerate(weights) if i != who]
    return [
        sum(n for total, n in by_weight.items() if quota - weights[who] <= total < quota)
        for by_weight in coalitions(others)
    ]


def shapley_shubik(weights: Sequence[Number], quota: Number) -> list[Fraction]:
    """Share of all orders of the members in which each is the one whose joining wins.

    Examples
    --------
    >>> [str(index) for index in shapley_shubik([3, 2, 1], 4)]
    ['2/3', '1/6', '1/6']
    """
    whole, need = scaled(weights, quota)
    n = len(whole)
    ways = [math.factorial(s) * math.factorial(n - s - 1) for s in range(n)]
    return [
        Fraction(sum(w * c for w, c in zip(ways, decisive(whole, need, i), strict=True)),
                 math.factorial(n))
        for i in range(n)
    ]  # fmt: skip


def banzhaf(weights: Sequence[Number], quota: Number) -> list[Fraction]:
    """Each member's share of all decisive places (the normalised index).

    Examples
    --------
    >>> [str(index) for index in banzhaf([3, 2, 1], 4)]
    ['3/5', '1/5', '1/5']
    """
    whole, need = scaled(weights, quota)
    counts = [sum(decisive(whole, need, i)) for i in range(len(whole))]
    return [Fraction(count, sum(counts)) for count in counts]
