"""What contrasts show: sorted into panels of one kind, answered in a sentence, drawn to fit.

A contrast's name is "who or what: of what". Names that share an "of what" make a grid, one row for
each "who or what" and one panel for each "of what"; the others make a list. Levels never stand
among effects, what is within a point of nought is said and not drawn, and how often a precondition
was met is a number beside its row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from politburo_sim.lab.answer import filled
from politburo_sim.lab.bounds import bounded_share, levels_of
from politburo_sim.record.words import listed
from politburo_sim.report.words import (
    interval,
    number,
    percent,
    sentence_case,
    signed,
    signed_interval,
)

#: An effect is nought for the eye if its interval lies within so much of it: a point, a tenth.
NOUGHT, NOUGHT_NUMBER = 0.01, 0.1
#: Of more rows than this, only those that can be told from nought somewhere are drawn.
MANY = 20
#: So many panels of a grid are told in a sentence each.
_TOLD = 3
PRECONDITION = "took_place"
_NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Row:
    """One contrast: of whom or what, with its estimate; a chance never leaves 0 to 1.

    marks : words set behind its label, such as the claims that rest on it.
    """

    label: str
    mean: float
    low: float
    high: float
    least: float
    most: float
    marks: str = ""


@dataclass(frozen=True)
class Panel:
    """Rows of one kind on one scale: what they are of, whether a share, whether a level."""

    words: str
    share: bool
    level: bool
    rows: tuple[Row, ...]

    def said(self, row: Row) -> str:
        """Return the estimate in words."""
        if self.level:
            return number(row.mean, share=self.share)
        return signed(row.mean, points=self.share, unit=False)

    def nought(self, row: Row) -> bool:
        """Whether an effect is nought for the eye."""
        within = NOUGHT if self.share else NOUGHT_NUMBER
        return not self.level and max(abs(row.low), abs(row.high)) <= within


@dataclass(frozen=True)
class Sheet:
    """What one figure shows: panels beside one another over the same rows, or one below the other.

    beside : numbers beside the rows, by label; still : rows that are nought in all panels; unsure :
    of many rows, those that cannot be told from nought in any panel.
    """

    panels: tuple[Panel, ...]
    grid: bool
    beside: Mapping[str, str]
    still: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()


def sheets(
    table: pd.DataFrame, experiment: Any, marks: Mapping[str, str] | None = None
) -> list[Sheet]:
    """Return a table of contrasts as figures: the grid first, then the list of what is left.

    marks : words behind the labels of some contrasts.
    """
    levels = levels_of(experiment)
    given = {c.name for c in getattr(experiment, "contrasts", ()) if c.given is not None}
    known = table[table["mean"].notna()]
    parts = known["contrast"].str.rpartition(": ", expand=True)
    known = known.assign(
        label=parts[2].where(parts[0] == "", parts[0]), of=parts[2].where(parts[0] != "", ""),
        share=known["outcome"].map(bounded_share).to_numpy(bool),
        level=known["contrast"].isin(levels),
        marks=[(marks or {}).get(name, "") for name in known["contrast"]],
    )  # fmt: skip
    met = known[known["outcome"] == PRECONDITION]
    beside = {row.label: percent(row.mean) for row in met.itertuples()}
    drawn = known[(known["outcome"] != PRECONDITION) & ~_doubled(known, given)]
    grid, rest = _grid(drawn, beside)
    return [*([grid] if grid else []), *([_list(rest)] if len(rest) else [])]


def _doubled(known: pd.DataFrame, given: set[str]) -> Any:
    """Tell the contrasts that say of a precondition met what a neighbour says of all runs."""
    plain = set(known.loc[~known["contrast"].isin(given), ["label", "outcome"]].itertuples(
        index=False, name=None))  # fmt: skip
    both = [
        pair in plain for pair in known[["label", "outcome"]].itertuples(index=False, name=None)
    ]
    return known["contrast"].isin(given).to_numpy() & np.array(both, dtype=bool)


def _grid(drawn: pd.DataFrame, beside: Mapping[str, str]) -> tuple[Sheet | None, pd.DataFrame]:
    """Return what makes a grid, sorted by its first panel of effects, and the rest."""
    key = list(zip(drawn["of"], drawn["level"], drawn["share"], strict=True))
    often = Counter(key)
    wide = np.array([often[k] > 1 and k[0] != "" for k in key], dtype=bool)
    if not wide.any():
        return None, drawn
    held = drawn[wide]
    panels = [
        Panel(words, bool(share), bool(level), tuple(map(_row, part.itertuples())))
        for (words, level, share), part in held.groupby(["of", "level", "share"], sort=False)
    ]
    lead = next((panel for panel in panels if not panel.level), panels[0])
    labels = [row.label for row in sorted(lead.rows, key=lambda row: row.mean)]
    labels += [label for label in dict.fromkeys(held["label"]) if label not in labels]
    still = _still(panels, labels)
    kept = [label for label in labels if label not in still]
    unsure = _unsure(panels, kept) if len(kept) > MANY else []
    kept = [label for label in kept if label not in unsure]
    ordered = tuple(replace(panel, rows=_in_order(panel.rows, kept)) for panel in panels)
    return Sheet(ordered, True, beside, tuple(still), tuple(unsure)), drawn[~wide]


def _still(panels: Sequence[Panel], labels: Sequence[str]) -> list[str]:
    """Return the rows in which every panel is nought; none where nothing else would be left."""
    moving = {row.label for panel in panels for row in panel.rows if not panel.nought(row)}
    still = [label for label in labels if label not in moving]
    return still if len(still) < len(labels) else []


def _unsure(panels: Sequence[Panel], labels: Sequence[str]) -> list[str]:
    """Return the rows whose intervals include nought in every panel."""
    sure = {
        row.label for panel in panels for row in panel.rows
        if panel.level or row.low > 0 or row.high < 0
    }  # fmt: skip
    unsure = [label for label in labels if label not in sure]
    return unsure if len(unsure) < len(labels) else []


def _in_order(rows: Sequence[Row], labels: Sequence[str]) -> tuple[Row, ...]:
    by_label = {row.label: row for row in rows}
    return tuple(by_label[label] for label in labels if label in by_label)


def _list(rest: pd.DataFrame) -> Sheet:
    """Return what makes no grid: levels, effects on chances, effects on numbers."""
    panels, still = [], []
    for (level, share), part in rest.groupby(["level", "share"], sort=False):
        panel = Panel(
            _KIND[bool(level), bool(share)], bool(share), bool(level),
            tuple(sorted(map(_row, part.assign(label=part["contrast"]).itertuples()),
                         key=lambda row: row.mean)),
        )  # fmt: skip
        nought = _still([panel], [row.label for row in panel.rows])
        still += nought
        panels.append(replace(panel, rows=tuple(r for r in panel.rows if r.label not in nought)))
    panels.sort(key=lambda panel: (panel.level, not panel.share))
    return Sheet(tuple(panels), False, {}, tuple(still))


_KIND = {
    (False, True): "Effects on chances and shares, in points",
    (False, False): "Effects on numbers",
    (True, True): "Chances and shares themselves",
    (True, False): "Numbers themselves",
}


def _row(row: Any) -> Row:
    return Row(row.label, row.mean, row.low, row.high, row.least, row.most, row.marks)


# In words.


def answer(said: str, table: pd.DataFrame, levels: set[str]) -> str:
    """Return a file's answer with its places filled from the table (`lab.answer`)."""
    rows = {row.contrast: row for row in table.itertuples()}
    return filled(said, rows, lambda row: estimate(row, row.contrast in levels))


