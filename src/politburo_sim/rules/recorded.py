"""A month of which there is a record: the same rules, with what is recorded imposed.

Everything that the record does not say comes about by the rules and their luck. For each *ask* of
the record (a question that divided the body, a sanction asked for, or both) the rules' chance is
charged (`rules/imposing.py`) and the recorded value taken:

- who stood against whom: the chance that the two sides meet, from the state as it is. The heaviest
  coalition and who answers for its target: the chance that they fight over the question, or force
  it, or that its leader gives way, the one moves and the other dissents; where none stands against
  another: the chance that the one moves and the other dissents;
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
from politburo_sim.rules.fighting import worth_fighting
from politburo_sim.rules.imposing import charge, chosen_chance, impose_nothing, say
from politburo_sim.rules.luck import gumbel, logistic, luck, new_month, new_occasion
from politburo_sim.rules.minds import choose_position, considered, farther, worth_assenting
from politburo_sim.rules.month import open_month
from politburo_sim.rules.patrons import seek_patrons
from politburo_sim.rules.perception import canvass, speaks, survey
from politburo_sim.rules.power import reckon
from politburo_sim.rules.recorded_falls import fall, sentence
from politburo_sim.rules.recorded_seats import change_standings, fill_recorded_seats
from politburo_sim.rules.sanctions import hold_plenum
from politburo_sim.rules.sole_rule import rule_alone
from politburo_sim.rules.targets import weigh_targets
from politburo_sim.rules.value import chance_of, on_side
from politburo_sim.state import draws as d
from politburo_sim.state.body import (
    DEMANDS,
    DIVISIONS,
    FELL_THIS_MONTH,
    FULL,
    MONTH,
    NOBODY,
    SPEAKERS,
    Agenda,
    Body,
    Calendar,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal
from politburo_sim.state.minutes import (
    AGENDA,
    DEBATE,
    ERROR,
    FILLING,
    FREELY,
    LATER,
    MUST_NAME,
    RECORDING,
    REMOVAL,
    SILENCE,
    TAKEN,
    UNHEARD,
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
def fights_by_luck(body: Body, who: int, chance: float) -> bool:
    """Whether a leader fights who does with this chance: by the luck by which he would freely."""
    apart = gumbel(body, d.FIGHT, who, NOBODY) - gumbel(body, d.FIGHT, who, who)
    return logistic(apart) < chance


@rule
def debate_with_opponent(
    body: Body, work: Work, journal: Journal, agenda: Agenda, row: int, leader: int, mover: int,
    rival: int, agree: bool,
) -> None:  # fmt: skip
    """The mover is he at whom the heaviest coalition aims: its leader has fought him, or has given
    way and left the rival to dissent. Both chances are charged, and one is taken.
    """
    axis, low, high = agenda.axis[row], agenda.low[row], agenda.high[row]
    place = answer(body, work, mover, axis, low, high)
    against = take_place_against(body, work, leader, mover, axis, low, high, place)
    fight = worth_fighting(body, work, leader, work.expected[leader]) - body.par[_EFFORT]
    urge = considered(body, fight) - considered(body, worth_assenting(body, work, leader))
    fought = chance_of(body, urge)
    other = farther(place, low, high)
    weigh_dissent(body, work, mover, axis, place, other)
    left = 0.0
    if body.status[rival] == FULL:
        nobody = considered(body, body.par[_EFFORT])
        left = (1.0 - fought) * chosen_chance(body, work, mover, rival, nobody)
    fought = fought if agree else 0.0
    charge(body, AGENDA, fought + left, float(body.clock[SPEAKERS]))
    if left > 0.0 and not fights_by_luck(body, leader, fought / (fought + left)):
        rally(body, work, journal, rival, mover, axis, other, place)
        divide(body, work, journal, mover, rival, axis, place, other, row)
    else:
        divide(body, work, journal, mover, rival, axis, place, against, row)


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
    if row != NOBODY and leader != NOBODY and mover == opponent:
        debate_with_opponent(body, work, journal, agenda, row, leader, mover, rival, agree)
        return
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
