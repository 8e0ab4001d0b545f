"""What members see of one another.

Observer k sees the base of j as (1 - eps_kj) c_j, his own as it is; what he does not see
looks unaligned to him. Power, and the tallies that organisers, the caucus, movers and
dissenters expect, use these figures. The count of votes uses the true ones, and so do what a man
brings to a side, the weight of a coalition where one is reconsidered, signed for, stood by or
taken over, and the base of a man to be named. Ulam's reading of the 1920s rests on this gap.

Power of j as k sees it: (v_j + h_j + (1 - eps_kj) c_j) / 3, with v_j his share of the prestige
among those who speak and h_j his seats (his own and his clients') among the heads. What falls
to the victors with him: z_j = (1/n if he has a seat + r_j / R) / 2.
"""

from __future__ import annotations

from politburo_sim.state.body import (
    CANDIDATE,
    COMMITTEE,
    FULL,
    HEADS,
    NOBODY,
    PRESENT,
    SPEAKERS,
    Body,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.work import (
    ALL_VOTES,
    AXES,
    PRESTIGE,
    RATES,
    SCALE,
    UNALIGNED,
    VENUE,
    Work,
)


@rule
def muster(body: Body) -> None:
    """List those who speak and those who are present, in slot order."""
    speakers = 0
    present = 0
    heads = 0
    for k in range(body.status.shape[0]):
        status = body.status[k]
        if status == FULL or status == CANDIDATE:
            body.present[present] = k
            present += 1
            if body.capable[k] == 1:
                body.speakers[speakers] = k
                speakers += 1
                if status == FULL:
                    heads += 1
    body.clock[SPEAKERS] = speakers
    body.clock[PRESENT] = present
    body.clock[HEADS] = heads


@rule
def perceive(body: Body, work: Work, backed: int, backer: int) -> None:
    """Shares of prestige among those who speak.

    A backer lends his prestige to one member for one question, even where he cannot speak.
    """
    n = body.clock[SPEAKERS]
    total = 0.0
    for i in range(n):
        total += body.prestige[body.speakers[i]]
    loan = 0.0
    if backer != NOBODY and backed != NOBODY:
        loan = body.prestige[backer]
        total += loan
    unaligned = 1.0
    for i in range(body.clock[PRESENT]):
        unaligned -= body.bases[body.present[i]]
    for k in range(body.status.shape[0]):
        work.voice[k] = 0.0
    scale = 1.0 / total if total > 0.0 else 0.0
    for i in range(n):
        k = body.speakers[i]
        own = body.prestige[k]
        if k == backed:
            own += loan
        work.voice[k] = own * scale
    work.figures[PRESTIGE] = total
    work.figures[UNALIGNED] = max(0.0, unaligned)
    axes = 0.0
    for axis in range(body.axis_weight.shape[0]):
        if body.axis_weight[axis] > 0.0:
            axes += 1.0
    work.figures[AXES] = axes


@rule
def weigh_votes(body: Body, work: Work, beta: float) -> None:
    """Everybody's true share of the votes at a venue: w_k = [(1 - beta) / n if a head]
    + beta (c_k + u v_k), scaled to sum to one. The Committee votes with those to whom it is
    beholden; its unaligned part u follows standing. Who cannot speak weighs nothing.
    """
    n = body.clock[SPEAKERS]
    heads = body.clock[HEADS]
    unaligned = work.figures[UNALIGNED]
    total = 0.0
    for k in range(body.status.shape[0]):
        work.weight[k] = 0.0
    for i in range(n):
        k = body.speakers[i]
        weight = beta * (body.bases[k] + unaligned * work.voice[k])
        if body.status[k] == FULL:
            weight += (1.0 - beta) / heads
        work.weight[k] = weight
        total += weight
    scale = 1.0 / total if total > 0.0 else 0.0
    for i in range(n):
        work.weight[body.speakers[i]] *= scale
    work.figures[ALL_VOTES] = 1.0
    work.figures[SCALE] = scale
    work.figures[VENUE] = beta


@rule
def canvass(body: Body, work: Work, who: int) -> None:
    """Everybody's share of the votes as `who` sees it, into `work.seen`."""
    n = body.clock[SPEAKERS]
    heads = body.clock[HEADS]
    beta = work.figures[VENUE]
    hidden = 0.0
    for i in range(n):
        j = body.speakers[i]
        hidden += body.opacity[who, j] * body.bases[j]
    unaligned = work.figures[UNALIGNED] + hidden
    total = 0.0
    for i in range(n):
        j = body.speakers[i]
        weight = beta * ((1.0 - body.opacity[who, j]) * body.bases[j] + unaligned * work.voice[j])
        if body.status[j] == FULL:
            weight += (1.0 - beta) / heads
        work.seen[j] = weight
        total += weight
    scale = 1.0 / total if total > 0.0 else 0.0
    for i in range(n):
        work.seen[body.speakers[i]] *= scale


@rule
def reckon_rates(body: Body, work: Work) -> None:
    """Everybody's appointments rate, and the sum R, over the open offices."""
    total = 0.0
    for k in range(body.status.shape[0]):
        work.rate[k] = 0.0
    for office in range(body.office_holder.shape[0]):
        holder = body.office_holder[office]
        if body.office_open[office] == 1:
            total += body.office_rate[office]
            if holder != NOBODY:
                work.rate[holder] += body.office_rate[office]
    work.figures[RATES] = total


@rule
def weigh_power(body: Body, work: Work) -> None:
    """What each man is, as all can see and as he knows, and what would fall to his victors.

    Who is not in the body is nothing in it.
    """
    reckon_rates(body, work)
    for k in range(body.status.shape[0]):
        work.open[k] = 0.0
        work.own[k] = 0.0
        work.prize[k] = 0.0
    heads = max(1, body.clock[HEADS])
    rates = work.figures[RATES]
    for i in range(body.clock[PRESENT]):
        k = body.present[i]
        seat = 1.0 if body.status[k] == FULL else 0.0
        seats = max(seat, body.clients[k]) / heads
        work.open[k] = (work.voice[k] + seats) / 3.0
        work.own[k] = work.open[k] + body.bases[k] / 3.0
        posts = work.rate[k] / rates if rates > 0.0 else 0.0
        work.prize[k] = 0.5 * (seat / heads + posts)


@rule
def survey(body: Body, work: Work, beta: float) -> None:
    """All that a question at this venue is weighed by."""
    perceive(body, work, NOBODY, NOBODY)
    weigh_votes(body, work, beta)
    weigh_power(body, work)


@rule
def power_seen(body: Body, work: Work, observer: int, other: int) -> float:
    """Power of one man as another sees it, 0..1 (his own: as he knows it)."""
    if observer == other:
        return work.own[other]
    return work.open[other] + (1.0 - body.opacity[observer, other]) * body.bases[other] / 3.0


@rule
def threat(voice: float, base: float, opacity: float) -> float:
    """Threat of j to k: half j's share of prestige, half his base as k sees it; 0..1."""
    return 0.5 * voice + 0.5 * (1.0 - opacity) * base


@rule
def threat_seen(body: Body, work: Work, observer: int, other: int) -> float:
    """`threat` of one member to another, from the arrays."""
    return threat(work.voice[other], body.bases[other], body.opacity[observer, other])


@rule
def in_body(body: Body, who: int) -> bool:
    """Whether a slot is that of a full member or a candidate."""
    return who != NOBODY and (body.status[who] == FULL or body.status[who] == CANDIDATE)


@rule
def outside(body: Body, who: int) -> bool:
    """Whether a slot is that of a man who is in the Committee alone and able to speak there."""
    return body.status[who] == COMMITTEE and body.capable[who] == 1


@rule
def speaks(body: Body, who: int) -> bool:
    """Whether a slot is that of a full member or a candidate who is able to speak."""
    return in_body(body, who) and body.capable[who] == 1


@rule
def in_same_house(body: Body, who: int, other: int) -> bool:
    """Whether both speak in the body, or both in the Committee alone."""
    return outside(body, who) if outside(body, other) else speaks(body, who)
