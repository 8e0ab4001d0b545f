"""What members see of one another.

Observer k sees the base of j as (1 - eps_kj) c_j, his own as it is; what he does not see
looks unaligned to him. Everything that members expect or fear uses these figures; only the
count of votes uses the true ones. Ulam's reading of the 1920s rests on this gap.
"""

from __future__ import annotations

from politburo_sim.state.body import CANDIDATE, FULL, HEADS, NOBODY, PRESENT, SPEAKERS, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.work import PRESTIGE, UNALIGNED, Work


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
    """Shares of prestige among those who speak, and what each base hides from each.

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
    scale = 1.0 / total if total > 0.0 else 0.0
    for i in range(n):
        k = body.speakers[i]
        own = body.prestige[k]
        if k == backed:
            own += loan
        work.voice[k] = own * scale
        base = body.bases[k]
        for j in range(n):
            work.veil[i, j] = body.opacity[body.speakers[j], k] * base
    work.figures[PRESTIGE] = total
    work.figures[UNALIGNED] = max(0.0, unaligned)


@rule
def threat(voice: float, base: float, opacity: float) -> float:
    """Threat of j to k: half j's share of prestige, half his base as k sees it; 0..1."""
    return 0.5 * voice + 0.5 * (1.0 - opacity) * base


@rule
def threat_seen(body: Body, work: Work, observer: int, other: int) -> float:
    """`threat` of one member to another, from the arrays."""
    return threat(work.voice[other], body.bases[other], body.opacity[observer, other])
