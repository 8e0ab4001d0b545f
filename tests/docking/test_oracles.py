"""The oracles against published cases, and against their own definitions by brute force."""

import itertools
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from politburo_sim.files.errors import InputError
from politburo_sim.theory import (
    banzhaf,
    median,
    myopic_ends,
    myopic_path,
    paradox_frequency,
    ruling_coalition,
    shapley_shubik,
)

DATA = Path(__file__).parent / "data"
CASES = tomllib.loads((DATA / "ruling_coalitions.toml").read_text())["case"]
GAMES = tomllib.loads((DATA / "power_indices.toml").read_text())["game"]
POWERS = st.lists(st.integers(1, 30), min_size=1, max_size=6)
ALPHA = st.sampled_from([Fraction(1, 2), Fraction(3, 5), Fraction(2, 3), Fraction(4, 5)])


def label(case: dict[str, Any]) -> str:
    return f"{'-'.join(case['powers'])} at {case['alpha']}"


@pytest.mark.parametrize("case", CASES, ids=label)
def test_published_ruling_coalitions(case: dict[str, Any]) -> None:
    found = ruling_coalition(case["powers"], case["alpha"])
    named = sorted(sorted(case["powers"][i] for i in part) for part in found)
    assert named == sorted(sorted(part) for part in case["phi"])


@pytest.mark.parametrize("game", GAMES, ids=lambda game: game["name"])
def test_published_power_indices(game: dict[str, Any]) -> None:
    assert [str(x) for x in shapley_shubik(game["weights"], game["quota"])] == game[
        "shapley_shubik"
    ]
    assert [str(x) for x in banzhaf(game["weights"], game["quota"])] == game["banzhaf"]


def test_the_security_council() -> None:
    index = shapley_shubik([7] * 5 + [1] * 10, 39)
    assert set(index[:5]) == {Fraction(421, 2145)} and set(index[5:]) == {Fraction(4, 2145)}


def by_definition(powers: list[int], alpha: Fraction) -> list[list[int]]:
    """phi, literally: the lightest of M(X) and X, over frozensets and fractions."""
    known: dict[frozenset[int], list[frozenset[int]]] = {}

    def weight(body: frozenset[int]) -> Fraction:
        return Fraction(sum(powers[i] for i in body))

    def phi(body: frozenset[int]) -> list[frozenset[int]]:
        if body not in known:
            options = [body]
            for size in range(1, len(body)):
                for part in map(frozenset, itertools.combinations(sorted(body), size)):
                    if weight(part) > alpha * weight(body) and part in phi(part):
                        options.append(part)
            least = min(map(weight, options))
            known[body] = [option for option in options if weight(option) == least]
        return known[body]

    return sorted(sorted(part) for part in phi(frozenset(range(len(powers)))))


@settings(max_examples=60, deadline=None)
@given(powers=POWERS, alpha=ALPHA)
def test_the_ruling_coalition_is_what_it_is_defined_to_be(
    powers: list[int], alpha: Fraction
) -> None:
    assert ruling_coalition(powers, alpha) == by_definition(powers, alpha)


@settings(max_examples=60, deadline=None)
@given(powers=POWERS, alpha=ALPHA, scale=st.fractions(Fraction(1, 9), 9, max_denominator=20))
def test_only_relative_power_counts(powers: list[int], alpha: Fraction, scale: Fraction) -> None:
    scaled = [power * scale for power in powers]
    assert ruling_coalition(scaled, alpha) == ruling_coalition(powers, alpha)


@settings(max_examples=60, deadline=None)
@given(powers=st.lists(st.integers(1, 10**6), min_size=2, max_size=7, unique=True))
def test_generic_bodies_do_not_end_with_two(powers: list[int]) -> None:
    sums = [
        sum(part) for size in range(1, len(powers)) for part in itertools.combinations(powers, size)
    ]
    if len(set(sums)) == len(sums):
        (found,) = ruling_coalition(powers)
        assert len(found) != 2
        assert len(myopic_ends(powers)) == 1 and len(myopic_ends(powers)[0]) == 1


@pytest.mark.parametrize(("number", "left"), [(2, 2), (3, 2), (4, 4), (7, 4), (8, 8), (15, 8)])
def test_equals_are_left_in_powers_of_two(number: int, left: int) -> None:
    assert {len(part) for part in ruling_coalition([1] * number)} == {left}


@pytest.mark.parametrize(("number", "left"), [(2, 1), (3, 3), (6, 3), (7, 7), (8, 7), (14, 7)])
def test_near_equals_are_left_by_one_three_seven(number: int, left: int) -> None:
    powers = [100_000 + 2**i for i in range(number)]
    assert {len(part) for part in ruling_coalition(powers)} == {left}


def test_the_myopic_path_step_by_step() -> None:
    powers = [9, 8, 7, 6, 5]
    steps = [[powers[i] for i in part] for part in myopic_path(powers)]
    assert steps == [[9, 8, 7, 6, 5], [7, 6, 5], [6, 5], [6]]
    assert myopic_path([3, 4, 5])[-1] == [1]


def shapley_by_orders(weights: list[int], quota: int) -> list[Fraction]:
    counts = [0] * len(weights)
    for order in itertools.permutations(range(len(weights))):
        total = 0
        for who in order:
            total += weights[who]
            if total >= quota:
                counts[who] += 1
                break
    return [Fraction(count, sum(counts)) for count in counts]


def banzhaf_by_coalitions(weights: list[int], quota: int) -> list[Fraction]:
    counts = [0] * len(weights)
    for mask in range(1 << len(weights)):
        total = sum(w for i, w in enumerate(weights) if mask >> i & 1)
        for i, w in enumerate(weights):
            counts[i] += bool(mask >> i & 1) and total >= quota > total - w
    return [Fraction(count, sum(counts)) for count in counts]


@settings(max_examples=40, deadline=None)
@given(weights=st.lists(st.integers(0, 9), min_size=1, max_size=6), share=st.floats(0.3, 1))
def test_power_indices_are_what_they_are_defined_to_be(weights: list[int], share: float) -> None:
    quota = max(1, round(share * sum(weights)))
    if sum(weights) >= quota:
        assert shapley_shubik(weights, quota) == shapley_by_orders(weights, quota)
        assert banzhaf(weights, quota) == banzhaf_by_coalitions(weights, quota)


def test_a_body_of_twenty_five() -> None:
    weights = [(7 * i) % 90 + 1 for i in range(25)]
    assert sum(shapley_shubik(weights, sum(weights) // 2 + 1)) == 1


@pytest.mark.parametrize(
    ("voters", "exact"), [(3, "1/18"), (5, "5/72"), (7, "875/11664"), (9, "65485/839808")]
)
def test_the_frequency_of_the_paradox(voters: int, exact: str) -> None:
    assert str(paradox_frequency(voters)) == exact


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ruling_coalition([]), lambda: ruling_coalition([3, 0]),
        lambda: ruling_coalition([3, -1]), lambda: ruling_coalition([0.5, 0.5]),  # type: ignore[list-item]
        lambda: ruling_coalition([1] * 17), lambda: ruling_coalition([1, 2], "2/5"),
        lambda: ruling_coalition([1, 2], 1), lambda: ruling_coalition(["x"]),
        lambda: ruling_coalition(["1e30", "1"]), lambda: shapley_shubik([1, 2], 4),
        lambda: shapley_shubik([1, 2], 0), lambda: banzhaf([-1, 2], 1),
        lambda: banzhaf([1] * 26, 3), lambda: paradox_frequency(4), lambda: median([1.0, 2.0]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(wrong: Any) -> None:
    with pytest.raises(InputError):
        wrong()
