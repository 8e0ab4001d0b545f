"""PowerGameVsRulingCoalition: the model's own recursion against the oracle, on both drivers."""

import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from politburo_sim.lab import verify
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import FULL
from politburo_sim.theory import myopic_ends, ruling_coalition
from politburo_sim.theory.exact import powers_as_integers

CASES = tomllib.loads(
    (Path(__file__).parent / "data" / "ruling_coalitions.toml").read_text()
)["case"]  # fmt: skip


def by_mesa(world: Any, seed: int) -> list[int]:
    arrays = Politburo(world, seed).run().arrays
    return sorted(int(world.names[k][1:]) for k in range(world.members) if arrays.status[k] == FULL)


@pytest.mark.parametrize("play", [verify.survivors, by_mesa], ids=["engine", "mesa"])
@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{'-'.join(c['powers'])} at {c['alpha']}")
def test_far_sighted_members_stop_at_the_ruling_coalition(case: dict[str, Any], play: Any) -> None:
    powers, alpha = powers_as_integers(case["powers"], 16), Fraction(case["alpha"])
    left = play(verify.power_world(powers, alpha, 1.0), 11)
    assert left in ruling_coalition(case["powers"], case["alpha"])


def bodies(number: int, stream: int) -> list[tuple[list[int], Fraction]]:
    rng = np.random.default_rng(stream)
    return [(verify.random_powers(rng), verify.ALPHAS[i % 3]) for i in range(number)]


def test_500_random_bodies_on_the_engine() -> None:
    for seed, (powers, alpha) in enumerate(bodies(500, 1)):
        left = verify.survivors(verify.power_world(powers, alpha, 1.0), seed)
        assert left in ruling_coalition(powers, alpha), f"{powers} at {alpha}, seed {seed}"


@pytest.mark.parametrize("number", [40, pytest.param(500, marks=pytest.mark.long)])
def test_random_bodies_on_mesa(number: int) -> None:
    for seed, (powers, alpha) in enumerate(bodies(number, 1)):
        left = by_mesa(verify.power_world(powers, alpha, 1.0), seed)
        assert left in ruling_coalition(powers, alpha), f"{powers} at {alpha}, seed {seed}"


def test_without_foresight_the_myopic_path() -> None:
    for seed, (powers, _) in enumerate(bodies(200, 2)):
        left = verify.survivors(verify.power_world(powers, Fraction(1, 2), 0.0), seed)
        assert left in myopic_ends(powers), f"{powers}, seed {seed}"


def test_all_checks_pass_in_short_form() -> None:
    failed = [check for check in verify.run_all(quick=True) if not check.passed]
    assert not failed
