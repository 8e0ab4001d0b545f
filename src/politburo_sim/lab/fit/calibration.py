"""Calibration: parameter sets whose single histories come near the record.

Sequential Monte Carlo ABC (Toni and others 2009; Beaumont and others 2009; for its last round
Lenormand and others 2013): a parameter set is kept when *one* history simulated with it lies
within a tolerance of the record, and the tolerance is lowered round by round. Fitting single
histories, never the mean of many, leaves the sets as uncertain about the outcome as one history
allows.

The distance of a run is a sum over the fit patterns (`history.patterns`), all from 1922 to
1926: years by which each recorded removal and the loss of Trotsky's post are missed (three
where they do not come), one for each removal that is not in the record, and penalties for a
contest rate outside its band, a Secretary most visible by 1925, and a Committee not behind him
by the XIV Congress. No claim enters it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from politburo_sim.history import fit_patterns
from politburo_sim.history.patterns import LAST_FITTED, SECRETARY
from politburo_sim.lab import store
from politburo_sim.lab.ensemble import between
from politburo_sim.lab.fit.population import Population, Values, population_of
from politburo_sim.lab.provenance import rules_hash
from politburo_sim.lab.runs import Tell, replicate_seeds, run_many, silent
from politburo_sim.lab.sources import code_of, world_of
from politburo_sim.months import month_index
from politburo_sim.outcomes import month_of, removals, visibility
from politburo_sim.run.engine import Outcomes
from politburo_sim.state.body import DIVISIONS
from politburo_sim.state.parameters import PARAMETERS, PLACE, TABLE
from politburo_sim.worlds.arrays import identity
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import World, build_world

#: Years that a recorded event is missed by where it does not come at all.
MISSED = 3.0
#: Fewest and most vectors that are proposed at once.
LEAST, BATCH = 2_000, 20_000
#: Vectors drawn from the prior for each set of the population.
DRAWN = 100


@dataclass(frozen=True)
class Target:
    """The fit patterns as months and figures of one world.

    removals, posts : member -> month; contests : roll calls a year, from and to; marks : months
    at whose end the standing of the secretary is looked at; last : the month after the last.
    """

    removals: dict[str, int]
    posts: dict[str, int]
    contests: tuple[float, float]
    secretary: str
    marks: tuple[int, int, int]
    last: int


def target_of(world: World) -> Target:
    """The record of 1922 to 1926 (`history.fit_patterns`) in months of a world."""
    patterns = fit_patterns()

    def month(text: object) -> int:
        return int(month_index(world.start, str(text)))

    def months(measure: str) -> dict[str, int]:
        told = (p for p in patterns if p.measure == measure and p.member is not None)
        return {str(p.member): month(p.record) for p in told}

    by: dict[str | None, Any] = {p.measure: p.record for p in patterns}
    (low, high), (first, last) = by["contests"], by["backing"]
    return Target(
        removals=months("removal"), posts=months("post"), contests=(float(low), float(high)),
        secretary=SECRETARY, marks=(month(first), month(by["visible"]), month(last)),
        last=month(f"{LAST_FITTED:%Y-%m}") + 1,
    )  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What is fitted and how long; `fixed` holds parameters at values that are not sampled."""

    scenario: str
    fitted: tuple[str, ...]
    population: int
    simulations: int
    shrink: float
    seed: int
    fixed: dict[str, float] = field(default_factory=dict)

    def built(self) -> World:
        """The world that is run."""
        return build_world(load_scenario(self.scenario))

    def holding(self, settings: Mapping[str, float]) -> Plan:
        """The same plan with parameters held at values: these are neither sampled nor fitted."""
        free = tuple(name for name in self.fitted if name not in settings)
        return replace(self, fitted=free, fixed=dict(settings))


def load_plan() -> Plan:
    """The calibration's plan from its file in experiments/."""
    from politburo_sim.lab import plan

    found: Plan = plan.load("calibration").plan()  # type: ignore[attr-defined]
    return found


#: The prior: the range of each parameter that is sampled. The others are forms of the world.
PRIOR = {p.name: p.prior for p in TABLE if p.prior is not None}


def draw_prior(plan: Plan, number: int, *key: int) -> Values:
    """Parameter vectors [number, P] from the prior: all uniform and independent, whole numbers too.

    Each parameter draws by the key and its own name, so that another one in the table, or
    another order of it, leaves its draws as they were.
    """
    table = np.tile([float(p.default) for p in TABLE], (number, 1))
    for place, p in enumerate(TABLE):
        if p.prior is not None:
            table[:, place] = between(*p.prior, luck(p.name, *key).uniform(size=number), p.whole)
    table[:, PLACE["coder_uncertainty"]] = 1.0
    for name, value in plan.fixed.items():
        table[:, PLACE[name]] = value
    return table


