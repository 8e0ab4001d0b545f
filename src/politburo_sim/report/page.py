"""One self-contained page: no network, readable light and dark."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from politburo_sim.lab.store import write_text
from politburo_sim.report.about import suffered
from politburo_sim.report.words import plain
from politburo_sim.worlds.schema import Scenario


@dataclass(frozen=True)
class Drawing:
    """A figure of a page: its SVG, its caption, and what is seen in it for who cannot see it."""

    svg: str
    caption: str
    alt: str = ""

    @property
    def inline(self) -> str:
        """The drawing alone, without declarations, metadata or namespaces."""
        text = self.svg[self.svg.index("<svg") :]
        text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
        return re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", text)


@dataclass(frozen=True)
class Table:
    """A table of a page."""

    frame: pd.DataFrame
    caption: str

    @property
    def heads(self) -> list[str]:
        """The names of the columns as words."""
        return [plain(str(name)) for name in self.frame.columns]

    @property
    def rows(self) -> list[list[str]]:
        """The cells as text, row by row."""
        return [[_cell(value) for value in row] for row in self.frame.itertuples(index=False)]


def _cell(value: Any) -> str:
    """A cell as text: three digits of a fraction, nothing where there is none."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Story:
    """Part of a history in the words of its chronicle; `more` is folded away until asked for."""

    heading: str
    paragraphs: Sequence[str]
    more: Sequence[str] = ()


@dataclass(frozen=True)
class Page:
    """What a report says; the finding is the first thing after the question.

    worlds : those that it is about; where none is named, the one whose record is fitted.
    """

    title: str
    question: str
    finding: Sequence[str]
    design: Sequence[str]
    figures: Sequence[Drawing]
    tables: Sequence[Table]
    command: str
    stories: Sequence[Story] = ()
    worlds: Sequence[Scenario] = ()


def render(page: Page) -> str:
    """The page as HTML; all its words are escaped."""
    template = files("politburo_sim.report").joinpath("page.html").read_text(encoding="utf-8")
    return filled(template, page=page, suffered=suffered(page.worlds))


def filled(template: str, **parts: Any) -> str:
    """A template of HTML with its parts filled in; all words are escaped."""
    sheet = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return sheet.from_string(template).render(parts)


def write(page: Page, folder: Path) -> Path:
    """Write report.html into a folder; its path."""
    path = folder / "report.html"
    write_text(path, render(page))
    return path


def finding_of(path: Path) -> str:
    """The first line of a page's finding, which answers its question."""
    said = re.search(r'<div class="finding">\s*<p>(.*?)</p>', path.read_text("utf-8"), re.DOTALL)
    return html.unescape(said[1]) if said else ""
