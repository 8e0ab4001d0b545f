"""Organising: a head looks for a target and gathers a coalition against him.

He invites one after another, the cheapest first, until the coalition as he sees it has more than a
half and a margin; then he either goes on or gives up. Those who would rather stand by the target
defend him. Who leads more than half of his own coalition away has taken it over. With `switching` 0
nobody turns on, or enters a coalition against, a man with whom he has ever shared one.
"""

from __future__ import annotations

import math

from politburo_sim.rules.luck import happens, turn
from politburo_sim.rules.membership import (
    bound,
    comes_across,
    enter,
    found,
    leads,
    leave,
    may_be_invited,
    may_defend,
    may_turn_on,
    pass_over,
    tidy,
    vacant,
)
from politburo_sim.rules.minds import (
    choose_target,
    drop_out,
    go_on,
    join,
    weigh_joining,
    worth_joining,
)
from politburo_sim.rules.perception import canvass, speaks
from politburo_sim.rules.value import (
    MEMBER,
    OUT,
    chance_of,
    nearness,
    peril,
    set_contest,
    utility,
    weigh,
)
from politburo_sim.state import draws as d
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    AGAINST,
    ALLY_TARGETS,
    ATTEMPTS,
    COALITIONS,
    DEFENCE,
    FULL,
    MONTH,
    NOBODY,
    PRESENT,
    SPEAKERS,
    TAKEOVERS,
    Body,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal, keep_sides, note, write
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import (
    OUR_PRIZE,
    OUR_WEIGHT,
    OURS,
    THEIR_PRIZE,
    THEIR_WEIGHT,
    Work,
)

_MARGIN = PLACE["margin"]
_INTEREST = PLACE["interest"]
_SWITCHING = PLACE["switching"]
_TEMPERATURE = PLACE["temperature"]
_COIN = PLACE["coin_joins"]
#: Above this an ally is a friend, whom one may turn on.
ALLY = 0.1
#: What an organiser counts on before he has asked anybody, and a man who stands up on policy.
HOPED, HOPED_ON_POLICY = 0.4, 0.35
#: At the first who is this many temperatures away from joining the organiser stops asking.
HOPELESS = 2.0


@rule
def organiser(body: Body, work: Work) -> int:
    """The head who sets out this month, drawn by his share of the votes, or NOBODY."""
    best = NOBODY
    soonest = math.inf
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if body.status[k] == FULL:
            wait = turn(body, d.ORGANISER, k, work.weight[k])
            if wait < soonest:
                soonest = wait
                best = k
    return best


@rule
def stands_with(body: Body, work: Work, who: int, target: int, coalition: int) -> None:
    """The organiser and, if he keeps his coalition, its members, into `inside`; but nobody who may
    not turn on the target.
    """
    for k in range(work.inside.shape[0]):
        work.inside[k] = 0
        work.asked[k] = 0
    work.inside[who] = 1
    if coalition != NOBODY:
        for i in range(body.clock[SPEAKERS]):
            k = body.speakers[i]
            if body.coalition[k] == coalition and may_turn_on(body, k, target):
                work.inside[k] = 1


@rule
def inside_weight(body: Body, work: Work) -> float:
    """Share of the votes, as the organiser sees them, of those inside."""
    total = 0.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if work.inside[k] == 1:
            total += work.seen[k]
    return total


@rule
def sound_out(body: Body, work: Work, target: int, rounds: int) -> float:
    """What joining is worth to everybody, in rounds of forming an expected tally; the tally."""
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if work.inside[k] == 0 and k != target:
            weigh_joining(body, work, k)
    expected = 0.5
    for _ in range(rounds):
        tally = 0.0
        for i in range(body.clock[SPEAKERS]):
            k = body.speakers[i]
            if work.inside[k] == 1:
                tally += work.seen[k]
            elif k != target:
                work.expected[k] = expected
                work.value[k] = worth_joining(body, work, k)
                tally += work.seen[k] * chance_of(body, work.value[k])
        expected = min(1.0, max(0.0, tally))
    return expected


