"""The Mesa driver: the body as a Mesa model, whose members decide by their own methods.

It decides nothing by itself: members decide by their own methods, the rules weigh and count.
The compiled driver (`engine.py`) lives the same month, and the two agree bit for bit.
"""

from __future__ import annotations

from pathlib import Path
from traceback import extract_tb
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from politburo_sim.files.errors import InputError
from politburo_sim.months import month_name
from politburo_sim.rules import (
    coalitions,
    consequences,
    demotion,
    divisions,
    events,
    floor,
    month,
    offences,
    organising,
    patrons,
    sanctions,
    sole_rule,
    vacancy,
    voting,
)
from politburo_sim.rules.founding import found
from politburo_sim.run.member import Member, Question
from politburo_sim.state.body import NOBODY, RULED_SINCE, RULER, SPEAKERS, Body, bare, copy_record
from politburo_sim.state.compiled import plain
from politburo_sim.state.journal import make_journal
from politburo_sim.state.work import Work, make_work
from politburo_sim.worlds.given import build_world
from politburo_sim.worlds.schema import Scenario
from politburo_sim.worlds.world import World

if TYPE_CHECKING:
    from politburo_sim.record.record import Record

LARGEST_SEED = 2**63 - 1


#: Modules in which members' decisions are called for: for Mesa they run as plain Python.
PROCEDURES = (
    month, coalitions, organising, divisions, floor, offences, sanctions, consequences, demotion,
    vacancy,
    patrons, voting, events, sole_rule,
)  # fmt: skip


def check_seed(seed: Any) -> int:
    """Return a seed, or say what a seed is."""
    whole = isinstance(seed, (int, np.integer)) and not isinstance(seed, bool)
    if not whole or not 0 <= int(seed) <= LARGEST_SEED:
        raise InputError(
            "a seed must be a whole number", key="seed", given=seed,
            allowed=f"0 to {LARGEST_SEED}", hint="give a whole number such as 7",
        )  # fmt: skip
    return int(seed)


def _built(world: Any) -> World:
    """A world ready to run, from whatever a world is given as."""
    if not isinstance(world, (str, Path, Scenario, World)):
        raise InputError(
            "not a world", key="world", given=world,
            allowed="a shipped name, a path, a Scenario (load_scenario) or a World (build_world)",
        )  # fmt: skip
    return build_world(world)


def _kind_of_member(kind: Any) -> type[Member]:
    """A class of members, or what one is."""
    if not (isinstance(kind, type) and issubclass(kind, Member)):
        raise InputError(
            "not a kind of member", key="member_class", given=kind,
            allowed="Member, or a subclass of it",
            hint="give the class itself, such as member_class=Faithful",
        )  # fmt: skip
    return kind


#: Decisions that are chances.
CHANCES = frozenset(("join", "drop_out", "go_on", "stand_up", "lean", "recant"))


