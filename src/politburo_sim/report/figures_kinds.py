"""Figures of single kinds of experiment: windows, forecasts, survival, sensitivity, ideals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from politburo_sim.months import as_year
from politburo_sim.report.figures import (
    DARK,
    OKABE_ITO,
    STYLE,
    Values,
    fitted,
    headed,
    per_cent,
    tick_points,
)
from politburo_sim.report.words import lever_words, percent, sentence_case

#: A line that is looked at for a bound: beyond so much an intervention matters.
_BAND = "#ECECEC"


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


def forecast_figure(odds: pd.DataFrame, title: str) -> Figure:
    """Draw how sure one could be in each half-year: the end that came, and how open all was."""
    by_month = odds.groupby("month")
    at = np.array([as_year(month) for month in by_month.groups])
    key = "Histories of the ensemble: median (line), half of them (dark), nine in ten (light)."
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8.4, 5.6), layout="constrained")
        axes = figure.add_subplot(2, 1, 1)
        _quantiles(axes, at, by_month["end"])
        axes.set_ylim(0, 1)
        axes.yaxis.set_major_formatter(per_cent)
        axes.set_title("Chance given to the end that came", fontsize=9)
        axes = figure.add_subplot(2, 1, 2)
        _quantiles(axes, at, by_month["entropy"])
        axes.set_ylim(bottom=0)
        axes.set_title("How open it was: entropy of the forecast, in bits", fontsize=9)
        axes.set_xlabel("Half-year from which futures are forked")
        headed(figure, title, key)
    return figure


def _quantiles(axes: Any, at: Values, grouped: Any) -> None:
    ends = [grouped.quantile(q).to_numpy() for q in (0.05, 0.25, 0.5, 0.75, 0.95)]
    axes.fill_between(at, ends[0], ends[4], color=OKABE_ITO[0], alpha=0.18, linewidth=0)
    axes.fill_between(at, ends[1], ends[3], color=OKABE_ITO[0], alpha=0.35, linewidth=0)
    axes.plot(at, ends[2], color=OKABE_ITO[0])
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def survival_figure(
    shares: Mapping[str, tuple[Values, Values, Values]], years: int, title: str
) -> Figure:
    """Draw removals with and without a bond, before and under a sole rule, all on one scale.

    shares : words of a world -> shares, low and high ends of: before with a bond, before without,
    under with, under without.
    """
    most = max(float(high.max()) for _, _, high in shares.values())
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8.4, 3.9), layout="constrained")
        axes = figure.subplots(1, len(shares), sharey=True, squeeze=False)[0]
        for one, (words, (share, low, high)) in zip(axes, shares.items(), strict=True):
            for place, (x, colour, name) in enumerate(zip(
                (0, 1, 2.6, 3.6), (OKABE_ITO[0], OKABE_ITO[1]) * 2, ("bond", "no bond") * 2,
                strict=True,
            )):  # fmt: skip
                one.bar(x, share[place], 0.86, color=colour)
                one.vlines(x, low[place], high[place], color=DARK, linewidth=1.2)
                one.text(x, high[place] + 0.02 * most, percent(float(share[place])), ha="center",
                         va="bottom", fontsize=8.5)  # fmt: skip
                one.text(x, -0.03 * most, name, ha="center", va="top", fontsize=8.5)
            for x, words_below in ((0.5, "before a sole rule"), (3.1, "under it")):
                one.text(x, -0.11 * most, words_below, ha="center", va="top")
            one.set_xticks([])
            one.set_title(sentence_case(words), fontsize=9)
            one.set_ylim(0, 1.15 * most)
            one.yaxis.set_major_formatter(per_cent)
        key = (
            "Share of those who sit at the end of a year and are removed within "
            f"{number_of(years)} years, by whether they have a bond to the strongest member; "
            "lines: 95 % intervals."
        )
        headed(figure, title, key)
    return figure


def number_of(years: int) -> str:
    """Return a small number of years in words."""
    return {1: "one", 2: "two", 3: "three"}.get(years, str(years))


def sensitivity_figure(
    table: pd.DataFrame, columns: Sequence[tuple[str, str, str]], title: str, axis: str, key: str
) -> Figure:
    """Draw the strongest parameters from the top: (column, its interval, words), none below nought.

    Those whose interval of the first column reaches nought are said, not drawn.
    """
    value, half, _ = columns[0]
    sure = table[(table[value] - table[half] > 0) & (table[value] > 0)].head(20)
    top = sure if len(sure) else table.head(10)
    if len(top) < len(table):
        key += f" The other {len(table) - len(top)} parameters cannot be told from nought, or are "
        key += "weaker than all that are drawn."
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8.0, 1.5 + 0.3 * len(top)), layout="constrained")
        axes = figure.add_subplot()
        for place, (name, width, words) in enumerate(columns):
            down = np.arange(len(top)) + 0.26 * (place - (len(columns) - 1) / 2)
            at = np.clip(top[name].to_numpy(float), 0, None)
            low = np.clip(top[name] - top[width], 0, None)
            axes.hlines(down, low, top[name] + top[width], color=OKABE_ITO[3 * place], linewidth=2)
            axes.plot(at, down, "os"[place % 2], color=OKABE_ITO[3 * place], markersize=5.5,
                      label=words)  # fmt: skip
        axes.set_yticks(range(len(top)), [sentence_case(lever_words(n)) for n in top["parameter"]])
        axes.set_ylim(len(top) - 0.5, -0.5)
        axes.set_xlim(left=0)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color="#E6E6E6", linewidth=0.7)
        axes.set_axisbelow(True)
        axes.set_xlabel(axis)
        if len(columns) > 1:
            axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2)
        headed(figure, title, key)
    return figure


def ideals_figure(table: pd.DataFrame, title: str) -> Figure:
    """Draw how much of ideals roll calls tell, and how united they look, as unity rises."""
    key = "Points: means over histories; bands: 95 % intervals."
    upper = (("recovered", "true ideals"), ("shuffled", "ideals shuffled among members"))
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7.6, 5.4), layout="constrained")
        axes = figure.add_subplot(2, 1, 1)
        for place, (name, words) in enumerate(upper):
            _curve(axes, table, name, OKABE_ITO[3 * place], words)
        axes.axhline(0, color=DARK, linewidth=0.8)
        axes.yaxis.set_major_formatter(per_cent)
        axes.set_title("Part of the variance of ideals that roll calls explain", fontsize=9)
        axes.legend(frameon=False)
        axes = figure.add_subplot(2, 1, 2)
        _curve(axes, table, "rice", OKABE_ITO[0], "Rice index")
        axes.set_ylim(0, 1.03)
        axes.set_title("Rice index of the roll calls (1: all vote alike)", fontsize=9)
        axes.set_xlabel("Unity: cost of dissent from the expected majority")
        headed(figure, title, key)
    return figure


def _curve(axes: Any, table: pd.DataFrame, name: str, colour: str, words: str) -> None:
    axes.fill_between(table["unity"], table[f"{name}_low"], table[f"{name}_high"], color=colour,
                      alpha=0.22, linewidth=0)  # fmt: skip
    axes.plot(table["unity"], table[name], "o-", color=colour, label=words, markersize=4)
