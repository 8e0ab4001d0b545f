"""Where the rules come closest to the record: the closest sets beside the ranges of the prior."""

from __future__ import annotations

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from politburo_sim.lab.ensemble import Ensemble
from politburo_sim.lab.fit.population import informed_by
from politburo_sim.report.figures import DARK, OKABE_ITO, STYLE, headed
from politburo_sim.report.words import plain

#: Parameters that are drawn: those that the search left least of.
DRAWN = 20


def closest_table(sets: Ensemble) -> pd.DataFrame:
    """Each sampled parameter: its range, mean and 90 % of the closest sets, the narrowest first.

    left : the spread of the sets over the prior's.
    """
    table = informed_by((), sets.table, sets.weight).drop(columns=["fitted", "said"])
    table = table.rename(columns={"posterior over prior spread": "left"})
    return table.sort_values("left", kind="stable", ignore_index=True)


def closest_figure(table: pd.DataFrame) -> Figure:
    """The parameters that the search left least of, each on the range of its prior."""
    some = table.head(DRAWN)
    low = some["prior low"].to_numpy()
    width = some["prior high"].to_numpy() - low
    at = np.arange(len(some))
    five, mean, ninety_five = (
        (some[name].to_numpy() - low) / width for name in ("5 %", "mean", "95 %")
    )
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7.8, 1.1 + 0.27 * len(some)), layout="constrained")
        axes = figure.add_subplot()
        axes.hlines(at, 0, 1, color="#E4E4E4", linewidth=7)
        axes.hlines(at, five, ninety_five, color=OKABE_ITO[0], linewidth=2.6)
        axes.plot(mean, at, "o", color=OKABE_ITO[0], markeredgecolor=DARK, markeredgewidth=0.6)
        for y, value in zip(at, some["mean"], strict=True):
            axes.text(1.02, float(y), f"{value:.2g}", va="center", fontsize=8.5, color=DARK)
        axes.set_yticks(at, [plain(name) for name in some["parameter"]], fontsize=8.5)
        axes.set_ylim(len(some) - 0.4, -0.6)
        axes.set_xlim(-0.01, 1.01)
        axes.set_xticks([0, 0.5, 1], ["least", "half-way", "most"])
        axes.tick_params(axis="y", length=0)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        headed(
            figure, "Where do the rules come closest to 1922-26?",
            "Bars: range of the prior. Lines: 90 % of the closest sets; dots and figures: their "
            f"mean. The {len(some)} parameters of which the search left least.",
        )  # fmt: skip
    return figure
