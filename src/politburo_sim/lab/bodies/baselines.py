"""Forecasts without the model: rates and a regression from the years that the model was fitted to.

All are fitted to the seats of one body, the Politburo from April 1922 to December 1926, and to
nothing else; years in the seat count from the opening. Each gives, for the full members of any
world, the chance of losing the seat by politics within so many years.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize

from politburo_sim import history
from politburo_sim.bodies.course import (
    MONTHS,
    NEVER,
    POLITICS,
    Course,
    Spell,
    bands,
    exposure,
    tenure,
)
from politburo_sim.history.patterns import FIRST_FITTED, LAST_FITTED
from politburo_sim.lab.bodies.courses import chief_of
from politburo_sim.months import month_index
from politburo_sim.state.body import FULL
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import World, build_world

Values = NDArray[np.float64]
#: The world of the years of fitting.
FITTED_WORLD = "ussr-1922"
#: Added to a count of removals before it is divided by member-years (Jeffreys).
HALF = 0.5
#: Weight of the penalty on the regression's standardised slopes.
RIDGE = 1.0
#: Chances for members [P] within so many years [H]: members x years.
Baseline = Callable[["Fitted", World, Sequence[str], Sequence[int]], Values]


def fitted_course() -> Course:
    """Return the course of the Politburo over the years of fitting; later ends are not known."""
    start = FIRST_FITTED.strftime("%Y-%m")
    frame = history.memberships()
    own = frame[(frame.body == "politburo") & (frame.status == "full")]
    own = own[own.start <= LAST_FITTED]
    spells = []
    for row in own.itertuples():
        end = NEVER
        if not pd.isna(row.end) and row.end <= LAST_FITTED:
            end = float(month_index(start, row.end.strftime("%Y-%m")))
        first = max(0, int(month_index(start, row.start.strftime("%Y-%m"))))
        if end > 0:
            removed = end < NEVER and row.end_reason in POLITICS
            spells.append(Spell(str(row.member), first, end, removed))
    months = int(month_index(start, LAST_FITTED.strftime("%Y-%m"))) + 1
    return Course(months, None, tuple(spells))


@dataclass(frozen=True)
class Fitted:
    """What the years of fitting say: the course, and the world that is read beside it."""

    course: Course
    world: World

    @cached_property
    def years(self) -> float:
        """Member-years."""
        return exposure(self.course.spells, self.course.months, 0, math.inf)

    @cached_property
    def rate(self) -> float:
        """Removals a member-year."""
        return (len(self.course.removals()) + HALF) / self.years

    @cached_property
    def by_tenure(self) -> list[tuple[float, float, float]]:
        """Bands of years in the seat, each with removals a member-year.

        A band that nobody reached in these years has the rate of the one before.
        """
        found = tenure(self.course)
        told: list[tuple[float, float, float]] = []
        for name, low, high in bands():
            hits, years = found[name]
            told.append((low, high, (hits + HALF) / years if years > 0 else told[-1][2]))
        return told

    @cached_property
    def regression(self) -> tuple[Values, Values, Values]:
        """Intercept and slopes of the yearly log-odds, and mean and spread of the inputs."""
        table, gone, weight = self._member_years()
        mean, spread = table.mean(axis=0), table.std(axis=0)
        spread[spread == 0] = 1.0
        return logistic((table - mean) / spread, gone, weight), mean, spread

    def _member_years(self) -> tuple[Values, Values, Values]:
        """One row a member and year in the seat: inputs, whether it was lost, part of the year."""
        known = {
            spell.member: inputs_of(self.world, [spell.member])[0]
            for spell in self.course.spells if spell.member in self.world.names
        }  # fmt: skip
        rows, gone, weight = [], [], []
        for spell in (s for s in self.course.spells if s.member in known):
            last = min(spell.end, self.course.months)
            for first in range(spell.start, int(last), MONTHS):
                rows.append(known[spell.member])
                gone.append(float(spell.removed and spell.end <= first + MONTHS))
                weight.append(1.0 if gone[-1] else min(1.0, (last - first) / MONTHS))
        return np.array(rows), np.array(gone), np.array(weight)


def fit() -> Fitted:
    """Fit the baselines to the years of fitting."""
    return Fitted(fitted_course(), build_world(load_scenario(FITTED_WORLD)))


def inputs_of(world: World, members: Sequence[str]) -> Values:
    """Return what a world's file says of members, one row each.

    Prestige, base, part of the appointments, distance from the line, and whether he is the chief.
    Prestige and base are relative to their means over the full members, so that bodies compare.
    """
    body = world.body
    heads = body.status == FULL
    prestige, base = (of / max(float(of[heads].mean()), 1e-9) for of in (body.prestige, body.bases))
    rates = np.zeros(len(body.status))
    for office, holder in enumerate(body.office_holder):
        if holder >= 0:
            rates[holder] += body.office_rate[office]
    rates /= max(float(rates.sum()), 1e-9)
    chief, weights, rows = chief_of(world), axis_weights(world), []
    for name in members:
        slot = world.names.index(name)
        apart = float((weights * np.abs(body.ideal[slot] - body.line)).sum() / 2)
        rows.append([prestige[slot], base[slot], rates[slot], apart, float(name == chief)])
    return np.array(rows, dtype=np.float64)


def axis_weights(world: World) -> Values:
    """Return the weights of a world's axes, which sum to one."""
    weights = world.body.axis_weight
    return np.asarray(weights / max(float(weights.sum()), 1e-9))


