"""Reports of the experiments that decide claims, by kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from politburo_sim.lab.bench import Effort
from politburo_sim.lab.calibration import informed_by, load_plan
from politburo_sim.lab.ensemble import load_ensemble
from politburo_sim.lab.intervals import wilson
from politburo_sim.lab.plan import Results, over_the_ensemble
from politburo_sim.months import as_year, month_key, month_name
from politburo_sim.outcomes import is_share
from politburo_sim.report.calibration import calibration_report, informed
from politburo_sim.report.figures import DARK, OKABE_ITO, STYLE, per_cent, save
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.scores import scores_report
from politburo_sim.report.sweep import sweep_report
from politburo_sim.report.words import MINUS, percent
from politburo_sim.worlds.scenario import load_scenario

_ROWS = 30
_CAPTION = (
    "Mean true effect over the ensemble with its 95 % interval (thick), and 5 % to 95 % of the "
    "ensemble's parameter sets (thin)."
)


def report(results: Results, command: str) -> Path:
    """Write the tables, figures and page of an experiment of any kind; the page's path."""
    results.bench.folder.mkdir(parents=True, exist_ok=True)
    return _REPORTS.get(results.experiment.kind, _effects)(results, command)


def ensemble_words(effort: Effort, seed: int) -> str:
    """How experiments over the ensemble are run, and what the record says of its parameters."""
    ensemble = load_ensemble()
    said = informed(informed_by(load_plan(), ensemble.table, ensemble.weight))
    return f"{over_the_ensemble(effort, seed)} {said}"


def _page(results: Results, command: str, **parts: Any) -> Path:
    """The page, with what every kind says in the same place."""
    experiment, bench = results.experiment, results.bench
    design = experiment.how(bench.effort, bench.seed)
    page = Page(
        title=f"{experiment.id}. {experiment.title}", question=experiment.question,
        design=[design], command=command, **parts,
    )  # fmt: skip
    return write(page, bench.folder)


def _effects(results: Results, command: str) -> Path:
    """Contrasts, and what else the kind has of its own (`_DRAWN`)."""
    folder = results.bench.folder
    finding: list[str] = []
    tables: list[Table] = []
    drawings: list[Drawing] = []
    if results.effects:
        table = results.table
        table.to_csv(folder / "contrasts.csv", index=False, float_format="%.6g")
        tables.append(Table(in_words(table), "All contrasts"))
        for place, (part, chance) in enumerate(_pages(table)):
            name = "contrasts" if place == 0 else f"contrasts-{place + 1}"
            figure = save(contrast_figure(part, chance), folder / "figures", name)
            drawings.append(Drawing(figure, _CAPTION))
        finding.append(most_telling(table))
    _save_tables(results)
    draw = _DRAWN.get(results.experiment.kind)
    if draw is not None:
        words, more = draw(results, folder / "figures")
        finding, drawings = [words, *finding], more + drawings
    return _page(results, command, finding=finding, figures=drawings, tables=tables)


def _save_tables(results: Results) -> None:
    for name, frame in results.extra.items():
        file = f"{name.replace(', ', '-').replace(' ', '-')}.csv"
        frame.to_csv(results.bench.folder / file, index=False, float_format="%.6g")


def _pages(table: pd.DataFrame) -> list[tuple[pd.DataFrame, bool]]:
    """Contrasts of chances, then of counts, in pages that can be read."""
    found = []
    chances = table["outcome"].map(lambda name: name == "chance" or is_share(name))
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


def _window(results: Results, figures: Path) -> tuple[str, list[Drawing]]:
    table, experiment = results.extra["window"], cast(Any, results.experiment)
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
            at = part["month"].map(as_year).to_numpy()
            axes.axhspan(-0.05, 0.05, color="#EFEFEF", linewidth=0)
            axes.fill_between(at, part["low"], part["high"], color=OKABE_ITO[0], alpha=0.25,
                              linewidth=0)  # fmt: skip
            axes.plot(at, part["effect"], color=OKABE_ITO[0])
            axes.axhline(0, color=DARK, linewidth=0.8)
            axes.set_title(load_scenario(str(name)).called)
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
    caption = f"Effect on the chance of sole rule of {experiment.member} by month of "
    caption += "intervention, with a 95 % "
    caption += "band that holds for all points together; dotted: share of runs in which the "
    caption += "precondition is met (right-hand scale). Grey: five points either way."
    return said, [Drawing(save(figure, figures, "window"), caption)]


