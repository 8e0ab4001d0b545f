"""Commands of the science: gate, calibrate, scores, claims, sensitivity, ideals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from politburo_sim.cli.stop import say_how_to_go_on

Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Fixes the run's luck.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Threads; default one for each core.")]
Out = Annotated[Path | None, typer.Option(help="Folder for what is left behind.")]
Quick = Annotated[bool, typer.Option("--quick", help="Fewer runs, wider intervals.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress, no closing lines.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Threads; default one for each core.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@contextmanager
def _steps(quiet: bool, total: float | None = None) -> Iterator[Callable[[str, int], None]]:
    """A line of progress: what is being done, runs so far, and the time."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    with Progress(
        TextColumn("{task.description}", markup=False), BarColumn(),
        TextColumn("{task.completed:,.0f} runs"), TimeElapsedColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), disable=quiet,
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=total)

        def tell(words: str, done: int) -> None:
            if done or words == "histories":
                bar.advance(task, done)
            else:
                bar.update(task, description=words)

        yield tell


def claims(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids of claims; all if none.")] = None,
    quick: Quick = False,
    seed: Annotated[int, typer.Option(help="Master seed.")] = 0,
    seeds: Annotated[
        int, typer.Option(min=1, help="Master seeds, from --seed on: does a verdict move?")
    ] = 1,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Test the essay's claims by the rules in seeds/claims.toml; a run that stopped goes on.

    Example: politburo-sim claims --quick
    """
    from politburo_sim.lab import claims as lab
    from politburo_sim.lab.contrasts import load_ensemble
    from politburo_sim.lab.provenance import write_manifest
    from politburo_sim.report.claims import claims_report
    from politburo_sim.report.experiments import experiment_report

    say_how_to_go_on()
    chosen = lab.chosen(ids)
    effort = lab.QUICK_EFFORT if quick else lab.FULL_EFFORT
    home = out or Path("results")
    with _steps(quiet or as_json) as tell:
        laboratory = lab.Laboratory(load_ensemble(), effort, seed, home / "cells", tell)
        verdicts = []
        for claim in chosen:
            verdicts.append(lab.decide(claim, laboratory))
            for id in claim.experiments:
                if laboratory.files.get(id, ("", {"kind": ""}))[1]["kind"] != "sensitivity":
                    laboratory.run(id)
        by_seed = {seed: verdicts}
        for other in range(seed + 1, seed + seeds):
            again = lab.Laboratory(load_ensemble(), effort, other, home / "cells", tell)
            by_seed[other] = [lab.decide(claim, again) for claim in chosen]
    design = f"{_design(effort, seed)} {_informed()}"
    command = f"politburo-sim claims{' --quick' if quick else ''} --seed {seed} --seeds {seeds}"
    for id, results in laboratory.done.items():
        folder = home / f"{id}-{laboratory.files[id][0].partition('-')[2]}"
        experiment_report(folder, results, design=design, command=command)
        write_manifest(folder, kind="experiment", experiment=laboratory.files[id][1],
                       command=command, effort=vars(effort), seed=seed)  # fmt: skip
    report = claims_report(
        home / "claims", verdicts, lab.parts_table(verdicts), by_seed,
        design=design, command=command,
    )  # fmt: skip
    write_manifest(home / "claims", kind="claims", command=command, effort=vars(effort), seed=seed)
    _print_claims(lab.verdict_table(verdicts), report, as_json, quick)


def _design(effort: Any, seed: int) -> str:
    return (
        f"{effort.draws} draws of the ensemble, {effort.replicates} histories each in every world, "
        f"coded traits sampled over the coders' uncertainty, master seed {seed}; all worlds share "
        "their luck. Effects are of the draws' true values, the noise of runs taken out."
    )


def _informed() -> str:
    """What the record says of the ensemble's parameters, from the ensemble itself."""
    from politburo_sim.lab.calibration import informed_by, load_plan
    from politburo_sim.lab.contrasts import load_ensemble
    from politburo_sim.report.calibration import informed

    ensemble = load_ensemble()
    said = informed(informed_by(load_plan(), ensemble.table, ensemble.weight))
    return f"{said} A verdict that hangs on one of these is prior-driven as well."


def _print_claims(table: Any, report: Path, as_json: bool, quick: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"claims": table.to_dict("records"), "report": str(report)}))
        return
    for row in table.to_dict("records"):
        typer.echo(
            f"{row['claim']:4} {row['verdict']:14} {100 * row['share']:5.1f} % of the ensemble "
            f"({100 * row['low']:.0f} to {100 * row['high']:.0f})  {row['title']}\n"
            f"{'':19} weakest part: {row['weakest part']}: {row['effect']:+.3f} "
            f"({row['effect low']:+.3f} to {row['effect high']:+.3f}), needed {row['needed']}"
        )
    if quick:
        from politburo_sim.lab.claims import FULL_EFFORT, QUICK_EFFORT

        wider = (FULL_EFFORT.draws / QUICK_EFFORT.draws) ** 0.5
        typer.echo(f"Quick: intervals of the shares are about {wider:.1f} times as wide.")
    typer.echo(f"Report: {report}")


