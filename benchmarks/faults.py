"""Faults of rules and worlds that are known and left, and what mending them would change.

    python -m benchmarks.faults

A mend is a change of text, made in a copy of the project; original and copy live the same
histories, over the ensemble and with the same luck. Writes docs/known-faults.md; each mend of a
rule is compiled anew, which takes a minute or two.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from politburo_sim.lab.bench import Effort, Spec, prepare
from politburo_sim.lab.ensemble import load_ensemble
from politburo_sim.lab.runs import replicate_seeds, run_many

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "known-faults.md"
PARTS = ("src", "scenarios", "experiments", "seeds", "records", "benchmarks")
EFFORT = Effort(draws=200, replicates=60)
Values = NDArray[np.float64]


def _norm(unity: float, opportunism: float) -> Spec:
    return {"scenario": "ussr-1922", "settings": {"unity": unity, "opportunism": opportunism}}


WORLDS: Mapping[str, Spec] = {
    "base": {"scenario": "ussr-1922"},
    "no ban": {"scenario": "no-faction-ban"},
    "letter": {"scenario": "letter-read-1924"},
    "speech": {"scenario": "trotsky-speaks-1923"},
    "no switching": {"scenario": "ussr-1922", "settings": {"switching": 0}},
    "strong many": _norm(1, 0.9), "strong few": _norm(1, 0.1),
    "weak many": _norm(0.25, 0.9), "weak few": _norm(0.25, 0.1),
}  # fmt: skip
ASKED: Mapping[str, Mapping[str, int]] = {
    "sole rule": {"base": 1},
    "no ban on factions": {"no ban": 1, "base": -1},
    "the letter read out": {"letter": 1, "base": -1},
    "the speech": {"speech": 1, "base": -1},
    "switching": {"base": 1, "no switching": -1},
    "opportunism x unity": {"strong many": 1, "strong few": -1, "weak many": -1, "weak few": 1},
}


@dataclass(frozen=True)
class Mend:
    """One fault: what is wrong, and the changes of text that mend it, by file."""

    fault: str
    changes: Mapping[str, Mapping[str, str]]


MENDS = (
    Mend(
        "One who is dismissed may be given a post of another who is dismissed by the same motion",
        {"src/politburo_sim/rules/vacancy.py": {
            "    FULL,\n    NOBODY,": "    FULL,\n    MONTH,\n    NOBODY,",
            "body.named[k] == 1 or has_post(body, k):\n            continue\n":
            "body.named[k] == 1 or has_post(body, k):\n            continue\n"
            "        if body.rung[k] >= body.ladder[POSTS_LOST] "
            "and body.last[k] == body.clock[MONTH]:\n            continue\n",
        }},
    ),
    Mend(
        "Lenin's posts pass to somebody for a month before the record's successors have them",
        {"scenarios/ussr-1922.toml": {
            f'id = "{name}"\ndate = "1924-02"': f'id = "{name}"\ndate = "1924-01"'
            for name in ("rykov-heads-government", "kamenev-heads-council")
        }},
    ),
    Mend(
        "What falls to a rival with an organiser who founds a coalition does not count by how near "
        "his fall is",
        {"src/politburo_sim/rules/organising.py": {
            "OUT, chance_of, peril,": "OUT, chance_of, nearness, peril,",
            "= work.prize[who]\n": "= work.prize[who] * nearness(body, who)\n",
        }},
    ),
    Mend(
        "A leader who gives way moves his rival's policy, which the rival may then oppose; mended, "
        "the rival moves it",
        {"src/politburo_sim/rules/divisions.py": {
            "move_alone(body, work, journal, mover, axis, other, farther":
            "move_alone(body, work, journal, rival, axis, other, farther",
        }},
    ),
    Mend(
        "A candidate whose patron is dead or gone counts as another's client",
        {"src/politburo_sim/rules/favours.py": {
            "elif body.patron[candidate] != NOBODY:": "elif in_body(body, body.patron[candidate]):",
        }},
    ),
    Mend(
        "With switching barred, the coalition of a target turns even on a man with whom its leader "
        "has stood",
        {"src/politburo_sim/rules/organising.py": {
            "    if side != NOBODY:\n        body.coalition_target[side] = who\n":
            "    if side != NOBODY and (\n        body.par[_SWITCHING] != 0.0\n"
            "        or may_turn_on(body, body.coalition_leader[side], who)\n    ):\n"
            "        body.coalition_target[side] = who\n",
        }},
    ),
    Mend(
        "Trotsky's bond to Rykov is coded by an opposition of 1920; in V19 they voted together",
        {"scenarios/ussr-1922.toml": {
            'to = "Rykov"\nvalue = {value = -0.3,': 'to = "Rykov"\nvalue = {value = 0,',
        }},
    ),
)  # fmt: skip

#: Faults that have not been measured.
OTHERS = (
    "A man whom the record puts out of the body keeps his posts, and with them a part of the "
    "appointments, in histories that are held to the record.",
    "Where the record names who took a seat and none of them may be seated, a newcomer takes it.",
    "What a man cannot see of others' bases is not scaled in the tally that he expects while "
    "somebody present is unable to speak.",
    "Who is dead or retired may speak on the floor of the Federal Council, and the accused in the "
    "Convention.",
    "Streams of seeds begin with the master's and the stream's number taken together "
    "([decision 4](decisions/0004-calibration.md)).",
    "The spread of a parameter of whole numbers is divided by that of a continuous one.",
    "Men who came to the fore late, such as Kirov and Beria, are not among the newcomers by name.",
)


def mended(mends: tuple[Mend, ...], folder: Path) -> Path:
    """A copy of the project in which some faults are mended."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for mend in mends:
        for name, texts in mend.changes.items():
            text = (folder / name).read_text(encoding="utf-8")
            for old, new in texts.items():
                if text.count(old) != 1:
                    raise ValueError(f"{name} has not once what is to be mended: {old!r}")
                text = text.replace(old, new)
            (folder / name).write_text(text, encoding="utf-8")
    return folder


