"""The odds river: chances over the months of one history, with its turning points below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from politburo_sim.lab.ahead.turning import TurningPoint, points
from politburo_sim.months import as_year
from politburo_sim.report.figures import (
    BOLD,
    DARK,
    KEY_SIZE,
    SOFT,
    STYLE,
    TITLE_SIZE,
    Values,
    brief,
    fitted,
    inches,
    ink_on,
    per_cent,
)

WIDTH, LEFT, TALL, RIGHT = 9.6, 0.65, 3.3, 0.25
"""Inches of the figure, of the margins beside the river, and of the river's height."""
LABEL_SIZE, LANE, CIRCLE = 7.5, 0.17, 0.24
"""Points of an event's label; inches of a lane of labels, and between numbers in circles."""
LINE, GAP, BARS = 0.165, 0.16, 3.0
"""Inches of a line of the list below, between its entries, and of the bars beside it."""
NAME_SIZE = 9.0
_IN_CIRCLE: Any = {
    "ha": "center", "va": "center", "fontsize": 8, "fontweight": "bold", "color": "white",
    "bbox": {"boxstyle": "circle,pad=0.22", "facecolor": "black", "linewidth": 0},
}  # fmt: skip
"""A number of a turning point."""


@dataclass(frozen=True)
class Band:
    """One band of the river: whose it is, its colour, and its chance in each month."""

    label: str
    colour: str
    chances: Values


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


