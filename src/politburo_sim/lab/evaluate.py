"""The model as a function from a table of parameters to a table of outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from politburo_sim import outcomes
from politburo_sim.files.errors import InputError, suggest
from politburo_sim.lab.matter.sides import AnyWorld, side
from politburo_sim.lab.runs import replicate_seeds, run_many
from politburo_sim.outcomes import Runs, marks_of
from politburo_sim.worlds.scenario import parameter_values

_BATCH = 20_000


def evaluate(
    world: AnyWorld,
    table: pd.DataFrame | Sequence[Mapping[str, float]],
    names: str | Sequence[str] = ("established",),
    *,
    histories: int = 20,
    seed: int = 0,
    workers: int | None = None,
) -> pd.DataFrame:
    """Mean outcomes of a world at each row of a table of parameters.

    Parameters
    ----------
    world : a world by name or path, as a scenario or as built.
    table : one row a point, one column a parameter, or rows as mappings; `unity` sets all parts of
        the norm. What a row does not name is as in the world.
    names : an outcome or several, such as "established" or "sole rule of NAME"
        (docs/experiment-files.md).
    histories : of each row. All rows share their luck.

    Returns
    -------
    One row for each of the table's, with its index, and one column an outcome.

    Raises
    ------
    InputError
        If an outcome is not there, or a parameter or its value is not allowed.
    """
    one = side(world)
    built = one.built()
    known = outcomes.names_of(built)
    names = [names] if isinstance(names, str) else names
    for name in names:
        if name not in known:
            raise InputError(
                f"no such outcome{suggest(name, known)}", given=name,
                allowed=f"{', '.join(known[:6])} and others (docs/experiment-files.md)",
            )  # fmt: skip
    if histories < 1:
        raise InputError("no histories", key="histories", given=histories, allowed="1 or more")
    rows = pd.DataFrame(table)
    base = {**one.scenario.rules, **one.settings}
    points = np.array([parameter_values(base, _settings(row)) for _, row in rows.iterrows()])
    seeds = np.tile(replicate_seeds(seed, histories), len(rows))
    which = np.repeat(np.arange(len(rows)), histories)
    parts = []
    for start in range(0, len(which), _BATCH):
        batch = slice(start, start + _BATCH)
        out = run_many(
            built, seeds[batch], points, which[batch], marks=marks_of(built), workers=workers
        )
        parts.append(pd.DataFrame(outcomes.read(names, Runs(built, out, points[which[batch]]))))
    if not parts:
        return pd.DataFrame(columns=list(names), index=rows.index, dtype=float)
    means = pd.concat(parts, ignore_index=True).groupby(which).mean()
    return means.set_axis(rows.index)


def _settings(row: Any) -> dict[str, float]:
    """What a row sets; a cell that is empty leaves the world's own."""
    return {str(name): float(value) for name, value in row.items() if not pd.isna(value)}