def logistic(table: Values, hit: Values, weight: Values, ridge: float = RIDGE) -> Values:
    """Return intercept and slopes that maximise the penalised log-likelihood.

    sum_i w_i [y_i eta_i - log(1 + exp(eta_i))] - ridge/2 sum_j slope_j^2, eta = a + X slope; the
    intercept is not penalised.
    """
    design = np.column_stack([np.ones(len(table)), table])
    cost = np.full(design.shape[1], ridge)
    cost[0] = 0.0

    def loss(slope: Values) -> float:
        eta = design @ slope
        return float((weight * (np.logaddexp(0, eta) - hit * eta)).sum() + cost @ slope**2 / 2)

    def gradient(slope: Values) -> Values:
        chance = 1 / (1 + np.exp(-(design @ slope)))
        return np.asarray(design.T @ (weight * (chance - hit)) + cost * slope)

    done = minimize(loss, np.zeros(design.shape[1]), jac=gradient, method="BFGS", tol=1e-8)
    return np.asarray(done.x)


def base_rate(fitted: Fitted, world: World, members: Sequence[str], years: Sequence[int]) -> Values:
    """Everybody at the one rate: a body with a flat hazard."""
    return np.tile(1 - np.exp(-fitted.rate * np.asarray(years, float)), (len(members), 1))


def strongest_stays(
    fitted: Fitted, world: World, members: Sequence[str], years: Sequence[int]
) -> Values:
    """The strongest stays, save for what nobody can rule out; everybody else at the one rate."""
    chances = base_rate(fitted, world, members, years)
    stays = 1 - np.exp(-HALF / fitted.years * np.asarray(years, float))
    for place, name in enumerate(members):
        if name == chief_of(world):
            chances[place] = stays
    return chances


def tenure_bands(
    fitted: Fitted, world: World, members: Sequence[str], years: Sequence[int]
) -> Values:
    """The rate of each band of years in the seat, from the opening on."""
    return np.tile(1 - np.exp(-_hazard(fitted, years)), (len(members), 1))


def _hazard(fitted: Fitted, years: Sequence[int]) -> Values:
    """[H] removals to be expected of one seat within so many years from the opening."""
    return np.array([
        sum(rate * max(0.0, min(end, high) - low) for low, high, rate in fitted.by_tenure)
        for end in years
    ])  # fmt: skip


def regression(
    fitted: Fitted, world: World, members: Sequence[str], years: Sequence[int]
) -> Values:
    """A logistic regression of a seat lost within a year on what the file says of its holder."""
    slope, mean, spread = fitted.regression
    eta = slope[0] + (inputs_of(world, members) - mean) / spread @ slope[1:]
    stays = 1 / (1 + np.exp(eta))
    return np.asarray(1 - stays[:, None] ** np.asarray(years, float))


def cabinet(fitted: Fitted, world: World, members: Sequence[str], years: Sequence[int]) -> Values:
    """A cabinet: seats are lost as tenure has it, by who stands farthest from the chief.

    The chief can be lost as everybody can, at the mean rate; where there is none, distance is that
    from the line. Distances are relative to their mean.
    """
    body, chief = world.body, chief_of(world)
    centre = body.line if chief is None else body.ideal[world.names.index(chief)]
    weights = axis_weights(world)
    slots = [world.names.index(name) for name in members]
    apart = (weights * np.abs(body.ideal[slots] - centre)).sum(axis=1)
    others = [place for place, name in enumerate(members) if name != chief]
    mean = float(apart[others].mean()) if others else 0.0
    times = apart / mean if mean > 0 else np.ones(len(members))
    for place, name in enumerate(members):
        times[place] = 1.0 if name == chief else times[place]
    return np.asarray(1 - np.exp(-times[:, None] * _hazard(fitted, years)))


BASELINES: dict[str, tuple[str, Baseline]] = {
    "base-rate": ("one rate for everybody (flat hazard)", base_rate),
    "strongest-stays": ("the strongest stays, one rate for the others", strongest_stays),
    "tenure-bands": ("one rate for each band of years in the seat", tenure_bands),
    "regression": ("a logistic regression on what the file says of a man", regression),
    "cabinet": ("seats lost by tenure and by distance from the chief", cabinet),
}
"""Every forecast without the model: its words, and how it is worked out."""


def heads_of(world: World) -> list[str]:
    """Return the full members at the opening."""
    return [
        name for name, status in zip(world.names, world.body.status, strict=True) if status == FULL
    ]
