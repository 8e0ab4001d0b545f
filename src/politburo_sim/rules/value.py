"""The one value: how a member compares two futures, whatever he decides.

In a contest the challenger i and his coalition A stand against the rival t and his coalition B.
What standing with i rather than with t (or staying out) is worth to member k:

    V = s + P hope + (1 - P) dread + l u_b k_u (2 pi - 1)

    s     = (1 - o) [k_x nearer + k_b (warm(i) - warm(t)) - r] + o k_o k_f favour
    hope  = o k_o eta [Z_B share_A + exposure_B q_k + safety_B]
    dread = -o k_o eta [exposure_A q_k + Z_A share_B + safety_A]
    P     = 1 / (1 + exp(-kappa (2 pi - 1))), with pi the tally that k expects

o, l: his opportunism and loyalty. nearer: how much nearer i's place lies to k's views than
t's. warm: k's bond to a side, the mean over its coalition by weight. eta: how likely a defeat
is to end in a sanction, min(1, h0 + u_l / 2); unity lives here. Z: the prize, what falls to the
victors with a side; share: what k brings to his side by weight, less for a mere voter.
q: own power; exposure: chance to be named with the leader, for those who stand with the loser.
Prizes, exposures and safety count by how near the man in question is to his fall, a third with a
clear record, two thirds once censured, in full from dismissal on: a first defeat costs little, and
a man once marked is worth bringing down.
safety: k_bal q times what a man's fall would add to, or take from, the strongest whom k has to
fear; for whoever chooses a target, k_dng q times what the fall adds to his own chance to stay
(`rules/danger.py`). favour: the power of k's patron, with the side he is on. r: in a sanction,
severity times the rung sought. There the mover's side is not at stake, and has no dread; he himself
has that of the stake that he puts up (`rules/fighting.py`).

So opportunism changes what a man values, never how active he is: every decision is taken at one
temperature T, and whatever goes beyond voting costs one effort theta.
"""

from __future__ import annotations

from politburo_sim.rules.luck import logistic
from politburo_sim.rules.perception import in_body, power_seen
from politburo_sim.rules.space import away
from politburo_sim.state.body import NOBODY, PRESENT, SEAT_LOST, SPEAKERS, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import (
    AGAINST_IT,
    AXES,
    AXIS,
    CHALLENGER,
    FOR,
    OUR_PRIZE,
    OUR_WEIGHT,
    OURS,
    PERSONAL,
    RELUCTANCE,
    RIVAL,
    THEIR_PRIZE,
    THEIR_WEIGHT,
    THEIRS,
    WATCHER,
    Work,
)

_BASELINE = PLACE["baseline_liability"]
_LIABILITY = PLACE["unity_liability"]
_BANDWAGON = PLACE["unity_bandwagon"]
_CONVICTION = PLACE["conviction"]
_FRIENDSHIP = PLACE["friendship"]
_INTEREST = PLACE["interest"]
_CONFORMITY = PLACE["conformity"]
_BALANCE = PLACE["balance"]
_DANGER = PLACE["danger"]
_FAVOUR = PLACE["favour"]
_OPENNESS = PLACE["openness"]
_CERTAINTY = PLACE["certainty"]
_TEMPERATURE = PLACE["temperature"]
_COIN = PLACE["coin_joins"]
_SIGNATORIES = PLACE["signatories"]
_SLATES = PLACE["slates"]
#: Standing of a member towards a side: he belongs to it, votes for it, or is not with it at all.
MEMBER, VOTER, OUT = 1, 0, -1
_TINY = 1e-9


@rule
def peril(body: Body) -> float:
    """Eta: how likely a defeat is to end in a sanction, min(1, h0 + u_l / 2)."""
    return min(1.0, body.par[_BASELINE] + 0.5 * body.par[_LIABILITY])


@rule
def nearness(body: Body, who: int) -> float:
    """How near a man's fall is: the rung above his own, as a part of the way to removal."""
    return min(1.0, (body.rung[who] + 1.0) / body.ladder[SEAT_LOST])


@rule
def winning(body: Body, expected: float) -> float:
    """P: the chance to win at an expected tally."""
    return logistic(body.par[_CERTAINTY] * (2.0 * expected - 1.0))


@rule
def chance_of(body: Body, value: float) -> float:
    """Chance of doing what is worth `value` more than leaving it; a coin (null model) is blind."""
    if body.par[_COIN] != 0.0:
        return 0.5
    temperature = body.par[_TEMPERATURE]
    if temperature == 0.0:
        return 1.0 if value > 0.0 else 0.0
    return logistic(value / temperature)


@rule
def side_weight(body: Body, work: Work, leader: int, coalition: int) -> float:
    """Share of the votes of a side: the leader's, or his coalition's."""
    if coalition == NOBODY:
        return work.weight[leader]
    total = 0.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if k == leader or body.coalition[k] == coalition:
            total += work.weight[k]
    return total


