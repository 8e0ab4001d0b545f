"""Recorded sanctions: who asked for them, and what became of the men."""

from __future__ import annotations

import math

from politburo_sim.rules.consequences import sanction
from politburo_sim.rules.imposing import charge, chosen_chance, impose_nothing, odds_of, say
from politburo_sim.rules.luck import new_month, new_occasion
from politburo_sim.rules.membership import tidy
from politburo_sim.rules.minds import considered, noise
from politburo_sim.rules.offences import name
from politburo_sim.rules.perception import in_same_house, speaks
from politburo_sim.rules.power import strongest
from politburo_sim.rules.sanctions import hold_plenum, in_session, judge, weigh_charges
from politburo_sim.rules.sole_rule import chance_to_strike, weigh_victims
from politburo_sim.state import draws as d
from politburo_sim.state.body import (
    CANDIDATE,
    COMMITTEE,
    FULL,
    MONTH,
    NOBODY,
    SEAT_LOST,
    SPEAKERS,
    USUAL,
    Body,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal
from politburo_sim.state.minutes import (
    DEBATE,
    SANCTIONS,
    UNSAID,
    Minutes,
)
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import ABSENT, Work

_EFFORT = PLACE["effort"]
_SLATES = PLACE["slates"]
_MONTHS = PLACE["rung_months"]
_LOT = PLACE["random_victims"]


@rule
def asked_chance(body: Body, work: Work, mover: int, target: int) -> float:
    """Chance that a sanction is asked for against a man, by one who is known or by anybody.

    With NOBODY for the target: that none is asked for. `weigh_charges` has filled `work.bid`.
    """
    nobody = considered(body, body.par[_EFFORT])
    most = nobody
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        for t in range(body.status.shape[0]):
            most = max(most, work.bid[k, t])
    none = odds_of(body, nobody, most)
    whole = none
    against = 0.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        for t in range(body.status.shape[0]):
            if work.bid[k, t] == -math.inf:
                continue
            odds = odds_of(body, work.bid[k, t], most)
            whole += odds
            if t == target and (mover == NOBODY or k == mover):
                against += odds
    return (none if target == NOBODY else against) / whole


@rule
def asked_by(body: Body, work: Work, mover: int, target: int) -> int:
    """Who asks for the sanction: the chance that it is asked for against this man is charged.

    mover: known, or NOBODY. Returns who asks, `mover` where nobody could.
    """
    served = body.clock[MONTH] - body.last[target] >= body.par[_MONTHS]
    options = float(body.clock[SPEAKERS])
    if body.named[target] == 0 or not served or not weigh_charges(body, work):
        charge(body, SANCTIONS, 0.0, options)
        return mover
    charge(body, SANCTIONS, asked_chance(body, work, mover, target), options)
    best = mover
    most = -math.inf
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if mover != NOBODY or work.bid[k, target] == -math.inf:
            continue
        value = work.bid[k, target] + noise(body, d.DEMAND, k, target)
        if value > most:
            most = value
            best = k
    return best


@rule
def company_struck(body: Body, work: Work, minutes: Minutes, ask: int, target: int) -> int:
    """The accused, into `work.accused`: the target, and those whom the record has struck with him.

    Charged: the chance of a slate (or of none, where there was a company), and that each of them
    had been named with him; where victims are drawn by lot, that the lot fell on each. How many
    are accused.
    """
    others = 0
    company = 0
    for k in range(work.accused.shape[0]):
        work.accused[k] = 0
        if k == target or not in_same_house(body, k, target):
            continue
        with_him = body.named[k] == 1 and body.company[k] != NOBODY
        with_him = with_him and body.company[k] == body.company[target]
        company += 1 if with_him else 0
        if minutes.struck[ask, k] > body.rung[k]:
            work.accused[k] = 1
            others += 1
            charge(body, SANCTIONS, 1.0 if with_him else 0.0, 2.0)
    if others > 0:
        charge(body, SANCTIONS, body.par[_SLATES], 2.0)
    elif company > 0:
        charge(body, SANCTIONS, 1.0 - body.par[_SLATES], 2.0)
    work.accused[target] = 1
    if body.par[_LOT] != 0.0:
        for _ in range(others + 1):
            charge(body, SANCTIONS, 1.0 / max(1, body.clock[SPEAKERS]), float(body.clock[SPEAKERS]))
    return others + 1


@rule
def nobody_asked(body: Body, work: Work) -> None:
    """The record says that no sanction was asked for: the chance of that, where one could be."""
    if not in_session(body) or not weigh_charges(body, work):
        return
    chance = asked_chance(body, work, NOBODY, NOBODY)
    charge(body, SANCTIONS, chance, float(body.clock[SPEAKERS]))


@rule
def can_fall(body: Body, who: int, rung: int) -> bool:
    """Whether a sanction can still be put on a man."""
    inside = body.status[who] == FULL or body.status[who] == CANDIDATE
    return (inside or body.status[who] == COMMITTEE) and body.rung[who] < rung


@rule
def sentence(
    body: Body, work: Work, journal: Journal, minutes: Minutes, ask: int, mover: int, target: int,
    number: int,
) -> None:  # fmt: skip
    """The sanction of an ask, of so many before it this month: asked for, voted on, done."""
    rung = minutes.rung[ask]
    if rung == UNSAID:
        if in_session(body):
            hold_plenum(body, work, journal)
        return
    if rung == 0:
        nobody_asked(body, work)
        return
    if not can_fall(body, target, rung):
        charge(body, SANCTIONS, 0.0, 2.0)
        return
    if body.named[target] == 0:
        charge(body, SANCTIONS, 0.0, 2.0)
        name(body, journal, target, target, NOBODY)
        known = mover
    else:
        known = NOBODY if minutes.kind[ask] == DEBATE else mover
    new_month(body)
    by = asked_by(body, work, known, target)
    if by == NOBODY:
        by = mover
    if not speaks(body, by):
        by = strongest(body)
    new_occasion(body, d.DEMAND, number)
    accused = company_struck(body, work, minutes, ask, target)
    say(work, minutes, ask, True)
    judge(body, work, journal, by, target, rung, USUAL, NOBODY, accused)
    impose_nothing(work)


@rule
def fall(body: Body, work: Work, journal: Journal, by: int, target: int, rung: int) -> bool:
    """A removal of which the record does not say how it came: by a vote or without one.

    p = h P(victim) + (1 - h) P(a sanction is asked for); h: chance that a sole ruler strikes.
    Returns whether it came about.
    """
    if not can_fall(body, target, rung):
        charge(body, SANCTIONS, 0.0, 2.0)
        return False
    strikes = chance_to_strike(body)
    struck = 0.0
    ruler = strongest(body)
    if strikes > 0.0 and ruler != target and speaks(body, target):
        struck = chosen_chance(body, work, ruler, target, weigh_victims(body, work, ruler))
    voted = 0.0
    if body.named[target] == 1 and weigh_charges(body, work):
        voted = asked_chance(body, work, NOBODY, target)
    chance = strikes * struck + (1.0 - strikes) * voted
    if body.par[_LOT] != 0.0:
        chance /= max(1, body.clock[SPEAKERS])
    charge(body, SANCTIONS, chance, float(body.clock[SPEAKERS]))
    who = by if speaks(body, by) else ruler
    side = body.coalition[who] if who != NOBODY else NOBODY
    for k in range(body.vote.shape[0]):
        body.vote[k] = ABSENT
    sanction(body, work, journal, target, max(rung, body.ladder[SEAT_LOST]), who, side)
    tidy(body, journal)
    return True
