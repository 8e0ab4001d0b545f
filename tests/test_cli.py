"""The command line, as somebody meets it who types what he should not."""

import html
import json
import re
import shlex
import subprocess
import sys
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from politburo_sim.cli.app import app
from politburo_sim.files import locate
from politburo_sim.lab import provenance
from politburo_sim.state.parameters import PARAMETERS, TABLE
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.skeleton import skeleton

ROOT = Path(__file__).resolve().parents[1]
EXPERIMENT = """\
id = "tiny"
title = "A tiny sweep"
question = "Does it matter?"
scenario = "equal-body"
outcomes = ["established", "leader_share"]

[levers]
unity = [0, 1]

[design]
kind = "grid"
replicates = 6
quick = 3
"""


def call(*words: str) -> Result:
    done = CliRunner().invoke(app, words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def good(*words: str) -> str:
    done = call(*words)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def refused(*words: str) -> str:
    """What is said on standard error; nothing may stand on standard output."""
    done = call(*words)
    assert (done.exit_code, done.stdout) == (2, ""), done.output
    assert "Traceback" not in done.stderr
    return done.stderr


def process(*words: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "politburo_sim.cli.app", *words]
    return subprocess.run(command, capture_output=True, check=False)


def test_the_version_is_that_of_the_package_with_the_commit_of_a_checkout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    made_from = provenance.commit()
    said = f" (commit {made_from})" if made_from else ""
    assert good("--version") == f"politburo-sim {number}{said}\n"
    monkeypatch.setattr(provenance, "commit", lambda: None)  # as once installed
    assert good("--version") == f"politburo-sim {number}\n"


# run


def test_run_as_json_has_the_promised_keys() -> None:
    said = json.loads(good("run", "ussr-1922", "--seed", "7", "--json"))
    assert {
        "scenario", "seed", "months", "removals", "established", "shares", "counts",
    } <= said.keys()  # fmt: skip
    assert (said["scenario"], said["seed"], said["months"]) == ("ussr-1922", 7, 213)
    assert sum(said["shares"].values()) == pytest.approx(1, abs=1e-4)
    assert said["established"] is None or {"member", "month"} == said["established"].keys()


def test_the_same_command_twice_is_the_same_to_the_byte() -> None:
    """In processes of their own, where hashes of words differ."""
    one, two = (process("run", "ussr-1922", "--seed", "7", "--quiet") for _ in range(2))
    assert one.returncode == 0, one.stderr
    assert one.stdout == two.stdout
    assert one.stdout.count(b"\n") > 50


def test_a_history_is_told_without_what_only_figures_and_intervals_need() -> None:
    code = (
        "import sys; from politburo_sim.cli.app import app;"
        "app(['run', 'equal-body', '--quiet'], standalone_mode=False);"
        "print({'matplotlib', 'scipy.stats'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "set()"


def sentences(chronicle: str) -> list[str]:
    """The chronicle from its first year on, sentence by sentence."""
    body = re.split(r"\n(?=[0-9]{4}\n)", chronicle.split("\nPower at the end")[0], maxsplit=1)[1]
    return re.split(r"(?<=[.])\s+", " ".join(body.split()))


def test_an_alternative_is_word_for_word_the_base_until_its_month() -> None:
    base = sentences(good("run", "ussr-1922", "--seed", "7"))
    alt = sentences(good("run", "trotsky-speaks-1923", "--seed", "7"))
    apart = next(i for i, (one, two) in enumerate(zip(base, alt, strict=False)) if one != two)
    assert apart > 10
    assert any("In March Lenin suffers a third stroke" in one for one in base[:apart])
    assert "Trotsky moves at the XII Congress" in " ".join(alt[apart : apart + 3])
    assert "here this world departs from the record" in " ".join(alt[apart : apart + 3])


def test_the_closing_table_has_who_is_in_the_body_and_no_row_of_noughts() -> None:
    table = good("run", "ussr-1922", "--seed", "7").split("\nPower at the end")[1]
    assert "out of the body" not in table and "dead" not in table and " %" in table
    assert "December 1939" in table and "base: share of the Central Committee" in table


def test_run_begins_with_how_it_ended() -> None:
    printed = good("run", "ussr-1922", "--seed", "7").split("\n\n")
    assert printed[0] == "The Politburo, 1922-1939"
    assert "rule alone" in printed[1] and "December 1939" in printed[1]
    assert not re.search(r"\d\.\d{4}|\de-\d", " ".join(printed))


def test_another_seed_and_a_setting_make_another_history() -> None:
    one, usual = good("run", "ussr-1922", "--seed", "7"), PARAMETERS["temperature"].default
    assert one != good("run", "ussr-1922", "--seed", "8")
    assert one != good("run", "ussr-1922", "--seed", "7", "--set", "unity=0")
    assert one == good("run", "ussr-1922", "--seed", "7", "--set", f"temperature={usual}")
    assert good("run", "ussr-1922") == good("run", "ussr-1922", "--seed", "0")


def test_run_leaves_its_tables(tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    printed = good("run", "equal-body", "--seed", "3", "--out", str(out))
    assert {path.name for path in out.iterdir()} == {
        "chronicle.txt", "roll_calls.csv", "power.csv", "shares.csv", "outcome.json",
        "manifest.json",
    }  # fmt: skip
    assert printed.startswith((out / "chronicle.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize("seed", ["-1", "7.9", str(2**63), "abc", "", "1e3", "0x7", "nan"])
@pytest.mark.parametrize("words", [("run", "equal-body"), ("odds", "ussr-1922")])
def test_a_bad_seed_is_refused(words: tuple[str, ...], seed: str) -> None:
    assert "'--seed'" in refused(*words, "--seed", seed)


def test_the_largest_seed_is_taken() -> None:
    said = json.loads(good("run", "equal-body", "--seed", str(2**63 - 1), "--json"))
    assert said["seed"] == 2**63 - 1


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ("unity", ("not a setting", "NAME=NUMBER", "--set unity=0.5")),
        ("unity=x", ("not a setting", "'unity=x'")),
        ("unty=0.5", ("no such parameter, did you mean 'unity'?",)),
        ("opportunsm=0.5", ("did you mean 'opportunism'?",)),
        ("unity=5", ("--set unity: out of range", "a number from 0 to 1")),
        ("unity=-0.1", ("out of range",)),
        ("unity=nan", ("out of range", "nan")),
        ("temperature=inf", ("out of range", "inf")),
        ("caucus_rounds=2.5", ("out of range", "a whole number from 0 to 8")),
        ("=1", ("no such parameter",)),
    ],
)
def test_a_bad_setting_is_refused(given: str, parts: tuple[str, ...]) -> None:
    said = refused("run", "equal-body", "--set", given)
    for part in parts:
        assert part in said


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("run", "usr-1922"), ("did you mean 'ussr-1922'?", "politburo-sim list")),
        (("run", "."), ("is a folder",)),
        (("show", "usr-1922"), ("did you mean 'ussr-1922'?",)),
        (("compare", "ussr-1922", "trotsky-speaks-1932"), ("'trotsky-speaks-1923'?",)),
        (("sweep", "unity-opportunism"), ("did you mean 'unity-x-opportunism'?",)),
        (("rerun", ".", "0"), ("no result here",)),
        (("odds", "ussr-1922", "--at", "1924-13"), ("no such month", "1922-04 to 1939-12")),
        (("odds", "ussr-1922", "--at", "1940-01"), ("no such month", "1922-04 to 1939-12")),
        (("odds", "ussr-1922", "--at", "1924-1"), ("--at: no such month", "write it as")),
        (
            ("compare", "ussr-1922", "trotsky-speaks-1923", "--from", "1940-01"),
            ("--from: no such month", "1922-04 to 1939-12"),
        ),
        (("odds", "ussr-1922", "--given", "1925"), ("--given: no such month", "write it as")),
        (("odds", "ussr-1922", "--given", "1940-01"), ("--given: no such month", "1922-04 to")),
        (("odds", "ussr-1922", "--given", "1922-04"), ("--given: nothing comes before it",)),
        (
            ("odds", "ussr-1922", "--given", "1932-01"),
            ("--given: the record does not reach so far", "to January 1931"),
        ),
        (("odds", "presidium-1953", "--given", "1950-01"), ("write it as 1953-03",)),
        (("show", "opportunsm"), ("did you mean 'opportunism'?", "a claim, a parameter")),
        (("claims", "--seed", "-1"), ("'--seed'",)),
        (("forecast", "usr-1922"), ("did you mean 'ussr-1922'?",)),  # no --out: its default
        (("gallery", "ussr-1922"), ("unexpected extra argument",)),
        (
            ("compare", "ussr-1922", "lenin-dies-1922", "--ensemble", "none.csv"),
            ("none.csv: no such file", "check the path"),
        ),
        (("odds", "ussr-1922", "--futures", "0"), ("'--futures'",)),
        (("compare", "ussr-1922", "equal-body", "--runs", "1"), ("'--runs'",)),
        (("compare", "ussr-1922", "equal-body", "--precision", "0"), ("'--precision'",)),
        (("sweep", "unity-x-opportunism", "--runs", "0"), ("'--runs'",)),
        (("sweep", "unity-x-opportunism", "--workers", "0"), ("'--workers'",)),
        (("compare", "ussr-1922", "equal-body", "--free"), ("No such option",)),
        (("run",), ("Missing argument",)),
        (("run", "ussr-1922", "--sed", "7"), ("No such option", "--seed")),
        (("rnu",), ("No such command", "run")),
    ],
)
def test_what_is_not_there_is_refused(words: tuple[str, ...], parts: tuple[str, ...]) -> None:
    said = refused(*words)
    for part in parts:
        assert part in said


