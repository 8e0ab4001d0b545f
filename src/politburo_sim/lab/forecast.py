"""When it was settled: the odds along many histories of the ensemble."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from politburo_sim.lab.contrasts import Ensemble
from politburo_sim.lab.odds import NOBODY_RULES, chances, future_seeds
from politburo_sim.lab.runs import Tell, replicate_seeds, run_many, silent
from politburo_sim.months import month_key
from politburo_sim.outcomes import NEWCOMER
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import NOBODY, RULER
from politburo_sim.state.parameters import TABLE
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

#: Futures from the first month, where the forecast is itself a result.
FIRST_FUTURES = 1_000
SETTLED = 0.9


@dataclass(frozen=True)
class Forecasts:
    """odds: one row a history and half-year; ends: one row a history."""

    odds: pd.DataFrame
    ends: pd.DataFrame


def run_forecasts(
    raw: dict[str, Any], ensemble: Ensemble, seed: int, futures: int,
    tell: Tell = silent,
) -> Forecasts:  # fmt: skip
    """One history for each draw, with futures forked from its half-years.

    Columns of `odds`: history, month, entropy (bits), the chance of each end; of `ends`:
    draw, end, first (the likeliest end in the first month), chance, effect, error, n, settled
    (first month from which the end that came had 90 % to the last), month index.
    """
    scenario = load_scenario(raw["scenario"])
    seeds = replicate_seeds(seed, len(ensemble.table), stream=6)
    odds, ends = [], []
    for history, vector in enumerate(ensemble.table):
        settings = {p.name: float(v) for p, v in zip(TABLE, vector, strict=True)}
        world = build_world(scenario, settings)
        model = Politburo(world, int(seeds[history]))
        rows = []
        for month in range(world.months):
            if month % int(raw["step"]) == 0:
                number = FIRST_FUTURES if month == 0 else futures
                luck = future_seeds(model.seed, month, number)
                out = (
                    run_many(world, luck) if month == 0
                    else run_many(world, luck, first=month, state=model.body)
                )  # fmt: skip
                rows.append((month, chances(world, out)))
            model.step()
        end = end_of(model)
        for month, row in rows:
            odds.append(
                {"history": history, "month": month_key(world.start, month),
                 "entropy": entropy(row.to_numpy()), "end": float(row.get(end, 0.0)),
                 **row[row > 0].to_dict()}
            )  # fmt: skip
        ends.append(_end(world.months, history, end, rows))
        tell(1)
    return Forecasts(pd.DataFrame(odds).fillna(0.0), pd.DataFrame(ends))


def end_of(model: Politburo) -> str:
    """Who rules alone at the end of a history, as the odds name him."""
    ruler = int(model.arrays.clock[RULER])
    if ruler == NOBODY:
        return NOBODY_RULES
    return model.world.names[ruler] if ruler < model.world.members else NEWCOMER


def _end(months: int, history: int, end: str, rows: list[tuple[int, pd.Series]]) -> dict[str, Any]:
    first = rows[0][1]
    chance = float(first.max())
    settled = months
    for month, row in reversed(rows):
        if float(row.get(end, 0.0)) < SETTLED:
            break
        settled = month
    error = float(np.sqrt(max(chance * (1 - chance), 1e-4) / FIRST_FUTURES))
    return {"draw": history, "end": end, "first": str(first.idxmax()), "effect": chance,
            "error": error, "n": FIRST_FUTURES, "settled": settled}  # fmt: skip


def entropy(chance: np.ndarray) -> float:
    """Shannon entropy of a forecast in bits; 0 where it is settled."""
    some = chance[chance > 0]
    return float(-(some * np.log2(some)).sum())
