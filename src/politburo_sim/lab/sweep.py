"""Sweep: plan, run, store, and sum up an experiment.

The plan is built first and alone fixes chunk names, seeds and settings. A chunk that is there
and whole is not run again, so a sweep that was killed goes on and ends byte for byte like one
that was not.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from politburo_sim.files.errors import ResultError
from politburo_sim.lab import runs as lab_runs
from politburo_sim.lab import store
from politburo_sim.lab.drivers import run_by_mesa, run_on_cluster
from politburo_sim.lab.experiment import Experiment, Plan, load_experiment, plan
from politburo_sim.lab.intervals import mean_interval, wilson
from politburo_sim.lab.provenance import read_manifest, rules_hash, write_manifest
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.outcomes import PLAIN, Runs, leader_names, marks_of, outcome, read, ruler_names
from politburo_sim.run.engine import Outcomes
from politburo_sim.run.member import Member
from politburo_sim.worlds.scenario import load_scenario, parameter_values
from politburo_sim.worlds.world import World, build_world

ROWS = 5_000
Driver = Callable[[Any, Any, Any, Tell], Outcomes]


def sweep(
    experiment: Experiment | str | Path,
    out: str | Path | None = None,
    *,
    replicates: int | None = None,
    quick: bool = False,
    workers: int | None = None,
    resume: bool = False,
    rows_a_chunk: int = ROWS,
    member_class: type[Member] = Member,
    cluster: str | None = None,
    tell: Tell = silent,
) -> Path:
    """Run an experiment and leave its run tables, manifest and points.csv in a folder.

    Parameters
    ----------
    experiment : an Experiment, or a file's name or path.
    out : folder; default results/ID under the current one.
    replicates : runs for each design point, instead of the file's number.
    quick : the file's smaller number of replicates.
    workers : threads; the results do not depend on it.
    resume : go on with a folder that is there, with as many replicates as it was begun with.
    rows_a_chunk : runs that are kept at once; the results do not depend on it.
    member_class : members of your own; such a world runs on the Mesa driver, in processes.
    cluster : address of a Dask scheduler whose workers run the histories.

    Returns
    -------
    The folder.

    Raises
    ------
    ResultError
        If the folder is there and `resume` is not asked for, or holds another plan; or if the
        disk takes no more. What is finished is kept.
    """
    name = str(experiment) if isinstance(experiment, str | Path) else experiment.id
    if isinstance(experiment, str | Path):
        experiment = load_experiment(experiment)
    folder = Path("results") / experiment.id if out is None else Path(out)
    laid = plan(experiment, replicates_of(experiment, folder, replicates, quick, resume))
    _open(folder, name, _said(experiment, laid, rows_a_chunk), resume)
    world = build_world(load_scenario(experiment.scenario))
    run = driver(world, member_class, cluster, workers)
    _run_all(folder, experiment, laid, world, rows_a_chunk, run, tell)
    points = summarise(folder, experiment, laid, rows_a_chunk)
    store.write_text(folder / "points.csv", points.to_csv(index=False, lineterminator="\n"))
    return folder


def replicates_of(
    experiment: Experiment, folder: Path, replicates: int | None, quick: bool, resume: bool
) -> int:
    """How often each design point is run: as asked, else as begun, else as the file says."""
    if replicates is not None:
        return replicates
    if resume and (folder / "manifest.json").exists():
        return int(read_manifest(folder)["replicates"])
    return experiment.design.quick if quick else experiment.design.replicates


def _said(experiment: Experiment, laid: Plan, rows: int) -> dict[str, Any]:
    scenario = load_scenario(experiment.scenario)
    return {
        "kind": "sweep",
        "experiment": experiment.model_dump(mode="json"),
        "scenario": scenario.model_dump(mode="json", by_alias=True),
        "replicates": laid.replicates,
        "points": list(laid.points),
        "rows_a_chunk": rows,
    }


def _open(folder: Path, name: str, said: dict[str, Any], resume: bool) -> None:
    """Begin a folder, or make sure that the one that is there holds the same plan."""
    if not (folder / "manifest.json").exists():
        try:
            (folder / "runs").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise store.cannot_write(folder, error) from error
        write_manifest(folder, **said)
        return
    if not resume:
        raise ResultError(
            "the folder already holds a result", file=folder,
            allowed="a new folder, or --resume to go on with this one",
            hint=f"politburo-sim sweep {name} --out {folder} --resume",
        )  # fmt: skip
    old = read_manifest(folder)
    for key, value in json.loads(json.dumps(said)).items():
        if old.get(key) != value:
            raise ResultError(
                f"the folder holds another plan: its {key} differs", file=folder,
                allowed="the options and files that it was begun with",
                hint="give another folder with --out",
            )  # fmt: skip
    if old.get("rules") != rules_hash():
        raise ResultError(
            "the folder was begun with other rules", file=folder, given=old["commit"],
            allowed="the version of the package that began it",
            hint="give another folder with --out",
        )  # fmt: skip


def driver(
    world: World, member_class: type[Member], cluster: str | None, workers: int | None
) -> Driver:
    """What runs the histories: the engine in threads, a cluster, or the Mesa driver."""
    if member_class is not Member:
        warnings.warn(
            f"{member_class.__name__} is no plain Member: the histories run on the Mesa driver, "
            "in processes, some hundred times slower than the engine.", stacklevel=3,
        )  # fmt: skip
        return lambda seeds, points, which, tell: run_by_mesa(
            world, seeds, points, which, member_class, workers=workers, tell=tell
        )
    if cluster is not None:
        return lambda seeds, points, which, tell: run_on_cluster(
            cluster, world, seeds, points, which, tell
        )
    return lambda seeds, points, which, tell: lab_runs.run_many(
        world, seeds, points, which, marks=marks_of(world), workers=workers, tell=tell
    )


def _run_all(
    folder: Path, experiment: Experiment, laid: Plan, world: World, rows: int,
    run: Driver, tell: Tell,
) -> None:  # fmt: skip
    seeds = lab_runs.replicate_seeds(experiment.seed, laid.replicates)
    points = np.array(
        [
            parameter_values({**world.scenario.rules, **free_settings(point)})
            for point in laid.points
        ]
    )
    kept = list(dict.fromkeys([*(outcome.name for outcome in PLAIN), *experiment.outcomes]))
    settings = sorted({name for point in laid.points for name in point})
    for path, start, stop in _chunks(folder, laid, rows):
        if not store.is_whole(path, start, stop):
            ids = np.arange(start, stop)
            which, replicate = ids // laid.replicates, ids % laid.replicates
            out = run(seeds[replicate], points, which, tell)
            found = read(kept, Runs(world, out, points[which]))
            columns = {
                "run_id": ids, "point": which, "replicate": replicate,
                "seed": seeds[replicate],
                **{
                    f"set_{name}": [laid.points[q].get(name, np.nan) for q in which]
                    for name in settings
                },
                "ruler": ruler_names(world, out), "leader": leader_names(world, out), **found,
            }  # fmt: skip
            store.write_chunk(path, columns, store.schema(settings, kept))
        else:
            tell(stop - start)


def _chunks(folder: Path, laid: Plan, rows: int) -> Iterator[tuple[Path, int, int]]:
    """Each chunk's file, its first run and the run after its last."""
    for chunk, start in enumerate(range(0, laid.runs, rows)):
        yield store.chunk_path(folder / "runs", chunk), start, min(laid.runs, start + rows)


