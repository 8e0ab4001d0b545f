"""A line of progress on standard error: what is being done, how far it is, and the time left."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from politburo_sim.worlds.schema import Scenario
    from politburo_sim.worlds.world import World


def say_warnings_plainly() -> None:
    """From here on a warning is its message alone, on standard error, without a line of source."""

    def show(message: Warning | str, *where: Any, **more: Any) -> None:
        typer.echo(f"Note: {message}", err=True)

    warnings.showwarning = show


def say_doubts(*names: str) -> None:
    """Say on standard error what can hardly be meant in worlds that are files of the user's."""
    from politburo_sim.worlds.doubts import doubts

    for name in names:
        for doubt in doubts(name) if name.endswith(".toml") else ():
            typer.echo(f"doubtful: {doubt}", err=True)


def say_set_anew(scenario: Scenario, names: Iterable[str]) -> None:
    """Say on standard error what a world sets anew of parameters that are asked about."""
    from politburo_sim.worlds.doubts import set_anew

    for said in set_anew(scenario, names):
        typer.echo(f"Note: {said}", err=True)


def warm(driver: str, quiet: bool, *worlds: World) -> None:
    """Say that rules are being compiled, where this machine has not done so for such worlds."""
    from politburo_sim.state.compiled import is_compiled

    if not quiet and not all(is_compiled(driver, w.body, w.calendar, w.coding) for w in worlds):
        typer.echo("Compiling the rules for this size of world, once (half a minute) ...", err=True)


#: Columns of the bar and of the numbers beside it, which no title may push off the line, and the
#: least that is left of a title.
BAR, NUMBERS, LEAST = 16, 48, 12
#: Seconds that may pass between two steps of long work before its time left is unknown.
SLOW = 300.0


@contextmanager
def progress(label: str, total: float | None, quiet: bool, *worlds: World) -> Iterator[Any]:
    """A bar with rate and time left; what it yields is told of runs done (`lab.runs.Tell`)."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
    from rich.table import Column
    from rich.text import Text

    class Done(ProgressColumn):
        def render(self, task: Any) -> Text:
            of = f" of {task.total:,.0f}" if task.total else ""
            speed = task.speed or 0.0
            rate = f"{60 * speed:,.0f} a minute" if 0 < speed < 1 else f"{speed:,.0f} a second"
            return Text(f"{task.completed:,.0f}{of}  {rate}")

    warm("engine", quiet, *worlds)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=BAR),
        Done(Column(no_wrap=True)),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    room = max(LEAST, console.width - BAR - NUMBERS)
    bar = Progress(*columns, console=console, disable=quiet, speed_estimate_period=SLOW)

    def short(words: str) -> str:
        return words if len(words) <= room else f"{words[: room - 1]}…"

    with bar:
        task = bar.add_task(short(label), total=total)

        def tell(done: int, doing: str = "", /) -> None:
            bar.update(task, advance=done, description=short(doing) or None)
            if total is not None and bar.tasks[task].completed > total:
                bar.update(task, total=bar.tasks[task].completed)

        yield tell
