"""Sanctions: who asks for one, the vote on the man, and what it does to him.

At a plenum any head who is not named himself may ask for a sanction against a named man, in the
body or removed from it, whose last rung lies far enough back: a logit choice over all such pairs,
so that the mover chooses whom he names. The motion may take in the whole company of a defeat (a
slate), as far as it is in the same house. A minority's own coalition cannot move it. Each of the
accused goes one rung up, or two where the leader's is that high; who has been removed is expelled.

The condemned may be able to take the case to the second house, where the Committee alone votes; if
the motion falls there its mover has offended. To have stood by the condemned is an offence.
"""

from __future__ import annotations

import math

from politburo_sim.rules.consequences import carry_out, next_rung
from politburo_sim.rules.danger import sound_pulls, watch
from politburo_sim.rules.divisions import move_bonds
from politburo_sim.rules.foresight import look_ahead
from politburo_sim.rules.imposing import settled
from politburo_sim.rules.luck import happens, new_month, new_occasion
from politburo_sim.rules.membership import may_turn_on, tidy
from politburo_sim.rules.minds import considered, noise, worth_demanding
from politburo_sim.rules.offences import name
from politburo_sim.rules.perception import (
    canvass,
    in_same_house,
    outside,
    perceive,
    speaks,
    survey,
    weigh_power,
    weigh_votes,
)
from politburo_sim.rules.value import exposure, nearness, peril, set_contest
from politburo_sim.rules.voting import call_roll, carries, caucus, weigh_all
from politburo_sim.state import draws as d
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    APPEALS,
    CARRIED,
    COMMITTEE_FLOOR,
    DEMANDS,
    FULL,
    MONTH,
    NOBODY,
    PARTY_LOST,
    POLITBURO,
    SPEAKERS,
    USUAL,
    Body,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal, keep_ballot, write
from politburo_sim.state.minutes import IMPOSED
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import OUR_PRIZE, PERSONAL, RELUCTANCE, Work

_EFFORT = PLACE["effort"]
_SEVERITY = PLACE["severity"]
_MONTHS = PLACE["rung_months"]
_PLENUM = PLACE["plenum_months"]
_SLATES = PLACE["slates"]
_SECOND_HOUSE = PLACE["second_house"]
_COST = PLACE["dismissal_cost"]
_GRUDGE = PLACE["grudge"]
_STAKE = PLACE["stake"]
_EXPULSION = PLACE["expulsion_majority"]
_MAJORITY = PLACE["majority"]
_VENUE = PLACE["venue"]
_LOT = PLACE["random_victims"]


@rule
def may_be_accused(body: Body, who: int) -> bool:
    """Whether a man is named, in the body or the Committee, his last rung far enough back."""
    served = body.clock[MONTH] - body.last[who] >= body.par[_MONTHS]
    return body.named[who] == 1 and served and (speaks(body, who) or outside(body, who))


@rule
def threshold(body: Body, rung: int) -> float:
    """Share of the votes that a sanction needs."""
    return body.par[_EXPULSION] if rung == body.ladder[PARTY_LOST] else body.par[_MAJORITY]


@rule
def venue_of(body: Body, rung: int, venue: int) -> float:
    """Weight of the Committee in a question; expulsion is its own, unless put to the heads."""
    if venue == POLITBURO:
        return 0.0
    if venue == COMMITTEE_FLOOR or rung == body.ladder[PARTY_LOST]:
        return 1.0
    return body.par[_VENUE]


@rule
def set_charge(body: Body, work: Work, mover: int, target: int, rung: int) -> None:
    """The contest of a sanction: its mover is not at stake, and who has a scruple is reluctant."""
    set_contest(body, work, mover, target)
    work.contest[PERSONAL] = 1
    work.stakes[RELUCTANCE] = body.par[_SEVERITY] * rung


@rule
def accuse(body: Body, work: Work, target: int) -> int:
    """The accused, into `work.accused`: the target and, by a slate, the company he was named in,
    as far as it may be accused.
    """
    accused = 1
    slate = happens(body, d.SLATE, target, NOBODY, body.par[_SLATES])
    for k in range(work.accused.shape[0]):
        work.accused[k] = 0
        if slate and k != target and may_be_accused(body, k) and in_same_house(body, k, target):
            if body.company[k] != NOBODY and body.company[k] == body.company[target]:
                work.accused[k] = 1
                accused += 1
    work.accused[target] = 1
    return accused


@rule
def accuse_alone(work: Work, target: int) -> None:
    """A motion against one man."""
    for k in range(work.accused.shape[0]):
        work.accused[k] = 0
    work.accused[target] = 1


@rule
def in_session(body: Body) -> bool:
    """Whether this is a month in which sanctions may be asked for."""
    return body.clock[MONTH] % int(body.par[_PLENUM]) == 0


@rule
def weigh_charges(body: Body, work: Work) -> bool:
    """What asking for a sanction is worth to each head against each man, into `work.bid`.

    Whether there is anybody who may be accused.
    """
    liable = 0
    for t in range(body.status.shape[0]):
        liable += 1 if may_be_accused(body, t) else 0
    if liable == 0:
        return False
    survey(body, work, body.par[_VENUE])
    sound_pulls(body, work)
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        for t in range(body.status.shape[0]):
            work.bid[k, t] = -math.inf
        if body.status[k] != FULL or body.named[k] == 1:
            continue
        canvass(body, work, k)
        watch(body, work, k)
        for t in range(body.status.shape[0]):
            if t == k or not may_be_accused(body, t):
                continue
            if body.coalition[k] != NOBODY and body.coalition[k] == body.coalition[t]:
                continue
            if not may_turn_on(body, k, t):
                continue
            set_charge(body, work, k, t, next_rung(body, t))
            work.bid[k, t] = considered(body, worth_demanding(body, work, k))
    return True


