"""Sweeps: the tables are the plan's alone, whatever happens on the way; any row can be rebuilt."""

import errno
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from politburo_sim.files.errors import InputError, ResultError, ResultWarning
from politburo_sim.lab import provenance, rerun, runs, store
from politburo_sim.lab.bench import Bench
from politburo_sim.lab.kinds.sweep import summarise
from politburo_sim.lab.plan import load, sweep
from politburo_sim.state.body import COUNTERS

EXPERIMENT = """\
id = "small"
title = "A small sweep"
question = "Does it matter?"
scenario = "ussr-1922"
outcomes = ["established", "leader_share", "removed"]
seed = 11

[levers]
unity = [0, 1]
caucus_rounds = [0, 3]

[constants]
coder_uncertainty = 1

[design]
kind = "grid"
replicates = 15
quick = 5
"""
ROWS = 8  # 60 runs in 8 chunks, the last of them with 4


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("experiment") / "small.toml"
    path.write_text(EXPERIMENT, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def whole(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep that nothing interrupted."""
    return sweep(file, tmp_path_factory.mktemp("results") / "whole", rows_a_chunk=ROWS, workers=1)


def tables(folder: Path) -> dict[str, bytes]:
    files = [*(folder / "runs").iterdir(), folder / "points.csv", folder / "manifest.json"]
    return {path.name: path.read_bytes() for path in files}


def rows(folder: Path) -> pd.DataFrame:
    chunks = sorted((folder / "runs").glob("chunk-*.parquet"))
    return pd.concat([pd.read_parquet(chunk) for chunk in chunks], ignore_index=True)


def chunk(folder: Path, number: int) -> Path:
    return store.chunk_path(folder / "runs", number)


def test_the_tables_hold_the_plan_row_by_row(file: Path, whole: Path) -> None:
    laid = load(file).points()
    table = rows(whole)
    assert sorted(tables(whole)) == [
        *(f"chunk-{n:06d}.parquet" for n in range(8)), "manifest.json", "points.csv",
    ]  # fmt: skip
    assert table["run_id"].tolist() == list(range(60))
    for number, row in enumerate(table.to_dict("records")):
        point = {name: row[f"set_{name}"] for name in laid[0]}
        assert (point, row["replicate"]) == (laid[number // 15], number % 15)
    assert table["seed"].nunique() == 15  # the points share their luck


def test_the_points_are_the_means_of_the_rows(whole: Path) -> None:
    points = pd.read_csv(whole / "points.csv")
    means = rows(whole).groupby("point")[["established", "leader_share", "removed"]].mean()
    assert points["n"].tolist() == [15] * 4
    for name in means:
        assert points[name].tolist() == pytest.approx(means[name].tolist())
        assert (points[f"{name}_low"] <= points[name]).all()
        assert (points[name] <= points[f"{name}_high"]).all()


def test_the_tables_do_not_depend_on_workers(
    file: Path, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "CHUNK", 3)
    other = sweep(file, tmp_path / "two", rows_a_chunk=ROWS, workers=2)
    assert tables(other) == tables(whole)


def test_the_rows_do_not_depend_on_how_many_are_kept_at_once(
    file: Path, whole: Path, tmp_path: Path
) -> None:
    pd.testing.assert_frame_equal(rows(sweep(file, tmp_path / "one")), rows(whole))


def test_the_manifest_says_what_the_result_was_made_from(whole: Path) -> None:
    said = json.loads((whole / "manifest.json").read_text(encoding="utf-8"))
    assert said["package"] and said["draws"] == provenance.SCHEME
    assert said["commit"] == provenance.commit()
    assert said["rules"] == provenance.rules_hash()
    assert {"numpy", "numba", "mesa", "pyarrow"} <= said["libraries"].keys()
    assert said["scenario"]["members"][0]["name"] == "Lenin"
    assert said["experiment"]["seed"] == 11
    assert (said["effort"], len(said["points"])) == ({"draws": 1, "replicates": 15}, 4)
    assert said["rows_a_chunk"] == ROWS


BEGIN = (
    "import sys; from politburo_sim.lab.plan import sweep;"
    "sweep(sys.argv[1], sys.argv[2], runs=1000, rows_a_chunk=20, resume=True)"
)


def kill_after(chunks: int, file: Path, folder: Path) -> int:
    """Start or resume in a process of its own, kill it once so many more chunks are there."""
    process = subprocess.Popen([sys.executable, "-c", BEGIN, str(file), str(folder)])
    before = len(list(folder.glob("runs/chunk-*.parquet")))
    while len(list(folder.glob("runs/chunk-*.parquet"))) < before + chunks:
        assert process.poll() is None, "it ended before it was killed"
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    return len(list(folder.glob("runs/chunk-*.parquet")))


def test_a_sweep_killed_three_times_ends_byte_for_byte_like_one_that_was_not(
    file: Path, tmp_path: Path
) -> None:
    broken, luck = tmp_path / "broken", random.Random()
    for _ in range(3):
        kept = kill_after(luck.randint(1, 40), file, broken)
        assert kept < 200
        assert not (broken / "points.csv").exists()
    done: list[int] = []
    sweep(file, broken, rows_a_chunk=20, resume=True, tell=lambda runs, doing="": done.append(runs))
    assert sum(done) == 4000
    one = sweep(file, tmp_path / "one", runs=1000, rows_a_chunk=20)
    assert tables(broken) == tables(one)


def copied(folder: Path, to: Path) -> Path:
    (to / "runs").mkdir(parents=True)
    for name, raw in tables(folder).items():
        (to / ("runs" if name.startswith("chunk") else "") / name).write_bytes(raw)
    return to


def test_a_finished_sweep_resumed_runs_nothing(
    file: Path, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copied(whole, tmp_path / "again")
    monkeypatch.setattr(runs, "run_many", None)
    assert tables(sweep(file, folder, rows_a_chunk=ROWS, resume=True)) == tables(whole)


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "another", "text"])
def test_a_damaged_chunk_is_said_and_made_again(
    file: Path, whole: Path, tmp_path: Path, damage: str
) -> None:
    folder = copied(whole, tmp_path / "damaged")
    path = chunk(folder, 3)
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 3] ^= 0xFF
    path.write_bytes({
        "cut": path.read_bytes()[:-9], "flipped": bytes(raw), "emptied": b"",
        "another": chunk(folder, 2).read_bytes(), "text": b"PAR1 is not enough",
    }[damage])  # fmt: skip
    assert tables(folder) != tables(whole)
    with pytest.warns(ResultWarning, match="another plan" if damage == "another" else "damaged"):
        assert tables(sweep(file, folder, rows_a_chunk=ROWS, resume=True)) == tables(whole)


def test_a_chunk_that_is_gone_is_made_again(file: Path, whole: Path, tmp_path: Path) -> None:
    folder = copied(whole, tmp_path / "gone")
    chunk(folder, 3).unlink()
    assert tables(sweep(file, folder, rows_a_chunk=ROWS, resume=True)) == tables(whole)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("seed = 11", "seed = 12"), ("unity = [0, 1]", "unity = [0.25, 0.75]"),
        ('outcomes = ["established", ', 'outcomes = ["established_clear", '),
        ("replicates = 15", "replicates = 16"),
    ],
)  # fmt: skip
def test_a_chunk_of_another_plan_is_said_and_made_again(
    file: Path, whole: Path, tmp_path: Path, old: str, new: str
) -> None:
    """Whole and undamaged, with the same columns or others: it holds other runs."""
    other = tmp_path / "other.toml"
    other.write_text(EXPERIMENT.replace(old, new), encoding="utf-8")
    foreign = sweep(other, tmp_path / "other", rows_a_chunk=ROWS)
    folder = copied(whole, tmp_path / "mixed")
    chunk(folder, 1).write_bytes(chunk(foreign, 1).read_bytes())
    with pytest.warns(ResultWarning, match="another plan"):
        assert tables(sweep(file, folder, rows_a_chunk=ROWS, resume=True)) == tables(whole)


def test_a_chunk_damaged_before_it_is_summed_up_stops_the_sweep(
    file: Path, whole: Path, tmp_path: Path
) -> None:
    folder = copied(whole, tmp_path / "late")
    experiment = load(file)
    bench = Bench(experiment.effort(), experiment.seed, folder, folder / "cells", rows=ROWS)
    chunk(folder, 3).write_bytes(b"")
    with pytest.warns(ResultWarning), pytest.raises(ResultError, match="--resume makes it again"):
        summarise(bench, experiment)


def test_a_folder_that_holds_a_result_is_refused_with_the_command_to_use(
    file: Path, whole: Path
) -> None:
    before = tables(whole)
    with pytest.raises(ResultError) as caught:
        sweep(file, whole)
    assert "already holds a result" in str(caught.value)
    assert f"politburo-sim sweep {file} --out {whole} --resume" in str(caught.value)
    assert tables(whole) == before


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("seed = 11", "seed = 12", "experiment"),
        ("caucus_rounds = [0, 3]", "caucus_rounds = [0, 2]", "experiment"),
        ('scenario = "ussr-1922"', 'scenario = "trotsky-speaks-1923"', "experiment"),
    ],
)
def test_another_plan_is_not_put_into_the_folder(
    whole: Path, tmp_path: Path, old: str, new: str, key: str
) -> None:
    other = tmp_path / "small.toml"
    other.write_text(EXPERIMENT.replace(old, new), encoding="utf-8")
    with pytest.raises(ResultError, match=f"another plan, not the same {key}"):
        sweep(other, whole, rows_a_chunk=ROWS, resume=True)


def test_another_number_of_runs_is_another_plan(file: Path, whole: Path) -> None:
    with pytest.raises(ResultError, match="another plan, not the same effort"):
        sweep(file, whole, runs=16, rows_a_chunk=ROWS, resume=True)


def test_a_folder_begun_with_other_rules_is_refused(
    file: Path, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("politburo_sim.lab.plan.rules_hash", lambda: "other")
    with pytest.raises(ResultError, match="begun with other rules"):
        sweep(file, whole, rows_a_chunk=ROWS, resume=True)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"kind": "twins"}'])
def test_a_damaged_manifest_is_said_to_be_one(file: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    for attempt in (lambda: sweep(file, tmp_path, resume=True), lambda: rerun.rebuild(tmp_path, 0)):
        with pytest.raises(ResultError, match="damaged"):
            attempt()


@pytest.mark.parametrize("number", [0, -3])
def test_no_runs_at_all_are_refused_before_anything_is_written(
    file: Path, tmp_path: Path, number: int
) -> None:
    with pytest.raises(InputError, match="a whole number from 1"):
        sweep(file, tmp_path / "none", runs=number)
    assert not (tmp_path / "none").exists()


def full_disk_at(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = store._put, []

    def put(path: Path, raw: bytes, goes_on: bool = False) -> None:
        if path.suffix == ".parquet":
            calls.append(path)
        if len(calls) > number:
            monkeypatch.setattr(store.os, "fsync", full)
        real(path, raw, goes_on)

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "_put", put)


def test_a_full_disk_loses_nothing_that_was_finished(
    file: Path, whole: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "full"
    with pytest.MonkeyPatch.context() as patch:
        full_disk_at(3, patch)
        with pytest.raises(ResultError, match="No space left on device") as caught:
            sweep(file, folder, rows_a_chunk=ROWS)
    assert "--resume" in str(caught.value)
    assert sorted(path.name for path in (folder / "runs").iterdir()) == [
        f"chunk-{n:06d}.parquet" for n in range(3)
    ]
    assert tables(sweep(file, folder, rows_a_chunk=ROWS, resume=True)) == tables(whole)


def test_a_failed_chunk_loses_nothing_that_was_finished(
    file: Path, whole: Path, tmp_path: Path
) -> None:
    folder, real, calls = tmp_path / "failed", runs.run_many, []

    def run_many(*given: Any, **options: Any) -> Any:
        calls.append(given)
        if len(calls) == 5:
            raise MemoryError
        return real(*given, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "run_many", run_many)
        with pytest.raises(MemoryError):
            sweep(file, folder, rows_a_chunk=ROWS)
    assert len(list((folder / "runs").iterdir())) == 4
    assert tables(sweep(file, folder, rows_a_chunk=ROWS, resume=True)) == tables(whole)


def test_a_folder_that_cannot_be_made_says_so(file: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ResultError, match="cannot be written"):
        sweep(file, tmp_path / "file" / "below")


@pytest.mark.parametrize("row", [0, 7, 8, 31, 44, 59])
def test_a_row_rebuilt_ends_as_its_table_says(whole: Path, row: int) -> None:
    record = rerun.rebuild(whole, row)
    outcome, said = record.outcome(), rows(whole).iloc[row]
    ruler = outcome["established"] or {"member": ""}
    top = max(outcome["shares"], key=outcome["shares"].get)
    assert outcome["seed"] == said["seed"]
    assert (ruler["member"], int(ruler["member"] != "")) == (said["ruler"], said["established"])
    assert outcome["shares"][top] == pytest.approx(said["leader_share"], abs=1e-6)
    assert {name: said[name] for name in COUNTERS} == outcome["counts"]
    named = {member.name for member in record.world.scenario.members}
    assert sum(fall["member"] in named for fall in outcome["removals"]) == said["removed"]


def told_otherwise(folder: Path, **changed: Any) -> Path:
    """The folder with a manifest that says something else and is sealed all the same."""
    said = provenance.read_manifest(folder)
    (folder / "manifest.json").write_text(provenance.sealed(said | changed), encoding="utf-8")
    return folder


def test_a_row_that_would_end_otherwise_now_is_not_passed_off_as_the_same(
    whole: Path, tmp_path: Path
) -> None:
    points = provenance.read_manifest(whole)["points"]
    points[2]["unity"] = 0.5
    folder = told_otherwise(copied(whole, tmp_path / "changed"), points=points)
    with pytest.raises(ResultError, match="ends otherwise now: set_unity"):
        rerun.rebuild(folder, 30)


def test_a_row_of_a_manifest_that_is_sealed_but_wrong_says_what_to_do(
    whole: Path, tmp_path: Path
) -> None:
    said = provenance.read_manifest(whole)["scenario"]
    folder = told_otherwise(copied(whole, tmp_path / "nameless"), scenario=said | {"name": 3})
    with pytest.raises(ResultError) as error:
        rerun.rebuild(folder, 9)
    told = str(error.value)
    for words in ("manifest.json: not the manifest of a sweep as this version writes it", "name",
                  "allowed: as politburo-sim sweep left it",
                  "what to do: run the sweep again in a new folder"):  # fmt: skip
        assert words in told, told


def test_a_row_and_its_world_have_their_name_from_the_manifest(whole: Path) -> None:
    assert (
        rerun.row_of(whole, 9).scenario.name == provenance.read_manifest(whole)["scenario"]["name"]
    )


def test_nan_is_the_same_as_nan_alone() -> None:
    nan = float("nan")
    assert rerun._same(nan, float("nan"))
    assert rerun._same(1.0, 1.0)
    assert not rerun._same(nan, 1.0)
    assert not rerun._same(1.0, nan)


def with_row_changed(folder: Path, name: str) -> Path:
    """The folder with another value of one column in row 9, in a table that is sealed."""
    place = rerun.row_of(folder, 9).chunk
    table = store.read(place.path, place.key)
    assert table is not None
    values = table[name].to_pylist()
    values[1] = f"{values[1]}?" if isinstance(values[1], str) else (values[1] or 0) + 1
    at, column = table.schema.get_field_index(name), pa.array(values, table[name].type)
    changed = table.set_column(at, table.schema.field(at), column)
    store.write(place.path, changed, place.key)
    return folder


def test_a_row_is_held_against_every_column(whole: Path, tmp_path: Path) -> None:
    for name in rows(whole).columns:
        folder = with_row_changed(copied(whole, tmp_path / name), name)
        with pytest.raises(ResultError, match=f"run 9 ends otherwise now: {name}$|{name}\n"):
            rerun.rebuild(folder, 9)
        rerun.rebuild(folder, 10)


@pytest.mark.filterwarnings("ignore:.*is damaged")  # said as well
@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"x")])
def test_where_the_table_is_missing_nothing_is_compared_and_that_is_said(
    whole: Path, tmp_path: Path, damage: Any
) -> None:
    folder = copied(whole, tmp_path / "without")
    damage(chunk(folder, 1))
    with pytest.warns(ResultWarning, match="the run is not held against its row"):
        assert rerun.rebuild(folder, 9).outcome() == rerun.rebuild(whole, 9).outcome()


@pytest.mark.parametrize(
    "changed",
    [
        {"points": []}, {"points": [3]}, {"points": [{"unity": "x"}] * 4},
        {"points": [{"no such": 1}] * 4}, {"points": [{"unity": 7}] * 4}, {"effort": 3},
        {"effort": {"draws": 1, "replicates": 0}}, {"effort": {"draws": 1, "replicates": 10**12}},
        {"rows_a_chunk": 0}, {"rows_a_chunk": "8"}, {"experiment": {}}, {"plan": None},
        {"experiment": {"seed": -1, "outcomes": []}}, {"scenario": {}}, {"scenario": 5},
        {"experiment": {"seed": 11, "outcomes": ["no such"]}},
        {"experiment": {"seed": 11, "outcomes": ["sole rule of Nobody"]}},
        {"kind": ["sweep"]}, {"package": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_manifest_of_another_shape_is_an_error_of_one_message(
    whole: Path, tmp_path: Path, changed: dict[str, Any]
) -> None:
    folder = told_otherwise(copied(whole, tmp_path / "shape"), **changed)
    with pytest.raises(ResultError, match=r"manifest of a sweep|only a sweep"):
        rerun.rebuild(folder, 0)


def test_a_world_in_a_manifest_is_checked_like_that_of_a_file(whole: Path, tmp_path: Path) -> None:
    scenario = provenance.read_manifest(whole)["scenario"]
    scenario["members"][0]["patron"] = "Nobody"
    folder = told_otherwise(copied(whole, tmp_path / "world"), scenario=scenario)
    with pytest.raises(ResultError, match=r"scenario.*patron.*no such member"):
        rerun.rebuild(folder, 0)


def test_no_byte_of_a_manifest_can_be_changed_unseen(whole: Path, tmp_path: Path) -> None:
    folder, luck = copied(whole, tmp_path / "bytes"), random.Random(1)
    raw = (folder / "manifest.json").read_bytes()
    said = json.loads(raw)
    for _ in range(300):
        changed = bytearray(raw)
        changed[luck.randrange(len(raw))] ^= 1 << luck.randrange(8)
        (folder / "manifest.json").write_bytes(changed)
        try:
            found = provenance.read_manifest(folder)
        except ResultError as error:
            assert "damaged" in str(error)
        else:  # blanks between its words, or another way to write a letter
            assert found == said


@pytest.mark.parametrize("row", [-1, 60])
def test_a_row_that_is_not_there_is_refused(whole: Path, row: int) -> None:
    with pytest.raises(ResultError, match="0 to 59"):
        rerun.rebuild(whole, row)


def test_a_folder_without_result_is_no_sweep(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="no result here"):
        rerun.rebuild(tmp_path, 0)
