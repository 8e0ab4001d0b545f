"""Voting: what a member makes of a question, the caucus, and the tally.

Utility of member k for the challenger a over the rival r:

    (1-o) k_x (d(x, y_r) - d(x, y_a)) + (1 - k_l o) k_b (A_ka - A_kr) + k_t (threat_r - threat_a)
    + (k_w o + k_u u_b l + k_ou o u_b) (2 pi - 1)

through a logistic of temperature T. The bandwagon has an opportunism part without unity and
a unity part without opportunism; the product's coefficient k_ou is free: the interaction is
to be found, not built in. pi: tally that k expects.

Weight of member k in a tally: (1 - beta)/n for a voting head, plus beta (c_k + u v_k): the
Committee votes with those it is beholden to, and its unaligned part u follows standing v.
"""

from __future__ import annotations

import math

from politburo_sim.rules.perception import threat_seen
from politburo_sim.rules.space import distance
from politburo_sim.state.body import FULL, HEADS, SPEAKERS, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import ABSENT, ALL_VOTES, UNALIGNED, VENUE, Work

_BANDWAGON = PLACE["unity_bandwagon"]
_CONVICTION = PLACE["conviction"]
_FRIENDSHIP = PLACE["friendship"]
_DISCOUNT = PLACE["friendship_discount"]
_WINNING = PLACE["winning"]
_CONFORMITY = PLACE["conformity"]
_INTERACTION = PLACE["interaction"]
_FEAR = PLACE["fear"]
_SEVERITY = PLACE["severity"]
_SWITCHING = PLACE["switching"]

#: Rounding error allowed where votes are compared; smaller than any weight that matters.
TIE = 1e-12


@rule
def weigh_votes(body: Body, work: Work, beta: float) -> None:
    """True weight of everybody's vote at a venue."""
    n = body.clock[SPEAKERS]
    heads = body.clock[HEADS]
    unaligned = work.figures[UNALIGNED]
    total = 0.0
    for i in range(n):
        k = body.speakers[i]
        weight = beta * (body.bases[k] + unaligned * work.voice[k])
        if body.status[k] == FULL:
            weight += (1.0 - beta) / heads
        work.weight[k] = weight
        total += weight
    work.figures[ALL_VOTES] = total
    work.figures[VENUE] = beta


@rule
def appeal_of_policy(
    opportunism: float, nearer: float, k_x: float,
    warmer: float, k_b: float, k_l: float, safer: float, k_t: float,
) -> float:  # fmt: skip
    """Utility apart from expectations.

    nearer: d(x, y_r) - d(x, y_a); warmer: A_ka - A_kr; safer: threat_r - threat_a.
    """
    return (
        (1.0 - opportunism) * k_x * nearer
        + (1.0 - k_l * opportunism) * k_b * warmer
        + k_t * safer
    )  # fmt: skip


@rule
def sway_of_majority(
    opportunism: float, loyalty: float, u_b: float, k_w: float, k_u: float, k_ou: float
) -> float:
    """Weight of the expected majority: k_w o + k_u u_b l + k_ou o u_b."""
    return k_w * opportunism + k_u * u_b * loyalty + k_ou * opportunism * u_b


@rule
def weigh_question(body: Body, work: Work, mover: int, target: int, rung: int) -> None:
    """Everybody's appeal and sway in a question of `mover` against `target`.

    rung 0: on policy, between `work.chosen` and `work.rival`; a higher rung: on the person,
    by the same utility (victim against victor) less a severity for each rung sought.
    """
    par = body.par
    discount = par[_DISCOUNT] * par[_SWITCHING]
    cost = par[_SEVERITY] * rung
    for k in range(body.status.shape[0]):
        work.vote[k] = ABSENT
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        opportunism = body.opportunism[k]
        nearer = distance(body.ideal[k], work.rival, body.axis_weight) - distance(
            body.ideal[k], work.chosen, body.axis_weight
        )
        warmer = body.bond[k, mover] - body.bond[k, target]
        safer = threat_seen(body, work, k, target) - threat_seen(body, work, k, mover)
        work.appeal[k] = (
            appeal_of_policy(
                opportunism, nearer, par[_CONVICTION], warmer, par[_FRIENDSHIP], discount,
                safer, par[_FEAR],
            )
            - cost
        )  # fmt: skip
        work.sway[k] = sway_of_majority(
            opportunism, body.loyalty[k], par[_BANDWAGON], par[_WINNING], par[_CONFORMITY],
            par[_INTERACTION],
        )  # fmt: skip
        work.expected[k] = 0.5
        work.sight[k] = ABSENT


@rule
def lean(
    appeal: float, sway: float, expected: float, temperature: float, sight: int, coin: float
) -> float:
    """Chance that a member votes yes.

    1 / (1 + exp(-(appeal + sway (2 pi - 1)) / T)); sharp at T = 0, where the indifferent vote
    no. A member who has looked ahead follows what he saw; a coin (null model) knows neither.
    """
    if coin != 0.0:
        return 0.5
    if sight >= 0:
        return float(sight)
    utility = appeal + sway * (2.0 * expected - 1.0)
    if temperature == 0.0:
        return 1.0 if utility > 0.0 else 0.0
    return 1.0 / (1.0 + math.exp(-utility / temperature))


@rule
def expect(body: Body, work: Work) -> None:
    """One round of the caucus: the tally that everybody expects from everybody's lean.

    pi_k = (sum_j W_j p_j + beta sum_j eps_kj c_j (P - p_j)) / sum_j W_j, with P the mean lean
    by voice: what k does not see of j's base he counts with the unaligned.
    """
    n = body.clock[SPEAKERS]
    open_tally = 0.0
    mean = 0.0
    for i in range(n):
        j = body.speakers[i]
        open_tally += work.weight[j] * work.lean[j]
        mean += work.voice[j] * work.lean[j]
    for i in range(n):
        work.gain[i] = 0.0
    for j in range(n):
        short = mean - work.lean[body.speakers[j]]
        for i in range(n):
            work.gain[i] += work.veil[j, i] * short
    scale = 1.0 / work.figures[ALL_VOTES]
    beta = work.figures[VENUE]
    for i in range(n):
        work.expected[body.speakers[i]] = (open_tally + beta * work.gain[i]) * scale


@rule
def tally(body: Body, work: Work) -> float:
    """Share of all votes cast as yes, by true weights."""
    yes = 0.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if work.vote[k] == 1:
            yes += work.weight[k]
    return yes / work.figures[ALL_VOTES]


@rule
def carries(share: float, threshold: float) -> bool:
    """Whether a share of the votes wins; ties fail."""
    return share > threshold + TIE
