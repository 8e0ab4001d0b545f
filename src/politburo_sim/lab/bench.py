"""The bench that experiments are run on: draws of the ensemble, their histories, and what is kept.

A *cell* is a world with settings; it is run once for each draw of the ensemble and each replicate,
and all cells of all experiments share the draws, the coders' sampling and the luck. What has been
run with the same rules, draws and settings is read again, so that an experiment that was stopped
goes on where it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.lab import store
from politburo_sim.lab.ensemble import Ensemble, load_ensemble
from politburo_sim.lab.runs import Tell, replicate_seeds, run_many, silent
from politburo_sim.lab.sources import code_of, world_of
from politburo_sim.lab.variants import variant
from politburo_sim.outcomes import Runs, marks_of, names_of, read, removals
from politburo_sim.record.record import Record
from politburo_sim.run.member import Member
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import copy_record
from politburo_sim.state.compiled import source_hash
from politburo_sim.state.parameters import PLACE
from politburo_sim.worlds.scenario import Scenario, singles
from politburo_sim.worlds.world import World, build_world

Values = NDArray[np.float64]
#: A world with what is changed in it (`variants.variant`), settings, and removals by lot.
Spec = Mapping[str, Any]
BATCH = 4_000
#: Runs in a chunk of a sweep's tables.
ROWS = 5_000


@dataclass(frozen=True)
class Effort:
    """How much is run: draws of the ensemble, and histories of each."""

    draws: int
    replicates: int

    @property
    def runs(self) -> int:
        """Runs of each world or design point."""
        return self.draws * self.replicates

    def of(self, runs: int) -> Effort:
        """As many draws as before, where so many runs leave two to each."""
        draws = min(self.draws, max(1, runs // 2))
        return Effort(draws, runs // draws)


def prepare(spec: Spec, ensemble: Ensemble) -> tuple[World, Values]:
    """The world of a cell, and its parameter vectors: the draws, the world's rules, settings."""
    scenario = _world_of(spec)
    points = set_in(ensemble.table, scenario.rules, spec.get("settings", {}))
    return build_world(scenario), points


def set_in(points: Values, *layers: Mapping[str, float]) -> Values:
    """Parameter vectors with what layers of settings set, a later one over an earlier."""
    made = points.copy()
    for layer in layers:
        for name, value in singles(layer).items():
            made[:, PLACE[name]] = value
    return made


def lived(
    world: World, points: Values, seeds: NDArray[np.int64], tell: Tell = silent
) -> Iterator[Record]:
    """The records of histories on the Mesa driver, one for each parameter vector and seed."""
    for point, seed in zip(points, seeds, strict=True):
        yield Politburo(with_point(world, point), int(seed)).run().record
        tell(1)


def with_point(world: World, point: Values) -> World:
    """The world with one draw's parameters, for the Mesa driver."""
    body = copy_record(world.body)
    body.par[:] = point
    return replace(world, body=body)


