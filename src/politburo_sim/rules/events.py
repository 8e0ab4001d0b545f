"""Dated events of the calendar: what happens to the body from outside its own rules."""

from __future__ import annotations

from politburo_sim.rules.appointments import elect_committee
from politburo_sim.rules.membership import tidy, weight_of
from politburo_sim.rules.perception import in_body, muster, survey
from politburo_sim.rules.space import normalise
from politburo_sim.rules.vacancy import (
    fill_vacancies,
    free_seat,
    give_post,
    pass_office,
)
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    ABOLISH,
    ADMISSION,
    ASSIGN,
    AWAITED,
    BOND,
    CANDIDATE,
    COMMITTEE,
    CONGRESS,
    DEATH,
    EXIT,
    FULL,
    GONE,
    INCAPACITY,
    LAST_CONGRESS,
    MET,
    MONTH,
    NEED_CAPABLE,
    NEED_HOLDS,
    NEED_IN_BODY,
    NEED_OPEN,
    NEED_SEATED,
    NOBODY,
    NORM,
    QUESTION,
    RECOVERY,
    REVELATION,
    SEATS,
    SHOCK,
    SPEAKERS,
    UNMET,
    VACATE,
    WEIGHT,
    Body,
    Calendar,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal, note, write
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_VENUE = PLACE["venue"]
#: Share of the votes from which on a coalition controls what a congress elects.
DOMINANT = 0.4


@rule
def dominant(body: Body, work: Work) -> int:
    """The heaviest coalition, where it is heavy enough to control an election; or NOBODY."""
    best = NOBODY
    most = DOMINANT
    for c in range(body.coalition_leader.shape[0]):
        if body.coalition_leader[c] != NOBODY:
            weight = weight_of(body, work, c)
            if weight > most:
                most = weight
                best = c
    return best


@rule
def see_as(body: Body, leader: int) -> None:
    """The votes last cast, as a leader sees them: whoever voted as he did has said yes."""
    if body.vote[leader] == 0:
        for k in range(body.vote.shape[0]):
            if body.vote[k] >= 0:
                body.vote[k] = 1 - body.vote[k]


@rule
def need_met(body: Body, kind: int, who: int, what: int) -> bool:
    """Whether one requirement of an event holds."""
    if kind == NEED_SEATED:
        return body.status[who] == FULL
    if kind == NEED_IN_BODY:
        return in_body(body, who)
    if kind == NEED_HOLDS:
        return body.office_holder[what] == who and body.office_open[what] == 1
    if kind == NEED_CAPABLE:
        return body.capable[who] == 1 and in_body(body, who)
    return kind == NEED_OPEN and body.office_open[what] == 1


@rule
def needs_met(body: Body, calendar: Calendar, row: int) -> bool:
    """Whether an event's precondition holds."""
    for q in range(calendar.needs_from[row], calendar.needs_to[row]):
        if not need_met(body, calendar.need_kind[q], calendar.need_who[q], calendar.need_what[q]):
            return False
    return True


@rule
def question_stands(body: Body, mover: int, target: int, rung: int) -> bool:
    """Whether a forced question can be put: its mover speaks, its target can still fall."""
    speaks = in_body(body, mover) and body.capable[mover] == 1
    inside = in_body(body, target) or body.status[target] == COMMITTEE
    return speaks and inside and body.rung[target] < rung


@rule
def given_now(body: Body, calendar: Calendar, office: int) -> bool:
    """Whether the calendar gives a post to somebody this month."""
    month = body.clock[MONTH]
    for row in range(calendar.due[month], calendar.due[month + 1]):
        if calendar.kind[row] == ASSIGN and calendar.whom[row] == office:
            if in_body(body, calendar.who[row]) and needs_met(body, calendar, row):
                return True
    return False


@rule
def depart(
    body: Body, work: Work, journal: Journal, calendar: Calendar, who: int, to: int
) -> None:  # fmt: skip
    """A member leaves by death or otherwise: seat, base and posts are free.

    A post that the calendar gives to somebody this month waits for him.
    """
    before = body.status[who]
    if before == GONE or before == to:
        return
    note(journal, body, j.BEREFT, who, NOBODY, before, 0.0)
    body.status[who] = to
    body.capable[who] = 0 if to == GONE else body.capable[who]
    body.bases[who] = 0.0
    body.coalition[who] = NOBODY
    body.named[who] = 0
    free_seat(body, who)
    muster(body)
    tidy(body, journal)
    for office in range(body.office_holder.shape[0]):
        held = body.office_holder[office] == who and body.office_open[office] == 1
        if held and not given_now(body, calendar, office):
            pass_office(body, work, journal, office, who, NOBODY, strongest_other(body, who))


@rule
def strongest_other(body: Body, who: int) -> int:
    """Of those who speak the one with the largest share of the power, but one; or NOBODY."""
    best = NOBODY
    most = -1.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if k != who and body.share[k] > most:
            most = body.share[k]
            best = k
    return best


