"""Do the rules meet the fitted years anywhere? The sets of the ensemble that come nearest.

    python -m benchmarks.best_sets

Picks the sets of which most histories come within the score's distance of the record, and asks of
them, with fresh seeds, what the scores ask of all. Fit years only: no check pattern is looked at.
Writes results/editions/best.csv.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from politburo_sim.lab import calibration, check, scores
from politburo_sim.lab.conditioned import Values
from politburo_sim.lab.ensemble import load_ensemble
from politburo_sim.lab.runs import replicate_seeds, run_many
from politburo_sim.lab.store import write_text
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

RESULTS = Path(__file__).resolve().parents[1] / "results" / "editions" / "best.csv"
#: Histories by which sets are picked, how many are, and fresh histories in all.
TRIED, PICKED, FRESH = 100, 10, 10_000


def near(table: Values, replicates: int, stream: int) -> tuple[Values, float]:
    """[sets] shares of so many histories of each that come near, and the fit of all together."""
    world = build_world(load_scenario(calibration.load_plan().scenario))
    target = calibration.target_of(world)
    which = np.arange(len(table) * replicates) // replicates
    seeds = replicate_seeds(calibration.load_plan().seed, len(which), stream=stream)
    early = run_many(world, seeds, table, which, marks=target.marks, last=target.last)
    late = run_many(world, seeds, table, which, last=target.last + check.NEAR)
    found = calibration.summaries(world, early, table[which], target)
    runs = check.Histories(world, target, found, late)
    met = [check.held_against(pattern, runs)[1].mean() for pattern in check.scored(("fit",))]
    within = calibration.distance(found, target) <= scores.WITHIN
    return within.reshape(len(table), replicates).mean(axis=1), scores.log_score(met, len(which))


def main() -> None:
    """Pick, ask again, and write both."""
    ensemble = load_ensemble()
    table = ensemble.table
    shares, _ = near(table, TRIED, stream=21)
    best = np.argsort(-shares, kind="stable")[:PICKED]
    rows = []
    for name, some in (("all", ensemble.thin(200).table), ("nearest", table[best])):
        within, fit = near(some, FRESH // len(some), stream=22)
        rows.append({"sets": name, "number": len(some), "fit": fit, "within": within.mean()})
    told = pd.DataFrame(rows)
    write_text(RESULTS, told.to_csv(index=False, float_format="%.6g"))
    print(told.to_string(index=False))


if __name__ == "__main__":
    main()
