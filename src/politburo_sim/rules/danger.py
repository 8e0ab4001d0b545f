"""In whom danger lies: who could become the centre of a majority against a man.

Each head j is a possible centre of a majority against i. What he could gather:

    E_i(j) = w_j + sum_k w_k sigma(v_k / T)
    v_k    = (1 - o)[k_x (d(x_k, s_i) - d(x_k, s_j)) + k_b (A_kj - A_ki)]
             + o k_o [eta k_bal (p_i - p_j) / 2 + k_f favour]

The chance of i to stay is S_i = prod_j (1 - eta sigma(kappa (2 E_i(j) - 1))), and the danger that
lies in t is what S_i gains with t gone.
"""

from __future__ import annotations

from politburo_sim.rules.perception import power_seen
from politburo_sim.rules.space import distance
from politburo_sim.rules.value import lean_of, peril, winning
from politburo_sim.state.body import FULL, NOBODY, SPEAKERS, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_CONVICTION = PLACE["conviction"]
_FRIENDSHIP = PLACE["friendship"]
_INTEREST = PLACE["interest"]
_BALANCE = PLACE["balance"]
_FAVOUR = PLACE["favour"]
_DANGER = PLACE["danger"]
_LEAST_REST = 0.05


@rule
def short_lean(
    body: Body, work: Work, who: int, one: int, other: int, near: float, eta: float
) -> float:
    """How likely a man would be to stand with one head against another, by a short form of V."""
    par = body.par
    o = body.opportunism[who]
    patron = body.patron[who]
    cue = 0.0
    if patron == one:
        cue = power_seen(body, work, who, one)
    elif patron == other and patron != NOBODY:
        cue = -power_seen(body, work, who, other)
    fall = 0.5 * (power_seen(body, work, who, other) - power_seen(body, work, who, one))
    value = (1.0 - o) * (
        par[_CONVICTION] * near
        + par[_FRIENDSHIP] * (body.bond[who, one] - body.bond[who, other])
    ) + o * par[_INTEREST] * (eta * par[_BALANCE] * fall + par[_FAVOUR] * cue)
    return lean_of(body, value)


@rule
def nearer_man(body: Body, work: Work, who: int, one: int, other: int) -> float:
    """How much nearer one man's stance is to a member's views than another's."""
    return distance(work.outlook[who], body.stance[other], body.axis_weight) - distance(
        work.outlook[who], body.stance[one], body.axis_weight
    )


@rule
def watch(body: Body, work: Work, who: int) -> None:
    """In whom danger lies for `who`, into `work.danger`; votes as he sees them (`canvass`)."""
    n = body.clock[SPEAKERS]
    for i in range(n):
        work.danger[body.speakers[i]] = 0.0
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
            work.support[j, k] = 0.0
            if k != who and k != j:
                near = nearer_man(body, work, k, j, who)
                lent = work.seen[k] * short_lean(body, work, k, j, who, near, eta)
                work.support[j, k] = lent
                got += lent
        work.gain[j] = got
        stays *= 1.0 - eta * winning(body, got)
    for i in range(n):
        gone = body.speakers[i]
        if gone == who:
            continue
        rest = max(_LEAST_REST, 1.0 - work.seen[gone])
        without = 1.0
        for m in range(n):
            j = body.speakers[m]
            if j == gone or work.gain[j] < 0.0:
                continue
            left = (work.gain[j] - work.support[j, gone]) / rest
            without *= 1.0 - eta * winning(body, left)
        work.danger[gone] = without - stays
