"""The notebooks run from top to bottom, and what they show has something in it."""

from pathlib import Path

import pytest
from test_site import DOCS, hook

LONG = ("claim-to-verdict",)
BOOKS = [
    pytest.param(book, id=book.stem, marks=[pytest.mark.long] if book.stem in LONG else [])
    for book in sorted(DOCS.glob("notebooks/*.ipynb"))
]


@pytest.mark.parametrize("book", BOOKS)
def test_a_notebook_runs(book: Path, tmp_path: Path) -> None:
    pytest.importorskip("nbclient")
    if book.stem == "laboratories":
        pytest.importorskip("ema_workbench")
    cells = hook("notebooks").executed(book, tmp_path).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    shown = [output for cell in code for output in cell.outputs]
    assert not any(output.output_type == "error" for output in shown)
    assert any("image/png" in output.get("data", {}) for output in shown) or book.stem not in (
        "lecture", "laboratories",
    )  # fmt: skip
    assert not list(tmp_path.iterdir())
