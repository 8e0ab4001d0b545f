"""Tables know what they were made from and whether any of their bytes was changed."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from politburo_sim.files.errors import ResultError, ResultWarning
from politburo_sim.lab import store
from politburo_sim.lab.bench import Bench, Effort

TABLE = pa.table({"a": [1, 2, 3], "b": [0.5, float("nan"), -1.0], "who": ["x", "", "Ω"]})
KEY = store.key_of("plan", 1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "far" / "below" / "one.parquet"
    store.write(path, TABLE, KEY)
    return path


def test_a_table_is_read_as_it_was_written(file: Path) -> None:
    found = store.read(file, KEY, TABLE.schema)
    assert found is not None and found.schema.equals(TABLE.schema, check_metadata=True)
    store.write(file, found, store.key_of("anew"))
    assert store.read(file, store.key_of("anew")) is not None
    assert found.drop_columns("b").equals(TABLE.drop_columns("b"))
    np.testing.assert_array_equal(found["b"].to_numpy(), TABLE["b"].to_numpy())
    assert sorted(file.parent.iterdir()) == [file]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted by /proc")
def test_no_thread_of_pyarrow_is_left_behind(file: Path) -> None:
    """One that still runs where the process ends aborts it, after all has gone well."""
    code = f"""\
import os
from pathlib import Path
import pandas as pd
from politburo_sim.lab import store
def threads():
    return len(os.listdir("/proc/self/task"))
path, before = Path({str(file)!r}), threads()
table = store.read(path, {KEY!r})
for _ in range(2):
    store.kept(path.with_name("two.parquet"), "k", lambda: pd.DataFrame({{"x": range(5)}}))
print(table.num_rows, threads() - before)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "3 0\n", done.stderr


def test_the_same_table_is_written_with_the_same_bytes(file: Path, tmp_path: Path) -> None:
    store.write(tmp_path / "two.parquet", TABLE, KEY)
    assert (tmp_path / "two.parquet").read_bytes() == file.read_bytes()


def test_anybody_can_read_it_and_see_what_it_was_made_from(file: Path) -> None:
    assert pq.read_table(file)["a"].to_pylist() == [1, 2, 3]
    assert pq.read_metadata(file).metadata[b"made from"].decode() == KEY


def test_what_is_not_there_is_missing_without_a_word(tmp_path: Path) -> None:
    assert store.read(tmp_path / "none.parquet", KEY) is None


def test_no_bit_can_be_changed_unseen(file: Path) -> None:
    raw = file.read_bytes()
    for place in range(len(raw)):
        for bit in range(8):
            changed = bytearray(raw)
            changed[place] ^= 1 << bit
            assert store._wrong(bytes(changed), KEY, None) == "is damaged", (place, bit)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_piece_can_be_cut_out_or_put_in_unseen(data: Any) -> None:
    raw = store._sealed(TABLE, KEY)
    start, stop = sorted(data.draw(st.tuples(*[st.integers(0, len(raw))] * 2)))
    changed = raw[:start] + data.draw(st.binary(max_size=40)) + raw[stop:]
    if changed != raw:
        assert store._wrong(changed, KEY, None) == "is damaged"


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: path.write_bytes(b""), "is damaged"),
        (lambda path: pq.write_table(TABLE, path), "is damaged"),
        (lambda path: store.write(path, TABLE, store.key_of("plan", 2)), "another plan"),
        (lambda path: store.write(path, TABLE.rename_columns(["a", "c", "who"]), KEY), "columns"),
        (lambda path: store.write(path, TABLE.select(["b", "a", "who"]), KEY), "columns"),
        (lambda path: (path.unlink(), path.mkdir()), "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_and_counts_as_missing(
    file: Path, damage: Callable[[Path], Any], said: str
) -> None:
    damage(file)
    with pytest.warns(ResultWarning, match=rf"one\.parquet .*{said}.*: it counts as missing"):
        assert store.read(file, KEY, TABLE.schema) is None


def test_the_columns_of_a_run_table() -> None:
    layout = store.schema(["unity", "majority"], ["established", "removed"])
    assert [(field.name, str(field.type)) for field in layout] == [
        ("run_id", "int64"), ("point", "int64"), ("replicate", "int64"), ("seed", "int64"),
        ("set_unity", "double"), ("set_majority", "double"), ("ruler", "string"),
        ("leader", "string"), ("established", "double"), ("removed", "double"),
    ]  # fmt: skip
    assert store.chunk_path(Path("runs"), 7) == Path("runs/chunk-000007.parquet")


def test_each_part_of_a_key_counts() -> None:
    keys = [store.key_of(*parts) for parts in (("a", 1), ("a", 2), ("a",), ("a1",), ({"a": 1},))]
    assert len(set(keys)) == len(keys)
    assert store.key_of({"a": 1, "b": 2}) == store.key_of({"b": 2, "a": 1})


