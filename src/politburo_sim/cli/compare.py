"""The command that compares worlds, and says whether it mattered."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from politburo_sim.cli import complete
from politburo_sim.cli.progress import progress, say_doubts, say_set_anew
from politburo_sim.cli.settings import (
    Ensemble,
    Json,
    NewOut,
    Quick,
    Quiet,
    Seed,
    Workers,
    pairs,
    world_given,
)
from politburo_sim.cli.told import echo_json
from politburo_sim.files.errors import InputError
from politburo_sim.months import month_index

if TYPE_CHECKING:
    from politburo_sim.lab.matter.comparison import Comparison


#: What is said of an answer given all that is recorded which only tries the command.
TRIAL = (
    "With --quick the rows given the record rest on a few dozen histories, and may be far from "
    "those of a full run: a trial, not to be quoted."
)


def compare(
    base: Annotated[str, typer.Argument(help="The base world.", autocompletion=complete.worlds)],
    changes: Annotated[
        list[str],
        typer.Argument(
            metavar="ALT...",
            help="Worlds with a difference. Two are also run together, for their interaction; "
            "names joined by + are one world.",
            autocompletion=complete.worlds,
        ),
    ],
    who: Annotated[
        str | None,
        typer.Option(
            help="Whose sole rule; else the member the base names as leading, or anybody."
        ),
    ] = None,
    quick: Quick = False,
    runs: Annotated[int | None, typer.Option(min=2, help="Histories of each world.")] = None,
    precision: Annotated[
        float | None,
        typer.Option(min=0.0001, help="Run until luck leaves no more open than, say, 0.01."),
    ] = None,
    at_defaults: Annotated[
        bool, typer.Option("--at-defaults", help="At the default rules alone, not the ensemble.")
    ] = False,
    ensemble: Ensemble = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="MONTH",
            help="From this month of the history of --seed on, not over the ensemble.",
        ),
    ] = None,
    given_all: Annotated[
        bool,
        typer.Option(
            "--given-all",
            help="Given all that is recorded, and beside it freely and given what came before.",
        ),
    ] = False,
    seed: Seed = 0,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="A parameter of all worlds, unity=0.5, or of one side, B.unity=0.5 "
            "(BASE, A, B and so on in their order, or a world's name).",
        ),
    ] = None,
    out: NewOut = None,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Did it matter? The same luck, with one thing changed.

    Example: politburo-sim compare ussr-1922 trotsky-speaks-1923 --quick
    """
    from politburo_sim.lab.matter.comparison import question, until
    from politburo_sim.lab.provenance import open_folder

    if given_all:
        others = {"--at-defaults": at_defaults, "--ensemble": ensemble,
                  "--from": start, "--set": settings, "--runs": runs,
                  "--precision": precision}  # fmt: skip
        _three_ways(base, changes, who, quick, seed, others, out, workers, as_json, quiet)
        return
    if start is not None:
        _heeded_from(
            {"--quick": quick, "--precision": precision, "--at-defaults": at_defaults,
             "--ensemble": ensemble, "--out": out}, settings,
        )  # fmt: skip
        _from(start, base, changes, who, runs, seed, settings, workers, as_json, quiet)
        return
    say_doubts(base, *changes)
    asked = question(
        base, *changes, who=who, settings=pairs(settings), at_defaults=at_defaults, quick=quick,
        runs=runs, seed=seed, ensemble=ensemble or "", precision=precision,
    )  # fmt: skip
    for side in asked.worlds:
        say_set_anew(side.scenario, side.settings)
    keep = out is not None or not as_json
    folder = open_folder(asked.said(), Path("results") / asked.name, out) if keep else None
    label = " and ".join(side.called for side in asked.changes)
    total = asked.runs if precision is None else None
    built = [side.built() for side in asked.worlds]
    with progress(label, total, quiet or as_json, *built) as tell:
        found = until(asked, workers, tell)
    page = None
    if folder is not None:
        from politburo_sim.report.compare import compare_report

        page = compare_report(folder, found)
    if as_json:
        echo_json(found.summary())
    else:
        typer.echo(found.sentence if quiet else _told(found))
        if not quiet:
            typer.echo(f"Report: {page}")


