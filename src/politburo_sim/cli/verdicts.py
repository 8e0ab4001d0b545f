"""The command of the three legs: verdicts."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer

from politburo_sim.cli.settings import Json, Out
from politburo_sim.cli.told import echo_json
from politburo_sim.files.errors import InputError


def verdicts(
    results: Annotated[
        Path,
        typer.Option(help="Folder with the results of `claims`, `classify`, `evidence`, `power`."),
    ] = Path("results"),
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Each claim on three legs: its effect, evidence and power.

    Example: politburo-sim verdicts
    """
    from politburo_sim.lab.provenance import typed
    from politburo_sim.lab.verdicts import claims as lab
    from politburo_sim.lab.verdicts import legs
    from politburo_sim.report.verdicts import verdicts_report

    effects = _effects(results / "claims" / "verdicts.csv")
    chosen = [claim for claim in lab.load_claims() if claim.id in effects]
    table = legs.table(
        effects, {claim.id: claim.mechanisms for claim in chosen},
        legs.heard(results),
    )  # fmt: skip
    table.insert(1, "title", [claim.title for claim in chosen])
    command = typed("verdicts", results=None if results == Path("results") else results)
    page = verdicts_report(out or results / "verdicts", table, command)
    if as_json:
        echo_json({"claims": table.to_dict("records"), "report": str(page)})
        return
    for row in table.to_dict("records"):
        typer.echo(f"{row['claim']:4} {row['verdict']:28} {row['title']}")
        if row["legs"] != "agree":
            typer.echo(f"{'':5}{row['legs']}")
    typer.echo(f"Report: {page}")


def _effects(file: Path) -> dict[str, str]:
    """The verdicts of the first leg by claim, in the order of the claims."""
    if not file.is_file():
        raise InputError(
            "no verdicts of the first leg", key="--results", given=str(file),
            hint="politburo-sim claims works them out",
        )  # fmt: skip
    with file.open(encoding="utf-8", newline="") as table:
        return {row["claim"]: row["verdict"] for row in csv.DictReader(table)}