def luck(name: str, *key: int) -> np.random.Generator:
    """The source of a parameter's draws under a key."""
    return np.random.default_rng([*key, identity(name)])


def summaries(world: World, out: Outcomes, table: Values, target: Target) -> dict[str, Values]:
    """What is compared with the record: one value for each run."""
    removed = removals(world, out)[:, : world.members]
    posts = month_of(out, world.losses.posts)
    place = {name: world.names.index(name) for name in (*target.removals, *target.posts)}
    found: dict[str, Values] = {
        f"{name} removed": removed[:, place[name]].astype(float) for name in target.removals
    }
    found |= {f"{name} dismissed": posts[:, place[name]].astype(float) for name in target.posts}
    named = [place[name] for name in target.removals]
    others = np.delete(removed, named, axis=1)
    found["other removals"] = (others < target.last).sum(axis=1).astype(float)
    found["roll calls a year"] = out.count[:, DIVISIONS] * 12.0 / target.last
    secretary = world.names.index(target.secretary)
    most = visibility(out, table, 1).argmax(axis=1)
    found["Secretary most visible"] = (most == secretary).astype(float)
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
    world: World, table: Values, target: Target, seed: int, stream: int,
    workers: int | None = None,
) -> dict[str, Values]:  # fmt: skip
    """One history for each parameter vector, to the end of the fitted years."""
    seeds = replicate_seeds(seed, len(table), stream)
    out = run_many(
        world, seeds, table, np.arange(len(table)), marks=target.marks, last=target.last,
        workers=workers,
    )  # fmt: skip
    return summaries(world, out, table, target)


@dataclass
class Search:
    """A calibration under way: the world, the target and the simulations used so far."""

    plan: Plan
    world: World
    target: Target
    tell: Tell
    workers: int | None = None
    used: int = 0

    def try_out(self, table: Values, stream: int) -> tuple[Values, dict[str, Values]]:
        """Distances and summaries of one history for each vector."""
        found = simulate(self.world, table, self.target, self.plan.seed, stream, self.workers)
        self.used += len(table)
        self.tell(len(table))
        return distance(found, self.target), found


def first_round(search: Search) -> Population:
    """The nearest of a sample from the prior."""
    plan = search.plan
    return nearest(search, draw_prior(plan, DRAWN * plan.population, plan.seed, 0, 0), 0)


def nearest(search: Search, table: Values, stream: int) -> Population:
    """As many of the vectors as the population has, those whose histories come nearest."""
    far, found = search.try_out(table, stream)
    near = np.argsort(far, kind="stable")[: search.plan.population]
    return Population(
        table[near], np.full(len(near), 1.0 / len(near)), far[near],
        {name: values[near] for name, values in found.items()},
    )  # fmt: skip


def kernel(plan: Plan, old: Population) -> tuple[list[int], Values, Values]:
    """Places of the fitted parameters, their values, and twice their weighted covariance."""
    places = [PLACE[name] for name in plan.fitted]
    values = old.table[:, places]
    spread = values - (old.weight[:, None] * values).sum(axis=0)
    return places, values, 2.0 * (spread.T * old.weight) @ spread + 1e-9 * np.eye(len(places))


def propose(plan: Plan, old: Population, number: int, *key: int) -> Values:
    """So many vectors moved from the old population; those outside the prior are dropped."""
    places, values, covariance = kernel(plan, old)
    picked = values[luck("picked", *key).choice(len(values), number, p=old.weight)]
    step = luck("moved", *key).standard_normal(picked.shape)
    moved = picked + step @ np.linalg.cholesky(covariance).T
    for column, name in enumerate(plan.fitted):
        if PARAMETERS[name].whole:
            moved[:, column] = np.round(moved[:, column])
    low, high = np.array([PRIOR[name] for name in plan.fitted]).T
    table = draw_prior(plan, number, *key)
    table[:, places] = moved
    kept: Values = table[((moved >= low) & (moved <= high)).all(axis=1)]
    return kept


def weigh(plan: Plan, old: Population, table: Values) -> Values:
    """Importance weights: the prior is flat, so one over the kernel's density."""
    places, values, covariance = kernel(plan, old)
    inverse = np.linalg.inv(covariance)
    weight = np.empty(len(table))
    for i, row in enumerate(table[:, places]):
        apart = values - row
        weight[i] = (
            1.0
            / (old.weight * np.exp(-0.5 * np.einsum("ij,jk,ik->i", apart, inverse, apart))).sum()
        )
    scaled: Values = weight / weight.sum()
    return scaled


