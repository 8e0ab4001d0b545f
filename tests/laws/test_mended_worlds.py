"""The shipped worlds and their record once said what the tables do not: they say it no more."""

from typing import Any

import numpy as np
import pytest
from support import DISMISSED

from politburo_sim import history
from politburo_sim.evidence.arrays import record_arrays
from politburo_sim.evidence.record import load_record
from politburo_sim.lab import plan
from politburo_sim.lab.variants import variant
from politburo_sim.months import month_index, month_key
from politburo_sim.rules.appointments import total_rate
from politburo_sim.rules.perception import in_body
from politburo_sim.run import engine
from politburo_sim.run.model import Politburo
from politburo_sim.state import journal as j
from politburo_sim.state.body import FULL, MONTH, as_block
from politburo_sim.state.journal import make_journal
from politburo_sim.state.work import make_work
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import World, build_world


def after(world: World, last: str, seed: int) -> Any:
    """The body of one history at the end of a month."""
    slots = world.body.ident.shape[0]
    bodies, months = as_block(world.body), month_index(world.start, last) + 1
    engine.run_chunk(
        bodies, make_work(world.body), make_journal(0, 0, slots), world.calendar, world.agenda,
        as_block(world.body), world.coding, 0, months, np.array([seed]),
        np.array([world.body.par]), np.zeros(1, np.int64), np.zeros((0, 0), np.int8),
        engine.make_outcomes(1, slots, 0, rungs=len(world.rungs)), 0, 1,
    )  # fmt: skip
    return bodies[0]


def test_no_month_of_a_question_that_divided_men_of_the_world_is_silent() -> None:
    """What the file calls unheard are those months that have no ask, and that of the letter."""
    world = build_world(load_scenario("ussr-1922"))
    record = load_record(world)
    arrays = record_arrays(world, record)
    men = {member.name for member in load_scenario("ussr-1922").members}
    divided = {
        f"{row.date:%Y-%m}" for row in history.questions().itertuples()
        if men.intersection(row.for0) and men.intersection(row.for1)
    }  # fmt: skip
    asked = {ask.month for ask in record.asks}
    within = {month for month in divided if record.first <= month <= record.last}
    assert set(record.unheard) == within - asked | {"1924-05"}
    silent = {month_key(world.start, int(month)) for month in np.flatnonzero(arrays.silent)}
    assert silent and not silent & (within | asked)


def test_after_a_death_the_federal_council_has_seven_again() -> None:
    world = build_world(load_scenario("federal-council-1960"))
    for seed in range(12):
        assert (after(world, "1977-08", seed)["status"] == FULL).sum() == 7, seed


def test_the_posts_of_lenin_are_held_by_those_who_had_them() -> None:
    """At the end of the month in which he dies, in every history in which they are there, save who
    has been dismissed at the plenum of that very month.
    """
    world = build_world(load_scenario("ussr-1922"))
    held = {"Rykov": "Sovnarkom", "Kamenev": "Council of Labour and Defence"}
    seen = dict.fromkeys(held, 0)
    for seed in range(40):
        body = after(world, "1924-01", seed)
        for name, office in held.items():
            who = world.names.index(name)
            if in_body(body, who) and body["since"][who, DISMISSED] != body["clock"][MONTH]:
                seen[name] += 1
                assert body["office_holder"][world.offices.index(office)] == who, (seed, name)
    assert min(seen.values()) > 0


def test_a_post_without_appointments_leaves_the_whole_as_it_was() -> None:
    """Its rate goes to nobody; where there is no such post the others have it."""
    made: Any = plan.load("e3-knock-outs")
    posts = load_scenario("ussr-1922").offices
    rates = {office.name: office.appointments.value for office in posts}
    whole, post = sum(rates.values()), rates["General Secretary"]
    for name, total, there in (
        ("as calibrated", whole, True),
        ("the post without appointments", whole, False),
        ("no General Secretaryship", whole - post, False),
    ):
        cell = made.cells[name]
        changes = cell.model_dump(include={"without", "shift"})
        world = build_world(variant(cell.scenario or made.scenario, **changes), cell.settings)
        body = after(world, "1922-04", 3)
        assert total_rate(body) == pytest.approx(total), name
        open_ = body["office_rate"][body["office_open"] == 1]
        assert (post in open_) == there, name


def test_a_post_goes_straight_to_him_to_whom_the_calendar_gives_it() -> None:
    """Nobody holds the dead man's post for the moment between his death and his successor."""
    for seed in range(20):
        record = Politburo("ussr-1922", seed).run().record
        lenin = record.world.names.index("Lenin")
        took = [row for row in record.rows if row.kind == j.POST and row.whom == lenin]
        named = {record.names[row.who] for row in took if row.month == 21}
        assert named <= {"Rykov", "Kamenev"} and len(took) <= 2
