"""The command of the votes by themselves."""

from __future__ import annotations

from typing import Annotated

import typer

from politburo_sim.cli.settings import Json, Out, left_in
from politburo_sim.cli.told import echo_json


def votes(
    out: Out = None,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No closing lines.")] = False,
) -> None:
    """What tells sides in the divided votes of 1917-29. No simulation.

    Example: politburo-sim votes
    """
    from importlib.metadata import version

    from politburo_sim.evidence import votes as lone
    from politburo_sim.lab.provenance import write_manifest
    from politburo_sim.report.votes import finding, votes_report

    known = lone.choices()
    losses, contrast = lone.log_losses(known), lone.switching(known)
    if out is not None or not as_json:
        folder = left_in(out, "votes", kind="votes")
        report = votes_report(folder, losses, contrast, "politburo-sim votes")
        write_manifest(folder, kind="votes", scikit_learn=version("scikit-learn"))
    if as_json:
        rows = {"votes": losses, "switching": contrast}
        echo_json({name: table.to_dict("records") for name, table in rows.items()})
    elif not quiet:
        typer.echo("\n".join(finding(losses, contrast)))
        typer.echo(f"Report: {report}")
