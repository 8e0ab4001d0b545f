"""Commands of the science: gate, fit, scores, claims, sensitivity, ideals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from politburo_sim.cli import complete
from politburo_sim.cli.progress import progress
from politburo_sim.cli.settings import Ensemble, Json, Out, Quick, Quiet, Seed, Workers, left_in
from politburo_sim.cli.stop import say_how_to_go_on
from politburo_sim.cli.told import echo_json
from politburo_sim.files.errors import InputError

#: What the page of claims says of parameters that the record does not inform.
PRIOR_DRIVEN = " A verdict that hangs on one of these is prior-driven as well."


def claims(
    ids: Annotated[
        list[str] | None,
        typer.Argument(help="Ids of claims; all if none.", autocompletion=complete.claims),
    ] = None,
    quick: Quick = False,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Master seed.")] = 0,
    seeds: Annotated[
        int, typer.Option(min=1, help="Master seeds, from --seed on: does a verdict move?")
    ] = 1,
    ensemble: Ensemble = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Test the essay's claims; a run that stopped goes on.

    What is left behind lies in results, with --quick in results/claims-quick. All claims together
    have the page results/claims, which `verdicts` reads; some alone have one of their own, such as
    results/claims-C6, and leave that of all as it is.

    Example: politburo-sim claims --quick
    """
    from politburo_sim.lab.ensemble import read_ensemble
    from politburo_sim.lab.provenance import typed, write_manifest
    from politburo_sim.lab.store import sha256
    from politburo_sim.lab.verdicts import claims as lab
    from politburo_sim.report.claims import claims_report
    from politburo_sim.report.experiments import ensemble_words, report

    say_how_to_go_on()
    chosen = lab.chosen(ids)
    if ensemble is not None and (out is None or out.resolve() == Path("results").resolve()):
        raise InputError(
            "results over other sets need a folder of their own", key="--ensemble",
            given=str(ensemble), hint="say where with --out FOLDER",
        )  # fmt: skip
    sets = None if ensemble is None else read_ensemble(ensemble)
    over = {} if ensemble is None else {"ensemble": sha256(ensemble)}
    home = out or Path("results/claims-quick" if quick else "results")
    folder = left_in(home / lab.page_name(chosen), "claims", kind="claims")
    needed = lab.needed(chosen)
    work = seeds * sum(one.work(one.effort(quick)) for one in needed.values())
    with progress("Claims", work, quiet or as_json) as tell:
        by_seed = {}
        for master in range(seed, seed + seeds):
            there = lab.Laboratory(
                master, home / "cells", tell, lambda experiment: experiment.effort(quick), sets
            )
            by_seed[master] = [lab.decide(claim, there) for claim in chosen]
            if master == seed:
                laboratory, verdicts = there, by_seed[seed]
                for id in needed:
                    there.run(id)
    command = typed(
        "claims", *(ids or []), quick=quick, seed=seed, seeds=seeds, ensemble=ensemble,
        out=None if ensemble is None else out,
    )  # fmt: skip
    for results in laboratory.done.values():
        experiment, bench = results.experiment, results.bench
        report(results, command)
        write_manifest(
            bench.folder, **experiment.said(bench.effort, bench.rows) | {"seed": seed} | over,
            command=command,
        )  # fmt: skip
    run = {id: results.bench.effort for id, results in laboratory.done.items()}
    effort, less = lab.most_run(laboratory.done.values())
    page = claims_report(
        folder, verdicts, lab.parts_table(verdicts), by_seed,
        design=ensemble_words(effort, seed, sets) + less + PRIOR_DRIVEN * (sets is None),
        command=command,
    )  # fmt: skip
    write_manifest(
        folder, kind="claims", command=command, seed=seed, claims=[c.id for c in chosen],
        effort={id: vars(one) for id, one in run.items()}, **over,
    )  # fmt: skip
    _print_claims(lab.verdict_table(verdicts), page, as_json, quiet, quick)


def _print_claims(table: Any, report: Path, as_json: bool, quiet: bool, quick: bool) -> None:
    from politburo_sim.report.claims import effect, needed

    if as_json:
        echo_json({"claims": table.to_dict("records"), "report": str(report)})
        return
    for row in table.to_dict("records"):
        found = {"mean": row["effect"], "low": row["effect low"], "high": row["effect high"]}
        typer.echo(
            f"{row['claim']:4} {row['verdict']:14} {100 * row['share']:5.1f} % of the ensemble "
            f"({100 * row['low']:.0f} to {100 * row['high']:.0f})  {row['title']}\n"
            f"{'':19} weakest part: {row['weakest part']}: {effect(found, row['unit'])}, "
            f"needed {needed(row['needed'], row['unit'])}"
        )
    if quick and not quiet:
        from politburo_sim.lab.plan import Experiment

        wider = (Experiment.full.draws / Experiment.small.draws) ** 0.5
        typer.echo(f"Quick: intervals of the shares are about {wider:.1f} times as wide.")
    if not quiet:
        typer.echo(f"Report: {report}")


