"""Figures that a paper could print: drawn without global state, the same bytes each time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray
from pandas import DataFrame

from politburo_sim.report.words import (
    MINUS,
    interval,
    is_number,
    number,
    signed,
    signed_interval,
    value_words,
)

#: Colours that are told apart with any colour vision (Okabe and Ito 2008), black left out.
OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442")
GREY = "#D0D0D0"
DARK = "#333333"
DOTS_PER_INCH = 160
STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": DARK,
    "axes.titlesize": 10.0,
    "axes.titlelocation": "left",
    "svg.fonttype": "path",
    "text.parse_math": False,  # a name may hold any characters, and none is a formula
}

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


def ink_on(colour: Sequence[float]) -> str:
    """Return black or white, whichever is read better on a colour."""
    red, green, blue = colour[:3]
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 0.5 else "white"


def _grid(
    frame: DataFrame, column: str, rows: str, columns: str, shape: Sequence[list[Any]]
) -> Values:
    """Return a column of the table as a matrix, rows by columns; nan where there is no point."""
    held = {(r, c): v for r, c, v in zip(frame[rows], frame[columns], frame[column], strict=True)}
    return np.array([[held.get((r, c), math.nan) for c in shape[1]] for r in shape[0]], dtype=float)


def _cells(axes: Any, grid: Values, scale: tuple[float, float], names: Sequence[list[Any]]) -> Any:
    """Draw a heat map with the levers' values at its edges; return the coloured mesh."""
    axes.set_facecolor("#eeeeee")
    mesh = axes.pcolormesh(
        np.ma.masked_invalid(grid), cmap="cividis", vmin=scale[0], vmax=scale[1],
        edgecolors="white", linewidth=0.8,
    )  # fmt: skip
    axes.set_xticks(np.arange(len(names[1])) + 0.5, [value_words(v) for v in names[1]])
    axes.set_yticks(np.arange(len(names[0])) + 0.5, [value_words(v) for v in names[0]])
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return mesh


def _write_cells(axes: Any, mesh: Any, grids: Sequence[Values], share: bool) -> None:
    """Write the estimate, and its interval below it, into each cell."""
    value, low, high = grids
    for (row, column), estimate in np.ndenumerate(value):
        if math.isnan(estimate):
            continue
        colour = ink_on(mesh.cmap(mesh.norm(estimate)))
        at = {"ha": "center", "color": colour}
        axes.text(column + 0.5, row + 0.54, number(estimate, share=share), va="bottom", **at)
        low_end, high_end = float(low[row, column]), float(high[row, column])
        ends = interval(low_end, high_end, share=share).replace(" to ", "\N{EN DASH}")
        axes.text(column + 0.5, row + 0.46, ends, va="top", fontsize=6.5, **at)


def heat_map(
    frame: DataFrame, outcome: str, levers: Sequence[str], labels: Sequence[str], *, share: bool
) -> Figure:
    """Draw one outcome over two levers, estimate and interval in each cell.

    ``labels`` names the first lever (across), the second (upward) and the outcome.
    """
    across, upward = levers
    names = [ordered(frame[upward]), ordered(frame[across])]
    grids = [_grid(frame, outcome + end, upward, across, names) for end in ("", "_low", "_high")]
    size = (max(4.6, 2.2 + 0.95 * len(names[1])), max(3.0, 1.2 + 0.62 * len(names[0])))
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.add_subplot()
        mesh = _cells(axes, grids[0], (0.0, 1.0) if share else spread(grids[0]), names)
        _write_cells(axes, mesh, grids, share)
        axes.set_xlabel(labels[0])
        axes.set_ylabel(labels[1])
        _colour_bar(figure, mesh, [axes], labels[2], share)
    return figure


def _colour_bar(figure: Figure, mesh: Any, axes: Sequence[Any], label: str, share: bool) -> None:
    """Add the scale of a heat map."""
    bar = figure.colorbar(mesh, ax=list(axes), format=_fine_per_cent if share else None, pad=0.03)
    bar.set_label(label)
    bar.outline.set_visible(False)


def per_cent(value: float, _place: float = 0) -> str:
    """Label of a tick on an axis of shares."""
    return f"{100 * value:.0f} %"


def _fine_per_cent(value: float, _place: float = 0) -> str:
    """Label of a tick on a scale that may span a few per cent only."""
    return f"{100 * value:.3g} %"


