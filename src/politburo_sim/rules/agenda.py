"""Agenda: who raises a question, against whom, and whether he forces it to a vote."""

from __future__ import annotations

import math

from politburo_sim.rules.perception import threat_seen
from politburo_sim.rules.space import distance
from politburo_sim.state.body import CANDIDATE, COMMITTEE, FULL, NOBODY, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.draws import AIM, URGE, draw
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_THREAT = PLACE["aim_threat"]
_DISTANCE = PLACE["aim_distance"]
_FRIENDSHIP = PLACE["aim_friendship"]
_MARKED = PLACE["aim_marked"]
_NOISE = PLACE["aim_noise"]
_SWITCHING = PLACE["switching"]


@rule
def urge(seed: int, month: int, who: int, prestige: float) -> float:
    """Waiting time until a member would raise a question; the shortest one speaks.

    Exponential with the member's prestige as its rate, so that P(k first) = p_k / sum p:
    the more visible, the likelier. Each member's luck is his own.
    """
    return -math.log(draw(seed, month, URGE, who, 0)) / prestige if prestige > 0.0 else math.inf


@rule
def aim(
    threat: float, apart: float, bond: float, rung: int, opportunism: float,
    m_t: float, m_d: float, m_b: float, m_r: float,
) -> float:  # fmt: skip
    """How much a member wants another out of the way.

    m_t threat + m_r rung + (1 - o)(m_d distance - m_b bond): the opportunist ignores
    friendship and policy; this is how an ally becomes a target. A man once sanctioned stays
    in question while he is in the body: an opposition that has been named is named again.
    """
    return m_t * threat + m_r * rung + (1.0 - opportunism) * (m_d * apart - m_b * bond)


@rule
def choose_target(body: Body, work: Work, seed: int, month: int, who: int) -> int:
    """The member at whom `who` aims this month, or NOBODY.

    A Gumbel disturbance of scale m_e, keyed by both persons, makes it a logit choice.
    """
    par = body.par
    best = NOBODY
    best_value = -math.inf
    for j in range(body.status.shape[0]):
        status = body.status[j]
        here = (status == CANDIDATE or status == FULL) and body.capable[j] == 1
        if j == who or not (here or status == COMMITTEE):
            continue
        bond = body.bond[who, j]
        if par[_SWITCHING] == 0.0 and bond > 0.0:
            continue
        feared = threat_seen(body, work, who, j) if here else 0.0
        apart = distance(body.stance[who], body.stance[j], body.axis_weight)
        value = aim(
            feared, apart, bond, body.rung[j] if here else 0, body.opportunism[who],
            par[_THREAT], par[_DISTANCE], par[_FRIENDSHIP], par[_MARKED],
        )  # fmt: skip
        if par[_NOISE] > 0.0:
            luck = draw(seed, month, AIM, body.ident[who], body.ident[j])
            value -= par[_NOISE] * math.log(-math.log(luck))
        if value > best_value:
            best_value = value
            best = j
    return best


@rule
def press(
    opportunism: float, expected: float, threat: float, apart: float,
    hope: float, threat_weight: float, conviction: float, u_force: float,
) -> float:  # fmt: skip
    """Chance that a question is forced to a roll call.

    o [pi > 1/2] min(1, g_h (2 pi - 1) + u_force g_t threat) + (1 - o) min(1, g_c distance):
    the opportunist forces what he expects to win and what removes a threat, the convinced
    member what he cannot accept, whatever the odds. pi: tally he expects.
    """
    sure = 0.0
    if expected > 0.5:
        sure = min(1.0, hope * (2.0 * expected - 1.0) + u_force * threat_weight * threat)
    return opportunism * sure + (1.0 - opportunism) * min(1.0, conviction * apart)
