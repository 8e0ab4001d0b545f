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
    Floats,
)
from politburo_sim.worlds.world import World

#: So many on the beaten side are named as "only A and B"; a vote nearer to a half than this is
#: told in figures.
FEW, CLOSE = 2, 0.06
#: More names than this are a crowd, of which so many are named.
CROWD, KNOWN = 8, 3
#: A coalition that ends within so many months has come to nothing; one whose target fell so many
#: months ago at most has lost what held it together.
SHORT, SOON = 3, 6
#: Moves that a man makes by himself: each is told on its own.
_SINGLE = frozenset((j.TAKEN_OVER, j.BROKEN_UP, j.TIED))


class Teller:
    """A world's words, who is in which coalition, and what a reader has been told."""

    def __init__(
        self, world: World, names: Sequence[str], ballots: NDArray[np.int8],
        ideals: Floats | None = None,
    ) -> None:  # fmt: skip
        self.world = world
        self._ideals = ideals
        self.words = world.words
        self.names = names
        self.ledger = Ledger(world, ballots)
        self._common = common_words(world)
        self._turns = Counter[str]()
        self._betrayed: set[frozenset[int]] = set()
        self._met: dict[tuple[int, int], int] = {}
        self._stood = (NOBODY, NOBODY, list[str]())
        self._motion: tuple[int, int] | None = None
        self._again: dict[tuple[int, int, int, bool], list[int]] = {}
        self._noted: set[int] = set()
        #: Who takes a coalition over in the scene that is told, and from whom.
        self._heirs: dict[int, int] = {}
        #: Against whom the leader of a coalition has stood last, and when.
        self._fought: dict[int, tuple[int, int]] = {}
        self._this_year: set[tuple[int, int, int, bool]] = set()

    def _vary(self, key: str, *forms: str) -> str:
        """Return one of several ways to say a thing, each in its turn."""
        form = forms[self._turns[key] % len(forms)]
        self._turns[key] += 1
        return form

    def _all(self, slots: Iterable[int]) -> list[str]:
        return [self.names[k] for k in sorted(slots)]

    def _some(self, slots: set[int]) -> str:
        """Return names as a list; of a crowd only those of most prestige at the start."""
        if len(slots) <= CROWD:
            return listed(self._all(slots))
        prestige = self.world.body.prestige
        first = sorted(slots, key=lambda k: (-float(prestige[k]), k))[:KNOWN]
        rest = len(slots) - KNOWN
        return f"{', '.join(self._all(first))} and {number(rest)} others"

    def _clause(self, text: str) -> str:
        """Return a sentence of the world as a clause."""
        return inner(text, self._common)

    def _note(self, entries: Iterable[Entry]) -> None:
        """Bring the ledger up to date with entries of a scene before the rest of it is told."""
        for entry in entries:
            self.ledger.note(entry)
            self._noted.add(id(entry))

    def _stands_with(self, who: int, leader: int) -> bool:
        """Whether a man is in the coalition that another leads, and has not left it before."""
        mine = self.ledger.with_member(who)
        return mine is not None and mine.leader == leader

    def _moves(self, entries: Sequence[Entry]) -> list[str]:
        """Say who joined, left and crossed, those who did the same together."""
        told: list[str] = []
        entries = _without_returns(entries)
        ended = {e.who for e in entries if e.kind == j.BROKEN_UP}
        lasted = {e.who: int(e.x) for e in entries if e.kind == j.BROKEN_UP}
        heirs = {e.who: e for e in entries if e.kind == j.TAKEN_OVER}
        months = {e.who: e.month for e in entries if e.kind == j.BROKEN_UP}
        ties = {e.who: e for e in entries if e.kind == j.TIED}
        groups = _grouped(entries)
        for at, (kind, key, other, who) in enumerate(groups):
            names = self._all(who)
            gone = kind == j.CROSSED and not any(self._stands_with(k, key) for k in who)
            left = groups[at - 1] if at else (NOBODY, NOBODY, NOBODY, who)
            if kind == j.JOINED and left[0] == j.LEFT and left[3] == who and left[1] not in ended:
                told[-1] += f" for {self._called(key)}"
                continue
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
                    crosses = kind == j.CROSSED and not gone
                    told[-1] += f" and goes over to {to}" if crosses else f" and joins {to}"
                case j.JOINED:
                    spared = self._spared(key, who)
                    told.append(
                        f"{listed(names)} {does(names, 'join')} {self._called(key)}{spared}"
                    )
                case j.CROSSED if gone:
                    told.append(
                        f"{listed(names)}, once of {self._called(key)}, {does(names, 'join')} "
                        f"{self._called(other)}"
                    )
                case j.CROSSED:
                    told.append(
                        f"{listed(names)} {does(names, 'go')} over from {self._called(key)} to "
                        f"{self._called(other)}{self._spared(other, who)}"
                    )
                case j.BROKEN_UP:
                    if not any(e.kind == j.LEFT and e.whom == key for e in entries):
                        told.append(self._end(key, lasted[key], months[key]))
                case j.TAKEN_OVER:
                    told.append(self._succession(heirs[key]))
                case j.TIED:
                    told.append(self._tie(ties[key]))
        return told

    def _called(self, leader: int) -> str:
        """Return the name of the coalition that a man leads."""
        led = self.ledger.led_by(leader)
        before = self._heirs.get(leader, NOBODY)
        if led is None and (his := self.ledger.led_by(before)) is not None:
            return coalition_name(self.names[before], his.aim)  # he has not taken it over yet
        return coalition_name(self.names[leader], led.aim if led is not None else DEFENCE)

    def _spared(self, leader: int, who: Sequence[int]) -> str:
        """Say that a coalition has let go of a man who comes into it, if he was its target."""
        led = self.ledger.led_by(leader)
        if led is None or led.target not in who:
            return ""
        name, led.target = self.names[led.target], NOBODY
        return f", which aims at {name} no longer"

    def _end(self, leader: int, lasted: int, month: int) -> str:
        led = self.ledger.led_by(leader)
        name = self._called(leader)
        fell = self.ledger.fallen.get(led.target) if led is not None else None
        whom, when = self._fought.get(leader, (NOBODY, NOBODY))
        since = fell is not None and when > fell.month and whom != fell.who
        if fell is not None and month - fell.month <= SOON and not since:
            return self._vary(
                "done",
                f"with {self.names[fell.who]} gone, {name} has nothing left to hold it together",
                f"{name} has outlived its purpose and dissolves",
            )
        if lasted < SHORT:
            soon = "at once" if lasted == 0 else "soon"
            return self._vary("nothing", f"nothing comes of {name}", f"{name} falls apart {soon}")
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
    near = "nearly " if months < 12 * years else "more than " if months > 12 * years else ""
    return f"{near}{number(years)} years"


