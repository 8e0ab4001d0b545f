"""Results as CSV in which nothing is a formula."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from politburo_sim.lab.store import write_text

#: What makes a spreadsheet work out a cell instead of showing it.
_FORMULA = ("=", "+", "-", "@", "\t")


def write_csv(path: Path, frame: pd.DataFrame, **how: Any) -> None:
    """Write `as_csv`, whole or not at all."""
    write_text(path, as_csv(frame, **how))


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame], digits: int = 6) -> None:
    """Write each table under its name, numbers with so many digits."""
    for name, frame in tables.items():
        write_csv(folder / f"{name}.csv", frame, float_format=f"%.{digits}g")


def as_csv(frame: pd.DataFrame, *, index: bool = False, **how: Any) -> str:
    """A table as CSV; `how` as pandas has it.

    Names come from files that anybody may have written. Text that a spreadsheet would work out as
    a formula has an apostrophe before it, which shows it as text.

    Examples
    --------
    >>> print(as_csv(pd.DataFrame({"who": ["=1+1", "Anna"], "x": [-1, 2]})), end="")
    who,x
    '=1+1,-1
    Anna,2
    """
    plain = frame.copy()
    for place, kind in enumerate(frame.dtypes):
        if not pd.api.types.is_numeric_dtype(kind):
            plain.isetitem(place, frame.iloc[:, place].map(_no_formula))
    plain.columns = frame.columns.map(_no_formula)
    if index:
        plain.index = frame.index.map(_no_formula).set_names(frame.index.names)
    return str(plain.to_csv(index=index, lineterminator="\n", **how))


def _no_formula(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
