"""Recorded seats: who took one, as the rules would have it or against them."""

from __future__ import annotations

from politburo_sim.rules.demotion import lose_place
from politburo_sim.rules.events import dominant, see_as, strongest_other
from politburo_sim.rules.imposing import charge_seating
from politburo_sim.rules.perception import muster, survey
from politburo_sim.rules.vacancy import fill_seat, pass_offices
from politburo_sim.state.body import (
    AWAITED,
    CANDIDATE,
    COMMITTEE,
    GONE,
    MONTH,
    NOBODY,
    Body,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal
from politburo_sim.state.minutes import (
    AS_NAMED,
    BY_A_STRANGER,
    FILLING,
    LATER,
    Minutes,
)
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_VENUE = PLACE["venue"]


@rule
def change_standings(body: Body, work: Work, journal: Journal, minutes: Minutes) -> None:
    """Changes of standing that no rule makes; who is out of the body has lost his posts."""
    month = body.clock[MONTH]
    for row in range(minutes.moved_due[month], minutes.moved_due[month + 1]):
        who, to = minutes.moved[row], minutes.moved_to[row]
        if body.status[who] != to and body.status[who] != GONE:
            lose_place(body, work, journal, who, to, NOBODY)
            if to == COMMITTEE:
                pass_offices(body, work, journal, who, NOBODY, strongest_other(body, who))


@rule
def await_seated(body: Body, work: Work, minutes: Minutes) -> int:
    """Whom the record has take a seat this month, into `work.awaited`; how many strangers do.

    Who is no candidate in this history is made one, where that can be, at the price of an error.
    """
    month = body.clock[MONTH]
    strangers = 0
    for row in range(minutes.seats_due[month], minutes.seats_due[month + 1]):
        who = minutes.seated[row]
        if who == NOBODY:
            strangers += 1
            continue
        if body.status[who] == AWAITED or body.status[who] == COMMITTEE:
            charge_seating(body, 0.0, 2.0)
            body.status[who] = CANDIDATE
        elif body.status[who] != CANDIDATE:
            charge_seating(body, 0.0, 2.0)
            continue
        body.named[who] = 0
        work.awaited[who] = 1
    muster(body)
    return strangers


@rule
def fill_recorded_seats(body: Body, work: Work, journal: Journal, minutes: Minutes) -> None:
    """Free seats go to those whom the record names, one after another; the rest stay free."""
    strangers = await_seated(body, work, minutes)
    waiting = 0
    for k in range(work.awaited.shape[0]):
        waiting += work.awaited[k]
    if waiting + strangers == 0:
        return
    survey(body, work, body.par[_VENUE])
    side = dominant(body, work)
    if side != NOBODY:
        see_as(body, body.coalition_leader[side])
    for seat in range(body.seat_holder.shape[0]):
        if body.seat_open[seat] == 0 or body.seat_holder[seat] != NOBODY:
            continue
        if waiting > 0:
            work.ask[FILLING] = AS_NAMED
        elif strangers > 0:
            work.ask[FILLING] = BY_A_STRANGER
            strangers -= 1
        else:
            break
        fill_seat(body, work, journal, seat, side)
        who = body.seat_holder[seat]
        if waiting > 0 and who != NOBODY:
            waiting -= work.awaited[who]
            work.awaited[who] = 0
        work.ask[FILLING] = LATER
    for k in range(work.awaited.shape[0]):
        if work.awaited[k] == 1:
            charge_seating(body, 0.0, 2.0)
            work.awaited[k] = 0
