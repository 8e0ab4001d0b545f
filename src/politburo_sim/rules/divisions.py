"""Policy: the agenda's questions, who moves and who opposes, the division, and what it leaves.

Of a question's alternatives one is moved, by the leader of the heaviest coalition with a target, or
else by a head drawn by prestige; the target's side, or a dissenter, stands for another; nobody: it
is adopted without a division. The policy in force moves: L_a += lambda (y - L_a).

The beaten leader, and a man at whom the winners' coalition aims if he voted with him, is *named*
with chance min(1, h0 + u_l min(1, |s - L| / (2 d_0))), on the axis of the question and from the
policy in force as it has just moved; then also
whoever voted with him, or has been removed and stands up for him on the floor (`rules/floor.py`),
with his exposure (`rules/value.py`). Who is named is liable, once, until he is sanctioned, cleared
or recants. Who voted against the side that his coalition has in the division has left it.
"""

from __future__ import annotations

import math

from politburo_sim.rules.coalitions import opponent_of, rally, sharpest
from politburo_sim.rules.fighting import sound_policy, worth_fighting
from politburo_sim.rules.floor import take_floor
from politburo_sim.rules.imposing import settled
from politburo_sim.rules.luck import happens, new_month, new_occasion, turn
from politburo_sim.rules.membership import bound, leave, may_turn_on, tidy
from politburo_sim.rules.minds import (
    choose_position,
    choose_target,
    considered,
    farther,
    fights,
    noise,
    worth_opposing,
)
from politburo_sim.rules.offences import may_recant, name_beaten
from politburo_sim.rules.perception import canvass, outside, survey
from politburo_sim.rules.value import chance_of, nearer_on, set_contest, set_policy
from politburo_sim.rules.voting import (
    call_roll,
    carries,
    caucus,
    heads_voting,
    weigh_all,
)
from politburo_sim.state import draws as d
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    ATTEMPTS,
    DIVISIONS,
    FLIPS,
    FULL,
    LAST_DIVISION,
    MONTH,
    NARROW,
    NOBODY,
    PRESSED,
    SPEAKERS,
    UNOPPOSED,
    Agenda,
    Body,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal, keep_ballot, write
from politburo_sim.state.minutes import TAKEN
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import OURS, THEIRS, Work

_VENUE = PLACE["venue"]
_MAJORITY = PLACE["majority"]
_EFFORT = PLACE["effort"]
_POLICIES = PLACE["policies"]
_PRESSING = PLACE["pressing"]
_BLOCS = PLACE["blocs"]
_LINE = PLACE["line_speed"]
_STAKE = PLACE["stake"]
_BOND = PLACE["bond_speed"]
_AGENDA_BONDS = PLACE["agenda_bonds"]
#: Months of rest after a division before a coalition forces one of its own.
REST = 2
#: Stances closer than this on an axis give nothing to divide over.
AT_ISSUE = 0.05


@rule
def by_prestige(body: Body) -> int:
    """A head drawn by prestige, or NOBODY."""
    best = NOBODY
    soonest = math.inf
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if body.status[k] == FULL:
            wait = turn(body, d.MOVER, k, body.prestige[k])
            if wait < soonest:
                soonest = wait
                best = k
    return best


@rule
def adopt(body: Body, axis: int, place: float) -> None:
    """The policy in force moves towards the one decided."""
    body.line[axis] += body.par[_LINE] * (place - body.line[axis])


@rule
def move_bonds(body: Body, work: Work, part: float) -> None:
    """Together a bond grows, apart it falls, by what the vote tells: 8 y (1 - y) times its speed.

    y: the share of the votes cast, one a man, that said yes; a unanimous vote tells nothing.
    part: of that speed, what a vote of this kind has.
    """
    n = body.clock[SPEAKERS]
    yes = 0.0
    for i in range(n):
        yes += body.vote[body.speakers[i]]
    share = yes / max(1, n)
    speed = min(1.0, 8.0 * share * (1.0 - share) * body.par[_BOND]) * part
    for i in range(n):
        k = body.speakers[i]
        for m in range(n):
            other = body.speakers[m]
            if i != m:
                aim = 1.0 if body.vote[other] == body.vote[k] else -1.0
                body.bond[k, other] += speed * (aim - body.bond[k, other])


@rule
def part_with_dissenters(body: Body, work: Work, journal: Journal, ours: int, theirs: int) -> None:
    """Who voted against the side that his coalition has in the division has left it."""
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        mine = body.coalition[k]
        if mine == NOBODY or k == body.coalition_leader[mine]:
            continue
        if (mine == ours and body.vote[k] == 0) or (mine == theirs and body.vote[k] == 1):
            leave(body, journal, k)


