"""Forks of one month: lived again with other luck, or in a world that lacks an event of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from politburo_sim.record.deeds import Deed, Mark, marks_of
from politburo_sim.record.words import read
from politburo_sim.run import engine
from politburo_sim.state.body import Body, as_block, copy_record
from politburo_sim.state.journal import make_journal
from politburo_sim.state.work import make_work
from politburo_sim.worlds.world import World


def redraw(
    world: World, state: Body, month: int, seeds: NDArray[np.int64]
) -> Iterator[tuple[Body, frozenset[Mark]]]:
    """Live one month from a state with each seed's luck: the body after it, and what came about."""
    slots = world.body.ident.shape[0]
    journal = make_journal(4 * slots + 256, 64, slots)
    bodies, work, initial = as_block(world.body), make_work(world.body), as_block(state)
    out, par = engine.make_outcomes(1, slots, 0, rungs=len(world.rungs)), np.array([world.body.par])
    for seed in seeds:
        journal.size[:] = 0
        engine.run_chunk(
            bodies, work, journal, world.calendar, world.agenda, initial, world.coding, month,
            month + 1, np.array([seed]), par, np.zeros(1, np.int64), np.zeros((0, 0), np.int8),
            out, 0, 1,
        )  # fmt: skip
        yield bodies[0], marks_of(read(journal.entries[: journal.size[0]]))


def without(world: World, month: int, deed: Deed) -> World:
    """Return a world that lacks one event or question of a month; all else is as it was."""
    if deed.event < 0:
        agenda, _ = _dropped(world.agenda, month, [deed.question])
        return replace(world, agenda=agenda)
    due = world.calendar.due
    name = world.events[deed.event].id
    rows = [row for row in range(due[month], due[month + 1]) if world.events[row].id == name]
    calendar, order = _dropped(world.calendar, month, rows)
    events = tuple(world.events[row] for row in order[: len(world.events)])
    return replace(world, calendar=calendar, events=events)


def _dropped(table: Any, month: int, rows: Sequence[int]) -> tuple[Any, list[int]]:
    """Return a table of dated rows in which some of a month are never due, and the rows' order.

    They stand behind all others, so that the table keeps its size, to which the engine is compiled.
    """
    made = copy_record(table)
    last = int(table.due.max())
    order = [row for row in range(last) if row not in rows] + list(rows)
    for name in table.dtype.names:
        if name != "due" and not name.startswith("need_"):
            made[name][:last] = table[name][order]
    later = made["due"][month + 1 :]
    later[later > 0] -= len(rows)
    return made, order
