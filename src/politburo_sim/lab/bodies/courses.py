"""Courses of runs, in the form in which records are told, and the table of patterns of bodies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from politburo_sim.bodies.course import NEVER, Course, Spell, Vote, patterns
from politburo_sim.lab.bench import lived
from politburo_sim.lab.ensemble import Ensemble
from politburo_sim.lab.runs import Tell, replicate_seeds, silent
from politburo_sim.record.ledger import Ledger
from politburo_sim.record.record import Record
from politburo_sim.record.words import ROLL_CALLS
from politburo_sim.state import journal as j
from politburo_sim.state.body import FULL
from politburo_sim.worlds.world import World

#: Strengths closer than this are the same: two such men, and nobody is the chief.
SAME = 1e-9


def chief_of(world: World) -> str | None:
    """Return the strongest full member at the opening, as the file has him; None where two tie.

    Strength: share of the prestige of all who are in the body, plus base.
    """
    body = world.body
    voice = body.prestige / max(float(body.prestige[body.status > 0].sum()), SAME)
    strength = np.where(body.status == FULL, voice + body.bases, -1.0)
    first, second = np.argsort(-strength, kind="stable")[:2]
    if strength[first] - strength[second] < SAME:
        return None
    return world.names[int(first)]


def course_of(record: Record) -> Course:
    """Return the course of a finished run, newcomers under the names that the chronicle gives."""
    ledger = Ledger(record.world, record.ballots)
    since = {who: 0 for who in ledger.full}
    spells: list[Spell] = []
    votes: list[Vote] = []
    names = record.names
    for row in record.rows:
        if row.kind in ROLL_CALLS:
            yes, no = ({names[k] for k in side & ledger.full} for side in ledger.sides(row.ballot))
            if yes or no:
                votes.append(Vote(row.month, frozenset(yes), frozenset(no)))
        ledger.note(row)
        for who in since.keys() - ledger.full:
            fell = row.kind == j.SANCTION and row.what >= record.world.losses.seat
            removed = fell or row.kind == j.DEMOTED
            spells.append(Spell(names[who], since.pop(who), row.month, removed))
        for who in ledger.full - since.keys():
            since[who] = row.month
    spells += [Spell(names[who], start, NEVER, removed=False) for who, start in since.items()]
    spells.sort(key=lambda spell: (spell.start, spell.member))
    return Course(record.months, chief_of(record.world), tuple(spells), tuple(votes))


def courses(
    world: World, ensemble: Ensemble, runs: int, seed: int, tell: Tell = silent
) -> Iterator[Course]:
    """Yield the courses of so many histories, each of another draw of an ensemble."""
    luck = replicate_seeds(seed, runs, stream=12)
    yield from map(course_of, lived(world, ensemble.thin(runs).table, luck, tell))


def stays(course: Course) -> bool:
    """Whether the chief of the opening keeps his seat to the close."""
    return any(s.member == course.chief and s.end == NEVER for s in course.spells)


def summary(found: Sequence[Course]) -> pd.DataFrame:
    """Return of each pattern over courses: in how many it is, mean, median and 90 % interval."""
    table = pd.DataFrame([patterns(course) for course in found], dtype=float)
    rows = []
    for name in table:
        seen = table[name].dropna()
        ends = np.quantile(seen, [0.05, 0.5, 0.95]) if len(seen) else [np.nan] * 3
        mean = seen.mean() if len(seen) else np.nan
        rows.append({"pattern": name, "runs": len(seen), "mean": mean, "5 %": ends[0],
                     "median": ends[1], "95 %": ends[2]})  # fmt: skip
    return pd.DataFrame(rows)


def null_course(world: World, rate: float, chief: bool, luck: np.random.Generator) -> Course:
    """Return a course of a null body: seats lost at a flat hazard, by lot or far from the chief.

    Parameters
    ----------
    world
        Whose seats, chief and views these are; who falls is followed by somebody new at once.
    rate
        Removals a member-year.
    chief
        False: a *flat hazard*, everybody alike. True: a *cabinet*, in which a seat is lost the
        more often the farther its holder's views lie from the chief's; the chief can be lost too.
    luck
        Where chance comes from.
    """
    body, first = world.body, chief_of(world)
    slots = [int(k) for k in np.flatnonzero(body.status == FULL)]
    apart = np.ones(len(slots))
    if chief:
        centre = body.line if first is None else body.ideal[world.names.index(first)]
        apart = (body.axis_weight * np.abs(body.ideal[slots] - centre)).sum(axis=1)
        others = apart[[world.names[k] != first for k in slots]]
        apart = np.where(apart > 0, apart, others.mean()) / others.mean()
    spells: list[Spell] = []
    for place, slot in enumerate(slots):
        name, start, times = world.names[slot], 0, float(apart[place])
        while True:
            end = start + luck.exponential(12 / (rate * times))
            if end >= world.months:
                spells.append(Spell(name, start, NEVER, removed=False))
                break
            spells.append(Spell(name, start, int(end), removed=True))
            name, start, times = f"seat {place + 1}, {len(spells)}", int(end), 1.0
    return Course(world.months, first, tuple(spells))


def pattern_table(columns: Mapping[str, Sequence[Course]]) -> pd.DataFrame:
    """Return the patterns of several sets of courses side by side: one alone as it is, many as
    mean and 90 % interval.
    """
    table: dict[str, Sequence[str]] = {}
    for name, some in columns.items():
        frame = summary(some)
        table.setdefault("pattern", list(frame["pattern"]))
        table[name] = [
            "" if not row.runs else f"{row.mean:.3g}" if len(some) == 1
            else f"{_short(row.mean)} ({_short(row.low)} to {_short(row.high)})"
            for row in frame.rename(columns={"5 %": "low", "95 %": "high"}).itertuples()
        ]  # fmt: skip
    return pd.DataFrame(table)


def _short(value: float) -> str:
    """Two digits, or the whole number where it has more."""
    return f"{value:.0f}" if abs(value) >= 99.5 else f"{value:.2g}"
