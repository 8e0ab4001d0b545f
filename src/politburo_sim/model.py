"""The Mesa driver: the body, and its month as an ordered tuple of phases.

It decides nothing by itself: members decide by their own methods, the rules weigh and count.
The compiled driver (`engine.py`) lives the same month, and the two agree bit for bit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from politburo_sim.draws import CONTEST, JUDGE, PRESS, VOTE, draw
from politburo_sim.errors import InputError
from politburo_sim.member import Member
from politburo_sim.parameters import PLACE
from politburo_sim.rules import aftermath, foresight, platform, sanctions, voting
from politburo_sim.rules.appointments import appoint
from politburo_sim.rules.body import (
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
    RULED_SINCE,
    RULER,
    SPEAKERS,
    USUAL,
    Body,
    bare,
    copy_record,
)
from politburo_sim.rules.events import happen
from politburo_sim.rules.founding import found
from politburo_sim.rules.journal import (
    ACCOUNT,
    DROPPED,
    RAISED,
    ROLL_CALL,
    keep_ballot,
    make_journal,
    note,
)
from politburo_sim.rules.perception import perceive
from politburo_sim.rules.platform import ALLY, FLIP
from politburo_sim.rules.power import reckon
from politburo_sim.rules.sole_rule import rule_alone
from politburo_sim.rules.work import ABSENT, make_work
from politburo_sim.scenario import Scenario, load_scenario
from politburo_sim.world import World, build_world, month_name

if TYPE_CHECKING:
    from politburo_sim.record import Record

_RATE = PLACE["contest_rate"]
_PROPOSALS = PLACE["proposals"]
_ROUNDS = PLACE["caucus_rounds"]
_MAJORITY = PLACE["majority"]

#: The month, in order.
PHASES = ("events", "appointments", "questions", "rule of one", "reckoning")
LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True)
class Question:
    """A question before the body: who moves it, against whom, at which rung (0: on policy)."""

    mover: int
    target: int
    rung: int


def check_seed(seed: Any) -> int:
    """Return a seed, or say what a seed is."""
    whole = isinstance(seed, (int, np.integer)) and not isinstance(seed, bool)
    if not whole or not 0 <= int(seed) <= LARGEST_SEED:
        raise InputError(
            "a seed must be a whole number", key="seed", given=seed,
            allowed=f"0 to {LARGEST_SEED}", hint="give a whole number such as 7",
        )  # fmt: skip
    return int(seed)


class Politburo(mesa.Model):  # type: ignore[misc]
    """A ruling body that lives month by month.

    Parameters
    ----------
    world : a World, a Scenario, or the name of a shipped scenario.
    seed : whole number from 0 to 2**63 - 1; world and seed fix the run.
    member_class : a subclass of Member, for members of one's own.
    """

    def __init__(
        self,
        world: World | Scenario | str = "ussr-1922",
        seed: int = 0,
        member_class: type[Member] = Member,
    ) -> None:
        self.seed = check_seed(seed)
        super().__init__(rng=self.seed)
        if isinstance(world, str):
            world = load_scenario(world)
        self.world = build_world(world) if isinstance(world, Scenario) else world
        self._state: Body = copy_record(self.world.body)
        work = make_work(self._state)
        self.arrays = _views(self._state)
        self.scratch = _views(work)
        self.body, self.work = bare(self._state), bare(work)
        slots = self.arrays.ident.shape[0]
        self.journal = make_journal(
            self.world.months * (2 * slots + 8) + 256, 4 * self.world.months + 64, slots
        )
        self.month = 0
        self.running = True
        self.shares: list[Any] = []
        self._member_class = member_class
        self._members: dict[int, Member] = {}
        found(self.body, self.world.coding, self.seed)
        for slot in range(self.world.members):
            self.member(slot)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "leader": lambda m: m.leader,
                "leader_share": lambda m: m.leader_share,
                "effective_number": lambda m: m.effective_number,
            }
        )

    def __repr__(self) -> str:
        return f"Politburo({self.world.scenario.name!r}, seed={self.seed}, {self.date})"

    # Looking at the body ---------------------------------------------------------------

    def member(self, slot: int) -> Member:
        """The member in a slot; a newcomer's agent is made when he is first met."""
        slot = int(slot)
        if slot not in self._members:
            self._members[slot] = self._member_class(self, slot)
        return self._members[slot]

    @property
    def date(self) -> str:
        """The month that comes next, such as "April 1923"."""
        return month_name(self.world.start, self.month)

    @property
    def speakers(self) -> list[int]:
        """Slots of those who speak: full members and candidates who are able to."""
        return [int(k) for k in self.arrays.speakers[: self.arrays.clock[SPEAKERS]]]

    @property
    def leader(self) -> str:
        """Who has the largest share of the power; "nobody" in an empty body."""
        share = self.arrays.share
        best = int(share.argmax())
        return self.world.names[best] if share[best] > 0.0 else "nobody"

    @property
    def leader_share(self) -> float:
        """The largest share of the power."""
        return float(self.arrays.share.max())

    @property
    def effective_number(self) -> float:
        """Laakso and Taagepera's effective number, 1 / sum w^2; 0 in an empty body."""
        share = self.arrays.share
        squares = float((share * share).sum())
        return 1.0 / squares if squares > 0.0 else 0.0

    @property
    def established(self) -> tuple[Member, int] | None:
        """The established sole ruler and the month in which his rule was established."""
        ruler = int(self.arrays.clock[RULER])
        return (
            None if ruler == NOBODY else (self.member(ruler), int(self.arrays.clock[RULED_SINCE]))
        )

    @property
    def record(self) -> Record:
        """What the run has left behind so far."""
        from politburo_sim.record import Record

        return Record(
            world=self.world, seed=self.seed,
            entries=self.journal.entries[: self.journal.size[0]].copy(),
            ballots=self.journal.ballots[: self.journal.size[1]].copy(),
            body=copy_record(self._state),
            shares=np.array(self.shares, dtype=float).reshape(self.month, len(self.world.names)),
            months=self.month,
        )  # fmt: skip

    @property
    def chronicle(self) -> Any:
        """The dated events of the run so far, in prose."""
        return self.record.chronicle

    # The month -------------------------------------------------------------------------

    def run(self) -> Politburo:
        """Live on to the end of the scenario."""
        while self.running:
            self.step()
        return self

    def step(self) -> None:
        """One month, through PHASES in order."""
        if self.month >= self.world.months:
            self.running = False
            return
        self.happenings()
        appoint(self.body, self.work)
        self.questions()
        rule_alone(self.body, self.work, self.journal, self.seed, self.month)
        reckon(self.body, self.journal, self.month)
        self.shares.append(self.arrays.share.copy())
        self.datacollector.collect(self)
        self.month += 1
        self.running = self.month < self.world.months

    def happenings(self) -> None:
        """Events of the calendar, and the questions that it puts."""
        calendar = self.world.calendar
        due = calendar.due
        for row in range(due[self.month], due[self.month + 1]):
            if happen(self.body, self.work, self.journal, self.seed, self.month, calendar, row):
                mover = int(calendar.who[row])
                perceive(self.body, self.work, mover, int(calendar.backer[row]))
                sanctions.name_nobody(self.work)
                question = Question(mover, int(calendar.whom[row]), int(calendar.what[row]))
                self.judge(question, int(calendar.amount[row]))

    def questions(self) -> None:
        """The month's question, if any: as usual, or in the power game a proposed sub-body."""
        if self.arrays.par[_PROPOSALS] != 0.0:
            self.game_round()
        elif draw(self.seed, self.month, CONTEST, 0, 0) < self.arrays.par[_RATE]:
            self.contest()

    def contest(self) -> None:
        """A month with an open question."""
        mover = self.first_to_speak()
        if mover == NOBODY:
            return
        perceive(self.body, self.work, NOBODY, NOBODY)
        target = int(self.member(mover).choose_target(self.month))
        if target == NOBODY:
            return
        self.arrays.count[CONTESTS] += 1
        if self.arrays.status[target] == COMMITTEE:
            self.scratch.vote[:] = ABSENT
            self.call_to_account(mover, target, 0)
        else:
            self.debate(Question(mover, target, 0))

    def first_to_speak(self) -> int:
        """The voting head with the shortest urge, or NOBODY."""
        best, soonest = NOBODY, math.inf
        for k in self.speakers:
            if self.arrays.status[k] == FULL:
                wait = self.member(k).urge(self.month)
                if wait < soonest:
                    best, soonest = k, wait
        return best

    def debate(self, question: Question) -> None:
        """A policy question, from platform to aftermath."""
        body, work, a = self.body, self.work, self.arrays
        mover, target = question.mover, question.target
        bond = a.bond[mover, target]
        platform.take_rival(body, work, target)
        choice = self.member(mover).choose_platform()
        moved = platform.take_stand(body, work, mover)
        a.count[FLIPS] += 1 if moved >= FLIP else 0
        a.count[ALLY_TARGETS] += 1 if bond > ALLY else 0
        self.note(RAISED, mover, target, choice, moved, bond)
        voting.weigh_votes(body, work, sanctions.venue_of(body, 0, USUAL))
        voting.weigh_question(body, work, mover, target, 0)
        self.caucus(question)
        expected = self.scratch.expected[mover]
        chance = self.member(mover).press(question)
        if draw(self.seed, self.month, PRESS, a.ident[mover], a.ident[target]) >= chance:
            self.note(DROPPED, mover, target, 0, expected)
            return
        share = self.call_roll(VOTE, target)
        carried = voting.carries(share, a.par[_MAJORITY])
        a.count[ROLL_CALLS] += 1
        ballot = keep_ballot(self.journal, body, work)
        self.note(ROLL_CALL, mover, target, int(carried), share, float(ballot), expected)
        aftermath.settle(body, work, self.journal, self.month, mover, target, carried)
        if carried:
            self.call_to_account(mover, target, 0)
        else:
            self.call_to_account(target, mover, 1)

    def caucus(self, question: Question) -> None:
        """Each member is asked in each round; the rules draw up what everybody expects."""
        for _ in range(int(self.arrays.par[_ROUNDS])):
            self.ask(question)
            voting.expect(self.body, self.work)
        self.ask(question)

    def ask(self, question: Question) -> None:
        """Everybody's lean; mover and target stand by themselves."""
        lean = self.scratch.lean
        for k in self.speakers:
            lean[k] = self.member(k).lean(question)
        lean[question.mover] = 1.0
        lean[question.target] = 0.0

    def call_roll(self, decision: int, about: int) -> float:
        """Everybody votes; the share of yes."""
        ident, lean, vote = self.arrays.ident, self.scratch.lean, self.scratch.vote
        for k in self.speakers:
            luck = draw(self.seed, self.month, decision, ident[k], ident[about])
            vote[k] = 1 if luck < lean[k] else 0
        return voting.tally(self.body, self.work)

    def call_to_account(self, victor: int, beaten: int, losing: int) -> None:
        """The beaten leader, and those named with him, may face a personnel question."""
        rung = int(sanctions.rung_sought(self.body, self.seed, self.month, beaten))
        if rung == CLEAR:
            return
        sanctions.name_signatories(self.body, self.work, self.seed, self.month, beaten, losing)
        perceive(self.body, self.work, NOBODY, NOBODY)
        self.judge(Question(victor, beaten, rung), USUAL)

    def judge(self, question: Question, venue: int) -> None:
        """A personnel question: weighed, put to the vote, and carried out where it carries."""
        body, work, a = self.body, self.work, self.arrays
        mover, target, rung = question.mover, question.target, question.rung
        self.scratch.chosen[:] = a.stance[mover]
        self.scratch.rival[:] = a.stance[target]
        voting.weigh_votes(body, work, sanctions.venue_of(body, rung, venue))
        voting.weigh_question(body, work, mover, target, rung)
        foresight.look_ahead(body, work, self.seed, self.month, target)
        self.caucus(question)
        share = self.call_roll(JUDGE, target)
        carried = voting.carries(share, sanctions.threshold(body, rung))
        a.count[PERSONNEL] += 1
        ballot = keep_ballot(self.journal, body, work)
        self.note(ACCOUNT, mover, target, int(carried), share, float(ballot), float(rung))
        aftermath.move_bonds(body, work)
        if carried:
            a.count[CARRIED] += 1
            sanctions.carry_out(
                body, work, self.journal, self.seed, self.month, mover, target, rung
            )

    def game_round(self) -> None:
        """The power game's month: one proposer, one proposed part of the body, one vote."""
        body, work = self.body, self.work
        part = foresight.propose(body, work, self.seed, self.month)
        if part == 0:
            return
        heads = foresight.list_heads(body, work)
        proposer = self.scratch.heads[foresight.whose_turn(body, work, self.seed, heads)]
        foresight.judge_proposal(body, work, self.seed, self.month, part)
        for k in self.speakers:
            self.scratch.vote[k] = self.scratch.sight[k]
        share = voting.tally(body, work)
        foresight.close_round(body, work, self.journal, self.month, proposer, part, share)

    def note(
        self, kind: int, who: int, whom: int, what: int, x: float = 0.0, y: float = 0.0,
        z: float = 0.0,
    ) -> None:  # fmt: skip
        """Write one entry into the run's journal."""
        note(self.journal, self.month, kind, who, whom, what, x, y, z)


def _views(record: Any) -> SimpleNamespace:
    """The arrays of a record under their names, quicker to reach than through it."""
    return SimpleNamespace(**{name: record[name] for name in record.dtype.names})
