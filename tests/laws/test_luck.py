"""Luck belongs to decisions: no draw is used twice, and twins share theirs."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from support import assert_same, by_engine

from politburo_sim.state import draws
from politburo_sim.state.journal import EVENT
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

#: Runs the rules as plain Python, so that every draw can be seen, and prints what each hangs on.
SPY = """
import warnings
import numpy as np
warnings.simplefilter("ignore")
from politburo_sim.state import draws
from politburo_sim.state.journal import EVENT
seen = []
def words(function, keep=False):
    def spied(*keys):
        if keep:
            seen.append(tuple(int(key) for key in keys))
        return function(*(np.uint64(int(key) & (2**64 - 1)) for key in keys))
    return spied
draws.mix, draws.begin = words(draws.mix), words(draws.begin)
draws.chance, draws.draw = words(draws.chance, True), words(draws.draw, True)
from support import plain_run
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world
settings = {"foresight": 0.2, "coder_uncertainty": 1, "organising": 0.5, "attachment": 0.1,
            "slates": 1, "second_house": 1, "recanting": 1, "plenum_months": 1, "severity": 0,
            "idleness": 0.5, "rule_of_one": 1, "reconsidering": 1, "term": 0, "stickiness": 0,
            "rung_months": 0, "appointments": 0.2, "floor": 1, "demotion": 1}
for name, more in (("ussr-1922-all-questions", {}), ("left-bloc-1923", {}),
                   ("presidium-1957", {}), ("ussr-1922", {"blocs": 0})):
    plain_run(build_world(load_scenario(name), settings | more), 15, 60)
    for key in seen:
        print(*key)
    seen.clear()
    print()
"""


#: An order of proposers is looked up many times; who looks ahead does so in both houses.
READ_AGAIN = (draws.ORDER, draws.SIGHT)


def keys_of_runs() -> list[list[tuple[int, ...]]]:
    done = subprocess.run(
        [sys.executable, "-c", SPY], capture_output=True, text=True, check=False,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(
            [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
        ).rstrip(os.pathsep)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return [
        [tuple(int(part) for part in line.split()) for line in run.splitlines()]
        for run in done.stdout.split("\n\n")[:-1]
    ]


def decision(key: tuple[int, ...]) -> int:
    """`chance` takes (key, decision, who, whom), `draw` (seed, month, decision, who, whom)."""
    return key[1] if len(key) == 4 else key[2]


def test_no_draw_is_used_twice() -> None:
    met: set[int] = set()
    for keys in keys_of_runs():
        assert len(keys) > 2000
        used = Counter(key for key in keys if decision(key) not in READ_AGAIN)
        assert {decision(key) for key, times in used.items() if times > 1} == set()
        met |= {decision(key) for key in keys}
    rest = {
        name for name, code in vars(draws).items()
        if name.isupper() and isinstance(code, int) and code not in met
    }  # fmt: skip
    assert rest <= {"LOT", "NEWCOMER", "READING"}


@pytest.mark.parametrize("seed", [0, 7, 2**63 - 1])
def test_a_twin_with_the_same_world_is_the_same(seed: int) -> None:
    one = build_world(load_scenario("ussr-1922"), {"coder_uncertainty": 1})
    two = build_world(load_scenario("ussr-1922"), {"coder_uncertainty": 1})
    assert_same(by_engine(one, seed), by_engine(two, seed), "twins")


@pytest.mark.parametrize("seed", range(8))
def test_a_twin_is_the_same_until_the_difference(seed: int) -> None:
    one = by_engine(build_world(load_scenario("ussr-1922")), seed)
    two = by_engine(build_world(load_scenario("trotsky-speaks-1923")), seed)
    before = [run.entries[run.entries.month < 12].copy() for run in (one, two)]
    for entries in before:
        entries.what[entries.kind == EVENT] = 0  # the two calendars number their rows apart
    assert np.array_equal(before[0], before[1])
    assert len(before[0]) > 5


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
            {"organising": 0, "policies": 0, "rule_of_one": 0, "resistance": 0},
        )
        body = by_engine(world, 3).body
        bases.append(float(body["bases"][world.names.index("Stalin")]))
    assert bases == sorted(bases) and bases[-1] > bases[0]
