"""Survival: removals with and without a bond to the strongest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from politburo_sim.lab.intervals import ratio
from politburo_sim.lab.kinds.survival import GROUPS
from politburo_sim.lab.plan import Results
from politburo_sim.report.experiments import headline
from politburo_sim.report.figures import DARK, OKABE_ITO, STYLE, Values, headed, per_cent, save
from politburo_sim.report.page import Drawing
from politburo_sim.report.words import percent, sentence_case


def draw(results: Results, figures: Path) -> tuple[str, list[Drawing]]:
    """Removals by bond in words, and drawn."""
    experiment: Any = results.experiment
    words = {"survival": "as calibrated", "survival, rule of one off": "rule of one off"}
    shares = {}
    for key, title in words.items():
        table = results.extra[key]
        each = [
            ratio(table[f"{n}: removed"].to_numpy(float), table[n].to_numpy(float)) for n in GROUPS
        ]
        share, low, high = np.array(each).T
        shares[title] = share, low, high
    before, alone, under, bare = (percent(float(x)) for x in shares["as calibrated"][0])
    said = f"Before a sole rule {before} of those with a bond to the strongest are removed within "
    said += f"{number_of(experiment.years)} years, and {alone} of those without; under it {under} "
    said += f"and {bare}."
    figure = survival_figure(shares, experiment.years, headline(experiment))
    return said, [Drawing(save(figure, figures, "survival"), "Removal by bond, with intervals.")]


def survival_figure(
    shares: Mapping[str, tuple[Values, Values, Values]], years: int, title: str
) -> Figure:
    """Draw removals with and without a bond, before and under a sole rule, all on one scale.

    shares : words of a world -> shares, low and high ends of: before with a bond, before without,
    under with, under without.
    """
    most = max(float(high.max()) for _, _, high in shares.values())
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8.4, 3.9), layout="constrained")
        axes = figure.subplots(1, len(shares), sharey=True, squeeze=False)[0]
        for one, (words, (share, low, high)) in zip(axes, shares.items(), strict=True):
            for place, (x, colour, name) in enumerate(zip(
                (0, 1, 2.6, 3.6), (OKABE_ITO[0], OKABE_ITO[1]) * 2, ("bond", "no bond") * 2,
                strict=True,
            )):  # fmt: skip
                one.bar(x, share[place], 0.86, color=colour)
                one.vlines(x, low[place], high[place], color=DARK, linewidth=1.2)
                one.text(x, high[place] + 0.02 * most, percent(float(share[place])), ha="center",
                         va="bottom", fontsize=8.5)  # fmt: skip
                one.text(x, -0.03 * most, name, ha="center", va="top", fontsize=8.5)
            for x, words_below in ((0.5, "before a sole rule"), (3.1, "under it")):
                one.text(x, -0.11 * most, words_below, ha="center", va="top")
            one.set_xticks([])
            one.set_title(sentence_case(words), fontsize=9)
            one.set_ylim(0, 1.15 * most)
            one.yaxis.set_major_formatter(per_cent)
        key = (
            "Share of those who sit at the end of a year and are removed within "
            f"{number_of(years)} years, by whether they have a bond to the strongest member; "
            "lines: 95 % intervals over the draws of the ensemble."
        )
        headed(figure, title, key)
    return figure


def number_of(years: int) -> str:
    """Return a small number of years in words."""
    return {1: "one", 2: "two", 3: "three"}.get(years, str(years))
