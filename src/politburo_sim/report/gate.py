"""The report of the gate: whether the rule book can say yes and no, and where it is short."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from politburo_sim.lab.sheets import write_tables
from politburo_sim.lab.verdicts.gate import (
    BEYOND,
    EFFECTS,
    LEAST,
    WAYS,
    Found,
    Size,
    effects_table,
    gate_table,
    hanging,
)
from politburo_sim.report.figures import DARK, GREY, OKABE_ITO, STYLE, headed, save
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.words import percent, sentence_case, signed, signed_interval

_BOUND = f"{100 * BEYOND:g} points"
_BIN = 0.025


def gate_report(folder: Path, found: Sequence[Found], size: Size, *, command: str) -> Path:
    """Write gate.csv, effects.csv, the figure and the page; the page's path."""
    table = effects_table(found, size)
    write_tables(folder, {"gate": gate_table(table), "effects": table})
    said = finding(table)
    page = Page(
        title="The gate before any claim",
        question="Can the rule book say yes and no?",
        finding=[part for part in (said, other_ways(table), luck(table), capped(table)) if part],
        design=design(size),
        figures=[
            Drawing(
                save(distributions(found, size), folder / "figures", "effects"),
                "Effects over the sets of the prior, first round, noise included: how many sets "
                f"lie where, in steps of {100 * _BIN:g} points. Dotted: {_BOUND} either way; "
                "coloured: beyond. In the corners: how many of the sets measured again on that "
                "side were confirmed with fresh seeds; bold where that is enough for an answer.",
                alt=f"Histograms of effects, a row for each effect. {said}",
            )
        ],
        tables=[
            Table(in_words(table), "Effects over the sets of the prior, in points"),
            Table(counts(table), f"Sets beyond {_BOUND}, and what the rules can say"),
        ],
        command=command,
    )  # fmt: skip
    return write(page, folder)


def finding(table: pd.DataFrame) -> str:
    """The first line: signs that hang on the definition, then whether both answers can come."""
    return " ".join(filter(None, (signs(table), verdict(table, WAYS[0].name))))


def signs(table: pd.DataFrame) -> str:
    """Signs that hang on the definition of the outcome; nothing where none does."""
    said = [
        f"{effect} ("
        + ", ".join(f"{signed(row.mean, points=True)} in {row.way}" for row in _rows(rows))
        + ")"
        for effect, rows in hanging(table).groupby("effect", sort=False)
    ]
    return f"The sign hangs on what is counted for {'; '.join(said)}." if said else ""


def _rows(table: pd.DataFrame) -> list[Any]:
    """The rows, each with its columns by name (`mean` among them)."""
    return list(table.itertuples(index=False))


def shortfalls(table: pd.DataFrame) -> list[str]:
    """Each answer that too few sets give, of each judged effect."""
    return [
        f"{row.effect} is short of a {answer} ({number} of {retested} sets confirmed, "
        f"{row.needed} needed)"
        for row in _rows(table[table["judged"]])
        for answer, number, retested in (
            ("yes", row.confirmed_above, row.retested_above),
            ("no", row.confirmed_below, row.retested_below),
        )
        if number < row.needed
    ]


def verdict(table: pd.DataFrame, way: str) -> str:
    """Whether both answers can come for every judged effect, and where not."""
    rows = table[table["way"] == way]
    short = shortfalls(rows)
    if short:
        return f"The rule book cannot yet say both yes and no: {'; '.join(short)}."
    judged = rows.loc[rows["judged"], "effect"]
    return (
        f"The rule book can say yes and no: for each of {', '.join(judged)} at least "
        f"{percent(LEAST)} of the sets are confirmed above and as many below {_BOUND}."
    )


def other_ways(table: pd.DataFrame) -> str:
    """The same by the other ways to count."""
    others = [way for way in table["way"].unique() if way != WAYS[0].name]
    said = []
    for way in others:
        short = shortfalls(table[table["way"] == way])
        said.append(f"By {way}{': ' + '; '.join(short) if short else ' it can as well'}.")
    kept = "" if len(hanging(table)) else " No effect's mean changes its sign between the ways."
    return " ".join(said) + kept


def luck(table: pd.DataFrame) -> str:
    """How many sets would be confirmed without any effect, and how noisy a first round is."""
    rows = table[table["way"] == WAYS[0].name]
    most = float(rows[["luck_above", "luck_below"]].to_numpy().max())
    return (
        f"Noise alone would confirm at most {most:.1f} of the sets measured again on a side if "
        f"none had any effect ({rows['needed'].iloc[0]} are needed); their effects have an error "
        f"of {100 * rows['error'].max():.1f} points at most, in the mean over an effect's sets."
    )


def capped(table: pd.DataFrame) -> str:
    """On which sides more sets lie beyond the bound than were measured again; nothing if none."""
    rows = table[table["way"] == WAYS[0].name]
    cap = int(rows["cap"].iloc[0])
    sides = [
        f"{row.effect} ({side})"
        for row in _rows(rows)
        for side, number in (("above", row.retested_above), ("below", row.retested_below))
        if number == cap
    ]
    if not sides:
        return ""
    return (
        f"Of {', '.join(sides)} only the {cap} most extreme sets a side were measured again: more "
        "may hold there than are confirmed."
    )


