"""Pages on the record and its coding: made from the tables, and complete."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import BaseModel

from politburo_sim import history
from politburo_sim.evidence.schema import Ask, Filled, Imposed, Reading, RecordOfHistory
from politburo_sim.files.explain import keys_of
from politburo_sim.worlds.scenario import load_scenario

ROOT = Path(__file__).resolve().parents[2]
RECORD = (ROOT / "docs" / "record.md").read_text(encoding="utf-8")
DATA_USE = (ROOT / "docs" / "data-use.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "coders_book", ROOT / "benchmarks" / "coders_book.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_coders_book_is_what_the_tables_say(maker: ModuleType) -> None:
    kept = maker.PAGE.read_text(encoding="utf-8")
    assert maker.page() == kept, "python -m benchmarks.coders_book makes it anew"


def test_the_book_has_every_coding_of_every_member(maker: ModuleType) -> None:
    text = maker.page()
    frame = history.members()
    coded = frame[list(maker.AXES)].notna().to_numpy().sum()
    axes = "|".join(maker.AXES)
    assert len(re.findall(rf"^\|[^|]*?\|? ?(?:{axes}) \| -?[\d.]+ \|", text, re.M)) == coded
    sections = text.split("### ")
    for member in load_scenario("ussr-1922").members:
        [section] = [part for part in sections if part.startswith(f"{member.name}\n")]
        assert ("| patron |" in section) == (member.patron is not None), member.name
        assert "| prestige |" in section


def test_the_ideals_of_the_world_are_those_of_the_book() -> None:
    people = history.members().set_index("name")
    columns = {"economy": "econ_1923", "internationalism": "internationalism",
               "party_regime": "party_democracy"}  # fmt: skip
    for member in load_scenario("ussr-1922").members:
        for axis, column in columns.items():
            assert member.ideal[axis].value == people.loc[member.name, column], member.name
        assert member.loyalty is not None
        loyal = (1 + people.party_democracy[member.name]) / 2
        assert member.loyalty.value == pytest.approx(loyal), member.name


def test_every_coding_says_how_open_it_is_to_hindsight(maker: ModuleType) -> None:
    table = history.codings().set_index("coding")
    assert set(maker.AXES) <= set(table.index)
    assert set(table.hindsight) == {"none", "some", "strong"}
    assert table.reason.str.len().min() > 0
    # What is not coded cannot lean on anything.
    for word in table.index[table.used == "drawn"]:
        assert all(getattr(m, word) is None for m in load_scenario("ussr-1922").members)


@pytest.mark.parametrize("table", [RecordOfHistory, Ask, Filled, Imposed, Reading])
def test_every_key_of_a_record_is_explained(table: type[BaseModel]) -> None:
    missing = [key for key in keys_of(table) if f"`{key}`" not in RECORD]
    assert not missing


def test_no_key_is_explained_that_is_none() -> None:
    known = {key for table in (RecordOfHistory, Ask) for key in keys_of(table)}
    first = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", RECORD, re.M)
    assert {key for cell in first for key in re.findall(r"\w+", cell)} == known


def test_every_table_of_the_record_has_its_use() -> None:
    data = ROOT / "src" / "politburo_sim" / "history" / "data"
    tables = {path.name for path in data.glob("*.csv")}
    lines = [line for line in DATA_USE.splitlines() if line.startswith("| `")]
    assert tables <= set(re.findall(r"`([\w/-]+\.csv)`", "\n".join(lines)))
    for line in lines:
        uses = [cell.strip() for cell in line.strip("|").split("|")][1:]
        assert len(uses) == 3 and any(uses), line
