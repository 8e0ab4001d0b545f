"""Compile the rules for the sizes of world that tests have: `python -m tests.warm`.

Nearly all have one size; a few grow to the next, which `--one-size` leaves out. Without it each
process of a test run compiles for itself what the other is compiling just then.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from tests.support import by_engine, by_mesa, random_world

from politburo_sim.evidence.arrays import record_arrays
from politburo_sim.evidence.record import load_record
from politburo_sim.lab.weigh.conditioned import Conditioned
from politburo_sim.worlds.scenario import load_scenario, scenario_names
from politburo_sim.worlds.world import World, build_world, grown

#: Generated worlds that are lived.
LIVED = 5


def worlds() -> Iterator[World]:
    """Shipped and generated worlds, which share one size."""
    yield from (build_world(load_scenario(name)) for name in scenario_names())
    yield from (random_world(key) for key in range(LIVED))


def most() -> None:
    """A history of each on both drivers, and one with a record imposed where there is one."""
    for world in worlds():
        by_engine(world, 0)
        by_mesa(world, 0)
        if world.scenario.record:
            impose(world)


def larger() -> None:
    """The same of a world that has grown."""
    world = grown(build_world(load_scenario("ussr-1922")))
    by_engine(world, 0)
    by_mesa(world, 0)


def impose(world: World) -> None:
    """The first month of its record."""
    record = Conditioned.of(world, record_arrays(world, load_record(world)), workers=1)
    seeds = np.zeros((1, world.months + 1), np.int64)
    record.run(np.array([world.body.par]), np.array([0.5]), seeds, until=1)


def main() -> None:
    if "--one-size" in sys.argv:
        most()
        return
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for task in [pool.submit(most), pool.submit(larger)]:
            task.result()


if __name__ == "__main__":
    main()
