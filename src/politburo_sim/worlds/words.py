"""The words that a world is told in: its body, its posts, its axes, its rungs of sanction.

Nothing here changes a number. What a world does not say has words that hold for any body.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Literal, NamedTuple, get_args

from pydantic import AfterValidator, Field

from politburo_sim.files.explain import refused
from politburo_sim.state.body import MOST_RUNGS, UNSANCTIONED
from politburo_sim.worlds.fields import Name, Table, Text, Word


class AxisWords(Table):
    """One axis: its name in a sentence, and what its ends stand for."""

    name: Text | None = None
    low: Text = "-1"
    high: Text = "+1"


class OfficeWords(Table):
    """One post: as a thing that passes on, and as what its holder is or does."""

    post: Text | None = None
    holder: Text | None = None


def _with(*must: str) -> AfterValidator:
    """Check the braces of a phrase: those that it must have, and {body} and {party} where meant."""
    allowed = [*must, "{body}", "{house}", "{party}"]

    def check(text: str) -> str:
        given = re.findall(r"{[^{}]*}?|}", text)
        if wrong := [brace for brace in given if brace not in allowed]:
            raise refused("braces that stand for nothing", " ".join(allowed), wrong[0])
        for brace in must:
            if brace not in given:
                raise refused(f"{brace} is missing", f"a phrase with {brace} where the name goes")
        return text

    return AfterValidator(check)


class Words(Table):
    """How a world speaks of its body, its second house, its party, its axes and its offices.

    `newcomers` are names for those whom the file does not know and a run puts into a seat, in the
    order in which they come; where they end, a newcomer is called after whom he follows.
    `suffered` says, in sentences, what was done to people outside the body and in it: no rule
    knows of it, and every report says so.
    `candidates` heads the list of those who speak without a seat: "Candidates of the {body}".
    """

    body: Name = "body"
    house: Name = "Committee"
    party: Name = "party"
    candidates: Annotated[Text, _with()] = "Candidates of the {body}"
    newcomers: tuple[Name, ...] = ()
    suffered: Annotated[Text | None, Field(exclude=True)] = None  # in no run's identity
    axes: dict[Word, AxisWords] = Field(default_factory=dict)
    offices: dict[Name, OfficeWords] = Field(default_factory=dict)

    def said(self, text: str) -> str:
        """Return a phrase with the names of the body, the house and the party in it."""
        for name in ("body", "house", "party"):
            text = text.replace(f"{{{name}}}", getattr(self, name))
        return text

    @property
    def has_candidates(self) -> bool:
        """Whether who speaks without a seat is called a candidate."""
        return bool(self.candidates == Words.model_fields["candidates"].default)

    def axis(self, name: str) -> str:
        """Return an axis in a sentence."""
        return self.axes.get(name, AxisWords()).name or name.replace("_", " ")

    def ends(self, name: str) -> tuple[str, str]:
        """Return what the ends of an axis stand for, the lower first."""
        words = self.axes.get(name, AxisWords())
        return words.low, words.high

    def post(self, office: str) -> str:
        """Return an office as a thing that passes on: "the post of Chairman passes to ..."."""
        return self.offices.get(office, OfficeWords()).post or f"the post of {office}"

    def holder(self, office: str) -> str:
        """Return what the holder of an office is or does: "... is Chairman"."""
        return self.offices.get(office, OfficeWords()).holder or f"holds {self.post(office)}"


Taken = Literal["offices", "base", "seat", "party"]


class Rung(Table):
    """One rung of sanction.

    name : what events and tables call it. done : ends "Anna is ...". demand : ends "Boris
    demands ...". strike : ends "Boris ... without a vote". takes : what is lost on it, besides
    what the rungs below have taken.
    """

    name: Word
    done: Annotated[Text, _with()]
    demand: Annotated[Text, _with("{who}")]
    strike: Annotated[Text, _with("{who}")]
    takes: tuple[Taken, ...] = ()

    def spoken(self, words: Words) -> Rung:
        """Return the rung with the names of a world's body, house and party in its phrases."""
        phrases: dict[str, str] = {key: words.said(getattr(self, key)) for key in _PHRASES}
        return self.model_copy(update=phrases)


_PHRASES = ("done", "demand", "strike")

LADDER = (
    Rung(name="censured", done="censured", demand="the censure of {who}", strike="censures {who}"),
    Rung(
        name="dismissed", done="dismissed", demand="the dismissal of {who} from all posts",
        strike="dismisses {who} from all posts", takes=("offices", "base"),
    ),
    Rung(
        name="removed", done="removed from the {body}",
        demand="the removal of {who} from the {body}", strike="removes {who} from the {body}",
        takes=("seat",),
    ),
    Rung(
        name="expelled", done="expelled from the {party}",
        demand="the expulsion of {who} from the {party}", strike="expels {who} from the {party}",
        takes=("party",),
    ),
)  # fmt: skip
"""The rungs of a world that states none, the lowest first."""


class Losses(NamedTuple):
    """The rungs, counted from 1, on which posts, seat and party are lost."""

    posts: int
    seat: int
    party: int


def losses(rungs: Sequence[Rung]) -> Losses:
    """Return on which rungs of a ladder what is lost."""
    taken = ("offices", "seat", "party")
    return Losses(*(
        next(at for at, rung in enumerate(rungs, 1) if what in rung.takes) for what in taken
    ))  # fmt: skip


def is_ladder(rungs: tuple[Rung, ...]) -> tuple[Rung, ...]:
    """Check rungs: names, words and number are the world's, what is lost comes once and in order.

    Posts go with the base, before the seat or with it; the party is lost on the last rung alone.
    """
    if len(rungs) > MOST_RUNGS:
        raise refused("too many rungs", f"{MOST_RUNGS} tables at most", len(rungs))
    names = [rung.name for rung in rungs]
    for rung in rungs:
        if names.count(rung.name) > 1:
            raise refused("the same rung twice", "each rung once", rung.name)
        if rung.name == UNSANCTIONED:
            raise refused("a rung of this name", f"any but {UNSANCTIONED}, who has none", rung.name)
    for what in get_args(Taken):
        on = [rung.name for rung in rungs if what in rung.takes]
        if len(on) != 1:
            given = f"{what}, taken by {', '.join(on) or 'no rung'}"
            allowed = f"each of {', '.join(get_args(Taken))} once"
            raise refused("a loss that comes not once", allowed, given)
    for rung in rungs:
        if ("offices" in rung.takes) != ("base" in rung.takes):
            raise refused("posts without the base", "offices and base on one rung", rung.name)
    posts, seat, party = losses(rungs)
    if not posts <= seat < party == len(rungs):
        allowed = "posts, then the seat or with them, and the party on the last rung alone"
        raise refused("what is lost in another order", allowed, ", ".join(names))
    return rungs
