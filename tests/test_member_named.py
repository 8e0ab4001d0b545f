"""Members of one's own on the command line: named, kept by the manifest, refused if they change."""

import json
import sys
from pathlib import Path

import pytest
from tests.faults.trials import EXPERIMENT
from typer.testing import CliRunner

from politburo_sim.cli.app import app
from politburo_sim.files.errors import InputError, ResultError
from politburo_sim.lab.members import described, member_named, name_of
from politburo_sim.lab.rerun import rebuild
from politburo_sim.run.member import Member

MINE = """\
from politburo_sim import Member

class Nay(Member):
    def lean(self, question):
        return 0.0

class Ship:
    pass
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a module of members in it, which is the current one."""
    (tmp_path / "nays.py").write_text(MINE, encoding="utf-8")
    (tmp_path / "small.toml").write_text(EXPERIMENT, encoding="utf-8")
    (tmp_path / "broken_nays.py").write_text("1 / 0\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    yield tmp_path
    for name in ("nays", "broken_nays"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nays", "no name of a class"),
        (":Nay", "no name of a class"),
        ("neys:Nay", "no module named neys"),
        ("broken_nays:Nay", "ZeroDivisionError"),
        ("nays:Ney", "did you mean 'Nay'"),
        ("nays:Ship", "no subclass of Member"),
    ],
)
def test_what_is_no_class_of_members_is_said(here: Path, name: str, said: str) -> None:
    with pytest.raises(InputError) as wrong:
        member_named(name)
    assert said in str(wrong.value) and "module:Class" in str(wrong.value)
    result = CliRunner().invoke(app, ["run", "power-game", "--member", name])
    assert result.exit_code == 2 and said in result.output and "Traceback" not in result.output


def test_a_class_is_found_by_its_name(here: Path) -> None:
    kind = member_named("nays:Nay")
    assert name_of(kind) == "nays:Nay" and issubclass(kind, Member)
    assert member_named(None) is Member and described(Member) == {}


def test_members_of_ones_own_decide_in_a_run(here: Path) -> None:
    plain = CliRunner().invoke(app, ["run", "equal-body", "--seed", "3"]).output
    mine = CliRunner().invoke(app, ["run", "equal-body", "--seed", "3", "--member", "nays:Nay"])
    assert mine.exit_code == 0 and mine.output != plain


def test_a_sweep_keeps_its_members_and_goes_on_with_no_others(here: Path) -> None:
    sweep = ["sweep", "small.toml", "--runs", "2", "--quiet", "--workers", "1"]
    own = [*sweep, "--out", "mine", "--member", "nays:Nay"]
    with pytest.warns(UserWarning, match="Nay is no plain Member"):
        assert CliRunner().invoke(app, own).exit_code == 0
    said = json.loads((here / "mine/manifest.json").read_text())
    assert said["members"] == "nays:Nay"
    assert "members" not in described(Member)
    rebuild(here / "mine", 1)
    plain = CliRunner().invoke(app, [*sweep, "--out", "mine", "--resume"])
    assert plain.exit_code == 2 and "another plan" in plain.output
    (here / "nays.py").write_text(MINE + "\n", encoding="utf-8")
    other = CliRunner().invoke(app, [*own, "--resume"])
    assert other.exit_code == 2 and "members_text" in other.output
    with pytest.raises(ResultError, match="another text"):
        rebuild(here / "mine", 1)
