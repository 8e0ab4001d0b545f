"""A scenario as arrays: what both drivers start from.

Slots are sorted by the members' ids, so that the order of a file's tables means nothing; spare
slots for newcomers follow. A world is never changed: a run works on a copy of its body.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from politburo_sim.months import month_index, year_and_month
from politburo_sim.state import body as b
from politburo_sim.state.body import Agenda, Body, Calendar, Coding, Floats, Idents, Ints, Shape
from politburo_sim.state.parameters import PARAMETERS, PLACE, UNITY
from politburo_sim.worlds.scenario import Scenario, parameter_values
from politburo_sim.worlds.schema import (
    Admission,
    Assignment,
    BondChange,
    Coded,
    Congress,
    EventEntry,
    MemberEntry,
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
from politburo_sim.worlds.words import Rung, Words

__all__ = ["EventRow", "QuestionRow", "World", "build_world", "identity"]

LEAST_SPARE = 12
LONG_AGO = -10_000
_STATUS = {"awaited": b.AWAITED, "candidate": b.CANDIDATE, "full": b.FULL}
#: Half-width of the coders' range on a scale from -1 to 1, and relative to a size.
HALF = {"high": 0.2, "medium": 0.3, "low": 0.5}


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


@dataclass(frozen=True, eq=False)
class World:
    """A scenario ready to run. The names of spare slots are those of newcomers."""

    scenario: Scenario
    body: Body
    calendar: Calendar
    agenda: Agenda
    coding: Coding
    names: tuple[str, ...]  # [N]
    ids: tuple[str, ...]  # [N], empty for spare slots
    offices: tuple[str, ...]  # [K]
    axes: tuple[str, ...]  # [D]
    words: Words
    ladder: tuple[Rung, ...]  # from the lowest, which is rung 1 of the body
    months: int
    start: tuple[int, int]  # year, month
    events: tuple[EventRow, ...]  # [E], aligned with the calendar's rows
    questions: tuple[QuestionRow, ...]  # [A], aligned with the agenda's rows
    members: int  # slots from 0 on that the file fills

    @property
    def rungs(self) -> tuple[str, ...]:
        """Names of the rungs as the body counts them, from 0."""
        return (b.RUNGS[b.CLEAR], *(rung.name for rung in self.ladder))

    def __repr__(self) -> str:
        return f"World({self.scenario.name!r}, {self.members} members, {self.months} months)"


def identity(word: str) -> int:
    """Return the stable number of an id: the first 8 bytes of its BLAKE2b hash."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")


def build_world(
    scenario: Scenario, overrides: Mapping[str, float] | None = None, spare: int = LEAST_SPARE
) -> World:
    """Turn a scenario into arrays, with parameters set aside from the file's if asked.

    spare : slots for newcomers, at least. Results do not depend on it where none is missing.

    Raises
    ------
    ScenarioError
        If an override is no parameter or out of its range.
    """
    parameters = parameter_values(scenario.rules, overrides)
    members = sorted(scenario.members, key=lambda member: identity(member.key))
    seats = max([scenario.seats] + [e.amount for e in scenario.events if isinstance(e, Seats)])
    size = b.room(len(members) + max(spare, LEAST_SPARE, 2 * seats), 64)
    spare = size - len(members)
    index = _Index(scenario, members)
    body = _body(scenario, members, index, size, seats, parameters)
    calendar, rows = _calendar(scenario, index)
    agenda, questions = _agenda(scenario, index)
    return World(
        scenario=scenario, body=body, calendar=calendar, agenda=agenda,
        coding=_coding(scenario, members, index, size),
        names=(*(m.name for m in members), *(f"newcomer {i + 1}" for i in range(spare))),
        ids=(*(m.key for m in members), *("",) * spare),
        offices=tuple(office.name for office in scenario.offices),
        axes=scenario.axes, words=scenario.words,
        ladder=tuple(rung.spoken(scenario.words) for rung in scenario.ladder),
        months=month_index(scenario.start, scenario.end) + 1, start=year_and_month(scenario.start),
        events=rows, questions=questions, members=len(members),
    )  # fmt: skip


def grown(world: World) -> World:
    """The same world, the same histories, with room for twice as many newcomers."""
    parameters = dict(zip(PARAMETERS, world.body.par.tolist(), strict=True))
    return build_world(world.scenario, parameters, 2 * (len(world.names) - world.members))


class _Index:
    """Places of members, offices and axes."""

    def __init__(self, scenario: Scenario, members: list[MemberEntry]) -> None:
        self.slots = {member.name: slot for slot, member in enumerate(members)}
        self.offices = {office.name: place for place, office in enumerate(scenario.offices)}
        self.rungs = {rung.name: place for place, rung in enumerate(scenario.ladder, 1)}
        self.axes = {axis: place for place, axis in enumerate(scenario.axes)}
        self.room = b.room(len(scenario.axes), 4)

    def slot(self, name: str | None) -> int:
        return b.NOBODY if name is None else self.slots[name]

    def along(self, table: Mapping[str, float], rest: float) -> list[float]:
        """Return numbers along the axes, zero on those that the world does not use."""
        given = [float(table.get(axis, rest)) for axis in self.axes]
        return given + [0.0] * (self.room - len(given))


