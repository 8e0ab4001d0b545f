"""Experiment files: what is wrong is said in one message, and a design is what it says."""

import re
from pathlib import Path
from pkgutil import iter_modules
from typing import get_args

import numpy as np
import pytest

from politburo_sim.files.errors import ExperimentError, InputError, ScenarioError
from politburo_sim.files.locate import names
from politburo_sim.lab.kinds.sweep import Design, Sweep
from politburo_sim.lab.plan import kind_of, kinds, load
from politburo_sim.outcomes import NAMES
from politburo_sim.report import kinds as report_kinds
from politburo_sim.report.experiments import own_of
from politburo_sim.worlds.scenario import parameter_values
from politburo_sim.worlds.skeleton import skeleton

ROOT = Path(__file__).resolve().parents[1]
GOOD = """\
id = "small"
title = "A small sweep"
question = "Does it matter?"
claims = ["C5"]
scenario = "equal-body"
outcomes = ["established", "leader_share"]
seed = 7

[levers]
unity = [0, 0.5, 1]
opportunism = [0.25, 0.75]

[constants]
coder_uncertainty = 1

[design]
kind = "grid"
replicates = 4
quick = 2
"""


def put(old: str, new: str) -> str:
    """The good experiment with one thing changed; `#!` marks the line that must be named."""
    assert GOOD.count(old) == 1, f"{old!r} stands {GOOD.count(old)} times"
    return GOOD.replace(old, new)


def sampled(kind: str, points: int = 8, more: str = "") -> str:
    return put('kind = "grid"', f'kind = "{kind}"\npoints = {points}') + more


SPAN = "[uncertainties]\nseverity = {low = 0.2, high = 0.4}\n"
LEVERS = "[levers]\nunity = [0, 0.5, 1]\nopportunism = [0.25, 0.75]\n"

