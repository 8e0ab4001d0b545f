"""What has changed since a commit: the same histories by its rules and worlds, and by these.

    python -m benchmarks.since COMMIT

Both live histories of the ensemble that is here, with the same luck; those of the commit are lived
in a checkout of it, by a process of its own, and compiled anew (some minutes). Prints a table for
a record of decision.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
DRAWS, REPLICATES = 200, 60
Values = NDArray[np.float64]
Spec = Mapping[str, Any]


def _norm(unity: float, opportunism: float, **others: float) -> Spec:
    settings = {"unity": unity, "opportunism": opportunism, **others}
    return {"scenario": "ussr-1922", "settings": settings}


WORLDS: Mapping[str, Spec] = {
    "base": {"scenario": "ussr-1922"},
    "no ban": {"scenario": "no-faction-ban"},
    "letter": {"scenario": "letter-read-1924"},
    "speech": {"scenario": "trotsky-speaks-1923"},
    "no switching": {"scenario": "ussr-1922", "settings": {"switching": 0}},
    "strong many": _norm(1, 0.9), "strong few": _norm(1, 0.1),
    "weak many": _norm(0.25, 0.9), "weak few": _norm(0.25, 0.1),
    "coin votes": _norm(1, 0.9, coin_votes=1),
}  # fmt: skip
ASKED: Mapping[str, Mapping[str, int]] = {
    "sole rule": {"base": 1},
    "no ban on factions": {"no ban": 1, "base": -1},
    "the letter read out": {"letter": 1, "base": -1},
    "the speech": {"speech": 1, "base": -1},
    "switching": {"base": 1, "no switching": -1},
    "opportunism x unity": {"strong many": 1, "strong few": -1, "weak many": -1, "weak few": 1},
    "with strong unity, much opportunism": {"strong many": 1},
    "the same, by coin votes": {"coin votes": 1},
}


def live(points: Path, file: Path) -> None:
    """The ruler of each history of each world, into a file, by the rules that this process has."""
    from politburo_sim.lab.bench import prepare
    from politburo_sim.lab.ensemble import read_ensemble
    from politburo_sim.lab.runs import run_many

    sets = read_ensemble(points)
    which = np.arange(DRAWS * REPLICATES) // REPLICATES
    found = {}
    for name, spec in WORLDS.items():
        world, table = prepare(spec, sets)
        found[name] = run_many(world, np.arange(len(which)), table, which).ruler
    np.savez_compressed(file, **found)  # type: ignore[arg-type]


def lived(project: Path, points: Path, file: Path) -> Mapping[str, NDArray[np.int16]]:
    """The same of a project, in a process of its own."""
    paths = os.pathsep.join((str(project / "src"), str(ROOT)))
    subprocess.run(
        [sys.executable, "-W", "ignore", __file__, str(points), str(file)],
        cwd=project, env={**os.environ, "PYTHONPATH": paths}, check=True,
    )  # fmt: skip
    return dict(np.load(file))


def effect(found: Mapping[str, NDArray[np.int16]], parts: Mapping[str, int]) -> Values:
    """[J] an effect on the chance of sole rule, set by set."""
    total = np.zeros(DRAWS)
    for name, weight in parts.items():
        total += weight * (found[name] >= 0).reshape(DRAWS, REPLICATES).mean(axis=1)
    return total


def table(before: Mapping[str, NDArray[np.int16]], after: Mapping[str, NDArray[np.int16]]) -> str:
    """Each effect before and after, and by how much it moves, in points with its error."""
    lines = ["| | before | after | moves by |", "|---|---|---|---|"]
    for name, parts in ASKED.items():
        one, other = effect(before, parts), effect(after, parts)
        error = (other - one).std(ddof=1) / np.sqrt(DRAWS)
        numbers = (one.mean(), other.mean(), (other - one).mean())
        cells = [f"{100 * x:+.1f}".replace("-", "\u2212") for x in numbers]
        lines.append(f"| {name} | {cells[0]} | {cells[1]} | {cells[2]} ± {100 * error:.1f} |")
    others = 100 * (before["base"] != after["base"]).mean()
    return "\n".join(
        [*lines, "", f"Another member, or nobody, rules in {others:.0f} % of histories."]
    )


def main(commit: str) -> None:
    """Compare this project with one of its commits."""
    from politburo_sim.lab.ensemble import ensemble_csv, load_ensemble

    with tempfile.TemporaryDirectory() as place:
        points, then = Path(place) / "sets.csv", Path(place) / "then"
        sets = load_ensemble().thin(DRAWS)
        points.write_text(ensemble_csv(sets.table, sets.weight), encoding="utf-8")
        tree = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*tree, "add", "--quiet", "--detach", str(then), commit], check=True)
        try:
            before = lived(then, points, Path(place) / "before.npz")
        finally:
            subprocess.run([*tree, "remove", "--force", str(then)], check=True)
        print(table(before, lived(ROOT, points, Path(place) / "after.npz")))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        live(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        main(sys.argv[1])
