"""What a world file may say: the shape of each table, as frozen models.

Imports nothing heavy, so that ``check`` and ``list`` stay quick. What one table says about
another (a member who is not there, a date outside the run) is checked in ``scenario``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    StrictBool,
    StrictInt,
    model_validator,
)

from politburo_sim.files.explain import Unwritten, refused
from politburo_sim.worlds.fields import Date, Month, Name, Number, Table, Text, Word
from politburo_sim.worlds.words import LADDER, Rung, Words, is_ladder

MOST_MEMBERS = 1000
MOST_AXES = 8
Confidence = Literal["high", "medium", "low"]


class About(Table):
    """What a world changes against the record, and what the model cannot know about it."""

    changed: Text | None = None
    when: Text | None = None
    authority: Text | None = None
    unknown: Text | None = None


class Coded(Table):
    """A number with the coder's confidence in it and where it comes from."""

    value: Number
    confidence: Confidence | None = None
    source: Text | None = None


def _as_coded(given: Any) -> Any:
    if isinstance(given, bool) or not isinstance(given, int | float | dict | Coded):
        raise refused("wrong type", "a number, or {value = ..., confidence = ..., source = ...}")
    return {"value": given} if isinstance(given, int | float) else given


def _between(low: float, high: float | None) -> AfterValidator:
    allowed = f"a number from {low:g} to {high:g}" if high is not None else f"{low:g} or more"

    def check(coded: Coded) -> Coded:
        if coded.value < low or (high is not None and coded.value > high):
            raise refused("out of range", allowed, coded.value)
        return coded

    return AfterValidator(check)


SignedCode = Annotated[Coded, BeforeValidator(_as_coded), _between(-1, 1)]
ShareCode = Annotated[Coded, BeforeValidator(_as_coded), _between(0, 1)]
AmountCode = Annotated[Coded, BeforeValidator(_as_coded), _between(0, 1000)]
_ZERO = Coded(value=0.0)


class MemberEntry(Table):
    """One person. `id` is what luck is keyed by; `name` is for display."""

    name: Name
    id: Name | None = None
    status: Literal["full", "candidate", "awaited"]
    ideal: dict[str, SignedCode] = Field(default_factory=dict)
    prestige: AmountCode
    base: ShareCode = _ZERO
    opportunism: ShareCode | None = None
    loyalty: ShareCode | None = None
    foresight: ShareCode | None = None
    patron: Name | None = None
    died: Date | None = None

    @property
    def key(self) -> str:
        """The id, or the name where none is given."""
        return self.id or self.name


class OfficeEntry(Table):
    """One post."""

    name: Name
    holder: Name | None = None
    appointments: AmountCode = _ZERO
    prestige: AmountCode = _ZERO


class BondEntry(Table):
    """Trust or grudge of one member towards another, or of both."""

    who: Name = Field(alias="from")
    whom: Name = Field(alias="to")
    value: SignedCode
    mutual: StrictBool = True


class Need(Table):
    """One thing that must hold for an event to happen."""

    seated: Name | None = None
    in_body: Name | None = None
    holds: Name | None = None
    capable: Name | None = None
    open: Name | None = None
    office: Name | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Need:
        given = [kind for kind in NEED_WORDS if getattr(self, kind) is not None]
        if len(given) != 1:
            raise refused("not one requirement", f"exactly one of {', '.join(NEED_WORDS)}")
        if (self.office is not None) != (given == ["holds"]):
            raise refused("office and holds go together", '{holds = "member", office = "office"}')
        return self

    @property
    def kind(self) -> str:
        """The requirement's word."""
        return next(kind for kind in NEED_WORDS if getattr(self, kind) is not None)


NEED_WORDS = ("seated", "in_body", "holds", "capable", "open")


class _Event(Table):
    id: Word
    date: Month
    text: Text
    intervention: StrictBool = False
    requires: tuple[Need, ...] = ()


class Passage(_Event):
    """A member dies, falls ill, recovers or leaves."""

    kind: Literal["death", "incapacity", "recovery", "exit"]
    who: Name


class Admission(_Event):
    """An awaited person enters the body."""

    kind: Literal["admission"]
    who: Name
    status: Literal["full", "candidate"]


class Seats(_Event):
    """So many full seats are open from now on."""

    kind: Literal["seats"]
    amount: Annotated[StrictInt, Field(ge=1, le=MOST_MEMBERS)]


class Assignment(_Event):
    """A post goes to a member."""

    kind: Literal["assign"]
    office: Name
    who: Name


class OfficeChange(_Event):
    """A post is given up, or abolished."""

    kind: Literal["vacate", "abolish"]
    office: Name


class QuestionPut(_Event):
    """A personnel question that is put whatever the agenda."""

    kind: Literal["question"]
    who: Name
    against: Name
    rung: Name
    backer: Name | None = None
    venue: Literal["usual", "politburo", "committee"] = "usual"


