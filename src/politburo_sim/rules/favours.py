"""A member's decisions about favours: to whom he gives himself, and whom he would put into a place.

Like all decisions (`rules/minds.py`), they compare two futures by the one value; a Member may take
them otherwise.
"""

from __future__ import annotations

from politburo_sim.rules.membership import at_war, barred, leads
from politburo_sim.rules.minds import considered, noise
from politburo_sim.rules.perception import in_body, power_seen, speaks
from politburo_sim.rules.space import distance
from politburo_sim.state import draws as d
from politburo_sim.state.body import FULL, HEADS, NOBODY, SPEAKERS, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import (
    RATES,
    Work,
)

_EFFORT = PLACE["effort"]
_STICKINESS = PLACE["stickiness"]
_SWITCHING = PLACE["switching"]
_INTEREST = PLACE["interest"]
_CONVICTION = PLACE["conviction"]
_FRIENDSHIP = PLACE["friendship"]
_VENUE = PLACE["venue"]
_FAVOUR = PLACE["favour"]
_GAP = PLACE["gap"]
_ALTERNATIVE = PLACE["alternative"]


@rule
def worth_of_patron(body: Body, work: Work, who: int, patron: int, clients: float) -> float:
    """What a man expects of a patron: (1 - o) k_b A + o k_o k_f p give.

    give = min(1, n r / (R (1 + C))): what the patron has to give, among his C clients.
    """
    par = body.par
    o = body.opportunism[who]
    rates = work.figures[RATES]
    posts = work.rate[patron] / rates if rates > 0.0 else 0.0
    give = min(1.0, body.clock[HEADS] * posts / (1.0 + clients))
    own = power_seen(body, work, who, patron) * give
    return (1.0 - o) * par[_FRIENDSHIP] * body.bond[who, patron] + o * par[_INTEREST] * par[
        _FAVOUR
    ] * own


@rule
def choose_patron(body: Body, work: Work, who: int) -> int:
    """To whom a man gives himself, or NOBODY: a logit choice against the patron he has."""
    par = body.par
    mine = body.patron[who]
    kept = mine != NOBODY and in_body(body, mine)
    if kept and par[_SWITCHING] == 0.0:
        return NOBODY
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        work.gain[k] = 0.0
    for i in range(body.clock[SPEAKERS]):
        patron = body.patron[body.speakers[i]]
        if patron != NOBODY and speaks(body, patron):
            work.gain[patron] += 1.0
    most = par[_EFFORT]
    if kept:
        clients = max(0.0, work.gain[mine] - 1.0) if speaks(body, mine) else 0.0
        most += max(0.0, worth_of_patron(body, work, who, mine, clients)) + par[_STICKINESS]
    most = considered(body, most) + noise(body, d.ATTACH, who, NOBODY)
    best = NOBODY
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if not possible_patron(body, work, who, k):
            continue
        value = worth_of_patron(body, work, who, k, work.gain[k])
        if kept:
            value *= par[_ALTERNATIVE]
        if at_war(body, body.coalition[who], body.coalition[k]):
            value -= par[_STICKINESS]
        value = considered(body, value) + noise(body, d.ATTACH, who, k)
        if value > most:
            most = value
            best = k
    return best


@rule
def possible_patron(body: Body, work: Work, who: int, other: int) -> bool:
    """Whether a man could give himself to another: a much stronger head with posts to give.

    Not to one who depends on him, and not where entering his coalition is barred.
    """
    if other == who or other == body.patron[who] or body.status[other] != FULL:
        return False
    if work.rate[other] <= 0.0 or body.patron[other] == who:
        return False
    if work.own[who] >= body.par[_GAP] * power_seen(body, work, who, other):
        return False
    side = body.coalition[other]
    if side == NOBODY:
        return True
    if leads(body, who) and at_war(body, body.coalition[who], side):
        return False
    return not barred(body, who, side)


@rule
def worth_naming(body: Body, work: Work, who: int, candidate: int) -> float:
    """What it is worth to put a man into a seat or a post.

    Like-minded friends for the convinced; for the opportunist one who owes him all and threatens
    nobody: (1 - o)[-k_x d + k_b A] + o k_o [(1 - beta)/n ((1 + A)/2 + 1 own client, -1 another's)
    - (v + c)/3].
    """
    par = body.par
    o = body.opportunism[who]
    seat = (1.0 - par[_VENUE]) / max(1, body.clock[HEADS])
    tied = 0.5 * (1.0 + body.bond[candidate, who])
    if body.patron[candidate] == who:
        tied += 1.0
    elif in_body(body, body.patron[candidate]):
        tied -= 1.0
    threat = (work.voice[candidate] + body.bases[candidate]) / 3.0
    apart = distance(body.ideal[who], body.stance[candidate], body.axis_weight)
    value = (1.0 - o) * (
        par[_FRIENDSHIP] * body.bond[who, candidate] - par[_CONVICTION] * apart
    ) + o * par[_INTEREST] * (seat * tied - threat)
    return considered(body, value)