@rule
def divide(
    body: Body, work: Work, journal: Journal, mover: int, rival: int, axis: int, place: float,
    other: float, row: int,
) -> None:  # fmt: skip
    """A division on a policy, and all that follows from it."""
    survey(body, work, body.par[_VENUE])
    set_contest(body, work, mover, rival)
    set_policy(work, axis, place, other)
    weigh_all(body, work)
    caucus(body, work)
    share = call_roll(body, work, d.VOTE, rival, body.par[_MAJORITY])
    carried = settled(work, carries(share, body.par[_MAJORITY]))
    winner = mover if carried else rival
    loser = rival if carried else mover
    losing = 0 if carried else 1
    decided = place if carried else other
    ballot = keep_ballot(journal, body)
    write(
        journal, body, j.DIVISION, mover, rival, row, 1 if carried else 0, ballot, share, decided,
        float(axis),
    )  # fmt: skip
    body.count[DIVISIONS] += 1
    body.count[NARROW] += 1 if heads_voting(body, losing) >= 2 else 0
    body.clock[LAST_DIVISION] = body.clock[MONTH]
    stake = body.par[_STAKE] * body.prestige[loser]
    body.prestige[winner] += stake
    body.prestige[loser] -= stake
    move_bonds(body, work, body.par[_AGENDA_BONDS] if row != NOBODY else 1.0)
    body.stance[mover, axis] = place
    body.stance[rival, axis] = other
    adopt(body, axis, decided)
    winners = body.coalition[winner]
    target = body.coalition_target[winners] if winners != NOBODY else NOBODY
    beaten = body.coalition[loser]
    ours, theirs = work.contest[OURS], work.contest[THEIRS]
    take_floor(body, work, journal, loser, winner, losing, share if losing == 1 else 1.0 - share)
    name_beaten(body, work, journal, loser, losing, target, axis)
    for k in range(body.status.shape[0]):
        if body.vote[k] != losing:
            continue
        member = outside(body, k) or (beaten != NOBODY and body.coalition[k] == beaten)
        if k == loser or member or body.named[k] == 1:
            may_recant(body, work, journal, k, loser)
    part_with_dissenters(body, work, journal, ours, theirs)
    tidy(body, journal)


@rule
def weigh_dissent(
    body: Body, work: Work, mover: int, axis: int, place: float, other: float
) -> None:
    """What standing up for the other place is worth to each head, into `work.bid[mover]`."""
    set_policy(work, axis, other, place)
    sound_policy(body, work)
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        work.bid[mover, k] = -math.inf
        if body.status[k] != FULL or k == mover or not may_turn_on(body, k, mover):
            continue
        mine = body.coalition[k]
        if mine != NOBODY and mine == body.coalition[mover] and bound(body, k):
            continue
        set_contest(body, work, k, mover)
        set_policy(work, axis, other, place)
        work.bid[mover, k] = considered(body, worth_opposing(body, work, k))


@rule
def dissenter(body: Body, work: Work, mover: int, axis: int, place: float, other: float) -> int:
    """Which head stands up for the other place, or nobody: a logit choice against the effort."""
    weigh_dissent(body, work, mover, axis, place, other)
    best = NOBODY
    most = considered(body, body.par[_EFFORT]) + noise(body, d.OPPOSE, mover, mover)
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if work.bid[mover, k] == -math.inf:
            continue
        value = work.bid[mover, k] + noise(body, d.OPPOSE, k, mover)
        if value > most:
            most = value
            best = k
    return best


@rule
def move_alone(
    body: Body, work: Work, journal: Journal, mover: int, axis: int, place: float, other: float,
    row: int,
) -> None:  # fmt: skip
    """A policy is moved; who dissents divides the body, else it is adopted."""
    rival = dissenter(body, work, mover, axis, place, other)
    if rival != NOBODY:
        rally(body, work, journal, rival, mover, axis, other, place)
        divide(body, work, journal, mover, rival, axis, place, other, row)
        return
    body.count[UNOPPOSED] += 1
    body.stance[mover, axis] = place
    adopt(body, axis, place)
    write(journal, body, j.ADOPTED, mover, NOBODY, row, 1, NOBODY, place, float(axis), 0.0)


@rule
def answer(body: Body, work: Work, rival: int, axis: int, low: float, high: float) -> float:
    """Where the rival of a leader stands on a question, before the leader has spoken."""
    canvass(body, work, rival)
    return choose_position(body, work, rival, NOBODY, axis, low, high, 0.0)


@rule
def take_place_against(
    body: Body, work: Work, mover: int, rival: int, axis: int, low: float, high: float,
    other: float,
) -> float:  # fmt: skip
    """Where a leader stands against a rival's place; the contest is set, and all have caucused."""
    canvass(body, work, mover)
    set_contest(body, work, mover, rival)
    place = choose_position(body, work, mover, rival, axis, low, high, other)
    set_policy(work, axis, place, other)
    weigh_all(body, work)
    caucus(body, work)
    return place


