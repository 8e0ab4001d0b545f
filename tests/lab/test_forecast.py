"""Forecasts are frozen before they are scored: made without outcomes, and scored by hand."""

import ast
import hashlib
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from politburo_sim import history
from politburo_sim.bodies import tables
from politburo_sim.bodies.course import NEVER, Course, Spell, exposure
from politburo_sim.cli.app import app
from politburo_sim.files.errors import InputError
from politburo_sim.history.patterns import LAST_FITTED
from politburo_sim.lab.bodies import baselines, courses, forecasting, scoring
from politburo_sim.lab.bodies.forecasting import CHIEF, COLUMNS, MODEL, SEAT, SOLE_RULE, Variant
from politburo_sim.lab.ensemble import load_ensemble
from politburo_sim.lab.runs import replicate_seeds, run_many
from politburo_sim.outcomes import month_of
from politburo_sim.state.parameters import PLACE
from politburo_sim.worlds.scenario import Scenario, load_scenario
from politburo_sim.worlds.skeleton import skeleton
from politburo_sim.worlds.world import build_world

SOURCE = Path(__file__).resolve().parents[2] / "src" / "politburo_sim"
#: What makes a forecast, and what a forecast may never reach.
MAKES, OUTCOMES = "politburo_sim.lab.bodies.forecasting", "politburo_sim.bodies.tables"
COINS = Variant("coins", "coins", {"coin_votes": 1.0, "coin_joins": 1.0})
WEAK = Variant("weak", "a weak norm", {"unity": 0.0, "baseline_liability": 0.0})


@pytest.fixture
def mine(tmp_path: Path) -> Scenario:
    text = skeleton("mine", "revolutionary-committee", 5, "1990", "1994")
    text = text.replace("prestige = {value = 3", "prestige = {value = 5")
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    return load_scenario(tmp_path / "mine.toml")


def make(scenario: Scenario, runs: int = 60, **more: Any) -> pd.DataFrame:
    return forecasting.forecast(scenario, load_ensemble(), runs, 3, [COINS, WEAK], **more)


def module_file(name: str) -> Path | None:
    path = SOURCE.joinpath(*name.split(".")[1:])
    found = [path.with_suffix(".py"), path / "__init__.py"]
    return next((file for file in found if file.is_file()), None)


def reached(name: str) -> set[str]:
    """All modules of the package that a module imports, directly or not."""
    seen, todo = set(), [name]
    while todo:
        now = todo.pop()
        file = module_file(now)
        if now in seen or file is None or not now.startswith("politburo_sim"):
            continue
        seen.add(now)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                todo += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                todo += [node.module, *(f"{node.module}.{a.name}" for a in node.names)]
    return seen


def test_what_makes_a_forecast_reaches_no_outcomes() -> None:
    assert OUTCOMES not in reached(MAKES) and "politburo_sim.lab.bodies.scoring" not in reached(
        MAKES
    )
    assert OUTCOMES in reached("politburo_sim.lab.bodies.scoring")  # the search would find it
    for file in sorted(SOURCE.rglob("*.py")):
        name = "politburo_sim." + file.relative_to(SOURCE).with_suffix("").as_posix()
        if "bodies/data" in file.read_text(encoding="utf-8"):
            assert name.replace("/", ".") not in reached(MAKES)


