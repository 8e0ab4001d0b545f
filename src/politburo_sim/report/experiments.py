"""Reports of the experiments that decide claims, by kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd

from politburo_sim.lab.bench import Effort, prepare, with_point
from politburo_sim.lab.calibration import load_plan
from politburo_sim.lab.claims import load_claims
from politburo_sim.lab.ensemble import load_ensemble
from politburo_sim.lab.intervals import wilson
from politburo_sim.lab.plan import Results, over_the_ensemble
from politburo_sim.lab.population import informed_by
from politburo_sim.lab.runs import run_many
from politburo_sim.lab.sheets import write_csv
from politburo_sim.months import month_name
from politburo_sim.outcomes import ruler_names
from politburo_sim.report.calibration import calibration_report, informed
from politburo_sim.report.contrasts import (
    Sheet,
    answer,
    answered,
    in_words,
    levels_of,
    sheets,
    within_bounds,
)
from politburo_sim.report.figures import save
from politburo_sim.report.figures_effects import sheet_figure
from politburo_sim.report.figures_kinds import (
    forecast_figure,
    ideals_figure,
    number_of,
    sensitivity_figure,
    survival_figure,
    window_figure,
)
from politburo_sim.report.page import Drawing, Page, Story, Table, write
from politburo_sim.report.scores import scores_report
from politburo_sim.report.sweep import sweep_report
from politburo_sim.report.words import listed, percent, sentence_case
from politburo_sim.run.model import Politburo
from politburo_sim.worlds.scenario import load_scenario

#: Histories among which a typical one is looked for.
_LOOKED_AT = 40
_CAPTION = (
    "Mean true effect over the ensemble with its 95 % interval (thick), and 5 % to 95 % of the "
    "ensemble's parameter sets (thin)."
)


def report(results: Results, command: str) -> Path:
    """Write the tables, figures and page of an experiment of any kind; the page's path."""
    results.bench.folder.mkdir(parents=True, exist_ok=True)
    return _REPORTS.get(results.experiment.kind, _effects)(results, command)


def ensemble_words(effort: Effort, seed: int) -> str:
    """How experiments over the ensemble are run, and what the record says of its parameters."""
    ensemble = load_ensemble()
    said = informed(informed_by(load_plan().fitted, ensemble.table, ensemble.weight))
    return f"{over_the_ensemble(effort, seed)} {said}"


def _page(results: Results, command: str, **parts: Any) -> Path:
    """The page, with what every kind says in the same place."""
    experiment, bench = results.experiment, results.bench
    design = experiment.how(bench.effort, bench.seed)
    page = Page(
        title=f"{experiment.id}. {experiment.title}", question=experiment.question,
        design=[design], command=command, **parts,
    )  # fmt: skip
    return write(page, bench.folder)


def _effects(results: Results, command: str) -> Path:
    """Contrasts, and what else the kind has of its own (`_DRAWN`)."""
    folder, experiment = results.bench.folder, results.experiment
    finding: list[str] = []
    tables: list[Table] = []
    drawings: list[Drawing] = []
    if results.effects:
        levels = levels_of(experiment)
        table = within_bounds(results.table, levels)
        write_csv(folder / "contrasts.csv", table, float_format="%.6g")
        tables.append(Table(in_words(table, levels), "All contrasts"))
        finding, drawings = effects(table, experiment, folder / "figures")
    _save_tables(results)
    draw = _DRAWN.get(experiment.kind)
    if draw is not None:
        words, more = draw(results, folder / "figures")
        finding, drawings = [words, *finding], more + drawings
    return _page(
        results, command, finding=finding, figures=drawings, tables=tables,
        stories=[typical(results)],
    )  # fmt: skip


def effects(table: pd.DataFrame, experiment: Any, figures: Path) -> tuple[list[str], list[Drawing]]:
    """The first sentences and the figures of a table of contrasts."""
    levels = levels_of(experiment)
    drawn = sheets(table, experiment, resting_on(experiment.id))
    own = getattr(experiment, "answer", "")
    said = [answer(own, table, levels)] if own else []
    if not own or (drawn and drawn[0].grid):
        said += answered(drawn)
    drawings = []
    for place, sheet in enumerate(one for one in drawn if _worth_drawing(one)):
        name = "contrasts" if place == 0 else f"contrasts-{place + 1}"
        title = f"{experiment.id}. {experiment.question}"
        title += "" if place == 0 else " (the other contrasts)"
        drawings.append(Drawing(save(sheet_figure(sheet, title), figures, name), _CAPTION))
    return said, drawings