@rule
def contend(
    body: Body, work: Work, journal: Journal, mover: int, rival: int, axis: int, low: float,
    high: float, row: int,
) -> None:  # fmt: skip
    """The leader of a coalition, and who answers for its target, meet on a question of the agenda.

    Who gives way lets the other move his place, which a third may still oppose.
    """
    other = answer(body, work, rival, axis, low, high)
    place = take_place_against(body, work, mover, rival, axis, low, high, other)
    if fights(body, work, mover):
        against_himself = nearer_on(body, work, mover, axis, place, other) < 0.0
        body.count[FLIPS] += 1 if against_himself else 0
        divide(body, work, journal, mover, rival, axis, place, other, row)
    else:
        move_alone(body, work, journal, rival, axis, other, farther(other, low, high), row)


@rule
def meets(body: Body, mover: int, rival: int) -> bool:
    """Whether the leader of a coalition can divide the body against who answers for its target."""
    return rival != mover and body.capable[rival] == 1 and may_turn_on(body, mover, rival)


@rule
def put_question(body: Body, work: Work, journal: Journal, agenda: Agenda, row: int) -> None:
    """A question of the agenda comes up."""
    axis, low, high = agenda.axis[row], agenda.low[row], agenda.high[row]
    survey(body, work, body.par[_VENUE])
    coalition = sharpest(body, work)
    if coalition != NOBODY:
        mover = body.coalition_leader[coalition]
        rival = opponent_of(body, coalition)
        if meets(body, mover, rival):
            contend(body, work, journal, mover, rival, axis, low, high, row)
            return
    mover = by_prestige(body)
    if mover == NOBODY:
        return
    canvass(body, work, mover)
    place = choose_position(body, work, mover, NOBODY, axis, low, high, 0.0)
    move_alone(body, work, journal, mover, axis, place, farther(place, low, high), row)


@rule
def at_issue(body: Body, one: int, other: int) -> int:
    """The axis on which two men's stances differ most, by its weight."""
    best = 0
    most = -1.0
    for axis in range(body.line.shape[0]):
        apart = body.axis_weight[axis] * abs(body.stance[one, axis] - body.stance[other, axis])
        if apart > most:
            most = apart
            best = axis
    return best


@rule
def chance_to_press(
    body: Body, work: Work, mover: int, rival: int, axis: int, place: float, other: float
) -> float:
    """Chance that the leader of a coalition forces the question that divides him from a rival."""
    canvass(body, work, mover)
    set_contest(body, work, mover, rival)
    set_policy(work, axis, place, other)
    weigh_all(body, work)
    caucus(body, work)
    value = worth_fighting(body, work, mover, work.expected[mover])
    return chance_of(body, value - body.par[_EFFORT])


@rule
def press(body: Body, work: Work, journal: Journal) -> None:
    """A coalition forces a question of its own on the axis that divides it from its target."""
    survey(body, work, body.par[_VENUE])
    coalition = sharpest(body, work)
    if coalition == NOBODY:
        return
    mover = body.coalition_leader[coalition]
    rival = opponent_of(body, coalition)
    if not meets(body, mover, rival):
        return
    axis = at_issue(body, mover, rival)
    place, other = body.stance[mover, axis], body.stance[rival, axis]
    if abs(place - other) <= AT_ISSUE:
        return
    chance = chance_to_press(body, work, mover, rival, axis, place, other)
    if happens(body, d.PRESS, mover, rival, chance):
        body.count[PRESSED] += 1
        divide(body, work, journal, mover, rival, axis, place, other, NOBODY)


@rule
def duel(body: Body, work: Work, journal: Journal, who: int) -> None:
    """Without coalitions: a head takes on another on the axis that divides them."""
    body.count[ATTEMPTS] += 1
    canvass(body, work, who)
    rival = choose_target(body, work, who)
    if rival == NOBODY:
        return
    axis = at_issue(body, who, rival)
    if abs(body.stance[who, axis] - body.stance[rival, axis]) <= AT_ISSUE:
        return
    divide(
        body, work, journal, who, rival, axis, body.stance[who, axis], body.stance[rival, axis],
        NOBODY,
    )  # fmt: skip


@rule
def put_questions(body: Body, work: Work, journal: Journal, agenda: Agenda) -> bool:
    """The agenda's questions of the month, but one that a recorded ask has in hand.

    Returns whether any was put.
    """
    month = body.clock[MONTH]
    put = False
    if body.par[_POLICIES] != 0.0:
        for row in range(agenda.due[month], agenda.due[month + 1]):
            if row + 1 == work.ask[TAKEN]:
                continue
            new_occasion(body, d.MOVER, row - agenda.due[month])
            put_question(body, work, journal, agenda, row)
            new_month(body)
            put = True
    return put


@rule
def hold_session(body: Body, work: Work, journal: Journal, agenda: Agenda) -> None:
    """The month's questions: those of the agenda, or one that a coalition forces."""
    month = body.clock[MONTH]
    put = put_questions(body, work, journal, agenda)
    if put or body.par[_BLOCS] == 0.0 or month - body.clock[LAST_DIVISION] < REST:
        return
    if happens(body, d.PRESS, NOBODY, NOBODY, body.par[_PRESSING]):
        press(body, work, journal)
