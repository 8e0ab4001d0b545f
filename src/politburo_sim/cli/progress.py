"""A line of progress on standard error: what is being done, how far it is, and the time left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer


def warm(quiet: bool) -> None:
    """Say that rules are being compiled, where this machine has not done so yet."""
    from politburo_sim.state.compiled import cache_folder_once

    if not quiet and not any(cache_folder_once().rglob("engine.run_chunk*.nbc")):
        typer.echo("Compiling the rules for this machine, once (about a minute) ...", err=True)


@contextmanager
def progress(label: str, total: float | None, quiet: bool) -> Iterator[Any]:
    """A bar with rate and time left; what it yields is told of runs done (`lab.runs.Tell`)."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
    from rich.table import Column
    from rich.text import Text

    class Done(ProgressColumn):
        def render(self, task: Any) -> Text:
            of = f" of {task.total:,.0f}" if task.total else ""
            return Text(f"{task.completed:,.0f}{of}  {task.speed or 0:,.0f} a second")

    warm(quiet)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        Done(Column(no_wrap=True)),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as bar:
        task = bar.add_task(label, total=total)

        def tell(done: int, doing: str = "", /) -> None:
            bar.update(task, advance=done, description=doing or None)

        yield tell
