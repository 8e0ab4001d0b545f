"""The gate: whether the rule book can say yes and no, before any claim is run.

Over sets of the prior, the effects that the claims are about are formed in worlds that share
their luck. A set is *confirmed* where its effect is beyond `BEYOND` in the first round and,
measured again with fresh seeds and more histories, beyond it on the same side: in the first round
the extremes are mostly noise. Every set beyond it is measured again, the most extreme first, up to
a cap. An effect can be answered *yes* where at least `LEAST` of all sets are confirmed above, *no*
where as many are below:

    retested a side <= ceil(CAP sets),    needed = ceil(LEAST sets)

which is at most 60 and 20 for 400 sets. A side that is short of that is said to be short; nothing
here looks at which answer is the essay's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.lab.bench import Bench, Effort, Spec
from politburo_sim.lab.ensemble import Ensemble
from politburo_sim.lab.fit.calibration import Plan, draw_prior
from politburo_sim.lab.intervals import paired
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.state.body import FULL

Values = NDArray[np.float64]
Places = NDArray[np.int64]
#: An effect beyond this (a chance or a share of power) is one that matters.
BEYOND = 0.05
#: Share of all sets that must be confirmed on a side.
LEAST = 0.05
#: Share of all sets that are measured again on a side, at most.
CAP = 0.15
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Effect:
    """A weighted sum over worlds that differ in settings alone.

    arms : weight and settings of each world. of_one : the settings are traits of one head of the
    founding body, drawn for each set. judged : the gate asks for both answers of it.
    """

    name: str
    words: str
    arms: tuple[tuple[float, Mapping[str, float]], ...]
    judged: bool = True
    of_one: bool = False


def _all(level: float, **more: float) -> dict[str, float]:
    """Opportunism of everybody about a level, close together."""
    return {"opportunism": level, "opportunism_spread": 0.1, **more}


EFFECTS = (
    Effect("opportunism of all", "of everybody, 0.8 against 0.1, each within 0.1 of it",
           ((1.0, _all(0.8)), (-1.0, _all(0.1)))),
    Effect("opportunism of one man", "of one founding head, drawn for each set, 0.9 against 0.1",
           ((1.0, {"opportunism": 0.9}), (-1.0, {"opportunism": 0.1})), judged=False, of_one=True),
    Effect("switching", "allowed against barred",
           ((1.0, {"switching": 1}), (-1.0, {"switching": 0}))),
    Effect("unity", "all parts of the norm, 0.9 against 0.1",
           ((1.0, {"unity": 0.9}), (-1.0, {"unity": 0.1})), judged=False),
    Effect("opportunism x unity",
           "what opportunism of all does at unity 0.9, less what it does at 0.1",
           ((1.0, _all(0.8, unity=0.9)), (-1.0, _all(0.1, unity=0.9)),
            (-1.0, _all(0.8, unity=0.1)), (1.0, _all(0.1, unity=0.1)))),
)  # fmt: skip


@dataclass(frozen=True)
class Way:
    """A way to read the end of a history: an outcome (`politburo_sim.outcomes`) in words."""

    outcome: str
    name: str
    words: str


#: The first decides.
WAYS = (
    Way("established", "sole rule", "above half of the power for twelve months"),
    Way("established_clear", "sole rule, no rival coalition",
        "the same, while no rival coalition of two heads stands"),
    Way("leader_share", "leader's share", "largest share of power at the end"),
)  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How much is run: sets of the prior (16 or more), and histories of each (2 or more).

    again : histories of a set that is measured again.
    """

    sets: int
    histories: int
    again: int

    @property
    def cap(self) -> int:
        """Sets measured again on each side, at most."""
        return math.ceil(CAP * self.sets)

    @property
    def needed(self) -> int:
        """How many sets must be confirmed on a side."""
        return math.ceil(LEAST * self.sets)

    def said(self) -> dict[str, int]:
        """All of it, for a manifest."""
        return {"sets": self.sets, "histories": self.histories, "histories_again": self.again,
                "cap": self.cap, "needed": self.needed}  # fmt: skip


FULL_SIZE, QUICK_SIZE = Size(400, 40, 640), Size(60, 16, 64)


def runs_at_most(size: Size) -> int:
    """Runs of the whole gate, where every set is measured again."""
    arms = sum(len(effect.arms) for effect in EFFECTS)
    return arms * size.sets * (size.histories + size.again)


