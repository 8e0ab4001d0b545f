"""Members who leave behind why they voted as they did, for the page to tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from politburo_sim.rules.value import winning
from politburo_sim.run.member import Member, Question
from politburo_sim.state.work import ABSENT

if TYPE_CHECKING:
    from politburo_sim.view.choice import WatchedPolitburo

#: What the parts of a utility are, in words (`rules.value`).
PARTS = {
    "stand": "conviction, friendship and patron",
    "hope": "what follows if it carries",
    "dread": "what follows if it fails",
    "unity": "going with the expected majority",
}


@dataclass(frozen=True)
class Reason:
    """Why a member leans as he does in one contest.

    parts: of the utility of a yes, at the tally that he expects; below nought they speak for a
    no. chance: of a yes, 0..1. foresaw: whether he looked ahead and followed what he saw.
    """

    parts: dict[str, float]
    expected: float
    chance: float
    foresaw: bool


class Voter(Member):
    """A member as any other, who says why."""

    def lean(self, question: Question) -> float:
        """Chance that he votes for the challenger; what it is made of is kept."""
        chance = super().lean(question)
        model = cast("WatchedPolitburo", self.politburo)
        work, slot = model.scratch, self.slot
        expected = float(work.expected[slot])
        win = float(winning(model.body, expected))
        parts = {
            "stand": float(work.stand[slot]),
            "hope": win * float(work.hope[slot]),
            "dread": (1.0 - win) * float(work.dread[slot]),
            "unity": float(work.unity[slot]) * (2.0 * expected - 1.0),
        }
        foresaw = int(work.sight[slot]) != ABSENT
        model.keep_reason(slot, Reason(parts, expected, chance, foresaw))
        return chance
