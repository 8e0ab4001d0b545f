"""The same faces (`faces`) in the record of a world, as far as it tells of them.

The record keeps only some of the roll calls, and rather those that had consequences; it names some
of those who voted. So shares of a following demand are too high here, and runs too short.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from politburo_sim import history
from politburo_sim.evidence.record import load_record
from politburo_sim.evidence.schema import NO_SANCTION, Ask
from politburo_sim.lab.fit import faces
from politburo_sim.months import month_index
from politburo_sim.worlds.world import World

#: What each face is called.
NAME = {face: name for name, face in faces.FACES.items()}


def sides(ask: Ask) -> list[tuple[int, int]]:
    """How many heads are known to have voted with the winner and with the loser, in each vote."""
    heads = history.seated(f"{ask.month}-01", status="full")
    asked = [
        (ask.carried, {ask.mover, *(ask.yes or ())}, {ask.target, *(ask.no or ())}),
        (ask.judged, set(ask.judge_yes or ()), set(ask.judge_no or ())),
    ]
    found = []
    for carried, yes, no in asked:
        if carried is not None:
            won, lost = (yes, no) if carried else (no, yes)
            found.append((len(won & heads), len(lost & heads)))
    return [(won, lost) for won, lost in found if lost]


def demanded(ask: Ask) -> set[str]:
    """Against whom a sanction was asked for."""
    return set() if ask.rung in (None, NO_SANCTION) else {ask.beaten, *(ask.named or {})}


def demands_after(asks: list[tuple[int, Ask]]) -> list[float]:
    """As `faces.demands_after`."""
    return [
        float(any(
            ask.beaten in demanded(later) and 0 <= month - when <= faces.SOON
            for month, later in asks
        ))
        for when, ask in asks if ask.kind == "debate"
    ]  # fmt: skip


def longest_run(asks: list[tuple[int, Ask]]) -> list[float]:
    """As `faces.longest_run`."""
    now: Counter[str] = Counter()
    most = 0
    for _, ask in asks:
        if ask.kind == "debate":
            now[ask.target] += 1
            most = max(most, now[ask.target])
        for name in demanded(ask):
            now[name] = 0
    return [float(most)]


def most_removals(asks: list[tuple[int, Ask]], removed: str) -> list[float]:
    """As `faces.most_removals`; removed : the rung on which a seat is lost."""
    months = Counter(
        month for month, ask in asks if ask.judged and ask.rung == removed for _ in demanded(ask)
    )
    return [float(max(months.values(), default=0))]


def recorded(world: World) -> dict[str, float]:
    """The mean, or the one value, of each face that the record can tell of, by the face's name.

    Whoever voted and is not named is not counted; the median is told of the winner's share.
    """
    record = load_record(world)
    asks = [(int(month_index(world.start, ask.month)), ask) for ask in record.asks]
    votes = [vote for _, ask in asks for vote in sides(ask)]
    removed = world.ladder[world.losses.seat - 1].name
    return {
        NAME[faces.demands_after]: float(np.mean(demands_after(asks))),
        NAME[faces.longest_run]: longest_run(asks)[0],
        NAME[faces.winners_share]: float(np.median([w / (w + b) for w, b in votes])),
        NAME[faces.losing_two]: float(np.mean([b >= 2 for _, b in votes])),
        NAME[faces.most_removals]: most_removals(asks, removed)[0],
    }