def _heeded_from(others: Mapping[str, object], settings: list[str] | None) -> None:
    """Refuse what an answer from a month of one history on would not heed."""
    if asked := [name for name, value in others.items() if value]:
        raise InputError(
            "that cannot be asked from a month of one history on, which leaves nothing behind",
            key="--from", given=", ".join(asked),
            allowed="a base and one other world, --who, --runs, --seed, --set, --workers, --json",
        )  # fmt: skip
    for given in settings or []:
        if "." in given.partition("=")[0]:
            raise InputError(
                "from a month of one history on, a setting is of both worlds", key="--set",
                given=given, allowed="a parameter, such as unity=0.5",
                hint="write the difference as a dated event of the other world's file, or ask "
                "without --from",
            )  # fmt: skip


def _from(
    start: str, base: str, changes: list[str], who: str | None, runs: int | None, seed: int,
    settings: list[str] | None, workers: int | None, as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Answer from a month of one history on; nothing is left behind."""
    from politburo_sim.lab.matter.onward import PAIRS, onward
    from politburo_sim.report.compare import from_here
    from politburo_sim.worlds.edits import within

    if len(changes) != 1:
        raise InputError(
            "one change can be asked about so", key="--from", given=", ".join(changes),
            allowed="a base and one other world",
        )  # fmt: skip
    one, two = (world_given(name, settings) for name in (base, changes[0]))
    month = month_index(one.start, within(one.scenario, start, "--from"))
    number = runs or PAIRS
    with progress(f"From {start} on", 2 * number, quiet or as_json, one, two) as tell:
        found = onward(one, two, seed, month, who, number, workers, tell)
    if as_json:
        echo_json(found.summary())
    else:
        typer.echo("\n".join(from_here(found)))


def _three_ways(
    base: str, changes: list[str], who: str | None, quick: bool, seed: int,
    others: Mapping[str, object], out: Path | None, workers: int | None, as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Answer given all that is recorded, and beside it in the two other ways."""
    from politburo_sim.lab.matter.comparison import question
    from politburo_sim.lab.provenance import open_folder
    from politburo_sim.lab.weigh.three_ways import blocks, name_of, said_of, three_ways
    from politburo_sim.report.three_ways import (
        beside_luck,
        in_words,
        replays,
        three_ways_report,
    )

    if len(changes) != 1 or any(others.values()):
        asked = [name for name, value in others.items() if value]
        raise InputError(
            "that cannot be asked given all", key="--given-all", given=", ".join(asked or changes),
            allowed="a base and one other world, --who, --quick and --seed",
        )  # fmt: skip
    total = blocks(base, changes[0], quick)
    folder = None
    if out is not None or not as_json:
        asked_for = question(base, changes[0], who=who, quick=quick, seed=seed)
        usual = Path("results") / name_of(asked_for, quick)
        folder = open_folder(said_of(asked_for, quick), usual, out)
    with progress("Given all that is recorded", total, quiet or as_json) as tell:
        found = three_ways(base, changes[0], who, quick=quick, seed=seed, workers=workers,
                           tell=tell)  # fmt: skip
    page = None if folder is None else three_ways_report(folder, found)
    if as_json:
        echo_json(found.summary())
        return
    typer.echo(found.sentence)
    if not quiet:
        table = in_words(found).to_string(index=False)
        trial = f"\n{TRIAL}" if quick else ""
        typer.echo(f"{replays(found)}\n{beside_luck(found)}\n\n{table}\n{trial}\nReport: {page}")


def _told(found: Comparison) -> str:
    """The finding as in the report, and who gains and who loses."""
    from politburo_sim.report.compare import finding, gains_table

    return "\n".join([*finding(found), "", gains_table(found), ""])
