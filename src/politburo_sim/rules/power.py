"""Power: each member's share, and when one member holds more than half.

    w_i = [(1 - beta) s_i / n + beta c_i] / (1 - beta u)

s_i: seats that count for i; n: seats filled; c_i: base; u: unaligned share; beta: venue. A
seat counts for its holder's root patron while every tie on the way to him holds (`tied`), else
for its holder; a ring of patrons counts for the holder. Shares sum to one. *Established
autocracy* (Svolik 2012): above a half for twelve months on end; reported twice, the second time
with the clause that no rival coalition of two heads stands.
"""

from __future__ import annotations

from politburo_sim.rules.membership import at_war
from politburo_sim.rules.perception import in_body, muster, perceive, power_seen, weigh_power
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    CLEAR_LEADER,
    FULL,
    LEADER,
    MONTH,
    NOBODY,
    PRESENT,
    Body,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal, note
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_VENUE = PLACE["venue"]
_ALTERNATIVE = PLACE["alternative"]
#: Months above half the power that make an autocracy established.
ESTABLISHED = 12


@rule
def tied(body: Body, work: Work, who: int, patron: int) -> bool:
    """Whether a man's seat counts for his patron (`rules/patrons.py`)."""
    if patron == who or not in_body(body, patron):
        return False
    power = power_seen(body, work, who, patron)
    if work.own[who] >= power:
        return False
    other = 0.0
    for i in range(body.clock[PRESENT]):
        k = body.present[i]
        if k != who and k != patron:
            other = max(other, power_seen(body, work, who, k))
    o = body.opportunism[who]
    interest = (power - body.par[_ALTERNATIVE] * other) / max(1e-9, power + other)
    if (1.0 - o) * body.bond[who, patron] + o * interest <= 0.0:
        return False
    return not at_war(body, body.coalition[who], body.coalition[patron])


@rule
def root_patron(body: Body, work: Work, who: int) -> int:
    """The member for whom a holder's seat counts."""
    current = who
    for _ in range(body.patron.shape[0]):
        patron = body.patron[current]
        if patron == NOBODY or not tied(body, work, current, patron):
            return current
        current = patron
        if current == who:
            return who
    return who


@rule
def share_power(body: Body, work: Work) -> None:
    """Everybody's share of the power, into `body.share`."""
    muster(body)
    perceive(body, work, NOBODY, NOBODY)
    weigh_power(body, work)
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
            body.clients[root_patron(body, work, k)] += 1.0
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
def rivalled(body: Body, leader: int) -> bool:
    """Whether a coalition of two heads or more stands that is not the leader's."""
    for c in range(body.coalition_leader.shape[0]):
        if body.coalition_leader[c] == NOBODY or body.coalition[leader] == c:
            continue
        heads = 0
        for i in range(body.clock[PRESENT]):
            k = body.present[i]
            if body.coalition[k] == c and body.status[k] == FULL:
                heads += 1
        if heads >= 2:
            return True
    return False


@rule
def count_months(
    body: Body, journal: Journal, leader: int, holds: bool, first: int, clear: int
) -> None:
    """One more month above a half, or none; `first` is the first of the four clocks used."""
    if not holds:
        body.clock[first] = NOBODY
        body.clock[first + 1] = 0
        return
    if leader == body.clock[first]:
        body.clock[first + 1] += 1
    else:
        body.clock[first] = leader
        body.clock[first + 1] = 1
    if body.clock[first + 1] == ESTABLISHED and body.clock[first + 2] == NOBODY:
        body.clock[first + 2] = leader
        body.clock[first + 3] = body.clock[MONTH]
        note(journal, body, j.RULES, leader, NOBODY, clear, body.share[leader])


@rule
def reckon(body: Body, work: Work, journal: Journal) -> None:
    """The month's end: shares, and whether a rule of one has lasted long enough."""
    share_power(body, work)
    leader = strongest(body)
    above = leader != NOBODY and body.share[leader] > 0.5
    count_months(body, journal, leader, above, LEADER, 0)
    clear = above and not rivalled(body, leader)
    count_months(body, journal, leader, clear, CLEAR_LEADER, 1)
