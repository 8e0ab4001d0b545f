"""What the panels show of one month: plain data, taken from the model once a draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from politburo_sim.months import month_name
from politburo_sim.record import words as words
from politburo_sim.record.annalist import Annalist
from politburo_sim.record.record import STANDINGS
from politburo_sim.rules.platform import PLATFORMS
from politburo_sim.run.model import Politburo
from politburo_sim.state import journal as j
from politburo_sim.state.body import AWAITED, CANDIDATE, FULL, NOBODY, REMOVED, RUNGS, Floats
from politburo_sim.view.drawing import palette


@dataclass(frozen=True)
class Person:
    """One who sits or has sat in the body. `bloc`: the leader whose side he last took."""

    slot: int
    name: str
    short: str
    status: int
    rung: int
    share: float
    base: float
    bloc: int
    offices: tuple[str, ...]
    ideal: tuple[float, ...]
    stance: tuple[float, ...]

    @property
    def seated(self) -> bool:
        """Whether he is a full member or a candidate."""
        return self.status in (FULL, CANDIDATE)

    @property
    def standing(self) -> str:
        """Standing and rung in words."""
        sanction = f", {RUNGS[self.rung]}" if self.rung else ""
        return f"{STANDINGS[self.status]}{sanction}"


@dataclass(frozen=True)
class Mark:
    """Something that happened, for a time line."""

    month: int
    text: str
    weighty: bool


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
    bonds: tuple[tuple[int, int, float], ...]
    axes: tuple[str, ...]
    line: tuple[float, ...]
    names: tuple[str, ...]
    shares: Sequence[Floats]
    marks: tuple[Mark, ...]
    votes: tuple[Vote, ...]
    told: tuple[tuple[str, tuple[str, ...]], ...]
    colours: tuple[str, ...]

    def colour(self, slot: int) -> str:
        """Return the colour of a slot, the same in every panel."""
        return self.colours[slot]


class Watch:
    """Looks at a model as it runs; reads each entry of its journal once."""

    def __init__(self, model: Politburo) -> None:
        self._model = model
        self._read = 0
        self._rows: list[words.Entry] = []
        self._marks: list[Mark] = []
        self._votes: list[Vote] = []
        self._known: set[int] = set()
        body = model.world.body
        self.colours = palette([float(x) for x in body.prestige], model.world.members)
        self._platform = ""
        self._names = tuple(model.world.names)
        self._annalist = Annalist(model.world, self._names, model.journal.ballots)
        self._told = [(self.date(0), tuple(self._annalist.opening()))]
        self._last: Scene | None = None

    def scene(self) -> Scene:
        """Return what there is to show now; the same object until the model has moved."""
        if self._last is None or self._last.month != self._model.month:
            self._catch_up()
            self._last = self._look()
        return self._last

    def date(self, month: int) -> str:
        """Return the name of a month."""
        return month_name(self._model.world.start, month)

    def _catch_up(self) -> None:
        size = int(self._model.journal.size[0])
        fresh = words.read(self._model.journal.entries[self._read : size])
        self._read = size
        self._rows += fresh
        if any(row.kind == j.SEATED for row in fresh):
            self._names = words.people(self._model.world, self._rows)
            self._annalist.names = self._names
        for row in fresh:
            self._mark(row)
            self._vote(row)
        for story in words.episodes(fresh):
            self._tell(story)

    def _tell(self, story: list[words.Entry]) -> None:
        told = tuple(self._annalist.tell(story))
        date = self.date(story[0].month)
        if told and self._told[-1][0] == date:
            self._told[-1] = (date, self._told[-1][1] + told)
        elif told:
            self._told.append((date, told))

    def _mark(self, row: words.Entry) -> None:
        model = self._model
        if row.kind == j.SANCTION and row.what >= REMOVED:
            said, weighty = f"{self._names[row.who]} {RUNGS[row.what]}", True
        elif row.kind == j.RULES:
            said, weighty = f"{self._names[row.who]} rules alone", True
        elif row.kind == j.BEREFT:
            said, weighty = f"{self._names[row.who]} leaves the body", True
        elif row.kind == j.EVENT and row.x == 1.0 and model.world.events[row.what].text:
            said, weighty = model.world.events[row.what].text, False
        else:
            return
        self._marks.append(Mark(row.month, said, weighty))

    def _vote(self, row: words.Entry) -> None:
        if row.kind == j.RAISED:
            self._platform = PLATFORMS[row.what]
        if row.kind not in (j.ROLL_CALL, j.ACCOUNT):
            return
        ballots = self._model.journal.ballots
        cast = ballots[int(row.y)] if 0 <= row.y < len(ballots) else ballots[0] * 0 - 1
        motion = RUNGS[int(row.z)] if row.kind == j.ACCOUNT else self._platform
        self._votes.append(
            Vote(
                row.month, self.date(row.month), row.who, row.whom, motion, row.what == 1, row.x,
                {int(k): bool(cast[k]) for k in np.flatnonzero(cast >= 0)},
            )
        )  # fmt: skip

    def _look(self) -> Scene:
        model, arrays = self._model, self._model.arrays
        world, axes = model.world, len(model.world.axes)
        people = tuple(self._person(slot, axes) for slot in self._slots())
        return Scene(
            world=world.scenario.name, title=world.scenario.title, seed=model.seed,
            month=model.month, months=world.months, start=world.start,
            date=model.date if model.month < world.months else self.date(world.months - 1),
            people=people, bonds=self._bonds(people), axes=world.axes,
            line=tuple(float(x) for x in arrays.line[:axes]), names=self._names,
            shares=list(model.shares), marks=tuple(self._marks), votes=tuple(self._votes),
            told=tuple(self._told), colours=self.colours,
        )  # fmt: skip

    def _slots(self) -> list[int]:
        """Return everybody who sits in the body or has sat in it, in the order of the slots."""
        arrays = self._model.arrays
        seen = np.flatnonzero((arrays.ident != 0) & (arrays.status != AWAITED))
        self._known.update(int(k) for k in seen)
        return sorted(self._known)

    def _person(self, slot: int, axes: int) -> Person:
        a = self._model.arrays
        newcomer = slot >= self._model.world.members
        held = (a.office_holder == slot) & (a.office_open == 1)
        follows = int(a.follows[slot])
        name = self._names[slot]
        return Person(
            slot=slot, name=name[0].upper() + name[1:],
            short=f"Newcomer {slot - self._model.world.members + 1}" if newcomer else name,
            status=int(a.status[slot]), rung=int(a.rung[slot]), share=float(a.share[slot]),
            base=float(a.bases[slot]), bloc=slot if follows == NOBODY else follows,
            offices=tuple(self._model.world.offices[k] for k in np.flatnonzero(held)),
            ideal=tuple(float(x) for x in a.ideal[slot, :axes]),
            stance=tuple(float(x) for x in a.stance[slot, :axes]),
        )  # fmt: skip

    def _bonds(self, people: Sequence[Person]) -> tuple[tuple[int, int, float], ...]:
        """Return the bonds between those seated, each the mean of both directions."""
        bond = self._model.arrays.bond
        seated = [person.slot for person in people if person.seated]
        return tuple(
            (one, other, float(bond[one, other] + bond[other, one]) / 2)
            for place, one in enumerate(seated) for other in seated[place + 1 :]
        )  # fmt: skip
