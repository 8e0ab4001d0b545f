"""Other ways to run many histories: on the Mesa driver in processes, or on a cluster.

Both give the same outcomes as `runs.run_many`, run by run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from multiprocessing import get_context
from queue import Empty, Queue
from threading import Thread
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from politburo_sim.files.errors import InputError, ResultError
from politburo_sim.lab.provenance import rules_hash
from politburo_sim.lab.runs import (
    MOST_SLOTS,
    Tell,
    run_many,
    silent,
    with_slots,
    workers_or_default,
)
from politburo_sim.outcomes import marks_of
from politburo_sim.run.engine import Outcomes, keep, keep_mark, make_outcomes
from politburo_sim.run.member import Member
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import UNFILLED
from politburo_sim.state.parameters import TABLE
from politburo_sim.worlds.schema import Scenario
from politburo_sim.worlds.world import World, build_world, grown

#: Histories in one task of a process, and at most in one task of a cluster.
MESA_CHUNK, CLUSTER_CHUNK = 20, 1_000
#: Tasks that each thread of a cluster is to have before it, so that none waits for the slowest.
AHEAD = 3
#: Seconds in which a scheduler has to answer, and then to have a worker.
PATIENCE = 10.0


def _settings(vector: NDArray[np.float64]) -> dict[str, float]:
    return {p.name: float(v) for p, v in zip(TABLE, vector, strict=True)}


def _by_mesa(
    scenario: Scenario, member_class: type[Member], seeds: Sequence[int],
    vectors: NDArray[np.float64],
) -> Outcomes:  # fmt: skip
    """A few histories on the Mesa driver, one after another."""
    lived = [
        one_by_mesa(build_world(scenario, _settings(vector)), int(seed), member_class)[1]
        for seed, vector in zip(seeds, vectors, strict=True)
    ]
    return joined(lived)


def one_by_mesa(
    world: World, seed: int, member_class: type[Member] = Member
) -> tuple[Politburo, Outcomes]:
    """One history on the Mesa driver, and what came out of it.

    Where the slots for newcomers run out, it is lived again in a larger body.
    """
    model = Politburo(world, seed, member_class=member_class)
    slots = len(world.body.ident)
    out = make_outcomes(1, slots, 0, marks_of(world), len(world.rungs))
    _to_the_end(model, out, 0)
    if _short_of_slots(model):
        return one_by_mesa(grown(world), seed, member_class)
    return model, out


def history(
    world: World, seed: int, prepared: Callable[[Politburo], Politburo] = lambda model: model,
    member_class: type[Member] = Member,
) -> Politburo:  # fmt: skip
    """One history to its end, lived again in a larger body where slots for newcomers run out.

    prepared : what is done with a model before it lives.
    """
    model = prepared(Politburo(world, seed, member_class=member_class)).run()
    if _short_of_slots(model):
        return history(grown(world), seed, prepared, member_class)
    return model


def _short_of_slots(model: Politburo) -> bool:
    return bool(model.arrays.count[UNFILLED] and len(model.world.names) < MOST_SLOTS)


def _to_the_end(model: Politburo, out: Outcomes, run: int) -> None:
    marks = marks_of(model.world)
    for month in range(model.world.months):
        model.step()
        if month in marks:
            keep_mark(model.body, out, run, marks.index(month))
    keep(model.body, out, run)


def _on_engine(
    scenario: Scenario, seeds: NDArray[np.int64], points: NDArray[np.float64],
    which: NDArray[np.int64], rules: str,
) -> Outcomes:  # fmt: skip
    """Histories on a worker of a cluster, which has to have the same rules."""
    if rules_hash() != rules:
        raise InputError(
            "a worker of the cluster has another version of the rules", key="--dask",
            given=rules_hash(), allowed=rules, hint="install the same version on every machine",
        )  # fmt: skip
    world = build_world(scenario)
    return run_many(world, seeds, points, which, marks=marks_of(world), workers=1)


def joined(parts: Sequence[Outcomes]) -> Outcomes:
    """Outcomes of consecutive runs as one."""
    slots = max(part.status.shape[1] for part in parts)
    even = [with_slots(part, slots) for part in parts]
    fields: dict[str, Any] = {
        name: even[0].marks if name == "marks"
        else np.concatenate([getattr(part, name) for part in even])
        for name in Outcomes._fields
    }  # fmt: skip
    return Outcomes(**fields)


def run_by_mesa(
    world: World, seeds: NDArray[np.int64], points: NDArray[np.float64],
    which: NDArray[np.int64], member_class: type[Member] = Member, *,
    workers: int | None = None, tell: Tell = silent,
) -> Outcomes:  # fmt: skip
    """Histories with members of the user's own, in processes.

    Raises
    ------
    InputError
        If the class is defined where a new process cannot import it from.
    """
    if member_class.__module__ == "__main__" or "<locals>" in member_class.__qualname__:
        raise InputError(
            "this class of members cannot be sent to other processes",
            given=member_class.__qualname__, allowed="a class at the top of an importable module",
            hint="move it into a file of its own and import it from there",
        )  # fmt: skip
    spans = [(i, min(len(seeds), i + MESA_CHUNK)) for i in range(0, len(seeds), MESA_CHUNK)]
    jobs = [
        (world.scenario, member_class, seeds[a:b].tolist(), points[which[a:b]]) for a, b in spans
    ]
    return joined(in_processes(_by_mesa, jobs, workers, lambda _, part: tell(len(part.ruler))))


def in_processes(
    call: Callable[..., Any], jobs: Sequence[tuple[Any, ...]], workers: int | None,
    done: Callable[[int, Any], object],
) -> list[Any]:  # fmt: skip
    """What a function gives for each job, in order; `done` is told of each as soon as it is there.

    Raises
    ------
    ResultError
        If a process was ended from outside.
    """
    if not jobs:
        return []
    with ProcessPoolExecutor(workers_or_default(workers), mp_context=get_context("spawn")) as pool:
        tasks = {pool.submit(call, *job): place for place, job in enumerate(jobs)}
        try:
            for task in as_completed(tasks):
                done(tasks[task], task.result())
        except BrokenProcessPool as error:
            raise ResultError(
                "a process that ran histories was ended from outside",
                hint="often memory ran out: give fewer --workers; a sweep goes on with --resume",
            ) from error  # fmt: skip
        return [task.result() for task in tasks]


class Job(NamedTuple):
    """Histories whose outcomes are asked for together: seeds, and the design point of each."""

    seeds: NDArray[np.int64]
    which: NDArray[np.int64]


def run_on_cluster(
    address: str, world: World, jobs: Iterable[Job], points: NDArray[np.float64],
    tell: Tell = silent,
) -> Iterator[Outcomes]:  # fmt: skip
    """The outcomes of jobs, in order, from the workers of a Dask cluster.

    Jobs are cut into tasks by the number of the cluster's threads, and handed out ahead of what is
    asked for, so that no worker waits. A task that is lost with its worker is given to another.

    Raises
    ------
    InputError
        If no scheduler or no worker answers, or a worker has other rules.
    ResultError
        If the cluster goes away, or a task ends several of its workers.
    """
    distributed: Any = _distributed(address)
    with _client(distributed, address) as client:
        rules, under_way = rules_hash(), deque[list[Any]]()
        waiting = iter(jobs)
        try:
            while True:
                threads = max(1, sum(client.ncores().values()))
                while sum(map(len, under_way)) < AHEAD * threads:
                    job = next(waiting, None)
                    if job is None:
                        break
                    size = task_size(len(job.seeds), threads)
                    under_way.append([
                        client.submit(_on_engine, world.scenario, *part, rules, pure=False)
                        for part in _parts(job, points, size)
                    ])  # fmt: skip
                if not under_way:
                    return
                yield joined([_result(task, tell) for task in under_way.popleft()])
        except (distributed.KilledWorker, OSError, CancelledError) as error:
            raise ResultError(
                f"the cluster did not finish ({type(error).__name__})",
                hint="see its scheduler's log; the same command with --resume goes on",
            ) from error  # fmt: skip


def task_size(runs: int, threads: int) -> int:
    """Histories in a task: several tasks for each thread, none above CLUSTER_CHUNK."""
    return max(1, min(CLUSTER_CHUNK, -(-runs // (AHEAD * threads))))


def _parts(
    job: Job, points: NDArray[np.float64], size: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]]:  # fmt: skip
    """Seeds, parameters and the design point of each history, with no point that is not needed."""
    for start in range(0, len(job.seeds), size):
        needed, which = np.unique(job.which[start : start + size], return_inverse=True)
        yield job.seeds[start : start + size], points[needed], which


def _result(task: Any, tell: Tell) -> Outcomes:
    found: Outcomes = task.result()
    tell(len(found.ruler))
    return found


def _distributed(address: str) -> Any:
    try:
        return import_module("distributed")
    except ImportError:
        raise InputError(
            "a cluster needs dask.distributed", key="--dask", given=address,
            hint="pip install 'politburo-sim[cluster]'",
        ) from None  # fmt: skip


def _client(distributed: Any, address: str) -> Any:
    """A client of the scheduler at an address, which has a worker.

    Connecting waits for an answer as long as it takes, whatever it is told, so it is done aside.
    """
    answer: Queue[Any] = Queue()

    def connect() -> None:
        try:
            answer.put(distributed.Client(address, timeout=PATIENCE, set_as_default=False))
        except Exception as error:
            answer.put(error)

    Thread(target=connect, daemon=True).start()
    try:
        found = answer.get(timeout=PATIENCE + 1)
    except Empty:
        found = TimeoutError("it accepts but says nothing")
    if isinstance(found, Exception):
        raise InputError(
            f"no cluster answers ({found})", key="--dask", given=address,
            allowed="the address of a Dask scheduler, such as tcp://127.0.0.1:8786",
        ) from found  # fmt: skip
    try:
        found.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        found.close()
        raise InputError(
            "the cluster has no worker", key="--dask", given=address,
            hint=f"start one, such as: dask worker {address}",
        ) from error  # fmt: skip
    return found
