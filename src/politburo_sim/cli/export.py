"""The command that leaves a history behind as one file to hand out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from politburo_sim.cli import complete
from politburo_sim.cli.progress import progress
from politburo_sim.cli.settings import (
    Quiet,
    Seed,
    Settings,
    Workers,
    WorldName,
    file_named,
    folder_named,
    world_given,
)
from politburo_sim.files.errors import ResultError


def export(
    scenario: WorldName,
    out: Annotated[
        Path,
        typer.Option(
            help="The file to write, such as history.html: a new one, or one that the same "
            "command wrote.",
            parser=file_named,
            metavar="FILE",
        ),
    ],
    seed: Seed = 0,
    against: Annotated[
        str | None,
        typer.Option(
            help="A second world, set beside it with the same luck.", autocompletion=complete.worlds
        ),
    ] = None,
    settings: Settings = None,
    futures: Annotated[int, typer.Option(min=1, help="Futures forked at each month.")] = 200,
    workers: Workers = None,
    quiet: Quiet = False,
) -> None:
    """One history as one file to hand out, for any browser.

    Example: politburo-sim export ussr-1922 --seed 7 --out history.html
    """
    from politburo_sim.lab.store import make_folder, write_text
    from politburo_sim.view.handout import make

    base, alt = world_given(scenario, settings), world_given(against, settings) if against else None
    worlds = [base] if alt is None else [base, alt]
    total = make.effort(base, alt, make.PAIRS)
    command = make.typed(scenario, seed, against, settings or (), futures)
    if out.exists() and not make.made_by(out, command):
        raise ResultError(
            "is there already", file=out,
            allowed="a file that is not there yet, or one that the same command wrote",
            hint="take another name, or move it away",
        )  # fmt: skip
    make_folder(out.parent)
    with progress(f"History {seed} of {scenario}", total, quiet, *worlds) as tell:
        made = make.make(
            base, alt, seed, futures=futures, pairs=make.PAIRS, workers=workers, tell=tell,
            command=command,
        )  # fmt: skip
    write_text(out, made)
    if not quiet:
        typer.echo(f"Written: {out} ({out.stat().st_size / 1e6:.1f} MB); any browser opens it.")


def gallery(
    out: Annotated[
        Path,
        typer.Option(
            help="Folder for the histories and their index; what the command left there is "
            "replaced.",
            parser=folder_named,
            metavar="FOLDER",
        ),
    ] = Path("results/gallery"),
    seeds: Annotated[int, typer.Option(min=1, help="Histories among which to choose.")] = 2_000,
    futures: Annotated[int, typer.Option(min=1, help="Futures forked at each month.")] = 200,
    workers: Workers = None,
    quiet: Quiet = False,
) -> None:
    """Histories to hand out: usual, rare, one thing changed.

    Example: politburo-sim gallery --out results/gallery
    """
    from politburo_sim.lab.store import make_folder
    from politburo_sim.view.choice import FIRST_WORLD, world_of
    from politburo_sim.view.handout.gallery import gallery as write

    make_folder(out)
    with progress("Gallery", None, quiet, world_of(FIRST_WORLD)) as tell:
        path = write(out, seeds=seeds, futures=futures, workers=workers, tell=tell)
    if not quiet:
        typer.echo(f"Index: {path}")
