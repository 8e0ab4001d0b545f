"""What the panels show of one month: plain data, taken from the model once a draw."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from politburo_sim.months import month_name
from politburo_sim.record import words
from politburo_sim.record.record import STANDINGS
from politburo_sim.report.colours import palette
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import AWAITED, CANDIDATE, FULL, NOBODY, Floats
from politburo_sim.view.account import Account, Mark, Policy, Vote
from politburo_sim.view.drawing import brief
from politburo_sim.view.standing import Stand, Step

#: So many of the things to come are kept.
AHEAD = 5


@dataclass(frozen=True)
class Person:
    """One who sits or has sat in the body.

    rung: the step of the ladder of sanctions that he stands on, 0 for none; expelled: the last, on
    which he is out of the party. bloc: the leader of his
    coalition, or himself. since: the month in which he joined it, or
    NOBODY. patron: who put him into his seat, or NOBODY.
    """

    slot: int
    name: str
    short: str
    status: int
    sanction: str
    rung: int
    share: float
    base: float
    bloc: int
    offices: tuple[str, ...]
    ideal: tuple[float, ...]
    stance: tuple[float, ...]
    loyalty: float
    opportunism: float
    patron: int
    since: int
    expelled: bool

    @property
    def seated(self) -> bool:
        """Whether he is a full member or a candidate."""
        return self.status in (FULL, CANDIDATE)

    @property
    def standing(self) -> str:
        """Standing and rung in words; whoever is out of the party is told by that alone."""
        told = ("" if self.expelled else STANDINGS[self.status], self.sanction)
        return ", ".join(word for word in told if word)

    @property
    def traits(self) -> str:
        """His traits in words."""
        return (
            f"loyalty to the line {self.loyalty:.2f}, opportunism {self.opportunism:.2f} "
            "(each from 0 to 1)"
        )


@dataclass(frozen=True)
class Alliance:
    """One coalition as it stands: its name, who leads it, against whom, and who is in it."""

    name: str
    short: str
    leader: int
    target: int
    members: tuple[int, ...]


@dataclass(frozen=True)
class Scene:
    """One month of one history."""

    world: str
    title: str
    seed: int
    month: int
    months: int
    start: tuple[int, int]
    date: str
    people: tuple[Person, ...]
    alliances: tuple[Alliance, ...]
    stands: tuple[Stand, ...]
    steps: tuple[Step, ...]
    rungs: tuple[str, ...]
    bonds: tuple[tuple[int, int, float], ...]
    axes: tuple[str, ...]
    ends: tuple[tuple[str, str], ...]
    line: tuple[float, ...]
    policies: tuple[str, ...]
    names: tuple[str, ...]
    shares: Sequence[Floats]
    marks: tuple[Mark, ...]
    votes: tuple[Vote, ...]
    adopted: tuple[Policy, ...]
    told: tuple[tuple[str, tuple[str, ...]], ...]
    cast: tuple[str, ...]
    ending: str
    ahead: tuple[str, ...]
    colours: tuple[str, ...]

    def colour(self, slot: int) -> str:
        """Return the colour of a slot, the same in every panel."""
        return self.colours[slot]

    @property
    def seated(self) -> list[Person]:
        """Those who sit in the body, in the order of the slots."""
        return [person for person in self.people if person.seated]

    def person(self, slot: int) -> Person | None:
        """Return who has a slot, if he sits or has sat in the body."""
        return next((person for person in self.people if person.slot == slot), None)

    def against(self, target: int) -> str:
        """Say against whom a coalition stands, if against anybody."""
        return f" against {self.names[target]}" if target >= 0 else ""

    def januaries(self) -> list[tuple[int, int]]:
        """Return the months with which a year begins, and the year."""
        year, month = self.start
        firsts = [(12 * k + 13 - month, year + k + 1) for k in range(-1, self.months // 12 + 1)]
        return [(at, name) for at, name in firsts if 0 <= at < self.months]


class Watch:
    """Looks at a model as it runs.

    turn : held while a month is lived and while one looks, as two threads may want to at once.
    """

    def __init__(self, model: Politburo) -> None:
        self._model = model
        self._known: set[int] = set()
        self._account = Account(model.world)
        body = model.world.body
        self.colours = palette([float(x) for x in body.prestige], model.world.members)
        self._last: Scene | None = None
        self.turn = threading.RLock()

    def scene(self) -> Scene:
        """Return what there is to show now; the same object until the model has moved."""
        last = self._last
        if last is not None and last.month == self._model.month:
            return last  # a page may be drawn while the next month is lived
        with self.turn:
            if self._last is None or self._last.month != self._model.month:
                self._last = self._look()
            return self._last

    def date(self, month: int) -> str:
        """Return the name of a month."""
        return month_name(self._model.world.start, month)

    def _look(self) -> Scene:
        model, arrays, account = self._model, self._model.arrays, self._account
        world, axes, month = model.world, len(model.world.axes), model.month
        over = month >= world.months
        account.follow(model, month)
        people = tuple(self._person(slot, axes) for slot in self._slots())
        return Scene(
            world=world.scenario.name, title=world.scenario.title, seed=model.seed,
            month=month, months=world.months, start=world.start,
            date=self.date(min(month, world.months - 1)),
            people=people, alliances=self._alliances(),
            stands=tuple(account.standing.stands), steps=tuple(account.standing.steps),
            rungs=world.rungs, bonds=self._bonds(people),
            axes=world.axes, ends=tuple(world.words.ends(axis) for axis in world.axes),
            line=tuple(float(x) for x in arrays.line[:axes]), policies=account.policies(),
            names=account.names, shares=model.shares[:month],
            marks=tuple(account.marks), votes=tuple(account.votes),
            adopted=tuple(account.adopted), told=account.chronicle(),
            cast=account.cast, ending=model.record.summary() if over else "",
            ahead=self._ahead(month), colours=self.colours,
        )  # fmt: skip

    def _ahead(self, month: int) -> tuple[str, ...]:
        """Return what is dated from here on, the next few: what happens, and what is put."""
        world = self._model.world
        told = [event.text for event in world.events], [put.title for put in world.questions]
        found = [
            (at, text)
            for due, texts in zip((world.calendar.due, world.agenda.due), told, strict=True)
            for at in range(month, world.months)
            for text in texts[int(due[at]) : int(due[at + 1])]
        ]
        return tuple(
            f"{self.date(at)}: {text}" for at, text in sorted(found, key=lambda one: one[0])[:AHEAD]
        )

    def _alliances(self) -> tuple[Alliance, ...]:
        """Return the coalitions that stand, in the order of their places."""
        a, account = self._model.arrays, self._account
        found = []
        for place in np.flatnonzero(a.coalition_leader != NOBODY):
            leader = int(a.coalition_leader[place])
            told = account.ledger.led_by(leader)
            aim = int(a.coalition_aim[place]) if told is None else told.aim
            found.append(
                Alliance(
                    words.coalition_name(account.names[leader], aim),
                    words.coalition_name(self._short(leader), aim), leader,
                    int(a.coalition_target[place]),
                    tuple(int(k) for k in np.flatnonzero(a.coalition == place)),
                )
            )  # fmt: skip
        return tuple(found)

    def _slots(self) -> list[int]:
        """Return everybody who sits in the body or has sat in it, in the order of the slots."""
        arrays = self._model.arrays
        seen = np.flatnonzero((arrays.ident != 0) & (arrays.status != AWAITED))
        self._known.update(int(k) for k in seen)
        return sorted(self._known)

    def _short(self, slot: int) -> str:
        """Return a name as there is room for it in a picture: that of the account, or shorter."""
        name = self._account.names[slot]
        return brief(name[0].upper() + name[1:])

    def _person(self, slot: int, axes: int) -> Person:
        a = self._model.arrays
        held = (a.office_holder == slot) & (a.office_open == 1)
        side = int(a.coalition[slot])
        name = self._account.names[slot]
        rung = self._model.world.rungs[int(a.rung[slot])]
        return Person(
            slot=slot, name=name[0].upper() + name[1:],
            short=self._short(slot),
            status=int(a.status[slot]), sanction=rung if a.rung[slot] else "",
            rung=int(a.rung[slot]),
            share=float(a.share[slot]), base=float(a.bases[slot]),
            bloc=slot if side == NOBODY else int(a.coalition_leader[side]),
            offices=tuple(self._model.world.offices[k] for k in np.flatnonzero(held)),
            ideal=tuple(float(x) for x in a.ideal[slot, :axes]),
            stance=tuple(float(x) for x in a.stance[slot, :axes]),
            loyalty=float(a.loyalty[slot]), opportunism=float(a.opportunism[slot]),
            patron=int(a.patron[slot]), since=NOBODY if side == NOBODY else int(a.joined[slot]),
            expelled=int(a.rung[slot]) == self._model.world.losses.party,
        )  # fmt: skip

    def _bonds(self, people: Sequence[Person]) -> tuple[tuple[int, int, float], ...]:
        """Return the bonds between those seated, each the mean of both directions."""
        bond = self._model.arrays.bond
        seated = [person.slot for person in people if person.seated]
        return tuple(
            (one, other, float(bond[one, other] + bond[other, one]) / 2)
            for place, one in enumerate(seated) for other in seated[place + 1 :]
        )  # fmt: skip
