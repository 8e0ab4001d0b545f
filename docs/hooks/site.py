"""Hooks of mkdocs: the site is made of the checkout, and carries whatever its pages link to.

Pages that stand elsewhere in the checkout (README, the claims, the changelog) are brought in; pages
of reference are written from the code at each build; what a page links to outside docs/ is carried
along. So a link that works in the checkout works on the site, and nothing is kept twice.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

import gallery
import notebooks
import reference
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]

#: Pages of the site that stand elsewhere in the checkout.
BROUGHT = {
    "index.md": "README.md",
    "claims.md": "seeds/README.md",
    "experiments.md": "experiments/README.md",
    "results.md": "results/README.md",
    "contributing.md": "CONTRIBUTING.md",
    "changelog.md": "CHANGELOG.md",
}
#: Pages that are written at each build.
WRITTEN = {
    "reference/commands.md": reference.commands,
    "reference/parameters.md": reference.parameters,
    "reference/outcomes.md": reference.outcomes,
    "gallery.md": lambda: gallery.page(ROOT),
}
#: Sources that are shown as pages, and the language that they are coloured as.
SHOWN = {".py": "python", ".toml": "toml", ".cff": "yaml", "": "text"}

#: What the theme would ask another host for, so that its search runs in pages opened from a folder.
SHIM = re.compile(r"""<script src=["']?https://unpkg\.com/iframe-worker/shim["']?></script>""")

LINK = re.compile(r"(\]\()(?!https?:|mailto:|#)([^)\s#]+)(#[^)\s]*)?(\))")
FENCE = re.compile(r"^( *```\w+) .+$", re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that stand elsewhere, those that are written, and what all of them link to."""
    for place, source in BROUGHT.items():
        files.append(File.generated(config, place, content=(ROOT / source).read_text("utf-8")))
    for place, write in WRITTEN.items():
        files.append(File.generated(config, place, content=write()))
    for notebook in sorted((ROOT / "docs" / "notebooks").glob("*.ipynb")):
        place = f"notebooks/{notebook.stem}.md"
        files.append(File.generated(config, place, content=notebooks.page(notebook)))
    _carry(files, config)
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn the links of a page towards the places that things have on the site."""

    def turned(found: re.Match[str]) -> str:
        before, target, anchor, after = found.groups()
        goal = place_of(_meant(page.file.src_uri, target))
        here = posixpath.dirname(page.file.src_uri)
        return f"{before}{posixpath.relpath(goal, here or '.')}{anchor or ''}{after}"

    return FENCE.sub(r"\1", LINK.sub(turned, markdown))


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Ask no other host for anything: search runs where the site is served, not from a folder."""
    return SHIM.sub("", output)


def place_of(path: str) -> str:
    """Where on the site a file of the checkout is to be found."""
    for place, source in BROUGHT.items():
        if path in (source, posixpath.dirname(source)):
            return place
    if path.startswith("docs/"):
        return path.removeprefix("docs/").replace(".ipynb", ".md")
    if (ROOT / path).is_dir():
        path = posixpath.join(path, "report.html")
    shown = Path(path).suffix in SHOWN
    return f"files/{path}.md" if shown else f"files/{path}"


def _meant(page: str, target: str) -> str:
    """The file of the checkout that a page's link means."""
    home = posixpath.dirname(BROUGHT.get(page, f"docs/{page}"))
    if page.startswith("files/"):
        home = posixpath.dirname(page.removeprefix("files/"))
    return posixpath.normpath(posixpath.join(home, target))


def _carry(files: Files, config: MkDocsConfig) -> None:
    """Add what pages link to outside docs/, and what those link to in their turn."""
    open_ends = [file for file in files if file.is_documentation_page()]
    while open_ends:
        file = open_ends.pop()
        for _, target, _, _ in LINK.findall(file.content_string):
            path = _meant(file.src_uri, target)
            place = place_of(path)
            if not place.startswith("files/") or files.get_file_from_path(place):
                continue
            source = ROOT / place.removeprefix("files/").removesuffix(
                "" if path.endswith(".md") else ".md"
            )
            if not source.is_file():
                continue  # left to mkdocs, which warns of it
            added = _added(config, place, source)
            files.append(added)
            if place.endswith(".md"):
                open_ends.append(added)


def _added(config: MkDocsConfig, place: str, source: Path) -> File:
    if source.suffix not in SHOWN:
        return File.generated(config, place, abs_src_path=str(source))
    name = source.relative_to(ROOT).as_posix()
    text = f"# {name}\n\n````{SHOWN[source.suffix]}\n{source.read_text('utf-8')}\n````\n"
    return File.generated(config, place, content=text)
