"""The closing window: interventions moved through time, and until when they matter."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field
from scipy.stats import norm

from politburo_sim.files.toml import Source
from politburo_sim.lab import checks
from politburo_sim.lab.bench import Bench, Effort
from politburo_sim.lab.plan import Experiment, Results, Whole
from politburo_sim.months import months_between
from politburo_sim.outcomes import SOLE_RULE_OF
from politburo_sim.worlds.fields import Month, Name, Number
from politburo_sim.worlds.scenario import load_scenario


class Window(Experiment):
    """One twin for each intervention and month.

    member : whose sole rule; within : how far from nought an effect may lie that does not matter.
    """

    full = Effort(100, 20)
    small = Effort(40, 5)

    kind: Literal["window"]
    member: Name
    interventions: tuple[Name, ...] = Field(min_length=1)
    first: Month = Field(alias="from")
    until: Month
    step: Whole
    within: Annotated[Number, Field(gt=0, lt=1)]

    def checked(self, source: Source) -> Self:
        """The member and the interventions are there, and the months inside the world."""
        if self.first > self.until:
            raise source.error(
                ("until",), "ends before it starts", given=self.until,
                allowed=f"{self.first} or later",
            )  # fmt: skip
        worlds = tuple(
            checks.world(source, ("interventions", place), name)
            for place, name in enumerate(self.interventions)
        )
        for place, name in enumerate(worlds):
            if not any(event.intervention for event in load_scenario(name).events):
                raise source.error(
                    ("interventions", place), "a world without an intervention", given=name,
                    allowed="a world with one",
                )  # fmt: skip
        for about in (self.world, *map(load_scenario, worlds)):
            for key, month in (("from", self.first), ("until", self.until)):
                checks.month(source, (key,), month, about)
            outcome = SOLE_RULE_OF + self.member
            checks.outcome(source, ("member",), outcome, checks.members(about), about)
        return self.model_copy(update={"interventions": worlds})

    @property
    def months(self) -> list[str]:
        """The months in which each intervention is tried."""
        return months_between(self.first, self.until, self.step)

    def size(self) -> int:
        """The world as it was, and each twin."""
        return 1 + len(self.months) * len(self.interventions)

    def run(self, bench: Bench) -> Results:
        """Effects with simultaneous 95 % bands, and the month of closing.

        The band of each point is widened so that all points of all interventions hold together
        (Bonferroni). The window is closed from the month after the last one whose band of any
        intervention leaves +-`within`; not located where that is the last month looked at.
        """
        base: dict[str, Any] = {"scenario": self.scenario}
        z = float(norm.ppf(1.0 - 0.025 / (self.size() - 1)))
        rows = []
        for name in self.interventions:
            for month in self.months:
                twin = {"scenario": name, "shift": month}
                parts = [(twin, 1.0), (base, -1.0)]
                effect = bench.effect(SOLE_RULE_OF + self.member, parts)["effect"].to_numpy()
                mean, error = float(effect.mean()), float(effect.std(ddof=1) / np.sqrt(len(effect)))
                rows.append(
                    {"intervention": name, "month": month, "effect": mean, "low": mean - z * error,
                     "high": mean + z * error,
                     "precondition": float(bench.cell(twin)["took_place"].mean())}
                )  # fmt: skip
        table = pd.DataFrame(rows)
        said = {"closes": closing(table, self.within)}
        return Results(self, bench, extra={"window": table}, said=said)


def closing(table: pd.DataFrame, within: float) -> str | None:
    """The first month from which every band lies within +-within to the end, if any."""
    months = sorted(table["month"].unique())
    outside = table[(table["low"] < -within) | (table["high"] > within)]["month"]
    if outside.empty:
        return str(months[0])
    last = months.index(outside.max())
    return None if last + 1 == len(months) else str(months[last + 1])


KIND = Window
