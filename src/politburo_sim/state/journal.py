"""What a run writes down while it runs: numbered entries and ballots.

The prose of the chronicle is made from these entries, so both drivers write the same ones.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from politburo_sim.state.body import MONTH, NOBODY, SPEAKERS, Body, Ints
from politburo_sim.state.compiled import rule
from politburo_sim.state.work import ABSENT

# Kinds of entry, with what their fields mean. A ballot of sides has 1 for the one side, 0 for
# the other, ABSENT for those on neither.
(
    EVENT,  # what: row of the calendar; carried: 1 if it took place
    FORMED,  # who leads a new coalition against whom; what: its aim; ballot: sides; x: its weight
    # (who defend a man when a coalition is formed or turned stand in its sides)
    TURNED,  # who turns his coalition on whom; ballot: sides; x: its weight
    TAKEN_OVER,  # who takes the lead from whom; what: the coalition
    JOINED,  # who joins the coalition that whom leads; what: 1 as a client follows his patron
    CROSSED,  # who leaves the coalition that whom leads for its rival; what: the rival's leader
    LEFT,  # who leaves the coalition that whom leads
    BROKEN_UP,  # who led the coalition that ends; x: months that it lasted
    ADOPTED,  # who has his way unopposed; what: row of the agenda; x: where; y: axis
    DIVISION,  # who against whom; what: row of the agenda or NOBODY; x: tally; y: where; z: axis
    NAMED,  # who has offended; whom: the leader with whom he stood
    RECANT,  # who recants; x: distance moved
    DEMAND,  # roll call on a person: who against whom; what: rung; x: tally; y: accused in all
    APPEALED,  # the same, taken on to the second house
    SANCTION,  # who by whom; what: rung
    POST,  # what: office; who gets it after whom
    SEATED,  # who takes seat (what); whom: his patron or NOBODY
    STRUCK,  # who by whom, without a vote; what: rung
    BEREFT,  # who leaves (death, exit); what: status before
    TIED,  # who gives himself to whom; what: his patron before, or NOBODY
    RULES,  # who is established as sole ruler; x: his share; what: 1 with no rival coalition
    PROPOSED,  # who proposes a part of the body; what: its mask; x: tally
    STOOD_UP,  # who, removed before, stands up in the Committee for whom; x: tally of the beaten
    DEMOTED,  # who is not elected again, dismissed by whom; what: status after
) = range(24)

#: The fields of an entry.
ENTRY: Any = np.dtype(
    [
        ("month", np.int64), ("kind", np.int64), ("who", np.int64), ("whom", np.int64),
        ("what", np.int64), ("carried", np.int64), ("ballot", np.int64),
        ("x", np.float64), ("y", np.float64), ("z", np.float64),
    ]
)  # fmt: skip


class Journal(NamedTuple):
    """Entries [L] of ENTRY, ballots [B, N], how many of each [2]."""

    entries: NDArray[Any]
    ballots: NDArray[np.int8]
    size: Ints


def make_journal(entries: int, ballots: int, slots: int) -> Journal:
    """An empty journal; with no room it writes nothing down."""
    return Journal(
        np.zeros(entries, dtype=ENTRY),
        np.full((ballots, slots), ABSENT, dtype=np.int8),
        np.zeros(2, dtype=np.int64),
    )


@rule
def write(
    journal: Journal, body: Body, kind: int, who: int, whom: int, what: int, carried: int,
    ballot: int, x: float, y: float, z: float,
) -> None:  # fmt: skip
    """Write one entry, where there is room for entries at all."""
    if journal.entries.shape[0] == 0:
        return
    row = journal.size[0]
    journal.size[0] = row + 1
    if row < journal.entries.shape[0]:
        entry = journal.entries[row]
        entry.month = body.clock[MONTH]
        entry.kind = kind
        entry.who = who
        entry.whom = whom
        entry.what = what
        entry.carried = carried
        entry.ballot = ballot
        entry.x = x
        entry.y = y
        entry.z = z


@rule
def note(journal: Journal, body: Body, kind: int, who: int, whom: int, what: int, x: float) -> None:
    """Write an entry of the short form."""
    write(journal, body, kind, who, whom, what, 0, NOBODY, x, 0.0, 0.0)


@rule
def keep_ballot(journal: Journal, body: Body) -> int:
    """Keep everybody's vote; the number of the ballot, or NOBODY without room."""
    if journal.ballots.shape[0] == 0:
        return NOBODY
    number = journal.size[1]
    journal.size[1] = number + 1
    if number < journal.ballots.shape[0]:
        for i in range(body.clock[SPEAKERS]):
            k = body.speakers[i]
            journal.ballots[number, k] = body.vote[k]
    return number


@rule
def keep_sides(journal: Journal, body: Body, one: int, other: int) -> int:
    """Keep who belongs to two coalitions (NOBODY for none); the number of the ballot."""
    if journal.ballots.shape[0] == 0:
        return NOBODY
    number = journal.size[1]
    journal.size[1] = number + 1
    if number < journal.ballots.shape[0]:
        for k in range(body.coalition.shape[0]):
            mine = body.coalition[k]
            if mine != NOBODY and mine == one:
                journal.ballots[number, k] = 1
            elif mine != NOBODY and mine == other:
                journal.ballots[number, k] = 0
    return number
