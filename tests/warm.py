"""Compile the rules for every size of world that many tests have: `python -m tests.warm`.

Two sizes at a time. Without it each process of a test run compiles for itself what the other is
compiling just then.
"""

from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from tests.support import by_engine, by_mesa, random_world

from politburo_sim.evidence.arrays import record_arrays
from politburo_sim.evidence.record import load_record
from politburo_sim.lab.conditioned import Conditioned
from politburo_sim.worlds.scenario import load_scenario, scenario_names
from politburo_sim.worlds.world import World, build_world

#: Generated worlds that are looked at, and the most that are lived for a size.
LOOKED_AT, LIVED = 200, 25


def world_of(key: str | int) -> World:
    return random_world(key) if isinstance(key, int) else build_world(load_scenario(key))


def by_size() -> list[list[str | int]]:
    """Shipped and generated worlds in groups of one size, the shipped ones first."""
    sizes: dict[str, list[str | int]] = defaultdict(list)
    for key in (*scenario_names(), *range(LOOKED_AT)):
        sizes[repr(world_of(key).body.dtype)].append(key)
    return list(sizes.values())


def live(keys: list[str | int]) -> None:
    """A history of each on both drivers, and one with a record imposed where there is one."""
    for key in keys[:LIVED]:
        world = world_of(key)
        by_engine(world, 0)
        by_mesa(world, 0)
        if world.scenario.record:
            impose(world)


def impose(world: World) -> None:
    """The first month of its record."""
    record = Conditioned.of(world, record_arrays(world, load_record(world)), workers=1)
    seeds = np.zeros((1, world.months + 1), np.int64)
    record.run(np.array([world.body.par]), np.array([0.5]), seeds, until=1)


def main() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(live, by_size()))


if __name__ == "__main__":
    main()
