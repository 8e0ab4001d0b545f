"""The command of the second judge: networks that have read simulated records."""

from __future__ import annotations

from typing import Annotated

import typer

from politburo_sim.cli.progress import progress
from politburo_sim.cli.settings import Json, Out, Quick, Quiet, Seed, Workers, left_in
from politburo_sim.cli.stop import say_how_to_go_on
from politburo_sim.cli.told import echo_json


def classify(
    quick: Quick = False,
    seed: Seed = 0,
    out: Out = None,
    workers: Workers = None,
    sbi: Annotated[
        bool, typer.Option("--sbi", help="Ask the library sbi about the parameters too (an extra).")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """A second judge of the record: networks that have read others.

    Some 265,000 records are simulated, of each rule in or out and of each null model; networks
    learn to tell them apart, are tried on records they never saw, and are then shown the real one.
    It owes nothing to the sampler of `evidence`. What is finished is kept, and a run that stopped
    goes on. A judge from outside (--sbi), neural posterior estimation by the library sbi, reads the
    same records.

    Example: politburo-sim classify --quick
    """
    from politburo_sim.lab.kinds.evidence import Evidence
    from politburo_sim.lab.provenance import typed, write_manifest
    from politburo_sim.lab.sheets import write_tables
    from politburo_sim.lab.weigh import outside
    from politburo_sim.lab.weigh.classified import judged, questions
    from politburo_sim.lab.weigh.library import QUICK, USUAL, Library, recorded
    from politburo_sim.report.classified import classified_report

    if sbi:
        outside.check_installed()
    folder = left_in(out, "classified", quick, kind="classified")
    experiment = Evidence.named("evidence")
    rules = experiment.chosen(",".join(experiment.in_or_out))[1:]
    model, *nulls = [m for m in experiment.chosen("all") if m.name not in experiment.in_or_out]
    numbers = QUICK if quick else USUAL
    say_how_to_go_on()
    world, scenario, still = experiment.built(), experiment.world.name, quiet or as_json
    with progress("Simulated records", numbers.total(len(nulls)), still, world) as tell:
        library = Library(scenario, seed, folder / "records", workers, tell)
        shelf = library.gathered(numbers, model, rules, nulls)
    asked = questions(shelf, rules, recorded(scenario)[1], seed, sbi)
    with progress("Networks learn", sum(it.reading for it in asked), still) as tell:
        tables = judged(shelf, asked, scenario, folder / "learned", tell)
    write_tables(folder, tables)
    command = typed("classify", quick=quick, sbi=sbi, seed=seed)
    write_manifest(folder, kind="classified", seed=seed, records=vars(numbers), command=command)
    page = classified_report(folder, tables, command)
    if as_json:
        rows = {name: table.to_dict("records") for name, table in tables.items()}
        echo_json(rows | {"report": str(page)})
    elif not quiet:
        shown = tables["evidence"][["model", "log_bayes_factor", "error", "how"]]
        typer.echo(f"{shown.to_string(index=False, float_format='%.1f')}\n\nReport: {page}")