def extremes(effect: Values, cap: int) -> tuple[Places, Places]:
    """Places of the sets beyond the bound below and above, the most extreme first, up to a cap."""
    order = np.argsort(effect, kind="stable")
    below, above = order[effect[order] < -BEYOND], order[effect[order] > BEYOND]
    return below[:cap], above[::-1][:cap]


@dataclass(frozen=True)
class Found:
    """One effect read in one way.

    first : [sets] effect and error of each set. lowest, highest : the sets beyond the bound that
    are measured again, the most extreme first. again : effect and error of those sets (and of
    others), by set.
    """

    effect: Effect
    way: Way
    first: pd.DataFrame
    again: pd.DataFrame
    lowest: Places
    highest: Places

    @property
    def confirmed_above(self) -> int:
        """Of the sets above the bound, how many are above it again."""
        return int((self.again["effect"].loc[self.highest] > BEYOND).sum())

    @property
    def confirmed_below(self) -> int:
        """Of the sets below the bound, how many are below it again."""
        return int((self.again["effect"].loc[self.lowest] < -BEYOND).sum())


@dataclass
class Gate:
    """The prior's sets, where their worlds are run, and the luck.

    Arms are kept in `store` as they are finished; results depend on neither it nor `workers`.
    """

    plan: Plan
    size: Size
    seed: int
    store: Path
    tell: Tell = silent
    workers: int | None = None

    @cached_property
    def table(self) -> Values:
        """[sets, P] parameter vectors."""
        return draw_prior(self.plan, self.size.sets, self.seed, 0)

    @cached_property
    def heads(self) -> list[str]:
        """The heads of the founding body."""
        world = self.plan.built()
        return [world.names[k] for k in np.flatnonzero(world.body.status == FULL)]

    @cached_property
    def men(self) -> Places:
        """[sets] the head, by place, whose trait is set where an effect is of one man."""
        return np.random.default_rng([self.seed, 1]).integers(0, len(self.heads), self.size.sets)

    def _groups(self, effect: Effect, sets: Places) -> Iterator[tuple[int, Places]]:
        """Sets that are run in the same worlds, with the number of their stream of luck."""
        if not effect.of_one:
            yield 0, sets
            return
        for place in range(len(self.heads)):
            theirs = sets[self.men[sets] == place]
            if len(theirs):
                yield place + 1, theirs

    def measure(
        self, effect: Effect, sets: Places, histories: int, again: bool = False
    ) -> dict[Way, pd.DataFrame]:
        """Effect and error in each of these sets, indexed by set, for each way.

        Arms share their seeds within a set; `again` takes other seeds than the first round.
        """
        parts: dict[Way, list[pd.DataFrame]] = {}
        for group, members in self._groups(effect, sets):
            ensemble = Ensemble(self.table[members], np.full(len(members), 1.0 / len(members)))
            bench = Bench(
                Effort(len(members), histories), self.seed, self.store, self.store, self.tell,
                self.workers, sets=ensemble, stream=2 * group + again,
            )  # fmt: skip
            arms = self._arms(effect, group)
            for way in WAYS:
                frame = bench.effect(way.outcome, arms)
                parts.setdefault(way, []).append(frame.set_index(members))
        return {way: pd.concat(frames).sort_index() for way, frames in parts.items()}

    def _arms(self, effect: Effect, group: int) -> list[tuple[Spec, float]]:
        """The worlds of an effect and their weights, as the bench takes them."""
        world = {"scenario": self.plan.scenario}
        return [
            (world | ({"traits": {self.heads[group - 1]: settings}} if effect.of_one
                      else {"settings": settings}), weight)
            for weight, settings in effect.arms
        ]  # fmt: skip

    def retest(self, effect: Effect) -> list[Found]:
        """Measure an effect in all sets, and again in those beyond the bound in any way."""
        first = self.measure(effect, np.arange(self.size.sets), self.size.histories)
        ends = {way: extremes(f["effect"].to_numpy(), self.size.cap) for way, f in first.items()}
        chosen = np.unique(np.concatenate([side for pair in ends.values() for side in pair]))
        again = (
            self.measure(effect, chosen, self.size.again, again=True) if len(chosen)
            else {way: frame.iloc[:0] for way, frame in first.items()}
        )  # fmt: skip
        spared = self.size.sets - len(chosen)
        self.tell(len(effect.arms) * spared * self.size.again)
        return [Found(effect, way, first[way], again[way], *ends[way]) for way in first]


