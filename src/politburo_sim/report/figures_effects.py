"""Figures of contrasts: small panels on one scale, sorted, each row with its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from politburo_sim.record.words import listed
from politburo_sim.report.contrasts import Panel, Row, Sheet
from politburo_sim.report.figures import (
    DARK,
    KEY_SIZE,
    OKABE_ITO,
    SOFT,
    STYLE,
    difference_tick,
    fitted,
    headed,
    per_cent,
    tick_points,
)
from politburo_sim.report.words import sentence_case

_LABEL, _SIZE, _LINE = 2.7, 8.5, 0.15
"""Inches of a row's label, its points, and inches of its lines."""
_ACROSS = 3
_WIDE = {1: 4.6, 2: 2.7, 3: 1.9}
"""Most panels beside one another, and inches of each, by how many do."""
KEY = (
    "Dot: mean over the ensemble of parameter sets. Thick line: its 95 % interval. Thin line: nine "
    "in ten of the sets."
)
_POINTS = " Points are hundredths of a chance or share."


def sheet_figure(sheet: Sheet, title: str) -> Figure:
    """Draw a sheet with its title and its key.

    Panels of a grid share their rows, and those of one unit share one scale; where no row is in two
    of them they stand one below the other.
    """
    panels = [panel for panel in sheet.panels if panel.rows]
    labels = _labels(panels)
    if sheet.grid and (len(panels) == 1 or len(labels) < sum(len(p.rows) for p in panels)):
        return _beside(sheet, panels, labels, title)
    return _below(sheet, panels, title)


def _labels(panels: Sequence[Panel]) -> list[str]:
    longest = max(panels, key=lambda panel: len(panel.rows)).rows if panels else ()
    first = [row.label for row in longest]
    return first + [
        label for panel in panels for row in panel.rows if (label := row.label) not in first
    ]


def _tall(labels: Sequence[str], width: float) -> float:
    """Return the inches of a row, which hold the longest label's lines."""
    lines = max((fitted(label, width, _SIZE).count("\n") + 1 for label in labels), default=1)
    return 0.13 + _LINE * lines


def _beside(sheet: Sheet, panels: Sequence[Panel], labels: list[str], title: str) -> Figure:
    """Draw panels side by side, three at most in a row of them."""
    lines = [panels[start : start + _ACROSS] for start in range(0, len(panels), _ACROSS)]
    across = len(lines[0])
    wide = _WIDE[across]
    numbers = 0.95 if sheet.beside else 0.0
    key = _key(sheet, panels)
    width = _LABEL + 0.3 + across * (wide + 0.55) + numbers
    head = max(fitted(sentence_case(p.words), wide + 0.4, 9).count("\n") for p in panels)
    each = 0.6 + 0.15 * head + _tall(labels, _LABEL) * len(labels)
    height = 0.8 + each * len(lines) + 0.13 * fitted(key, width, KEY_SIZE).count("\n")
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        ratios = [wide] * across + [0.6] * bool(numbers)
        grid = figure.add_gridspec(len(lines), len(ratios), width_ratios=ratios)
        for line, some in enumerate(lines):
            for place, panel in enumerate(some):
                axes = figure.add_subplot(grid[line, place])
                _draw(axes, panel, labels, _scale(panel, panels))
                axes.set_title(fitted(sentence_case(panel.words), wide + 0.4, 9), fontsize=9)
                if place:
                    axes.set_yticks([])
                else:
                    _name_rows(axes, labels)
            if numbers:
                _write_numbers(figure.add_subplot(grid[line, across]), sheet, labels)
        headed(figure, title, key)
    return figure


def _below(sheet: Sheet, panels: Sequence[Panel], title: str) -> Figure:
    key = _key(sheet, panels, marked=True)
    heights = [0.5 + _tall([row.label for row in p.rows], _LABEL + 1) * len(p.rows) for p in panels]
    with matplotlib.rc_context(STYLE):
        size = (9.0, 0.9 + sum(heights) + 0.13 * key.count("\n"))
        figure = Figure(figsize=size, layout="constrained")
        grid = figure.add_gridspec(len(panels), 1, height_ratios=heights)
        for place, panel in enumerate(panels):
            axes = figure.add_subplot(grid[place])
            labels = [row.label for row in panel.rows]
            _draw(axes, panel, labels, _scale(panel, [panel]))
            axes.set_title(sentence_case(panel.words), fontsize=9)
            _name_rows(axes, labels, _LABEL + 1, {row.label: row.marks for row in panel.rows})
        headed(figure, title, key)
    return figure


