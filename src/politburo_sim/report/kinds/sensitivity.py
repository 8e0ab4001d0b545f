"""Sensitivity: which parameters move an outcome, by two methods."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from politburo_sim.lab.plan import Results
from politburo_sim.record.words import listed
from politburo_sim.report.experiments import page_of, save_tables
from politburo_sim.report.figures import OKABE_ITO, STYLE, headed, save
from politburo_sim.report.page import Drawing, Table
from politburo_sim.report.words import lever_words, sentence_case

SOBOL = (
    "Total: share of the outcome's variance that goes if the parameter is known, with all its "
    "interactions; alone: without them. Lines: 95 % intervals."
)
MORRIS = "Morris's method; lines: 95 % intervals."


def report(results: Results, command: str) -> Path:
    """Both methods' tables and figures."""
    experiment: Any = results.experiment
    sobol, morris = results.extra["sobol"], results.extra["morris"]
    save_tables(results)
    names = [str(n).replace("_", " ") for n in sobol["parameter"].head(5)]
    of = {"sole-rule": "the chance of sole rule", "record": "the distance from the record"}
    words = of[experiment.of]
    total = [("total", "total_interval", "total"), ("first", "first_interval", "alone")]
    mean = [("mu_star", "mu_star_interval", "mean absolute effect")]
    figures = results.bench.folder / "figures"
    return page_of(
        results, command,
        finding=[f"{sentence_case(listed(names))} move {words} most, alone or through others."],
        figures=[
            Drawing(
                save(sensitivity_figure(
                    sobol, total, f"{experiment.id}. What moves {words}?",
                    "Share of the variance", SOBOL,
                ), figures, "sobol"),
                "Sobol indices: total (with all interactions) and first (alone).",
            ),
            Drawing(
                save(sensitivity_figure(
                    morris, mean, f"Screening: what moves {words} at all?",
                    "Mean absolute effect over the parameter's range", MORRIS,
                ), figures, "morris"),
                "Morris screening: mean absolute effect of a parameter over its range.",
            ),
        ],
        tables=[Table(sobol, "Sobol indices"), Table(morris, "Morris screening")],
    )  # fmt: skip


def sensitivity_figure(
    table: pd.DataFrame, columns: Sequence[tuple[str, str, str]], title: str, axis: str, key: str
) -> Figure:
    """Draw the strongest parameters from the top: (column, its interval, words), none below nought.

    Those whose interval of the first column reaches nought are said, not drawn.
    """
    value, half, _ = columns[0]
    sure = table[(table[value] - table[half] > 0) & (table[value] > 0)].head(20)
    top = sure if len(sure) else table.head(10)
    if len(top) < len(table):
        key += f" The other {len(table) - len(top)} parameters cannot be told from nought, or are "
        key += "weaker than all that are drawn."
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8.0, 1.5 + 0.3 * len(top)), layout="constrained")
        axes = figure.add_subplot()
        for place, (name, width, words) in enumerate(columns):
            down = np.arange(len(top)) + 0.26 * (place - (len(columns) - 1) / 2)
            at = np.clip(top[name].to_numpy(float), 0, None)
            low = np.clip(top[name] - top[width], 0, None)
            axes.hlines(down, low, top[name] + top[width], color=OKABE_ITO[3 * place], linewidth=2)
            axes.plot(at, down, "os"[place % 2], color=OKABE_ITO[3 * place], markersize=5.5,
                      label=words)  # fmt: skip
        axes.set_yticks(range(len(top)), [sentence_case(lever_words(n)) for n in top["parameter"]])
        axes.set_ylim(len(top) - 0.5, -0.5)
        axes.set_xlim(left=0)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color="#E6E6E6", linewidth=0.7)
        axes.set_axisbelow(True)
        axes.set_xlabel(axis)
        if len(columns) > 1:
            axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2)
        headed(figure, title, key)
    return figure
