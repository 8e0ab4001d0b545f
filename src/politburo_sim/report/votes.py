"""The report of the votes by themselves: what tells sides, tried on votes not seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from politburo_sim.evidence.votes import BAN, KNOWN, MODELS, OUT, REFERENCE
from politburo_sim.history import tables
from politburo_sim.lab.sheets import write_tables
from politburo_sim.report.figures import OKABE_ITO, STYLE, Estimate, forest, save
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.words import minus, sentence_case

QUESTION = "On which side did a man stand, and what known before the vote tells it?"
NO_HINDSIGHT, ALONE = "economy of 1923 + co-voting", "co-voting"
_SHOWN = 8
"""Men without whom the contrast is drawn; the table has all."""


def votes_report(
    folder: Path, losses: pd.DataFrame, contrast: pd.DataFrame, command: str
) -> Path:  # fmt: skip
    """Write votes.csv, switching.csv, the figures and the page."""
    write_tables(folder, {"votes": losses, "switching": contrast})
    figures = folder / "figures"
    page = Page(
        title="The divided votes by themselves", question=QUESTION,
        finding=finding(losses, contrast), design=_design(losses, contrast),
        figures=[
            Drawing(save(loss_figure(losses), figures, "log_loss"),
                    "Mean log loss a side, in nats, with intervals of 95 %; less is better."),
            Drawing(save(switching_figure(contrast), figures, "switching"),
                    "How much more men left a leader expected to lose after the ban than before "
                    "it, in shares, with intervals of 95 %: all men, then without each of those "
                    "who change it most."),
        ],
        tables=[
            Table(_models(), "What each model knows"),
            Table(losses, "Log loss by scheme, period and model"),
            Table(contrast, "Switching before and after the ban, and without each man"),
        ],
        command=command,
    )  # fmt: skip
    return write(page, folder)


def _models() -> pd.DataFrame:
    """What each model knows, and what that is."""
    knows = [(name, ", ".join(KNOWN[k] for k in known)) for name, known in MODELS.items()]
    return pd.DataFrame([(n, k or "nothing") for n, k in knows], columns=["model", "knows"])


def finding(losses: pd.DataFrame, contrast: pd.DataFrame) -> list[str]:
    """What the tables say, the model that tells sides best first."""
    rows = losses[losses.scheme == OUT].set_index(["period", "model"])
    every = rows.loc["all"]
    best = str(every.log_loss.idxmin())
    rule, apart = every.loc["full rule"], every.loc["full rule", "difference_low"] > 0
    return [
        f"{sentence_case(best)} tells sides best: {every.log_loss[best]:.2f} nats a side on votes "
        f"not seen, against {every.log_loss['coin']:.2f} for a coin, "
        f"{every.log_loss['ideology']:.2f} for ideology alone and {every.log_loss[ALONE]:.2f} for "
        "co-voting alone."
        f"{_as_good(every, best)}",
        f"The full rule, which also knows who was expected to win and who had a seat, is "
        f"{'worse' if apart else 'not better'}: {_with_ends(rule, 'difference')} nats against "
        f"{REFERENCE}.",
        _hindsight(every),
        _periods(rows),
        _switching(contrast),
    ]


def _as_good(every: pd.DataFrame, best: str) -> str:
    """Which models the votes do not tell apart from the best, where differences are from that."""
    rest = every[(every.difference_low <= 0) & (every.index != best)].index
    return f" The votes do not tell it apart from {' and '.join(rest)}." if (
        best == REFERENCE and len(rest)
    ) else ""  # fmt: skip


def _hindsight(every: pd.DataFrame) -> str:
    gain, kept = (
        every.log_loss[ALONE] - every.log_loss[name] for name in (REFERENCE, NO_HINDSIGHT)
    )
    more = f"What ideology adds to co-voting ({gain:.2f} nats) is "
    share = kept / gain if gain > 0 else np.nan
    if np.isnan(share):
        return "Ideology adds nothing to co-voting."
    return more + (
        f"{'mostly' if share < 0.5 else 'only in part'} in codings made with later years in sight: "
        f"the economy of 1923 alone adds {kept:.2f}."
    )


def _periods(rows: pd.DataFrame) -> str:
    best = {
        period: str(rows.loc[period].log_loss.idxmin()) for period in ("before the ban", "after it")
    }
    said = [
        f"{period} {name} does best ({rows.log_loss[period, name]:.2f}; ideology "
        f"{rows.log_loss[period, 'ideology']:.2f}, co-voting {rows.log_loss[period, ALONE]:.2f})"
        for period, name in best.items()
    ]
    return f"{sentence_case(said[0])}; {said[1]}."


def _switching(contrast: pd.DataFrame) -> str:
    row, rest = contrast.iloc[0], contrast.iloc[1:]
    far = rest.loc[(rest.contrast - row.contrast).abs().idxmax()]
    sure = row.low > 0 or row.high < 0
    return (
        "How much more men left a leader expected to lose than one expected to win changed with "
        f"the ban by {_with_ends(row, 'contrast')}, in shares, which "
        f"{'is' if sure else 'is not'} told apart from no change; without "
        f"{far.without} it is {_signed(far.contrast)}."
    )


def _signed(value: float) -> str:
    return minus(f"{value:+.2f}")


def _with_ends(row: pd.Series, name: str) -> str:
    ends = ("difference_low", "difference_high") if name == "difference" else ("low", "high")
    low, high = (_signed(row[end]) for end in ends)
    return f"{_signed(row[name])} ({low} to {high})"


def _design(losses: pd.DataFrame, contrast: pd.DataFrame) -> list[str]:
    every = losses[(losses.scheme == OUT) & (losses.period == "all")].iloc[0]
    forward = losses[(losses.scheme != OUT) & (losses.period == "all")].iloc[0]
    dates = tables.votes().set_index("vote_id").date
    years = dates[tables.divisions().vote_id].dt.year
    return [
        f"{every.positions} positions in {every.votes} divided votes, {years.min()} to "
        f"{years.max()}, each a choice between the one who led for it and the one who led against "
        "it; the two themselves are left out. No simulation is run.",
        "Logistic regression, its coefficients shrunk by a normal prior of standard deviation one "
        "on what is known in units of its spread. Either every vote is told from all others, or "
        f"(forward) each of the last {forward.votes} from the earlier ones.",
        "Standard errors and intervals of 95 % come from resampling whole votes. They hold the "
        f"coefficients as fitted, and {every.votes} votes are few: read them as too narrow.",
        "Names after 1922 are mostly inferred from known alignments, so that the record itself may "
        "owe some of its order to what is tested here.",
        f"Switching: {contrast.iloc[0].choices} times a man had voted more with one of the two; he "
        f"left him {contrast.iloc[0].left} times. The ban is that of {dates[BAN]:%d %B %Y}. Who "
        "was expected to win is reckoned from earlier votes of the whole body.",
    ]  # fmt: skip


def loss_figure(losses: pd.DataFrame) -> Figure:
    """Log loss of each model: on the left by scheme, on the right on either side of the ban."""
    sides: tuple[tuple[str, str, str], ...] = (
        ("scheme", "period", "all"), ("period", "scheme", OUT),
    )  # fmt: skip
    names = list(MODELS)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8.6, 0.9 + 0.36 * len(names)), layout="constrained")
        panels = figure.subplots(1, 2, sharex=True, sharey=True)
        for axes, (by, within, value) in zip(panels, sides, strict=True):
            rows = losses[losses[within] == value]
            rows = rows[rows[by] != "all"]
            for place, (word, some) in enumerate(rows.groupby(by, sort=False)):
                _intervals(axes, some.set_index("model").loc[names], place, str(word))
            axes.grid(axis="x", color="#e6e6e6", linewidth=0.7)
            axes.set_axisbelow(True)
            axes.set_xlabel("Mean log loss a side, nats")
            axes.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
        panels[0].set_yticks(range(len(names)), names)
        panels[0].set_ylim(len(names) - 0.4, -0.6)
    return figure


def _intervals(axes: Any, rows: pd.DataFrame, place: int, label: str) -> None:
    """Dots with intervals, a little below those of the place before."""
    down = np.arange(len(rows)) + (-0.14, 0.14)[place]
    colour = OKABE_ITO[(0, 3)[place]]
    axes.hlines(down, rows.low, rows.high, color=colour, linewidth=2)
    axes.plot(rows.log_loss, down, "os"[place], color=colour, markersize=5.5, label=label)


def switching_figure(contrast: pd.DataFrame) -> Figure:
    """The contrast of all, then without those who change it most, from the lowest."""
    first, rest = contrast.iloc[0], contrast.iloc[1:]
    most = (rest.contrast - first.contrast).abs().nlargest(_SHOWN, keep="first").index
    rows = [Estimate("all", first.contrast, first.low, first.high)]
    rows += [
        Estimate(f"without {row.without}", row.contrast, row.low, row.high)
        for row in rest.loc[most].sort_values("contrast").itertuples()
    ]
    return forest([("Contrast after the ban less before it", False, rows)], difference=True)