def _key(sheet: Sheet, panels: Sequence[Panel], marked: bool = False) -> str:
    said = KEY + _POINTS * any(panel.share and not panel.level for panel in panels)
    if any(not panel.level and row.low <= 0 <= row.high for panel in panels for row in panel.rows):
        said += " Grey: the interval includes nought."
    if marked and any(row.marks for panel in panels for row in panel.rows):
        said += " In bold: a claim of the essay rests on it."
    if sheet.still:
        said += f" Within a point of nought, and not drawn: {listed(sheet.still)}."
    if sheet.unsure:
        said += f" {len(sheet.unsure)} others, whose intervals include nought in all panels, stand "
        said += "in the table alone."
    return said


def _scale(panel: Panel, panels: Sequence[Panel]) -> tuple[float, float]:
    """Return the ends of the scale that all panels of a kind share.

    Levels run from 0 to 100 %; those that are numbers to 1 at least, so that nought looks like it.
    """
    if panel.level and panel.share:
        return -0.01, 1.01
    same = [row for other in panels for row in other.rows
            if (other.level, other.share) == (panel.level, panel.share)]  # fmt: skip
    ends = np.array([[row.least, row.low, row.high, row.most] for row in same])
    low, high = float(np.nanmin(ends)), float(np.nanmax(ends))
    low, high = (0.0, max(high, 1.0)) if panel.level else (min(low, 0.0), max(high, 0.0))
    pad = 0.05 * max(high - low, 1e-9)
    bound = 1.0 if panel.share else np.inf
    return max(low - pad, -bound), min(high + pad, bound)


def _draw(axes: Any, panel: Panel, labels: Sequence[str], scale: tuple[float, float]) -> None:
    """Draw a panel's rows, each with its number at the right."""
    rows: dict[str, Row] = {row.label: row for row in panel.rows}
    for place, label in enumerate(labels):
        if place % 2 == 0:
            axes.axhspan(place - 0.5, place + 0.5, color="#F6F6F6", linewidth=0, zorder=0)
        row = rows.get(label)
        if row is None:
            continue
        sure = panel.level or row.low > 0 or row.high < 0
        colour = OKABE_ITO[0] if sure else "#767676"
        axes.hlines(place, row.least, row.most, color=colour, linewidth=1.0, alpha=0.55)
        axes.hlines(place, row.low, row.high, color=colour, linewidth=3.6)
        axes.plot(row.mean, place, "o", color=colour, markersize=4.8, markeredgecolor="white",
                  markeredgewidth=0.6)  # fmt: skip
        axes.annotate(
            panel.said(row), (1, place), xycoords=("axes fraction", "data"), xytext=(4, 0),
            textcoords="offset points", va="center", fontsize=8, color=DARK,
            annotation_clip=False, fontweight="bold" if sure and not panel.level else "normal",
        )  # fmt: skip
    axes.set_xlim(*scale)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    if not panel.level:
        axes.axvline(0, color=DARK, linewidth=0.9)
    axes.xaxis.set_major_formatter(
        per_cent if panel.level and panel.share else tick_points if panel.share else difference_tick
    )
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=7.5)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color="#E6E6E6", linewidth=0.7)
    axes.set_axisbelow(True)


def _name_rows(
    axes: Any, labels: Sequence[str], width: float = _LABEL, marks: dict[str, str] | None = None
) -> None:
    """Write the rows' labels, with the claims that rest on them."""
    named = [fitted(sentence_case(label) + _mark(label, marks), width, _SIZE) for label in labels]
    axes.set_yticks(range(len(labels)), named, fontsize=_SIZE)
    for label, tick in zip(labels, axes.get_yticklabels(), strict=True):
        if marks and marks.get(label):
            tick.set_fontweight("bold")


def _mark(label: str, marks: dict[str, str] | None) -> str:
    return f" [{marks[label]}]" if marks and marks.get(label) else ""


def _write_numbers(axes: Any, sheet: Sheet, labels: Sequence[str]) -> None:
    """Write in how many runs each row's precondition was met."""
    axes.axis("off")
    axes.set_xlim(0, 1)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_title(fitted("precondition met", 0.9, 8), fontsize=8, color=SOFT)
    for place, label in enumerate(labels):
        axes.text(0.05, place, sheet.beside.get(label, ""), va="center", fontsize=8, color=DARK)
