"""Many runs in chunks over threads: each run is its seed's alone."""

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import REMOVED

from politburo_sim.files.errors import InputError
from politburo_sim.lab import provenance, runs
from politburo_sim.lab.runs import replicate_seed, replicate_seeds, run_many, workers_or_default
from politburo_sim.run.engine import Outcomes
from politburo_sim.run.model import Politburo
from politburo_sim.state import draws
from politburo_sim.state.body import copy_record
from politburo_sim.state.parameters import PLACE
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import World, build_world

SEEDS = replicate_seeds(1, 7)


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(load_scenario("ussr-1922"))


def same(one: Outcomes, other: Outcomes) -> bool:
    pairs = [(getattr(one, name), getattr(other, name)) for name in Outcomes._fields]
    return all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in pairs)


def rows(out: Outcomes, places: Any) -> Outcomes:
    return Outcomes(*(
        part if name == "marks" else part[places]
        for name, part in zip(Outcomes._fields, out, strict=True)
    ))  # fmt: skip


def test_a_thread_for_each_core_unless_told_otherwise() -> None:
    assert workers_or_default(None) == os.cpu_count()
    assert [workers_or_default(n) for n in (1, 2, 9)] == [1, 2, 9]
    for none in (0, -1):
        with pytest.raises(InputError, match=r"--workers.*at least one") as caught:
            workers_or_default(none)
        assert (caught.value.given, caught.value.allowed) == (str(none), "1 or more")


def test_no_core_counted_is_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs.os, "cpu_count", lambda: None)
    assert workers_or_default(None) == 1


def test_seeds_are_worked_out_one_by_one() -> None:
    seeds = replicate_seeds(7, 500)
    assert seeds.dtype == np.int64 and len(set(seeds.tolist())) == 500 and (seeds >= 0).all()
    assert seeds.max() > 2**62
    assert (replicate_seeds(7, 20) == seeds[:20]).all()
    assert [replicate_seed(7, k) for k in (0, 3, 499)] == seeds[[0, 3, 499]].tolist()
    assert replicate_seed(7, 3) == int(draws.mix(draws.mix(draws.begin(7, 0), 1), 3)) >> 1


