"""The compiled driver: the month of `rules/month.py` over many runs at once.

Chunks of runs are plain functions that release the interpreter lock; a thread pool runs them
(`lab/`), since numba's own parallel loops abort when two callers meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from politburo_sim.rules.consequences import remove_by_lot
from politburo_sim.rules.founding import found
from politburo_sim.rules.month import live_month
from politburo_sim.rules.perception import speaks
from politburo_sim.rules.power import backing, strongest
from politburo_sim.state.body import (
    CLEAR_RULER,
    CLEAR_SINCE,
    NOBODY,
    PRESENT,
    RULED_SINCE,
    RULER,
    Agenda,
    Body,
    Calendar,
    Coding,
    Floats,
    Ints,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal
from politburo_sim.state.work import Work

#: Rungs of a world that states no ladder, the clear one included.
USUAL_RUNGS = 5


class Outcomes(NamedTuple):
    """What is kept of each of R runs. N slots of which the first are the file's members."""

    ruler: NDArray[np.int16]  # [R] slot of the established sole ruler, or NOBODY
    since: NDArray[np.int16]  # [R] month in which it was established, or NOBODY
    clear_ruler: NDArray[np.int16]  # [R] the same with the clause that no rival coalition stands
    clear_since: NDArray[np.int16]  # [R]
    rungs: NDArray[np.int16]  # [R, N, L] month in which each of L rungs was reached, or NOBODY
    status: NDArray[np.int8]  # [R, N] at the end
    share: Floats  # [R, N] power shares at the end
    base: Floats  # [R, N] at the end
    count: NDArray[np.int32]  # type: ignore[assignment]  # [R, 32] the run's counters
    lead: NDArray[np.float32]  # [R, T] largest share month by month, where T > 0
    leader: NDArray[np.int16]  # [R, T] who held it
    marks: Ints  # [S] months at whose end more is kept, rising
    share_at: Floats  # [R, S, N] power shares at the end of each marked month
    base_at: Floats  # [R, S, N] bases
    prestige_at: Floats  # [R, S, N] prestige of those who speak
    backing_at: Floats  # [R, S, N] share of the Committee behind each
    bond_at: Floats  # [R, S, N] bond of each present member to the strongest; nan where none


def make_outcomes(
    runs: int, slots: int, months: int, marks: Sequence[int] = (), rungs: int = USUAL_RUNGS
) -> Outcomes:
    """Room for the outcomes of so many runs; months = 0 keeps no monthly series."""
    marked = (runs, len(marks), slots)
    return Outcomes(
        np.full(runs, NOBODY, np.int16),
        np.full(runs, NOBODY, np.int16),
        np.full(runs, NOBODY, np.int16),
        np.full(runs, NOBODY, np.int16),
        np.full((runs, slots, rungs), NOBODY, np.int16),
        np.zeros((runs, slots), np.int8),
        np.zeros((runs, slots)),
        np.zeros((runs, slots)),
        np.zeros((runs, 32), np.int32),
        np.zeros((runs, months), np.float32),
        np.full((runs, months), NOBODY, np.int16),
        np.array(sorted(marks), np.int64),
        np.zeros(marked),
        np.zeros(marked),
        np.zeros(marked),
        np.zeros(marked),
        np.full(marked, np.nan),
    )


@rule
def keep_mark(body: Body, out: Outcomes, run: int, mark: int) -> None:
    """Write the state at a marked month."""
    for k in range(body.status.shape[0]):
        out.share_at[run, mark, k] = body.share[k]
        out.base_at[run, mark, k] = body.bases[k]
        out.prestige_at[run, mark, k] = body.prestige[k] if speaks(body, k) else 0.0
        out.backing_at[run, mark, k] = backing(body, k)
    leader = strongest(body)
    if leader != NOBODY:
        for i in range(body.clock[PRESENT]):
            k = body.present[i]
            if k != leader:
                out.bond_at[run, mark, k] = body.bond[k, leader]


@rule
def keep(body: Body, out: Outcomes, run: int) -> None:
    """Write one finished run into its row."""
    out.ruler[run] = body.clock[RULER]
    out.since[run] = body.clock[RULED_SINCE]
    out.clear_ruler[run] = body.clock[CLEAR_RULER]
    out.clear_since[run] = body.clock[CLEAR_SINCE]
    for k in range(body.status.shape[0]):
        out.status[run, k] = body.status[k]
        out.share[run, k] = body.share[k]
        out.base[run, k] = body.bases[k]
        for rung in range(out.rungs.shape[2]):
            out.rungs[run, k, rung] = body.since[k, rung]
    for i in range(body.count.shape[0]):
        out.count[run, i] = body.count[i]


@rule
def run_chunk(
    bodies: Any, work: Work, journal: Journal, calendar: Calendar, agenda: Agenda, initial: Any,
    coding: Coding,
    first: int, last: int, seeds: Ints, points: Floats, which: Ints,
    lots: NDArray[np.int8], out: Outcomes, start: int, stop: int,
) -> None:  # fmt: skip
    """Run the histories start..stop-1 from month `first` to month `last` (exclusive).

    From month 0 each run is founded: parameters points[which], traits within the coders'
    ranges. From a later month `initial` is a state handed over, and only luck is new.
    lots[run, month]: so many removals by lot (a null model); may be empty.
    """
    for run in range(start, stop):
        bodies[0] = initial[0]
        body = bodies[0]
        if first == 0:
            for i in range(body.par.shape[0]):
                body.par[i] = points[which[run], i]
            found(body, work, coding, seeds[run])
        else:
            body.seed[0] = seeds[run]
        mark = 0
        for month in range(first, last):
            live_month(body, work, journal, calendar, agenda, month)
            if lots.shape[0] > 0:
                remove_by_lot(body, work, journal, lots[run, month])
            if out.lead.shape[1] > 0:
                leader = strongest(body)
                out.leader[run, month - first] = leader
                out.lead[run, month - first] = body.share[leader] if leader != NOBODY else 0.0
            if mark < out.marks.shape[0] and out.marks[mark] == month:
                keep_mark(body, out, run, mark)
                mark += 1
        keep(body, out, run)
