"""How the rules are compiled: each once for a size of world, whatever calls it."""

import importlib
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import by_engine

import politburo_sim.rules
from politburo_sim.rules import voting
from politburo_sim.run import engine
from politburo_sim.state import linking
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world


def _kind(type_name: str) -> str:
    """Numbers by their kind; arrays by their element."""
    if "(" in type_name:
        return re.sub(r"^\w*array\((\w+).*", r"array of \1", type_name)
    return type_name


@pytest.mark.skipif(
    linking.__version__.rpartition(".")[0] not in linking.KNOWN, reason="rules have no parts"
)
def test_no_rule_is_compiled_for_two_kinds_of_numbers() -> None:
    """An integer where another caller gives a float would compile, and run, a second rule."""
    by_engine(build_world(load_scenario("ussr-1922")), 1)
    engine.run_chunk.part.compile(engine.run_chunk.signatures[-1])  # from the cache it has none yet
    assert voting.tally.part.signatures
    twice = {}
    for found in pkgutil.iter_modules(politburo_sim.rules.__path__, "politburo_sim.rules."):
        module = importlib.import_module(found.name)
        for name, rule in vars(module).items():
            if getattr(rule, "__module__", "") != module.__name__ or not hasattr(rule, "part"):
                continue
            kinds = {
                tuple(_kind(str(t)) for t in signature if "Record" not in str(t))
                for signature in rule.part.signatures
            }
            if len(kinds) > 1:
                twice[f"{found.name}.{name}"] = kinds
    assert not twice, twice


#: A rule too long to become part of the one that calls it, and what that comes to in each layout.
LONG = """
import sys
from math import cos, sin
import numpy as np
from politburo_sim.state.compiled import rule

@rule
def size(record):
    s = 0.0
{lines}
    return 0.0 * s + record.x.shape[0]

@rule
def thrice(record):
    one = size(record)
    record.x[0] += 1.0
    two = size(record)
    record.x[0] += 1.0
    return one + two + size(record)

def main():
    for n in map(int, sys.argv[1:]):
        print(thrice(np.ones(1, np.dtype((np.record, [("x", np.float64, (n,))])))[0]))
"""
LINE = """
    for i in range(record.x.shape[0]):
        s = sin({0}.5 * s + record.x[i]) + cos(s) if s < {0} else s - record.x[i]"""


def test_layouts_compiled_in_two_processes_are_kept_apart_in_a_third(tmp_path: Path) -> None:
    text = LONG.format(lines="".join(LINE.format(k) for k in range(40)))
    (tmp_path / "a_long_rule.py").write_text(text, encoding="utf-8")

    def called(*sizes: str) -> list[str]:
        command = [sys.executable, "-c", "import a_long_rule; a_long_rule.main()", *sizes]
        where = {"POLITBURO_SIM_CACHE": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            command,
            cwd=tmp_path,
            env=os.environ | where,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()

    assert (called("3"), called("5")) == (["9.0"], ["15.0"])
    assert called("3", "5") == ["9.0", "15.0"]
