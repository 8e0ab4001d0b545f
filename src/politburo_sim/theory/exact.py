"""Exact numbers at the border: powers, shares and quotas as fractions, then as integers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from politburo_sim.files.errors import InputError

Number = int | str | Fraction


def fraction(given: Number, key: str) -> Fraction:
    """A number as an exact fraction: 3, "6.5" or "3/5"; floats are refused, being inexact."""
    if isinstance(given, bool | float):
        raise InputError(
            "not an exact number", key=key, given=given, allowed='3, "6.5" or "3/5"',
            hint="floats decide ties wrongly; give the number as text",
        )  # fmt: skip
    try:
        return Fraction(given)
    except (ValueError, ZeroDivisionError, TypeError):
        raise InputError(
            "not a number", key=key, given=given, allowed="such as 3, 6.5 or 3/5"
        ) from None


def powers_as_integers(powers: Sequence[Number], most: int, key: str = "powers") -> list[int]:
    """Positive powers on their smallest common scale.

    Raises
    ------
    InputError
        If there are none, too many, or one is not positive.
    """
    if not 1 <= len(powers) <= most:
        raise InputError(
            "too few or too many members", key=key, given=len(powers), allowed=f"1 to {most}"
        )
    exact = [fraction(p, key) for p in powers]
    for p in exact:
        if p <= 0:
            raise InputError("a power must be above nought", key=key, given=str(p))
    scale = math.lcm(*(p.denominator for p in exact))
    return [int(p * scale) for p in exact]