@rule
def side_prize(body: Body, work: Work, leader: int, coalition: int) -> float:
    """Z: what falls to the victors with a side; followers count by half the chance of a slate."""
    total = work.prize[leader] * nearness(body, leader)
    if coalition == NOBODY:
        return total
    part = 0.5 * body.par[_SLATES]
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if k != leader and body.coalition[k] == coalition:
            total += part * work.prize[k] * nearness(body, k)
    return total


@rule
def set_contest(body: Body, work: Work, challenger: int, rival: int) -> None:
    """One man and his coalition against another and his; two partners stand alone, each of them."""
    ours = body.coalition[challenger]
    theirs = body.coalition[rival]
    if theirs == ours:
        ours = NOBODY
        theirs = NOBODY
    work.contest[CHALLENGER] = challenger
    work.contest[RIVAL] = rival
    work.contest[OURS] = ours
    work.contest[THEIRS] = theirs
    work.contest[AXIS] = NOBODY
    work.contest[PERSONAL] = 0
    work.contest[WATCHER] = NOBODY
    work.stakes[RELUCTANCE] = 0.0
    work.stakes[OUR_WEIGHT] = side_weight(body, work, challenger, ours)
    work.stakes[THEIR_WEIGHT] = side_weight(body, work, rival, theirs)
    work.stakes[OUR_PRIZE] = side_prize(body, work, rival, theirs)
    work.stakes[THEIR_PRIZE] = side_prize(body, work, challenger, ours)


@rule
def set_policy(work: Work, axis: int, challenger_at: float, rival_at: float) -> None:
    """The contest is about a policy: where either side stands on one axis."""
    work.contest[AXIS] = axis
    work.stakes[FOR] = challenger_at
    work.stakes[AGAINST_IT] = rival_at


@rule
def nearer_on(body: Body, work: Work, who: int, axis: int, one: float, other: float) -> float:
    """How much nearer one place on an axis is to a member's views than another.

    D a_i (|x - other| - |x - one|) / 2 with D axes in use and weight a_i, so that a question on
    one axis counts as much as one on all.
    """
    x = work.outlook[who, axis]
    apart = abs(x - other) - abs(x - one)
    return 0.5 * work.figures[AXES] * body.axis_weight[axis] * apart


@rule
def nearer(body: Body, work: Work, who: int) -> float:
    """How much nearer the challenger's place, or the man himself, is to a member's views."""
    axis = work.contest[AXIS]
    if axis != NOBODY:
        return nearer_on(body, work, who, axis, work.stakes[FOR], work.stakes[AGAINST_IT])
    one, other = work.contest[CHALLENGER], work.contest[RIVAL]
    return away(body, work, who, other) - away(body, work, who, one)


@rule
def warmth(body: Body, work: Work, who: int, leader: int, coalition: int) -> float:
    """Bond of a member to a side: to its leader, or the mean over his coalition by weight."""
    if who == leader:
        return 0.0
    if coalition == NOBODY:
        return body.bond[who, leader]
    total = 0.0
    weight = 0.0
    for i in range(body.clock[SPEAKERS]):
        j = body.speakers[i]
        if j != who and (j == leader or body.coalition[j] == coalition):
            total += work.weight[j] * body.bond[who, j]
            weight += work.weight[j]
    return total / weight if weight > 0.0 else body.bond[who, leader]


@rule
def on_side(body: Body, who: int, leader: int, coalition: int) -> bool:
    """Whether a man is the leader of a side or belongs to his coalition."""
    return who == leader or (coalition != NOBODY and body.coalition[who] == coalition)


@rule
def favour(body: Body, work: Work, who: int) -> float:
    """Power of his patron, with the sign of the side that the patron is on."""
    patron = body.patron[who]
    if not in_body(body, patron):
        return 0.0
    if on_side(body, patron, work.contest[CHALLENGER], work.contest[OURS]):
        return power_seen(body, work, who, patron)
    if on_side(body, patron, work.contest[RIVAL], work.contest[THEIRS]):
        return -power_seen(body, work, who, patron)
    return 0.0


@rule
def exposure(body: Body, work: Work, who: int, leader: int, member: bool) -> float:
    """Chance to be named with a beaten leader, b min(1, v_k / v_leader); a mere voter h0 of it."""
    if who == leader:
        return 1.0
    ahead = work.voice[leader]
    chance = body.par[_SIGNATORIES] * (min(1.0, work.voice[who] / ahead) if ahead > 0.0 else 1.0)
    return chance if member else body.par[_BASELINE] * chance


