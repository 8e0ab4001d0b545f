"""Windows: what an intervention does, by the month in which it is made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import matplotlib
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from politburo_sim.lab.plan import Results
from politburo_sim.months import as_year, month_name
from politburo_sim.report.experiments import headline
from politburo_sim.report.figures import DARK, OKABE_ITO, STYLE, fitted, headed, save, tick_points
from politburo_sim.report.page import Drawing
from politburo_sim.report.words import sentence_case
from politburo_sim.worlds.scenario import load_scenario

#: The colour of the band within which an intervention does not matter.
_BAND = "#ECECEC"


def draw(results: Results, figures: Path) -> tuple[str, list[Drawing]]:
    """The month of closing in words, and the window."""
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
    figure = window_figure(table, names, experiment.within, headline(experiment))
    caption = f"Effect on the chance of sole rule of {experiment.member} by month of intervention."
    return said, [Drawing(save(figure, figures, "window"), caption)]


def window_figure(
    table: pd.DataFrame, names: Mapping[str, str], within: float, title: str
) -> Figure:
    """Draw the effect of each intervention by month, all on one scale, with its precondition below.

    names : interventions in words; those whose band never leaves +-within are said, not drawn.
    """
    groups = {name: part for name, part in table.groupby("intervention", sort=False)}
    moving = [n for n, p in groups.items() if max(-p["low"].min(), p["high"].max()) > within]
    drawn = moving or list(groups)
    still = [sentence_case(names[str(n)]) for n in groups if n not in drawn]
    columns = min(2, len(drawn))
    rows = -(-len(drawn) // columns)
    low = min(-1.2 * within, *(float(groups[n]["low"].min()) for n in drawn))
    high = max(1.2 * within, *(float(groups[n]["high"].max()) for n in drawn))
    key = (
        "Line: effect on the chance of sole rule, in points, of the intervention made in that "
        "month; band: 95 %, for all points of all interventions together. Grey: "
        f"{100 * within:.0f} points either way. Bars below: share of runs in which its "
        "precondition is met."
    )
    if still:
        key += f" Never surely beyond the grey, and not drawn: {'; '.join(still)}."
    with matplotlib.rc_context({**STYLE, "font.size": 8.0}):
        figure = Figure(figsize=(9.2, 1.3 + 2.5 * rows), layout="constrained")
        grid = figure.add_gridspec(2 * rows, columns, height_ratios=[1.0, 0.22] * rows)
        for place, name in enumerate(drawn):
            row, column = divmod(place, columns)
            part = groups[name]
            at = part["month"].map(as_year).to_numpy()
            axes = figure.add_subplot(grid[2 * row, column])
            axes.axhspan(-within, within, color=_BAND, linewidth=0)
            axes.fill_between(at, part["low"], part["high"], color=OKABE_ITO[0], alpha=0.28, lw=0)
            axes.plot(at, part["effect"], color=OKABE_ITO[0])
            axes.axhline(0, color=DARK, linewidth=0.8)
            axes.set_title(fitted(sentence_case(names[str(name)]), 4.2, 9), fontsize=9)
            axes.set_ylim(1.05 * low, 1.05 * high)
            axes.yaxis.set_major_formatter(tick_points)
            axes.tick_params(axis="x", labelbottom=False)
            axes.set_ylabel("points" if column == 0 else "")
            under = figure.add_subplot(grid[2 * row + 1, column], sharex=axes)
            under.fill_between(at, 0, part["precondition"], color="#9A9A9A", linewidth=0)
            under.set_ylim(0, 1)
            under.set_yticks([0, 1], ["0 %", "100 %"], fontsize=7)
            under.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        headed(figure, title, key)
    return figure
