"""The calendar and the agenda of a world as arrays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from politburo_sim.months import month_index
from politburo_sim.state import body as b
from politburo_sim.state.body import Agenda, Calendar, Ints
from politburo_sim.state.parameters import PLACE, UNITY
from politburo_sim.worlds.arrays import Index, floats, ints, pour
from politburo_sim.worlds.scenario import Scenario
from politburo_sim.worlds.schema import (
    Admission,
    Assignment,
    BondChange,
    Congress,
    EventEntry,
    Need,
    Norm,
    OfficeChange,
    Passage,
    QuestionPut,
    Revelation,
    Seats,
    Shock,
    Weight,
)

#: Standings in a world file.
STATUS = {"awaited": b.AWAITED, "candidate": b.CANDIDATE, "full": b.FULL}


class EventRow(NamedTuple):
    """What the chronicle says of one row of the calendar."""

    id: str
    kind: str
    text: str
    intervention: bool


class QuestionRow(NamedTuple):
    """What the chronicle says of one row of the agenda."""

    id: str
    title: str
    low: str  # ends "the Politburo decides for ..."
    high: str
    date: str  # month, "1923-04"


class _Row(NamedTuple):
    """One row of the calendar, before it becomes a column of numbers."""

    who: int = b.NOBODY
    whom: int = b.NOBODY
    what: int = 0
    backer: int = b.NOBODY
    amount: float = 0.0
    vector: tuple[float, ...] | None = None


def calendar_of(scenario: Scenario, index: Index) -> tuple[Calendar, tuple[EventRow, ...]]:
    """Rows by month, then in the order of the files, the base world first."""
    events = sorted(scenario.events, key=lambda event: event.date)
    weights = index.along(scenario.axis_weight, 1.0)
    entries: list[tuple[EventEntry, _Row]] = []
    for event in events:
        if isinstance(event, Weight):
            for axis, weight in event.vector.items():
                weights[index.axes[axis]] = weight
            entries.append((event, _Row(vector=tuple(weights))))
        else:
            entries.extend((event, row) for row in _rows(event, index))
    needs = [[_need(need, index) for need in event.requires] for event, _ in entries]
    ends = np.cumsum([0, *(len(some) for some in needs)], dtype=np.int64)
    flat = [need for some in needs for need in some]
    none = (0.0,) * index.room
    rows = [row for _, row in entries]
    due = _due(scenario, [event.date for event, _ in entries])
    rooms = {
        "T": b.room(len(due), 512), "E": b.room(len(rows), 64), "Q": b.room(len(flat), 64),
        "D": index.room,
    }  # fmt: skip
    calendar = pour(
        Calendar, rooms,
        due=due,
        kind=ints([b.EVENT_KINDS.index(event.kind) for event, _ in entries]),
        chosen=ints([int(event.intervention) for event, _ in entries]),
        who=ints([row.who for row in rows]), whom=ints([row.whom for row in rows]),
        what=ints([row.what for row in rows]), backer=ints([row.backer for row in rows]),
        amount=floats([row.amount for row in rows]),
        vector=np.array([row.vector or none for row in rows], dtype=np.float64).reshape(
            len(rows), len(none)
        ),
        needs_from=ends[:-1].copy(), needs_to=ends[1:].copy(),
        need_kind=ints([kind for kind, _, _ in flat]),
        need_who=ints([who for _, who, _ in flat]),
        need_what=ints([what for _, _, what in flat]),
    )  # fmt: skip
    told = (EventRow(event.id, event.kind, event.text, event.intervention) for event, _ in entries)
    return calendar, tuple(told)


def agenda_of(scenario: Scenario, index: Index) -> tuple[Agenda, tuple[QuestionRow, ...]]:
    """Rows by month, then in the order of the files, the base world first."""
    put = sorted(scenario.questions, key=lambda question: question.date)
    due = _due(scenario, [question.date for question in put])
    agenda = pour(
        Agenda, {"T": b.room(len(due), 512), "A": b.room(len(put), 64)},
        due=due, axis=ints([index.axes[question.axis] for question in put]),
        low=floats([question.low.value for question in put]),
        high=floats([question.high.value for question in put]),
    )  # fmt: skip
    told = (QuestionRow(q.id, q.title, q.low.text, q.high.text, q.date) for q in put)
    return agenda, tuple(told)


def _due(scenario: Scenario, dates: list[str]) -> Ints:
    """Return the first row of each month, and the number of rows last; the dates are sorted."""
    months = month_index(scenario.start, scenario.end) + 1
    when = ints([month_index(scenario.start, date) for date in dates])
    return np.searchsorted(when, np.arange(months + 1)).astype(np.int64)


def _need(need: Need, index: Index) -> tuple[int, int, int]:
    """Kind, member and office of one requirement."""
    kind = b.NEED_KINDS.index(need.kind)
    if need.open is not None:
        return kind, b.NOBODY, index.offices[need.open]
    who = index.slot(getattr(need, need.kind))
    return kind, who, b.NOBODY if need.office is None else index.offices[need.office]


def _rows(event: EventEntry, index: Index) -> Iterator[_Row]:
    """Yield the rows of one event: one, or one for each parameter or direction."""
    match event:
        case Passage():
            yield _Row(who=index.slot(event.who))
        case Admission():
            yield _Row(who=index.slot(event.who), what=STATUS[event.status])
        case Seats() | Congress():
            yield _Row(amount=float(event.amount))
        case Assignment():
            yield _Row(who=index.slot(event.who), whom=index.offices[event.office])
        case OfficeChange():
            yield _Row(whom=index.offices[event.office])
        case QuestionPut():
            yield _question(event, index)
        case Revelation():
            yield _Row(
                who=index.slot(event.observer), whom=index.slot(event.about), amount=event.amount
            )
        case Norm():
            for name in UNITY if event.parameter == "unity" else (event.parameter,):
                yield _Row(whom=PLACE[name], amount=event.amount)
        case BondChange():
            one, other = index.slot(event.who), index.slot(event.whom)
            yield _Row(who=one, whom=other, amount=event.amount)
            if event.mutual:
                yield _Row(who=other, whom=one, amount=event.amount)
        case Shock():
            yield _Row(who=index.slot(event.who), vector=tuple(index.along(event.vector, 0.0)))


def _question(event: QuestionPut, index: Index) -> _Row:
    """Return a forced question; its venue travels in the amount."""
    return _Row(
        who=index.slot(event.who), whom=index.slot(event.against), what=index.rungs[event.rung],
        backer=index.slot(event.backer), amount=float(b.VENUES.index(event.venue)),
    )  # fmt: skip
