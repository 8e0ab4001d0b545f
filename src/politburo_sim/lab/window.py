"""The closing window: an intervention moved through time, and until when it matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from politburo_sim.lab.contrasts import Bench, Contrast, Study, estimate
from politburo_sim.months import months_between

BASE = "as it was"


@dataclass(frozen=True)
class Window:
    """Effects by intervention and month, and the month from which none matters."""

    table: pd.DataFrame
    closes: str | None


def as_study(raw: dict[str, Any]) -> Study:
    """The window as cells and contrasts: one twin for each intervention and month."""
    cells: dict[str, dict[str, Any]] = {BASE: {}}
    contrasts = []
    for name in raw["interventions"]:
        for month in months_between(raw["from"], raw["until"], int(raw["step"])):
            cell = f"{name} @ {month}"
            cells[cell] = {"scenario": name, "shift": month}
            contrasts.append(
                Contrast(cell, f"sole rule of {raw['member']}", {cell: 1.0, BASE: -1.0})
            )
    return Study(
        raw["id"], raw["title"], raw["question"], tuple(raw["claims"]), raw["scenario"], cells,
        tuple(contrasts),
    )  # fmt: skip


def run_window(raw: dict[str, Any], bench: Bench) -> Window:
    """Effects with simultaneous 95 % bands, and the month of closing.

    The band of each point is widened so that all points of all interventions hold together
    (Bonferroni). The window is closed from the month after the last one whose band of any
    intervention leaves +-`within`; not located where that is the last month looked at.
    """
    study = as_study(raw)
    z = float(norm.ppf(1.0 - 0.025 / len(study.contrasts)))
    rows = []
    for contrast in study.contrasts:
        frame = estimate(bench, study, contrast)
        effect = frame["effect"].to_numpy()
        mean, error = float(effect.mean()), float(effect.std(ddof=1) / np.sqrt(len(effect)))
        name, _, month = contrast.name.partition(" @ ")
        met = float(bench.cell(study, contrast.name)["took_place"].mean())
        rows.append(
            {"intervention": name, "month": month, "effect": mean, "low": mean - z * error,
             "high": mean + z * error, "precondition": met}
        )  # fmt: skip
    table = pd.DataFrame(rows)
    return Window(table, closing(table, float(raw["within"])))


def closing(table: pd.DataFrame, within: float) -> str | None:
    """The first month from which every band lies within +-within to the end, if any."""
    months = sorted(table["month"].unique())
    outside = table[(table["low"] < -within) | (table["high"] > within)]["month"]
    if outside.empty:
        return str(months[0])
    last = months.index(outside.max())
    return None if last + 1 == len(months) else str(months[last + 1])
