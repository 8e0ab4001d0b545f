"""Other drivers give the same outcomes, run by run."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from politburo_sim.files.errors import InputError, ResultError, ResultWarning
from politburo_sim.lab import drivers, runs
from politburo_sim.lab.drivers import Job, run_by_mesa, run_on_cluster
from politburo_sim.lab.runs import replicate_seeds, run_many
from politburo_sim.outcomes import marks_of
from politburo_sim.run.engine import Outcomes
from politburo_sim.run.member import Member
from politburo_sim.state.body import AWAITED, NOBODY, UNFILLED, copy_record
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import World, build_world, grown

sys.path.insert(0, str(Path(__file__).parent))
from slow_members import Contrary, Mortal, Same


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


def on_cluster(address: str, world: World, seeds: Any, points: Any, which: Any) -> list[Outcomes]:
    jobs = [Job(seeds[:4], which[:4]), Job(seeds[4:], which[4:])]
    return list(run_on_cluster(address, world, jobs, points))


@contextmanager
def cluster(**how: Any) -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        threads_per_worker=1, processes=False, dashboard_address=None, **how
    ) as here:
        yield here


def test_a_cluster_agrees_with_the_engine_job_by_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers, "CLUSTER_CHUNK", 3)
    world, seeds, points, which = setup()
    with cluster(n_workers=2) as here:
        first, second = on_cluster(here.scheduler_address, world, seeds, points, which)
    whole = run_many(world, seeds, points, which, marks=marks_of(world))
    assert (len(first.ruler), len(second.ruler)) == (4, 2)
    assert_equal(drivers.joined([first, second]), whole)


def test_a_worker_with_other_rules_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = iter(["mine", "another"])
    monkeypatch.setattr(drivers, "rules_hash", lambda: next(hashes, "another"))
    with cluster(n_workers=1) as here, pytest.raises(InputError, match="version of the rules"):
        on_cluster(here.scheduler_address, *setup())


def test_a_cluster_without_workers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers, "PATIENCE", 0.5)
    with cluster(n_workers=0) as here, pytest.raises(InputError, match="has no worker"):
        on_cluster(here.scheduler_address, *setup())


def test_a_cluster_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(drivers, "PATIENCE", 0.5)
    with pytest.raises(InputError, match="no cluster answers"):
        on_cluster("tcp://127.0.0.1:9", *setup())


def test_an_address_that_accepts_and_says_nothing_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(drivers, "PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
        with pytest.raises(InputError, match="no cluster answers"):
            on_cluster(address, *setup())


def test_without_dask_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match="needs dask"):
        on_cluster("tcp://127.0.0.1:9", *setup())


@pytest.mark.parametrize("threads", [1, 2, 7, 64, 5_000])
@pytest.mark.parametrize("runs", [1, 60, 5_000, 100_000])
def test_there_are_tasks_for_every_thread(runs: int, threads: int) -> None:
    size = drivers.task_size(runs, threads)
    assert 1 <= size <= drivers.CLUSTER_CHUNK
    assert -(-runs // size) >= min(runs, threads)


def test_a_task_carries_only_the_points_it_needs() -> None:
    points = np.arange(20.0).reshape(10, 2)
    job = Job(np.arange(6), np.array([3, 3, 3, 9, 9, 1]))
    parts = list(drivers._parts(job, points, 4))
    assert [len(table) for _, table, _ in parts] == [2, 2]
    sent = np.concatenate([table[which] for _, table, which in parts])
    np.testing.assert_array_equal(sent, points[job.which])
    np.testing.assert_array_equal(np.concatenate([seeds for seeds, _, _ in parts]), job.seeds)


def test_a_process_that_is_killed_is_said() -> None:
    with pytest.raises(ResultError, match="ended from outside"):
        run_by_mesa(*setup(), Mortal, workers=1)


# spare slots


def crowded(spare: int) -> World:
    """The shipped world with all but so many of its slots for newcomers taken."""
    world = build_world(load_scenario("ussr-1922"))
    body = copy_record(world.body)
    body.ident[world.members + spare :] = 1
    return replace(world, body=body)


def many_newcomers() -> tuple[World, Any, Outcomes]:
    """Histories of which some take more than two newcomers, and all find a slot for each."""
    world = build_world(load_scenario("ussr-1922"))
    seeds = replicate_seeds(3, 40)
    out = run_many(world, seeds, marks=marks_of(world), series=True)
    assert ((out.status[:, world.members :] != AWAITED).sum(axis=1) > 2).any()
    assert not out.count[:, UNFILLED].any()
    return world, seeds, out


def test_where_slots_run_out_the_history_is_run_again_in_a_larger_body(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world, seeds, whole = many_newcomers()
    monkeypatch.setattr(runs, "grown", lambda short: world)
    told: list[tuple[int, str]] = []
    again = run_many(
        crowded(2), seeds, marks=marks_of(world), series=True,
        tell=lambda done, doing="": told.append((done, doing)),
    )  # fmt: skip
    assert_equal(again, whole)
    assert sum(done for done, _ in told) == len(seeds)
    assert not any(doing for _, doing in told), "the bar keeps its title"


def test_where_the_body_cannot_grow_it_is_said_and_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, seeds, _ = many_newcomers()
    monkeypatch.setattr(runs, "MOST_SLOTS", 1)
    with pytest.warns(ResultWarning, match="of 40 histories a seat stayed empty"):
        out = run_many(crowded(2), seeds)
    assert (out.count[:, UNFILLED] > 0).any()


def test_the_mesa_driver_grows_as_the_engine_does(monkeypatch: pytest.MonkeyPatch) -> None:
    world, seeds, whole = many_newcomers()
    most = int((whole.status[:, world.members :] != AWAITED).sum(axis=1).argmax())
    monkeypatch.setattr(drivers, "grown", lambda short: world)
    model, out = drivers.one_by_mesa(crowded(2), int(seeds[most]))
    assert model.world is world
    assert drivers.history(crowded(2), int(seeds[most])).world is world
    assert_equal(out, run_many(world, seeds[most : most + 1], marks=marks_of(world)))


def test_a_grown_world_is_the_same_with_more_slots() -> None:
    world = build_world(load_scenario("ussr-1922"), {"unity": 0.3, "friendship": 0.7})
    larger = grown(world)
    slots = len(world.names)
    assert len(larger.names) == 2 * slots and larger.members == world.members
    assert (larger.body.par == world.body.par).all()
    for name in ("ident", "status", "prestige", "bases", "ideal"):
        np.testing.assert_array_equal(getattr(larger.body, name)[:slots], getattr(world.body, name))


def test_outcomes_of_bodies_of_two_sizes_can_be_joined() -> None:
    _, _, whole = many_newcomers()
    wide = runs.with_slots(whole, 80)
    assert wide.status.shape == (40, 80) and wide.rungs.shape == (40, 80, 5)
    assert (wide.status[:, 64:] == AWAITED).all() and (wide.rungs[:, 64:] == NOBODY).all()
    both = drivers.joined([whole, wide])
    assert both.share_at.shape[2] == 80 and len(both.ruler) == 80
    assert (both.share_at[40:] == both.share_at[:40]).all()


@pytest.mark.long  # compiles the rules for a larger body
def test_histories_are_the_same_in_a_larger_body() -> None:
    world, seeds, whole = many_newcomers()
    wide = run_many(grown(world), seeds, marks=marks_of(world), series=True)
    assert_equal(wide, runs.with_slots(whole, 2 * len(world.names)))