class Politburo(mesa.Model):  # type: ignore[misc]
    """A ruling body that lives month by month.

    Parameters
    ----------
    world : a World, a Scenario, or a scenario's shipped name or path.
    seed : whole number from 0 to 2**63 - 1; world and seed fix the run. Mesa's own `rng` and
        `random` are there for an observer; no rule draws from them.
    member_class : a subclass of Member, for members of one's own.

    It can be copied (`copy.deepcopy`) and pickled; the copy lives on as the model would have.

    Raises
    ------
    InputError
        If the seed, the world, or the class of members is none.
    """

    def __init__(
        self,
        world: World | Scenario | str | Path = "ussr-1922",
        seed: int = 0,
        member_class: type[Member] = Member,
    ) -> None:
        self.seed = check_seed(seed)
        super().__init__(rng=self.seed)
        self.world = _built(world)
        self._state: Body = copy_record(self.world.body)
        self._work: Work = make_work(self._state)
        self._connect()
        slots = self.arrays.ident.shape[0]
        self.journal = make_journal(
            self.world.months * (2 * slots + 8) + 256, 4 * self.world.months + 64, slots
        )
        self.month = 0
        self.running = True
        self.shares: list[Any] = []
        self._member_class = _kind_of_member(member_class)
        self._members: dict[int, Member] = {}
        found(self.body, self.work, self.world.coding, self.seed)
        for slot in range(self.world.members):
            self.member(slot)
        self.datacollector = mesa.DataCollector(
            model_reporters={name: name for name in ("leader", "leader_share", "effective_number")}
        )

    def _connect(self) -> None:
        """Lay views over the state, and make the month that asks the members."""
        self.arrays, self.scratch = _views(self._state), _views(self._work)
        self.body, self.work = bare(self._state), bare(self._work)
        self._month = plain(PROCEDURES, **self._decisions())[0]

    def __getstate__(self) -> dict[str, Any]:
        """All but what is made from the state: views of it, and the month."""
        made = ("arrays", "scratch", "body", "work", "_month")
        return {name: it for name, it in vars(self).items() if name not in made}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Live on from a state; newcomers are numbered after those who are there."""
        self.__dict__.update(state)
        self._state, self._work = copy_record(self._state), copy_record(self._work)
        self._connect()
        Member.number_from(self, 1 + max(member.unique_id for member in self._members.values()))

    def __repr__(self) -> str:
        return f"Politburo({self.world.scenario.name!r}, seed={self.seed}, {self.date})"

    # Looking at the body ---------------------------------------------------------------

    def member(self, slot: int) -> Member:
        """The member in a slot; a newcomer's agent is made when he is first met.

        `agents` holds all who have been met: those in the body, those awaited and those gone. The
        members of the world's file have the first slots, in the order of `world.names`.
        """
        found = self._members.get(slot)
        if found is None:
            slot = self._slot(slot)
            found = self._members[slot] = self._member_class(self, slot)
        return found

    def _slot(self, given: Any) -> int:
        slots = len(self.world.names)
        if isinstance(given, (int, np.integer)) and 0 <= given < slots:
            return int(given)
        raise InputError(
            "no such slot",
            key="slot",
            given=given,
            allowed=f"0 to {slots - 1}",
            hint="model.world.names.index(NAME) is the slot of a name",
        )

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
        from politburo_sim.record.record import Record

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
        """One month (`rules/month.py`); nothing once the scenario has ended."""
        if self.month >= self.world.months:
            self.running, self.steps = False, self.month
            return
        self._month.live_month(
            self.body, self.work, self.journal, self.world.calendar, self.world.agenda, self.month
        )
        self.shares.append(self.arrays.share.copy())
        self.datacollector.collect(self)
        self.month += 1
        self.running = self.month < self.world.months

    def _decisions(self) -> dict[str, Any]:
        """The decisions: the month asks each member by his own method."""

        def chosen(name: str) -> Any:
            def decide(body: Body, work: Work, who: int) -> int:
                member = self.member(who)
                return _slot_of(_decided(member, name), member, name)

            return decide

        def asked(name: str) -> Any:
            sound = _chance if name in CHANCES else _number

            def decide(body: Body, work: Work, who: int, *about: Any) -> Any:
                member = self.member(who)
                return sound(_decided(member, name, Question(member), *about), member, name)

            return decide

        def choose_position(
            body: Body, work: Work, who: int, rival: int, axis: int, low: float, high: float,
            against: float,
        ) -> float:  # fmt: skip
            member = self.member(who)
            other = None if rival == NOBODY else self.member(rival)
            about = (self.world.axes[axis], low, high, other, against)
            place = _decided(member, "choose_position", *about)
            return float(_number(place, member, "choose_position"))

        def about(name: str) -> Any:
            sound = _chance if name in CHANCES else _number

            def decide(body: Body, work: Work, who: int, other: int) -> Any:
                member = self.member(who)
                return sound(_decided(member, name, self.member(other)), member, name)

            return decide

        return {name: asked(name) for name in (
            "join", "drop_out", "go_on", "stand_up", "reconsider", "fights", "worth_opposing",
            "worth_demanding", "lean",
        )} | {
            "choose_target": chosen("choose_target"), "choose_patron": chosen("choose_patron"),
            "choose_position": choose_position,
            "recant": about("recant"), "worth_naming": about("worth_naming"),
        }  # fmt: skip


def _views(record: Any) -> SimpleNamespace:
    """The arrays of a record under their names, quicker to reach than through it."""
    return SimpleNamespace(**{name: record[name] for name in record.dtype.names})


def _decided(member: Member, name: str, *about: Any) -> Any:
    """What a member decides; where his own class fails, which decision it is, and its line."""
    decide = getattr(member, name)
    if type(member) is Member:
        return decide(*about)
    try:
        return decide(*about)
    except InputError:
        raise
    except Exception as error:
        own = [f for f in extract_tb(error.__traceback__) if f.filename != __file__]
        file, line = (own[-1].filename, own[-1].lineno) if own else (None, None)
        raise InputError(
            f"a decision that fails: {type(error).__name__}: {error}", file=file, line=line,
            key=f"{type(member).__name__}.{name}", hint="check_member tries all decisions",
        ) from error  # fmt: skip


def _number(given: Any, member: Member, name: str) -> Any:
    """What a member's decision returned; a refusal where it is no number, as without a return."""
    if isinstance(given, (int, float, np.number, np.bool_)) and given == given:
        return given
    raise _no_answer(given, member, name, "a number")


def _chance(given: Any, member: Member, name: str) -> Any:
    """What a member's decision returned; a refusal where it is no chance."""
    if 0.0 <= _number(given, member, name) <= 1.0:
        return given
    raise _no_answer(given, member, name, "a chance, from 0 to 1")


def _slot_of(given: Any, member: Member, name: str) -> int:
    """The slot of the member whom another chose; a refusal where he chose no member."""
    if given is None:
        return NOBODY
    if isinstance(given, Member):
        return given.slot
    raise _no_answer(given, member, name, "a member, or None")


def _no_answer(given: Any, member: Member, name: str, allowed: str) -> InputError:
    return InputError(
        f"a decision that returns {given!r}", key=f"{type(member).__name__}.{name}",
        allowed=f"{allowed} (docs/members.md)", hint="check_member says what else is wrong",
    )  # fmt: skip
