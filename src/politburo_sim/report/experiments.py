"""Reports of the experiments that decide claims, by kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from politburo_sim.report.figures import DARK, OKABE_ITO, STYLE, per_cent, save
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.words import MINUS, month_words, percent

_ROWS = 30
_CHANCES = frozenset({
    "chance", "established", "leader_share", "took_place", "ruler_most_visible",
    "ruler_holds_post",
})  # fmt: skip
_CAPTION = (
    "Mean true effect over the ensemble with its 95 % interval (thick), and 5 % to 95 % of the "
    "ensemble's parameter sets (thin)."
)


def experiment_report(folder: Path, results: Any, *, design: str, command: str) -> Path:
    """Write the tables, figures and page of one experiment of any kind."""
    folder.mkdir(parents=True, exist_ok=True)
    figures, finding, tables = folder / "figures", [], []
    drawings: list[Drawing] = []
    if results.effects:
        table = results.table
        table.to_csv(folder / "contrasts.csv", index=False, float_format="%.6g")
        tables.append(Table(in_words(table), "All contrasts"))
        for place, (part, chance) in enumerate(_pages(table)):
            name = "contrasts" if place == 0 else f"contrasts-{place + 1}"
            drawings.append(Drawing(save(contrast_figure(part, chance), figures, name), _CAPTION))
        finding.append(most_telling(table))
    for name, frame in results.extra.items():
        frame.to_csv(folder / f"{name.replace(', ', '-').replace(' ', '-')}.csv", index=False,
                     float_format="%.6g")  # fmt: skip
    for kind, draw in (("window", _window), ("odds", _forecast), ("survival", _survival)):
        if kind in results.extra:
            words, more = draw(results, figures)
            finding.insert(0, words)
            drawings = more + drawings
    page = Page(
        title=f"{results.id}. {results.title}", question=results.question, finding=finding,
        design=[design], figures=drawings, tables=tables, command=command,
    )  # fmt: skip
    return write(page, folder)


def is_chance(outcome: str) -> bool:
    """Whether an outcome is a share of one, drawn in points; counts are drawn apart."""
    return outcome in _CHANCES or outcome.startswith(("sole rule of", "seat of", "share of"))


def _pages(table: pd.DataFrame) -> list[tuple[pd.DataFrame, bool]]:
    """Contrasts of chances, then of counts, in pages that can be read."""
    found = []
    chances = table["outcome"].map(is_chance)
    for part, chance in ((table[chances], True), (table[~chances], False)):
        for start in range(0, len(part), _ROWS):
            found.append((part.iloc[start : start + _ROWS], chance))
    return found


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", MINUS)


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Contrasts as a reader says them."""
    return pd.DataFrame(
        {
            "contrast": table["contrast"],
            "mean": table["mean"].map(_signed),
            "95 % interval": [f"{_signed(a)} to {_signed(b)}"
                              for a, b in zip(table["low"], table["high"], strict=True)],
            "over the ensemble, 5 % to 95 %": [
                f"{_signed(a)} to {_signed(b)}"
                for a, b in zip(table["least"], table["most"], strict=True)
            ],
        }
    )  # fmt: skip


def most_telling(table: pd.DataFrame) -> str:
    """The clearest effect: the contrast farthest from nought for its interval."""
    width = (table["high"] - table["low"]).clip(lower=1e-9)
    row = table.loc[(table["mean"].abs() / width).idxmax()]
    return (
        f"Clearest against its noise: {row['contrast']}, {_signed(row['mean'])} "
        f"({_signed(row['low'])} to {_signed(row['high'])})."
    )


def contrast_figure(table: pd.DataFrame, chance: bool) -> Figure:
    """Contrasts from the top, each with its interval and the ensemble's spread."""
    scale = 100.0 if chance else 1.0
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(9.5, 0.8 + 0.27 * len(table)), layout="constrained")
        axes = figure.add_subplot()
        down = np.arange(len(table))
        axes.axvline(0, color=DARK, linewidth=0.8)
        axes.hlines(down, scale * table["least"], scale * table["most"], color=OKABE_ITO[4], lw=1.2)
        axes.hlines(down, scale * table["low"], scale * table["high"], color=OKABE_ITO[0], lw=3.5)
        axes.plot(scale * table["mean"], down, "o", color=OKABE_ITO[0], markersize=4.5)
        axes.set_yticks(down, table["contrast"], fontsize=7.5)
        axes.set_ylim(len(table) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color="#e6e6e6", linewidth=0.7)
        axes.set_axisbelow(True)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("Points (hundredths of a chance or share)" if chance else "Number")
    return figure


def _points(value: float, _place: float = 0) -> str:
    return f"{100 * value:+.0f}".replace("-", MINUS) if abs(value) > 1e-9 else "0"


def _year(month: str) -> float:
    return int(month[:4]) + (int(month[5:7]) - 1) / 12


