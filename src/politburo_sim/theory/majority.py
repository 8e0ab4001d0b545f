"""Majority votes: how often there is no Condorcet winner, and the median voter."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction

from politburo_sim.files.errors import InputError

_ORDERS = tuple(itertools.permutations(range(3)))


def paradox_frequency(voters: int) -> Fraction:
    """Chance that no one of three options beats both others, all orders equally likely.

    Sum over the numbers of voters with each of the six orders, of their multinomial chance,
    where no option has a majority against both others. Voters: odd, 1 to 15.

    References
    ----------
    Guilbaud (1952), Economie appliquee 5; Gehrlein (2006), Condorcet's Paradox.

    Examples
    --------
    >>> str(paradox_frequency(3))
    '1/18'
    """
    if voters % 2 == 0 or not 1 <= voters <= 15:
        raise InputError("no such number", key="voters", given=voters, allowed="odd, 1 to 15")
    found = 0
    for counts in compositions(voters, len(_ORDERS)):
        if condorcet_winner(counts) is None:
            ways = math.factorial(voters)
            for count in counts:
                ways //= math.factorial(count)
            found += ways
    return Fraction(found, len(_ORDERS) ** voters)


def compositions(total: int, parts: int) -> list[tuple[int, ...]]:
    """All ways to put a total into so many ordered parts."""
    if parts == 1:
        return [(total,)]
    return [
        (first, *rest)
        for first in range(total + 1)
        for rest in compositions(total - first, parts - 1)
    ]


def condorcet_winner(counts: Sequence[int]) -> int | None:
    """The option that beats both others, from the numbers of voters with each order."""
    for option in range(3):
        if all(
            2 * sum(n for n, order in zip(counts, _ORDERS, strict=True)
                    if order.index(option) < order.index(other)) > sum(counts)
            for other in range(3) if other != option
        ):  # fmt: skip
            return option
    return None


def median(positions: Sequence[float]) -> float:
    """The median voter's position, of an odd number (Black 1948)."""
    if len(positions) % 2 == 0:
        raise InputError("no one median", key="positions", given=len(positions), allowed="odd")
    return sorted(positions)[len(positions) // 2]
