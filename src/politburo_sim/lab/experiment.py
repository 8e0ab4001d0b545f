"""Experiment files: a question, its levers, and its design."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from politburo_sim.files.errors import ExperimentError, InputError, ScenarioError, suggest
from politburo_sim.files.explain import shaped
from politburo_sim.files.lines import KeyPath
from politburo_sim.files.locate import find, is_file, names
from politburo_sim.files.toml import Source, read_source
from politburo_sim.state.parameters import PARAMETERS
from politburo_sim.worlds.fields import Name, Number, Text, Word
from politburo_sim.worlds.scenario import check_parameter, load_scenario

MOST_POINTS = 1_000_000
OUTCOMES = (
    "established", "leader_share", "effective_number", "removed_1926", "removed_1930",
    "removed_end", "contests", "roll_calls", "personnel", "carried", "strikes", "flips",
    "ally_targets", "desertions", "recantations",
)  # fmt: skip
#: What answers an experiment that is no sweep.
ANSWERED_BY = {
    "contrasts": "claims", "window": "claims", "forecast": "claims", "survival": "claims",
    "sensitivity": "sensitivity", "scores": "scores",
}  # fmt: skip


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Design(_Table):
    """How the design points are laid out, and how often each is run."""

    kind: Literal["grid", "list", "latin", "sobol"]
    replicates: Annotated[StrictInt, Field(ge=1, le=10_000_000)]
    quick: Annotated[StrictInt, Field(ge=1, le=10_000_000)] = 50
    points: Annotated[StrictInt, Field(ge=1, le=MOST_POINTS)] = 64
    rows: tuple[dict[str, Number], ...] = ()


class Span(_Table):
    """A range that is sampled."""

    low: Number
    high: Number


class Experiment(_Table):
    """One question put to one world.

    levers: what actors choose; uncertainties: what the world decides; constants: held fixed.
    """

    id: Word
    title: Text
    question: Text
    claims: tuple[Name, ...] = ()
    scenario: Name
    levers: dict[str, Annotated[tuple[Number, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    uncertainties: dict[str, Span] = Field(default_factory=dict)
    constants: dict[str, Number] = Field(default_factory=dict)
    outcomes: Annotated[tuple[str, ...], Field(min_length=1)] = (
        "established", "leader_share", "removed_end",
    )  # fmt: skip
    design: Design
    seed: Annotated[StrictInt, Field(ge=0, le=2**63 - 1)] = 0


@dataclass(frozen=True)
class Plan:
    """Design points as parameter settings, and how often each is run."""

    points: tuple[dict[str, float], ...]
    replicates: int

    @property
    def runs(self) -> int:
        """Runs in all."""
        return len(self.points) * self.replicates


def read_experiment(name_or_path: str | Path) -> Source:
    """Read an experiment file of any kind, without looking at what it says."""
    try:
        file = find("experiments", str(name_or_path))
    except InputError as error:
        raise ExperimentError(
            error.problem, file=error.file, allowed=error.allowed, hint=error.hint
        ) from None
    return read_source(file, ExperimentError)


def load_experiment(name_or_path: str | Path) -> Experiment:
    """Read and check the file of a sweep.

    Raises
    ------
    ExperimentError
        About the first thing that is wrong, with file, line and key.
    ScenarioError
        If the world that it names is wrong itself.
    """
    source = read_experiment(name_or_path)
    kind = source.table.get("kind")
    if isinstance(kind, str) and kind in ANSWERED_BY:
        raise source.error(
            ("kind",), "not a sweep", given=kind, allowed="an experiment without this key",
            hint=f"politburo-sim {ANSWERED_BY[kind]} runs it",
        )  # fmt: skip
    experiment = shaped(Experiment, source.table, source.error)
    _check_outcomes(source, experiment)
    _check_settings(source, experiment)
    _check_design(source, experiment)
    return experiment.model_copy(update={"scenario": world_of(source, experiment.scenario)})


def _check_outcomes(source: Source, experiment: Experiment) -> None:
    for index, name in enumerate(experiment.outcomes):
        if name not in OUTCOMES:
            raise source.error(
                ("outcomes", index), f"no such outcome{suggest(name, OUTCOMES)}", given=name,
                allowed=", ".join(OUTCOMES),
            )  # fmt: skip
        if name in experiment.outcomes[:index]:
            raise source.error(
                ("outcomes", index), "the same outcome twice", given=name, allowed="each once"
            )


def _check_settings(source: Source, experiment: Experiment) -> None:
    """Every name is a parameter, every value in its range, and no name is set in two tables."""
    seen: dict[str, str] = {}
    for table in ("levers", "uncertainties", "constants"):
        for name, given in getattr(experiment, table).items():
            for path, value in _numbers((table, name), given):
                check_setting(source, path, name, value)
            first = seen.setdefault(name, table)
            if first != table:
                raise source.error(
                    (table, name), "set twice", given=name, allowed=f"it stands in [{first}]"
                )
    for index, row in enumerate(experiment.design.rows):
        for name, value in row.items():
            check_setting(source, ("design", "rows", index, name), name, value)


def _numbers(path: KeyPath, given: Any) -> list[tuple[KeyPath, float]]:
    if isinstance(given, Span):
        return [((*path, "low"), given.low), ((*path, "high"), given.high)]
    if isinstance(given, tuple):
        return [((*path, index), value) for index, value in enumerate(given)]
    return [(path, given)]


def check_setting(source: Source, path: KeyPath, name: str, value: float) -> None:
    """Raise unless a name is a parameter and may take the value."""
    try:
        check_parameter(name, value)
    except ScenarioError as error:
        known = name == "unity" or name in PARAMETERS
        raise source.error(
            path, error.problem, given=value if known else name, allowed=error.allowed,
            hint=error.hint,
        ) from None  # fmt: skip


def _check_design(source: Source, experiment: Experiment) -> None:
    """A design has points, not too many, and a shape that its kind can have."""
    design, levers = experiment.design, experiment.levers
    at: KeyPath = ("design", "kind")
    if design.kind == "list" and not design.rows:
        raise source.error(
            at, "an empty design: a list needs rows", given=design.kind,
            allowed="design.rows, such as rows = [{unity = 0.5}]",
        )  # fmt: skip
    if design.kind != "list" and not levers and not (experiment.uncertainties and _drawn(design)):
        raise source.error(
            at, "an empty design: nothing is varied", given=design.kind,
            allowed="[levers], such as unity = [0, 0.5, 1]",
        )  # fmt: skip
    if design.kind == "grid" and math.prod(map(len, levers.values())) > MOST_POINTS:
        raise source.error(
            ("levers",), "too many design points",
            given=math.prod(map(len, levers.values())), allowed=f"at most {MOST_POINTS}",
            hint='fewer values, or kind = "latin"',
        )  # fmt: skip
    if design.kind == "sobol" and design.points & (design.points - 1):
        raise source.error(
            ("design", "points"), "not a power of two, which Sobol points need",
            given=design.points, allowed=f"such as {1 << design.points.bit_length()}",
        )  # fmt: skip
    for name, span in experiment.uncertainties.items():
        if not _drawn(design):
            raise source.error(
                ("uncertainties", name), "never drawn", given=name,
                allowed='only with kind = "latin" or "sobol"',
                hint="make it a lever or a constant",
            )  # fmt: skip
        if span.low >= span.high:
            raise source.error(
                ("uncertainties", name), "low is not below high", given=span.low,
                allowed=f"low below {span.high:g}",
            )  # fmt: skip


def _drawn(design: Design) -> bool:
    return design.kind in ("latin", "sobol")


def world_of(source: Source, name: str, path: KeyPath = ("scenario",)) -> str:
    """Check the world; one that is not shipped lies beside the experiment, or where it says."""
    beside = source.file.parent / name
    world = str(beside) if name not in names("scenarios") and is_file(beside) else name
    try:
        load_scenario(world)
    except ScenarioError as error:
        if error.problem.startswith("no such file"):
            raise source.error(
                path, f"no such world{suggest(name, names('scenarios'))}", given=name,
                allowed=error.allowed, hint=error.hint,
            ) from None  # fmt: skip
        raise
    return world


def plan(experiment: Experiment, replicates: int | None = None) -> Plan:
    """Lay out the design points; the plan alone fixes every run."""
    design = experiment.design
    if replicates is not None and replicates < 1:
        raise InputError("no runs", key="--runs", given=replicates, allowed="a whole number from 1")
    if design.kind == "grid":
        words = list(experiment.levers)
        settings = [
            dict(zip(words, values, strict=True))
            for values in itertools.product(*experiment.levers.values())
        ]
    elif design.kind == "list":
        settings = [dict(row) for row in design.rows]
    else:
        settings = _sampled(experiment, design)
    number = design.replicates if replicates is None else replicates
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
            name: _placed(name, low, high, float(u))
            for (name, (low, high)), u in zip(spans.items(), row, strict=True)
        }
        for row in unit
    ]


def _placed(name: str, low: float, high: float, u: float) -> float:
    """A point of the unit interval as a value; whole parameters get whole numbers alone."""
    if name != "unity" and PARAMETERS[name].whole:
        return min(high, float(math.floor(low + u * (high - low + 1))))
    return low + (high - low) * u
