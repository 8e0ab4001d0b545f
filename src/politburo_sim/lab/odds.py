"""Live odds: futures forked from a month of one history, with fresh luck after it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from politburo_sim.lab import runs as lab_runs
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.months import month_key
from politburo_sim.outcomes import NEWCOMER, ruler_names
from politburo_sim.run.engine import Outcomes
from politburo_sim.run.model import Politburo
from politburo_sim.state import draws
from politburo_sim.state.body import FULL
from politburo_sim.worlds.world import World

NOBODY_RULES = "nobody"


def odds(model: Politburo, futures: int = 1_000, workers: int | None = None) -> pd.Series:
    """Each member's chance of established sole rule, from the model's present state.

    Returns
    -------
    Chances by member, "a newcomer" and "nobody"; they sum to one.
    """
    return chances(model.world, _fork(model, futures, workers))


def chances(world: World, out: Outcomes) -> pd.Series:
    """Share of the runs in which each is the established sole ruler."""
    names = [*world.names[: world.members], NEWCOMER, NOBODY_RULES]
    found = pd.Series([name or NOBODY_RULES for name in ruler_names(world, out)])
    share: pd.Series = found.value_counts().reindex(names, fill_value=0) / len(found)
    return share


def _fork(model: Politburo, futures: int, workers: int | None) -> Outcomes:
    seeds = future_seeds(model.seed, model.month, futures)
    if model.month == 0:
        return lab_runs.run_many(model.world, seeds, workers=workers)
    return lab_runs.run_many(
        model.world, seeds, first=model.month, state=model.body, workers=workers
    )


def future_seeds(seed: int, month: int, futures: int) -> np.ndarray:
    """Fresh luck for the futures of one month of one history."""
    key = int(draws.mix(draws.mix(seed, 0xF0F0), month)) >> 1
    return lab_runs.replicate_seeds(key, futures, stream=1)


def odds_curve(
    world: World,
    seed: int = 0,
    futures: int = 1_000,
    *,
    at: int | None = None,
    workers: int | None = None,
    tell: Tell = silent,
) -> tuple[pd.DataFrame, pd.DataFrame, Politburo]:
    """Odds at every month of one history, or at one month alone.

    Returns
    -------
    Chances of sole rule (index: month, "1922-04"; they sum to one), chances to be a full
    member at the end, and the history itself, run to its end.
    """
    model = Politburo(world, seed)
    rule, stay, index = [], [], []
    for month in range(world.months):
        if at is None or at == month:
            out = _fork(model, futures, workers)
            rule.append(chances(world, out))
            stay.append((out.status[:, : world.members] == FULL).mean(axis=0))
            index.append(month_key(world.start, month))
        model.step()
        tell(1)
    members = list(world.names[: world.members])
    return (
        pd.DataFrame(rule, index=pd.Index(index, name="month")),
        pd.DataFrame(stay, index=pd.Index(index, name="month"), columns=members),
        model,
    )
