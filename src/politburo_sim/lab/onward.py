"""Did it matter from here on? Two worlds from one month of one history, with the same luck.

Both worlds are the same up to the month, and so is the history. From there on pairs of futures are
run, each with luck of its own that both of a pair share: the same futures as those of the month's
odds (`lab.odds`). What is said holds for this history at its own parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from politburo_sim.files.errors import InputError
from politburo_sim.lab import saying
from politburo_sim.lab.bench import Effort
from politburo_sim.lab.effects import Effect
from politburo_sim.lab.odds import NOBODY_RULES, future_seeds
from politburo_sim.lab.runs import Tell, run_many, silent
from politburo_sim.lab.saying import ANYBODY
from politburo_sim.lab.twins import paired_effect
from politburo_sim.months import month_key, month_name
from politburo_sim.outcomes import NEWCOMER, ruler_names
from politburo_sim.run.model import Politburo
from politburo_sim.worlds.world import World

#: Pairs of futures, unless more are asked for.
PAIRS = 1_000


@dataclass(frozen=True)
class Moved:
    """Somebody's chance of sole rule in both worlds, and the effect with its interval."""

    who: str
    base: float
    alt: float
    effect: Effect


@dataclass(frozen=True)
class Onward:
    """What a change does from a month of a history on.

    date, month : the month, in words and as files write it. lived : months before it.
    main : whose chance was asked about.
    others : anybody, and all others who have a chance in either world, most moved first.
    """

    date: str
    month: str
    lived: int
    seed: int
    pairs: int
    main: Moved
    others: tuple[Moved, ...]

    @property
    def sentence(self) -> str:
        """The answer in the words of every comparison."""
        return saying.of_change(self.main.who, self.main.base, self.main.alt, self.main.effect)

    def chances(self) -> tuple[dict[str, float], dict[str, float]]:
        """Return everybody's chance in both worlds, by name, as `lab.odds` has them."""
        found: tuple[dict[str, float], dict[str, float]] = ({}, {})
        for one in (self.main, *self.others):
            for side, chance in zip(found, (one.base, one.alt), strict=True):
                side[NOBODY_RULES if one.who == ANYBODY else one.who] = (
                    1 - chance if one.who == ANYBODY else chance
                )
        return found

    def summary(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        rows = [
            {"who": one.who, "base_chance": one.base, "alt_chance": one.alt}
            | one.effect.summary() for one in (self.main, *self.others)
        ]  # fmt: skip
        return {"from": self.month, "seed": self.seed, "pairs": self.pairs,
                "sentence": self.sentence, "chances": rows}  # fmt: skip


def onward(
    base: World,
    alt: World,
    seed: int,
    month: int,
    who: str | None = None,
    pairs: int = PAIRS,
    workers: int | None = None,
    tell: Tell = silent,
) -> Onward:
    """Compare two worlds from a month of one history on.

    Parameters
    ----------
    base, alt : the worlds; the same up to the month.
    seed, month : the history, and how many months of it have been lived.
    who : whose sole rule; default the one that the base world names as leading, else "anybody".
    pairs : pairs of futures.

    Raises
    ------
    InputError
        If the history is not the same in both up to the month, or nobody is called so.
    """
    asked = who or base.scenario.leading or ANYBODY
    names = base.names[: base.members]
    if asked not in (*names, ANYBODY):
        raise InputError("no such member", key="--who", given=asked,
                         allowed=f"{', '.join(names)}, or {ANYBODY}")  # fmt: skip
    lived = [_lived(world, seed, month) for world in (base, alt)]
    if not _same(*lived):
        raise InputError(
            "the worlds differ before that month", key="--from",
            given=month_key(base.start, month), allowed="the first month that differs, or earlier",
        )  # fmt: skip
    rulers = [_rulers(model, pairs, workers, tell) for model in lived]
    there = [*names, NEWCOMER, ANYBODY]
    found = {name: _moved(name, *rulers) for name in there}
    rest = [
        one for name, one in found.items()
        if name != asked and (name == ANYBODY or one.base or one.alt)
    ]  # fmt: skip
    rest.sort(key=lambda one: -abs(one.effect.effect))
    return Onward(
        month_name(base.start, month), month_key(base.start, month), month, seed, pairs,
        found[asked], tuple(rest),
    )  # fmt: skip


def _lived(world: World, seed: int, month: int) -> Politburo:
    model = Politburo(world, seed)
    while model.month < month:
        model.step()
    return model


def _same(one: Politburo, two: Politburo) -> bool:
    """Whether two bodies are in the same state."""
    states = [vars(model.arrays) for model in (one, two)]
    return states[0].keys() == states[1].keys() and all(
        np.array_equal(array, states[1][name], equal_nan=array.dtype.kind == "f")
        for name, array in states[0].items()
    )


def _rulers(model: Politburo, pairs: int, workers: int | None, tell: Tell) -> Sequence[str]:
    """Return who rules alone at the end of each future, "" where nobody does."""
    seeds = future_seeds(model.seed, model.month, pairs)
    state = model.body if model.month else None
    out = run_many(
        model.world, seeds, first=model.month, state=state, workers=workers, tell=tell
    )  # fmt: skip
    return ruler_names(model.world, out)


def _moved(who: str, base: Sequence[str], alt: Sequence[str]) -> Moved:
    sides = [
        np.array([bool(name) if who == ANYBODY else name == who for name in rulers], dtype=float)
        for rulers in (base, alt)
    ]
    one, two = sides
    effort = Effort(1, len(base))
    return Moved(who, float(one.mean()), float(two.mean()), paired_effect(effort, two - one))
