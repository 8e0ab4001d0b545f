"""The compiled driver: the same month as `model.py`, over many runs at once.

It calls the rules and restates none of them. Chunks of runs are plain functions that release
the interpreter lock; a thread pool runs them (`lab/`), since numba's own parallel loops abort
when two callers meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from politburo_sim.compiled import rule
from politburo_sim.draws import CONTEST, JUDGE, PRESS, VOTE, draw
from politburo_sim.parameters import PLACE
from politburo_sim.rules import aftermath, agenda, foresight, platform, sanctions, voting
from politburo_sim.rules.appointments import appoint
from politburo_sim.rules.body import (
    ALLY_TARGETS,
    CARRIED,
    CLEAR,
    COMMITTEE,
    CONTESTS,
    FLIPS,
    NOBODY,
    PERSONNEL,
    PRESENT,
    ROLL_CALLS,
    RULED_SINCE,
    RULER,
    SPEAKERS,
    USUAL,
    Body,
    Calendar,
    Coding,
    Floats,
    Ints,
)
from politburo_sim.rules.events import happen
from politburo_sim.rules.founding import found
from politburo_sim.rules.journal import (
    ACCOUNT,
    DROPPED,
    RAISED,
    ROLL_CALL,
    Journal,
    keep_ballot,
    note,
)
from politburo_sim.rules.perception import perceive, threat_seen
from politburo_sim.rules.power import backing, reckon, strongest
from politburo_sim.rules.sole_rule import rule_alone
from politburo_sim.rules.space import distance
from politburo_sim.rules.work import ABSENT, Work

_RATE = PLACE["contest_rate"]
_PROPOSALS = PLACE["proposals"]
_ROUNDS = PLACE["caucus_rounds"]
_TEMPERATURE = PLACE["temperature"]
_COIN = PLACE["coin_votes"]
_MAJORITY = PLACE["majority"]
_HOPE = PLACE["force_hope"]
_FORCE_THREAT = PLACE["force_threat"]
_FORCE_CONVICTION = PLACE["force_conviction"]
_FORCE = PLACE["unity_force"]


@rule
def lean_all(body: Body, work: Work, mover: int, target: int) -> None:
    """Everybody's lean on the question; mover and target stand by themselves."""
    temperature = body.par[_TEMPERATURE]
    coin = body.par[_COIN]
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        work.lean[k] = voting.lean(
            work.appeal[k], work.sway[k], work.expected[k], temperature, work.sight[k], coin
        )
        if k == mover:
            work.lean[k] = 1.0
        if k == target:
            work.lean[k] = 0.0


@rule
def caucus(body: Body, work: Work, mover: int, target: int) -> None:
    """The rounds in which members form an expected tally, and their leans after it."""
    for _ in range(int(body.par[_ROUNDS])):
        lean_all(body, work, mover, target)
        voting.expect(body, work)
    lean_all(body, work, mover, target)


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
    caucus(body, work, mover, target)
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
    choice = platform.choose_platform(body, work, mover)
    moved = platform.take_stand(body, work, mover)
    body.count[FLIPS] += 1 if moved >= platform.FLIP else 0
    body.count[ALLY_TARGETS] += 1 if bond > platform.ALLY else 0
    note(journal, month, RAISED, mover, target, choice, moved, bond, 0.0)
    voting.weigh_votes(body, work, sanctions.venue_of(body, 0, USUAL))
    voting.weigh_question(body, work, mover, target, 0)
    caucus(body, work, mover, target)
    expected = work.expected[mover]
    chance = agenda.press(
        body.opportunism[mover], expected, threat_seen(body, work, mover, target),
        distance(body.ideal[mover], work.rival, body.axis_weight),
        par[_HOPE], par[_FORCE_THREAT], par[_FORCE_CONVICTION], par[_FORCE],
    )  # fmt: skip
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
    mover = agenda.first_to_speak(body, seed, month)
    if mover == NOBODY:
        return
    perceive(body, work, NOBODY, NOBODY)
    target = agenda.choose_target(body, work, seed, month, mover)
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


