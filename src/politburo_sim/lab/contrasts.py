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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from politburo_sim.files.errors import ExperimentError, suggest
from politburo_sim.files.locate import folder
from politburo_sim.lab import door
from politburo_sim.lab import runs as lab_runs
from politburo_sim.lab.ensemble import read_ensemble
from politburo_sim.lab.variants import needs_of, variant
from politburo_sim.run.engine import Outcomes
from politburo_sim.state.body import (
    ALLY_TARGETS,
    CONTESTS,
    DESERTIONS,
    FLIPS,
    FULL,
    MET,
    ROLL_CALLS,
    UNMET,
)
from politburo_sim.state.compiled import source_hash
from politburo_sim.state.parameters import PLACE, UNITY
from politburo_sim.worlds.scenario import load_scenario, month_index
from politburo_sim.worlds.world import World, build_world

Values = NDArray[np.float64]
BATCH = 4_000
#: Months at whose end shares and bases are kept, where the world reaches them.
MARKS = ("1926-12", "1930-12")


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
    """The committed ensemble (experiments/ensemble.csv)."""
    path = folder("experiments") / "ensemble.csv"
    if not path.is_file():
        raise ExperimentError(
            "there is no ensemble yet", file=str(path),
            hint="politburo-sim calibrate makes one from the record",
        )  # fmt: skip
    return Ensemble(*read_ensemble(path))


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
    raw = door.load(name, "contrasts").table
    contrasts = tuple(Contrast(**table) for table in raw["contrasts"])
    return Study(
        raw["id"], raw["title"], raw["question"], tuple(raw.get("claims", ())), raw["scenario"],
        raw["cells"], contrasts, raw.get("note", ""),
    )  # fmt: skip


@dataclass
class Bench:
    """Where cells are run: the ensemble's draws, replicates, the master seed and a store.

    A cell that has been run with the same rules, draws and settings is read, not run again.
    Another `stream` of the same master seed is other luck; results do not depend on `workers`.
    """

    ensemble: Ensemble
    replicates: int
    seed: int
    store: Path
    tell: Callable[[int], None] = lambda runs: None
    stream: int = 0
    workers: int | None = None
    held: dict[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def runs(self) -> int:
        """Runs in a cell."""
        return len(self.ensemble.table) * self.replicates

    def seeds(self) -> NDArray[np.int64]:
        """One seed for each run; the same in all cells."""
        return lab_runs.replicate_seeds(self.seed, self.runs, self.stream)

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
             self.replicates, self.seed, self.stream, MARKS],
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
                world, seeds[start:stop], points, which, marks=marks_of(world), lots=lots,
                workers=self.workers,
            )  # fmt: skip
            parts.append(outcomes(world, out, points[which]))
        frame = pd.concat(parts, ignore_index=True)
        frame.insert(0, "draw", np.arange(self.runs) // self.replicates)
        return frame

    def _lots(
        self, study: Study, name: str, seeds: NDArray[np.int64], which: NDArray[np.int64]
    ) -> NDArray[np.int8]:
        """Removals month by month in another cell's runs, to be handed out by lot."""
        world, points = prepare({"scenario": study.scenario, **study.cells[name]}, self.ensemble)
        out = lab_runs.run_many(world, seeds, points, which)
        months = out.rungs[:, :, 3:].astype(np.int64)
        months[months < 0] = world.months
        first = months.min(axis=2)
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


def marks_of(world: World) -> tuple[int, ...]:
    """The marked months that this world reaches; the last month where it reaches none."""
    found = [int(month_index(world.start, month)) for month in MARKS]
    return tuple(m for m in found if 0 <= m < world.months) or (world.months - 1,)


def outcomes(world: World, out: Outcomes, table: Values) -> pd.DataFrame:
    """The outcomes of each run that contrasts may name."""
    names = world.names[: world.members]
    removed = lab_runs.removed_by(world, out, world.months)
    years = world.months / 12.0
    switches = out.count[:, [FLIPS, ALLY_TARGETS, DESERTIONS]].sum(axis=1)
    found: dict[str, Any] = {
        "established": out.ruler >= 0,
        "month": np.where(out.ruler >= 0, out.since, world.months),
        "leader_share": out.share.max(axis=1),
        "effective_number": lab_runs.effective_number(out.share),
        "removed": removed,
        "removed_1926": lab_runs.removed_by(world, out, lab_runs.year_end(world, 1926)),
        "questions_a_year": out.count[:, CONTESTS] / years,
        "roll_calls_a_year": out.count[:, ROLL_CALLS] / years,
        "switches_a_year": switches / years,
        "switches_a_question": switches / np.maximum(1, out.count[:, CONTESTS]),
        "took_place": took_place(world, out),
        "ruler_most_visible": most_visible(out, table),
        "ruler_holds_post": holds_post(world, out),
    }
    for place, name in enumerate(names):
        found[f"sole rule of {name}"] = out.ruler == place
        found[f"share of {name}"] = out.share[:, place]
        found[f"seat of {name}"] = out.status[:, place] == FULL
    return pd.DataFrame({key: np.asarray(value, dtype=np.float32) for key, value in found.items()})


def took_place(world: World, out: Outcomes) -> NDArray[np.bool_]:
    """Whether all interventions of the world met their preconditions; yes where it has none."""
    if not any(event.intervention for event in world.events):
        return np.ones(len(out.ruler), dtype=bool)
    whole: NDArray[np.bool_] = (out.count[:, MET] > 0) & (out.count[:, UNMET] == 0)
    return whole


def most_visible(out: Outcomes, table: Values) -> NDArray[np.bool_]:
    """Whether the run's ruler was already, by the others' perceptions, the most visible member.

    At the first marked month; visible: half the prestige share, half the perceived base.
    """
    prestige = out.prestige_at[:, 0]
    voice = prestige / np.maximum(prestige.sum(axis=1, keepdims=True), 1e-12)
    seen = 0.5 * voice + 0.5 * (1.0 - table[:, PLACE["opacity"]])[:, None] * out.base_at[:, 0]
    first: NDArray[np.bool_] = (out.ruler >= 0) & (seen.argmax(axis=1) == out.ruler)
    return first


def holds_post(world: World, out: Outcomes) -> NDArray[np.bool_]:
    """Whether the run's ruler is who held the strongest appointing post at the start."""
    rates = world.body.office_rate
    holder = int(world.body.office_holder[int(rates.argmax())]) if len(rates) else -1
    same: NDArray[np.bool_] = (out.ruler >= 0) & (out.ruler == holder)
    return same


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
    return source_hash() + hashlib.blake2b(Path(__file__).read_bytes(), digest_size=8).hexdigest()