BAD: dict[str, tuple[str, tuple[str, ...]]] = {
    "unknown key": (put("claims =", "claim ="), ("claim: unknown key, did you mean 'claims'?",)),
    "unknown key of the design": (
        put("quick = 2", "quik = 2 #!"),
        ("design.quik: unknown key, did you mean 'quick'?", "allowed: kind, replicates, quick"),
    ),
    "unknown key of a range": (
        sampled("latin", more="[uncertainties]\nseverity = {low = 0, hihg = 1} #!\n"),
        ("uncertainties.severity.hihg: unknown key, did you mean 'high'?", "allowed: low, high"),
    ),
    "unknown lever": (
        put("opportunism = [0.25", "opportunsm = [0.25"),
        ("line 11: levers.opportunsm", "did you mean 'opportunism'?"),
    ),
    "unknown constant": (
        put("coder_uncertainty = 1", "coder_uncertanty = 1 #!"),
        ("constants.coder_uncertanty: no such parameter", "'coder_uncertainty'?"),
    ),
    "unknown outcome": (
        put('"leader_share"]', '"leadershare"] #!'),
        ("outcomes[#2]: no such outcome, did you mean 'leader_share'?", "removed"),
    ),
    "a year before the world": (
        put('"leader_share"]', '"removed_1921"] #!'),
        ("outcomes[#2]: no such year in equal-body", "'removed_1921'", "a year from 1922 to"),
    ),
    "a year after the world": (
        put('"leader_share"]', '"removed_1960"] #!'), ("no such year", "removed, which counts to")
    ),
    "an outcome twice": (put('"leader_share"]', '"established"] #!'), ("same outcome twice",)),
    "no outcome": (put('["established", "leader_share"]', "[] #!"), ("given: 0", "at least 1")),
    "a lever out of range": (
        put("[0.25, 0.75]", "[0.25, 1.75] #!"),
        ("levers.opportunism[#2]: out of range", "given: 1.75", "a number from 0 to 1"),
    ),
    "unity out of range": (put("[0, 0.5, 1]", "[0, 0.5, 2] #!"), ("levers.unity[#3]", "given: 2")),
    "a lever that is not a number": (put("[0.25,", "[nan,"), ("opportunism[#1]", "given: nan")),
    "a truth value for a lever": (put("[0.25,", "[true,"), ("given: true", "a number")),
    "a lever of one number": (put("[0.25, 0.75]", "0.25 #!"), ("wrong type", "a list")),
    "a lever without values": (put("[0.25, 0.75]", "[] #!"), ("levers.opportunism", "at least 1")),
    "a constant out of range": (
        put("coder_uncertainty = 1", "coder_uncertainty = -1 #!"), ("out of range", "given: -1")
    ),
    "set twice": (
        put("coder_uncertainty = 1", "unity = 1 #!"), ("constants.unity: set twice", "[levers]")
    ),
    "an empty design": (put(LEVERS, ""), ("an empty design: nothing is varied", "[levers]")),
    "an empty list": (
        put('kind = "grid"', 'kind = "list" #!'), ("an empty design: a list needs rows",)
    ),
    "a row out of range": (
        put('kind = "grid"', 'kind = "list"\nrows = [{unity = 1}, {unity = 3}] #!'),
        ("design.rows[#2].unity: out of range", "given: 3"),
    ),
    "zero replicates": (
        put("replicates = 4", "replicates = 0 #!"), ("design.replicates", "at least 1")
    ),
    "half a replicate": (put("replicates = 4", "replicates = 2.5 #!"), ("a whole number",)),
    "no replicates": (put("replicates = 4\n", ""), ("design.replicates: missing", "add a line")),
    "no design": (GOOD.split("[design]")[0], ("design: missing", "add [design]")),
    "unknown design": (put('"grid"', '"gird" #!'), ("did you mean 'grid'?", "'sobol'")),
    "too many points": (
        put("[0.25, 0.75]", f"{[round(0.001 * i, 3) for i in range(1000)]}").replace(
            "[0, 0.5, 1]", f"{[round(0.0005 * i, 4) for i in range(2000)]}"
        ),
        ("too many design points", "given: 2000000", "at most 1000000"),
    ),
    "Sobol points": (
        sampled("sobol", 9).replace("points = 9", "points = 9 #!"), ("not a power of two", "16")
    ),
    "a range turned round": (
        sampled("latin", more="[uncertainties]\nseverity = {low = 0.4, high = 0.2} #!\n"),
        ("uncertainties.severity: low is not below high",),
    ),
    "a range never drawn": (GOOD + SPAN, ("uncertainties.severity: never drawn", "a lever or")),
    "a range out of range": (
        sampled("latin", more="[uncertainties]\nopacity = {low = 0.4, high = 2} #!\n"),
        ("uncertainties.opacity.high: out of range", "given: 2"),
    ),
    "a negative seed": (put("seed = 7", "seed = -1 #!"), ("seed: out of range", "at least 0")),
    "a seed above the largest": (
        put("seed = 7", f"seed = {2**63} #!"), ("at most 9223372036854775807",)
    ),
    "unknown world": (
        put('"equal-body"', '"equal-bdy" #!'), ("no such world, did you mean 'equal-body'?",)
    ),
    "an id that leaves the folder": (put('"small"', '"../small" #!'), ("id: not a word",)),
    "another kind of experiment": (
        'kind = "contrasts"\n' + GOOD, ("unknown key", "allowed: kind, id, title", "contrasts")
    ),
    "a kind that is none": ('kind = "swep" #!\n' + GOOD, ("did you mean 'sweep'?", "forecast")),
    "a member who is not there": (
        put('"leader_share"]', '"sole rule of Stalni"] #!'), ("no such member", "outcomes[#2]")
    ),
    "broken TOML": (put("seed = 7", "seed = #!"), ("broken TOML",)),
    "nothing": ("", ("is empty",)),
}  # fmt: skip