def fit(
    quick: Quick = False,
    out: Out = None,
    write: Annotated[
        bool, typer.Option("--write", help="Replace experiments/ensemble.csv by the result.")
    ] = False,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Seed of the search; default the file's.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fit free histories to the removals of 1922-26.

    A search that was stopped goes on.

    The sets that it finds lie in its folder as sets.csv, for --ensemble of other commands.

    Example: politburo-sim fit --quick
    """
    from politburo_sim.files.locate import folder as home_of
    from politburo_sim.lab.fit.population import as_csv
    from politburo_sim.lab.store import write_text
    from politburo_sim.report.kinds.calibration import LEAST_EFFECTIVE

    other = "" if seed is None else f"-seed-{seed}"
    folder = out or Path("results") / f"calibration{'-quick' * quick}{other}"
    command = "sweep calibration" if seed is None else f"fit --seed {seed}"
    changed = {} if seed is None else {"seed": seed}
    results, page = _again("calibration", command, folder, quick, quiet or as_json, **changed)
    population = results.said["population"]
    write_text(folder / "sets.csv", as_csv(population))
    if write and population.effective >= LEAST_EFFECTIVE:
        write_text(home_of("experiments") / "ensemble.csv", as_csv(population))
    tolerance = float(population.distance.max())
    if as_json:
        echo_json({"effective": float(population.effective), "needed": LEAST_EFFECTIVE,
                   "tolerance": tolerance, "sets": str(folder / "sets.csv"),
                   "report": str(page)})  # fmt: skip
    elif not quiet:
        typer.echo(
            f"Effective sample {population.effective:.0f} (an ensemble needs {LEAST_EFFECTIVE}), "
            f"tolerance {tolerance:.2f}\nReport: {page}"
        )


def scores(
    models: Annotated[
        str, typer.Option(help="all, or names from experiments/models.toml, joined by commas.")
    ] = "all",
    quick: Quick = False,
    closest: Annotated[
        bool,
        typer.Option(
            "--closest", help="At the sets closest to the record, each model at its best."
        ),
    ] = False,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Master seed; default the file's.")
    ] = None,
    out: Out = None,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Refit the model and its null models, and score them.

    A model takes 300,000 histories to the end of 1926 and 10,000 to that of 1939: some two and a
    half minutes of processor time, spread over the cores. With --quick it takes 60,000 and 500:
    some ten seconds. With --closest a model is scored where it comes closest to 1922-26, and not
    over all that one record leaves open: two searches of a million histories, a quarter of an
    hour of processor time. What is finished is kept and a run that stopped goes on. Every look at
    the years after 1926 adds a line to results/scores/looks.csv, quick ones too: look seldom.

    Example: politburo-sim scores --quick --models model,coins
    """
    from politburo_sim.lab.kinds.scores import Scores
    from politburo_sim.lab.provenance import typed
    from politburo_sim.report.experiments import report

    experiment = Scores.named("models")
    chosen = experiment.chosen(models).model_copy(
        update={"seed": experiment.seed if seed is None else seed, "closest": closest}
    )
    name = "closest" if closest else "scores"
    folder = left_in(out, name, quick, kind=chosen.kind)
    results = _run(chosen, folder, quick, quiet or as_json, workers)
    command = typed("scores", closest=closest, quick=quick, models=models, seed=chosen.seed)
    page = report(results, command)
    table = results.extra["scores"]
    if as_json:
        echo_json({"scores": table.to_dict("records"), "report": str(page)})
    elif not quiet:
        typer.echo(f"{table.to_string(index=False, float_format='%.3f')}\n\nReport: {page}")


def _again(
    name: str, command: str, out: Path | None, quick: bool, quiet: bool, **changed: Any
) -> Any:
    """Run a shipped experiment, in place of the result that may be there; results and page."""
    from politburo_sim.lab import plan
    from politburo_sim.report.experiments import report

    experiment = plan.load(name).model_copy(update=changed)
    folder = left_in(out, experiment.folder, quick, kind=experiment.kind)
    results = _run(experiment, folder, quick, quiet)
    return results, report(results, f"politburo-sim {command}{' --quick' * quick}")


def _run(
    experiment: Any, folder: Path, quick: bool, quiet: bool, workers: int | None = None
) -> Any:
    """Run an experiment, in place of the result that may be in its folder."""
    from politburo_sim.lab import plan

    say_how_to_go_on()
    (folder / "manifest.json").unlink(missing_ok=True)
    total = experiment.work(experiment.effort(quick))
    with progress(experiment.title, total, quiet, experiment.built()) as tell:
        return plan.run(experiment, folder, quick=quick, workers=workers, tell=tell)


def sensitivity(
    quick: Quick = False,
    of: Annotated[str, typer.Option(help="sole-rule, or record: distance from it.")] = "sole-rule",
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """What moves the outcome: Morris screening, Sobol indices.

    Example: politburo-sim sensitivity --quick
    """
    from politburo_sim.report.page import finding_of

    if of not in ("sole-rule", "record"):
        raise InputError("no such outcome", key="--of", given=of, allowed="sole-rule, record")
    command = "sweep e10-sensitivity" if of == "sole-rule" else f"sensitivity --of {of}"
    _, page = _again("e10-sensitivity", command, out, quick, quiet or as_json, of=of)
    if as_json:
        echo_json({"of": of, "finding": finding_of(page), "report": str(page)})
    elif not quiet:
        typer.echo(f"{finding_of(page)}\nReport: {page}")


def ideals(
    runs: Annotated[int, typer.Option(min=3, help="Histories at each level.")] = 60,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Whether ideals can be read from roll calls as unity rises.

    Example: politburo-sim ideals --runs 20
    """
    from politburo_sim.lab.ideals import LEVELS, recovery_curve
    from politburo_sim.lab.provenance import typed, write_manifest
    from politburo_sim.report.ideals import ideals_report
    from politburo_sim.report.page import finding_of

    folder = left_in(out, "ideals", kind="ideals")
    with progress("Histories", runs * len(LEVELS), quiet or as_json) as tell:
        table = recovery_curve(runs, tell)
    report = ideals_report(folder, table, typed("ideals", runs=runs))
    write_manifest(folder, kind="ideals", runs=runs)
    said = finding_of(report)
    if as_json:
        levels = table.to_dict("records")
        echo_json({"finding": said, "levels": levels, "report": str(report)})
    elif not quiet:
        typer.echo(f"{said}\nReport: {report}")


def gate(
    quick: Quick = False,
    sets: Annotated[
        int | None, typer.Option(min=16, help="Sets of the prior; default 400, 60 if quick.")
    ] = None,
    histories: Annotated[
        int | None, typer.Option(min=2, help="Histories of each set; default 40, 16 if quick.")
    ] = None,
    again: Annotated[
        int | None,
        typer.Option(min=2, help="Histories of a set measured again; default 640, 64 if quick."),
    ] = None,
    seed: Seed = 0,
    out: Out = None,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Whether the rules can say yes and no, before any claim.

    A run that was stopped goes on.

    Example: politburo-sim gate --quick
    """
    from politburo_sim.lab.fit.calibration import load_plan
    from politburo_sim.lab.provenance import typed, write_manifest
    from politburo_sim.lab.verdicts import gate as lab
    from politburo_sim.report.gate import counts, finding, gate_report

    usual = lab.QUICK_SIZE if quick else lab.FULL_SIZE
    size = lab.Size(sets or usual.sets, histories or usual.histories, again or usual.again)
    folder = left_in(out, "gate", quick, kind="gate")
    plan = load_plan()
    world = plan.built()
    say_how_to_go_on()
    with progress("Gate", lab.runs_at_most(size), quiet or as_json, world) as tell:
        found = lab.measure_all(
            lab.Gate(plan, size, seed, folder / "arms", tell=tell, workers=workers)
        )
    command = typed("gate", sets=size.sets, histories=size.histories, again=size.again, seed=seed)
    report = gate_report(folder, found, size, command=command)
    write_manifest(folder, kind="gate", command=command, seed=seed, **size.said())
    effects = lab.effects_table(found, size)
    table, said = lab.gate_table(effects), finding(effects)
    if as_json:
        echo_json({"finding": said, "gate": table.to_dict("records"), "report": str(report)})
    elif not quiet:
        typer.echo(
            f"Sets of the prior whose effect on {lab.WAYS[0].name} lies beyond "
            f"{100 * lab.BEYOND:g} points:\n"
        )
        typer.echo(f"{counts(effects, lab.WAYS[0].name).to_string(index=False)}\n")
        typer.echo(f"{said}\nReport: {report}")
