"""The futures of one month of one history: who comes to rule alone in each.

The first so many are the same, however many are asked for later; none is run twice.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from politburo_sim.lab.ahead.odds import NOBODY_RULES, ends_of, future_seeds
from politburo_sim.lab.runs import NO_LOTS, Tell, run_many, silent
from politburo_sim.outcomes import ruler_names
from politburo_sim.run import engine
from politburo_sim.state.body import Body, as_block
from politburo_sim.state.journal import make_journal
from politburo_sim.state.work import make_work
from politburo_sim.worlds.world import World


def state_at(world: World, seed: int, month: int) -> Body:
    """Return the body of a history after so many months, lived on the compiled engine."""
    slots = world.body.ident.shape[0]
    bodies, initial = as_block(world.body), as_block(world.body)
    engine.run_chunk(
        bodies, make_work(world.body), make_journal(0, 0, slots), world.calendar, world.agenda,
        initial, world.coding, 0, month, np.array([seed]), np.array([world.body.par]),
        np.zeros(1, np.int64), NO_LOTS,
        engine.make_outcomes(1, slots, 0, rungs=len(world.rungs)), 0, 1,
    )  # fmt: skip
    body: Body = bodies[0]
    return body


class Turns:
    """One at a time: those who ask for fewer first, and then in the order in which they came."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: set[tuple[int, int]] = set()
        self._came = count()
        self._busy = False

    @contextmanager
    def turn(self, number: int) -> Iterator[None]:
        """Wait for one's turn, and have it."""
        with self._changed:
            mine = number, next(self._came)
            self._waiting.add(mine)
            self._changed.wait_for(lambda: not self._busy and mine == min(self._waiting))
            self._waiting.remove(mine)
            self._busy = True
        try:
            yield
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()


#: Some are run at a time: they take all cores by themselves.
_turns = Turns()


class LeftBehind(Exception):
    """Nobody waits for these futures any more."""


def always() -> bool:
    """Whether somebody still waits: always."""
    return True


@dataclass(eq=False)
class Futures:
    """Those of a history after so many months; each has fresh luck (`odds.future_seeds`)."""

    world: World
    seed: int
    month: int
    _rulers: list[str] = field(default_factory=list)

    def state(self) -> Body:
        """Return the body in which they begin."""
        return state_at(self.world, self.seed, self.month)

    def rulers(
        self, number: int, workers: int | None = None, tell: Tell = silent,
        wanted: Callable[[], bool] = always,
    ) -> list[str]:  # fmt: skip
        """Return who rules alone at the end of the first so many, "" where nobody does.

        Raises
        ------
        LeftBehind
            If they are not wanted any more when it is their turn.
        """
        with _turns.turn(number):
            if not wanted():
                raise LeftBehind
            seeds = future_seeds(self.seed, self.month, number)[len(self._rulers) :]
            if len(seeds):
                out = run_many(
                    self.world, seeds, first=self.month, state=self.state() if self.month else None,
                    workers=workers, tell=tell,
                )  # fmt: skip
                self._rulers += ruler_names(self.world, out)
            return self._rulers[:number]

    def chances(self, number: int, wanted: Callable[[], bool] = always) -> dict[str, float]:
        """Return everybody's chance of sole rule over the first so many, as `odds` does."""
        found = Counter(name or NOBODY_RULES for name in self.rulers(number, wanted=wanted))
        return {name: found[name] / number for name in ends_of(self.world)}