@dataclass
class Bench:
    """Where an experiment is run.

    folder : the experiment's own; cells : what is kept from one experiment to another; tell : told
    of progress. rows, member_class, cluster : of sweeps alone (`kinds.sweep`). sets : draws
    in place of the shipped ensemble; stream : other luck of the same master seed. held,
    cells_held : what has been made or read, by its key and by what a cell says.
    """

    effort: Effort
    seed: int
    folder: Path
    cells: Path
    tell: Tell = silent
    workers: int | None = None
    rows: int = ROWS
    member_class: type[Member] = Member
    cluster: str | None = None
    sets: Ensemble | None = None
    stream: int = 0
    held: dict[str, pd.DataFrame] = field(default_factory=dict)
    cells_held: dict[str, pd.DataFrame] = field(default_factory=dict)

    @cached_property
    def ensemble(self) -> Ensemble:
        """The draws."""
        return (self.sets or load_ensemble()).thin(self.effort.draws)

    def batches(self, size: int = BATCH) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Seeds and draw of the runs of a cell, the same in all cells, in parts of a size."""
        seeds = replicate_seeds(self.seed, self.effort.runs, self.stream)
        which = np.arange(self.effort.runs) // self.effort.replicates
        return [
            (seeds[start : start + size], which[start : start + size])
            for start in range(0, self.effort.runs, size)
        ]

    def kept(self, said: Any, make: Callable[[], pd.DataFrame], runs: int = 0) -> pd.DataFrame:
        """The table that `said` stands for under these rules and draws, made if it is not there.

        It depends on the code of whoever makes it as well. runs : what is told of as done where
        the table is read.
        """
        code = source_hash(), code_of(__file__, make.__code__.co_filename)
        draws = hashlib.blake2b(self.ensemble.table.tobytes(), digest_size=16).hexdigest()
        effort = vars(self.effort)
        key = store.key_of(code, said, effort, self.seed, self.stream, draws)
        if key not in self.held:
            self.held[key], there = store.kept(self.cells / f"{key}.parquet", key, make)
            if there:
                self.tell(runs)
        return self.held[key]

    def cell(self, spec: Spec) -> pd.DataFrame:
        """All outcomes of all runs of a cell, draw by draw."""
        said = repr(sorted(spec.items()))
        if said not in self.cells_held:
            self.cells_held[said] = self.kept(
                _made_from(spec), lambda: self._run(spec), self.effort.runs
            )
        return self.cells_held[said]

    def histories(self, spec: Spec, *, series: bool = False) -> Iterator[Runs]:
        """The runs of a cell in parts, the same in all cells; with power by month if `series`."""
        world, points = prepare(spec, self.ensemble)
        for seeds, which in self.batches():
            lots = self._lots(spec["lots_of"], seeds, which) if "lots_of" in spec else None
            out = run_many(
                world, seeds, points, which, series=series, marks=marks_of(world), lots=lots,
                workers=self.workers, tell=self.tell,
            )  # fmt: skip
            yield Runs(world, out, points[which])

    def _run(self, spec: Spec) -> pd.DataFrame:
        parts = [
            pd.DataFrame(read(names_of(runs.world), runs), dtype=np.float32)
            for runs in self.histories(spec)
        ]
        draw = np.arange(self.effort.runs) // self.effort.replicates
        return pd.concat(parts, ignore_index=True).assign(draw=draw)

    def _lots(
        self, spec: Spec, seeds: NDArray[np.int64], which: NDArray[np.int64]
    ) -> NDArray[np.int8]:
        """Removals month by month in another cell's runs, to be handed out by lot."""
        world, points = prepare(spec, self.ensemble)
        first = removals(world, run_many(world, seeds, points, which, workers=self.workers))
        lots = np.zeros((len(seeds), world.months), np.int8)
        run, member = np.nonzero(first < world.months)
        np.add.at(lots, (run, first[run, member]), 1)
        return lots

    def effect(
        self, outcome: str, parts: Sequence[tuple[Spec, float]], given: str | None = None
    ) -> pd.DataFrame:
        """A weighted sum of an outcome over cells, formed run by run, in each draw.

        Shared luck cancels run by run. given : an outcome of the first cell that must be 1 in a
        run for it to count.

        Returns
        -------
        One row a draw: mean over its runs, standard error, and runs that counted.
        """
        return by_draw(*self._by_run(outcome, parts, given), self.effort)

    def moves(
        self, outcome: str, parts: Sequence[tuple[Spec, float]], given: str | None = None
    ) -> Values:
        """[draws, R] what each run moves the effect of its draw by, (x - mean x) / n."""
        total, keep = self._by_run(outcome, parts, given)
        shape = (self.effort.draws, self.effort.replicates)
        kept = keep.reshape(shape)
        some = np.maximum(kept.sum(axis=1, keepdims=True), 1)
        values = np.where(kept, total.reshape(shape), 0.0)
        found: Values = (
            np.where(kept, values - values.sum(axis=1, keepdims=True) / some, 0.0) / some
        )
        return found

    def _by_run(
        self, outcome: str, parts: Sequence[tuple[Spec, float]], given: str | None
    ) -> tuple[Values, NDArray[np.bool_]]:
        """The weighted sum in each run, and which runs count."""
        total = sum(weight * self.cell(spec)[outcome].to_numpy(float) for spec, weight in parts)
        keep = np.ones(self.effort.runs, dtype=bool)
        if given is not None:
            keep = self.cell(parts[0][0])[given].to_numpy() > 0
        return np.asarray(total), keep


def by_draw(total: Values, keep: NDArray[np.bool_], effort: Effort) -> pd.DataFrame:
    """Mean, standard error and count of each draw's runs; draws without runs are left out."""
    shape = (effort.draws, effort.replicates)
    values = np.where(keep, total, 0.0).reshape(shape)
    count = keep.reshape(shape).sum(axis=1)
    some = np.maximum(count, 1)
    mean = values.sum(axis=1) / some
    spread = (np.where(keep.reshape(shape), values - mean[:, None], 0.0) ** 2).sum(axis=1)
    # With few runs a draw may show no spread at all; one run's worth is then assumed.
    variance = (spread + 1.0 / some * (np.abs(values).max() or 1.0) ** 2) / some
    frame = pd.DataFrame(
        {"draw": np.arange(effort.draws), "effect": mean, "error": np.sqrt(variance / some),
         "n": count}
    )  # fmt: skip
    return frame[frame["n"] > 1].reset_index(drop=True)


def _made_from(spec: Spec) -> list[Any]:
    """What the runs of a cell depend on, besides the draws."""
    world = build_world(_world_of(spec))
    lots = [_made_from(spec["lots_of"])] if "lots_of" in spec else []
    return [world_of(world), spec.get("settings", {}), *lots]


def _world_of(spec: Spec) -> Scenario:
    """The world of a cell, with what is changed in it."""
    return variant(**{key: spec[key] for key in spec if key not in ("settings", "lots_of")})
