"""Annealing over a record: whole histories, conditioned block of months by block of months.

The state of the chain is a whole history: a point of the unit cube (the prior's parameters, the
chance c that a roll call is recorded) and its luck, in parts small enough that one of them can be
another without everything after it falling apart (`rules.luck`): PARTS for each month and
FOUNDING_PARTS for the founding. Given it the log-likelihood is a number (`conditioned`). Blocks of
the record are brought in one after another, each by powers that keep half of the effective size;
then as many of the histories as there are chains are drawn, and each is moved by sweeps of
Metropolis moves. What a chain is after each of its sweeps is a history of the next population, so
that none of the work is lost (Dau and Chopin, Journal of the Royal Statistical Society B 84, 2022).
A sweep has moves of four kinds:

- other luck in a few parts of the newest block, lived again from its first month;
- the same in all months that lie behind;
- one parameter elsewhere, by a step that is fitted to it as the pass goes on, or a few;
- other luck in a few parts of the founding.

Where some rules may be absent (`absent`), the cube has one column more for each: below ABSENT a
history lives without that rule. The share of histories without it, against the prior share, is the
Bayes factor of leaving it out, the other rules in or out as may be: one pass weighs all of them.

The luck of acceptance is drawn first, so that a history is given up as soon as it cannot be taken.

The sum of the logs of mean weights estimates the log evidence (Del Moral, Doucet and Jasra 2006).
The spread within one pass is drift; errors are those between passes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from politburo_sim.lab.ensemble import between
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.weigh.conditioned import Conditioned, Values
from politburo_sim.lab.weigh.passes import Pass, Population
from politburo_sim.rules.luck import FOUNDING_PARTS
from politburo_sim.rules.luck import PARTS as LUCK_PARTS
from politburo_sim.state.body import NOBODY
from politburo_sim.state.minutes import PARTS
from politburo_sim.state.parameters import PLACE, TABLE

#: For each rule that may be absent, the settings by which it is.
Rules = Sequence[Mapping[str, float]]
#: The parameters that are sampled, in the table's order; the last column of a cube is c.
SAMPLED = tuple(p for p in TABLE if p.prior is not None)
#: Moves of a sweep: of the newest luck, all luck, parameters, the founding.
MOVES = (2, 2, 5, 1)
#: How many parts are moved at once: of a month's luck, of the founding's.
FEW, FEW_OF_FOUNDING = (1, 3, 8, 16), (1, 4, 16, 48)
#: Share of moves of one parameter alone; the rest move so many together.
ALONE, TOGETHER = 0.75, 3
#: Steps of a parameter alone, in the unit cube, are fitted so that this share is taken: how fast,
#: from where, and between which bounds (at the upper one a step is nearly a fresh draw).
WANTED, RATE, FIRST, STEPS = 0.35, 0.05, 0.3, (0.01, 1.0)
#: Prior chance that a rule is absent, where it may be.
ABSENT = 0.3
_SEEDS = 2**62
_NEVER = -1e9


@dataclass(frozen=True)
class Effort:
    """Chains, sweeps of each after each power, and independent passes.

    A population has chains x sweeps histories.
    """

    chains: int
    sweeps: int
    passes: int

    @property
    def histories(self) -> int:
        """Histories in a population."""
        return self.chains * self.sweeps


def width(rules: Rules = ()) -> int:
    """Columns of a cube: the parameters, the chance of recording, the rules that may be absent."""
    return len(SAMPLED) + 1 + len(rules)


def absent(cube: Values, rules: Rules) -> NDArray[np.bool_]:
    """Which rule each history lives without, [N, rules]."""
    found: NDArray[np.bool_] = cube[:, width() : width(rules)] < ABSENT
    return found


def points_of(cube: Values, settings: Mapping[str, float], rules: Rules = ()) -> Values:
    """Parameter vectors [N, P] of points of the unit cube, with a model's settings.

    rules : for each rule that may be absent, the settings by which it is.
    """
    table = np.tile([float(p.default) for p in TABLE], (len(cube), 1))
    for column, p in enumerate(SAMPLED):
        low, high = p.prior or (0.0, 0.0)
        table[:, PLACE[p.name]] = between(low, high, cube[:, column], p.whole)
    table[:, PLACE["coder_uncertainty"]] = 1.0
    for rule, gone in zip(rules, absent(cube, rules).T, strict=True):
        for name, value in rule.items():
            table[gone, PLACE[name]] = value
    for name, value in settings.items():
        table[:, PLACE[name]] = value
    return table


def recording_of(cube: Values, record: Conditioned) -> Values:
    """The chance c [N] that a roll call is in the record, of points of the unit cube."""
    low, high = record.recorded
    chance: Values = low + cube[:, len(SAMPLED)] * (high - low)
    return chance


@dataclass
class Annealing:
    """A pass under way."""

    record: Conditioned
    settings: dict[str, float]
    effort: Effort
    key: tuple[int, ...]
    tell: Tell = silent
    rules: Rules = ()

    def __post_init__(self) -> None:
        said = json.dumps([self.settings, *self.rules] if self.rules else self.settings)
        self.luck = np.random.default_rng([*self.key, _word(said)])
        self.steps = np.full(width(self.rules), FIRST)
        self.alone = np.zeros(0, np.int64)
        self.tried: dict[str, int] = {}
        self.taken: dict[str, int] = {}

    def weigh(
        self, now: Population, first: int, start: int, end: int, power: float = 1.0,
        least: Values | None = None, keep: bool = True,
    ) -> Population:  # fmt: skip
        """The same histories lived from month `first` to `end`.

        One that falls short of `least` is given up, with a log-likelihood of -inf. Lived from the
        founding, states before `start` are kept where they are wanted.
        """
        points = points_of(now.cube, self.settings, self.rules)
        recording = recording_of(now.cube, self.record)
        mark = first == 0 and keep
        marked = self.record.states(len(now.cube)) if mark else now.states
        like, _ = self.record.run(
            points, recording, now.seeds, end, first=first, states=now.states,
            mark=start if mark else NOBODY, marked=marked, origins=now.origins,
            behind=start, power=power, least=least,
        )  # fmt: skip
        parts = now.parts.copy()
        parts[:, first:end] = like[:, first:]
        parts[:, end:] = parts[:, end - 1 : end]
        return Population(now.cube, now.seeds, now.origins, parts, marked)

    def run(self) -> Pass:
        """Bring in the record, block by block."""
        n, luck = self.effort.histories, self.luck
        cube = luck.random((n, width(self.rules)))
        seeds = np.zeros((n, 1 + self.record.end, 1 + LUCK_PARTS), np.int64)
        seeds[:, :, 0] = luck.integers(0, _SEEDS, (n, 1 + self.record.end))
        now = Population(
            cube, seeds, np.zeros((n, FOUNDING_PARTS), np.int64),
            np.zeros((n, self.record.end, PARTS)),
        )  # fmt: skip
        logs: list[float] = []
        kinds: list[Values] = []
        without: list[Values] = []
        start = 0
        evidence = 0.0
        for end in self.record.blocks:
            now = self.weigh(now, 0, start, end, keep=False)
            power = 0.0
            while power < 1.0:
                gain = now.like[:, end - 1] - (now.like[:, start - 1] if start else 0.0)
                step = next_power(gain, power)
                weight = (step - power) * gain
                most = weight.max()
                odds = np.exp(weight - most)
                evidence += most + float(np.log(odds.mean()))
                drawn = systematic(odds / odds.sum(), luck.random(), self.effort.chains)
                chains = self.weigh(now.take(drawn), 0, start, end)
                now = self._moved(chains, start, end, step)
                power = step
            logs.append(evidence)
            before = now.parts[:, start - 1].mean(axis=0) if start else np.zeros(PARTS)
            share = now.parts[:, end - 1].mean(axis=0) - before
            last = logs[-2] if len(logs) > 1 else 0.0
            whole = share.sum()
            kinds.append(share * ((evidence - last) / whole) if whole else share)
            without.append(absent(now.cube, self.rules).mean(axis=0))
            start = end
            self.tell(1)
        rates = {k: self.taken[k] / v for k, v in self.tried.items() if v}
        return Pass(
            self.record.blocks, np.array(logs), np.cumsum(kinds, axis=0), np.array(without),
            self._apart(now), now, rates,
        )  # fmt: skip

    def _apart(self, now: Population) -> Values:
        """By how much histories without each rule are the likelier, by kind, [rules, PARTS]."""
        gone = absent(now.cube, self.rules)
        found = np.full((len(self.rules), PARTS), np.nan)
        for k, without in enumerate(gone.T):
            if 0 < without.sum() < len(without):
                last = now.parts[:, -1]
                found[k] = last[without].mean(axis=0) - last[~without].mean(axis=0)
        return found

    def _moved(self, now: Population, start: int, end: int, power: float) -> Population:
        """All that the chains are after each of their sweeps."""
        kinds: list[tuple[str, int, Callable[[], Population]]] = [
            ("newest luck", start, lambda: self._luck(now, start, end)),
            ("luck", 0, lambda: self._luck(now, 0, end)),
            ("parameters", 0, lambda: self._parameters(now)),
            ("founding", 0, lambda: self._founding(now)),
        ]
        found = []
        for _ in range(self.effort.sweeps):
            for (name, first, proposal), times in zip(kinds, MOVES, strict=True):
                for _ in range(times):
                    self._move(now, name, first, proposal(), start, end, power)
            found.append(now.take(np.arange(len(now.cube))))
        return Population.of(found)

    def _luck(self, now: Population, first: int, last: int) -> Population:
        """Other luck in a few parts of the months first..last-1."""
        n, luck = len(now.cube), self.luck
        seeds = now.seeds.copy()
        number, most = luck.choice(FEW, n), max(FEW)
        months = luck.integers(first, last, (n, most))
        parts = luck.integers(0, LUCK_PARTS, (n, most))
        fresh = luck.integers(0, _SEEDS, (n, most))
        for step in range(most):
            here = np.flatnonzero(step < number)
            seeds[here, 1 + months[here, step], 1 + parts[here, step]] = fresh[here, step]
        return replace(now, seeds=seeds)

    def _parameters(self, now: Population) -> Population:
        """One parameter elsewhere, by a step of its own size, or three by smaller ones."""
        n, luck = len(now.cube), self.luck
        d = now.cube.shape[1]
        which = luck.random((n, d)).argsort(axis=1)[:, :TOGETHER]
        alone = luck.random(n) < ALONE
        step = self.steps[which] * luck.normal(0.0, 1.0, which.shape)
        step[alone, 1:] = 0.0
        step[~alone] /= np.sqrt(TOGETHER)
        cube = now.cube.copy()
        np.add.at(cube, (np.arange(n)[:, None], which), step)
        self.alone = np.where(alone, which[:, 0], NOBODY)
        return replace(now, cube=reflect(cube))

    def _fit_steps(self, taken: NDArray[np.bool_]) -> None:
        """Wider steps for parameters of which more than WANTED are taken, narrower ones else."""
        for which, yes in zip(self.alone, taken, strict=True):
            if which != NOBODY:
                self.steps[which] *= np.exp(RATE * (float(yes) - WANTED))
        np.clip(self.steps, *STEPS, out=self.steps)

    def _founding(self, now: Population) -> Population:
        """Other luck in a few parts of the founding."""
        n, luck = len(now.cube), self.luck
        number = luck.choice(FEW_OF_FOUNDING, n)
        fresh = luck.integers(0, _SEEDS, now.origins.shape)
        here = luck.random(now.origins.shape) < (number / FOUNDING_PARTS)[:, None]
        return replace(now, origins=np.where(here, fresh, now.origins))

    def _move(
        self, now: Population, name: str, first: int, proposed: Population, start: int, end: int,
        power: float,
    ) -> None:  # fmt: skip
        def target(parts: Values) -> Values:
            like: Values = parts.sum(axis=2)
            held = np.maximum(like, _NEVER)  # given up: -inf, with which there is no reckoning
            behind = held[:, start - 1] if start else np.zeros(len(like))
            found: Values = behind + power * (held[:, end - 1] - behind)
            found[np.isneginf(like[:, end - 1])] = -np.inf
            return found

        least = target(now.parts) + np.log(self.luck.random(len(now.cube)))
        new = self.weigh(proposed, first, start, end, power, least)
        yes = target(new.parts) > least
        now.cube = np.where(yes[:, None], new.cube, now.cube)
        now.origins = np.where(yes[:, None], new.origins, now.origins)
        now.seeds[yes] = new.seeds[yes]
        now.parts[yes] = new.parts[yes]
        if name == "parameters":
            self._fit_steps(yes)
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


def systematic(weight: Values, at: float, number: int) -> NDArray[np.int64]:
    """So many places drawn in proportion to weights that sum to one, by systematic resampling."""
    marks = (np.arange(number) + at) / number
    return np.minimum(np.searchsorted(np.cumsum(weight), marks), len(weight) - 1)


def _word(said: str) -> int:
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=6).digest(), "big")
