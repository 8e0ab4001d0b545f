"""Both drivers live the same month: event by event, ballot by ballot, bit for bit."""

import importlib
import pkgutil
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import assert_same, by_engine, by_mesa, random_world

import politburo_sim.rules
from politburo_sim.rules import voting
from politburo_sim.run.engine import run_chunk
from politburo_sim.run.model import Politburo
from politburo_sim.worlds.scenario import load_scenario, scenario_names
from politburo_sim.worlds.world import build_world


@pytest.mark.parametrize("name", scenario_names())
def test_drivers_agree_on_every_shipped_world(name: str) -> None:
    world = build_world(load_scenario(name), {"coder_uncertainty": 1})
    for seed in (0, 7):
        assert_same(by_mesa(world, seed), by_engine(world, seed), f"{name}, seed {seed}")


@settings(max_examples=300)
@given(key=st.integers(0, 10**9), seed=st.integers(0, 2**63 - 1))
def test_drivers_agree_on_generated_worlds(key: int, seed: int) -> None:
    world = random_world(key)
    assert_same(by_mesa(world, seed), by_engine(world, seed), f"world {key}, seed {seed}")


@pytest.mark.long
@settings(max_examples=5000)
@given(key=st.integers(0, 10**12), seed=st.integers(0, 2**63 - 1))
def test_drivers_agree_on_thousands_of_generated_worlds(key: int, seed: int) -> None:
    world = random_world(key, wide=True)
    assert_same(by_mesa(world, seed), by_engine(world, seed), f"world {key}, seed {seed}")


@settings(max_examples=20)
@given(key=st.integers(0, 10**9), month=st.integers(0, 47))
def test_a_run_handed_over_ends_like_one_that_was_not(key: int, month: int) -> None:
    world = random_world(key)
    model = Politburo(world, seed=7)
    for _ in range(month):
        model.step()
    if month == 0:
        return
    handed = by_engine(world, 7, state=model.body, first=month)
    fresh = by_engine(world, 7)
    for field in fresh.body.dtype.names:
        assert np.array_equal(handed.body[field], fresh.body[field]), field


def _kind(type_name: str) -> str:
    """Numbers by their kind; arrays by their element."""
    if "(" in type_name:
        return re.sub(r"^\w*array\((\w+).*", r"array of \1", type_name)
    return type_name


@pytest.mark.skipif(not hasattr(run_chunk, "part"), reason="rules have no parts on this numba")
def test_no_rule_is_compiled_for_two_kinds_of_numbers() -> None:
    """An integer where another caller gives a float would compile, and run, a second rule."""
    by_engine(build_world(load_scenario("ussr-1922")), 1)
    run_chunk.part.compile(run_chunk.signatures[-1])  # what comes from the cache has no parts yet
    assert voting.tally.part.signatures
    twice = {}
    for found in pkgutil.iter_modules(politburo_sim.rules.__path__, "politburo_sim.rules."):
        module = importlib.import_module(found.name)
        for name, rule in vars(module).items():
            if getattr(rule, "__module__", "") != module.__name__ or not hasattr(rule, "part"):
                continue
            kinds = {
                tuple(_kind(str(t)) for t in signature if "Record" not in str(t))
                for signature in rule.part.signatures
            }
            if len(kinds) > 1:
                twice[f"{found.name}.{name}"] = kinds
    assert not twice, twice


def test_no_fast_maths() -> None:
    assert not voting.tally.targetoptions.get("fastmath", False)
