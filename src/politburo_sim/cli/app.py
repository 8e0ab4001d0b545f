"""The command line: a shallow caller of the package. Nothing heavy is imported at the top."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from politburo_sim.cli import complete
from politburo_sim.cli.bodies import bodies, forecast
from politburo_sim.cli.classify import classify
from politburo_sim.cli.compare import compare
from politburo_sim.cli.evidence import calibrate, evidence, power
from politburo_sim.cli.export import export, gallery
from politburo_sim.cli.lab import claims, fit, gate, ideals, scores, sensitivity
from politburo_sim.cli.new import new
from politburo_sim.cli.odds import odds
from politburo_sim.cli.progress import progress, say_set_anew, say_warnings_plainly, warm
from politburo_sim.cli.settings import (
    Ensemble,
    Json,
    NewOut,
    Out,
    Quick,
    Quiet,
    Seed,
    Settings,
    Workers,
    WorldName,
    overrides,
    world_given,
)
from politburo_sim.cli.signs import signs
from politburo_sim.cli.stop import heed_signals, say_how_to_go_on
from politburo_sim.cli.theory import theory, verify
from politburo_sim.cli.told import closing_table, echo_json
from politburo_sim.cli.verdicts import verdicts
from politburo_sim.cli.view import rerun, view
from politburo_sim.cli.votes import votes
from politburo_sim.files.errors import PolitburoSimError


class _Group(TyperGroup):
    """Commands whose errors of input end with code 2, one message and no traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except PolitburoSimError as error:
            typer.echo(str(error), err=True)
        except BrokenPipeError:
            raise
        except OSError as error:
            typer.echo(_of_the_system(error), err=True)
        return ctx.exit(2)


def _of_the_system(error: OSError) -> str:
    """What the system refused, and what to do where that was the folder for compiled rules."""
    from politburo_sim.state.compiled import cache_folder

    where = f"{error.filename}: " if error.filename else ""
    cache = cache_folder()
    compiled = error.filename and Path(error.filename) in (cache, *cache.parents)
    hint = (
        "\n  allowed: a folder for compiled rules that can be written to"
        "\n  what to do: name one in the environment, as POLITBURO_SIM_CACHE"
    )
    return f"{where}{error.strerror or error}{hint if compiled else ''}"


app = typer.Typer(
    cls=_Group, add_completion=True, no_args_is_help=True, rich_markup_mode=None,
)  # fmt: skip

MemberClass = Annotated[
    str | None,
    typer.Option("--member", metavar="MODULE:CLASS", help="Members of your own (docs/members.md)."),
]


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        from politburo_sim.lab.provenance import commit

        made_from = commit()
        source = f" (commit {made_from})" if made_from else ""
        typer.echo(f"politburo-sim {version('politburo-sim')}{source}")
        raise typer.Exit


@app.callback(help="When does a ruling body end under one man, and what could have stopped it?")
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_version,
            help="Print the version and, from a checkout, the commit.",
        ),
    ] = False,
) -> None:  # fmt: skip
    """Options that stand before any command."""


