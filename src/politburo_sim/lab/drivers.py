"""Other ways to run many histories: on the Mesa driver in processes, or on a cluster.

Both give the same outcomes as `runs.run_many`, run by run.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from importlib import import_module
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray

from politburo_sim.files.errors import InputError
from politburo_sim.lab.runs import Tell, run_many, silent, workers_or_default
from politburo_sim.outcomes import marks_of
from politburo_sim.run.engine import Outcomes, keep, keep_mark, make_outcomes
from politburo_sim.run.member import Member
from politburo_sim.run.model import Politburo
from politburo_sim.state.parameters import TABLE
from politburo_sim.worlds.schema import Scenario
from politburo_sim.worlds.world import World, build_world

#: Histories in one task of a process, and in one task of a cluster.
MESA_CHUNK, CLUSTER_CHUNK = 20, 1_000


def _settings(vector: NDArray[np.float64]) -> dict[str, float]:
    return {p.name: float(v) for p, v in zip(TABLE, vector, strict=True)}


def _by_mesa(
    scenario: Scenario, member_class: type[Member], seeds: Sequence[int],
    vectors: NDArray[np.float64],
) -> Outcomes:  # fmt: skip
    """A few histories on the Mesa driver, one after another."""
    plain = build_world(scenario)
    marks = marks_of(plain)
    out = make_outcomes(len(seeds), plain.body.ident.shape[0], 0, marks)
    for run, (seed, vector) in enumerate(zip(seeds, vectors, strict=True)):
        world = build_world(scenario, _settings(vector))
        model = Politburo(world, int(seed), member_class=member_class)
        for month in range(world.months):
            model.step()
            if month in marks:
                keep_mark(model.body, out, run, marks.index(month))
        keep(model.body, out, run)
    return out


def _on_engine(
    scenario: Scenario, seeds: NDArray[np.int64], points: NDArray[np.float64],
    which: NDArray[np.int64],
) -> Outcomes:  # fmt: skip
    world = build_world(scenario)
    return run_many(world, seeds, points, which, marks=marks_of(world), workers=1)


def joined(parts: Sequence[Outcomes]) -> Outcomes:
    """Outcomes of consecutive runs as one."""
    fields = {
        name: getattr(parts[0], name) if name == "marks"
        else np.concatenate([getattr(part, name) for part in parts])
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
    with ProcessPoolExecutor(workers_or_default(workers), mp_context=get_context("spawn")) as pool:
        tasks = {
            pool.submit(
                _by_mesa, world.scenario, member_class, seeds[a:b].tolist(), points[which[a:b]]
            ): (a, b)
            for a, b in spans
        }
        for task in as_completed(tasks):
            task.result()
            a, b = tasks[task]
            tell(b - a)
        return joined([task.result() for task in tasks])


def run_on_cluster(
    address: str, world: World, seeds: NDArray[np.int64], points: NDArray[np.float64],
    which: NDArray[np.int64], tell: Tell = silent,
) -> Outcomes:  # fmt: skip
    """Histories on the workers of a Dask cluster at an address."""
    with _client(address) as client:
        spans = range(0, len(seeds), CLUSTER_CHUNK)
        tasks = [
            client.submit(
                _on_engine, world.scenario, seeds[i : i + CLUSTER_CHUNK], points,
                which[i : i + CLUSTER_CHUNK], pure=False,
            )
            for i in spans
        ]  # fmt: skip
        parts = []
        for task in tasks:
            parts.append(task.result())
            tell(len(parts[-1].ruler))
        return joined(parts)


def _client(address: str) -> Any:
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise InputError(
            "a cluster needs dask.distributed", key="--dask", given=address,
            hint="pip install 'politburo-sim[cluster]'",
        ) from None  # fmt: skip
    try:
        return distributed.Client(address, timeout=10)
    except (OSError, ValueError) as error:
        raise InputError(
            f"no cluster answers ({error})", key="--dask", given=address,
            allowed="the address of a Dask scheduler, such as tcp://127.0.0.1:8786",
        ) from error  # fmt: skip
