"""A fitted population: accepted parameter sets with their weights, and what they say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.lab.ensemble import ensemble_csv
from politburo_sim.state.parameters import TABLE

Values = NDArray[np.float64]
#: A posterior this wide or wider, relative to its prior, is no news from the record.
PRIOR_DRIVEN = 0.9


@dataclass(frozen=True)
class Population:
    """Accepted parameter sets: vectors [n, P], weights [n], distances [n] and summaries."""

    table: Values
    weight: Values
    distance: Values
    found: dict[str, Values]

    @property
    def effective(self) -> float:
        """Effective sample size, 1 / sum W^2."""
        return float(1.0 / (self.weight * self.weight).sum())

    def frame(self) -> pd.DataFrame:
        """The population as a table, one set a row; read it again with `population_of`."""
        frame = pd.DataFrame(self.table, columns=[p.name for p in TABLE])
        frame["weight"], frame["distance"] = self.weight, self.distance
        for name, values in self.found.items():
            frame[f"found: {name}"] = values
        return frame


def population_of(frame: pd.DataFrame) -> Population:
    """A population from its table."""
    found = {c[7:]: frame[c].to_numpy() for c in frame if c.startswith("found: ")}
    return Population(
        frame[[p.name for p in TABLE]].to_numpy(), frame["weight"].to_numpy(),
        frame["distance"].to_numpy(), found,
    )  # fmt: skip


def pooled(populations: Sequence[Population]) -> Population:
    """Several populations as one, each with the same share of the weight."""
    return Population(
        np.concatenate([one.table for one in populations]),
        np.concatenate([one.weight for one in populations]) / len(populations),
        np.concatenate([one.distance for one in populations]),
        {name: np.concatenate([one.found[name] for one in populations])
         for name in populations[0].found},
    )  # fmt: skip


def spreads(fitted: Collection[str], population: Population) -> pd.DataFrame:
    """`informed_by` for a population."""
    return informed_by(fitted, population.table, population.weight)


def informed_by(fitted: Collection[str], table: Values, weight: Values) -> pd.DataFrame:
    """Each sampled parameter: posterior mean, 90 % interval, spread over the prior's spread."""
    rows = []
    for place, p in enumerate(TABLE):
        if p.prior is None:
            continue
        low, high = p.prior
        values = table[:, place]
        mean = float((weight * values).sum())
        spread = float(np.sqrt((weight * (values - mean) ** 2).sum()))
        ratio = spread / p.prior_spread
        five, ninety_five = weighted_quantile(values, weight, [0.05, 0.95])
        rows.append(
            {"parameter": p.name, "fitted": p.name in fitted, "prior low": low,
             "prior high": high, "mean": mean, "5 %": five, "95 %": ninety_five,
             "posterior over prior spread": ratio,
             "said": "prior-driven" if ratio > PRIOR_DRIVEN else "informed by the record"}
        )  # fmt: skip
    return pd.DataFrame(rows)


def weighted_quantile(values: Values, weight: Values, at: list[float]) -> Values:
    """Quantiles of a weighted sample (the least value whose share reaches the level)."""
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weight[order]) / weight.sum()
    places = np.minimum(np.searchsorted(share, at), len(values) - 1)
    result: Values = values[order][places]
    return result


def as_csv(population: Population, search: NDArray[np.int64] | None = None) -> str:
    """The sampled parameters and weights of a population as a small table.

    search : which of several searches found each set.
    """
    return ensemble_csv(population.table, population.weight, search)
