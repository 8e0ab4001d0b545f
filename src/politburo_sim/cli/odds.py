"""The command of the odds: of one history, and given the record to a month."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from politburo_sim.cli import complete
from politburo_sim.cli.progress import progress
from politburo_sim.cli.settings import (
    Json,
    NewOut,
    Quiet,
    Seed,
    Settings,
    Workers,
    WorldName,
    world_given,
)
from politburo_sim.cli.told import echo_json
from politburo_sim.files.errors import InputError

#: Futures by default.
_FUTURES = 1_000


def odds(
    scenario: WorldName,
    seed: Seed = 0,
    at: Annotated[str | None, typer.Option(help="One month alone, such as 1924-01.")] = None,
    futures: Annotated[int, typer.Option(min=1, help="Futures forked at each month.")] = _FUTURES,
    given: Annotated[
        str | None, typer.Option(help="Given the record to this month, such as 1925-12.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            help="A world that differs by dated events: what comes of it.",
            autocompletion=complete.worlds,
        ),
    ] = None,
    settings: Settings = None,
    out: NewOut = None,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Chances of sole rule, in one history or given the record.

    With --given or --against the record of the world is imposed up to the month, or up to the first
    difference of the two worlds; from then on all is free.

    Example: politburo-sim odds ussr-1922 --given 1925-12
    """
    if given is not None or against is not None:
        more = futures if futures != _FUTURES else None
        others = {"--at": at, "--futures": more, "--set": settings}
        _given(scenario, given, against, seed, workers, as_json, quiet, out, others)
        return
    from politburo_sim.lab.ahead.odds import odds_of, said_of
    from politburo_sim.lab.ahead.turning import LOOKED_AT
    from politburo_sim.lab.provenance import open_folder, typed
    from politburo_sim.months import month_index
    from politburo_sim.report.odds import as_history
    from politburo_sim.worlds.edits import within

    world = world_given(scenario, settings)
    month = None if at is None else month_index(world.start, within(world.scenario, at, "--at"))
    said = said_of(world, seed, futures, at)
    folder = None
    if out is not None or (month is None and not as_json):
        usual = Path("results") / f"odds-{world.scenario.name}-{seed}"
        folder = open_folder(said, usual, out)
    work = world.months + (LOOKED_AT if month is None else 0)
    with progress(f"Odds of {scenario}", work, quiet or as_json, world) as tell:
        found = as_history(odds_of(world, seed, futures, at=month, workers=workers, tell=tell))
    if folder is not None:
        again = typed("odds", scenario, seed=seed, futures=futures, at=at, set=settings)
        found.save(folder, again)
    if as_json:
        echo_json(found.as_data())
    elif month is not None:
        chances = found.now[found.now > 0].sort_values(ascending=False)
        typer.echo(
            "\n".join(f"{name:24} {100 * chance:3.0f} %" for name, chance in chances.items())
        )
    elif folder is not None and not quiet:
        typer.echo("\n".join(found.told()))
        typer.echo(f"Figure: {folder / 'figures' / 'odds.png'}\nReport: {folder / 'report.html'}")


def _given(
    scenario: str, month: str | None, against: str | None, seed: int, workers: int | None,
    as_json: bool, quiet: bool, out: Path | None, others: Mapping[str, object],
) -> None:  # fmt: skip
    """`odds --given`: the chances given the record, as a sentence and a table.

    others : options that it does not take, and what was given for them.
    """
    from politburo_sim.lab.matter.saying import points
    from politburo_sim.lab.provenance import open_folder, typed, write_manifest
    from politburo_sim.lab.sheets import write_csv
    from politburo_sim.lab.weigh.given import blocks_given, odds_given, said_of

    for option, value in others.items():
        if value is not None:
            raise InputError(
                "not asked for together with --given or --against", key=option, given=str(value),
                allowed=f"{option} alone, or --given and --against without it",
            )  # fmt: skip
    total = blocks_given(scenario, month, against)
    said = said_of(scenario, month, against, seed)
    folder = None if out is None else open_folder(said, out, out)
    with progress(f"Given the record of {scenario}", total, quiet or as_json) as tell:
        found = odds_given(scenario, month, against, seed=seed, workers=workers, tell=tell)
    if folder is not None:
        command = typed("odds", scenario, seed=seed, given=month, against=against)
        write_csv(folder / "given.csv", found.table, float_format="%.6g")
        write_manifest(folder, **said, command=command)
    if as_json:
        rows = found.table.to_dict("records")
        told = {"world": found.world, "against": found.alt, "month": found.month}
        echo_json(told | {"sentence": found.sentence, "odds": rows})
        return
    typer.echo(f"{found.sentence}\n")
    if found.alt:
        typer.echo(f"{'sole rule of':16} as it was  changed  difference")
    for row in found.table.to_dict("records"):
        change = f"{points(row['effect'])} points" if found.alt else ""
        more = f"    {100 * row['alt']:3.0f} %    {change}" if found.alt else ""
        typer.echo(f"{row['who']:16} {100 * row['chance']:3.0f} %{more}")
    if folder is not None:
        typer.echo(f"\nTable: {folder / 'given.csv'}")
