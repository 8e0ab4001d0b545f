"""What a run writes down while it runs: numbered entries and ballots.

The prose of the chronicle is made from these entries, so both drivers write the same ones.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from politburo_sim.state.body import Body, Floats, Ints
from politburo_sim.state.compiled import rule
from politburo_sim.state.work import ABSENT, Work

# Kinds of entry, with the meaning of who, whom, what, x, y, z.
(
    EVENT,  # what: calendar row; x: 1 if it took place
    RAISED,  # who against whom; what: platform; x: distance of a flip; y: bond to the target
    DROPPED,  # who against whom; x: tally expected by who
    ROLL_CALL,  # who against whom; what: carried; x: tally; y: ballot; z: expected by who
    ACCOUNT,  # personnel roll call: who against whom; what: carried; x: tally; y: ballot; z: rung
    SANCTION,  # who by whom; what: rung
    POST,  # what: office; who gets it after whom
    SEATED,  # who takes seat (what) after whom; x: 1 if as a client; y: patron
    STRUCK,  # who by whom; what: rung
    RECANT,  # who; x: distance moved
    BEREFT,  # who leaves (death, exit); what: status before
    RULES,  # who is established as sole ruler
    PROPOSED,  # who proposes a sub-body; what: its mask; x: carried; y: tally
    DESERTED,  # who leaves whom
) = range(14)


class Journal(NamedTuple):
    """Entries [L, 8] (month, kind, who, whom, what, x, y, z), ballots [B, N], sizes [2]."""

    entries: Floats
    ballots: NDArray[np.int8]
    size: Ints


def make_journal(entries: int, ballots: int, slots: int) -> Journal:
    """An empty journal; with no room it writes nothing down."""
    return Journal(
        np.zeros((entries, 8), dtype=np.float64),
        np.full((ballots, slots), ABSENT, dtype=np.int8),
        np.zeros(2, dtype=np.int64),
    )


@rule
def note(
    journal: Journal,
    month: int,
    kind: int,
    who: int,
    whom: int,
    what: int,
    x: float,
    y: float,
    z: float,
) -> None:
    """Write one entry, where there is room for entries at all."""
    if journal.entries.shape[0] == 0:
        return
    row = journal.size[0]
    journal.size[0] = row + 1
    if row < journal.entries.shape[0]:
        entry = journal.entries[row]
        entry[0] = month
        entry[1] = kind
        entry[2] = who
        entry[3] = whom
        entry[4] = what
        entry[5] = x
        entry[6] = y
        entry[7] = z


@rule
def keep_ballot(journal: Journal, body: Body, work: Work) -> int:
    """Keep everybody's vote; the number of the ballot, or -1 without room."""
    if journal.ballots.shape[0] == 0:
        return -1
    number = journal.size[1]
    journal.size[1] = number + 1
    if number < journal.ballots.shape[0]:
        for i in range(body.clock[0]):
            k = body.speakers[i]
            journal.ballots[number, k] = work.vote[k]
    return number
