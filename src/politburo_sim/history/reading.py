"""How the tables of the record are read: numbers, dates that may be partial, lists in a cell."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import pandas as pd

PRECISIONS = {4: "year", 7: "month", 10: "day"}
"""How precise a date is, by the length of its text."""


@cache
def as_written(name: str) -> pd.DataFrame:
    """Return a table of the package as it stands in its file."""
    source = files("politburo_sim.history").joinpath("data", f"{name}.csv")
    return pd.read_csv(io.StringIO(source.read_text(encoding="utf-8")), keep_default_na=False)


def table(name: str, numbers: Iterable[str] = ()) -> pd.DataFrame:
    """Return a copy of a table with these columns as numbers, blank ones as nan."""
    frame = as_written(name).copy()
    for column in numbers:
        frame[column] = pd.to_numeric(frame[column])
    return frame


def with_dates(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return the frame with full dates parsed; anything but a day or a blank is an error."""
    for column in columns:
        frame[column] = pd.to_datetime(frame[column], format="%Y-%m-%d")
    return frame


def with_partial_dates(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return the frame with partial dates parsed, each with its precision beside it."""
    for column in columns:
        text = frame[column].astype(str)
        frame[f"{column}_precision"] = text.str.len().map(PRECISIONS).fillna("")
        frame[column] = pd.to_datetime(text, format="ISO8601")
    return frame


def listed(cells: pd.Series) -> list[tuple[str, ...]]:
    """Return cells of names joined by semicolons as tuples."""
    return [tuple(filter(None, str(cell).split(";"))) for cell in cells]