def free_settings(point: dict[str, float]) -> dict[str, float]:
    """A point's settings; its single word "unity" gives way to none of the world's own."""
    from politburo_sim.state.parameters import UNITY

    settings = dict(point)
    if "unity" in settings:
        unity = settings.pop("unity")
        settings = {**dict.fromkeys(UNITY, unity), **settings}
    return settings


def summarise(
    folder: Path, experiment: Experiment, laid: Plan, rows_a_chunk: int = ROWS
) -> pd.DataFrame:
    """One row a design point: its settings, and each outcome with its 95 % interval."""
    names = list(experiment.outcomes)
    size = (len(laid.points), len(names))
    total, squares, number = np.zeros(size), np.zeros(size), np.zeros(len(laid.points))
    for path, _, _ in _chunks(folder, laid, rows_a_chunk):
        table = pq.read_table(path, columns=["point", *names]).to_pandas()
        which = table["point"].to_numpy()
        values = table[names].to_numpy(dtype=float)
        np.add.at(total, which, values)
        np.add.at(squares, which, values * values)
        np.add.at(number, which, 1)
    frame = pd.DataFrame(laid.points).assign(n=number.astype(int))
    for i, name in enumerate(names):
        known = outcome(name)
        if known is not None and known.unit == "chance":
            found = wilson(total[:, i], number)
        else:
            found = mean_interval(total[:, i], squares[:, i], number)
        frame[name], frame[f"{name}_low"], frame[f"{name}_high"] = found
    return frame


def read_points(folder: Path) -> pd.DataFrame:
    """The table of design points that a sweep left in its folder.

    Raises
    ------
    ResultError
        If there is none, because the sweep has not ended.
    """
    path = folder / "points.csv"
    if not path.is_file():
        raise ResultError(
            "no table of design points", file=folder, allowed="the folder of a finished sweep",
            hint="politburo-sim sweep EXPERIMENT --out FOLDER --resume finishes it",
        )  # fmt: skip
    return pd.read_csv(path)
