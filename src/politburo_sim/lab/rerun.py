"""Any row of any sweep, rebuilt exactly from its manifest."""

from __future__ import annotations

import json
from pathlib import Path

from politburo_sim.errors import ResultError
from politburo_sim.lab.runs import replicate_seeds
from politburo_sim.lab.sweep import _free
from politburo_sim.model import Politburo
from politburo_sim.record import Record
from politburo_sim.scenario_schema import Scenario
from politburo_sim.world import build_world


def rebuild(folder: Path, row: int) -> Record:
    """The record of run `row` of the sweep in a folder.

    Raises
    ------
    ResultError
        If the folder holds no sweep, or no such run.
    """
    path = folder / "manifest.json"
    if not path.is_file():
        raise ResultError("no result here", file=str(folder), allowed="the folder of a sweep")
    said = json.loads(path.read_text(encoding="utf-8"))
    number = said["replicates"]
    runs = number * len(said["points"])
    if not 0 <= row < runs:
        raise ResultError("no such run", file=str(folder), given=row, allowed=f"0 to {runs - 1}")
    scenario = Scenario.model_validate_json(json.dumps(said["scenario"]))
    world = build_world(scenario, _free(said["points"][row // number]))
    seed = int(replicate_seeds(said["experiment"]["seed"], number)[row % number])
    return Politburo(world, seed).run().record
