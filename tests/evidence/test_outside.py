"""A judge from outside: the library sbi, an extra, beside the second judge."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from politburo_sim.cli.app import app
from politburo_sim.lab.weigh import outside
from politburo_sim.lab.weigh.anneal import SAMPLED
from politburo_sim.lab.weigh.classified import described
from politburo_sim.lab.weigh.library import Records
from politburo_sim.report import classified as report

SHOWN = 3  # of the parameters: what a made digest tells of


def made(number: int = 3_000) -> Records:
    """Records whose digest tells three parameters, with noise, and nothing of the others."""
    rng = np.random.default_rng(7)
    cubes = rng.random((number, len(SAMPLED)))
    told = 10.0 + 6.0 * cubes[:, :SHOWN] + rng.normal(0.0, 0.3, (number, SHOWN))
    return Records(np.column_stack([told**2, np.full(number, 4.0)]), cubes)


def test_a_cube_is_opened_to_the_whole_line_and_its_edges_are_finite() -> None:
    cubes = np.array([[0.0, 0.25, 0.5, 1.0]])
    line = outside.opened(cubes)
    assert np.isfinite(line).all() and line[0, 2] == 0.0
    assert 1.0 / (1.0 + np.exp(-line)) == pytest.approx(cubes, abs=2e-6)
    assert (np.diff(line[0]) > 0).all()


def test_rows_are_in_standard_units_of_those_that_were_taught() -> None:
    rng = np.random.default_rng(1)
    rows = np.column_stack([rng.normal(5, 2, 900), np.full(900, 3.0)])
    own = outside.standard(rows, rows)
    assert own.mean(axis=0) == pytest.approx([0, 0]) and own.std(axis=0) == pytest.approx([1, 0])
    assert (outside.standard(rows[:1] + 2.0, rows)[0] - own[0])[1] == 2.0


def test_the_table_of_parameters_from_points_of_a_posterior() -> None:
    rng = np.random.default_rng(2)
    points = rng.random((len(SAMPLED), 6_000))
    points[0] = 0.4 + 0.2 * points[0]
    inside = rng.random((500, len(SAMPLED)))
    table = described(points, inside)
    first, low, high = table.iloc[0], *SAMPLED[0].prior
    assert first["shrinkage"] == pytest.approx(0.2, abs=0.01) and first["informed"]
    assert first["mean"] == pytest.approx(low + 0.5 * (high - low), abs=0.01 * (high - low))
    assert low < first["low"] < first["mean"] < first["high"] < high
    assert not table["informed"][1:].any() and table["covered"].between(0.7, 0.9).all()


def test_without_the_library_it_says_what_to_do_before_anything_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "find_spec", lambda name: None)
    asked = ["classify", "--quick", "--sbi", "--out", str(tmp_path / "x")]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 2 and "politburo-sim[judge]" in done.output
    assert not (tmp_path / "x").exists()


def test_the_report_sets_it_beside_where_it_was_asked() -> None:
    table = described(np.random.default_rng(3).random((len(SAMPLED), 2_000)),
                      np.full((9, len(SAMPLED)), 0.5))  # fmt: skip
    third = table.copy()
    third.loc[4, ["shrinkage", "informed"]] = (0.5, True)
    covered = pd.DataFrame({"level": [0.5, 0.8, 0.95], "covered": [0.5, 0.82, 0.95]})
    assert report.outside({"parameters": table}) == []
    (shown,) = report.outside(
        {"parameters": table, "sbi-parameters": third, "sbi-coverage": covered}
    )
    assert shown.frame["parameter"].tolist() == [SAMPLED[4].name]
    assert "82 % of the truths" in shown.caption


@pytest.mark.skipif(find_spec("sbi") is None, reason="the extra `judge` is not installed")
def test_the_library_finds_what_the_digest_tells_and_nothing_else(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    records = made()
    truth = np.array([0.2, 0.5, 0.9])
    real = np.append((10.0 + 6.0 * truth) ** 2, 4.0)
    known, coverage = outside.posterior(records, real, 1)
    assert capsys.readouterr().out == "" and not list(tmp_path.iterdir())
    assert known["informed"].tolist()[:SHOWN] == [True] * SHOWN
    assert known["shrinkage"][:SHOWN].max() < 0.6 and known["shrinkage"][SHOWN:].median() > 0.9
    for k, p in enumerate(SAMPLED[:SHOWN]):
        low, high = p.prior
        assert known["mean"][k] == pytest.approx(low + truth[k] * (high - low),
                                                 abs=0.15 * (high - low))  # fmt: skip
    assert coverage.set_index("level")["covered"][0.8] == pytest.approx(0.8, abs=0.08)
