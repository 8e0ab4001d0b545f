"""Did it matter from here on? Two worlds from one month of one history, with the same luck.

Both worlds are the same up to the month, and so is the history. From there on pairs of futures are
run, each with luck of its own that both of a pair share: the same futures as those of the month's
odds (`lab.ahead.odds`). What is said holds for this history at its own parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from politburo_sim.files.errors import InputError
from politburo_sim.lab.ahead.futures import Futures
from politburo_sim.lab.bench import Effort
from politburo_sim.lab.matter import saying
from politburo_sim.lab.matter.effects import Effect
from politburo_sim.lab.matter.saying import ANYBODY
from politburo_sim.lab.matter.twins import paired_effect
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.sources import world_of
from politburo_sim.months import month_key, month_name
from politburo_sim.outcomes import NEWCOMER
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
        main = self.main
        return saying.of_change(main.who, main.base, main.alt, main.effect, "this history's rules")

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
    return compared(
        Futures(base, seed, month), Futures(alt, seed, month), who, pairs, workers, tell
    )


def whose(world: World, who: str | None) -> str:
    """Whose sole rule is asked about; default whom the world names as leading, else anybody."""
    asked, names = who or world.scenario.leading or ANYBODY, world.names[: world.members]
    if asked not in (*names, ANYBODY):
        raise InputError("no such member", key="--who", given=asked,
                         allowed=f"{', '.join(names)}, or {ANYBODY}")  # fmt: skip
    return asked


def compared(
    base: Futures, alt: Futures, who: str | None = None, pairs: int = PAIRS,
    workers: int | None = None, tell: Tell = silent,
) -> Onward:  # fmt: skip
    """Compare as `onward` does, by futures of which some may have been run already."""
    world, seed, month = base.world, base.seed, base.month
    asked, names = whose(world, who), world.names[: world.members]
    if not _same(base.state(), alt.state()):
        raise InputError(
            "the worlds differ before that month", key="--from",
            given=month_key(world.start, month), allowed="the first month that differs, or earlier",
        )  # fmt: skip
    before, after = (futures.rulers(pairs, workers, tell) for futures in (base, alt))
    there = [*names, NEWCOMER, ANYBODY]
    part = world_of(base.world) != world_of(alt.world)
    found = {name: _moved(name, before, after, part) for name in there}
    rest = [
        one for name, one in found.items()
        if name != asked and (name == ANYBODY or one.base or one.alt)
    ]  # fmt: skip
    rest.sort(key=lambda one: -abs(one.effect.effect))
    return Onward(
        month_name(world.start, month), month_key(world.start, month), month, seed, pairs,
        found[asked], tuple(rest),
    )  # fmt: skip


def _same(one: Any, two: Any) -> bool:
    """Whether two bodies are in the same state."""
    return one.dtype == two.dtype and all(
        np.array_equal(one[name], two[name], equal_nan=one[name].dtype.kind == "f")
        for name in one.dtype.names
    )


def _moved(who: str, base: Sequence[str], alt: Sequence[str], part: bool) -> Moved:
    sides = [
        np.array([bool(name) if who == ANYBODY else name == who for name in rulers], dtype=float)
        for rulers in (base, alt)
    ]
    one, two = sides
    found = paired_effect(Effort(1, len(base)), two - one, part=part)
    return Moved(who, float(one.mean()), float(two.mean()), found.within(1.0))
