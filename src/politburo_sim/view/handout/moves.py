"""The months in which the odds moved most, and what happened in them."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from politburo_sim.lab.odds import NOBODY_RULES
from politburo_sim.report.words import sentence_case
from politburo_sim.view.handout.history import History

#: So many are told, each of so many standard errors of a difference at least.
MOST, SURE = 6, 4.0


@dataclass(frozen=True)
class Move:
    """A leap of somebody's odds. `month`: the scene after it; `text`: what happened, in prose."""

    month: int
    date: str
    name: str
    before: float
    after: float
    text: str

    @property
    def sentence(self) -> str:
        """Return how far the odds moved."""
        verb = "rises" if self.after > self.before else "falls"
        moved = f"{verb} from {100 * self.before:.0f} to {100 * self.after:.0f} in 100"
        return f"{sentence_case(self.name)}: the chance to rule alone {moved}."


def moves(history: History) -> list[Move]:
    """Return the largest leaps, by date; none that chance among the futures would make.

    A month counts by the one whose odds moved most in it. The standard error is that of a
    difference of two shares of `futures` independent futures. That what happened in the month
    made the odds leap is likely and not shown: only a fork with and without it would show it.
    """
    found = []
    for month in range(1, len(history.odds)):
        before, after = history.odds[month - 1], history.odds[month]
        size, name = max(
            (abs(after[name] - before[name]), name) for name in after if name != NOBODY_RULES
        )
        middle = (before[name] + after[name]) / 2
        error = sqrt(2 * middle * (1 - middle) / history.futures)
        if size > SURE * error:
            text = " ".join(history.told.get(history.labels[month], ()))
            move = Move(month, history.labels[month], name, before[name], after[name], text)
            found.append((size, move))
    largest = sorted(found, key=lambda pair: (-pair[0], pair[1].month))[:MOST]
    return sorted((move for _, move in largest), key=lambda move: move.month)
