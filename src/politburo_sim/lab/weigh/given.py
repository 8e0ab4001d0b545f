"""From where history stood: what comes after a month to which the record is imposed.

The record is annealed up to a month (`anneal`); each history then goes on freely, with fresh luck,
and so does the same history in a world in which something is different from that month on. What is
said of the future is a mean over independent passes, and its error is their spread, with the noise
of so many futures in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from politburo_sim.evidence.arrays import record_arrays
from politburo_sim.evidence.record import load_record
from politburo_sim.files.errors import InputError
from politburo_sim.lab.matter.saying import ANYBODY
from politburo_sim.lab.provenance import plain_world
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.weigh.anneal import Annealing, Effort, points_of, recording_of
from politburo_sim.lab.weigh.conditioned import Conditioned, make_minutes
from politburo_sim.lab.weigh.passes import Population
from politburo_sim.months import month_index, month_name
from politburo_sim.outcomes import ruler_names
from politburo_sim.worlds.edits import within
from politburo_sim.worlds.given import build_world
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import World

#: Chains, sweeps and passes where nothing else is asked for.
USUAL, QUICK = Effort(80, 4, 3), Effort(30, 2, 2)
#: Futures of each history.
FUTURES = 8
_FORESEEN = 7


@dataclass(frozen=True)
class Given:
    """Chances of established sole rule by the world's end, given the record to a month.

    month : the first that is free, as words. table : one row for anybody and for each member who
    has a chance: who, chance, low, high (95 %, between passes), and where there is an alternative
    the same of it (alt, alt low, alt high) and the effect (effect, effect low, effect high).
    """

    world: str
    alt: str | None
    month: str
    passes: int
    histories: int
    table: pd.DataFrame

    def __repr__(self) -> str:
        return f"{self.sentence}\n{self.table.to_string(index=False, float_format='%.3f')}"

    def chances(self, who: str) -> dict[str, float]:
        """The row of somebody; all nought where he has no chance."""
        rows = self.table[self.table["who"] == who]
        if len(rows):
            return dict(rows.iloc[0].drop("who"))
        return dict.fromkeys(self.table.columns.drop("who"), 0.0)

    @property
    def sentence(self) -> str:
        """The answer in words."""
        rows = self.table[self.table["who"] != ANYBODY]
        row = (rows if len(rows) else self.table).iloc[0]
        who = "somebody" if row["who"] == ANYBODY else row["who"]
        said = (
            f"Given the record to the eve of {self.month}, {who} becomes sole ruler in "
            f"{100 * row['chance']:.0f} of 100 histories"
        )
        if self.alt is None:
            return f"{said} ({100 * row['low']:.0f} to {100 * row['high']:.0f})."
        return (
            f"{said}; in {self.alt} in {100 * row['alt']:.0f}: {100 * row['effect']:+.1f} points "
            f"({100 * row['effect low']:+.1f} to {100 * row['effect high']:+.1f})."
        )


def whole_record(world: World, workers: int | None = None) -> Conditioned:
    """A world with all of its record."""
    return Conditioned.of(world, record_arrays(world, load_record(world)), workers)


def carried(record: Conditioned, other: World) -> Conditioned:
    """The record of one world, kept to in another."""
    entries = load_record(record.world)
    return replace(record, world=other, minutes=make_minutes(other, record_arrays(other, entries)))


def conditioned_to(world: World, month: int, workers: int | None = None) -> Conditioned:
    """A world with that part of its record that lies before a month, which it must reach."""
    full = whole_record(world, workers)
    if month > full.end:
        raise InputError(
            "the record does not reach so far", key="--given", given=month_name(world.start, month),
            allowed=f"a month to {month_name(world.start, full.end)}, the first after its end",
        )  # fmt: skip
    blocks = sorted({block for block in full.blocks if block < month} | {month})
    return replace(full, end=month, blocks=blocks)


def first_difference(base: World, alt: World) -> int:
    """The first month for which the calendars or agendas of two worlds differ."""

    def dated(world: World) -> set[tuple[str, str]]:
        said = world.scenario
        return {(e.date, repr(e)) for e in (*said.events, *said.questions)}

    apart = dated(base) ^ dated(alt)
    if not apart or base.scenario.members != alt.scenario.members:
        raise InputError(
            "the worlds differ from the start, or not at all", key=alt.scenario.name,
            allowed="a world that differs by dated events or questions only",
            hint="politburo-sim compare, without --given-all, asks about it freely",
        )  # fmt: skip
    return month_index(base.start, min(date for date, _ in apart))


def odds_given(
    world: World | str,
    month: str | None = None,
    against: World | str | None = None,
    effort: Effort = USUAL,
    futures: int = FUTURES,
    seed: int = 0,
    workers: int | None = None,
    tell: Tell = silent,
) -> Given:
    """Chances of sole rule given the record to a month, and in an alternative from then on.

    Parameters
    ----------
    world, against : worlds or names of scenarios; `against` differs by dated events only.
    month : such as "1925-12", the first that is free; default the first that differs.
    futures : free histories from each conditioned one.
    """
    base = build_world(world)
    other = None if against is None else build_world(against)
    free = first_free(base, other, month)
    record = conditioned_to(base, free, workers)
    found: list[dict[str, np.ndarray[Any, Any]]] = []
    for number in range(effort.passes):
        luck = np.random.default_rng([seed, number, _FORESEEN])
        people = Annealing(record, {}, effort, (seed, number), tell).run().population
        sides = {"base": _rulers(record, people, futures, luck)}
        if other is not None:
            luck = np.random.default_rng([seed, number, _FORESEEN])
            sides["alt"] = _rulers(carried(record, other), people, futures, luck)
        found.append(sides)
    return Given(
        base.scenario.name, None if other is None else other.scenario.name,
        month_name(base.start, free), effort.passes, effort.histories,
        _table(found, base, other is not None),
    )  # fmt: skip


def first_free(base: World, other: World | None, month: str | None) -> int:
    """The first month that is free: as asked, or the first for which the two worlds differ."""
    if month is None:
        if other is None:
            raise InputError("no month", key="--given", allowed="a month such as 1925-12")
        free = first_difference(base, other)
    else:
        free = month_index(base.start, within(base.scenario, month, "--given"))
        if other is not None and free > first_difference(base, other):
            raise InputError(
                "the alternative differs before that month", key="--given", given=month,
                allowed=f"{month_name(base.start, first_difference(base, other))} or earlier",
            )  # fmt: skip
    if free < 1:
        raise InputError("nothing comes before it", key="--given", given=base.scenario.start,
                         allowed=f"a later month, to {base.scenario.end}")  # fmt: skip
    return free


def blocks_given(world: str, month: str | None, against: str | None) -> int:
    """How many blocks of the record `odds_given` brings in, in all its usual passes."""
    base, other = build_world(world), None if against is None else build_world(against)
    return USUAL.passes * len(conditioned_to(base, first_free(base, other, month)).blocks)


def said_of(world: str, month: str | None, against: str | None, seed: int) -> dict[str, Any]:
    """What a manifest holds of `odds_given` with its usual effort; it alone fixes the chances."""
    other = None if against is None else plain_world(load_scenario(against), {})["scenario"]
    return {
        "kind": "odds given", **plain_world(load_scenario(world), {}), "against": other,
        "month": month, "seed": seed, "passes": USUAL.passes, "histories": USUAL.histories,
    }  # fmt: skip


def _rulers(
    record: Conditioned, people: Population, futures: int, luck: np.random.Generator
) -> np.ndarray[Any, Any]:
    """Who is the established ruler at the end of each future of each history."""
    points, recording = points_of(people.cube, {}), recording_of(people.cube, record)
    many = np.repeat(np.arange(len(points)), futures)
    seeds = np.zeros((len(many), 1 + record.world.months, people.seeds.shape[2]), np.int64)
    seeds[:, : 1 + record.end] = people.seeds[many, : 1 + record.end]
    seeds[:, 1 + record.end :, 0] = luck.integers(
        0, 2**62, (len(many), record.world.months - record.end)
    )
    out = record.run(
        points[many],
        recording[many],
        seeds,
        record.end,
        record.world.months,
        origins=people.origins[many],
    )[1]
    return np.array(ruler_names(record.world, out))


def _table(found: Sequence[dict[str, Any]], world: World, both: bool) -> pd.DataFrame:
    """The rows of `Given.table`, the likeliest member first, anybody last."""
    rows = []
    for who in (*world.names[: world.members], ANYBODY):
        row: dict[str, Any] = {"who": who}
        chances = {
            side: np.array([float(ruled_by(sides[side], who).mean()) for sides in found])
            for side in (("base", "alt") if both else ("base",))
        }
        if who != ANYBODY and not any((values > 0).any() for values in chances.values()):
            continue
        row["chance"], row["low"], row["high"] = between(chances["base"], clip=True)
        if both:
            row["alt"], row["alt low"], row["alt high"] = between(chances["alt"], clip=True)
            row["effect"], row["effect low"], row["effect high"] = between(
                chances["alt"] - chances["base"]
            )
        rows.append(row)
    frame = pd.DataFrame(rows)
    last = frame["who"] == ANYBODY
    return pd.concat([frame[~last].sort_values("chance", ascending=False), frame[last]])


def ruled_by(rulers: Any, who: str) -> Any:
    """In which histories somebody rules alone, or anybody does, by who does in each."""
    return rulers != "" if who == ANYBODY else rulers == who


def between(values: Any, clip: bool = False) -> tuple[float, float, float]:
    """Mean over passes with Student's 95 % interval; of one pass the value alone."""
    from scipy import stats

    mean = float(values.mean())
    if len(values) < 2:
        return mean, mean, mean
    half = float(stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    low, high = mean - half, mean + half
    return mean, max(0.0, low) if clip else low, min(1.0, high) if clip else high
