"""The report of a comparison: effects with intervals, and when the twins part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from politburo_sim.report.figures import Estimate, forest, save
from politburo_sim.report.figures_time import parting_histogram
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.words import outcome_words, percent, signed

_MOST = 10
_CHANCES = ("anybody", "established")


def compare_report(folder: Path, result: Any) -> Path:
    """Draw the effects and the months of parting, and write the page; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    result.table.to_csv(folder / "effects.csv", index=False)
    figures = folder / "figures"
    never = float(np.mean(np.asarray(result.parting) < 0))
    page = Page(
        title=f"{result.alt} against {result.base}", question="",
        finding=[finding(result), aside(result, never)],
        design=[
            f"{result.pairs} pairs of runs that share their luck and differ in one thing; 95 % "
            "intervals of paired differences."
        ],
        figures=[
            Drawing(save(effects(result.table), figures, "effects"), "Effects with intervals."),
            Drawing(
                save(parting_histogram(result.parting, result.start), figures, "parting"),
                "When the two worlds part.",
            ),
        ],
        tables=[Table(result.table.rename(columns=str.capitalize), "Outcomes in both worlds")],
        command=f"politburo-sim compare {result.base} {result.alt} --runs {result.pairs}",
    )  # fmt: skip
    return write(page, folder)


def finding(result: Any) -> str:
    """The first sentence, from the figures alone."""
    parts = [signed(v, points=True) for v in (result.effect, result.low, result.high)]
    sure = "excludes" if result.low > 0 or result.high < 0 else "includes"
    return (
        f"The chance of an established sole ruler changes by {parts[0]} (95 % interval "
        f"{parts[1].removesuffix(' points')} to {parts[2]}) over {result.pairs} pairs; "
        f"the interval {sure} nought."
    )


def aside(result: Any, never: float) -> str:
    """What else the pairs show."""
    said = (
        f"Another man, or nobody, rules in {percent(float(result.flipped))} of the pairs. The two "
        f"worlds never differ in {percent(never)} of the pairs. Unpaired runs would need "
        f"{result.saving:.1f} times as many."
    )
    applied = getattr(result, "applied", None)
    if applied is not None:
        said += f" The precondition was met in {percent(applied)} of the pairs."
    return said


def _label(outcome: str) -> str:
    if outcome == "anybody":
        return "anybody"
    return outcome.removeprefix("sole rule of ") if "sole rule of" in outcome else outcome


def effects(table: pd.DataFrame) -> Any:
    """Effects on chances in points, the largest first after "anybody"; other outcomes below."""
    is_chance = [str(o) in _CHANCES or str(o).startswith("sole rule of") for o in table["outcome"]]
    chances, others = table[is_chance], table[[not c for c in is_chance]]
    order = chances["effect"].abs().where(~chances["outcome"].isin(_CHANCES), np.inf)
    chances = chances.loc[order.sort_values(ascending=False, kind="stable").index].head(_MOST)
    panels = []
    if len(chances):
        rows = [Estimate(_label(r.outcome), r.effect, r.low, r.high) for r in chances.itertuples()]
        panels.append(("Effect on the chance of established sole rule (points)", True, rows))
    for row in others.itertuples():
        words = outcome_words(str(row.outcome))
        panels.append((f"Effect: {words}", False, [Estimate("", row.effect, row.low, row.high)]))
    return forest(panels, difference=True)