def _body(
    scenario: Scenario,
    members: list[MemberEntry],
    index: _Index,
    size: int,
    seats: int,
    parameters: list[float],
) -> Body:
    seat = _founding_seats(members, size)
    rooms = {
        "N": size, "D": index.room, "K": b.room(len(scenario.offices), 16),
        "S": b.room(seats, 32), "P": len(parameters),
    }  # fmt: skip
    offices, chairs = rooms["K"], rooms["S"]
    holder, seat_ident = _seats(members, seat, chairs)
    ideal = _zeros(size, index.room)
    for slot, member in enumerate(members):
        ideal[slot] = index.along({a: c.value for a, c in member.ideal.items()}, 0.0)
    rates = _floats([office.appointments.value for office in scenario.offices], offices)
    return _pour(
        Body, rooms,
        ident=_idents([identity(member.key) for member in members], size),
        ideal=ideal, stance=ideal.copy(),
        opportunism=_zeros(size), loyalty=_zeros(size), foresight=_zeros(size),
        prestige=_floats([member.prestige.value for member in members], size),
        bases=_floats([member.base.value for member in members], size),
        bond=_bonds(scenario, index, size, half=False), opacity=_zeros(size, size),
        patron=_ints([index.slot(member.patron) for member in members], size, b.NOBODY),
        rung=_ints([], size), since=np.full((size, len(b.RUNGS)), b.NOBODY, dtype=np.int64),
        last=_ints([], size, LONG_AGO),
        status=_ints([_STATUS[member.status] for member in members], size),
        capable=_ints([], size, 1), seat=seat, company=_ints([], size, b.NOBODY),
        coalition=_ints([], size, b.NOBODY), joined=_ints([], size, LONG_AGO),
        left=_ints([], size, b.NOBODY), left_born=_ints([], size, b.NOBODY),
        coalition_leader=_ints([], b.MOST_COALITIONS, b.NOBODY),
        coalition_target=_ints([], b.MOST_COALITIONS, b.NOBODY),
        speakers=_ints([], size), present=_ints([], size),
        share=_zeros(size), clients=_zeros(size),
        line=_floats(index.along(scenario.line, 0.0)),
        axis_weight=_floats(index.along(scenario.axis_weight, 1.0)), par=_floats(parameters),
        office_holder=_ints(
            [index.slot(office.holder) for office in scenario.offices], offices, b.NOBODY
        ),
        office_rate=rates,
        office_prestige=_floats(
            [office.prestige.value for office in scenario.offices], offices
        ),
        office_open=_ints([1] * len(scenario.offices), offices),
        founding_rate=_floats([math.fsum(rates)]),
        seat_ident=seat_ident, seat_generation=_ints([], chairs), seat_holder=holder,
        seat_open=_ints([1] * scenario.seats, chairs),
    )  # fmt: skip


def _founding_seats(members: list[MemberEntry], size: int) -> Ints:
    """Seats 0, 1, ... go to the full members in the order of their slots."""
    seat = _ints([], size, b.NOBODY)
    full = [slot for slot, member in enumerate(members) if member.status == "full"]
    for place, slot in enumerate(full):
        seat[slot] = place
    return seat


def _seats(members: list[MemberEntry], seat: Ints, seats: int) -> tuple[Ints, Idents]:
    """Return who holds each seat, and the seats' ids: each its founding holder's."""
    holder = _ints([], seats, b.NOBODY)
    idents = [identity(f"seat:{place}") for place in range(seats)]
    for slot, member in enumerate(members):
        if seat[slot] != b.NOBODY:
            holder[seat[slot]] = slot
            idents[seat[slot]] = identity(member.key)
    return holder, _idents(idents, seats)


def _bonds(scenario: Scenario, index: _Index, size: int, *, half: bool) -> Floats:
    matrix = _zeros(size, size)
    for bond in scenario.bonds:
        one, other = index.slots[bond.who], index.slots[bond.whom]
        number = _half(bond.value) if half else bond.value.value
        matrix[one, other] = number
        if bond.mutual:
            matrix[other, one] = number
    return matrix


def _coding(scenario: Scenario, members: list[MemberEntry], index: _Index, size: int) -> Coding:
    ideal = _zeros(size, index.room)
    for slot, member in enumerate(members):
        ideal[slot] = index.along({a: _half(c) for a, c in member.ideal.items()}, 0.0)

    def coded(trait: str) -> Floats:
        given = [getattr(member, trait) for member in members]
        return _floats([math.nan if c is None else c.value for c in given], size, math.nan)

    def halves(trait: str, scale: float) -> Floats:
        return _floats([scale * _half(getattr(member, trait)) for member in members], size)

    return _pour(
        Coding, {"N": size, "D": index.room},
        ideal_half=ideal,
        prestige_half=halves("prestige", 1.0), base_half=halves("base", 1.0),
        bond_half=_bonds(scenario, index, size, half=True),
        opportunism=coded("opportunism"), loyalty=coded("loyalty"), foresight=coded("foresight"),
        opportunism_half=halves("opportunism", 0.5), loyalty_half=halves("loyalty", 0.5),
        foresight_half=halves("foresight", 0.5),
    )  # fmt: skip


