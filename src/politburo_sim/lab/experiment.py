"""Experiment files: a question, its levers, and its design."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from politburo_sim.errors import ExperimentError, suggest
from politburo_sim.locate import find
from politburo_sim.scenario import check_parameter

MAX_BYTES = 2_000_000
OUTCOMES = (
    "established", "leader_share", "effective_number", "removed_1926", "removed_1930",
    "removed_end", "contests", "roll_calls", "personnel", "carried", "strikes", "flips",
    "ally_targets", "desertions", "recantations",
)  # fmt: skip


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Design(_Table):
    """How the design points are laid out, and how often each is run."""

    kind: str = Field(pattern="^(grid|list|latin|sobol)$")
    replicates: int = Field(ge=1, le=10_000_000)
    quick: int = Field(default=50, ge=1)
    points: int = Field(default=64, ge=1, le=1_000_000)
    rows: tuple[dict[str, float], ...] = ()


class Span(_Table):
    """A range that is sampled."""

    low: float
    high: float


class Experiment(_Table):
    """One question put to one world.

    levers: what actors choose; uncertainties: what the world decides; constants: held fixed.
    """

    id: str
    title: str
    question: str
    claims: tuple[str, ...] = ()
    scenario: str
    levers: dict[str, tuple[float, ...]] = Field(default_factory=dict)
    uncertainties: dict[str, Span] = Field(default_factory=dict)
    constants: dict[str, float] = Field(default_factory=dict)
    outcomes: tuple[str, ...] = ("established", "leader_share", "removed_end")
    design: Design
    seed: int = Field(default=0, ge=0)


@dataclass(frozen=True)
class Plan:
    """Design points as parameter settings, and how often each is run."""

    points: tuple[dict[str, float], ...]
    replicates: int

    @property
    def runs(self) -> int:
        """Runs in all."""
        return len(self.points) * self.replicates


def load_experiment(name_or_path: str | Path) -> Experiment:
    """Read and check an experiment file."""
    path = find("experiments", str(name_or_path))
    experiment = _shaped(_read(path), path)
    for name in experiment.outcomes:
        if name not in OUTCOMES:
            raise ExperimentError(
                f"no such outcome{suggest(name, OUTCOMES)}", file=str(path), key="outcomes",
                given=name, allowed=", ".join(OUTCOMES),
            )  # fmt: skip
    for table in (experiment.levers, experiment.constants, experiment.uncertainties):
        for name, values in table.items():
            for value in _numbers(values):
                check_parameter(name, value)
    return experiment


def _numbers(values: Any) -> tuple[float, ...]:
    if isinstance(values, Span):
        return (values.low, values.high)
    return values if isinstance(values, tuple) else (values,)


def _read(path: Path) -> dict[str, Any]:
    if path.is_dir() or path.stat().st_size > MAX_BYTES:
        raise ExperimentError(
            "not an experiment file", file=str(path), given="a folder or a very large file",
            allowed=f"a TOML file of at most {MAX_BYTES} bytes",
        )  # fmt: skip
    try:
        text = path.read_text(encoding="utf-8")
        read: dict[str, Any] = _tuples(tomllib.loads(text))
    except UnicodeDecodeError as error:
        raise ExperimentError("not text", file=str(path), allowed="TOML in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ExperimentError(f"broken TOML: {error}", file=str(path)) from error
    return read


def _tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _tuples(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return tuple(_tuples(inner) for inner in value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


_WHOLE = ("replicates", "quick", "points", "seed")


def _shaped(raw: dict[str, Any], path: Path) -> Experiment:
    for table in (raw, raw.get("design", {})):
        if isinstance(table, dict):
            for key in _WHOLE:
                if isinstance(table.get(key), float) and table[key] == int(table[key]):
                    table[key] = int(table[key])
    try:
        return Experiment.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        known = [*Experiment.model_fields, *Design.model_fields]
        unknown = first["type"] == "extra_forbidden"
        problem = f"unknown key{suggest(key.split('.')[-1], known)}" if unknown else first["msg"]
        raise ExperimentError(
            problem, file=str(path), key=key, given=first.get("input"),
            hint="see experiments/unity-x-opportunism.toml for an example",
        ) from None  # fmt: skip


def plan(experiment: Experiment, replicates: int | None = None) -> Plan:
    """Lay out the design points; the plan alone fixes every run."""
    design = experiment.design
    number = replicates or design.replicates
    if design.kind == "grid":
        names = list(experiment.levers)
        settings = [
            dict(zip(names, values, strict=True))
            for values in itertools.product(*experiment.levers.values())
        ]
    elif design.kind == "list":
        settings = [dict(row) for row in design.rows]
    else:
        settings = _sampled(experiment, design)
    return Plan(tuple({**experiment.constants, **point} for point in settings), number)


def _sampled(experiment: Experiment, design: Design) -> list[dict[str, float]]:
    from scipy.stats import qmc

    spans: Mapping[str, tuple[float, float]] = {
        **{name: (min(v), max(v)) for name, v in experiment.levers.items()},
        **{name: (span.low, span.high) for name, span in experiment.uncertainties.items()},
    }
    sampler = qmc.LatinHypercube if design.kind == "latin" else qmc.Sobol
    unit = sampler(d=len(spans), rng=experiment.seed).random(design.points)
    return [
        {
            name: low + (high - low) * float(u)
            for (name, (low, high)), u in zip(spans.items(), row, strict=True)
        }
        for row in unit
    ]