def test_a_forecast_is_the_same_whatever_the_records_say(
    mine: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records of bodies cannot be read, and the Politburo's after the fitted years are others."""
    before = forecasting.as_csv(make(mine))
    told = history.memberships()

    def elsewhere() -> pd.DataFrame:
        frame = told[told.start <= LAST_FITTED].copy()
        late = frame.end > LAST_FITTED
        frame.loc[late, "end"], frame.loc[late, "end_reason"] = pd.Timestamp(1927, 1, 1), "removed"
        return frame

    def shut(*_: Any) -> Any:
        raise AssertionError("an outcome was read")

    monkeypatch.setattr(history, "memberships", elsewhere)
    monkeypatch.setattr(tables, "table", shut)
    monkeypatch.setattr(tables, "record_of", shut)
    assert forecasting.as_csv(make(mine)) == before


def test_a_forecast_counts_its_runs(mine: Scenario) -> None:
    told = make(mine, runs=60, workers=1)
    world = build_world(mine)
    points = load_ensemble().thin(60).table
    for name, value in mine.rules.items():
        points[:, PLACE[name]] = value
    out = run_many(world, replicate_seeds(3, 60, stream=13), points, np.arange(60), workers=1)
    fell = month_of(out, 3)
    own = told[told.model == MODEL.name]
    for row in own[own.quantity == SEAT].itertuples():
        hits = (fell[:, world.names.index(row.person)] < row.months).sum()
        assert row.value == pytest.approx((hits + 0.5) / 61)
    sole = own[(own.quantity == SOLE_RULE) & (own.person == "")].value.item()
    assert sole == pytest.approx(((out.ruler >= 0).sum() + 0.5) / 61)
    assert own[own.quantity == SEAT].value.max() > 0.02  # somebody falls in some run
    assert make(mine, runs=60, workers=2).equals(told)


def test_a_forecast_has_all_its_rows_and_chances_rise(mine: Scenario) -> None:
    told = make(mine, runs=20)
    assert tuple(told.columns) == COLUMNS
    names = {"model", "plain-rules", "coins", "weak", *baselines.BASELINES}
    assert set(told.model) == names
    seats = told[told.quantity == SEAT]
    assert set(seats.months) == {12, 36, 60} and len(seats) == 15 * len(names)
    assert seats.value.between(0, 1, inclusive="neither").all()
    wide = seats.pivot(index=["model", "person"], columns="months", values="value")
    assert (wide[12] <= wide[36]).all() and (wide[36] <= wide[60]).all()
    chief = told[(told.quantity == CHIEF) & (told.model == "model")]
    assert set(chief.person) == {"Member 1"} and set(chief.months) == {12, 36, 60}


def test_a_horizon_beyond_the_world_is_left_out() -> None:
    assert forecasting.spans(load_scenario("convention-1793")) == [12]
    assert forecasting.spans(load_scenario("federal-council-1960")) == [12, 36, 60]


# What does without the model.


def test_the_rates_are_those_of_the_fitted_years() -> None:
    fitted = baselines.fit()
    assert [s.member for s in fitted.course.removals()] == ["Kamenev", "Zinoviev", "Trotsky"]
    years = exposure(fitted.course.spells, fitted.course.months, 0, math.inf)
    assert fitted.rate == pytest.approx(3.5 / years) and 30 < years < 37
    (_, _, early), (_, _, late), (_, _, later) = fitted.by_tenure
    assert early < fitted.rate < late == later  # nobody was five years in it since April 1922


def test_a_regression_without_penalty_is_the_odds_of_a_table() -> None:
    """Two by two: 30 of 40 against 10 of 50; the slope is the logarithm of the odds ratio."""
    table = np.repeat([[0.0], [1.0]], [50, 40], axis=0)
    hit = np.repeat([1.0, 0.0, 1.0, 0.0], [10, 40, 30, 10])
    found = baselines.logistic(table, hit, np.ones(90), ridge=0.0)
    assert found == pytest.approx([math.log(10 / 40), math.log(3) - math.log(1 / 4)], abs=1e-4)
    assert abs(baselines.logistic(table, hit, np.ones(90), ridge=50.0)[1]) < abs(found[1])


def test_baselines_say_what_they_are_called_for(mine: Scenario) -> None:
    fitted, world = baselines.fit(), build_world(mine)
    heads = baselines.heads_of(world)
    chief, rest = heads.index("Member 1"), [p for p, n in enumerate(heads) if n != "Member 1"]
    said = {name: of(fitted, world, heads, (1, 3, 5)) for name, (_, of) in
            baselines.BASELINES.items()}  # fmt: skip
    assert len(np.unique(said["base-rate"][:, 0])) == 1
    assert said["base-rate"][0, 0] == pytest.approx(1 - math.exp(-fitted.rate))
    stays = said["strongest-stays"]
    assert (stays[chief] < stays[rest]).all() and (stays[rest] == said["base-rate"][rest]).all()
    ideal = world.body.ideal[[world.names.index(name) for name in heads]]
    apart = np.abs(ideal - ideal[chief]) @ world.body.axis_weight
    order = np.argsort(apart[rest])
    assert (np.diff(said["cabinet"][rest][order, 2]) >= 0).all()
    assert said["cabinet"][chief, 2] == pytest.approx(said["tenure-bands"][chief, 2])
    assert len(np.unique(said["regression"][:, 0].round(9))) > 1


@pytest.mark.parametrize("chief", [False, True])
def test_null_bodies_lose_seats_at_their_rate(mine: Scenario, chief: bool) -> None:
    world, luck = build_world(mine), np.random.default_rng(5)
    found = [courses.null_course(world, 0.4, chief, luck) for _ in range(300)]
    gone = sum(len(course.removals()) for course in found)
    years = sum(exposure(course.spells, course.months, 0, math.inf) for course in found)
    assert gone / years == pytest.approx(0.4, rel=0.15)
    first = [s for course in found for s in course.founders() if s.end <= 12]
    by = pd.Series([s.member for s in first]).value_counts()
    far, near = ("Member 5", "Member 2") if chief else ("Member 1", "Member 1")
    assert by[far] >= by[near]
    assert 0 < sum(courses.stays(course) for course in found) < 300


# Scores by hand.

RECORD = Course(
    60, "Member 1",
    (
        Spell("Member 1", 0, 30, removed=True), Spell("Member 2", 0, 10, removed=True),
        Spell("Member 3", 0, NEVER, removed=False),
        Spell("Member 4", 0, 8, removed=False, unclear=True), Spell("Member 6", 5, NEVER, False),
    ),
)  # fmt: skip


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "worlds", lambda: {"mine": {"sole_rule": False}})
    monkeypatch.setattr(tables, "record_of", lambda world, start, chief: RECORD)


