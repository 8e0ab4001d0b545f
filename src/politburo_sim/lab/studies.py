"""What files of experiments that decide claims have to say, by kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from politburo_sim.files.errors import ExperimentError, suggest


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class _Any(_Table):
    """What every kind says."""

    kind: str
    id: str
    title: str
    question: str
    claims: list[str] = []
    scenario: str
    note: str = ""


class _Cell(_Table):
    """One world with settings, and what is changed in it (`lab.variants`)."""

    scenario: str | None = None
    settings: dict[str, float] = {}
    holder: dict[str, str] = {}
    traits: dict[str, dict[str, float]] = {}
    without: list[str] = []
    shift: str | None = None
    rotate: int = 0
    lots_of: str | None = None


class _Contrast(_Table):
    name: str
    outcome: str
    weights: dict[str, float] = Field(min_length=1)
    given: str | None = None


class _Contrasts(_Any):
    kind: Literal["contrasts"]
    replicates: int = Field(default=1_000_000, ge=2)  # at most so many, where runs are slow
    cells: dict[str, _Cell] = Field(min_length=1)
    contrasts: list[_Contrast] = Field(min_length=1)


class _Window(_Any):
    kind: Literal["window"]
    member: str
    interventions: list[str] = Field(min_length=1)
    start: str = Field(alias="from", pattern=r"^\d{4}-\d{2}$")
    until: str = Field(pattern=r"^\d{4}-\d{2}$")
    step: int = Field(ge=1)
    within: float = Field(gt=0, lt=1)


class _Forecast(_Any):
    kind: Literal["forecast"]
    histories: int = Field(ge=1)
    futures: int = Field(ge=1)
    step: int = Field(ge=1)


class _Survival(_Any):
    kind: Literal["survival"]
    years: int = Field(ge=1)


class _Sensitivity(_Any):
    kind: Literal["sensitivity"]
    trajectories: int = Field(ge=2)
    samples: int = Field(ge=2)
    replicates: int = Field(ge=1)


class _Effort(_Table):
    population: int = Field(ge=10)
    simulations: int = Field(ge=1)
    draws: int = Field(ge=1)
    replicates: int = Field(ge=1)
    histories: int = Field(ge=1)


class _Model(_Table):
    name: str = Field(pattern=r"^[a-z0-9-]+$")
    words: str
    settings: dict[str, float] = {}


class _Scores(_Any, _Effort):
    kind: Literal["scores"]
    quick: _Effort
    models: list[_Model] = Field(min_length=1)


_KINDS: dict[str, type[_Any]] = {
    "contrasts": _Contrasts, "window": _Window, "forecast": _Forecast, "survival": _Survival,
    "sensitivity": _Sensitivity, "scores": _Scores,
}  # fmt: skip


def check_study(raw: dict[str, Any], path: Path) -> None:
    """Raise unless a file says all that its kind needs, and nothing else.

    Raises
    ------
    ExperimentError
        About the first thing that is wrong.
    """
    kind = raw.get("kind")
    if kind not in _KINDS:
        raise ExperimentError(
            f"no such kind of experiment{suggest(str(kind), _KINDS)}", file=str(path), key="kind",
            given=kind, allowed=", ".join(_KINDS),
        )  # fmt: skip
    try:
        _KINDS[str(kind)].model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        known = [*_KINDS[str(kind)].model_fields, *_Cell.model_fields, *_Contrast.model_fields,
                 *_Model.model_fields]  # fmt: skip
        unknown = first["type"] == "extra_forbidden"
        problem = f"unknown key{suggest(str(first['loc'][-1]), known)}" if unknown else first["msg"]
        raise ExperimentError(
            problem, file=str(path), key=".".join(str(part) for part in first["loc"]),
            given=None if first["type"] == "missing" else first.get("input"),
            hint="the shipped files in experiments/ of the same kind are examples",
        ) from None  # fmt: skip
