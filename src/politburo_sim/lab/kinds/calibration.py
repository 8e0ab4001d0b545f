"""The calibration as an experiment: the search, what comes near the record, and known truths."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any, Literal, Self

import pandas as pd
from pydantic import Field

from politburo_sim.files.toml_source import Source
from politburo_sim.lab import calibration as lab
from politburo_sim.lab import checks
from politburo_sim.lab.bench import Bench, Effort, Ensemble
from politburo_sim.lab.check import predictive_table
from politburo_sim.lab.plan import Experiment, Month, Results, Table, Whole
from politburo_sim.lab.recovery import recover
from politburo_sim.outcomes import SOLE_RULE_OF
from politburo_sim.state.parameters import PLACE
from politburo_sim.worlds.schema import Name, Number


class Record(Table):
    """What is fitted to."""

    until: Month
    secretary: Name
    removals: dict[str, Month]
    posts: dict[str, Month]
    contests: tuple[Number, Number]
    majority: tuple[Month, Month, Month]


class Calibration(Experiment):
    """What is fitted, to what, and how long (`lab.calibration`)."""

    over_ensemble = False

    kind: Literal["calibration"]
    population: Whole
    simulations: Whole
    quick: Whole
    shrink: Annotated[float, Field(gt=0, lt=1)]
    fitted: dict[str, tuple[Number, Number]] = Field(min_length=1)
    record: Record

    def checked(self, source: Source) -> Self:
        """Parameters and members are there, and ranges rise."""
        for name, (low, high) in self.fitted.items():
            for value in (low, high):
                checks.setting(source, ("fitted", name), name, value)
            if not low < high:
                raise source.error(
                    ("fitted", name), "low is not below high", given=low, allowed=f"below {high:g}"
                )
        low, high = self.record.contests
        if not low < high:
            raise source.error(("record", "contests"), "low is not below high", given=low)
        record = self.record
        for month in (record.until, *record.majority, *record.removals.values(),
                      *record.posts.values()):  # fmt: skip
            checks.month(source, ("record",), month, self.world)
        members = checks.members(self.world)
        named = {("secretary",): self.record.secretary} | {
            (table, who): who for table in ("removals", "posts")
            for who in getattr(self.record, table)
        }  # fmt: skip
        for path, who in named.items():
            checks.outcome(source, ("record", *path), SOLE_RULE_OF + who, members)
        return self

    def plan(self) -> lab.Plan:
        """The plan as the search takes it."""
        said: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(lab.Plan)}
        return lab.Plan(**{**said, "record": self.record.model_dump()})

    def effort(self, quick: bool = False, runs: int | None = None) -> Effort:
        """Simulations in all."""
        full = Effort(1, self.quick if quick else self.simulations)
        return full if runs is None else full.of(runs)

    def run(self, bench: Bench) -> Results:
        """The last population of the search, and the tables of the report."""
        simulations = bench.effort.runs
        quick = simulations < self.simulations
        small = {"simulations": simulations, "population": min(self.population, 200)}
        plan = self.model_copy(update=small if quick else {}).plan()
        population, rounds = lab.calibrate(plan, bench.folder, bench.tell)
        bench.tell(0, "Comparing with the record")
        sets = Ensemble(population.table, population.weight).thin(50 if quick else 200)
        patterns = predictive_table(plan, sets, 10 if quick else 50, plan.seed)
        recovery = recover(plan, 20_000 if quick else 100_000, 200 if quick else 500)
        tables = {"rounds": rounds, "spreads": lab.spreads(plan, population),
                  "patterns": patterns, "recovery": recovery}  # fmt: skip
        places = [PLACE[name] for name in plan.fitted]
        sample = pd.DataFrame(population.table[:, places], columns=list(plan.fitted))
        tables["sample"] = sample.assign(weight=population.weight)
        return Results(
            self, bench, extra=tables, said={"population": population, "ranges": plan.fitted}
        )


KIND = Calibration