@rule
def brought(body: Body, work: Work, who: int, side: float, member: bool) -> float:
    """His part of the spoils: m w_k / (W + open max(0, 1/2 - W)).

    m: 1 for a member of the side, `openness` for a mere voter; W: weight of the side. Those who
    only vote with it are reckoned to lift a victorious side to a half.
    """
    mine = work.weight[who]
    open_to = body.par[_OPENNESS]
    whole = max(side, mine) + open_to * max(0.0, 0.5 - side)
    part = mine / max(_TINY, whole)
    return part if member else open_to * part


@rule
def weigh_balance(body: Body, work: Work, who: int) -> None:
    """Power of the strongest man but oneself and one's patron, as one sees it, into `feared`.

    As things are; with the rival fallen to the challenger's side, whose members share out his
    prize by what they brought; and with the challenger fallen to the rival's.
    """
    one, other = work.contest[CHALLENGER], work.contest[RIVAL]
    ours, theirs = work.contest[OURS], work.contest[THEIRS]
    our_spoils = work.prize[other] / max(_TINY, work.stakes[OUR_WEIGHT])
    their_spoils = work.prize[one] / max(_TINY, work.stakes[THEIR_WEIGHT])
    patron = body.patron[who]
    now = 0.0
    if_won = 0.0
    if_lost = 0.0
    for i in range(body.clock[PRESENT]):
        j = body.present[i]
        if j == who or j == patron:
            continue
        power = power_seen(body, work, who, j)
        now = max(now, power)
        if j != other:
            gain = our_spoils * work.weight[j] if on_side(body, j, one, ours) else 0.0
            if_won = max(if_won, power + min(work.prize[other], gain))
        if j != one:
            gain = their_spoils * work.weight[j] if on_side(body, j, other, theirs) else 0.0
            if_lost = max(if_lost, power + min(work.prize[one], gain))
    work.feared[0] = now
    work.feared[1] = if_won
    work.feared[2] = if_lost


@rule
def weigh(body: Body, work: Work, who: int, with_us: int, with_them: int) -> None:
    """The parts of a member's utility in the contest, into `stand`, `hope`, `dread`, `unity`.

    with_us: MEMBER or VOTER of the challenger's side; with_them: what he would be on the other
    side, or OUT where the alternative is to stay out of it.
    """
    par = body.par
    o = body.opportunism[who]
    one, other = work.contest[CHALLENGER], work.contest[RIVAL]
    ours, theirs = work.contest[OURS], work.contest[THEIRS]
    personal = work.contest[PERSONAL] == 1
    warmer = warmth(body, work, who, one, ours) - warmth(body, work, who, other, theirs)
    work.stand[who] = (
        (1.0 - o) * (
            par[_CONVICTION] * nearer(body, work, who) + par[_FRIENDSHIP] * warmer
            - work.stakes[RELUCTANCE]
        )
        + o * par[_INTEREST] * par[_FAVOUR] * favour(body, work, who)
    )  # fmt: skip
    own = work.own[who]
    at_risk = own * nearness(body, who)
    hope = 0.0
    dread = 0.0
    if o > 0.0:
        ours_mine = brought(body, work, who, work.stakes[OUR_WEIGHT], with_us == MEMBER)
        hope += work.stakes[OUR_PRIZE] * ours_mine
        if with_them != OUT:
            hope += exposure(body, work, who, other, with_them == MEMBER) * at_risk
        if not personal:
            dread += exposure(body, work, who, one, with_us == MEMBER) * at_risk
            if with_them != OUT:
                theirs_mine = brought(
                    body, work, who, work.stakes[THEIR_WEIGHT], with_them == MEMBER
                )
                dread += work.stakes[THEIR_PRIZE] * theirs_mine
        if work.contest[WATCHER] == who:
            hope += par[_DANGER] * own * work.danger[other] * nearness(body, other)
        elif par[_BALANCE] > 0.0:
            weigh_balance(body, work, who)
            relief = (work.feared[0] - work.feared[1]) * nearness(body, other)
            hope += par[_BALANCE] * own * relief
            if not personal:
                relief = (work.feared[0] - work.feared[2]) * nearness(body, one)
                dread += par[_BALANCE] * own * relief
    scale = o * par[_INTEREST] * peril(body)
    work.hope[who] = scale * hope
    work.dread[who] = -scale * dread
    work.unity[who] = par[_CONFORMITY] * par[_BANDWAGON] * body.loyalty[who]


@rule
def utility(body: Body, work: Work, who: int, expected: float) -> float:
    """V: the parts put together at the tally that the member expects."""
    win = winning(body, expected)
    return (
        work.stand[who] + win * work.hope[who] + (1.0 - win) * work.dread[who]
        + work.unity[who] * (2.0 * expected - 1.0)
    )  # fmt: skip


@rule
def lean_of(body: Body, value: float) -> float:
    """Logistic of a utility at the temperature; sharp at 0, where the indifferent say no."""
    temperature = body.par[_TEMPERATURE]
    if temperature == 0.0:
        return 1.0 if value > 0.0 else 0.0
    return logistic(value / temperature)
