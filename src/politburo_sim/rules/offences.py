"""Offences: who is named after a defeat, and who recants.

The beaten leader, and a man at whom the winners' coalition aims if he voted with him, is *named*
with chance min(1, h0 + u_l min(1, |s - L| / (2 d_0))), on the axis of the question; then also
whoever voted with him, or stood up for him on the floor, with his exposure (`rules/value.py`). Who
is named is liable, once, until he is sanctioned, cleared or recants.
"""

from __future__ import annotations

from politburo_sim.rules.imposing import charge
from politburo_sim.rules.luck import happens
from politburo_sim.rules.minds import (
    recant,
)
from politburo_sim.rules.perception import outside
from politburo_sim.rules.space import distance
from politburo_sim.rules.value import exposure
from politburo_sim.state import draws as d
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    DEFEATS,
    NOBODY,
    RECANTED,
    Body,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal, note
from politburo_sim.state.minutes import MUST_NAME, SANCTIONS
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_STAKE = PLACE["stake"]
_BASELINE = PLACE["baseline_liability"]
_LIABILITY = PLACE["unity_liability"]
_REACH = PLACE["liability_reach"]
_RECANTING = PLACE["recanting"]


@rule
def liability(body: Body, apart: float) -> float:
    """Chance that a loser is named: min(1, h0 + u_l min(1, d / d_0))."""
    par = body.par
    return min(1.0, par[_BASELINE] + par[_LIABILITY] * min(1.0, apart / par[_REACH]))


@rule
def name(body: Body, journal: Journal, who: int, leader: int, company: int) -> None:
    """An offence makes a man liable to sanction."""
    if body.named[who] == 0:
        note(journal, body, j.NAMED, who, leader, 0, 0.0)
    body.named[who] = 1
    body.company[who] = company


@rule
def name_beaten(
    body: Body, work: Work, journal: Journal, loser: int, losing: int, target: int, axis: int
) -> None:
    """The beaten leader may be named, and those who stood with him with him."""
    body.clock[DEFEATS] += 1
    company = body.clock[DEFEATS]
    apart = 0.5 * abs(body.stance[loser, axis] - body.line[axis])
    chance = liability(body, apart)
    if work.ask[MUST_NAME] == 1:
        charge(body, SANCTIONS, chance, 2.0)
    elif not happens(body, d.NAME, loser, NOBODY, chance):
        return
    name(body, journal, loser, loser, company)
    side = body.coalition[loser]
    for k in range(body.status.shape[0]):
        if k == loser or body.vote[k] != losing:
            continue
        member = outside(body, k) or (side != NOBODY and body.coalition[k] == side)
        chance = 1.0 if k == target else exposure(body, work, k, loser, member)
        if happens(body, d.NAME, k, loser, chance):
            name(body, journal, k, loser, company)


@rule
def may_recant(body: Body, work: Work, journal: Journal, who: int, loser: int) -> None:
    """One of the beaten may be asked to recant, and may do so.

    He is no longer named, leaves his coalition, pays the stake of his prestige, and takes his
    stance half-way to the line.
    """
    if not happens(body, d.RECALL, who, NOBODY, body.par[_RECANTING]):
        return
    if not happens(body, d.RECANT, who, NOBODY, recant(body, work, who, loser)):
        return
    body.named[who] = 0
    body.company[who] = NOBODY
    body.count[RECANTED] += 1
    body.prestige[who] *= 1.0 - body.par[_STAKE]
    moved = 0.5 * distance(body.stance[who], body.line, body.axis_weight)
    for axis in range(body.line.shape[0]):
        body.stance[who, axis] += 0.5 * (body.line[axis] - body.stance[who, axis])
    note(journal, body, j.RECANT, who, loser, 0, moved)
    if body.coalition[who] != NOBODY:
        body.left[who] = body.coalition[who]
        body.left_born[who] = body.coalition_born[body.coalition[who]]
        body.coalition[who] = NOBODY