def small_heat_maps(
    frame: DataFrame, outcomes: Sequence[tuple[str, str, bool]], levers: Sequence[str],
    labels: Sequence[str],
) -> Figure:  # fmt: skip
    """Draw several outcomes over the same two levers, each on its own scale.

    ``outcomes`` holds names, words and whether each is a share.
    """
    across, upward = levers
    names = [ordered(frame[upward]), ordered(frame[across])]
    columns = min(len(outcomes), 2)
    rows = math.ceil(len(outcomes) / columns)
    cell = (max(3.6, 1.5 + 0.5 * len(names[1])), max(2.4, 0.9 + 0.34 * len(names[0])))
    with matplotlib.rc_context({**STYLE, "font.size": 8.0}):
        figure = Figure(figsize=(cell[0] * columns, cell[1] * rows), layout="constrained")
        layout: Any = figure.get_layout_engine()
        layout.set(wspace=0.06, hspace=0.08)
        for place, (outcome, words, share) in enumerate(outcomes):
            axes = figure.add_subplot(rows, columns, place + 1)
            grid = _grid(frame, outcome, upward, across, names)
            mesh = _cells(axes, grid, spread(grid), names)
            axes.set_title(wrapped(words, 36), fontsize=9)
            axes.set_xlabel(labels[0])
            axes.set_ylabel(labels[1])
            _colour_bar(figure, mesh, [axes], "", share)
    return figure


def wrapped(words: str, width: int) -> str:
    """Break a long label into lines; a no-break space holds."""
    lines = [""]
    for word in words.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def ordered(values: ArrayLike) -> list[Any]:
    """Return the distinct values, numbers by size and words as they come."""
    distinct = list(dict.fromkeys(np.asarray(values).tolist()))
    return sorted(distinct) if all(is_number(v) for v in distinct) else distinct


def spread(values: ArrayLike) -> tuple[float, float]:
    """Return the ends of a scale that holds all values and is never empty."""
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def lines_with_bands(
    frame: DataFrame, outcomes: Sequence[tuple[str, str, bool]], lever: str, label: str
) -> Figure:
    """Draw each outcome against one lever, with its interval; points where the lever is a word."""
    values = ordered(frame[lever])
    rows = frame.assign(_at=[values.index(v) for v in frame[lever]]).sort_values("_at")
    numeric = all(is_number(v) for v in values)
    at = rows[lever].to_numpy(dtype=float) if numeric else rows["_at"].to_numpy(dtype=float)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(6.6, 0.5 + 2.7 * len(outcomes)), layout="constrained")
        for place, (outcome, words, share) in enumerate(outcomes):
            axes = figure.add_subplot(len(outcomes), 1, place + 1)
            _band(axes, at, [rows[outcome + end] for end in ("", "_low", "_high")], numeric)
            if share:
                axes.set_ylim(-0.03, 1.03)
                axes.yaxis.set_major_formatter(per_cent)
            if not numeric:
                axes.set_xticks(range(len(values)), [wrapped(value_words(v), 14) for v in values])
                axes.set_xlim(-0.5, len(values) - 0.5)
            axes.set_xlabel(label)
            axes.set_ylabel(wrapped(words, 28))
            axes.grid(axis="y", color="#e6e6e6", linewidth=0.7)
            axes.set_axisbelow(True)
    return figure


def _band(axes: Any, at: Values, ends: Sequence[Any], joined: bool) -> None:
    """Draw an estimate with its interval: a line in a band, or points with bars."""
    value, low, high = (np.asarray(end, dtype=float) for end in ends)
    if joined and len(at) > 1:
        axes.fill_between(at, low, high, color=OKABE_ITO[0], alpha=0.22, linewidth=0)
        axes.plot(at, value, color=OKABE_ITO[0], marker="o", markersize=4)
    else:
        axes.vlines(at, low, high, color=OKABE_ITO[0], linewidth=2)
        axes.plot(at, value, "o", color=OKABE_ITO[0], markersize=6)


def forest(panels: Sequence[tuple[str, bool, Sequence[Estimate]]], *, difference: bool) -> Figure:
    """Draw estimates with intervals under one another, each panel on its own scale.

    A panel is its axis in words, whether its values are shares, and its rows from the top.
    Differences are drawn about a line at nought, and the scale is the same to both sides of it.
    """
    heights = [_row_height(rows) * len(rows) + 0.75 for _, _, rows in panels]
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7.8, sum(heights) + 0.15), layout="constrained")
        grid = figure.add_gridspec(len(panels), 1, height_ratios=heights)
        for place, (label, share, rows) in enumerate(panels):
            _forest_panel(figure.add_subplot(grid[place]), label, share, rows, difference)
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
        axes.xaxis.set_major_formatter(_points if share else _difference)
    elif share:
        axes.set_xlim(-0.02, 1.02)
        axes.xaxis.set_major_formatter(per_cent)
    beside = axes.secondary_yaxis("right")
    beside.set_yticks(down, [_forest_text(row, share, difference) for row in rows])
    beside.tick_params(length=0, labelsize=8)
    beside.spines["right"].set_visible(False)


def _difference(value: float, _place: float = 0) -> str:
    return f"{value:+.4g}".replace("-", MINUS) if abs(value) > 1e-12 else "0"


def _points(value: float, _place: float = 0) -> str:
    return _difference(100 * value)


def _forest_text(row: Estimate, share: bool, difference: bool) -> str:
    if not difference:
        ends = interval(row.low, row.high, share=share)
        return f"{number(row.value, share=share)} ({ends})"
    ends = signed_interval(row.low, row.high, points=share).removesuffix(" points")
    return f"{signed(row.value, points=share).removesuffix(' points')} ({ends})"
