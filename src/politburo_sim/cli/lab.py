"""Commands of the science: calibrate, claims, sensitivity."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from politburo_sim.cli.progress import progress

Out = Annotated[Path | None, typer.Option(help="Folder for what is left behind.")]
Quick = Annotated[bool, typer.Option("--quick", help="Fewer runs, wider intervals.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress, no closing lines.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


def claims(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Claims, such as C6; all if none.")
    ] = None,
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

    chosen = lab.chosen(ids)
    effort = lab.QUICK_EFFORT if quick else lab.FULL_EFFORT
    home = out or Path("results")
    with progress("Claims", None, quiet or as_json) as tell:
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
    from politburo_sim.lab.check import predictive_table
    from politburo_sim.lab.contrasts import Ensemble
    from politburo_sim.lab.provenance import write_manifest
    from politburo_sim.lab.recovery import recover
    from politburo_sim.report.calibration import LEAST_EFFECTIVE, calibration_report
    from politburo_sim.state.parameters import PLACE

    plan = lab.load_plan()
    if quick:
        plan = replace(plan, simulations=plan.quick, population=min(plan.population, 200))
    folder = out or Path("results") / ("calibration-quick" if quick else "calibration")
    with progress("Calibrating", plan.simulations, quiet) as tell:
        population, rounds = lab.calibrate(plan, folder, tell)
        tell(0, "Comparing with the record")
        sets = Ensemble(population.table, population.weight).thin(50 if quick else 200)
        patterns = predictive_table(plan, sets, 10 if quick else 50, plan.seed)
        recovery = recover(plan, 20_000 if quick else 100_000, 200 if quick else 500)
    report = calibration_report(
        folder, rounds=rounds, spreads=lab.spreads(plan, population), patterns=patterns,
        recovery=recovery, samples={n: population.table[:, PLACE[n]] for n in plan.fitted},
        weight=population.weight, ranges=plan.fitted,
        command=f"politburo-sim calibrate{' --quick' if quick else ''}",
    )  # fmt: skip
    write_manifest(folder, kind="calibration", plan=vars(plan),
                   effective=population.effective,
                   tolerance=float(np.max(population.distance)))  # fmt: skip
    if write and population.effective >= LEAST_EFFECTIVE:
        lab.write_ensemble(population, home_of("experiments") / "ensemble.csv")
    if not quiet:
        typer.echo(
            f"Effective sample {population.effective:.0f} (an ensemble needs {LEAST_EFFECTIVE}), "
            f"tolerance {population.distance.max():.2f}\nReport: {report}"
        )


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
    with progress("Sensitivity", total, quiet) as tell:
        make = lab.chance_of_sole_rule if of == "sole-rule" else lab.distance_from_record
        model = make(world, problem, number[2], plan.seed, tell)
        tell(0, "Morris")
        screened = lab.morris(problem, model, number[0], plan.seed)
        tell(0, "Sobol")
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
    with progress("Histories", runs * len(LEVELS), quiet) as tell:
        table = recovery_curve(runs=runs, tell=tell)
    report = ideals_report(folder, table, f"politburo-sim ideals --runs {runs}")
    write_manifest(folder, kind="ideals", runs=runs)
    if not quiet:
        typer.echo(f"Report: {report}")
