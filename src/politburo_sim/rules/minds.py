"""A member's decisions, as the rule book has them; a Member may take them otherwise.

Each compares two futures by the one value (`rules/value.py`) and returns a choice, a utility, or a
chance. They read the contest as it has been set and change nothing but scratch space.
"""

from __future__ import annotations

import math

from politburo_sim.rules.danger import fear
from politburo_sim.rules.fighting import guess, sound_policy, worth_fighting, worth_moving
from politburo_sim.rules.luck import gumbel, happens
from politburo_sim.rules.membership import barred, weight_of
from politburo_sim.rules.perception import canvass, speaks
from politburo_sim.rules.space import distance
from politburo_sim.rules.targets import weigh_targets
from politburo_sim.rules.value import (
    MEMBER,
    OUT,
    brought,
    chance_of,
    lean_of,
    nearness,
    peril,
    set_contest,
    set_policy,
    utility,
    weigh,
)
from politburo_sim.state import draws as d
from politburo_sim.state.body import NOBODY, SPEAKERS, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import (
    AGAINST_IT,
    AXIS,
    CHALLENGER,
    FOR,
    OUR_WEIGHT,
    OURS,
    RIVAL,
    THEIR_WEIGHT,
    THEIRS,
    WATCHER,
    Work,
)

_TEMPERATURE = PLACE["temperature"]
_EFFORT = PLACE["effort"]
_STICKINESS = PLACE["stickiness"]
_SWITCHING = PLACE["switching"]
_INTEREST = PLACE["interest"]
_CONVICTION = PLACE["conviction"]
_FRIENDSHIP = PLACE["friendship"]
_CONFORMITY = PLACE["conformity"]
_BANDWAGON = PLACE["unity_bandwagon"]
_STAKE = PLACE["stake"]
_COIN_VOTES = PLACE["coin_votes"]
_COIN = PLACE["coin_joins"]
_BORROWING = PLACE["borrowing"]
#: What comes of thinking one's coalition over.
STAY, LEAVE, CROSS = 0, 1, 2
#: Places on an axis closer than this are the same policy.
SAME_POLICY = 0.1
#: Nobody stands against a policy that lies this near to his own proposal.
APART = 0.2
#: How safe a beaten man is who has not been named: what recanting is worth to him, in part.
UNNAMED = 0.3


@rule
def noise(body: Body, decision: int, who: int, whom: int) -> float:
    """The chance element of a choice: T times a Gumbel number."""
    temperature = body.par[_TEMPERATURE]
    return temperature * gumbel(body, decision, who, whom) if temperature > 0.0 else 0.0


@rule
def considered(body: Body, value: float) -> float:
    """A utility as a choice sees it: a coin (null model) sees none."""
    return 0.0 if body.par[_COIN] != 0.0 else value


@rule
def choose_target(body: Body, work: Work, who: int) -> int:
    """Against whom a head sets out, or NOBODY: a logit choice, nobody being worth the effort."""
    weigh_targets(body, work, who)
    best = NOBODY
    most = considered(body, body.par[_EFFORT]) + noise(body, d.AIM, who, NOBODY)
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if work.bid[who, k] == -math.inf:
            continue
        value = work.bid[who, k] + noise(body, d.AIM, who, k)
        if value > most:
            most = value
            best = k
    return best


@rule
def weigh_joining(body: Body, work: Work, who: int) -> None:
    """The parts of what entering the challenger's coalition is worth; its price into `work.price`.

    Who would leave another coalition for it pays for that, and half his part of its prize.
    """
    mine = body.coalition[who]
    ours, theirs = work.contest[OURS], work.contest[THEIRS]
    with_them = MEMBER if mine != NOBODY and mine == theirs else OUT
    side = work.stakes[OUR_WEIGHT]
    work.stakes[OUR_WEIGHT] = side + work.weight[who]
    weigh(body, work, who, MEMBER, with_them)
    work.stakes[OUR_WEIGHT] = side
    work.price[who] = 0.0
    if mine != NOBODY and mine != ours:
        work.price[who] = body.par[_STICKINESS]
        target = body.coalition_target[mine]
        if mine != theirs and target != NOBODY and speaks(body, target):
            lost = (
                work.prize[target]
                * nearness(body, target)
                * brought(body, work, who, weight_of(body, work, mine), True)
            )
            scale = body.opportunism[who] * body.par[_INTEREST] * peril(body)
            work.price[who] += 0.5 * scale * lost


