"""The report of a calibration: what the record informs, and how near the ensemble comes to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from politburo_sim.lab.fit.calibration import PRIOR
from politburo_sim.lab.fit.scores import log_score
from politburo_sim.lab.plan import Results
from politburo_sim.lab.sheets import write_tables
from politburo_sim.report.figures import DARK, OKABE_ITO, STYLE, headed, save
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.words import percent, plain
from politburo_sim.state.parameters import PLACE, TABLE

#: An effective sample below this makes no ensemble.
LEAST_EFFECTIVE = 200


def report(results: Results, command: str) -> Path:
    """Write the tables, the figure and the page."""
    folder, tables = results.bench.folder, dict(results.extra)
    sample = tables.pop("sample")
    write_tables(folder, tables, digits=5)
    rounds, spreads, patterns = (tables[name] for name in ("rounds", "spreads", "patterns"))
    drawn = posteriors(sample[shown(spreads)], sample["weight"])
    page = Page(
        title="Calibration on the record of 1922 to 1926",
        question="Which parameter sets give single histories near the record?",
        finding=[finding(rounds), informed(spreads), fits(patterns, results.said["runs"])],
        design=[
            "Sequential Monte Carlo ABC over single histories: a set is kept where one history "
            "simulated with it lies within the tolerance of the record; the tolerance falls round "
            "by round. No claim enters the distance."
        ],
        figures=[
            Drawing(save(drawn, folder / "figures", "posteriors"),
                    "Parameters that are fitted, and others that the record informs: weighted "
                    "ensemble (bars) and prior (line)."),
        ],
        tables=[
            Table(patterns, "Fitted patterns: the record, and fresh histories of the ensemble"),
            Table(rounds, "Rounds"),
            Table(spreads, "All sampled parameters"),
            Table(coverage(tables["recovery"]), "Recovery of known truths"),
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


def driven_by_prior(spreads: pd.DataFrame) -> pd.Series:
    """Of which parameters the record says nothing."""
    return spreads["said"] == "prior-driven"


def shown(spreads: pd.DataFrame) -> list[str]:
    """The parameters that are drawn: those fitted, and others that the record informs."""
    drawn: list[str] = spreads[spreads["fitted"] | ~driven_by_prior(spreads)]["parameter"].tolist()
    return drawn


def informed(spreads: pd.DataFrame) -> str:
    """Which parameters the record says anything about."""
    names = [plain(n) for n in spreads[~driven_by_prior(spreads)]["parameter"]]
    rest = len(spreads) - len(names)
    return f"The record informs {', '.join(names) or 'none'}; {rest} parameters are prior-driven."


def fits(patterns: pd.DataFrame, runs: int) -> str:
    """How often so many fresh histories meet what was fitted; the rest is for `scores` alone."""
    met = log_score(patterns["met"], runs)
    return (
        f"Fresh histories of the ensemble meet the fitted patterns in {percent(met)} of cases "
        "(geometric mean). The check patterns are looked at by politburo-sim scores alone, where "
        "each look is counted."
    )


def coverage(recovery: pd.DataFrame) -> pd.DataFrame:
    """How often a truth lay inside its 90 % interval, and how narrow that was."""
    grouped = recovery.groupby("parameter", sort=False)
    return grouped.agg(
        inside=("inside", "mean"), spread_over_prior=("spread over prior", "mean")
    ).reset_index()


def posteriors(samples: pd.DataFrame, weight: Any) -> Figure:
    """One histogram for each parameter, with its flat prior, all on one scale of density.

    samples : one row a set, one column a parameter that has a prior.

    The scale counts how many times likelier than before, so that the prior is everywhere one. A
    parameter that counts has a bar for each whole number.
    """
    with matplotlib.rc_context({**STYLE, "font.size": 8.0}):
        number = samples.shape[1]
        rows = (number + 3) // 4
        figure = Figure(figsize=(9, 1.0 + 1.9 * rows), layout="constrained")
        grid = figure.subplots(rows, 4, sharey=True, squeeze=False)
        for axes in grid.flat[number:]:
            axes.remove()
        for place, (name, values) in enumerate(samples.items()):
            axes = grid.flat[place]
            low, high = PRIOR[str(name)]
            edges = np.linspace(low, high, 13)
            if TABLE[PLACE[str(name)]].whole:
                edges = np.arange(low, high + 2) - 0.5
            times = np.asarray(weight, float) / np.sum(weight) * (len(edges) - 1)
            axes.hist(values, bins=edges.tolist(), weights=times, color=OKABE_ITO[4])
            axes.axhline(1, color=DARK, linewidth=1)
            axes.set_title(plain(str(name)), fontsize=8.5)
            axes.set_xticks(np.linspace(low, high, 5)[1:4])
            if place % 4 == 0:
                axes.set_ylabel("times as likely")
        headed(
            figure, "What does the record say of each parameter?",
            "Bars: how many times likelier the record makes each twelfth of the range, or each "
            "whole number. Line: the prior, before the record (one everywhere).",
        )  # fmt: skip
    return figure
