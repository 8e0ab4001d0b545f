"""Luck belongs to decisions: no draw is used twice, and twins share theirs."""

import os
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from support import assert_same, by_engine

from politburo_sim.state import draws
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

#: Runs the rules as plain Python, so that every draw can be seen, and prints the keys in use.
SPY = """
import warnings
import numpy as np
warnings.simplefilter("ignore")
from politburo_sim.state import draws
seen = []
plain, mixed = draws.draw, draws.mix
def word(key):
    return np.uint64(int(key) & (2**64 - 1))
def spied(*key):
    seen.append(tuple(int(k) for k in key))
    return plain(*map(word, key))
draws.mix = lambda state, key: mixed(word(state), word(key))
draws.draw = spied
from politburo_sim.run import engine
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world
from politburo_sim.state.body import as_block
from politburo_sim.state.journal import make_journal
from politburo_sim.state.work import make_work
import numpy as np
world = build_world(load_scenario("ussr-1922"), {"foresight": 0.2, "coder_uncertainty": 1})
slots = world.body.ident.shape[0]
bodies = as_block(world.body).view(np.recarray)
initial = as_block(world.body).view(np.recarray)
engine.run_chunk(
    bodies, make_work(world.body), make_journal(4000, 400, slots), world.calendar, initial,
    world.coding, 0, 36, np.array([7]), np.array([world.body.par]), np.zeros(1, np.int64),
    np.zeros((0, 0), np.int8), engine.make_outcomes(1, slots, 0), 0, 1,
)
for key in seen:
    print(*key)
"""


def keys_of_a_run() -> list[tuple[int, ...]]:
    done = subprocess.run(
        [sys.executable, "-c", SPY], capture_output=True, text=True, check=False,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return [tuple(int(part) for part in line.split()) for line in done.stdout.splitlines()]


def test_no_draw_is_used_twice() -> None:
    keys = keys_of_a_run()
    assert len(keys) > 500
    used = Counter(key for key in keys if key[2] != draws.ORDER)  # one order is read many times
    assert [key for key, times in used.items() if times > 1] == []


@pytest.mark.parametrize("seed", [0, 7, 2**63 - 1])
def test_a_twin_with_the_same_world_is_the_same(seed: int) -> None:
    one = build_world(load_scenario("ussr-1922"), {"coder_uncertainty": 1})
    two = build_world(load_scenario("ussr-1922"), {"coder_uncertainty": 1})
    assert_same(by_engine(one, seed), by_engine(two, seed), "twins")


@pytest.mark.parametrize("seed", range(8))
def test_a_twin_is_the_same_until_the_difference(seed: int) -> None:
    one = by_engine(build_world(load_scenario("ussr-1922")), seed)
    two = by_engine(build_world(load_scenario("trotsky-speaks-1923")), seed)
    before = [run.entries[run.entries[:, 0] < 12] for run in (one, two)]
    # The two calendars number their rows apart; everything else is the same.
    same = [np.delete(entries, 4, axis=1) for entries in before]
    assert np.array_equal(same[0], same[1])


def test_an_office_is_worth_at_least_what_it_appoints() -> None:
    """With a base of its own and no resistance, a higher rate never gives its holder less."""
    scenario = load_scenario("ussr-1922")
    bases = []
    for rate in (0.0, 0.5, 1.0, 2.0, 5.0):
        offices = tuple(
            office.model_copy(
                update={"appointments": office.appointments.model_copy(update={"value": rate})}
            )
            if office.name == "General Secretary" else office
            for office in scenario.offices
        )  # fmt: skip
        world = build_world(
            scenario.model_copy(update={"offices": offices}),
            {"contest_rate": 0, "rule_of_one": 0, "resistance": 0},
        )
        body = by_engine(world, 3).body
        bases.append(float(body["bases"][world.names.index("Stalin")]))
    assert bases == sorted(bases) and bases[-1] > bases[0]