def live(file: Path) -> None:
    """The ruler of each history of each world, into a file."""
    sets = load_ensemble().thin(EFFORT.draws)
    found: dict[str, Any] = {}
    which = np.arange(EFFORT.runs) // EFFORT.replicates
    for name, spec in WORLDS.items():
        world, points = prepare(spec, sets)
        found[name] = run_many(world, replicate_seeds(0, EFFORT.runs), points, which).ruler
    np.savez_compressed(file, **found)


def lived(mends: tuple[Mend, ...]) -> dict[str, NDArray[np.int16]]:
    """The same of a project with some mends, in a process of its own."""
    with tempfile.TemporaryDirectory() as place:
        folder = mended(mends, Path(place) / "project")
        paths = {"PYTHONPATH": os.pathsep.join((str(folder / "src"), str(folder)))}
        file = Path(place) / "rulers.npz"
        subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "benchmarks.faults", str(file)],
            cwd=folder, env={**os.environ, **paths}, check=True,
        )  # fmt: skip
        return dict(np.load(file))


def effect(found: Mapping[str, NDArray[np.int16]], parts: Mapping[str, int]) -> Values:
    """[J] an effect on the chance of sole rule, set by set."""
    shape = (EFFORT.draws, EFFORT.replicates)
    total = np.zeros(EFFORT.draws)
    for name, weight in parts.items():
        total += weight * (found[name] >= 0).reshape(shape).mean(axis=1)
    return total


def row(fault: str, before: Mapping[str, NDArray[np.int16]], mends: tuple[Mend, ...]) -> str:
    """What some mends change in each effect, in points, with its error."""
    after = lived(mends)
    cells = [fault, f"{100 * (before['base'] != after['base']).mean():.0f} %"]
    for parts in ASKED.values():
        change = effect(after, parts) - effect(before, parts)
        error = change.std(ddof=1) / np.sqrt(EFFORT.draws)
        cells.append(f"{100 * change.mean():+.1f} ± {100 * error:.1f}".replace("-", "\u2212"))
    return f"| {' | '.join(cells)} |"


def page() -> str:
    """The page: each mend alone, and all together."""
    before = lived(())
    now = [f"{100 * effect(before, parts).mean():+.1f}".replace("-", "\u2212")
           for parts in ASKED.values()]  # fmt: skip
    return "\n".join([
        "# Known faults", "",
        "These faults of rules and worlds are known and left for an edition that changes the rules",
        "anyway, since every result would have to be made again. Here each is mended in a copy of",
        "the project, and the same histories are lived with the same luck:",
        f"{EFFORT.draws} sets of the ensemble, {EFFORT.replicates} histories each. *Others rule*",
        "is how often another member, or nobody, comes to rule alone; the rest is by how many",
        "points an effect on the chance of sole rule moves, with its error. Made by",
        "`python -m benchmarks.faults`.", "",
        f"| fault | others rule | {' | '.join(ASKED)} |", f"|---|{'---|' * (1 + len(ASKED))}",
        f"| as things are | | {' | '.join(now)} |",
        *(row(mend.fault, before, (mend,)) for mend in MENDS),
        row("all together", before, MENDS), "",
        "These are known too, and have not been measured:", "",
        *(f"* {fault}" for fault in OTHERS), "",
    ])  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) > 1:
        live(Path(sys.argv[1]))
    else:
        PAGE.write_text(page(), encoding="utf-8")
