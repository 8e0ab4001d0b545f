"""Every mechanism has its place: a line in the page of the model, an off value, a knock-out."""

import re
import tomllib
from pathlib import Path

import pytest

from politburo_sim.state.parameters import TABLE

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "src" / "politburo_sim" / "rules"
PAGE = (ROOT / "docs" / "odd.md").read_text()
GROUPS = tuple(dict.fromkeys(p.group for p in TABLE))
#: Lines of the page's table of submodels: | group | `file`, ... | mechanism | switched off by |
LINES = {
    cells[0]: cells[1:]
    for cells in (
        [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines()
    )
    if cells[0] in GROUPS and len(cells) == 4
}
#: What the rules stand on, no mechanism: the month, its luck, the calendar, a record imposed.
FRAME = {"month", "luck", "space", "events", "imposing", "recorded", "recorded_falls",
         "recorded_seats"}  # fmt: skip
OFF = {p.name: p.off for p in TABLE if p.off is not None}


@pytest.mark.parametrize("group", GROUPS)
def test_a_mechanism_has_a_line_in_the_page_and_files(group: str) -> None:
    assert group in LINES, f"docs/odd.md has no line for {group}"
    files = re.findall(r"`(\w+)`", LINES[group][0])
    assert files and all((RULES / f"{name}.py").exists() for name in files)


def test_every_file_of_the_rules_has_a_line_in_the_page() -> None:
    """A mechanism that hides its parameters in the group of another has to be told as well."""
    told = {name for files, *_ in LINES.values() for name in re.findall(r"`(\w+)`", files)}
    there = {file.stem for file in RULES.glob("*.py")} - {"__init__"}
    assert there - told == FRAME


@pytest.mark.parametrize("group", GROUPS)
def test_a_mechanism_is_switched_off_by_values_of_the_table(group: str) -> None:
    """The line names parameters with their off values, one of the group at least."""
    told = re.findall(r"`(\w+) = ([\d.]+)`", LINES[group][2])
    assert all(OFF.get(name) == float(value) for name, value in told)
    assert {p.name for p in TABLE if p.group == group} & {name for name, _ in told}


def test_every_off_value_is_knocked_out_in_an_experiment() -> None:
    """Knock-outs are made from the table; left out are traits of the world and null models."""
    (made,) = (
        rule["mechanism"]
        for rule in tomllib.loads((ROOT / "experiments" / "e3-knock-outs.toml").read_text())[
            "every"
        ]
        if "mechanism" in rule
    )
    taken, *left_out = (part.strip() for part in made.split("|"))
    assert taken == "mechanisms *"
    nulls = {p.name for p in TABLE if p.group == "nulls"}
    assert {word[1:].strip().replace(" ", "_") for word in left_out} == nulls | {
        "coder_uncertainty"
    }
