"""The ledger: who sits, who stands with whom and what the line is, as the entries leave it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from politburo_sim.record.words import Entry, aim_of
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    AGAINST,
    CANDIDATE,
    DEFENCE,
    FULL,
    NEED_CAPABLE,
    NEED_IN_BODY,
    NEED_SEATED,
    NOBODY,
    POLICY,
)
from politburo_sim.state.parameters import PLACE
from politburo_sim.worlds.schema import Admission, EventEntry, Seats
from politburo_sim.worlds.world import World


@dataclass
class Coalition:
    """One coalition: who leads whom against whom, for what, since when."""

    leader: int
    target: int
    aim: int
    members: set[int]
    born: int


@dataclass
class Ledger:
    """What stands at one moment of a history."""

    world: World
    ballots: NDArray[np.int8]
    full: set[int] = field(init=False)
    candidates: set[int] = field(init=False)
    holders: dict[int, int] = field(init=False)  # seat -> who sits or sat in it last
    patrons: dict[int, int] = field(init=False)
    line: list[float] = field(init=False)
    coalitions: list[Coalition] = field(default_factory=list)
    partners: set[frozenset[int]] = field(default_factory=set)  # pairs who have shared one
    fallen: dict[int, Entry] = field(default_factory=dict)  # who lost his seat by a sanction
    seats: int = field(init=False)  # full seats, or those held where that is more
    away: set[int] = field(default_factory=set)  # who can neither speak nor vote

    def __post_init__(self) -> None:
        body = self.world.body
        self.full = {int(k) for k in np.flatnonzero(body.status == FULL)}
        self.candidates = {int(k) for k in np.flatnonzero(body.status == CANDIDATE)}
        self.holders = {s: int(k) for s, k in enumerate(body.seat_holder) if k != NOBODY}
        self.patrons = {k: int(p) for k, p in enumerate(body.patron) if p != NOBODY}
        self.line = [float(x) for x in body.line]
        self.seats = self.world.scenario.seats

    def led_by(self, leader: int) -> Coalition | None:
        """Return the coalition that a man leads."""
        return next((one for one in self.coalitions if one.leader == leader), None)

    def with_member(self, who: int) -> Coalition | None:
        """Return the coalition that a man belongs to."""
        return next((one for one in self.coalitions if who in one.members), None)

    def followers(self, leader: int) -> set[int]:
        """Return the heads who stand with a man: his clients, and who is in his coalition."""
        own = self.with_member(leader)
        mates = own.members if own is not None else set()
        return {
            k for k in self.full if k != leader and (k in mates or self.patrons.get(k) == leader)
        }

    def sides(self, ballot: int) -> tuple[set[int], set[int]]:
        """Return the two sides of a ballot: who said yes, and who no."""
        if not 0 <= ballot < len(self.ballots):
            return set(), set()
        votes = self.ballots[ballot]
        return (
            {int(k) for k in np.flatnonzero(votes == 1)},
            {int(k) for k in np.flatnonzero(votes == 0)},
        )

    def note(self, entry: Entry) -> None:
        """Bring the ledger up to date with one entry."""
        match entry.kind:
            case j.EVENT:
                self._happen(entry)
            case j.FORMED | j.TURNED:
                self._stand_up(entry)
            case j.TAKEN_OVER:
                if (taken := self.led_by(entry.whom)) is not None:
                    taken.leader = entry.who
            case j.JOINED:
                self._enter(entry.who, entry.whom)
            case j.CROSSED:
                self._leave(entry.who)
                self._enter(entry.who, entry.what)
            case j.LEFT | j.RECANT:
                self._leave(entry.who)
            case j.BROKEN_UP:
                self.coalitions = [c for c in self.coalitions if c.leader != entry.who]
            case j.ADOPTED:
                self._decide(int(entry.y), entry.x)
            case j.DIVISION:
                self._decide(int(entry.z), entry.y)
                won = self.led_by(entry.who if entry.carried else entry.whom)
                if won is not None and won.aim == POLICY:
                    won.aim = AGAINST  # an opposition that wins is one no longer
            case j.TIED:
                self._tie(entry.who, entry.whom)
            case j.SEATED:
                self._seat(entry)
            case j.BEREFT:
                self._depart(entry.who)
            case j.DEMOTED if entry.what == CANDIDATE:
                self.full.discard(entry.who)
                self.candidates.add(entry.who)
            case j.DEMOTED:
                self.fallen[entry.who] = entry
                self._depart(entry.who)
            case j.SANCTION if entry.what >= self.world.losses.seat:
                if entry.who in self.full | self.candidates:
                    self.fallen[entry.who] = entry
                self._depart(entry.who)

    def event(self, entry: Entry) -> EventEntry:
        """Return an event of the calendar as the world's file has it."""
        wanted = self.world.events[entry.what].id
        return next(event for event in self.world.scenario.events if event.id == wanted)

    def waits(self, entry: Entry) -> bool:
        """Whether an event lets somebody in with a full seat while none is free."""
        if self.world.events[entry.what].kind != "admission":
            return False
        event = self.event(entry)
        full = isinstance(event, Admission) and event.status == "full"
        known = entry.who in self.full | self.candidates
        return full and not known and len(self.full) >= self.seats

    def lacking(self, entry: Entry) -> tuple[int, int] | None:
        """Return whose seat, or health, an event lacks first: the kind of need, and who."""
        calendar = self.world.calendar
        body = self.full | self.candidates
        has = {NEED_SEATED: self.full, NEED_IN_BODY: body, NEED_CAPABLE: body - self.away}
        for at in range(calendar.needs_from[entry.what], calendar.needs_to[entry.what]):
            kind, who = int(calendar.need_kind[at]), int(calendar.need_who[at])
            if kind in has and who not in has[kind]:
                return kind, who
        return None

    def _happen(self, entry: Entry) -> None:
        if not entry.carried:
            return
        match self.world.events[entry.what].kind:
            case "incapacity":
                self.away.add(entry.who)
            case "recovery":
                self.away.discard(entry.who)
            case "admission" | "seats":
                self._make_room(entry)

    def _make_room(self, entry: Entry) -> None:
        """Let somebody in, or change the number of seats."""
        event = self.event(entry)
        if isinstance(event, Seats):
            self.seats = max(event.amount, len(self.full))
        elif isinstance(event, Admission) and entry.who not in self.full | self.candidates:
            seated = event.status == "full" and len(self.full) < self.seats
            (self.full if seated else self.candidates).add(entry.who)

    def _stand_up(self, entry: Entry) -> None:
        ours, theirs = self.sides(entry.ballot)
        mine = self.led_by(entry.who)
        if entry.kind == j.FORMED or mine is None:
            mine = Coalition(entry.who, entry.whom, entry.what, set(), entry.month)
        self.coalitions = [
            one for one in self.coalitions
            if one.leader not in (mine.leader, *ours) and len(one.members) > 1
        ]  # fmt: skip
        self.coalitions.append(mine)
        mine.target, mine.aim = entry.whom, aim_of(entry)
        self._gather(mine, ours | {entry.who})
        if theirs:
            leader = next((one for one in self.coalitions if one.leader in theirs), None)
            other = leader or Coalition(entry.whom, entry.who, DEFENCE, set(), entry.month)
            if leader is None:
                self.coalitions.append(other)
            self._gather(other, theirs)

    def _gather(self, coalition: Coalition, members: set[int]) -> None:
        for other in self.coalitions:
            if other is not coalition:
                other.members -= members
        coalition.members = set(members)
        self.partners |= {frozenset((a, b)) for a in members for b in members if a != b}

    def _enter(self, who: int, leader: int) -> None:
        """Let a man in; a coalition of which the journal has not told is one in defence."""
        entered = self.led_by(leader)
        if entered is None:
            entered = Coalition(leader, NOBODY, DEFENCE, {leader}, 0)
            self.coalitions.append(entered)
        self._gather(entered, entered.members | {who})

    def _leave(self, who: int) -> None:
        for one in self.coalitions:
            one.members.discard(who)

    def _decide(self, axis: int, place: float) -> None:
        speed = float(self.world.body.par[PLACE["line_speed"]])
        self.line[axis] += speed * (place - self.line[axis])

    def _seat(self, entry: Entry) -> None:
        self.full.add(entry.who)
        self.candidates.discard(entry.who)
        self.holders[entry.what] = entry.who
        if entry.whom != NOBODY:
            self._tie(entry.who, entry.whom)

    def _tie(self, who: int, patron: int) -> None:
        self.patrons[who] = patron
        side = self.with_member(patron)
        if side is not None and self.with_member(who) is None:
            self._gather(side, side.members | {who})

    def _depart(self, who: int) -> None:
        self.full.discard(who)
        self.candidates.discard(who)
        self._leave(who)
