"""A record in the slots and month numbers of a world: what a conditioned run reads.

Months count from the world's start; a month of the record is a row of every table that says
``month``. Nothing here weighs anything: a likelihood is the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from politburo_sim.evidence.record import is_meant
from politburo_sim.evidence.schema import KINDS, NO_SANCTION, Ask, RecordOfHistory
from politburo_sim.months import month_index
from politburo_sim.state.body import CANDIDATE, CLEAR, COMMITTEE, NOBODY
from politburo_sim.worlds.world import World

__all__ = ["UNKNOWN", "RecordArrays", "ask_dtype", "record_arrays"]

UNKNOWN = -1
"""A position, an outcome or a rung that is not recorded."""


def ask_dtype(slots: int) -> np.dtype[np.void]:
    """Return the row of an ask's reading, for a world with so many slots.

    Fields
    ------
    month
        From the world's start.
    ask
        Number of the ask; the rows of one number are its readings.
    weight
        Of the reading; those of one ask sum to one.
    kind
        Place in `KINDS`: 0 debate, 1 judge, 2 floor, 3 removal.
    mover, target
        Slots.
    question
        Row of the world's agenda, or ``NOBODY`` where the ask has none that this world puts.
    carried
        Whether the mover's side won: 1, 0, or ``UNKNOWN``.
    rung
        Sought against the beaten: from 1, as the body counts; 0 none; ``UNKNOWN``.
    judged
        Whether the sanction carried: 1, 0, or ``UNKNOWN`` (also where none was sought).
    position
        By slot, on the policy question: 1 with the mover, 0 with the target, ``UNKNOWN``. Mover
        and target themselves are unknown here: they do not choose.
    judge
        By slot, on the sanction: 1 for it, 0 against it, ``UNKNOWN``.
    named
        By slot: the rung sought against others, named with the beaten; 0 none.
    """
    return np.dtype([
        ("month", np.int64), ("ask", np.int64), ("weight", np.float64), ("kind", np.int64),
        ("mover", np.int64), ("target", np.int64), ("question", np.int64),
        ("carried", np.int8), ("rung", np.int8), ("judged", np.int8),
        ("position", np.int8, (slots,)), ("judge", np.int8, (slots,)), ("named", np.int8, (slots,)),
    ])  # fmt: skip


@dataclass(frozen=True, eq=False)
class RecordArrays:
    """A record as arrays.

    first, last : months covered, both included. asks : rows of `ask_dtype` by month, then in the
    order of the file, then by reading. due : row of `asks` with which each month of the world
    begins, and their number last. seats : rows of month, others (men whom the world lacks) and
    slots (who took seats, in no order; ``NOBODY`` fills the row). exceptions : rows of month, who
    (a slot) and to (the status `CANDIDATE` or `COMMITTEE`). silent : by month of the world, 1
    where the record says by its silence that nothing was asked. recorded, error, seat_error : low
    and high of the header's ranges. texts : by number of ask.
    """

    first: int
    last: int
    asks: NDArray[np.void]
    due: NDArray[np.int64]
    seats: NDArray[np.void]
    exceptions: NDArray[np.void]
    silent: NDArray[np.int8]
    recorded: tuple[float, float]
    error: tuple[float, float]
    seat_error: tuple[float, float]
    texts: tuple[str, ...]

    def __repr__(self) -> str:
        asked = len(self.texts)
        return f"RecordArrays(months {self.first} to {self.last}, {asked} asks)"


def record_arrays(world: World, record: RecordOfHistory) -> RecordArrays:
    """Turn a checked record into arrays.

    A question that the world does not put, such as one of a longer calendar, is ``NOBODY``.
    """
    asks = sorted(record.asks, key=lambda ask: ask.month)
    rows = [
        _row(world, number, weight, read)
        for number, ask in enumerate(asks)
        for weight, read in ask.read()
    ]
    table = np.array(rows, dtype=ask_dtype(len(world.names)))
    first, last = _month(world, record.first), _month(world, record.last)
    silent = np.zeros(world.months, dtype=np.int8)
    silent[first : last + 1] = 1
    silent[table["month"]] = 0
    silent[[_month(world, month) for month in record.unheard]] = 0
    return RecordArrays(
        first=first, last=last, asks=table,
        due=np.searchsorted(table["month"], np.arange(world.months + 1)).astype(np.int64),
        seats=_seats(world, record), exceptions=_exceptions(world, record), silent=silent,
        recorded=(record.recorded.low, record.recorded.high),
        error=(record.error.low, record.error.high),
        seat_error=(record.seat_error.low, record.seat_error.high),
        texts=tuple(f"{ask.month} {ask.text}" for ask in asks),
    )  # fmt: skip


def _month(world: World, month: str) -> int:
    return month_index(world.start, month)


def _row(world: World, number: int, weight: float, ask: Ask) -> tuple[object, ...]:
    slot, rung = world.names.index, _rung(world)
    named = np.full(len(world.names), CLEAR, dtype=np.int8)
    for name, sought in (ask.named or {}).items():
        named[slot(name)] = rung[sought]
    return (
        _month(world, ask.month), number, weight, KINDS.index(ask.kind),
        slot(ask.mover), slot(ask.target), _question(world, ask.question),
        _known(ask.carried), UNKNOWN if ask.rung is None else rung[ask.rung], _known(ask.judged),
        _sides(world, ask.yes, ask.no), _sides(world, ask.judge_yes, ask.judge_no), named,
    )  # fmt: skip


def _rung(world: World) -> dict[str, int]:
    return {NO_SANCTION: CLEAR} | {each.name: at for at, each in enumerate(world.ladder, 1)}


def _known(said: bool | None) -> int:
    return UNKNOWN if said is None else int(said)


def _sides(
    world: World, yes: tuple[str, ...] | None, no: tuple[str, ...] | None
) -> NDArray[np.int8]:
    side = np.full(len(world.names), UNKNOWN, dtype=np.int8)
    for value, names in ((1, yes), (0, no)):
        side[[world.names.index(name) for name in names or ()]] = value
    return side


def _question(world: World, name: str | None) -> int:
    """Return the row of the agenda, whose rows are the world's questions by month."""
    meant = [q.id for q in world.scenario.questions if name is not None and is_meant(q, name)]
    return next((row for row, q in enumerate(world.questions) if q.id in meant), NOBODY)


def _seats(world: World, record: RecordOfHistory) -> NDArray[np.void]:
    filled = sorted(record.seats, key=lambda each: each.month)
    most = max((len(each.filled_by) for each in filled), default=0)
    slots = [[world.names.index(name) for name in each.filled_by] for each in filled]
    row = np.dtype([("month", np.int64), ("others", np.int64), ("slots", np.int64, (most,))])
    return np.array(
        [
            (_month(world, each.month), each.others, some + [NOBODY] * (most - len(some)))
            for each, some in zip(filled, slots, strict=True)
        ],
        dtype=row,
    )


def _exceptions(world: World, record: RecordOfHistory) -> NDArray[np.void]:
    row = np.dtype([("month", np.int64), ("who", np.int64), ("to", np.int64)])
    return np.array(
        [
            (_month(world, each.month), world.names.index(each.who),
             CANDIDATE if each.to == "candidate" else COMMITTEE)
            for each in sorted(record.exceptions, key=lambda each: each.month)
        ],
        dtype=row,
    )  # fmt: skip
