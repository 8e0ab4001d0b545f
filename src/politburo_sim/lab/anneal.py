"""Annealing over a record: whole histories, conditioned block of months by block of months.

The state of the chain is a whole history: a point of the unit cube (the prior's parameters, the
chance c that a roll call is recorded) and one seed for the founding and for each month. Given it
the log-likelihood is a number (`conditioned`). Blocks of the record are brought in one after
another, each by powers that keep half of the effective size; then resampling, and sweeps of
Metropolis moves:

- new luck for a few months of the newest block, lived again from its first month;
- new luck for a few months of all that lie behind;
- a few parameters moved along the difference of two other histories (ter Braak 2006);
- a new founding.

The sum of the logs of mean weights estimates the log evidence (Del Moral, Doucet and Jasra 2006).
The spread within one pass is drift; errors are those between passes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from politburo_sim.lab import store
from politburo_sim.lab.conditioned import Conditioned, Seeds, Values
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.state.body import NOBODY
from politburo_sim.state.minutes import PARTS
from politburo_sim.state.parameters import PLACE, TABLE

#: The parameters that are sampled, in the table's order; the last column of a cube is c.
SAMPLED = tuple(p for p in TABLE if p.prior is not None)
#: Moves of the newest luck for each of all luck.
NEWEST = 4
_SEEDS = 2**62


@dataclass(frozen=True)
class Effort:
    """Histories in a population, sweeps after each power, and independent passes."""

    histories: int
    sweeps: int
    passes: int


@dataclass
class Population:
    """Histories as cubes [N, d + 1] and seeds [N, 1 + months], and their log-likelihood [N, T].

    `parts` [N, T, PARTS] is the log-likelihood by kind, cumulative over months; `states` [N] are
    those before the newest block.
    """

    cube: Values
    seeds: Seeds
    parts: Values
    states: Any

    @property
    def like(self) -> Values:
        """Log-likelihood to the end of each month."""
        total: Values = self.parts.sum(axis=2)
        return total

    def take(self, places: NDArray[np.int64]) -> Population:
        """Some of the histories."""
        return Population(
            self.cube[places], self.seeds[places], self.parts[places], self.states[places]
        )


@dataclass(frozen=True)
class Pass:
    """One pass: the log evidence to the end of each block, by kind, and the last population.

    blocks : months. evidence : [B] cumulative. kinds : [B, PARTS] its parts, shared out in
    proportion to the mean log-likelihoods of the population.
    """

    blocks: list[int]
    evidence: Values
    kinds: Values
    population: Population
    accepted: dict[str, float]


def points_of(cube: Values, settings: dict[str, float]) -> Values:
    """Parameter vectors [N, P] of points of the unit cube, with a model's settings."""
    table = np.tile([float(p.default) for p in TABLE], (len(cube), 1))
    for column, p in enumerate(SAMPLED):
        low, high = p.prior or (0.0, 0.0)
        values = low + cube[:, column] * (high - low)
        table[:, PLACE[p.name]] = np.round(values) if p.whole else values
    table[:, PLACE["coder_uncertainty"]] = 1.0
    for name, value in settings.items():
        table[:, PLACE[name]] = value
    return table


def recording_of(cube: Values, record: Conditioned) -> Values:
    """The chance c [N] that a roll call is in the record, of points of the unit cube."""
    low, high = record.recorded
    chance: Values = low + cube[:, -1] * (high - low)
    return chance


