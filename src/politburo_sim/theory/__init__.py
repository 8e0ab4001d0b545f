"""Exact oracles from the literature, against which the model is held."""

from politburo_sim.theory.majority import median, paradox_frequency
from politburo_sim.theory.power_index import banzhaf, shapley_shubik
from politburo_sim.theory.ruling_coalition import myopic_ends, myopic_path, ruling_coalition

__all__ = [
    "banzhaf", "median", "myopic_ends", "myopic_path", "paradox_frequency", "ruling_coalition",
    "shapley_shubik",
]  # fmt: skip
