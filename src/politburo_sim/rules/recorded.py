"""A month of which there is a record: the same rules, with what is recorded imposed.

Everything that the record does not say comes about by the rules and their luck. For each *ask* of
the record (a question that divided the body, a sanction asked for, or both) the rules' chance is
charged (`rules/imposing.py`) and the recorded value taken:

- who stood against whom: the chance that the two sides meet, from the state as it is. The heaviest
  coalition and who answers for its target: the chance that they fight over the question, or force
  it; where none stands against another: the chance that the one moves and the other dissents;
- named votes one by one, and the outcome with the other votes summed out;
- whether the beaten was named, for whom a sanction was asked, and with whom;
- who took the free seats of a month, in whatever order.

What comes about and stands nowhere is charged too: a roll call by log(1 - c), with c the chance
that one is in the record at all, a fall by log e. What no rule can do (a rung skipped, a month out
of session, a change of standing) is imposed and not charged.
"""

from __future__ import annotations

import math

from politburo_sim.rules.coalitions import keep_coalitions, opponent_of, rally, set_out, sharpest
from politburo_sim.rules.demotion import lose_place
from politburo_sim.rules.divisions import (
    answer,
    at_issue,
    chance_to_press,
    divide,
    duel,
    hold_session,
    meets,
    put_questions,
    take_place_against,
    weigh_dissent,
)
from politburo_sim.rules.events import dominant
from politburo_sim.rules.fighting import worth_fighting
from politburo_sim.rules.imposing import charge, charge_seating, impose_nothing, odds_of
from politburo_sim.rules.luck import luck, new_month, new_occasion
from politburo_sim.rules.membership import tidy
from politburo_sim.rules.minds import (
    choose_position,
    considered,
    farther,
    noise,
    weigh_targets,
    worth_assenting,
)
from politburo_sim.rules.month import open_month
from politburo_sim.rules.offences import name
from politburo_sim.rules.patrons import seek_patrons
from politburo_sim.rules.perception import canvass, in_same_house, muster, speaks, survey
from politburo_sim.rules.power import reckon, strongest
from politburo_sim.rules.sanctions import hold_plenum, in_session, judge, sanction, weigh_charges
from politburo_sim.rules.sole_rule import chance_to_strike, rule_alone, weigh_victims
from politburo_sim.rules.vacancy import fill_seat
from politburo_sim.rules.value import chance_of, on_side
from politburo_sim.state import draws as d
from politburo_sim.state.body import (
    AWAITED,
    CANDIDATE,
    COMMITTEE,
    DEMANDS,
    DIVISIONS,
    FELL_THIS_MONTH,
    FULL,
    GONE,
    MONTH,
    NOBODY,
    REMOVED,
    SPEAKERS,
    USUAL,
    Agenda,
    Body,
    Calendar,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal
from politburo_sim.state.minutes import (
    AGENDA,
    AS_NAMED,
    BY_A_STRANGER,
    DEBATE,
    ERROR,
    FILLING,
    FREELY,
    IMPOSED,
    LATER,
    MUST_NAME,
    OUTCOME,
    RECORDING,
    REMOVAL,
    SANCTIONS,
    SILENCE,
    TAKEN,
    UNHEARD,
    UNSAID,
    Minutes,
)
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_VENUE = PLACE["venue"]
_EFFORT = PLACE["effort"]
_PRESSING = PLACE["pressing"]
_ORGANISING = PLACE["organising"]
_BLOCS = PLACE["blocs"]
_SLATES = PLACE["slates"]
_MONTHS = PLACE["rung_months"]
_LOT = PLACE["random_victims"]


@rule
def readings(minutes: Minutes, row: int, last: int) -> int:
    """How many rows from this one on are readings of the same ask."""
    n = 1
    while row + n < last and minutes.ask[row + n] == minutes.ask[row]:
        n += 1
    return n


@rule
def read(body: Body, minutes: Minutes, row: int, number: int) -> int:
    """The row of the reading that this history takes, by the weights of so many readings."""
    left = luck(body, d.READING, NOBODY, NOBODY)
    for reading in range(row, row + number - 1):
        left -= minutes.weight[reading]
        if left < 0.0:
            return reading
    return row + number - 1


@rule
def sides_meet(body: Body, one: int, other: int, leader: int, rival: int) -> bool:
    """Whether two men belong to the sides of two leaders, whichever of these moved."""
    ours, theirs = body.coalition[leader], body.coalition[rival]
    if on_side(body, one, leader, ours) and on_side(body, other, rival, theirs):
        return True
    return on_side(body, other, leader, ours) and on_side(body, one, rival, theirs)


@rule
def share_of_prestige(body: Body, who: int) -> float:
    """Chance that a head is the one who moves a question when no coalitions meet."""
    whole = 0.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        whole += body.prestige[k] if body.status[k] == FULL else 0.0
    mine = body.prestige[who] if body.status[who] == FULL else 0.0
    return mine / whole if whole > 0.0 else 0.0


@rule
def chosen_chance(body: Body, work: Work, who: int, choice: int, nobody: float) -> float:
    """Chance of one choice of a logit over `work.bid[who]` and nobody."""
    most = nobody
    for i in range(body.clock[SPEAKERS]):
        most = max(most, work.bid[who, body.speakers[i]])
    whole = odds_of(body, nobody, most)
    for i in range(body.clock[SPEAKERS]):
        whole += odds_of(body, work.bid[who, body.speakers[i]], most)
    return odds_of(body, work.bid[who, choice], most) / whole


@rule
def debate(
    body: Body, work: Work, journal: Journal, agenda: Agenda, row: int, mover: int, rival: int
) -> None:
    """Two men stand against each other: the chance of that is charged, then the body divides."""
    survey(body, work, body.par[_VENUE])
    coalition = sharpest(body, work)
    leader = NOBODY
    opponent = NOBODY
    if coalition != NOBODY:
        leader = body.coalition_leader[coalition]
        opponent = opponent_of(body, coalition)
        if not meets(body, leader, opponent):
            leader = NOBODY
    agree = leader != NOBODY and sides_meet(body, mover, rival, leader, opponent)
    options = float(body.clock[SPEAKERS])
    nobody = considered(body, body.par[_EFFORT])
    if row == NOBODY:
        axis = at_issue(body, mover, rival)
        place, other = body.stance[mover, axis], body.stance[rival, axis]
        chance = 0.0
        if agree:
            chance = body.par[_PRESSING] * chance_to_press(
                body, work, mover, rival, axis, place, other
            )
        elif body.par[_BLOCS] == 0.0:
            canvass(body, work, mover)
            weigh_targets(body, work, mover)
            chance = body.par[_ORGANISING] * work.weight[mover]
            chance *= chosen_chance(body, work, mover, rival, nobody)
        charge(body, AGENDA, chance, options)
    else:
        axis, low, high = agenda.axis[row], agenda.low[row], agenda.high[row]
        if leader != NOBODY:
            other = answer(body, work, rival, axis, low, high)
            place = take_place_against(body, work, mover, rival, axis, low, high, other)
            fight = worth_fighting(body, work, mover, work.expected[mover]) - body.par[_EFFORT]
            urge = considered(body, fight) - considered(body, worth_assenting(body, work, mover))
            charge(body, AGENDA, chance_of(body, urge) if agree else 0.0, options)
        else:
            canvass(body, work, mover)
            place = choose_position(body, work, mover, NOBODY, axis, low, high, 0.0)
            other = farther(place, low, high)
            weigh_dissent(body, work, mover, axis, place, other)
            chance = share_of_prestige(body, mover)
            if body.status[rival] == FULL:
                chance *= chosen_chance(body, work, mover, rival, nobody)
            else:
                chance = 0.0
            charge(body, AGENDA, chance, options)
            rally(body, work, journal, rival, mover, axis, other, place)
    divide(body, work, journal, mover, rival, axis, place, other, row)


@rule
def take_up(body: Body, agenda: Agenda, row: int, number: int) -> None:
    """The luck of an ask: that of its question, or of the month, as if it had come up by itself."""
    if row != NOBODY:
        new_occasion(body, d.MOVER, row - agenda.due[body.clock[MONTH]])
    elif number == 0:
        new_month(body)
    else:
        new_occasion(body, d.READING, number)


@rule
def say(work: Work, positions: Minutes, ask: int, on_the_man: bool) -> None:
    """Take the recorded positions of one roll call into `work.said`."""
    for k in range(work.said.shape[0]):
        work.said[k] = positions.judge_said[ask, k] if on_the_man else positions.said[ask, k]
    work.ask[OUTCOME] = positions.judged[ask] if on_the_man else positions.carried[ask]
    work.ask[IMPOSED] = 1


@rule
def asked_chance(body: Body, work: Work, mover: int, target: int) -> float:
    """Chance that a sanction is asked for against a man, by one who is known or by anybody.

    With NOBODY for the target: that none is asked for. `weigh_charges` has filled `work.bid`.
    """
    nobody = considered(body, body.par[_EFFORT])
    most = nobody
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        for t in range(body.status.shape[0]):
            most = max(most, work.bid[k, t])
    none = odds_of(body, nobody, most)
    whole = none
    against = 0.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        for t in range(body.status.shape[0]):
            if work.bid[k, t] == -math.inf:
                continue
            odds = odds_of(body, work.bid[k, t], most)
            whole += odds
            if t == target and (mover == NOBODY or k == mover):
                against += odds
    return (none if target == NOBODY else against) / whole


@rule
def asked_by(body: Body, work: Work, mover: int, target: int) -> int:
    """Who asks for the sanction: the chance that it is asked for against this man is charged.

    mover: known, or NOBODY. Returns who asks, `mover` where nobody could.
    """
    served = body.clock[MONTH] - body.last[target] >= body.par[_MONTHS]
    options = float(body.clock[SPEAKERS])
    if body.named[target] == 0 or not served or not weigh_charges(body, work):
        charge(body, SANCTIONS, 0.0, options)
        return mover
    charge(body, SANCTIONS, asked_chance(body, work, mover, target), options)
    best = mover
    most = -math.inf
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if mover != NOBODY or work.bid[k, target] == -math.inf:
            continue
        value = work.bid[k, target] + noise(body, d.DEMAND, k, target)
        if value > most:
            most = value
            best = k
    return best


@rule
def company_struck(body: Body, work: Work, minutes: Minutes, ask: int, target: int) -> int:
    """The accused, into `work.accused`: the target, and those whom the record has struck with him.

    Charged: the chance of a slate (or of none, where there was a company), and that each of them
    had been named with him; where victims are drawn by lot, that the lot fell on each. How many
    are accused.
    """
    others = 0
    company = 0
    for k in range(work.accused.shape[0]):
        work.accused[k] = 0
        if k == target or not in_same_house(body, k, target):
            continue
        with_him = body.named[k] == 1 and body.company[k] != NOBODY
        with_him = with_him and body.company[k] == body.company[target]
        company += 1 if with_him else 0
        if minutes.struck[ask, k] > body.rung[k]:
            work.accused[k] = 1
            others += 1
            charge(body, SANCTIONS, 1.0 if with_him else 0.0, 2.0)
    if others > 0:
        charge(body, SANCTIONS, body.par[_SLATES], 2.0)
    elif company > 0:
        charge(body, SANCTIONS, 1.0 - body.par[_SLATES], 2.0)
    work.accused[target] = 1
    if body.par[_LOT] != 0.0:
        for _ in range(others + 1):
            charge(body, SANCTIONS, 1.0 / max(1, body.clock[SPEAKERS]), float(body.clock[SPEAKERS]))
    return others + 1


@rule
def nobody_asked(body: Body, work: Work) -> None:
    """The record says that no sanction was asked for: the chance of that, where one could be."""
    if not in_session(body) or not weigh_charges(body, work):
        return
    chance = asked_chance(body, work, NOBODY, NOBODY)
    charge(body, SANCTIONS, chance, float(body.clock[SPEAKERS]))


@rule
def can_fall(body: Body, who: int, rung: int) -> bool:
    """Whether a sanction can still be put on a man."""
    inside = body.status[who] == FULL or body.status[who] == CANDIDATE
    return (inside or body.status[who] == COMMITTEE) and body.rung[who] < rung


@rule
def sentence(
    body: Body, work: Work, journal: Journal, minutes: Minutes, ask: int, mover: int, target: int,
    number: int,
) -> None:  # fmt: skip
    """The sanction of an ask, of so many before it this month: asked for, voted on, done."""
    rung = minutes.rung[ask]
    if rung == UNSAID:
        if in_session(body):
            hold_plenum(body, work, journal)
        return
    if rung == 0:
        nobody_asked(body, work)
        return
    if not can_fall(body, target, rung):
        charge(body, SANCTIONS, 0.0, 2.0)
        return
    if body.named[target] == 0:
        charge(body, SANCTIONS, 0.0, 2.0)
        name(body, journal, target, target, NOBODY)
        known = mover
    else:
        known = NOBODY if minutes.kind[ask] == DEBATE else mover
    new_month(body)
    by = asked_by(body, work, known, target)
    if by == NOBODY:
        by = mover
    if not speaks(body, by):
        by = strongest(body)
    new_occasion(body, d.DEMAND, number)
    accused = company_struck(body, work, minutes, ask, target)
    say(work, minutes, ask, True)
    judge(body, work, journal, by, target, rung, USUAL, NOBODY, accused)
    impose_nothing(work)


@rule
def fall(body: Body, work: Work, journal: Journal, by: int, target: int, rung: int) -> bool:
    """A removal of which the record does not say how it came: by a vote or without one.

    p = h P(victim) + (1 - h) P(a sanction is asked for); h: chance that a sole ruler strikes.
    Returns whether it came about.
    """
    if not can_fall(body, target, rung):
        charge(body, SANCTIONS, 0.0, 2.0)
        return False
    strikes = chance_to_strike(body)
    struck = 0.0
    ruler = strongest(body)
    if strikes > 0.0 and ruler != target and speaks(body, target):
        struck = chosen_chance(body, work, ruler, target, weigh_victims(body, work, ruler))
    voted = 0.0
    if body.named[target] == 1 and weigh_charges(body, work):
        voted = asked_chance(body, work, NOBODY, target)
    chance = strikes * struck + (1.0 - strikes) * voted
    if body.par[_LOT] != 0.0:
        chance /= max(1, body.clock[SPEAKERS])
    charge(body, SANCTIONS, chance, float(body.clock[SPEAKERS]))
    who = by if speaks(body, by) else ruler
    side = body.coalition[who] if who != NOBODY else NOBODY
    sanction(body, work, journal, target, max(rung, REMOVED), who, side)
    tidy(body, journal)
    return True


@rule
def change_standings(body: Body, work: Work, journal: Journal, minutes: Minutes) -> None:
    """Changes of standing that no rule makes."""
    month = body.clock[MONTH]
    for row in range(minutes.moved_due[month], minutes.moved_due[month + 1]):
        who, to = minutes.moved[row], minutes.moved_to[row]
        if body.status[who] != to and body.status[who] != GONE:
            lose_place(body, work, journal, who, to, NOBODY)


@rule
def await_seated(body: Body, work: Work, minutes: Minutes) -> int:
    """Whom the record has take a seat this month, into `work.awaited`; how many strangers do.

    Who is no candidate in this history is made one, where that can be, at the price of an error.
    """
    month = body.clock[MONTH]
    strangers = 0
    for row in range(minutes.seats_due[month], minutes.seats_due[month + 1]):
        who = minutes.seated[row]
        if who == NOBODY:
            strangers += 1
            continue
        if body.status[who] == AWAITED or body.status[who] == COMMITTEE:
            charge_seating(body, 0.0, 2.0)
            body.status[who] = CANDIDATE
        elif body.status[who] != CANDIDATE:
            charge_seating(body, 0.0, 2.0)
            continue
        body.named[who] = 0
        work.awaited[who] = 1
    muster(body)
    return strangers


@rule
def fill_recorded_seats(body: Body, work: Work, journal: Journal, minutes: Minutes) -> None:
    """Free seats go to those whom the record names, one after another; the rest stay free."""
    strangers = await_seated(body, work, minutes)
    waiting = 0
    for k in range(work.awaited.shape[0]):
        waiting += work.awaited[k]
    if waiting + strangers == 0:
        return
    survey(body, work, body.par[_VENUE])
    side = dominant(body, work)
    for seat in range(body.seat_holder.shape[0]):
        if body.seat_open[seat] == 0 or body.seat_holder[seat] != NOBODY:
            continue
        if waiting > 0:
            work.ask[FILLING] = AS_NAMED
        elif strangers > 0:
            work.ask[FILLING] = BY_A_STRANGER
            strangers -= 1
        else:
            break
        fill_seat(body, work, journal, seat, side)
        who = body.seat_holder[seat]
        if waiting > 0 and who != NOBODY:
            waiting -= work.awaited[who]
            work.awaited[who] = 0
        work.ask[FILLING] = LATER
    for k in range(work.awaited.shape[0]):
        if work.awaited[k] == 1:
            charge_seating(body, 0.0, 2.0)
            work.awaited[k] = 0


@rule
def keep_silence(body: Body, roll_calls: int, falls: int, asks: int) -> None:
    """What came about and stands nowhere, and that what stands there was written down."""
    c = body.like[RECORDING]
    body.like[SILENCE] += max(0, roll_calls) * math.log(1.0 - c) + asks * math.log(c)
    body.like[SILENCE] += max(0, falls) * math.log(body.like[ERROR])


@rule
def sittings(body: Body, work: Work, journal: Journal, agenda: Agenda, minutes: Minutes) -> None:
    """The month's sessions and plenum, and its seats, as far as they are recorded."""
    month = body.clock[MONTH]
    first, last = minutes.due[month], minutes.due[month + 1]
    roll_calls = body.count[DIVISIONS] + body.count[DEMANDS]
    recorded = 0
    fallen = 0
    stricken = False
    impose_nothing(work)
    if first == last:
        hold_session(body, work, journal, agenda)
        hold_plenum(body, work, journal)
    else:
        work.ask[TAKEN] = minutes.question[first] + 1
        put_questions(body, work, journal, agenda)
        work.ask[TAKEN] = 0
    row = first
    asks = 0
    while row < last:
        new_occasion(body, d.READING, asks)
        number = asks
        ask = read(body, minutes, row, readings(minutes, row, last))
        row += readings(minutes, row, last)
        asks += 1
        mover, target = minutes.mover[ask], minutes.target[ask]
        kind = minutes.kind[ask]
        before = body.clock[FELL_THIS_MONTH]
        if kind == REMOVAL:
            stricken = fall(body, work, journal, mover, target, minutes.rung[ask]) or stricken
        beaten = target
        if kind == DEBATE:
            if not speaks(body, mover) or not speaks(body, target):
                charge(body, AGENDA, 0.0, float(max(1, body.clock[SPEAKERS])))
                beaten = target if minutes.carried[ask] != 0 else mover
            else:
                say(work, minutes, ask, False)
                work.ask[MUST_NAME] = 1 if minutes.rung[ask] > 0 else 0
                take_up(body, agenda, minutes.question[ask], number)
                debate(body, work, journal, agenda, minutes.question[ask], mover, target)
                work.ask[MUST_NAME] = 0
                recorded += 1
                beaten = mover if minutes.carried[ask] == 0 else target
                impose_nothing(work)
        if kind != REMOVAL:
            other = mover if beaten == target else target
            held = body.count[DEMANDS]
            sentence(body, work, journal, minutes, ask, other, beaten, number)
            recorded += body.count[DEMANDS] - held
        fallen += body.clock[FELL_THIS_MONTH] - before
        new_month(body)
    change_standings(body, work, journal, minutes)
    fill_recorded_seats(body, work, journal, minutes)
    held = body.count[DIVISIONS] + body.count[DEMANDS] - roll_calls
    if not stricken:
        rule_alone(body, work, journal)
    if minutes.covered[month] == UNHEARD and asks == 0:
        return
    keep_silence(body, held - recorded, body.clock[FELL_THIS_MONTH] - fallen, asks)


@rule
def recorded_month(
    body: Body, work: Work, journal: Journal, calendar: Calendar, agenda: Agenda,
    minutes: Minutes, month: int,
) -> None:  # fmt: skip
    """One month of which there is a record, in the order of `month.PHASES`."""
    work.ask[FILLING] = LATER
    open_month(body, work, journal, calendar, month)
    keep_coalitions(body, work, journal)
    seek_patrons(body, work, journal)
    asked = minutes.due[month] < minutes.due[month + 1]
    if body.par[_BLOCS] != 0.0 or not asked:
        alone = set_out(body, work, journal)
        if alone != NOBODY:
            duel(body, work, journal, alone)
    sittings(body, work, journal, agenda, minutes)
    work.ask[FILLING] = FREELY
    reckon(body, work, journal)