@app.command()
def run(
    scenario: WorldName,
    seed: Seed = 0,
    settings: Settings = None,
    out: NewOut = None,
    check_numbers: Annotated[
        bool, typer.Option("--check-numbers", help="Debug: look at all numbers after each phase.")
    ] = False,
    member: MemberClass = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """One run: its chronicle and the closing table of power.

    Example: politburo-sim run ussr-1922 --seed 7
    """
    from politburo_sim.lab.drivers import history
    from politburo_sim.lab.members import described, member_named
    from politburo_sim.lab.provenance import open_folder, plain_world, typed, write_manifest
    from politburo_sim.lab.sheets import write_csv
    from politburo_sim.lab.store import write_text
    from politburo_sim.run.numbers import watch_numbers
    from politburo_sim.state.compiled import note_compiled

    world = world_given(scenario, settings)
    members = member_named(member)
    if out is not None:
        said = {"kind": "run", **plain_world(world.scenario, overrides(settings)), "seed": seed}
        said |= described(members)
        out = open_folder(said, out, out)
    warm("model", quiet or as_json, world)
    prepared = {"prepared": watch_numbers} if check_numbers else {}
    record = history(world, seed, member_class=members, **prepared).record
    note_compiled("model", world.body, world.calendar, world.coding)
    if out is not None:
        write_text(out / "chronicle.txt", record.prose() + "\n")
        write_csv(out / "roll_calls.csv", record.roll_calls())
        write_csv(out / "power.csv", record.power_table())
        write_csv(out / "shares.csv", record.share_table())
        write_text(out / "outcome.json", json.dumps(record.outcome(), indent=1) + "\n")
        command = typed("run", scenario, seed=seed, set=settings, member=member)
        write_manifest(out, **said, command=command)
    if as_json:
        echo_json(record.outcome())
        return
    typer.echo(record.prose())
    typer.echo(f"\n{closing_table(record)}")


@app.command()
def sweep(
    experiment: Annotated[
        str,
        typer.Argument(
            help="Name of a shipped experiment, or a file.", autocompletion=complete.experiments
        ),
    ],
    runs: Annotated[
        int | None, typer.Option(min=1, help="Runs of each world or design point.")
    ] = None,
    out: Out = None,
    workers: Workers = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a folder.")] = False,
    quick: Quick = False,
    dask: Annotated[str | None, typer.Option(help="Address of a Dask scheduler to run on.")] = None,
    member: MemberClass = None,
    ensemble: Ensemble = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run an experiment of any kind: tables, figures and a report.

    Example: politburo-sim sweep unity-x-opportunism --quick --out results/first
    """
    from politburo_sim.lab import plan
    from politburo_sim.lab.members import member_named
    from politburo_sim.lab.provenance import typed
    from politburo_sim.report.experiments import report
    from politburo_sim.report.page import finding_of

    say_how_to_go_on("--resume")
    loaded, bench = plan.begin(
        experiment, out, runs=runs, quick=quick, workers=workers, resume=resume, cluster=dask,
        member_class=member_named(member), ensemble=ensemble,
    )  # fmt: skip
    effort, folder = bench.effort, bench.folder
    say_set_anew(loaded.world, loaded.sets())
    with progress(loaded.title, loaded.work(effort), quiet or as_json, loaded.built()) as tell:
        results = loaded.run(replace(bench, tell=tell))
    other = effort != loaded.effort()
    small = other and effort == loaded.effort(quick=True)
    command = typed(
        "sweep", experiment, quick=small, runs=effort.runs if other and not small else None,
        member=member, ensemble=ensemble,
    )  # fmt: skip
    page = report(results, command)
    if as_json:
        said = {"experiment": loaded.id, "finding": finding_of(page)}
        echo_json(said | {"folder": str(folder), "report": str(page)})
    elif not quiet:
        pictures = [f"Picture: {path}" for path in sorted(folder.glob("figures/*.png"))]
        typer.echo("\n".join([finding_of(page), *pictures, f"Report:  {page}"]))


app.command("ask", help=str(sweep.__doc__).replace("politburo-sim sweep", "politburo-sim ask"))(
    sweep
)
app.command()(odds)


@app.command()
def check(
    files: Annotated[
        list[str],
        typer.Argument(help="Files or names, of any kind.", autocompletion=complete.anything),
    ],
    as_json: Json = False,
) -> None:
    """Say whether files are sound, or what to mend.

    Example: politburo-sim check my-world.toml my-experiment.toml
    """
    from politburo_sim.lab import door
    from politburo_sim.worlds.doubts import doubts

    bad: dict[str, str] = {}
    doubtful: dict[str, list[str]] = {}
    for file in files:
        try:
            if door.check(file) == door.WORLD and (found := [str(d) for d in doubts(file)]):
                doubtful[file] = found
        except PolitburoSimError as error:
            bad[file] = str(error)
        if not as_json:
            typer.echo(bad.get(file, f"{file}: sound"), err=file in bad)
            for doubt in doubtful.get(file, []):
                typer.echo(f"doubtful: {doubt}", err=True)
    if as_json:
        sound = [file for file in files if file not in bad]
        echo_json({"sound": sound, "wrong": bad, "doubtful": doubtful})
    if bad:
        raise typer.Exit(2)


@app.command("list")
def list_all(as_json: Json = False) -> None:
    """List worlds, experiments, records, claims and parameters.

    Example: politburo-sim list
    """
    from politburo_sim.lab import catalogue

    if as_json:
        echo_json(catalogue.everything())
    else:
        typer.echo("\n".join(catalogue.listed()))


@app.command()
def show(
    name: Annotated[
        str,
        typer.Argument(
            help="A world, an experiment, a claim or a parameter: its name, or a file.",
            autocompletion=complete.anything,
        ),
    ],
    as_json: Json = False,
) -> None:
    """What a world, experiment, claim or parameter says.

    Example: politburo-sim show trotsky-speaks-1923
    """
    from politburo_sim.lab import catalogue

    if as_json:
        echo_json(catalogue.as_data(name))
    else:
        typer.echo(catalogue.in_words(name))


for one in (
    compare, rerun, view, new, bodies, forecast, export, gallery, claims, verdicts, calibrate,
    evidence, power, classify, fit, scores, sensitivity, ideals, gate, verify, votes, signs,
):  # fmt: skip
    app.command()(one)
app.add_typer(theory, name="theory")


def main() -> None:
    """Run the command line."""
    for library in ("OPENBLAS", "MKL", "OMP"):  # cores are shared out here, not within matrices
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    heed_signals()
    say_warnings_plainly()
    app()


if __name__ == "__main__":
    main()
