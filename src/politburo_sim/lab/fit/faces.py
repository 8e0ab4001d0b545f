"""Faces of a model: what its histories look like from near, counted from their records.

A face is a function from one `Record` to its observations in that history; the table pools them
over histories. To add one, write the function and name it in `FACES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.lab.bench import lived
from politburo_sim.lab.runs import Tell, replicate_seeds, silent
from politburo_sim.record.ledger import Coalition, Ledger
from politburo_sim.record.record import Record
from politburo_sim.record.words import Entry
from politburo_sim.state import journal as j
from politburo_sim.state.body import FULL
from politburo_sim.worlds.world import World

#: Months within which a demand counts as following from a defeat.
SOON = 3


@dataclass(frozen=True)
class Division:
    """How many heads voted with the winner, and how many against."""

    winners: int
    losers: int


def sittings(record: Record) -> Iterator[tuple[Entry, frozenset[int]]]:
    """Each entry with the heads (full members) who sit once it has happened."""
    heads = frozenset(k for k, status in enumerate(record.world.body.status) if status == FULL)
    for row in record.rows:
        struck = row.kind in (j.SANCTION, j.STRUCK) and row.what >= record.world.losses.seat
        if struck or row.kind in (j.BEREFT, j.DEMOTED):
            heads -= {row.who}
        elif row.kind == j.SEATED:
            heads |= {row.who}
        yield row, heads


def divisions(record: Record) -> Iterator[Division]:
    """All votes whose ballots were kept, as the heads cast them."""
    for row, heads in sittings(record):
        if row.kind in (j.DIVISION, j.DEMAND) and 0 <= row.ballot < len(record.ballots):
            ballot = record.ballots[row.ballot]
            votes = [int(ballot[k]) for k in heads if ballot[k] >= 0]
            yield Division(votes.count(row.carried), len(votes) - votes.count(row.carried))


def winners_share(record: Record) -> list[float]:
    """The winner's share of the heads, in each division in which there was another side."""
    return [d.winners / (d.winners + d.losers) for d in divisions(record) if d.losers]


def losing_two(record: Record) -> list[float]:
    """Whether two heads or more lost, in each division in which there was another side."""
    return [float(d.losers >= 2) for d in divisions(record) if d.losers]


def demands_after(record: Record) -> list[float]:
    """For each roll call on policy: whether a demand against the beaten leader came soon after."""
    demands = [(row.month, row.whom) for row in record.rows if row.kind == j.DEMAND]
    beaten = [
        (row.month, row.whom if row.carried else row.who)
        for row in record.rows if row.kind == j.DIVISION
    ]  # fmt: skip
    return [
        float(any(whom == who and 0 <= month - when <= SOON for month, whom in demands))
        for when, who in beaten
    ]


def longest_run(record: Record) -> list[float]:
    """The most roll calls on policy against one man with no demand against him in between."""
    now: dict[int, int] = {}
    most = 0
    for row in record.rows:
        if row.kind == j.DIVISION:
            now[row.whom] = now.get(row.whom, 0) + 1
            most = max(most, now[row.whom])
        elif row.kind == j.DEMAND:
            now[row.whom] = 0
    return [float(most)]


def most_removals(record: Record) -> list[float]:
    """The most removals from the body in one month, with or without a vote."""
    months = [row.month for row in record.rows if _removes(record, row)]
    return [float(max((months.count(m) for m in set(months)), default=0))]


def _removes(record: Record, row: Entry) -> bool:
    lost = record.world.losses  # a strike without a vote is followed by its sanction
    return row.kind == j.SANCTION and lost.seat <= row.what < lost.party


def coalitions(record: Record) -> list[float]:
    """Coalitions formed in a history; one that forms in answer stands in the same entry."""
    return [float(sum(row.kind == j.FORMED for row in record.rows))]


def founders(record: Record) -> list[float]:
    """Members of each coalition when it is formed."""
    ledger = Ledger(record.world, record.ballots)
    return [
        float(len(ledger.sides(row.ballot)[0] | {row.who}))
        for row in record.rows if row.kind == j.FORMED
    ]  # fmt: skip


def lives(record: Record) -> list[float]:
    """Months that each coalition of two or more stands; to the end where it stands then."""
    ledger = Ledger(record.world, record.ballots)
    standing: list[Coalition] = []
    found: list[float] = []
    for row in record.rows:
        ledger.note(row)
        now = [one for one in ledger.coalitions if len(one.members) > 1]
        found += [float(row.month - one.born) for one in standing if one not in now]
        standing = now
    return [*found, *(float(record.months - one.born) for one in standing)]


def switches(record: Record) -> list[float]:
    """Members who leave a coalition for its rival in a history."""
    return [float(sum(row.kind == j.CROSSED for row in record.rows))]


FACES: dict[str, Callable[[Record], list[float]]] = {
    f"the beaten leader of a roll call on policy is accused within {SOON} months": demands_after,
    "most roll calls on policy against one man before he is accused": longest_run,
    "winner's share of the heads in a division": winners_share,
    "losing side of two heads or more in a division": losing_two,
    "most removals in one month": most_removals,
    "coalitions in a history": coalitions,
    "members of a coalition when it is formed": founders,
    "months that a coalition of two or more stands": lives,
    "members who go over to the rival coalition in a history": switches,
}


def table(records: list[Record]) -> pd.DataFrame:
    """Each face over all records: how often it was observed, mean, median, 5 % and 95 %."""
    rows = []
    for name, face in FACES.items():
        seen = np.array([value for record in records for value in face(record)])
        if not len(seen):
            seen = np.array([np.nan])
        five, median, ninety_five = np.quantile(seen, [0.05, 0.5, 0.95], method="inverted_cdf")
        rows.append(
            {"face": name, "observed": int(np.isfinite(seen).sum()), "mean": float(seen.mean()),
             "median": median, "5 %": five, "95 %": ninety_five}
        )  # fmt: skip
    return pd.DataFrame(rows)


def faces_of(
    world: World, points: NDArray[np.float64], number: int, seed: int,
    tell: Tell = silent,
) -> pd.DataFrame:  # fmt: skip
    """The faces of so many histories over parameter vectors, on the Mesa driver."""
    evenly = points[np.arange(number) * len(points) // max(1, number)]
    records = [*lived(world, evenly, replicate_seeds(seed, number, stream=11), tell)]
    return table(records) if records else table([]).iloc[:0]
