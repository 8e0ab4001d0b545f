"""Histories conditioned on a record: its log-likelihood, and how they go on from where it ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from politburo_sim.lab.runs import workers_or_default
from politburo_sim.run.engine import Outcomes, make_outcomes
from politburo_sim.run.recorded import run_recorded
from politburo_sim.state.body import NOBODY, as_block, new_record, room
from politburo_sim.state.journal import make_journal
from politburo_sim.state.minutes import PARTS, SPOKEN_OF, UNHEARD, UNSAID, Minutes
from politburo_sim.state.work import make_work
from politburo_sim.worlds.world import World

Values = NDArray[np.float64]
Seeds = NDArray[np.int64]
_ROWS, _SEATS = 64, 32
#: Most histories in a chunk; results never depend on it.
CHUNK = 32


def make_minutes(world: World, arrays: Any) -> Minutes:
    """A record (`evidence.arrays.RecordArrays`) as the rules read it."""
    asks, seats, moved = arrays.asks, arrays.seats, arrays.exceptions
    slots = len(asks["position"][0]) if len(asks) else 0
    seated = [
        (row["month"], who)
        for row in seats
        for who in [*(k for k in row["slots"] if k != NOBODY), *[NOBODY] * int(row["others"])]
    ]
    sizes = {
        "T": len(world.agenda.due), "A": room(len(asks), _ROWS), "N": len(world.body.ident),
        "S": room(max(len(seated), len(moved)), _SEATS),
    }  # fmt: skip
    minutes = cast(Any, new_record(Minutes, sizes)[1])
    months = np.arange(world.months + 1)
    minutes.covered[arrays.first : arrays.last + 1] = UNHEARD
    minutes.covered[: world.months][arrays.silent == 1] = SPOKEN_OF
    minutes.covered[asks["month"]] = SPOKEN_OF
    minutes.due[: world.months + 1] = np.searchsorted(asks["month"], months)
    n = len(asks)
    for name in ("ask", "weight", "kind", "mover", "target", "question", "carried", "rung",
                 "judged"):  # fmt: skip
        getattr(minutes, name)[:n] = asks[name]
    for name, column in (("said", "position"), ("judge_said", "judge"), ("struck", "named")):
        table = getattr(minutes, name)
        table[:] = 0 if name == "struck" else UNSAID
        if n:
            table[:n, :slots] = asks[column]
    minutes.seats_due[: world.months + 1] = np.searchsorted([m for m, _ in seated], months)
    minutes.seated[: len(seated)] = [who for _, who in seated]
    minutes.moved_due[: world.months + 1] = np.searchsorted(moved["month"], months)
    minutes.moved[: len(moved)] = moved["who"]
    minutes.moved_to[: len(moved)] = moved["to"]
    return cast(Minutes, minutes)


@dataclass(frozen=True)
class Conditioned:
    """A world with its record.

    end : the month after the last of the record. error, seat_error : chances that an entry is
    wrong, the middles of the record's ranges. recorded : low and high of the chance that a roll
    call is in it. blocks : months after an ask or a seat, where more of the record is behind.
    """

    world: World
    minutes: Minutes
    end: int
    error: float
    seat_error: float
    recorded: tuple[float, float]
    blocks: list[int]
    workers: int | None = None

    @classmethod
    def of(cls, world: World, arrays: Any, workers: int | None = None) -> Conditioned:
        """A world with its record as arrays."""
        told = {int(m) for m in arrays.asks["month"]} | {int(m) for m in arrays.seats["month"]}
        ends = sorted({m + 1 for m in told} | {int(arrays.last) + 1})
        return cls(
            world, make_minutes(world, arrays), int(arrays.last) + 1,
            float(np.mean(arrays.error)), float(np.mean(arrays.seat_error)), arrays.recorded, ends,
            workers,
        )  # fmt: skip

    def states(self, number: int) -> Any:
        """Room for so many states of a run."""
        return np.zeros(number, as_block(self.world.body).dtype)

    def run(
        self, points: Values, recording: Values, seeds: Seeds, until: int, last: int | None = None,
        *, first: int = 0, states: Any = None, mark: int = NOBODY, marked: Any = None,
        origins: Seeds | None = None, behind: int = 0, power: float = 1.0,
        least: Values | None = None,
    ) -> tuple[Values, Outcomes]:  # fmt: skip
        """Impose the record before month `until`, and live freely to `last` (default: stop there).

        Parameters
        ----------
        points : [R, P] parameters. recording : [R] chance that a roll call is in the record.
        seeds : [R, 1 + months] the founding's, then each month's; or [R, 1 + months, 1 + parts],
        with twists of parts of its draws (`rules.luck`), nought where there is none.
        origins : [R, parts] the same of the founding.
        first, states : go on from the states [R] before month `first` instead of a founding.
        mark, marked : write the states [R] before month `mark` into `marked`.
        behind, power, least : give up a history whose log-likelihood to month `behind`, and `power`
        times the rest, fall short of least [R]; from there on it is -inf.

        Returns
        -------
        like : [R, until, PARTS] log-likelihood to each month's end, by kind (`state.minutes`).
        out : outcomes of the histories.
        """
        runs, slots = len(points), len(self.world.body.ident)
        end = until if last is None else last
        like = np.zeros((runs, until, PARTS))
        out = make_outcomes(runs, slots, 0, rungs=len(self.world.rungs))
        world = self.world
        none = self.states(0)
        luck = seeds if seeds.ndim == 3 else seeds[:, :, None]
        start = np.zeros((runs, 0), np.int64) if origins is None else origins
        floor = np.full(runs, -np.inf) if least is None else least

        def chunk(first_run: int) -> None:
            run_recorded(
                as_block(world.body), make_work(world.body), make_journal(0, 0, slots),
                world.calendar, world.agenda, self.minutes, as_block(world.body), world.coding,
                first, until, end, luck, start, points, recording, self.error, self.seat_error,
                none if states is None else states, mark, none if marked is None else marked,
                behind, power, floor, like, out, first_run, min(runs, first_run + CHUNK),
            )  # fmt: skip

        with ThreadPoolExecutor(workers_or_default(self.workers)) as pool:
            list(pool.map(chunk, range(0, runs, CHUNK)))
        return like, out