def test_a_folder_that_cannot_be_made_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = refused("run", "equal-body", "--out", str(tmp_path / "file" / "below"))
    assert "Not a directory" in said and "below" in said and "Traceback" not in said


# list, show, check


def test_list_names_everything_with_its_title() -> None:
    said = json.loads(good("list", "--json"))
    assert said == {
        "scenarios": locate.names("scenarios"), "experiments": locate.names("experiments"),
        "records": locate.names("records"),
        "claims": [f"C{number}" for number in range(1, 13)],
        "parameters": [parameter.name for parameter in TABLE],
    }  # fmt: skip
    lines = good("list").splitlines()
    for name in said["scenarios"] + said["experiments"] + said["records"] + said["claims"]:
        assert any(re.fullmatch(rf"  {re.escape(name)} +\S.*", line) for line in lines), name
    assert "  equal-body                   Nine equals" in lines


def test_list_puts_each_parameter_under_its_mechanism() -> None:
    _, _, table = good("list").partition("\nParameters")
    under: dict[str, list[str]] = {}
    group = ""
    for line in table.splitlines()[1:]:
        words = line.split()
        if line.startswith("    "):
            under[group].append(words[0])
        else:
            (group,) = words
            under[group] = []
    assert {name: group for group, names in under.items() for name in names} == {
        parameter.name: parameter.group for parameter in TABLE
    }
    assert "danger" in under["value"] and "blocs" in under["coalitions"]


