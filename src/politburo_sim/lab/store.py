"""The one store: tables that are written whole or not at all, and know what they were made from.

A table is a Parquet file. In its footer stand the *key* of what it was made from (plan, rules,
seeds, place among the others; the caller says it) and a checksum of all other bytes of the file. A
file of another key, of other columns, or with any byte changed is named in a `ResultWarning` and
counts as not there, so that whoever asked for it makes it again.
"""

from __future__ import annotations

import hashlib
import json
import os
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from politburo_sim.files.errors import ResultError, ResultWarning

_KEY = b"made from"
_SEAL, _UNSEALED = b"blake2b:", b"0" * 64


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def key_of(*parts: Any) -> str:
    """The key of all that a table is made from: text, numbers, lists and tables of these."""
    said = json.dumps(parts, sort_keys=True)
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


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


def write(path: Path, table: pa.Table, key: str) -> None:
    """Write a table to a temporary name, sync it, and rename it into place.

    Raises
    ------
    ResultError
        If the disk does not take it; nothing is left half written.
    """
    _put(path, _sealed(table, key), goes_on=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all.

    Raises
    ------
    ResultError
        If the disk does not take it.
    """
    _put(path, text.encode("utf-8"))


def read(path: Path, key: str, layout: pa.Schema | None = None) -> pa.Table | None:
    """The table of a file that is there, undamaged and made from `key`; None where it is not.

    layout : the columns that it has to have. A file that is there but not as it has to be is named
    in a `ResultWarning`.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raw, problem = b"", f"cannot be read ({error.strerror})"
    else:
        problem = _wrong(raw, key, layout)
    if problem:
        warnings.warn(f"{path} {problem}: it counts as missing", ResultWarning, stacklevel=2)
        return None
    # Without threads: those of pyarrow may still run where the process ends, and then abort it.
    table = pq.ParquetFile(pa.BufferReader(raw)).read(use_threads=False)
    return table.replace_schema_metadata()


def frame_of(table: pa.Table) -> pd.DataFrame:
    """The table as pandas has it, made without threads as well."""
    return table.to_pandas(use_threads=False)


def _wrong(raw: bytes, key: str, layout: pa.Schema | None) -> str:
    """What is wrong with the bytes of a file, or nothing."""
    if not _undamaged(raw):
        return "is damaged"
    known = pq.read_metadata(pa.BufferReader(raw))
    if known.metadata[_KEY] != key.encode():
        return "was made from another plan or other rules"
    if layout is not None and not known.schema.to_arrow_schema().equals(layout):
        return "has other columns"
    return ""


def kept(
    path: Path, key: str, make: Callable[[], pd.DataFrame]
) -> tuple[pd.DataFrame, bool]:  # fmt: skip
    """The frame of a file, made and written where it is not there or not as it has to be.

    Returns
    -------
    The frame as read, and whether it was there already.
    """
    table = read(path, key)
    if table is not None:
        return frame_of(table), True
    made = pa.Table.from_pandas(make(), preserve_index=False).replace_schema_metadata()
    write(path, made, key)
    return frame_of(made), False


def _sealed(table: pa.Table, key: str) -> bytes:
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, table.schema, compression="zstd") as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({_KEY: key.encode(), b"seal": _SEAL + _UNSEALED})
    raw: bytes = sink.getvalue().to_pybytes()
    at = raw.rindex(_SEAL) + len(_SEAL)
    return raw[:at] + _sum(raw) + raw[at + len(_UNSEALED) :]


def _undamaged(raw: bytes) -> bool:
    """Whether the bytes of a file are those that were written."""
    at = raw.rfind(_SEAL) + len(_SEAL)
    said = raw[at : at + len(_UNSEALED)]
    return _SEAL in raw and said == _sum(raw[:at] + _UNSEALED + raw[at + len(_UNSEALED) :])


def _sum(raw: bytes) -> bytes:
    return hashlib.blake2b(raw, digest_size=32).hexdigest().encode()


def make_folder(folder: Path) -> Path:
    """Make a folder and try that it takes a file, before long work is done for it; the folder.

    Raises
    ------
    ResultError
        If it takes none.
    """
    trial = folder / f".trial-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise cannot_write(folder, error) from error
    return folder


def _put(path: Path, raw: bytes, goes_on: bool = False) -> None:
    """Write a file under a temporary name, sync it to the disk, and give it its name.

    The temporary name is this process's own: two may work on one folder.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise cannot_write(path, error, goes_on) from error


def _sync_folder(folder: Path) -> None:
    """Make the new name last, where the system can sync a folder."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def cannot_write(path: Path, error: OSError, goes_on: bool = False) -> ResultError:
    """Return the error about a disk or a folder that takes no file.

    goes_on : whether something may be finished with which the same command goes on.
    """
    on = "; the same command (of sweep and ask with --resume) goes on with what is finished"
    return ResultError(
        f"cannot be written: {error.strerror or error}", file=path,
        allowed="a folder that can be written to, with space on its disk",
        hint=f"free space, or give another folder{on * goes_on}",
    )  # fmt: skip
