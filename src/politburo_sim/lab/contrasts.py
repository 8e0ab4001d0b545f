"""Contrasts: weighted sums of what happens in worlds that share their luck.

A *cell* is a world with settings; it is run once for each draw of the ensemble and each
replicate, and all cells of all experiments share the draws, the coders' sampling and the luck.
A *contrast* is a sum of outcomes over cells with weights: a level (one cell, weight 1), a twin
(-1 and 1), an interaction (+1 -1 -1 +1). Its value is formed run by run, so that shared luck
cancels, and then averaged within each draw of the ensemble.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from politburo_sim import outcomes
from politburo_sim.files.errors import ExperimentError, suggest
from politburo_sim.files.locate import find, folder
from politburo_sim.lab import runs as lab_runs
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.variants import needs_of, variant
from politburo_sim.outcomes import Runs, marks_of, month_of, names_of, read
from politburo_sim.state.body import REMOVED
from politburo_sim.state.compiled import source_hash
from politburo_sim.state.parameters import PARAMETERS, PLACE, UNITY, defaults
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import World, build_world

Values = NDArray[np.float64]
BATCH = 4_000
CELL_KEYS = ("scenario", "settings", "holder", "traits", "without", "shift", "rotate", "lots_of")


@dataclass(frozen=True)
class Ensemble:
    """Parameter vectors [J, P] with weights [J] that sum to one."""

    table: Values
    weight: Values

    def thin(self, number: int) -> Ensemble:
        """So many draws, by systematic resampling in proportion to the weights; equal weights."""
        at = (np.arange(number) + 0.5) / number
        places = np.searchsorted(np.cumsum(self.weight), at)
        picked = self.table[np.minimum(places, len(self.table) - 1)]
        return Ensemble(picked, np.full(number, 1.0 / number))


def load_ensemble() -> Ensemble:
    """The committed ensemble (experiments/ensemble.csv); other parameters at their defaults."""
    path = folder("experiments") / "ensemble.csv"
    if not path.is_file():
        raise ExperimentError(
            "there is no ensemble yet", file=str(path),
            hint="politburo-sim calibrate makes one from the record",
        )  # fmt: skip
    frame = pd.read_csv(path)
    table = np.tile(defaults(), (len(frame), 1))
    for name in frame:
        if name in PARAMETERS:
            table[:, PLACE[name]] = frame[name]
    weight = frame["weight"].to_numpy()
    return Ensemble(table, weight / weight.sum())


@dataclass(frozen=True)
class Contrast:
    """A weighted sum of one outcome over cells.

    given : an outcome of the first cell named that must be 1 in a run for it to count (a
    precondition that was met).
    """

    name: str
    outcome: str
    weights: Mapping[str, float]
    given: str | None = None


@dataclass(frozen=True)
class Study:
    """An experiment that is made of contrasts."""

    id: str
    title: str
    question: str
    claims: tuple[str, ...]
    scenario: str
    cells: Mapping[str, Mapping[str, Any]]
    contrasts: tuple[Contrast, ...]
    note: str = ""


def load_study(name: str) -> Study:
    """Read and check a file of contrasts."""
    path = find("experiments", name)
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    cells = raw["cells"]
    for cell, table in cells.items():
        for key in table:
            if key not in CELL_KEYS:
                raise ExperimentError(
                    f"unknown key{suggest(key, CELL_KEYS)}", file=str(path), key=f"cells.{cell}",
                    given=key, allowed=", ".join(CELL_KEYS),
                )  # fmt: skip
    contrasts = tuple(Contrast(**table) for table in raw["contrasts"])
    for contrast in contrasts:
        for cell in contrast.weights:
            if cell not in cells:
                raise ExperimentError(
                    f"no such cell{suggest(cell, cells)}", file=str(path), given=cell,
                    key=f"contrasts: {contrast.name}", allowed=", ".join(cells),
                )  # fmt: skip
    return Study(
        raw["id"], raw["title"], raw["question"], tuple(raw.get("claims", ())), raw["scenario"],
        cells, contrasts, raw.get("note", ""),
    )  # fmt: skip


@dataclass
class Bench:
    """Where cells are run: the ensemble's draws, replicates, the master seed and a store.

    A cell that has been run with the same rules, draws and settings is read, not run again.
    """

    ensemble: Ensemble
    replicates: int
    seed: int
    store: Path
    tell: Tell = silent
    held: dict[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def runs(self) -> int:
        """Runs in a cell."""
        return len(self.ensemble.table) * self.replicates

    def seeds(self) -> NDArray[np.int64]:
        """One seed for each run; the same in all cells."""
        return lab_runs.replicate_seeds(self.seed, self.runs)

    def cell(self, study: Study, name: str) -> pd.DataFrame:
        """Outcomes of all runs of a cell, draw by draw."""
        spec = {"scenario": study.scenario, **study.cells[name]}
        key = self._key(study, spec)
        if key not in self.held:
            path = self.store / f"{key}.parquet"
            if not path.exists():
                self.store.mkdir(parents=True, exist_ok=True)
                frame = self._run(study, spec)
                partial = path.with_suffix(".partial")
                pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), partial)
                partial.replace(path)
            self.held[key] = pq.read_table(path).to_pandas()
        self.tell(self.runs)
        return self.held[key]

    def _key(self, study: Study, spec: Mapping[str, Any]) -> str:
        spec = dict(spec)
        if "lots_of" in spec:
            spec["lots_of"] = {"scenario": study.scenario, **study.cells[spec["lots_of"]]}
        said = json.dumps(
            [_code(), load_scenario(spec["scenario"]).model_dump(mode="json"), spec,
             self.replicates, self.seed],
            sort_keys=True,
        )  # fmt: skip
        table = self.ensemble.table.tobytes()
        return hashlib.blake2b(said.encode() + table, digest_size=12).hexdigest()

    def _run(self, study: Study, spec: Mapping[str, Any]) -> pd.DataFrame:
        world, points = prepare(spec, self.ensemble)
        seeds, parts = self.seeds(), []
        for start in range(0, self.runs, BATCH):
            stop = min(self.runs, start + BATCH)
            which = np.arange(start, stop) // self.replicates
            lots = None
            if "lots_of" in spec:
                lots = self._lots(study, spec["lots_of"], seeds[start:stop], which)
            out = lab_runs.run_many(
                world, seeds[start:stop], points, which, marks=marks_of(world), lots=lots
            )
            seen = Runs(world, out, points[which])
            parts.append(pd.DataFrame(read(names_of(world), seen), dtype=np.float32))
        frame = pd.concat(parts, ignore_index=True)
        frame.insert(0, "draw", np.arange(self.runs) // self.replicates)
        return frame

    def _lots(
        self, study: Study, name: str, seeds: NDArray[np.int64], which: NDArray[np.int64]
    ) -> NDArray[np.int8]:
        """Removals month by month in another cell's runs, to be handed out by lot."""
        world, points = prepare({"scenario": study.scenario, **study.cells[name]}, self.ensemble)
        out = lab_runs.run_many(world, seeds, points, which)
        first = month_of(out, REMOVED)
        lots = np.zeros((len(seeds), world.months), np.int8)
        for run in range(len(seeds)):
            for month in first[run][first[run] < world.months]:
                lots[run, month] += 1
        return lots