def test_show_a_world() -> None:
    text = good("show", "trotsky-speaks-1923")
    for part in ("Trotsky speaks at the XII Congress", "Changed: ", "General Secretary: Stalin"):
        assert part in text
    assert "1923-04  Trotsky moves at the XII Congress" in text
    said = json.loads(good("show", "trotsky-speaks-1923", "--json"))
    assert (said["name"], said["extends"]) == ("trotsky-speaks-1923", "ussr-1922")


def test_show_says_who_is_whose_and_what_can_be_lost(tmp_path: Path) -> None:
    file = tmp_path / "board.toml"
    text = skeleton("board", "council", 3, "1990-01", "1992-12")
    member = '[[members]]\nname = "Sue"\nstatus = "candidate"\nprestige = 1\npatron = "Tom"\n'
    bond = '[[bonds]]\nfrom = "Sue"\nto = "Tom"\nvalue = -0.25\nmutual = false\n'
    tom = member.replace("Sue", "Tom").replace('patron = "Tom"\n', "")
    file.write_text(f'leading = "Sue"\n{text}\n{member}{tom}{bond}')
    said = good("show", str(file))
    rungs = load_scenario(file).ladder
    lost = [rung.name for rung in rungs if "seat" in rung.takes]
    for part in ("Leading: Sue ", "Seats: 3, on the axes ", "   patron Tom\n", "Sue to Tom -0.25",
                 f"Ladder: {rungs[0].name}", f"{lost[0]} (takes seat)"):  # fmt: skip
        assert part in said


def test_show_says_what_a_world_leaves_out_and_what_its_interventions_are() -> None:
    text = good("show", "letter-read-1924")
    assert "Made from: ussr-1922\nLeft out of it: lenin-letter\n" in text
    said = " ".join(text.split())
    assert (
        "kind = question, who = Trotsky, against = Stalin, rung = dismissed, backer = Lenin, "
        "venue = committee, requires = seated = Trotsky; capable = Trotsky; "
    ) in said
    assert text.count("kind = ") == text.count(" *  [")
    assert "  Lenin            full       prestige 10    base 0.15\n    economy +0.5, inter" in text
    assert "General Secretary: Stalin (appointments " in text
    norm = good("show", "presidium-1957")
    assert "kind = question, who = Malenkov, against = Khrushchev" in " ".join(norm.split())
    whole = good("show", "ussr-1922")
    assert "Made from" not in whole and "kind = " not in whole


def test_worlds_joined_by_a_plus_are_one() -> None:
    name = "no-faction-ban+letter-read-1924"
    text = good("show", name)
    for part in ("no ban on factions and the letter is read out", "unity_liability = 0",
                 "Made from: no-faction-ban, letter-read-1924",
                 "1924-05  Lenin's letter is read to the full XIII Congress. *"):  # fmt: skip
        assert part in text
    assert good("check", name) == f"{name}: sound\n"
    assert "did you mean 'letter-read-1924'?" in refused("show", "no-faction-ban+letter-red-1924")


@pytest.mark.parametrize("name", locate.names("experiments"))
def test_show_an_experiment(name: str) -> None:
    said = json.loads(good("show", name, "--json"))
    text = " ".join(good("show", name).split())
    for key in ("title", "question", "scenario", "id"):
        assert said[key] in text
    if name == "unity-x-opportunism":
        assert "25 design points, 50,000 histories" in text
    if name == "e4-counterfactuals":
        assert good("show", "E4") == good("show", name)
        assert json.loads(good("show", "e4", "--json")) == said


