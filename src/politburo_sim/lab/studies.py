"""What files of experiments that decide claims have to say, by kind."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from politburo_sim.files.errors import suggest
from politburo_sim.files.explain import refused, shaped
from politburo_sim.files.toml import Source
from politburo_sim.worlds.fields import Month, Text, Word


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Asked(_Table):
    """What every kind says."""

    kind: str
    id: Word
    title: Text
    question: Text
    claims: list[str] = []
    scenario: str
    note: str = ""


class Cell(_Table):
    """One world with settings, and what is changed in it (`lab.variants`)."""

    scenario: str | None = None
    settings: dict[str, float] = {}
    holder: dict[str, str] = {}
    traits: dict[str, dict[str, float]] = {}
    without: list[str] = []
    shift: Month | None = None
    rotate: int = 0
    lots_of: str | None = None


class _Contrast(_Table):
    name: str
    outcome: str
    weights: dict[str, float] = Field(min_length=1)
    given: str | None = None


class Contrasts(Asked):
    """Sums of outcomes over worlds that share their luck."""

    kind: Literal["contrasts"]
    replicates: int = Field(default=1_000_000, ge=2)  # at most so many, where runs are slow
    cells: dict[str, Cell] = Field(min_length=1)
    contrasts: list[_Contrast] = Field(min_length=1)


class Window(Asked):
    """Interventions moved through time."""

    kind: Literal["window"]
    member: str
    interventions: list[str] = Field(min_length=1)
    start: Month = Field(alias="from")
    until: Month
    step: int = Field(ge=1)
    within: float = Field(gt=0, lt=1)


class _Forecast(Asked):
    kind: Literal["forecast"]
    histories: int = Field(ge=1)
    futures: int = Field(ge=1)
    step: int = Field(ge=1)


class _Survival(Asked):
    kind: Literal["survival"]
    years: int = Field(ge=1)


def _power_of_two(number: int) -> int:
    if number & (number - 1):
        raise refused("not a power of two, which Sobol points need", f"{1 << number.bit_length()}")
    return number


class Sensitivity(Asked):
    """Which parameters move the outcome."""

    kind: Literal["sensitivity"]
    trajectories: int = Field(ge=2)
    samples: Annotated[int, Field(ge=2), AfterValidator(_power_of_two)]
    replicates: int = Field(ge=1)


class Effort(_Table):
    """How much a table of scores is made of."""

    population: int = Field(ge=10)
    simulations: int = Field(ge=1)
    draws: int = Field(ge=1)
    replicates: int = Field(ge=1)
    histories: int = Field(ge=1)


class _Model(_Table):
    name: str = Field(pattern=r"^[a-z0-9-]+$")
    words: Text
    settings: dict[str, float] = {}


class Scores(Asked, Effort):
    """Models refitted and scored beside one another."""

    kind: Literal["scores"]
    quick: Effort
    models: list[_Model] = Field(min_length=1)


KINDS: dict[str, type[Asked]] = {
    "contrasts": Contrasts, "window": Window, "forecast": _Forecast, "survival": _Survival,
    "sensitivity": Sensitivity, "scores": Scores,
}  # fmt: skip
"""Experiments that decide claims, by the word in `kind`."""


def check_study(source: Source) -> Asked:
    """Return what a file says; `lab.door` checks it against the worlds that it names.

    Raises
    ------
    ExperimentError
        About the first thing that is wrong, unless it says all that its kind needs and no more.
    """
    kind = source.table.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise source.error(
            ("kind",), f"no such kind of experiment{suggest(str(kind), KINDS)}", given=kind,
            allowed=f"{', '.join(KINDS)}, or no kind for a sweep",
        )  # fmt: skip
    return shaped(KINDS[kind], source.table, source.error)
