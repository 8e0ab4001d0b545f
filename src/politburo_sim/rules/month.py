"""The month, written once: who raises what, who votes how, and what follows.

Compiled for the engine as it stands; for Mesa the same source runs as plain Python, with members'
own methods in the place of the five decisions (`compiled.plain`).
"""

from __future__ import annotations

import math

from politburo_sim.rules import aftermath, foresight, platform, sanctions, voting
from politburo_sim.rules.appointments import appoint
from politburo_sim.rules.events import happen
from politburo_sim.rules.minds import choose_platform, choose_target, lean, press, urge
from politburo_sim.rules.perception import perceive
from politburo_sim.rules.power import reckon
from politburo_sim.rules.sole_rule import rule_alone
from politburo_sim.state.body import (
    ALLY_TARGETS,
    CARRIED,
    CLEAR,
    COMMITTEE,
    CONTESTS,
    FLIPS,
    FULL,
    NOBODY,
    PERSONNEL,
    ROLL_CALLS,
    SPEAKERS,
    USUAL,
    Body,
    Calendar,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.draws import CONTEST, JUDGE, PRESS, VOTE, draw
from politburo_sim.state.journal import (
    ACCOUNT,
    DROPPED,
    RAISED,
    ROLL_CALL,
    Journal,
    keep_ballot,
    note,
)
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import ABSENT, Work

_RATE = PLACE["contest_rate"]
_PROPOSALS = PLACE["proposals"]
_ROUNDS = PLACE["caucus_rounds"]
_MAJORITY = PLACE["majority"]


@rule
def first_to_speak(body: Body, work: Work, seed: int, month: int) -> int:
    """The voting head with the shortest urge, or NOBODY."""
    best = NOBODY
    soonest = math.inf
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if body.status[k] == FULL:
            wait = urge(body, work, seed, month, k)
            if wait < soonest:
                soonest = wait
                best = k
    return best


@rule
def lean_all(body: Body, work: Work, mover: int, target: int, rung: int) -> None:
    """Everybody's lean on the question; mover and target stand by themselves."""
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        work.lean[k] = lean(body, work, k, mover, target, rung)
        if k == mover:
            work.lean[k] = 1.0
        if k == target:
            work.lean[k] = 0.0


@rule
def caucus(body: Body, work: Work, mover: int, target: int, rung: int) -> None:
    """The rounds in which members form an expected tally, and their leans after it."""
    for _ in range(int(body.par[_ROUNDS])):
        lean_all(body, work, mover, target, rung)
        voting.expect(body, work)
    lean_all(body, work, mover, target, rung)


@rule
def call_roll(body: Body, work: Work, seed: int, month: int, decision: int, about: int) -> float:
    """Everybody votes; the share of yes."""
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        luck = draw(seed, month, decision, body.ident[k], body.ident[about])
        work.vote[k] = 1 if luck < work.lean[k] else 0
    return voting.tally(body, work)


@rule
def judge(
    body: Body, work: Work, journal: Journal, seed: int, month: int,
    mover: int, target: int, rung: int, venue: int,
) -> None:  # fmt: skip
    """A personnel question: weighed, put to the vote, and carried out where it carries."""
    for axis in range(body.line.shape[0]):
        work.chosen[axis] = body.stance[mover, axis]
        work.rival[axis] = body.stance[target, axis]
    voting.weigh_votes(body, work, sanctions.venue_of(body, rung, venue))
    voting.weigh_question(body, work, mover, target, rung)
    foresight.look_ahead(body, work, seed, month, target)
    caucus(body, work, mover, target, rung)
    share = call_roll(body, work, seed, month, JUDGE, target)
    carried = voting.carries(share, sanctions.threshold(body, rung))
    body.count[PERSONNEL] += 1
    ballot = keep_ballot(journal, body, work)
    note(
        journal, month, ACCOUNT, mover, target, 1 if carried else 0, share, float(ballot),
        float(rung),
    )  # fmt: skip
    aftermath.move_bonds(body, work)
    if carried:
        body.count[CARRIED] += 1
        sanctions.carry_out(body, work, journal, seed, month, mover, target, rung)


@rule
def forced_question(
    body: Body, work: Work, journal: Journal, seed: int, month: int, calendar: Calendar, row: int
) -> None:
    """A question that the calendar puts: who, against whom, what, backed by whose prestige."""
    mover = calendar.who[row]
    perceive(body, work, mover, calendar.backer[row])
    sanctions.name_nobody(work)
    judge(
        body, work, journal, seed, month, mover, calendar.whom[row], calendar.what[row],
        int(calendar.amount[row]),
    )  # fmt: skip


@rule
def call_to_account(
    body: Body, work: Work, journal: Journal, seed: int, month: int,
    victor: int, beaten: int, losing: int,
) -> None:  # fmt: skip
    """The beaten leader, and those named with him, may face a personnel question."""
    rung = sanctions.rung_sought(body, seed, month, beaten)
    if rung == CLEAR:
        return
    sanctions.name_signatories(body, work, seed, month, beaten, losing)
    perceive(body, work, NOBODY, NOBODY)
    judge(body, work, journal, seed, month, victor, beaten, rung, USUAL)


@rule
def debate(
    body: Body, work: Work, journal: Journal, seed: int, month: int, mover: int, target: int
) -> None:
    """A policy question, from platform to aftermath."""
    par = body.par
    bond = body.bond[mover, target]
    platform.take_rival(body, work, target)
    choice = choose_platform(body, work, mover)
    moved = platform.take_stand(body, work, mover)
    body.count[FLIPS] += 1 if moved >= platform.FLIP else 0
    body.count[ALLY_TARGETS] += 1 if bond > platform.ALLY else 0
    note(journal, month, RAISED, mover, target, choice, moved, bond, 0.0)
    voting.weigh_votes(body, work, sanctions.venue_of(body, 0, USUAL))
    voting.weigh_question(body, work, mover, target, 0)
    caucus(body, work, mover, target, 0)
    expected = work.expected[mover]
    chance = press(body, work, mover, target)
    if draw(seed, month, PRESS, body.ident[mover], body.ident[target]) >= chance:
        note(journal, month, DROPPED, mover, target, 0, expected, 0.0, 0.0)
        return
    share = call_roll(body, work, seed, month, VOTE, target)
    carried = voting.carries(share, par[_MAJORITY])
    body.count[ROLL_CALLS] += 1
    ballot = keep_ballot(journal, body, work)
    note(
        journal, month, ROLL_CALL, mover, target, 1 if carried else 0, share, float(ballot),
        expected,
    )  # fmt: skip
    aftermath.settle(body, work, journal, month, mover, target, carried)
    if carried:
        call_to_account(body, work, journal, seed, month, mover, target, 0)
    else:
        call_to_account(body, work, journal, seed, month, target, mover, 1)


@rule
def contest(body: Body, work: Work, journal: Journal, seed: int, month: int) -> None:
    """A month with an open question."""
    mover = first_to_speak(body, work, seed, month)
    if mover == NOBODY:
        return
    perceive(body, work, NOBODY, NOBODY)
    target = choose_target(body, work, seed, month, mover)
    if target == NOBODY:
        return
    body.count[CONTESTS] += 1
    if body.status[target] == COMMITTEE:
        for k in range(body.status.shape[0]):
            work.vote[k] = ABSENT
        call_to_account(body, work, journal, seed, month, mover, target, 0)
    else:
        debate(body, work, journal, seed, month, mover, target)


@rule
def game_round(body: Body, work: Work, journal: Journal, seed: int, month: int) -> None:
    """The power game's month: one proposer, one proposed part of the body, one vote."""
    part = foresight.propose(body, work, seed, month)
    if part == 0:
        return
    n = foresight.list_heads(body, work)
    proposer = work.heads[foresight.whose_turn(body, work, seed, n)]
    foresight.judge_proposal(body, work, seed, month, part)
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        work.vote[k] = work.sight[k]
    share = voting.tally(body, work)
    foresight.close_round(body, work, journal, month, proposer, part, share)


@rule
def live_month(
    body: Body, work: Work, journal: Journal, calendar: Calendar, seed: int, month: int
) -> None:
    """One month, in order: events, appointments, questions, rule of one, reckoning."""
    for row in range(calendar.due[month], calendar.due[month + 1]):
        if happen(body, work, journal, seed, month, calendar, row):
            forced_question(body, work, journal, seed, month, calendar, row)
    appoint(body, work)
    if body.par[_PROPOSALS] != 0.0:
        game_round(body, work, journal, seed, month)
    elif draw(seed, month, CONTEST, 0, 0) < body.par[_RATE]:
        contest(body, work, journal, seed, month)
    rule_alone(body, work, journal, seed, month)
    reckon(body, journal, month)
