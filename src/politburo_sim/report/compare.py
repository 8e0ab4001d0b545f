"""The report of a comparison: effects with intervals, and when the twins part."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from politburo_sim.outcomes import SOLE_RULE_OF, is_share, outcome_words
from politburo_sim.report.figures import Estimate, forest, save
from politburo_sim.report.figures_time import parting_histogram
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.words import (
    number,
    percent,
    signed,
    signed_interval,
)

if TYPE_CHECKING:
    from politburo_sim.lab.twins import Twins

_ANYBODY = "established"
_MOST = 10


def compare_report(folder: Path, result: Twins, command: str | None = None) -> Path:
    """Draw the effects and the months of parting, and write the page; its path.

    ``command`` is what was typed; without it the page names the worlds and the number of pairs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    result.table.to_csv(folder / "effects.csv", index=False)
    page = Page(
        title=f"{result.alt} against {result.base}",
        question=f"What is different in {result.alt}, with the same luck as in {result.base}?",
        finding=[finding(result), aside(result)],
        design=[
            f"{result.pairs} pairs of runs, one in each world, that draw the same luck, so that a "
            "pair parts only by what differs between the worlds. Effects are means of paired "
            f"differences, {result.alt} less {result.base}, with 95 % intervals."
        ],
        figures=drawings(result, folder / "figures"),
        tables=[Table(in_words(result), "Outcomes in both worlds")],
        command=command
        or f"politburo-sim compare {result.base} {result.alt} --runs {result.pairs}",
    )
    return write(page, folder)


def drawings(result: Twins, folder: Path) -> list[Drawing]:
    """The figures: effects, then months of parting."""
    return [
        Drawing(
            save(effects(result.table), folder, "effects"),
            f"Effects with 95 % intervals; of the chances of sole rule, the {_MOST} that change "
            "most at most. All are in the table.",
            alt=f"Points with intervals about a line at nought. {finding(result)}",
        ),
        Drawing(
            save(parting_histogram(result.parting, result.start), folder, "parting"),
            "When the two worlds of a pair first differ in the largest share of power or in who "
            "holds it.",
            alt=f"Histogram of months. {never_parted(result)}",
        ),
    ]


def finding(result: Twins) -> str:
    """The first sentence, from the figures alone."""
    sure = "excludes" if result.low > 0 or result.high < 0 else "includes"
    return (
        f"The chance of an established sole ruler changes by {signed(result.effect, points=True)} "
        f"(95 % interval {signed_interval(result.low, result.high, points=True)}) over "
        f"{result.pairs} pairs; the interval {sure} nought."
    )


def never_parted(result: Twins) -> str:
    """How often nothing comes of the difference."""
    never = float(np.mean(result.parting < 0))
    return f"The two worlds never differ in {percent(never)} of the pairs."


def aside(result: Twins) -> str:
    """What else the pairs show."""
    said = [
        f"Another member, or nobody, rules in {percent(result.flipped)} of the pairs.",
        never_parted(result),
        f"The precondition was met in {percent(result.applied)} of the pairs.",
    ]
    if math.isfinite(result.saving):
        said.append(f"Unpaired runs would need {result.saving:.1f} times as many.")
    return " ".join(said)


def in_words(result: Twins) -> pd.DataFrame:
    """The table of outcomes as a reader says it."""
    rows = []
    for row in result.table.itertuples():
        share = is_share(row.outcome)
        rows.append(
            (
                outcome_words(row.outcome),
                number(row.base, share=share),
                number(row.alt, share=share),
                signed(row.effect, points=share),
                signed_interval(row.low, row.high, points=share),
            )
        )
    return pd.DataFrame(
        rows, columns=["outcome", result.base, result.alt, "effect", "95 % interval"]
    )


def effects(table: pd.DataFrame) -> Figure:
    """Effects on chances in points, the largest first after "anybody"; other outcomes below."""
    chance = (table["outcome"] == _ANYBODY) | table["outcome"].str.startswith(SOLE_RULE_OF)
    rows = [
        Estimate(_whose(row.outcome), row.effect, row.low, row.high)
        for row in _first(table[chance]).itertuples()
    ]
    panels = [("Effect on the chance of established sole rule (points)", True, rows)]
    for row in table[~chance].itertuples():
        share = is_share(row.outcome)
        label = f"Effect on: {outcome_words(row.outcome).lower()}{' (points)' if share else ''}"
        panels.append((label, share, [Estimate("", row.effect, row.low, row.high)]))
    return forest([panel for panel in panels if panel[2]], difference=True)


def _whose(outcome: str) -> str:
    return "anybody" if outcome == _ANYBODY else outcome.removeprefix(SOLE_RULE_OF)


def _first(chances: pd.DataFrame) -> pd.DataFrame:
    """Anybody, then members by the size of the effect; not those who rule in neither world."""
    anybody = chances["outcome"] == _ANYBODY
    seen = chances[anybody | (chances["base"] > 0) | (chances["alt"] > 0)]
    size = seen["effect"].abs().mask(anybody, np.inf)
    order = size.sort_values(ascending=False, kind="stable").index
    return seen.loc[order].head(_MOST)