def _forecast(results: Results, figures: Path) -> tuple[str, list[Drawing]]:
    odds, ends = results.extra["odds"], results.extra["ends"]
    by_month = odds.groupby("month")
    at = np.array([as_year(month) for month in by_month.groups])
    share = ends["end"].value_counts(normalize=True)
    start = results.experiment.world.start
    settled = month_key(start, int(ends["settled"].median()))
    chance = percent(ends["effect"].mean())
    first = f"The chance of the likeliest end in {month_name(start, 0)} was {chance} on average; "
    first += f"half of the histories were settled (90 %) by {settled}. They ended: "
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


def _survival(results: Results, figures: Path) -> tuple[str, list[Drawing]]:
    names = ("before, bond", "before, no bond", "after, bond", "after, no bond")
    words = {"survival": "as calibrated", "survival, rule of one off": "rule of one off"}
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8.4, 3.2), layout="constrained")
        for place, (key, title) in enumerate(words.items()):
            axes = figure.add_subplot(1, 2, place + 1)
            totals = results.extra[key].sum()
            share, low, high = wilson(
                [totals[f"{n}: removed"] for n in names], [totals[n] for n in names]
            )
            colours = (OKABE_ITO[0], OKABE_ITO[1]) * 2
            axes.bar(range(4), share, yerr=(share - low, high - share), color=colours, capsize=3)
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


def _sensitivity(results: Results, command: str) -> Path:
    """Both methods' tables and figures."""
    experiment: Any = results.experiment
    sobol, morris = results.extra["sobol"], results.extra["morris"]
    _save_tables(results)
    names = [str(n).replace("_", " ") for n in sobol["parameter"].head(5)]
    of = {"sole-rule": "the chance of sole rule", "record": "the distance from the record"}
    words = of[experiment.of]
    total = [("total", "total_interval", "total index"), ("first", "first_interval", "first index")]
    mean = [("mu_star", "mu_star_interval", "mean absolute effect")]
    figures = results.bench.folder / "figures"
    return _page(
        results, command,
        finding=[f"What moves {words} most, alone or through others: {', '.join(names)}."],
        figures=[
            Drawing(
                save(sensitivity_figure(sobol, total), figures, "sobol"),
                "Sobol indices: total (with all interactions) and first (alone).",
            ),
            Drawing(
                save(sensitivity_figure(morris, mean), figures, "morris"),
                "Morris screening: mean absolute effect of a parameter over its range.",
            ),
        ],
        tables=[Table(sobol, "Sobol indices"), Table(morris, "Morris screening")],
    )  # fmt: skip


def _sweep(results: Results, command: str) -> Path:
    points = results.extra["points"]
    return sweep_report(results.bench.folder, results.experiment, points, command)


def _calibration(results: Results, command: str) -> Path:
    sample = results.extra["sample"]
    tables = {name: table for name, table in results.extra.items() if name != "sample"}
    return calibration_report(
        results.bench.folder, samples=sample.drop(columns="weight"), weight=sample["weight"],
        ranges=results.said["ranges"], runs=results.said["runs"], command=command, **tables,
    )  # fmt: skip


def _scores(results: Results, command: str) -> Path:
    experiment: Any = results.experiment
    return scores_report(results.bench.folder, experiment, results.extra, command)


#: Figures and a first sentence of the kind's own, and pages that are no list of effects.
_DRAWN = {"window": _window, "forecast": _forecast, "survival": _survival}
_REPORTS = {"sweep": _sweep, "sensitivity": _sensitivity, "calibration": _calibration,
            "scores": _scores}  # fmt: skip


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
