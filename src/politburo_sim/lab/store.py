"""Where runs are kept: one chunk, one Parquet file, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_TEXT = ("ruler", "leader")
_REAL = ("leader_share", "effective_number")


def schema(settings: list[str], outcomes: list[str]) -> pa.Schema:
    """The fixed columns of a run table: identity, settings, outcomes."""
    fields = [
        pa.field("run_id", pa.int64()), pa.field("point", pa.int64()),
        pa.field("replicate", pa.int64()), pa.field("seed", pa.int64()),
    ]  # fmt: skip
    fields += [pa.field(f"set_{name}", pa.float64()) for name in settings]
    for name in outcomes:
        kind = pa.string() if name in _TEXT else pa.float64() if name in _REAL else pa.int32()
        fields.append(pa.field(name, kind))
    return pa.schema(fields)


def chunk_path(folder: Path, number: int) -> Path:
    """The file of a chunk."""
    return folder / f"chunk-{number:06d}.parquet"


def is_whole(path: Path, rows: int) -> bool:
    """Whether a chunk is there and has all its rows."""
    try:
        return bool(pq.read_metadata(path).num_rows == rows)
    except (OSError, pa.ArrowInvalid):
        return False


def write_chunk(path: Path, columns: dict[str, Any], layout: pa.Schema) -> None:
    """Write a chunk to a temporary name, sync it, and rename it into place."""
    table = pa.table({name: columns[name] for name in layout.names}, schema=layout)
    partial = path.with_suffix(".partial")
    pq.write_table(table, partial, compression="zstd", row_group_size=max(1, table.num_rows))
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(path)
