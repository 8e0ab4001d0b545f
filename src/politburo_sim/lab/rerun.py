"""Any row of any sweep, rebuilt exactly from its manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from politburo_sim.files.errors import ResultError
from politburo_sim.lab.kinds.sweep import free_settings
from politburo_sim.lab.provenance import read_manifest
from politburo_sim.lab.runs import replicate_seeds
from politburo_sim.lab.store import chunk_path
from politburo_sim.record.record import Record
from politburo_sim.run.model import Politburo
from politburo_sim.worlds.schema import Scenario
from politburo_sim.worlds.world import build_world


def rebuild(folder: Path, row: int) -> Record:
    """The record of run `row` of the sweep in a folder.

    Raises
    ------
    ResultError
        If the folder holds no sweep, or no such run, or the run now ends otherwise than its row
        says (the rules have changed since).
    """
    scenario, settings, seed = row_of(folder, row)
    record = Politburo(build_world(scenario, settings), seed).run().record
    _compare(folder, read_manifest(folder), row, record.outcome())
    return record


def row_of(folder: Path, row: int) -> tuple[Scenario, dict[str, float], int]:
    """World, settings and seed of run `row` of a sweep."""
    said = read_manifest(folder)
    if said["kind"] != "sweep":
        raise ResultError(
            "only a sweep keeps its runs one by one", file=folder, given=said["kind"],
            allowed="the folder of a sweep",
        )  # fmt: skip
    number = said["effort"]["replicates"]
    runs = number * len(said["points"])
    if not 0 <= row < runs:
        raise ResultError("no such run", file=folder, given=row, allowed=f"0 to {runs - 1}")
    scenario = Scenario.model_validate_json(json.dumps(said["scenario"]))
    settings = free_settings(said["points"][row // number])
    seed = int(replicate_seeds(said["experiment"]["seed"], number)[row % number])
    return scenario, settings, seed


def _compare(folder: Path, said: dict[str, Any], row: int, outcome: dict[str, Any]) -> None:
    stored = _stored(folder, said["rows_a_chunk"], row)
    if stored is None:
        return
    ours = {
        "seed": outcome["seed"],
        "established": int(outcome["established"] is not None),
        **outcome["counts"],
    }
    for name, value in ours.items():
        if stored[name] != value:
            raise ResultError(
                f"run {row} ends otherwise now: {name}", file=folder, given=value,
                allowed=f"{stored[name]}, as its table says",
                hint=f"go back to the version that made it: {said['package']}, {said['commit']}",
            )  # fmt: skip


def _stored(folder: Path, rows: int, row: int) -> dict[str, Any] | None:
    try:
        table = pq.read_table(chunk_path(folder / "runs", row // rows))
    except (OSError, pa.ArrowException):
        return None  # the manifest alone is enough to rebuild a run
    found: dict[str, Any] = table.slice(row % rows, 1).to_pylist()[0]
    return found
