"""Removal against the bond to the strongest member, before and after he rules alone."""

from __future__ import annotations

from itertools import count, takewhile
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.files.toml import Source
from politburo_sim.lab.bench import Bench, prepare
from politburo_sim.lab.plan import Experiment, Results, Whole
from politburo_sim.lab.runs import run_many
from politburo_sim.lab.sources import world_of
from politburo_sim.months import month_index, year_and_month, year_end
from politburo_sim.outcomes import removals
from politburo_sim.run.engine import Outcomes

BATCH = 1_000
#: Fewest members at risk, in each of the four groups of a draw, for it to count.
LEAST = 20
GROUPS = ("before, bond", "before, no bond", "after, bond", "after, no bond")
#: Effects, and the times of which the protection is taken, of the second less than of the first.
EFFECTS = {
    "protection before": ("before",), "protection after": ("after",),
    "protection before less protection after": ("before", "after"),
}  # fmt: skip
#: The world as it is, and without the mechanism in question: words and settings.
WORLDS = {"": {}, ", rule of one off": {"rule_of_one": 0.0}}


class Survival(Experiment):
    """Members who sit at the end of a year, and whether they fall within so many years."""

    kind: Literal["survival"]
    years: Whole

    def checked(self, source: Source) -> Self:
        """The world is longer than the years that are looked at."""
        if not self.marks():
            raise source.error(("years",), "the world has not so many years", given=self.years)
        return self

    def marks(self) -> list[int]:
        """The Decembers after which the world still has so many years."""
        start, months = self.world.start, month_index(self.world.start, self.world.end) + 1
        ends = (year_end(start, year) - 1 for year in count(year_and_month(start)[0]))
        return list(takewhile(lambda mark: mark + 12 * self.years < months, ends))

    def size(self) -> int:
        """The world with and without the rule of one."""
        return len(WORLDS)

    def run(self, bench: Bench) -> Results:
        """Protection by a bond: removal without one less removal with one."""
        found = Results(self, bench)
        for words, settings in WORLDS.items():
            spec = {"scenario": self.scenario, "settings": settings}
            table = bench.kept(
                [self.kind, world_of(self.built()), settings, self.years],
                lambda spec=spec: self._table(spec, bench), bench.effort.runs,  # type: ignore[misc]
            )  # fmt: skip
            for name, when in EFFECTS.items():
                frame, moves = protection(table, *when)
                found.effects[f"{name}{words}"] = frame
                found.moves[f"{name}{words}"] = moves
            found.extra[f"survival{words}"] = table.groupby("draw", as_index=False).sum()
        return found

    def _table(self, spec: dict[str, Any], bench: Bench) -> pd.DataFrame:
        """Members at risk and removed in each group, one row a history, with its draw."""
        world, points = prepare(spec, bench.ensemble)
        parts = []
        for seeds, which in bench.batches(BATCH):
            out = run_many(
                world,
                seeds,
                points,
                which,
                marks=self.marks(),
                workers=bench.workers,
                tell=bench.tell,
            )
            parts.append(at_risk(removals(world, out), out, self.years).assign(draw=which))
        return pd.concat(parts, ignore_index=True)


def at_risk(removed: NDArray[np.int64], out: Outcomes, years: int) -> pd.DataFrame:
    """[runs] members at risk and removed in each group, over the ends of all marked years.

    Bond: the member's bond to the strongest is above zero. Before: no sole rule has been
    established. After: one has, and its ruler holds more than half the power still; who has lost
    it counts for neither. Removed: within so many years.
    """
    found: dict[str, Any] = {}
    for place, mark in enumerate(out.marks.tolist()):
        bond = out.bond_at[:, place, :]
        ever = ((out.ruler >= 0) & (out.since <= mark))[:, None]
        his = np.take_along_axis(
            out.share_at[:, place], np.maximum(out.ruler, 0).astype(np.int64)[:, None], axis=1
        )
        ruled = ever & (his > 0.5)
        fell = (removed > mark) & (removed <= mark + 12 * years)
        groups = (
            ~ever & (bond > 0),
            ~ever & (bond <= 0),
            ruled & (bond > 0),
            ruled & (bond <= 0),
        )
        for group, chosen in zip(GROUPS, groups, strict=True):
            for name, who in ((group, chosen), (f"{group}: removed", chosen & fell)):
                found[name] = found.get(name, 0.0) + who.sum(axis=1)
    return pd.DataFrame(found)


def protection(table: pd.DataFrame, *when: str) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Removal without a bond less removal with one, draw by draw, with its standard error.

    Of two times, of the first less of the second. The error is over histories,
    sqrt(H / (H - 1) sum_h d_h^2) with d_h what history h of H moves the effect by: men of one
    history fall together, and each is at risk in several years. It is never less than that of
    members who fall each by himself.

    table : what `at_risk` counts, one row a history, with its draw.

    Returns
    -------
    One row a draw that counts, and d [draws, H] of every draw.
    """
    rows, moves = [], []
    for draw, part in table.groupby("draw"):
        effect, alone, least, moved = 0.0, 0.0, np.inf, np.zeros(len(part))
        for time, sign in zip(when, (1.0, -1.0), strict=False):
            for group, side in ((f"{time}, no bond", sign), (f"{time}, bond", -sign)):
                risk, gone = part[group].to_numpy(float), part[f"{group}: removed"].to_numpy(float)
                whole = risk.sum() + 1.0
                share = (gone.sum() + 0.5) / whole
                effect += side * share
                moved += side * (gone - share * risk) / whole
                alone += share * (1 - share) / whole
                least = min(least, risk.sum())
        moves.append(moved)
        if least >= LEAST:
            together = float((moved**2).sum() * len(part) / max(1, len(part) - 1))
            rows.append(
                {"draw": int(draw), "effect": effect,
                 "error": float(np.sqrt(max(together, alone))), "n": int(least)}
            )  # fmt: skip
    return pd.DataFrame(rows, columns=["draw", "effect", "error", "n"]), np.array(moves)


KIND = Survival
