"""Commands that show a run: the browser page, and any run of a sweep again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from politburo_sim.cli.settings import Seed, WorldName
from politburo_sim.cli.told import echo_json

Port = Annotated[int, typer.Option(min=1, max=65535, help="Where the page listens.")]
Host = Annotated[str, typer.Option(help='"0.0.0.0" lets other machines in.')]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]


def view(
    scenario: WorldName = "ussr-1922",
    seed: Seed = 0,
    port: Port = 8765,
    host: Host = "localhost",
    no_browser: NoBrowser = False,
) -> None:
    """Watch a world in the browser, with live odds and its twin.

    Example: politburo-sim view ussr-1922 --seed 7
    """
    from politburo_sim.files.locate import names
    from politburo_sim.view.launch import show_scenario, view_command

    if scenario in names("scenarios"):
        view_command(scenario, seed, port, host, not no_browser)
        return
    from politburo_sim.worlds.scenario import load_scenario

    show_scenario(
        Path(scenario).stem, load_scenario(scenario), seed=seed, port=port, host=host,
        open_browser=not no_browser,
    )  # fmt: skip


def rerun(
    result: Annotated[Path, typer.Argument(help="Folder of a sweep.")],
    row: Annotated[int, typer.Argument(help="The run_id printed in its tables.")],
    on_page: Annotated[bool, typer.Option("--view", help="Open it in the browser.")] = False,
    port: Port = 8765,
    no_browser: NoBrowser = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Rebuild one run of a sweep exactly, and read its chronicle.

    Example: politburo-sim rerun results/unity-x-opportunism 17
    """
    from politburo_sim.lab.rerun import rebuild, row_of

    if on_page:
        from politburo_sim.view.launch import show_scenario

        found = row_of(result, row)
        show_scenario(
            f"{found.scenario.name}-run-{row}", found.scenario, settings=found.settings,
            seed=found.seed, port=port, open_browser=not no_browser,
        )  # fmt: skip
        return
    record = rebuild(result, row)
    if as_json:
        echo_json(record.outcome())
    else:
        typer.echo(record.prose())