def _window(results: Any, figures: Path) -> tuple[str, list[Drawing]]:
    table = results.extra["window"]
    closes = results.said["closes"]
    said = (
        f"The window closes in {closes}: from then on no single intervention moves the chance by "
        "more than five points."
        if closes
        else "The month of closing is not located: at the last month looked at some band still "
        "leaves five points."
    )
    groups = list(table.groupby("intervention", sort=False))
    low, high = min(-0.1, table["low"].min() * 1.05), max(0.1, table["high"].max() * 1.05)
    with matplotlib.rc_context({**STYLE, "font.size": 8.0}):
        rows = (len(groups) + 1) // 2
        figure = Figure(figsize=(9.5, 2.3 * rows), layout="constrained")
        for place, (name, part) in enumerate(groups):
            axes = figure.add_subplot(rows, 2, place + 1)
            at = part["month"].map(_year).to_numpy()
            axes.axhspan(-0.05, 0.05, color="#EFEFEF", linewidth=0)
            axes.fill_between(at, part["low"], part["high"], color=OKABE_ITO[0], alpha=0.25,
                              linewidth=0)  # fmt: skip
            axes.plot(at, part["effect"], color=OKABE_ITO[0])
            axes.axhline(0, color=DARK, linewidth=0.8)
            axes.set_title(results.said["called"][name])
            axes.set_ylim(low, high)
            axes.yaxis.set_major_formatter(_points)
            axes.set_ylabel("effect (points)")
            beside = axes.twinx()
            beside.plot(at, part["precondition"], color="#777777", linewidth=1, linestyle=":")
            beside.set_ylim(0, 1)
            beside.yaxis.set_major_formatter(per_cent)
            beside.spines["right"].set_visible(True)
            beside.spines["right"].set_color("#bbbbbb")
            beside.tick_params(colors="#777777")
    who = results.said["member"]
    caption = f"Effect on the chance of sole rule of {who} by month of intervention, with a 95 % "
    caption += "band that holds for all points together; dotted: share of runs in which the "
    caption += "precondition is met (right-hand scale). Grey: five points either way."
    return said, [Drawing(save(figure, figures, "window"), caption)]


def _forecast(results: Any, figures: Path) -> tuple[str, list[Drawing]]:
    odds, ends = results.extra["odds"], results.extra["ends"]
    by_month = odds.groupby("month")
    at = np.array([_year(month) for month in by_month.groups])
    share = ends["end"].value_counts(normalize=True)
    settled = month_words((1922, 4), int(ends["settled"].median()))
    first = f"The chance of the likeliest end in April 1922 was {percent(ends['effect'].mean())} "
    first += f"on average; half of the histories were settled (90 %) by {settled}. They ended: "
    first += ", ".join(f"{name} {percent(value)}" for name, value in share.items()) + "."
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8.4, 5.4), layout="constrained")
        axes = figure.add_subplot(2, 1, 1)
        _quantiles(axes, at, by_month["end"])
        axes.set_ylim(0, 1)
        axes.yaxis.set_major_formatter(per_cent)
        axes.set_ylabel("chance given to the\nend that came")
        axes = figure.add_subplot(2, 1, 2)
        _quantiles(axes, at, by_month["entropy"])
        axes.set_ylabel("entropy of the\nforecast (bits)")
        axes.set_xlabel("Half-year from which futures are forked")
    caption = "Histories of the ensemble: median (line), half of them (dark), nine in ten (light)."
    return first, [Drawing(save(figure, figures, "forecast"), caption)]


def _quantiles(axes: Any, at: Any, grouped: Any) -> None:
    ends = [grouped.quantile(q).to_numpy() for q in (0.05, 0.25, 0.5, 0.75, 0.95)]
    axes.fill_between(at, ends[0], ends[4], color=OKABE_ITO[0], alpha=0.15, linewidth=0)
    axes.fill_between(at, ends[1], ends[3], color=OKABE_ITO[0], alpha=0.3, linewidth=0)
    axes.plot(at, ends[2], color=OKABE_ITO[0])
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _survival(results: Any, figures: Path) -> tuple[str, list[Drawing]]:
    names = ("before, bond", "before, no bond", "after, bond", "after, no bond")
    words = {"survival": "as calibrated", "survival, rule of one off": "rule of one off"}
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8.4, 3.2), layout="constrained")
        for place, (key, title) in enumerate(words.items()):
            axes = figure.add_subplot(1, 2, place + 1)
            totals = results.extra[key].sum()
            share = [totals[f"{n}: removed"] / max(totals[n], 1) for n in names]
            half = [1.96 * (s * (1 - s) / max(totals[n], 1)) ** 0.5
                    for s, n in zip(share, names, strict=True)]  # fmt: skip
            colours = (OKABE_ITO[0], OKABE_ITO[1]) * 2
            axes.bar(range(4), share, yerr=half, color=colours, capsize=3)
            axes.set_xticks(range(4), ["bond", "no bond"] * 2)
            axes.set_title(title)
            axes.set_xlabel("before sole rule                    under it")
            axes.yaxis.set_major_formatter(per_cent)
            if place == 0:
                axes.set_ylabel("removed within two years")
    totals = results.extra["survival"].sum()
    rate = {n: percent(totals[f"{n}: removed"] / max(totals[n], 1)) for n in names}
    said = f"Removed within two years, over all runs: before a sole rule {rate[names[0]]} with a "
    said += f"bond to the strongest and {rate[names[1]]} without; under it {rate[names[2]]} and "
    said += f"{rate[names[3]]}."
    return said, [Drawing(save(figure, figures, "survival"), "Removal by bond, with intervals.")]