@rule
def cheapest(body: Body, work: Work, organiser: int, target: int, coalition: int) -> int:
    """Who is asked next: the readiest, those who bring much less being cheaper; or NOBODY."""
    price = body.opportunism[organiser] * body.par[_INTEREST] * peril(body)
    price *= work.stakes[OUR_PRIZE] / (0.5 + body.par[_MARGIN])
    best = NOBODY
    most = -math.inf
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if work.asked[k] == 1 or work.inside[k] == 1 or k == target:
            continue
        if not may_be_invited(body, organiser, k, target, coalition):
            continue
        ready = work.value[k] - price * work.seen[k]
        if ready > most:
            most = ready
            best = k
    return best


@rule
def hopeless(body: Body, work: Work, who: int) -> bool:
    """Whether there is no use in asking a man."""
    if body.par[_COIN] != 0.0:
        return False
    return work.value[who] < -HOPELESS * body.par[_TEMPERATURE]


@rule
def lose_unwilling(
    body: Body, work: Work, who: int, target: int, coalition: int, expected: float
) -> None:
    """Members who would not follow their leader to a new target stay outside."""
    if coalition == NOBODY or body.coalition_target[coalition] == target:
        return
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if k == who or work.inside[k] == 0 or bound(body, k):
            continue
        work.expected[k] = expected
        if happens(body, d.FOLLOW, k, target, drop_out(body, work, k)):
            work.inside[k] = 0
            work.asked[k] = 1


@rule
def invite(body: Body, work: Work, who: int, target: int, coalition: int) -> float:
    """Ask one after another until the coalition, as its organiser sees it, is large enough."""
    need = 0.5 + body.par[_MARGIN]
    weight = inside_weight(body, work)
    while weight <= need:
        k = cheapest(body, work, who, target, coalition)
        if k == NOBODY or hopeless(body, work, k):
            break
        work.asked[k] = 1
        if happens(body, d.JOIN, k, target, join(body, work, k)):
            work.inside[k] = 1
            weight += work.seen[k]
    return weight


@rule
def enough(body: Body, work: Work, who: int, target: int, weight: float) -> bool:
    """Whether the organiser goes on: with a majority always, short of it if that is worth it."""
    others = 0
    tally = 0.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if work.inside[k] == 1:
            tally += work.seen[k]
            others += 1 if k != who else 0
        elif k != target:
            tally += 0.5 * work.seen[k] * chance_of(body, work.value[k])
    if others == 0:
        return False
    if weight > 0.5 + body.par[_MARGIN]:
        return True
    work.stakes[OUR_WEIGHT] = weight
    work.expected[who] = tally
    return happens(body, d.GO_ON, who, target, go_on(body, work, who))


@rule
def takes_over(body: Body, work: Work, who: int, target: int) -> bool:
    """Whether more than half of his own coalition is behind a member who sets out anew."""
    mine = body.coalition[who]
    if mine == NOBODY:
        return False
    all_others = 0.0
    behind = 0.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if body.coalition[k] == mine and k != who and k != target:
            all_others += work.weight[k]
            if work.inside[k] == 1:
                behind += work.weight[k]
    return behind > 0.5 * all_others


@rule
def take_place(
    body: Body, work: Work, journal: Journal, who: int, target: int, coalition: int
) -> int:
    """The coalition under whose name the organiser goes on; NOBODY where there is no room.

    The one that he leads, the one that he takes over, or a new one.
    """
    if coalition != NOBODY:
        return coalition
    if takes_over(body, work, who, target):
        mine = body.coalition[who]
        leader = body.coalition_leader[mine]
        if leader != who:
            body.count[TAKEOVERS] += 1
            note(journal, body, j.TAKEN_OVER, who, leader, mine, 0.0)
        body.coalition_leader[mine] = who
        if body.coalition[target] == mine:
            leave(body, journal, target)
        return mine
    place = vacant(body)
    if place != NOBODY:
        found(body, place, who, target, AGAINST)
    return place


