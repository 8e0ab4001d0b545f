"""Pages that are followed step by step: what they show is what comes out.

A page shows a file as "Save this as `name.toml`:" and a block of toml, a command as a block of sh,
and what it prints as a block of text straight after it. `text first=12` shows the first twelve
lines, `text last=3` the last three, `text from=WORD` those from the first line that begins so.
`python -m tests.tour` writes what comes out now into all these pages (some minutes).
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "tutorials").glob("*.md"))]
BLOCK = re.compile(
    r"(?:`(?P<file>[\w.-]+\.toml)`:\n\n)?```(?P<kind>toml|sh|text)(?P<part>[^\n]*)\n(?P<body>.*?)```",
    re.DOTALL,
)
OURS = "politburo-sim"


@dataclass(frozen=True)
class Step:
    """A command of a page, and what the page says that it prints.

    span : where in the page that stands; None where the page shows nothing of it.
    """

    command: str
    shown: str = ""
    part: str = ""
    span: tuple[int, int] | None = None


def files(page: Path) -> dict[str, str]:
    """The files that a page has its reader save."""
    found = BLOCK.finditer(page.read_text(encoding="utf-8"))
    return {block["file"]: block["body"] for block in found if block["file"]}


def steps(page: Path) -> list[Step]:
    """The commands of this program that a page shows, in order."""
    found: list[Step] = []
    end = -1
    text = page.read_text(encoding="utf-8")
    for block in BLOCK.finditer(text):
        if block["kind"] == "sh":
            lines = (line.partition("  #")[0].strip() for line in block["body"].splitlines())
            found += [Step(line) for line in lines if line.startswith(f"{OURS} ")]
            end = block.end()
        elif block["kind"] == "text" and found and not text[end : block.start()].strip():
            found[-1] = Step(found[-1].command, block["body"], block["part"].strip(),
                             block.span("body"))  # fmt: skip
    return found


def call(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of a page, by this Python or by the program that OURS_IS names."""
    program = os.environ.get("POLITBURO_SIM_PROGRAM")
    first = [program] if program else [sys.executable, "-m", "politburo_sim.cli.app"]
    return subprocess.run(
        [*first, *shlex.split(command)[1:]], cwd=folder, capture_output=True, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip


def part_of(printed: str, part: str) -> str:
    """The part of what was printed that a page shows."""
    lines = printed.splitlines(keepends=True)
    for word in part.split():
        what, _, value = word.partition("=")
        if what == "first":
            lines = lines[: int(value)]
        elif what == "last":
            lines = lines[-int(value) :]
        elif what == "from":
            begins = [line.startswith(value) for line in lines]
            lines = lines[begins.index(True) :]
        else:
            raise ValueError(f"no such part: {word}")
    return "".join(line.rstrip() + "\n" for line in lines)


def walk(page: Path) -> Iterator[tuple[Step, subprocess.CompletedProcess[str]]]:
    """Follow a page in a folder of its own."""
    with tempfile.TemporaryDirectory() as home:
        for name, body in files(page).items():
            (Path(home) / name).write_text(body, encoding="utf-8")
        for step in steps(page):
            yield step, call(step.command, Path(home))


def told_anew(page: Path) -> str:
    """The text of a page with what comes out now."""
    text = page.read_text(encoding="utf-8")
    for step, done in reversed(list(walk(page))):
        if step.span is not None:
            start, end = step.span
            text = text[:start] + part_of(done.stdout, step.part) + text[end:]
    return text


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:] or PAGES):
        path.write_text(told_anew(path), encoding="utf-8")
        print(path)
