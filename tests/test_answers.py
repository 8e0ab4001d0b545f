"""Answers in Python: a sentence and a table, a figure, files only where they are asked for."""

import json
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

import politburo_sim
from politburo_sim import Answer, Politburo, ask, compare, evaluate, load_scenario, odds
from politburo_sim.files.errors import InputError, ResultError
from politburo_sim.lab.runs import replicate_seeds, run_many
from politburo_sim.worlds.world import build_world

SWEEP = """\
id = "tiny"
title = "A tiny sweep"
question = "Does it matter?"
scenario = "ussr-1922"
outcomes = ["established"]

[levers]
unity = [0, 1]

[design]
kind = "grid"
replicates = 3
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


def prints(answer: Answer) -> None:
    text, page = repr(answer), answer._repr_html_()
    assert text.startswith(answer.sentence) and text.count("\n") > 1
    assert "<table" in page and isinstance(answer.frame, pd.DataFrame)
    assert isinstance(answer.figure(), Figure)
    assert not list(Path().iterdir())  # nothing is left behind


def test_a_comparison_prints_draws_and_saves_itself(here: Path) -> None:
    answer = compare("ussr-1922", "letter-read-1924", runs=20)
    prints(answer)
    assert answer.frame["effect"].tolist() == [answer.found.main.effect.effect]
    assert answer.sentence in repr(answer)
    page = answer.save(here / "kept")
    assert page.is_file() and answer.save(here / "kept") == page  # the same answer again
    with pytest.raises(ResultError, match="another result"):
        compare("ussr-1922", "letter-read-1924", runs=22).save(here / "kept")


def test_odds_save_themselves_over_no_other(here: Path) -> None:
    model = Politburo(load_scenario("letter-read-1924"), seed=3)
    model.step()
    page = odds(model, futures=4).save(here / "kept")
    assert page.is_file() and odds(model, futures=4).save(here / "kept") == page
    said = json.loads((here / "kept" / "manifest.json").read_text(encoding="utf-8"))
    assert said["command"] == (
        "politburo-sim odds letter-read-1924 --seed 3 --futures 4 --at 1922-05"
    )
    with pytest.raises(ResultError, match="another result"):
        odds(model, futures=5).save(here / "kept")
    set_aside = build_world(load_scenario("letter-read-1924"), {"opacity": 0.25})
    with pytest.raises(ResultError, match="another result"):
        odds(Politburo(set_aside, seed=3), futures=4).save(here / "kept")


def test_a_question_from_a_file_prints_draws_and_saves_itself(here: Path) -> None:
    (here / "tiny.toml").write_text(SWEEP, encoding="utf-8")
    answer = ask(here / "tiny.toml")
    prints(answer)
    assert answer.frame["unity"].tolist() == [0, 1]
    page = answer.save(here / "kept")
    assert page.is_file() and (here / "kept" / "points.csv").is_file()
    ask(here / "tiny.toml", out=here / "at-once")
    assert (here / "at-once" / "report.html").is_file()


def test_the_model_is_a_function_of_a_table() -> None:
    table = pd.DataFrame(
        {"unity": [0.0, 1.0, 1.0], "opportunism": [0.5, 0.5, None]}, index=list("abc")
    )
    found = evaluate("ussr-1922", table, ["established", "removed"], histories=6, seed=3)
    assert list(found.index) == ["a", "b", "c"] and list(found) == ["established", "removed"]
    world = build_world(load_scenario("ussr-1922"), {"unity": 1.0, "opportunism": 0.5})
    out = run_many(world, replicate_seeds(3, 6))
    assert found.loc["b", "established"] == (out.ruler >= 0).mean()
    # What a row leaves open is the world's own, and a world's own settings are kept.
    assert found.loc["c"].equals(found.loc["b"])
    set_already = build_world(load_scenario("ussr-1922"), {"opportunism": 0.9})
    one = evaluate(set_already, [{"unity": 1}], ["removed"], histories=6, seed=3)
    two = evaluate(
        "ussr-1922", [{"unity": 1, "opportunism": 0.9}], ["removed"], histories=6, seed=3
    )
    assert one.equals(two)


def test_a_table_that_cannot_be_run_is_refused() -> None:
    with pytest.raises(InputError, match="no such outcome, did you mean 'established'"):
        evaluate("ussr-1922", [{"unity": 1}], ["establishd"])
    with pytest.raises(InputError, match="no such parameter"):
        evaluate("ussr-1922", [{"unty": 1}])
    with pytest.raises(InputError, match="out of range"):
        evaluate("ussr-1922", [{"unity": 2}])
    with pytest.raises(InputError, match="1 or more"):
        evaluate("ussr-1922", [{"unity": 1}], histories=0)
    assert evaluate("ussr-1922", pd.DataFrame({"unity": []})).empty


def test_one_outcome_may_be_named_by_itself() -> None:
    found = evaluate("power-game", [{"unity": 1}], "established", histories=2)
    assert found.equals(evaluate("power-game", [{"unity": 1}], ["established"], histories=2))


def test_every_public_name_is_there() -> None:
    for name in politburo_sim.__all__:
        assert getattr(politburo_sim, name) is not None