@rule
def gather(
    body: Body, work: Work, journal: Journal, who: int, target: int, place: int, anew: bool
) -> None:
    """Those inside enter, members left outside leave, and the coalition has its target.

    Who crosses by it is judged before anybody has moved.
    """
    turned = body.coalition_target[place] != target
    body.coalition_target[place] = target
    if turned:
        body.coalition_aim[place] = AGAINST
    for i in range(body.clock[PRESENT]):
        k = body.present[i]
        left_out = body.coalition[k] == place and work.inside[k] == 0 and not anew
        if left_out and speaks(body, k):
            leave(body, journal, k)
    for i in range(body.clock[PRESENT]):
        k = body.present[i]
        work.asked[k] = 1 if comes_across(body, k, place) else 0
    for i in range(body.clock[PRESENT]):
        k = body.present[i]
        if work.inside[k] == 1:
            pass_over(body, journal, k, place, 0, work.asked[k] == 1)
    if anew:
        body.count[COALITIONS] += 1


@rule
def defend(body: Body, work: Work, journal: Journal, who: int, target: int, place: int) -> None:
    """Who is in no coalition may stand by the target; his own coalition turns on the organiser."""
    set_contest(body, work, target, who)
    ours = work.stakes[OUR_WEIGHT]
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if k == target or not may_defend(body, k, target, who):
            continue
        work.expected[k] = min(1.0, max(0.0, 1.0 - work.stakes[THEIR_WEIGHT]))
        work.stakes[OUR_WEIGHT] = ours + work.weight[k]
        weigh(body, work, k, MEMBER, OUT)
        work.value[k] = utility(body, work, k, work.expected[k])
        work.stakes[OUR_WEIGHT] = ours
        if not happens(body, d.DEFEND, k, target, join(body, work, k)):
            continue
        side = body.coalition[target]
        if side == NOBODY:
            side = vacant(body)
            if side == NOBODY:
                return
            found(body, side, target, who, DEFENCE)
            pass_over(body, journal, target, side, 0, False)
            body.count[COALITIONS] += 1
        enter(body, journal, k, side, 0)
    side = body.coalition[target]
    if side != NOBODY and may_turn_on(body, body.coalition_leader[side], who):
        body.coalition_target[side] = who


@rule
def organise(body: Body, work: Work, journal: Journal, who: int) -> None:
    """A head sets out: target, invitations, going on or giving up, and who stands by the target."""
    body.count[ATTEMPTS] += 1
    canvass(body, work, who)
    target = choose_target(body, work, who)
    if target == NOBODY:
        return
    mine = body.coalition[who]
    friend = body.bond[who, target] > ALLY or (mine != NOBODY and mine == body.coalition[target])
    keeps = mine != NOBODY and leads(body, who) and body.coalition[target] != mine
    coalition = mine if keeps else NOBODY
    stands_with(body, work, who, target, coalition)
    set_contest(body, work, who, target)
    if not keeps:
        work.contest[OURS] = NOBODY
        work.stakes[THEIR_PRIZE] = work.prize[who] * nearness(body, who)
    work.stakes[OUR_WEIGHT] = max(inside_weight(body, work), HOPED)
    expected = sound_out(body, work, target, 2)
    lose_unwilling(body, work, who, target, coalition, expected)
    weight = invite(body, work, who, target, coalition)
    if not enough(body, work, who, target, weight):
        return
    place = take_place(body, work, journal, who, target, coalition)
    if place == NOBODY:
        return
    anew = coalition == NOBODY and mine != place
    turned = body.coalition_target[place] != target
    gather(body, work, journal, who, target, place, anew)
    body.count[ALLY_TARGETS] += 1 if friend and (anew or turned) else 0
    defend(body, work, journal, who, target, place)
    tidy(body, journal)
    if (anew or turned) and body.coalition_leader[place] == who:
        kind = j.FORMED if anew else j.TURNED
        sides = keep_sides(journal, body, place, body.coalition[target])
        write(journal, body, kind, who, target, AGAINST, 0, sides, weight, 0.0, 0.0)
        return
    camp = body.coalition[target]
    if camp != NOBODY and camp != place and body.coalition_born[camp] == body.clock[MONTH]:
        sides = keep_sides(journal, body, camp, place)
        write(journal, body, j.FORMED, target, who, DEFENCE, 0, sides, 0.0, 0.0, 0.0)