class Revelation(_Event):
    """Somebody's base is seen more clearly."""

    kind: Literal["revelation"]
    amount: Annotated[Number, Field(ge=0, le=1)]
    about: Name | None = None
    observer: Name | None = None


class Norm(_Event):
    """A parameter takes a new value."""

    kind: Literal["norm"]
    parameter: Name
    amount: Number


class BondChange(_Event):
    """Trust rises or falls by an amount."""

    kind: Literal["bond"]
    who: Name
    whom: Name
    amount: Annotated[Number, Field(ge=-2, le=2)]
    mutual: StrictBool = True


class Shock(_Event):
    """Ideals shift: everybody's, or one member's."""

    kind: Literal["shock"]
    vector: dict[str, Annotated[Number, Field(ge=-2, le=2)]]
    who: Name | None = None


class Weight(_Event):
    """Axes gain or lose weight; those not named keep theirs."""

    kind: Literal["weight"]
    vector: dict[str, Annotated[Number, Field(gt=0, le=100)]]


class Congress(_Event):
    """The Committee is elected anew in part: `amount` is the newly elected share."""

    kind: Literal["congress"]
    amount: Annotated[Number, Field(ge=0, le=1)]


EventEntry = Annotated[
    Passage | Admission | Seats | Assignment | OfficeChange | QuestionPut | Revelation | Norm
    | BondChange | Shock | Weight | Congress,
    Field(discriminator="kind"),
]  # fmt: skip


class Alternative(Table):
    """One side of a question: where it lies on the axis, and words that end "decides for ..."."""

    value: Annotated[Number, Field(ge=-1, le=1)]
    text: Text
    confidence: Confidence | None = None


def _as_status_quo(given: Any) -> Any:
    allowed = '"low", "high", or a number from -1 to 1'
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise refused("wrong type", allowed)
    if given not in ("low", "high") and (isinstance(given, str) or not -1 <= given <= 1):
        raise refused("neither an alternative nor a place on the axis", allowed)
    return given if isinstance(given, str) else float(given)


StatusQuo = Annotated[Literal["low", "high"] | float, PlainValidator(_as_status_quo)]


class QuestionEntry(Table):
    """A question of policy with two alternatives, put in a month: what, never who wins it.

    `hindsight` says whether the question, in this form, arose only because of who had won by
    then; `origin` whether the world, the routine of government or the struggle itself put it.
    """

    id: Word
    date: Month
    title: Text
    axis: Word
    low: Alternative
    high: Alternative
    status_quo: StatusQuo | None = None
    venue: Literal["politburo", "committee", "congress"] = "politburo"
    source: Text | None = None
    confidence: Confidence | None = None
    hindsight: Literal["no", "part", "yes"] | None = None
    origin: Literal["exogenous", "routine", "endogenous"] | None = None


class Scenario(Table):
    """A world as its files say it, `extends` resolved. `name` is the file's, without suffix."""

    name: Annotated[str, Unwritten()] = ""
    title: Text
    short: Name | None = None
    leading: Name | None = None
    extends: str | tuple[str, ...] | None = None
    without: tuple[str, ...] = ()
    about: About = About()
    record: Annotated[Name | None, Field(exclude=True)] = None  # changes no run: in no identity
    start: Month = "1922-04"
    end: Month = "1939-12"
    axes: Annotated[tuple[Word, ...], Field(min_length=1, max_length=MOST_AXES)]
    seats: Annotated[StrictInt, Field(ge=1, le=MOST_MEMBERS)] = 7
    line: dict[str, Annotated[Number, Field(ge=-1, le=1)]] = Field(default_factory=dict)
    axis_weight: dict[str, Annotated[Number, Field(gt=0, le=100)]] = Field(default_factory=dict)
    rules: dict[str, Number] = Field(default_factory=dict)
    words: Words = Words()
    ladder: Annotated[tuple[Rung, ...], AfterValidator(is_ladder)] = LADDER
    members: Annotated[tuple[MemberEntry, ...], Field(min_length=1, max_length=MOST_MEMBERS)]
    offices: Annotated[tuple[OfficeEntry, ...], Field(max_length=100)] = ()
    bonds: Annotated[tuple[BondEntry, ...], Field(max_length=20_000)] = ()
    events: Annotated[tuple[EventEntry, ...], Field(max_length=2_000)] = ()
    questions: Annotated[tuple[QuestionEntry, ...], Field(max_length=2_000)] = ()

    def model_copy(
        self, *, update: Mapping[str, Any] | None = None, deep: bool = False
    ) -> Scenario:  # fmt: skip
        """Return it with something else in it, held against all that a file is held against.

        Events and questions that it is copied with, and not given, may lie outside a shorter run.
        """
        from politburo_sim.worlds.altered import held

        copied = super().model_copy(update=update, deep=deep)
        below = [key for key in ("events", "questions") if key not in (update or {})]
        return held(copied, below) if update else copied

    @property
    def called(self) -> str:
        """What the world is called in tables and figures."""
        return self.short or self.title
