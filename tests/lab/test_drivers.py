"""Other drivers give the same outcomes, run by run."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from politburo_sim.files.errors import InputError
from politburo_sim.lab.drivers import run_by_mesa, run_on_cluster
from politburo_sim.lab.runs import replicate_seeds, run_many
from politburo_sim.outcomes import marks_of
from politburo_sim.run.engine import Outcomes
from politburo_sim.run.member import Member
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import World, build_world

sys.path.insert(0, str(Path(__file__).parent))
from slow_members import Contrary, Same


def setup() -> tuple[World, Any, Any, Any]:
    world = build_world(load_scenario("ussr-1922"))
    points = np.array([world.body.par] * 2)
    return world, replicate_seeds(5, 6), points, np.array([0, 1, 0, 1, 0, 1])


def assert_equal(one: Outcomes, other: Outcomes) -> None:
    for name in Outcomes._fields:
        a, b = getattr(one, name), getattr(other, name)
        assert np.array_equal(a, b, equal_nan=a.dtype.kind == "f"), name


def test_the_mesa_driver_in_processes_agrees_with_the_engine() -> None:
    world, seeds, points, which = setup()
    told: list[int] = []
    slow = run_by_mesa(world, seeds, points, which, Same, workers=2, tell=told.append)
    assert_equal(slow, run_many(world, seeds, points, which, marks=marks_of(world)))
    assert sum(told) == 6


def test_members_of_ones_own_count() -> None:
    world, seeds, points, which = setup()
    other = run_by_mesa(world, seeds[:2], points, which[:2], Contrary, workers=1)
    same = run_many(world, seeds[:2], points, which[:2])
    assert not np.array_equal(other.count, same.count)


def test_a_class_that_cannot_travel_is_refused() -> None:
    class Local(Member):
        pass

    with pytest.raises(InputError, match="importable module"):
        run_by_mesa(*setup(), Local)


def test_a_cluster_agrees_with_the_engine() -> None:
    distributed = pytest.importorskip("distributed")
    world, seeds, points, which = setup()
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        found = run_on_cluster(cluster.scheduler_address, world, seeds, points, which)
    assert_equal(found, run_many(world, seeds, points, which, marks=marks_of(world)))


def test_a_cluster_that_is_not_there_is_named() -> None:
    pytest.importorskip("distributed")
    with pytest.raises(InputError, match="no cluster answers"):
        run_on_cluster("tcp://127.0.0.1:9", *setup())
