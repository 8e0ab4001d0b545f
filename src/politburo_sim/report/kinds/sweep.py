"""A sweep: outcomes over the levers."""

from __future__ import annotations

from pathlib import Path

from politburo_sim.lab.plan import Results
from politburo_sim.report.sweep import sweep_report


def report(results: Results, command: str) -> Path:
    """The page of a sweep."""
    points = results.extra["points"]
    return sweep_report(results.bench.folder, results.experiment, points, command)
