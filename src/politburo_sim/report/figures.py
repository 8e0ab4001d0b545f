"""Figures that a paper could print: drawn without global state, the same bytes each time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from logging import getLogger
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import get_font_names
from matplotlib.textpath import TextPath
from numpy.typing import NDArray

from politburo_sim.report.words import (
    interval,
    minus,
    number,
    signed,
    signed_interval,
)

#: Colours that are told apart with any colour vision (Okabe and Ito 2008), black left out.
OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442")
GREY = "#D0D0D0"
DARK, SOFT = "#333333", "#595959"
#: Points of a figure's title and of its key, and what stands for words that are cut off.
TITLE_SIZE, KEY_SIZE = 11.0, 8.0
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
DOTS_PER_INCH = 160
#: What comes with matplotlib, and for letters that it lacks those of these that are installed.
FONT = "DejaVu Sans"
_OTHER_SCRIPTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans SC", "Noto Sans JP",
    "Source Han Sans SC", "WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC", "Hiragino Sans",
    "Malgun Gothic", "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Sans Thai",
)  # fmt: skip
STYLE: Any = {
    "font.family": [FONT, *(one for one in _OTHER_SCRIPTS if one in set(get_font_names()))],
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": DARK,
    "axes.titlesize": 10.0,
    "axes.titlelocation": "left",
    "svg.fonttype": "path",
    "text.parse_math": False,  # a name may hold any characters, and none is a formula
}

# That one of those fonts has no bold letters is nothing that a reader could do anything about.
getLogger("matplotlib.font_manager").addFilter(
    lambda told: "Failed to find font weight" not in told.getMessage()
)

#: Words are wider on a screen of few dots than on paper, and in bold than in plain letters.
_WIDER, BOLD = 1.04, 1.14

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """One row of a forest: what it is of, the estimate and its interval."""

    label: str
    value: float
    low: float
    high: float


def save(figure: Figure, folder: Path, name: str) -> str:
    """Write a figure as PNG and SVG into a folder; return the SVG.

    Neither file holds a date or a version, and ids come from the figure's name alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    FigureCanvasAgg(figure)
    held = BytesIO()
    with matplotlib.rc_context({**STYLE, "svg.hashsalt": f"politburo-sim {name}"}):
        figure.savefig(
            folder / f"{name}.png", dpi=DOTS_PER_INCH, metadata={"Software": None}, facecolor="w"
        )
        metadata = {"Date": None, "Creator": None, "Format": None, "Type": None}
        figure.savefig(held, format="svg", metadata=metadata, facecolor="w")
    svg = held.getvalue().decode("utf-8")
    (folder / f"{name}.svg").write_text(svg, encoding="utf-8", newline="\n")
    return svg


def luminance(colour: Any) -> float:
    """Return the relative luminance of a colour, 0 for black to 1 for white (WCAG 2.1)."""
    parts = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in to_rgb(colour)
    )
    return float(sum(w * part for w, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True)))


def contrast(one: Any, other: Any) -> float:
    """Return the contrast of two colours, from 1 to 21; words need 4.5 (WCAG 2.1)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(colour: Any) -> str:
    """Return black or white, whichever is read better on a colour."""
    return "black" if contrast("black", colour) >= contrast("white", colour) else "white"


@cache
def inches(words: str, size: float) -> float:
    """Return how wide a line of words is in print at the most; size in points."""
    if not words.strip():
        return 0.0
    with matplotlib.rc_context(STYLE):
        across = TextPath((0, 0), words, size=size).vertices[:, 0]  # their hull: exact is slow
    return _WIDER * float(np.ptp(across)) / 72


def fitted(words: str, width: float, size: float) -> str:
    """Break words into lines of so many inches; a word that is longer stands alone, shortened."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {brief(word, width, size)}".strip()
        if lines[-1] and inches(longer, size) > width:
            lines.append(brief(word, width, size))
        else:
            lines[-1] = longer
    return "\n".join(lines)


def brief(words: str, width: float, size: float) -> str:
    """Shorten words to so many inches; what is cut off is marked."""
    if inches(words, size) <= width:
        return words
    over = bisect_right(
        range(1, len(words)), width, key=lambda n: inches(words[:n] + ELLIPSIS, size)
    )
    return words[:over].rstrip() + ELLIPSIS


