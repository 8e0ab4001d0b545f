"""Figures over time: when twins part."""

from __future__ import annotations

import math

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from politburo_sim.months import month_name
from politburo_sim.report.figures import OKABE_ITO, STYLE, TITLE_SIZE, headed, per_cent
from politburo_sim.report.words import percent

#: Where so many pairs part in one month, a sentence says more than a picture of one bar.
_AT_ONCE = 0.95


def parting_histogram(parting: ArrayLike, start: tuple[int, int], step: int = 6) -> Figure:
    """Draw when twins part, half-year by half-year; those that never do stand apart in grey.

    Where nearly all part in one month, or none ever does, that is said in the figure's place.
    """
    months = np.asarray(parting, dtype=int)
    title = "When do the two worlds first differ?"
    never = float(np.mean(months < 0)) if months.size else 0.0
    values, counts = np.unique(months[months >= 0], return_counts=True)
    if never == 1:
        return _sentence(title, "They never differ.")
    if counts.size and counts.max() > _AT_ONCE * months.size:
        first = month_name(start, int(values[counts.argmax()]))
        return _sentence(title, f"In {percent(counts.max() / months.size)} of pairs in {first}.")
    parted = months[months >= 0] + start[1] - 1
    bins = np.arange(0, (int(parted.max()) // step + 2 if parted.size else 2) * step, step)
    counts, edges = np.histogram(parted, bins)
    years = start[0] + edges / 12
    width = step / 12
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7.6, 3.6), layout="constrained")
        axes = figure.add_subplot()
        share = counts / max(months.size, 1)
        axes.bar(years[:-1], share, width=0.92 * width, align="edge", color=OKABE_ITO[0])
        end = float(years[-1])
        apart = max(0.06 * (end - start[0]), width)
        axes.bar([end + apart], [never], width=apart, align="edge", color="#9a9a9a")
        axes.set_xlim(start[0] - 0.3 * width, end + 2.4 * apart)
        whole = np.arange(start[0], math.floor(end) + 1)
        whole = whole[:: max(1, math.ceil(len(whole) / 9))]
        whole = whole[whole < end + 0.4 * apart]
        ticks = [*whole.tolist(), end + 1.5 * apart]
        axes.set_xticks(ticks, [*map(str, whole.tolist()), "never"])
        axes.yaxis.set_major_formatter(per_cent)
        axes.set_ylabel("Share of pairs")
        headed(
            figure, title, "Bars: share of pairs that first differ in that half-year, in the "
            "largest share of power or in who holds it. Grey: pairs that never differ.",
        )  # fmt: skip
    return figure


def _sentence(title: str, said: str) -> Figure:
    """Return a sentence in the place of a picture with nothing to see."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7.6, 0.8))
        figure.text(0.015, 0.86, title, fontsize=TITLE_SIZE, fontweight="bold", va="top")
        figure.text(0.015, 0.2, said, fontsize=10)
    return figure
