"""Removal against the bond to the strongest member, before and after he rules alone."""

from __future__ import annotations

from itertools import count, takewhile
from typing import Any

import numpy as np
import pandas as pd

from politburo_sim.lab.contrasts import Ensemble, prepare
from politburo_sim.lab.runs import Tell, replicate_seeds, run_many, silent
from politburo_sim.months import year_end
from politburo_sim.outcomes import month_of
from politburo_sim.run.engine import Outcomes
from politburo_sim.state.body import REMOVED
from politburo_sim.worlds.world import World

BATCH = 1_000
#: Fewest members at risk, in each of the four groups of a draw, for it to count.
LEAST = 20
GROUPS = ("before, bond", "before, no bond", "after, bond", "after, no bond")


def at_risk(world: World, out: Outcomes, years: int) -> pd.DataFrame:
    """[runs] members at risk and removed in each group, over the ends of all marked years.

    Bond: the member's bond to the strongest is above zero. After: an established sole rule
    stands. Removed: removed or expelled within so many years.
    """
    removed = month_of(out, REMOVED)
    found: dict[str, Any] = {}
    for group in GROUPS:
        found[group] = np.zeros(len(removed))
        found[f"{group}: removed"] = np.zeros(len(removed))
    for place, mark in enumerate(out.marks.tolist()):
        bond = out.bond_at[:, place, :]
        here = ~np.isnan(bond)
        ruled = ((out.ruler >= 0) & (out.since <= mark))[:, None]
        fell = (removed > mark) & (removed <= mark + 12 * years)
        for group, chosen in zip(
            GROUPS,
            (~ruled & (bond > 0), ~ruled & (bond <= 0), ruled & (bond > 0), ruled & (bond <= 0)),
            strict=True,
        ):
            found[group] += (here & chosen).sum(axis=1)
            found[f"{group}: removed"] += (here & chosen & fell).sum(axis=1)
    return pd.DataFrame(found)


def run_survival(
    spec: dict[str, Any], ensemble: Ensemble, replicates: int, seed: int, years: int,
    tell: Tell = silent,
) -> pd.DataFrame:  # fmt: skip
    """Members at risk and removed in each group, one row a draw of the ensemble."""
    world, points = prepare(spec, ensemble)
    ends = (year_end(world.start, year) - 1 for year in count(world.start[0]))
    marks = list(takewhile(lambda mark: mark + 12 * years < world.months, ends))
    runs = len(points) * replicates
    seeds, parts = replicate_seeds(seed, runs), []
    for start in range(0, runs, BATCH):
        which = np.arange(start, min(runs, start + BATCH)) // replicates
        out = run_many(world, seeds[start : start + len(which)], points, which, marks=marks)
        parts.append(at_risk(world, out, years))
        tell(len(which))
    frame = pd.concat(parts, ignore_index=True)
    frame["draw"] = np.arange(runs) // replicates
    return frame.groupby("draw", as_index=False).sum()


def protection(table: pd.DataFrame, when: str) -> pd.DataFrame:
    """Removal without a bond less removal with one, draw by draw, with its standard error."""
    rows = []
    for row in table.to_dict("records"):
        rate, variance, least = [], 0.0, np.inf
        for group in (f"{when}, no bond", f"{when}, bond"):
            n, gone = row[group], row[f"{group}: removed"]
            share = (gone + 0.5) / (n + 1.0)
            rate.append(share)
            variance += share * (1 - share) / (n + 1.0)
            least = min(least, n)
        if least >= LEAST:
            rows.append(
                {"draw": int(row["draw"]), "effect": rate[0] - rate[1],
                 "error": float(np.sqrt(variance)), "n": int(least)}
            )  # fmt: skip
    return pd.DataFrame(rows, columns=["draw", "effect", "error", "n"])


def difference(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """One effect less another, in the draws that have both."""
    both = one.merge(other, on="draw", suffixes=("", "_other"))
    return pd.DataFrame(
        {"draw": both["draw"], "effect": both["effect"] - both["effect_other"],
         "error": np.sqrt(both["error"] ** 2 + both["error_other"] ** 2),
         "n": np.minimum(both["n"], both["n_other"])}
    )  # fmt: skip
