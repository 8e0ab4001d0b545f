"""Changes to a world from a month on: what would have been, had one thing gone otherwise.

A change is dated, and touches nothing that is dated before it. So the history up to that month is
the same to the last bit, and the world that comes of it can be run from its start, or from any
month on. Each change is an edit of the world's events and questions; the world with all of them is
a file that extends the first one (`worlds.writing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from typing import Any, ClassVar

from politburo_sim.files import locate
from politburo_sim.files.errors import InputError
from politburo_sim.months import month_index, month_name
from politburo_sim.state.parameters import PARAMETERS
from politburo_sim.worlds import edits
from politburo_sim.worlds.edits import Dated, dated, edited, known, month_words, said, within
from politburo_sim.worlds.scenario import check_parameter, load_scenario
from politburo_sim.worlds.schema import (
    About,
    Assignment,
    Need,
    Norm,
    QuestionEntry,
    Scenario,
)

#: What stands between the parts of a change as a link has it.
BETWEEN = "~"
#: Drawn once for each member when a world is founded: to set them later moves nobody who is there.
FOUNDING = (
    "opportunism", "opportunism_spread", "loyalty", "foresight", "opacity", "coder_uncertainty",
)  # fmt: skip
#: What cannot be changed from a month on.
_FIXED = ("start", "end", "axes", "seats", "line", "axis_weight", "ladder", "members", "bonds")


@dataclass(frozen=True)
class Change:
    """One change. `words` say it, `begins` is the first month that it touches, as files write it.

    All raise `InputError` where the world has nothing of that name, or no such month.
    """

    word: ClassVar[str] = ""

    @property
    def code(self) -> str:
        """The change as a link has it."""
        return BETWEEN.join([self.word, *map(str, astuple(self))])

    def words(self, world: Scenario) -> str:
        """Return the change as a sentence."""
        raise NotImplementedError

    def begins(self, world: Scenario) -> str:
        """Return the first month that it touches."""
        raise NotImplementedError

    def applied(self, world: Scenario) -> Scenario:
        """Return the world with it."""
        raise NotImplementedError


@dataclass(frozen=True)
class LeftOut(Change):
    """An event or a question does not come."""

    word = "without"
    id: str

    def words(self, world: Scenario) -> str:
        """Return the change as a sentence."""
        return f"Left out: {said(dated(world, self.id))}"

    def begins(self, world: Scenario) -> str:
        """Return the month in which it would have come."""
        return dated(world, self.id).date

    def applied(self, world: Scenario) -> Scenario:
        """Return the world without it."""
        return edited(world, {dated(world, self.id).id})


@dataclass(frozen=True)
class Moved(Change):
    """An event or a question comes in another month."""

    word = "move"
    id: str
    month: str

    def words(self, world: Scenario) -> str:
        """Return the change as a sentence."""
        return f"In {month_words(self.month)} instead: {said(dated(world, self.id))}"

    def begins(self, world: Scenario) -> str:
        """Return the earlier of the two months."""
        return min(dated(world, self.id).date, within(world, self.month))

    def applied(self, world: Scenario) -> Scenario:
        """Return the world with it in the new month, marked as a departure from the record."""
        one = dated(world, self.id)
        update: dict[str, Any] = {"date": within(world, self.month)}
        if not isinstance(one, QuestionEntry):
            update["intervention"] = True
        return edited(world, {one.id}, [one.model_copy(update=update)])


@dataclass(frozen=True)
class Taken(Change):
    """What another world changes is taken over, from a month on.

    What it dates from that month on keeps its dates. If any of it is dated before, all of it moves
    by as many months as bring the first to that month. What it changes from the start on (a post,
    parameters) is changed in that month. What it leaves out is left out from that month on.
    """

    word = "take"
    name: str
    month: str

    def words(self, world: Scenario) -> str:
        """Return the change as a sentence."""
        other = _world(self.name)
        return f"From {month_words(self.begins(world))} on: {other.about.changed or other.title}"

    def begins(self, world: Scenario) -> str:
        """Return the month of the first thing that it changes."""
        gone, new = self._edits(world)
        dates = [one.date for one in new] + [dated(world, one).date for one in gone]
        if not dates:
            raise InputError(
                "nothing of it is left to come", key=self.name, given=self.month,
                allowed="a world that changes something from this month on",
            )  # fmt: skip
        return min(dates)

    def late(self, world: Scenario) -> int:
        """By how many months all that it dates moves."""
        month = within(world, self.month)
        return max([0, *(month_index(one.date, month) for one in _added(self.name))])

    def past(self, world: Scenario) -> bool:
        """Whether it would have to be done by, or to, somebody who has died by then."""
        named = (getattr(one, part, None) for one in _added(self.name) for part in ("who", "whom"))
        return self.late(world) > 0 and not edits.deaths(world, self.month).isdisjoint(named)

    def applied(self, world: Scenario) -> Scenario:
        """Return the world with what the other one changes."""
        self.begins(world)
        gone, new = self._edits(world)
        return edited(world, gone, new)

    def _edits(self, world: Scenario) -> tuple[set[str], list[Dated]]:
        other, base = _world(self.name), _below(self.name)
        if any(getattr(other, part) != getattr(base, part) for part in _FIXED):
            raise InputError(
                "it changes what holds from the start alone", key="change", given=self.name,
                allowed="a world that changes events, questions, parameters or holders of posts",
            )  # fmt: skip
        month = within(world, self.month)
        kept = {one.id for one in edits.all_dated(world) if one.date >= month}
        gone = {one.id for one in edits.all_dated(base) if one not in edits.all_dated(other)} & kept
        late = self.late(world)
        new = [edits.later(world, one, late) if late else one for one in _added(self.name)]
        for name, value in other.rules.items():
            if base.rules.get(name) != value:
                new.append(Set(name, value, month).event(world))
        for post in other.offices:
            if post not in base.offices and post.holder:
                new.append(Given(post.name, post.holder, month).event(world))
        return gone, new


class FromThen(Change):
    """A change that is one event, and holds from its month on; which, its own fields say."""

    month: str

    def event(self, world: Scenario) -> Assignment | Norm:
        """Return it as an event."""
        raise NotImplementedError

    def words(self, world: Scenario) -> str:
        """Return the change as a sentence."""
        return f"From {month_words(self.month)} on: {self.event(world).text}"

    def begins(self, world: Scenario) -> str:
        """Return the month from which it holds."""
        return within(world, self.month)

    def applied(self, world: Scenario) -> Scenario:
        """Return the world in which it holds from that month on."""
        event = self.event(world)
        return edited(world, {event.id}, [event])


@dataclass(frozen=True)
class Given(FromThen):
    """A post goes to another man, if he is in the body and the post is open."""

    word = "give"
    office: str
    who: str
    month: str

    def event(self, world: Scenario) -> Assignment:
        """Return it as an event."""
        known("office", self.office, [one.name for one in world.offices])
        known("member", self.who, [one.name for one in world.members])
        return Assignment(
            kind="assign", id=_id("give", self.office, self.month), office=self.office,
            date=within(world, self.month), who=self.who, intervention=True,
            text=f"{self.who} is given {world.words.post(self.office)}.",
            requires=(Need(open=self.office), Need(in_body=self.who)),
        )  # fmt: skip


@dataclass(frozen=True)
class Set(FromThen):
    """A parameter takes another value."""

    word = "set"
    parameter: str
    value: float
    month: str

    @property
    def code(self) -> str:
        """The change as a link has it."""
        return BETWEEN.join([self.word, self.parameter, f"{self.value:.12g}", self.month])

    def event(self, world: Scenario) -> Norm:
        """Return it as an event."""
        check_parameter(self.parameter, self.value)
        if self.parameter in FOUNDING:
            raise InputError(
                "it is drawn when the world is founded and cannot be set later",
                key=self.parameter, given=self.month, allowed="another parameter",
            )  # fmt: skip
        return Norm(
            kind="norm", id=_id("set", self.parameter, self.month), parameter=self.parameter,
            date=within(world, self.month), amount=self.value, intervention=True,
            text=f"The parameter {self.parameter} is {self.value:g} from now on.",
        )  # fmt: skip


KINDS: Mapping[str, type[Change]] = {
    kind.word: kind for kind in (LeftOut, Moved, Taken, Given, Set)
}  # fmt: skip


def settable() -> list[str]:
    """Return the parameters that can be set from a month on; `unity` sets its parts together."""
    return ["unity", *(name for name in PARAMETERS if name not in FOUNDING)]


def read_change(code: str) -> Change:
    """Return the change that a link's words say.

    Raises
    ------
    InputError
        If they say none.
    """
    word, *parts = code.split(BETWEEN)
    kind = KINDS.get(word)
    names = [] if kind is None else [field.name for field in fields(kind)]
    if kind is None or len(parts) != len(names):
        raise InputError(
            "no such change", key="change", given=code,
            allowed="; ".join(BETWEEN.join([name, *(field.name for field in fields(one))])
                              for name, one in KINDS.items()),
        )  # fmt: skip
    return kind(*(_number(part) if name == "value" else part
                  for name, part in zip(names, parts, strict=True)))  # fmt: skip


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError("no number", key="change", given=text, allowed="a number") from None


def changed(world: Scenario, changes: Iterable[Change]) -> Scenario:
    """Return a world with changes, one after another.

    Raises
    ------
    InputError
        If one of them is about nothing that is there.
    """
    changes = tuple(changes)
    if not changes:
        return world
    told, made = [], world
    for change in changes:
        told.append(change.words(made))
        made = change.applied(made)
    when = month_name(first_month(world, changes), 0)
    about = About(changed=" ".join(told), when=f"From {when} on.", authority="A visitor's own.")
    return made.model_copy(update={
        "name": f"{world.name}-changed", "title": f"{world.called}, changed from {when} on",
        "short": "changed", "about": about, "extends": world.name, "record": None,
    })  # fmt: skip


def first_month(world: Scenario, changes: Sequence[Change]) -> str:
    """Return the first month that any of the changes touches."""
    dates = []
    for change in changes:
        dates.append(change.begins(world))
        world = change.applied(world)
    return min(dates)


def check_from(world: Scenario, codes: Sequence[str], month: str) -> None:
    """Raise unless the last of some changes can be made, and touches nothing before a month.

    Raises
    ------
    InputError
        Saying what is wrong with it.
    """
    *before, last = map(read_change, codes)
    for change in before:
        world = change.applied(world)
    begins = last.begins(world)
    last.applied(world)
    if begins < month:
        raise InputError(
            "it lies in the past", key="change", given=month_words(begins),
            allowed=f"{month_words(month)} or later", hint="go back to that month first",
        )  # fmt: skip


def interventions(world: Scenario, month: str) -> dict[str, str]:
    """Return the shipped worlds that change something of this one from a month on: what, by name.

    They extend this world, or the same world as it does. What is dated before that month moves to
    it, and is said to; it is left out where somebody in it has died by then.
    """
    found = {}
    for name in locate.names("scenarios"):
        if name != world.name and _extends(name) in (world.name, world.extends):
            taken = Taken(name, month)
            try:
                taken.applied(world)
            except InputError:
                continue
            if not taken.past(world):
                posts = _world(name).offices != _below(name).offices and month > world.start
                moved = f", moved to {month_words(month)}" if posts or taken.late(world) else ""
                found[name] = _world(name).title + moved
    return found


def _added(name: str) -> list[Dated]:
    """Return the events and questions that a shipped world has and the one below it has not."""
    below = edits.all_dated(_below(name))
    return [one for one in edits.all_dated(_world(name)) if one not in below]


@cache
def _extends(name: str) -> str | None:
    base = _world(name).extends
    return base if isinstance(base, str) else None


@cache
def _world(name: str) -> Scenario:
    """Return a shipped world, by name and never by path."""
    known("world", name, locate.names("scenarios"))
    return load_scenario(name)


def _below(name: str) -> Scenario:
    """Return the world that a shipped one extends."""
    base = _extends(name)
    if base is None:
        raise InputError(
            "it extends no other world, and so changes nothing", key="change", given=name,
            allowed="a shipped world that extends another",
        )  # fmt: skip
    return _world(base)


def _id(*parts: str) -> str:
    return re.sub(r"[^\w.-]+", "-", "-".join(parts)).lower()
