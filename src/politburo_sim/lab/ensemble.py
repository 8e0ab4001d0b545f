"""An ensemble: parameter sets with weights, and its table, one set a row."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.files.errors import ExperimentError, InputError, ScenarioError, suggest
from politburo_sim.files.locate import folder
from politburo_sim.files.toml import read_text
from politburo_sim.lab.sheets import as_csv
from politburo_sim.state.parameters import PARAMETERS, PLACE, TABLE, defaults
from politburo_sim.worlds.checks import check_parameter

WEIGHT, SEARCH = "weight", "search"
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Ensemble:
    """Parameter vectors [J, P] with weights [J] that sum to one.

    file : what it was read from; empty where it is the shipped ensemble, or was made. search :
    [J] which of several searches found each set; None where there was one.
    """

    table: Values
    weight: Values
    file: str = ""
    search: NDArray[np.int64] | None = None

    def thin(self, number: int) -> Ensemble:
        """So many draws, by systematic resampling in proportion to the weights; equal weights."""
        at = (np.arange(number) + 0.5) / number
        places = np.searchsorted(np.cumsum(self.weight), at)
        places = np.minimum(places, len(self.table) - 1)
        search = None if self.search is None else self.search[places]
        return Ensemble(self.table[places], np.full(number, 1.0 / number), self.file, search)


def between(low: float, high: float, u: Values | float, whole: bool = False) -> Values:
    """Values at places u of a range, 0 to 1; of whole numbers each has as much of it as another.

    Examples
    --------
    >>> between(1, 3, np.array([0.0, 0.3, 0.4, 0.9]), whole=True).tolist()
    [1.0, 1.0, 2.0, 3.0]
    """
    at = np.asarray(u, dtype=float)
    if whole:
        return np.minimum(high, np.floor(low + at * (high - low + 1.0)))
    return np.asarray(low + at * (high - low))


def over(file: str | Path | None) -> str:
    """What a folder of results is called further, where they are over the sets of a file."""
    return f"-over-{Path(file).stem}" if file else ""


def load_ensemble() -> Ensemble:
    """The committed ensemble (experiments/ensemble.csv)."""
    path = folder("experiments") / "ensemble.csv"
    if not path.is_file():
        raise ExperimentError(
            "there is no ensemble yet", file=str(path),
            hint="politburo-sim fit makes one from the record",
        )  # fmt: skip
    return replace(read_ensemble(path), file="")


def read_ensemble(file: Path) -> Ensemble:
    """Return the ensemble of a table.

    A parameter that the table does not name has its default; the column `search` need not be there.

    Raises
    ------
    ExperimentError
        About the first thing that is wrong: a column or a row that is not there or too much, a
        number that is none or out of its range, a weight below nought, or no weight at all.
    """
    rows = list(csv.reader(io.StringIO(read_text(file, ExperimentError), newline="")))
    names = _columns(file, rows[0])
    table = np.tile(defaults(), (len(rows) - 1, 1))
    other = {name: np.zeros(len(rows) - 1) for name in (WEIGHT, SEARCH)}
    for number, row in enumerate(rows[1:]):
        if len(row) != len(names):
            raise _error(file, number, "not as many numbers as columns", given=str(len(row)),
                         allowed=str(len(names)))  # fmt: skip
        for name, given in zip(names, row, strict=True):
            value = _number(file, number, name, given)
            if name in other:
                other[name][number] = value
            else:
                table[number, PLACE[name]] = value
    weight, search = other[WEIGHT], other[SEARCH].astype(np.int64)
    if not weight.sum() > 0:
        raise _error(file, None, "no weight above 0", key=WEIGHT, allowed="a row with one")
    several = search if SEARCH in names else None
    return Ensemble(table, weight / weight.sum(), file.name, several)


def ensemble_csv(
    table: Values, weight: Values, search: NDArray[np.int64] | None = None
) -> str:  # fmt: skip
    """The table of an ensemble: weights, searches if there were several, all parameters that have
    a prior, and whatever else is not at its default, so that a model keeps what it holds when its
    sets are read again.
    """
    held = [
        p.name for place, p in enumerate(TABLE)
        if p.prior is None and (table[:, place] != p.default).any()
    ]  # fmt: skip
    names = [*(p.name for p in TABLE if p.prior is not None), *held]
    frame = pd.DataFrame(table[:, [PLACE[name] for name in names]], columns=names)
    frame.insert(0, WEIGHT, weight)
    if search is not None:
        frame.insert(1, SEARCH, search)
    return as_csv(frame, float_format="%.6g")


def _columns(file: Path, names: list[str]) -> list[str]:
    known = [WEIGHT, SEARCH, *PARAMETERS]
    for place, name in enumerate(names):
        if name not in known:
            raise _error(file, -1, f"no such parameter{suggest(name, known)}", given=name,
                         allowed="weight, search, or a parameter by its name")  # fmt: skip
        if name in names[:place]:
            raise _error(file, -1, "the same column twice", given=name, allowed="each once")
    if WEIGHT not in names or not {*names} - {WEIGHT, SEARCH}:
        missing = WEIGHT if WEIGHT not in names else "parameters"
        raise _error(file, -1, f"missing: {missing}", allowed="weight and one parameter or more")
    return names


def _number(file: Path, row: int, name: str, given: str) -> float:
    try:
        value = float(given)
    except ValueError:
        raise _error(file, row, "not a number", key=name, given=given, allowed="a number") from None
    if name not in (WEIGHT, SEARCH):
        try:
            check_parameter(name, value)
        except ScenarioError as error:
            raise _error(file, row, error.problem, key=name, given=given,
                         allowed=error.allowed) from None  # fmt: skip
    elif name == WEIGHT and not 0 <= value < math.inf:
        raise _error(file, row, "out of range", key=name, given=given, allowed="0 or more")
    elif name == SEARCH and not (1 <= value < math.inf and value.is_integer()):
        raise _error(file, row, "no number of a search", key=name, given=given,
                     allowed="1, 2 and so on")  # fmt: skip
    return value


def _error(
    file: Path, row: int | None, problem: str, *,
    key: str | None = None, given: str | None = None, allowed: str | None = None,
) -> InputError:  # fmt: skip
    """Return the error about a row, counted from 0 below the line of names."""
    return ExperimentError(
        problem, file=file, line=None if row is None else row + 2, key=key, given=given,
        allowed=allowed, hint="politburo-sim fit --write makes the table anew",
    )  # fmt: skip