def apart(at: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move rising places, as little as is needed, until they lie a gap apart between two ends."""
    found = list(at)
    for i in range(len(found)):
        found[i] = max(found[i], low if i == 0 else found[i - 1] + gap)
    for i in reversed(range(len(found))):
        found[i] = min(found[i], high if i == len(found) - 1 else found[i + 1] - gap)
    return found


@dataclass(frozen=True)
class _Sheet:
    """A figure measured in inches from its top left corner."""

    figure: Figure
    height: float

    def axes(self, left: float, top: float, width: float, height: float) -> Any:
        """Return axes in a box."""
        bottom = self.height - top - height
        return self.figure.add_axes(
            (left / WIDTH, bottom / self.height, width / WIDTH, height / self.height)
        )

    def words(self, left: float, top: float, text: str, **how: Any) -> None:
        """Write words, their top left corner at a place."""
        how = {"va": "top", "ha": "left"} | how
        self.figure.text(left / WIDTH, 1 - top / self.height, text, **how)


def river(
    years: Values,
    bands: Sequence[Band],
    events: Sequence[tuple[float, str]],
    found: Sequence[TurningPoint] = (),
    *,
    title: str,
    key: str,
) -> Figure:
    """Draw chances over time, stacked from the bottom, events above, turning points below.

    years, bands : months as years with fractions, and the chances in them.
    events : years and words.
    """
    head = fitted(title, (WIDTH - 0.3) / BOLD, TITLE_SIZE)
    key = fitted(key, WIDTH - 0.3, KEY_SIZE)
    top = 0.16 + 0.2 * (head.count("\n") + 1) + 0.15 * (key.count("\n") + 1) + 0.08
    span = max(float(years[-1] - years[0]), 1 / 12)
    events = sorted((year, brief(words, WIDTH / 4, LABEL_SIZE)) for year, words in events)
    widths = [inches(words, LABEL_SIZE) + 0.14 for _, words in events]
    whole = WIDTH - LEFT
    parts = [(year - float(years[0])) / span for year, _ in events]
    # The river is as wide as leaves room for the last labels, which are written to the right.
    over = [(whole - width) / part for part, width in zip(parts, widths, strict=True) if part > 0]
    wide = min([whole - RIGHT, *over])
    scale = wide / span
    lane = lanes([part * wide for part in parts], widths)
    numbers = CIRCLE + 0.08 if found else 0.0
    above = numbers + LANE * (max(lane, default=-1) + 1) + 0.1
    entries = [_entry(point) for point in found]
    list_top = top + above + TALL + 0.62
    height = list_top + sum(_tall(entry) for entry in entries) + (0.42 if entries else -0.1)
    with matplotlib.rc_context(STYLE):
        sheet = _Sheet(Figure(figsize=(WIDTH, height)), height)
        sheet.words(0.15, 0.14, head, fontsize=TITLE_SIZE, fontweight="bold")
        sheet.words(0.15, 0.2 + 0.2 * (head.count("\n") + 1), key, fontsize=KEY_SIZE, color=SOFT)
        axes = sheet.axes(LEFT, top + above, wide, TALL)
        _stack(axes, years, bands, scale, [*(_middle(p) for p in found), *(e[0] for e in events)])
        for (year, words), level in zip(events, lane, strict=True):
            rise = 1 + (numbers + 0.05 + LANE * level) / TALL
            line = axes.plot([year, year], [0, rise + 0.1 / TALL], color=SOFT, linewidth=0.5)
            line[0].set_clip_on(False)
            axes.annotate(
                words, (year, rise), xytext=(2.5, 0), va="bottom", color=SOFT,
                textcoords="offset points", fontsize=LABEL_SIZE, annotation_clip=False,
            )  # fmt: skip
        _numbers(axes, found, years, scale, wide)
        if found:
            colours = {band.label: band.colour for band in bands}
            _list(sheet, list_top, found, entries, colours)
    return sheet.figure


def _middle(point: TurningPoint) -> float:
    """Return the middle of a turning point's month on the scale of years."""
    return as_year(point.month) + 1 / 24


def _stack(
    axes: Any, years: Values, bands: Sequence[Band], scale: float, lines: Sequence[float]
) -> None:
    """Draw the bands, their names inside them where there is room and beside them where not."""
    chances = np.array([band.chances for band in bands])
    drawn = axes.stackplot(
        years, chances, colors=[band.colour for band in bands], edgecolor="white", linewidth=0.5
    )
    axes.set_xlim(float(years[0]), max(float(years[-1]), float(years[0]) + 1 / 12))
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(per_cent)
    first, last = math.ceil(float(years[0])), math.floor(float(years[-1]))
    axes.set_xticks(np.arange(first, last + 1, 1 + max(0, last - first) // 12))
    axes.spines["bottom"].set_visible(False)
    left = []
    for band, shape, floor in zip(bands, drawn, chances.cumsum(axis=0) - chances, strict=True):
        width = (inches(band.label, NAME_SIZE) + 0.16) / scale
        place = _room(years, floor, band.chances, width, lines) or _room(
            years, floor, band.chances, width, ()
        )
        if place is None:
            left.append((shape, band.label))
        else:
            axes.text(
                *place, band.label, ha="center", va="center", fontsize=NAME_SIZE,
                color=ink_on(band.colour),
            )  # fmt: skip
    if left:
        names = [brief(label, 1.5, 8) for _, label in left]
        axes.legend(
            [shape for shape, _ in left], names, loc="upper left", ncols=min(5, len(left)),
            bbox_to_anchor=(-0.005, -0.085), frameon=False, fontsize=8, handlelength=1.1,
            columnspacing=1.4, borderaxespad=0.0, borderpad=0.2,
        )  # fmt: skip


def _room(
    years: Values, floor: Values, chances: Values, width: float, lines: Sequence[float]
) -> tuple[float, float] | None:
    """Return the middle of the place in a band where a name of a width fits best, if any.

    lines : years of upright lines, which the name keeps clear of.
    """
    tall = 0.17 / TALL
    best, place = 0.0, None
    for start, year in enumerate(years):
        stop = int(np.searchsorted(years, year + width))
        if stop >= len(years):
            break
        if any(year <= line <= year + width for line in lines):
            continue
        low = float(floor[start : stop + 1].max())
        room = float((floor + chances)[start : stop + 1].min()) - low
        if room > max(best, tall):
            best, place = room, (float(year) + width / 2, low + room / 2)
    return place


def _numbers(
    axes: Any, found: Sequence[TurningPoint], years: Values, scale: float, wide: float
) -> None:
    """Mark the turning points: a number in a circle above, a line through the river."""
    true = [_middle(point) for point in found]
    at = [(year - float(years[0])) * scale for year in true]
    high = 1 + (CIRCLE / 2 + 0.05) / TALL
    for number, (year, place) in enumerate(zip(true, apart(at, CIRCLE, 0, wide), strict=True), 1):
        there = float(years[0]) + place / scale
        axes.plot([year, year], [0, 1], color="black", linewidth=1.1, dashes=(3, 1.5))
        lead = axes.plot([year, there], [1, high], color="black", linewidth=1.1)
        lead[0].set_clip_on(False)
        axes.text(there, high, str(number), zorder=6, **_IN_CIRCLE)


@dataclass(frozen=True)
class _Entry:
    """One entry of the list: its head, and what happened, in lines."""

    head: str
    lines: str


def _entry(point: TurningPoint) -> _Entry:
    wide = WIDTH - BARS - 0.75
    before, after = (per_cent(chance) for chance in (point.before, point.after))
    head = f"{point.date}.  {point.who}: {before.removesuffix(' %')} to {after}"
    words = point.what[:1].upper() + point.what[1:]
    return _Entry(brief(head, wide / BOLD, NAME_SIZE), fitted(words, wide, 8.5))


def _tall(entry: _Entry) -> float:
    return LINE * (entry.lines.count("\n") + 2) + GAP


def _list(
    sheet: _Sheet, top: float, found: Sequence[TurningPoint], entries: Sequence[_Entry],
    colours: dict[str, str],
) -> None:  # fmt: skip
    """Write the turning points, each with its jump as it was and without what made it."""
    sheet.words(0.15, top, "Turning points", fontsize=10, fontweight="bold")
    left, tall = WIDTH - BARS + 0.1, sum(map(_tall, entries))
    axes = sheet.axes(left, top + 0.3, BARS - 0.35, tall)
    changes = [(point.jump, point.without) for point in found]
    reach = max(abs(change) for pair in changes for change in pair if change is not None)
    axes.set_xlim(-1.42 * reach, 1.42 * reach)
    axes.set_ylim(tall, 0)
    axes.axis("off")
    axes.plot([0, 0], [0, tall], color=DARK, linewidth=0.8)
    sheet.words(
        left + (BARS - 0.35) / 2, top + 0.02, "Change of the chance, in points", fontsize=8,
        color=SOFT, ha="center",
    )  # fmt: skip
    down = 0.0
    for number, (point, entry) in enumerate(zip(found, entries, strict=True), 1):
        place = top + 0.3 + down
        colour = colours.get(point.who, "#9A9A9A")
        sheet.words(0.32, place + 0.1, str(number), **_IN_CIRCLE)
        sheet.words(0.55, place, entry.head, fontsize=NAME_SIZE, fontweight="bold")
        sheet.words(0.55, place + LINE + 0.02, entry.lines, fontsize=8.5, color=DARK)
        _bar(axes, point.jump, down + 0.09, reach, f"{points(point.jump)} as it was", colour)
        if point.without is not None:
            said = f"{points(point.without)} without it"
            _bar(axes, point.without, down + 0.09 + LINE, reach, said, "white")
        down += _tall(entry)


def _bar(axes: Any, change: float, y: float, reach: float, said: str, colour: str) -> None:
    """Draw a change as a bar from nought, with its words on the other side of nought."""
    axes.add_patch(
        Rectangle((0, y - 0.055), change, 0.11, facecolor=colour, edgecolor=DARK, linewidth=0.7)
    )
    side = -1 if change > 0 else 1
    axes.text(
        0.04 * reach * side, y, said, ha="right" if side < 0 else "left", va="center",
        fontsize=LABEL_SIZE, color=DARK,
    )  # fmt: skip
