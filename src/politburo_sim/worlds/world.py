"""A scenario as arrays: what both drivers start from.

Slots are sorted by the members' ids, so that the order of a file's tables means nothing; spare
slots for newcomers follow. A world is never changed: a run works on a copy of its body.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from politburo_sim.months import month_index, year_and_month
from politburo_sim.state import body as b
from politburo_sim.state.body import Agenda, Body, Calendar, Coding, Floats, Idents, Ints
from politburo_sim.state.parameters import PARAMETERS
from politburo_sim.worlds.arrays import Index, floats, identity, idents, ints, pour, zeros
from politburo_sim.worlds.calendar import STATUS, EventRow, QuestionRow, agenda_of, calendar_of
from politburo_sim.worlds.scenario import Scenario, parameter_values
from politburo_sim.worlds.schema import (
    Coded,
    MemberEntry,
    Seats,
)
from politburo_sim.worlds.words import Losses, Rung, Words, losses

__all__ = ["EventRow", "QuestionRow", "World", "build_world", "identity"]

LEAST_SPARE = 12
LONG_AGO = -10_000
#: Half-width of the coders' range on a scale from -1 to 1, and relative to a size.
HALF = {"high": 0.2, "medium": 0.3, "low": 0.5}


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
        return (b.UNSANCTIONED, *(rung.name for rung in self.ladder))

    @property
    def losses(self) -> Losses:
        """The rungs on which posts, seat and party are lost."""
        return losses(self.ladder)

    def __repr__(self) -> str:
        return f"World({self.scenario.name!r}, {self.members} members, {self.months} months)"


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
    index = Index(scenario, members)
    body = _body(scenario, members, index, size, seats, parameters)
    calendar, rows = calendar_of(scenario, index)
    agenda, questions = agenda_of(scenario, index)
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


def _body(
    scenario: Scenario,
    members: list[MemberEntry],
    index: Index,
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
    ideal = zeros(size, index.room)
    for slot, member in enumerate(members):
        ideal[slot] = index.along({a: c.value for a, c in member.ideal.items()}, 0.0)
    rates = floats([office.appointments.value for office in scenario.offices], offices)
    return pour(
        Body, rooms,
        ident=idents([identity(member.key) for member in members], size),
        ideal=ideal, stance=ideal.copy(),
        opportunism=zeros(size), loyalty=zeros(size), foresight=zeros(size),
        prestige=floats([member.prestige.value for member in members], size),
        bases=floats([member.base.value for member in members], size),
        bond=_bonds(scenario, index, size, half=False), opacity=zeros(size, size),
        patron=ints([index.slot(member.patron) for member in members], size, b.NOBODY),
        ladder=ints(list(losses(scenario.ladder))), rung=ints([], size),
        since=np.full((size, b.MOST_RUNGS + 1), b.NOBODY, dtype=np.int64),
        last=ints([], size, LONG_AGO),
        status=ints([STATUS[member.status] for member in members], size),
        capable=ints([], size, 1), seat=seat, company=ints([], size, b.NOBODY),
        coalition=ints([], size, b.NOBODY), joined=ints([], size, LONG_AGO),
        left=ints([], size, b.NOBODY), left_born=ints([], size, b.NOBODY),
        coalition_leader=ints([], b.MOST_COALITIONS, b.NOBODY),
        coalition_target=ints([], b.MOST_COALITIONS, b.NOBODY),
        speakers=ints([], size), present=ints([], size),
        share=zeros(size), clients=zeros(size),
        line=floats(index.along(scenario.line, 0.0)),
        axis_weight=floats(index.along(scenario.axis_weight, 1.0)), par=floats(parameters),
        office_holder=ints(
            [index.slot(office.holder) for office in scenario.offices], offices, b.NOBODY
        ),
        office_rate=rates,
        office_prestige=floats(
            [office.prestige.value for office in scenario.offices], offices
        ),
        office_open=ints([1] * len(scenario.offices), offices),
        founding_rate=floats([math.fsum(rates)]),
        seat_ident=seat_ident, seat_generation=ints([], chairs), seat_holder=holder,
        seat_open=ints([1] * scenario.seats, chairs),
    )  # fmt: skip


def _founding_seats(members: list[MemberEntry], size: int) -> Ints:
    """Seats 0, 1, ... go to the full members in the order of their slots."""
    seat = ints([], size, b.NOBODY)
    full = [slot for slot, member in enumerate(members) if member.status == "full"]
    for place, slot in enumerate(full):
        seat[slot] = place
    return seat


def _seats(members: list[MemberEntry], seat: Ints, seats: int) -> tuple[Ints, Idents]:
    """Return who holds each seat, and the seats' ids: each its founding holder's."""
    holder = ints([], seats, b.NOBODY)
    ids = [identity(f"seat:{place}") for place in range(seats)]
    for slot, member in enumerate(members):
        if seat[slot] != b.NOBODY:
            holder[seat[slot]] = slot
            ids[seat[slot]] = identity(member.key)
    return holder, idents(ids, seats)


def _bonds(scenario: Scenario, index: Index, size: int, *, half: bool) -> Floats:
    matrix = zeros(size, size)
    for bond in scenario.bonds:
        one, other = index.slots[bond.who], index.slots[bond.whom]
        number = _half(bond.value) if half else bond.value.value
        matrix[one, other] = number
        if bond.mutual:
            matrix[other, one] = number
    return matrix


def _coding(scenario: Scenario, members: list[MemberEntry], index: Index, size: int) -> Coding:
    ideal = zeros(size, index.room)
    for slot, member in enumerate(members):
        ideal[slot] = index.along({a: _half(c) for a, c in member.ideal.items()}, 0.0)

    def coded(trait: str) -> Floats:
        given = [getattr(member, trait) for member in members]
        return floats([math.nan if c is None else c.value for c in given], size, math.nan)

    def halves(trait: str, scale: float) -> Floats:
        return floats([scale * _half(getattr(member, trait)) for member in members], size)

    return pour(
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
