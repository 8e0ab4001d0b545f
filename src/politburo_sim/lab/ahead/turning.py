"""Turning points: the months in which a member's chance of sole rule jumps, and what made it jump.

The odds of a month already hold what is sure to come, so that a jump is always something that
could have gone otherwise in that month. It is measured, and what may have made it is tested, with
futures that share all their luck after the month:

* *As it was*: futures from the state after the month, less futures from the state before it, in
  which the month is drawn again with fresh luck.
* *Without a deed of the month* (a vote, a fall, a seat, a coalition): the month is drawn again from
  the state before it, and only those draws count in which the deed does not come about; *with it*,
  those in which it does. What is so rare that no draw brings it again is tested as a whole: all
  that was rare in the month, and draws in which none of it comes about.
* *Without an event or a question of the calendar*: the month is lived again with its own luck in
  the world that does not have it.

Months are picked on one set of futures and measured on another, so that none is there by having
been lucky twice, and what could be chance of the counting is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.lab import runs as lab_runs
from politburo_sim.lab.ahead.forks import redraw, without
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.months import month_key, month_name
from politburo_sim.outcomes import ruler_names
from politburo_sim.record.deeds import Deed, Mark, deeds
from politburo_sim.record.record import Record
from politburo_sim.state import draws
from politburo_sim.state.body import Body, copy_record
from politburo_sim.worlds.world import World

#: So many turning points are told, of so many months looked at.
MOST, LOOKED_AT = 5, 12
#: A jump smaller than this is none.
LEAST = 0.02
#: So many draws of the month with a deed, and so many without it, are needed to say what it did;
#: of rare ones so many are looked for, among so many times as many draws as there are futures.
FEWEST, ENOUGH, REDRAWN = 30, 200, 12
#: A deed has made a jump if it brings this part of it at least, by itself and against its absence.
PART = 0.5
#: A deed that has done this part of what any other did has done as much.
NEARLY = 0.8
#: What comes about in fewer draws of a month than this part belongs to what is rare in it.
RARE = 0.5
#: Errors by which a difference must clear nought, for as many months or deeds as are looked at.
CLEAR = NormalDist().inv_cdf(1 - 0.025 / LOOKED_AT)

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Test:
    """One deed of a month, and the jump with it and without it.

    what : the deed, in the words of the chronicle.
    with_it, without : change of the chance over the month, of one; nan where too few draws of the
    month have it, or lack it. Of what no draw brings again, `with_it` is the month as it was.
    error : standard error of their difference.
    likely : share of draws of the month in which it comes about; 1 for what the calendar has.
    """

    __test__ = False  # no test class, whatever it is called

    what: str
    with_it: float
    without: float
    error: float
    likely: float

    @property
    def effect(self) -> float:
        """What the deed did to the chance."""
        return self.with_it - self.without


@dataclass(frozen=True)
class TurningPoint:
    """A month in which a member's chance of sole rule jumps.

    before, after : his chance before and after the month, of one.
    jump, error : its change, with luck shared, and the standard error.
    cause : the deed that made it, where one did.
    tested : all deeds of the month, the one that did most first.
    told : the month in the chronicle's sentences.
    """

    month: str
    date: str
    who: str
    before: float
    after: float
    jump: float
    error: float
    cause: Test | None
    tested: tuple[Test, ...]
    told: tuple[str, ...]

    @property
    def what(self) -> str:
        """What made the jump, as a clause."""
        return self.cause.what if self.cause else "no one vote, seat or event by itself"

    @property
    def without(self) -> float | None:
        """The change of the chance over the month without it; None where nothing made it."""
        return self.cause.without if self.cause else None

    @property
    def said(self) -> str:
        """What made the jump, how much it was, and how much without it, without the date."""
        said = f"{self.what}: {self.who} {points(self.jump)} points"
        if self.cause is None:
            return f"{said}."
        return f"{said}; without it {points(self.cause.without)}."

    def __str__(self) -> str:
        """Return the turning point as a sentence: when, what, how much, and without it."""
        return f"{self.date}: {self.said}"

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "month": self.month, "who": self.who, "before": self.before, "after": self.after,
            "jump": self.jump, "error": self.error, "what": self.what, "without": self.without,
            "told": list(self.told),
            "tested": [
                {"what": t.what, "with": _known(t.with_it), "without": _known(t.without),
                 "error": _known(t.error), "comes_about": t.likely}
                for t in self.tested
            ],
        }  # fmt: skip


@dataclass(frozen=True)
class Found:
    """The turning points of a history in order of time, and how many jumps were left out as noise.

    looked_at : months whose jumps were measured again.
    noise : those of them whose jump could be chance of the counting, or is less than `LEAST`.
    """

    points: tuple[TurningPoint, ...] = ()
    looked_at: int = 0
    noise: int = 0


class Place(NamedTuple):
    """Where a jump is looked at: the history up to a month, and whose chance it is.

    futures, workers : futures of each state that is compared, and threads that run them.
    """

    record: Record
    states: Sequence[Body]
    month: int
    who: str
    futures: int
    workers: int | None


def points(change: float) -> str:
    """Return a change of a chance in whole points, with its sign."""
    size = round(100 * change)
    return f"{size:+d}".replace("-", "\N{MINUS SIGN}") if size else "0"


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def turning_points(
    record: Record,
    states: Sequence[Body],
    table: pd.DataFrame,
    futures: int = 1_000,
    *,
    workers: int | None = None,
    tell: Tell = silent,
) -> Found:
    """Find the months of a history in which a chance of sole rule jumps, and what made it jump.

    Parameters
    ----------
    record : the history, run to its end.
    states : the body before each month.
    table : chances before each month, by name (`odds`).
    futures : futures of each state that is compared.
    tell : told of each month that is looked at.
    """
    found = []
    places = [
        Place(record, states, month, who, futures, workers)
        for month, who in largest(table, LOOKED_AT)
    ]
    for place in places:
        found.append(_measured(place))
        tell(1)
    clear = [point for point in found if _is_clear(point)]
    kept = sorted(clear, key=lambda point: -abs(point.jump))[:MOST]
    by_month = {place.month: place for place in places}
    told = []
    for point in sorted(kept, key=lambda point: point.month):
        place = by_month[list(table.index).index(point.month)]
        told.append(_explained(point, place))
    return Found(tuple(told), len(found), len(found) - len(clear))


def largest(table: pd.DataFrame, number: int) -> list[tuple[int, str]]:
    """Return the months with the largest changes of a member's chance, and whose it is.

    The first month is left out: with coders' doubt its odds do not know yet who the men are.
    """
    members = table.columns[:-1]  # the last is nobody
    change = table[members].diff().to_numpy()[1:]
    who = np.abs(change).argmax(axis=1)
    size = np.abs(change).max(axis=1)
    months = [int(m) for m in np.argsort(-size, kind="stable") if m > 0 and size[m] > 0]
    return [(month, str(members[who[month]])) for month in months[:number]]


def _is_clear(point: TurningPoint) -> bool:
    return abs(point.jump) >= LEAST and abs(point.jump) > CLEAR * point.error


def _seeds(place: Place, number: int) -> NDArray[np.int64]:
    """Return luck for the futures of a month, other than that of the odds themselves."""
    key = int(draws.mix(draws.mix(place.record.seed, 0x7E57), place.month)) >> 1
    return lab_runs.replicate_seeds(key, number, stream=2)


def _rules(place: Place, world: World, seeds: NDArray[np.int64], first: int, state: Body) -> Values:
    """Return whether he rules alone at the end, in each future of a state: 1 or 0."""
    out = lab_runs.run_many(world, seeds, first=first, state=state, workers=place.workers)
    return np.array([name == place.who for name in ruler_names(world, out)], dtype=float)


def _measured(place: Place) -> TurningPoint:
    """Return the jump of a month, with luck shared after it."""
    world, month = place.record.world, place.month
    seeds = _seeds(place, place.futures)
    before = _rules(place, world, seeds, month, place.states[month])
    after = _rules(place, world, seeds, month + 1, place.states[month + 1])
    return TurningPoint(
        month=month_key(world.start, month), date=month_name(world.start, month), who=place.who,
        before=float(before.mean()), after=float(after.mean()),
        jump=float((after - before).mean()), error=error_of(after - before),
        cause=None, tested=(), told=(),
    )  # fmt: skip


def error_of(values: Values) -> float:
    """Return the standard error of a mean; of values that are all the same, as if one were not."""
    n = max(len(values), 1)
    return float(np.sqrt(max(float(values.var()), 1.0 / n) / n))


def _explained(point: TurningPoint, place: Place) -> TurningPoint:
    """Return a turning point with what was tested, and what made it."""
    record, month = place.record, place.month
    done = deeds(record.world, record.names, [r for r in record.rows if r.month == month])
    drawn = [deed for deed in done if deed.marks]
    dated = _one_an_event([deed for deed in done if not deed.marks], record.world)
    tested = _redrawn(point, place, drawn)
    dates = [_left_out(point, place, deed) for deed in dated]
    cause = _cause(tested, point.jump) or _cause(dates, point.jump)
    rest = [test for test in (*tested, *dates) if test is not cause]
    side = 1.0 if point.jump > 0 else -1.0
    rest.sort(key=lambda test: _at_least(test, side), reverse=True)
    told = dict(record.chronicle).get(point.date, [])
    first = () if cause is None else (cause,)
    return replace(point, cause=cause, tested=(*first, *rest), told=tuple(told))


def _cause(tested: Sequence[Test], jump: float) -> Test | None:
    """Return the deed that made a jump: it brings half of it by itself and against its absence.

    Of several that did as much, the first of the month: the others are what came of it.
    """
    side = 1.0 if jump > 0 else -1.0
    clear = NormalDist().inv_cdf(1 - 0.025 / max(1, len(tested)))
    made = [
        test for test in tested
        if min(side * test.effect, side * test.with_it) >= PART * abs(jump)
        and side * test.effect > clear * test.error
    ]  # fmt: skip
    most = max((side * test.effect for test in made), default=0.0)
    return next((test for test in made if side * test.effect >= NEARLY * most), None)


def _at_least(test: Test, side: float) -> float:
    """Return how much a deed did at the least; minus infinity where that is not known."""
    return -np.inf if np.isnan(test.effect) else side * test.effect - 2 * test.error


def _one_an_event(dated: Sequence[Deed], world: World) -> list[Deed]:
    """Return what the calendar has, once for each event of several rows."""
    seen: dict[str, Deed] = {}
    for deed in dated:
        name = world.events[deed.event].id if deed.event >= 0 else f"question {deed.question}"
        seen.setdefault(name, deed)
    return list(seen.values())


def _redrawn(point: TurningPoint, place: Place, drawn: Sequence[Deed]) -> list[Test]:
    """Return each deed of the month, with and without it in the month drawn again."""
    if not drawn:
        return []
    world, month, futures = place.record.world, place.month, place.futures
    state = place.states[month]
    seeds = _seeds(place, REDRAWN * futures)
    seen = [marks for _, marks in redraw(world, state, month, seeds)]
    whole = _whole(drawn, seen)
    groups = [
        (_some([deed.marks <= marks for marks in seen], futures),
         _some([not deed.marks & marks for marks in seen], futures))
        for deed in (*drawn, whole)
    ]  # fmt: skip
    chosen = np.unique(np.concatenate([draw for group in groups for draw in group]))
    rules = np.zeros(len(seeds))
    rules[chosen] = _rules(place, world, seeds[chosen], month, state)
    found = [
        _compared(deed, rules[had], rules[lacking], point.before, seen)
        for deed, (had, lacking) in zip((*drawn, whole), groups, strict=True)
    ]
    whole_test = found.pop()
    if np.isnan(whole_test.with_it):  # nothing like it in all draws: what is known is how it was
        error = _of_the_whole(rules[groups[-1][1]], futures, point.error)
        whole_test = replace(whole_test, with_it=point.jump, error=error)
    same = [place for place, deed in enumerate(drawn) if deed.marks == whole.marks]
    if same:
        found[same[0]] = whole_test
        return found
    return [*found, whole_test]


def _of_the_whole(lacking: Values, futures: int, error: float) -> float:
    """Return the error of a jump as it was less that of draws without anything of it.

    The draws are a part of those from which the chance before is known, and vary with it.
    """
    apart = error_of(lacking) * float(np.sqrt(max(0.0, 1.0 - len(lacking) / futures)))
    return float(np.hypot(error, apart))


def _whole(drawn: Sequence[Deed], seen: Sequence[frozenset[Mark]]) -> Deed:
    """Return all that is rare in a month as one deed, named after the first of it."""
    often = [float(np.mean([deed.marks <= marks for marks in seen])) for deed in drawn]
    rare = [deed for deed, share in zip(drawn, often, strict=True) if share < RARE] or [*drawn]
    more = ", and what comes with it" if len(rare) > 1 else ""
    return Deed(frozenset().union(*(deed.marks for deed in rare)), rare[0].words + more)


def _some(flags: Sequence[bool], first: int) -> NDArray[np.int64]:
    """Return the draws of the month that have a deed, or lack it: of the first, or of rare ones."""
    found = np.flatnonzero(flags)
    early = found[found < first]
    return early if len(early) >= ENOUGH else found[:ENOUGH]


def _compared(
    deed: Deed, had: Values, lacking: Values, before: float, seen: Sequence[frozenset[Mark]]
) -> Test:
    """Return a deed with the changes of the chance with it and without it."""
    likely = float(np.mean([deed.marks <= marks for marks in seen]))
    with_it, without = (
        float(some.mean()) - before if len(some) >= FEWEST else np.nan for some in (had, lacking)
    )
    one, other = (error_of(some) if len(some) >= FEWEST else 0.0 for some in (had, lacking))
    return Test(deed.words, with_it, without, float(np.hypot(one, other)), likely)


def _left_out(point: TurningPoint, place: Place, deed: Deed) -> Test:
    """Return an event or a question of the calendar, with it and in the world without it."""
    record, month = place.record, place.month
    world = without(record.world, month, deed)
    own = np.array([record.seed])
    state = next(copy_record(body) for body, _ in redraw(world, place.states[month], month, own))
    seeds = _seeds(place, place.futures)
    after = _rules(place, record.world, seeds, month + 1, place.states[month + 1])
    less = _rules(place, world, seeds, month + 1, state)
    return Test(
        deed.words, point.jump, float(less.mean()) - point.before, error_of(after - less), 1.0
    )
