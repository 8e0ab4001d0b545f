"""Against whom a head may set out, and what that is worth to him."""

from __future__ import annotations

import math

from politburo_sim.rules.danger import fear, sound_pulls, stands_with, watch
from politburo_sim.rules.membership import bound, leads, may_turn_on
from politburo_sim.rules.perception import speaks
from politburo_sim.rules.value import (
    MEMBER,
    OUT,
    on_side,
    set_contest,
    utility,
    weigh,
)
from politburo_sim.state.body import FULL, NOBODY, SPEAKERS, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import (
    OUR_WEIGHT,
    OURS,
    THEIR_WEIGHT,
    WATCHER,
    Work,
)

_STICKINESS = PLACE["stickiness"]
_SWITCHING = PLACE["switching"]
_COIN = PLACE["coin_joins"]


@rule
def possible_target(body: Body, who: int, other: int) -> bool:
    """Whether a head may set out against a man: a head, a named man, a leader of others."""
    if other == who or not speaks(body, other):
        return False
    if body.status[other] != FULL and body.named[other] == 0 and not leads(body, other):
        return False
    mine = body.coalition[who]
    if mine != NOBODY and body.coalition[other] == mine:
        return body.par[_SWITCHING] != 0.0 and not bound(body, who)
    if mine != NOBODY and not leads(body, who) and body.coalition_target[mine] == other:
        return False
    return may_turn_on(body, who, other)


@rule
def keeps_coalition(body: Body, who: int, target: int) -> bool:
    """Whether a man would set out against a target with the coalition that he leads."""
    mine = body.coalition[who]
    return mine != NOBODY and leads(body, who) and body.coalition[target] != mine


@rule
def expected_support(body: Body, work: Work, who: int, target: int) -> float:
    """Votes that a man guesses he would gather against a target, on what he sees.

    His coalition with him; the others as they are drawn (`rules/danger.py`).
    """
    mine = body.coalition[who] if keeps_coalition(body, who, target) else NOBODY
    got = 0.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if k == target:
            continue
        if on_side(body, k, who, mine):
            got += work.seen[k]
        else:
            got += work.seen[k] * stands_with(work, k, who, target)
    return got


@rule
def worth_attacking(body: Body, work: Work, who: int, target: int) -> float:
    """What it is worth to set out against a man; his own coalition's costs included."""
    got = expected_support(body, work, who, target)
    mine = body.coalition[who]
    keeps = keeps_coalition(body, who, target)
    set_contest(body, work, who, target)
    if not keeps:
        work.contest[OURS] = NOBODY
        work.stakes[OUR_WEIGHT] = work.weight[who]
    work.contest[WATCHER] = who
    fear(body, work, target)
    work.stakes[OUR_WEIGHT] = max(work.stakes[OUR_WEIGHT], min(0.5, got))
    work.stakes[THEIR_WEIGHT] = 1.0 - work.stakes[OUR_WEIGHT]
    weigh(body, work, who, MEMBER, OUT)
    value = utility(body, work, who, got)
    if mine != NOBODY and not (keeps and body.coalition_target[mine] == target):
        value -= body.par[_STICKINESS]
    return value


@rule
def weigh_targets(body: Body, work: Work, who: int) -> None:
    """What setting out against each man is worth to a head, into `work.bid[who]`."""
    sound_pulls(body, work)
    watch(body, work, who)
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        work.bid[who, k] = -math.inf
        if not possible_target(body, who, k):
            continue
        work.bid[who, k] = 0.0
        if body.par[_COIN] == 0.0:
            work.bid[who, k] = worth_attacking(body, work, who, k)
