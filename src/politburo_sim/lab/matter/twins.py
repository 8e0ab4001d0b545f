"""Twin worlds: the same luck and the same readings of the record, and what differs between them.

All worlds of a comparison are run on one bench (`lab.bench`), as the cells of an experiment are: a
draw of the ensemble, the coders' doubt about people and the luck of a history are the same in all
of them, so a pair parts only by what the difference does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from politburo_sim import outcomes
from politburo_sim.lab.bench import Bench, Effort, by_draw
from politburo_sim.lab.matter.effects import NOUGHT, Effect, effect_of, unseen
from politburo_sim.lab.matter.sides import Side
from politburo_sim.run.engine import Outcomes
from politburo_sim.worlds.world import World

NEVER = -1
Values = NDArray[np.float64]


@dataclass
class Seen:
    """What was seen of one world, run by run.

    values : outcomes by name. ruler : who rules, "" if nobody. parting : month in which the run
    first differs in power from the base world's, or NEVER.
    """

    values: dict[str, Values]
    ruler: NDArray[Any]
    parting: NDArray[np.int64]


def seen(bench: Bench, there: Sequence[Side], names: Sequence[str]) -> list[Seen]:
    """What all worlds came to, batch by batch, so that only one batch is held by month."""
    parts: list[list[Seen]] = [[] for _ in there]
    cells = (bench.histories(one.spec, series=True) for one in there)
    for batch in zip(*cells, strict=True):
        base = batch[0]
        for place, runs in enumerate(batch):
            ruler = np.array(outcomes.ruler_names(runs.world, runs.out))
            parting = months_of_parting(base.world, base.out, runs.world, runs.out)
            part = Seen(outcomes.read(names, runs), ruler, parting)
            parts[place].append(part)
    return [
        Seen(
            {name: np.concatenate([part.values[name] for part in mine]) for name in names},
            np.concatenate([part.ruler for part in mine]),
            np.concatenate([part.parting for part in mine]),
        )
        for mine in parts
    ]


def months_of_parting(base: World, one: Outcomes, alt: World, two: Outcomes) -> NDArray[np.int64]:
    """First month in which the largest share, or who holds it, differs; NEVER if none."""
    place = {name: number for number, name in enumerate({*base.names, *alt.names, ""})}
    whose = np.array([place[name] for name in (*base.names, "")])
    others = np.array([place[name] for name in (*alt.names, "")])
    differs = (one.lead != two.lead) | (whose[one.leader] != others[two.leader])
    first: NDArray[np.int64] = np.where(differs.any(axis=1), differs.argmax(axis=1), NEVER)
    return first


def paired_effect(
    effort: Effort, total: Values, keep: NDArray[np.bool_] | None = None, *, part: bool = True
) -> Effect:
    """The effect whose values run by run these are, as an experiment has it (`Bench.effect`).

    part : whether any pair of histories comes apart; where none does, there is nothing to be seen.
    """
    if not part:
        return NOUGHT
    kept = np.ones(len(total), dtype=bool) if keep is None else keep
    if not total[kept].any():
        return unseen(int(kept.sum()))
    return effect_of(by_draw(total, kept, effort))
