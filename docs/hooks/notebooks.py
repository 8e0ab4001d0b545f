"""Notebooks as pages: executed at each build, so that what they show was computed, not kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient


def executed(path: Path, folder: Path | None = None) -> Any:
    """A notebook with its outputs, run from top to bottom."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=1_200, kernel_name="python3", extra_arguments=["--log-level=40"],
        resources={"metadata": {"path": str(folder or path.parent)}},
    )  # fmt: skip
    client.execute()
    return notebook


def page(path: Path) -> str:
    """The page of a notebook: text, code, and what came out."""
    cells = executed(path).cells
    note = f"*A notebook: `docs/notebooks/{path.name}`, run when this page was built.*"
    head, *rest = ("\n".join(_cell(cell)) for cell in cells)
    return "\n\n".join([head, note, *rest]) + "\n"


def _cell(cell: Any) -> Iterator[str]:
    if cell.cell_type == "markdown":
        yield cell.source
        return
    yield f"```python\n{cell.source}\n```"
    for output in cell.outputs:
        yield from _output(output)


def _output(output: Any) -> Iterator[str]:
    if output.output_type == "stream":
        if output.name == "stdout":
            yield _text(output.text)
        return
    data = output.get("data", {})
    if "image/png" in data:
        yield f'\n<p><img alt="" src="data:image/png;base64,{data["image/png"].strip()}"></p>\n'
    elif "text/html" in data:
        yield f"\n<div>{data['text/html']}</div>\n"
    elif "text/plain" in data:
        yield _text(data["text/plain"])


def _text(said: str) -> str:
    return f"\n```text\n{said.rstrip()}\n```\n"
