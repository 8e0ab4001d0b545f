"""Simulated records for a judge to read: how many, of which models, and where they are kept.

Each record is a history of the prior, with some rules out or by a null model, told by a chronicler
who keeps about as much as ours did (`told`), and turned into the numbers of `evidence.digest`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from politburo_sim.evidence import digest as digests
from politburo_sim.evidence.arrays import record_arrays
from politburo_sim.evidence.digest import digest
from politburo_sim.evidence.record import load_record
from politburo_sim.lab import store
from politburo_sim.lab.drivers import in_processes
from politburo_sim.lab.fit.models import Model
from politburo_sim.lab.provenance import rules_hash
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.sources import code_of, world_of
from politburo_sim.lab.weigh import told
from politburo_sim.lab.weigh.anneal import ABSENT, Rules, points_of, recording_of, width
from politburo_sim.lab.weigh.conditioned import Conditioned, Values
from politburo_sim.lab.weigh.given import whole_record
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

#: Records in a chunk, which is kept; share of positions that a chronicler keeps, low and high.
CHUNK, NAMED = 1_000, (0.3, 0.5)


@dataclass(frozen=True)
class Numbers:
    """Simulated records: with each rule in or out, of the rule book, of each null model."""

    rules: int
    model: int
    each: int

    @property
    def chunks(self) -> tuple[int, int, int]:
        """The same in chunks."""
        one, two, three = (max(1, round(n / CHUNK)) for n in (self.rules, self.model, self.each))
        return one, two, three

    def total(self, nulls: int) -> int:
        """Records of all tables."""
        one, two, three = self.chunks
        return CHUNK * (one + two + nulls * three)


USUAL, QUICK = Numbers(120_000, 40_000, 15_000), Numbers(6_000, 4_000, 2_000)


@dataclass(frozen=True)
class Records:
    """Digests of simulated records [N, K] and the points of the cube they were lived at [N, D].

    key : of all that they were made from.
    """

    digests: Values
    cubes: Values
    key: str = ""


@dataclass(frozen=True)
class Shelf:
    """All that is read: records with each rule in or out, of the rule book, of each null model."""

    mixed: Records
    plain: Records
    nulls: list[tuple[Model, Records]]


@cache
def _record(scenario: str) -> Conditioned:
    """A world with its record, once a process."""
    world = build_world(load_scenario(scenario))
    return whole_record(world, workers=1)


def recorded(scenario: str) -> tuple[list[str], Values]:
    """The digest of the record itself: names and numbers."""
    world = build_world(load_scenario(scenario))
    found = digest(world, record_arrays(world, load_record(world)))
    return list(found), np.array(list(found.values()))


def simulate(
    scenario: str, settings: dict[str, float], rules: Rules, luck: Sequence[int], number: int
) -> tuple[Values, Values]:
    """Digests and points of so many records of the prior, each told as well as ours may be."""
    record, rng = _record(scenario), np.random.default_rng(list(luck))
    cubes = rng.random((number, width(rules)))
    points, kept = points_of(cubes, settings, rules), recording_of(cubes, record)
    rows = []
    for point, share in zip(points, kept, strict=True):
        seeds = rng.integers(0, 2**62, 1 + record.end)
        named = rng.uniform(*NAMED)
        one = told.told(record, point, seeds, record.end, rng, float(share), named)
        rows.append(list(digest(record.world, one).values()))
    return np.array(rows), cubes


@dataclass(frozen=True)
class Library:
    """Where simulated records are kept, and how they are made."""

    scenario: str
    seed: int
    folder: Path
    workers: int | None = None
    tell: Tell = silent

    def read(
        self, name: str, chunks: int, settings: dict[str, float], rules: Rules = ()
    ) -> Records:
        """The records of a model; chunks that are there are read, the rest simulated."""
        key = store.key_of(
            rules_hash(), code_of(digests.__file__, told.__file__),
            world_of(build_world(load_scenario(self.scenario))), settings,
            list(rules), self.seed, CHUNK, NAMED, ABSENT,
        )  # fmt: skip
        files = [self.folder / f"{name}-{k:03}.parquet" for k in range(chunks)]
        missing = [k for k, file in enumerate(files) if store.read(file, key) is None]
        self.tell(CHUNK * (chunks - len(missing)), f"Records of {name}")
        jobs = [(self.scenario, settings, rules, (self.seed, _word(name), k), CHUNK)
                for k in missing]  # fmt: skip

        def keep(place: int, found: tuple[Values, Values]) -> None:
            columns = {f"digest {i}": column for i, column in enumerate(found[0].T)}
            columns |= {f"cube {i}": column for i, column in enumerate(found[1].T)}
            store.kept(files[missing[place]], key, lambda: pd.DataFrame(columns))
            self.tell(CHUNK)

        in_processes(simulate, jobs, self.workers, keep)
        tables = [store.read(file, key) for file in files]
        frame = pd.concat([store.frame_of(t) for t in tables if t is not None], ignore_index=True)
        digested, cubes = (
            frame[[c for c in frame if c.startswith(word)]].to_numpy()
            for word in ("digest", "cube")
        )
        return Records(digested, cubes, key)

    def gathered(
        self, numbers: Numbers, model: Model, rules: Sequence[Model], nulls: Sequence[Model]
    ) -> Shelf:
        """All that is read, in these numbers."""
        many, own, each = numbers.chunks
        return Shelf(
            self.read("rules", many, {}, [rule.settings for rule in rules]),
            self.read(model.name, own, model.settings),
            [(null, self.read(null.name, each, null.settings)) for null in nulls],
        )


def _word(said: str) -> int:
    return int(store.key_of(said)[:8], 16)
