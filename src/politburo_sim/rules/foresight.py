"""Looking ahead: what a vote leads to.

A question moves the body X to a part Z of it. V(Z) is where play goes on from Z, C what
follows rejection. A far-sighted member votes yes iff his share of the power in V(Z) is
strictly above his share in C. Play: each member, in keyed order, may once propose a part of
the body that contains himself; it takes effect where those who gain hold more than a of the
power of X; then acceptance starts afresh at Z. V is worked out by this recursion to depth d:
at depth 1 V(Z) = Z (myopic), and d as large as the body is exact.

Acemoglu, Egorov and Sonin (2008) prove that such play stops at the ruling coalition; Tullock
expected it to end with one. The recursion here never asks the oracle in `theory/`.

Sub-bodies are bit masks over `work.heads`. Within a body the share of i is g_i / g(Z), so he
gains iff he is in V and (not in C, or g(V) < g(C)).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from politburo_sim.rules.luck import happens
from politburo_sim.rules.perception import muster
from politburo_sim.rules.vacancy import free_seat
from politburo_sim.rules.voting import carries
from politburo_sim.state.body import (
    FULL,
    GONE,
    MONTH,
    NOBODY,
    PARTY_LOST,
    SPEAKERS,
    TURN,
    Body,
    Floats,
    Ints,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.draws import ORDER, SIGHT, draw
from politburo_sim.state.journal import PROPOSED, SANCTION, Journal, note, write
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import ABSENT, ALL_VOTES, HORIZON, UNALIGNED, VENUE, Work

_DEPTH = PLACE["foresight_depth"]
_MAJORITY = PLACE["majority"]
#: Powers closer than this are the same: the rounding of shares must not decide a tie.
SAME = 1e-9
_ONE: Any = np.int64(1)
_NONE: Any = np.uint64(0)


@rule
def list_heads(body: Body, work: Work) -> int:
    """The voting heads in slot order; how many."""
    n = 0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if body.status[k] == FULL:
            work.heads[n] = k
            n += 1
    return n


@rule
def powers_seen(body: Body, work: Work, n: int, observer: int) -> None:
    """Power of every head, as one member sees it: his weight in a tally on perceived bases."""
    beta = work.figures[VENUE]
    hidden = 0.0
    for i in range(body.clock[SPEAKERS]):
        j = body.speakers[i]
        hidden += body.opacity[observer, j] * body.bases[j]
    unaligned = work.figures[UNALIGNED] + hidden
    for i in range(n):
        j = work.heads[i]
        seen = (1.0 - body.opacity[observer, j]) * body.bases[j]
        work.power[i] = beta * (seen + unaligned * work.voice[j]) + (1.0 - beta) / n


@rule
def sum_powers(work: Work, n: int) -> None:
    """G of every sub-body."""
    work.mass[0] = 0.0
    for i in range(n):
        bit = _ONE << i
        for rest in range(bit):
            work.mass[bit + rest] = work.mass[rest] + work.power[i]


@rule
def line_up(body: Body, work: Work, mask: int, n: int) -> int:
    """The members of a sub-body in the order in which they may propose; how many."""
    key = _NONE
    for i in range(n):
        if mask >> i & 1:
            key = key + body.ident[work.heads[i]]
    count = 0
    for i in range(n):
        if not mask >> i & 1:
            continue
        luck = draw(body.seed[0], 0, ORDER, body.ident[work.heads[i]], key)
        j = count
        while j > 0 and work.keys[j - 1] > luck:
            work.keys[j] = work.keys[j - 1]
            work.order[j] = work.order[j - 1]
            j -= 1
        work.keys[j] = luck
        work.order[j] = i
        count += 1
    return count


@rule
def gainers(mass: Floats, then: int, otherwise: int) -> int:
    """Those whose share in body `then` is above their share in body `otherwise`."""
    if mass[then] < mass[otherwise] - SAME:
        return then
    return then & ~otherwise


@rule
def best_proposal(mass: Floats, value: Ints, body: int, who: int, otherwise: int, a: float) -> int:
    """What `who` would propose in `body`: the accepted part with most for himself, or `body`."""
    bit = _ONE << who
    best = body
    least = mass[otherwise] - SAME if otherwise & bit else np.inf
    need = a * mass[body] + SAME
    others = body & ~bit
    rest = others
    while rest > 0:
        rest = (rest - 1) & others
        part = rest | bit
        then = value[part]
        if then & bit and mass[then] < least:
            if mass[gainers(mass, then, otherwise)] > need:
                best = part
                least = mass[then] - SAME
    return best


@rule
def outcome(body: Body, work: Work, value: Ints, mask: int, n: int, turn: int, a: float) -> int:
    """Where play ends from a sub-body when proposers from `turn` on have yet to speak."""
    count = line_up(body, work, mask, n)
    after = mask
    for place in range(count - 1, turn - 1, -1):
        part = best_proposal(work.mass, value, mask, work.order[place], after, a)
        if part != mask:
            after = value[part]
    return after


@rule
def look(body: Body, work: Work, within: int, n: int, depth: int, a: float) -> None:
    """`work.further`: V of every part of `within`, looking `depth` steps on (0: it stays)."""
    for mask in range(_ONE << n):
        work.further[mask] = mask
    for _ in range(depth):
        part = within
        while part > 0:
            work.deeper[part] = outcome(body, work, work.further, part, n, 0, a)
            part = (part - 1) & within
        part = within
        while part > 0:
            work.further[part] = work.deeper[part]
            part = (part - 1) & within


@rule
def reach(depth: float, n: int) -> int:
    """How many steps it makes sense to look from the next body on: V_(d-1), at most n - 1."""
    return min(int(depth), n) - 1


@rule
def foresee(body: Body, work: Work, who: int, victim: int) -> int:
    """A far-sighted head's vote on one man: 1, 0, or ABSENT where it cannot be worked out.

    C: the body stays as it is. Bodies above HORIZON heads are too large to look through.
    """
    n = list_heads(body, work)
    if n > HORIZON or body.status[who] != FULL or body.status[victim] != FULL:
        return ABSENT
    a = body.par[_MAJORITY]
    powers_seen(body, work, n, who)
    sum_powers(work, n)
    everybody = (_ONE << n) - 1
    me = 0
    rest = everybody
    for i in range(n):
        if work.heads[i] == who:
            me = i
        if work.heads[i] == victim:
            rest &= ~(_ONE << i)
    depth = reach(body.par[_DEPTH], n)
    then = rest
    if depth > 0:
        look(body, work, rest, n, depth - 1, a)
        then = outcome(body, work, work.further, rest, n, 0, a)
    return 1 if gainers(work.mass, then, everybody) >> me & 1 else 0


@rule
def looks_ahead(body: Body, who: int, about: int) -> bool:
    """Whether a member decides this question by looking ahead: chance f, by member and question."""
    foresight = body.foresight[who]
    return foresight > 0.0 and happens(body, SIGHT, who, about, foresight)


@rule
def look_ahead(body: Body, work: Work, victim: int) -> None:
    """Everybody who looks ahead in a question about one man forms his vote."""
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if k != victim and looks_ahead(body, k, victim):
            work.sight[k] = foresee(body, work, k, victim)


@rule
def depth_of(body: Body, who: int) -> float:
    """Depth at which a member decides in the power game: d with chance f, else 1."""
    ahead = looks_ahead(body, who, NOBODY)
    return body.par[_DEPTH] if ahead else 1.0


@rule
def whose_turn(body: Body, work: Work, n: int) -> int:
    """Who may propose now, as a place among the heads."""
    line_up(body, work, (_ONE << n) - 1, n)
    return work.order[body.clock[TURN]]


@rule
def propose(body: Body, work: Work) -> int:
    """The power game: the next proposer's part of the body (a mask), or all of it.

    0 once a full round of proposers has failed: play is over.
    """
    n = list_heads(body, work)
    if n > HORIZON or n < 2 or body.clock[TURN] >= n:
        return 0
    a = body.par[_MAJORITY]
    for i in range(n):
        work.power[i] = body.bases[work.heads[i]]
    sum_powers(work, n)
    everybody = (_ONE << n) - 1
    turn = body.clock[TURN]
    who = whose_turn(body, work, n)
    look(body, work, everybody, n, reach(depth_of(body, work.heads[who]), n), a)
    otherwise = outcome(body, work, work.further, everybody, n, turn + 1, a)
    return best_proposal(work.mass, work.further, everybody, who, otherwise, a)


@rule
def judge_proposal(body: Body, work: Work, part: int) -> None:
    """Everybody's vote on a proposed part of the body, by what each sees coming.

    The result is put into `work.sight`; outsiders and the indifferent vote no.
    """
    n = list_heads(body, work)
    a = body.par[_MAJORITY]
    everybody = (_ONE << n) - 1
    looked = 0.0
    then = part
    otherwise = everybody
    for i in range(n):
        k = work.heads[i]
        depth = depth_of(body, k)
        if depth != looked:
            look(body, work, everybody, n, reach(depth, n), a)
            then = work.further[part]
            otherwise = outcome(body, work, work.further, everybody, n, body.clock[TURN] + 1, a)
            looked = depth
        work.weight[k] = work.power[i]
        gains = gainers(work.mass, then, otherwise) >> i & 1
        work.sight[k] = 1 if gains and part >> i & 1 else 0
    work.figures[ALL_VOTES] = work.mass[everybody]


@rule
def close_round(
    body: Body, work: Work, journal: Journal, proposer: int, part: int, share: float
) -> None:
    """Count a proposal: the next proposer's turn, or the part alone goes on, afresh."""
    n = list_heads(body, work)
    everybody = (_ONE << n) - 1
    carried = part != everybody and carries(share, body.par[_MAJORITY])
    write(
        journal, body, PROPOSED, proposer, NOBODY, part, 1 if carried else 0, NOBODY, share, 0.0,
        0.0,
    )  # fmt: skip
    if not carried:
        body.clock[TURN] += 1
        return
    body.clock[TURN] = 0
    left = work.mass[part]
    for i in range(n):
        k = work.heads[i]
        if part >> i & 1:
            body.bases[k] = body.bases[k] / left
        else:
            expel_from_game(body, journal, k)
    muster(body)


@rule
def expel_from_game(body: Body, journal: Journal, who: int) -> None:
    """In the power game a victim is gone, and his power with him."""
    body.bases[who] = 0.0
    body.prestige[who] = 0.0
    body.status[who] = GONE
    rung = body.ladder[PARTY_LOST]
    body.rung[who] = rung
    body.since[who, rung] = body.clock[MONTH]
    free_seat(body, who)
    note(journal, body, SANCTION, who, NOBODY, rung, 0.0)