def headed(figure: Figure, title: str, key: str = "") -> None:
    """Set what a figure shows above it and how to read it below, so that it can stand alone."""
    width = figure.get_figwidth() - 0.25
    layout: Any = figure.get_layout_engine()
    layout.set(w_pad=0.09, h_pad=0.09)
    figure.suptitle(
        fitted(title, width / BOLD, TITLE_SIZE), x=0.1 / figure.get_figwidth(), ha="left",
        fontsize=TITLE_SIZE, fontweight="bold",
    )  # fmt: skip
    if key:
        figure.supxlabel(
            fitted(key, width, KEY_SIZE), x=0.1 / figure.get_figwidth(), ha="left",
            fontsize=KEY_SIZE, color=SOFT,
        )  # fmt: skip


def per_cent(value: float, _place: float = 0) -> str:
    """Label of a tick on an axis of shares."""
    return f"{100 * value:.0f} %"


def wrapped(words: str, width: int) -> str:
    """Break a long label into lines; a no-break space holds."""
    lines = [""]
    for word in words.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def forest(
    panels: Sequence[tuple[str, bool, Sequence[Estimate]]], *, difference: bool, title: str = "",
    key: str = "",
) -> Figure:  # fmt: skip
    """Draw estimates with intervals under one another, each panel on its own scale.

    A panel is its axis in words, whether its values are shares, and its rows from the top.
    Differences are drawn about a line at nought, and the scale is the same to both sides of it.
    """
    heights = [_row_height(rows) * len(rows) + 0.75 for _, _, rows in panels]
    with matplotlib.rc_context(STYLE):
        extra = 0.9 if title else 0.15
        figure = Figure(figsize=(7.8, sum(heights) + extra), layout="constrained")
        grid = figure.add_gridspec(len(panels), 1, height_ratios=heights)
        for place, (label, share, rows) in enumerate(panels):
            _forest_panel(figure.add_subplot(grid[place]), label, share, rows, difference)
        if title:
            headed(figure, title, key)
    return figure


def _row_label(row: Estimate) -> str:
    return wrapped(row.label, 48)


def _row_height(rows: Sequence[Estimate]) -> float:
    """Return the inches between rows, which hold the longest label's lines."""
    return 0.16 + 0.15 * max((_row_label(row).count("\n") + 1 for row in rows), default=1)


def _forest_panel(
    axes: Any, label: str, share: bool, rows: Sequence[Estimate], difference: bool
) -> None:
    down = np.arange(len(rows))
    value, low, high = (
        np.array([getattr(row, end) for row in rows], dtype=float)
        for end in ("value", "low", "high")
    )
    axes.hlines(down, low, high, color=OKABE_ITO[0], linewidth=2)
    axes.plot(value, down, "o", color=OKABE_ITO[0], markersize=5.5)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_yticks(down, [_row_label(row) for row in rows])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color="#e6e6e6", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel(label)
    if difference:
        reach = 1.12 * max(np.nanmax(np.abs([low, high, value]), initial=0.0), 1e-9)
        axes.set_xlim(-reach, reach)
        axes.axvline(0, color=DARK, linewidth=1)
        axes.xaxis.set_major_formatter(tick_points if share else difference_tick)
    elif share:
        axes.set_xlim(-0.02, 1.02)
        axes.xaxis.set_major_formatter(per_cent)
    beside = axes.secondary_yaxis("right")
    beside.set_yticks(down, [_forest_text(row, share, difference) for row in rows])
    beside.tick_params(length=0, labelsize=8)
    beside.spines["right"].set_visible(False)


def difference_tick(value: float, _place: float = 0) -> str:
    """Label of a tick on an axis of differences."""
    return minus(f"{value:+.4g}") if abs(value) > 1e-12 else "0"


def tick_points(value: float, _place: float = 0) -> str:
    """Label of a tick on an axis of differences of shares."""
    return difference_tick(100 * value)


def _forest_text(row: Estimate, share: bool, difference: bool) -> str:
    if not difference:
        ends = interval(row.low, row.high, share=share)
        return f"{number(row.value, share=share)} ({ends})"
    ends = signed_interval(row.low, row.high, points=share, unit=False)
    return f"{signed(row.value, points=share, unit=False)} ({ends})"
