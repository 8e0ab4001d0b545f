"""Forecasts: how sure one could have been, half-year by half-year."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from politburo_sim.lab.plan import Results
from politburo_sim.months import as_year, month_name
from politburo_sim.report.experiments import headline
from politburo_sim.report.figures import OKABE_ITO, STYLE, Values, headed, per_cent, save
from politburo_sim.report.page import Drawing
from politburo_sim.report.words import percent


def draw(results: Results, figures: Path) -> tuple[str, list[Drawing]]:
    """When histories settled and how they ended, and the forecast."""
    odds, ends = results.extra["odds"], results.extra["ends"]
    share = ends["end"].value_counts(normalize=True)
    start = results.experiment.world.start
    settled = month_name(start, int(ends["settled"].median()))
    chance = percent(ends["effect"].mean())
    said = f"In {month_name(start, 0)} the likeliest end had {chance} on average; half of the "
    said += f"histories were settled (90 % to the end) by {settled}. They ended: "
    said += ", ".join(f"{name} {percent(value)}" for name, value in share.items()) + "."
    figure = forecast_figure(odds, headline(results.experiment))
    caption = "How sure one could have been, over the histories of the ensemble."
    return said, [Drawing(save(figure, figures, "forecast"), caption)]


def forecast_figure(odds: pd.DataFrame, title: str) -> Figure:
    """Draw how sure one could be in each half-year: the end that came, and how open all was."""
    by_month = odds.groupby("month")
    at = np.array([as_year(month) for month in by_month.groups])
    key = "Histories of the ensemble: median (line), half of them (dark), nine in ten (light)."
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8.4, 5.6), layout="constrained")
        axes = figure.add_subplot(2, 1, 1)
        _quantiles(axes, at, by_month["end"])
        axes.set_ylim(0, 1)
        axes.yaxis.set_major_formatter(per_cent)
        axes.set_title("Chance given to the end that came", fontsize=9)
        axes = figure.add_subplot(2, 1, 2)
        _quantiles(axes, at, by_month["entropy"])
        axes.set_ylim(bottom=0)
        axes.set_title("How open it was: entropy of the forecast, in bits", fontsize=9)
        axes.set_xlabel("Half-year from which futures are forked")
        headed(figure, title, key)
    return figure


def _quantiles(axes: Any, at: Values, grouped: Any) -> None:
    ends = [grouped.quantile(q).to_numpy() for q in (0.05, 0.25, 0.5, 0.75, 0.95)]
    axes.fill_between(at, ends[0], ends[4], color=OKABE_ITO[0], alpha=0.18, linewidth=0)
    axes.fill_between(at, ends[1], ends[3], color=OKABE_ITO[0], alpha=0.35, linewidth=0)
    axes.plot(at, ends[2], color=OKABE_ITO[0])
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
