"""Twin worlds: the same luck, one difference.

Both worlds draw by the same keys, so a pair parts only by what the difference does. The
effect is a mean of paired differences; `saving` is how many times more unpaired runs the
same interval would need.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim import outcomes
from politburo_sim.files.errors import InputError
from politburo_sim.lab import runs as lab_runs
from politburo_sim.lab.intervals import paired
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.run.engine import Outcomes
from politburo_sim.worlds.world import World

BATCH = 2_000
MOST_PAIRS = 1_000_000
NEVER = -1
#: What twins are compared by, besides the sole rule of each member.
COMPARED = ("established", "leader_share", "removed")


@dataclass(frozen=True)
class Twins:
    """What a comparison of two worlds found.

    effect, low, high: difference in the chance of an established sole ruler, alternative less
    base, with its 95 % interval. flipped: share of pairs in which the ruler differs. parting:
    month in which each pair first differs in power, or NEVER. saving: variance of the
    unpaired difference over that of the paired one.
    """

    base: str
    alt: str
    pairs: int
    effect: float
    low: float
    high: float
    flipped: float
    saving: float
    table: pd.DataFrame
    parting: NDArray[np.int64]
    start: tuple[int, int]
    applied: float

    def summary(self) -> dict[str, Any]:
        """The figures as plain data."""
        parted = self.parting[self.parting != NEVER]
        return {
            "base": self.base, "alt": self.alt, "effect": self.effect, "low": self.low,
            "high": self.high, "pairs": self.pairs, "flipped": self.flipped,
            "saving": self.saving, "intervention_took_place": self.applied,
            "parted": len(parted) / self.pairs,
            "median_month_of_parting": float(np.median(parted)) if len(parted) else None,
            "outcomes": self.table.to_dict(orient="records"),
        }  # fmt: skip


def twins(
    base: World,
    alt: World,
    runs: int = 10_000,
    seed: int = 0,
    *,
    precision: float | None = None,
    workers: int | None = None,
    tell: Tell = silent,
) -> Twins:
    """Compare two worlds over pairs of runs that share their luck.

    Parameters
    ----------
    base, alt : the worlds; members are matched by name.
    runs : pairs to run; with `precision` the most.
    precision : run on until the half-width of the effect's 95 % interval is this small.
    """
    if runs < 2:
        raise InputError("too few pairs", key="--runs", given=runs, allowed="2 or more")
    if base.months != alt.months or base.start != alt.start:
        raise InputError("the worlds do not cover the same months", key=alt.scenario.name)
    most = MOST_PAIRS if precision is not None else runs
    seeds = lab_runs.replicate_seeds(seed, most)
    names = shared_names(base, alt)
    parts: list[tuple[dict[str, NDArray[Any]], ...]] = []
    partings: list[NDArray[np.int64]] = []
    done = 0
    while done < most:
        batch = seeds[done : done + BATCH]
        one = lab_runs.run_many(base, batch, series=True, workers=workers)
        two = lab_runs.run_many(alt, batch, series=True, workers=workers)
        parts.append((_seen(base, one, names), _seen(alt, two, names)))
        partings.append(months_of_parting(base, one, alt, two))
        done += len(batch)
        tell(len(batch))
        if precision is not None and done >= BATCH:
            _, low, high = paired(
                _joined(parts, 1, "established") - _joined(parts, 0, "established")
            )
            if (high - low) / 2 <= precision:
                break
    return _sum_up(base, alt, parts, np.concatenate(partings), done)


def shared_names(base: World, alt: World) -> list[str]:
    """Members of both worlds, in the order of the base."""
    others = set(alt.names[: alt.members])
    return [name for name in base.names[: base.members] if name in others]


def _seen(world: World, out: Outcomes, members: list[str]) -> dict[str, NDArray[Any]]:
    """The compared outcomes of each run, and who rules."""
    runs = outcomes.Runs(world, out, np.empty((0, 0)))
    names = [*COMPARED, "took_place", *(outcomes.SOLE_RULE_OF + name for name in members)]
    return outcomes.read(names, runs) | {"ruler": np.array(outcomes.ruler_names(world, out))}


def months_of_parting(base: World, one: Outcomes, alt: World, two: Outcomes) -> NDArray[np.int64]:
    """First month in which the largest share, or who holds it, differs; NEVER if none."""
    place = {name: number for number, name in enumerate({*base.names, *alt.names, ""})}
    whose = np.array([place[name] for name in (*base.names, "")])
    others = np.array([place[name] for name in (*alt.names, "")])
    differs = (one.lead != two.lead) | (whose[one.leader] != others[two.leader])
    first: NDArray[np.int64] = np.where(differs.any(axis=1), differs.argmax(axis=1), NEVER)
    return first


def _joined(parts: list[Any], side: int, name: str) -> NDArray[Any]:
    return np.concatenate([part[side][name] for part in parts])


def _sum_up(
    base: World, alt: World, parts: list[Any], parting: NDArray[np.int64], pairs: int
) -> Twins:
    rows = []
    for name in parts[0][0]:
        if name in ("ruler", "took_place"):
            continue
        one, two = _joined(parts, 0, name), _joined(parts, 1, name)
        effect, low, high = paired(two - one)
        rows.append(
            {"outcome": name, "base": float(one.mean()), "alt": float(two.mean()),
             "effect": effect, "low": low, "high": high}
        )  # fmt: skip
    one, two = _joined(parts, 0, "established"), _joined(parts, 1, "established")
    effect, low, high = paired(two - one)
    together = float(np.var(two - one))
    apart = float(np.var(one) + np.var(two))
    return Twins(
        base=base.scenario.name, alt=alt.scenario.name, pairs=pairs, effect=effect, low=low,
        high=high,
        flipped=float((_joined(parts, 0, "ruler") != _joined(parts, 1, "ruler")).mean()),
        saving=apart / together if together > 0 else float("inf") if apart > 0 else 1.0,
        table=pd.DataFrame(rows), parting=parting, start=base.start,
        applied=float(_joined(parts, 1, "took_place").mean()),
    )  # fmt: skip
