"""Vacancy: who takes over the posts and the seat of one who falls."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from politburo_sim.rules.perception import muster, threat_seen
from politburo_sim.state.body import (
    AWAITED,
    CANDIDATE,
    FULL,
    NOBODY,
    SPEAKERS,
    Body,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.draws import NEWCOMER, PATRON, draw, mix
from politburo_sim.state.journal import POST, SEATED, Journal, note
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_PATRONAGE = PLACE["patronage"]
_GRATITUDE = PLACE["gratitude"]
_PRESTIGE = PLACE["newcomer_prestige"]
_OPPORTUNISM = PLACE["opportunism"]
_LOYALTY = PLACE["loyalty"]
_FORESIGHT = PLACE["foresight"]
_OPACITY = PLACE["opacity"]
_NONE: Any = np.uint64(0)
#: How far a new client's ideal may lie from his patron's, on each axis.
LIKENESS = 0.3


@rule
def rate_of(body: Body, who: int) -> float:
    """Appointments rate of a member: the sum over the open offices he holds."""
    rate = 0.0
    for office in range(body.office_holder.shape[0]):
        if body.office_holder[office] == who and body.office_open[office] == 1:
            rate += body.office_rate[office]
    return rate


@rule
def least_threatening(body: Body, work: Work, viewer: int, without: int, victors: bool) -> int:
    """Of those who speak (of the victors alone, if asked) the one whom `viewer` fears least."""
    best = NOBODY
    least = math.inf
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if k == without or (victors and work.vote[k] != 1):
            continue
        feared = threat_seen(body, work, viewer, k)
        if feared < least:
            least = feared
            best = k
    return best


@rule
def give_post(body: Body, journal: Journal, month: int, office: int, to: int) -> None:
    """An office changes hands, and its prestige with it."""
    before = body.office_holder[office]
    if before != NOBODY:
        body.prestige[before] = max(0.0, body.prestige[before] - body.office_prestige[office])
    body.office_holder[office] = to
    if to != NOBODY:
        body.prestige[to] += body.office_prestige[office]
    note(journal, month, POST, to, before, office, 0.0, 0.0, 0.0)


@rule
def pass_offices(
    body: Body, work: Work, journal: Journal, month: int, who: int, viewer: int, victors: bool
) -> None:
    """All posts of `who` go to the least threatening man, as `viewer` sees it."""
    for office in range(body.office_holder.shape[0]):
        if body.office_holder[office] == who and body.office_open[office] == 1:
            to = NOBODY
            if viewer != NOBODY:
                to = least_threatening(body, work, viewer, who, victors)
            give_post(body, journal, month, office, to)


@rule
def free_seat(body: Body, who: int) -> int:
    """The member leaves his seat; its number, or NOBODY."""
    seat = body.seat[who]
    if seat != NOBODY:
        body.seat_holder[seat] = NOBODY
        body.seat[who] = NOBODY
    return seat


@rule
def appointer(body: Body, work: Work, victors: bool) -> int:
    """Who controls appointments among those who speak (or among the victors): highest rate."""
    best = NOBODY
    most = 0.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if victors and work.vote[k] != 1:
            continue
        rate = rate_of(body, k)
        if rate > most:
            most = rate
            best = k
    return best


@rule
def choose_candidate(body: Body, patron: int) -> int:
    """The candidate warmest to the patron; without a patron, the one with most prestige."""
    best = NOBODY
    best_value = -math.inf
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if body.status[k] != CANDIDATE:
            continue
        value = body.prestige[k] if patron == NOBODY else body.bond[k, patron]
        if value > best_value:
            best_value = value
            best = k
    return best


@rule
def newcomer(body: Body, seed: int, seat: int, patron: int) -> int:
    """A person from outside the file takes a spare slot; NOBODY when none is left.

    His id comes from the seat and its generation. A client's ideal lies within LIKENESS of
    his patron's stance, an independent's anywhere.
    """
    slot = NOBODY
    for k in range(body.status.shape[0]):
        if body.ident[k] == _NONE and body.status[k] == AWAITED:
            slot = k
            break
    if slot == NOBODY:
        return NOBODY
    who = mix(body.seat_ident[seat], body.seat_generation[seat])
    body.ident[slot] = who
    for axis in range(body.line.shape[0]):
        luck = 2.0 * draw(seed, axis, NEWCOMER, who, 0) - 1.0
        if patron != NOBODY:
            luck = body.stance[patron, axis] + LIKENESS * luck
        body.ideal[slot, axis] = min(1.0, max(-1.0, luck))
        body.stance[slot, axis] = body.ideal[slot, axis]
    par = body.par
    body.opportunism[slot] = par[_OPPORTUNISM]
    body.loyalty[slot] = par[_LOYALTY]
    body.foresight[slot] = par[_FORESIGHT]
    body.prestige[slot] = par[_PRESTIGE]
    for k in range(body.status.shape[0]):
        if k != slot:
            body.opacity[slot, k] = par[_OPACITY]
            body.opacity[k, slot] = par[_OPACITY]
    return slot


@rule
def fill_seat(
    body: Body, work: Work, journal: Journal, seed: int, month: int, seat: int, victors: bool
) -> None:
    """A vacant seat goes, with chance rho, to a client of whoever controls appointments.

    Else it goes to the independent candidate with most prestige. Where no candidate is left
    a newcomer takes it.
    """
    body.seat_generation[seat] += 1
    key = mix(body.seat_ident[seat], body.seat_generation[seat])
    patron = appointer(body, work, victors)
    if patron != NOBODY and draw(seed, 0, PATRON, key, 0) >= body.par[_PATRONAGE]:
        patron = NOBODY
    who = choose_candidate(body, patron)
    if who == NOBODY:
        who = newcomer(body, seed, seat, patron)
    if who == NOBODY:
        return
    body.status[who] = FULL
    body.seat[who] = seat
    body.seat_holder[seat] = who
    body.patron[who] = patron
    client = 0.0
    if patron != NOBODY:
        client = 1.0
        body.bond[who, patron] = max(body.bond[who, patron], body.par[_GRATITUDE])
    note(journal, month, SEATED, who, NOBODY, seat, client, float(patron), 0.0)
    muster(body)


@rule
def fill_vacancies(
    body: Body, work: Work, journal: Journal, seed: int, month: int, victors: bool
) -> None:
    """Fill all open seats that nobody holds."""
    for seat in range(body.seat_holder.shape[0]):
        if body.seat_open[seat] == 1 and body.seat_holder[seat] == NOBODY:
            fill_seat(body, work, journal, seed, month, seat, victors)
