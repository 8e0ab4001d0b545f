"""One self-contained page: no network, readable light and dark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
import pandas as pd

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ page.title }}</title>
<style>
:root { color-scheme: light dark; }
body { font: 17px/1.5 Georgia, serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
.finding { font-size: 1.15rem; border-left: .3rem solid #0072B2; padding-left: 1rem; }
figure { margin: 1.5rem 0; background: #fff; padding: .5rem; overflow-x: auto; }
figure svg { max-width: 100%; height: auto; }
figcaption { color: #333; font-size: .9rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font: 14px/1.4 sans-serif; }
td, th { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #8884; }
td:first-child, th:first-child { text-align: left; }
</style>
</head>
<body>
<h1>{{ page.title }}</h1>
<div class="finding">
{% for words in page.finding %}<p>{{ words }}</p>{% endfor %}
</div>
{% if page.question %}<p><b>Question.</b> {{ page.question }}</p>{% endif %}
{% for words in page.design %}<p><b>Design.</b> {{ words }}</p>{% endfor %}
{% for figure in page.figures %}
<figure role="img" aria-label="{{ figure.caption }}">{{ figure.inline | safe }}
<figcaption>{{ figure.caption }}</figcaption></figure>
{% endfor %}
{% for table in page.tables %}
<h2>{{ table.caption }}</h2>
<div class="wide">{{ table.html | safe }}</div>
{% endfor %}
<h2>What the model does not know</h2>
<p>It explains how power may gather inside one ruling body, under rules stated in advance. It says
nothing of the millions outside that body, many of whom were killed. Where a parameter is not
informed by the record, a result that rests on it is the prior's, not the record's.</p>
<h2>How to make this again</h2>
<p><code>{{ page.command }}</code></p>
</body>
</html>
"""


@dataclass(frozen=True)
class Drawing:
    """A figure of a page: its SVG and what is seen in it."""

    svg: str
    caption: str

    @property
    def inline(self) -> str:
        """The drawing alone, without declarations, metadata or namespaces."""
        text = self.svg[self.svg.index("<svg") :]
        text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
        return re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", text)


@dataclass(frozen=True)
class Table:
    """A table of a page, with words as its column names."""

    frame: pd.DataFrame
    caption: str

    @property
    def html(self) -> str:
        """The table as HTML; text is escaped."""
        shown: str = self.frame.to_html(index=False, border=0, float_format="%.3g", na_rep="")
        return shown


@dataclass(frozen=True)
class Page:
    """What a report says, in the order in which it says it; the finding comes first."""

    title: str
    question: str
    finding: Sequence[str]
    design: Sequence[str]
    figures: Sequence[Drawing]
    tables: Sequence[Table]
    command: str


def render(page: Page) -> str:
    """The page as HTML."""
    return jinja2.Environment(autoescape=True).from_string(_PAGE).render(page=page)


def write(page: Page, folder: Path) -> Path:
    """Write report.html into a folder; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "report.html"
    path.write_text(render(page), encoding="utf-8", newline="\n")
    return path
