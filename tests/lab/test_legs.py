"""Verdicts on three legs: the rule of experiments/README.md, case by case."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from politburo_sim.cli.app import app
from politburo_sim.lab.verdicts import claims, legs
from politburo_sim.lab.verdicts.legs import Weight, weigh
from politburo_sim.report.verdicts import finding

FOR, AGAINST, SILENT = Weight("x", -9.0, 1.0), Weight("x", 9.0, 1.0), Weight("x", -9.0, 4.0)
BLIND, SHARP = Weight("x", 0.0, 1.0, 0.5), Weight("x", 0.0, 1.0, 0.9)


@pytest.mark.parametrize(
    ("effect", "rules", "verdict"),
    [
        ("supported", [], "supported"),
        ("supported", [FOR, FOR], "supported"),
        ("partly", [FOR], "partly"),
        ("supported", [FOR, AGAINST], "not supported"),
        ("partly", [AGAINST, BLIND], "not supported"),
        ("supported", [FOR, BLIND], "undecidable from this record"),
        ("partly", [SHARP, BLIND], "undecidable from this record"),
        ("supported", [SHARP], "undecided"),
        ("supported", [SILENT], "undecided"),
        ("supported", [None], "undecided"),
        ("not supported", [FOR], "not supported"),
        ("not supported", [AGAINST, BLIND], "not supported"),
        ("undecided", [FOR], "undecided"),
    ],
)
def test_every_case_of_the_rule(effect: str, rules: list[Weight | None], verdict: str) -> None:
    assert weigh(effect, rules) == verdict


@given(st.floats(-60, 60), st.floats(0, 20))
def test_the_record_says_one_thing_of_a_rule(factor: float, error: float) -> None:
    says = Weight("x", factor, error).says
    assert (says == "for") == (factor + 2 * error < -3)
    assert (says == "against") == (factor - 2 * error > 3)
    mirrored = Weight("x", -factor, error).says
    assert mirrored == {"for": "against", "against": "for", "silent": "silent"}[says]


def test_an_error_that_is_not_known_leaves_the_record_silent() -> None:
    assert Weight("x", -50.0, math.nan).says == "silent"


def judge(folder: Path, rows: str, covered: float = 0.8, records: int = 100) -> Path:
    """The results of a judge: its factors, a power for each, and how often its sets hold."""
    folder.mkdir(parents=True)
    (folder / "evidence.csv").write_text(f"model,log_bayes_factor,error\n{rows}", "utf-8")
    names = [row.partition(",")[0] for row in rows.splitlines()]
    seen = "".join(f"{name},present,{covered},0\n" for name in names)
    (folder / "power.csv").write_text(f"mechanism,planted,noticed,misled\n{seen}", "utf-8")
    (folder / "coverage.csv").write_text(
        f"level,covered,parameters,records\n0.5,0.5,57,{records}\n0.8,{covered},57,{records}\n",
        "utf-8",
    )
    return folder


def results(folder: Path) -> Path:
    (folder / "claims").mkdir()
    (folder / "evidence").mkdir()
    (folder / "evidence" / "coverage.csv").write_text(
        "level,covered,parameters,records\n0.8,0.79,57,200\n", "utf-8"
    )
    (folder / "claims" / "verdicts.csv").write_text(
        "claim,title,verdict\nC1,One,partly\nC2,Two,supported\nC5,Five,supported\n", "utf-8"
    )
    (folder / "evidence" / "evidence.csv").write_text(
        "model,log_bayes_factor,error\nmodel,0,0\nno-appointments,-20,1\nno-unity-norm,1,1\n",
        "utf-8",
    )
    (folder / "evidence" / "power.csv").write_text(
        "mechanism,planted,noticed,misled\nno-unity-norm,present,0.25,0.5\n"
        "no-unity-norm,absent,1,0\n",
        "utf-8",
    )
    return folder


def test_the_command_reads_the_legs_and_says_where_they_part(tmp_path: Path) -> None:
    home = results(tmp_path)
    done = CliRunner().invoke(app, ["verdicts", "--results", str(home), "--json"])
    assert done.exit_code == 0, done.output
    said = {row["claim"]: row for row in json.loads(done.output)["claims"]}
    assert [row["verdict"] for row in said.values()] == [
        "partly", "supported", "undecidable from this record",
    ]  # fmt: skip
    assert "power 25 %, misled 50 %" in said["C5"]["legs"] and said["C2"]["legs"] == "agree"
    page = (home / "verdicts" / "report.html").read_text("utf-8")
    assert "The legs disagree: C5 is supported by the effect, but undecidable" in page
    assert (home / "verdicts" / "figures" / "verdicts.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("covered", "records", "right"),
    [(0.8, 100, True), (0.7, 100, True), (0.9, 1000, True), (0.69, 1000, False),
     (0.91, 1000, False), (0.8, 99, False)],
)  # fmt: skip
def test_a_judge_is_heard_that_is_right_about_itself(
    tmp_path: Path, covered: float, records: int, right: bool
) -> None:
    judge(tmp_path / "evidence", "x,-9,1\n", covered, records)
    assert legs.is_right_about_itself(tmp_path / "evidence") is right
    assert bool(legs.heard(tmp_path)) is right


def test_a_judge_that_was_never_tried_is_not_heard(tmp_path: Path) -> None:
    assert legs.heard(tmp_path) == {}
    folder = judge(tmp_path / "evidence", "x,-9,1\n")
    (folder / "coverage.csv").write_text("level,covered,parameters,records\n0.5,0.5,57,900\n")
    assert legs.heard(tmp_path) == {}
    (folder / "coverage.csv").unlink()
    assert legs.heard(tmp_path) == {}


def test_of_two_judges_the_surer_speaks_on_each_rule(tmp_path: Path) -> None:
    judge(tmp_path / "classified", "x,-5,1\ny,-5,0.2\nz,-5,1.5\n", 0.85)
    judge(tmp_path / "evidence", "x,-6,0.5\ny,-6,0.5\nz,-6,nan\nw,-6,1.4\n", 0.75)
    found = legs.heard(tmp_path)
    assert {name: (w.factor, w.power) for name, w in found.items()} == {
        "x": (-6, 0.75), "y": (-5, 0.85), "w": (-6, 0.75),
    }  # fmt: skip


def test_a_bound_is_said_as_one(tmp_path: Path) -> None:
    folder = judge(tmp_path / "classified", "x,-9,0\ny,-9,0.5\n")
    (folder / "evidence.csv").write_text(
        'model,log_bayes_factor,error,how\nx,-9,0,"alone, bound"\ny,-9,0.5,alone\n', "utf-8"
    )
    found = legs.heard(tmp_path)
    assert found["x"].words == f"x: for the rule ({legs.MINUS}9.0 or beyond, power 80 %)"
    assert found["y"].words == f"y: for the rule ({legs.MINUS}9.0 ± 0.5, power 80 %)"


def test_passes_that_saw_one_side_alone_are_not_heard(tmp_path: Path) -> None:
    """The other may have been lost by drift; an error of nought would always speak."""
    judge(tmp_path / "classified", "x,-2,0.5\n")
    folder = judge(tmp_path / "evidence", "x,-9,0\ny,-9,0\n")
    (folder / "evidence.csv").write_text(
        'model,log_bayes_factor,error,how\nx,-9,0,"in or out, bound"\ny,-9,0,"in or out, bound"\n',
        "utf-8",
    )
    assert {name: w.factor for name, w in legs.heard(tmp_path).items()} == {"x": -2.0}
    told = folder.joinpath("evidence.csv").read_text("utf-8")
    (tmp_path / "classified" / "evidence.csv").write_text(told, "utf-8")
    assert legs.heard(tmp_path)["y"].factor == -9.0, "networks that all reach the bound agree"


def test_judges_that_speak_against_one_another_leave_the_record_silent(tmp_path: Path) -> None:
    judge(tmp_path / "classified", "x,-9,0.4\ny,-9,0.4\n")
    judge(tmp_path / "evidence", "x,9,0.2\ny,1,0.2\n")
    found = legs.heard(tmp_path)
    assert found["x"].says == found["y"].says == "silent"
    assert (found["x"].factor, found["y"].factor) == (9.0, 1.0), "what was found is said"
    assert "contradict" in found["x"].words and "contradict" not in found["y"].words


def test_without_a_first_leg_there_is_an_error(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["verdicts", "--results", str(tmp_path)])
    assert done.exit_code == 2 and "politburo-sim claims" in done.output


def test_claims_that_name_no_rule_agree_with_their_effect() -> None:
    of = {claim.id: claim.mechanisms for claim in claims.load_claims()}
    table = legs.table(dict.fromkeys(of, "supported"), of, {})
    free = table[[not of[id] for id in table["claim"]]]
    assert set(free["verdict"]) == {"supported"} and set(free["legs"]) == {"agree"}
    rest = table[[bool(of[id]) for id in table["claim"]]]
    assert set(rest["verdict"]) == {"undecided"}
    table.insert(1, "title", "x")
    assert finding(table)[0].startswith("The legs disagree")
