"""Whether the tests notice: one change at a time in a module, and its tests run on each.

    python -m tests.mutants                       # all of MODULES, in a few minutes each
    python -m tests.mutants intervals --sample 20

A change is a comparison, sum, number, condition, argument or statement made another. A change that
no test notices is printed with its line; `equivalent` ones, which change nothing anybody could see,
have to be judged by hand. Processes are forked from one that has imported all there is, so that a
change costs little more than the tests that run on it.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- made by `make mutants`: begin -->", "<!-- made by `make mutants`: end -->"
#: For each module the tests that have to notice: what pytest is called with.
MODULES = {
    "lab.intervals": ["tests/lab/test_intervals.py"],
    "lab.verdict": ["tests/lab/test_intervals.py", "tests/lab/test_claims.py", "-k",
                    "not small_run"],
    "lab.store": ["tests/lab/test_store.py"],
    "lab.runs": ["tests/lab/test_runs.py", "tests/lab/test_drivers.py", "-k",
                 "not mesa and not cluster and not killed"],
    "lab.provenance": ["tests/lab/test_provenance.py"],
    "lab.rerun": ["tests/lab/test_sweep.py", "-k", "row or manifest or table or nan"],
    "lab.sheets": ["tests/lab/test_sheets.py"],
    "lab.ensemble": ["tests/lab/test_ensemble.py"],
    "lab.sources": ["tests/lab/test_sources.py"],
    "lab.fit.closest": ["tests/lab/test_closest.py", "-k", "not claims and not comparison"],
    "lab.fit.recorded_faces": ["tests/lab/test_recorded_faces.py"],
    "view.guard": ["tests/view/test_guard.py"],
}  # fmt: skip

_OTHER = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv, ast.And: ast.Or, ast.Or: ast.And,
    ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_NAMES = {"min": "max", "max": "min", "maximum": "minimum", "minimum": "maximum", "all": "any",
          "any": "all", "inner": "outer"}  # fmt: skip


def changes(tree: ast.Module) -> Iterator[tuple[ast.AST, Any]]:
    """Every place that can be changed, with what makes the change there."""
    skipped = {id(inner) for node in ast.walk(tree) for part in _left_alone(node)
               for inner in ast.walk(part)}  # fmt: skip
    for node in ast.walk(tree):
        if id(node) not in skipped:
            for change in _at(node):
                yield node, change


def _left_alone(node: ast.AST) -> Iterator[ast.AST]:
    """Types, marks, imports, and the words of errors."""
    if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
        yield node.annotation
    if isinstance(node, ast.FunctionDef):
        yield from [*node.decorator_list, *([node.returns] if node.returns else [])]
    if isinstance(node, ast.ClassDef):
        yield from node.decorator_list
    if isinstance(node, ast.Raise | ast.JoinedStr):
        yield from ast.iter_child_nodes(node)
    if isinstance(node, ast.Assign) and any(
        isinstance(t, ast.Name) and t.id in ("Values", "Interval", "_Count") for t in node.targets
    ):
        yield node


def _at(node: ast.AST) -> Iterator[Any]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _OTHER:
        yield lambda n: n.ops.__setitem__(0, _OTHER[type(n.ops[0])]())
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign) and type(node.op) in _OTHER:
        yield lambda n: setattr(n, "op", _OTHER[type(n.op)]())
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield lambda n: setattr(n, "value", not n.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield lambda n: setattr(n, "value", n.value + 1)
    elif isinstance(node, ast.Constant) and node.value in _NAMES:
        yield lambda n: setattr(n, "value", _NAMES[n.value])
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        yield lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield lambda n: setattr(n, "op", ast.UAdd() if isinstance(n.op, ast.USub) else ast.Not())
    if isinstance(node, ast.Name | ast.Attribute):
        word = node.id if isinstance(node, ast.Name) else node.attr
        if word in _NAMES:
            where = "id" if isinstance(node, ast.Name) else "attr"
            yield lambda n: setattr(n, where, _NAMES[word])
    symmetric = isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in _NAMES
    if isinstance(node, ast.Call) and len(node.args) > 1 and not symmetric:
        yield lambda n: n.args.reverse()
    if isinstance(node, ast.Call):
        for place in range(len(node.keywords)):
            yield lambda n, place=place: n.keywords.pop(place)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield lambda n: setattr(n, "value", ast.Constant(None))
    if isinstance(node, ast.Return) and node.value is not None:
        yield lambda n: setattr(n, "value", ast.Constant(None))


def mutants(source: str) -> list[tuple[int, str, ast.Module]]:
    """Line, the line as changed, and the tree of every change that leaves other code."""
    found, plain = [], ast.parse(source)
    for number, (node, _) in enumerate(changes(plain)):
        tree = copy.deepcopy(plain)
        inner, change = list(changes(tree))[number]
        change(inner)
        ast.fix_missing_locations(tree)
        if ast.dump(tree) != ast.dump(plain):
            line = getattr(node, "lineno", 0)
            found.append((line, ast.unparse(inner).split("\n")[0][:90], tree))
    return found


def put(module: ModuleType, tree: ast.Module) -> None:
    """Run changed source in a module, and hand its new objects to all who hold the old ones."""
    old = dict(vars(module))
    exec(compile(tree, str(module.__file__), "exec"), vars(module))
    new = {id(was): vars(module)[name] for name, was in old.items()
           if getattr(was, "__module__", None) == module.__name__}  # fmt: skip
    for other in [m for n, m in sys.modules.items() if n.startswith("politburo_sim.")]:
        for name, held in list(vars(other).items()):
            if id(held) in new and other is not module:
                setattr(other, name, new[id(held)])


def noticed(module: ModuleType, tree: ast.Module, tests: list[str]) -> bool:
    """Whether the tests fail, or do not end, in a process in which the change is made."""
    child = os.fork()
    if child == 0:
        os.setsid()
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        import pytest

        try:
            put(module, tree)
            outcome = pytest.main(["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", *tests])
        except BaseException:
            outcome = 1
        os._exit(0 if int(outcome) == 0 else 1)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status != 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def score(name: str, tests: list[str], sample: int | None) -> tuple[int, list[str]]:
    """Changes made, and those not noticed, which are printed."""
    module = importlib.import_module(f"politburo_sim.{name}")
    found = mutants(Path(str(module.__file__)).read_text(encoding="utf-8"))
    if sample is not None and sample < len(found):
        found = sorted(random.Random(1).sample(found, sample), key=lambda one: one[0])
    assert not noticed(module, ast.parse("pass"), tests), f"{name}: its tests fail as it is"
    missed = []
    for line, said, tree in found:
        if not noticed(module, tree, tests):
            missed.append(f"{line}: `{said}`")
            print(f"  {name}:{line}: {said}", flush=True)
    kept = len(found) - len(missed)
    print(f"{name}: {kept} of {len(found)} ({100 * kept / len(found):.0f} %)", flush=True)
    return len(found), missed


def write(results: dict[str, tuple[int, list[str]]]) -> None:
    """Put the scores and the survivors into the page on reliability; other modules keep theirs."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    was, after = rest.split(END)
    rows = {line.split("`")[1]: line for line in was.splitlines() if line.startswith("| `")}
    for name, (made, missed) in results.items():
        survivors = "; ".join(missed).replace("|", chr(92) + "|") or "-"
        share = 100 * (made - len(missed)) / made
        rows[name] = f"| `{name}` | {made} | {share:.0f} % | {survivors} |"
    table = ["| module | changes | noticed | not noticed, by line |", "|---|---|---|---|"]
    table += [rows[name] for name in MODULES if name in rows]
    PAGE.write_text(f"{before}{BEGIN}\n\n{chr(10).join(table)}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Change the modules asked for, or all."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("modules", nargs="*", help="such as lab.intervals; all if none")
    reader.add_argument("--sample", type=int, help="so many changes of each module")
    reader.add_argument("--tests", nargs="*", help="instead of those of the table")
    reader.add_argument("--write", action="store_true", help="the table in docs/reliability.md")
    asked = reader.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT / "tests"))
    # All that a forked process would otherwise import or compile anew.
    for heavy in ("pytest", "hypothesis", "scipy.stats", "matplotlib.figure", "numba"):
        importlib.import_module(heavy)
    for inner in ("lab.verdicts.claims", "lab.kinds.window", "lab.kinds.survival", "report.claims"):
        importlib.import_module(f"politburo_sim.{inner}")
    warm = importlib.import_module("politburo_sim.lab.runs")
    scenario = importlib.import_module("politburo_sim.worlds.scenario").load_scenario("ussr-1922")
    world = importlib.import_module("politburo_sim.worlds.world").build_world(scenario)
    warm.run_many(world, warm.replicate_seeds(0, 1), last=1, workers=1)
    names = asked.modules or list(MODULES)
    results = {name: score(name, asked.tests or MODULES[name], asked.sample) for name in names}
    made = sum(number for number, _ in results.values())
    kept = made - sum(len(missed) for _, missed in results.values())
    print(f"{kept} of {made} changes noticed ({100 * kept / made:.0f} %)")
    if asked.write:
        write(results)


if __name__ == "__main__":
    main()
