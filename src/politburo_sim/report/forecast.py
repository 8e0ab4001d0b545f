"""The report of scored forecasts: what does better than the model first, and how reliable it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from politburo_sim.lab.bodies.forecasting import MODEL
from politburo_sim.lab.bodies.scoring import Scored, finding, over_bodies, reliability
from politburo_sim.lab.intervals import wilson
from politburo_sim.lab.sheets import write_tables
from politburo_sim.report.figures import OKABE_ITO, STYLE, per_cent, save
from politburo_sim.report.page import Drawing, Page, Table, write

EDGES = (0.0, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
#: Drawn beside the model.
BESIDE = ("base-rate", "coins")


def forecast_report(folder: Path, scored: Sequence[Scored], command: str) -> Path:
    """Write each body's score table, the figure and the page over all of them."""
    write_tables(folder, {f"{one.scenario.name}-score": one.table for one in scored})
    cases = pd.concat([one.cases.assign(body=one.scenario.name) for one in scored])
    told = [text for one in scored for text in finding(one)]
    worse = [text for text in told if "is worse than" in text]
    hashes = pd.DataFrame({
        "body": [one.scenario.name for one in scored],
        "SHA-256 of the forecast": [one.sha for one in scored],
    })  # fmt: skip
    page = Page(
        title="Frozen forecasts, scored",
        question="Does the model, fitted to one body's first years, foresee who falls in others?",
        finding=worse + [text for text in told if text not in worse],
        design=[
            "A forecast is made from the world's file and the parameters fitted to 1922-26 alone, "
            "and scored as its file stands, by the hash below; nothing was fitted again. A case is "
            "a man with a full seat and the years within which he could lose it by politics. Log "
            "loss and Brier: less is better. Men of one body fall together, so that the errors "
            "given are too small.",
            "less_model: log loss less that of the model, with its standard error over cases. "
            "unclear: how ends are counted that may or may not have been political.",
        ],
        figures=[
            Drawing(save(reliability_figure(cases), folder / "figures", "reliability"),
                    "Chance given, and share of cases in which the seat was lost, with 95 % "
                    "intervals; the number is that of cases. On the line a forecast keeps its "
                    "word."),
        ],
        tables=[
            Table(over_bodies(scored), "All bodies, each alike: seats at all horizons"),
            *(Table(one.table, f"Scores: {one.scenario.title}") for one in scored),
            Table(hashes, "The forecasts that were scored"),
            Table(reliability(cases, MODEL.name, EDGES), "Reliability of the model"),
        ],
        command=command,
        worlds=[one.scenario for one in scored],
    )  # fmt: skip
    return write(page, folder)


def reliability_figure(cases: pd.DataFrame) -> Figure:
    """Chance given against the share that came, for the model and two that do without it."""
    names = [name for name in (MODEL.name, *BESIDE) if name in set(cases.model)]
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(5.4, 5.2), layout="constrained")
        axes = figure.add_subplot()
        axes.plot([0, 1], [0, 1], color="#999999", linewidth=0.8, zorder=1)
        for place, name in enumerate(names):
            bins = reliability(cases, name, EDGES)
            hits = (bins["came"] * bins["cases"]).round().astype(int)
            _, low, high = wilson(hits, bins["cases"])
            at = bins["mean chance"].to_numpy() + 0.008 * (place - 1)
            axes.errorbar(
                at, bins["came"], yerr=np.maximum(0, [bins["came"] - low, high - bins["came"]]),
                fmt="os^"[place], color=OKABE_ITO[place], capsize=2, linewidth=0.9, markersize=5,
                label=name, zorder=2,
            )  # fmt: skip
            for x, y, n in zip(at, bins["came"], bins["cases"], strict=True):
                axes.annotate(f"{n}", (x, y), (4, 4 + 7 * place), textcoords="offset points",
                              fontsize=6.5, color=OKABE_ITO[place])  # fmt: skip
        axes.set_xlim(-0.03, 1.03)
        axes.set_ylim(-0.03, 1.03)
        axes.xaxis.set_major_formatter(per_cent)
        axes.yaxis.set_major_formatter(per_cent)
        axes.set_xlabel("Chance given that the seat is lost")
        axes.set_ylabel("Share of cases in which it was")
        axes.legend(frameon=False, loc="upper left")
    return figure
