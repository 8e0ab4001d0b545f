"""The report of the scores: the model beside its null models, a null that is better named first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from politburo_sim.lab.ensemble import read_ensemble
from politburo_sim.lab.fit.recorded_faces import recorded
from politburo_sim.lab.fit.scores import SCORES, least_difference
from politburo_sim.lab.plan import Results
from politburo_sim.lab.sheets import write_tables
from politburo_sim.record.words import listed
from politburo_sim.report.closest import closest_figure, closest_table
from politburo_sim.report.figures import (
    DARK,
    OKABE_ITO,
    STYLE,
    fitted,
    headed,
    per_cent,
    save,
    wrapped,
)
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.words import sentence_case
from politburo_sim.worlds.world import build_world

#: An estimate and the ends of its interval, in the table of scores.
ENDS = ("value", "low", "high")
#: How the sets of a model are found.
POSTERIOR = (
    "Each model is fitted anew to the record of 1922 to 1926 by sequential ABC over single "
    "histories: its sets are what one record leaves open."
)
CLOSEST = (
    "Each model is taken where it comes closest to the record of 1922 to 1926: sets that came near "
    "are moved a little and asked again, round after round, which counts the record many times. "
    "The sets show what each model can do at its best, and not how sure anybody can be."
)
#: What the ends of an interval are: of one population, and of several searches.
RESAMPLED = "95 % intervals"
RANGED = "the least and the greatest of the searches"
FACES = (
    "Faces of the model, and of the record where it tells of them (it keeps some roll calls, those "
    "with consequences rather, and names some voters)"
)
#: Scores by which models are compared; more is better.
COMPARED = ("fit", "check", "within_3", "order_late", "youden")


def report(results: Results, command: str) -> Path:
    """Write scores.csv, the tables behind it, the figures and the page."""
    folder, experiment = results.bench.folder, cast(Any, results.experiment)
    models = experiment.models
    tables = {**results.extra, "faces": with_record(results.extra["faces"], experiment)}
    files = {"scores": "scores", "intervals": "score", "patterns": "patterns", "faces": "faces"}
    write_tables(folder, {file: tables[name] for file, name in files.items()})
    figures = folder / "figures"
    drawn, where = closest_sets(folder) if experiment.closest else ([], [])
    searches = searches_in(tables["score"])
    meaning = pd.DataFrame({"score": list(SCORES), "what it measures": list(SCORES.values())})
    page = Page(
        title=experiment.title + ", each at its best" * experiment.closest,
        question=experiment.question,
        finding=finding(tables["score"], models),
        design=[
            f"{CLOSEST if experiment.closest else POSTERIOR} Each is then run anew to the end of "
            "1939; all share draws and luck. Log scores are geometric means of the shares of runs "
            "that meet each pattern (one that no run meets counts as half a run). "
            + (
                "Sets that one search has found lie closer together than searches do, so each is "
                f"made {searches} times with other luck: a score is their mean, its ends are "
                f"{RANGED}."
                if searches > 1
                else f"Their {RESAMPLED} come from resampling the parameter sets."
            ),
            *(f"{sentence_case(model.name)}: {model.words}." for model in models),
        ],
        figures=[
            Drawing(save(score_figure(tables["score"], models), figures, "scores"),
                    f"Scores; lines: {ends_of(tables['score'])}. More is better."),
            Drawing(save(pattern_figure(tables["patterns"], models), figures, "patterns"),
                    "Share of runs that meet each pattern."),
            *drawn,
        ],
        tables=[
            Table(tables["scores"], "Scores; looks: how often the check patterns were worked out"),
            Table(meaning, "What the scores measure"),
            Table(tables["faces"], FACES),
            Table(tables["patterns"], "Patterns: the record, and each model's runs"),
            *where,
        ],
        command=command,
    )  # fmt: skip
    return write(page, folder)


def closest_sets(folder: Path) -> tuple[list[Drawing], list[Table]]:
    """Where the model comes closest, drawn and as a table; nothing where it was not scored."""
    file = folder / "sets.csv"
    if not file.is_file():
        return [], []
    table = closest_table(read_ensemble(file))
    write_tables(folder, {"parameters": table})
    figure = save(closest_figure(table), folder / "figures", "parameters")
    return (
        [Drawing(figure, "The closest sets on the ranges of the prior.")],
        [Table(table, "The closest sets; left: their spread over the prior's")],
    )


def with_record(seen: pd.DataFrame, experiment: Any) -> pd.DataFrame:
    """The table of faces with what the record has; "not told" where it does not tell."""
    if experiment.world.record is None:
        return seen
    told = recorded(build_world(experiment.world))
    record = [f"{told[face]:.2f}" if face in told else "not told" for face in seen["face"]]
    return seen.assign(record=record)


#: Marks of the models, the first model's first.
_MARKS = ("o", "s", "^", "D", "v", "P", "X")


def searches_in(score: pd.DataFrame) -> int:
    """How many searches a table of scores rests on; 1 for the population of a fit."""
    return max(1, len([name for name in score if name.startswith("search ")]))


def apart(score: pd.DataFrame, name: str, models: Sequence[str]) -> NDArray[np.bool_]:
    """Which models differ from the first in a score by more than luck: of each, in their order.

    Of one population each, those whose intervals do not meet; of searches, those that lie farther
    off than the searches wander (`scores.least_difference`).
    """
    rows = score[score["score"] == name].set_index("model").loc[list(models)]
    value, low, high = rows[list(ENDS)].to_numpy(dtype=float).T
    searches = [column for column in rows if column.startswith("search ")]
    if len(searches) < 2:
        return np.asarray((low > high[0]) | (high < low[0]))
    if len(models) < 2:
        return np.zeros(1, dtype=bool)
    return np.asarray(abs(value - value[0]) > least_difference(rows[searches].to_numpy()))


def ends_of(score: pd.DataFrame) -> str:
    """What the ends of the intervals in a table of scores are."""
    return RANGED if searches_in(score) > 1 else RESAMPLED


def finding(score: pd.DataFrame, models: Sequence[Any]) -> list[str]:
    """For each score whether a null model is better than the first model, such scores first."""
    rows = score.set_index(["score", "model"])["value"]
    names = [model.name for model in models]
    first, nulls, searches = names[0], names[1:], searches_in(score)
    doubt = "their intervals overlap"
    doubt = f"{searches} searches of each do not tell them apart" if searches > 1 else doubt
    better: list[str] = []
    worse: list[str] = []
    for name in COMPARED:
        own = rows.loc[(name, first)]
        if not nulls:
            worse.append(f"{SCORES[name]}: {own:.3f}.")
            continue
        told = dict(zip(names, apart(score, name, names), strict=True))
        down = sorted(nulls, key=lambda null: -rows.loc[(name, null)])
        value = rows.loc[(name, down[0])]
        said = f"{down[0]} ({value:.3f}) is {'better' if value > own else 'not better'} than "
        said += f"{first} ({own:.3f}){'' if told[down[0]] else f', but {doubt}'}"
        others = [null for null in down[1:] if told[null] and rows.loc[(name, null)] > own]
        others = others if told[down[0]] else []
        if others:
            said += f"; so {'are' if len(others) > 1 else 'is'} {listed(others)}"
        (better if value > own else worse).append(f"{SCORES[name]}: {said}.")
    return better + worse


def score_figure(score: pd.DataFrame, models: Sequence[Any]) -> Figure:
    """A row a model, a panel a score; a model that is better than the first stands out."""
    rows = score.set_index(["score", "model"])
    names, down = [model.name for model in models], np.arange(len(models))
    beyond = (
        "beyond what searches differ by" if searches_in(score) > 1 else "beyond both their lines"
    )
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(11.5, 2.0 + 0.36 * len(models)), layout="constrained")
        panels = figure.subplots(1, len(COMPARED), sharey=True)
        for axes, name in zip(panels, COMPARED, strict=True):
            unit, words = (100.0, ", per cent") if name == "within_3" else (1.0, "")
            ends = unit * rows.loc[name].loc[names, list(ENDS)].to_numpy(dtype=float)
            value, low, high = ends.T
            stand_out = apart(score, name, names) & (value > value[0])
            colour = np.where(stand_out, OKABE_ITO[1], OKABE_ITO[0])
            axes.axvline(value[0], color="#BBBBBB", linewidth=1, zorder=0)
            axes.hlines(down, low, high, colour, linewidth=2)
            axes.scatter(value, down, 30, colour, zorder=3)
            for y, x in zip(down, value, strict=True):
                axes.annotate(
                    f"{x:.2f}", (x, y), (0, 4), textcoords="offset points", ha="center",
                    va="bottom", fontsize=7.5, color=DARK,
                )  # fmt: skip
            axes.set_title(wrapped(SCORES[name] + words, 24), fontsize=9)
            axes.margins(x=0.14)
            axes.spines["left"].set_visible(False)
            axes.tick_params(axis="y", length=0)
        panels[0].set_yticks(down, names)
        panels[0].set_ylim(len(models) - 0.5, -0.8)
        headed(
            figure, "Which model meets the record best?",
            f"Dots: scores; lines: {ends_of(score)}. More is better. Grey line: {names[0]}; in "
            f"orange whatever is better than it {beyond}.",
        )  # fmt: skip
    return figure


def pattern_figure(patterns: pd.DataFrame, models: Sequence[Any]) -> Figure:
    """Patterns of each kind, sorted by the first model; the record itself meets all of them."""
    first = patterns[patterns["model"] == models[0].name].sort_values(
        ["kind", "met"], ascending=[True, False], kind="stable"
    )
    down = np.arange(len(first))
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(9.2, 2.1 + 0.3 * len(first)), layout="constrained")
        axes = figure.add_subplot()
        for place in down[::2]:
            axes.axhspan(place - 0.5, place + 0.5, color="#F6F6F6", linewidth=0)
        for place, model in reversed(list(enumerate(models))):
            met = patterns[patterns["model"] == model.name].set_index("pattern")["met"]
            shift = 0.0 if place == 0 else 0.26 * (-1) ** place
            axes.plot(
                met.reindex(first["pattern"]), down + shift, _MARKS[place % len(_MARKS)],
                color=OKABE_ITO[place % 6], markersize=7.5 if place == 0 else 5.5,
                markeredgecolor=DARK, markeredgewidth=0.5, label=model.name,
            )  # fmt: skip
        axes.axvline(1, color=DARK, linewidth=1.2)
        axes.text(1, -0.65, "the record ", ha="right", va="bottom", fontsize=8, color=DARK)
        labels = [fitted(f"{row.pattern} ({row.kind})", 3.6, 8.5) for row in first.itertuples()]
        axes.set_yticks(down, labels, fontsize=8.5)
        axes.set_ylim(len(first) - 0.5, -0.5)
        axes.set_xlim(-0.02, 1.02)
        axes.xaxis.set_major_formatter(per_cent)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("Share of runs that meet the pattern")
        drawn, names = axes.get_legend_handles_labels()
        axes.legend(
            drawn[::-1], names[::-1], frameon=False, loc="lower left", ncols=3,
            bbox_to_anchor=(-0.02, 1.0),
        )  # fmt: skip
        headed(
            figure, "How often do runs meet what the record has?",
            "Marks: share of runs of each model that meet the pattern, those fitted to and those "
            "kept for the check apart. Line: the record, which meets all.",
        )  # fmt: skip
    return figure