@rule
def hold_plenum(body: Body, work: Work, journal: Journal) -> None:
    """Every so many months a sanction may be asked for, the one that is worth most to its mover."""
    if not in_session(body) or not weigh_charges(body, work):
        return
    mover = NOBODY
    target = NOBODY
    most = considered(body, body.par[_EFFORT]) + noise(body, d.DEMAND, NOBODY, NOBODY)
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        for t in range(body.status.shape[0]):
            if work.bid[k, t] == -math.inf:
                continue
            value = work.bid[k, t] + noise(body, d.DEMAND, k, t)
            if value > most:
                most = value
                mover = k
                target = t
    if mover == NOBODY:
        return
    new_occasion(body, d.DEMAND, 0)
    accused = accuse(body, work, target)
    rung = next_rung(body, target)
    judge(body, work, journal, mover, target, rung, USUAL, NOBODY, accused)
    new_month(body)


@rule
def vote_on(
    body: Body, work: Work, journal: Journal, mover: int, target: int, rung: int, beta: float,
    backer: int, decision: int,
) -> float:  # fmt: skip
    """The roll call on the accused at a venue; the share of yes."""
    perceive(body, work, mover, backer)
    weigh_votes(body, work, beta)
    weigh_power(body, work)
    set_charge(body, work, mover, target, rung)
    prize = 0.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        prize += work.prize[k] * nearness(body, k) if work.accused[k] == 1 else 0.0
    work.stakes[OUR_PRIZE] = prize
    weigh_all(body, work)
    look_ahead(body, work, target)
    caucus(body, work)
    return call_roll(body, work, decision, target, threshold(body, rung))


@rule
def taken_on(body: Body, work: Work, target: int, rung: int) -> bool:
    """Whether the condemned take their case to the second house: where it is open to them, the
    vote was not its own, and the target as he sees the Committee expects more than a half there.
    """
    last = rung == body.ladder[PARTY_LOST]
    if last or not speaks(body, target) or work.ask[IMPOSED] == 1:
        return False
    if not happens(body, d.APPEAL, target, NOBODY, body.par[_SECOND_HOUSE]):
        return False
    weigh_votes(body, work, 1.0)
    canvass(body, work, target)
    against = 0.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        against += work.seen[k] * work.lean[k]
    return against < 0.5


@rule
def judge(
    body: Body, work: Work, journal: Journal, mover: int, target: int, rung: int, venue: int,
    backer: int, accused: int,
) -> None:  # fmt: skip
    """A motion against the accused: the vote, perhaps a second house, and what follows."""
    need = threshold(body, rung)
    beta = venue_of(body, rung, venue)
    share = vote_on(body, work, journal, mover, target, rung, beta, backer, d.JUDGE)
    carried = settled(work, carries(share, need))
    body.count[DEMANDS] += 1
    ballot = keep_ballot(journal, body)
    write(
        journal, body, j.DEMAND, mover, target, rung, 1 if carried else 0, ballot, share,
        float(accused), float(venue),
    )  # fmt: skip
    overturned = False
    if carried and beta < 1.0 and taken_on(body, work, target, rung):
        body.count[APPEALS] += 1
        share = vote_on(body, work, journal, mover, target, rung, 1.0, backer, d.COMMITTEE_VOTE)
        carried = carries(share, need)
        overturned = not carried
        ballot = keep_ballot(journal, body)
        write(
            journal, body, j.APPEALED, mover, target, rung, 1 if carried else 0, ballot, share,
            float(accused), 0.0,
        )  # fmt: skip
    move_bonds(body, work, 1.0)
    if carried:
        body.count[CARRIED] += 1
        name_defenders(body, work, journal, target)
        carry_out(body, work, journal, mover, target, rung)
    else:
        acquit(body, work, journal, mover, target, overturned)
    tidy(body, journal)


@rule
def name_defenders(body: Body, work: Work, journal: Journal, target: int) -> None:
    """Who stood by the condemned may be named himself; who did not is out of their company."""
    side = body.coalition[target]
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if work.accused[k] == 1:
            continue
        if body.vote[k] == 1:
            if body.company[k] == body.company[target]:
                body.company[k] = NOBODY
            continue
        member = side != NOBODY and body.coalition[k] == side
        chance = peril(body) * exposure(body, work, k, target, member)
        if happens(body, d.DEFENDED, k, target, chance):
            name(body, journal, k, target, body.company[target])


@rule
def acquit(
    body: Body, work: Work, journal: Journal, mover: int, target: int, overturned: bool
) -> None:
    """The motion has fallen: its mover pays the stake, the accused are cleared.

    Where the second house has thrown it out, its mover has offended.
    """
    stake = body.par[_STAKE] * body.prestige[mover]
    body.prestige[mover] -= stake
    body.prestige[target] += stake
    for k in range(work.accused.shape[0]):
        if work.accused[k] == 1:
            body.named[k] = 0
            body.company[k] = NOBODY
    if overturned:
        name(body, journal, mover, mover, NOBODY)