@dataclass
class Annealing:
    """A pass under way."""

    record: Conditioned
    settings: dict[str, float]
    effort: Effort
    key: tuple[int, ...]
    tell: Tell = silent

    def __post_init__(self) -> None:
        self.luck = np.random.default_rng([*self.key, _word(json.dumps(self.settings))])
        self.tried: dict[str, int] = {}
        self.taken: dict[str, int] = {}

    def weigh(self, now: Population, first: int, start: int, end: int) -> Population:
        """The same histories lived from month `first` to `end`; states are those before `start`."""
        points, recording = points_of(now.cube, self.settings), recording_of(now.cube, self.record)
        marked = now.states if first else self.record.states(len(now.cube))
        like, _ = self.record.run(
            points, recording, now.seeds, end, first=first, states=now.states,
            mark=NOBODY if first else start, marked=marked,
        )  # fmt: skip
        parts = now.parts.copy()
        parts[:, first:end] = like[:, first:]
        parts[:, end:] = parts[:, end - 1 : end]
        return Population(now.cube, now.seeds, parts, marked)

    def run(self) -> Pass:
        """Bring in the record, block by block."""
        n, luck = self.effort.histories, self.luck
        cube = luck.random((n, len(SAMPLED) + 1))
        seeds = luck.integers(0, _SEEDS, (n, 1 + self.record.end))
        now = Population(cube, seeds, np.zeros((n, self.record.end, PARTS)), self.record.states(n))
        logs: list[float] = []
        kinds: list[Values] = []
        start = 0
        evidence = 0.0
        for end in self.record.blocks:
            now = self.weigh(now, 0, start, end)
            power = 0.0
            while power < 1.0:
                gain = now.like[:, end - 1] - (now.like[:, start - 1] if start else 0.0)
                step = next_power(gain, power)
                weight = (step - power) * gain
                most = weight.max()
                odds = np.exp(weight - most)
                evidence += most + float(np.log(odds.mean()))
                now = now.take(systematic(odds / odds.sum(), luck.random()))
                power = step
                self._sweep(now, start, end, power)
            logs.append(evidence)
            before = now.parts[:, start - 1].mean(axis=0) if start else np.zeros(PARTS)
            share = now.parts[:, end - 1].mean(axis=0) - before
            last = logs[-2] if len(logs) > 1 else 0.0
            whole = share.sum()
            kinds.append(share * ((evidence - last) / whole) if whole else share)
            start = end
            self.tell(1)
        rates = {k: self.taken[k] / v for k, v in self.tried.items() if v}
        return Pass(self.record.blocks, np.array(logs), np.cumsum(kinds, axis=0), now, rates)

    def _sweep(self, now: Population, start: int, end: int, power: float) -> None:
        for sweep in range(self.effort.sweeps):
            for _ in range(NEWEST):
                self._move(
                    now, "newest luck", start, self._luck(now, start, end), start, end, power
                )
            self._move(now, "luck", 0, self._luck(now, 0, end), start, end, power)
            self._move(now, "parameters", 0, self._parameters(now), start, end, power)
            if sweep % 2 == 0:
                self._move(now, "founding", 0, self._founding(now), start, end, power)

    def _luck(self, now: Population, first: int, last: int) -> tuple[Values, Seeds]:
        n, luck = len(now.cube), self.luck
        seeds = now.seeds.copy()
        at = luck.integers(first, last, n)
        length = np.where(luck.random(n) < 0.7, 1, luck.integers(2, 7, n))
        fresh = luck.integers(0, _SEEDS, (n, 6))
        for step in range(6):
            here = (step < length) & (at + step < last)
            seeds[here, 1 + at[here] + step] = fresh[here, step]
        return now.cube, seeds

    def _parameters(self, now: Population) -> tuple[Values, Seeds]:
        n, luck = len(now.cube), self.luck
        d = now.cube.shape[1]
        one, other = luck.integers(0, n, (2, n))
        few = luck.random((n, d)) < luck.choice([1.0 / d, 4.0 / d, 0.3], n)[:, None]
        few[np.arange(n), luck.integers(0, d, n)] = True
        scale = 2.38 / np.sqrt(2.0 * few.sum(axis=1))
        step = scale[:, None] * (now.cube[one] - now.cube[other])
        step += luck.normal(0.0, 0.02, (n, d))
        moved = np.where(few, now.cube + step, now.cube)
        return reflect(moved), now.seeds

    def _founding(self, now: Population) -> tuple[Values, Seeds]:
        seeds = now.seeds.copy()
        seeds[:, 0] = self.luck.integers(0, _SEEDS, len(seeds))
        return now.cube, seeds

    def _move(
        self, now: Population, name: str, first: int, proposed: tuple[Values, Seeds], start: int,
        end: int, power: float,
    ) -> None:  # fmt: skip
        new = self.weigh(Population(*proposed, now.parts, now.states), first, start, end)

        def target(parts: Values) -> Values:
            like: Values = parts.sum(axis=2)
            behind = like[:, start - 1] if start else np.zeros(len(like))
            found: Values = behind + power * (like[:, end - 1] - behind)
            return found

        odds = target(new.parts) - target(now.parts)
        yes = np.log(self.luck.random(len(odds))) < odds
        now.cube = np.where(yes[:, None], new.cube, now.cube)
        now.seeds = np.where(yes[:, None], new.seeds, now.seeds)
        now.parts = np.where(yes[:, None, None], new.parts, now.parts)
        if first == 0:
            now.states[yes] = new.states[yes]
        self.tried[name] = self.tried.get(name, 0) + len(yes)
        self.taken[name] = self.taken.get(name, 0) + int(yes.sum())


