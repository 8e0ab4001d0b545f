"""The entries of a month in scenes: what began something, what led to it, and what followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from politburo_sim.record.words import Entry
from politburo_sim.state import journal as j
from politburo_sim.state.body import POLICY

#: Entries with which a scene begins.
ANCHORS = frozenset(
    (j.EVENT, j.FORMED, j.TURNED, j.ADOPTED, j.DIVISION, j.DEMAND, j.STRUCK, j.RULES, j.PROPOSED)
)
#: Entries of men who come, go and follow; they lead to what comes next, or stand alone.
MOVES = frozenset((j.TAKEN_OVER, j.JOINED, j.CROSSED, j.LEFT, j.BROKEN_UP, j.TIED))


@dataclass
class Scene:
    """One story of a month. `head` is what it is about; None where men only come and go."""

    head: Entry | None
    before: list[Entry] = field(default_factory=list)
    after: list[Entry] = field(default_factory=list)

    @property
    def entries(self) -> list[Entry]:
        """All entries, in the order of the journal."""
        return [*self.before, *([self.head] if self.head else []), *self.after]

    def of(self, *kinds: int) -> list[Entry]:
        """Return what followed of some kinds."""
        return [entry for entry in self.after if entry.kind in kinds]


def scenes(month: Iterable[Entry]) -> Iterator[Scene]:
    """Yield the scenes of one month.

    What men did just before a coalition is formed or turned belongs to it; an opposition on a
    policy belongs to the division in which it appears; whatever follows a vote belongs to the vote.
    """
    now: Scene | None = None
    moves: list[Entry] = []
    for entry in month:
        if entry.kind in MOVES:
            moves.append(entry)
        elif entry.kind in ANCHORS:
            if now is not None:
                yield now
            leads_here = entry.kind in (j.FORMED, j.TURNED) or _stood_up(moves)
            if moves and not leads_here:
                yield Scene(None, moves)
                moves = []
            if entry.kind == j.FORMED and entry.what == POLICY:
                moves, now = [*moves, entry], None
            else:
                now, moves = Scene(entry, moves), []
        elif now is None:
            now, moves = Scene(entry, moves), []
        else:
            now.after += [*moves, entry]
            moves = []
    if now is not None:
        yield now
    if moves:
        yield Scene(None, moves)


def _stood_up(moves: list[Entry]) -> bool:
    """Whether an opposition has just formed, which the division that comes will tell."""
    return any(entry.kind == j.FORMED for entry in moves)
