"""What commands leave behind: no other result is written over, it is made again by what it says,
and what cannot be done is refused before anything is run."""

import html
import json
import os
import shlex
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from test_cli import EXPERIMENT, OWN, call, good, refused

from politburo_sim.cli import evidence
from politburo_sim.lab import plan
from politburo_sim.lab.bench import Effort
from politburo_sim.lab.kinds.contrasts import Contrasts
from politburo_sim.lab.provenance import write_manifest

SHORT = 'title = "x"\nextends = "ussr-1922"\nend = "1923-12"\n'


@pytest.fixture
def short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A world of a few months whose path has a space, in the folder that one is in."""
    monkeypatch.chdir(tmp_path)
    Path("my world.toml").write_text(SHORT, encoding="utf-8")
    return "my world.toml"


def manifest(folder: Path | str) -> dict[str, Any]:
    return dict(json.loads((Path(folder) / "manifest.json").read_text(encoding="utf-8")))


def on_page(folder: Path | str) -> str:
    return html.unescape((Path(folder) / "report.html").read_text(encoding="utf-8"))


# no other result is written over


def test_odds_of_another_question_lie_in_another_folder(short: str) -> None:
    usual = Path("results", "odds-my world-1")
    words = ("odds", short, "--seed", "1", "--futures")
    first = good(*words, "9")
    table = (usual / "odds.csv").read_bytes()
    other = good(*words, "5", "--set", "switching=0")
    assert str(usual) in first and f"{usual}-2" in other
    assert (usual / "odds.csv").read_bytes() == table
    assert manifest(usual)["futures"] == 9
    assert manifest(f"{usual}-2")["settings"] == {"switching": 0.0}
    assert good(*words, "9") == first and (usual / "odds.csv").read_bytes() == table
    assert "another result" in refused(*words, "5", "--out", str(usual))


def test_a_run_is_not_left_over_another(short: str) -> None:
    words = ("run", short, "--out", "here", "--seed")
    good(*words, "1")
    before = {path: path.read_bytes() for path in Path("here").iterdir()}
    assert "the folder already holds another result" in refused(*words, "2")
    assert "the folder already holds another result" in refused(*words, "1", "--set", "unity=0")
    good(*words, "1")
    assert {path: path.read_bytes() for path in Path("here").iterdir()} == before
    assert manifest("here")["command"] == f"politburo-sim run '{short}' --seed 1"


def test_a_history_is_exported_over_its_own_file_alone(short: str) -> None:
    words = ("export", short, "--futures", "2", "--out", "history.html", "--seed")
    good(*words, "1")
    before = Path("history.html").read_bytes()
    said = refused(*words, "2")
    assert "history.html: is there already" in said and "another name" in said
    assert Path("history.html").read_bytes() == before
    good(*words, "1")
    assert Path("history.html").read_bytes() == before
    Path("notes.txt").write_text("x")
    assert "is there already" in refused(*words, "1", "--out", "notes.txt")
    assert "no file is named" in refused(*words, "1", "--out", "")
    assert "no file is named" in refused(*words, "1", "--out", ".")


# what is printed makes it again


def test_the_command_of_odds_gives_them_again(short: str) -> None:
    words = ("odds", short, "--at", "1923-06", "--futures", "9", "--set", "unity=0.4")
    asked = good(*words, "--out", "here", "--json")
    command = manifest("here")["command"]
    assert command in on_page("here")
    assert (
        good(*shlex.split(command)[1:], "--json") == asked != good(*words[:2], *words[4:], "--json")
    )


def test_the_command_of_a_history_gives_it_again(short: str) -> None:
    words = ("export", short, "--futures", "2", "--seed", "1", "--set", "unity=0.4", "--out")
    good(*words, "one.html")
    page = html.unescape(Path("one.html").read_text(encoding="utf-8"))
    command = page.split("Made by <code>")[1].split("</code>")[0]
    good(*shlex.split(command.replace("FILE.html", "two.html"))[1:])
    assert Path("two.html").read_bytes() == Path("one.html").read_bytes()


def test_the_command_of_a_sweep_has_its_names_quoted(short: str) -> None:
    Path("my question.toml").write_text(EXPERIMENT, encoding="utf-8")
    good("sweep", "my question.toml", "--quick", "--out", "here", "--quiet")
    assert "politburo-sim sweep 'my question.toml' --quick" in on_page("here")


def test_the_command_of_claims_names_them_and_its_manifest_what_was_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Claims asked for alone have a page of their own: that of all stays."""
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "verdicts.csv").write_text("of all", encoding="utf-8")
    monkeypatch.setattr(Contrasts, "effort", lambda *_: Effort(4, 2))
    good("claims", "C12", "--quick", "--out", str(tmp_path), "--quiet")
    assert [path.name for path in (tmp_path / "claims").iterdir()] == ["verdicts.csv"]
    assert (tmp_path / "claims" / "verdicts.csv").read_text(encoding="utf-8") == "of all"
    said = manifest(tmp_path / "claims-C12")
    assert said["command"] == "politburo-sim claims C12 --quick --seed 0 --seeds 1"
    assert said["effort"] == {"E11": {"draws": 4, "replicates": 2}} and said["claims"] == ["C12"]
    page = on_page(tmp_path / "claims-C12")
    assert "4 draws of the ensemble, 2 histories each" in page and said["command"] in page


def test_quick_claims_are_not_left_over_those_in_full_and_quiet_ones_have_no_closing_lines(
    short: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Contrasts, "effort", lambda *_: Effort(4, 2))
    said = good("claims", "C12", "--quick", "--quiet")
    assert said.startswith("C12") and "Report:" not in said and "Quick:" not in said
    assert [path.name for path in Path("results").iterdir()] == ["claims-quick"]


