"""Power: each member's share, and when one member holds more than half.

    w_i = [(1 - beta) s_i / n + beta c_i] / (1 - beta u)

s_i: seats that count for i; n: seats filled; c_i: base; u: unaligned share; beta: venue. A
seat counts for its holder's root patron while every bond on the way to him is above zero and
he sits in the body himself, else for its holder; a ring of patrons counts for the holder.
Shares sum to one. *Established autocracy* (Svolik 2012): above a half for twelve months on end.
"""

from __future__ import annotations

from politburo_sim.state.body import (
    CANDIDATE,
    FULL,
    LEADER,
    NOBODY,
    PRESENT,
    RULED_SINCE,
    RULER,
    STREAK,
    Body,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import RULES, Journal, note
from politburo_sim.state.parameters import PLACE

_VENUE = PLACE["venue"]
#: Months above half the power that make an autocracy established.
ESTABLISHED = 12


@rule
def root_patron(body: Body, who: int) -> int:
    """The member for whom a holder's seat counts."""
    current = who
    for _ in range(body.patron.shape[0]):
        patron = body.patron[current]
        if patron == NOBODY or body.bond[current, patron] <= 0.0:
            return current
        if body.status[patron] != FULL and body.status[patron] != CANDIDATE:
            return current
        current = patron
        if current == who:
            return who
    return who


@rule
def share_power(body: Body) -> None:
    """Everybody's share of the power, into `body.share`."""
    beta = body.par[_VENUE]
    present = body.clock[PRESENT]
    seats = 0
    aligned = 0.0
    for k in range(body.share.shape[0]):
        body.share[k] = 0.0
        body.clients[k] = 0.0
    for i in range(present):
        k = body.present[i]
        aligned += body.bases[k]
        if body.status[k] == FULL:
            seats += 1
            body.clients[root_patron(body, k)] += 1.0
    filled = (1.0 - beta) if seats > 0 else 0.0
    whole = filled + beta * aligned
    if whole <= 0.0:
        for i in range(present):
            body.share[body.present[i]] = 1.0 / present
        return
    for i in range(present):
        k = body.present[i]
        weight = beta * body.bases[k]
        if seats > 0:
            weight += filled * body.clients[k] / seats
        body.share[k] = weight / whole


@rule
def backing(body: Body, who: int) -> float:
    """Share of the Committee behind a member: his base and those of members bound to him.

    c_who + the sum of c_k over all present k whose bond to him is above zero; 0..1.
    """
    behind = 0.0
    for i in range(body.clock[PRESENT]):
        k = body.present[i]
        if k == who or body.bond[k, who] > 0.0:
            behind += body.bases[k]
    return behind


@rule
def strongest(body: Body) -> int:
    """The member with the largest share, or NOBODY in an empty body."""
    best = NOBODY
    most = 0.0
    for i in range(body.clock[PRESENT]):
        k = body.present[i]
        if body.share[k] > most:
            most = body.share[k]
            best = k
    return best


@rule
def reckon(body: Body, journal: Journal, month: int) -> None:
    """The month's end: shares, and whether a rule of one has lasted long enough."""
    share_power(body)
    leader = strongest(body)
    if leader == NOBODY or body.share[leader] <= 0.5:
        body.clock[LEADER] = NOBODY
        body.clock[STREAK] = 0
        return
    if leader == body.clock[LEADER]:
        body.clock[STREAK] += 1
    else:
        body.clock[LEADER] = leader
        body.clock[STREAK] = 1
    if body.clock[STREAK] == ESTABLISHED and body.clock[RULER] == NOBODY:
        body.clock[RULER] = leader
        body.clock[RULED_SINCE] = month
        note(journal, month, RULES, leader, NOBODY, 0, body.share[leader], 0.0, 0.0)
