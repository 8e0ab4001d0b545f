"""Where runs are kept: one chunk, one Parquet file, written whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from politburo_sim.files.errors import ResultError


def schema(settings: list[str], outcomes: list[str]) -> pa.Schema:
    """The fixed columns of a run table: identity, settings, outcomes."""
    fields = [
        pa.field("run_id", pa.int64()), pa.field("point", pa.int64()),
        pa.field("replicate", pa.int64()), pa.field("seed", pa.int64()),
    ]  # fmt: skip
    fields += [pa.field(f"set_{name}", pa.float64()) for name in settings]
    fields += [pa.field(name, pa.string()) for name in ("ruler", "leader")]
    fields += [pa.field(name, pa.float64()) for name in outcomes]
    return pa.schema(fields)


def chunk_path(folder: Path, number: int) -> Path:
    """The file of a chunk."""
    return folder / f"chunk-{number:06d}.parquet"


def is_whole(path: Path, start: int, stop: int) -> bool:
    """Whether a chunk is there, undamaged, and holds the runs from start to before stop.

    The checksums of pages cover their data but not their headers, so it is written again in
    memory: undamaged are those bytes alone.
    """
    try:
        table = pq.read_table(path, page_checksum_verification=True)
        ids, kept = table["run_id"].to_pylist(), path.read_bytes()
    except (OSError, KeyError, pa.ArrowException):
        return False
    again = pa.BufferOutputStream()
    _write(table, again)
    return bool(ids == list(range(start, stop)) and again.getvalue().to_pybytes() == kept)


def _write(table: pa.Table, to: Any) -> None:
    pq.write_table(
        table, to, compression="zstd", row_group_size=max(1, table.num_rows),
        write_page_checksum=True,
    )  # fmt: skip


def write_chunk(path: Path, columns: dict[str, Any], layout: pa.Schema) -> None:
    """Write a chunk to a temporary name, sync it, and rename it into place.

    Raises
    ------
    ResultError
        If the disk does not take it; nothing is left half written.
    """
    write_table(path, pa.table({name: columns[name] for name in layout.names}, schema=layout))


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table as `write_chunk` does."""
    partial = path.with_suffix(".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(table, partial)
        put_in_place(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise cannot_write(path, error) from error


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all.

    Raises
    ------
    ResultError
        If the disk does not take it.
    """
    partial = path.with_suffix(".partial")
    try:
        partial.write_text(text, encoding="utf-8")
        put_in_place(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise cannot_write(path, error) from error


def begin(folder: Path, key: str) -> None:
    """Make a folder for what is made from `key`; what was made there from another is removed.

    Nothing is removed from a folder that this function has not begun.
    """
    mark = folder / "made-from.txt"
    if mark.is_file() and mark.read_text(encoding="utf-8").strip() != key:
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_text(mark, f"{key}\n")


def put_in_place(partial: Path, path: Path) -> None:
    """Sync a file to the disk and give it its name."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(path)


def cannot_write(path: Path, error: OSError) -> ResultError:
    """Return the error about a disk or a folder that takes no file."""
    return ResultError(
        f"cannot be written: {error.strerror or error}", file=path,
        allowed="a folder that can be written to, with space on its disk",
        hint="what is finished is kept: the same command with --resume goes on with it",
    )  # fmt: skip
