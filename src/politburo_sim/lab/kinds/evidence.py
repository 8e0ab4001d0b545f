"""The weight of evidence as an experiment: the rule book and models beside it, on one record."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field

from politburo_sim.files.toml import Source
from politburo_sim.lab import checks
from politburo_sim.lab.bench import Bench, Effort
from politburo_sim.lab.fit import models as shared
from politburo_sim.lab.kinds.scores import Model, Scores, named, sound
from politburo_sim.lab.plan import Experiment, Results, Whole
from politburo_sim.lab.sheets import write_tables
from politburo_sim.lab.weigh import anneal
from politburo_sim.lab.weigh import evidence as lab
from politburo_sim.lab.weigh.given import whole_record
from politburo_sim.months import month_index
from politburo_sim.worlds.fields import Month, Name, Table


def _shared() -> Scores:
    """The models that the scores are worked out for; the rule book is the first."""
    return Scores.named("models")


class Amount(Table):
    """How much is run for each model."""

    chains: Annotated[int, Field(ge=8, le=100_000)]
    sweeps: Whole
    passes: Whole
    passes_of_the_model: Whole
    passes_of_rules: Whole

    def of(self, passes: int) -> anneal.Effort:
        """The numbers, with so many passes."""
        return anneal.Effort(self.chains, self.sweeps, passes)


class Evidence(Experiment, Amount):
    """The models that are weighed, and how much is run for each."""

    at_each = "models"
    over_ensemble = False

    kind: Literal["evidence"]
    fit_until: Month
    quick: Amount
    models: tuple[Model, ...] = ()
    in_or_out: tuple[Name, ...] = ()

    def checked(self, source: Source) -> Self:
        """Parameters are there and inside their ranges, and no name is given twice."""
        every = [*sound(self.models, source), *(model.name for model in _shared().models)]
        for place, name in enumerate(self.in_or_out):
            checks.one_of(source, ("in_or_out", place), name, every, "model")
        return self

    def chosen(self, names: str) -> list[shared.Model]:
        """The models named, the rule book first: "all", or names joined by commas."""
        others = _shared()
        every = {model.name: model.held() for model in (*others.models, *self.models)}
        first = others.models[0].name
        wanted = named(names, list(every), "evidence.toml or models.toml")
        return [every[name] for name in every if name in {first, *wanted}]

    def amount(self, quick: bool) -> Amount:
        """How much is run, in full or quick."""
        return self.quick if quick else self

    def usual(self, quick: bool) -> Effort:
        """Chains of each pass."""
        return Effort(1, self.amount(quick).chains)

    def weighing(self, bench: Bench, quick: bool) -> lab.Weighing:
        """What models are weighed by, on a bench."""
        world = self.built()
        amount = self.amount(quick)
        return lab.Weighing(
            whole_record(world, bench.workers), amount.of(amount.passes),
            amount.of(amount.passes_of_the_model), amount.of(amount.passes_of_rules),
            tuple(self.chosen(",".join(self.in_or_out))[1:]),
            month_index(world.start, self.fit_until) + 1, self.seed, bench.folder, bench.tell,
        )  # fmt: skip

    def steps(self, names: str, quick: bool) -> int:
        """Blocks of the record, over all passes of the models named: what progress counts."""
        amount = self.amount(quick)
        blocks = len(whole_record(self.built()).blocks)
        others = [model.name for model in self.chosen(names)[1:]]
        alone = [name for name in others if name not in self.in_or_out]
        together = amount.passes_of_rules if len(alone) < len(others) else 0
        return blocks * (amount.passes_of_the_model + together + len(alone) * amount.passes)

    def run(self, bench: Bench, names: str = "all") -> Results:
        """Tables evidence, blocks and parameters."""
        quick = bench.effort.runs < self.chains
        weighing = self.weighing(bench, quick)
        models = self.chosen(names)
        extra = {
            "evidence": lab.evidence_table(weighing, models),
            "blocks": lab.block_table(weighing, models[0]),
            "parameters": lab.parameter_table(weighing.passes(models[0])),
        }
        write_tables(bench.folder, extra)
        passes = weighing.passes(models[0])
        return Results(self, bench, extra=extra, said={"passes": passes})


KIND = Evidence
