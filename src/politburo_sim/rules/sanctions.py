"""Sanctions: who of the beaten is called to account, and what a sanction does."""

from __future__ import annotations

from typing import Any

import numpy as np

from politburo_sim.rules.perception import muster, perceive
from politburo_sim.rules.space import distance
from politburo_sim.rules.vacancy import fill_seat, free_seat, pass_offices
from politburo_sim.state.body import (
    CANDIDATE,
    CLEAR,
    COMMITTEE,
    COMMITTEE_FLOOR,
    DISMISSED,
    EXPELLED,
    FULL,
    GONE,
    NOBODY,
    POLITBURO,
    REMOVED,
    SPEAKERS,
    Body,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.draws import LIABLE, LOT, SIGNATORY, draw
from politburo_sim.state.journal import SANCTION, Journal, note
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_ALL: Any = np.uint64(1)
_BASELINE = PLACE["baseline_liability"]
_LIABILITY = PLACE["unity_liability"]
_REACH = PLACE["liability_reach"]
_GRAVITY = PLACE["gravity"]
_MONTHS = PLACE["rung_months"]
_SIGNATORIES = PLACE["signatories"]
_COST = PLACE["dismissal_cost"]
_EXPULSION = PLACE["expulsion_majority"]
_MAJORITY = PLACE["majority"]
_VENUE = PLACE["venue"]
_LOT = PLACE["random_victims"]


@rule
def liability(baseline: float, unity: float, apart: float, reach: float) -> float:
    """Chance that the beaten are called to account: min(1, h0 + u_liability min(1, d / d_0)).

    d: distance of the beaten man's stance from the line, after he has had time to recant.
    """
    return min(1.0, baseline + unity * min(1.0, apart / reach))


@rule
def liability_of(body: Body, who: int) -> float:
    """`liability` of one member, from the arrays."""
    apart = distance(body.stance[who], body.line, body.axis_weight)
    return liability(body.par[_BASELINE], body.par[_LIABILITY], apart, body.par[_REACH])


@rule
def may_be_sanctioned(body: Body, who: int, month: int) -> bool:
    """Whether a man is in the party and his last rung lies far enough back: rungs take time."""
    status = body.status[who]
    inside = status == FULL or status == CANDIDATE or status == COMMITTEE
    return inside and month - body.last[who] >= body.par[_MONTHS]


@rule
def next_rung(body: Body, who: int) -> int:
    """The rung above the one he stands on."""
    return min(EXPELLED, body.rung[who] + 1)


@rule
def rung_sought(body: Body, seed: int, month: int, who: int) -> int:
    """The rung at which the beaten leader is called to account, or CLEAR if he is not.

    The gravest share v of cases skips a rung: the same draw decides, so that the farther a
    man stands from the line the graver his case is likely to be.
    """
    if not may_be_sanctioned(body, who, month):
        return CLEAR
    luck = draw(seed, month, LIABLE, body.ident[who], 0)
    chance = liability_of(body, who)
    if luck >= chance:
        return CLEAR
    rung = next_rung(body, who)
    return min(EXPELLED, rung + 1) if luck < body.par[_GRAVITY] * chance else rung


@rule
def name_nobody(work: Work) -> None:
    """A question against one man alone."""
    for k in range(work.named.shape[0]):
        work.named[k] = 0


@rule
def name_signatories(
    body: Body, work: Work, seed: int, month: int, leader: int, losing: int
) -> None:
    """Those who voted with the beaten leader may be named with him."""
    factor = body.par[_SIGNATORIES]
    name_nobody(work)
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if k == leader or work.vote[k] != losing or not may_be_sanctioned(body, k, month):
            continue
        chance = factor * liability_of(body, k)
        if draw(seed, month, SIGNATORY, body.ident[k], 0) < chance:
            work.named[k] = 1


@rule
def threshold(body: Body, rung: int) -> float:
    """Share of the votes that a sanction needs."""
    return body.par[_EXPULSION] if rung == EXPELLED else body.par[_MAJORITY]


@rule
def venue_of(body: Body, rung: int, venue: int) -> float:
    """Weight of the Committee in a question: expulsion is the Committee's alone."""
    if venue == POLITBURO:
        return 0.0
    if venue == COMMITTEE_FLOOR or rung == EXPELLED:
        return 1.0
    return body.par[_VENUE]


@rule
def by_lot(body: Body, seed: int, month: int, who: int) -> int:
    """Null model: another man's place taken by lot among full members and candidates."""
    if body.par[_LOT] == 0.0:
        return who
    best = who
    least = 2.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        luck = draw(seed, month, LOT, body.ident[k], body.ident[who])
        if luck < least and (body.rung[k] < body.rung[who] or body.rung[k] < REMOVED):
            least = luck
            best = k
    return best


@rule
def sanction(
    body: Body, work: Work, journal: Journal, seed: int, month: int,
    who: int, rung: int, by: int, victors: bool,
) -> None:  # fmt: skip
    """Put a man on a rung, with all that follows from it.

    Dismissal: half the base (h) and all offices. Removal from the Politburo: seat and base.
    Expulsion: out of the party. A higher rung includes what the lower ones take.
    """
    if rung <= body.rung[who] or body.status[who] == GONE:
        return
    body.rung[who] = rung
    body.since[who, rung] = month
    body.last[who] = month
    note(journal, month, SANCTION, who, by, rung, 0.0, 0.0, 0.0)
    if rung >= DISMISSED:
        body.bases[who] *= 1.0 - body.par[_COST]
        pass_offices(body, work, journal, month, who, by, victors)
    if rung >= REMOVED and body.status[who] != COMMITTEE:
        body.bases[who] = 0.0
        body.status[who] = COMMITTEE
        seat = free_seat(body, who)
        muster(body)
        if seat != NOBODY:
            fill_seat(body, work, journal, seed, month, seat, victors)
    if rung == EXPELLED:
        body.status[who] = GONE
        muster(body)


@rule
def carry_out(
    body: Body, work: Work, journal: Journal, seed: int, month: int,
    mover: int, target: int, rung: int,
) -> None:  # fmt: skip
    """A personnel question has carried: the leader, then those named with him."""
    victim = by_lot(body, seed, month, target)
    goal = rung if victim == target else next_rung(body, victim)
    sanction(body, work, journal, seed, month, victim, goal, mover, True)
    for k in range(body.status.shape[0]):
        if work.named[k] == 1 and may_be_sanctioned(body, k, month):
            victim = by_lot(body, seed, month, k)
            sanction(body, work, journal, seed, month, victim, next_rung(body, victim), mover, True)


@rule
def remove_by_lot(
    body: Body, work: Work, journal: Journal, seed: int, month: int, number: int
) -> None:
    """Null model: so many members of the body, drawn by lot, are removed this month."""
    for _ in range(number):
        best = NOBODY
        least = 2.0
        for i in range(body.clock[SPEAKERS]):
            k = body.speakers[i]
            luck = draw(seed, month, LOT, body.ident[k], _ALL)
            if luck < least and body.status[k] == FULL:
                least = luck
                best = k
        if best != NOBODY:
            perceive(body, work, NOBODY, NOBODY)
            sanction(body, work, journal, seed, month, best, REMOVED, NOBODY, False)
