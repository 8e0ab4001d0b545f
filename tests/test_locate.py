"""The locator: one meaning for a name, from any folder and after any install."""

import tomllib
from pathlib import Path

import pytest

from politburo_sim.files import locate
from politburo_sim.files.errors import InputError

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder, with two worlds shipped elsewhere."""
    package = tmp_path / "site" / "politburo_sim"
    worlds = package / "data" / "scenarios"
    worlds.mkdir(parents=True)
    for name in ("ussr-1922", "lenin-recovers"):
        (worlds / f"{name}.toml").write_text("", encoding="utf-8")
    (worlds / "README.md").write_text("", encoding="utf-8")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr(locate, "_PACKAGE", package)
    return worlds


@pytest.mark.parametrize("kind", locate.KINDS)
def test_from_source_the_checkout_is_used(kind: str) -> None:
    assert locate.folder(kind) == ROOT / kind


def test_installed_the_package_data_is_used(shipped: Path) -> None:
    assert locate.folder("scenarios") == shipped


def test_a_stranger_project_above_the_package_is_not_a_checkout(shipped: Path) -> None:
    (shipped.parents[3] / "pyproject.toml").write_text("", encoding="utf-8")
    assert locate.folder("scenarios") == shipped


def test_names_are_sorted_and_without_suffix(shipped: Path) -> None:
    assert locate.names("scenarios") == ["lenin-recovers", "ussr-1922"]
    assert locate.names("experiments") == []


@pytest.mark.parametrize("name", ["ussr-1922", "ussr-1922.toml"])
def test_a_shipped_name_works_from_any_folder(shipped: Path, name: str) -> None:
    assert locate.find("scenarios", name) == shipped / "ussr-1922.toml"


def test_a_bare_shipped_name_is_not_shadowed_by_what_lies_about(shipped: Path) -> None:
    Path("ussr-1922").write_text("", encoding="utf-8")
    assert locate.find("scenarios", "ussr-1922") == shipped / "ussr-1922.toml"


@pytest.mark.parametrize("name", ["mine.toml", "sub/mine.toml", "ussr-1922.toml", "no-suffix"])
def test_a_file_is_taken_as_it_is(shipped: Path, name: str) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text("", encoding="utf-8")
    assert locate.find("scenarios", name) == Path(name)


def test_a_misspelt_name_is_met_with_the_right_one(shipped: Path) -> None:
    with pytest.raises(InputError) as caught:
        locate.find("scenarios", "usr-1922")
    assert str(caught.value).splitlines() == [
        "usr-1922: no such file, did you mean 'ussr-1922'?",
        "  allowed: the path of a .toml file, or one of: lenin-recovers, ussr-1922",
        "  what to do: politburo-sim list shows the shipped scenarios",
    ]


def test_a_folder_is_called_a_folder(shipped: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        locate.find("scenarios", str(shipped))


@pytest.mark.parametrize(
    "name",
    ["x" * 5000, "null\0character", "", "../scenarios/ussr-1922"],
    ids=["too long", "null", "empty", "a way round"],
)
def test_an_impossible_name_is_an_input_error(shipped: Path, name: str) -> None:
    with pytest.raises(InputError):
        locate.find("scenarios", name)


def test_an_unknown_kind_is_the_programmers_mistake() -> None:
    with pytest.raises(ValueError, match="no such kind"):
        locate.folder("worlds")


def test_every_claim_stands_in_the_seeds_once_and_in_order() -> None:
    claims = tomllib.loads(locate.find("seeds", "claims").read_text(encoding="utf-8"))["claims"]
    assert [claim["id"] for claim in claims] == [f"C{number}" for number in range(1, 13)]


def test_an_experiment_is_meant_by_its_id_as_well_and_nothing_else_is() -> None:
    for name in locate.names("experiments"):
        with locate.find("experiments", name).open("rb") as file:
            id = tomllib.load(file)["id"]
        assert locate.meant("experiments", name) == name
        assert locate.meant("experiments", id) == locate.meant("experiments", id.lower()) == name
    for word in ("E", "E0", "e99", "1", "e", "", "unity"):
        assert locate.meant("experiments", word) is None
    assert locate.meant("scenarios", "E4") is None
