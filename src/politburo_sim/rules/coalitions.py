"""Coalitions: formed against a man, for a policy or in defence; joined, left, taken over, ended.

With chance org a month a head, drawn by his share of the votes, looks for a target; he invites
one after another, the cheapest first, until the coalition as he sees it has more than a half and
a margin; then he either goes on or gives up. Those who would rather stand by the target defend
him. Who leads more than half of his own coalition away has taken it over. A member thinks again
from time to time, and may leave; once he has served a term he may also cross to the rival: that is
switching. With `switching` 0 nobody turns on, or enters a coalition against, a man with whom he has
ever shared one, or goes over to a rival coalition, straight or by way of an exit.
"""

from __future__ import annotations

from politburo_sim.rules.luck import happens
from politburo_sim.rules.membership import (
    barred,
    end,
    enter,
    found,
    leads,
    leave,
    may_turn_on,
    tidy,
    vacant,
    weight_of,
)
from politburo_sim.rules.minds import (
    CROSS,
    LEAVE,
    join,
    reconsider,
    weigh_joining,
    worth_joining,
)
from politburo_sim.rules.organising import HOPED_ON_POLICY, organise, organiser
from politburo_sim.rules.perception import in_body, speaks, survey, threat_seen
from politburo_sim.rules.value import set_contest, set_policy
from politburo_sim.state import draws as d
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    COALITIONS,
    MONTH,
    NOBODY,
    POLICY,
    SPEAKERS,
    Body,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal, keep_sides, write
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import (
    OUR_WEIGHT,
    Work,
)

_ORGANISING = PLACE["organising"]
_RECONSIDERING = PLACE["reconsidering"]
_IDLENESS = PLACE["idleness"]
_BLOCS = PLACE["blocs"]
_VENUE = PLACE["venue"]


@rule
def idle(body: Body, work: Work, coalition: int) -> bool:
    """Whether a coalition has lost its purpose: its target is gone, or is no threat to anybody.

    A target in no coalition and not named, whose threat to the leader is below half of an equal
    part among those who speak.
    """
    target = body.coalition_target[coalition]
    if not in_body(body, target):
        return True
    if body.coalition[target] != NOBODY or body.named[target] == 1:
        return False
    leader = body.coalition_leader[coalition]
    return threat_seen(body, work, leader, target) < 0.5 / max(1, body.clock[SPEAKERS])


@rule
def keep_coalitions(body: Body, work: Work, journal: Journal) -> None:
    """The idle end, and members think again."""
    standing = 0
    for c in range(body.coalition_leader.shape[0]):
        standing += 1 if body.coalition_leader[c] != NOBODY else 0
    if standing == 0:
        return
    survey(body, work, body.par[_VENUE])
    for c in range(body.coalition_leader.shape[0]):
        leader = body.coalition_leader[c]
        if leader != NOBODY and idle(body, work, c):
            if happens(body, d.IDLE, leader, NOBODY, body.par[_IDLENESS]):
                end(body, journal, c, True)
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        c = body.coalition[k]
        if c == NOBODY or leads(body, k):
            continue
        target, leader = body.coalition_target[c], body.coalition_leader[c]
        if target == k or not speaks(body, target) or not speaks(body, leader):
            continue
        if not happens(body, d.RECONSIDER, k, NOBODY, body.par[_RECONSIDERING]):
            continue
        set_contest(body, work, leader, target)
        step = reconsider(body, work, k)
        side = body.coalition[target]
        if step == CROSS and side != NOBODY and not barred(body, k, side):
            enter(body, journal, k, side, 0)
        elif step == LEAVE:
            leave(body, journal, k)
    tidy(body, journal)


@rule
def sharpest(body: Body, work: Work) -> int:
    """The heaviest coalition whose leader and target can still fight, or NOBODY."""
    best = NOBODY
    most = 0.0
    for c in range(body.coalition_leader.shape[0]):
        leader = body.coalition_leader[c]
        if leader == NOBODY or not speaks(body, leader):
            continue
        if not speaks(body, body.coalition_target[c]):
            continue
        weight = weight_of(body, work, c)
        if weight > most:
            most = weight
            best = c
    return best


@rule
def opponent_of(body: Body, coalition: int) -> int:
    """Who answers for the target of a coalition: the leader of his own, or he himself."""
    target = body.coalition_target[coalition]
    own = body.coalition[target]
    return target if own == NOBODY else body.coalition_leader[own]


@rule
def rally(
    body: Body, work: Work, journal: Journal, who: int, mover: int, axis: int, place: float,
    other: float,
) -> None:  # fmt: skip
    """Who stands up for a place on an axis looks for signatures: a coalition for a policy.

    All are asked at once: each expects the votes that he had behind him before. One that he leads
    already turns on the mover.
    """
    if body.par[_BLOCS] == 0.0:
        return
    mine = body.coalition[who]
    if mine != NOBODY and mine == body.coalition[mover]:
        leave(body, journal, who)
        tidy(body, journal)
        mine = NOBODY
    anew = mine == NOBODY
    if anew:
        mine = vacant(body)
        if mine == NOBODY:
            return
        found(body, mine, who, mover, POLICY)
        body.coalition[who] = mine
        body.joined[who] = body.clock[MONTH]
    elif leads(body, who):
        body.coalition_target[mine] = mover
    signed = 0
    set_contest(body, work, who, mover)
    set_policy(work, axis, place, other)
    work.stakes[OUR_WEIGHT] = max(work.stakes[OUR_WEIGHT], HOPED_ON_POLICY)
    behind = weight_of(body, work, mine)
    expected = behind
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if k == who or k == mover or body.coalition[k] == mine or leads(body, k):
            continue
        if barred(body, k, mine) or not may_turn_on(body, k, mover):
            continue
        work.expected[k] = behind
        weigh_joining(body, work, k)
        work.value[k] = worth_joining(body, work, k)
        if happens(body, d.SIGN, k, who, join(body, work, k)):
            enter(body, journal, k, mine, 0)
            signed += 1
            expected += work.weight[k]
    if anew and signed == 0:
        end(body, journal, mine, False)
    elif anew:
        body.count[COALITIONS] += 1
        sides = keep_sides(journal, body, mine, body.coalition[mover])
        write(journal, body, j.FORMED, who, mover, POLICY, 0, sides, expected, 0.0, 0.0)
    tidy(body, journal)


@rule
def set_out(body: Body, work: Work, journal: Journal) -> int:
    """With chance org a month a head sets out; who, or NOBODY. Without coalitions he fights alone
    (`rules/divisions.py`).
    """
    if not happens(body, d.ORGANISE, NOBODY, NOBODY, body.par[_ORGANISING]):
        return NOBODY
    survey(body, work, body.par[_VENUE])
    who = organiser(body, work)
    if who != NOBODY and body.par[_BLOCS] != 0.0:
        organise(body, work, journal, who)
        return NOBODY
    return who
