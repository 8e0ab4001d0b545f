"""How the rules are compiled: each once for a size of world, whatever calls it."""

import importlib
import pkgutil
import re

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
    for kinds in engine.run_chunk.signatures:  # a whole from the cache has no parts yet
        engine.run_chunk.part.compile(kinds)
    assert len(voting.tally.part.signatures) == 1
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


def test_on_another_release_of_numba_rules_are_compiled_as_it_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def twice(x: float) -> float:
        return 2.0 * x

    options = {"nogil": True, "cache": False}
    assert hasattr(linking.compiled(twice, **options), "part") == (
        linking.__version__.rpartition(".")[0] in linking.KNOWN
    )
    monkeypatch.setattr(linking, "KNOWN", ())
    plain = linking.compiled(twice, **options)
    assert not hasattr(plain, "part") and plain(3.0) == 6.0
