"""What a report says of the worlds that it is about: whose record it reads, and who suffered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from politburo_sim.lab.fit.calibration import load_plan
from politburo_sim.record.words import listed
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import Scenario


@cache
def fitted_world() -> Scenario:
    """The world to whose record the ensemble is fitted."""
    return load_scenario(load_plan().scenario)


def worlds_of(experiment: Any) -> list[Scenario]:
    """The worlds that an experiment is about: its own, and those of its cells."""
    cells = getattr(experiment, "cells", {}).values()
    named = [cell.scenario for cell in cells if getattr(cell, "scenario", None) is not None]
    return [experiment.world, *map(load_scenario, dict.fromkeys(named))]


def whose_record(worlds: Sequence[Scenario]) -> str:
    """Say whose record the readings are, where a world is asked about that has other people.

    A world that extends the fitted one keeps most of its members; another body has few of them.
    """
    fitted = fitted_world()
    known = {member.name for member in fitted.members}
    foreign = [
        f"\u201c{world.title}\u201d" for world in worlds
        if 2 * len(known & {member.name for member in world.members}) < len(known)
    ]  # fmt: skip
    if not foreign:
        return ""
    return (
        "The readings of the record are parameter sets fitted to the record of "
        f"\u201c{fitted.title}\u201d; nothing was fitted to {listed(list(dict.fromkeys(foreign)))}."
    )


def suffered(worlds: Sequence[Scenario]) -> str:
    """Say who suffered, in the words of the worlds; of none named, in those of the fitted one."""
    said = [world.words.suffered for world in worlds or [fitted_world()]]
    return " ".join(dict.fromkeys(text for text in said if text))
