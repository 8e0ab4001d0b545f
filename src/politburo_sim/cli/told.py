"""What a command prints: strict JSON for programs, and the closing table for a terminal."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from politburo_sim.record.record import Record


def echo_json(said: Any) -> None:
    """One line of JSON on standard output, in which a number that is not finite is null."""
    typer.echo(json.dumps(_finite(said), ensure_ascii=False, allow_nan=False))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def closing_table(record: Record) -> str:
    """Who is in the body at the end, the strongest first, and what the columns say."""
    from politburo_sim.months import month_name
    from politburo_sim.record.record import STANDINGS
    from politburo_sim.report.words import percent
    from politburo_sim.state.body import CANDIDATE, FULL, UNSANCTIONED

    table = record.power_table()
    table = table[table["standing"].isin([STANDINGS[FULL], STANDINGS[CANDIDATE]])]
    if not record.world.words.has_candidates:
        without = {STANDINGS[FULL]: "member", STANDINGS[CANDIDATE]: "without a seat"}
        table["standing"] = table["standing"].replace(without)
    for column in ("base", "power share", "Shapley-Shubik index"):
        table[column] = table[column].map(percent)
    table["rung"] = table["rung"].replace(UNSANCTIONED, "")
    world = record.world
    told = [
        f"base: share of the {world.words.house}",
        "power: share of all power in the body, in which a client's seat counts for his patron",
        "Shapley-Shubik index: how often a member turns a decision, if all decide by power alone",
    ]
    if (table["Shapley-Shubik index"] == percent(float("nan"))).all():  # too many to reckon it
        table, told = table.drop(columns="Shapley-Shubik index"), told[:2]
    head = (
        f"Power at the end: the {world.words.body} in {month_name(world.start, record.months - 1)}"
    )
    shown = table.rename(columns={"rung": "sanction", "power share": "power"})
    return (
        f"{head}\n\n{shown.to_string(index=False)}\n\n"
        f"{'; '.join(told)}. Votes are cast by each for himself."
    )
