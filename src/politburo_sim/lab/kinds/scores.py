"""The scores as an experiment: the model and its null models, each refitted and judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field

from politburo_sim.files.errors import InputError, suggest
from politburo_sim.files.toml import Source
from politburo_sim.lab import checks
from politburo_sim.lab.bench import Bench, Effort
from politburo_sim.lab.fit import models as lab
from politburo_sim.lab.fit.calibration import load_plan
from politburo_sim.lab.plan import Experiment, Results, Whole
from politburo_sim.state.parameters import UNITY
from politburo_sim.worlds.fields import Number, Table, Text

#: Every look at the check patterns is counted here, wherever the tables go.
LOOKS = Path("results") / "scores" / "looks.csv"


class Fit(Table):
    """How much is run for each model."""

    population: Annotated[int, Field(ge=10, le=100_000)]
    simulations: Whole
    simulations_closest: Whole
    draws: Whole
    replicates: Whole
    histories: Whole
    searches: Whole

    def amount(self, simulations: int, searches: int = 1) -> lab.Effort:
        """The numbers alone, with so many simulations and searches."""
        names = ("population", "draws", "replicates", "histories")
        said = {key: getattr(self, key) for key in names}
        return lab.Effort(**said, simulations=simulations, searches=searches)


class Model(Table):
    """A model: the parameters that it holds at a value."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    words: Text
    settings: dict[str, Number] = Field(default_factory=dict)

    def held(self) -> lab.Model:
        """The model with words that set several parameters written out."""
        found: dict[str, float] = {}
        for name, value in self.settings.items():
            found |= dict.fromkeys(UNITY if name == "unity" else (name,), float(value))
        return lab.Model(self.name, self.words, found)


def sound(models: Sequence[Model], source: Source) -> list[str]:
    """Names of a file's models, each once, whose parameters are there and inside their ranges."""
    names: list[str] = []
    for place, model in enumerate(models):
        for name, value in model.settings.items():
            checks.setting(source, ("models", place, "settings", name), name, value)
        if model.name in names:
            raise source.error(("models", place, "name"), "given twice", given=model.name)
        names.append(model.name)
    return names


def named(names: str, known: Sequence[str], files: str) -> list[str]:
    """The models asked for: "all", or names joined by commas.

    Raises
    ------
    InputError
        If no model is called so.
    """
    wanted = list(known) if names == "all" else [name.strip() for name in names.split(",")]
    for name in wanted:
        if name not in known:
            raise InputError(
                f"no such model{suggest(name, known)}", key="--models", given=name,
                allowed=f"all, or some of: {', '.join(known)}",
                hint=f"a model is a name and settings in {files}",
            )  # fmt: skip
    return wanted


class Scores(Experiment, Fit):
    """The table of models, and how much is run for each.

    closest : whether each is scored at the sets closest to the record (`lab.fit.closest`), in place
    of its posterior.
    """

    at_each = "models"
    over_ensemble = False

    kind: Literal["scores"]
    quick: Fit
    closest: bool = False
    models: tuple[Model, ...] = Field(min_length=1)

    def checked(self, source: Source) -> Self:
        """Parameters are there and inside their ranges, and no name is given twice."""
        sound(self.models, source)
        return self

    def chosen(self, names: str) -> Self:
        """The same with the models named: "all", or names joined by commas; in their order."""
        known = [model.name for model in self.models]
        wanted = named(names, known, "experiments/models.toml")
        some = tuple(model for model in self.models if model.name in wanted)
        return self.model_copy(update={"models": some})

    def held(self) -> Sequence[lab.Model]:
        """The models, written out."""
        return [model.held() for model in self.models]

    def size(self) -> int:
        """Models."""
        return len(self.models)

    def usual(self, quick: bool) -> Effort:
        """Simulations in the fit of each model."""
        size = self.quick if quick else self
        return Effort(1, size.simulations_closest if self.closest else size.simulations)

    def how(self, effort: Effort, seed: int) -> str:
        """How it was laid out."""
        searches = self._size(effort).searches
        times = f"each of {searches} searches for" if self.closest else "the fit of"
        return f"{effort.runs:,} histories in {times} each model, master seed {seed}."

    def _size(self, effort: Effort) -> Fit:
        """How much is run beside the fit: less of all where the fit is smaller than a full one."""
        return self.quick if effort.runs < self.effort().runs else self

    def _amount(self, effort: Effort) -> lab.Effort:
        """The numbers of a model alone."""
        size = self._size(effort)
        return size.amount(effort.runs, size.searches if self.closest else 1)

    def work(self, effort: Effort) -> int:
        """Histories of all models: fitted, or searched for, run anew, and told."""
        return sum(map(self._amount(effort).work, self.held()))

    def run(self, bench: Bench) -> Results:
        """The tables of `models.score_all`."""
        effort = self._amount(bench.effort)
        plan = replace(load_plan(), scenario=self.scenario, seed=self.seed)
        scoring = lab.Scoring(
            plan, effort, bench.folder, LOOKS, bench.workers, bench.tell, self.closest
        )
        return Results(self, bench, extra=lab.score_all(scoring, self.held()))


KIND = Scores
