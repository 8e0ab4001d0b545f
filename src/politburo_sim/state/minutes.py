"""What is recorded of a body, as numbers: what a history can be conditioned on.

A record is a set of decisions with their values. Where it is imposed (`rules/recorded.py`) the
rules' own chance of each recorded value goes into the likelihood, the value is taken, and the
history goes on.
"""

from __future__ import annotations

from typing import Annotated

from politburo_sim.state.body import Floats, Ints

# Fields of Body.like: the log-likelihood by kind, and how the record was kept.
(
    VOTES,  # named positions and outcomes
    AGENDA,  # who stood against whom
    SANCTIONS,  # who was named, for whom a sanction was asked, with whom
    SEATS,  # who took free seats
    SILENCE,  # what came about and stands nowhere
    RECORDING,  # chance that a vote at the top is in the record at all
    ERROR,  # chance that what the record says of a decision is wrong
    SEAT_ERROR,  # the same of a seat
) = range(8)
#: How many of them are parts of the log-likelihood.
PARTS = 5

# Kinds of an ask: a division on a policy and perhaps a sanction; a sanction alone; the same of one
# who has left the body; a removal of which the record does not say whether it was voted on.
DEBATE, JUDGED, FLOOR, REMOVAL = range(4)
#: How a record covers a month; of an unheard one, what it leaves out tells nothing; 0: not at all.
SPOKEN_OF, UNHEARD = 1, 2
#: What the record does not say.
UNSAID = -1

# Fields of Work.ask: what is imposed now; all nought where nothing is.
(
    IMPOSED,  # 1: the votes of this roll call are in the record
    OUTCOME,  # 1 carried, 0 lost, UNSAID
    MUST_NAME,  # 1: the beaten leader is named
    FILLING,  # how vacant seats are filled
    TAKEN,  # one more than the row of the agenda that an ask has in hand
) = range(5)
# Ways of filling: as always; not now, since the record names nobody yet; one of those whom the
# record names (`work.awaited`); by somebody who is not in the file.
FREELY, LATER, AS_NAMED, BY_A_STRANGER = 0, 1, 2, 3


class Minutes:
    """The record of a body; `due[m]:due[m + 1]` are the rows of month m.

    A row is one reading of an ask; the readings of one ask follow one another.
    """

    covered: Annotated[Ints, "T"]  # [months] 0, SPOKEN_OF, or UNHEARD
    due: Annotated[Ints, "T"]  # [months + 1]
    ask: Annotated[Ints, "A"]  # number of the ask
    weight: Annotated[Floats, "A"]  # of the reading; those of one ask sum to one
    kind: Annotated[Ints, "A"]
    mover: Annotated[Ints, "A"]  # slot
    target: Annotated[Ints, "A"]  # slot
    question: Annotated[Ints, "A"]  # row of the agenda, or NOBODY
    carried: Annotated[Ints, "A"]  # 1, 0 or UNSAID
    said: Annotated[Ints, "A N"]  # positions on the policy: 1, 0 or UNSAID
    rung: Annotated[Ints, "A"]  # sought against the beaten; 0: none was; UNSAID
    judged: Annotated[Ints, "A"]  # 1, 0 or UNSAID
    judge_said: Annotated[Ints, "A N"]  # positions on the sanction
    struck: Annotated[Ints, "A N"]  # rung of those sanctioned with the beaten, else 0
    seats_due: Annotated[Ints, "T"]  # [months + 1]
    seated: Annotated[Ints, "S"]  # slot, or NOBODY for somebody who is not in the file
    moved_due: Annotated[Ints, "T"]  # [months + 1]
    moved: Annotated[Ints, "S"]  # slot of one whose standing changed by no rule
    moved_to: Annotated[Ints, "S"]  # his standing from then on
