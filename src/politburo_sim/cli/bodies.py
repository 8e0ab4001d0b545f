"""Commands about other bodies: their patterns beside runs, and forecasts frozen and scored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from politburo_sim.cli import complete
from politburo_sim.cli.progress import progress
from politburo_sim.cli.settings import Json, Out, Quiet, Seed, Workers, folder_named, left_in
from politburo_sim.cli.told import echo_json
from politburo_sim.files.errors import InputError

if TYPE_CHECKING:
    from politburo_sim.lab.bodies.forecasting import Variant
    from politburo_sim.worlds.schema import Scenario

Bodies = Annotated[
    list[str],
    typer.Argument(help="Names of shipped worlds, or files.", autocompletion=complete.worlds),
]


def bodies(
    worlds: Annotated[
        list[str] | None,
        typer.Argument(
            help="Worlds that have a record; all if none.", autocompletion=complete.worlds
        ),
    ] = None,
    runs: Annotated[int, typer.Option(min=2, help="Histories of each world.")] = 100,
    seed: Seed = 0,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Patterns of a body's course: record, runs, null bodies.

    Example: politburo-sim bodies presidium-1953 --runs 20
    """
    import numpy as np

    from politburo_sim.bodies import tables
    from politburo_sim.lab.bodies import baselines, courses
    from politburo_sim.lab.ensemble import load_ensemble
    from politburo_sim.lab.store import make_folder
    from politburo_sim.worlds.scenario import load_scenario
    from politburo_sim.worlds.world import build_world

    if out is not None:
        make_folder(out)
    names = worlds or list(tables.worlds())
    ensemble, rate = load_ensemble(), baselines.fit().rate
    said = {}
    with progress("Histories", runs * len(names), quiet or as_json) as tell:
        for name in names:
            world = build_world(load_scenario(name))
            chief = courses.chief_of(world)
            record = tables.record_of(world.scenario.name, world.scenario.start, chief)
            found = list(courses.courses(world, ensemble, runs, seed, tell))
            luck = np.random.default_rng(seed)
            columns = {
                "record": [record], "runs": found,
                "chief stays": [course for course in found if courses.stays(course)],
                "flat hazard": [courses.null_course(world, rate, False, luck) for _ in found],
                "cabinet": [courses.null_course(world, rate, True, luck) for _ in found],
            }  # fmt: skip
            said[name] = courses.pattern_table({k: v for k, v in columns.items() if v})
    if out is not None:
        from politburo_sim.lab.sheets import write_csv

        for name, table in said.items():
            write_csv(out / f"{name}-patterns.csv", table)
    if as_json:
        echo_json({name: table.to_dict("records") for name, table in said.items()})
        return
    for name, table in said.items():
        typer.echo(f"{name} ({runs} runs: their mean, and the range in which nine of ten lie)\n")
        typer.echo(f"{table.to_string(index=False)}\n")


def forecast(
    worlds: Bodies,
    score: Annotated[
        bool, typer.Option("--score", help="Score forecasts that are frozen; nothing is run.")
    ] = False,
    runs: Annotated[int, typer.Option(min=10, help="Histories of each model.")] = 4_000,
    seed: Seed = 0,
    out: Annotated[
        Path,
        typer.Option(help="Folder of the forecasts.", parser=folder_named, metavar="FOLDER"),
    ] = Path("results/forecast"),
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Freeze a forecast of who loses a seat, or score a frozen one.

    A forecast is made from the world's file and the ensemble alone, and is not overwritten. Its
    SHA-256 is printed: commit the file before it is scored with --score.

    Example: politburo-sim forecast presidium-1953 --runs 100 --out a-trial
    """
    from politburo_sim.worlds.scenario import load_scenario

    asked = [load_scenario(name) for name in worlds]
    paths = [out / f"{scenario.name}-forecast.csv" for scenario in asked]
    if score:
        _score(asked, paths, out, worlds, as_json, quiet)
        return
    from politburo_sim.files.locate import folder
    from politburo_sim.lab import store
    from politburo_sim.lab.bodies import forecasting
    from politburo_sim.lab.ensemble import load_ensemble
    from politburo_sim.lab.provenance import read_forecasts, typed, write_manifest

    for path in paths:
        if path.exists():
            raise InputError(
                "a forecast is frozen here", file=path, allowed="a forecast not made yet",
                hint="score it with --score, or take another folder with --out",
            )  # fmt: skip
    known = read_forecasts(left_in(out, "forecast", kind="forecast"))
    variants, found = _variants(), {}
    with progress("Forecast", (len(variants) + 2) * runs * len(asked), quiet or as_json) as tell:
        for scenario, path in zip(asked, paths, strict=True):
            table = forecasting.forecast(
                scenario, load_ensemble(), runs, seed, variants, workers=workers, tell=tell
            )
            found[path.name] = forecasting.freeze(table, path)
    write_manifest(
        out, kind="forecast", seed=seed, runs=runs, forecasts=known | found,
        ensemble=store.sha256(folder("experiments") / "ensemble.csv"),
        command=typed("forecast", *worlds, runs=runs, seed=seed),
    )  # fmt: skip
    if as_json:
        echo_json({"sha256": found})
        return
    for name, sha in found.items():
        typer.echo(f"{sha}  {name}")
    if not quiet:
        again = typed("forecast", *worlds, score=True, out=out)
        typer.echo(
            f"Frozen in {out}, each file with its SHA-256. Commit them; once it is known who "
            f"fell:\n  {again}"
        )


def _variants() -> list[Variant]:
    """Return the mechanisms taken out one by one, as experiments/models.toml has them."""
    from politburo_sim.lab.bodies.forecasting import Variant
    from politburo_sim.lab.kinds.scores import Scores

    models = Scores.named("models").models
    return [Variant(m.name, m.words, m.settings) for m in models if m.settings]


def _score(
    asked: list[Scenario], paths: list[Path], out: Path, worlds: list[str], as_json: bool,
    quiet: bool,
) -> None:  # fmt: skip
    from politburo_sim.lab.bodies import scoring
    from politburo_sim.lab.provenance import typed
    from politburo_sim.report.forecast import forecast_report

    scored = [
        scoring.score(scenario, path) for scenario, path in zip(asked, paths, strict=True)
    ]  # fmt: skip
    page = forecast_report(out, scored, typed("forecast", *worlds, score=True))
    if as_json:
        echo_json({one.scenario.name: one.table.to_dict("records") for one in scored})
        return
    for text in (text for one in scored for text in scoring.finding(one)):
        typer.echo(text)
    if not quiet:
        typer.echo(f"Report: {page}")
