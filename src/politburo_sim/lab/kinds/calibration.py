"""The calibration as an experiment: the search, what comes near the record, and known truths."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any, Literal, Self

import pandas as pd
from pydantic import Field

from politburo_sim.files.toml import Source
from politburo_sim.lab import checks
from politburo_sim.lab.bench import Bench, Effort
from politburo_sim.lab.ensemble import Ensemble
from politburo_sim.lab.fit import calibration as lab
from politburo_sim.lab.fit.check import fresh, pattern_table, scored
from politburo_sim.lab.fit.population import spreads
from politburo_sim.lab.fit.recovery import recover
from politburo_sim.lab.plan import Experiment, Results, Whole
from politburo_sim.state.parameters import PLACE
from politburo_sim.worlds.fields import Name, Number


class Calibration(Experiment):
    """What is fitted and how long (`lab.fit.calibration`); to what: `history.fit_patterns`."""

    over_ensemble = False

    kind: Literal["calibration"]
    population: Whole
    simulations: Whole
    quick: Whole
    shrink: Annotated[Number, Field(gt=0, lt=1)]
    fitted: Annotated[tuple[Name, ...], Field(min_length=1)]

    def checked(self, source: Source) -> Self:
        """What is fitted is sampled, and named once."""
        for place, name in enumerate(self.fitted):
            at = ("fitted", place)
            checks.one_of(source, at, name, lab.PRIOR, "parameter that is sampled")
            if name in self.fitted[:place]:
                raise source.error(at, "named twice", given=name, allowed="each once")
        return self

    def plan(self) -> lab.Plan:
        """The plan as the search takes it."""
        names = [f.name for f in fields(lab.Plan) if f.name != "fixed"]
        said: dict[str, Any] = {name: getattr(self, name) for name in names}
        return lab.Plan(**said)

    def usual(self, quick: bool) -> Effort:
        """Simulations in all."""
        return Effort(1, self.quick if quick else self.simulations)

    def run(self, bench: Bench) -> Results:
        """The last population of the search, and the tables of the report."""
        simulations = bench.effort.runs
        quick = simulations < self.simulations
        small = {"simulations": simulations, "population": min(self.population, 200)}
        plan = self.model_copy(update=small if quick else {}).plan()
        population, rounds = lab.calibrate(plan, bench.folder, bench.tell, bench.workers)
        bench.tell(0, "Comparing with the record")
        sets = Ensemble(population.table, population.weight).thin(50 if quick else 200)
        fitted = scored(("fit",))
        table = fresh(plan, sets, 10 if quick else 50, patterns=fitted, workers=bench.workers)
        patterns = pattern_table(self.built(), table, fitted)
        recovery = recover(plan, 20_000 if quick else 100_000, 200 if quick else 500)
        tables = {"rounds": rounds, "spreads": spreads(plan.fitted, population),
                  "patterns": patterns, "recovery": recovery}  # fmt: skip
        places = [PLACE[name] for name in lab.PRIOR]
        sample = pd.DataFrame(population.table[:, places], columns=list(lab.PRIOR))
        tables["sample"] = sample.assign(weight=population.weight)
        said = {"population": population, "runs": len(table)}
        return Results(self, bench, extra=tables, said=said)


KIND = Calibration
