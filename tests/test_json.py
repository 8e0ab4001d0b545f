"""Answers as JSON: every command that answers has them, and what the long ones say in them."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from test_cli import good
from typer.main import get_command

from politburo_sim.cli.app import app
from politburo_sim.lab.fit.population import Population
from politburo_sim.state.parameters import TABLE

PAGE = '<div class="finding">\n<p>It is so.</p>\n</div>'


@pytest.fixture(autouse=True)
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A page that stands for every report, in the folder that one is in."""
    monkeypatch.chdir(tmp_path)
    Path("report.html").write_text(PAGE, encoding="utf-8")
    return "report.html"


def gives(value: Any) -> Callable[..., Any]:
    """Something that gives the same whatever it is asked."""
    return lambda *_, **__: value


def answer(*words: str) -> dict[str, Any]:
    """One line of strict JSON, and nothing besides."""
    (line,) = good(*words, "--json").splitlines()
    return dict(json.loads(line, parse_constant=pytest.fail))


def test_all_commands_that_answer_have_it_and_those_that_write_one_thing_have_not() -> None:
    every: Any = get_command(app)
    found = dict(every.commands)
    found |= {f"theory {name}": one for name, one in found.pop("theory").commands.items()}
    without = {
        name for name, one in found.items()
        if not any("--json" in option.opts for option in one.params)
    }  # fmt: skip
    assert without == {"view", "new", "export", "gallery"}


def test_a_fit(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = np.tile([float(p.default) for p in TABLE], (3, 1))
    found = Population(table, np.full(3, 1 / 3), np.array([0.1, 0.3, 0.2]), {})
    results = SimpleNamespace(said={"population": found}), Path(page)
    monkeypatch.setattr("politburo_sim.cli.lab._again", gives(results))
    said = answer("fit", "--quick")
    assert said.pop("effective") == pytest.approx(3) and said.pop("needed") > 3
    sets = str(Path("results", "calibration-quick", "sets.csv"))
    assert said == {"tolerance": 0.3, "sets": sets, "report": page}


def test_a_screening(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("politburo_sim.cli.lab._again", gives((None, Path(page))))
    said = {"of": "record", "finding": "It is so.", "report": page}
    assert answer("sensitivity", "--of", "record") == said
    assert good("sensitivity") == f"It is so.\nReport: {page}\n"


def test_ideals(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    levels = pd.DataFrame({"unity": [0.0, 1.0], "recovered": [0.5, np.nan]})
    monkeypatch.setattr("politburo_sim.lab.ideals.recovery_curve", gives(levels))
    monkeypatch.setattr("politburo_sim.report.ideals.ideals_report", gives(Path(page)))
    rows = [{"unity": 0.0, "recovered": 0.5}, {"unity": 1.0, "recovered": None}]
    assert answer("ideals") == {"finding": "It is so.", "levels": rows, "report": page}
    assert good("ideals") == f"It is so.\nReport: {page}\n"


def test_the_gate(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = pd.DataFrame({"effect": ["one"], "confirmed_above": [3]})
    for name in ("measure_all", "effects_table", "gate_table"):
        monkeypatch.setattr(f"politburo_sim.lab.verdicts.gate.{name}", gives(table))
    monkeypatch.setattr("politburo_sim.report.gate.gate_report", gives(Path(page)))
    monkeypatch.setattr("politburo_sim.report.gate.finding", gives("It is so."))
    rows = [{"effect": "one", "confirmed_above": 3}]
    assert answer("gate", "--quick") == {"finding": "It is so.", "gate": rows, "report": page}


def test_calibrate(monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {
        "parameters": pd.DataFrame({"informed": [True, False, True]}),
        "evidence": pd.DataFrame({"log_evidence": [-9.5], "spread": [np.nan], "passes": [1]}),
    }
    found = SimpleNamespace(said={"passes": ()}, extra=extra)
    monkeypatch.setattr("politburo_sim.cli.evidence._weigh", gives((None, found)))
    monkeypatch.setattr("politburo_sim.lab.weigh.evidence.posterior_csv", gives("unity\n"))
    assert answer("calibrate", "--out", "here") == {
        "log_evidence": -9.5, "error": None, "passes": 1, "parameters": 3, "informed": 2,
        "posterior": str(Path("here", "posterior.csv")),
    }  # fmt: skip


def test_power(monkeypatch: pytest.MonkeyPatch) -> None:
    noticed = pd.DataFrame({"mechanism": ["no-slates"], "noticed": [0.25]})
    covered = pd.DataFrame({"level": [0.8], "covered": [0.75]})
    monkeypatch.setattr("politburo_sim.lab.weigh.power.power_tables", gives((noticed, covered)))
    assert answer("power", "--out", "here") == {
        "power": [{"mechanism": "no-slates", "noticed": 0.25}],
        "coverage": [{"level": 0.8, "covered": 0.75}],
    }
