"""The report of a calibration: what the record informs, and how near the ensemble comes to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from politburo_sim.report.figures import OKABE_ITO, STYLE, per_cent, save
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.words import plain, sentence_case

#: An effective sample below this makes no ensemble.
LEAST_EFFECTIVE = 200


def calibration_report(
    folder: Path, *, rounds: pd.DataFrame, spreads: pd.DataFrame, patterns: pd.DataFrame,
    recovery: pd.DataFrame, samples: dict[str, Any], weight: Any, ranges: dict[str, Any],
    command: str,
) -> Path:  # fmt: skip
    """Write the tables, figures and page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in (("rounds", rounds), ("spreads", spreads), ("patterns", patterns),
                        ("recovery", recovery)):  # fmt: skip
        frame.to_csv(folder / f"{name}.csv", index=False, float_format="%.5g")
    figures = folder / "figures"
    page = Page(
        title="Calibration on the record of 1922 to 1926",
        question="Which parameter sets give single histories near the record?",
        finding=[finding(rounds), informed(spreads), fits(patterns)],
        design=[
            "Sequential Monte Carlo ABC over single histories: a set is kept where one history "
            "simulated with it lies within the tolerance of the record; the tolerance falls round "
            "by round. No claim enters the distance."
        ],
        figures=[
            Drawing(save(posteriors(samples, weight, ranges), figures, "posteriors"),
                    "Fitted parameters: weighted ensemble (bars) and prior (line)."),
            Drawing(save(pattern_figure(patterns), figures, "patterns"),
                    "Share of runs that meet each pattern: the ensemble and the null models."),
        ],
        tables=[
            Table(patterns, "Patterns: the record, the ensemble, and who meets them how often"),
            Table(rounds, "Rounds"),
            Table(spreads, "All sampled parameters"),
            Table(coverage(recovery), "Recovery of known truths"),
        ],
        command=command,
    )  # fmt: skip
    return write(page, folder)


def finding(rounds: pd.DataFrame) -> str:
    """The first sentence: whether there is an ensemble."""
    last = rounds.iloc[-1]
    said = f"an effective sample of {last['effective']:.0f} sets at a tolerance of "
    said += f"{last['tolerance']:.2f}, after {last['simulations']:,.0f} simulated histories."
    if last["effective"] < LEAST_EFFECTIVE:
        return f"No ensemble is claimed: {said}"
    return f"There is an ensemble: {said}"


def informed(spreads: pd.DataFrame) -> str:
    """Which parameters the record says anything about."""
    names = [plain(n) for n in spreads[spreads["said"] != "prior-driven"]["parameter"]]
    rest = len(spreads) - len(names)
    return f"The record informs {', '.join(names) or 'none'}; {rest} parameters are prior-driven."


def fits(patterns: pd.DataFrame) -> str:
    """How often patterns of both kinds are met, beside the best null model."""
    ours, nulls = mean_met(patterns)
    said = [
        f"{kind} patterns are met in {per_cent(ours[kind])} of cases (the best null model, "
        f"{nulls.loc[kind].idxmax()}, {per_cent(nulls.loc[kind].max())})"
        for kind in ("fit", "check")
    ]
    return sentence_case("; ".join(said)) + "."


def mean_met(patterns: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    """How often patterns of each kind are met: by the ensemble, and by each null model.

    Only patterns that were tried on the null models count.
    """
    met = patterns.set_index("kind").filter(like="met: ").dropna()
    means = met.rename(columns=lambda name: name.removeprefix("met: ")).groupby(level=0).mean()
    return means["the ensemble"], means.drop(columns="the ensemble")


def coverage(recovery: pd.DataFrame) -> pd.DataFrame:
    """How often a truth lay inside its 90 % interval, and how narrow that was."""
    grouped = recovery.groupby("parameter", sort=False)
    return grouped.agg(
        inside=("inside", "mean"), spread_over_prior=("spread over prior", "mean")
    ).reset_index()


def posteriors(samples: dict[str, Any], weight: Any, ranges: dict[str, Any]) -> Figure:
    """One histogram for each fitted parameter, with its flat prior."""
    with matplotlib.rc_context({**STYLE, "font.size": 8.0}):
        rows = (len(samples) + 3) // 4
        figure = Figure(figsize=(9, 1.9 * rows), layout="constrained")
        for place, (name, values) in enumerate(samples.items()):
            axes = figure.add_subplot(rows, 4, place + 1)
            low, high = ranges[name]
            axes.hist(values, bins=np.linspace(low, high, 13).tolist(), weights=weight,
                      density=True, color=OKABE_ITO[4])  # fmt: skip
            axes.axhline(1 / (high - low), color="#333333", linewidth=1)
            axes.set_title(plain(name))
            axes.set_yticks([])
    return figure


def pattern_figure(patterns: pd.DataFrame) -> Figure:
    """Patterns from the top; a dot for each model."""
    models = [c for c in patterns if c.startswith("met: ")]
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8.6, 1.2 + 0.3 * len(patterns)), layout="constrained")
        axes = figure.add_subplot()
        down = np.arange(len(patterns))
        for place, model in enumerate(models):
            first = place == 0
            axes.plot(
                patterns[model], down, "o" if first else "|", color=OKABE_ITO[place % 7],
                markersize=8 if first else 9, markeredgewidth=1 if first else 2,
                label=model.removeprefix("met: "), zorder=3 if first else 2,
            )  # fmt: skip
        axes.set_yticks(
            down, [f"{n} ({k})" for n, k in zip(patterns["pattern"], patterns["kind"], strict=True)]
        )
        axes.set_ylim(len(patterns) - 0.4, -0.6)
        axes.set_xlim(-0.02, 1.02)
        axes.xaxis.set_major_formatter(per_cent)
        axes.grid(axis="y", color="#eeeeee")
        axes.set_xlabel("Share of runs that meet the pattern")
        axes.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.3, -0.08), ncols=3)
    return figure