class Outcomes(NamedTuple):
    """What is kept of each of R runs. N slots of which the first are the file's members."""

    ruler: NDArray[np.int16]  # [R] slot of the established sole ruler, or NOBODY
    since: NDArray[np.int16]  # [R] month in which it was established, or NOBODY
    rungs: NDArray[np.int16]  # [R, N, 5] month in which each rung was reached, or NOBODY
    status: NDArray[np.int8]  # [R, N] at the end
    share: Floats  # [R, N] power shares at the end
    base: Floats  # [R, N] at the end
    count: NDArray[np.int32]  # type: ignore[assignment]  # [R, 16] the run's counters
    lead: NDArray[np.float32]  # [R, T] largest share month by month, where T > 0
    leader: NDArray[np.int16]  # [R, T] who held it
    marks: Ints  # [S] months at whose end more is kept, rising
    share_at: Floats  # [R, S, N] power shares at the end of each marked month
    base_at: Floats  # [R, S, N] bases
    prestige_at: Floats  # [R, S, N] prestige
    backing_at: Floats  # [R, S, N] share of the Committee behind each
    bond_at: Floats  # [R, S, N] bond of each present member to the strongest; nan where none


def make_outcomes(runs: int, slots: int, months: int, marks: Sequence[int] = ()) -> Outcomes:
    """Room for the outcomes of so many runs; months = 0 keeps no monthly series."""
    marked = (runs, len(marks), slots)
    return Outcomes(
        np.full(runs, NOBODY, np.int16),
        np.full(runs, NOBODY, np.int16),
        np.full((runs, slots, 5), NOBODY, np.int16),
        np.zeros((runs, slots), np.int8),
        np.zeros((runs, slots)),
        np.zeros((runs, slots)),
        np.zeros((runs, 16), np.int32),
        np.zeros((runs, months), np.float32),
        np.full((runs, months), NOBODY, np.int16),
        np.array(sorted(marks), np.int64),
        np.zeros(marked),
        np.zeros(marked),
        np.zeros(marked),
        np.zeros(marked),
        np.full(marked, np.nan),
    )


@rule
def keep_mark(body: Body, out: Outcomes, run: int, mark: int) -> None:
    """Write the state at a marked month."""
    for k in range(body.status.shape[0]):
        out.share_at[run, mark, k] = body.share[k]
        out.base_at[run, mark, k] = body.bases[k]
        out.prestige_at[run, mark, k] = body.prestige[k]
        out.backing_at[run, mark, k] = backing(body, k)
    leader = strongest(body)
    if leader != NOBODY:
        for i in range(body.clock[PRESENT]):
            k = body.present[i]
            if k != leader:
                out.bond_at[run, mark, k] = body.bond[k, leader]


@rule
def keep(body: Body, out: Outcomes, run: int) -> None:
    """Write one finished run into its row."""
    out.ruler[run] = body.clock[RULER]
    out.since[run] = body.clock[RULED_SINCE]
    for k in range(body.status.shape[0]):
        out.status[run, k] = body.status[k]
        out.share[run, k] = body.share[k]
        out.base[run, k] = body.bases[k]
        for rung in range(5):
            out.rungs[run, k, rung] = body.since[k, rung]
    for i in range(body.count.shape[0]):
        out.count[run, i] = body.count[i]


@rule
def run_chunk(
    bodies: Any, work: Work, journal: Journal, calendar: Calendar, initial: Any, coding: Coding,
    first: int, last: int, seeds: Ints, points: Floats, which: Ints,
    lots: NDArray[np.int8], out: Outcomes, start: int, stop: int,
) -> None:  # fmt: skip
    """Run the histories start..stop-1 from month `first` to month `last` (exclusive).

    From month 0 each run is founded: parameters points[which], traits within the coders'
    ranges. From a later month `initial` is a state handed over, and only luck is new.
    lots[run, month]: so many removals by lot (a null model); may be empty.
    """
    for run in range(start, stop):
        bodies[0] = initial[0]
        body = bodies[0]
        if first == 0:
            for i in range(body.par.shape[0]):
                body.par[i] = points[which[run], i]
            found(body, coding, seeds[run])
        mark = 0
        for month in range(first, last):
            live_month(body, work, journal, calendar, seeds[run], month)
            if lots.shape[0] > 0:
                sanctions.remove_by_lot(body, work, journal, seeds[run], month, lots[run, month])
            if out.lead.shape[1] > 0:
                leader = strongest(body)
                out.leader[run, month - first] = leader
                out.lead[run, month - first] = body.share[leader] if leader != NOBODY else 0.0
            if mark < out.marks.shape[0] and out.marks[mark] == month:
                keep_mark(body, out, run, mark)
                mark += 1
        keep(body, out, run)