def frozen(folder: Path, rows: list[tuple[Any, ...]]) -> Path:
    forecasting.freeze(pd.DataFrame(rows, columns=list(COLUMNS)), folder / "f.csv")
    return folder / "f.csv"


def test_scores_are_what_one_counts_by_hand(mine: Scenario, record: None, tmp_path: Path) -> None:
    people = ["Member 1", "Member 2", "Member 3", "Member 4", "Member 5"]
    rows = [
        (model, SEAT, person, 12, chance)
        for model, chances in (("model", (0.1, 0.6, 0.2, 0.3, 0.9)), ("flat", (0.25,) * 5))
        for person, chance in zip(people, chances, strict=True)
    ] + [("model", SOLE_RULE, "", 60, 0.2), ("model", CHIEF, "Member 1", 60, 0.7)]  # fmt: skip
    found = scoring.score(mine, frozen(tmp_path, rows))
    table = found.table.set_index(["model", "quantity", "years", "unclear"])
    own = table.loc[("model", SEAT, "1", "no")]
    # Member 5 does not sit in this record; of the others one is out by politics within the year.
    losses = [-math.log(x) for x in (0.9, 0.6, 0.8, 0.7)]
    assert (own.cases, own.came) == (4, 1) and own.log_loss == pytest.approx(np.mean(losses))
    assert own.brier == pytest.approx((0.01 + 0.16 + 0.04 + 0.09) / 4)
    assert table.loc[("model", SEAT, "1", "yes"), "came"] == 2
    flat = table.loc[("flat", SEAT, "all", "no")]
    other = [-math.log(x) for x in (0.75, 0.25, 0.75, 0.75)]
    assert flat.less_model == pytest.approx(np.mean(other) - np.mean(losses))
    assert flat.error == pytest.approx(np.std(np.subtract(other, losses), ddof=1) / 2)
    assert table.loc[("model", SOLE_RULE, "5", "no"), "log_loss"] == pytest.approx(-math.log(0.8))
    assert table.loc[("model", CHIEF, "5", "no"), "log_loss"] == pytest.approx(-math.log(0.7))
    assert found.sha == hashlib.sha256((tmp_path / "f.csv").read_bytes()).hexdigest()


def test_what_is_better_is_said_first_and_what_cannot_be_told_is_not_ranked(
    mine: Scenario, record: None, tmp_path: Path
) -> None:
    """Of four men one falls; a forecast beats another where nearly all of them say so."""
    people = ("Member 1", "Member 2", "Member 3", "Member 4")
    given = {
        "model": (0.5, 0.5, 0.5, 0.5), "sure": (0.1, 0.9, 0.1, 0.1), "wrong": (0.9, 0.1, 0.9, 0.9),
        "bold": (0.02, 0.3, 0.3, 0.9),
    }  # fmt: skip
    rows = [(model, SEAT, person, 12, chance) for model, chances in given.items()
            for person, chance in zip(people, chances, strict=True)]  # fmt: skip
    name = mine.name
    assert scoring.finding(scoring.score(mine, frozen(tmp_path, rows))) == [
        f"{name}: the model is worse than sure: log loss 0.693 against 0.105.",
        f"{name}: the model (log loss 0.693) cannot be told from bold.",
        f"{name}: the model (log loss 0.693) is better than wrong.",
    ]
    one = [row for row in rows if row[2] == "Member 1"]
    assert scoring.finding(scoring.score(mine, frozen(tmp_path, one)))[0].endswith(
        "cannot be told from bold, sure, wrong."
    ), "one case tells nothing"


