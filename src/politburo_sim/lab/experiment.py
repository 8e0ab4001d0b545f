"""Experiment files: a question, its levers, and its design."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationError

from politburo_sim.files.errors import ExperimentError, InputError, ScenarioError, suggest
from politburo_sim.files.locate import find, names
from politburo_sim.files.toml_lines import KeyPath
from politburo_sim.files.toml_source import Source, inside, read_source
from politburo_sim.outcomes import NAMES, outcome
from politburo_sim.state.parameters import PARAMETERS
from politburo_sim.worlds.messages import NO_DEFAULT, plain, worst
from politburo_sim.worlds.scenario import check_parameter, load_scenario
from politburo_sim.worlds.schema import Name, Number, Text, Word

MOST_POINTS = 1_000_000
#: What answers an experiment that is no sweep.
ANSWERED_BY = {
    "contrasts": "claims", "window": "claims", "forecast": "claims", "survival": "claims",
    "sensitivity": "sensitivity",
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
        "established", "leader_share", "removed",
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
    experiment = _shaped(source)
    _check_outcomes(source, experiment)
    _check_settings(source, experiment)
    _check_design(source, experiment)
    return experiment.model_copy(update={"scenario": _world(source, experiment.scenario)})


class _Head(BaseModel):
    """What every kind of experiment says; the rest is checked by what runs it."""

    model_config = ConfigDict(frozen=True, extra="allow")
    id: Word
    title: Text
    question: Text
    claims: tuple[Name, ...] = ()
    scenario: Name


def check_experiment(name_or_path: str | Path) -> None:
    """Check an experiment: a sweep in full, another kind as far as all kinds are alike.

    Raises
    ------
    InputError
        About the first thing that is wrong.
    """
    source = read_experiment(name_or_path)
    if "kind" not in source.table and "fitted" not in source.table:
        load_experiment(name_or_path)
        return
    if "kind" in source.table:
        kind = source.table["kind"]
        if kind not in ANSWERED_BY:
            raise source.error(
                ("kind",), f"no such kind of experiment{suggest(str(kind), ANSWERED_BY)}",
                given=kind, allowed=f"{', '.join(ANSWERED_BY)}, or no kind for a sweep",
            )  # fmt: skip
        try:
            _Head.model_validate(source.table)
        except ValidationError as error:
            raise _in_words(source, worst(error)) from None
    world = source.table.get("scenario")
    if not isinstance(world, str):
        raise source.error(
            ("scenario",), "wrong type" if world is not None else "missing", given=world,
            allowed="the name of a world", hint='add a line such as scenario = "ussr-1922"',
        )  # fmt: skip
    _world(source, world)


def _shaped(source: Source) -> Experiment:
    try:
        return Experiment.model_validate(source.table)
    except ValidationError as error:
        raise _in_words(source, worst(error)) from None


_EXAMPLES = {
    "id": '"my-question"', "title": '"My question"', "question": '"Does it matter?"',
    "scenario": '"ussr-1922"', "kind": '"grid"', "replicates": "1000", "low": "0", "high": "1",
}  # fmt: skip


def _in_words(source: Source, wrong: Any) -> InputError:
    path: KeyPath = wrong["loc"]
    word = str(path[-1])
    if wrong["type"] == "missing":
        example = f"a line such as {word} = {_EXAMPLES[word]}" if word in _EXAMPLES else f"[{word}]"
        return source.error(path, "missing", allowed=NO_DEFAULT, hint=f"add {example}")
    if wrong["type"] == "extra_forbidden":
        inner: dict[object, type[_Table]] = {"design": Design, "uncertainties": Span}
        known = list((inner[path[0]] if path[1:] else Experiment).model_fields)
        return source.error(
            path, f"unknown key{suggest(word, known)}", given=word, allowed=", ".join(known),
            hint="correct the word or remove it",
        )  # fmt: skip
    return plain(source.error, path, wrong)


def _check_outcomes(source: Source, experiment: Experiment) -> None:
    for index, name in enumerate(experiment.outcomes):
        if outcome(name) is None:
            raise source.error(
                ("outcomes", index), f"no such outcome{suggest(name, NAMES)}", given=name,
                allowed=", ".join(NAMES),
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
                _check_parameter(source, path, name, value)
            first = seen.setdefault(name, table)
            if first != table:
                raise source.error(
                    (table, name), "set twice", given=name, allowed=f"it stands in [{first}]"
                )
    for index, row in enumerate(experiment.design.rows):
        for name, value in row.items():
            _check_parameter(source, ("design", "rows", index, name), name, value)


def _numbers(path: KeyPath, given: Any) -> list[tuple[KeyPath, float]]:
    if isinstance(given, Span):
        return [((*path, "low"), given.low), ((*path, "high"), given.high)]
    if isinstance(given, tuple):
        return [((*path, index), value) for index, value in enumerate(given)]
    return [(path, given)]


def _check_parameter(source: Source, path: KeyPath, name: str, value: float) -> None:
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


def _world(source: Source, name: str) -> str:
    """Check the world; one that is not shipped lies beside the experiment, or where it says."""
    beside = source.file.parent / name
    world = str(beside) if name not in names("scenarios") and beside.is_file() else name
    try:
        load_scenario(world)
    except ScenarioError as error:
        if error.problem.startswith("no such file"):
            raise source.error(
                ("scenario",), f"no such world{suggest(name, names('scenarios'))}", given=name,
                allowed=error.allowed, hint=error.hint,
            ) from None  # fmt: skip
        raise
    return world


def is_experiment(name_or_path: str) -> bool:
    """Whether a name means an experiment and not a world; a bad file may be neither."""
    if name_or_path in names("scenarios"):
        return False
    try:
        table = read_experiment(name_or_path).table
    except ExperimentError:
        return False
    keys = ("question", "design", "levers", "uncertainties", "outcomes", "fitted")
    return any(inside(table, key) is not None for key in keys)


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
