"""What the package imports comes with a plain install, so that every command works after it."""

import ast
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def imported() -> set[str]:
    """The packages of others that the sources import, at the top or inside functions."""
    found: set[str] = set()
    for file in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"politburo_sim"}


def installed_by(wanted: list[str]) -> set[str]:
    """The names of all that these requirements bring, directly or not."""
    found: set[str] = set()
    seen: set[tuple[str, tuple[str, ...]]] = set()
    open_ends = [Requirement(text) for text in wanted]
    while open_ends:
        one = open_ends.pop()
        key = (canonicalize_name(one.name), tuple(sorted(one.extras)))
        if key in seen:
            continue
        seen.add(key)
        found.add(key[0])
        try:
            below = requires(one.name) or []
        except PackageNotFoundError:
            continue  # for another platform
        for requirement in map(Requirement, below):
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": e}) for e in ("", *one.extras)):
                open_ends.append(requirement)
    return found


def test_a_plain_install_brings_all_that_the_sources_import() -> None:
    brought, carriers = installed_by(PROJECT["dependencies"]), packages_distributions()
    missing = {
        name for name in imported()
        if not brought & {canonicalize_name(carrier) for carrier in carriers.get(name, [])}
    }  # fmt: skip
    assert not missing


def test_the_page_is_held_to_the_libraries_that_it_is_not_blank_with() -> None:
    named = {Requirement(text).name: Requirement(text) for text in PROJECT["dependencies"]}
    for name in ("ipyvue", "ipyvuetify"):
        assert "1.99" in named[name].specifier
        assert "2.0" not in named[name].specifier
    assert "solara-assets" in named


def test_every_extra_brings_something_that_a_plain_install_does_not() -> None:
    brought = installed_by(PROJECT["dependencies"])
    for extra, wanted in PROJECT["optional-dependencies"].items():
        assert {canonicalize_name(Requirement(text).name) for text in wanted} - brought, extra
