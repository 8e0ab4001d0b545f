"""What is kept is made anew when what it was made from changes, and not when words do."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from politburo_sim.lab import sources
from politburo_sim.lab.bench import prepare
from politburo_sim.lab.ensemble import load_ensemble
from politburo_sim.lab.sources import code_of, world_of
from politburo_sim.state.parameters import PARAMETERS
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import Scenario
from politburo_sim.worlds.world import build_world

RUSSIA = load_scenario("ussr-1922")


def of(scenario: Scenario) -> str:
    return world_of(build_world(scenario))


def with_first(name: str, **update: Any) -> Scenario:
    """The base world, with something of its first member, event or question changed."""
    first, *rest = getattr(RUSSIA, name)
    return RUSSIA.model_copy(update={name: (first.model_copy(update=update), *rest)})


def test_words_of_a_world_do_not_count() -> None:
    words = RUSSIA.words.model_copy(update={"body": "Bureau"})
    for other in (
        RUSSIA.model_copy(update={"title": "Another title", "words": words}),
        with_first("events", text="Something else is said of it."),
        with_first("questions", title="another title"),
    ):
        assert of(other) == of(RUSSIA)


def test_whatever_a_run_or_its_outcomes_depend_on_counts() -> None:
    member = RUSSIA.members[0]
    stronger = member.prestige.model_copy(update={"value": member.prestige.value + 0.01})
    surer = member.prestige.model_copy(update={"confidence": "low"})
    others = [
        with_first("members", prestige=stronger),
        with_first("members", prestige=surer),
        with_first("events", date="1922-11"),
        with_first("events", intervention=True),
        RUSSIA.model_copy(update={"end": "1939-11"}),
        RUSSIA.model_copy(update={"rules": {"unity_liability": 0.9}}),
    ]
    found = [of(RUSSIA), *map(of, others)]
    assert len(set(found)) == len(found)


def test_a_member_by_another_name_is_read_under_another_name() -> None:
    """His luck is that of his id; what is counted of him has a column of his name."""
    kept = {"bonds": (), "events": (), "questions": (), "offices": ()}
    alone = load_scenario("equal-body").model_copy(update=kept)
    first, *rest = alone.members
    other = first.model_copy(update={"id": first.key, "name": "Somebody"})
    renamed = alone.model_copy(update={"members": (other, *rest)})
    one, two = build_world(alone), build_world(renamed)
    assert one.body.tobytes() == two.body.tobytes()
    assert world_of(one) != world_of(two)


def test_a_rule_that_a_file_states_at_its_default_counts() -> None:
    """It stands over the draws of an ensemble, which are free where nothing is stated."""
    stated = RUSSIA.model_copy(update={"rules": {"favour": PARAMETERS["favour"].default}})
    one, two = build_world(RUSSIA), build_world(stated)
    assert one.body.tobytes() == two.body.tobytes()
    assert world_of(one) != world_of(two)
    sets = load_ensemble().thin(2)
    with_draws, without = (prepare({"scenario": each}, sets)[1] for each in (RUSSIA, stated))
    assert (with_draws != without).any()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package's sources that may be changed."""
    copy = tmp_path / "politburo_sim"
    shutil.copytree(sources._PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(sources, "_PACKAGE", copy)
    sources._code_of.cache_clear()
    yield copy
    sources._code_of.cache_clear()


def changed(package: Path, file: str, *of: str) -> bool:
    """Whether a line more in a file changes the hash of the code of some modules."""
    modules = [str(package / one) for one in of]
    before = code_of(*modules)
    (package / file).write_bytes((package / file).read_bytes() + b"\n# a line more\n")
    sources._code_of.cache_clear()
    return code_of(*modules) != before


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("lab/bench.py", True), ("lab/runs.py", True), ("outcomes.py", True),
        ("run/engine.py", True), ("rules/voting.py", True),
        ("lab/kinds/window.py", False), ("lab/verdicts/claims.py", False),
        ("report/claims.py", False), ("worlds/checks.py", False),
    ],
)  # fmt: skip
def test_a_cell_depends_on_what_the_bench_imports_and_on_no_more(
    package: Path, file: str, counts: bool
) -> None:
    assert changed(package, file, "lab/bench.py") is counts


def test_what_imports_late_or_several_at_once_is_followed(package: Path) -> None:
    (package / "lab" / "late.py").write_text(
        "def f():\n    from politburo_sim.lab import (\n        intervals, answer as p)\n"
    )
    assert changed(package, "lab/intervals.py", "lab/late.py")
    assert changed(package, "lab/answer.py", "lab/late.py")
    assert not changed(package, "lab/sheets.py", "lab/late.py")


def test_a_module_moved_is_another(package: Path) -> None:
    before = code_of(str(package / "lab" / "answer.py"))
    shutil.copy(package / "lab" / "answer.py", package / "lab" / "answers.py")
    assert code_of(str(package / "lab" / "answers.py")) != before