def test_bodies_count_alike_whatever_their_size(
    mine: Scenario, record: None, tmp_path: Path
) -> None:
    scored = []
    for number, people in enumerate((["Member 1", "Member 2", "Member 3"], ["Member 3"])):
        rows = [(m, SEAT, person, 12, p) for m, p in (("model", 0.2), ("flat", 0.5))
                for person in people]  # fmt: skip
        path = frozen(tmp_path, rows)
        scored.append(scoring.score(mine, path.rename(tmp_path / f"{number}.csv")))
    found = scoring.over_bodies(scored).set_index("model").log_loss
    one = (-2 * math.log(0.8) - math.log(0.2)) / 3
    assert found["model"] == pytest.approx((one - math.log(0.8)) / 2)
    assert found["flat"] == pytest.approx(-math.log(0.5)) and found.index[0] == "model"


def test_bins_of_chances_hold_every_case() -> None:
    cases = pd.DataFrame({"model": "model", "quantity": SEAT, "unclear": "no",
                          "value": [0.0, 0.04, 0.3, 0.35, 1.0],
                          "came": [0.0, 0.0, 1.0, 0.0, 1.0]})  # fmt: skip
    found = scoring.reliability(cases, "model", (0.0, 0.1, 0.5, 1.0))
    assert found["cases"].tolist() == [2, 2, 1] and found["came"].tolist() == [0.0, 0.5, 1.0]


def test_what_is_no_forecast_is_answered(mine: Scenario, record: None, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no forecast yet"):
        scoring.score(mine, tmp_path / "none.csv")
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="not a forecast"):
        scoring.score(mine, tmp_path / "x.csv")


# The commands.


def test_a_forecast_is_frozen_then_scored(mine: Scenario, record: None, tmp_path: Path) -> None:
    told = ["forecast", str(tmp_path / "mine.toml"), "--out", str(tmp_path / "out"), "--quiet"]
    done = CliRunner().invoke(app, [*told, "--runs", "12"])
    assert done.exit_code == 0, done.stderr
    file = tmp_path / "out" / "mine-forecast.csv"
    sha = hashlib.sha256(file.read_bytes()).hexdigest()
    assert done.stdout.split() == [sha, file.name]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["forecasts"] == {file.name: sha} and manifest["runs"] == 12
    ensemble = (SOURCE.parents[1] / "experiments" / "ensemble.csv").read_bytes()
    assert manifest["ensemble"] == hashlib.sha256(ensemble).hexdigest()
    again = CliRunner().invoke(app, told)
    assert again.exit_code == 2 and "a forecast is frozen here" in again.stderr
    assert hashlib.sha256(file.read_bytes()).hexdigest() == sha
    scored = CliRunner().invoke(app, [*told, "--score"])
    assert scored.exit_code == 0, scored.stderr
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert sha in page and "<svg" in page and "log_loss" not in page.partition("<table")[0]
    table = pd.read_csv(tmp_path / "out" / "mine-score.csv")
    models = {"model", "plain-rules", "coins", "no-blocs", "random-victims"}
    assert models | set(baselines.BASELINES) <= set(table.model)
    assert "mine: " in scored.stdout


def test_patterns_of_bodies_stand_beside_runs(tmp_path: Path) -> None:
    told = ["bodies", "ussr-1922", "--runs", "3", "--quiet", "--out", str(tmp_path)]
    done = CliRunner().invoke(app, told)
    assert done.exit_code == 0, done.stderr
    table = pd.read_csv(tmp_path / "ussr-1922-patterns.csv", dtype=str, keep_default_na=False)
    assert {"record", "runs", "flat hazard", "cabinet"} <= set(table.columns)
    row = table.set_index("pattern").loc["founders lost"]
    assert row.record == "0.714" and "(" in row.runs
    assert "victors who fall next" in done.stdout
