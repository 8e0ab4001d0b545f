"""How far intervals may reach: a share lies in 0 to 1, an effect on one in -1 to 1."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from politburo_sim.outcomes import is_share

CHANCE = "chance"
ENDS = ("mean", "low", "high", "least", "most")


def bounded_share(outcome: str) -> bool:
    """Return whether a contrast's outcome is a share; a chance where none is named."""
    return outcome == CHANCE or is_share(outcome)


def levels_of(experiment: Any) -> set[str]:
    """Return the contrasts that are levels: their weights do not cancel."""
    contrasts = getattr(experiment, "contrasts", ())
    return {c.name for c in contrasts if abs(sum(c.weights.values())) > 1e-9}


def within_bounds(table: pd.DataFrame, levels: Iterable[str]) -> pd.DataFrame:
    """Return a table of contrasts in which no share leaves 0 to 1 and no effect on one -1 to 1."""
    bounded = table.copy()
    share = table["outcome"].map(bounded_share).to_numpy(bool)
    lowest = np.where(table["contrast"].isin(set(levels)), 0.0, -1.0)
    for end in ENDS:
        low, high = np.where(share, lowest, -math.inf), np.where(share, 1.0, math.inf)
        bounded[end] = np.clip(table[end], low, high)
    return bounded