def test_check_takes_all_that_is_shipped() -> None:
    every = [*locate.names("scenarios"), *locate.names("experiments")]
    assert good("check", *every).splitlines() == [f"{name}: sound" for name in every]
    assert json.loads(good("check", *every, "--json")) == {
        "sound": every, "wrong": {}, "doubtful": {},
    }  # fmt: skip


def test_check_tells_good_from_bad_and_goes_on(tmp_path: Path) -> None:
    world, experiment = tmp_path / "w.toml", tmp_path / "e.toml"
    world.write_text('title = "x"\naxis = ["a"]\n', encoding="utf-8")
    experiment.write_text(EXPERIMENT.replace("[0, 1]", "[0, 2]"), encoding="utf-8")
    files = (str(world), "ussr-1922", str(experiment), "nothing")
    done = call("check", *files)
    assert (done.exit_code, done.stdout) == (2, "ussr-1922: sound\n")
    assert f"{world}, line 2: axis: unknown key, did you mean 'axes'?" in done.stderr
    assert f"{experiment}, line 8: levers.unity[#2]: out of range" in done.stderr
    done = call("check", *files, "--json")
    assert (done.exit_code, done.stderr) == (2, "")
    said = json.loads(done.stdout)
    assert (said["sound"], list(said["wrong"])) == (["ussr-1922"], [files[0], *files[2:]])


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('kind = "contrast"\n', "line 1: kind: no such kind of experiment, did you mean"),
        ('kind = "contrasts"\nquestion = "?"\n', "id: missing"),
        ('kind = "survival"\nid = "W"\ntitle = "W"\nquestion = "?"\nscenario = "usr-1922"\n'
         'years = 2\n', "line 5: scenario: no such world, did you mean 'ussr-1922'?"),
        ('kind = "window"\nquestion = "?"\nstpe = 3\n', "line 3: stpe: unknown key, did you mean"),
    ],
)  # fmt: skip
def test_check_meets_the_other_kinds_of_experiment(tmp_path: Path, text: str, part: str) -> None:
    file = tmp_path / "e.toml"
    file.write_text(text if "question" in text else f'{text}question = "?"\n', "utf-8")
    assert f"{file}" in refused("check", str(file))
    assert part in refused("check", str(file))


# sweep and rerun


