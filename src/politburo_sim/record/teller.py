"""How a history is told: what all its scenes have in common, and men who come and go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from politburo_sim.record.ledger import Ledger
from politburo_sim.record.words import (
    Entry,
    coalition_name,
    common_words,
    does,
    inner,
    listed,
    number,
)
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    DEFENCE,
    NOBODY,
)
from politburo_sim.worlds.world import World

#: So many on the beaten side are named as "only A and B"; a vote nearer to a half than this is
#: told in figures.
FEW, CLOSE = 2, 0.06
#: A coalition that ends within so many months has come to nothing.
SHORT = 3
#: Moves that a man makes by himself: each is told on its own.
_SINGLE = frozenset((j.TAKEN_OVER, j.BROKEN_UP, j.TIED))


class Teller:
    """A world's words, who is in which coalition, and what a reader has been told."""

    def __init__(self, world: World, names: Sequence[str], ballots: NDArray[np.int8]) -> None:
        self.world = world
        self.words = world.words
        self.names = names
        self.ledger = Ledger(world, ballots)
        self._common = common_words(world)
        self._turns = Counter[str]()
        self._betrayed: set[frozenset[int]] = set()
        self._met: set[tuple[int, int]] = set()
        self._motion: tuple[int, int] | None = None
        self._again: dict[tuple[int, int, int, bool], list[int]] = {}
        self._this_year: set[tuple[int, int, int, bool]] = set()

    def _vary(self, key: str, *forms: str) -> str:
        """Return one of several ways to say a thing, each in its turn."""
        form = forms[self._turns[key] % len(forms)]
        self._turns[key] += 1
        return form

    def _all(self, slots: Iterable[int]) -> list[str]:
        return [self.names[k] for k in sorted(slots)]

    def _clause(self, text: str) -> str:
        """Return a sentence of the world as a clause."""
        return inner(text, self._common)

    def _moves(self, entries: Sequence[Entry]) -> list[str]:
        """Say who joined, left and crossed, those who did the same together."""
        told: list[str] = []
        ended = {e.who for e in entries if e.kind == j.BROKEN_UP}
        groups: dict[tuple[int, int, int], list[int]] = {}
        for entry in entries:
            other = entry.what if entry.kind == j.CROSSED else NOBODY
            leader = entry.who if entry.kind in _SINGLE else entry.whom
            groups.setdefault((entry.kind, leader, other), []).append(entry.who)
        lasted = {e.who: int(e.x) for e in entries if e.kind == j.BROKEN_UP}
        heirs = {e.who: e for e in entries if e.kind == j.TAKEN_OVER}
        ties = {e.who: e for e in entries if e.kind == j.TIED}
        for (kind, key, other), who in groups.items():
            names = self._all(who)
            match kind:
                case j.LEFT if key in ended:
                    end = self._vary(
                        "left and ended", "which breaks up", "and that is the end of it"
                    )
                    told.append(
                        f"{listed(names)} {does(names, 'leave')} {self._called(key)}, {end}"
                    )
                case j.LEFT:
                    verb = self._vary("left", "leave", "part with", "withdraw from")
                    told.append(f"{listed(names)} {conjugated(names, verb)} {self._called(key)}")
                case j.JOINED | j.CROSSED if len(who) == 1 and who[0] in ties:
                    to = self._called(key if kind == j.JOINED else other)
                    told[-1] += (
                        f" and goes over to {to}" if kind == j.CROSSED else f" and joins {to}"
                    )
                case j.JOINED:
                    told.append(f"{listed(names)} {does(names, 'join')} {self._called(key)}")
                case j.CROSSED:
                    told.append(
                        f"{listed(names)} {does(names, 'go')} over from {self._called(key)} to "
                        f"{self._called(other)}"
                    )
                case j.BROKEN_UP:
                    if not any(g[0] == j.LEFT and g[1] == key for g in groups):
                        told.append(self._end(key, lasted[key]))
                case j.TAKEN_OVER:
                    told.append(self._succession(heirs[key]))
                case j.TIED:
                    told.append(self._tie(ties[key]))
        return told

    def _called(self, leader: int) -> str:
        """Return the name of the coalition that a man leads."""
        led = self.ledger.led_by(leader)
        return coalition_name(self.names[leader], led.aim if led is not None else DEFENCE)

    def _end(self, leader: int, lasted: int) -> str:
        led = self.ledger.led_by(leader)
        name = self._called(leader)
        if led is not None and led.target in self.ledger.fallen:
            return self._vary(
                "done",
                f"with {self.names[led.target]} gone, {name} has nothing left to hold it together",
                f"{name} has outlived its purpose and dissolves",
            )
        if lasted < SHORT:
            return self._vary("nothing", f"nothing comes of {name}", f"{name} falls apart at once")
        return self._vary(
            "end", f"after {_span(lasted)} {name} breaks up",
            f"{name} fades away after {_span(lasted)}", f"{name}, {_span(lasted)} old, dissolves",
        )  # fmt: skip

    def _succession(self, entry: Entry) -> str:
        heir, before = self.names[entry.who], self._called(entry.whom)
        if entry.x:
            return f"{heir} takes the lead of what was {before}"
        return f"{heir} takes {before} over"

    def _tie(self, entry: Entry) -> str:
        who, patron = self.names[entry.who], self.names[entry.whom]
        if entry.what not in (NOBODY, entry.whom):
            before = self.names[entry.what]
            if entry.what not in self.ledger.full | self.ledger.candidates:
                return f"{who}, once a client of {before}, looks to {patron} for protection"
            return f"{who} leaves {before} for the protection of {patron}"
        return self._vary(
            "tied",
            f"{who} becomes a client of {patron}",
            f"{who} looks to {patron} for protection",
            f"{who} enters the following of {patron}",
        )  # fmt: skip

    def _recant(self, who: list[str]) -> str:
        return self._vary(
            "recant", f"{listed(who)} {does(who, 'recant')}",
            f"{listed(who)} {does(who, 'renounce')} the stand taken",
            f"{listed(who)} publicly {does(who, 'give')} way",
        )  # fmt: skip


def conjugated(names: Sequence[str], phrase: str) -> str:
    """Return a verb with its particle, in the number of its subject."""
    verb, _, rest = phrase.partition(" ")
    return f"{does(names, verb)}{' ' if rest else ''}{rest}"


def _span(months: int) -> str:
    """Return a time in words."""
    if months <= 12:
        return f"{number(months)} months"
    if months < 23:
        return "more than a year"
    years = round(months / 12)
    return f"{number(years)} years"