def test_streams_of_a_master_and_masters_of_a_stream_share_no_seed() -> None:
    for some in ([(5, k) for k in range(12)], [(k, 2) for k in range(12)]):
        lists = [replicate_seeds(master, 100, stream).tolist() for master, stream in some]
        assert len({seed for seeds in lists for seed in seeds}) == 1_200
    assert replicate_seed(5, 7, 1) == replicate_seeds(5, 100, 1)[7]
    many = [replicate_seed(master, 3, k) for master in range(1920, 1936) for k in range(16)]
    assert len(set(many)) == 256, "neither does another stream of another master"


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_a_run_is_its_seeds_alone(
    world: World, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run_many(world, SEEDS, series=True, marks=(5, 20), workers=1)
    places = np.array([6, 2, 0])
    monkeypatch.setattr(runs, "CHUNK", 2)
    some = run_many(world, SEEDS[places], series=True, marks=(5, 20), workers=workers)
    assert same(some, rows(whole, places))
    assert whole.lead.shape == (7, world.months) and (whole.lead > 0).all()
    assert whole.marks.tolist() == [5, 20]


def test_each_run_takes_its_own_point(world: World) -> None:
    points = np.array([world.body.par] * 2)
    points[1, PLACE["friendship"]] = 0.0
    both = run_many(world, np.repeat(SEEDS[:4], 2), points, np.array([0, 1] * 4))
    assert same(rows(both, [0, 2, 4, 6]), run_many(world, SEEDS[:4]))
    assert not same(rows(both, [1, 3, 5, 7]), run_many(world, SEEDS[:4]))
    first = run_many(world, SEEDS[:4], points[1:])  # without `which`, all take the first
    assert same(first, rows(both, [1, 3, 5, 7]))


def test_runs_can_end_before_the_world_does(world: World) -> None:
    out = run_many(world, SEEDS[:3], last=12, series=True)
    assert out.lead.shape == (3, 12)
    whole = run_many(world, SEEDS[:3], series=True)
    np.testing.assert_array_equal(out.lead, whole.lead[:, :12])
    assert run_many(world, SEEDS[:3]).lead.shape == (3, 0)


def test_runs_go_on_from_a_state(world: World) -> None:
    model = Politburo(world, int(SEEDS[0]))
    for _ in range(24):
        model.step()
    state = copy_record(model.body)
    on = run_many(world, SEEDS[:3], first=24, state=state, series=True)
    assert on.lead.shape == (3, world.months - 24)
    whole = run_many(world, SEEDS[:1], series=True)
    np.testing.assert_array_equal(on.lead[0], whole.lead[0, 24:])
    assert on.leader[0].tolist() == whole.leader[0, 24:].tolist()


def test_a_future_is_that_of_its_seed_whoever_lived_before_it(world: World) -> None:
    """At a congress the votes of an earlier month count: they are the history's own."""
    model = Politburo(world, seed=2)
    while model.month < 26:
        model.step()
    seeds = replicate_seeds(5, 60)
    state = copy_record(model.body)
    at_once = run_many(world, seeds, first=26, state=state, workers=1)
    turned = run_many(world, seeds[::-1].copy(), first=26, state=state, workers=1)
    alone = [
        run_many(world, seeds[[k]], first=26, state=state, workers=1) for k in range(0, 60, 10)
    ]
    assert same(at_once, rows(turned, np.arange(60)[::-1]))
    for place, one in zip(range(0, 60, 10), alone, strict=True):
        assert same(one, rows(at_once, [place]))


@pytest.mark.parametrize(("seed", "month"), [(57, 44), (29, 67), (3, 44)])
def test_a_history_taken_up_again_with_its_own_luck_is_the_history(
    world: World, seed: int, month: int
) -> None:
    """In the first two an old vote decides at the next congress who names to a seat."""
    whole = run_many(world, np.array([seed]), workers=1)
    model = Politburo(world, seed=seed)
    while model.month < month:
        model.step()
    state = copy_record(model.body)
    assert same(whole, run_many(world, np.array([seed]), first=month, state=state, workers=1))


def test_removals_by_lot_are_given_run_by_run(world: World) -> None:
    still = build_world(world.scenario, {"organising": 0, "policies": 0, "pressing": 0,
                                         "rule_of_one": 0})  # fmt: skip
    lots = np.zeros((3, still.months), np.int8)
    lots[1, 30], lots[2, 40] = 1, 2
    out = run_many(still, SEEDS[:3], lots=lots)
    months = [sorted(run[run >= 0].tolist()) for run in out.rungs[:, :, REMOVED]]
    assert months == [[], [30], [40, 40]]


def test_progress_is_told_chunk_by_chunk(world: World) -> None:
    told: list[int] = []
    run_many(world, SEEDS, last=2, workers=2, tell=lambda done, doing="": told.append(done))
    assert sorted(told) == [1, 2, 2, 2]  # two for each thread, and none above CHUNK
    told.clear()
    run_many(world, SEEDS, last=2, workers=1, tell=lambda done, doing="": told.append(done))
    assert sorted(told) == [3, 4]


def test_no_seeds_are_no_runs(world: World) -> None:
    assert len(run_many(world, SEEDS[:0]).ruler) == 0


def test_whoever_is_told_may_stop_it_and_what_has_not_begun_never_does(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, begun = runs.engine.run_chunk, []

    def run_chunk(*given: Any) -> None:
        begun.append(given[-2])
        if begun[-1] >= 2:  # by then, whoever is told has been told of the first
            time.sleep(0.2)
        real(*given)

    def stop(done: int, doing: str = "", /) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(runs.engine, "run_chunk", run_chunk)
    monkeypatch.setattr(runs, "CHUNK", 1)
    with pytest.raises(KeyboardInterrupt):
        run_many(world, np.repeat(SEEDS, 5), last=2, workers=1, tell=stop)
    assert 1 <= len(begun) < 10


def test_what_has_been_compiled_is_noted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[Any] = []
    monkeypatch.setattr(runs, "note_compiled", lambda *given: noted.append(given[0]))
    run_many(world, SEEDS[:1], last=1)
    assert noted == ["engine"]


# what decides a run


def source_tree(home: Path) -> Path:
    for name in ("state/a.py", "rules/b.py", "rules/c.py", "run/engine.py", "run/recorded.py",
                 "worlds/world.py", "report/page.py"):  # fmt: skip
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(f"# {name}\n", encoding="utf-8")
    return home


def test_the_hash_of_the_rules_is_that_of_all_files_that_decide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provenance, "_PACKAGE", source_tree(tmp_path))
    seen = {provenance.rules_hash()}
    for name in ("state/a.py", "rules/b.py", "rules/c.py", "run/engine.py",
                 "run/recorded.py", "worlds/world.py"):  # fmt: skip
        (tmp_path / name).write_text(f"# {name}, changed\n", encoding="utf-8")
        seen.add(provenance.rules_hash())
    (tmp_path / "rules/c.py").rename(tmp_path / "rules/d.py")
    seen.add(provenance.rules_hash())
    assert len(seen) == 8
    (tmp_path / "report/page.py").write_text("# changed\n", encoding="utf-8")
    assert provenance.rules_hash() in seen
