"""Ten histories to hand out: as in the record, as usual, as rarely, and with one thing changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from politburo_sim import outcomes
from politburo_sim.lab.ahead.odds import NOBODY_RULES
from politburo_sim.lab.fit.calibration import summaries, target_of
from politburo_sim.lab.fit.check import Histories, outcome_table, scored
from politburo_sim.lab.matter.comparison import compare
from politburo_sim.lab.runs import Tell, run_many, silent
from politburo_sim.lab.store import write_text
from politburo_sim.report.page import filled
from politburo_sim.report.words import sentence_case
from politburo_sim.run.engine import Outcomes
from politburo_sim.view.choice import FIRST_WORLD, comparable, world_of
from politburo_sim.view.drawing import PICTURE_STYLE
from politburo_sim.view.handout.history import FUTURES, History, live
from politburo_sim.view.handout.make import PAIRS, typed
from politburo_sim.view.handout.page import page, text_of
from politburo_sim.view.river import river
from politburo_sim.view.usual import in_100, question, rules
from politburo_sim.worlds.world import World

#: Seeds among which the histories are chosen: from nought on.
SEEDS = 2_000
#: So many of the ends that come most seldom are shown.
RARE = 2


@dataclass(frozen=True)
class Pick:
    """One history of the gallery. `alt`: the world that is set beside it, if any."""

    title: str
    why: str
    seed: int
    alt: str = ""

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.alt or 'seed'}-{self.seed}.html"


@dataclass(frozen=True)
class Shown:
    """One history as the index shows it."""

    pick: Pick
    ending: str
    drawn: str


def picks(world: World, seeds: int = SEEDS, workers: int | None = None) -> list[Pick]:
    """Choose the histories among so many seeds, by what came of each.

    The record's own course is the seed that meets most patterns of the record, the nearest to
    the fitted ones among equals; the usual end and the rare ones go by who rules alone at last.
    Every world with an intervention is then set beside the record's own course.
    """
    luck = np.arange(seeds)
    late = run_many(world, luck, workers=workers)
    ends = [name or NOBODY_RULES for name in outcomes.ruler_names(world, late)]
    met, known = _met(world, luck, late, workers)
    best = int(met.argmax())
    counted = Counter(ends).most_common()
    usual, rare = counted[0][0], [end for end, _ in counted[1:][-RARE:][::-1]]
    found = [
        Pick("Nearest to the record", f"Of {seeds:,} histories the one that meets most of what "
             f"the record says: {int(met[best])} of {known} patterns.", best),
        Pick("The usual end", _often(usual, ends), _typical(late, ends, usual)),
        *(Pick("A rare end", _often(end, ends), ends.index(end)) for end in rare),
    ]  # fmt: skip
    for name in comparable(world.scenario.name):
        scenario = world_of(name).scenario
        if any(event.intervention for event in scenario.events):
            why = scenario.about.changed or ""
            found.append(Pick(scenario.title, why, best, name))
    return found


def _met(
    world: World, luck: NDArray[np.int64], late: Outcomes, workers: int | None
) -> tuple[NDArray[np.float64], int]:
    """Return how many patterns each run meets, less a little for its distance; and of how many."""
    target = target_of(world)
    early = run_many(world, luck, marks=target.marks, last=target.last, workers=workers)
    points = np.tile(np.asarray(world.body.par), (len(luck), 1))
    runs = Histories(world, target, summaries(world, early, points, target), late)
    table = outcome_table(runs, scored())
    columns = [name for name in table.columns if name.startswith("met: ")]
    apart = table["distance"].to_numpy(dtype=float)
    met = table[columns].to_numpy(dtype=float).sum(axis=1)
    return met + 0.5 / (1.0 + apart), len(columns)


def _often(end: str, ends: list[str]) -> str:
    told = sentence_case(rules(end))
    return f"{told}: so it ends in {in_100(ends.count(end) / len(ends))} of 100 histories."


def _typical(late: Outcomes, ends: list[str], end: str) -> int:
    """Return the seed with that end whose leader holds the median share of power at last."""
    mine = np.array([seed for seed, one in enumerate(ends) if one == end])
    share = late.share[mine].max(axis=1)
    return int(mine[np.argsort(share, kind="stable")[len(mine) // 2]])


def gallery(
    folder: Path, *, seeds: int = SEEDS, futures: int = FUTURES, pairs: int = PAIRS,
    workers: int | None = None, tell: Tell = silent,
) -> Path:  # fmt: skip
    """Write the histories and an index of them into a folder; its path."""
    base = world_of(FIRST_WORLD)
    lived: dict[int, History] = {}
    shown = []
    for pick in picks(base, seeds, workers):
        if pick.seed not in lived:
            lived[pick.seed] = live(base, pick.seed, futures=futures, workers=workers)
        one = lived[pick.seed]
        two = effect = None
        if pick.alt:
            alt = world_of(pick.alt)
            effect = compare(base, alt, runs=pairs, workers=workers)
            two = live(alt, pick.seed, futures=futures, workers=workers)
        command = typed(FIRST_WORLD, pick.seed, pick.alt or None, (), futures)
        text = page(*([one] if two is None else [one, two]), effect=effect, command=command)
        write_text(folder / pick.file, text)
        last = two or one
        shown.append(Shown(pick, last.record.summary(), river(last.scenes[-1])))
        tell(1)
    text = filled(
        text_of("gallery.html"),
        shown=shown, style=PICTURE_STYLE + text_of("page.css"), title=base.scenario.title,
        question=question(base.words.body), seeds=f"{seeds:,}",
    )  # fmt: skip
    path = folder / "index.html"
    write_text(path, text)
    return path
