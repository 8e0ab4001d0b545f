"""Vacancy: who takes over the posts and the seat of one who falls.

A post goes to a victor, drawn by what he brought (Gamson's law); where the victors are no
coalition, to whoever asked for it. Who already has one puts a man of his choice there. A vacant
seat is filled, with chance rho, by the victors' strongest appointer, else by a victor drawn by
weight; he chooses among the candidates by logit (`minds.worth_naming`). Where nobody names, the
candidate with most prestige is seated; where no candidate is left a newcomer takes it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from politburo_sim.rules.favours import worth_naming
from politburo_sim.rules.imposing import charge_seating, odds_of
from politburo_sim.rules.luck import set_apart, set_back, turn
from politburo_sim.rules.membership import barred, enter
from politburo_sim.rules.minds import noise
from politburo_sim.rules.perception import muster, speaks, survey
from politburo_sim.state import draws as d
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    AWAITED,
    CANDIDATE,
    FULL,
    MONTH,
    NOBODY,
    POSTS_LOST,
    SPEAKERS,
    UNFILLED,
    Body,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.draws import draw, mix
from politburo_sim.state.journal import Journal, note
from politburo_sim.state.minutes import (
    AS_NAMED,
    BY_A_STRANGER,
    FILLING,
    LATER,
)
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_PATRONAGE = PLACE["patronage"]
_GRATITUDE = PLACE["gratitude"]
_PRESTIGE = PLACE["newcomer_prestige"]
_OPPORTUNISM = PLACE["opportunism"]
_SPREAD = PLACE["opportunism_spread"]
_LOYALTY = PLACE["loyalty"]
_FORESIGHT = PLACE["foresight"]
_OPACITY = PLACE["opacity"]
_VENUE = PLACE["venue"]
_BLOCS = PLACE["blocs"]
_OPENNESS = PLACE["openness"]
_NONE: Any = np.uint64(0)
#: How far a new client's ideal may lie from his patron's, on each axis.
LIKENESS = 0.3


@rule
def victor(body: Body, work: Work, decision: int, coalition: int, about: int) -> int:
    """A victor drawn by what he brought: of a coalition, by openness also of others; or NOBODY.

    Of those who voted yes in the last roll call; at a congress, as the coalition's leader did.
    """
    best = NOBODY
    soonest = math.inf
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if k == about:
            continue
        weight = work.weight[k]
        if coalition != NOBODY and body.coalition[k] != coalition:
            weight *= body.par[_OPENNESS] if body.vote[k] == 1 else 0.0
        wait = turn(body, decision, k, weight)
        if wait < soonest:
            soonest = wait
            best = k
    return best


@rule
def has_post(body: Body, who: int) -> bool:
    """Whether a man holds an office."""
    for office in range(body.office_holder.shape[0]):
        if body.office_open[office] == 1 and body.office_holder[office] == who:
            return True
    return False


@rule
def give_post(body: Body, journal: Journal, office: int, to: int) -> None:
    """An office changes hands, and its prestige with it."""
    before = body.office_holder[office]
    if before != NOBODY:
        body.prestige[before] = max(0.0, body.prestige[before] - body.office_prestige[office])
    body.office_holder[office] = to
    if to != NOBODY:
        body.prestige[to] += body.office_prestige[office]
    note(journal, body, j.POST, to, before, office, 0.0)


@rule
def name_to_post(body: Body, work: Work, namer: int, without: int) -> int:
    """Whom a man puts into a post: one without a post, not named nor ever dismissed; or NOBODY."""
    best = NOBODY
    most = -math.inf
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if k == without or k == namer or body.named[k] == 1 or has_post(body, k):
            continue
        if body.rung[k] >= body.ladder[POSTS_LOST]:
            continue
        value = work.voice[k]
        if namer != NOBODY:
            value = worth_naming(body, work, namer, k) + noise(body, d.POST_TO, namer, k)
        if value > most:
            most = value
            best = k
    return best


@rule
def pass_office(
    body: Body, work: Work, journal: Journal, office: int, without: int, coalition: int, namer: int
) -> None:
    """A post goes to a victor, or to whom a victor with a post of his own puts there.

    coalition: the victors', or NOBODY where `namer` alone has won or nobody has.
    """
    survey(body, work, body.par[_VENUE])
    set_apart(body, d.SPOILS, office)
    taker = namer if speaks(body, namer) and namer != without else NOBODY
    if coalition != NOBODY:
        taker = victor(body, work, d.SPOILS, coalition, without)
    if taker == NOBODY or has_post(body, taker):
        other = name_to_post(body, work, taker, without)
        if other != NOBODY:
            taker = other
    set_back(body)
    give_post(body, journal, office, taker)


@rule
def pass_offices(
    body: Body, work: Work, journal: Journal, who: int, coalition: int, namer: int
) -> None:
    """All posts of `who` pass on."""
    for office in range(body.office_holder.shape[0]):
        if body.office_holder[office] == who and body.office_open[office] == 1:
            pass_office(body, work, journal, office, who, coalition, namer)


@rule
def free_seat(body: Body, who: int) -> int:
    """The member leaves his seat; its number, or NOBODY."""
    seat = body.seat[who]
    if seat != NOBODY:
        body.seat_holder[seat] = NOBODY
        body.seat[who] = NOBODY
    return seat


@rule
def appointer(body: Body, work: Work, coalition: int) -> int:
    """Who controls appointments among those who speak (or among the victors): highest rate."""
    best = NOBODY
    most = 0.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if coalition != NOBODY and body.coalition[k] != coalition:
            continue
        if work.rate[k] > most:
            most = work.rate[k]
            best = k
    return best


@rule
def may_be_seated(body: Body, who: int, namer: int) -> bool:
    """Whether a man may be put into a seat: a candidate who is not named, was never dismissed and
    has not been called to account this month.
    """
    if body.status[who] != CANDIDATE or who == namer:
        return False
    if body.last[who] == body.clock[MONTH]:
        return False
    return body.named[who] == 0 and body.rung[who] < body.ladder[POSTS_LOST]


@rule
def choose_candidate(body: Body, work: Work, namer: int) -> int:
    """Whom a man puts into a seat; without anybody to name, the candidate with most prestige.

    Where the record names who took it, one of those whom it names, his chance being charged.
    """
    best = NOBODY
    most = -math.inf
    as_named = work.ask[FILLING] == AS_NAMED
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if not may_be_seated(body, k, namer):
            continue
        value = body.prestige[k]
        work.value[k] = value
        if namer != NOBODY:
            value = worth_naming(body, work, namer, k)
            work.value[k] = value
            value += noise(body, d.SEAT, namer, k)
        if as_named and work.awaited[k] == 0:
            continue
        if value > most:
            most = value
            best = k
    if as_named and best != NOBODY:
        charge_seat(body, work, namer)
    return best


@rule
def charge_seat(body: Body, work: Work, namer: int) -> None:
    """The chance that one of those whom the record awaits is named, as `work.value` has it."""
    most = -math.inf
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if may_be_seated(body, k, namer):
            most = max(most, work.value[k])
    awaited = 0.0
    whole = 0.0
    options = 0.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if not may_be_seated(body, k, namer):
            continue
        odds = 1.0 if work.value[k] == most else 0.0
        if namer != NOBODY:
            odds = odds_of(body, work.value[k], most)
        whole += odds
        options += 1.0
        awaited += odds if work.awaited[k] == 1 else 0.0
    charge_seating(body, awaited / whole, options)


@rule
def newcomer(body: Body, work: Work, seat: int, patron: int) -> int:
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
        luck = 2.0 * draw(body.seed[0], axis, d.NEWCOMER, who, 0) - 1.0
        if patron != NOBODY:
            luck = body.stance[patron, axis] + LIKENESS * luck
        body.ideal[slot, axis] = min(1.0, max(-1.0, luck))
        body.stance[slot, axis] = body.ideal[slot, axis]
        work.outlook[slot, axis] = body.ideal[slot, axis]
    par = body.par
    own = par[_SPREAD] * (2.0 * draw(body.seed[0], 0, d.SPREAD, who, 0) - 1.0)
    body.opportunism[slot] = min(1.0, max(0.0, par[_OPPORTUNISM] + own))
    body.loyalty[slot] = par[_LOYALTY]
    body.foresight[slot] = par[_FORESIGHT]
    body.prestige[slot] = par[_PRESTIGE]
    for k in range(body.status.shape[0]):
        if k != slot:
            body.opacity[slot, k] = par[_OPACITY]
            body.opacity[k, slot] = par[_OPACITY]
    return slot


@rule
def fill_seat(body: Body, work: Work, journal: Journal, seat: int, coalition: int) -> None:
    """A vacant seat is filled; a friend of whoever names him becomes his client."""
    if work.ask[FILLING] == LATER:
        return
    survey(body, work, body.par[_VENUE])
    body.seat_generation[seat] += 1
    set_apart(body, d.SEAT, seat)
    key = mix(body.seat_ident[seat], body.seat_generation[seat])
    namer = NOBODY
    if draw(body.seed[0], 0, d.APPOINTER, key, 0) < body.par[_PATRONAGE]:
        namer = appointer(body, work, coalition)
    elif coalition != NOBODY:
        namer = victor(body, work, d.NAMER, coalition, NOBODY)
    who = NOBODY if work.ask[FILLING] == BY_A_STRANGER else choose_candidate(body, work, namer)
    set_back(body)
    if who == NOBODY and work.ask[FILLING] == AS_NAMED:
        return
    if who == NOBODY:
        who = newcomer(body, work, seat, namer)
    if who == NOBODY:
        body.count[UNFILLED] += 1
        return
    body.status[who] = FULL
    body.seat[who] = seat
    body.seat_holder[seat] = who
    patron = namer if namer != NOBODY and body.bond[who, namer] >= 0.0 else NOBODY
    if patron != NOBODY:
        body.patron[who] = patron
        body.bond[who, patron] = max(body.bond[who, patron], body.par[_GRATITUDE])
        side = body.coalition[patron]
        free = side != NOBODY and body.coalition[who] == NOBODY and not barred(body, who, side)
        if free and body.par[_BLOCS] != 0.0:
            enter(body, journal, who, side, 1)
    note(journal, body, j.SEATED, who, patron, seat, 0.0)
    muster(body)


@rule
def fill_vacancies(body: Body, work: Work, journal: Journal, coalition: int) -> None:
    """Fill all open seats that nobody holds."""
    for seat in range(body.seat_holder.shape[0]):
        if body.seat_open[seat] == 1 and body.seat_holder[seat] == NOBODY:
            fill_seat(body, work, journal, seat, coalition)