def _half(coded: Coded | None) -> float:
    """Half-width of the range on a scale from -1 to 1; none where no confidence is stated."""
    if coded is None or coded.confidence is None:
        return 0.0
    return HALF[coded.confidence]


class _Row(NamedTuple):
    """One row of the calendar, before it becomes a column of numbers."""

    who: int = b.NOBODY
    whom: int = b.NOBODY
    what: int = 0
    backer: int = b.NOBODY
    amount: float = 0.0
    vector: tuple[float, ...] | None = None


def _calendar(scenario: Scenario, index: _Index) -> tuple[Calendar, tuple[EventRow, ...]]:
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
    calendar = _pour(
        Calendar, rooms,
        due=due,
        kind=_ints([b.EVENT_KINDS.index(event.kind) for event, _ in entries]),
        chosen=_ints([int(event.intervention) for event, _ in entries]),
        who=_ints([row.who for row in rows]), whom=_ints([row.whom for row in rows]),
        what=_ints([row.what for row in rows]), backer=_ints([row.backer for row in rows]),
        amount=_floats([row.amount for row in rows]),
        vector=np.array([row.vector or none for row in rows], dtype=np.float64).reshape(
            len(rows), len(none)
        ),
        needs_from=ends[:-1].copy(), needs_to=ends[1:].copy(),
        need_kind=_ints([kind for kind, _, _ in flat]),
        need_who=_ints([who for _, who, _ in flat]),
        need_what=_ints([what for _, _, what in flat]),
    )  # fmt: skip
    told = (EventRow(event.id, event.kind, event.text, event.intervention) for event, _ in entries)
    return calendar, tuple(told)


def _agenda(scenario: Scenario, index: _Index) -> tuple[Agenda, tuple[QuestionRow, ...]]:
    """Rows by month, then in the order of the files, the base world first."""
    put = sorted(scenario.questions, key=lambda question: question.date)
    due = _due(scenario, [question.date for question in put])
    agenda = _pour(
        Agenda, {"T": b.room(len(due), 512), "A": b.room(len(put), 64)},
        due=due, axis=_ints([index.axes[question.axis] for question in put]),
        low=_floats([question.low.value for question in put]),
        high=_floats([question.high.value for question in put]),
    )  # fmt: skip
    told = (QuestionRow(q.id, q.title, q.low.text, q.high.text, q.date) for q in put)
    return agenda, tuple(told)


def _due(scenario: Scenario, dates: list[str]) -> Ints:
    """Return the first row of each month, and the number of rows last; the dates are sorted."""
    months = month_index(scenario.start, scenario.end) + 1
    when = _ints([month_index(scenario.start, date) for date in dates])
    return np.searchsorted(when, np.arange(months + 1)).astype(np.int64)


def _need(need: Need, index: _Index) -> tuple[int, int, int]:
    """Kind, member and office of one requirement."""
    kind = b.NEED_KINDS.index(need.kind)
    if need.open is not None:
        return kind, b.NOBODY, index.offices[need.open]
    who = index.slot(getattr(need, need.kind))
    return kind, who, b.NOBODY if need.office is None else index.offices[need.office]


def _rows(event: EventEntry, index: _Index) -> Iterator[_Row]:
    """Yield the rows of one event: one, or one for each parameter or direction."""
    match event:
        case Passage():
            yield _Row(who=index.slot(event.who))
        case Admission():
            yield _Row(who=index.slot(event.who), what=_STATUS[event.status])
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


def _question(event: QuestionPut, index: _Index) -> _Row:
    """Return a forced question; its venue travels in the amount."""
    return _Row(
        who=index.slot(event.who), whom=index.slot(event.against), what=index.rungs[event.rung],
        backer=index.slot(event.backer), amount=float(b.VENUES.index(event.venue)),
    )  # fmt: skip


def _pour(of: type[Shape], rooms: Mapping[str, int], **arrays: NDArray[Any]) -> Shape:
    """Fill a record; what an array leaves over stays zero."""
    record = b.new_record(of, rooms)[1]
    for name, array in arrays.items():
        field = cast(Any, record)[name]
        field[tuple(slice(length) for length in array.shape)] = array
    return record


def _zeros(*shape: int) -> Floats:
    return np.zeros(shape, dtype=np.float64)


def _floats(values: list[float], size: int | None = None, rest: float = 0.0) -> Floats:
    array = np.full(len(values) if size is None else size, rest, dtype=np.float64)
    array[: len(values)] = values
    return array


def _ints(values: list[int], size: int | None = None, rest: int = 0) -> Ints:
    array = np.full(len(values) if size is None else size, rest, dtype=np.int64)
    array[: len(values)] = values
    return array


def _idents(values: list[int], size: int) -> Idents:
    array = np.zeros(size, dtype=np.uint64)
    array[: len(values)] = values
    return array
