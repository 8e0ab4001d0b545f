"""Which parameters move the outcome: Morris screening, then Sobol indices.

Replicates share their luck from point to point, so that what is left of it is the same in all
points; intervals come from resampling (SALib). The range of a parameter is its prior in the
calibration.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from SALib.analyze import morris as analyze_morris
from SALib.analyze import sobol as analyze_sobol
from SALib.sample import morris as sample_morris
from SALib.sample import sobol as sample_sobol

from politburo_sim.lab.ensemble import between
from politburo_sim.lab.fit.calibration import (
    PRIOR,
    distance,
    summaries,
    target_of,
)
from politburo_sim.lab.runs import Tell, replicate_seeds, run_many, silent
from politburo_sim.state.parameters import PARAMETERS, PLACE
from politburo_sim.worlds.world import World

Values = NDArray[np.float64]
Places = NDArray[np.int64]
Model = Callable[[Values], Values]
CHUNK = 500


@dataclass(frozen=True)
class Problem:
    """Names of the parameters and their ranges."""

    names: tuple[str, ...]
    bounds: tuple[tuple[float, float], ...]

    def as_salib(self) -> dict[str, Any]:
        """The problem as SALib takes it."""
        return {"num_vars": len(self.names), "names": list(self.names),
                "bounds": [list(pair) for pair in self.bounds]}  # fmt: skip


def live_problem() -> Problem:
    """All parameters that are sampled, over their priors."""
    return Problem(tuple(PRIOR), tuple(PRIOR.values()))


def sole_rule(world: World, table: Values, which: Places, seeds: Places) -> Values:
    """Whether a sole rule was established in each run."""
    result: Values = (run_many(world, seeds, table, which).ruler >= 0).astype(float)
    return result


def from_record(world: World, table: Values, which: Places, seeds: Places) -> Values:
    """Distance of each run from the record (`calibration.distance`)."""
    target = target_of(world)
    out = run_many(world, seeds, table, which, marks=target.marks, last=target.last)
    return distance(summaries(world, out, table[which], target), target)


#: What may be analysed, by its word in files.
OF = {"sole-rule": sole_rule, "record": from_record}


def over_points(
    world: World, problem: Problem, replicates: int, seed: int, of: str, tell: Tell = silent
) -> Model:
    """The model to analyse: points [Q, names] -> mean over replicates that share their luck [Q]."""
    places = [PLACE[name] for name in problem.names]
    whole = [PARAMETERS[name].whole for name in problem.names]
    low, high = np.array(problem.bounds).T
    luck = replicate_seeds(seed, replicates, stream=10)

    def model(points: Values) -> Values:
        found = np.empty(len(points))
        for start in range(0, len(points), CHUNK):
            part = points[start : start + CHUNK]
            part = np.where(whole, between(low, high, (part - low) / (high - low), True), part)
            table = np.tile(world.body.par, (len(part), 1))
            table[:, places] = part
            table[:, PLACE["coder_uncertainty"]] = 1.0
            which = np.repeat(np.arange(len(part)), replicates)
            values = OF[of](world, table, which, np.tile(luck, len(part)))
            found[start : start + len(part)] = values.reshape(len(part), replicates).mean(axis=1)
            tell(len(which))
        return found

    return model


def morris(problem: Problem, model: Model, trajectories: int, seed: int) -> pd.DataFrame:
    """Mean and mean absolute elementary effects with their spread, the strongest first.

    References
    ----------
    Morris (1991), Technometrics 33; Campolongo and others (2007), Environmental Modelling 22.
    """
    said = problem.as_salib()
    points = sample_morris.sample(said, trajectories, seed=seed)
    found = analyze_morris.analyze(said, points, model(points), seed=seed)
    frame = pd.DataFrame(
        {"parameter": problem.names, "mu": found["mu"], "mu_star": found["mu_star"],
         "mu_star_interval": found["mu_star_conf"], "sigma": found["sigma"]}
    )  # fmt: skip
    return frame.sort_values("mu_star", ascending=False, ignore_index=True)


def sobol(problem: Problem, model: Model, samples: int, seed: int) -> pd.DataFrame:
    """First and total Sobol indices with 95 % intervals, the largest total first.

    References
    ----------
    Saltelli and others (2010), Computer Physics Communications 181.
    """
    said = problem.as_salib()
    points = sample_sobol.sample(said, samples, calc_second_order=False, seed=seed)
    found = analyze_sobol.analyze(said, model(points), calc_second_order=False, seed=seed)
    frame = pd.DataFrame(
        {"parameter": problem.names, "first": found["S1"], "first_interval": found["S1_conf"],
         "total": found["ST"], "total_interval": found["ST_conf"]}
    )  # fmt: skip
    return frame.sort_values("total", ascending=False, ignore_index=True)
