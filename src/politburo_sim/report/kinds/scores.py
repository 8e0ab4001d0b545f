"""Scores: the model and its null models on the record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from politburo_sim.lab.plan import Results
from politburo_sim.report.scores import scores_report


def report(results: Results, command: str) -> Path:
    """The page of scores."""
    experiment: Any = results.experiment
    return scores_report(results.bench.folder, experiment, results.extra, command)
