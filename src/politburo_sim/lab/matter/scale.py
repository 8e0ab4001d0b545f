"""Words for the size of an effect on a chance: the scale of experiments/scale.csv."""

from __future__ import annotations

import csv
import math
from functools import cache
from typing import NamedTuple

from politburo_sim.files.locate import folder


class Step(NamedTuple):
    """One word, the points that it asks for, and the share of readings that may speak against."""

    word: str
    points: float
    against: float


@cache
def scale() -> tuple[Step, ...]:
    """The words from the least to the most; it was fixed before any comparison was run."""
    with (folder("experiments") / "scale.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(Step(r["word"], float(r["points"]), float(r["against"])) for r in rows)


def size_word(effect: float, against: float = 0.0) -> str:
    """The last word of the scale whose two bounds an effect meets.

    Parameters
    ----------
    effect : change of a chance, from -1 to 1; "unknown" where it is nan.
    against : share of the readings of the record in which it has not that sign, from 0 to 1.

    Examples
    --------
    >>> [size_word(x) for x in (0.004, -0.04, 0.06, -0.3)]
    ['nothing', 'little', 'some', 'much']
    >>> size_word(-0.3, against=0.25), size_word(-0.3, against=0.6)
    ('some', 'nothing')
    """
    if math.isnan(effect):
        return "unknown"
    met = [s.word for s in scale() if 100 * abs(effect) >= s.points and against <= s.against]
    return met[-1]
