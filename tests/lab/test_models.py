"""The model and its null models: the table of settings, the same bytes, going on, looks counted."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student
from support import REMOVED
from typer.testing import CliRunner

from politburo_sim.cli.app import app
from politburo_sim.files.errors import ExperimentError, InputError, ResultWarning
from politburo_sim.files.locate import folder
from politburo_sim.lab import plan
from politburo_sim.lab.bench import Bench
from politburo_sim.lab.fit import check, faces, models
from politburo_sim.lab.fit.calibration import load_plan
from politburo_sim.lab.fit.models import Effort, Model, Scoring, looks_at, score_all
from politburo_sim.lab.fit.scores import least_difference
from politburo_sim.lab.kinds.scores import Fit, Scores
from politburo_sim.lab.provenance import rules_hash
from politburo_sim.record.record import Record
from politburo_sim.report.kinds.scores import finding
from politburo_sim.run.model import Politburo
from politburo_sim.state import journal as j
from politburo_sim.state.body import FULL
from politburo_sim.state.parameters import UNITY
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

SHIPPED = (folder("experiments") / "models.toml").read_text(encoding="utf-8")
TINY = Effort(population=20, simulations=5_000, draws=10, replicates=2, histories=1)
MODEL, COINS = Model("model", "itself"), Model("coins", "coins", {"coin_votes": 1.0})


def scoring(home: Path, workers: int | None = None) -> Scoring:
    return Scoring(load_plan(), TINY, home / "out", home / "looks.csv", workers)


def tables(home: Path) -> dict[str, bytes]:
    """All that is kept of a scoring, by file."""
    kept = sorted((home / "out").rglob("*.csv"))
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in kept}


# the table of models


def table_of_models(name: str = "models") -> Scores:
    found = plan.load(name)
    assert isinstance(found, Scores)
    return found


def test_every_null_model_differs_from_the_model_by_its_settings_alone() -> None:
    line = table_of_models()
    first, *nulls = line.held()
    assert first.settings == {} and all(model.settings for model in nulls)
    assert len({str(model.settings) for model in line.held()}) == line.size()
    assert line.effort(quick=True).runs < line.effort().runs


def test_a_short_word_of_a_scenario_sets_all_its_parts(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    text = SHIPPED.replace("{ coin_votes = 1, coin_joins = 1 }", "{ unity = 0 }")
    path.write_text(text, encoding="utf-8")
    (coins,) = table_of_models(str(path)).chosen("coins").held()
    assert coins.settings == dict.fromkeys(UNITY, 0.0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{ coin_votes = 1, coin_joins = 1 }", "{ coin_vote = 1 }", "did you mean 'coin_votes'?"),
        ("{ coin_votes = 1, coin_joins = 1 }", "{ coin_votes = 2 }", "out of range"),
        ("{ coin_votes = 1, coin_joins = 1 }", '{ coin_votes = "x" }', "settings.coin_votes"),
        ('"coins"', '"model"', "given twice"),
        ("[quick]", "[quik]", "did you mean 'quick'?"),
        ("draws = 200", "draws = 0", "draws"),
    ],
)
def test_a_wrong_table_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "m.toml"
    path.write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ExperimentError, match=r"m\.toml") as error:
        table_of_models(str(path))
    assert said in str(error.value)


@pytest.mark.parametrize("closest", [False, True])
@pytest.mark.parametrize("quick", [False, True])
def test_a_run_is_of_the_size_that_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick: bool, closest: bool
) -> None:
    line = table_of_models()
    few = line.quick.model_copy(update={"simulations_closest": 50_000})
    line = line.model_copy(update={"closest": closest, "quick": few})
    seen: list[Scoring] = []
    monkeypatch.setattr(models, "score_all", lambda scoring, _: seen.append(scoring) or {})
    effort = line.effort(quick)
    line.run(Bench(effort, line.seed, tmp_path, tmp_path))
    size = line.quick if quick else line
    (scoring,) = seen
    wanted = size.simulations_closest if closest else size.simulations
    assert scoring.closest == closest
    assert scoring.effort == Effort(
        size.population, wanted, size.draws, size.replicates, size.histories,
        size.searches if closest else 1,
    )  # fmt: skip
    assert effort.runs == wanted


def test_an_unknown_model_is_told() -> None:
    some = table_of_models().chosen("coins, model")
    assert [model.name for model in some.models] == ["model", "coins"]
    with pytest.raises(InputError, match="did you mean 'coins'"):
        some.chosen("coin")


def test_a_null_model_holds_its_settings_in_the_fit() -> None:
    plan = scoring(Path()).plan_of(Model("still", "", {"organising": 0.0}))
    assert "organising" not in plan.fitted and plan.fixed == {"organising": 0.0}
    assert (plan.population, plan.simulations) == (20, 5_000)


# runs


def test_the_same_seed_gives_the_same_bytes_however_many_work(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    score_all(scoring(one, 1), [MODEL, COINS])
    score_all(scoring(two, 3), [COINS])
    found = score_all(scoring(two, 3), [MODEL, COINS])
    assert tables(one) == tables(two)
    row = found["scores"].set_index("model")
    assert list(row.index) == ["model", "coins"] and list(row["looks"]) == [1, 1]
    assert (row["effective"] > 1).all() and not row.drop(columns="looks").isna().any().any()
    assert row.loc["model", "fit"] != row.loc["coins", "fit"]
    held = pd.read_csv(two / "out" / "models" / "coins" / "population.csv")
    assert len(held) == TINY.population and held["weight"].sum() == pytest.approx(1)


def test_what_is_finished_is_not_run_again_and_each_look_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = score_all(scoring(tmp_path), [COINS])
    with monkeypatch.context() as patch:
        patch.setattr(models, "calibrate", lambda *_: pytest.fail("fitted again"))
        again = score_all(scoring(tmp_path), [COINS])
    pd.testing.assert_frame_equal(first["scores"], again["scores"])
    assert looks_at(tmp_path / "looks.csv") == {"coins": 1}
    other = scoring(tmp_path)
    with pytest.warns(ResultWarning, match="made from another plan"):
        score_all(replace(other, plan=replace(other.plan, seed=8)), [COINS])
    told = (tmp_path / "looks.csv").read_text(encoding="utf-8").splitlines()
    assert told == [
        "number,seed,model,runs,rules", f"1,1926,coins,20,{rules_hash()}",
        f"2,8,coins,20,{rules_hash()}",
    ]  # fmt: skip


def test_other_check_patterns_make_kept_scores_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A corrected record of the later years never leaves the old scores standing."""
    whole, key = check.scored(), scoring(tmp_path).key(COINS)
    assert scoring(tmp_path).key(COINS) == key
    monkeypatch.setattr(check, "scored", lambda *_: whole[:-1])
    assert scoring(tmp_path).key(COINS) != key


