"""The report of what roll calls tell of ideals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
from matplotlib.figure import Figure

from politburo_sim.lab.sheets import write_csv
from politburo_sim.report.figures import DARK, OKABE_ITO, STYLE, headed, per_cent, save
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.words import percent


def ideals_report(folder: Path, table: pd.DataFrame, command: str) -> Path:
    """Write the curve of what roll calls tell of ideals, with its table."""
    write_csv(folder / "recovery.csv", table, float_format="%.5g")
    least, most = table.iloc[0], table.iloc[-1]
    figure = ideals_figure(table, "How far can true ideals be read from roll calls?")
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
        figures=[Drawing(save(figure, folder / "figures", "recovery"), "As unity rises.")],
        tables=[Table(table, "Means and intervals")], command=command,
    )  # fmt: skip
    return write(page, folder)


def ideals_figure(table: pd.DataFrame, title: str) -> Figure:
    """Draw how much of ideals roll calls tell, and how united they look, as unity rises."""
    key = "Points: means over histories; bands: 95 % intervals."
    upper = (("recovered", "true ideals"), ("shuffled", "ideals shuffled among members"))
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(7.6, 5.4), layout="constrained")
        axes = figure.add_subplot(2, 1, 1)
        for place, (name, words) in enumerate(upper):
            _curve(axes, table, name, OKABE_ITO[3 * place], words)
        axes.axhline(0, color=DARK, linewidth=0.8)
        axes.yaxis.set_major_formatter(per_cent)
        axes.set_title("Part of the variance of ideals that roll calls explain", fontsize=9)
        axes.legend(frameon=False)
        axes = figure.add_subplot(2, 1, 2)
        _curve(axes, table, "rice", OKABE_ITO[0], "Rice index")
        axes.set_ylim(0, 1.03)
        axes.set_title("Rice index of the roll calls (1: all vote alike)", fontsize=9)
        axes.set_xlabel("Unity: cost of dissent from the expected majority")
        headed(figure, title, key)
    return figure


def _curve(axes: Any, table: pd.DataFrame, name: str, colour: str, words: str) -> None:
    axes.fill_between(table["unity"], table[f"{name}_low"], table[f"{name}_high"], color=colour,
                      alpha=0.22, linewidth=0)  # fmt: skip
    axes.plot(table["unity"], table[name], "o-", color=colour, label=words, markersize=4)