def batch_size(wanted: int, kept: int, tried: int) -> int:
    """How many vectors to propose next: what is wanted at the rate at which they were kept."""
    return max(LEAST, min(BATCH, math.ceil(1.1 * (wanted - kept) * (tried + 1) / (kept + 1))))


def next_round(search: Search, old: Population, number: int) -> Population | None:
    """A population within a lower tolerance.

    Where the simulations run out first, the nearest of those tried (Lenormand and others 2013);
    None where too few of them are within the old tolerance.
    """
    plan, size = search.plan, search.plan.population
    tolerance, last = float(np.quantile(old.distance, plan.shrink)), float(old.distance.max())
    tables, fars, founds, kept, tried, batch = [], [], [], 0, 0, 0
    while kept < size and search.used < plan.simulations:
        proposed = batch_size(size, kept, tried) if tried else LEAST
        table = propose(plan, old, proposed, plan.seed, number, batch)
        far, found = search.try_out(table, 10_000 * number + batch)
        near = far <= last
        tables.append(table[near])
        fars.append(far[near])
        founds.append({name: values[near] for name, values in found.items()})
        kept, tried, batch = kept + int((far <= tolerance).sum()), tried + proposed, batch + 1
    if not fars:
        return None
    far = np.concatenate(fars)
    whole = kept >= size
    place = (np.flatnonzero(far <= tolerance) if whole else np.argsort(far, kind="stable"))[:size]
    if len(place) < size:
        return None
    table = np.concatenate(tables)[place]
    found = {k: np.concatenate([f[k] for f in founds])[place] for k in founds[0]}
    return Population(table, weigh(plan, old, table), far[place], found)


def made_from(plan: Plan, world: World, target: Target) -> str:
    """Hash of all that the rounds of a search depend on; not of when it ends."""
    return store.key_of(
        rules_hash(), code_of(__file__), world_of(world), vars(target), plan.fitted, PRIOR,
        plan.fixed, plan.population, plan.shrink, plan.seed,
    )  # fmt: skip


def calibrate(
    plan: Plan, folder: Path, tell: Tell = silent, workers: int | None = None
) -> tuple[Population, pd.DataFrame]:
    """Lower the tolerance round by round until the simulations run out.

    Rounds are kept in the folder; a search that was stopped goes on after its last round, one
    made from other rules, another record or another plan begins anew.

    Returns
    -------
    The last population, and a table of rounds: tolerance, simulations, effective sample size.
    """
    world = plan.built()
    search = Search(plan, world, target_of(world), tell, workers)
    kept = Rounds(folder / "rounds", made_from(plan, world, search.target))
    rows: list[dict[str, float]] = []
    population: Population | None = None
    while (found := kept.read(len(rows))) is not None:
        population, search.used = found
        rows.append(round_row(search, population, len(rows)))
    tell(search.used)
    while population is None or search.used < plan.simulations:
        after = (
            first_round(search) if population is None else next_round(search, population, len(rows))
        )
        if after is None:
            break
        population = after
        kept.write(len(rows), population, search.used)
        rows.append(round_row(search, population, len(rows)))
        tell(0, f"Fitting: tolerance {rows[-1]['tolerance']:.2f}")
    assert population is not None
    return population, pd.DataFrame(rows)


def round_row(search: Search, population: Population, number: int) -> dict[str, float]:
    """A line of the table of rounds."""
    return {"round": number, "tolerance": float(population.distance.max()),
            "simulations": search.used, "effective": population.effective}  # fmt: skip


@dataclass(frozen=True)
class Rounds:
    """The rounds of a search in a folder; `made_from` is what they all depend on."""

    folder: Path
    made_from: str

    def _file(self, number: int) -> tuple[Path, str]:
        return self.folder / f"{number:02d}.parquet", f"{self.made_from}:{number}"

    def read(self, number: int) -> tuple[Population, int] | None:
        """The population of a round and the simulations used by its end, if it is kept."""
        table = store.read(*self._file(number))
        if table is None:
            return None
        frame = store.frame_of(table)
        return population_of(frame), int(frame["simulations"].iloc[0])

    def write(self, number: int, population: Population, used: int) -> None:
        """Keep a round."""
        path, key = self._file(number)
        frame = population.frame().assign(simulations=used)
        store.write(path, pa.Table.from_pandas(frame, preserve_index=False), key)
