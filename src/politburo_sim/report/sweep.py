"""The report of a sweep: a heat map over two levers, lines over one, a forest over more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from politburo_sim.report.figures import (
    Estimate,
    forest,
    heat_map,
    lines_with_bands,
    save,
    small_heat_maps,
)
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.words import (
    interval,
    is_share,
    lever_axis,
    lever_words,
    number,
    outcome_words,
    value_words,
)

_MOST_ROWS = 40


def sweep_report(folder: Path, experiment: Any, points: pd.DataFrame) -> Path:
    """Draw the outcomes over the levers and write the page; its path.

    Raises
    ------
    ValueError
        If the table has no outcome with an interval (columns NAME, NAME_low, NAME_high).
    """
    levers = list(experiment.levers)
    outcomes = outcomes_of(points)
    runs = int(points["n"].sum()) if "n" in points else 0
    title = getattr(experiment, "title", "A sweep")
    name = getattr(experiment, "id", "EXPERIMENT")
    page = Page(
        title=title, question=getattr(experiment, "question", ""),
        finding=[
            finding(points, outcomes[0], levers),
            "This is what the rules produce under these settings; it is no verdict on a claim.",
        ],
        design=[design_words(experiment, len(points), runs)],
        figures=drawings(points, outcomes, levers, folder / "figures"),
        tables=[Table(in_words(points, outcomes, levers), "All design points")],
        command=f"politburo-sim sweep {name}",
    )  # fmt: skip
    return write(page, folder)


def outcomes_of(points: pd.DataFrame) -> list[str]:
    """The columns that come with an interval, in the table's order."""
    found = [c for c in points if f"{c}_low" in points and f"{c}_high" in points]
    if not found:
        raise ValueError("no outcome with an interval: columns NAME, NAME_low and NAME_high")
    return [str(name) for name in found]


def design_words(experiment: Any, points: int, runs: int) -> str:
    """How the sweep was laid out."""
    constants = getattr(experiment, "constants", None) or {}
    held = ", ".join(f"{lever_words(k)} {value_words(v)}" for k, v in constants.items())
    world = getattr(experiment, "scenario", "the world")
    return (
        f"{points} design points of {world}, {runs} runs in all, which share their luck from "
        f"point to point. Held fixed: {held or 'nothing besides the defaults'}."
    )


def finding(points: pd.DataFrame, outcome: str, levers: list[str]) -> str:
    """The first sentence, from the table alone."""
    share = is_share(outcome, points[outcome])

    def said(row: Any) -> str:
        ends = interval(row[f"{outcome}_low"], row[f"{outcome}_high"], share=share)
        return f"{number(row[outcome], share=share)} (95 % interval {ends})"

    def place(row: Any) -> str:
        return " and ".join(f"{lever_words(x)} at {value_words(row[x])}" for x in levers)

    known = points[points[outcome].notna()]
    least, most = known.loc[known[outcome].idxmin()], known.loc[known[outcome].idxmax()]
    what = outcome_words(outcome)
    if least[outcome] == most[outcome]:
        return f"{what}: {said(least)} at all {len(points)} design points."
    return f"{what}: from {said(least)} with {place(least)} to {said(most)} with {place(most)}."


def drawings(
    points: pd.DataFrame, outcomes: list[str], levers: list[str], folder: Path
) -> list[Drawing]:
    """The figures: the first outcome large, the others small."""
    first, *rest = outcomes
    triples = [(o, outcome_words(o), is_share(o, points[o])) for o in outcomes]
    labels = [lever_axis(name) for name in levers]
    caption = f"{outcome_words(first)}; estimates with 95 % intervals."
    if len(levers) == 2:
        large = heat_map(
            points, first, levers, [*labels, outcome_words(first)], share=triples[0][2]
        )
        small = small_heat_maps(points, triples[1:], levers, labels) if rest else None
    elif len(levers) == 1:
        large = lines_with_bands(points, triples[:1], levers[0], labels[0])
        small = lines_with_bands(points, triples[1:], levers[0], labels[0]) if rest else None
    else:
        large, small = _ladder(points, triples[0], levers), None
    found = [Drawing(save(large, folder, first), caption)]
    if small is not None:
        found.append(Drawing(save(small, folder, "other-outcomes"), "The other outcomes."))
    return found


def _ladder(points: pd.DataFrame, outcome: tuple[str, str, bool], levers: list[str]) -> Any:
    """Design points in order of an outcome; the middle is left out where there are many."""
    name, words, share = outcome
    rows = points.sort_values(name, ascending=False)
    if len(rows) > _MOST_ROWS:
        half = _MOST_ROWS // 2
        rows = pd.concat([rows.head(half), rows.tail(half)])
    estimates = [
        Estimate(
            ", ".join(f"{lever_words(x)} {value_words(row[x])}" for x in levers),
            row[name], row[f"{name}_low"], row[f"{name}_high"],
        )
        for _, row in rows.iterrows()
    ]  # fmt: skip
    return forest([(words, share, estimates)], difference=False)


def in_words(points: pd.DataFrame, outcomes: list[str], levers: list[str]) -> pd.DataFrame:
    """The table of design points as a reader says it."""
    shown = pd.DataFrame({lever_words(x): points[x].map(value_words) for x in levers})
    for outcome in outcomes:
        share = is_share(outcome, points[outcome])
        shown[outcome_words(outcome)] = [
            f"{number(value, share=share)} ({interval(low, high, share=share)})"
            for value, low, high in zip(
                points[outcome], points[f"{outcome}_low"], points[f"{outcome}_high"], strict=True
            )
        ]
    return shown
