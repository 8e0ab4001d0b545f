"""The month, written once.

Compiled for the engine as it stands; for Mesa the same source runs as plain Python, with members'
own methods in the place of their decisions (`compiled.plain`, `rules/minds.py`).
"""

from __future__ import annotations

from politburo_sim.rules import foresight
from politburo_sim.rules.appointments import appoint
from politburo_sim.rules.coalitions import keep_coalitions, set_out
from politburo_sim.rules.divisions import duel, hold_session
from politburo_sim.rules.events import happen
from politburo_sim.rules.luck import new_month, new_occasion
from politburo_sim.rules.patrons import seek_patrons
from politburo_sim.rules.perception import muster, perceive, weigh_power
from politburo_sim.rules.power import reckon, tied
from politburo_sim.rules.sanctions import accuse_alone, hold_plenum, judge
from politburo_sim.rules.sole_rule import rule_alone
from politburo_sim.rules.voting import tally
from politburo_sim.state import draws as d
from politburo_sim.state.body import (
    FELL_THIS_MONTH,
    MONTH,
    NOBODY,
    PRESENT,
    SPEAKERS,
    Agenda,
    Body,
    Calendar,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_PROPOSALS = PLACE["proposals"]
_FOLLOWING = PLACE["following"]
_BOND_OF_A_CLIENT = 0.5

#: The month, in order; `live_month` calls these, one after another.
PHASES = (
    "take_views",  # clients take over the views of their patrons
    "happenings",  # what the calendar has: deaths, congresses, questions on a person
    "appoint",  # the Committee passes to those who fill its posts
    "keep_coalitions",  # the idle end; members stay, leave or cross
    "seek_patrons",  # a man may give himself to the strong
    "set_out",  # a head may organise against another
    "hold_session",  # the agenda's questions, or one that a coalition forces
    "hold_plenum",  # sanctions are asked for and voted on
    "rule_alone",  # whoever holds more than half the power may strike without a vote
    "reckon",  # shares of the power, and whether one man's rule is established
)


@rule
def forced_question(body: Body, work: Work, journal: Journal, calendar: Calendar, row: int) -> None:
    """A question that the calendar puts: who, against whom, what, backed by whose prestige."""
    target = calendar.whom[row]
    accuse_alone(work, target)
    judge(
        body, work, journal, calendar.who[row], target, calendar.what[row],
        int(calendar.amount[row]), calendar.backer[row], 1,
    )  # fmt: skip


@rule
def happenings(body: Body, work: Work, journal: Journal, calendar: Calendar) -> None:
    """The month's events, and the questions on a person that they put."""
    month = body.clock[MONTH]
    put = 0
    for row in range(calendar.due[month], calendar.due[month + 1]):
        if happen(body, work, journal, calendar, row):
            new_occasion(body, d.JUDGE, put)
            forced_question(body, work, journal, calendar, row)
            new_month(body)
            put += 1


@rule
def take_views(body: Body, work: Work) -> None:
    """A member's outlook: his ideal, drawn to his patron's stance by following min(1, A+ + 1/2)."""
    muster(body)
    perceive(body, work, NOBODY, NOBODY)
    weigh_power(body, work)
    for k in range(body.status.shape[0]):
        for axis in range(body.line.shape[0]):
            work.outlook[k, axis] = body.ideal[k, axis]
    following = body.par[_FOLLOWING]
    if following == 0.0:
        return
    for i in range(body.clock[PRESENT]):
        k = body.present[i]
        patron = body.patron[k]
        if patron == NOBODY or not tied(body, work, k, patron):
            continue
        pull = following * min(1.0, max(0.0, body.bond[k, patron]) + _BOND_OF_A_CLIENT)
        for axis in range(body.line.shape[0]):
            own = body.ideal[k, axis]
            work.outlook[k, axis] = own + pull * (body.stance[patron, axis] - own)


@rule
def game_round(body: Body, work: Work, journal: Journal) -> None:
    """The power game's month: one proposer, one proposed part of the body, one vote."""
    part = foresight.propose(body, work)
    if part == 0:
        return
    n = foresight.list_heads(body, work)
    proposer = work.heads[foresight.whose_turn(body, work, n)]
    foresight.judge_proposal(body, work, part)
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        body.vote[k] = work.sight[k]
    share = tally(body, work)
    foresight.close_round(body, work, journal, proposer, part, share)


@rule
def open_month(body: Body, work: Work, journal: Journal, calendar: Calendar, month: int) -> None:
    """The clock, clients' views, what the calendar has, and appointments."""
    body.clock[MONTH] = month
    body.clock[FELL_THIS_MONTH] = 0
    new_month(body)
    take_views(body, work)
    happenings(body, work, journal, calendar)
    appoint(body, work)


@rule
def live_month(
    body: Body, work: Work, journal: Journal, calendar: Calendar, agenda: Agenda, month: int
) -> None:
    """One month, in the order of PHASES; the power game has rounds in the place of the middle."""
    open_month(body, work, journal, calendar, month)
    if body.par[_PROPOSALS] != 0.0:
        game_round(body, work, journal)
    else:
        keep_coalitions(body, work, journal)
        seek_patrons(body, work, journal)
        alone = set_out(body, work, journal)
        if alone != NOBODY:
            duel(body, work, journal, alone)
        hold_session(body, work, journal, agenda)
        hold_plenum(body, work, journal)
    rule_alone(body, work, journal)
    reckon(body, work, journal)