def design(size: Size) -> list[str]:
    """How the gate was laid out, and what each word means."""
    return [
        f"{size.sets} sets of the prior, {size.histories} histories of each in every world; the "
        "worlds of an effect share their luck within a set. The "
        f"sets beyond {_BOUND} are measured again with fresh seeds and {size.again} histories, "
        f"the most extreme first and at most {size.cap} a side, and confirmed where they are still "
        f"beyond. An answer is possible where {size.needed} are: {percent(LEAST)} of all sets. "
        "Yes: the effect raises the outcome; no: it lowers it.",
        *(f"{sentence_case(way.name)}: {way.words}." for way in WAYS),
        *(f"{sentence_case(effect.name)}: {effect.words}"
          f"{'.' if effect.judged else ' (told, not judged).'}" for effect in EFFECTS),
    ]  # fmt: skip


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Means and quantiles as a reader says them."""
    return pd.DataFrame(
        {
            "effect": table["effect"], "on": table["way"],
            "mean over sets": [signed(100 * x) for x in table["mean"]],
            "95 % interval": [_ends(r.low, r.high) for r in _rows(table)],
            "half of the sets": [_ends(r.q25, r.q75) for r in _rows(table)],
            "5 % to 95 %": [_ends(r.q05, r.q95) for r in _rows(table)],
            "without the noise of runs": [_ends(r.true_q05, r.true_q95) for r in _rows(table)],
        }
    )  # fmt: skip


def _ends(low: float, high: float) -> str:
    return signed_interval(low, high, points=True, unit=False)


def counts(table: pd.DataFrame, way: str = "") -> pd.DataFrame:
    """Shares beyond the bound, raw and without noise, and confirmed sets; of one way alone."""
    rows = _rows(table if not way else table[table["way"] == way])
    told = pd.DataFrame(
        {
            "effect": [r.effect for r in rows], "on": [r.way for r in rows],
            "above (without noise)": [_twice(r.above, r.true_above) for r in rows],
            "below (without noise)": [_twice(r.below, r.true_below) for r in rows],
            "confirmed above": [f"{r.confirmed_above} of {r.retested_above}" for r in rows],
            "confirmed below": [f"{r.confirmed_below} of {r.retested_below}" for r in rows],
            "needed": [r.needed for r in rows], "can say": [r.says for r in rows],
        }
    )  # fmt: skip
    return told.drop(columns="on") if way else told


def _twice(raw: float, true: float) -> str:
    return f"{percent(raw)} ({percent(true)})"


def distributions(found: Sequence[Found], size: Size) -> Figure:
    """A row for each effect, a column for each way: effects over the sets."""
    with matplotlib.rc_context({**STYLE, "font.size": 8.0}):
        figure = Figure(
            figsize=(1.2 + 3.6 * len(WAYS), 0.3 + 1.5 * len(EFFECTS)), layout="constrained"
        )
        grid = figure.subplots(len(EFFECTS), len(WAYS), squeeze=False)
        for one in found:
            row, column = EFFECTS.index(one.effect), WAYS.index(one.way)
            axes = grid[row, column]
            _histogram(axes, one, size)
            axes.set_title(one.effect.name if column == 0 else "")
            if row == len(EFFECTS) - 1:
                axes.set_xlabel(f"effect on {one.way.name} (points)")
            if column == 0:
                axes.set_ylabel("sets of the prior")
        headed(
            figure, "Can the rules say yes and no?",
            f"Bars: sets of the prior by the effect in them; blue above {_BOUND}, red below, grey "
            "between. Numbers: of the most extreme sets of each side, those that keep their effect "
            "when measured again.",
        )  # fmt: skip
    return figure


def _histogram(axes: Any, found: Found, size: Size) -> None:
    """Sets by effect, the bounds, and the confirmed of each side."""
    effect = found.first["effect"].to_numpy(dtype=float)
    reach = int(np.ceil(max(0.1, float(np.abs(effect).max())) / _BIN))
    edges = 100 * _BIN * (np.arange(-reach, reach + 2) - 0.5)
    low, high = effect < -BEYOND, effect > BEYOND
    counted, _, _ = axes.hist(
        [100 * effect[low], 100 * effect[~low & ~high], 100 * effect[high]], edges.tolist(),
        stacked=True, rwidth=0.9, color=[OKABE_ITO[3], GREY, OKABE_ITO[0]],
    )  # fmt: skip
    axes.axvline(0, color=DARK, linewidth=0.8)
    for bound in (-100 * BEYOND, 100 * BEYOND):
        axes.axvline(bound, color=DARK, linewidth=0.8, linestyle=":")
    axes.set_ylim(0, 1.35 * np.max(counted))
    for at, number, sets, side in (
        (0.01, found.confirmed_below, found.lowest, "left"),
        (0.99, found.confirmed_above, found.highest, "right"),
    ):
        axes.text(at, 0.97, f"{number} of {len(sets)}", transform=axes.transAxes, ha=side,
                  va="top", weight="bold" if number >= size.needed else "normal")  # fmt: skip
