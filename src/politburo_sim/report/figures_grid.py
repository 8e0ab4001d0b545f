"""Figures of sweeps: heat maps over two levers, lines over one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from pandas import DataFrame

from politburo_sim.report.figures import (
    OKABE_ITO,
    STYLE,
    Values,
    headed,
    ink_on,
    per_cent,
    wrapped,
)
from politburo_sim.report.words import interval, is_number, number, value_words


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
    frame: DataFrame, outcome: str, levers: Sequence[str], labels: Sequence[str], title: str,
    *, share: bool,
) -> Figure:  # fmt: skip
    """Draw one outcome over two levers, estimate and interval in each cell.

    ``labels`` names the first lever (across), the second (upward) and the outcome.
    """
    across, upward = levers
    names = [ordered(frame[upward]), ordered(frame[across])]
    grids = [_grid(frame, outcome + end, upward, across, names) for end in ("", "_low", "_high")]
    size = (max(6.2, 2.2 + 0.95 * len(names[1])), max(3.8, 2.0 + 0.62 * len(names[0])))
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.add_subplot()
        mesh = _cells(axes, grids[0], (0.0, 1.0) if share else spread(grids[0]), names)
        _write_cells(axes, mesh, grids, share)
        axes.set_xlabel(labels[0])
        axes.set_ylabel(labels[1])
        _colour_bar(figure, mesh, [axes], "", share)
        headed(figure, title, f"{labels[2]}: the estimate, and its 95 % interval below it.")
    return figure


def _colour_bar(figure: Figure, mesh: Any, axes: Sequence[Any], label: str, share: bool) -> None:
    """Add the scale of a heat map."""
    bar = figure.colorbar(mesh, ax=list(axes), format=_fine_per_cent if share else None, pad=0.03)
    bar.set_label(label)
    bar.outline.set_visible(False)


def _fine_per_cent(value: float, _place: float = 0) -> str:
    """Label of a tick on a scale that may span a few per cent only."""
    return f"{100 * value:.3g} %"


def small_heat_maps(
    frame: DataFrame, outcomes: Sequence[tuple[str, str, bool]], levers: Sequence[str],
    labels: Sequence[str], title: str,
) -> Figure:  # fmt: skip
    """Draw several outcomes over the same two levers, each on its own scale.

    ``outcomes`` holds names, words and whether each is a share.
    """
    across, upward = levers
    names = [ordered(frame[upward]), ordered(frame[across])]
    columns = len(outcomes) if len(outcomes) <= 3 else 2 + (len(outcomes) % 3 == 0)
    rows = math.ceil(len(outcomes) / columns)
    cell = (max(3.6, 1.5 + 0.5 * len(names[1])), max(2.4, 0.9 + 0.34 * len(names[0])))
    with matplotlib.rc_context({**STYLE, "font.size": 8.0}):
        figure = Figure(figsize=(cell[0] * columns, cell[1] * rows + 0.7), layout="constrained")
        layout: Any = figure.get_layout_engine()
        layout.set(wspace=0.06, hspace=0.08)
        for place, (outcome, words, share) in enumerate(outcomes):
            axes = figure.add_subplot(rows, columns, place + 1)
            grid = _grid(frame, outcome, upward, across, names)
            mesh = _cells(axes, grid, spread(grid), names)
            for (row, column), value in np.ndenumerate(grid):
                if not math.isnan(value):
                    axes.text(
                        column + 0.5,
                        row + 0.5,
                        number(value, share=share),
                        ha="center",
                        va="center",
                        color=ink_on(mesh.cmap(mesh.norm(value))),
                        fontsize=7,
                    )
            axes.set_title(wrapped(words, 36), fontsize=9)
            axes.set_xlabel(labels[0])
            axes.set_ylabel(labels[1])
        headed(figure, title, "Estimates at each design point; each outcome on its own colours.")
    return figure


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
    frame: DataFrame, outcomes: Sequence[tuple[str, str, bool]], lever: str, label: str,
    title: str = "",
) -> Figure:  # fmt: skip
    """Draw each outcome against one lever, with its interval; points where the lever is a word."""
    values = ordered(frame[lever])
    rows = frame.assign(_at=[values.index(v) for v in frame[lever]]).sort_values("_at")
    numeric = all(is_number(v) for v in values)
    at = rows[lever].to_numpy(dtype=float) if numeric else rows["_at"].to_numpy(dtype=float)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7.0, 1.2 + 2.7 * len(outcomes)), layout="constrained")
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
        headed(figure, title, "Estimates with their 95 % intervals.")
    return figure


def scatters(
    frame: DataFrame, outcomes: Sequence[tuple[str, str, bool]], levers: Sequence[str],
    labels: Sequence[str], title: str,
) -> Figure:  # fmt: skip
    """Draw each outcome against each lever of a design that was drawn: a dot a point, with its
    interval.
    """
    shape = len(outcomes), len(levers)
    with matplotlib.rc_context({**STYLE, "font.size": 8.0}):
        figure = Figure(
            figsize=(max(5.0, 1.0 + 2.7 * shape[1]), 0.9 + 1.9 * shape[0]), layout="constrained"
        )
        grid = figure.subplots(*shape, squeeze=False, sharey="row", sharex="col")
        for row, (outcome, words, share) in enumerate(outcomes):
            ends = [frame[outcome + end].to_numpy(dtype=float) for end in ("", "_low", "_high")]
            for column, lever in enumerate(levers):
                axes, at = grid[row, column], frame[lever].to_numpy(dtype=float)
                axes.vlines(at, ends[1], ends[2], color=OKABE_ITO[0], alpha=0.3, linewidth=1.2)
                axes.plot(at, ends[0], "o", color=OKABE_ITO[0], markersize=4)
                if share:
                    axes.set_ylim(-0.03, 1.03)
                    axes.yaxis.set_major_formatter(per_cent)
                if row == shape[0] - 1:
                    axes.set_xlabel(wrapped(labels[column], 34))
            grid[row, 0].set_ylabel(wrapped(words, 26))
        headed(figure, title, "A dot a design point, with its 95 % interval.")
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
