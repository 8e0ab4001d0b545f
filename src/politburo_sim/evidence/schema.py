"""What a record file may say: the shape of each table, as frozen models.

A record is what is known to have happened in a world's body, month by month: questions put, named
positions, sanctions sought, seats filled. A month of which it says nothing was silent, unless it
is called unheard.
"""

from __future__ import annotations

from math import fsum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictBool, StrictInt, model_validator

from politburo_sim.files.explain import refused
from politburo_sim.worlds.fields import Month, Name, Number, Table, Text, Word
from politburo_sim.worlds.schema import Confidence

Kind = Literal["debate", "judge", "floor", "removal"]
KINDS: tuple[Kind, ...] = ("debate", "judge", "floor", "removal")
"""debate: a question between two men, then perhaps a sanction; judge: a sanction is asked for, the
question behind it is not scored; floor: the same for one who has left the body; removal: somebody
was removed, by vote or by a strike: the record does not say."""

NO_SANCTION = "none"
"""The word for: nobody was called to account, which is news too."""
ROUNDING = 1e-9


class Between(Table):
    """A range of chances, each as likely as another."""

    low: Annotated[Number, Field(ge=0, le=1)]
    high: Annotated[Number, Field(gt=0, le=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Between:
        if self.low > self.high:
            raise refused("low is above high", f"low of {self.high:g} or less", self.low)
        return self


class Error(Between):
    """How often a recorder is wrong, each as likely as another on the scale of logarithms.

    Never zero, or one slip would refute every history.
    """

    low: Annotated[Number, Field(gt=0, le=1)]


class _Said(Table):
    """What was asked, by whom, of whom, and what came of it; what is left out is not known."""

    question: Name | None = None
    carried: StrictBool | None = None
    yes: tuple[Name, ...] | None = None
    no: tuple[Name, ...] | None = None
    rung: Name | None = None
    judged: StrictBool | None = None
    judge_yes: tuple[Name, ...] | None = None
    judge_no: tuple[Name, ...] | None = None
    named: dict[Name, Name] | None = None


POLICY = ("question", "carried", "yes", "no")
"""What only a debate has."""


class Reading(_Said):
    """One way to read an ask: what it changes in it, its weight, and on what basis."""

    weight: Annotated[Number, Field(gt=0, le=1)]
    basis: Text
    kind: Kind | None = None
    mover: Name | None = None
    target: Name | None = None


def _sums_to_one(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    total = fsum(reading.weight for reading in readings)
    if readings and abs(total - 1) > ROUNDING:
        raise refused("the weights do not sum to one", "weights with the sum 1", f"{total:g}")
    return readings


class Ask(_Said):
    """One question that was put.

    id, month, text : what it is called, when, and what it was. kind : see `KINDS`. mover, target :
    who put it, and against whom. question : the policy question, by its id in the world or by its
    row in the record's table of questions. carried : whether the mover's side won. yes, no : those
    named with the mover and with the target, without the two. rung : the sanction sought against
    the beaten (or against the target, where there is no debate). judged : whether it carried.
    judge_yes, judge_no : those named for and against it. named : others punished with him, each
    with the rung. reading : where it is uncertain, all ways to read it.
    """

    id: Word
    month: Month
    text: Text
    kind: Kind
    mover: Name
    target: Name
    confidence: Confidence | None = None
    source: Text | None = None
    readings: Annotated[
        tuple[Reading, ...], Field(alias="reading"), AfterValidator(_sums_to_one)
    ] = ()

    def read(self) -> tuple[tuple[float, Ask], ...]:
        """Return each way to read it, with its weight: the ask itself where it is certain."""
        return tuple(
            (reading.weight, self._as(reading)) for reading in self.readings
        ) or ((1.0, self),)  # fmt: skip

    def _as(self, reading: Reading) -> Ask:
        said = reading.model_dump(exclude={"weight", "basis"}, exclude_none=True)
        if said.get("kind", self.kind) != "debate":
            said |= dict.fromkeys(POLICY)
        return self.model_copy(update={**said, "readings": ()})

    @property
    def beaten(self) -> str:
        """Who is called to account, if anybody."""
        return self.mover if self.kind == "debate" and self.carried is False else self.target


class Filled(Table):
    """Who took free seats in a month, in no order; `others` are men whom the world lacks."""

    month: Month
    filled_by: tuple[Name, ...] = ()
    others: Annotated[StrictInt, Field(ge=0, le=100)] = 0
    source: Text | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Filled:
        if not self.filled_by and not self.others:
            raise refused("nobody took a seat", "names in filled_by, or others of 1 or more")
        return self


class Imposed(Table):
    """What no rule does: imposed on a history, and not scored."""

    month: Month
    who: Name
    to: Literal["candidate", "committee"]
    text: Text | None = None
    source: Text | None = None


class RecordOfHistory(Table):
    """A record as its file says it.

    world : the world that it is coded for. first, last : the months it covers. unheard : months of
    them of which a division is known that is not here, or nothing, so that silence is no news.
    recorded : the chance that a division of the world is in the record. error, seat_error : the
    chance that what is recorded is wrong, for a division and for a seat.
    """

    title: Text
    world: Name
    source: Text
    first: Month
    last: Month
    unheard: tuple[Month, ...] = ()
    recorded: Between
    error: Error
    seat_error: Error
    asks: Annotated[tuple[Ask, ...], Field(alias="ask", max_length=2_000)] = ()
    seats: Annotated[tuple[Filled, ...], Field(alias="seat", max_length=2_000)] = ()
    exceptions: Annotated[
        tuple[Imposed, ...], Field(alias="exception", max_length=2_000)
    ] = ()  # fmt: skip
