"""How the rules are compiled: once, together, and never run on the layout of another world."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from politburo_sim.state import linking
from politburo_sim.state.compiled import Shelf, rule

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


@pytest.mark.parametrize("together", [("3", "5"), ("5", "3")])
def test_layouts_compiled_in_two_processes_are_kept_apart_in_a_third(
    tmp_path: Path, together: tuple[str, str]
) -> None:
    text = LONG.format(lines="".join(LINE.format(k) for k in range(40)))
    (tmp_path / "a_long_rule.py").write_text(text, encoding="utf-8")

    def called(*sizes: str) -> list[str]:
        command = [sys.executable, "-c", "import a_long_rule; a_long_rule.main()", *sizes]
        own = os.environ | {"POLITBURO_SIM_CACHE": str(tmp_path / "cache")}
        done = subprocess.run(
            command, cwd=tmp_path, env=own, check=True, capture_output=True, text=True
        )
        return done.stdout.split()

    alone = {size: called(size) for size in together}
    assert alone == {"3": ["9.0"], "5": ["15.0"]}
    assert called(*together) == [alone[size][0] for size in together]


@pytest.mark.parametrize("step", ["_save_data", "_save_index", "_load_index"])
def test_two_processes_that_compile_at_once_never_mix_what_they_keep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The second one keeps its own just when the first takes a step."""
    one, two = (Shelf(str(tmp_path), "rule", 1) for _ in range(2))
    keys = {name: ((name,), ("machine",), ("hash",)) for name in ("one", "two")}
    real = getattr(one, step)

    def between(*given: object) -> object:
        done = real(*given)
        two.save(keys["two"], "two")
        return done

    monkeypatch.setattr(one, step, between)
    one.save(keys["one"], "one")
    found = {name: Shelf(str(tmp_path), "rule", 1).load(key) for name, key in keys.items()}
    assert all(kept in (name, None) for name, kept in found.items())
    assert set(found.values()) != {None}


def test_rules_are_kept_so() -> None:
    from politburo_sim.rules.voting import tally

    assert isinstance(tally._cache._cache_file, Shelf)


@rule
def twice(number: float) -> float:
    return 2.0 * number


@rule
def doubled(record: Any, times: int) -> float:
    for _ in range(times):
        record.x[0] = twice(record.x[0])
    return float(record.x[0])


@rule
def eightfold(record: Any) -> float:
    return doubled(record, 1) + 3.0 * doubled(record, 0)


def record_of(number: float) -> Any:
    return np.full(1, number, np.dtype((np.record, [("x", np.float64, (1,))])))[0]


parts = pytest.mark.skipif(not hasattr(twice, "part"), reason="rules have no parts on this numba")


@parts
def test_a_rule_is_translated_once_whatever_constants_others_give() -> None:
    assert eightfold(record_of(1.0)) == 8.0
    eightfold.part.compile(eightfold.signatures[-1])  # what comes from the cache has no parts yet
    for one in (twice, doubled):
        assert len(one.part.signatures) == 1


@parts
def test_what_python_never_calls_is_not_made_machine_code() -> None:
    assert eightfold(record_of(1.0)) == 8.0
    assert eightfold.signatures and not doubled.signatures


@parts
def test_a_rule_does_the_same_for_python_as_for_rules() -> None:
    assert [eightfold(record_of(x)) for x in (0.5, 2.0)] == [4 * twice(x) for x in (0.5, 2.0)]


def test_on_a_numba_not_known_rules_are_compiled_as_it_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(linking, "KNOWN", ())

    @rule
    def half(number: float) -> float:
        return 0.5 * number

    assert half(3.0) == 1.5
    assert not hasattr(half, "part")
