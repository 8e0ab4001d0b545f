"""The command line: a shallow caller of the package. Nothing heavy is imported at the top."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from politburo_sim.cli import lab as science
from politburo_sim.cli import theory, view
from politburo_sim.cli.lab import Seed, Workers
from politburo_sim.cli.progress import progress, warm
from politburo_sim.cli.stop import heed_signals, say_how_to_go_on
from politburo_sim.files.errors import InputError, PolitburoSimError

if TYPE_CHECKING:
    from politburo_sim.worlds.world import World


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
            where = f"{error.filename}: " if error.filename else ""
            typer.echo(f"{where}{error.strerror or error}", err=True)
        return ctx.exit(2)


app = typer.Typer(
    cls=_Group, add_completion=True, no_args_is_help=True, rich_markup_mode=None,
)  # fmt: skip

Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="A parameter, such as unity=0.5; may be given several times."),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Out = Annotated[Path | None, typer.Option(help="Folder for what is left behind.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress, no closing lines.")]


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


def _overrides(given: list[str] | None) -> dict[str, float]:
    from politburo_sim.worlds.scenario import check_parameter

    found: dict[str, float] = {}
    for pair in given or []:
        name, _, value = pair.partition("=")
        try:
            found[name] = float(value)
        except ValueError:
            raise InputError(
                "not a setting", key="--set", given=pair, allowed="NAME=NUMBER",
                hint="for example --set unity=0.5",
            ) from None  # fmt: skip
        try:
            check_parameter(name, found[name])
        except InputError as error:
            raise InputError(
                error.problem, key=f"--set {name}", given=pair, allowed=error.allowed,
                hint="politburo-sim list shows the table of parameters",
            ) from None  # fmt: skip
    return found


def _echo_json(said: Any) -> None:
    from politburo_sim.lab.plain import as_json

    typer.echo(as_json(said))


def _world(name: str, settings: list[str] | None = None) -> World:
    from politburo_sim.worlds.scenario import load_scenario
    from politburo_sim.worlds.world import build_world

    return build_world(load_scenario(name), _overrides(settings))


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(help="Name of a shipped world, or a file.")],
    seed: Seed = 0,
    settings: Settings = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """One run: its chronicle and the closing table of power.

    Example: politburo-sim run ussr-1922 --seed 7
    """
    from politburo_sim.run.model import Politburo
    from politburo_sim.state.compiled import note_compiled

    world = _world(scenario, settings)
    warm("model", quiet or as_json, world)
    record = Politburo(world, seed).run().record
    note_compiled("model", world.body, world.calendar, world.coding)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "chronicle.txt").write_text(record.prose() + "\n", encoding="utf-8")
        record.roll_calls().to_csv(out / "roll_calls.csv", index=False)
        record.power_table().to_csv(out / "power.csv", index=False)
        (out / "outcome.json").write_text(json.dumps(record.outcome(), indent=1) + "\n")
    if as_json:
        _echo_json(record.outcome())
        return
    typer.echo(record.prose())
    typer.echo("\nPower at the end\n")
    typer.echo(record.power_table().to_string(index=False, float_format="{:.2f}".format))


@app.command()
def sweep(
    experiment: Annotated[str, typer.Argument(help="Name of a shipped experiment, or a file.")],
    runs: Annotated[
        int | None, typer.Option(min=1, help="Runs of each world or design point.")
    ] = None,
    out: Out = None,
    workers: Workers = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a folder.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer runs, wider intervals.")] = False,
    dask: Annotated[str | None, typer.Option(help="Address of a Dask scheduler to run on.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run an experiment of any kind, over many worlds; tables, figures and a report.

    Example: politburo-sim sweep unity-x-opportunism --quick --out results/first
    """
    from politburo_sim.lab import plan
    from politburo_sim.report.experiments import report
    from politburo_sim.worlds.world import build_world

    loaded = plan.load(experiment)
    folder = out or Path("results") / loaded.folder
    effort = plan.effort_of(loaded, folder, runs, quick, resume)
    total = loaded.size() * effort.runs
    say_how_to_go_on("--resume")
    with progress(loaded.title, total, quiet or as_json, build_world(loaded.world)) as tell:
        results = plan.run(
            experiment, out, runs=runs, quick=quick, workers=workers, resume=resume, cluster=dask,
            tell=tell,
        )  # fmt: skip
    less = " --quick" if effort == loaded.effort(quick=True) else f" --runs {effort.runs}"
    typed = f"politburo-sim sweep {experiment}{less if effort != loaded.effort() else ''}"
    page = report(results, typed)
    if as_json:
        _echo_json({"experiment": loaded.id, "folder": str(folder), "report": str(page)})
    elif not quiet:
        pictures = sorted(folder.glob("figures/*.png"))
        typer.echo("\n".join([*(f"Picture: {path}" for path in pictures), f"Report:  {page}"]))


