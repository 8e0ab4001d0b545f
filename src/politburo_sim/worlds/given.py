"""A world ready to run, from whatever it is given as in Python."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from politburo_sim.state.parameters import PARAMETERS
from politburo_sim.worlds import world as arrays
from politburo_sim.worlds.altered import held
from politburo_sim.worlds.scenario import load_scenario, parameter_values, singles
from politburo_sim.worlds.schema import Scenario
from politburo_sim.worlds.world import LEAST_SPARE, World


def build_world(
    world: str | Path | Scenario | World, overrides: Mapping[str, float] | None = None,
    spare: int = LEAST_SPARE,
) -> World:  # fmt: skip
    """Turn a world into arrays, by whatever it is given, with parameters set aside from its own.

    spare : slots for newcomers, at least. Results do not depend on it where none is missing.

    Raises
    ------
    ScenarioError
        If there is no such world, something is wrong with it, or an override is no parameter or
        out of its range.
    """
    if isinstance(world, World):
        if not overrides:
            return world
        parameter_values({}, overrides)
        own = dict(zip(PARAMETERS, world.body.par.tolist(), strict=True))
        return arrays.build_world(world.scenario, own | singles(overrides), spare)
    scenario = held(world) if isinstance(world, Scenario) else load_scenario(world)
    return arrays.build_world(scenario, overrides, spare)
