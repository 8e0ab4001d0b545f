"""Tables that a spreadsheet shows as they are, whoever wrote the names in them."""

from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from politburo_sim.lab.sheets import as_csv, write_csv
from politburo_sim.record.record import Record
from politburo_sim.run.model import Politburo
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world


@pytest.mark.parametrize(
    "bad", ["=1+1", '=cmd|"/c x"!A1', "+49", "-x", "@SUM(A1)", "\t=1", "=", "-5"]
)
def test_no_text_is_a_formula(bad: str) -> None:
    frame = pd.DataFrame({"a": [bad, "Anna"], bad: [1.5, -2.0]}, index=pd.Index([bad, "y"]))
    back = pd.read_csv(StringIO(as_csv(frame, index=True)), index_col=0)
    assert back["a"].tolist() == [f"'{bad}", "Anna"]
    assert list(back.columns) == ["a", f"'{bad}"] and list(back.index) == [f"'{bad}", "y"]
    assert back[f"'{bad}"].tolist() == [1.5, -2.0]


def test_numbers_and_gaps_stay_as_they_are(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": [-1, 2], "y": [-0.25, None], "z": ["a-b", None], "b": [True, False]})
    assert as_csv(frame) == "x,y,z,b\n-1,-0.25,a-b,True\n2,,,False\n"
    write_csv(tmp_path / "below" / "t.csv", frame, float_format="%.1f")
    assert (tmp_path / "below" / "t.csv").read_text() == "x,y,z,b\n-1,-0.2,a-b,True\n2,,,False\n"
    assert as_csv(frame[["x"]], index=True) == ",x\n0,-1\n1,2\n"


def test_two_columns_of_one_name_are_both_kept() -> None:
    frame = pd.DataFrame([["=a", "=b"]], columns=["x", "x"])
    assert as_csv(frame) == "x,x\n'=a,'=b\n"


def test_the_table_given_is_left_alone() -> None:
    frame = pd.DataFrame({"=x": ["=y"]}, index=["=z"])
    as_csv(frame, index=True)
    assert frame.to_dict() == {"=x": {"=z": "=y"}}


def hostile_record() -> Record:
    scenario = load_scenario("ussr-1922")
    text = scenario.model_dump_json(by_alias=True).replace('"Stalin"', '"=HYPERLINK(1)"')
    return Politburo(build_world(type(scenario).model_validate_json(text)), 7).run().record


def test_a_hostile_name_in_a_world_is_no_formula_in_its_tables() -> None:
    record = hostile_record()
    for frame in (record.power_table(), record.roll_calls()):
        text = as_csv(frame)
        assert "'=HYPERLINK" in text
        assert not any(
            cell.startswith("=") for line in text.splitlines() for cell in line.split(",")
        )
