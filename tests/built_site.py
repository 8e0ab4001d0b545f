"""Look at the site that `make docs` has built: `python -m tests.built_site build/site`.

Every link of every page leads to a file and a place in it that are there, and no page asks another
host for anything: it opens from a folder without a network.
"""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

#: What a page loads by itself, by element and attribute.
LOADED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("link", "href"), ("source", "src")}
NAMED_ONLY = {"canonical", "next", "prev", "edit"}


class Page(HTMLParser):
    """The ids, links and loaded files of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = {""}
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.ids |= {said[key] for key in ("id", "name") if key in said}
        for (element, attribute), value in (((tag, name), said[name]) for name in said):
            if (element, attribute) in LOADED and said.get("rel") not in NAMED_ONLY:
                self.loaded.append(value)
            elif (element, attribute) == ("a", "href"):
                self.links.append(value)


def faults(site: Path) -> list[str]:
    """What is wrong with a built site, a line each."""
    files = [path for path in sorted(site.rglob("*.html")) if path.name != "404.html"]  # a server's
    pages = {path: Page(path.read_text("utf-8")) for path in files}
    found: list[str] = []
    for path, page in pages.items():
        found += [
            f"{path.relative_to(site)}: asks another host: {link[:80]}"
            for link in page.loaded
            if urlsplit(link).scheme in ("http", "https") or link.startswith("//")
        ]
        for link in page.links + page.loaded:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            goal = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            known, place = pages.get(goal), unquote(parts.fragment)
            if not goal.is_file():
                found.append(f"{path.relative_to(site)}: leads nowhere: {link}")
            elif known and place not in known.ids and not _scripted(place):
                found.append(f"{path.relative_to(site)}: no such place: {link}")
    for style in site.rglob("*.css"):
        hosts = re.findall(r"url\(['\"]?(?:https?:)?//[^)]*", style.read_text("utf-8"))
        found += [f"{style.relative_to(site)}: asks another host: {host[:80]}" for host in hosts]
    return found


def _scripted(fragment: str) -> bool:
    """Whether a page's script makes the place: the months of a history that was handed out."""
    return bool(re.fullmatch(r"\d{4}-\d{2}", fragment))


if __name__ == "__main__":
    home = Path(sys.argv[1]).resolve()
    wrong = faults(home)
    print("\n".join(wrong) or f"{len(list(home.rglob('*.html')))} pages: every link leads on")
    sys.exit(bool(wrong))