def estimate(row: Any, level: bool) -> str:
    """Return an estimate with its interval, in per cent, in points, or as a number."""
    share = bounded_share(row.outcome)
    if level:
        return f"{number(row.mean, share=share)} ({interval(row.low, row.high, share=share)})"
    ends = signed_interval(row.low, row.high, points=share, unit=False)
    return f"{signed(row.mean, points=share)} ({ends})"


def answered(all_sheets: Sequence[Sheet]) -> list[str]:
    """Return what a grid shows, a sentence for each of its first panels, or what a list shows."""
    if not all_sheets:
        return ["No effect is as large as a point."]
    first = all_sheets[0]
    effects = [panel for panel in first.panels if panel.rows and not panel.level]
    if not effects:
        return [_of_levels(panel) for panel in first.panels if panel.rows]
    unseen = len(first.still) + len(first.unsure)
    return [_moved(panel, unseen) for panel in (effects[:_TOLD] if first.grid else effects[:1])]


def _moved(effects: Panel, unseen: int) -> str:
    """Return what lowers and what raises an outcome most; unseen : rows that do neither."""
    grid = effects.words not in _KIND.values()
    what = sentence_case(effects.words) if grid else "The largest effects go"
    down = [row for row in effects.rows if row.high < 0 and not effects.nought(row)]
    down.sort(key=lambda row: row.mean)
    up = [row for row in effects.rows if row.low > 0 and not effects.nought(row)]
    up.sort(key=lambda row: -row.mean)
    said = []
    if down:
        said.append(f"{'falls most with' if grid else 'down with'} {_most(effects, down)}")
    if up:
        most = "it rises most with" if down else "rises most with"
        said.append(f"{most if grid else 'up with'} {_most(effects, up)}")
    rest = len(effects.rows) + unseen - len(down) - len(up)
    if not said:
        return (
            f"{f'{what}: none' if grid else 'None'} of {rest} effects is surely other than nought."
        )
    does = "does" if rest == 1 else "do"
    tail = f"; {rest} of {len(effects.rows) + unseen} {does} neither for sure" if rest else ""
    return f"{what} {'; '.join(said)}{tail}."


def _most(panel: Panel, rows: Sequence[Row]) -> str:
    """Return the three that do most, with what they do, and how many more there are."""
    named = [f"“{row.label}” ({panel.said(row)}{' points' * panel.share * (place == 0)})"
             for place, row in enumerate(rows[:3])]  # fmt: skip
    more = len(rows) - 3
    return listed([*named, f"{more} more"] if more > 0 else named)


def _of_levels(panel: Panel) -> str:
    rows = sorted(panel.rows, key=lambda row: row.mean)
    least, most = rows[0], rows[-1]
    if least is most:
        return f"{sentence_case(most.label)}: {panel.said(most)}."
    return (
        f"The {len(rows)} range from {panel.said(least)} ({least.label}) to {panel.said(most)} "
        f"({most.label})."
    )


def in_words(table: pd.DataFrame, levels: set[str]) -> pd.DataFrame:
    """Return contrasts as a reader says them: levels in per cent, effects in points."""
    rows = []
    for row in table.itertuples():
        level, share = row.contrast in levels, bounded_share(row.outcome)
        mean, low, high, least, most = (
            number(end, share=share) if level else signed(end, points=share, unit=False)
            for end in (row.mean, row.low, row.high, row.least, row.most)
        )
        told = (
            mean + " points" * (share and not level),
            f"{low.removesuffix(' %')} to {high}", f"{least.removesuffix(' %')} to {most}",
        )  # fmt: skip
        rows.append((row.contrast, *(words.replace(" ", _NO_BREAK) for words in told)))
    return pd.DataFrame(
        rows, columns=["contrast", "mean", "95 % interval", "over the ensemble, 5 % to 95 %"]
    )
