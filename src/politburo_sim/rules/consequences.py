"""What a sanction does: to the man, to his posts and seat, and to those who watch."""

from __future__ import annotations

from typing import Any

import numpy as np

from politburo_sim.rules.demotion import lose_place, may_demote
from politburo_sim.rules.offences import may_recant
from politburo_sim.rules.perception import (
    in_same_house,
    muster,
    speaks,
    survey,
)
from politburo_sim.rules.vacancy import pass_offices
from politburo_sim.state import draws as d
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    BATCHES,
    COMMITTEE,
    FELL_THIS_MONTH,
    FULL,
    GONE,
    LARGEST_BATCH,
    MONTH,
    NOBODY,
    PARTY_LOST,
    POSTS_LOST,
    SEAT_LOST,
    SPEAKERS,
    Body,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.draws import draw
from politburo_sim.state.journal import Journal, note
from politburo_sim.state.minutes import IMPOSED
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_COST = PLACE["dismissal_cost"]
_GRUDGE = PLACE["grudge"]
_VENUE = PLACE["venue"]
_LOT = PLACE["random_victims"]
_ALL: Any = np.uint64(1)
#: Rungs that one motion can take a man up.
STEEPEST = 2


@rule
def next_rung(body: Body, who: int) -> int:
    """The rung above the one he stands on; of who is in the Committee alone, the last."""
    if body.status[who] == COMMITTEE:
        return body.ladder[PARTY_LOST]
    return min(body.ladder[PARTY_LOST], body.rung[who] + 1)


@rule
def by_lot(body: Body, who: int) -> int:
    """Null model: another man's place taken by lot among those in the same house."""
    if body.par[_LOT] == 0.0:
        return who
    best = who
    least = 2.0
    for k in range(body.status.shape[0]):
        if not in_same_house(body, k, who) or body.last[k] == body.clock[MONTH]:
            continue
        luck = draw(body.seed[0], body.clock[MONTH], d.LOT, body.ident[k], body.ident[who])
        if luck < least and body.rung[k] < next_rung(body, k):
            least = luck
            best = k
    return best


@rule
def count_fallen(body: Body) -> None:
    """How many lost their posts or more this month: several at once are a batch."""
    body.clock[FELL_THIS_MONTH] += 1
    fallen = body.clock[FELL_THIS_MONTH]
    body.count[BATCHES] += 1 if fallen == 2 else 0
    body.count[LARGEST_BATCH] = max(body.count[LARGEST_BATCH], fallen)


@rule
def sanction(
    body: Body, work: Work, journal: Journal, who: int, rung: int, by: int, coalition: int
) -> None:
    """Put a man on a rung, with all that follows from it; the spoils are the coalition's.

    Where posts are lost: part of the base (h) and all offices, after a congress perhaps the seat
    (`demotion`). Where the seat is lost: seat and base. Where the party is: out of it. A higher
    rung includes what the lower ones take.
    """
    if rung <= body.rung[who] or body.status[who] == GONE:
        return
    body.rung[who] = rung
    body.since[who, rung] = body.clock[MONTH]
    body.last[who] = body.clock[MONTH]
    body.named[who] = 0
    body.company[who] = NOBODY
    note(journal, body, j.SANCTION, who, by, rung, 0.0)
    if rung >= body.ladder[POSTS_LOST]:
        count_fallen(body)
        body.bases[who] *= 1.0 - body.par[_COST]
        pass_offices(body, work, journal, who, coalition, by)
    if body.ladder[POSTS_LOST] <= rung < body.ladder[SEAT_LOST]:
        may_demote(body, work, journal, who, by, coalition)
    if rung >= body.ladder[SEAT_LOST] and body.status[who] != COMMITTEE:
        lose_place(body, work, journal, who, COMMITTEE, coalition)
    if rung == body.ladder[PARTY_LOST]:
        body.status[who] = GONE
        muster(body)


@rule
def carry_out(body: Body, work: Work, journal: Journal, mover: int, target: int, rung: int) -> None:
    """The motion has carried: the leader, then those accused with him; whoever stays resents it."""
    coalition = body.coalition[mover]
    for k in range(body.status.shape[0]):
        if work.accused[k] == 0:
            continue
        victim = k if work.ask[IMPOSED] == 1 else by_lot(body, k)
        goal = next_rung(body, victim)
        if victim == k:
            goal = rung if k == target else max(goal, min(rung, body.rung[k] + STEEPEST))
        sanction(body, work, journal, victim, goal, mover, coalition)
        body.named[k] = 0  # his offence is used up, whomever a lot has struck
        body.company[k] = NOBODY
    survey(body, work, body.par[_VENUE])
    for k in range(body.status.shape[0]):
        if work.accused[k] == 0 or not speaks(body, k):
            continue
        may_recant(body, work, journal, k, target)
        for other in range(body.status.shape[0]):
            if body.vote[other] == 1:
                body.bond[k, other] = max(-1.0, body.bond[k, other] - body.par[_GRUDGE])


@rule
def remove_by_lot(body: Body, work: Work, journal: Journal, number: int) -> None:
    """Null model: so many members of the body, drawn by lot, are removed this month."""
    for _ in range(number):
        best = NOBODY
        least = 2.0
        for i in range(body.clock[SPEAKERS]):
            k = body.speakers[i]
            luck = draw(body.seed[0], body.clock[MONTH], d.LOT, body.ident[k], _ALL)
            if luck < least and body.status[k] == FULL:
                least = luck
                best = k
        if best != NOBODY:
            sanction(body, work, journal, best, body.ladder[SEAT_LOST], NOBODY, NOBODY)
