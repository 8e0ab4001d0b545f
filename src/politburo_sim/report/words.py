"""Numbers and names as a reader says them."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

from politburo_sim.state.parameters import PARAMETERS, UNITY

MINUS = "\N{MINUS SIGN}"


def plain(name: str) -> str:
    """Return a name of a file or column as words."""
    return name.replace("_", " ").strip()


def sentence_case(words: str) -> str:
    """Raise the first letter and leave the others."""
    return words[:1].upper() + words[1:]


def lever_words(name: str) -> str:
    """Return a lever as words; ``member.trait`` is read as the member's trait."""
    owner, _, what = name.rpartition(".")
    return f"{plain(what)} of {plain(owner).title()}" if owner else plain(what)


def lever_axis(name: str) -> str:
    """Return a lever as the label of an axis, with its unit if the table has one."""
    parameter = PARAMETERS.get(name)
    unit = f" ({parameter.unit})" if parameter else ""
    return sentence_case(lever_words(name)) + unit


def lever_meaning(name: str) -> str:
    """Return what a lever does, from the table of parameters."""
    if name == "unity":
        return f"All parts of the unity norm together: {', '.join(map(plain, UNITY))}."
    parameter = PARAMETERS.get(name)
    return parameter.meaning if parameter else sentence_case(lever_words(name)) + "."


def is_number(value: object) -> bool:
    """Tell numbers from words, and truth values from numbers."""
    return isinstance(value, Real) and type(value).__name__ not in {"bool", "bool_"}


def value_words(value: Any) -> str:
    """Return a lever's value as text; a design point that does not set it leaves the world's."""
    if not is_number(value):
        return plain(str(value))
    if math.isnan(value):
        return "the world's own"
    return f"{value:g}" if float(value).is_integer() else f"{value:.3g}"


def percent(share: float) -> str:
    """Return a share in per cent; one decimal where whole numbers would hide it."""
    if math.isnan(share):
        return "unknown"
    hundred = 100.0 * share
    if 0 < hundred < 0.05 or 0 < 100 - hundred < 0.05:
        return "< 0.1 %" if hundred < 50 else "> 99.9 %"
    near_an_end = 0 < min(hundred, 100 - hundred) < 1
    return f"{hundred:.1f} %" if near_an_end else f"{hundred:.0f} %"


def number(value: float, *, share: bool = False) -> str:
    """Return an outcome as text, in per cent if it is a share."""
    if share:
        return percent(value)
    if math.isnan(value):
        return "unknown"
    size = abs(value)
    return f"{value:.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"


def interval(low: float, high: float, *, share: bool = False) -> str:
    """Return both ends of an interval."""
    return f"{number(low, share=share).removesuffix(' %')} to {number(high, share=share)}"


def minus(text: str) -> str:
    """Return the text of a number with a minus sign in the place of its hyphen."""
    return text.replace("-", MINUS)


def signed(value: float, *, points: bool = False, unit: bool = True) -> str:
    """Return a difference with its sign; in percentage points for a share; nought has none.

    unit : whether the points are named.
    """
    if math.isnan(value):
        return "unknown"
    digits = 1 if points else 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = f"{100 * value if points else value:+.{digits}f}"
    text = text[1:] if float(text) == 0 else minus(text)
    return f"{text} points" if points and unit else text


def signed_interval(low: float, high: float, *, points: bool = False, unit: bool = True) -> str:
    """Return both ends of an interval of a difference."""
    ends = " to ".join(signed(end, points=points, unit=False) for end in (low, high))
    return f"{ends} points" if points and unit else ends
