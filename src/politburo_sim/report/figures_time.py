"""Figures over time: when twins part, and the odds river."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.textpath import TextPath
from numpy.typing import ArrayLike

from politburo_sim.report.figures import DARK, OKABE_ITO, STYLE, Values, per_cent


def parting_histogram(parting: ArrayLike, start: tuple[int, int], step: int = 6) -> Figure:
    """Draw when twins part, half-year by half-year; those that never do stand apart in grey."""
    months = np.asarray(parting, dtype=int)
    parted = months[months >= 0] + start[1] - 1
    bins = np.arange(0, (int(parted.max()) // step + 2 if parted.size else 2) * step, step)
    counts, edges = np.histogram(parted, bins)
    years = start[0] + edges / 12
    width = step / 12
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 3.0), layout="constrained")
        axes = figure.add_subplot()
        share = counts / max(months.size, 1)
        axes.bar(years[:-1], share, width=0.92 * width, align="edge", color=OKABE_ITO[0])
        end = float(years[-1])
        apart = max(0.06 * (end - start[0]), width)
        never = float(np.mean(months < 0)) if months.size else 0.0
        axes.bar([end + apart], [never], width=apart, align="edge", color="#9a9a9a")
        axes.set_xlim(start[0] - 0.3 * width, end + 2.4 * apart)
        whole = np.arange(start[0], math.floor(end) + 1)
        whole = whole[:: max(1, math.ceil(len(whole) / 9))]
        whole = whole[whole < end + 0.4 * apart]
        ticks = [*whole.tolist(), end + 1.5 * apart]
        axes.set_xticks(ticks, [*map(str, whole.tolist()), "never"])
        axes.yaxis.set_major_formatter(per_cent)
        axes.set_xlabel("First month in which the two worlds differ, by half-year")
        axes.set_ylabel("Share of pairs")
    return figure


@dataclass(frozen=True)
class Band:
    """One band of the river: whose it is, its colour, and its chance in each month."""

    label: str
    colour: str
    chances: Values


def shades(count: int) -> list[str]:
    """Return so many colours: the safe seven, then the same mixed with white, then with black."""

    def mixed(colour: str, other: float) -> str:
        parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return "#" + "".join(f"{round(0.5 * part + 0.5 * other):02x}" for part in parts)

    all_shades = [
        *OKABE_ITO, *(mixed(c, 255) for c in OKABE_ITO), *(mixed(c, 0) for c in OKABE_ITO)
    ]  # fmt: skip
    return [all_shades[i % len(all_shades)] for i in range(count)]


LABEL_SIZE = 7.5
"""Points of an event's label."""
_LEGEND = 20  # characters in a line of the legend


def lanes(at: Sequence[float], widths: Sequence[float]) -> list[int]:
    """Give each label, written to the right of its place, a height at which nothing crosses it.

    From the right: a label stands above all later ones that begin before it ends, so that it
    meets neither their words nor the lines that lead up to them.
    """
    found = [0] * len(at)
    for i in reversed(range(len(at))):
        below = [found[j] for j in range(i + 1, len(at)) if at[j] < at[i] + widths[i]]
        found[i] = max(below) + 1 if below else 0
    return found


def river(
    years: Values, bands: Sequence[Band], events: Sequence[tuple[float, str]], label: str
) -> Figure:
    """Draw chances over time, stacked from the bottom, with marked events above."""
    width, right, left, bottom, height, lane_height = 6.6, 1.75, 0.75, 0.55, 3.5, 0.17
    events = sorted(events)
    per_year = width / max(float(years[-1] - years[0]), 1e-9)
    at = [(year - float(years[0])) * per_year for year, _ in events]
    with matplotlib.rc_context(STYLE):
        widths = [_inches(words) + 0.12 for _, words in events]
    lane = lanes(at, widths)
    top = 0.15 + lane_height * (max(lane, default=-1) + 1)
    whole = (left + width + right, bottom + height + top)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=whole)
        box = (left / whole[0], bottom / whole[1], width / whole[0], height / whole[1])
        axes = figure.add_axes(box)
        drawn = axes.stackplot(
            years, np.array([band.chances for band in bands]),
            colors=[band.colour for band in bands], edgecolor="white", linewidth=0.5,
        )  # fmt: skip
        for (year, words), level in zip(events, lane, strict=True):
            high = 1 + (0.06 + lane_height * level) / height
            line = axes.plot([year, year], [0, high + 0.1 / height], color=DARK, linewidth=0.6)
            line[0].set_clip_on(False)
            axes.annotate(
                words, (year, high), xytext=(2.5, 0), textcoords="offset points",
                fontsize=LABEL_SIZE, va="bottom", annotation_clip=False, color=DARK,
            )  # fmt: skip
        axes.set_xlim(float(years[0]), max(float(years[-1]), float(years[0]) + 1 / 12))
        axes.set_ylim(0, 1)
        axes.yaxis.set_major_formatter(per_cent)
        first, last = math.ceil(float(years[0])), math.floor(float(years[-1]))
        axes.set_xticks(np.arange(first, last + 1, 1 + max(0, last - first) // 12))
        axes.set_xlabel("Year (futures are forked from the state of each month)")
        axes.set_ylabel(label)
        axes.legend(
            drawn[::-1], [fill(band.label, _LEGEND) for band in bands][::-1], loc="upper left",
            bbox_to_anchor=(1.01, 1.02), frameon=False, fontsize=8, labelspacing=0.45,
            handlelength=1.2,
        )  # fmt: skip
    return figure


def _inches(words: str) -> float:
    """Return how wide an event's label is."""
    return (
        float(TextPath((0, 0), words, size=LABEL_SIZE).get_extents().width) / 72 if words else 0.0
    )
