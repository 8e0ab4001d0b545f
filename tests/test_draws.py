"""The golden vector of the draws, and what keys mean."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from politburo_sim.state import draws

GOLDEN = {
    (0, 0, 0, 0, 0): "0.9477707979038982",
    (7, 3, 1, 12345678901234567890, 5): "0.4883839604059016",
}
KEY = st.integers(0, 2**64 - 1)


def plain_mix(state: int, key: int) -> int:
    """splitmix64's finaliser in plain Python integers."""
    mask = 2**64 - 1
    z = ((state ^ key) + 0x9E3779B97F4A7C15) & mask
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    return z ^ (z >> 31)


def plain_draw(*keys: int) -> float:
    state = 0x9E3779B97F4A7C15
    for key in keys:
        state = plain_mix(state, key)
    return ((state >> 12) + 0.5) * 2.0**-52


def test_golden_vector() -> None:
    for keys, number in GOLDEN.items():
        assert repr(float(draws.draw(*keys))) == number, keys


def test_python_and_numpy_integers_draw_alike() -> None:
    for keys in GOLDEN:
        assert draws.draw(*keys) == draws.draw(*(np.uint64(key) for key in keys))


@given(st.tuples(KEY, KEY, KEY, KEY, KEY))
def test_a_plain_twin_draws_the_same(keys: tuple[int, int, int, int, int]) -> None:
    assert draws.draw(*keys) == plain_draw(*keys)


@given(st.tuples(KEY, KEY, KEY, KEY, KEY), st.integers(0, 4))
def test_every_key_counts(keys: tuple[int, ...], place: int) -> None:
    other = list(keys)
    other[place] ^= 1
    assert draws.draw(*keys) != draws.draw(*other)
    assert 0.0 < draws.draw(*keys) < 1.0


def test_draws_are_spread_evenly() -> None:
    sample = np.array([draws.draw(1, month, 5, 9, 9) for month in range(20_000)])
    counts = np.histogram(sample, bins=20, range=(0, 1))[0]
    assert ((counts - 1000) ** 2 / 1000).sum() < 43.8  # chi-square, 19 degrees, one in a thousand


def test_decisions_have_codes_of_their_own() -> None:
    codes = [v for k, v in vars(draws).items() if k.isupper() and isinstance(v, int)]
    assert len(codes) == len(set(codes)) >= 17