def _without_returns(entries: Sequence[Entry]) -> list[Entry]:
    """Return moves without those of men who leave a coalition and are back in it at once."""
    told = list(entries)
    for left in entries:
        if left.kind != j.LEFT or left not in told:
            continue
        after = told[told.index(left) + 1 :]
        his = next((e for e in after if e.who == left.who), None)
        if his is not None and his.kind == j.JOINED and his.whom == left.whom:
            told.remove(left)
            told.remove(his)
    return told


def _grouped(entries: Sequence[Entry]) -> list[tuple[int, int, int, list[int]]]:
    """Return moves that are told together: kind, leader, where to, and who.

    In the order in which they begin; a man's own moves stay in their order.
    """
    groups: list[tuple[int, int, int, list[int]]] = []
    last: dict[int, int] = {}  # the group in which a man moved last
    for entry in entries:
        other = entry.what if entry.kind == j.CROSSED else NOBODY
        leader = entry.who if entry.kind in _SINGLE else entry.whom
        alike = (
            at for at in range(last.get(entry.who, NOBODY) + 1, len(groups))
            if groups[at][:3] == (entry.kind, leader, other)
        )  # fmt: skip
        at = next(alike, len(groups))
        if at == len(groups):
            groups.append((entry.kind, leader, other, []))
        groups[at][3].append(entry.who)
        last[entry.who] = at
    return groups
