"""Reports of experiments of every kind; what a kind has of its own stands in `report.kinds`."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from politburo_sim.lab.bench import Effort, prepare, with_point
from politburo_sim.lab.bounds import levels_of, within_bounds
from politburo_sim.lab.ensemble import Ensemble, load_ensemble
from politburo_sim.lab.fit.calibration import load_plan
from politburo_sim.lab.fit.population import informed_by
from politburo_sim.lab.kinds.contrasts import Contrasts
from politburo_sim.lab.outline import changes, weighted
from politburo_sim.lab.plan import Results, over_the_ensemble
from politburo_sim.lab.runs import run_many
from politburo_sim.lab.sheets import write_csv, write_tables
from politburo_sim.lab.verdicts.claims import load_claims
from politburo_sim.outcomes import outcome_words, ruler_names
from politburo_sim.report.about import whose_record, worlds_of
from politburo_sim.report.contrasts import (
    Sheet,
    answer,
    answered,
    in_words,
    sheets,
)
from politburo_sim.report.figures import save
from politburo_sim.report.figures_effects import sheet_figure
from politburo_sim.report.kinds.calibration import informed
from politburo_sim.report.page import Drawing, Page, Story, Table, write
from politburo_sim.run.model import Politburo
from politburo_sim.worlds.doubts import set_anew

#: Histories among which a typical one is looked for.
_LOOKED_AT = 40
_KINDS = "politburo_sim.report.kinds"
_CAPTION = (
    "Mean true effect over the ensemble with its 95 % interval (thick), and 5 % to 95 % of the "
    "ensemble's parameter sets (thin)."
)


def report(results: Results, command: str) -> Path:
    """Write the tables, figures and page of an experiment of any kind; the page's path."""
    own = own_of(results.experiment.kind)
    made = getattr(own, "report", None)
    return Path(made(results, command)) if made else _effects(results, command, own)


def own_of(kind: str) -> ModuleType | None:
    """The module of `report.kinds` that a kind has for what it draws of its own, if any."""
    name = f"{_KINDS}.{kind}"
    return import_module(name) if find_spec(name) else None


def ensemble_words(effort: Effort, seed: int, sets: Ensemble | None = None) -> str:
    """How experiments over the ensemble are run, and what the record says of its parameters.

    sets : what they are run over in place of the ensemble; what the record says is not known then.
    """
    if sets is not None:
        return f"{over_the_ensemble(effort, seed)} {in_place(sets)}"
    ensemble = load_ensemble()
    said = informed(informed_by(load_plan().fitted, ensemble.table, ensemble.weight))
    return f"{over_the_ensemble(effort, seed)} {said}"


def in_place(sets: Ensemble) -> str:
    """That other sets than those of the shipped ensemble were taken."""
    return (
        f"The ensemble is here that of {sets.file or 'sets given'}, not the one that is shipped: "
        "what is said to be left open is what these sets leave open, and not the record."
    )


def page_of(results: Results, command: str, **parts: Any) -> Path:
    """The page, with what every kind says in the same place."""
    experiment, bench = results.experiment, results.bench
    worlds = worlds_of(experiment)
    design = [experiment.how(bench.effort, bench.seed)]
    design += set_anew(experiment.world, experiment.sets())
    if bench.sets:
        design.append(in_place(bench.sets))
    elif experiment.over_ensemble and (whose := whose_record(worlds)):
        design.append(whose)
    page = Page(
        title=f"{experiment.id}. {experiment.title}", question=experiment.question,
        design=design, command=command, worlds=worlds, **parts,
    )  # fmt: skip
    return write(page, bench.folder)


def _effects(results: Results, command: str, own: ModuleType | None) -> Path:
    """Contrasts, and before them what else the kind draws of its own."""
    folder, experiment = results.bench.folder, results.experiment
    finding: list[str] = []
    tables: list[Table] = []
    drawings: list[Drawing] = []
    if results.effects:
        levels = levels_of(experiment)
        table = within_bounds(results.table, levels)
        write_csv(folder / "contrasts.csv", table, float_format="%.6g")
        tables.append(Table(in_words(table, levels), "All contrasts"))
        if isinstance(experiment, Contrasts):
            tables += defined(experiment)
        finding, drawings = effects(table, experiment, folder / "figures")
    save_tables(results)
    if draw := getattr(own, "draw", None):
        words, more = draw(results, folder / "figures")
        finding, drawings = [words, *finding], more + drawings
    return page_of(
        results, command, finding=finding, figures=drawings, tables=tables,
        stories=[typical(results)],
    )  # fmt: skip


def defined(experiment: Contrasts) -> list[Table]:
    """What each contrast measures, and which worlds were run for them."""
    measured = [
        (c.name, outcome_words(c.outcome), weighted(c.weights),
         "" if c.given is None else outcome_words(c.given)) for c in experiment.contrasts
    ]  # fmt: skip
    columns = ["contrast", "measures", "over the worlds", "in runs that count for"]
    told = pd.DataFrame(measured, columns=columns)
    if not any(c.given for c in experiment.contrasts):
        told = told.drop(columns=columns[-1])
    worlds = [(name, changes(cell) or "as it is") for name, cell in experiment.cells.items()]
    return [
        Table(told, "What each contrast measures"),
        Table(pd.DataFrame(worlds, columns=["world", "what is changed in it"]), "The worlds run"),
    ]


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
        title = headline(experiment) + " (the other contrasts)" * (place > 0)
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
    """One history of the experiment's world that ends as most do, in the words of its chronicle.

    Looked at are some that lie evenly over the runs, and so over the draws of the ensemble.
    """
    bench = results.bench
    world, points = prepare({"scenario": results.experiment.scenario}, bench.ensemble)
    whole = bench.batches(bench.effort.runs)[0]
    some = np.linspace(0, bench.effort.runs - 1, min(_LOOKED_AT, bench.effort.runs)).astype(int)
    seeds, which = (column[some] for column in whole)
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


def save_tables(results: Results) -> None:
    """Write each table of the kind's own beside the page."""
    files = {name.replace(", ", "-").replace(" ", "-"): one for name, one in results.extra.items()}
    write_tables(results.bench.folder, files)


def headline(experiment: Any) -> str:
    """What stands above a figure of an experiment: its id and its question."""
    return f"{experiment.id}. {experiment.question}"
