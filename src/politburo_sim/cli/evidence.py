"""Commands of the record: calibrate, evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from politburo_sim.cli.progress import progress
from politburo_sim.cli.settings import Json, Out, Quick, Quiet, Workers, left_in
from politburo_sim.cli.stop import say_how_to_go_on
from politburo_sim.cli.told import echo_json


def _weigh(names: str, quick: bool, folder: Path, workers: int | None, quiet: bool) -> Any:
    """The experiment and its results, in place of what may be in the folder."""
    from politburo_sim.lab.bench import Bench
    from politburo_sim.lab.kinds.evidence import Evidence
    from politburo_sim.lab.provenance import write_manifest

    experiment = Evidence.named("evidence")
    say_how_to_go_on()
    steps = experiment.steps(names, quick)
    with progress(experiment.title, steps, quiet, experiment.built()) as tell:
        bench = Bench(
            experiment.effort(quick), experiment.seed, folder, folder / "cells", tell, workers
        )
        results = experiment.run(bench, names)
    write_manifest(
        folder, kind="evidence", models=names, quick=quick, seed=experiment.seed,
        experiment=experiment.model_dump(mode="json", by_alias=True),
    )  # fmt: skip
    return experiment, results


def calibrate(
    quick: Quick = False,
    sets: Annotated[int, typer.Option(min=20, help="Parameter sets to keep.")] = 400,
    out: Out = None,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Condition the rules on the record of 1922-30.

    A search that was stopped goes on.

    Example: politburo-sim calibrate --quick
    """
    from politburo_sim.lab.store import write_text
    from politburo_sim.lab.weigh.evidence import posterior_csv

    folder = left_in(out, "evidence", quick, kind="evidence")
    first = "model"
    _, results = _weigh(first, quick, folder, workers, quiet or as_json)
    write_text(folder / "posterior.csv", posterior_csv(results.said["passes"], sets))
    table, row = results.extra["parameters"], results.extra["evidence"].iloc[0]
    informed, kept = int(table["informed"].sum()), folder / "posterior.csv"
    if as_json:
        echo_json({"log_evidence": float(row["log_evidence"]), "error": float(row["spread"]),
                   "passes": int(row["passes"]), "parameters": len(table), "informed": informed,
                   "posterior": str(kept)})  # fmt: skip
    elif not quiet:
        typer.echo(
            f"Log evidence {row['log_evidence']:.1f} (error {row['spread']:.1f}, {row['passes']} "
            f"passes); {informed} of {len(table)} parameters are informed "
            "by the record\n"
            f"Posterior: {kept}"
        )


def power(
    records: Annotated[int, typer.Option(min=1, help="Simulated records.")] = 8,
    seed: Annotated[int, typer.Option(min=0, help="Master seed.")] = 0,
    out: Out = None,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """How often the evidence notices a rule in simulated records.

    A run that was stopped goes on.

    Example: politburo-sim power --records 2
    """
    from politburo_sim.lab import store
    from politburo_sim.lab.bench import Bench, Effort
    from politburo_sim.lab.kinds.evidence import Evidence
    from politburo_sim.lab.provenance import typed
    from politburo_sim.lab.sheets import write_tables
    from politburo_sim.lab.weigh.power import power_tables

    experiment = Evidence.named("evidence")
    say_how_to_go_on()
    folder = left_in(out, "evidence", kind="evidence")
    with progress("Simulated records", None, quiet or as_json, experiment.built()) as tell:
        bench = Bench(
            Effort(1, 1), experiment.seed, folder, folder / "cells", tell, workers=workers
        )
        noticed, covered = power_tables(experiment.weighing(bench, False), records, seed=seed)
    write_tables(folder, {"power": noticed, "coverage": covered}, digits=4)
    command = typed("power", records=records, seed=seed)
    store.write_text(folder / "power-command.txt", f"{command}\n")
    if as_json:
        tables = {"power": noticed, "coverage": covered}
        echo_json({name: table.to_dict("records") for name, table in tables.items()})
    elif not quiet:
        typer.echo(noticed.to_string(index=False, float_format="%.2f"))
        typer.echo(covered.to_string(index=False, float_format="%.2f"))


def evidence(
    models: Annotated[str, typer.Option(help="all, or names of models joined by commas.")] = "all",
    quick: Quick = False,
    out: Out = None,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """What the record says of each mechanism and null model.

    What is finished is kept, and a run that stopped goes on.

    Example: politburo-sim evidence --quick --models coins,no-blocs
    """
    from politburo_sim.lab.provenance import typed
    from politburo_sim.report.evidence import evidence_report
    from politburo_sim.report.words import plain

    folder = left_in(out, "evidence", quick, kind="evidence")
    experiment, results = _weigh(models, quick, folder, workers, quiet or as_json)
    command = typed("evidence", quick=quick, models=models)
    page = evidence_report(folder, experiment, results.extra, command)
    table = results.extra["evidence"]
    if as_json:
        echo_json({"evidence": table.to_dict("records"), "report": str(page)})
    elif not quiet:
        shown = table[["model", "log_evidence", "log_bayes_factor", "error", "how"]]
        shown = shown.rename(columns=plain)
        typer.echo(
            f"{shown.to_string(index=False, float_format='%.1f')}\n\n"
            "In nats; bound: no history is left on one side, so that the factor is a limit and its "
            f"error is not known.\n{'Quick: a trial, not to be quoted.' * quick}\nReport: {page}"
        )
