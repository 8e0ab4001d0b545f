"""What several commands are given: worlds, settings as typed (--set NAME=NUMBER), options."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from politburo_sim.cli import complete
from politburo_sim.cli.progress import say_doubts, say_set_anew
from politburo_sim.files.errors import InputError, ResultError

if TYPE_CHECKING:
    from politburo_sim.worlds.world import World

WorldName = Annotated[
    str,
    typer.Argument(help="Name of a shipped world, or a file.", autocompletion=complete.worlds),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="A parameter, such as unity=0.5; may be given several times.",
        autocompletion=complete.settings,
    ),
]  # fmt: skip
Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Fixes the run's luck.")]


def folder_named(given: str | Path) -> Path:
    """The folder that --out names; a default, which is a folder already, comes here as well."""
    if not str(given).strip():
        raise InputError("no folder is named", key="--out", given=given, allowed="a folder")
    return Path(given)


def file_named(given: str) -> Path:
    """The file that --out names."""
    if not given.strip() or Path(given).is_dir():
        raise InputError("no file is named", key="--out", given=given, allowed="a file")
    return Path(given)


Out = Annotated[
    Path | None,
    typer.Option(help="Folder for what is left behind.", parser=folder_named, metavar="FOLDER"),
]
NewOut = Annotated[
    Path | None,
    typer.Option(
        help="Folder for what is left behind: a new one, or one with the same command's result.",
        parser=folder_named, metavar="FOLDER",
    ),
]  # fmt: skip


def left_in(out: Path | None, name: str, quick: bool = False, *, kind: str) -> Path:
    """The folder of a result: as --out says, else results/NAME, or results/NAME-quick.

    It is made and tried before anything is run for it. kind : what the command leaves there, and
    writes over when it is asked again.

    Raises
    ------
    ResultError
        If a result of another kind is there, or it cannot be written to.
    """
    from politburo_sim.lab.store import make_folder

    folder = out or Path("results") / f"{name}{'-quick' * quick}"
    try:
        there = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["kind"]
    except (OSError, ValueError, TypeError, KeyError):
        return make_folder(folder)
    if there != kind:
        raise ResultError(
            "the folder already holds a result of another kind", file=folder, given=there,
            allowed=f"a new folder, or one of the kind {kind}",
            hint="give another folder with --out",
        )  # fmt: skip
    return make_folder(folder)


Quick = Annotated[bool, typer.Option("--quick", help="Fewer runs, wider intervals.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress, no closing lines.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Threads; default one for each core.")]
Ensemble = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Parameter sets in place of the shipped ensemble's, such as results/closest/sets.csv.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


def pairs(given: list[str] | None) -> dict[str, float]:
    """Names and numbers of all --set, unchecked.

    Raises
    ------
    InputError
        About the first that is no pair of a name and a number.
    """
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
    return found


def overrides(given: list[str] | None) -> dict[str, float]:
    """Parameters of one world by all --set.

    Raises
    ------
    InputError
        About the first that is no parameter or out of its range.
    """
    from politburo_sim.worlds.checks import check_parameter

    found = pairs(given)
    for name, value in found.items():
        try:
            check_parameter(name, value)
        except InputError as error:
            raise InputError(
                error.problem, key=f"--set {name}", given=f"{name}={value:g}",
                allowed=error.allowed, hint="politburo-sim list shows the table of parameters",
            ) from None  # fmt: skip
    return found


def world_given(name: str, given: list[str] | None = None) -> World:
    """The world that a command is about, with all --set; what is doubtful in its file is said."""
    from politburo_sim.worlds.scenario import load_scenario
    from politburo_sim.worlds.world import build_world

    say_doubts(name)
    scenario, settings = load_scenario(name), overrides(given)
    say_set_anew(scenario, settings)
    return build_world(scenario, settings)