def prepare(spec: Mapping[str, Any], ensemble: Ensemble) -> tuple[World, Values]:
    """The world of a cell, and its parameter vectors: the draws, the world's rules, settings."""
    scenario = variant(spec["scenario"], **needs_of(spec))
    points = ensemble.table.copy()
    for layer in (scenario.rules, spec.get("settings", {})):
        for name, value in sorted(layer.items(), key=lambda item: item[0] != "unity"):
            for single in UNITY if name == "unity" else (name,):
                points[:, PLACE[single]] = float(value)
    return build_world(scenario), points


def estimate(bench: Bench, study: Study, contrast: Contrast) -> pd.DataFrame:
    """The contrast in each draw: mean over its runs, standard error, and runs that counted."""
    names = list(contrast.weights)
    total = np.zeros(bench.runs)
    for name in names:
        frame = bench.cell(study, name)
        if contrast.outcome not in frame:
            raise ExperimentError(
                f"no such outcome{suggest(contrast.outcome, list(frame))}", given=contrast.outcome,
                key=f"{study.id}: {contrast.name}", allowed=", ".join(frame),
            )  # fmt: skip
        total += contrast.weights[name] * frame[contrast.outcome].to_numpy(dtype=float)
    keep = np.ones(bench.runs, dtype=bool)
    if contrast.given is not None:
        keep = bench.cell(study, names[0])[contrast.given].to_numpy() > 0
    return by_draw(total, keep, len(bench.ensemble.table), bench.replicates)


def by_draw(total: Values, keep: NDArray[np.bool_], number: int, replicates: int) -> pd.DataFrame:
    """Mean, standard error and count of each draw's runs; draws without runs are left out."""
    values = np.where(keep, total, 0.0).reshape(number, replicates)
    count = keep.reshape(number, replicates).sum(axis=1)
    some = np.maximum(count, 1)
    mean = values.sum(axis=1) / some
    spread = (np.where(keep.reshape(values.shape), values - mean[:, None], 0.0) ** 2).sum(axis=1)
    # With few runs a draw may show no spread at all; one run's worth is then assumed.
    variance = (spread + 1.0 / some * (np.abs(values).max() or 1.0) ** 2) / some
    frame = pd.DataFrame(
        {"draw": np.arange(number), "effect": mean, "error": np.sqrt(variance / some), "n": count}
    )
    return frame[frame["n"] > 1].reset_index(drop=True)


@lru_cache(maxsize=1)
def _code() -> str:
    """What a stored cell depends on besides its settings: the rules, and how outcomes are read."""
    read = Path(str(outcomes.__file__)).read_bytes()
    return source_hash() + hashlib.blake2b(read, digest_size=8).hexdigest()
