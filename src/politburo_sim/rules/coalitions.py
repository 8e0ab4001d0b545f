"""Coalitions: formed against a man, for a policy or in defence; joined, left, taken over, ended.

With chance org a month a head, drawn by his share of the votes, looks for a target; he invites
one after another, the cheapest first, until the coalition as he sees it has more than a half and
a margin; then he either goes on or gives up. Those who would rather stand by the target defend
him. Who leads more than half of his own coalition away has taken it over. A member is bound for a
term; after it he thinks again from time to time, and may leave, or cross to the rival: that is
switching. With `switching` 0 nobody turns on, or enters a coalition against, a man with whom he has
ever shared one, or goes over to a rival coalition, straight or by way of an exit.
"""

from __future__ import annotations

import math

from politburo_sim.rules.luck import happens, turn
from politburo_sim.rules.membership import (
    at_war,
    barred,
    bound,
    comes_from,
    end,
    enter,
    former,
    found,
    leads,
    leave,
    pass_over,
    tidy,
    vacant,
    weight_of,
)
from politburo_sim.rules.minds import (
    CROSS,
    LEAVE,
    choose_target,
    drop_out,
    go_on,
    join,
    reconsider,
    worth_joining,
)
from politburo_sim.rules.perception import canvass, in_body, speaks, survey, threat_seen
from politburo_sim.rules.value import (
    MEMBER,
    OUT,
    chance_of,
    may_turn_on,
    peril,
    set_contest,
    set_policy,
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
    POLICY,
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

_ORGANISING = PLACE["organising"]
_MARGIN = PLACE["margin"]
_RECONSIDERING = PLACE["reconsidering"]
_IDLENESS = PLACE["idleness"]
_BLOCS = PLACE["blocs"]
_VENUE = PLACE["venue"]
_EFFORT = PLACE["effort"]
_INTEREST = PLACE["interest"]
_SWITCHING = PLACE["switching"]
_TEMPERATURE = PLACE["temperature"]
_COIN = PLACE["coin_joins"]
#: Above this an ally is a friend, whom one may turn on.
ALLY = 0.1
#: What an organiser counts on before he has asked anybody, and a man who stands up on policy.
HOPED, HOPED_ON_POLICY = 0.4, 0.35
#: Whoever is this many temperatures away from joining is not asked.
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
def may_be_invited(body: Body, organiser: int, who: int, target: int, coalition: int) -> bool:
    """Whether a man can be asked to stand against the target.

    Not the leader of the target's coalition, nor one of another where the organiser keeps his own;
    not who would cross before his term is served; with switching barred not who would cross, or
    who ever stood with the target.
    """
    mine = body.coalition[who]
    rival = body.coalition[target]
    if mine != NOBODY and leads(body, who):
        if mine == rival or (coalition != NOBODY and mine != coalition):
            return False
    ours = body.coalition[organiser]
    if crosses(body, mine, ours, rival) and bound(body, who):
        return False
    if body.par[_SWITCHING] != 0.0:
        return True
    return may_turn_on(body, who, target) and not crosses(body, comes_from(body, who), ours, rival)


@rule
def crosses(body: Body, mine: int, ours: int, rival: int) -> bool:
    """Whether who comes from one coalition to an organiser's would cross: from the target's, or
    from another at war with the organiser's.
    """
    return mine != NOBODY and (mine == rival or at_war(body, mine, ours))


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
        if body.coalition[k] == place and work.inside[k] == 0 and not anew:
            leave(body, journal, k)
    for i in range(body.clock[PRESENT]):
        k = body.present[i]
        work.asked[k] = 1 if at_war(body, comes_from(body, k), place) else 0
    for i in range(body.clock[PRESENT]):
        k = body.present[i]
        if work.inside[k] == 1:
            pass_over(body, journal, k, place, 0, work.asked[k] == 1)
    if anew:
        body.count[COALITIONS] += 1


@rule
def may_defend(body: Body, who: int, target: int, against: int) -> bool:
    """Whether a man may stand by a target: in no coalition, and with switching barred not where
    he has stood with those against it, or against it.
    """
    if body.coalition[who] != NOBODY or not may_turn_on(body, who, against):
        return False
    side = body.coalition[target]
    if side != NOBODY:
        return not barred(body, who, side)
    left = former(body, who)
    return body.par[_SWITCHING] != 0.0 or left == NOBODY or body.coalition_target[left] != target


@rule
def defend(body: Body, work: Work, journal: Journal, who: int, target: int, place: int) -> None:
    """Who is in no coalition may stand by the target against it."""
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
    if side != NOBODY:
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
        work.stakes[THEIR_PRIZE] = work.prize[who]
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


@rule
def idle(body: Body, work: Work, coalition: int) -> bool:
    """Whether a coalition has lost its purpose: its target is gone, or is no threat to anybody.

    A target in no coalition and not named, whose threat to the leader is below half of an equal
    part among those who speak.
    """
    target = body.coalition_target[coalition]
    if not in_body(body, target):
        return True
    if body.coalition[target] != NOBODY or body.named[target] == 1:
        return False
    leader = body.coalition_leader[coalition]
    return threat_seen(body, work, leader, target) < 0.5 / max(1, body.clock[SPEAKERS])


@rule
def keep_coalitions(body: Body, work: Work, journal: Journal) -> None:
    """The idle end, and members think again."""
    standing = 0
    for c in range(body.coalition_leader.shape[0]):
        standing += 1 if body.coalition_leader[c] != NOBODY else 0
    if standing == 0:
        return
    survey(body, work, body.par[_VENUE])
    for c in range(body.coalition_leader.shape[0]):
        leader = body.coalition_leader[c]
        if leader != NOBODY and idle(body, work, c):
            if happens(body, d.IDLE, leader, NOBODY, body.par[_IDLENESS]):
                end(body, journal, c, True)
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        c = body.coalition[k]
        if c == NOBODY or leads(body, k):
            continue
        target, leader = body.coalition_target[c], body.coalition_leader[c]
        if target == k or not speaks(body, target) or not speaks(body, leader):
            continue
        if not happens(body, d.RECONSIDER, k, NOBODY, body.par[_RECONSIDERING]):
            continue
        step = reconsider(body, work, k)
        if step == CROSS:
            enter(body, journal, k, body.coalition[target], 0)
        elif step == LEAVE:
            leave(body, journal, k)
    tidy(body, journal)


@rule
def sharpest(body: Body, work: Work) -> int:
    """The heaviest coalition whose leader and target can still fight, or NOBODY."""
    best = NOBODY
    most = 0.0
    for c in range(body.coalition_leader.shape[0]):
        leader = body.coalition_leader[c]
        if leader == NOBODY or not speaks(body, leader):
            continue
        if not speaks(body, body.coalition_target[c]):
            continue
        weight = weight_of(body, work, c)
        if weight > most:
            most = weight
            best = c
    return best


@rule
def opponent_of(body: Body, coalition: int) -> int:
    """Who answers for the target of a coalition: the leader of his own, or he himself."""
    target = body.coalition_target[coalition]
    own = body.coalition[target]
    return target if own == NOBODY else body.coalition_leader[own]


@rule
def rally(
    body: Body, work: Work, journal: Journal, who: int, mover: int, axis: int, place: float,
    other: float,
) -> None:  # fmt: skip
    """Who stands up for a place on an axis looks for signatures: a coalition for a policy."""
    if body.par[_BLOCS] == 0.0:
        return
    mine = body.coalition[who]
    if mine != NOBODY and mine == body.coalition[mover]:
        leave(body, journal, who)
        tidy(body, journal)
        mine = NOBODY
    anew = mine == NOBODY
    if anew:
        mine = vacant(body)
        if mine == NOBODY:
            return
        found(body, mine, who, mover, POLICY)
        body.coalition[who] = mine
        body.joined[who] = body.clock[MONTH]
    elif leads(body, who):
        body.coalition_target[mine] = mover
    signed = 0
    set_contest(body, work, who, mover)
    set_policy(work, axis, place, other)
    work.stakes[OUR_WEIGHT] = max(work.stakes[OUR_WEIGHT], HOPED_ON_POLICY)
    expected = weight_of(body, work, mine)
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if k == who or k == mover or body.coalition[k] == mine or leads(body, k):
            continue
        if barred(body, k, mine) or not may_turn_on(body, k, mover):
            continue
        work.expected[k] = expected
        work.value[k] = worth_joining(body, work, k)
        if happens(body, d.SIGN, k, who, join(body, work, k)):
            enter(body, journal, k, mine, 0)
            signed += 1
            expected += work.weight[k]
    if anew and signed == 0:
        end(body, journal, mine, False)
    elif anew:
        body.count[COALITIONS] += 1
        sides = keep_sides(journal, body, mine, body.coalition[mover])
        write(journal, body, j.FORMED, who, mover, POLICY, 0, sides, expected, 0.0, 0.0)
    tidy(body, journal)


@rule
def set_out(body: Body, work: Work, journal: Journal) -> int:
    """With chance org a month a head sets out; who, or NOBODY. Without coalitions he fights alone
    (`rules/divisions.py`).
    """
    if not happens(body, d.ORGANISE, NOBODY, NOBODY, body.par[_ORGANISING]):
        return NOBODY
    survey(body, work, body.par[_VENUE])
    who = organiser(body, work)
    if who != NOBODY and body.par[_BLOCS] != 0.0:
        organise(body, work, journal, who)
        return NOBODY
    return who
