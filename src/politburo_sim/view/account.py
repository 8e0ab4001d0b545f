"""What has happened in one history so far, read on as it is lived.

Read from the journal entry by entry, so that each month costs what has happened in it alone,
however long the history has become.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from politburo_sim.months import month_name
from politburo_sim.record import words
from politburo_sim.record.annalist import Annalist
from politburo_sim.record.ledger import Ledger
from politburo_sim.record.record import motion_of
from politburo_sim.record.summary import Head
from politburo_sim.run.model import Politburo
from politburo_sim.state import journal as j
from politburo_sim.state.body import NOBODY
from politburo_sim.view.standing import Standing
from politburo_sim.worlds.world import World

#: Entries that may bring somebody in, take somebody out, or give somebody a name.
_FATEFUL = (j.SANCTION, j.DEMOTED, j.BEREFT, j.SEATED, j.EVENT)


@dataclass(frozen=True)
class Mark:
    """Something that happened, for a time line."""

    month: int
    text: str
    weighty: bool


@dataclass(frozen=True)
class Policy:
    """What was decided on an axis.

    place : where, from -1 to 1. text : when, on which question and what. short : the same with the
    year alone.
    """

    month: int
    axis: int
    place: float
    text: str
    short: str


@dataclass(frozen=True)
class Vote:
    """One roll call. `votes`: slot and yes or no of all who voted."""

    month: int
    date: str
    mover: int
    target: int
    motion: str
    carried: bool
    tally: float
    votes: dict[int, bool]


@dataclass
class Account:
    """Follows one history; `names`, `cast` and what else it holds are as of the last month read.

    told : sentences by month. in_force : what was last decided on a question, by axis;
    voted_since : what a vote without a question has made of it. ledger : who sits and who stands
    with whom.
    """

    world: World
    names: tuple[str, ...] = field(init=False)
    cast: tuple[str, ...] = field(init=False)
    standing: Standing = field(init=False)
    ledger: Ledger = field(init=False)
    marks: list[Mark] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)
    adopted: list[Policy] = field(default_factory=list)
    in_force: dict[int, Policy] = field(default_factory=dict)
    voted_since: dict[int, str] = field(default_factory=dict)
    told: dict[int, list[str]] = field(default_factory=dict)
    _read: int = 0
    _fateful: list[words.Entry] = field(default_factory=list)
    _annalist: Annalist = field(init=False)

    def __post_init__(self) -> None:
        none = np.zeros((0, len(self.world.names)), np.int8)
        self._name()
        self.standing = Standing(self.world)
        self.ledger = Ledger(self.world, none)
        self._annalist = Annalist(self.world, self.names, none)

    def date(self, month: int) -> str:
        """Return the name of a month."""
        return month_name(self.world.start, month)

    def chronicle(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return the history in sentences, by the names of the months that have any."""
        return tuple((self.date(month), tuple(self.told[month])) for month in sorted(self.told))

    def policies(self) -> tuple[str, ...]:
        """Return what was last decided on each axis, in the words of its question."""
        said, axes = self.world.words, self.world.axes
        decided = {axis: policy.short for axis, policy in self.in_force.items()}
        return tuple(
            f"{said.axis(axes[axis])}: "
            + "; ".join(one[axis] for one in (decided, self.voted_since) if axis in one)
            for axis in sorted(decided.keys() | self.voted_since.keys())
        )

    def follow(self, model: Politburo, months: int) -> None:
        """Read on to the end of so many months; what a month has written that is not over waits."""
        journal = model.journal
        months_written = journal.entries["month"][: journal.size[0]]
        end = int(np.searchsorted(months_written, months))
        new, self._read = words.read(journal.entries[self._read : end]), end
        ballots = journal.ballots[: journal.size[1]]
        if fateful := [row for row in new if row.kind in _FATEFUL]:
            self._fateful += fateful
            self._name()
        self.ledger = self.standing.follow(new, ballots, months)
        self.told = self._annalist.follow(
            new, months, self.names, ballots, model.shares, model.body.ideal
        )
        for row in new:
            self._note(row, ballots)

    def _name(self) -> None:
        """Say anew who they are and what became of them."""
        self.names = words.people(self.world, self._fateful)
        no_shares = np.zeros((0, 0))  # of these speaks the end alone
        head = Head(self.world, self.names, self._fateful, lambda _: self.ledger, no_shares, 0)
        self.cast = tuple(head.cast())

    def _note(self, row: words.Entry, ballots: NDArray[np.int8]) -> None:
        self.marks += self._mark(row)
        if row.kind in words.ROLL_CALLS:
            cast = ballots[row.ballot] if 0 <= row.ballot < len(ballots) else np.zeros(0)
            votes = {int(k): bool(cast[k]) for k in np.flatnonzero(cast >= 0)}
            self.votes.append(
                Vote(row.month, self.date(row.month), row.who, row.whom,
                     motion_of(self.world, row), row.carried, row.x, votes)
            )  # fmt: skip
        if row.kind in (j.ADOPTED, j.DIVISION) and row.what != NOBODY:
            decided = self._decided(row)
            self.adopted.append(decided)
            self.in_force[decided.axis] = decided
            self.voted_since.pop(decided.axis, None)
        elif row.kind == j.DIVISION:
            winner = self.names[row.who if row.carried else row.whom]
            year = self.date(row.month)[-4:]
            self.voted_since[int(row.z)] = f"in {year} the vote goes as {winner} has it"

    def _decided(self, row: words.Entry) -> Policy:
        """Return what was decided on a question of policy."""
        axis, place = (row.y, row.x) if row.kind == j.ADOPTED else (row.z, row.y)
        question, date = self.world.questions[row.what], self.date(row.month)
        decided = words.alternatives(self.world, row.what, place)[0]
        short = f"{question.title} ({date[-4:]}): {decided}"
        return Policy(row.month, int(axis), place, f"{date}, {question.title}: {decided}", short)

    def _mark(self, row: words.Entry) -> list[Mark]:
        world, name = self.world, self.names[row.who]
        if row.kind == j.SANCTION and row.what >= world.losses.seat:
            return [Mark(row.month, f"{name} {world.rungs[row.what]}", True)]
        if row.kind == j.DEMOTED:
            return [Mark(row.month, f"{name} is not elected again", True)]
        if row.kind == j.RULES and row.what == 0:
            return [Mark(row.month, f"{name} rules alone", True)]
        if row.kind == j.BEREFT:
            return [Mark(row.month, f"{name} leaves the body", True)]
        if row.kind == j.FORMED:
            called = words.coalition_name(name, words.aim_of(row))
            return [Mark(row.month, f"{called} against {self.names[row.whom]}", False)]
        if row.kind == j.EVENT and row.carried:
            return [Mark(row.month, world.events[row.what].text, False)]
        return []
