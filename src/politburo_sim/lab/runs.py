"""Many runs of a world on the compiled engine, in chunks over a pool of threads."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from politburo_sim.files.errors import InputError
from politburo_sim.run import engine
from politburo_sim.run.engine import Outcomes, make_outcomes
from politburo_sim.state import draws
from politburo_sim.state.body import Body, as_block
from politburo_sim.state.compiled import note_compiled
from politburo_sim.state.journal import make_journal
from politburo_sim.state.work import make_work
from politburo_sim.worlds.world import World

#: Most runs in a chunk; fewer where there are few for each thread. Results never depend on it.
CHUNK = 500
_NO_LOTS = np.zeros((0, 0), np.int8)


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
    base = int(draws.mix(draws.mix(master, stream), 1))
    return np.array(
        [int(draws.mix(base, replicate)) >> 1 for replicate in range(runs)], dtype=np.int64
    )


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
    """
    runs = len(seeds)
    slots = world.body.ident.shape[0]
    end = world.months if last is None else last
    out = make_outcomes(runs, slots, end - first if series else 0, marks)
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
            _NO_LOTS if lots is None else lots, out, start, stop,
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
    return out
