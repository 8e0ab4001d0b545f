"""How near histories come to the record: what was fitted, and what was not.

Histories are simulated anew, with fresh seeds, from a population of parameter sets. Each pattern
of `history.patterns` that a run can be held against is *met* by a run or not, within the tolerance
stated here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim import history
from politburo_sim.history.patterns import Pattern, Record, cohorts
from politburo_sim.lab.bench import BATCH, prepare, with_point
from politburo_sim.lab.ensemble import Ensemble
from politburo_sim.lab.fit.calibration import Plan, Target, distance, summaries, target_of
from politburo_sim.lab.runs import Tell, replicate_seeds, run_many, silent
from politburo_sim.months import month_index, month_key, year_end
from politburo_sim.outcomes import NEVER, month_of, removed_by
from politburo_sim.run.engine import Outcomes
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import AWAITED, CANDIDATE, FULL
from politburo_sim.worlds.world import World

Values = NDArray[np.float64]
Yes = NDArray[np.bool_]
#: Months by which a recorded month may be missed for its pattern to count as met.
NEAR = 12
#: Patterns whose value is a month of the run.
MONTHLY = ("removal", "stays", "post", "sole rule")


@dataclass(frozen=True)
class Histories:
    """Runs of one world, to the end of 1926 (in summary) and, with the same luck, to its end."""

    world: World
    target: Target
    early: dict[str, Values]
    late: Outcomes

    def month(self, member: str | None, rung: int) -> Values:
        """[R] month in which a member reached a rung or one above it."""
        place = self.world.names.index(str(member))
        reached: Values = month_of(self.late, rung)[:, place].astype(float)
        return reached

    def index(self, text: Any) -> float:
        """A month such as 1926-07 in months of the run."""
        return float(month_index(self.world.start, str(text)))


def scored(kinds: tuple[str, ...] = ("fit", "check")) -> tuple[Pattern, ...]:
    """The patterns that a run can be held against, fit before check."""
    sound = (*history.fit_patterns(), *history.check_patterns())
    return tuple(p for p in sound if p.measure is not None and p.kind in kinds)


def held_against(pattern: Pattern, runs: Histories) -> tuple[Values, Yes]:
    """The value of a pattern in each run, and whether the run meets it."""
    told: Any = pattern.record
    lost = runs.world.losses
    match pattern.measure:
        case "removal" | "post":
            rung = lost.seat if pattern.measure == "removal" else lost.posts
            value = runs.month(pattern.member, rung)
            return value, np.abs(value - runs.index(told)) <= NEAR
        case "stays":
            value = runs.month(pattern.member, lost.seat)
            return value, value >= NEVER
        case "other removals":
            value = runs.early["other removals"]
            return value, value == told
        case "contests":
            value = runs.early["roll calls a year"]
            return value, (value >= told[0]) & (value <= told[1])
        case "visible":
            value = runs.early["Secretary most visible"]
            return value, value == 0
        case "backing":
            value = runs.early["behind him in 1925"]
            return value, (runs.early["behind him in 1922"] <= 0.5) & (value > 0.5)
        case "sole rule":
            ruler = runs.late.ruler == runs.world.names.index(str(pattern.member))
            value = np.where(ruler, runs.late.since, NEVER).astype(float)
            return value, (value >= runs.index(told[0])) & (value <= runs.index(told[1]))
        case "outlasting":
            value = outlasting(runs.world, runs.late)
            return value, value > 0
    raise ValueError(f"nothing in a run stands for {pattern.name!r}")


def outlasting(world: World, out: Outcomes) -> Values:
    """Share of the winner's earlier allies in their seats at the end, less that of later ones.

    Earlier: those of `history.patterns.cohorts` whom the world's file names; later: the newcomers
    of the run, in the place of men whom the file does not know. 0 in a run without newcomers.
    """
    early = [world.names.index(name) for name in cohorts()[0] if name in world.names]
    seated = (out.status == FULL) | (out.status == CANDIDATE)
    late = out.status[:, world.members :] != AWAITED
    came = late.sum(axis=1)
    kept = seated[:, world.members :].sum(axis=1) / np.maximum(1, came)
    value: Values = np.where(came > 0, seated[:, early].mean(axis=1) - kept, 0.0)
    return value


def outcome_table(runs: Histories, patterns: tuple[Pattern, ...]) -> pd.DataFrame:
    """One row a run: each pattern's value and whether it is met, and what the scores need.

    "value: P" and "met: P" for each pattern P; "removed: M", the month for each member of
    `history.falls`; distance from the record; how many were removed; who rules alone.
    """
    columns: dict[str, Any] = {}
    for pattern in patterns:
        value, met = held_against(pattern, runs)
        columns[f"value: {pattern.name}"], columns[f"met: {pattern.name}"] = value, met
    for name in history.falls().member:
        columns[f"removed: {name}"] = runs.month(name, runs.world.losses.seat)
    world, late = runs.world, runs.late
    columns["distance"] = distance(runs.early, runs.target)
    for year in (1926, 1930):
        columns[f"removed_{year}"] = removed_by(world, late, year_end(world.start, year))
    columns["sole_rule"] = late.ruler >= 0
    columns["sole_rule_secretary"] = late.ruler == world.names.index(runs.target.secretary)
    columns["leader_share"] = late.share.max(axis=1)
    return pd.DataFrame(columns)


def fresh(
    plan: Plan, ensemble: Ensemble, replicates: int, *, patterns: tuple[Pattern, ...] | None = None,
    workers: int | None = None, tell: Tell = silent,
) -> pd.DataFrame:  # fmt: skip
    """The outcome table of fresh runs to the end of the world, so many for each draw.

    The luck of run i is the same whatever the plan holds fixed.
    """
    world, points = prepare({"scenario": plan.scenario, "settings": plan.fixed}, ensemble)
    target, runs = target_of(world), len(points) * replicates
    seeds = replicate_seeds(plan.seed, runs, stream=8)
    parts = []
    for start in range(0, runs, BATCH):
        which = np.arange(start, min(runs, start + BATCH)) // replicates
        luck = seeds[start : start + len(which)]
        early = run_many(
            world, luck, points, which, marks=target.marks, last=target.last, workers=workers
        )
        late = run_many(world, luck, points, which, workers=workers)
        found = summaries(world, early, points[which], target)
        part = outcome_table(Histories(world, target, found, late), patterns or scored())
        part.insert(0, "draw", which)
        parts.append(part)
        tell(len(which))
    return pd.concat(parts, ignore_index=True)


def month_words(world: World, month: float) -> str:
    """A month of the run as 1926-07, or "never"."""
    return "never" if month >= world.months else month_key(world.start, int(month))


def said(record: Record) -> str:
    """What the record says, in a word or two."""
    if record is None:
        return "never"
    parts = record if isinstance(record, tuple) else (record,)
    return " to ".join(part if isinstance(part, str) else f"{part:g}" for part in parts)


def pattern_table(world: World, table: pd.DataFrame, patterns: tuple[Pattern, ...]) -> pd.DataFrame:
    """Each pattern: the record, median and 90 % interval of the runs, and how many meet it."""
    rows = []
    for pattern in patterns:
        value = table[f"value: {pattern.name}"]
        ends = np.quantile(value, [0.05, 0.5, 0.95], method="inverted_cdf")
        monthly = pattern.measure in MONTHLY
        five, median, ninety_five = (month_words(world, x) if monthly else f"{x:.3g}" for x in ends)
        rows.append(
            {"pattern": pattern.name, "kind": pattern.kind, "record": said(pattern.record),
             "median": median, "5 %": five, "95 %": ninety_five,
             "met": float(table[f"met: {pattern.name}"].mean())}
        )  # fmt: skip
    return pd.DataFrame(rows)


def presidium(
    ensemble: Ensemble, replicates: int, seed: int, workers: int | None = None
) -> list[dict[str, Any]]:
    """June 1957, outside the country's 1920s: the heads against Khrushchev, the Committee for him.

    A model in which the heads alone decide (venue 0) has to do worse than the ensemble.
    """
    rows = []
    for words, settings in (("", {}), (", the heads alone deciding", {"venue": 0.0})):
        spec = {"scenario": "presidium-1957", "settings": settings}
        world, points = prepare(spec, ensemble)
        which = np.arange(len(points) * replicates) // replicates
        luck = replicate_seeds(seed, len(which), stream=9)
        out = run_many(world, luck, points, which, last=8, workers=workers)
        kept = out.status[:, world.names.index("Khrushchev")] == FULL
        fell = month_of(out, world.losses.posts)[:, world.names.index("Khrushchev")]
        safe = (kept & (fell == NEVER)).mean()
        rows.append(
            {"pattern": f"Khrushchev keeps seat and post in 1957{words}", "kind": "check",
             "record": "yes" if not words else "no (a model of heads alone must fail)",
             "median": "", "5 %": "", "95 %": "", "met": float(safe)}
        )  # fmt: skip
    return [*rows, division(ensemble, seed)]


def division(ensemble: Ensemble, seed: int) -> dict[str, Any]:
    """How many heads vote against Khrushchev in June 1957; met: as in the record, give or take one.

    One history of each draw on the Mesa driver, which keeps everybody's vote; a history in which
    the question is not put (one of the two has gone before) counts no vote.
    """
    split: Any = next(
        p.record for p in history.check_patterns() if p.name.startswith("the Presidium")
    )
    most = float(split[0])
    world, points = prepare({"scenario": "presidium-1957"}, ensemble)
    heads = [name for name, status in zip(world.names, world.body.status, strict=True)
             if status == FULL]  # fmt: skip
    against = []
    for luck, point in zip(replicate_seeds(seed, len(points), stream=10), points, strict=True):
        body = Politburo(with_point(world, point), int(luck))
        while body.month <= month_index(world.start, "1957-06"):
            body.step()
        votes = body.record.roll_calls().query(
            "kind == 'demand' and mover == 'Malenkov' and target == 'Khrushchev'"
        )
        against.append(int((votes[heads].iloc[0] == "yes").sum()) if len(votes) else 0)
    five, median, ninety_five = np.quantile(against, [0.05, 0.5, 0.95], method="inverted_cdf")
    return {
        "pattern": f"heads of {len(heads)} against Khrushchev in June 1957", "kind": "check",
        "record": f"{most:g}", "median": f"{median:g}", "5 %": f"{five:g}",
        "95 %": f"{ninety_five:g}", "met": float(np.mean(np.abs(np.array(against) - most) <= 1)),
    }  # fmt: skip
