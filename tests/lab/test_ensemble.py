"""An ensemble as a table: what is written is read again, and draws are in proportion to weights."""

from pathlib import Path

import numpy as np
import pytest

from politburo_sim.files.errors import ExperimentError
from politburo_sim.lab import ensemble
from politburo_sim.lab.ensemble import Ensemble, ensemble_csv, load_ensemble, read_ensemble
from politburo_sim.state.parameters import PARAMETERS, PLACE, defaults


def sets(number: int) -> np.ndarray:
    """Sets that are told apart by one parameter."""
    table = np.tile(defaults(), (number, 1))
    table[:, PLACE["unity_liability"]] = np.arange(number) / 16
    return table


def drawn(weight: list[float], number: int) -> list[float]:
    table = sets(len(weight))
    thin = Ensemble(table, np.array(weight)).thin(number)
    assert thin.table.shape == (number, table.shape[1])
    assert thin.weight.tolist() == [1 / number] * number
    return (16 * thin.table[:, PLACE["unity_liability"]]).tolist()


def test_draws_are_in_proportion_to_weights() -> None:
    assert drawn([0.25] * 4, 4) == [0, 1, 2, 3]
    assert drawn([0.25] * 4, 2) == [0, 2]
    assert drawn([0.5, 0.0, 0.5], 4) == [0, 0, 2, 2]
    assert drawn([0.1, 0.8, 0.1], 10) == [0, *[1] * 8, 2]
    assert drawn([1.0], 3) == [0, 0, 0]


def test_the_last_is_drawn_where_weights_fall_short_of_one() -> None:
    assert drawn([0.5, 0.5 - 1e-3], 1_000)[-1] == 1


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    table = sets(3)
    table[:, PLACE["coder_uncertainty"]] = 1.0
    file = tmp_path / "e.csv"
    file.write_text(ensemble_csv(table, np.array([0.5, 1.0, 0.5])), encoding="utf-8")
    names = file.read_text(encoding="utf-8").splitlines()[0].split(",")
    sampled = [p.name for p in PARAMETERS.values() if p.prior is not None]
    assert names == ["weight", *sampled, "coder_uncertainty"]
    found = read_ensemble(file)
    assert found.weight.tolist() == [0.25, 0.5, 0.25]
    assert found.table == pytest.approx(table, rel=1e-5)


def test_sets_of_several_searches_stay_apart(tmp_path: Path) -> None:
    file, search = tmp_path / "e.csv", np.array([1, 1, 2, 2])
    file.write_text(ensemble_csv(sets(4), np.ones(4), search), encoding="utf-8")
    assert file.read_text(encoding="utf-8").startswith("weight,search,")
    found = read_ensemble(file)
    assert found.search is not None and found.search.tolist() == search.tolist()
    thin = found.thin(2)
    assert thin.search is not None and thin.search.tolist() == [1, 2]
    assert load_ensemble().search is None and load_ensemble().thin(3).search is None


@pytest.mark.parametrize("given", ["0", "1.5", "-1", "inf", "nan", "one"])
def test_a_search_has_a_number(tmp_path: Path, given: str) -> None:
    file = tmp_path / "e.csv"
    file.write_text(f"weight,search,unity_liability\n1,{given},0.5\n", encoding="utf-8")
    with pytest.raises(ExperimentError, match=r"no number of a search|not a number") as caught:
        read_ensemble(file)
    assert "search" in str(caught.value) and given in str(caught.value)


def test_sets_of_a_model_keep_what_it_holds(tmp_path: Path) -> None:
    """Else its sets, read again, would be those of the rules as they are by default."""
    table = sets(2)
    table[:, PLACE["policies"]] = 0.0
    table[1, PLACE["majority"]] = 0.6
    file = tmp_path / "e.csv"
    file.write_text(ensemble_csv(table, np.ones(2)), encoding="utf-8")
    assert read_ensemble(file).table == pytest.approx(table, rel=1e-5)


def test_numbers_are_written_with_six_digits() -> None:
    table = sets(1)
    table[0, PLACE["unity_liability"]] = 1 / 3
    text = ensemble_csv(table, np.array([1.0]))
    assert "0.333333," in text


def test_what_a_table_does_not_name_has_its_default(tmp_path: Path) -> None:
    file = tmp_path / "e.csv"
    file.write_text("unity_liability,weight\n0.25,1\n0.5,3\n", encoding="utf-8")
    found = read_ensemble(file)
    assert found.weight.tolist() == [0.25, 0.75]
    expected = np.tile(defaults(), (2, 1))
    expected[:, PLACE["unity_liability"]] = [0.25, 0.5]
    assert (found.table == expected).all()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("weight,unity_liability\n1\n", ["e.csv", "line 2", "not as many numbers", "given: '1'",
                                         "allowed: 2"]),
        ("weight,unity_liability\n1,0.5\n1,0.5,2\n", ["line 3", "given: '3'"]),
        ("weight,unity_liability\n1,0.5\n1,much\n", ["line 3", "unity_liability", "given: 'much'",
                                                     "a number"]),
        ("weight,unity_liability\n1,9\n", ["line 2", "unity_liability", "given: '9'"]),
        ("weight,unity_liability\n-1,0.5\n", ["line 2", "weight", "given: '-1'", "0 or more"]),
        ("weight,unity_liability\ninf,0.5\n", ["line 2", "0 or more"]),
        ("weight,unity_liability\nnan,0.5\n", ["line 2", "0 or more"]),
        ("weight,unity_liability\n0,0.5\n", ["no weight above 0", "weight", "a row with one"]),
        ("weight,unity_liabilty\n1,0.5\n", ["line 1", "did you mean 'unity_liability'?"]),
        ("weight,unity_liability,weight\n1,0.5,1\n", ["line 1", "the same column twice",
                                                      "given: 'weight'", "each once"]),
        ("weight\n1\n", ["missing: parameters"]),
        ("unity_liability\n1\n", ["missing: weight", "weight and one parameter or more"]),
    ],
)  # fmt: skip
def test_the_first_thing_that_is_wrong_is_told(tmp_path: Path, text: str, said: list[str]) -> None:
    file = tmp_path / "e.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ExperimentError) as error:
        read_ensemble(file)
    told = str(error.value)
    for words in [*said, "politburo-sim fit --write makes the table anew"]:
        assert words in told, told


def test_the_committed_ensemble_is_read_and_one_that_is_missing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load_ensemble().weight.sum() == pytest.approx(1)
    monkeypatch.setattr(ensemble, "folder", lambda kind: tmp_path / kind)
    with pytest.raises(ExperimentError, match="there is no ensemble yet"):
        load_ensemble()