def calibrate(
    quick: Quick = False,
    out: Out = None,
    write: Annotated[
        bool, typer.Option("--write", help="Replace experiments/ensemble.csv by the result.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Fit to the record of 1922 to 1926; a search that was stopped goes on.

    Example: politburo-sim calibrate --quick
    """
    from dataclasses import replace

    import numpy as np

    from politburo_sim.files.locate import folder as home_of
    from politburo_sim.lab import calibration as lab
    from politburo_sim.lab.check import fresh, pattern_table, scored
    from politburo_sim.lab.contrasts import Ensemble
    from politburo_sim.lab.provenance import write_manifest
    from politburo_sim.lab.recovery import recover
    from politburo_sim.lab.store import write_text
    from politburo_sim.report.calibration import LEAST_EFFECTIVE, calibration_report
    from politburo_sim.state.parameters import PLACE
    from politburo_sim.worlds.scenario import load_scenario
    from politburo_sim.worlds.world import build_world

    say_how_to_go_on()
    plan = lab.load_plan()
    if quick:
        plan = replace(plan, simulations=plan.quick, population=min(plan.population, 200))
    folder = out or Path("results") / ("calibration-quick" if quick else "calibration")
    with _steps(quiet, plan.simulations) as tell:
        population, rounds = lab.calibrate(plan, folder, tell)
        tell("Comparing with the record", 0)
        sets = Ensemble(population.table, population.weight).thin(50 if quick else 200)
        fitted = scored(("fit",))
        table = fresh(plan, sets, 10 if quick else 50, patterns=fitted)
        patterns = pattern_table(build_world(load_scenario(plan.scenario)), table, fitted)
        recovery = recover(plan, 20_000 if quick else 100_000, 200 if quick else 500)
    report = calibration_report(
        folder, rounds=rounds, spreads=lab.spreads(plan, population), patterns=patterns,
        runs=len(table), recovery=recovery,
        samples={n: population.table[:, PLACE[n]] for n in plan.fitted},
        weight=population.weight, ranges=plan.fitted,
        command=f"politburo-sim calibrate{' --quick' if quick else ''}",
    )  # fmt: skip
    write_manifest(folder, kind="calibration", plan=vars(plan),
                   effective=population.effective,
                   tolerance=float(np.max(population.distance)))  # fmt: skip
    if write and population.effective >= LEAST_EFFECTIVE:
        write_text(home_of("experiments") / "ensemble.csv", lab.as_csv(population))
    if not quiet:
        typer.echo(
            f"Effective sample {population.effective:.0f} (an ensemble needs {LEAST_EFFECTIVE}), "
            f"tolerance {population.distance.max():.2f}\nReport: {report}"
        )


def scores(
    models: Annotated[
        str, typer.Option(help="all, or names from experiments/models.toml, joined by commas.")
    ] = "all",
    quick: Quick = False,
    seed: Annotated[int | None, typer.Option(min=0, help="Master seed; default the fit's.")] = None,
    out: Out = None,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Refit the model and its null models to 1922-26, run them anew, score them on the record.

    A model takes 1,000,000 histories to the end of 1926 and 10,000 to that of 1939: some two and a
    half minutes of processor time, spread over the cores. With --quick it takes 60,000 and 500:
    some ten seconds. What is finished is kept and a run that stopped goes on. Every look at the
    years after 1926 adds a line to results/scores/looks.csv, quick ones too: look seldom.

    Example: politburo-sim scores --quick --models model,coin-votes
    """
    from dataclasses import replace

    from politburo_sim.lab.calibration import load_plan
    from politburo_sim.lab.models import Scoring, load_models, score_all
    from politburo_sim.lab.provenance import write_manifest
    from politburo_sim.report.scores import scores_report

    line = load_models()
    chosen = line.chosen(models)
    plan = load_plan()
    plan = replace(plan, scenario=line.scenario, seed=plan.seed if seed is None else seed)
    home = Path("results") / "scores"
    folder = out or (home.with_name("scores-quick") if quick else home)
    scoring = Scoring(plan, line.quick if quick else line.full, folder, home / "looks.csv", workers)
    with _steps(quiet or as_json, sum(map(scoring.work, chosen))) as tell:
        tables = score_all(replace(scoring, tell=tell), chosen)
    command = f"politburo-sim scores{' --quick' if quick else ''} --models {models}"
    report = scores_report(folder, line, chosen, tables, f"{command} --seed {plan.seed}")
    held = {model.name: model.settings for model in chosen}
    write_manifest(folder, kind="scores", command=command, seed=plan.seed, models=held,
                   effort=vars(scoring.effort))  # fmt: skip
    if as_json:
        rows = tables["scores"].to_dict("records")
        typer.echo(json.dumps({"scores": rows, "report": str(report)}))
    elif not quiet:
        typer.echo(f"{tables['scores'].to_string(index=False, float_format='%.3f')}\n")
        typer.echo(f"Report: {report}")


def sensitivity(
    quick: Quick = False,
    of: Annotated[str, typer.Option(help="sole-rule, or record: distance from it.")] = "sole-rule",
    out: Out = None,
    quiet: Quiet = False,
) -> None:
    """Morris screening over all live parameters, then Sobol indices.

    Example: politburo-sim sensitivity --quick
    """
    from politburo_sim.files.errors import InputError
    from politburo_sim.lab import claims as lab_claims
    from politburo_sim.lab import sensitivity as lab
    from politburo_sim.lab.calibration import load_plan
    from politburo_sim.lab.provenance import write_manifest
    from politburo_sim.report.experiments import sensitivity_report
    from politburo_sim.worlds.scenario import load_scenario
    from politburo_sim.worlds.world import build_world

    if of not in ("sole-rule", "record"):
        raise InputError("no such outcome", key="--of", given=of, allowed="sole-rule, record")
    name, raw = lab_claims.experiment_files()["E10"]
    plan = load_plan()
    problem = lab.live_problem(plan)
    number = (8, 32, 8) if quick else (raw["trajectories"], raw["samples"], raw["replicates"])
    size = len(problem.names)
    total = (number[0] * (size + 1) + number[1] * (size + 2)) * number[2]
    world = build_world(load_scenario(raw["scenario"]))
    with _steps(quiet, total) as tell:
        make = lab.chance_of_sole_rule if of == "sole-rule" else lab.distance_from_record
        model = make(world, problem, number[2], plan.seed, lambda done: tell("runs", done))
        tell("Morris", 0)
        screened = lab.morris(problem, model, number[0], plan.seed)
        tell("Sobol", 0)
        indices = lab.sobol(problem, model, number[1], plan.seed)
    folder = out or Path("results") / (f"E10-{name.partition('-')[2]}"
                                       + ("-of-record" if of == "record" else ""))  # fmt: skip
    said = " --quick" if quick else ""
    command = f"politburo-sim sensitivity{said} --of {of}"
    report = sensitivity_report(folder, raw, of, screened, indices, number, command)
    write_manifest(folder, kind="sensitivity", experiment=raw, command=command)
    if not quiet:
        typer.echo(f"Report: {report}")


def ideals(
    runs: Annotated[int, typer.Option(min=3, help="Histories at each level.")] = 60,
    out: Out = None,
    quiet: Quiet = False,
) -> None:
    """How far true ideals can be read from roll calls as unity rises.

    Example: politburo-sim ideals --runs 20
    """
    from politburo_sim.lab.ideals import LEVELS, recovery_curve
    from politburo_sim.lab.provenance import write_manifest
    from politburo_sim.report.experiments import ideals_report

    folder = out or Path("results") / "ideals"
    with _steps(quiet, runs * len(LEVELS)) as tell:
        table = recovery_curve(runs=runs, tell=lambda done: tell("runs", done))
    report = ideals_report(folder, table, f"politburo-sim ideals --runs {runs}")
    write_manifest(folder, kind="ideals", runs=runs)
    if not quiet:
        typer.echo(f"Report: {report}")


def gate(
    quick: Quick = False,
    sets: Annotated[
        int | None, typer.Option(min=16, help="Sets of the prior; default 400, 60 if quick.")
    ] = None,
    histories: Annotated[
        int | None, typer.Option(min=2, help="Histories of each set; default 40, 16 if quick.")
    ] = None,
    seed: Seed = 0,
    out: Out = None,
    workers: Workers = None,
    quiet: Quiet = False,
) -> None:
    """Whether the rules can say yes and no, before any claim is run; a stopped run goes on.

    Example: politburo-sim gate --quick
    """
    from politburo_sim.lab import gate as lab
    from politburo_sim.lab.calibration import load_plan
    from politburo_sim.lab.provenance import write_manifest
    from politburo_sim.report.gate import finding, gate_report

    usual = lab.QUICK_SIZE if quick else lab.FULL_SIZE
    size = lab.Size(sets or usual.sets, histories or usual.histories)
    folder = out or Path("results") / ("gate-quick" if quick else "gate")
    with _steps(quiet, lab.runs_at_most(size)) as tell:
        found = lab.measure_all(
            lab.Gate(load_plan(), size, seed, folder / "arms", tell=tell, workers=workers)
        )
    command = f"politburo-sim gate --sets {size.sets} --histories {size.histories} --seed {seed}"
    report = gate_report(folder, found, size, command=command)
    write_manifest(folder, kind="gate", command=command, seed=seed, **size.said())
    if not quiet:
        table = lab.effects_table(found, size)
        typer.echo(lab.gate_table(table).to_string(index=False, float_format="%.3f"))
        typer.echo(f"\n{finding(table)}\nReport: {report}")