def sensitivity_figure(table: pd.DataFrame, columns: Sequence[tuple[str, str, str]]) -> Figure:
    """Bars with intervals for the strongest parameters: (column, its interval, words)."""
    top = table.head(20)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7.6, 0.8 + 0.28 * len(top)), layout="constrained")
        axes = figure.add_subplot()
        height = 0.8 / len(columns)
        for place, (value, half, words) in enumerate(columns):
            down = np.arange(len(top)) + height * (place - (len(columns) - 1) / 2)
            axes.barh(down, top[value], height, xerr=top[half], color=OKABE_ITO[place], label=words,
                      error_kw={"linewidth": 0.8})  # fmt: skip
        axes.set_yticks(range(len(top)), [str(n).replace("_", " ") for n in top["parameter"]])
        axes.invert_yaxis()
        axes.legend(frameon=False, loc="lower right")
        axes.set_xlabel("Index, with its 95 % interval")
    return figure


def sensitivity_report(
    folder: Path, raw: dict[str, Any], of: str, screened: pd.DataFrame, indices: pd.DataFrame,
    number: tuple[int, int, int], command: str,
) -> Path:  # fmt: skip
    """Write the tables, figures and page of a sensitivity analysis."""
    folder.mkdir(parents=True, exist_ok=True)
    screened.to_csv(folder / "morris.csv", index=False, float_format="%.5g")
    indices.to_csv(folder / "sobol.csv", index=False, float_format="%.5g")
    names = [str(n).replace("_", " ") for n in indices["parameter"].head(5)]
    words = "the chance of sole rule" if of == "sole-rule" else "the distance from the record"
    figures = folder / "figures"
    page = Page(
        title=f"{raw['id']}. {raw['title']}", question=raw["question"],
        finding=[f"What moves {words} most, alone or through others: {', '.join(names)}."],
        design=[
            f"Morris: {number[0]} trajectories; Sobol: {number[1]} base samples; "
            f"{number[2]} histories at each point, which share their luck. All live parameters, "
            "over the priors of the calibration."
        ],
        figures=[
            Drawing(
                save(sensitivity_figure(indices, [("total", "total_interval", "total index"),
                                                  ("first", "first_interval", "first index")]),
                     figures, "sobol"),
                "Sobol indices: total (with all interactions) and first (alone).",
            ),
            Drawing(
                save(sensitivity_figure(screened, [("mu_star", "mu_star_interval",
                                                    "mean absolute effect")]), figures, "morris"),
                "Morris screening: mean absolute effect of a parameter over its range.",
            ),
        ],
        tables=[Table(indices, "Sobol indices"), Table(screened, "Morris screening")],
        command=command,
    )  # fmt: skip
    return write(page, folder)


def ideals_report(folder: Path, table: pd.DataFrame, command: str) -> Path:
    """Write the curve of what roll calls tell of ideals, with its table."""
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / "recovery.csv", index=False, float_format="%.5g")
    least, most = table.iloc[0], table.iloc[-1]
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 3.6), layout="constrained")
        axes = figure.add_subplot()
        for place, (name, words) in enumerate(
            (("recovered", "true ideals"), ("shuffled", "ideals shuffled among members"),
             ("rice", "Rice index (1: all vote alike)"))
        ):  # fmt: skip
            axes.fill_between(table["unity"], table[f"{name}_low"], table[f"{name}_high"],
                              color=OKABE_ITO[place], alpha=0.2, linewidth=0)  # fmt: skip
            axes.plot(table["unity"], table[name], "o-", color=OKABE_ITO[place], label=words)
        axes.axhline(0, color=DARK, linewidth=0.8)
        axes.set_xlabel("Unity: cost of dissent from the expected majority")
        axes.set_ylabel("part explained, or index")
        axes.legend(frameon=False)
    page = Page(
        title="What roll calls tell of ideals",
        question="How far can true ideals be read from roll calls as unity rises?",
        finding=[
            f"Roll calls explain {percent(max(0.0, float(least['recovered'])))} of the variance of "
            f"true ideals without the norm and {percent(max(0.0, float(most['recovered'])))} at "
            f"its strongest, while the Rice index rises from {least['rice']:.2f} to "
            f"{most['rice']:.2f}."
        ],
        design=[
            "Members vote by conviction and conformity alone; positions from the members' "
            "agreement in roll calls (classical scaling, two dimensions), without the votes of "
            "mover and target; explained variance adjusted for its degrees of freedom, with 95 % "
            "intervals over histories."
        ],
        figures=[Drawing(save(figure, folder / "figures", "recovery"), "The curve.")],
        tables=[Table(table, "Means and intervals")], command=command,
    )  # fmt: skip
    return write(page, folder)
