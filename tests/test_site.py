"""The site: every page has its place, what is written from the code has all of it, links lead on.

None of this needs mkdocs; `make docs` builds the site and stops at any warning.
"""

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from markdown.extensions.toc import slugify
from test_cli import COMMANDS

import politburo_sim
from politburo_sim.outcomes import NAMES
from politburo_sim.rules.month import PHASES
from politburo_sim.state.parameters import TABLE

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SITE = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)#([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]


def hook(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"hook_{name}", DOCS / "hooks" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


REFERENCE = hook("reference")


def places(nav: Any) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    below = nav.values() if isinstance(nav, dict) else nav
    return [place for part in below for place in places(part)]


def headings(page: Path) -> set[str]:
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {slugify(re.sub(r"[`*]|\]\([^)]*\)|\[", "", heading), "-") for heading in found}


def test_every_page_has_one_place_in_the_contents() -> None:
    found = places(SITE["nav"])
    assert len(found) == len(set(found))
    ours = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    books = {f"notebooks/{book.stem}.md" for book in DOCS.glob("notebooks/*.ipynb")}
    assert ours | books <= set(found)


def test_what_stands_in_the_contents_is_there_or_written_at_the_build() -> None:
    built = re.findall(r'^    "([\w/.-]+\.md)":', (DOCS / "hooks" / "site.py").read_text(), re.M)
    for place in places(SITE["nav"]):
        book = (DOCS / place).with_suffix(".ipynb")
        assert (DOCS / place).is_file() or place in built or book.is_file(), place


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_headings_that_are_there(page: Path) -> None:
    dead = [
        f"{target}#{anchor}"
        for target, anchor in LINK.findall(page.read_text(encoding="utf-8"))
        if anchor not in headings(page.parent / target if target else page)
    ]
    assert not dead


def test_the_reference_has_every_command_with_its_options() -> None:
    text = REFERENCE.commands()
    for words, command in COMMANDS.items():
        section = text.split(f"\n## {' '.join(words)}\n")[1].split("\n## ")[0]
        assert f"politburo-sim {' '.join(words)}" in section
        for parameter in command.params:
            for option in parameter.opts if parameter.param_type_name == "option" else ():
                assert re.search(rf"{option}\b", section), f"{words} {option}"


def test_the_reference_has_every_parameter_and_outcome_once() -> None:
    rows = re.findall(r"^\| `(\w+)`", REFERENCE.parameters(), re.MULTILINE)
    assert sorted(rows) == sorted(parameter.name for parameter in TABLE)
    rows = re.findall(r"^\| `([^`]+)` \|", REFERENCE.outcomes(), re.MULTILINE)
    assert rows == list(NAMES)


def test_the_reference_has_every_public_name_of_the_package() -> None:
    text = (DOCS / "reference" / "python.md").read_text(encoding="utf-8")
    for name, home in politburo_sim._HOMES.items():
        assert re.search(rf"^::: {re.escape(home)}\.{name}$", text, re.MULTILINE), name


def test_the_picture_of_a_month_has_the_phases_in_their_order() -> None:
    picture = (DOCS / "images" / "month.svg").read_text(encoding="utf-8")
    assert re.findall(r">\d+\. (\w+)<", picture) == list(PHASES)


def test_the_bibliography_names_works_where_they_are_used() -> None:
    text = (DOCS / "bibliography.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| (`[^|]+`) \|$", text, re.MULTILINE)
    assert len(rows) > 30
    for work, where in rows:
        author = re.match(r"[\w ]*?([A-Z][\w-]+)", work)
        assert author, work
        for place in re.findall(r"`([^`]+)`", where):
            assert author[1] in (ROOT / place).read_text(encoding="utf-8"), f"{author[1]}: {place}"


def test_the_glossary_is_in_order_and_has_the_words_of_the_house() -> None:
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    words = re.findall(r"^\| ([^|]+?) \|", text, re.MULTILINE)[1:]
    words = [word for word in words if set(word) != {"-"}]
    assert words == sorted(words, key=str.lower)
    house = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Words")[1]
    listed = " ".join(house.split("\n\n")[1].split()).split(". ")[0].rstrip(".")
    assert set(listed.replace("world (scenario)", "world").split(", ")) <= set(words)


@pytest.mark.parametrize("book", sorted(DOCS.glob("notebooks/*.ipynb")), ids=lambda b: b.stem)
def test_a_notebook_keeps_nothing_that_was_computed(book: Path) -> None:
    said = json.loads(book.read_text(encoding="utf-8"))
    for cell in said["cells"]:
        assert not cell.get("outputs") and cell.get("execution_count") is None
    assert said["cells"][0]["source"][0].startswith("# ")
