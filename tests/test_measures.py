"""The measures on arrays whose value is known by hand."""

import math

import numpy as np
import pytest

from politburo_sim.record.record import measures


@pytest.mark.parametrize("n", [1, 2, 7])
def test_equals_are_as_many_as_they_are(n: int) -> None:
    assert measures.effective_number([1 / n] * n) == pytest.approx(n)


def test_equals_are_not_concentrated() -> None:
    equal = [0.25] * 4
    assert measures.herfindahl_normalised(equal) == pytest.approx(0)
    assert measures.gini(equal) == pytest.approx(0)
    assert measures.concentration(equal) == 0.25


def test_one_who_holds_all() -> None:
    alone = [0.0, 0.0, 1.0, 0.0]
    assert measures.effective_number(alone) == 1
    assert measures.herfindahl_normalised(alone) == 1
    assert measures.gini(alone) == pytest.approx(0.75)
    assert measures.concentration(alone) == 1


def test_gini_of_one_two_three() -> None:
    assert measures.gini([1, 2, 3]) == pytest.approx(2 / 9)


@pytest.mark.parametrize("shares", [[], [0.0, 0.0], [0.5, -0.5]])
def test_what_is_no_share_is_refused(shares: list[float]) -> None:
    with pytest.raises(ValueError, match="shares must be"):
        measures.effective_number(shares)


def test_rice_and_agreement() -> None:
    assert measures.rice_index(5, 0) == 1
    assert measures.rice_index(2, 2) == 0
    assert math.isnan(measures.rice_index(0, 0))
    assert measures.agreement_index(5, 0, 0) == 1
    assert measures.agreement_index(1, 1, 1) == pytest.approx(0)
    assert measures.agreement_index(2, 1) == pytest.approx(0.5)
    assert math.isnan(measures.agreement_index(0, 0, 0))


def test_polarisation_runs_from_nought_to_ten() -> None:
    assert measures.dalton_polarisation([1, 1], [-1, 1]) == pytest.approx(10)
    assert measures.dalton_polarisation([0.2, 0.8], [0.3, 0.3]) == pytest.approx(0)
    assert measures.dalton_polarisation([1, 1], [0, 10], half_range=5) == pytest.approx(10)


def test_entropy_of_a_forecast_in_bits() -> None:
    assert measures.forecast_entropy([0.25] * 4) == pytest.approx(2)
    assert measures.forecast_entropy([1.0, 0.0]) == measures.forecast_entropy([1.0, 0.0], 50) == 0


def test_entropy_of_counted_shares_is_right_on_the_average() -> None:
    """Counted shares are less even than the chances they are counted from."""
    chances = np.array([0.5, 0.2, 0.2, 0.1])
    counted = np.random.default_rng(3).multinomial(100, chances, 2_000) / 100
    known = measures.forecast_entropy(chances)
    assert np.mean([measures.forecast_entropy(row) for row in counted]) < known - 0.015
    mended = np.mean([measures.forecast_entropy(row, 100) for row in counted])
    assert mended == pytest.approx(known, abs=0.003)
