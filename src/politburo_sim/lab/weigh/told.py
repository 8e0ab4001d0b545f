"""A record of a simulated history, as a chronicler would have kept it: for tests of the method.

Each division and each demand of the journal is an ask with so many of its votes; who took seats is
kept; the months without any are silent.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from politburo_sim.evidence.arrays import UNKNOWN, ask_dtype
from politburo_sim.lab.weigh.conditioned import Conditioned, Seeds, Values
from politburo_sim.run.engine import make_outcomes
from politburo_sim.run.recorded import run_recorded
from politburo_sim.state import journal as j
from politburo_sim.state.body import NOBODY, as_block
from politburo_sim.state.journal import make_journal
from politburo_sim.state.minutes import DEBATE, JUDGED, REMOVAL
from politburo_sim.state.work import make_work


def live(record: Conditioned, point: Values, seeds: Seeds, last: int) -> tuple[Any, Any]:
    """One free history to month `last`: the entries of its journal, and its ballots."""
    world = record.world
    slots = len(world.body.ident)
    journal = make_journal(64 * last + 256, 8 * last + 64, slots)
    run_recorded(
        as_block(world.body), make_work(world.body), journal, world.calendar, world.agenda,
        record.minutes, as_block(world.body), world.coding, 0, 0, last, seeds[None, :, None],
        np.zeros((1, 0), np.int64), point[None],
        np.array([0.5]), record.error, record.seat_error, record.states(0), NOBODY,
        record.states(0), 0, 1.0, np.full(1, -np.inf), np.zeros((1, 0, 5)),
        make_outcomes(1, slots, 0, rungs=len(world.rungs)), 0, 1,
    )  # fmt: skip
    return journal.entries[: journal.size[0]], journal.ballots[: journal.size[1]]


def told(
    record: Conditioned, point: Values, seeds: Seeds, last: int, luck: np.random.Generator,
    kept: float = 1.0, named: float = 1.0,
) -> Any:  # fmt: skip
    """A record of one free history to month `last`, in the form of `evidence.arrays`.

    kept : chance that a roll call is recorded (falls always are). named : the same of a position.
    """
    entries, ballots = live(record, point, seeds, last)
    slots = len(record.world.names)
    rows: list[Any] = []

    def positions(row: Any) -> Any:
        said = np.full(slots, UNKNOWN, np.int8)
        ballot = ballots[row["ballot"]][:slots]
        keep = (luck.random(slots) < named) & (ballot >= 0)
        said[keep] = ballot[keep]
        said[[row["who"], row["whom"]]] = UNKNOWN
        return said

    def add(row: Any, kind: int) -> Any:
        ask = np.zeros((), ask_dtype(slots))
        ask["month"], ask["ask"], ask["weight"], ask["kind"] = row["month"], len(rows), 1.0, kind
        ask["mover"], ask["target"], ask["question"] = row["who"], row["whom"], NOBODY
        ask["carried"] = ask["judged"] = UNKNOWN
        ask["position"] = ask["judge"] = UNKNOWN
        rows.append(ask)
        return ask

    for row in entries:
        month = int(row["month"])
        if row["kind"] == j.DIVISION and luck.random() < kept:
            ask = add(row, DEBATE)
            ask["question"], ask["carried"] = row["what"], row["carried"]
            ask["position"] = positions(row)
        elif row["kind"] == j.DEMAND:
            falls = row["carried"] == 1 and row["what"] > 1
            if not falls and luck.random() >= kept:
                continue
            ask = _open(rows, month, int(row["whom"]))
            ask = add(row, JUDGED) if ask is None else ask
            ask["rung"], ask["judged"], ask["judge"] = row["what"], row["carried"], positions(row)
            others = entries[(entries["month"] == month) & (entries["kind"] == j.SANCTION)]
            for other in others:
                if other["who"] != row["whom"] and row["carried"] == 1:
                    ask["named"][other["who"]] = other["what"]
        elif row["kind"] == j.STRUCK:
            ask = add(row, REMOVAL)
            ask["mover"], ask["target"] = row["whom"], row["who"]
            ask["rung"], ask["judged"] = row["what"], 1
    return _arrays(record, rows, entries, last)


def _open(rows: list[Any], month: int, whom: int) -> Any:
    """The division of the month whose beaten leader is now accused, or None."""
    last = rows[-1] if rows else None
    if last is None or last["month"] != month or last["kind"] != DEBATE or last["rung"] != 0:
        return None
    beaten = last["target"] if last["carried"] == 1 else last["mover"]
    return last if beaten == whom else None


def _arrays(record: Conditioned, rows: list[Any], entries: Any, last: int) -> Any:
    world, slots = record.world, len(record.world.names)
    asks = np.array(rows, ask_dtype(slots)) if rows else np.zeros(0, ask_dtype(slots))
    seated = entries[entries["kind"] == j.SEATED]
    months = sorted(set(seated["month"].tolist()))
    taken = [[int(r["who"]) for r in seated if r["month"] == m] for m in months]
    most = max((len(who) for who in taken), default=0)
    seats = np.zeros(
        len(months), [("month", np.int64), ("others", np.int64), ("slots", np.int64, (most,))]
    )
    for place, (month, who) in enumerate(zip(months, taken, strict=True)):
        known = [k for k in who if k < world.members]
        seats[place] = (month, len(who) - len(known), known + [NOBODY] * (most - len(known)))
    silent = np.zeros(world.months, np.int8)
    silent[:last] = 1
    silent[asks["month"]] = 0
    nobody = np.zeros(0, [("month", np.int64), ("who", np.int64), ("to", np.int64)])
    return SimpleNamespace(
        first=0, last=last - 1, asks=asks, seats=seats, exceptions=nobody, silent=silent,
        recorded=(0.3, 0.95), error=(record.error, record.error),
        seat_error=(record.seat_error, record.seat_error),
    )  # fmt: skip
