"""Scores of a frozen forecast against the record: log loss and Brier, and who does better.

The forecast is read from its file and never made here. A row is a man with a full seat in the
record in the first month, and the years within which he could lose it; chances are scored
where all models give one. Men of one body fall together, so that the errors are too small.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from politburo_sim.bodies import tables
from politburo_sim.bodies.course import MONTHS, Course
from politburo_sim.files.errors import InputError
from politburo_sim.lab.bodies.courses import chief_of
from politburo_sim.lab.bodies.forecasting import CHIEF, COLUMNS, MODEL, SEAT, SOLE_RULE
from politburo_sim.lab.store import sha256
from politburo_sim.worlds.scenario import Scenario
from politburo_sim.worlds.world import build_world

#: Years that stand for all horizons together.
ALL = "all"
#: Errors of a difference beyond which two forecasts are told apart.
APART = 2.0


@dataclass(frozen=True)
class Scored:
    """One forecast beside the record.

    scenario, sha : the body, and the SHA-256 of the file; cases : a row a model, quantity,
    person and horizon, with the chance and what came; table : the scores.
    """

    scenario: Scenario
    sha: str
    cases: pd.DataFrame
    table: pd.DataFrame


def read_forecast(path: Path) -> pd.DataFrame:
    """Read a frozen forecast.

    Raises
    ------
    InputError
        If there is none, or it is not one.
    """
    if not path.is_file():
        raise InputError(
            "there is no forecast yet", file=path,
            hint="politburo-sim forecast BODY writes one; commit it before it is scored",
        )  # fmt: skip
    table = pd.read_csv(path, keep_default_na=False)
    if tuple(table.columns) != COLUMNS:
        raise InputError("not a forecast", file=path, allowed=f"columns {', '.join(COLUMNS)}")
    return table


def score(scenario: Scenario, path: Path) -> Scored:
    """Score a frozen forecast against the record of its body."""
    world = build_world(scenario)
    course = tables.record_of(scenario.name, scenario.start, chief_of(world))
    cases = _cases(scenario.name, read_forecast(path), course)
    return Scored(scenario, sha256(path), cases, _scores(cases))


def _cases(name: str, table: pd.DataFrame, course: Course) -> pd.DataFrame:
    """Return each chance that can be scored, with what came of it, unclear ends as no and yes."""
    rule = bool(tables.said_of(name)["sole_rule"])
    parts = []
    for unclear in (False, True):
        part = table.assign(came=[
            _came(course, row, unclear, rule) for row in table.itertuples()
        ])  # fmt: skip
        parts.append(part.assign(unclear="yes" if unclear else "no").dropna(subset="came"))
    whole = pd.concat(parts, ignore_index=True)
    seats = whole[whole.quantity == SEAT]
    number = seats.groupby(["person", "months", "unclear"]).model.transform("nunique")
    kept = (number.reindex(whole.index, fill_value=0) == seats.model.nunique()) | (
        whole.quantity != SEAT
    )
    return whole[kept].astype({"came": float}).reset_index(drop=True)


def _came(course: Course, row: Any, unclear: bool, rule: bool) -> float | None:
    """Return whether what a row gives a chance for came about; None where it cannot be scored."""
    if row.months > course.months and row.quantity != SOLE_RULE:
        return None
    if row.quantity in (SEAT, CHIEF):
        lost = course.lost(row.person, int(row.months), unclear)
        return None if lost is None else float(lost)
    if row.quantity == SOLE_RULE and not row.person:
        return float(rule)
    return None


def log_loss(chance: Any, came: Any) -> Any:
    """Return -log of the chance given to what came."""
    likely = np.where(np.asarray(came) > 0, chance, 1 - np.asarray(chance))
    return -np.log(np.clip(likely, 1e-6, 1.0))


def _scores(cases: pd.DataFrame) -> pd.DataFrame:
    """Return the score table: each model, quantity and horizon, with its distance to the model."""
    cases = cases.assign(
        loss=log_loss(cases.value, cases.came), square=(cases.value - cases.came) ** 2
    )
    groups = [
        ((quantity, str(int(months) // MONTHS), unclear), part)
        for (quantity, months, unclear), part in cases.groupby(["quantity", "months", "unclear"])
    ]
    seats = cases[cases.quantity == SEAT]
    groups += [((SEAT, ALL, unclear), part) for unclear, part in seats.groupby("unclear")]
    rows = []
    for (quantity, years, unclear), part in groups:
        wide = part.pivot_table(index=["person", "months"], columns="model", values="loss")
        for model, own in part.groupby("model", sort=False):
            apart = (wide[model] - wide[MODEL.name]).dropna() if MODEL.name in wide else []
            n = len(apart)
            rows.append({
                "model": model, "quantity": quantity, "years": years, "unclear": unclear,
                "cases": len(own), "came": int(own.came.sum()), "log_loss": own.loss.mean(),
                "brier": own.square.mean(),
                "less_model": float(np.mean(apart)) if n else math.nan,
                "error": float(np.std(apart, ddof=1) / np.sqrt(n)) if n > 1 else math.nan,
            })  # fmt: skip
    return pd.DataFrame(rows)


def finding(scored: Scored) -> list[str]:
    """Return what does better than the model, what cannot be told from it, and what does worse.

    Told apart: by more than two errors of the difference, over cases (too small, where men of one
    body fall together).
    """
    table = scored.table
    seats = table[(table.quantity == SEAT) & (table.years == ALL) & (table.unclear == "no")]
    if MODEL.name not in set(seats.model):
        return [f"{scored.scenario.name}: no horizon of this forecast can be scored."]
    own = float(seats.log_loss[seats.model == MODEL.name].iloc[0])
    others = seats[seats.model != MODEL.name].sort_values("log_loss")
    apart = others.less_model.abs() > APART * others.error
    better = others[apart & (others.less_model < 0)]
    told = [f"{scored.scenario.name}: the model is worse than {row.model}: log loss {own:.3f} "
            f"against {row.log_loss:.3f}." for row in better.itertuples()]  # fmt: skip
    for rows, words in (
        (others[~apart], "cannot be told from"),
        (others[apart & (others.less_model > 0)], "is better than"),
    ):
        if len(rows):
            named = ", ".join(str(row.model) for row in rows.itertuples())
            told.append(f"{scored.scenario.name}: the model (log loss {own:.3f}) {words} {named}.")
    return told


def over_bodies(scored: Sequence[Scored]) -> pd.DataFrame:
    """Return each model's mean log loss and Brier over bodies, each body alike, the best first."""
    parts = [
        one.table[(one.table.quantity == SEAT) & (one.table.years == ALL)
                  & (one.table.unclear == "no")] for one in scored
    ]  # fmt: skip
    table = (
        pd.concat(parts)
        .groupby("model", as_index=False)
        .agg(bodies=("log_loss", "size"), log_loss=("log_loss", "mean"), brier=("brier", "mean"))
    )
    return table.sort_values(["bodies", "log_loss"], ascending=[False, True], ignore_index=True)


def reliability(cases: pd.DataFrame, model: str, edges: tuple[float, ...]) -> pd.DataFrame:
    """Return for each bin of chances how many there were, their mean, and the share that came."""
    own = cases[(cases.model == model) & (cases.quantity == SEAT) & (cases.unclear == "no")]
    place = np.clip(np.digitize(own.value, edges) - 1, 0, len(edges) - 2)
    rows = []
    for spot in sorted(set(place)):
        part = own[place == spot]
        rows.append({"from": edges[spot], "to": edges[spot + 1], "cases": len(part),
                     "mean chance": part.value.mean(), "came": part.came.mean()})  # fmt: skip
    return pd.DataFrame(rows, columns=["from", "to", "cases", "mean chance", "came"])
