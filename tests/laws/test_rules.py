"""Monotonicity, where theory gives it: each rule moves the way its sentence says."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from politburo_sim.rules.aftermath import recant_share
from politburo_sim.rules.agenda import aim, press, urge
from politburo_sim.rules.perception import threat
from politburo_sim.rules.sanctions import liability
from politburo_sim.rules.voting import appeal_of_policy, carries, lean, sway_of_majority

SHARE = st.floats(0, 1)
WEIGHT = st.floats(0.1, 5)
SIGNED = st.floats(-2, 2)


@given(voice=SHARE, base=SHARE, one=SHARE, other=SHARE)
def test_what_is_hidden_is_feared_less(voice: float, base: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert threat(voice, base, high) <= threat(voice, base, low) + 1e-15
    assert threat(voice, base, 0.0) == pytest.approx(0.5 * voice + 0.5 * base)
    assert threat(voice, base, 1.0) == pytest.approx(0.5 * voice)


@given(one=SIGNED, other=SIGNED, sway=SIGNED, expected=SHARE, temperature=st.floats(0.05, 3))
def test_the_better_liked_side_is_leant_to(
    one: float, other: float, sway: float, expected: float, temperature: float
) -> None:
    low, high = sorted((one, other))
    assume(high - low > 1e-6)
    first, second = (lean(x, sway, expected, temperature, -1, 0.0) for x in (low, high))
    assert 0 <= first <= second <= 1
    assert lean(0.0, 0.0, expected, temperature, -1, 0.0) == 0.5


@given(appeal=SIGNED, sway=st.floats(0.01, 3), one=SHARE, other=SHARE)
def test_who_minds_the_majority_follows_it(
    appeal: float, sway: float, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    leans = [lean(appeal, sway, x, 0.5, -1, 0.0) for x in (low, high)]
    assert leans[0] <= leans[1] + 1e-15


@given(SHARE, WEIGHT, WEIGHT)
def test_the_opportunist_cares_less_for_policy_and_friends(
    opportunism: float, nearer: float, warmer: float
) -> None:
    told = appeal_of_policy(opportunism, nearer, 3.0, warmer, 2.0, 1.0, 0.0, 2.0)
    plain = appeal_of_policy(0.0, nearer, 3.0, warmer, 2.0, 1.0, 0.0, 2.0)
    assert told <= plain + 1e-12
    assert appeal_of_policy(1.0, nearer, 3.0, warmer, 2.0, 1.0, 0.0, 2.0) == pytest.approx(0.0)


def test_the_bandwagon_has_a_part_without_unity_and_a_part_without_opportunism() -> None:
    assert sway_of_majority(1.0, 0.0, 0.0, 1.0, 1.0, 0.0) == 1.0
    assert sway_of_majority(0.0, 1.0, 1.0, 1.0, 1.0, 0.0) == 1.0
    assert sway_of_majority(0.0, 1.0, 0.0, 1.0, 1.0, 0.0) == 0.0


@given(SHARE, SHARE, SHARE, SIGNED, st.floats(0, 0.99))
def test_the_feared_are_aimed_at_and_friends_are_spared(
    one: float, other: float, apart: float, bond: float, opportunism: float
) -> None:
    low, high = sorted((one, other))
    weights = (6.0, 2.0, 2.0, 1.0)
    assert aim(low, apart, bond, 0, opportunism, *weights) <= aim(
        high, apart, bond, 0, opportunism, *weights
    )
    warmer = aim(low, apart, bond + 0.5, 0, opportunism, *weights)
    assert warmer < aim(low, apart, bond, 0, opportunism, *weights)
    assert aim(low, apart, bond, 1, opportunism, *weights) > aim(
        low, apart, bond, 0, opportunism, *weights
    )


@given(SHARE, SHARE, SHARE, SHARE)
def test_the_opportunist_forces_what_he_expects_to_win(
    one: float, other: float, danger: float, u_force: float
) -> None:
    low, high = sorted((one, other))
    chances = [press(1.0, x, danger, 0.5, 4.0, 4.0, 2.0, u_force) for x in (low, high)]
    assert 0 <= chances[0] <= chances[1] <= 1
    assert press(1.0, 0.5, 1.0, 1.0, 4.0, 4.0, 2.0, 1.0) == 0.0


@given(SHARE, SHARE, st.floats(0, 1), st.floats(0, 1), st.floats(0.05, 1))
def test_the_farther_from_the_line_the_more_liable(
    baseline: float, unity: float, one: float, other: float, reach: float
) -> None:
    low, high = sorted((one, other))
    near, far = (liability(baseline, unity, x, reach) for x in (low, high))
    assert 0 <= near <= far <= 1
    assert liability(baseline, unity, 0.0, reach) == pytest.approx(min(1.0, baseline))


@given(SHARE, SHARE, SHARE, SHARE, SHARE)
def test_the_loyal_and_the_opportunist_come_over(
    opportunism: float, loyalty: float, c_o: float, c_l: float, unity: float
) -> None:
    share = recant_share(opportunism, loyalty, c_o, c_l, unity)
    assert 0 <= share <= 1
    assert share >= recant_share(0.5 * opportunism, 0.5 * loyalty, c_o, c_l, unity) - 1e-15


@given(st.integers(0, 2**63 - 1), st.integers(0, 200), st.floats(0.1, 10))
def test_the_more_visible_speak_sooner(seed: int, month: int, prestige: float) -> None:
    assert urge(seed, month, 5, 2 * prestige) == pytest.approx(urge(seed, month, 5, prestige) / 2)
    assert urge(seed, month, 5, 0.0) == math.inf


def test_ties_fail() -> None:
    assert not carries(0.5, 0.5) and carries(0.5 + 1e-9, 0.5) and not carries(2 / 3, 2 / 3)
