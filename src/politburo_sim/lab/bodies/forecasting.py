"""The forecast of a body, made to be frozen: from its world and the ensemble, and nothing else.

Parameters are the committed ensemble, fitted to 1922-26 alone; nothing is fitted again. Nothing
here, or below it, imports the records of other bodies (`bodies.tables`), and what is said of the
Politburo ends with the years of fitting.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from politburo_sim.bodies.course import MONTHS
from politburo_sim.lab import sheets
from politburo_sim.lab.bench import set_in
from politburo_sim.lab.bodies import baselines
from politburo_sim.lab.bodies.courses import chief_of
from politburo_sim.lab.ensemble import Ensemble
from politburo_sim.lab.runs import Tell, replicate_seeds, run_many, silent
from politburo_sim.lab.store import sha256, write_text
from politburo_sim.months import month_index
from politburo_sim.outcomes import removals
from politburo_sim.run.engine import Outcomes
from politburo_sim.state.body import AWAITED
from politburo_sim.worlds.scenario import Scenario
from politburo_sim.worlds.world import World, build_world

#: Years within which a seat may be lost.
HORIZONS = (1, 3, 5)
#: What a row of a forecast is about.
SEAT, CHIEF, CHIEF_MONTH, SOLE_RULE = "seat", "chief", "month of the chief's fall", "sole rule"
COLUMNS = ("model", "quantity", "person", "months", "value")
QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Variant:
    """A variant of the model: a name, what it is in words, and parameters held at a value."""

    name: str
    words: str
    settings: Mapping[str, float] = field(default_factory=dict)


MODEL = Variant("model", "the model itself")
#: The model without the rules that the body's own file sets.
PLAIN = Variant("plain-rules", "the model without what the body's file sets of the rules")


def months_of(scenario: Scenario) -> int:
    """Return how long a world runs."""
    return int(month_index(scenario.start, scenario.end)) + 1


def spans(scenario: Scenario) -> list[int]:
    """Return the horizons that end within a world, in months."""
    return [years * MONTHS for years in HORIZONS if years * MONTHS <= months_of(scenario)]


def forecast(
    scenario: Scenario, ensemble: Ensemble, runs: int, seed: int, variants: Sequence[Variant], *,
    workers: int | None = None, tell: Tell = silent,
) -> pd.DataFrame:  # fmt: skip
    """Return the forecast of a body by the model, its variants and what does without it.

    Parameters
    ----------
    scenario
        The body.
    ensemble
        Parameter vectors with weights; each run takes one, in turn.
    runs
        Histories of each model; all share draws and luck.
    seed
        Master seed.
    variants
        Of the model: parameters held at values, nothing fitted again.

    Returns
    -------
    `COLUMNS`, one row a value. "seat": the chance that a person loses his standing in the body by
    politics within so many months. "chief": the same of the strongest at the opening, to the end
    as well. "month of the chief's fall": its 5, 50 and
    95 % quantiles where he falls (person: the quantile). "sole rule": the chance that anybody
    has established it by the end, and each person's.
    """
    rows: list[tuple[Any, ...]] = []
    for model in (MODEL, PLAIN, *variants):
        if model is PLAIN and not scenario.rules:
            continue
        world = build_world(scenario)
        rules = {} if model is PLAIN else scenario.rules
        points = set_in(ensemble.thin(runs).table, rules, model.settings)
        out = run_many(
            world, replicate_seeds(seed, runs, stream=13), points, np.arange(runs),
            workers=workers, tell=tell,
        )  # fmt: skip
        rows += ((model.name, *row) for row in _told(world, out))
    rows += _without_the_model(build_world(scenario))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _told(world: World, out: Outcomes) -> Iterator[tuple[Any, ...]]:
    """Yield what runs say: quantity, person, months, value."""
    fell, months = removals(world, out), world.months
    for slot, name in enumerate(world.names[: world.members]):
        if world.body.status[slot] != AWAITED:
            for span in spans(world.scenario):
                yield SEAT, name, span, _share(fell[:, slot] < span)
    chief = chief_of(world)
    if chief is not None:
        when = fell[:, world.names.index(chief)]
        for span in (*spans(world.scenario), months):
            yield CHIEF, chief, span, _share(when < span)
        for quantile in QUANTILES if (when < months).any() else ():
            month = np.quantile(when[when < months], quantile, method="inverted_cdf")
            yield CHIEF_MONTH, f"{100 * quantile:.0f} %", months, float(month)
    yield SOLE_RULE, "", months, _share(out.ruler >= 0)
    for slot, name in enumerate(world.names[: world.members]):
        yield SOLE_RULE, name, months, _share(out.ruler == slot)


def _share(yes: Any) -> float:
    """Return a share of runs, never quite none or all (half a run is added to either side)."""
    return (float(np.sum(yes)) + 0.5) / (len(yes) + 1.0)


def _without_the_model(world: World) -> Iterator[tuple[Any, ...]]:
    """Yield what the baselines say of the full members at the opening."""
    fitted, named, chief = baselines.fit(), baselines.heads_of(world), chief_of(world)
    ahead = spans(world.scenario)
    for name, (_, baseline) in baselines.BASELINES.items():
        chances = baseline(fitted, world, named, [span // MONTHS for span in ahead])
        for person, line in zip(named, chances, strict=True):
            for span, chance in zip(ahead, line, strict=True):
                yield name, SEAT, person, span, float(chance)
                if person == chief:
                    yield name, CHIEF, person, span, float(chance)


def as_csv(table: pd.DataFrame) -> str:
    """Return a forecast as the text of its file."""
    return sheets.as_csv(table, float_format="%.6g")


def freeze(table: pd.DataFrame, path: Path) -> str:
    """Write a forecast's file; return its SHA-256."""
    write_text(path, as_csv(table))
    return sha256(path)
