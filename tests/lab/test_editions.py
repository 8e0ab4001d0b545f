"""The first edition is asked from a checkout of its own, in words that were its own."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def source(commit: str, module: str) -> str | None:
    """The source of a module as it was in a commit; None where there was none."""
    path = f"{commit}:src/{module.replace('.', '/')}.py"
    told = subprocess.run(["git", "show", path], cwd=ROOT, capture_output=True, text=True)
    return told.stdout if told.returncode == 0 else None


def defined(text: str) -> set[str]:
    """Names that a module has at its top."""
    found = set()
    for node in ast.parse(text).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return found


@pytest.mark.parametrize("script", ["LIVE", "CLOSEST"])
def test_the_first_edition_has_what_its_scripts_import(
    script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks import first_edition as editions

    known = ["git", "cat-file", "-e", f"{editions.FIRST}^{{commit}}"]
    if subprocess.run(known, cwd=ROOT, capture_output=True).returncode:
        pytest.skip("the first edition's commit is not in this copy")
    asked = [
        (node.module, alias.name)
        for node in ast.walk(ast.parse(getattr(editions, script)))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("politburo_sim")
        for alias in node.names
    ]
    assert len(asked) > 3
    for module, name in asked:
        text = source(editions.FIRST, str(module))
        inside = text is not None and name in defined(text)
        assert inside or source(editions.FIRST, f"{module}.{name}") is not None, (module, name)


def test_the_crowds_of_the_benchmark_are_worlds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks.run import crowd

    assert crowd(10).members == 10
