"""Live odds: futures forked from a month of one history, with fresh luck after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from politburo_sim.lab import runs as lab_runs
from politburo_sim.lab.ahead.turning import Found, TurningPoint, turning_points
from politburo_sim.lab.provenance import plain_world
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.months import month_key
from politburo_sim.outcomes import NEWCOMER, ruler_names
from politburo_sim.record.record import Record
from politburo_sim.run.engine import Outcomes
from politburo_sim.run.model import Politburo
from politburo_sim.state import draws
from politburo_sim.state.body import FULL, Body, copy_record
from politburo_sim.state.parameters import PLACE
from politburo_sim.worlds.scenario import parameter_values
from politburo_sim.worlds.world import World

NOBODY_RULES = "nobody"


def odds(model: Politburo, futures: int = 1_000, workers: int | None = None) -> pd.Series:
    """Each member's chance of established sole rule, from the model's present state.

    Returns
    -------
    Chances by member, "a newcomer" and "nobody"; they sum to one.
    """
    return chances(model.world, _fork(model, futures, workers))


def chances(world: World, out: Outcomes) -> pd.Series:
    """Share of the runs in which each is the established sole ruler."""
    found = pd.Series([name or NOBODY_RULES for name in ruler_names(world, out)])
    share: pd.Series = found.value_counts().reindex(ends_of(world), fill_value=0) / len(found)
    return share


def ends_of(world: World) -> list[str]:
    """Who may rule alone in the end: each member, a newcomer, nobody."""
    return [*world.names[: world.members], NEWCOMER, NOBODY_RULES]


def _fork(model: Politburo, futures: int, workers: int | None) -> Outcomes:
    seeds = future_seeds(model.seed, model.month, futures)
    state = model.body if model.month else None
    return lab_runs.run_many(model.world, seeds, first=model.month, state=state, workers=workers)


def future_seeds(seed: int, month: int, futures: int) -> np.ndarray:
    """Fresh luck for the futures of one month of one history."""
    key = int(draws.mix(draws.mix(seed, 0xF0F0), month)) >> 1
    return lab_runs.replicate_seeds(key, futures, stream=1)


NOTHING = Found()


@dataclass(frozen=True, eq=False)
class Odds:
    """Each member's chance of established sole rule, seen from the months of one history.

    frame : chances by month ("1922-04") and name; each row sums to one.
    seats : chances to be a full member at the end.
    futures : futures forked at each month.
    record : the history, run to its end.
    states : the body before each month of it.
    turning : where the chances jump (`turning`); nothing where one month alone was asked for.
    """

    frame: pd.DataFrame
    seats: pd.DataFrame
    futures: int
    record: Record
    states: tuple[Body, ...]
    turning: Found = NOTHING

    @property
    def turning_points(self) -> tuple[TurningPoint, ...]:
        """The largest jumps, in order of time, with what made them."""
        return self.turning.points

    def as_data(self) -> dict[str, Any]:
        """Return the odds and the turning points as plain data."""
        return {
            "scenario": self.record.world.scenario.name, "seed": self.record.seed,
            "futures": self.futures,
            "odds": {key: row[row > 0].to_dict() for key, row in self.frame.iterrows()},
            "turning_points": [point.as_data() for point in self.turning_points],
            "jumps_looked_at": self.turning.looked_at,
            "jumps_that_may_be_chance": self.turning.noise,
        }  # fmt: skip


def said_of(world: World, seed: int, futures: int, at: str | None) -> dict[str, Any]:
    """What a manifest holds of the odds of one history; it alone fixes them."""
    plain = plain_world(world.scenario, settings_of(world))
    return {"kind": "odds", **plain, "seed": seed, "futures": futures, "at": at}


def settings_of(world: World) -> dict[str, float]:
    """What is set in a built world aside from its file."""
    coded = zip(PLACE, world.body.par.tolist(), parameter_values(world.scenario.rules), strict=True)
    return {name: value for name, value, of_file in coded if value != of_file}


def odds_now(model: Politburo, futures: int = 1_000, workers: int | None = None) -> Odds:
    """Odds from the present state of a running model: one month, without turning points."""
    world = model.world
    out = _fork(model, futures, workers)
    months = pd.Index([month_key(world.start, model.month)], name="month")
    members = world.names[: world.members]
    stay = (out.status[:, : world.members] == FULL).mean(axis=0)
    seats = pd.DataFrame([stay], index=months, columns=list(members))
    return Odds(pd.DataFrame([chances(world, out)], index=months), seats, futures, model.record, ())


def odds_of(
    world: World,
    seed: int = 0,
    futures: int = 1_000,
    *,
    at: int | None = None,
    workers: int | None = None,
    tell: Tell = silent,
) -> Odds:
    """Odds at every month of one history with its turning points, or at one month alone.

    Parameters
    ----------
    at : the only month to look at, or None for all.
    tell : told of each month, and of each that is looked at again (`LOOKED_AT` at most).
    """
    model = Politburo(world, seed)
    rule, stay, index, states = [], [], [], []
    for month in range(world.months):
        states.append(copy_record(model.body))
        if at is None or at == month:
            out = _fork(model, futures, workers)
            rule.append(chances(world, out))
            stay.append((out.status[:, : world.members] == FULL).mean(axis=0))
            index.append(month_key(world.start, month))
        model.step()
        tell(1)
    months = pd.Index(index, name="month")
    frame = pd.DataFrame(rule, index=months)
    seats = pd.DataFrame(stay, index=months, columns=list(world.names[: world.members]))
    found = NOTHING
    if at is None:
        found = turning_points(
            model.record, states, frame, futures, workers=workers, tell=tell
        )  # fmt: skip
    return Odds(frame, seats, futures, model.record, tuple(states), found)