def test_a_damaged_table_of_a_model_is_said_and_made_again(tmp_path: Path) -> None:
    first = score_all(scoring(tmp_path), [COINS])
    table = tmp_path / "out" / "models" / "coins" / "score.parquet"
    raw = table.read_bytes()
    table.write_bytes(raw[:60] + b"?" + raw[61:])
    with pytest.warns(ResultWarning, match=r"score\.parquet is damaged"):
        again = score_all(scoring(tmp_path), [COINS])
    pd.testing.assert_frame_equal(
        first["scores"].drop(columns="looks"), again["scores"].drop(columns="looks")
    )
    assert table.read_bytes() == raw


def test_a_scoring_that_was_stopped_goes_on_after_the_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    score_all(scoring(whole), [COINS])
    with monkeypatch.context() as patch:
        patch.setattr(check, "fresh", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            score_all(scoring(parts), [COINS])
    rounds = parts / "out" / "models" / "coins" / "rounds"
    before = [path.stat().st_mtime_ns for path in sorted(rounds.glob("*.parquet"))]
    assert before
    score_all(scoring(parts), [COINS])
    assert [path.stat().st_mtime_ns for path in sorted(rounds.glob("*.parquet"))] == before
    assert tables(whole) == tables(parts)
    assert looks_at(parts / "looks.csv") == {"coins": 2}, "a look that was begun is a look"


@pytest.mark.parametrize("closest", [False, True])
def test_the_command_leaves_tables_a_figure_and_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closest: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    real = plan.load
    tiny = Fit(**vars(TINY), simulations_closest=4_000)
    line = table_of_models().model_copy(update={"quick": tiny})
    monkeypatch.setattr(plan, "load", lambda name: line if name == "models" else real(name))
    words = ["scores", "--quick", "--models", "model,coins", "--out", "s", "--json"]
    done = CliRunner().invoke(app, words + ["--closest"] * closest)
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    table = pd.read_csv(tmp_path / "s" / "scores.csv")
    assert [row["model"] for row in said["scores"]] == list(table["model"])
    assert {"fit", "check", "within_3", "order_all", "order_late", "youden", "removed_1926",
            "removed_1930", "sole_rule", "sole_rule_secretary", "effective",
            "looks"} <= set(table)  # fmt: skip
    page = (tmp_path / "s" / "report.html").read_text(encoding="utf-8")
    assert "<svg" in page and "coins" in page
    assert ("where it comes closest" in page) == closest == (tmp_path / "s" / "sets.csv").exists()
    assert (tmp_path / "s" / "parameters.csv").exists() == closest
    seen = pd.read_csv(tmp_path / "s" / "faces.csv")
    assert list(seen["face"]) == list(faces.FACES) and set(seen["model"]) == {"model"}
    told = pd.read_csv(tmp_path / "s" / "patterns.csv")
    assert {p.name for p in check.scored()} <= set(told["pattern"])
    assert looks_at(tmp_path / "results" / "scores" / "looks.csv") == {"model": 1, "coins": 1}


def test_a_null_model_that_is_better_is_named_first() -> None:
    names = ["fit", "check", "within_3", "order_late", "youden"]
    own = pd.DataFrame({"model": "model", "score": names, "value": [0.5, 0.2, 0.1, 0.6, 0.1]})
    null = pd.DataFrame({"model": "coins", "score": names, "value": [0.4, 0.3, 0.1, 0.5, 0.0]})
    both = pd.concat([own, null])
    near = both.assign(low=both["value"] - 0.02, high=both["value"] + 0.02)
    said = finding(near, [MODEL, COINS])
    assert said[0].endswith("coins (0.300) is better than model (0.200).")
    assert len(said) == 5 and not any("is better" in sentence for sentence in said[1:])
    wide = both.assign(low=both["value"] - 0.2, high=both["value"] + 0.2)
    assert finding(wide, [MODEL, COINS])[0].endswith("(0.200), but their intervals overlap.")
    lot = Model("lot", "", {})
    third = near.loc[near["model"] == "coins"].assign(model="lot")
    said = finding(
        pd.concat([near, third.assign(value=third["value"] - 0.01)]), [MODEL, COINS, lot]
    )
    assert said[0].endswith("coins (0.300) is better than model (0.200); so is lot.")


@pytest.mark.parametrize(
    ("wander", "searches", "told"), [(0.01, 2, True), (0.03, 2, False), (0.03, 3, True)]
)
def test_searches_tell_models_apart_that_differ_by_more_than_searches_do(
    wander: float, searches: int, told: bool
) -> None:
    ends = np.linspace(-wander, wander, searches)
    variance = (ends**2).sum() / (searches - 1)  # of each model, so of both together
    least = student.ppf(0.975, 2 * (searches - 1)) * (2 * variance / searches) ** 0.5
    assert least_difference(np.vstack([0.2 + ends, 0.5 + ends])) == pytest.approx(least)
    rows = [
        {"model": model, "score": score, "value": value, "low": value - wander,
         "high": value + wander} | {f"search {i + 1}": value + end for i, end in enumerate(ends)}
        for score in ("fit", "check", "within_3", "order_late", "youden")
        for model, value in (("model", 0.2), ("coins", 0.2 + 0.1 * (score == "check")))
    ]  # fmt: skip
    said = finding(pd.DataFrame(rows), [MODEL, COINS])[0]
    doubt = "" if told else f", but {searches} searches of each do not tell them apart"
    assert said.endswith(f"coins (0.300) is better than model (0.200){doubt}.")
    assert told == (least < 0.1)


def test_models_that_do_not_differ_are_told_apart_as_seldom_as_asked() -> None:
    """One or more of ten in at most one case of twenty; in one of ten where some wander thrice as
    far as others, and the model farthest.
    """
    rng, times = np.random.default_rng(5), 2_000
    unlike = np.linspace(1.5, 0.5, 11)[:, None]
    for wander, bound in ((1.0, 0.05), (unlike, 0.1), (unlike[::-1], 0.05)):
        wrong = 0
        for _ in range(times):
            each = rng.normal(0.3, 0.01 * wander, (11, 2))
            value = each.mean(axis=1)
            wrong += bool((abs(value - value[0]) > least_difference(each)).any())
        assert 0 < wrong < bound * times


# faces

RUSSIA = build_world(load_scenario("ussr-1922"))
STALIN, TROTSKY, KAMENEV = (RUSSIA.names.index(n) for n in ("Stalin", "Trotsky", "Kamenev"))


def record_of(*entries: dict[str, int], ballots: np.ndarray | None = None) -> Record:
    """A history that consists of these entries."""
    rows = np.zeros(len(entries), j.ENTRY)
    for row, entry in zip(rows, entries, strict=True):
        for name, value in ({"ballot": -1} | entry).items():
            row[name] = value
    slots = len(RUSSIA.names)
    kept = np.full((0, slots), -1, np.int8) if ballots is None else ballots
    return Record(RUSSIA, 0, rows, kept, RUSSIA.body, None, 213)


def entry(kind: int, month: int, who: int, whom: int, **more: int) -> dict[str, int]:
    return {"kind": kind, "month": month, "who": who, "whom": whom, **more}


def divided(month: int, whom: int, carried: int = 1, ballot: int = -1) -> dict[str, int]:
    """Stalin against somebody on a policy."""
    return entry(j.DIVISION, month, STALIN, whom, carried=carried, ballot=ballot)


def test_roll_calls_against_one_man_are_counted_until_he_is_accused() -> None:
    told = [divided(m, TROTSKY) for m in range(4)] + [divided(4, KAMENEV)]
    told += [entry(j.DEMAND, 5, STALIN, TROTSKY), divided(6, TROTSKY)]
    assert faces.longest_run(record_of(*told)) == [4]
    assert faces.longest_run(record_of()) == [0]


def test_a_demand_follows_where_it_is_soon_and_against_the_beaten() -> None:
    told = [
        divided(0, TROTSKY), divided(1, KAMENEV), divided(2, TROTSKY, carried=0),
        entry(j.DEMAND, faces.SOON, STALIN, TROTSKY),
        entry(j.DEMAND, faces.SOON + 2, STALIN, KAMENEV),
    ]  # fmt: skip
    assert faces.demands_after(record_of(*told)) == [1, 0, 0]
    told += [entry(j.DEMAND, faces.SOON + 2, KAMENEV, STALIN)]
    assert faces.demands_after(record_of(*told)) == [1, 0, 1], "the mover may be the beaten"


def test_coalitions_are_counted_with_their_founders_their_months_and_who_crosses() -> None:
    ballots = np.full((2, len(RUSSIA.names)), -1, np.int8)
    ballots[0, [STALIN, KAMENEV]] = 1
    ballots[1, [TROTSKY, KAMENEV]], ballots[1, STALIN] = 1, 0
    told = [
        entry(j.FORMED, 10, STALIN, TROTSKY, ballot=0),
        entry(j.LEFT, 30, KAMENEV, STALIN),
        entry(j.FORMED, 40, TROTSKY, STALIN, ballot=1),
        entry(j.CROSSED, 50, KAMENEV, TROTSKY, what=STALIN),
    ]  # fmt: skip
    record = record_of(*told, ballots=ballots)
    assert faces.coalitions(record) == [2] and faces.switches(record) == [1]
    assert faces.founders(record) == [2, 2]
    assert sorted(faces.lives(record))[:2] == [10, 20], "one ends when he leaves, one when he goes"
    assert faces.lives(record_of(*told[:1], ballots=ballots)) == [213 - 10]
    assert faces.lives(record_of()) == faces.founders(record_of()) == []


def test_only_heads_who_still_sit_are_counted_in_a_division() -> None:
    full = [k for k, status in enumerate(RUSSIA.body.status) if status == FULL]
    ballots = np.full((2, len(RUSSIA.names)), -1, np.int8)
    ballots[:, full] = 1
    ballots[:, [TROTSKY, KAMENEV]] = 0
    told = [
        divided(0, TROTSKY, ballot=0),
        entry(j.SANCTION, 1, TROTSKY, STALIN, what=REMOVED),
        divided(2, KAMENEV, ballot=1),
    ]  # fmt: skip
    record = record_of(*told, ballots=ballots)
    heads = len(full)
    assert faces.winners_share(record) == [(heads - 2) / heads, (heads - 2) / (heads - 1)]
    assert faces.losing_two(record) == [1, 0]
    assert faces.most_removals(record) == [1]
    struck = entry(j.STRUCK, 3, STALIN, KAMENEV, what=REMOVED)
    fallen = entry(j.SANCTION, 3, KAMENEV, STALIN, what=REMOVED)
    assert faces.most_removals(record_of(struck, fallen)) == [1], "a strike is one removal"


@pytest.mark.parametrize("seed", range(6))
def test_the_heads_told_from_the_entries_are_the_body_s(seed: int) -> None:
    record = Politburo(RUSSIA, seed).run().record
    *_, (_, heads) = faces.sittings(record)
    assert heads == {k for k, status in enumerate(record.body.status) if status == FULL}
