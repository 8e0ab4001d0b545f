"""Recovery of known truths: would the calibration find what it was given.

Histories are simulated at known parameters and treated as the record; the nearest of a common
table of prior simulations are the posterior. A sound method holds the truth inside its 90 %
interval in about nine cases of ten.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.lab.fit.calibration import (
    MISSED,
    Plan,
    draw_prior,
    simulate,
    target_of,
)
from politburo_sim.state.parameters import PARAMETERS, PLACE

Values = NDArray[np.float64]
TRUTHS = 20


def apart(found: dict[str, Values], truth: dict[str, float], last: int) -> Values:
    """Distance of simulated summaries from those of one history, each on its own scale."""
    total = np.zeros(len(next(iter(found.values()))))
    for name, values in found.items():
        if name.endswith(("removed", "dismissed")):
            here, there = np.minimum(values, last + 36), min(truth[name], last + 36)
            total += np.minimum(np.abs(here - there) / 12.0, MISSED)
        else:
            spread = float(values.std()) or 1.0
            total += np.abs(values - truth[name]) / spread
    return total


def recover(plan: Plan, table_size: int, kept: int) -> pd.DataFrame:
    """One row a truth and fitted parameter: truth, posterior mean and 90 % interval, inside."""
    world = plan.built()
    target = target_of(world)
    table = draw_prior(plan, table_size, plan.seed, 77)
    found = simulate(world, table, target, plan.seed, 700)
    true = draw_prior(plan, TRUTHS, plan.seed, 78)
    told = simulate(world, true, target, plan.seed, 701)
    rows = []
    for i in range(TRUTHS):
        far = apart(found, {name: float(v[i]) for name, v in told.items()}, target.last)
        near = np.argsort(far, kind="stable")[:kept]
        for name in plan.fitted:
            values = table[near, PLACE[name]]
            five, ninety_five = np.quantile(values, [0.05, 0.95])
            truth = float(true[i, PLACE[name]])
            rows.append(
                {"truth": i, "parameter": name, "value": truth, "mean": float(values.mean()),
                 "5 %": five, "95 %": ninety_five, "inside": bool(five <= truth <= ninety_five),
                 "spread over prior": float(values.std() / PARAMETERS[name].prior_spread)}
            )  # fmt: skip
    return pd.DataFrame(rows)
