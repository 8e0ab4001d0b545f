"""Standing up: what it is worth to move a policy, and to fight for one or against a man.

Before anybody has been asked, who moves, opposes or demands guesses the tally by coalitions and
conviction alone.
"""

from __future__ import annotations

from politburo_sim.rules.value import (
    MEMBER,
    OUT,
    lean_of,
    nearer,
    nearer_on,
    on_side,
    utility,
    weigh,
    winning,
)
from politburo_sim.state.body import SPEAKERS, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import (
    CHALLENGER,
    OURS,
    RIVAL,
    THEIRS,
    Work,
)

_BANDWAGON = PLACE["unity_bandwagon"]
_CONVICTION = PLACE["conviction"]
_INTEREST = PLACE["interest"]
_CONFORMITY = PLACE["conformity"]
_STAKE = PLACE["stake"]


@rule
def stake_own(body: Body, work: Work, who: int) -> None:
    """Who stands up himself wins of the rival's power, or loses of his own, by the stake."""
    scale = body.opportunism[who] * body.par[_INTEREST] * body.par[_STAKE]
    work.hope[who] += scale * work.own[work.contest[RIVAL]]
    work.dread[who] -= scale * work.own[who]


@rule
def worth_moving(body: Body, work: Work, who: int, axis: int, one: float, other: float) -> float:
    """What moving one place rather than another is worth while nobody stands against it.

    (1 - o) k_x nearer + o k_o stake q (2 P - 1) + l u_b k_u (2 pi - 1), with pi the share of the
    votes, as he sees them, that lie nearer to it.
    """
    par = body.par
    o = body.opportunism[who]
    behind = 0.0
    for i in range(body.clock[SPEAKERS]):
        j = body.speakers[i]
        if nearer_on(body, work, j, axis, one, other) > 0.0:
            behind += work.seen[j]
    win = winning(body, behind)
    return (
        (1.0 - o) * par[_CONVICTION] * nearer_on(body, work, who, axis, one, other)
        + o * par[_INTEREST] * par[_STAKE] * work.own[who] * (2.0 * win - 1.0)
        + par[_CONFORMITY] * par[_BANDWAGON] * body.loyalty[who] * (2.0 * behind - 1.0)
    )  # fmt: skip


@rule
def sound_policy(body: Body, work: Work) -> None:
    """Into `work.pulled` everybody's chance to be drawn to the challenger's side by conviction
    alone: 1 / (1 + exp(-(1 - o_j) k_x nearer_j / T)).
    """
    for i in range(body.clock[SPEAKERS]):
        j = body.speakers[i]
        pull = (1.0 - body.opportunism[j]) * body.par[_CONVICTION] * nearer(body, work, j)
        work.pulled[j] = lean_of(body, pull)


@rule
def guess(body: Body, work: Work, who: int) -> float:
    """The tally that the challenger expects before he has asked anybody, on the votes he sees.

    His coalition with him, the rival's against him, the rest as `sound_policy` has it; `work.seen`
    is as `canvass` left it for him.
    """
    one, other = work.contest[CHALLENGER], work.contest[RIVAL]
    ours, theirs = work.contest[OURS], work.contest[THEIRS]
    got = 0.0
    for i in range(body.clock[SPEAKERS]):
        j = body.speakers[i]
        if on_side(body, j, one, ours):
            got += work.seen[j]
        elif not on_side(body, j, other, theirs):
            got += work.seen[j] * work.pulled[j]
    return got


@rule
def worth_fighting(body: Body, work: Work, who: int, expected: float) -> float:
    """What it is worth to the challenger to stand up himself, against staying out."""
    weigh(body, work, who, MEMBER, OUT)
    stake_own(body, work, who)
    return utility(body, work, who, expected)
