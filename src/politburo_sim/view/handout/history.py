"""One history as it is handed out: every month of it, and the odds in each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from politburo_sim.lab.ahead.odds import NOBODY_RULES, ends_of, odds
from politburo_sim.lab.ahead.turning import TurningPoint, turning_points
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.months import month_key
from politburo_sim.outcomes import NEWCOMER
from politburo_sim.record.record import Record
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import copy_record
from politburo_sim.view.drawing import NOBODY_COLOUR
from politburo_sim.view.forecast import Chances, settled
from politburo_sim.view.scene import Scene, Watch
from politburo_sim.view.twin import differ
from politburo_sim.worlds.world import World

#: Futures forked from each month, unless more are asked for.
FUTURES = 200


@dataclass(frozen=True, eq=False)
class History:
    """A history lived to its end.

    Parameters
    ----------
    scenes
        [T + 1]: before anything has happened, then at the end of each month.
    odds
        [T + 1]: chances of sole rule from there, by name; the last are what has come about.
    futures
        Futures behind each of the odds.
    turning
        The months in which the odds leapt, and what made them: tested by forks.
    """

    world: World
    seed: int
    record: Record
    scenes: tuple[Scene, ...]
    odds: tuple[Chances, ...]
    futures: int
    turning: tuple[TurningPoint, ...] = ()

    @property
    def months(self) -> int:
        """Months lived."""
        return len(self.scenes) - 1

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The dates of the scenes: "The start", then each month."""
        return ("The start", *(self.record.heading(month) for month in range(self.months)))

    @cached_property
    def told(self) -> dict[str, list[str]]:
        """The chronicle by month."""
        return dict(self.record.chronicle)

    @property
    def colours(self) -> dict[str, str]:
        """Everybody's colour by name, as the odds name them."""
        names = self.world.names[: self.world.members]
        colours = dict(zip(names, self.scenes[-1].colours, strict=False))
        return {**colours, NOBODY_RULES: NOBODY_COLOUR}

    def odds_scene(self) -> Scene:
        """Return the last scene with the chances to rule alone in the place of the shares.

        All newcomers' chances stand in the first newcomer's place; nobody's in none.
        """
        world = self.world
        flow = np.zeros((self.months, len(world.names)))
        for month, chances in enumerate(self.odds[1:]):
            flow[month, : world.members] = [chances[n] for n in world.names[: world.members]]
            flow[month, world.members] = chances[NEWCOMER]
        return replace(self.scenes[-1], shares=list(flow), adopted=(), stands=())


def live(
    world: World,
    seed: int,
    *,
    futures: int = FUTURES,
    workers: int | None = None,
    tell: Tell = silent,
) -> History:
    """Live a history to its end, and look at it and at its odds in every month.

    `tell` hears of each month, and of each that is looked at again (`lab.ahead.turning`).
    """
    model = Politburo(world, seed)
    watch = Watch(model)
    scenes, chances = [watch.scene()], [_odds(model, futures, workers)]
    states = []
    while model.running:
        states.append(copy_record(model.body))
        model.step()
        scenes.append(watch.scene())
        chances.append(_odds(model, futures, workers))
        tell(1)
    record = model.record
    dates = [month_key(world.start, month) for month in range(world.months)]
    found = turning_points(
        record, states, pd.DataFrame(chances[:-1], index=dates), futures, workers=workers, tell=tell
    )
    history = History(
        world, model.seed, record, tuple(scenes), tuple(chances), futures, found.points
    )
    dated = [replace(one, date=date) for one, date in zip(scenes, history.labels, strict=True)]
    return replace(history, scenes=tuple(dated))


def _odds(model: Politburo, futures: int, workers: int | None) -> Chances:
    names = ends_of(model.world)
    if model.running:
        found = odds(model, futures, workers)
        return {name: float(found[name]) for name in names}
    return {**dict.fromkeys(names, 0.0), **settled(model)}


def parting(one: History, two: History) -> int | None:
    """Return the first month in which the largest share, or who holds it, differs in two."""
    names = one.world.names, two.world.names
    shares = zip(one.scenes[-1].shares, two.scenes[-1].shares, strict=True)
    for month, (first, second) in enumerate(shares):
        if differ(first, second, names):
            return month
    return None
