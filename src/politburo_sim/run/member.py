"""The Member agent: what one member decides, by his own methods.

A user may subclass Member and override a decision; whatever is not overridden follows the
rule book. Members read their own numbers from the body's arrays; only the rules write them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from politburo_sim.rules import agenda, platform, voting
from politburo_sim.rules.perception import threat_seen
from politburo_sim.rules.space import distance
from politburo_sim.state.body import NOBODY, RUNGS
from politburo_sim.state.parameters import PLACE

if TYPE_CHECKING:
    from politburo_sim.run.model import Politburo, Question

_HOPE = PLACE["force_hope"]
_THREAT = PLACE["force_threat"]
_CONVICTION = PLACE["force_conviction"]
_FORCE = PLACE["unity_force"]
_TEMPERATURE = PLACE["temperature"]
_COIN = PLACE["coin_votes"]


class Member(mesa.Agent):  # type: ignore[misc]
    """A member of the body, seated in one slot of its arrays."""

    def __init__(self, model: Politburo, slot: int) -> None:
        super().__init__(model)
        self.politburo = model
        self.slot = slot
        self.name = model.world.names[slot]

    def __repr__(self) -> str:
        return f"Member({self.name!r}, share {self.share:.2f}, {RUNGS[self.rung]})"

    # What a member decides -------------------------------------------------------------

    def urge(self, month: int) -> float:
        """Waiting time until he would raise a question; the shortest one speaks."""
        a = self.politburo.arrays
        return agenda.urge(self.politburo.seed, month, a.ident[self.slot], a.prestige[self.slot])

    def choose_target(self, month: int) -> int:
        """The slot of the member at whom he aims, or NOBODY."""
        m = self.politburo
        return agenda.choose_target(m.body, m.work, m.seed, month, self.slot)

    def choose_platform(self) -> int:
        """His platform against the rival's; it is put into `work.chosen`."""
        return platform.choose_platform(self.politburo.body, self.politburo.work, self.slot)

    def press(self, question: Question) -> float:
        """Chance that he forces the question to a roll call."""
        m, a, w = self.politburo, self.politburo.arrays, self.politburo.scratch
        par = a.par
        return agenda.press(
            a.opportunism[self.slot], w.expected[self.slot],
            threat_seen(m.body, m.work, self.slot, question.target),
            distance(a.ideal[self.slot], w.rival, a.axis_weight),
            par[_HOPE], par[_THREAT], par[_CONVICTION], par[_FORCE],
        )  # fmt: skip

    def lean(self, question: Question) -> float:
        """Chance that he votes yes, from his appeal, his sway and the tally he expects."""
        w, par, k = self.politburo.scratch, self.politburo.arrays.par, self.slot
        return voting.lean(
            w.appeal[k], w.sway[k], w.expected[k], par[_TEMPERATURE], w.sight[k], par[_COIN]
        )

    # What a member is ------------------------------------------------------------------

    def _own(self, field: str) -> Any:
        return getattr(self.politburo.arrays, field)[self.slot]

    @property
    def opportunism(self) -> float:
        """Weight of winning over conviction and friendship, 0..1."""
        return float(self._own("opportunism"))

    @property
    def loyalty(self) -> float:
        """Weight of the party line, 0..1."""
        return float(self._own("loyalty"))

    @property
    def foresight(self) -> float:
        """Chance that he decides on a person by looking ahead, 0..1."""
        return float(self._own("foresight"))

    @property
    def prestige(self) -> float:
        """Standing that sways the unaligned, >= 0."""
        return float(self._own("prestige"))

    @property
    def base(self) -> float:
        """Share of the Committee beholden to him, 0..1."""
        return float(self._own("bases"))

    @property
    def share(self) -> float:
        """Share of the power, 0..1."""
        return float(self._own("share"))

    @property
    def rung(self) -> int:
        """Rung of sanction, 0 clear to 4 expelled."""
        return int(self._own("rung"))

    @property
    def status(self) -> int:
        """Standing in the body (`rules.body`: AWAITED to GONE)."""
        return int(self._own("status"))

    @property
    def patron(self) -> Member | None:
        """Who put him into his seat."""
        slot = int(self._own("patron"))
        return None if slot == NOBODY else self.politburo.member(slot)

    def bond(self, other: Member) -> float:
        """His trust in another, -1..1."""
        return float(self.politburo.arrays.bond[self.slot, other.slot])