def _worth_drawing(sheet: Sheet) -> bool:
    """Whether there is more to see than a sentence says."""
    return sum(len(panel.rows) for panel in sheet.panels) > 1


def resting_on(id: str) -> dict[str, str]:
    """Which claims rest on which contrasts of an experiment: names of contrasts -> ids."""
    found: dict[str, list[str]] = {}
    for claim in load_claims():
        for part in claim.parts:
            named = part["contrast"] if isinstance(part["contrast"], list) else [part["contrast"]]
            for name in named if part["experiment"] == id else []:
                found.setdefault(name, []).append(claim.id)
    return {name: ", ".join(dict.fromkeys(ids)) for name, ids in found.items()}


def typical(results: Results) -> Story:
    """One history of the experiment's world that ends as most do, in the words of its chronicle."""
    bench = results.bench
    world, points = prepare({"scenario": results.experiment.scenario}, bench.ensemble)
    seeds, which = (column[:_LOOKED_AT] for column in bench.batches(bench.effort.runs)[0])
    out = run_many(world, seeds, points, which, workers=bench.workers)
    ends = np.array(ruler_names(world, out))
    names, counts = np.unique(ends, return_counts=True)
    most = str(names[counts.argmax()])
    alike = np.flatnonzero(ends == most)
    row = int(alike[np.argsort(out.since[alike], kind="stable")[len(alike) // 2]])
    record = Politburo(with_point(world, points[which[row]]), int(seeds[row])).run().record
    who = f"under {most}" if most else "with nobody ruling alone"
    text = record.prose().split("\n\n")
    return Story(
        f"A typical history: of {len(ends)} of the world as it was, {counts.max()} end {who}; this "
        "is the middle one of them by time",
        [record.summary()], [" ".join(part.split()) for part in text[2:]],
    )  # fmt: skip


def _save_tables(results: Results) -> None:
    for name, frame in results.extra.items():
        file = f"{name.replace(', ', '-').replace(' ', '-')}.csv"
        write_csv(results.bench.folder / file, frame, float_format="%.6g")


def _window(results: Results, figures: Path) -> tuple[str, list[Drawing]]:
    table, experiment = results.extra["window"], cast(Any, results.experiment)
    closes = results.said["closes"]
    within = f"{100 * experiment.within:.0f} points"
    said = (
        f"Until {month_name(closes, 0)}: from then on no single intervention moves the chance by "
        f"more than {within}."
        if closes
        else f"To the last month looked at: some band still leaves {within} there, so that no "
        "month of closing is located."
    )
    names = {str(name): load_scenario(str(name)).called for name in table["intervention"].unique()}
    figure = window_figure(table, names, experiment.within, _title(experiment))
    caption = f"Effect on the chance of sole rule of {experiment.member} by month of intervention."
    return said, [Drawing(save(figure, figures, "window"), caption)]


def _title(experiment: Any) -> str:
    return f"{experiment.id}. {experiment.question}"


def _forecast(results: Results, figures: Path) -> tuple[str, list[Drawing]]:
    odds, ends = results.extra["odds"], results.extra["ends"]
    share = ends["end"].value_counts(normalize=True)
    start = results.experiment.world.start
    settled = month_name(start, int(ends["settled"].median()))
    chance = percent(ends["effect"].mean())
    said = f"In {month_name(start, 0)} the likeliest end had {chance} on average; half of the "
    said += f"histories were settled (90 % to the end) by {settled}. They ended: "
    said += ", ".join(f"{name} {percent(value)}" for name, value in share.items()) + "."
    figure = forecast_figure(odds, _title(results.experiment))
    caption = "How sure one could have been, over the histories of the ensemble."
    return said, [Drawing(save(figure, figures, "forecast"), caption)]


def _survival(results: Results, figures: Path) -> tuple[str, list[Drawing]]:
    experiment: Any = results.experiment
    names = ("before, bond", "before, no bond", "after, bond", "after, no bond")
    words = {"survival": "as calibrated", "survival, rule of one off": "rule of one off"}
    shares = {}
    for key, title in words.items():
        totals = results.extra[key].sum()
        shares[title] = wilson([totals[f"{n}: removed"] for n in names], [totals[n] for n in names])
    before, alone, under, bare = (percent(float(x)) for x in shares["as calibrated"][0])
    said = f"Before a sole rule {before} of those with a bond to the strongest are removed within "
    said += f"{number_of(experiment.years)} years, and {alone} of those without; under it {under} "
    said += f"and {bare}."
    figure = survival_figure(shares, experiment.years, _title(experiment))
    return said, [Drawing(save(figure, figures, "survival"), "Removal by bond, with intervals.")]


SOBOL = (
    "Total: share of the outcome's variance that goes if the parameter is known, with all its "
    "interactions; alone: without them. Lines: 95 % intervals."
)
MORRIS = "Morris's method; lines: 95 % intervals."


def _sensitivity(results: Results, command: str) -> Path:
    """Both methods' tables and figures."""
    experiment: Any = results.experiment
    sobol, morris = results.extra["sobol"], results.extra["morris"]
    _save_tables(results)
    names = [str(n).replace("_", " ") for n in sobol["parameter"].head(5)]
    of = {"sole-rule": "the chance of sole rule", "record": "the distance from the record"}
    words = of[experiment.of]
    total = [("total", "total_interval", "total"), ("first", "first_interval", "alone")]
    mean = [("mu_star", "mu_star_interval", "mean absolute effect")]
    figures = results.bench.folder / "figures"
    return _page(
        results, command,
        finding=[f"{sentence_case(listed(names))} move {words} most, alone or through others."],
        figures=[
            Drawing(
                save(sensitivity_figure(
                    sobol, total, f"{experiment.id}. What moves {words}?",
                    "Share of the variance", SOBOL,
                ), figures, "sobol"),
                "Sobol indices: total (with all interactions) and first (alone).",
            ),
            Drawing(
                save(sensitivity_figure(
                    morris, mean, f"Screening: what moves {words} at all?",
                    "Mean absolute effect over the parameter's range", MORRIS,
                ), figures, "morris"),
                "Morris screening: mean absolute effect of a parameter over its range.",
            ),
        ],
        tables=[Table(sobol, "Sobol indices"), Table(morris, "Morris screening")],
    )  # fmt: skip


def _sweep(results: Results, command: str) -> Path:
    points = results.extra["points"]
    return sweep_report(results.bench.folder, results.experiment, points, command)


def _calibration(results: Results, command: str) -> Path:
    sample = results.extra["sample"]
    tables = {name: table for name, table in results.extra.items() if name != "sample"}
    return calibration_report(
        results.bench.folder, samples=sample.drop(columns="weight"), weight=sample["weight"],
        ranges=results.said["ranges"], runs=results.said["runs"], command=command, **tables,
    )  # fmt: skip


def _scores(results: Results, command: str) -> Path:
    experiment: Any = results.experiment
    return scores_report(results.bench.folder, experiment, results.extra, command)


#: Figures and a first sentence of the kind's own, and pages that are no list of effects.
_DRAWN = {"window": _window, "forecast": _forecast, "survival": _survival}
_REPORTS = {"sweep": _sweep, "sensitivity": _sensitivity, "calibration": _calibration,
            "scores": _scores}  # fmt: skip


def ideals_report(folder: Path, table: pd.DataFrame, command: str) -> Path:
    """Write the curve of what roll calls tell of ideals, with its table."""
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "recovery.csv", table, float_format="%.5g")
    least, most = table.iloc[0], table.iloc[-1]
    figure = ideals_figure(table, "How far can true ideals be read from roll calls?")
    page = Page(
        title="What roll calls tell of ideals",
        question="How far can true ideals be read from roll calls as unity rises?",
        finding=[
            f"Roll calls explain {percent(max(0.0, float(least['recovered'])))} of the variance of "
            f"true ideals without the norm and {percent(max(0.0, float(most['recovered'])))} at "
            f"its strongest, while the Rice index rises from {least['rice']:.2f} to "
            f"{most['rice']:.2f}."
        ],
        design=[
            "Members vote by conviction and conformity alone; positions from the members' "
            "agreement in roll calls (classical scaling, two dimensions), without the votes of "
            "mover and target; explained variance adjusted for its degrees of freedom, with 95 % "
            "intervals over histories."
        ],
        figures=[Drawing(save(figure, folder / "figures", "recovery"), "As unity rises.")],
        tables=[Table(table, "Means and intervals")], command=command,
    )  # fmt: skip
    return write(page, folder)