def save(folder: Path, text: str, name: str = "small.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def message(file: str | Path) -> str:
    with pytest.raises(ExperimentError) as caught:
        load(file)
    return str(caught.value)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_experiment_gets_one_clear_message(tmp_path: Path, name: str) -> None:
    text, parts = BAD[name]
    file = save(tmp_path, text)
    said = message(file)
    at = text.find("#!")
    place = f"{file}, line {text.count(chr(10), 0, at) + 1}: " if at >= 0 else str(file)
    for part in (place, *parts, "allowed: ", "what to do: "):
        assert part in said, f"{part!r} is not said: {said}"


def test_what_is_no_text_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "junk.toml").write_bytes(b"\xff\x00" * 100)
    with (tmp_path / "large.toml").open("wb") as stream:
        stream.truncate(50_000_000)
    assert "not a text file" in message(tmp_path / "junk.toml")
    assert "too large" in message(tmp_path / "large.toml")
    assert "is a folder" in message(tmp_path)
    assert "did you mean 'unity-x-opportunism'?" in message("unity-opportunism")


def test_a_bad_world_is_told_of_in_its_own_file(tmp_path: Path) -> None:
    save(tmp_path, 'title = "x"\naxes = 3\n', "world.toml")
    with pytest.raises(ScenarioError, match=r"world\.toml, line 2: axes: wrong type"):
        load(save(tmp_path, put('"equal-body"', '"world.toml"')))


def test_a_world_beside_the_experiment_is_found_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, 'title = "x"\nextends = "equal-body"\n', "mine.toml")
    file = save(tmp_path, put('"equal-body"', '"mine.toml"'))
    monkeypatch.chdir("/")
    assert Path(load(file).scenario) == tmp_path / "mine.toml"


@pytest.mark.parametrize("kind", kinds())
def test_a_kind_is_the_module_of_its_name_and_stands_in_the_page(kind: str) -> None:
    """Nothing else lies beside the kinds, or `check` would offer it as one."""
    assert get_args(kind_of(kind).model_fields["kind"].annotation) == (kind,)
    page = (ROOT / "docs" / "experiment-files.md").read_text(encoding="utf-8")
    assert kind == "sweep" or f'kind = "{kind}"' in page or f"* `{kind}`:" in page


def test_what_a_report_has_of_its_own_is_of_a_kind_that_is_there() -> None:
    for module in iter_modules(report_kinds.__path__):
        own = own_of(module.name)
        assert module.name in kinds() and (hasattr(own, "draw") != hasattr(own, "report"))


@pytest.mark.parametrize("name", names("experiments"))
def test_every_shipped_experiment_is_of_a_kind_and_can_be_planned(name: str) -> None:
    found = load(name)
    assert found.kind in kinds()
    quick, full = found.effort(quick=True), found.effort()
    assert 0 < quick.runs <= full.runs and found.size() > 0
    assert 0 < found.effort(quick=True, runs=7).runs == found.effort(runs=7).runs <= 7
    with pytest.raises(InputError, match="too few runs"):
        found.effort(runs=0)
    assert found.folder.lower() == name


def test_a_grid_is_laid_out_in_the_order_of_the_file(tmp_path: Path) -> None:
    laid = load(save(tmp_path, GOOD))
    rows = [(row["unity"], row["opportunism"]) for row in laid.points()]
    assert rows == [(u, o) for u in (0, 0.5, 1) for o in (0.25, 0.75)]
    assert all(row["coder_uncertainty"] == 1 for row in laid.points())
    assert (laid.effort().runs, laid.effort(quick=True).runs, laid.size()) == (4, 2, 6)


