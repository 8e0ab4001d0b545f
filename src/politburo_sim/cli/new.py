"""The command that writes a new world's file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from politburo_sim.files.errors import InputError


def new(
    name: Annotated[str, typer.Argument(help="What the world is called: a word, or a path.")],
    kind: Annotated[
        str, typer.Option(help="ruling-party, cabinet, revolutionary-committee or council.")
    ] = "ruling-party",
    seats: Annotated[int, typer.Option(help="Full seats.")] = 7,
    start: Annotated[str, typer.Option(help="First year or month.")] = "1990",
    end: Annotated[str, typer.Option(help="Last year or month.")] = "1999",
) -> None:
    """Write a skeleton of a new world, which runs as it is.

    Example: politburo-sim new my-country --kind cabinet --seats 5 --start 1990 --end 1999
    """
    from politburo_sim.files.locate import SUFFIX, names
    from politburo_sim.lab.store import write_text
    from politburo_sim.worlds.skeleton import skeleton

    path = Path(f"{name.removesuffix(SUFFIX)}{SUFFIX}")
    if not re.fullmatch(r"\w[\w.-]*", path.stem) or path.stem in names("scenarios"):
        raise InputError(
            "no name for a new world", given=path.stem,
            allowed="letters, digits, '-', '_' and '.', and no shipped world's name",
        )  # fmt: skip
    if path.exists():
        raise InputError(
            "is there already", file=path, allowed="a file that is not there yet",
            hint="take another name, or move the file away",
        )  # fmt: skip
    write_text(path, skeleton(path.stem, kind, seats, start, end))
    typer.echo(
        f"{path}: a {kind} of {seats}, to be filled in\n"
        f"Next: politburo-sim check {path}; politburo-sim run {path} --seed 1"
    )
