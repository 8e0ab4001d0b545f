"""Voting: the caucus, the roll call, and the tally."""

from __future__ import annotations

from politburo_sim.rules.imposing import impose_votes
from politburo_sim.rules.luck import luck
from politburo_sim.rules.minds import lean
from politburo_sim.rules.value import MEMBER, VOTER, weigh
from politburo_sim.state.body import FULL, NOBODY, SPEAKERS, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.minutes import IMPOSED
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import (
    ABSENT,
    ALL_VOTES,
    CHALLENGER,
    OURS,
    PERSONAL,
    RIVAL,
    SCALE,
    THEIRS,
    VENUE,
    Work,
)

_ROUNDS = PLACE["caucus_rounds"]
#: Rounding error allowed where votes are compared; smaller than any weight that matters.
TIE = 1e-12


@rule
def expect(body: Body, work: Work) -> None:
    """One round of the caucus: the tally that everybody expects from everybody's lean.

    pi_k = (sum_j W_j p_j + beta sum_j eps_kj c_j (P - p_j)) / sum_j W_j, with P the mean lean
    by voice: what k does not see of j's base he counts with the unaligned. W: before weights are
    scaled to sum to one, as they are here.
    """
    n = body.clock[SPEAKERS]
    open_tally = 0.0
    mean = 0.0
    for i in range(n):
        j = body.speakers[i]
        open_tally += work.weight[j] * work.lean[j]
        mean += work.voice[j] * work.lean[j]
    for i in range(n):
        row = body.speakers[i]
        hidden = 0.0
        for m in range(n):
            j = body.speakers[m]
            hidden += body.opacity[row, j] * body.bases[j] * (mean - work.lean[j])
        work.gain[i] = hidden
    scale = 1.0 / work.figures[ALL_VOTES]
    beta = work.figures[VENUE] * work.figures[SCALE]
    for i in range(n):
        pi = (open_tally + beta * work.gain[i]) * scale
        work.expected[body.speakers[i]] = min(1.0, max(0.0, pi))


@rule
def weigh_all(body: Body, work: Work) -> None:
    """Everybody's parts of utility in the contest that is set; nobody has voted yet."""
    ours, theirs = work.contest[OURS], work.contest[THEIRS]
    for k in range(body.status.shape[0]):
        body.vote[k] = ABSENT
        work.sight[k] = ABSENT
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        mine = body.coalition[k]
        with_us = MEMBER if mine != NOBODY and mine == ours else VOTER
        with_them = MEMBER if mine != NOBODY and mine == theirs else VOTER
        weigh(body, work, k, with_us, with_them)
        work.expected[k] = 0.5


@rule
def stands_by_himself(work: Work, who: int) -> bool:
    """Whether a man's vote is not in question: the leaders' of both sides, and the accused's."""
    if who == work.contest[CHALLENGER] or who == work.contest[RIVAL]:
        return True
    return work.contest[PERSONAL] == 1 and work.accused[who] == 1


@rule
def lean_all(body: Body, work: Work) -> None:
    """Everybody's chance of a yes."""
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if stands_by_himself(work, k):
            work.lean[k] = 1.0 if k == work.contest[CHALLENGER] else 0.0
        else:
            work.lean[k] = lean(body, work, k)


@rule
def caucus(body: Body, work: Work) -> None:
    """The rounds in which members form an expected tally, and their leans after it."""
    for _ in range(int(body.par[_ROUNDS])):
        lean_all(body, work)
        expect(body, work)
    lean_all(body, work)


@rule
def call_roll(body: Body, work: Work, decision: int, about: int, needed: float) -> float:
    """Everybody votes; the share of yes. `needed`: the share that must be exceeded."""
    if work.ask[IMPOSED] == 1:
        impose_votes(body, work, decision, about, needed * work.figures[ALL_VOTES] + TIE)
        return tally(body, work)
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        body.vote[k] = 1 if luck(body, decision, k, about) < work.lean[k] else 0
    return tally(body, work)


@rule
def tally(body: Body, work: Work) -> float:
    """Share of all votes cast as yes, by true weights."""
    yes = 0.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        yes += work.weight[k] if body.vote[k] == 1 else 0.0
    return yes / work.figures[ALL_VOTES]


@rule
def carries(share: float, threshold: float) -> bool:
    """Whether a share of the votes wins; ties fail."""
    return share > threshold + TIE


@rule
def heads_voting(body: Body, vote: int) -> int:
    """How many heads voted so."""
    heads = 0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if body.status[k] == FULL and body.vote[k] == vote:
            heads += 1
    return heads