def test_a_list_is_what_it_lists_and_wins_over_constants(tmp_path: Path) -> None:
    rows = "rows = [{unity = 1}, {coder_uncertainty = 0, severity = 0.5}]"
    laid = load(save(tmp_path, put('kind = "grid"', f'kind = "list"\n{rows}')))
    assert laid.points() == [
        {"coder_uncertainty": 1, "unity": 1}, {"coder_uncertainty": 0, "severity": 0.5},
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["latin", "sobol"])
def test_sampled_designs_are_reproducible_and_inside_their_ranges(
    tmp_path: Path, kind: str
) -> None:
    file = save(tmp_path, sampled(kind, 64, SPAN))
    laid = load(file)
    assert laid == load(file)
    other = save(tmp_path, sampled(kind, 64, SPAN).replace("seed = 7", "seed = 8"), "other.toml")
    assert laid.points() != load(other).points()
    for name, low, high in [("unity", 0, 1), ("opportunism", 0.25, 0.75), ("severity", 0.2, 0.4)]:
        drawn = np.array([row[name] for row in laid.points()])
        assert low <= drawn.min() < low + 0.05 * (high - low)
        assert high - 0.05 * (high - low) < drawn.max() <= high
    assert {row["coder_uncertainty"] for row in laid.points()} == {1}


def test_a_latin_design_has_one_point_in_each_stratum(tmp_path: Path) -> None:
    laid = load(save(tmp_path, sampled("latin", 32, SPAN)))
    strata = sorted(int((row["severity"] - 0.2) / 0.2 * 32) for row in laid.points())
    assert strata == list(range(32))


def test_whole_parameters_are_drawn_whole_and_evenly(tmp_path: Path) -> None:
    more = "[uncertainties]\ncaucus_rounds = {low = 1, high = 4}\n"
    laid = load(save(tmp_path, sampled("sobol", 64, more)))
    drawn = [row["caucus_rounds"] for row in laid.points()]
    assert {value: drawn.count(value) for value in drawn} == dict.fromkeys((1, 2, 3, 4), 16)


@pytest.mark.parametrize("kind", ["grid", "latin", "sobol"])
def test_every_point_can_be_run(tmp_path: Path, kind: str) -> None:
    text = GOOD if kind == "grid" else sampled(kind, 16, SPAN)
    for point in load(save(tmp_path, text)).points():
        assert len(parameter_values(point)) > 0


def test_runs_can_be_given_instead_and_never_none(tmp_path: Path) -> None:
    experiment = load(save(tmp_path, GOOD))
    assert experiment.effort(runs=3).runs == 3
    for number in (0, -1):
        with pytest.raises(InputError, match="a whole number from 1"):
            experiment.effort(runs=number)


PAGE = (Path(__file__).parents[1] / "docs" / "experiment-files.md").read_text(encoding="utf-8")


def test_the_example_of_the_page_loads(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    found = load(save(tmp_path, example[1]))
    assert found.size() * found.effort().runs == 8000


def test_the_page_has_every_key_and_every_outcome() -> None:
    rows = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    named = {word for cell in rows for word in re.findall(r"`([a-z_]+)`", cell)}
    assert named == (Sweep.model_fields.keys() - {"note"}) | Design.model_fields.keys()
    assert all(f"`{outcome}`" in PAGE.split("\nOutcomes: ")[1] for outcome in NAMES)


def test_the_contrasts_of_the_page_load_with_their_shorthand(tmp_path: Path) -> None:
    _, plain, short = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert load(save(tmp_path, plain)).size() == 3
    assert load(save(tmp_path, plain + short)).size() > 30


def test_years_of_outcomes_are_those_of_the_world_that_is_asked_about(tmp_path: Path) -> None:
    (tmp_path / "board.toml").write_text(skeleton("board", "council", 5, "1976-03", "1982-10"))
    file = tmp_path / "mine.toml"
    asked = GOOD.replace("equal-body", "board.toml")
    for year, known in ((1926, False), (1975, False), (1976, True), (1982, True), (1983, False)):
        file.write_text(asked.replace("leader_share", f"removed_{year}"))
        if known:
            assert load(str(file)).size() == 6
        else:
            with pytest.raises(ExperimentError, match=r"year in board(.|\n)*1976 to 1982"):
                load(str(file))