@app.command()
def compare(
    base: Annotated[str, typer.Argument(help="The base world.")],
    alt: Annotated[str, typer.Argument(help="The world with one difference.")],
    runs: Annotated[int, typer.Option(min=2, help="Pairs to run.")] = 10_000,
    precision: Annotated[
        float | None,
        typer.Option(min=0.0001, help="Run until the interval's half-width is this small."),
    ] = None,
    seed: Seed = 0,
    settings: Settings = None,
    out: Out = None,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Twin worlds: the same luck, one difference.

    Example: politburo-sim compare ussr-1922 trotsky-speaks-1923 --runs 10000
    """
    from politburo_sim.lab.twins import twins

    one, two = _world(base, settings), _world(alt, settings)
    with progress(f"{alt} against {base}", runs, quiet or as_json, one, two) as tell:
        result = twins(one, two, runs, seed, precision=precision, workers=workers, tell=tell)
    if out is not None or not as_json:
        from politburo_sim.report import compare_report

        report = compare_report(
            out or Path("results") / f"{result.alt}-against-{result.base}", result
        )
    if as_json:
        _echo_json(result.summary())
        return
    if quiet:
        return
    typer.echo(result.table.to_string(index=False, float_format="%.4f"))
    typer.echo(
        f"\n{result.pairs} pairs; the ruler differs in {100 * result.flipped:.1f} %; unpaired "
        f"runs would need {result.saving:.1f} times as many.\nReport: {report}"
    )


@app.command()
def odds(
    scenario: Annotated[str, typer.Argument(help="Name of a shipped world, or a file.")],
    seed: Seed = 0,
    at: Annotated[str | None, typer.Option(help="One month alone, such as 1924-01.")] = None,
    futures: Annotated[int, typer.Option(min=1, help="Futures forked at each month.")] = 1_000,
    settings: Settings = None,
    out: Out = None,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Each member's chance of sole rule, forked from each month of one history.

    Example: politburo-sim odds ussr-1922 --seed 7
    """
    from politburo_sim.lab.odds import odds_curve
    from politburo_sim.report import odds_report

    world = _world(scenario, settings)
    month = None if at is None else _month(world, at)
    with progress(f"Odds of {scenario}", world.months, quiet or as_json, world) as tell:
        table, stay, model = odds_curve(world, seed, futures, at=month, workers=workers, tell=tell)
    if as_json:
        rows = {key: row[row > 0].to_dict() for key, row in table.iterrows()}
        _echo_json({"scenario": world.scenario.name, "seed": seed, "odds": rows})
        return
    if month is not None:
        typer.echo(table.iloc[0][table.iloc[0] > 0].sort_values(ascending=False).to_string())
        return
    folder = out or Path("results") / f"odds-{world.scenario.name}-{seed}"
    report = odds_report(
        folder,
        table,
        _told(model),
        f"{world.scenario.title}, seed {seed}",
        f"politburo-sim odds {scenario} --seed {seed}",
    )
    stay.to_csv(folder / "survival.csv")
    typer.echo(f"Figure: {folder / 'figures' / 'odds.png'}\nReport: {report}")


def _told(model: Any) -> list[tuple[int, str]]:
    """Removals and the rule of one, as labels for a figure."""
    from politburo_sim.state.journal import RULES, SANCTION

    told = []
    for row in model.record.rows:
        if row.who >= model.world.members:
            continue
        name = model.world.names[row.who]
        if row.kind == SANCTION and row.what == 3:
            told.append((row.month, f"{name} removed"))
        if row.kind == RULES and row.what == 0:
            told.append((row.month, f"{name} rules alone"))
    return told


def _month(world: Any, text: str) -> int:
    from politburo_sim.months import month_index

    named = re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text)
    month = int(month_index(world.start, text)) if named else -1
    if not 0 <= month < world.months:
        raise InputError(
            "no such month in this world", key="--at", given=text,
            allowed=f"{world.scenario.start} to {world.scenario.end}",
        )  # fmt: skip
    return month


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Files or names, of any kind.")],
    as_json: Json = False,
) -> None:
    """Say whether files of any kind (worlds, experiments, claims) are sound, or what to mend.

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
        _echo_json({"sound": sound, "wrong": bad, "doubtful": doubtful})
    if bad:
        raise typer.Exit(2)


@app.command("list")
def list_all(as_json: Json = False) -> None:
    """What there is: worlds, experiments, and the table of parameters.

    Example: politburo-sim list
    """
    from politburo_sim.files.locate import names
    from politburo_sim.lab.catalogue import titles
    from politburo_sim.state.parameters import TABLE

    kinds = ("scenarios", "experiments")
    if as_json:
        _echo_json({kind: names(kind) for kind in kinds} | {"parameters": [p.name for p in TABLE]})
        return
    for kind in kinds:
        typer.echo(kind.capitalize())
        for name, title in titles(kind).items():
            typer.echo(f"  {name:28} {title}")
    typer.echo("Parameters")
    for p in TABLE:
        typer.echo(f"  {p.name:20} {p.default:<7g} {p.low:g} to {p.high:g}  {p.meaning}")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A world or an experiment: its name, or a file.")],
    as_json: Json = False,
) -> None:
    """What a world says (what is changed, who is in it, what happens when), or an experiment.

    Example: politburo-sim show trotsky-speaks-1923
    """
    from politburo_sim.lab import catalogue

    if as_json:
        _echo_json(catalogue.as_data(name))
    else:
        typer.echo(catalogue.in_words(name))


app.command()(view.rerun)
app.command()(view.view)
app.command()(science.claims)
app.command()(science.calibrate)
app.command()(science.scores)
app.command()(science.sensitivity)
app.command()(science.ideals)
app.command()(science.gate)
app.command()(theory.verify)
app.add_typer(theory.theory, name="theory")


def main() -> None:
    """Run the command line."""
    heed_signals()
    app()


if __name__ == "__main__":
    main()
