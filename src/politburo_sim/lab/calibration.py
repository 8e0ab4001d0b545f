"""Calibration: parameter sets whose single histories come near the record.

Sequential Monte Carlo ABC (Toni and others 2009; Beaumont and others 2009): a parameter set is
kept when *one* history simulated with it lies within a tolerance of the record, and the
tolerance is lowered round by round. Fitting single histories, never the mean of many, leaves
the sets as uncertain about the outcome as one history allows.

The distance of a run is a sum over the fit patterns (`history.patterns`), all from 1922 to
1926: years by which each recorded removal and the loss of Trotsky's post are missed (three
where they do not come), one for each removal that is not in the record, and penalties for a
contest rate outside its band, a Secretary most visible by 1925, and a Committee not behind him
by the XIV Congress. No claim enters it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.engine import Outcomes
from politburo_sim.errors import ExperimentError
from politburo_sim.lab.runs import replicate_seeds, run_many
from politburo_sim.locate import find
from politburo_sim.parameters import PARAMETERS, PLACE, TABLE
from politburo_sim.rules.body import DISMISSED, REMOVED
from politburo_sim.scenario import load_scenario
from politburo_sim.world import World, build_world, month_index

Values = NDArray[np.float64]
Tell = Callable[[str], None]
#: Years that a recorded event is missed by where it does not come at all.
MISSED = 3.0
BATCH = 20_000
NEVER = 10_000


@dataclass(frozen=True)
class Plan:
    """What is fitted, to what, and how long."""

    scenario: str
    fitted: dict[str, tuple[float, float]]
    population: int
    simulations: int
    shrink: float
    seed: int


def load_plan(name: str = "calibration") -> Plan:
    """The calibration's plan from its file in experiments/."""
    path = find("experiments", name)
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    for key in raw["fitted"]:
        if key not in PARAMETERS:
            raise ExperimentError("no such parameter", file=str(path), key=f"fitted.{key}")
    return Plan(
        raw["scenario"], {k: (float(v[0]), float(v[1])) for k, v in raw["fitted"].items()},
        int(raw["population"]), int(raw["simulations"]), float(raw["shrink"]), int(raw["seed"]),
    )  # fmt: skip


#: Parameters that are forms of the world or null models: never sampled.
FORMS = frozenset({
    "majority", "expulsion_majority", "coder_uncertainty", "flow_conserved", "platform_choice",
    "switching", "proposals", "coin_votes", "random_victims", "foresight_depth",
})  # fmt: skip


def prior_range(name: str) -> tuple[float, float]:
    """Range of a parameter that is not fitted: half-way from the default to both ends."""
    p = PARAMETERS[name]
    return (p.default + p.low) / 2, (p.default + p.high) / 2


def draw_prior(plan: Plan, number: int, rng: np.random.Generator) -> Values:
    """Parameter vectors [number, P] from the prior: all uniform and independent."""
    table = np.tile([float(p.default) for p in TABLE], (number, 1))
    for place, p in enumerate(TABLE):
        if p.name not in FORMS:
            low, high = plan.fitted.get(p.name, prior_range(p.name))
            table[:, place] = rng.uniform(low, high, number)
        if p.whole:
            table[:, place] = np.round(table[:, place])
    table[:, PLACE["coder_uncertainty"]] = 1.0
    return table


@dataclass(frozen=True)
class Target:
    """The fit patterns as months and figures of one world."""

    removals: dict[str, int]
    posts: dict[str, int]
    contests: tuple[float, float]
    secretary: str
    marks: tuple[int, int, int]
    last: int


def first_month(world: World, out: Outcomes, rung: int) -> NDArray[np.int64]:
    """[R, members] month in which each reached a rung or one above it; NEVER if not."""
    months = out.rungs[:, : world.members, rung:].astype(np.int64)
    months[months < 0] = NEVER
    return months.min(axis=2)


def summaries(world: World, out: Outcomes, table: Values, target: Target) -> dict[str, Values]:
    """What is compared with the record: one value for each run."""
    removed = first_month(world, out, REMOVED)
    posts = first_month(world, out, DISMISSED)
    place = {name: world.names.index(name) for name in (*target.removals, *target.posts)}
    found: dict[str, Values] = {
        f"{name} removed": removed[:, place[name]].astype(float) for name in target.removals
    }
    found |= {f"{name} dismissed": posts[:, place[name]].astype(float) for name in target.posts}
    named = [place[name] for name in target.removals]
    others = np.delete(removed, named, axis=1)
    found["other removals"] = (others < target.last).sum(axis=1).astype(float)
    found["roll calls a year"] = out.count[:, 1] * 12.0 / target.last
    secretary = world.names.index(target.secretary)
    voice = out.prestige_at[:, 1] / out.prestige_at[:, 1].sum(axis=1, keepdims=True)
    opacity = table[:, PLACE["opacity"]][:, None]
    visible = 0.5 * voice + 0.5 * (1.0 - opacity) * out.base_at[:, 1]
    found["Secretary most visible"] = (visible.argmax(axis=1) == secretary).astype(float)
    found["behind him in 1922"] = out.backing_at[:, 0, secretary]
    found["behind him in 1925"] = out.backing_at[:, 2, secretary]
    return found


def distance(found: dict[str, Values], target: Target) -> Values:
    """Distance of each run from the record; 0 where every fit pattern is met."""
    total = found["other removals"].copy()
    for name, month in target.removals.items():
        total += np.minimum(np.abs(found[f"{name} removed"] - month) / 12.0, MISSED)
    for name, month in target.posts.items():
        total += np.minimum(np.abs(found[f"{name} dismissed"] - month) / 12.0, MISSED)
    low, high = target.contests
    rate = found["roll calls a year"]
    total += np.maximum(0.0, np.maximum(low - rate, rate - high)) / (high - low)
    total += found["Secretary most visible"]
    total += 0.5 * (found["behind him in 1922"] > 0.5) + 0.5 * (found["behind him in 1925"] <= 0.5)
    return total


def simulate(
    world: World, table: Values, target: Target, seed: int, stream: int
) -> dict[str, Values]:
    """One history for each parameter vector, to the end of 1926."""
    seeds = replicate_seeds(seed, len(table), stream)
    out = run_many(
        world, seeds, table, np.arange(len(table)), marks=target.marks, last=target.last
    )
    return summaries(world, out, table, target)
