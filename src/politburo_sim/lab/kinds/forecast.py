"""When it was settled: the odds along many histories of the ensemble."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from politburo_sim.lab.ahead.odds import NOBODY_RULES, chances, future_seeds
from politburo_sim.lab.bench import Bench, Effort, with_point
from politburo_sim.lab.plan import Experiment, Results, Whole
from politburo_sim.lab.runs import replicate_seeds, run_many
from politburo_sim.lab.sources import world_of
from politburo_sim.months import month_key, month_name
from politburo_sim.outcomes import NEWCOMER
from politburo_sim.record.measures import forecast_entropy
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import NOBODY, RULER
from politburo_sim.worlds.world import World

#: Futures from the first month, where the forecast is itself a result.
FIRST_FUTURES = 1_000
SETTLED = 0.9


class Forecast(Experiment):
    """One history for each draw, with futures forked from every `step` months of it."""

    small = Effort(50, 10)

    kind: Literal["forecast"]
    histories: Whole
    futures: Whole
    step: Whole

    def usual(self, quick: bool) -> Effort:
        """Histories, and futures of each month that is looked at."""
        return self.small if quick else Effort(self.histories, self.futures)

    def size(self) -> int:
        """Months from which futures are forked."""
        return len(range(0, self.built().months, self.step))

    def how(self, effort: Effort, seed: int) -> str:
        """How it was laid out."""
        return (
            f"{effort.draws} histories, each of another draw of the ensemble and with coded traits "
            f"sampled, master seed {seed}; {effort.replicates} futures forked from each of them "
            f"every {self.step} months, {FIRST_FUTURES} from its first month."
        )

    def run(self, bench: Bench) -> Results:
        """The tables `odds` (a row a history and half-year) and `ends` (a row a history).

        Columns of `odds`: history, month, entropy (bits), the chance of the end that came and of
        each end that had one; of `ends`: draw, end, first (the likeliest end in the first month),
        effect, error, n, settled (first month from which the end that came had 90 % to the last).
        """
        world = self.built()
        seeds = replicate_seeds(bench.seed, bench.effort.draws, stream=6)
        odds, ends = [], []
        for draw, vector in enumerate(bench.ensemble.table):
            one, seed = with_point(world, vector), int(seeds[draw])
            frame = bench.kept(
                [self.kind, world_of(world), seed, draw, self.step],
                lambda one=one, seed=seed: self._history(one, seed, bench),  # type: ignore[misc]
                self.size() * bench.effort.replicates,
            )
            end, chance = str(frame["came"].iloc[0]), frame.drop(columns=["at", "came"])
            came = chance.get(end, pd.Series(0.0, frame.index))
            odds.append(
                pd.DataFrame(
                    {"history": draw, "month": [month_key(world.start, at) for at in frame["at"]],
                     "entropy": [
                         forecast_entropy(row, bench.effort.replicates if at else FIRST_FUTURES)
                         for at, row in zip(frame["at"], chance.to_numpy(), strict=True)
                     ], "end": came}
                ).join(chance)
            )  # fmt: skip
            ends.append({"draw": draw, "end": end, **_first(chance.iloc[0]),
                         "settled": _settled(frame["at"], came, world.months)})  # fmt: skip
        table, whole = pd.DataFrame(ends), pd.concat(odds, ignore_index=True)
        never = [name for name in whole.columns[4:] if not whole[name].any()]
        first = f"the likeliest end in {month_name(world.start, 0)}"
        return Results(
            self, bench, {first: table[["draw", "effect", "error", "n"]]},
            extra={"odds": whole.drop(columns=never), "ends": table}, levels=True,
        )  # fmt: skip

    def _history(self, world: World, seed: int, bench: Bench) -> pd.DataFrame:
        model = Politburo(world, seed)
        rows: list[dict[str, Any]] = []
        for month in range(world.months):
            if month % self.step == 0:
                number = FIRST_FUTURES if month == 0 else bench.effort.replicates
                luck = future_seeds(seed, month, number)
                state = model.body if month else None
                out = run_many(world, luck, first=month, state=state, workers=bench.workers)
                rows.append({"at": month, **chances(world, out)})
                bench.tell(bench.effort.replicates)
            model.step()
        return pd.DataFrame(rows).assign(came=end_of(model))


def end_of(model: Politburo) -> str:
    """Who rules alone at the end of a history, as the odds name him."""
    ruler = int(model.arrays.clock[RULER])
    if ruler == NOBODY:
        return NOBODY_RULES
    return model.world.names[ruler] if ruler < model.world.members else NEWCOMER


def _first(chance: pd.Series) -> dict[str, Any]:
    """The likeliest end in the first month, and its chance as an effect."""
    most = float(chance.max())
    error = float(np.sqrt(max(most * (1 - most), 1e-4) / FIRST_FUTURES))
    return {"first": str(chance.idxmax()), "effect": most, "error": error, "n": FIRST_FUTURES}


def _settled(at: pd.Series, came: pd.Series, never: int) -> int:
    """The first month from which the end that came was as good as sure to the last."""
    open_yet = np.flatnonzero(came.to_numpy() < SETTLED)
    start = int(open_yet[-1]) + 1 if len(open_yet) else 0
    return int(at.iloc[start]) if start < len(at) else never


KIND = Forecast
