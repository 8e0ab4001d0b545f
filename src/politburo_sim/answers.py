"""Questions asked from Python or a notebook, and answers that print, draw and save themselves.

Worlds are taken by name, as scenarios or as built, and no files are left behind unless an answer is
saved.
"""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Generic, TypeVar

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.image import imread

from politburo_sim.lab import plan
from politburo_sim.lab.matter import comparison
from politburo_sim.lab.matter.comparison import Comparison
from politburo_sim.lab.matter.sides import AnyWorld
from politburo_sim.lab.plan import Experiment, Results
from politburo_sim.lab.provenance import folder_for, typed
from politburo_sim.report import compare as told
from politburo_sim.report.experiments import report
from politburo_sim.report.page import finding_of

Found = TypeVar("Found")


@dataclass(frozen=True, repr=False, eq=False)
class Answer(Generic[Found]):
    """An answer: it prints as a sentence and a table.

    found : the result itself. sentence : the answer in words. frame : its figures. table : the same
    as a reader says them.
    """

    found: Found
    sentence: str
    frame: pd.DataFrame
    table: pd.DataFrame
    _draw: Callable[[], Figure]
    _save: Callable[[Path], Path]

    def figure(self) -> Figure:
        """The answer's figure."""
        return self._draw()

    def save(self, folder: str | Path) -> Path:
        """Write report, tables and figures into a folder of their own; the report's path."""
        return self._save(Path(folder))

    def __repr__(self) -> str:
        table = self.table.to_string(index=False, max_rows=30, float_format=_short)
        return f"{self.sentence}\n\n{table}"

    def _repr_html_(self) -> str:
        head = pd.DataFrame([self.sentence]).to_html(header=False, index=False, border=0)
        return f"{head}{self.table.to_html(index=False, border=0, float_format=_short)}"


def _short(value: float) -> str:
    return f"{value:.3g}"


def compare(base: AnyWorld, *changes: AnyWorld, **how: Any) -> Answer[Comparison]:
    """Did it matter? Worlds with the same luck and a difference (`lab.matter.comparison.compare`).

    Examples
    --------
    `compare("ussr-1922", "trotsky-speaks-1923", quick=True)`, or with two changes and one of their
    settings, `compare(base, one, other, settings={"B.unity": 0.4}, who="anybody")`.
    """
    found = comparison.compare(base, *changes, **how)

    def save(folder: Path) -> Path:
        asked = found.asked
        return told.compare_report(folder_for(asked.said(), folder, folder), found)

    table = told.tables(found)[0].frame
    return Answer(found, found.sentence, found.frame, table, lambda: told.figure(found), save)


def ask(experiment: Experiment | str | Path, **how: Any) -> Answer[Results]:
    """Put a question of any kind, by a shipped name, a file or as read (`lab.plan.run`).

    how : `quick`, `runs`, `workers`, `tell` and what else `lab.plan.run` takes; `out` to leave the
    result in a folder at once.
    """
    loaded = experiment if isinstance(experiment, Experiment) else plan.load(experiment)
    home = None if "out" in how else Path(mkdtemp(prefix="politburo-sim-"))
    folder = Path(how.pop("out")) if home is None else home / "ask"
    results = plan.run(loaded, folder, **how)
    named = loaded.id if experiment is loaded else str(experiment)
    page = report(results, typed("ask", named, runs=results.bench.effort.runs))

    def save(to: Path) -> Path:
        shutil.copytree(folder, to, ignore=shutil.ignore_patterns("cells"))
        return to / page.name

    frame = _main_table(results)
    answer = Answer(results, finding_of(page), frame, frame, lambda: _picture(folder), save)
    if home is not None:
        weakref.finalize(answer, shutil.rmtree, home, ignore_errors=True)
    return answer


def _main_table(results: Results) -> pd.DataFrame:
    """The table of effects, or the first of the kind's own."""
    return results.table if results.effects else next(iter(results.extra.values()))


def _picture(folder: Path) -> Figure:
    """The report's first picture."""
    image = imread(min((folder / "figures").glob("*.png")))
    height, width = image.shape[:2]
    figure = Figure(figsize=(width / 160, height / 160), dpi=160)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.imshow(image)
    axes.set_axis_off()
    return figure