@rule
def admit(body: Body, who: int, status: int) -> None:
    """An awaited person enters: to a free seat if he is to be full and there is one."""
    if body.status[who] != AWAITED:
        return
    body.status[who] = CANDIDATE
    if status == FULL:
        for seat in range(body.seat_holder.shape[0]):
            if body.seat_open[seat] == 1 and body.seat_holder[seat] == NOBODY:
                body.status[who] = FULL
                body.seat[who] = seat
                body.seat_holder[seat] = who
                break
    muster(body)


@rule
def open_seats(body: Body, number: int) -> None:
    """So many full seats are open from now on; a seat that is held is never closed."""
    opened = 0
    for seat in range(body.seat_open.shape[0]):
        if body.seat_open[seat] == 1:
            opened += 1
    for seat in range(body.seat_open.shape[0]):
        if opened < number and body.seat_open[seat] == 0:
            body.seat_open[seat] = 1
            opened += 1
    for seat in range(body.seat_open.shape[0] - 1, -1, -1):
        if opened > number and body.seat_open[seat] == 1 and body.seat_holder[seat] == NOBODY:
            body.seat_open[seat] = 0
            opened -= 1


@rule
def vacate(body: Body, work: Work, journal: Journal, office: int) -> None:
    """A holder gives up his post; the strongest of the others takes it or names a man."""
    holder = body.office_holder[office]
    if holder != NOBODY and body.office_open[office] == 1:
        pass_office(body, work, journal, office, holder, NOBODY, strongest_other(body, holder))


@rule
def reveal(body: Body, observer: int, about: int, amount: float) -> None:
    """Opacity falls by a share, for all or for named observers, about all or about one."""
    n = body.opacity.shape[0]
    for k in range(n):
        for other in range(n):
            if (observer == NOBODY or observer == k) and (about == NOBODY or about == other):
                body.opacity[k, other] *= 1.0 - amount


@rule
def shift(body: Body, calendar: Calendar, row: int) -> None:
    """Ideals shift along the axes: everybody's, or one member's."""
    who = calendar.who[row]
    for k in range(body.ideal.shape[0]):
        if who == NOBODY or who == k:
            for axis in range(body.line.shape[0]):
                moved = body.ideal[k, axis] + calendar.vector[row, axis]
                body.ideal[k, axis] = min(1.0, max(-1.0, moved))


@rule
def happen(body: Body, work: Work, journal: Journal, calendar: Calendar, row: int) -> bool:
    """Let one event happen; True where it is a question that the body has still to vote on."""
    met = needs_met(body, calendar, row)
    kind = calendar.kind[row]
    who = calendar.who[row]
    whom = calendar.whom[row]
    if kind == QUESTION:
        met = met and question_stands(body, who, whom, calendar.what[row])
    if calendar.chosen[row] == 1:
        body.count[MET if met else UNMET] += 1
    write(journal, body, j.EVENT, who, whom, row, 1 if met else 0, NOBODY, 0.0, 0.0, 0.0)
    if not met:
        return False
    amount = calendar.amount[row]
    if kind == DEATH:
        depart(body, work, journal, calendar, who, GONE)
    elif kind == EXIT:
        depart(body, work, journal, calendar, who, COMMITTEE)
    elif kind == INCAPACITY:
        body.capable[who] = 0
    elif kind == RECOVERY:
        body.capable[who] = 1 if body.status[who] != GONE else 0
    elif kind == ADMISSION:
        admit(body, who, calendar.what[row])
    elif kind == SEATS:
        open_seats(body, int(amount))
    elif kind == ASSIGN:
        if body.office_open[whom] == 1 and in_body(body, who):
            give_post(body, journal, whom, who)
    elif kind == VACATE:
        vacate(body, work, journal, whom)
    elif kind == ABOLISH:
        give_post(body, journal, whom, NOBODY)
        body.office_open[whom] = 0
    elif kind == REVELATION:
        reveal(body, who, whom, amount)
    elif kind == NORM:
        body.par[whom] = amount
    elif kind == BOND:
        body.bond[who, whom] = min(1.0, max(-1.0, body.bond[who, whom] + amount))
    elif kind == SHOCK:
        shift(body, calendar, row)
    elif kind == WEIGHT:
        for axis in range(body.line.shape[0]):
            body.axis_weight[axis] = calendar.vector[row, axis]
        normalise(body.axis_weight)
    elif kind == CONGRESS:
        body.clock[LAST_CONGRESS] = body.clock[MONTH]
        elect_committee(body, amount)
        survey(body, work, body.par[_VENUE])
        side = dominant(body, work)
        if side != NOBODY:
            see_as(body, body.coalition_leader[side])
        fill_vacancies(body, work, journal, side)
    muster(body)
    return kind == QUESTION
