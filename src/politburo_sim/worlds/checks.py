"""What a world's tables say of one another: known names, dates within it, seats, offices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from politburo_sim.files.errors import InputError, ScenarioError, suggest
from politburo_sim.files.lines import KeyPath
from politburo_sim.months import month_index
from politburo_sim.state.parameters import PARAMETERS, UNITY
from politburo_sim.worlds.draft import Draft
from politburo_sim.worlds.schema import (
    EventEntry,
    Norm,
    QuestionEntry,
    QuestionPut,
    Scenario,
    Shock,
    Weight,
)

LONGEST_RUN = 1_200
"""Months."""
_ROUNDING = 1e-9
_MEMBER_KEYS = ("who", "whom", "against", "backer", "about", "observer")
_NEED_MEMBER_KEYS = ("seated", "in_body", "holds", "capable")


def check_parameter(name: str, value: float) -> None:
    """Raise unless a parameter may take this value.

    Raises
    ------
    ScenarioError
        With the range that is allowed.
    """
    if name != "unity" and name not in PARAMETERS:
        known = [*PARAMETERS, "unity"]
        raise ScenarioError(
            f"no such parameter{suggest(name, known)}", key=name, given=name,
            allowed="a name from the table of parameters, or unity",
            hint="politburo-sim list shows the table of parameters",
        )  # fmt: skip
    singles = [PARAMETERS[single] for single in (UNITY if name == "unity" else (name,))]
    low, high = max(p.low for p in singles), min(p.high for p in singles)
    whole = singles[0].whole
    numbers = int | float | np.integer | np.floating
    is_number = isinstance(value, numbers) and not isinstance(value, bool)
    if not is_number or not low <= value <= high or (whole and value != int(value)):
        kind = "a whole number" if whole else "a number"
        raise ScenarioError(
            "out of range" if is_number else "wrong type", key=name, given=value,
            allowed=f"{kind} from {low:g} to {high:g}",
        )  # fmt: skip


@dataclass(frozen=True)
class Checks:
    """What the tables of a world say about one another."""

    draft: Draft
    scenario: Scenario

    def run(self) -> None:
        """Raise ScenarioError about the first thing that is wrong."""
        self._dates()
        self._words()
        self._axes(("line",), self.scenario.line)
        self._axes(("axis_weight",), self.scenario.axis_weight)
        for name, value in self.scenario.rules.items():
            self._parameter(("rules", name), name, value)
        self._members()
        self._member(("leading",), self.scenario.leading)
        self._offices()
        self._bonds()
        self._events()
        self._questions()

    def _dates(self) -> None:
        start, end = self.scenario.start, self.scenario.end
        months = month_index(start, end) + 1
        if months < 1:
            raise self.draft.error(
                ("end",), "ends before it starts", given=end, allowed=f"{start} or later"
            )
        if months > LONGEST_RUN:
            raise self.draft.error(
                ("end",),
                "too long",
                given=f"{months} months",
                allowed=f"at most {LONGEST_RUN} months",
            )

    def _words(self) -> None:
        words, axes = self.scenario.words, self.scenario.axes
        offices = [office.name for office in self.scenario.offices]
        for key, table, known in (("axes", words.axes, axes), ("offices", words.offices, offices)):
            mine = [name for name in table if self.draft.says(("words", key, name))]
            self._known(("words", key), mine, known, "axis" if key == "axes" else "office")

    def _axes(self, path: KeyPath, table: Mapping[str, object]) -> None:
        axes = self.scenario.axes
        if len(set(axes)) < len(axes):
            raise self.draft.error(
                ("axes",), "an axis is named twice", given=list(axes), allowed="each axis once"
            )
        self._known(path, table, axes, "axis")

    def _known(self, path: KeyPath, given: Iterable[str], names: Iterable[str], what: str) -> None:
        names = list(names)
        for word in given:
            if word not in names:
                raise self._unknown((*path, word), word, names, what)

    def _known_word(self, path: KeyPath, word: str, names: list[str], what: str) -> None:
        if word not in names:
            raise self._unknown(path, word, names, what)

    def _unknown(self, path: KeyPath, word: str, names: list[str], what: str) -> InputError:
        shown = ", ".join(names[:20]) + (", ..." if len(names) > 20 else "")
        return self.draft.error(
            path,
            f"no such {what}{suggest(word, names)}",
            given=word,
            allowed=shown or f"this world has no {what}",
        )

    def _parameter(self, path: KeyPath, name: str, value: float) -> None:
        try:
            check_parameter(name, value)
        except ScenarioError as error:
            known = error.allowed is not None and not error.problem.startswith("no such")
            raise self.draft.error(
                path, error.problem, given=value if known else name, allowed=error.allowed,
                hint=error.hint,
            ) from None  # fmt: skip

    def _member(self, path: KeyPath, name: str | None) -> None:
        if name is not None:
            self._known_word(path, name, [m.name for m in self.scenario.members], "member")

    def _office(self, path: KeyPath, name: str | None) -> None:
        if name is not None:
            self._known_word(path, name, [o.name for o in self.scenario.offices], "office")

    def _once(self, table: str, key: str, words: Iterable[str]) -> None:
        seen: dict[str, int] = {}
        for index, word in enumerate(words):
            first = seen.setdefault(word, index)
            if first != index:
                raise self.draft.error(
                    (table, index, key), f"the same {key} twice", given=word,
                    allowed=f"another {key}: this one is taken by {table} number {first + 1}",
                    hint="to put another in the place of one of the world below, name that in "
                    "without and give this a new id" if key == "id" else None,
                )  # fmt: skip

    def _members(self) -> None:
        members = self.scenario.members
        self._once("members", "name", (member.name for member in members))
        self._once("members", "id", (member.key for member in members))
        for index, member in enumerate(members):
            self._axes(("members", index, "ideal"), member.ideal)
            self._member(("members", index, "patron"), member.patron)
            if member.patron == member.name:
                raise self.draft.error(
                    ("members", index, "patron"), "is his own patron", given=member.patron,
                    allowed="another member, or no patron",
                )  # fmt: skip
            if member.status == "awaited" and member.base.value > 0:
                raise self.draft.error(
                    ("members", index, "base"), "an awaited member has no base in the body yet",
                    given=member.base.value, allowed="0, or another status",
                )  # fmt: skip
        self._seats([at for at, member in enumerate(members) if member.status == "full"])
        self._bases([member.base.value for member in members])

    def _seats(self, full: list[int]) -> None:
        """Point at the seats, or at the last full member of this file's own that leaves them be."""
        paths: list[KeyPath] = [("members", index, "status") for index in full]
        mine = [path for path in paths if self.draft.place(path).source is self.draft.top]
        if len(full) > self.scenario.seats:
            raise self.draft.error(
                ("seats",) if self.draft.says(("seats",)) or not mine else mine[-1],
                "more full members than seats", given=f"{len(full)} full members",
                allowed=f"at most {self.scenario.seats}",
                hint="open more seats, or make some of them candidates",
            )  # fmt: skip

        if not full:
            raise self.draft.error(
                ("members",), "nobody sits in the body", given="no full member",
                allowed='at least one member with status = "full"',
            )  # fmt: skip

    def _bases(self, bases: list[float]) -> None:
        """Point at the largest: this file's own, where it gives any."""
        paths: list[KeyPath] = [("members", index, "base") for index in range(len(bases))]
        mine = [self.draft.place(path).source is self.draft.top for path in paths]
        largest = max(
            range(len(bases)), key=lambda index: (mine[index] and bases[index] > 0, bases[index])
        )
        if sum(bases) > 1 + _ROUNDING:
            raise self.draft.error(
                paths[largest], "the bases add up to more than the whole Committee",
                given=f"{sum(bases):.6g} in all", allowed="at most 1 in all",
                hint="make some bases smaller",
            )  # fmt: skip

    def _offices(self) -> None:
        self._once("offices", "name", (office.name for office in self.scenario.offices))
        outside = [m.name for m in self.scenario.members if m.status == "awaited"]
        for index, office in enumerate(self.scenario.offices):
            path: KeyPath = ("offices", index, "holder")
            self._member(path, office.holder)
            if office.holder in outside:
                raise self.draft.error(
                    path,
                    "the holder is not in the body yet",
                    given=office.holder,
                    allowed="a full member, a candidate, or no holder",
                )

    def _bonds(self) -> None:
        seen: dict[tuple[str, str], tuple[int, object]] = {}
        for index, bond in enumerate(self.scenario.bonds):
            self._member(("bonds", index, "from"), bond.who)
            self._member(("bonds", index, "to"), bond.whom)
            if bond.who == bond.whom:
                raise self.draft.error(
                    ("bonds", index, "to"),
                    "a bond to himself",
                    given=bond.whom,
                    allowed="another member",
                )
            pairs = [(bond.who, bond.whom)] + [(bond.whom, bond.who)] * bond.mutual
            place = self.draft.origin.get(("bonds", index))
            file = place.source if place else index  # once merged, of which file is not known
            for pair in pairs:
                first, where = seen.get(pair, (index, None))
                if first != index and where is file:
                    raise self.draft.error(
                        ("bonds", index), "given twice", given=" to ".join(pair),
                        allowed=f"bond number {first + 1} of this world says it already",
                        hint="a bond is mutual unless it says mutual = false",
                    )  # fmt: skip
                seen[pair] = (index, file)

    def _events(self) -> None:
        self._once("events", "id", (event.id for event in self.scenario.events))
        for index, event in enumerate(self.scenario.events):
            self._event(("events", index), event)

    def _event(self, path: KeyPath, event: EventEntry) -> None:
        self._within(path, event.date)
        for key in _MEMBER_KEYS:
            self._member((*path, key), getattr(event, key, None))
        self._office((*path, "office"), getattr(event, "office", None))
        pair = [getattr(event, key, None) for key in ("who", "against", "whom")]
        if pair[0] is not None and pair[0] in pair[1:]:
            raise self.draft.error(
                (*path, "who"), "acts on himself", given=pair[0], allowed="two different members"
            )
        if isinstance(event, Norm):
            self._norm(path, event)
        if isinstance(event, QuestionPut):
            rungs = [rung.name for rung in self.scenario.ladder]
            self._known_word((*path, "rung"), event.rung, rungs, "rung")
        if isinstance(event, Shock | Weight):
            self._axes((*path, "vector"), event.vector)
        for number, need in enumerate(event.requires):
            here: KeyPath = (*path, "requires", number)
            for key in _NEED_MEMBER_KEYS:
                self._member((*here, key), getattr(need, key))
            self._office((*here, "office"), need.office)
            self._office((*here, "open"), need.open)

    def _within(self, path: KeyPath, date: str) -> None:
        start, end = self.scenario.start, self.scenario.end
        own = self.draft.place(path).source is self.draft.top
        if own and not start <= date <= end:
            raise self.draft.error(
                (*path, "date"), "outside the run", given=date, allowed=f"from {start} to {end}"
            )

    def _questions(self) -> None:
        questions = self.scenario.questions
        self._once("questions", "id", (question.id for question in questions))
        events = {event.id for event in self.scenario.events}
        for index, question in enumerate(questions):
            path: KeyPath = ("questions", index)
            if question.id in events:
                raise self.draft.error(
                    (*path, "id"), "an event has this id", given=question.id,
                    allowed="an id that no event and no other question has",
                )  # fmt: skip
            self._within(path, question.date)
            self._question(path, question)

    def _question(self, path: KeyPath, question: QuestionEntry) -> None:
        if question.axis not in self.scenario.axes:
            raise self._unknown((*path, "axis"), question.axis, list(self.scenario.axes), "axis")
        if question.low.value >= question.high.value:
            raise self.draft.error(
                (*path, "low", "value"), "the low alternative is not the lower one",
                given=question.low.value, allowed=f"less than {question.high.value:g}",
                hint="exchange low and high, or correct a value",
            )  # fmt: skip

    def _norm(self, path: KeyPath, event: Norm) -> None:
        known = event.parameter == "unity" or event.parameter in PARAMETERS
        self._parameter((*path, "amount" if known else "parameter"), event.parameter, event.amount)
