"""The sets closest to the record: known truths, the same bytes, going on, where they are used."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from politburo_sim.cli.app import app
from politburo_sim.files.errors import ResultWarning
from politburo_sim.files.locate import folder
from politburo_sim.lab.ensemble import Ensemble, load_ensemble, read_ensemble
from politburo_sim.lab.fit import closest
from politburo_sim.lab.fit.calibration import DRAWN, PRIOR, Plan, Search, load_plan, target_of
from politburo_sim.lab.fit.closest import closest_sets, moved, reflected, step
from politburo_sim.lab.fit.models import Effort, Model, Scoring, score_all
from politburo_sim.lab.fit.population import Population
from politburo_sim.lab.runs import silent
from politburo_sim.report.closest import DRAWN as DRAWN_PARAMETERS
from politburo_sim.report.closest import closest_figure, closest_table
from politburo_sim.state.parameters import PARAMETERS, PLACE, TABLE
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

TINY = replace(load_plan(), population=10, simulations=3_000)
TRUTH = {"opportunism": 0.3, "conviction": 5.0, "rung_months": 12.0}


class Known(Search):
    """A search whose distance is that from known parameters, with much luck in it."""

    def try_out(self, table: np.ndarray, stream: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        luck = np.random.default_rng([5, stream]).exponential(2.0, len(table))
        apart = [
            np.abs(table[:, PLACE[name]] - value) / (PRIOR[name][1] - PRIOR[name][0])
            for name, value in TRUTH.items()
        ]
        return 3.0 * sum(apart) + luck, {}


def search_of(kind: type[Search], plan: Plan) -> Search:
    world = build_world(load_scenario(plan.scenario))
    return kind(plan, world, target_of(world), silent)


def test_round_after_round_comes_to_the_truth_and_nothing_else_is_found() -> None:
    plan = replace(TINY, population=100)
    search = search_of(Known, plan)
    first = population = closest.first_round(search)
    for number in range(1, 16):
        population = closest.again(search, population, number)
    for name, value in TRUTH.items():
        low, high = PRIOR[name]
        found, before = (one.table[:, PLACE[name]] for one in (population, first))
        assert abs(found.mean() - value) < 0.08 * (high - low), name
        assert abs(found - value).mean() < 0.5 * abs(before - value).mean(), name
    idle = [name for name in moved(plan) if name not in TRUTH]
    middle = [
        (population.table[:, PLACE[name]].mean() - PRIOR[name][0])
        / (PRIOR[name][1] - PRIOR[name][0])
        for name in idle
    ]
    assert abs(np.mean(middle) - 0.5) < 0.05
    assert (population.weight == 1 / 100).all()


@given(
    st.floats(-3, 4, allow_nan=False), st.floats(0, 1), st.floats(0.01, 2),
)  # fmt: skip
def test_what_goes_past_an_end_is_folded_back(value: float, low: float, width: float) -> None:
    ends = np.array([low]), np.array([low + width])
    found = float(reflected(np.array([value]), *ends)[0])
    assert ends[0][0] <= found <= ends[1][0]
    if ends[0][0] <= value <= ends[1][0]:
        assert found == value
    elif low - width <= value < low:
        assert found == pytest.approx(2 * low - value)
    elif low + width < value <= low + 2 * width:
        assert found == pytest.approx(2 * (low + width) - value)


@pytest.mark.parametrize(("value", "found"), [(-0.25, 0.25), (1.25, 0.75), (1.0, 1.0), (9.0, 0.0)])
def test_folding_by_hand(value: float, found: float) -> None:
    assert reflected(np.array([value]), np.array([0.0]), np.array([1.0]))[0] == found


def test_a_set_without_weight_is_not_moved_on() -> None:
    table = closest.draw_prior(TINY, 50, 1)
    table[:, PLACE["opacity"]] = np.where(np.arange(50) < 2, 0.2, 0.8)
    weight = np.where(np.arange(50) < 2, 0.5, 0.0)
    found = step(TINY, Population(table, weight, np.zeros(50), {}), 2_000, 3)
    assert abs(np.median(found[:, PLACE["opacity"]]) - 0.2) < 0.05


def test_a_step_moves_all_that_is_sampled_and_nothing_that_is_held() -> None:
    plan = TINY.holding({"opportunism": 0.7, "coin_votes": 1.0})
    table = closest.draw_prior(plan, 50, 1)
    old = Population(table, np.full(50, 0.02), np.zeros(50), {})
    found = step(plan, old, 400, 3)
    assert "opportunism" not in moved(plan) and len(moved(plan)) == len(PRIOR) - 1
    for p in TABLE:
        values = found[:, PLACE[p.name]]
        if p.name in plan.fixed:
            assert (values == plan.fixed[p.name]).all()
        elif p.prior is not None:
            assert p.prior[0] <= values.min() and values.max() <= p.prior[1]
            assert len(np.unique(values)) > (1 if PARAMETERS[p.name].whole else 300)
            assert not p.whole or (values == np.round(values)).all()


def test_a_search_that_stopped_goes_on_and_comes_to_the_same(tmp_path: Path) -> None:
    whole, rounds = closest_sets(TINY, 3, tmp_path / "one", workers=1)
    closest_sets(TINY, 2, tmp_path / "two", workers=2)
    lived = []
    again, table = closest_sets(TINY, 3, tmp_path / "two", lambda done, *_: lived.append(done))
    np.testing.assert_array_equal(whole.table, again.table)
    pd.testing.assert_frame_equal(rounds, table)
    assert list(rounds["simulations"]) == [DRAWN * 10, 2 * DRAWN * 10, 3 * DRAWN * 10]
    assert sum(lived) == 3 * DRAWN * 10, "rounds that were kept count as done"
    assert rounds["tolerance"].iloc[1:].max() < rounds["tolerance"].iloc[0]
    with pytest.warns(ResultWarning, match="made from another plan"):
        other, _ = closest_sets(replace(TINY, seed=7), 2, tmp_path / "two")
    assert not np.array_equal(other.table, whole.table)


def test_models_are_scored_at_their_best_and_the_first_one_leaves_its_sets(tmp_path: Path) -> None:
    effort = Effort(population=10, simulations=3_000, draws=5, replicates=2, histories=1)
    assert effort.rounds == 3
    coins = Model("coins", "coins", {"coin_votes": 1.0})
    scoring = Scoring(load_plan(), effort, tmp_path, tmp_path / "looks.csv", closest=True)
    score_all(scoring, [coins])
    assert not (tmp_path / "sets.csv").exists()
    found = score_all(scoring, [Model("model", "itself"), coins])
    assert list(found["scores"]["model"]) == ["model", "coins"]
    sets = read_ensemble(tmp_path / "sets.csv")
    held = read_ensemble(tmp_path / "models" / "model" / "population.csv")
    np.testing.assert_array_equal(sets.table, held.table)
    over = replace(scoring, closest=False)
    assert over.key(coins) != scoring.key(coins)
    looks = (tmp_path / "looks.csv").read_text(encoding="utf-8")
    assert looks.count("coins") == looks.count("model,10") == 1


def test_several_searches_stand_side_by_side_and_the_first_is_the_only_one_of_one(
    tmp_path: Path,
) -> None:
    """Each with its own luck, kept on its own; a score is their mean, its ends those of one."""
    effort = Effort(population=10, simulations=2_000, draws=5, replicates=4, histories=0)
    coins = Model("coins", "coins", {"coin_votes": 1.0})
    one = Scoring(load_plan(), effort, tmp_path, tmp_path / "looks.csv", closest=True)
    alone = one.score(coins)["score"].set_index("score")
    assert not any(name.startswith("search ") for name in alone)
    lived: list[int] = []
    many = replace(
        one, effort=replace(effort, searches=3), tell=lambda done, *_: lived.append(done)
    )
    with pytest.warns(ResultWarning, match="made from another plan"):
        tables = many.score(coins)
    assert many.effort.runs == 60 and sum(lived) == many.effort.work(coins) == 3 * 2_000 + 60
    row = tables["score"].set_index("score")
    each = row[[f"search {number}" for number in (1, 2, 3)]]
    np.testing.assert_allclose(each["search 1"], alone["value"], rtol=1e-5)
    assert each.nunique(axis=1).max() == 3, "every search has luck of its own"
    assert (row["low"] == each.min(axis=1)).all() and (row["high"] == each.max(axis=1)).all()
    np.testing.assert_allclose(row["value"], each.mean(axis=1), rtol=1e-4, atol=1e-6)
    home = tmp_path / "models" / "coins"
    assert len(list(home.glob("search-*/closest/*.parquet"))) == 3 * effort.rounds
    first = read_ensemble(home / "population-1.csv")
    together = read_ensemble(home / "population.csv")
    np.testing.assert_array_equal(together.table[:10], first.table)
    np.testing.assert_allclose(together.weight, 1 / 30, rtol=1e-5)
    np.testing.assert_allclose(row["effective"], 30, rtol=1e-5)


def test_claims_over_other_sets_say_so_and_need_a_folder_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shipped = load_ensemble()
    assert shipped.file == ""
    text = (folder("experiments") / "ensemble.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "mine.csv").write_text("\n".join(text[:9]) + "\n", encoding="utf-8")
    run = CliRunner().invoke
    asked = ["claims", "C11", "--quick", "--quiet", "--ensemble", "mine.csv"]
    for more in ([], ["--out", "results"]):
        refused = run(app, [*asked, *more])
        assert refused.exit_code == 2 and "folder of their own" in refused.output
    assert not (tmp_path / "results").exists()
    wrong = run(app, [*asked[:-1], "nowhere.csv", "--out", "o"])
    assert wrong.exit_code == 2 and "nowhere.csv" in wrong.output
    done = run(app, [*asked, "--out", "o"])
    assert done.exit_code == 0, done.output
    for page in (tmp_path / "o").rglob("report.html"):
        assert "is here that of mine.csv" in page.read_text(encoding="utf-8"), page
    held = hashlib.sha256((tmp_path / "mine.csv").read_bytes()).hexdigest()
    said = list((tmp_path / "o").rglob("manifest.json"))
    assert said and all(json.loads(one.read_text("utf-8"))["ensemble"] == held for one in said)
    assert "--ensemble mine.csv --out o" in (tmp_path / "o/claims-C11/report.html").read_text(
        "utf-8"
    )


def test_a_comparison_over_other_sets_says_so_and_is_another_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (folder("experiments") / "ensemble.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "few.csv").write_text("\n".join(text[:4]) + "\n", encoding="utf-8")
    run = CliRunner().invoke
    asked = ["compare", "ussr-1922", "trotsky-speaks-1923", "--runs", "60", "--quiet"]
    over = [*asked, "--ensemble", "few.csv"]
    done = run(app, over)
    assert done.exit_code == 0, done.output
    home = tmp_path / "results" / "trotsky-speaks-1923-against-ussr-1922-over-few"
    page = (home / "report.html").read_text(encoding="utf-8")
    assert "is here that of few.csv" in page and "--ensemble few.csv" in page
    assert done.stdout != run(app, asked).stdout
    held = hashlib.sha256((tmp_path / "few.csv").read_bytes()).hexdigest()
    assert json.loads((home / "manifest.json").read_text(encoding="utf-8"))["ensemble"] == held
    for more in (["--at-defaults"], ["--from", "1923-04"], ["--given-all"]):
        refused = run(app, [*over, *more])
        assert refused.exit_code == 2 and "--ensemble" in refused.output, refused.output
    missing = run(app, [*asked, "--ensemble", "nowhere.csv"])
    assert missing.exit_code == 2 and "nowhere.csv" in missing.output


def test_what_is_drawn_is_what_the_search_left_least_of() -> None:
    values = closest.draw_prior(TINY, 60, 4)
    high = PRIOR["opacity"][1]
    values[:, PLACE["opacity"]] = np.linspace(high - 0.1, high, 60)
    table = closest_table(Ensemble(values, np.full(60, 1 / 60)))
    assert set(table["parameter"]) == set(PRIOR) and table["left"].is_monotonic_increasing
    first = table.iloc[0]
    assert first["parameter"] == "opacity" and first["mean"] == pytest.approx(high - 0.05)
    axes = closest_figure(table).axes[0]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels[0] == "opacity" and len(labels) == DRAWN_PARAMETERS
    (dots,) = axes.get_lines()
    x, y = dots.get_data()
    drawn = table.head(DRAWN_PARAMETERS)
    assert (drawn["prior low"] != 0).any(), "a range that begins at nought hides a wrong sign"
    width = drawn["prior high"] - drawn["prior low"]
    assert list(y) == list(range(DRAWN_PARAMETERS))
    np.testing.assert_allclose(x, (drawn["mean"] - drawn["prior low"]) / width)
    assert axes.get_ylim()[0] > axes.get_ylim()[1], "the first on top"
