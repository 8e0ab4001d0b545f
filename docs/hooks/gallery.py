"""The gallery: histories to hand out and reports, as far as they lie in results/ at the build."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

HEAD = """\
# Gallery

Histories and reports as the commands leave them. Each is one file that any browser opens without
a network, to be kept or handed on. `make results` makes them all again.
"""
NONE_YET = """\
`politburo-sim gallery` writes ten of them with an index: the history of 2,000 that is nearest to
the record, the usual end, the two rarest, and each world with an intervention beside the first.
None lay here when this page was built; one takes half a minute to make:

```sh
politburo-sim export ussr-1922 --seed 7 --out history.html
```
"""
TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
FINDING = re.compile(r'class="finding"[^>]*>(.*?)</div>', re.DOTALL)
PARAGRAPH = re.compile(r"<p[^>]*>(.*?)</p>", re.DOTALL)


def page(root: Path) -> str:
    """The page, from what lies in the results of a checkout."""
    return "\n".join([HEAD, *_histories(root), *_reports(root)])


def _histories(root: Path) -> Iterator[str]:
    yield "## Histories to hand out\n"
    files = sorted((root / "results" / "gallery").glob("*.html"))
    if not files:
        yield NONE_YET
        return
    for file in files:
        yield f"* [{_title(file)}](../{file.relative_to(root).as_posix()})"
    yield ""


def _reports(root: Path) -> Iterator[str]:
    yield "## Reports\n"
    yield "How to read them: [reports](reports.md).\n"
    for report in sorted((root / "results").glob("*/report.html")):
        where = f"../{report.relative_to(root).as_posix()}"
        text = report.read_text("utf-8")
        found = FINDING.search(text)
        first = PARAGRAPH.search(found[1]) if found else None
        finding = _plain((first or found)[1]) if found else ""
        yield f"### [{_title(report)}]({where})\n\n{finding}\n"
        pictures = sorted(report.parent.glob("figures/*.png"))
        if pictures:
            picture = f"../{pictures[0].relative_to(root).as_posix()}"
            yield f"[![{_title(report)}: a figure]({picture})]({where})\n"


def _title(file: Path) -> str:
    found = TITLE.search(file.read_text("utf-8"))
    return _plain(found[1]) if found else file.stem


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())
