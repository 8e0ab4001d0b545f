"""Rule of one: whoever holds more than half the power needs no coalition.

After six months above a half he strikes with chance tau min(1, h0 + u_l): where no norm makes a
man liable, he has no pretext either. His victim, or nobody, is a logit choice by the one value:

    (1 - o)[k_x d(x, s) - k_b A] + o k_o [eta (z + k_dng q danger) - k_f q if his own client] - a_0
"""

from __future__ import annotations

import math

from politburo_sim.rules.consequences import by_lot, next_rung, sanction
from politburo_sim.rules.danger import fear, sound_pulls, watch
from politburo_sim.rules.luck import happens
from politburo_sim.rules.membership import tidy
from politburo_sim.rules.minds import considered, noise
from politburo_sim.rules.perception import canvass, survey
from politburo_sim.rules.power import strongest
from politburo_sim.rules.space import distance
from politburo_sim.rules.value import peril
from politburo_sim.state import draws as d
from politburo_sim.state import journal as j
from politburo_sim.state.body import MONTH, NOBODY, SEAT_LOST, SPEAKERS, STREAK, STRIKES, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal, note
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import ABSENT, Work

_RATE = PLACE["rule_of_one"]
_RESTRAINT = PLACE["restraint"]
_BASELINE = PLACE["baseline_liability"]
_LIABILITY = PLACE["unity_liability"]
_CONVICTION = PLACE["conviction"]
_FRIENDSHIP = PLACE["friendship"]
_INTEREST = PLACE["interest"]
_DANGER = PLACE["danger"]
_FAVOUR = PLACE["favour"]
_VENUE = PLACE["venue"]
#: Months above a half before he strikes.
SECURE = 6


@rule
def worth_striking(body: Body, work: Work, ruler: int, who: int) -> float:
    """What a man's removal is worth to the ruler."""
    par = body.par
    o = body.opportunism[ruler]
    apart = distance(body.ideal[ruler], body.stance[who], body.axis_weight)
    gain = peril(body) * (work.prize[who] + par[_DANGER] * work.own[ruler] * work.danger[who])
    if body.patron[who] == ruler:
        gain -= par[_FAVOUR] * work.own[ruler]
    return (1.0 - o) * (
        par[_CONVICTION] * apart - par[_FRIENDSHIP] * body.bond[ruler, who]
    ) + o * par[_INTEREST] * gain


@rule
def weigh_victims(body: Body, work: Work, ruler: int) -> float:
    """What striking each man is worth to the ruler, into `work.bid[ruler]`; and nobody."""
    survey(body, work, body.par[_VENUE])
    canvass(body, work, ruler)
    sound_pulls(body, work)
    watch(body, work, ruler)
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        work.bid[ruler, k] = -math.inf
        if k != ruler:
            fear(body, work, k)
            work.bid[ruler, k] = considered(body, worth_striking(body, work, ruler, k))
    return considered(body, body.par[_RESTRAINT])


@rule
def choose_victim(body: Body, work: Work, ruler: int) -> int:
    """Whom the ruler strikes, or NOBODY."""
    best = NOBODY
    most = weigh_victims(body, work, ruler) + noise(body, d.VICTIM, NOBODY, ruler)
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if k == ruler:
            continue
        value = work.bid[ruler, k] + noise(body, d.VICTIM, k, ruler)
        if value > most:
            most = value
            best = k
    return best


@rule
def chance_to_strike(body: Body) -> float:
    """Chance that this month somebody above half the power strikes: tau min(1, h0 + u_l), or 0."""
    ruler = strongest(body)
    if ruler == NOBODY or body.share[ruler] <= 0.5 or body.capable[ruler] == 0:
        return 0.0
    if body.clock[STREAK] < SECURE or body.last[ruler] == body.clock[MONTH]:
        return 0.0
    par = body.par
    return par[_RATE] * min(1.0, par[_BASELINE] + par[_LIABILITY])


@rule
def rule_alone(body: Body, work: Work, journal: Journal) -> None:
    """The month of a member above half the power: he may strike without a vote."""
    chance = chance_to_strike(body)
    ruler = strongest(body)
    if chance == 0.0 or not happens(body, d.STRIKE, ruler, NOBODY, chance):
        return
    victim = choose_victim(body, work, ruler)
    if victim == NOBODY:
        return
    victim = by_lot(body, victim)
    if victim == ruler:
        return
    for k in range(body.vote.shape[0]):
        body.vote[k] = ABSENT
    body.count[STRIKES] += 1
    rung = max(body.ladder[SEAT_LOST], next_rung(body, victim))
    note(journal, body, j.STRUCK, victim, ruler, rung, 0.0)
    sanction(body, work, journal, victim, rung, ruler, body.coalition[ruler])
    tidy(body, journal)
