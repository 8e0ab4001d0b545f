"""The door: files of every kind are known, checked in full, and answered in one wording."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from politburo_sim.cli.app import app
from politburo_sim.files.errors import ExperimentError, InputError
from politburo_sim.files.locate import KINDS, folder, names
from politburo_sim.lab import door
from politburo_sim.lab.ensemble import load_ensemble, read_ensemble
from politburo_sim.lab.plan import load

SHIPPED = {
    "ussr-1922": "world", "unity-x-opportunism": "sweep", "models": "scores",
    "e4-counterfactuals": "contrasts", "e5-closing-window": "window",
    "e6-not-preordained": "forecast", "calibration": "calibration",
    "e8-after-consolidation": "survival", "e10-sensitivity": "sensitivity", "claims": "claims",
}  # fmt: skip


@pytest.mark.parametrize("name", [name for kind in KINDS for name in names(kind)])
def test_every_shipped_file_is_sound(name: str) -> None:
    assert door.check(name) == SHIPPED.get(name, door.check(name))


def test_the_shipped_ensemble_is_sound() -> None:
    assert door.check(str(folder("experiments") / "ensemble.csv")) == "ensemble"
    assert load_ensemble().weight.sum() == pytest.approx(1)


#: shipped file, words in it -> the same line gone wrong, and what must be said of it
BAD: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "a key of a contrast": (
        "e1-interaction", 'weights = "as calibrated" }', 'wieghts = "as calibrated" }',
        ("contrasts[sole rule as calibrated].wieghts: unknown key",
         "did you mean 'weights'?", "allowed: name, outcome, weights, given"),
    ),
    "a weight in words": (
        "e1-interaction", '"as calibrated" }', '{ "as calibrated" = "1" } }',
        ("wrong type", "given: '1'", "a number"),
    ),
    "a weight that is no number": (
        "e1-interaction", '"as calibrated" }', '{ "as calibrated" = nan } }',
        ("given: nan", "a finite number"),
    ),
    "a cell that is not there": (
        "e1-interaction", '"as calibrated" = {}', '"as calibratd" = {}',
        ("no such cell, did you mean 'as calibratd'?", "lots_of: "),
    ),
    "a key of a cell": (
        "e4-counterfactuals", '"as it was" = {}', '"as it was" = { setings = {} }',
        ("cells.as it was.setings: unknown key, did you mean 'settings'?",),
    ),
    "a parameter of a cell": (
        "e4-counterfactuals", '"as it was" = {}', '"as it was" = { settings = { unty = 1 } }',
        ("no such parameter, did you mean 'unity'?",),
    ),
    "a setting out of range": (
        "e4-counterfactuals", '"as it was" = {}', '"as it was" = { settings = { unity = 2 } }',
        ("out of range", "given: 2", "a number from 0 to 1"),
    ),
    "a holder who is not there": (
        "e4-counterfactuals", '"as it was" = {}',
        '"as it was" = { holder = { "General Secretary" = "Bukarin" } }',
        ("no such member, did you mean 'Bukharin'?",),
    ),
    "a trait that is none": (
        "e4-counterfactuals", '"as it was" = {}',
        '"as it was" = { traits = { Stalin = { loyality = 1 } } }',
        ("no such trait, did you mean 'loyalty'?",),
    ),
    "an office that is not there": (
        "e4-counterfactuals", '"as it was" = {}', '"as it was" = { without = ["Secretary"] }',
        ("no such office", "General Secretary"),
    ),
    "a holder who is not in the body yet": (
        "e4-counterfactuals", '"as it was" = {}',
        '"as it was" = { holder = { "General Secretary" = "Voroshilov" } }',
        ("cells.as it was: ", "the holder is not in the body yet", "line "),
    ),
    "a shift of nothing": (
        "e4-counterfactuals", '"as it was" = {}', '"as it was" = { shift = "1925-01" }',
        ("cells.as it was.shift: there is no intervention to move", "given: 'ussr-1922'"),
    ),
    "an answer with two words of three": (
        "e7-office-or-man", 'answer = """', 'answer = """{any other holder?more|less} ',

        ("answer: a place that is not written as one", "all three"),
    ),
    "lots of itself": (
        "e4-counterfactuals", '"as it was" = {}', '"as it was" = { lots_of = "as it was" }',
        ("cells.as it was.lots_of: no lots can be drawn from it",),
    ),
    "a month outside the run": (
        "e4-counterfactuals", '"as it was" = {}', '"as it was" = { shift = "1950-01" }',
        ("no such month in ussr-1922", "1922-04 to 1939-12"),
    ),
    "an outcome of nobody": (
        "e7-office-or-man", 'outcome = "sole rule of Stalin"', 'outcome = "sole rule of Staln"',
        ("no such member, did you mean 'Stalin'?",),
    ),
    "an outcome that is gone": (
        "e1-interaction", 'outcome = "switches_a_year"', 'outcome = "contests"',
        ("outcome: no such outcome", "given: 'contests'"),
    ),
    "a world that is not there": (
        "e11-other-bodies", '"collegial-control"', '"collegial-contrl"',
        ("cells.collegial control.scenario: no such world, did you mean 'collegial-control'?",),
    ),
    "a claim that is not there": (
        "e4-counterfactuals", '["C3", "C7"]', '["C3", "C77"]', ("claims[#2]: no such claim",)
    ),
    "a member of a window": (
        "e5-closing-window", 'member = "Stalin"', 'member = "Staline"',
        ("member: no such member, did you mean 'Stalin'?",),
    ),
    "half a step": ("e5-closing-window", "step = 3", "step = 2.5", ("step: wrong type", "2.5")),
    "no month": ("e5-closing-window", '"1931-12"', '"1931-13"', ("until: no such month",)),
    "a window turned round": (
        "e5-closing-window", '"1931-12"', '"1922-06"', ("until: ends before it starts",)
    ),
    "a world without an intervention": (
        "e5-closing-window", '"left-bloc-1923"', '"equal-body"', ("a world without an interv",)
    ),
    "histories below one": (
        "e6-not-preordained", "histories = 200", "histories = 0", ("out of range", "at least 1")
    ),
    "samples": ("e10-sensitivity", "samples = 256", "samples = 250", ("not a power of two",)),
    "a kind": (
        "e8-after-consolidation", '"survival"', '"survivl"',
        ("no such kind of experiment, did you mean 'survival'?", "or no kind for a sweep"),
    ),
    "a key of a calibration": (
        "calibration", "seed = 1926", "sede = 1926",
        ("sede: unknown key, did you mean 'seed'?", "population, simulations"),
    ),
    "a fitted parameter": (
        "calibration", '"opacity"', '"opacty"',
        ("fitted[#3]: no such parameter that is sampled, did you mean 'opacity'?",),
    ),
    "a form that is never sampled": (
        "calibration", '"opacity"', '"majority"',
        ("fitted[#3]: no such parameter that is sampled",),
    ),
    "a parameter fitted twice": ("calibration", '"opacity"', '"severity"', ("named twice",)),
    "a shrink of one": ("calibration", "shrink = 0.5", "shrink = 1", ("less than 1", "given: 1")),
    "a part of a claim": (
        "claims", "below = 0.8", "belw = 0.8", ("claims[C1].verdict.parts[#1].belw: unknown key",)
    ),
    "a contrast of a claim": (
        "claims", '"no General Secretaryship: sole rule of Stalin"', '"no General Secretaryship"',
        ("no such contrast, did you mean",),
    ),
    "an experiment of a claim": (
        "claims", 'experiments = ["E3", "E6"]', 'experiments = ["E3", "E66"]',
        ("claims[C1].experiments[#2]: no such experiment",),
    ),
    "a lever of a sweep": (
        "unity-x-opportunism", "opportunism =", "opportunsm =", ("levers.opportunsm",)
    ),
    "a claim of a sweep": (
        "unity-x-opportunism", '"C9"', '"C99"', ("claims[#3]: no such claim",)
    ),
    "a key of a world": (
        "equal-body", "seats = 9", "seets = 9", ("seets: unknown key, did you mean 'seats'?",)
    ),
}  # fmt: skip


def shipped(name: str) -> Path:
    return next(folder(kind) / f"{name}.toml" for kind in KINDS if name in names(kind))


def said_of(file: Path) -> str:
    done = CliRunner().invoke(app, ["check", str(file)])
    assert done.exit_code == 2, f"called sound: {done.stdout}"
    assert done.stdout == "" and "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("name", BAD)
def test_a_file_gone_wrong_gets_one_clear_message(tmp_path: Path, name: str) -> None:
    what, old, new, parts = BAD[name]
    text = shipped(what).read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "mine.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    said = said_of(file)
    for part in (*parts, f"{file}, line ", "allowed: ", "what to do: "):
        assert part in said, f"{part!r} is not said: {said}"
    if name != "a cell that is not there":  # missed where it is used, further down
        line = text.count("\n", 0, text.index(old)) + 1
        assert f"{file}, line {line}: " in said


def test_a_world_of_eighty_wide_letters_is_not_found(tmp_path: Path) -> None:
    text = shipped("e8-after-consolidation").read_text(encoding="utf-8")
    file = tmp_path / "e.toml"
    file.write_text(text.replace('"ussr-1922"', f'"{"🦋" * 80}"'), encoding="utf-8")
    assert "no such world" in said_of(file)
    world = tmp_path / "w.toml"
    world.write_text(f'title = "x"\nextends = "{"🦋" * 80}"\n', encoding="utf-8")
    assert "line 2: extends: no such file" in said_of(world)


def test_what_is_not_there_is_looked_for_on_every_shelf() -> None:
    with pytest.raises(InputError, match="did you mean 'calibration'"):
        door.check("calibraton")
    with pytest.raises(InputError, match="did you mean 'ussr-1922'"):
        door.check("usr-1922")


#: change made to the shipped table, and what must be said of it
ROWS = {
    "nan": (lambda rows: rows[1].__setitem__(1, "nan"), "line 2: .*out of range"),
    "words": (lambda rows: rows[3].__setitem__(1, "high"), "line 4: .*not a number"),
    "out of range": (lambda rows: rows[2].__setitem__(1, "1.5"), "line 3: .*out of range"),
    "a weight below nought": (lambda rows: rows[5].__setitem__(0, "-0.1"), "line 6: weight: out"),
    "a weight without end": (lambda rows: rows[5].__setitem__(0, "inf"), "line 6: weight: out"),
    "a row too short": (lambda rows: rows[4].pop(), "line 5: not as many numbers as columns"),
    "a column misspelt": (lambda rows: rows[0].__setitem__(1, "oppacity"), "mean 'opacity'"),
    "a column twice": (lambda rows: rows[0].__setitem__(1, rows[0][2]), "the same column twice"),
    "no weight": (lambda rows: [row.pop(0) for row in rows], "missing: weight"),
    "no rows": (lambda rows: rows.__delitem__(slice(1, None)), "no weight above 0"),
    "all weights nought": (
        lambda rows: [row.__setitem__(0, "0") for row in rows[1:]], "no weight above 0"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_an_ensemble_gone_wrong_is_refused(tmp_path: Path, name: str) -> None:
    change, said = ROWS[name]
    text = (folder("experiments") / "ensemble.csv").read_text(encoding="utf-8")
    rows = [line.split(",") for line in text.splitlines()]
    change(rows)
    file = tmp_path / "ensemble.csv"
    file.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    with pytest.raises(ExperimentError, match=said):
        read_ensemble(file)
    assert str(file) in said_of(file)


def test_an_ensemble_is_read_as_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "e.csv"
    shutil.copy(folder("experiments") / "ensemble.csv", file)
    one, other = read_ensemble(file), load_ensemble()
    assert (one.table == other.table).all() and (one.weight == other.weight).all()


def test_what_is_run_is_checked_as_well(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    for name, old, new in [
        ("e4-counterfactuals", "weights =", "wieghts ="), ("calibration", "seed =", "sede ="),
    ]:  # fmt: skip
        text = shipped(name).read_text(encoding="utf-8")
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(ExperimentError, match="unknown key, did you mean"):
            load(str(file))