@rule
def worth_joining(body: Body, work: Work, who: int) -> float:
    """What entering the challenger's coalition is worth against staying where one is, at the tally
    that the member expects; `weigh_joining` has been done for him.
    """
    return utility(body, work, who, work.expected[who]) - work.price[who]


@rule
def join(body: Body, work: Work, who: int) -> float:
    """Chance that he enters the challenger's coalition; what it is worth is in `work.value`."""
    return chance_of(body, work.value[who] - body.par[_EFFORT])


@rule
def drop_out(body: Body, work: Work, who: int) -> float:
    """Chance that a member leaves when his leader turns the coalition on somebody else."""
    weigh(body, work, who, MEMBER, OUT)
    work.value[who] = utility(body, work, who, work.expected[who])
    return chance_of(body, -work.value[who] - body.par[_STICKINESS])


@rule
def go_on(body: Body, work: Work, who: int) -> float:
    """Chance that an organiser goes on though his coalition is short of a half."""
    weigh(body, work, who, MEMBER, OUT)
    return chance_of(body, utility(body, work, who, work.expected[who]) - body.par[_EFFORT])


@rule
def stand_up(body: Body, work: Work, who: int) -> float:
    """Chance that one who has been removed stands up for the beaten, if he has the floor."""
    weigh(body, work, who, MEMBER, OUT)
    return chance_of(body, utility(body, work, who, work.expected[who]) - body.par[_EFFORT])


@rule
def reconsider(body: Body, work: Work, who: int) -> int:
    """Whether a member stays, leaves, or crosses to the coalition of the target.

    The contest of his leader against the target is set.
    """
    leader, target = work.contest[CHALLENGER], work.contest[RIVAL]
    rival = work.contest[THEIRS]
    ahead = work.stakes[OUR_WEIGHT] - work.stakes[THEIR_WEIGHT]
    expected = min(1.0, max(0.0, 0.5 + 0.5 * ahead))
    weigh(body, work, who, MEMBER, OUT)
    stay = utility(body, work, who, expected)
    sticking = body.par[_STICKINESS]
    if rival != NOBODY and not barred(body, who, rival):
        set_contest(body, work, target, leader)
        work.stakes[OUR_WEIGHT] += work.weight[who]
        weigh(body, work, who, MEMBER, OUT)
        go = utility(body, work, who, 1.0 - expected)
        crosses = chance_of(body, go - max(stay, 0.0) - sticking)
        blind = body.par[_COIN] != 0.0
        if (go > 0.0 or blind) and happens(body, d.CROSS, who, target, crosses):
            return CROSS
    leaves = chance_of(body, -stay - sticking)
    if (stay < 0.0 or body.par[_COIN] != 0.0) and happens(body, d.LEAVE, who, leader, leaves):
        return LEAVE
    return STAY


@rule
def worth_placing(
    body: Body, work: Work, who: int, rival: int, axis: int, place: float, other: float
) -> float:
    """What standing for a place on an axis is worth: freely, or against a rival who has his."""
    if rival == NOBODY:
        return worth_moving(body, work, who, axis, place, other)
    set_policy(work, axis, place, other)
    sound_policy(body, work)
    return worth_fighting(body, work, who, guess(body, work, who))


@rule
def choose_position(
    body: Body, work: Work, who: int, rival: int, axis: int, low: float, high: float, against: float
) -> float:
    """Where on the axis a leader stands: one of the two alternatives, or a policy of the beaten.

    Without a rival the places are compared with the farther alternative; with one (the contest
    is set) each is weighed as a fight, and only places APART from his are taken.
    """
    best = farther(against, low, high)
    most = -math.inf
    slots = body.stance.shape[0]
    for option in range(-2, slots):
        if option < 0:
            place = low if option == -2 else high
        else:
            if option == who or option == rival or body.rung[option] == 0:
                continue
            if body.par[_BORROWING] == 0.0:
                continue
            place = body.stance[option, axis]
            if abs(place - low) < SAME_POLICY or abs(place - high) < SAME_POLICY:
                continue
        if rival != NOBODY and abs(place - against) < APART:
            continue
        other = against if rival != NOBODY else farther(place, low, high)
        value = considered(body, worth_placing(body, work, who, rival, axis, place, other))
        value += body.par[_TEMPERATURE] * position_luck(body, who, option)
        if value > most:
            most = value
            best = place
    return best


