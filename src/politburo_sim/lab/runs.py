"""Many runs of a world on the compiled engine, in chunks over a pool of threads."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from politburo_sim.files.errors import InputError, ResultWarning
from politburo_sim.run import engine
from politburo_sim.run.engine import Outcomes, make_outcomes
from politburo_sim.state import draws
from politburo_sim.state.body import UNFILLED, Body, as_block
from politburo_sim.state.compiled import note_compiled
from politburo_sim.state.journal import make_journal
from politburo_sim.state.work import make_work
from politburo_sim.worlds.world import World, grown

#: Most runs in a chunk; fewer where there are few for each thread. Results never depend on it.
CHUNK = 500
#: A body is not made larger than this for newcomers.
MOST_SLOTS = 1_024
#: No removals by lot.
NO_LOTS = np.zeros((0, 0), np.int8)


class Tell(Protocol):
    """Who is told of progress: how many more runs are done, and what is done now if new."""

    def __call__(self, done: int, doing: str = "", /) -> object:
        """Take note."""


def silent(done: int, doing: str = "", /) -> None:
    """Tell nobody."""


def workers_or_default(workers: int | None) -> int:
    """How many threads to use: as asked, else one for each core."""
    if workers is not None and workers < 1:
        raise InputError(
            "workers must be at least one", key="--workers", given=workers, allowed="1 or more"
        )
    return workers or os.cpu_count() or 1


def replicate_seeds(master: int, runs: int, stream: int = 0) -> NDArray[np.int64]:
    """Seeds of replicates 0, 1, ...: each worked out alone from the master seed."""
    return np.array([replicate_seed(master, k, stream) for k in range(runs)], dtype=np.int64)


def replicate_seed(master: int, replicate: int, stream: int = 0) -> int:
    """The seed of one replicate: 0 to 2**63 - 1."""
    base = int(draws.mix(draws.begin(master, stream), 1))
    return int(draws.mix(base, replicate)) >> 1


def run_many(
    world: World,
    seeds: NDArray[np.int64],
    points: NDArray[np.float64] | None = None,
    which: NDArray[np.int64] | None = None,
    *,
    series: bool = False,
    marks: Sequence[int] = (),
    last: int | None = None,
    lots: NDArray[np.int8] | None = None,
    first: int = 0,
    state: Body | None = None,
    workers: int | None = None,
    tell: Tell = silent,
) -> Outcomes:
    """Run one history for each seed.

    Parameters
    ----------
    world : the world.
    seeds : [R] whole numbers from 0 to 2**63 - 1.
    points, which : [Q, P] parameter vectors and [R] the one that each run takes.
    series : keep the largest share month by month.
    marks : months at whose end shares, bases and prestige are kept.
    last : the month before which the runs end; default the world's end.
    lots : [R, T] removals by lot in each month (a null model).
    first, state : go on from a state at month `first` instead of a founding.
    workers : threads; default one for each core. Results do not depend on it.
    tell : told of the runs that each chunk has finished.

    Histories in which the slots for newcomers run out are run again in a larger body, so that no
    seat stays empty for want of one; outcomes then have more slots. Where that cannot be (they go
    on from a state), a `ResultWarning` says so, and the outcome `unfilled` counts the seats.
    """
    runs = len(seeds)
    slots = world.body.ident.shape[0]
    end = world.months if last is None else last
    out = make_outcomes(runs, slots, end - first if series else 0, marks, len(world.rungs))
    table = np.array([world.body.par]) if points is None else points
    chosen = np.zeros(runs, np.int64) if which is None else which
    initial = as_block(world.body if state is None else state)

    threads = workers_or_default(workers)
    size = max(1, min(CHUNK, -(-runs // (2 * threads))))

    def chunk(start: int) -> int:
        stop = min(runs, start + size)
        engine.run_chunk(
            as_block(world.body), make_work(world.body), make_journal(0, 0, slots),
            world.calendar, world.agenda, initial, world.coding, first, end, seeds, table, chosen,
            NO_LOTS if lots is None else lots, out, start, stop,
        )  # fmt: skip
        return stop - start

    with ThreadPoolExecutor(threads) as pool:
        tasks = [pool.submit(chunk, start) for start in range(0, runs, size)]
        try:
            for task in as_completed(tasks):
                tell(task.result())
        except BaseException:  # stopped by hand, too: what has not begun never does
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    note_compiled("engine", world.body, world.calendar, world.coding)
    short = np.flatnonzero(out.count[:, UNFILLED] > 0)
    if not len(short):
        return out
    if state is not None or slots >= MOST_SLOTS:
        warnings.warn(
            f"In {len(short)} of {runs} histories a seat stayed empty, because the body's {slots} "
            "slots for persons ran out.", ResultWarning, stacklevel=2,
        )  # fmt: skip
        return out
    larger = grown(world)
    again = run_many(
        larger, seeds[short], table, chosen[short], series=series, marks=marks, last=last,
        lots=None if lots is None else lots[short], first=first, workers=workers,
    )  # fmt: skip
    return put_in(out, again, short)


def with_slots(out: Outcomes, slots: int) -> Outcomes:
    """The same outcomes in a body with more slots, in which nobody has been."""
    missing = slots - out.status.shape[1]
    if missing == 0:
        return out
    blank = make_outcomes(len(out.ruler), missing, 0, out.marks.tolist(), out.rungs.shape[2])
    by_slot = {name: -1 for name in ("status", "share", "base")} | {
        name: 2 for name in Outcomes._fields if name.endswith("_at")
    } | {"rungs": 1}  # fmt: skip
    return out._replace(**{
        name: np.concatenate([getattr(out, name), getattr(blank, name)], axis=axis)
        for name, axis in by_slot.items()
    })  # fmt: skip


def put_in(out: Outcomes, some: Outcomes, places: NDArray[np.int64]) -> Outcomes:
    """Outcomes in which those of some runs are replaced."""
    whole = with_slots(out, some.status.shape[1])
    for name in Outcomes._fields:
        if name != "marks":
            getattr(whole, name)[places] = getattr(some, name)
    return whole
