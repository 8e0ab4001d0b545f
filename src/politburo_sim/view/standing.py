"""Who has stood with whom, and who has fallen how far, from the start of a history to its present.

Read from the journal entry by entry, so that each month costs what has happened in it alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from politburo_sim.record import words
from politburo_sim.record.ledger import Coalition, Ledger
from politburo_sim.record.words import Entry
from politburo_sim.state import journal as j
from politburo_sim.state.body import MOST_COALITIONS
from politburo_sim.worlds.world import World


@dataclass(frozen=True)
class Stand:
    """A coalition under one leader, from its first month to its last.

    row : which of those that stand at one time, from 0 on. members : all who were ever in it.
    """

    leader: int
    aim: int
    target: int
    first: int
    last: int
    row: int
    members: tuple[int, ...]


@dataclass(frozen=True)
class Step:
    """A step down the ladder of sanctions: who reached which rung, in which month."""

    month: int
    slot: int
    rung: int


@dataclass
class Standing:
    """Follows one history."""

    world: World
    stands: list[Stand] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    _ledger: Ledger | None = None
    _open: dict[int, int] = field(default_factory=dict)  # leader -> place in `stands`
    _month: int = 0

    def follow(self, rows: Sequence[Entry], ballots: NDArray[np.int8], months: int) -> Ledger:
        """Read on: the entries since the last time. Who stands with whom after so many months."""
        if self._ledger is None:
            self._ledger = Ledger(self.world, ballots)
        ledger = self._ledger
        ledger.ballots = ballots
        for row in rows:
            self._close(row.month)
            ledger.note(row)
            if row.kind == j.SANCTION:
                self.steps.append(Step(row.month, row.who, row.what))
        self._close(months)
        return ledger

    def _close(self, month: int) -> None:
        """Write down what stood at the end of each month before this one."""
        if month > self._month and self._ledger is not None:
            self._note(self._ledger.coalitions, self._month, month - 1)
            self._month = month

    def _note(self, there: Sequence[Coalition], first: int, last: int) -> None:
        standing = {one.leader: one for one in there if len(one.members) > 1}
        self._open = {leader: at for leader, at in self._open.items() if leader in standing}
        taken = {self.stands[at].row for at in self._open.values()}
        for leader, one in standing.items():
            if leader not in self._open:
                row = next(row for row in range(len(taken) + 1) if row not in taken)
                taken.add(row)
                self._open[leader] = len(self.stands)
                self.stands.append(
                    Stand(leader, one.aim, one.target, first, last, min(row, MOST_COALITIONS - 1),
                          ())
                )  # fmt: skip
            at = self._open[leader]
            members = tuple(sorted({*self.stands[at].members, *one.members}))
            self.stands[at] = replace(
                self.stands[at], aim=one.aim, target=one.target, last=last, members=members
            )


def called(stand: Stand, names: Sequence[str]) -> str:
    """Return a coalition in one line: its name, its target, all who were ever in it."""
    aim = f" against {names[stand.target]}" if stand.target >= 0 else ""
    who = ", ".join(names[k] for k in stand.members)
    return f"{words.coalition_name(names[stand.leader], stand.aim)}{aim}: {who}"
