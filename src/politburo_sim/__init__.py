"""Find out when a ruling body ends under one man, and what could have stopped it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "Answer": "politburo_sim.answers",
    "Member": "politburo_sim.run.member",
    "Politburo": "politburo_sim.run.model",
    "ask": "politburo_sim.answers",
    "build_world": "politburo_sim.worlds.given",
    "check_member": "politburo_sim.run.check",
    "compare": "politburo_sim.answers",
    "evaluate": "politburo_sim.lab.evaluate",
    "load_scenario": "politburo_sim.worlds.scenario",
    "odds": "politburo_sim.report.odds",
    "sweep": "politburo_sim.lab.plan",
}
__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for: importing the package costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
