"""Sweep: plan, run, store, and sum up an experiment.

The plan is built first and alone fixes chunk names, seeds and settings. A chunk that is there
and whole is not run again, so a sweep that was killed goes on and ends byte for byte like one
that was not.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from politburo_sim.errors import ResultError
from politburo_sim.lab import runs as lab_runs
from politburo_sim.lab import store
from politburo_sim.lab.experiment import Experiment, Plan, load_experiment, plan
from politburo_sim.lab.intervals import mean_interval, wilson
from politburo_sim.lab.provenance import write_manifest
from politburo_sim.scenario import load_scenario, parameter_values
from politburo_sim.world import World, build_world

ROWS = 5_000
Tell = Callable[[int], None]


def sweep(
    experiment: Experiment | str | Path,
    out: str | Path | None = None,
    *,
    replicates: int | None = None,
    quick: bool = False,
    workers: int | None = None,
    resume: bool = False,
    on_progress: Tell | None = None,
) -> Path:
    """Run an experiment and leave its run tables, manifest and points.csv in a folder.

    Parameters
    ----------
    experiment : an Experiment, or a file's name or path.
    out : folder; default results/ID under the current one.
    replicates : runs for each design point, instead of the file's number.
    quick : the file's smaller number of replicates.
    workers : threads; the results do not depend on it.
    resume : go on with a folder that is there.

    Returns
    -------
    The folder.

    Raises
    ------
    ResultError
        If the folder is there and `resume` is not asked for, or holds another plan.
    """
    if isinstance(experiment, str | Path):
        experiment = load_experiment(experiment)
    number = replicates or (experiment.design.quick if quick else None)
    laid = plan(experiment, number)
    folder = Path("results") / experiment.id if out is None else Path(out)
    said = _said(experiment, laid)
    _open(folder, said, resume)
    world = build_world(load_scenario(experiment.scenario))
    _run_all(folder, experiment, laid, world, workers, on_progress)
    points = summarise(folder, experiment, laid)
    points.to_csv(folder / "points.csv", index=False)
    return folder


def _said(experiment: Experiment, laid: Plan) -> dict[str, Any]:
    scenario = load_scenario(experiment.scenario)
    return {
        "kind": "sweep",
        "experiment": experiment.model_dump(mode="json"),
        "scenario": scenario.model_dump(mode="json", by_alias=True),
        "replicates": laid.replicates,
        "points": list(laid.points),
        "rows_a_chunk": ROWS,
    }


def _open(folder: Path, said: dict[str, Any], resume: bool) -> None:
    import json

    manifest = folder / "manifest.json"
    if manifest.exists():
        old = json.loads(manifest.read_text(encoding="utf-8"))
        if not resume:
            raise ResultError(
                "the folder already holds a result", file=str(folder),
                allowed="a new folder, or --resume to go on with this one",
                hint=f"politburo-sim sweep {said['experiment']['id']} --out {folder} --resume",
            )  # fmt: skip
        if any(old.get(key) != json.loads(json.dumps(value)) for key, value in said.items()):
            raise ResultError(
                "the folder holds another plan", file=str(folder),
                hint="give another folder with --out, or the same options as before",
            )  # fmt: skip
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "runs").mkdir(exist_ok=True)
    write_manifest(folder, **said)


def _run_all(
    folder: Path, experiment: Experiment, laid: Plan, world: World, workers: int | None,
    on_progress: Tell | None,
) -> None:  # fmt: skip
    seeds = lab_runs.replicate_seeds(experiment.seed, laid.replicates)
    points = np.array(
        [parameter_values({**world.scenario.rules, **_free(point)}) for point in laid.points]
    )
    settings = sorted({name for point in laid.points for name in point})
    for chunk, start in enumerate(range(0, laid.runs, ROWS)):
        stop = min(laid.runs, start + ROWS)
        path = store.chunk_path(folder / "runs", chunk)
        if not store.is_whole(path, stop - start):
            ids = np.arange(start, stop)
            which, replicate = ids // laid.replicates, ids % laid.replicates
            out = lab_runs.run_many(world, seeds[replicate], points, which, workers=workers)
            found = lab_runs.columns(world, out)
            columns = {
                "run_id": ids, "point": which, "replicate": replicate,
                "seed": seeds[replicate],
                **{
                    f"set_{name}": [laid.points[q].get(name, np.nan) for q in which]
                    for name in settings
                },
                **found,
            }  # fmt: skip
            store.write_chunk(path, columns, store.schema(settings, list(found)))
        if on_progress is not None:
            on_progress(stop - start)


def _free(point: dict[str, float]) -> dict[str, float]:
    """A point's settings; its single word "unity" gives way to none of the world's own."""
    from politburo_sim.parameters import UNITY

    settings = dict(point)
    if "unity" in settings:
        unity = settings.pop("unity")
        settings = {**dict.fromkeys(UNITY, unity), **settings}
    return settings


def summarise(folder: Path, experiment: Experiment, laid: Plan) -> pd.DataFrame:
    """One row a design point: its settings, and each outcome with its 95 % interval."""
    names = list(experiment.outcomes)
    size = (len(laid.points), len(names))
    total, squares, number = np.zeros(size), np.zeros(size), np.zeros(len(laid.points))
    for path in sorted((folder / "runs").glob("chunk-*.parquet")):
        table = pq.read_table(path, columns=["point", *names]).to_pandas()
        which = table["point"].to_numpy()
        values = table[names].to_numpy(dtype=float)
        np.add.at(total, which, values)
        np.add.at(squares, which, values * values)
        np.add.at(number, which, 1)
    rows = []
    for q, point in enumerate(laid.points):
        row: dict[str, Any] = {**point, "n": int(number[q])}
        for i, name in enumerate(names):
            interval = wilson if name == "established" else mean_interval
            mean, low, high = interval(total[q, i], squares[q, i], number[q])
            row |= {name: mean, f"{name}_low": low, f"{name}_high": high}
        rows.append(row)
    return pd.DataFrame(rows)


def read_points(folder: Path) -> pd.DataFrame:
    """The table of design points that a sweep left in its folder."""
    return pd.read_csv(folder / "points.csv")
