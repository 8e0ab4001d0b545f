"""Twin worlds: the same luck, one difference.

Both worlds draw by the same keys, so a pair parts only by what the difference does. The
effect is a mean of paired differences; `saving` is how many times more unpaired runs the
same interval would need.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.files.errors import InputError
from politburo_sim.lab import runs as lab_runs
from politburo_sim.lab.intervals import paired
from politburo_sim.run.engine import Outcomes
from politburo_sim.state.body import UNMET
from politburo_sim.worlds.world import World

BATCH = 2_000
MOST_PAIRS = 1_000_000
NEVER = -1


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
    on_progress: Callable[[int], None] | None = None,
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
    parts: list[tuple[dict[str, NDArray[np.float64]], ...]] = []
    partings: list[NDArray[np.int64]] = []
    done = 0
    while done < most:
        batch = seeds[done : done + BATCH]
        one = lab_runs.run_many(base, batch, series=True, workers=workers)
        two = lab_runs.run_many(alt, batch, series=True, workers=workers)
        names = shared_names(base, alt)
        parts.append((outcomes(base, one, names), outcomes(alt, two, names)))
        partings.append(months_of_parting(base, one, alt, two))
        done += len(batch)
        if on_progress is not None:
            on_progress(len(batch))
        if precision is not None and done >= BATCH:
            _, low, high = paired(_joined(parts, 1, "anybody") - _joined(parts, 0, "anybody"))
            if (high - low) / 2 <= precision:
                break
    return _sum_up(base, alt, parts, np.concatenate(partings), done)


def shared_names(base: World, alt: World) -> list[str]:
    """Members of both worlds, in the order of the base."""
    others = set(alt.names[: alt.members])
    return [name for name in base.names[: base.members] if name in others]


def outcomes(world: World, out: Outcomes, names: list[str]) -> dict[str, NDArray[np.float64]]:
    """The compared outcomes of each run."""
    found: dict[str, NDArray[np.float64]] = {
        "anybody": (out.ruler >= 0).astype(float),
        "leader's share": out.share.max(axis=1),
        "members removed": lab_runs.removed_by(world, out, world.months).astype(float),
        "applied": (out.count[:, UNMET] == 0).astype(float),
        "ruler": np.array(
            [hash_name(name) for name in lab_runs.ruler_names(world, out)], dtype=float
        ),
    }
    for name in names:
        found[f"sole rule of {name}"] = (out.ruler == world.names.index(name)).astype(float)
    return found


def hash_name(name: str) -> int:
    """A small number for a name, the same on every day."""
    from politburo_sim.worlds.world import identity

    return 0 if name == "" else 1 + identity(name) % 1_000_003


def months_of_parting(base: World, one: Outcomes, alt: World, two: Outcomes) -> NDArray[np.int64]:
    """First month in which the largest share, or who holds it, differs; NEVER if none."""
    whose = np.array([hash_name(name) for name in (*base.names, "")])
    others = np.array([hash_name(name) for name in (*alt.names, "")])
    differs = (one.lead != two.lead) | (whose[one.leader] != others[two.leader])
    first: NDArray[np.int64] = np.where(differs.any(axis=1), differs.argmax(axis=1), NEVER)
    return first


def _joined(parts: list[Any], side: int, name: str) -> NDArray[np.float64]:
    return np.concatenate([part[side][name] for part in parts])


def _sum_up(
    base: World, alt: World, parts: list[Any], parting: NDArray[np.int64], pairs: int
) -> Twins:
    rows = []
    for name in parts[0][0]:
        if name in ("ruler", "applied"):
            continue
        one, two = _joined(parts, 0, name), _joined(parts, 1, name)
        effect, low, high = paired(two - one)
        rows.append(
            {"outcome": name, "base": float(one.mean()), "alt": float(two.mean()),
             "effect": effect, "low": low, "high": high}
        )  # fmt: skip
    one, two = _joined(parts, 0, "anybody"), _joined(parts, 1, "anybody")
    effect, low, high = paired(two - one)
    together = float(np.var(two - one))
    apart = float(np.var(one) + np.var(two))
    return Twins(
        base=base.scenario.name, alt=alt.scenario.name, pairs=pairs, effect=effect, low=low,
        high=high,
        flipped=float((_joined(parts, 0, "ruler") != _joined(parts, 1, "ruler")).mean()),
        saving=apart / together if together > 0 else float("inf") if apart > 0 else 1.0,
        table=pd.DataFrame(rows), parting=parting, start=base.start,
        applied=float(_joined(parts, 1, "applied").mean()),
    )  # fmt: skip