def test_check_knows_a_wrong_word_of_the_calibration(tmp_path: Path) -> None:
    text = locate.find("experiments", "calibration").read_text(encoding="utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(text.replace("seed = ", "sede = "), encoding="utf-8")
    said = refused("check", str(file))
    line = text.splitlines().index(next(x for x in text.splitlines() if "seed = " in x)) + 1
    assert f"{file}, line {line}: sede: unknown key, did you mean 'seed'?" in said
    assert "what to do" in said


OF_EVERY_KIND = [
    "e11-other-bodies", "e5-closing-window", "e6-not-preordained", "e8-after-consolidation",
    "e10-sensitivity", "unity-x-opportunism",
]  # fmt: skip


@pytest.mark.parametrize("name", OF_EVERY_KIND)
def test_sweep_runs_every_kind_and_goes_on_with_it(name: str, tmp_path: Path) -> None:
    """Small copies of the shipped files, run as one's own; a folder is never taken silently."""
    text = locate.find("experiments", name).read_text(encoding="utf-8")
    text = re.sub(r"(?m)^until = .*$", 'until = "1922-10"', text)
    text = re.sub(r"(?m)^step = .*$", "step = 60" if "forecast" in text else "step = 3", text)
    file, folder = tmp_path / f"{name}.toml", tmp_path / "out"
    file.write_text(text, encoding="utf-8")
    assert good("check", str(file)).endswith(": sound\n")
    words = ("sweep", str(file), "--runs", "4", "--out", str(folder))
    said = json.loads(good(*words, "--json"))
    page = Path(said["report"]).read_text(encoding="utf-8")
    assert "4 histories" in page or "2 histories" in page or name in OF_EVERY_KIND[-1:]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["effort"]["draws"] * manifest["effort"]["replicates"] <= 4
    assert f"politburo-sim sweep {file} --out {folder} --resume" in refused(*words)
    before = {path: path.read_bytes() for path in folder.rglob("*.csv")}
    assert before
    good("sweep", str(file), "--out", str(folder), "--resume", "--quiet")
    assert {path: path.read_bytes() for path in folder.rglob("*.csv")} == before


@pytest.fixture
def tiny(tmp_path: Path) -> str:
    (tmp_path / "tiny.toml").write_text(EXPERIMENT, encoding="utf-8")
    return str(tmp_path / "tiny.toml")


def test_sweep_resume_and_rerun(tiny: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    done = call("sweep", tiny, "--quick", "--out", str(folder), "--json")
    assert done.exit_code == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["experiment"], said["folder"]) == ("tiny", str(folder))
    assert Path(said["report"]).is_file()
    hint = f"politburo-sim sweep {tiny} --out {folder} --resume"
    assert hint in refused("sweep", tiny, "--quick", "--out", str(folder))
    assert f"sweep {tiny} --out {folder}-2" in refused("sweep", tiny, "--out", str(folder))
    assert "6 of 6" in call(*hint.split()[1:]).stderr  # with --quick as it was begun
    row = json.loads(good("rerun", str(folder), "5", "--json"))
    table = (folder / "points.csv").read_text(encoding="utf-8").splitlines()
    assert (row["scenario"], len(table)) == ("equal-body", 3)
    assert "0 to 5" in refused("rerun", str(folder), "6")


def test_a_row_of_a_world_that_lays_a_bond_over_another_is_rebuilt(
    tiny: str, tmp_path: Path
) -> None:  # fmt: skip
    """A mutual bond of the world below, and one of its two directions said again."""
    world = tmp_path / "over.toml"
    bond = '[[bonds]]\nfrom = "Stalin"\nto = "Trotsky"\nvalue = 0.2\nmutual = false\n'
    world.write_text(f'title = "Over"\nextends = "ussr-1922"\nend = "1922-06"\n{bond}', "utf-8")
    Path(tiny).write_text(EXPERIMENT.replace('"equal-body"', '"over.toml"'), encoding="utf-8")
    good("sweep", tiny, "--quick", "--out", str(tmp_path / "out"), "--quiet")
    assert json.loads(good("rerun", str(tmp_path / "out"), "1", "--json"))["scenario"] == "over"


@pytest.mark.parametrize("command", [
    "sweep", "run", "compare", "odds", "claims", "gate", "votes", "forecast", "gallery",
])  # fmt: skip
def test_a_folder_without_a_name_is_refused(command: str) -> None:
    assert "--out: no folder is named" in refused(command, *["equal-body"] * 2, "--out", "")


def test_a_damaged_table_is_noted_in_one_line_and_made_again(tiny: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    good("sweep", tiny, "--quick", "--out", str(folder))
    (table,) = (folder / "runs").iterdir()
    raw = table.read_bytes()
    table.write_bytes(raw[:-1])
    done = process("sweep", tiny, "--out", str(folder), "--resume", "--quiet")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode() == f"Note: {table} is damaged: it counts as missing\n"
    assert table.read_bytes() == raw


def test_run_can_look_at_its_numbers() -> None:
    plain = good("run", "equal-body", "--seed", "3")
    assert good("run", "equal-body", "--seed", "3", "--check-numbers") == plain


@pytest.mark.parametrize("title", ["[/b] and [red]", r"$\frac{$"])
def test_a_title_of_any_characters_is_printed_as_it_is(title: str, tmp_path: Path) -> None:
    file, folder = tmp_path / "tiny.toml", tmp_path / "out"
    file.write_text(EXPERIMENT.replace('"A tiny sweep"', f"'{title}'"), encoding="utf-8")
    done = call("sweep", str(file), "--quick", "--out", str(folder))
    assert done.exit_code == 0, done.stderr
    assert title in done.stderr
    assert title in html.unescape((folder / "report.html").read_text(encoding="utf-8"))


def test_progress_and_messages_stand_on_standard_error(tiny: str, tmp_path: Path) -> None:
    done = call("sweep", tiny, "--out", str(tmp_path / "one"))
    assert "12 of 12" in done.stderr and "12 of 12" not in done.stdout
    assert done.stdout.splitlines()[-1].startswith("Report:")
    done = call("sweep", tiny, "--out", str(tmp_path / "two"), "--quiet")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "words",
    [
        ("run", "equal-body"),
        ("compare", "ussr-1922", "ussr-1922", "--runs", "20"),  # never apart: no finite ratio
        ("odds", "ussr-1922", "--at", "1924-01", "--futures", "20"),
        ("show", "presidium-1957"),
    ],
)
def test_json_is_one_strict_object_and_nothing_else(words: tuple[str, ...]) -> None:
    def forbid(word: str) -> Any:
        raise AssertionError(f"{word} is no JSON")

    done = call(*words, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    assert isinstance(json.loads(done.stdout, parse_constant=forbid), dict)


def test_a_world_given_by_its_path_leaves_its_result_under_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text('title = "x"\nextends = "equal-body"\nend = "1924-12"\n')
    good("odds", str(tmp_path / "mine.toml"), "--futures", "5", "--quiet")
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["odds-mine-0"]


# compare and ask

PROMISED = {
    "sentence", "who", "effect", "low", "high", "low_luck", "high_luck", "share_of_readings",
    "precondition",
}  # fmt: skip


def test_compare_says_whether_it_mattered_and_leaves_a_report_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("compare", "ussr-1922", "letter-read-1924", "--runs", "40")
    printed = good(*words)
    said = json.loads(good(*words, "--json"))
    assert said.keys() >= PROMISED and "interaction" not in said
    assert printed.startswith(said["sentence"])
    assert not re.search(r"\binf\b|\d\.\d{4}|\de-\d", printed)
    report = Path("results/letter-read-1924-against-ussr-1922/report.html")
    assert said["sentence"] in html.unescape(report.read_text(encoding="utf-8"))
    before = report.read_bytes()
    good(*words, "--seed", "5", "--set", "B.unity=0.4", "--who", "anybody")
    assert report.read_bytes() == before
    other = report.parent.with_name("letter-read-1924-unity-0.4-against-ussr-1922")
    assert (other / "figures" / "comparison.png").is_file()
    good(*words, "--seed", "5")
    assert report.read_bytes() == before
    assert Path("results/letter-read-1924-against-ussr-1922-2/report.html").is_file()
    assert "another result" in refused(*words, "--seed", "6", "--out", str(report.parent))


def test_the_command_of_a_comparison_gives_it_again(tmp_path: Path) -> None:
    file = tmp_path / "my world.toml"
    file.write_text('title = "x"\nextends = "letter-read-1924"\n', encoding="utf-8")
    words = ("compare", "ussr-1922", str(file), "--set", "A.unity=0.4", "--seed", "5",
             "--runs", "40", "--who", "anybody")  # fmt: skip
    one = json.loads(good(*words, "--json"))
    two = json.loads(good(*shlex.split(one["command"])[1:], "--json"))
    assert one == two and str(file) in shlex.split(one["command"])


def test_two_changes_by_one_command() -> None:
    words = ("compare", "ussr-1922", "no-faction-ban", "letter-read-1924", "--runs", "40", "--json")
    said = json.loads(good(*words))
    assert said.keys() >= PROMISED and said["interaction"].keys() >= PROMISED - {
        "who", "precondition",
    }  # fmt: skip
    assert json.loads(good(*words[:4], "A+B", *words[4:])) == said
    joined = json.loads(good(*words[:2], "no-faction-ban+letter-read-1924", *words[4:]))
    assert joined["effect"] == said["effect"]


def test_at_the_defaults_nothing_is_said_of_readings() -> None:
    words = ("compare", "ussr-1922", "letter-read-1924", "--runs", "40", "--at-defaults", "--json")
    said = json.loads(good(*words))
    assert said["share_of_readings"] is None and "readings" not in said["sentence"]


OWN = """\
kind = "contrasts"
id = "two-by-two"
title = "No ban, and the letter read"
question = "Do the two changes do more together than each alone?"
scenario = "ussr-1922"

[[contrasts]]
name = "together beyond each alone"
outcome = "established"
weights = "both - ban - letter + as it was"

[cells]
"as it was" = {}
"ban" = { scenario = "no-faction-ban" }
"letter" = { scenario = "letter-read-1924" }
"both" = { scenario = "both.toml" }
"""


def test_ask_runs_a_question_of_ones_own(tmp_path: Path) -> None:
    both = 'title = "both"\nextends = ["no-faction-ban", "letter-read-1924"]\n'
    (tmp_path / "both.toml").write_text(both, encoding="utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(OWN, encoding="utf-8")
    said = json.loads(
        good("ask", str(file), "--runs", "8", "--out", str(tmp_path / "out"), "--json")
    )
    assert said["experiment"] == "two-by-two" and said["finding"]
    assert said["finding"] in html.unescape(Path(said["report"]).read_text(encoding="utf-8"))


def test_a_question_is_asked_over_sets_of_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder of its own, which says over which sets, and goes on over no others."""
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text(OWN.replace("both.toml", "no-faction-ban"), encoding="utf-8")
    for name, speed in (("calm", 0.0), ("quick", 0.2)):
        Path(f"{name}.csv").write_text(f"weight,appointments\n1,{speed}\n1,{speed}\n")
    words = ("ask", "mine.toml", "--runs", "8", "--ensemble")
    said = json.loads(good(*words, "calm.csv", "--json"))
    folder = Path("results", "two-by-two-over-calm")
    assert Path(said["folder"]) == folder and not Path("results", "two-by-two").exists()
    page = html.unescape(Path(said["report"]).read_text(encoding="utf-8"))
    assert "The ensemble is here that of calm.csv" in page
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["ensemble"] == sha256(Path("calm.csv").read_bytes()).hexdigest()
    assert "mine.toml --ensemble calm.csv --out" in refused(*words, "calm.csv")
    good(*words, "calm.csv", "--resume", "--quiet")
    for others in (["--ensemble", "quick.csv"], []):
        told = refused("ask", "mine.toml", *others, "--out", str(folder), "--resume")
        assert "holds another plan, not the same ensemble" in told


def test_only_what_is_run_over_the_ensemble_is_run_over_other_sets(tmp_path: Path) -> None:
    sets = tmp_path / "sets.csv"
    sets.write_text("weight,appointments\n1,0.1\n", encoding="utf-8")
    words = ("sweep", "unity-x-opportunism", "--out", str(tmp_path / "out"), "--ensemble")
    told = refused(*words, str(sets))
    assert "not run over an ensemble" in told and "allowed: contrasts, forecast" in told
    assert not (tmp_path / "out").exists()
    told = refused("ask", "E3", "--out", str(tmp_path / "out"), "--ensemble", str(tmp_path / "no"))
    assert "no" in told and not (tmp_path / "out").exists()


def test_check_knows_a_wrong_word_of_a_contrast(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(OWN.replace("weights", "wieghts").replace("both.toml", "no-faction-ban"))
    said = refused("check", str(file))
    assert f"{file}, line 10: contrasts" in said
    assert "wieghts: unknown key, did you mean 'weights'?" in said and "what to do" in said


# help

HEAVY = ("numba", "mesa", "pandas", "solara", "matplotlib", "scipy", "pyarrow", "numpy")


@pytest.mark.parametrize("words", ["", "--help", "run --help", "sweep --help", "view --help"])
def test_help_loads_nothing_heavy(words: str) -> None:
    code = (
        "import sys\nfrom politburo_sim.cli.app import app\n"
        f"if {words!r}: app({words.split()!r}, standalone_mode=False)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if "view" in words and "No such command" in done.stderr:
        pytest.skip("no view command yet")
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def commands(group: Any, above: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    found = {}
    for name, command in group.commands.items():
        inner = hasattr(command, "commands")
        found |= commands(command, (*above, name)) if inner else {(*above, name): command}
    return found


COMMANDS = commands(typer.main.get_command(app))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_an_example_with_options_that_it_has(words: tuple[str, ...]) -> None:
    text = " ".join(good(*words, "--help").split())
    example = re.search(rf"Example: politburo-sim {' '.join(words)}\b(.*?)(?: Arguments| Options)",
                        text)  # fmt: skip
    assert example, text
    known = {option for parameter in COMMANDS[words].params for option in parameter.opts}
    given = {word for word in example[1].split() if word.startswith("--")}
    assert given <= known


OFFERED = [
    ("run trotsky-sp", "trotsky-speaks-1923"),
    ("compare ussr-1922 no-faction-ban+letter", "no-faction-ban+letter-read-1924"),
    ("ask unity-x", "unity-x-opportunism"),
    ("show ussr-1922-r", "ussr-1922-record"),
    ("claims C1", "C10"),
    ("run ussr-1922 --set opport", "opportunism="),
    ("theory co", "coalition"),
]


@pytest.mark.parametrize(("typed", "offered"), OFFERED, ids=[typed for typed, _ in OFFERED])
def test_the_shell_is_offered_names(typed: str, offered: str) -> None:
    """As bash asks for them: the words so far, and which of them is being typed."""
    asked = {
        "_POLITBURO_SIM_COMPLETE": "complete_bash", "COMP_WORDS": f"politburo-sim {typed}",
        "COMP_CWORD": str(len(typed.split())),
    }  # fmt: skip
    done = CliRunner().invoke(app, [], env=asked, prog_name="politburo-sim")
    assert offered in done.stdout.split(), done.output


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_of_completion_is_shown(shell: str) -> None:
    code = f"""\
import shellingham
from politburo_sim.cli.app import app
shellingham.detect_shell = lambda *_: ({shell!r}, "")
app(["--show-completion"], prog_name="politburo-sim")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "_POLITBURO_SIM_COMPLETE" in done.stdout, done.stderr


@pytest.mark.parametrize("words", [(), ("theory",)], ids=["all", "theory"])
def test_a_group_of_commands_says_what_each_does(words: tuple[str, ...]) -> None:
    said = good(*words, "--help")
    below = {path[len(words)] for path in COMMANDS if path[: len(words)] == words}
    for name in below:
        assert re.search(rf"^  {name} +\S", said, re.MULTILINE), name


def test_the_commands_of_the_interface_are_there() -> None:
    promised = {"run", "sweep", "compare", "odds", "rerun", "check", "list", "show"}
    assert {(name,) for name in promised} <= COMMANDS.keys()
    for name in promised - {"list", "check"}:
        assert name in good("--help")


def test_the_module_can_be_called_and_ends_with_two() -> None:
    done = process("run", "usr-1922")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"did you mean 'ussr-1922'?" in done.stderr and b"Traceback" not in done.stderr


def test_a_reader_that_stops_early_sees_no_traceback() -> None:
    command = f"{sys.executable} -m politburo_sim.cli.app list | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"Scenarios\n", b"")


@pytest.mark.parametrize("more", [["--set", "unity=0"], ["--at", "1924-01"], ["--futures", "50"]])
def test_odds_given_the_record_refuse_what_they_would_not_heed(more: list[str]) -> None:
    done = CliRunner().invoke(app, ["odds", "ussr-1922", "--given", "1922-06", *more])
    assert done.exit_code == 2 and f"{more[0]}: not asked for together with --given" in done.output


def test_a_doubtful_world_is_said_to_be_so_before_it_is_run(tmp_path: Path) -> None:
    """A post with nearly the name of another is a post of its own, and changes next to nothing."""
    file = tmp_path / "slip.toml"
    file.write_text(
        'title = "Another secretary"\nextends = "ussr-1922"\n\n'
        '[[offices]]\nname = "General secretary"\nholder = "Trotsky"\n', encoding="utf-8",
    )  # fmt: skip
    asked = ["compare", "ussr-1922", str(file), "--runs", "20", "--quiet", "--json"]
    for words in (asked, ["run", str(file), "--seed", "1"]):
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.output
        assert done.stderr.count("an office of its own beside 'General Secretary'") == 1


def test_show_takes_claims_and_parameters_as_list_has_them() -> None:
    run = CliRunner().invoke
    said = run(app, ["show", "c6"]).stdout
    assert said.startswith("C6. Opportunism and unity") and "The rule that decides it: " in said
    assert json.loads(run(app, ["show", "C6", "--json"]).stdout)["id"] == "C6"
    said = run(app, ["show", "opacity"]).stdout
    assert said.startswith("opacity, a parameter of perception") and "0 to 1" in said
    assert json.loads(run(app, ["show", "opacity", "--json"]).stdout)["high"] == 1
    assert "unity_bandwagon, a parameter of" in run(app, ["show", "unity"]).stdout
    both = json.loads(run(app, ["show", "unity", "--json"]).stdout)["sets"]
    assert [part["name"] for part in both] == ["unity_liability", "unity_bandwagon"]


def test_a_home_that_takes_no_compiled_rules_is_said_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POLITBURO_SIM_CACHE", "/dev/null/rules")
    done = process("list")
    said = done.stderr.decode()
    assert (done.returncode, done.stdout) == (2, b"") and said.startswith("/dev/null/rules")
    assert "what to do: name one in the environment, as POLITBURO_SIM_CACHE" in said


def test_a_world_given_for_an_experiment_is_told_so_and_the_other_way_round(tmp_path: Path) -> None:
    run = CliRunner().invoke
    asked = tmp_path / "asked.toml"
    asked.write_text('kind = "contrasts"\ntitle = "t"\nquestion = "q"\n', encoding="utf-8")
    done = run(app, ["run", str(asked)])
    assert done.exit_code == 2 and "this is no world" in done.output
    assert f"politburo-sim ask {asked}" in done.output
    world = tmp_path / "world.toml"
    world.write_text('title = "t"\nextends = "ussr-1922"\n', encoding="utf-8")
    done = run(app, ["ask", str(world)])
    assert done.exit_code == 2 and "this is no experiment but a world" in done.output
    assert f"politburo-sim run {world}" in done.output


def test_a_folder_of_another_size_is_not_to_be_gone_on_with(tmp_path: Path) -> None:
    """The hint leads to the run that was asked for, never back to the small one."""
    run, here = CliRunner().invoke, str(tmp_path / "r")
    asked = ["sweep", "unity-x-opportunism", "--out", here, "--quiet"]
    assert run(app, [*asked, "--runs", "1"]).exit_code == 0
    done = run(app, [*asked, "--runs", "1"])
    assert done.exit_code == 2 and f"--out {here} --resume" in done.output
    done = run(app, [*asked, "--runs", "2"])
    assert done.exit_code == 2 and "of another size" in done.output
    assert f"--runs 2 --out {here}-2" in done.output and "--resume" not in done.output


def test_libraries_for_matrices_take_one_core_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their threads wait for one another where all cores have work, and a sweep gives them that."""
    from politburo_sim.cli import app as home

    told = {"OMP_NUM_THREADS": "3"}
    for name in ("heed_signals", "say_warnings_plainly", "app"):
        monkeypatch.setattr(home, name, lambda: None)
    monkeypatch.setattr(home.os, "environ", told)
    home.main()
    assert told == {"OMP_NUM_THREADS": "3", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    assert subprocess.run(
        [sys.executable, "-c", "import sys, politburo_sim.cli.app; print('numpy' in sys.modules)"],
        capture_output=True, text=True, check=True,
    ).stdout == "False\n", "too late: libraries read it when they are loaded"  # fmt: skip


def test_no_command_is_cut_off_in_the_list_of_commands() -> None:
    said = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "80"}).output
    assert "..." not in said.partition("Commands:")[2]
