"""Platform: what the challenger stands for in this question."""

from __future__ import annotations

from politburo_sim.rules.space import distance
from politburo_sim.state.body import FULL, HEADS, SPEAKERS, Body, Floats
from politburo_sim.state.compiled import rule
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import UNALIGNED, Work

_CHOICE = PLACE["platform_choice"]
_SWITCHING = PLACE["switching"]
_VENUE = PLACE["venue"]

IDEAL, MEDIAN, MIRROR, LINE, STANCE = range(5)
PLATFORMS = ("his ideal", "the middle of the others", "the opposite of his rival's", "the line",
             "his stance")  # fmt: skip
#: A platform at least this far from the last stance counts as a flip.
FLIP = 0.2
#: A bond above this to the man attacked makes him an ally turned target.
ALLY = 0.1


@rule
def list_rest(body: Body, work: Work, who: int) -> int:
    """The other voting heads, into `work.heads`; how many."""
    n = 0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if k != who and body.status[k] == FULL:
            work.heads[n] = k
            n += 1
    return n


@rule
def median_stance(body: Body, work: Work, n: int, axis: int) -> float:
    """Median stance of the first n of `work.heads` on one axis (0 without any).

    The value with h others below it and no more than h at or below it, for the two middle
    ranks h: counting takes n^2 comparisons, but none that the processor has to guess.
    """
    if n == 0:
        return 0.0
    for i in range(n):
        work.keys[i] = body.stance[work.heads[i], axis]
    lower = 0.0
    upper = 0.0
    for i in range(n):
        value = work.keys[i]
        below = 0
        upto = 0
        for j in range(n):
            below += work.keys[j] < value
            upto += work.keys[j] <= value
        if below <= (n - 1) // 2 < upto:
            lower = value
        if below <= n // 2 < upto:
            upper = value
    return 0.5 * (lower + upper)


@rule
def lay_out(body: Body, work: Work, who: int) -> None:
    """The challenger's four choices against `work.rival`."""
    rest = list_rest(body, work, who)
    for i in range(body.line.shape[0]):
        line = body.line[i]
        used = body.axis_weight[i] > 0.0
        work.platform[IDEAL, i] = body.ideal[who, i]
        work.platform[MEDIAN, i] = median_stance(body, work, rest, i) if used else 0.0
        work.platform[MIRROR, i] = min(1.0, max(-1.0, 2.0 * line - work.rival[i]))
        work.platform[LINE, i] = line


@rule
def canvass(body: Body, work: Work, who: int) -> float:
    """How far everybody stands from the rival, and his weight as `who` sees the bases.

    The weight is (1 - beta)/n for a head, plus beta times the visible base and the voice in
    what looks unaligned. Returns the sum of the weights.
    """
    beta = body.par[_VENUE]
    n = body.clock[SPEAKERS]
    heads = body.clock[HEADS]
    hidden = 0.0
    for i in range(n):
        j = body.speakers[i]
        hidden += body.opacity[who, j] * body.bases[j]
    unaligned = work.figures[UNALIGNED] + hidden
    total = 0.0
    for i in range(n):
        j = body.speakers[i]
        seen = (1.0 - body.opacity[who, j]) * body.bases[j]
        weight = beta * (seen + unaligned * work.voice[j])
        if body.status[j] == FULL:
            weight += (1.0 - beta) / heads
        total += weight
        work.power[i] = weight
        work.keys[i] = distance(body.stance[j], work.rival, body.axis_weight)
    return total


@rule
def support(body: Body, work: Work, platform: Floats) -> float:
    """Canvassed votes that lie nearer to the platform than to the rival."""
    won = 0.0
    for i in range(body.clock[SPEAKERS]):
        if distance(body.stance[body.speakers[i]], platform, body.axis_weight) < work.keys[i]:
            won += work.power[i]
    return won


@rule
def choose_platform(body: Body, work: Work, who: int) -> int:
    """The platform that `who` takes against `work.rival`; it is put into `work.chosen`.

    The best of four by o * expected support - (1 - o) * distance from his ideal. Without
    choice, or with switching barred, he keeps his stance.
    """
    if body.par[_CHOICE] == 0.0 or body.par[_SWITCHING] == 0.0:
        for i in range(body.line.shape[0]):
            work.chosen[i] = body.stance[who, i]
        return STANCE
    lay_out(body, work, who)
    total = canvass(body, work, who)
    opportunism = body.opportunism[who]
    best = IDEAL
    best_score = -2.0
    for choice in range(4):
        option = work.platform[choice]
        far = distance(body.ideal[who], option, body.axis_weight)
        score = -(1.0 - opportunism) * far
        if opportunism > 0.0:
            score += opportunism * (support(body, work, option) / total)
        if score > best_score:
            best_score = score
            best = choice
    for i in range(body.line.shape[0]):
        work.chosen[i] = work.platform[best, i]
    return best


@rule
def take_stand(body: Body, work: Work, who: int) -> float:
    """The challenger's stance becomes his platform; how far it moved."""
    moved = distance(body.stance[who], work.chosen, body.axis_weight)
    for i in range(body.line.shape[0]):
        body.stance[who, i] = work.chosen[i]
    return moved


@rule
def take_rival(body: Body, work: Work, rival: int) -> None:
    """The rival's platform is the stance that he defends."""
    for i in range(body.line.shape[0]):
        work.rival[i] = body.stance[rival, i]
