"""The first day of a run: traits sampled over the coders' uncertainty, offices taken up."""

from __future__ import annotations

from typing import Any

import numpy as np

from politburo_sim.rules.divisions import REST
from politburo_sim.rules.luck import FOUNDING_PARTS
from politburo_sim.rules.perception import muster
from politburo_sim.rules.power import share_power
from politburo_sim.rules.space import normalise
from politburo_sim.state.body import (
    CLEAR_LEADER,
    CLEAR_RULER,
    CLEAR_SINCE,
    LAST_CONGRESS,
    LAST_DIVISION,
    LEADER,
    NOBODY,
    RULED_SINCE,
    RULER,
    Body,
    Coding,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.draws import CODER, SPREAD, draw, mix
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_RANGE = PLACE["coder_uncertainty"]
_OPPORTUNISM = PLACE["opportunism"]
_SPREAD = PLACE["opportunism_spread"]
_LOYALTY = PLACE["loyalty"]
_FORESIGHT = PLACE["foresight"]
_OPACITY = PLACE["opacity"]
_NONE: Any = np.uint64(0)
# Which number a coder's draw belongs to; axes are counted on from the last, bonds keyed apart.
_ON_OPPORTUNISM, _ON_LOYALTY, _ON_FORESIGHT, _ON_PRESTIGE, _ON_BASE, _ON_AXES = range(6)


@rule
def seed_of(body: Body, number: int, who: int) -> Any:
    """The seed of one number of a person: the founding's, or where its part has a twist another."""
    seed: Any = np.uint64(body.seed[0])
    twist = body.twist[(16 * number + who) % FOUNDING_PARTS]
    return seed if twist == 0 else mix(twist, seed)


@rule
def within(seed: Any, trait: int, who: int, whom: int, value: float, half: float) -> float:
    """A coded value moved within its range: value + half (2u - 1), keyed by person and trait."""
    if half == 0.0:
        return value
    return value + half * (2.0 * draw(seed, trait, CODER, who, whom) - 1.0)


@rule
def clip(value: float, low: float, high: float) -> float:
    """The value, kept inside its range."""
    return min(high, max(low, value))


@rule
def trait(seed: Any, number: int, who: int, coded: float, half: float, level: float) -> float:
    """A trait in [0, 1]: the coding within its range, or the level where there is none."""
    if np.isnan(coded):
        return clip(level, 0.0, 1.0)
    return clip(within(seed, number, who, _NONE, coded, half), 0.0, 1.0)


@rule
def found(body: Body, work: Work, coding: Coding, seed: int) -> None:
    """Prepare a body for its first month. `coding` is the world's table of ranges."""
    body.seed[0] = seed
    par = body.par
    reach = par[_RANGE]
    n, axes = body.ideal.shape
    for k in range(n):
        who = body.ident[k]
        if who == 0:
            continue
        own = seed_of(body, _ON_OPPORTUNISM, k)
        level = par[_OPPORTUNISM] + par[_SPREAD] * (2.0 * draw(own, 0, SPREAD, who, 0) - 1.0)
        body.opportunism[k] = trait(
            own, _ON_OPPORTUNISM, who, coding.opportunism[k],
            reach * coding.opportunism_half[k], level,
        )  # fmt: skip
        body.loyalty[k] = trait(
            seed_of(body, _ON_LOYALTY, k), _ON_LOYALTY, who, coding.loyalty[k],
            reach * coding.loyalty_half[k], par[_LOYALTY],
        )  # fmt: skip
        body.foresight[k] = trait(
            seed_of(body, _ON_FORESIGHT, k), _ON_FORESIGHT, who, coding.foresight[k],
            reach * coding.foresight_half[k], par[_FORESIGHT],
        )  # fmt: skip
        body.prestige[k] *= within(
            seed_of(body, _ON_PRESTIGE, k), _ON_PRESTIGE, who, _NONE, 1.0,
            reach * coding.prestige_half[k],
        )  # fmt: skip
        body.bases[k] *= within(
            seed_of(body, _ON_BASE, k), _ON_BASE, who, _NONE, 1.0, reach * coding.base_half[k]
        )
        for i in range(axes):
            body.ideal[k, i] = clip(
                within(
                    seed_of(body, _ON_AXES + i, k), _ON_AXES + i, who, _NONE,
                    body.ideal[k, i], reach * coding.ideal_half[k, i],
                ),
                -1.0, 1.0,
            )  # fmt: skip
            body.stance[k, i] = body.ideal[k, i]
        for j in range(n):
            if j != k:
                body.opacity[k, j] = par[_OPACITY]
                if body.ident[j] != 0:
                    body.bond[k, j] = clip(
                        within(
                            seed_of(body, j, k), 0, who, body.ident[j], body.bond[k, j],
                            reach * coding.bond_half[k, j],
                        ),
                        -1.0, 1.0,
                    )  # fmt: skip
    normalise(body.axis_weight)
    _share_out(body)
    for office in range(body.office_holder.shape[0]):
        holder = body.office_holder[office]
        if holder != NOBODY:
            body.prestige[holder] += body.office_prestige[office]
    for clock in (
        LEADER, RULER, RULED_SINCE, CLEAR_LEADER, CLEAR_RULER, CLEAR_SINCE, LAST_CONGRESS,
    ):  # fmt: skip
        body.clock[clock] = NOBODY
    body.clock[LAST_DIVISION] = -REST
    muster(body)
    share_power(body, work)


@rule
def _share_out(body: Body) -> None:
    """Scale the bases down where sampling has carried their sum above one."""
    total = 0.0
    for k in range(body.bases.shape[0]):
        total += body.bases[k]
    if total > 1.0:
        for k in range(body.bases.shape[0]):
            body.bases[k] /= total
