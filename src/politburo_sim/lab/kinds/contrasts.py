"""Contrasts: weighted sums of what happens in worlds that share their luck.

A *contrast* is a sum of outcomes over cells with weights: a level (one cell, weight 1), a twin
(-1 and 1), an interaction (+1 -1 -1 +1). Its value is formed run by run and averaged within each
draw of the ensemble. Files may use the shorthand of `lab.shorthand`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StrictInt

from politburo_sim.files.errors import ExperimentError, InputError, suggest
from politburo_sim.files.lines import KeyPath
from politburo_sim.files.toml import Source
from politburo_sim.lab import checks, shorthand
from politburo_sim.lab.answer import misplaced, names_in
from politburo_sim.lab.bench import Bench, Effort
from politburo_sim.lab.plan import Experiment, Results
from politburo_sim.lab.variants import variant
from politburo_sim.outcomes import outcome
from politburo_sim.worlds.fields import Month, Number, Place, Table
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import Scenario

Trait = Annotated[Number, Field(ge=0, le=1)]


class Cell(Table):
    """One world with settings, and what is changed in it (`lab.variants`)."""

    scenario: Place | None = None
    settings: dict[str, Number] = Field(default_factory=dict)
    holder: dict[str, str] = Field(default_factory=dict)
    traits: dict[str, dict[str, Trait]] = Field(default_factory=dict)
    without: tuple[str, ...] = ()
    shift: Month | None = None
    rotate: StrictInt = 0
    shuffle: Annotated[StrictInt, Field(ge=0)] = 0
    lots_of: str | None = None


class Contrast(Table):
    """A weighted sum of one outcome over cells.

    given : an outcome of the first cell named that must be 1 in a run for it to count (a
    precondition that was met).
    """

    name: str
    outcome: str
    weights: dict[str, Number] = Field(min_length=1)
    given: str | None = None


class Contrasts(Experiment):
    """An experiment that is made of contrasts; replicates: at most so many, where runs are slow.

    answer : the first sentence of its report, with places for contrasts (`lab.answer`).
    """

    kind: Literal["contrasts"]
    answer: str = ""
    replicates: Annotated[StrictInt, Field(ge=2, le=10_000_000)] = 10_000_000
    cells: dict[str, Cell] = Field(min_length=1)
    contrasts: tuple[Contrast, ...] = Field(min_length=1)

    @classmethod
    def written_out(cls, source: Source) -> Mapping[str, Any]:
        """The file's table, with a cell for each member, world or mechanism that is meant."""
        return shorthand.written_out(source)

    def checked(self, source: Source) -> Self:
        """Worlds, members, settings and outcomes are there, and every contrast has its cells."""
        cells, members = {}, {}
        worlds: dict[str, str] = {}
        read = cache(load_scenario)  # many cells are of one world
        for name, cell in self.cells.items():
            at = ("cells", name)
            if cell.scenario is not None:
                if cell.scenario not in worlds:
                    worlds[cell.scenario] = checks.world(source, (*at, "scenario"), cell.scenario)
                cell = cell.model_copy(update={"scenario": worlds[cell.scenario]})
            for parameter, value in cell.settings.items():
                checks.setting(source, (*at, "settings", parameter), parameter, value)
            about = read(cell.scenario or self.scenario)
            if cell.shift is not None:
                checks.month(source, (*at, "shift"), cell.shift, about)
                if not any(event.intervention for event in about.events):
                    raise source.error(
                        (*at, "shift"), "there is no intervention to move", given=about.name,
                        allowed="a world with an event that has intervention = true",
                    )  # fmt: skip
            if cell.lots_of is not None:
                self._check_lots(source, (*at, "lots_of"), cell.lots_of, about)
            members[name] = _members(source, at, cell, about)
            cells[name] = cell
        found = self.model_copy(update={"cells": cells})
        seen: set[str] = set()
        for place, contrast in enumerate(self.contrasts):
            here = ("contrasts", place)
            if contrast.name in seen:
                raise source.error((*here, "name"), "the same name twice", given=contrast.name)
            seen.add(contrast.name)
            for name in contrast.weights:
                if name not in cells:
                    raise self._no_cell(source, (*here, "weights"), name)
                about = read(cells[name].scenario or self.scenario)
                checks.outcome(source, (*here, "outcome"), contrast.outcome, members[name], about)
            if contrast.given is not None:
                name = next(iter(contrast.weights))
                about = read(cells[name].scenario or self.scenario)
                checks.outcome(source, (*here, "given"), contrast.given, members[name], about)
        if (left := misplaced(self.answer)) is not None:
            raise source.error(
                ("answer",), "a place that is not written as one", given=left,
                allowed="{CONTRAST} for its estimate, or {CONTRAST?above|below|about nought} for "
                "words of your own, all three",
            )  # fmt: skip
        for name in names_in(self.answer):
            if name not in seen:
                raise source.error(
                    ("answer",), f"no such contrast{suggest(name, seen)}", given=name,
                    allowed=", ".join(sorted(seen)),
                )  # fmt: skip
        return found

    def _check_lots(self, source: Source, path: KeyPath, name: str, about: Scenario) -> None:
        """Lots come from a cell that has none itself and covers the same months."""
        if name not in self.cells:
            raise self._no_cell(source, path, name)
        other = self.cells[name]
        from_world = load_scenario(other.scenario or self.scenario)
        same = (from_world.start, from_world.end) == (about.start, about.end)
        if other.lots_of is not None or not same:
            raise source.error(
                path, "no lots can be drawn from it", given=name,
                allowed="a cell of a world with the same months, without lots of its own",
            )  # fmt: skip

    def _no_cell(self, source: Source, path: KeyPath, name: str) -> Exception:
        return source.error(
            path, f"no such cell{suggest(name, self.cells)}", given=name,
            allowed=", ".join(self.cells),
        )  # fmt: skip

    def effort(self, quick: bool = False, runs: int | None = None) -> Effort:
        """As all, but no more replicates than the file allows."""
        effort = super().effort(quick, runs)
        return Effort(effort.draws, min(effort.replicates, self.replicates))

    def sets(self) -> set[str]:
        """The settings of its cells."""
        return {name for cell in self.cells.values() for name in cell.settings}

    def size(self) -> int:
        """Cells that a contrast is about."""
        return len({name for contrast in self.contrasts for name in contrast.weights})

    def spec(self, name: str) -> dict[str, Any]:
        """A cell as the bench takes it."""
        said = self.cells[name].model_dump(exclude_defaults=True)
        if "lots_of" in said:
            said["lots_of"] = self.spec(said["lots_of"])
        return {"scenario": self.scenario, **said}

    def run(self, bench: Bench) -> Results:
        """Every contrast in each draw; of chances also in log-odds, pooled over the draws."""
        found = Results(self, bench)
        for one in self.contrasts:
            parts = [(self.spec(name), weight) for name, weight in one.weights.items()]
            found.effects[one.name] = bench.effect(one.outcome, parts, one.given)
            found.moves[one.name] = bench.moves(one.outcome, parts, one.given)
            found.outcomes[one.name] = one.outcome
            about = outcome(one.outcome)
            if about is not None and about.unit == "chance":
                found.said[f"log-odds of {one.name}"] = sum(
                    weight * _log_odds(bench.cell(spec)[one.outcome]) for spec, weight in parts
                )
        return found


def _members(source: Source, path: KeyPath, cell: Cell, scenario: Scenario) -> list[str]:
    """The members of a cell, whose changes are of what is there."""
    changes = cell.model_dump(exclude_defaults=True, exclude={"scenario", "settings", "lots_of"})
    try:
        return checks.members(variant(scenario, **changes))
    except InputError as error:
        about = f"{error.key}: " if error.key else ""
        raise source.error(
            path, f"{about}{error.problem}", given=error.given, allowed=error.allowed,
            hint=None if isinstance(error, ExperimentError) else "take another member or post",
        ) from None  # fmt: skip


def _log_odds(values: Any) -> float:
    """The log-odds of a pooled chance."""
    share = (float(values.sum()) + 0.5) / (len(values) + 1.0)
    return math.log(share / (1.0 - share))


KIND = Contrasts