@pytest.mark.parametrize("command", ["fit", "claims", "gate", "classify", "evidence", "power"])
def test_a_folder_that_takes_nothing_is_told_before_the_long_ones_begin(
    command: str, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    done = call(command, "--out", str(tmp_path / "file" / "below"))
    assert done.exit_code == 2 and "cannot be written: Not a directory" in done.stderr
    assert " a second" not in done.stderr, "no progress: nothing was begun"


@pytest.mark.parametrize("command", ["fit", "scores", "sensitivity", "gate", "votes", "ideals",
                                     "forecast ussr-1922"])  # fmt: skip
def test_a_result_of_another_kind_is_not_written_over(command: str, tmp_path: Path) -> None:
    write_manifest(tmp_path, kind="contrasts", experiment={"id": "E1"}, scenario={}, effort={})
    before = (tmp_path / "manifest.json").read_bytes()
    said = refused(*command.split(), "--out", str(tmp_path))
    assert "already holds a result of another kind" in said and "given: 'contrasts'" in said
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [before]


def test_a_sweep_into_a_folder_that_is_taken_begins_no_bar(tmp_path: Path) -> None:
    words = ("sweep", "unity-x-opportunism", "--quick", "--out", str(tmp_path))
    write_manifest(tmp_path, kind="sweep", experiment={"id": "E1"}, scenario={}, effort={})
    said = refused(*words)
    assert "the folder already holds a result" in said and " a second" not in said


# before anything is run


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*given: Any, **options: Any) -> Any:
        raise AssertionError("something was run")

    for place in ("matter.comparison.until", "ahead.odds.odds_of", "weigh.given.odds_given",
                  "weigh.three_ways.three_ways", "matter.onward.onward"):  # fmt: skip
        monkeypatch.setattr(f"politburo_sim.lab.{place}", run)
    monkeypatch.setattr("politburo_sim.view.handout.make.make", run)


WRITING = [
    ("compare", "ussr-1922", "letter-read-1924", "--runs", "4"),
    ("compare", "ussr-1922", "letter-read-1924", "--quick", "--given-all"),
    ("odds", "ussr-1922", "--futures", "4"),
    ("odds", "ussr-1922", "--given", "1922-06"),
    ("export", "ussr-1922", "--futures", "2"),
]


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize("words", WRITING, ids=" ".join)
def test_a_folder_that_takes_no_file_is_told_before_anything_is_run(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    said = refused(*words, "--out", str(tmp_path / "file" / "below" / "x.html"))
    assert "cannot be written: Not a directory" in said and "what to do: free space" in said
    if os.geteuid():
        tmp_path.chmod(0o555)
        assert "cannot be written: Perm" in refused(*words, "--out", str(tmp_path / "new" / "x"))
        tmp_path.chmod(0o755)


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize("words", WRITING[:4], ids=" ".join)
def test_a_folder_of_another_result_is_told_before_anything_is_run(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").touch()
    assert "already holds another result" in refused(*words, "--out", str(tmp_path))


def test_a_command_that_cannot_go_on_is_not_told_to(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = refused("new", str(tmp_path / "file" / "mine"))
    assert "cannot be written" in said and "--resume" not in said


def test_one_run_is_too_few_over_the_ensemble(tmp_path: Path) -> None:
    file, out = tmp_path / "mine.toml", tmp_path / "out"
    text = OWN.replace("both.toml", "no-faction-ban")
    file.write_text(text, encoding="utf-8")
    words = ("ask", str(file), "--out", str(out))
    said = refused(*words, "--runs", "1")
    assert "--runs: too few runs" in said and "from 2: over the ensemble" in said
    assert not out.exists()
    good(*words, "--runs", "2", "--quiet")
    write_manifest(
        out, kind="contrasts", experiment={}, scenario={}, effort={"draws": 1, "replicates": 1}
    )
    assert "begun with too few runs" in refused(*words, "--resume")
    file.write_text(text.replace("scenario =", "replicates = 1\nscenario =", 1), encoding="utf-8")
    assert "replicates" in refused("check", str(file))


def test_of_a_sweep_one_run_is_enough() -> None:
    assert plan.load("unity-x-opportunism").effort(runs=1) == Effort(1, 1)


@pytest.mark.usefixtures("nothing_runs")
@pytest.mark.parametrize(
    ("more", "part"),
    [
        (["--out", "here"], "--out"), (["--precision", "0.01"], "--precision"),
        (["--at-defaults"], "--at-defaults"), (["--quick"], "--quick"),
        (["--ensemble", "few.csv"], "--ensemble"),
    ],
)  # fmt: skip
def test_from_a_month_on_what_is_not_heeded_is_refused(more: list[str], part: str) -> None:
    said = refused("compare", "ussr-1922", "trotsky-speaks-1923", "--from", "1923-04", *more)
    assert "--from: that cannot be asked" in said and f"given: '{part}'" in said


@pytest.mark.usefixtures("nothing_runs")
def test_from_a_month_on_a_setting_is_of_both_worlds() -> None:
    said = refused(
        "compare", "ussr-1922", "ussr-1922", "--from", "1923-04", "--set", "B.switching=0"
    )
    assert "a setting is of both worlds" in said and "given: 'B.switching=0'" in said
    assert "did you mean" not in said


def test_what_no_number_says_is_null(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame({"model": ["coins"], "error": [float("nan")]})
    found = SimpleNamespace(extra={"evidence": table})
    monkeypatch.setattr(evidence, "_weigh", lambda *_: (None, found))
    monkeypatch.setattr("politburo_sim.report.evidence.evidence_report", lambda *_: Path("page"))
    said = json.loads(good("evidence", "--json"), parse_constant=pytest.fail)
    assert said["evidence"] == [{"model": "coins", "error": None}]
