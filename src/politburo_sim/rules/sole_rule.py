"""Rule of one: whoever holds more than half the power needs no coalition.

Each month he strikes with chance tau min(1, h0 + u_liability): where no norm makes a man
liable, he has no pretext either. His victim is drawn by logit on

    a_t threat - a_b bond + a_p patronage

bond: the victim's to him; patronage: 1 where he put the victim into his seat. The ranges of
a_b and a_p span zero, so that "loyalty no longer protects" can fail as well as hold.
"""

from __future__ import annotations

import math

from politburo_sim.rules.perception import perceive, threat_seen
from politburo_sim.rules.power import strongest
from politburo_sim.rules.sanctions import by_lot, liability, next_rung, sanction
from politburo_sim.state.body import NOBODY, REMOVED, SPEAKERS, STRIKES, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.draws import STRIKE, VICTIM, draw
from politburo_sim.state.journal import STRUCK, Journal, note
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_RATE = PLACE["rule_of_one"]
_BASELINE = PLACE["baseline_liability"]
_LIABILITY = PLACE["unity_liability"]
_THREAT = PLACE["strike_threat"]
_BOND = PLACE["strike_bond"]
_PATRONAGE = PLACE["strike_patronage"]


@rule
def choose_victim(body: Body, work: Work, seed: int, month: int, ruler: int) -> int:
    """Whom the ruler strikes, or NOBODY."""
    par = body.par
    best = NOBODY
    best_value = -math.inf
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if k == ruler:
            continue
        value = par[_THREAT] * threat_seen(body, work, ruler, k) - par[_BOND] * body.bond[k, ruler]
        if body.patron[k] == ruler:
            value += par[_PATRONAGE]
        value -= math.log(-math.log(draw(seed, month, VICTIM, body.ident[k], body.ident[ruler])))
        if value > best_value:
            best_value = value
            best = k
    return best


@rule
def rule_alone(body: Body, work: Work, journal: Journal, seed: int, month: int) -> None:
    """The month of a member above half the power: he may strike without a vote."""
    ruler = strongest(body)
    if ruler == NOBODY or body.share[ruler] <= 0.5 or body.capable[ruler] == 0:
        return
    par = body.par
    chance = par[_RATE] * liability(par[_BASELINE], par[_LIABILITY], 1.0, 1.0)
    if draw(seed, month, STRIKE, body.ident[ruler], 0) >= chance:
        return
    perceive(body, work, NOBODY, NOBODY)
    victim = choose_victim(body, work, seed, month, ruler)
    if victim == NOBODY:
        return
    victim = by_lot(body, seed, month, victim)
    if victim == ruler:
        return
    body.count[STRIKES] += 1
    rung = max(REMOVED, next_rung(body, victim))
    note(journal, month, STRUCK, victim, ruler, rung, 0.0, 0.0, 0.0)
    sanction(body, work, journal, seed, month, victim, rung, ruler, False)
