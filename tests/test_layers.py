"""Imports run one way, from the command line down to the state (`LAYERS`)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "politburo_sim"
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = (
    {"files", "state", "months"},
    {"rules"},
    {"worlds", "theory", "history", "bodies"},
    {"run", "record", "evidence"},
    {"lab", "outcomes"},
    {"report"},
    {"answers", "view"},
    {"cli"},
    {"__init__"},
)
"""The floors of the house, lowest first: what stands on one may use those below it."""

IN_LAB = ({"fit", "ahead", "bodies"}, {"matter"}, {"weigh"}, {"verdicts"}, {"kinds"})
"""The floors of the laboratory, whose other modules belong to no room."""

NOT_FOR_RULES = {"csv", "io", "json", "mesa", "os", "pandas", "pathlib", "pyarrow", "tomllib"}


def named(module: Path) -> str:
    return module.relative_to(PACKAGE).as_posix()


def layer(part: str) -> int:
    return next(rank for rank, names in enumerate(LAYERS) if part in names)


def part_of(module: Path) -> str:
    return module.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(tree: ast.AST, package: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the dotted path of everything imported anywhere, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = (*above, *(node.module.split(".") if node.module else ()))
            yield from ((*base, alias.name) for alias in node.names)


def imports_of(module: Path) -> set[tuple[str, ...]]:
    package = ("politburo_sim", *module.relative_to(PACKAGE).parent.parts)
    return set(imported(ast.parse(module.read_text(encoding="utf-8")), package))


def own_part(path: tuple[str, ...]) -> str | None:
    """Name the part of this package that an import reaches; None if it reaches outside."""
    if path[0] != "politburo_sim":
        return None
    part = path[1] if len(path) > 1 else "__init__"
    is_module = (PACKAGE / part).is_dir() or (PACKAGE / f"{part}.py").is_file()
    return part if is_module else "__init__"


def test_the_package_is_found() -> None:
    assert "files/errors.py" in map(named, MODULES)


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_imports_run_one_way(module: Path) -> None:
    own = layer(part_of(module))
    reached = {part for path in imports_of(module) if (part := own_part(path))}
    upward = {part for part in reached if layer(part) > own}
    assert not upward, f"{named(module)} imports from a layer above its own: {sorted(upward)}"


def room_in_lab(path: tuple[str, ...]) -> int | None:
    """The floor of the laboratory's room that a dotted path leads to, counted from below."""
    inside = path[2] if path[:2] == ("politburo_sim", "lab") and len(path) > 2 else ""
    return next((rank for rank, names in enumerate(IN_LAB) if inside in names), None)


@pytest.mark.parametrize("module", sorted((PACKAGE / "lab").glob("*/*.py")), ids=named)
def test_rooms_of_the_laboratory_reach_down_alone(module: Path) -> None:
    own = room_in_lab(("politburo_sim", *module.relative_to(PACKAGE).parts))
    assert own is not None, f"{module.parent.name} stands on no floor"
    for path in imports_of(module):
        reached = room_in_lab(path)
        assert reached is None or reached <= own, f"{named(module)} imports {'.'.join(path)}"


@pytest.mark.parametrize("module", sorted((PACKAGE / "rules").rglob("*.py")), ids=named)
def test_rules_know_neither_mesa_nor_files(module: Path) -> None:
    outside = {path[0] for path in imports_of(module)} & NOT_FOR_RULES
    assert not outside, f"{named(module)} imports {sorted(outside)}"
    calls = (node for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Call))
    assert not any(isinstance(call.func, ast.Name) and call.func.id == "open" for call in calls)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import mesa.space", ("mesa", "space")),
        ("from politburo_sim.lab import sweep", ("politburo_sim", "lab", "sweep")),
        ("from . import body", ("politburo_sim", "rules", "body")),
        ("from ..lab.sweep import run", ("politburo_sim", "lab", "sweep", "run")),
        ("def late():\n    from .. import cli", ("politburo_sim", "cli")),
    ],
)
def test_every_way_to_import_is_seen(text: str, expected: tuple[str, ...]) -> None:
    assert set(imported(ast.parse(text), ("politburo_sim", "rules"))) == {expected}