@rule
def position_luck(body: Body, who: int, option: int) -> float:
    """Luck of one option: the lower or upper alternative (-2, -1), or a man's policy."""
    if option == -2:
        return gumbel(body, d.POSITION, who, NOBODY)
    if option == -1:
        return gumbel(body, d.POSITION, who, who)
    return gumbel(body, d.POSITION, who, option)


@rule
def farther(place: float, low: float, high: float) -> float:
    """The alternative that lies farther from a place; of two as far the lower one."""
    return low if abs(place - low) >= abs(place - high) else high


@rule
def worth_assenting(body: Body, work: Work, who: int) -> float:
    """What letting the rival have his way in the contest is worth to a leader."""
    axis = work.contest[AXIS]
    return worth_moving(body, work, who, axis, work.stakes[AGAINST_IT], work.stakes[FOR])


@rule
def fights(body: Body, work: Work, who: int) -> bool:
    """Whether a leader fights for his place in the contest, or assents to the rival's."""
    fight = worth_fighting(body, work, who, work.expected[who]) - body.par[_EFFORT]
    assent = worth_assenting(body, work, who)
    return considered(body, fight) + noise(body, d.FIGHT, who, who) > considered(
        body, assent
    ) + noise(body, d.FIGHT, who, NOBODY)


@rule
def worth_opposing(body: Body, work: Work, who: int) -> float:
    """What it is worth to a head to stand up in the contest that is set for him.

    `work.pulled` holds how the policy draws the others, whoever stands up for it.
    """
    canvass(body, work, who)
    value = worth_fighting(body, work, who, guess(body, work, who))
    rival = work.contest[RIVAL]
    if body.coalition[who] != NOBODY and body.coalition[who] == body.coalition[rival]:
        value -= body.par[_STICKINESS]
    return value


@rule
def lean(body: Body, work: Work, who: int) -> float:
    """Chance that he votes for the challenger, from his parts of utility and what he expects.

    A member who has looked ahead follows what he saw; a coin (null model) knows neither.
    """
    if body.par[_COIN_VOTES] != 0.0:
        return 0.5
    if work.sight[who] >= 0:
        return float(work.sight[who])
    return lean_of(body, utility(body, work, who, work.expected[who]))


@rule
def recant(body: Body, work: Work, who: int, loser: int) -> float:
    """Chance that one of the beaten recants when he is asked to.

    Safety and the line against standing, conviction, friendship with the loser, and the effort:
    o k_o eta q n (1 if named, else 0.3) + l u_b k_u against
    o k_o stake q + (1 - o) [k_x d(stance, line) + k_b A+] + theta, with n how near his fall is.
    """
    par = body.par
    o = body.opportunism[who]
    own = o * par[_INTEREST] * work.own[who]
    exposed = 1.0 if body.named[who] == 1 else UNNAMED
    safety = peril(body) * exposed * nearness(body, who)
    gain = own * safety + par[_CONFORMITY] * par[_BANDWAGON] * body.loyalty[who]
    apart = distance(body.stance[who], body.line, body.axis_weight)
    friend = max(0.0, body.bond[who, loser]) if who != loser else 0.0
    cost = own * par[_STAKE] + (1.0 - o) * (par[_CONVICTION] * apart + par[_FRIENDSHIP] * friend)
    return chance_of(body, gain - cost - par[_EFFORT])


@rule
def worth_demanding(body: Body, work: Work, who: int) -> float:
    """What asking for a sanction is worth in the contest that is set: whom he names is his choice.

    `canvass` and `watch` have been done for him.
    """
    work.contest[WATCHER] = who
    fear(body, work, work.contest[RIVAL])
    sound_policy(body, work)
    return worth_fighting(body, work, who, guess(body, work, who))
