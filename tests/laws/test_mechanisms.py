"""Every mechanism has its place: a line in the page of the model, an off value, a knock-out."""

import re
from pathlib import Path

import pytest

from politburo_sim.state.parameters import TABLE

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "src" / "politburo_sim" / "rules"
PAGE = (ROOT / "docs" / "odd.md").read_text()
GROUPS = tuple(dict.fromkeys(p.group for p in TABLE))
#: Lines of the page's table of submodels: | `file` | mechanism | switched off by |
LINES = dict(re.findall(r"^\| `(\w+)` \|([^|]*\|[^|]*)\|$", PAGE, re.MULTILINE))
#: Groups that are no mechanism: traits of people, and null models, which are knock-outs themselves.
NO_MECHANISM = ("members", "nulls")


def mechanisms() -> list[str]:
    return [group for group in GROUPS if group not in NO_MECHANISM]


@pytest.mark.parametrize("group", mechanisms())
def test_a_mechanism_is_a_file_with_a_line_in_the_page(group: str) -> None:
    assert (RULES / f"{group}.py").exists()
    assert group in LINES, f"docs/odd.md has no line for `{group}`"


@pytest.mark.parametrize("group", mechanisms())
def test_a_mechanism_is_switched_off_by_values_of_the_table(group: str) -> None:
    """The line names parameters of the group with their off values, as `name = value`."""
    told = re.findall(r"`(\w+) = ([\d.]+)`", LINES[group])
    off = {p.name: p.off for p in TABLE if p.off is not None}
    own = {p.name for p in TABLE if p.group == group}
    assert told, f"the line of `{group}` names no off value"
    assert all(off.get(name) == float(value) for name, value in told)
    assert own & {name for name, _ in told}


def test_every_mechanism_can_be_knocked_out() -> None:
    """Each group has a parameter with an off value, of which a law says what it stops."""
    for group in mechanisms():
        assert [p for p in TABLE if p.group == group and p.off is not None], group
