"""In whom danger lies: who could become the centre of a majority against a man.

Before anybody has been asked, a man k is guessed to be drawn to another, j, by a short form of V,

    u_k(j) = (1 - o)[k_b A_kj - k_x d(x_k, s_j)] + o k_o [k_f p_j - eta k_bal n_j p_j / 2],

the first p_j only where j is his patron, n_j how near the fall of j is; and to stand with one
rather than another with chance sigma((u_k(j) - u_k(i)) / T).

Each head j is a possible centre of a majority against i. He could gather E_i(j) = w_j + sum_k w_k
sigma((u_k(j) - u_k(i)) / T). The chance of i to stay is S_i = prod_j (1 - eta sigma(kappa (2 E_i(j)
- 1))), and the danger that lies in t is what S_i gains with t gone.
"""

from __future__ import annotations

import math

from politburo_sim.rules.perception import power_seen, speaks
from politburo_sim.rules.space import away
from politburo_sim.rules.value import nearness, peril, winning
from politburo_sim.state.body import FULL, NOBODY, SPEAKERS, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import STAYS, Work

_CONVICTION = PLACE["conviction"]
_FRIENDSHIP = PLACE["friendship"]
_INTEREST = PLACE["interest"]
_BALANCE = PLACE["balance"]
_FAVOUR = PLACE["favour"]
_DANGER = PLACE["danger"]
_TEMPERATURE = PLACE["temperature"]
_LEAST_REST = 0.05


@rule
def drawn(body: Body, work: Work, who: int, other: int, eta: float) -> float:
    """u: how a man is drawn to another, by a short form of V."""
    par = body.par
    o = body.opportunism[who]
    power = power_seen(body, work, who, other)
    cue = par[_FAVOUR] * power if body.patron[who] == other else 0.0
    apart = away(body, work, who, other)
    return (1.0 - o) * (
        par[_FRIENDSHIP] * body.bond[who, other] - par[_CONVICTION] * apart
    ) + o * par[_INTEREST] * (cue - 0.5 * eta * par[_BALANCE] * power * nearness(body, other))


@rule
def sound_pulls(body: Body, work: Work) -> None:
    """Into `work.pull` exp((u_k(j) - max u_k) / T), so that two of them give the odds.

    At T = 0 only the strongest pull counts.
    """
    eta = peril(body)
    temperature = body.par[_TEMPERATURE]
    n = body.clock[SPEAKERS]
    for i in range(n):
        k = body.speakers[i]
        most = -math.inf
        for m in range(n):
            j = body.speakers[m]
            if j != k:
                work.pull[k, j] = drawn(body, work, k, j, eta)
                most = max(most, work.pull[k, j])
        for m in range(n):
            j = body.speakers[m]
            if j != k:
                short = work.pull[k, j] - most
                if temperature > 0.0:
                    work.pull[k, j] = math.exp(short / temperature)
                else:
                    work.pull[k, j] = 1.0 if short == 0.0 else 0.0


@rule
def stands_with(work: Work, who: int, one: int, other: int) -> float:
    """Chance that a man would stand with one rather than with another."""
    both = work.pull[who, one] + work.pull[who, other]
    return work.pull[who, one] / both if both > 0.0 else 0.5


@rule
def watch(body: Body, work: Work, who: int) -> None:
    """What each head could gather against `who`, votes as he sees them (`canvass`), and his chance
    to stay; in whom danger lies has yet to be asked (`fear`).
    """
    n = body.clock[SPEAKERS]
    for k in range(body.status.shape[0]):
        work.danger[k] = 0.0
    if body.par[_DANGER] == 0.0:
        return
    eta = peril(body)
    stays = 1.0
    for i in range(n):
        j = body.speakers[i]
        work.gain[j] = NOBODY
        if j == who or body.status[j] != FULL:
            continue
        got = work.seen[j]
        for m in range(n):
            k = body.speakers[m]
            if k != who and k != j:
                work.sides[j, k] = stands_with(work, k, j, who)
                got += work.seen[k] * work.sides[j, k]
        work.gain[j] = got
        stays *= 1.0 - eta * winning(body, got)
    work.figures[STAYS] = stays


@rule
def fear(body: Body, work: Work, gone: int) -> None:
    """What the watcher's chance to stay gains with a man gone, into `work.danger`."""
    if body.par[_DANGER] == 0.0 or not speaks(body, gone):
        return
    eta = peril(body)
    rest = max(_LEAST_REST, 1.0 - work.seen[gone])
    without = 1.0
    for m in range(body.clock[SPEAKERS]):
        j = body.speakers[m]
        if j == gone or work.gain[j] < 0.0:
            continue
        left = work.gain[j] - work.seen[gone] * work.sides[j, gone]
        without *= 1.0 - eta * winning(body, left / rest)
    work.danger[gone] = without - work.figures[STAYS]
