"""The odds river: who ends as sole ruler, as seen from each month of one history."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from politburo_sim.months import as_year
from politburo_sim.report.figures import GREY, Values, save
from politburo_sim.report.figures_time import Band, river, shades
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.words import percent

NOBODY = "nobody"
_SHOWN = 0.02
_MOST_BANDS = 8
_MOST_EVENTS = 14


def odds_report(
    folder: Path, table: pd.DataFrame, events: Sequence[tuple[int, str]], title: str,
    command: str = "politburo-sim odds SCENARIO --seed N",
) -> Path:  # fmt: skip
    """Draw the river and write the page with its table; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / "odds.csv")
    drawn = river(
        years_of(table), bands(table), marked(table, events),
        "Chance of ending as established sole ruler",
    )  # fmt: skip
    shown = [name for name in table.columns if table[name].max() >= _SHOWN]
    said = finding(table)
    half_years = [m for m in table.index if m.endswith(("-01", "-07"))] or list(table.index)
    page = Page(
        title=title, question="Who ends as established sole ruler, seen from each month?",
        finding=[said],
        design=[
            "At each month the state of one history is copied and futures are run from it with "
            "fresh luck; the chances at each month sum to one."
        ],
        figures=[
            Drawing(
                save(drawn, folder / "figures", "odds"),
                "Each member's chance of ending as established sole ruler, seen from each month; "
                "lines mark what happened in this history.",
                alt=f"Stacked bands over time. {said}",
            )
        ],
        tables=[
            Table(
                in_words(table.loc[half_years, shown]),
                f"Chances in January and July, of those who ever reach {percent(_SHOWN)}",
            )
        ],
        command=command,
    )  # fmt: skip
    return write(page, folder)


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """The chances in per cent, a row for each month."""
    return table.map(percent).rename_axis("month").reset_index()


def years_of(table: pd.DataFrame) -> Values:
    """The months of the index as years with fractions."""
    return np.array([as_year(month) for month in table.index])


def bands(table: pd.DataFrame) -> list[Band]:
    """The likeliest members from the bottom, then others, then nobody."""
    names = [n for n in table.columns if n != NOBODY and table[n].max() >= _SHOWN]
    names.sort(key=lambda n: -float(table[n].mean()))
    kept = names[:_MOST_BANDS]
    rest = [n for n in table.columns if n not in (*kept, NOBODY)]
    found = [
        Band(name, colour, table[name].to_numpy())
        for name, colour in zip(kept, shades(len(kept)), strict=True)
    ]
    if rest and float(table[rest].to_numpy().max()) > 0:
        found.append(Band("others", "#9A9A9A", table[rest].sum(axis=1).to_numpy()))
    return [*found, Band(NOBODY, GREY, table[NOBODY].to_numpy())]


def marked(table: pd.DataFrame, events: Sequence[tuple[int, str]]) -> list[tuple[float, str]]:
    """Events on the scale of years; where there are many, the later of close ones are left out."""
    years = years_of(table)
    inside = sorted((m, words) for m, words in events if 0 <= m < len(years))
    gap = -(-len(years) // _MOST_EVENTS) if len(inside) > _MOST_EVENTS else 0
    kept: list[tuple[int, str]] = []
    for month, words in inside:
        if not kept or month - kept[-1][0] >= gap:
            kept.append((month, words))
    return [(float(years[month]), words) for month, words in kept]


def finding(table: pd.DataFrame) -> str:
    """The first sentence, from the table alone."""
    first, last = table.iloc[0], table.iloc[-1]
    leaders = table.idxmax(axis=1)
    end = str(leaders.iloc[-1])
    opening = f"In {table.index[0]} the likeliest end was {_who(str(leaders.iloc[0]))}"
    opening += f" ({percent(float(first.max()))})"
    if len(table) == 1:
        return f"{opening}."
    turned = table.index[0]
    for month, leader in zip(reversed(table.index), reversed(leaders.tolist()), strict=True):
        if leader != end:
            break
        turned = month
    closing = f"with {percent(float(last.max()))} in {table.index[-1]}"
    if turned == table.index[0]:
        return f"{opening}, and it stayed so, {closing}."
    return f"{opening}; from {turned} on it was {_who(end)}, {closing}."


def _who(name: str) -> str:
    return "no sole ruler" if name == NOBODY else f"sole rule by {name}"
