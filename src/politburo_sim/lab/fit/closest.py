"""The parameter sets closest to the record: what the rules can do at their best.

The posterior (`calibration`) says what one record leaves open, and so it leaves open nearly
everything. Another question is how near the rules come at all. Here the record is counted again
and again: each round moves the sets of the last a little, lives one new history of each, and
keeps the nearest; nothing is weighed against having been near before, so that after k rounds the
record has been counted k times (data cloning: Lele, Dennis and Lutscher 2007; as a filter that
is run again and again: Ionides and others 2015). What is left is a cloud round the parameters of
greatest likelihood. Its width means nothing: it is no posterior, and no verdict rests on it alone.

All sampled parameters are moved, since no weight has to be worked out. Every model has the same
rounds of the same size.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from politburo_sim.lab import store
from politburo_sim.lab.fit.calibration import (
    DRAWN,
    PRIOR,
    Plan,
    Rounds,
    Search,
    draw_prior,
    first_round,
    luck,
    made_from,
    nearest,
    round_row,
    target_of,
)
from politburo_sim.lab.fit.population import Population, Values
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.sources import code_of
from politburo_sim.state.parameters import PARAMETERS, PLACE

#: A parameter is moved by a normal step of this share of its spread in the population.
STEP = 0.5
#: Sources of luck from here on are those of these rounds.
STREAM = 1_000_000


def moved(plan: Plan) -> list[str]:
    """Names of the parameters that are moved: all that are sampled and not held."""
    return [name for name in PRIOR if name not in plan.fixed]


def reflected(values: Values, low: Values, high: Values) -> Values:
    """Values folded back into their ranges at the end that they went past."""
    folded = np.where(values < low, 2.0 * low - values, values)
    folded = np.where(folded > high, 2.0 * high - folded, folded)
    result: Values = np.clip(folded, low, high)
    return result


def step(plan: Plan, old: Population, number: int, *key: int) -> Values:
    """So many vectors, each one of the old ones moved by `STEP` spreads, inside the prior."""
    names = moved(plan)
    places = [PLACE[name] for name in names]
    values = old.table[:, places]
    picked = values[luck("picked", *key).choice(len(values), number, p=old.weight)]
    normal = luck("moved", *key).standard_normal(picked.shape)
    low, high = np.array([PRIOR[name] for name in names]).T
    found = reflected(picked + STEP * values.std(axis=0) * normal, low, high)
    whole = [PARAMETERS[name].whole for name in names]
    found[:, whole] = np.round(found[:, whole])
    table = draw_prior(plan, number, *key)
    table[:, places] = found
    return table


def again(search: Search, old: Population, number: int) -> Population:
    """The nearest of as many moved sets as were first drawn from the prior."""
    plan = search.plan
    table = step(plan, old, DRAWN * plan.population, plan.seed, STREAM, number)
    return nearest(search, table, STREAM + number)


def closest_sets(
    plan: Plan, rounds: int, folder: Path, tell: Tell = silent, workers: int | None = None
) -> tuple[Population, pd.DataFrame]:
    """The sets closest to the record after so many rounds, the first of them from the prior.

    Rounds are kept in the folder; a search that was stopped goes on after its last round.

    Returns
    -------
    The last population, all of one weight, and a table of rounds: the greatest distance that is
    kept, and simulations.
    """
    world = plan.built()
    search = Search(plan, world, target_of(world), tell, workers)
    key = store.key_of(made_from(plan, world, search.target), code_of(__file__))
    kept = Rounds(folder / "closest", key)
    rows: list[dict[str, float]] = []
    population: Population | None = None
    while len(rows) < rounds:
        number = len(rows)
        if (found := kept.read(number)) is not None:
            population, used = found
            tell(used - search.used)
            search.used = used
        else:
            population = (
                first_round(search) if population is None else again(search, population, number)
            )
            kept.write(number, population, search.used)
        rows.append(round_row(search, population, number))
        tell(0, f"round {number + 1} of {rounds}")
    assert population is not None
    return population, pd.DataFrame(rows)