def measure_all(gate: Gate) -> list[Found]:
    """All effects, read in all ways."""
    found = []
    for effect in EFFECTS:
        gate.tell(0, effect.name)
        found += gate.retest(effect)
    return found


def by_luck(errors: Values) -> float:
    """How many of these sets would be confirmed on a side if none had any effect at all."""
    return float(sum(0.5 * math.erfc(BEYOND / (e * math.sqrt(2.0))) for e in errors if e > 0))


def answers(above: int, below: int, needed: int) -> str:
    """What the rules can say of an effect."""
    yes, no = above >= needed, below >= needed
    return "yes and no" if yes and no else "yes only" if yes else "no only" if no else "neither"


def without_noise(effect: Values, error: Values) -> Values:
    """Effects drawn in to their mean, until their variance is that of true effects.

    m + k (e - m) with k^2 = 1 - mean(s^2) / var(e), and k = 0 where noise explains it all. The
    shape stays; no set is weighted by its error, since sets without any effect have the least.
    """
    mean, variance = effect.mean(), effect.var(ddof=1)
    left = max(0.0, 1.0 - float((error * error).mean()) / variance) if variance > 0 else 0.0
    drawn: Values = mean + math.sqrt(left) * (effect - mean)
    return drawn


def _spread(effect: Values, prefix: str = "") -> dict[str, float]:
    """Quantiles over sets, and shares of sets beyond the bound on each side."""
    at = zip(QUANTILES, np.quantile(effect, QUANTILES).tolist(), strict=True)
    return {
        **{f"{prefix}q{100 * q:02.0f}": x for q, x in at},
        f"{prefix}above": float((effect > BEYOND).mean()),
        f"{prefix}below": float((effect < -BEYOND).mean()),
    }


def _row(found: Found, size: Size) -> dict[str, Any]:
    effect, error = (found.first[name].to_numpy(dtype=float) for name in ("effect", "error"))
    mean, low, high = paired(effect)
    above, below = found.confirmed_above, found.confirmed_below
    again = found.again
    retested = np.concatenate([found.lowest, found.highest])
    return {
        "effect": found.effect.name, "way": found.way.name, "judged": found.effect.judged,
        "mean": mean, "low": low, "high": high,
        **_spread(effect), **_spread(without_noise(effect, error), "true_"),
        "needed": size.needed, "cap": size.cap,
        "confirmed_above": above, "confirmed_below": below,
        "retested_above": len(found.highest), "retested_below": len(found.lowest),
        "error": _mean(again["error"], retested),
        "again_above": _mean(again["effect"], found.highest),
        "again_below": _mean(again["effect"], found.lowest),
        "luck_above": by_luck(again["error"].loc[found.highest].to_numpy()),
        "luck_below": by_luck(again["error"].loc[found.lowest].to_numpy()),
        "says": answers(above, below, size.needed),
    }  # fmt: skip


def _mean(values: pd.Series, sets: Places) -> float:
    """Mean over some sets; nan where there are none."""
    return float(values.loc[sets].mean())


def effects_table(found: Sequence[Found], size: Size) -> pd.DataFrame:
    """One row an effect and way.

    mean, low, high : over sets, with a 95 % interval. q05 ... q95, above, below : of the first
    round, noise included. true_... : the same with the noise of runs taken out (`without_noise`).
    error, again_... : mean error and effect of the retested sets, empty where none is. luck_... :
    how many of them would be confirmed if none had an effect. says : what the rules can answer.
    """
    return pd.DataFrame([_row(one, size) for one in found])


def gate_table(table: pd.DataFrame) -> pd.DataFrame:
    """One row an effect, by the first way: shares beyond, confirmed sets, what can be answered."""
    return table.loc[
        table["way"] == WAYS[0].name,
        ["effect", "above", "below", "confirmed_above", "confirmed_below", "retested_above",
         "retested_below", "error", "needed", "judged", "says"],
    ]  # fmt: skip


def hanging(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the effects whose mean is surely above nought in one way and below in another."""
    sign = np.sign(table["mean"]).where(table["low"] * table["high"] > 0, 0.0)
    grouped = sign.groupby(table["effect"])
    both = (grouped.transform("min") < 0) & (grouped.transform("max") > 0)
    return table[both & (sign != 0)]
