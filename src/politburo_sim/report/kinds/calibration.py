"""A calibration: what the record says of the parameters."""

from __future__ import annotations

from pathlib import Path

from politburo_sim.lab.plan import Results
from politburo_sim.report.calibration import calibration_report


def report(results: Results, command: str) -> Path:
    """The page of a calibration."""
    sample = results.extra["sample"]
    tables = {name: table for name, table in results.extra.items() if name != "sample"}
    return calibration_report(
        results.bench.folder, samples=sample.drop(columns="weight"), weight=sample["weight"],
        ranges=results.said["ranges"], runs=results.said["runs"], command=command, **tables,
    )  # fmt: skip
