"""The report on the claims: a verdict for each, with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
from matplotlib.figure import Figure

from politburo_sim.lab.sheets import write_csv
from politburo_sim.report.figures import (
    DARK,
    OKABE_ITO,
    SOFT,
    STYLE,
    fitted,
    headed,
    per_cent,
    save,
)
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.words import interval, minus, percent, signed, signed_interval

_COLOURS = {
    "supported": OKABE_ITO[2], "not supported": OKABE_ITO[3], "partly": OKABE_ITO[1],
    "undecided": "#7F7F7F",
}  # fmt: skip
_MARKS = {"supported": "o", "not supported": "X", "partly": "^", "undecided": "s"}

_SEARCHES = (
    "The sets were found by several searches. Sets of one search lie closer together than searches "
    "do, so each is judged by itself: a share is the mean over the searches, and its interval "
    "reaches from the lowest end of any of them to the highest. So do the effects of the parts."
)


def claims_report(
    folder: Path, verdicts: Sequence[Any], parts: pd.DataFrame,
    by_seed: Mapping[int, Sequence[Any]], *, design: str, command: str,
) -> Path:  # fmt: skip
    """Draw the verdicts and write the page and its tables.

    by_seed : the verdicts at each master seed, those of the report among them.
    """
    table = overview(verdicts)
    write_csv(folder / "verdicts.csv", table)
    write_csv(folder / "parts.csv", parts)
    repeated, searched = stability(by_seed), by_search(verdicts)
    if len(by_seed) > 1:
        write_csv(folder / "seeds.csv", repeated)
    if len(searched):
        write_csv(folder / "searches.csv", searched)
    page = Page(
        title="The claims of the essay", question="Which of the essay's claims hold in the model?",
        finding=[finding(verdicts), *moved(repeated), *moved(searched),
                 *(v.note for v in verdicts if v.note)],
        design=[design, *[_SEARCHES] * (len(searched) > 0)],
        figures=[
            Drawing(
                save(verdict_figure(verdicts), folder / "figures", "verdicts"),
                "Share of the ensemble in which each claim's rule holds, with its 95 % interval. "
                "Supported: beyond 80 %; not supported: below 20 %.",
            )
        ],
        tables=[
            Table(table, "Verdicts"),
            Table(rules(verdicts), "The rules, written before the runs"),
            Table(in_words(parts), "Each part of each rule"),
            *([Table(repeated, "The verdicts at each master seed")] if len(by_seed) > 1 else []),
            *([Table(searched, "The verdicts over the sets of each search")]
              if len(searched) else []),
        ],
        command=command,
    )  # fmt: skip
    return write(page, folder)


def finding(verdicts: Sequence[Any]) -> str:
    """The first sentence: how many of the claims came out how."""
    by_verdict: dict[str, list[str]] = {}
    for v in verdicts:
        by_verdict.setdefault(v.found.verdict, []).append(v.claim.id)
    said = [
        f"{len(by_verdict[word])} {word} ({', '.join(by_verdict[word])})"
        for word in _COLOURS
        if word in by_verdict
    ]
    return f"Of {len(verdicts)} claims: {'; '.join(said)}."


def stability(by_seed: Mapping[int, Sequence[Any]]) -> pd.DataFrame:
    """One row a claim: its verdict, and the share it rests on, at each master seed."""
    return pd.DataFrame(
        [_side_by_side(same[0], "seed", by_seed, [v.found for v in same])
         for same in zip(*by_seed.values(), strict=True)]
    )  # fmt: skip


def by_search(verdicts: Sequence[Any]) -> pd.DataFrame:
    """One row a claim: its verdict over the sets of each search; none where there was one."""
    return pd.DataFrame(
        [_side_by_side(v, "search", range(1, 1 + len(v.alone)), v.alone)
         for v in verdicts if v.alone]
    )  # fmt: skip


def _side_by_side(
    verdict: Any, what: str, numbers: Iterable[int], found: Sequence[Any]
) -> dict[str, str]:  # fmt: skip
    said = {f"{what} {number}": f"{one.verdict}, {share(one)}"
            for number, one in zip(numbers, found, strict=True)}  # fmt: skip
    words = {one.verdict for one in found}
    across = "between supported and not" if {"supported", "not supported"} <= words else "yes"
    return {"claim": verdict.claim.id, **said, "moves": "no" if len(words) == 1 else across}


def moved(repeated: pd.DataFrame) -> list[str]:
    """Which verdicts hang on the search or the master seed; nothing where there is one of it."""
    of = [name for name in repeated.columns if name.startswith(("seed ", "search "))]
    if len(of) < 2:
        return []
    across = repeated.loc[repeated["moves"].str.startswith("between"), "claim"]
    moves = repeated.loc[repeated["moves"] != "no", "claim"]
    what = "master seeds" if of[0].startswith("seed ") else "searches"
    return [
        f"Over {len(of)} {what}: moving between supported and not supported, "
        f"{', '.join(across) or 'none'}; moving at all, {', '.join(moves) or 'none'}."
    ]


def overview(verdicts: Sequence[Any]) -> pd.DataFrame:
    """One row a claim, in words."""
    rows = []
    for v in verdicts:
        fails = [
            f"{p.name} (mean {amount(p.effect['mean'], p.unit)}, needed "
            f"{needed(p.needed, p.unit)}, so in {per_cent(p.found.share)} of the sets)"
            for p in v.parts
            if p.found.verdict != "supported"
        ]
        lead = v.parts[0]
        rows.append(
            {"claim": v.claim.id, "title": v.claim.title, "verdict": v.found.verdict,
             "share of the ensemble": share(v.found),
             "effect of its first part": effect(lead.effect, lead.unit),
             "where it fails": "; ".join(fails)}
        )  # fmt: skip
    return pd.DataFrame(rows)


def rules(verdicts: Sequence[Any]) -> pd.DataFrame:
    """The claims and their rules."""
    return pd.DataFrame(
        [{"claim": v.claim.id, "what the essay says": v.claim.text, "rule": v.claim.rule}
         for v in verdicts]
    )  # fmt: skip


def amount(value: float, unit: str) -> str:
    """An effect in its unit (`lab.verdicts.claims.Judged`)."""
    return percent(value) if unit == "%" else signed(value, points=unit == "points")


def ends(low: float, high: float, unit: str) -> str:
    """Both ends of an interval of an effect, in its unit, which is not named but for %."""
    if unit == "%":
        return interval(low, high, share=True)
    return signed_interval(low, high, points=unit == "points", unit=False)


def needed(bound: str, unit: str) -> str:
    """What a part needs: a word and a number, in the unit of its effect."""
    word, value = bound.split()
    if unit:
        return f"{word} {minus(f'{100 * float(value):g}')} {unit}"
    return f"{word} {minus(value)}"


def effect(found: dict[str, float], unit: str) -> str:
    """An effect with its 95 % interval."""
    return f"{amount(found['mean'], unit)} ({ends(found['low'], found['high'], unit)})"


def share(found: Any) -> str:
    """A share of the ensemble with its interval."""
    low, high = per_cent(found.low).removesuffix(" %"), per_cent(found.high)
    return f"{per_cent(found.share)} ({low} to {high})"


def in_words(parts: pd.DataFrame) -> pd.DataFrame:
    """The table of parts as a reader says it."""
    rows = parts.rename(columns={"effect": "mean"}).to_dict("records")
    return pd.DataFrame(
        {
            "claim": parts["claim"], "part": parts["part"],
            "needed": [needed(row["needed"], row["unit"]) for row in rows],
            "mean effect (95 % interval)": [effect(row, row["unit"]) for row in rows],
            "over the ensemble, 5 % to 95 %": [
                ends(row["least"], row["most"], row["unit"]) for row in rows
            ],
            "alone": parts["alone"],
        }
    )  # fmt: skip


def verdict_figure(verdicts: Sequence[Any]) -> Figure:
    """Claims from the top, shares of the ensemble with intervals, coloured by verdict."""
    tall = 0.38 * len(verdicts)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(9.2, 1.6 + tall), layout="constrained")
        axes = figure.add_subplot()
        for low, high, words in ((0, 0.2, "not supported"), (0.8, 1, "supported")):
            axes.axvspan(low, high, color="#ECECEC", linewidth=0)
            axes.text((low + high) / 2, -0.75, words, ha="center", va="bottom", fontsize=8,
                      color=SOFT)  # fmt: skip
        for place, v in enumerate(verdicts):
            colour = _COLOURS[v.found.verdict]
            axes.hlines(place, v.found.low, v.found.high, color=colour, linewidth=2.5)
            axes.plot(v.found.share, place, _MARKS[v.found.verdict], color=colour, markersize=7.5,
                      markeredgecolor=DARK, markeredgewidth=0.7)  # fmt: skip
            axes.annotate(v.found.verdict, (1, place), xycoords=("axes fraction", "data"),
                          xytext=(8, 0), textcoords="offset points", color=DARK, va="center",
                          annotation_clip=False)  # fmt: skip
        labels = [fitted(f"{v.claim.id}  {v.claim.title}", 4.0, 9) for v in verdicts]
        axes.set_yticks(range(len(verdicts)), labels)
        axes.set_ylim(len(verdicts) - 0.4, -0.6)
        axes.set_xlim(-0.02, 1.02)
        axes.xaxis.set_major_formatter(per_cent)
        axes.set_xlabel("Share of the ensemble in which the claim's rule holds")
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        key = (
            "Marks: share of the ensemble's parameter sets in which the rule holds, which was "
            "written before any run; lines: 95 % intervals. Circle: supported; cross: not; "
            "triangle: partly; square: undecided."
        )
        headed(figure, "Which of the essay's claims hold in the model?", key)
    return figure