def reflect(cube: Values) -> Values:
    """Numbers folded back into the unit cube at its walls."""
    folded = np.mod(cube, 2.0)
    return np.where(folded > 1.0, 2.0 - folded, folded)


def next_power(gain: Values, power: float, kept: float = 0.5) -> float:
    """The highest power up to 1 at which half of the effective size is kept."""
    if _effective((1.0 - power) * gain) >= kept * len(gain):
        return 1.0
    low, high = power, 1.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        if _effective((middle - power) * gain) >= kept * len(gain):
            low = middle
        else:
            high = middle
    return max(low, power + 1e-6)


def _effective(log_weight: Values) -> float:
    weight = np.exp(log_weight - log_weight.max())
    return float(weight.sum() ** 2 / (weight * weight).sum())


def systematic(weight: Values, at: float) -> NDArray[np.int64]:
    """Places drawn in proportion to weights that sum to one, by systematic resampling."""
    n = len(weight)
    marks = (np.arange(n) + at) / n
    return np.minimum(np.searchsorted(np.cumsum(weight), marks), n - 1)


def _word(said: str) -> int:
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=6).digest(), "big")


def save(found: Pass, path: Path, key: str) -> None:
    """Write a pass as two sealed tables; read it again with `load`."""
    people = found.population
    columns: dict[str, Any] = {f"cube {k}": c for k, c in enumerate(people.cube.T)}
    columns |= {f"seed {k}": c for k, c in enumerate(people.seeds.T)}
    histories = pd.DataFrame(columns)
    blocks = pd.DataFrame({"block": found.blocks, "evidence": found.evidence})
    for k in range(found.kinds.shape[1]):
        blocks[f"kind {k}"] = found.kinds[:, k]
    for name, rate in found.accepted.items():
        blocks[f"accepted {name}"] = rate
    for name, frame in (("histories", histories), ("blocks", blocks)):
        table = pa.Table.from_pandas(frame, preserve_index=False)
        store.write(path.with_suffix(f".{name}.parquet"), table, key)


def load(path: Path, key: str) -> Pass | None:
    """A pass from its tables, without log-likelihoods or states; None where it has to be run."""
    people = store.read(path.with_suffix(".histories.parquet"), key)
    log = store.read(path.with_suffix(".blocks.parquet"), key)
    if people is None or log is None:
        return None
    histories, blocks = people.to_pandas(), log.to_pandas()

    def those(frame: pd.DataFrame, word: str) -> Any:
        return frame[[c for c in frame if c.startswith(f"{word} ")]].to_numpy()

    return Pass(
        [int(b) for b in blocks["block"]], blocks["evidence"].to_numpy(), those(blocks, "kind"),
        Population(
            those(histories, "cube"), those(histories, "seed"), np.zeros((0, 0, PARTS)), None
        ),
        {c.removeprefix("accepted "): float(blocks[c].iloc[0])
         for c in blocks if c.startswith("accepted ")},
    )  # fmt: skip
