"""The rows of a sweep, and the chunks in which they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from politburo_sim import outcomes
from politburo_sim.lab import store
from politburo_sim.outcomes import PLAIN, Runs, leader_names, ruler_names
from politburo_sim.run.engine import Outcomes
from politburo_sim.worlds.scenario import parameter_values, singles
from politburo_sim.worlds.schema import Scenario
from politburo_sim.worlds.world import World

#: Numbers of runs, design points or replicates.
Places = NDArray[np.int64]


def vectors(scenario: Scenario, laid: Sequence[dict[str, float]]) -> NDArray[np.float64]:
    """[Q, P] the parameters of design points in a world."""
    return np.array([parameter_values({**scenario.rules, **singles(p)}) for p in laid])


@dataclass(frozen=True)
class Rows:
    """The rows of a sweep's tables: world, design points, and the outcomes asked for."""

    world: World
    laid: Sequence[dict[str, float]]
    asked: Sequence[str]

    @property
    def kept(self) -> list[str]:
        """The outcomes in every row: those that all sweeps keep, and those asked for."""
        return list(dict.fromkeys([*(outcome.name for outcome in PLAIN), *self.asked]))

    @property
    def layout(self) -> pa.Schema:
        """The columns."""
        return store.schema(self._settings, self.kept)

    @property
    def _settings(self) -> list[str]:
        return sorted({name for point in self.laid for name in point})

    def table(
        self, ids: Places, which: Places, replicate: Places, seeds: Places,
        points: NDArray[np.float64], out: Outcomes,
    ) -> pa.Table:  # fmt: skip
        """Rows of runs: numbers, design points, replicates, seeds, parameters and what came out."""
        columns = {
            "run_id": ids, "point": which, "replicate": replicate, "seed": seeds,
            **{f"set_{n}": [self.laid[q].get(n, np.nan) for q in which] for n in self._settings},
            "ruler": ruler_names(self.world, out), "leader": leader_names(self.world, out),
            **outcomes.read(self.kept, Runs(self.world, out, points)),
        }  # fmt: skip
        layout = self.layout
        return pa.table({name: columns[name] for name in layout.names}, schema=layout)


class Chunk(NamedTuple):
    """Runs that are kept at once: file, key, first run and the run after the last."""

    path: Path
    key: str
    start: int
    stop: int

    @property
    def ids(self) -> Places:
        """The numbers of its runs."""
        return np.arange(self.start, self.stop)

    def places(self, replicates: int) -> tuple[Places, Places]:
        """Design point and replicate of each run."""
        return self.ids // replicates, self.ids % replicates


def chunk_at(folder: Path, plan: str, number: int, rows: int, runs: int) -> Chunk:
    """Chunk `number` of a sweep of so many runs, so many rows each."""
    start, stop = number * rows, min(runs, (number + 1) * rows)
    path = store.chunk_path(folder / "runs", number)
    return Chunk(path, store.key_of(plan, start, stop), start, stop)