def test_what_is_kept_is_made_once_and_again_where_it_was_damaged(tmp_path: Path) -> None:
    path, made = tmp_path / "k.parquet", []

    def make() -> pd.DataFrame:
        made.append(1)
        return pd.DataFrame({"x": np.arange(3, dtype=np.float32), "name": ["a", None, "c"]})

    first, there = store.kept(path, KEY, make)
    again, there_now = store.kept(path, KEY, make)
    pd.testing.assert_frame_equal(first, again)
    assert (there, there_now, len(made)) == (False, True, 1)
    raw = path.read_bytes()
    path.write_bytes(raw[:-1])
    with pytest.warns(ResultWarning, match="damaged"):
        assert store.kept(path, KEY, make)[1] is False
    assert path.read_bytes() == raw and len(made) == 2


def test_a_frame_is_kept_as_pandas_has_it(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"x": [0.5, None], "kind": pd.Categorical(["a", "b"], ["b", "a"]), "who": ["A", None]}
    )
    for _ in range(2):
        found, _ = store.kept(tmp_path / "f.parquet", KEY, lambda: frame)
        pd.testing.assert_frame_equal(found, frame)


def test_a_file_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, done = tmp_path / "t.parquet", []

    def sync(handle: int) -> None:
        assert os.fstat(handle).st_size > 0
        done.append(os.fstat(handle).st_ino)

    monkeypatch.setattr(store.os, "fsync", sync)
    real = Path.replace

    def replace(self: Path, to: Path) -> Path:
        done.append("named")
        return real(self, to)

    monkeypatch.setattr(Path, "replace", replace)
    store.write(path, TABLE, KEY)
    assert done == [path.stat().st_ino, "named", tmp_path.stat().st_ino]


@pytest.mark.parametrize("at", ["fsync", "replace"])
def test_where_the_disk_takes_no_more_the_old_file_stays(
    file: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    before = file.read_bytes()

    def full(*given: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(*{"fsync": (store.os, "fsync"), "replace": (Path, "replace")}[at], full)
    with pytest.raises(ResultError, match="No space left on device") as caught:
        store.write(file, TABLE.slice(0, 1), KEY)
    assert caught.value.file == str(file)
    assert "--resume" in str(caught.value.hint) and "space" in str(caught.value.allowed)
    assert file.read_bytes() == before and list(file.parent.iterdir()) == [file]


def test_two_processes_may_write_one_file_at_once(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    own, sync = os.getpid(), os.fsync

    def meanwhile(handle: int) -> None:
        monkeypatch.setattr(store.os, "fsync", sync)
        monkeypatch.setattr(store.os, "getpid", lambda: own + 1)
        store.write(file, TABLE, KEY)

    monkeypatch.setattr(store.os, "fsync", meanwhile)
    store.write(file, TABLE, KEY)
    assert store.read(file, KEY) is not None and list(file.parent.iterdir()) == [file]


def test_text_is_written_whole(tmp_path: Path) -> None:
    store.write_text(tmp_path / "a" / "t.csv", "é\n")
    assert (tmp_path / "a" / "t.csv").read_bytes() == "é\n".encode()


def test_a_folder_is_tried_and_nothing_is_left_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.make_folder(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert not list((tmp_path / "a" / "b").iterdir())

    def barred(*given: Any, **options: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", barred)
    with pytest.raises(ResultError, match="cannot be written: Permission denied") as caught:
        store.make_folder(tmp_path / "a")
    assert "--resume" not in str(caught.value.hint)


# what experiments share: the cells of the bench


def cells(folder: Path) -> tuple[pd.DataFrame, list[int]]:
    told: list[int] = []
    bench = Bench(
        Effort(2, 3), 5, folder, folder / "cells", lambda done, doing="": told.append(done)
    )
    spec = {"scenario": "ussr-1922", "settings": {"unity": 0.5}}
    return bench.cell(spec), told


def test_a_damaged_cell_is_said_and_made_again_exactly(tmp_path: Path) -> None:
    first, _ = cells(tmp_path)
    (path,) = (tmp_path / "cells").iterdir()
    raw = path.read_bytes()
    pd.testing.assert_frame_equal(cells(tmp_path)[0], first)
    for place in (0, len(raw) // 2, len(raw) - 1):
        path.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
        with pytest.warns(ResultWarning, match="is damaged"):
            again, told = cells(tmp_path)
        pd.testing.assert_frame_equal(again, first)
        assert sum(told) == 6 and path.read_bytes() == raw


def test_a_cell_under_the_name_of_another_is_not_taken(tmp_path: Path) -> None:
    first, _ = cells(tmp_path)
    (path,) = (tmp_path / "cells").iterdir()
    raw = path.read_bytes()
    store.write(path, pa.Table.from_pandas(first * 2, preserve_index=False), "another")
    with pytest.warns(ResultWarning, match="another plan"):
        again, _ = cells(tmp_path)
    pd.testing.assert_frame_equal(again, first)
    assert path.read_bytes() == raw
