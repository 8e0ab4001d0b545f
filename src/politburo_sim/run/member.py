"""The Member agent: what one member decides, by his own methods.

A user may subclass Member and override a decision; whatever is not overridden follows the
rule book. Members read their own numbers from the body's arrays; only the rules write them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import mesa

from politburo_sim.rules import favours, minds, value
from politburo_sim.rules.minds import CROSS, LEAVE, STAY
from politburo_sim.state.body import NOBODY
from politburo_sim.state.work import AGAINST_IT, AXIS, CHALLENGER, FOR, PERSONAL, RIVAL

if TYPE_CHECKING:
    from politburo_sim.run.model import Politburo

__all__ = ["CROSS", "LEAVE", "STAY", "Member", "Question"]


class Numbering(WeakKeyDictionary[Any, Iterator[int]]):
    """Gives the agents of each model their numbers, from 1 on, and forgets a model that is gone.

    Mesa's own numbering is one for all models of a process and keeps every one of them for ever.
    """

    def __getitem__(self, model: Any) -> Iterator[int]:
        """Return the numbers that are left for a model."""
        return self.setdefault(model, count(1))


class Member(mesa.Agent):  # type: ignore[misc]
    """A member of the body, seated in one slot of its arrays."""

    _ids = Numbering()

    @classmethod
    def number_from(cls, model: Politburo, first: int) -> None:
        """Give those who are met in a model from now on the numbers from the first on."""
        cls._ids[model] = count(first)

    def __init__(self, model: Politburo, slot: int) -> None:
        super().__init__(model)
        self.politburo = model
        self.slot = slot
        self.name = model.world.names[slot]

    def __repr__(self) -> str:
        rung = self.politburo.world.rungs[self.rung]
        return f"Member({self.name!r}, share {self.share:.2f}, {rung})"

    # What a member decides -------------------------------------------------------------
    # Each method may be overridden; it reads the state, changes nothing, and returns its decision.

    def choose_target(self) -> Member | None:
        """Against whom he sets out when it is his turn to organise, or nobody."""
        return self._somebody(minds.choose_target(*self._here))

    def join(self, question: Question) -> float:
        """Chance that he enters the challenger's coalition: invited, signing or defending."""
        return float(minds.join(*self._here))

    def drop_out(self, question: Question) -> float:
        """Chance that he leaves his coalition when its leader turns it on somebody else."""
        return float(minds.drop_out(*self._here))

    def go_on(self, question: Question) -> float:
        """Chance that as an organiser he goes on though his coalition is short of a half."""
        return float(minds.go_on(*self._here))

    def stand_up(self, question: Question) -> float:
        """Chance that, removed himself, he stands up in the Committee for those just beaten."""
        return float(minds.stand_up(*self._here))

    def reconsider(self, question: Question) -> int:
        """Whether he stays in his coalition, leaves it or crosses: STAY, LEAVE or CROSS."""
        return int(minds.reconsider(*self._here))

    def choose_position(
        self, axis: str, low: float, high: float, rival: Member | None, against: float
    ) -> float:
        """Where he stands on a question of the agenda, freely or against a rival who has spoken."""
        m = self.politburo
        return float(
            minds.choose_position(
                *self._here, NOBODY if rival is None else rival.slot, m.world.axes.index(axis),
                low, high, against,
            )
        )  # fmt: skip

    def fights(self, question: Question) -> bool:
        """Whether he divides the body over his place, or assents to the rival's."""
        return bool(minds.fights(*self._here))

    def worth_opposing(self, question: Question) -> float:
        """What standing up against what the rival has moved is worth to him."""
        return float(minds.worth_opposing(*self._here))

    def lean(self, question: Question) -> float:
        """Chance that he votes for the challenger."""
        return float(minds.lean(*self._here))

    def recant(self, loser: Member) -> float:
        """Chance that he recants when he is asked to after a defeat."""
        return float(minds.recant(*self._here, loser.slot))

    def worth_demanding(self, question: Question) -> float:
        """What asking for a sanction against the rival is worth to him."""
        return float(minds.worth_demanding(*self._here))

    def choose_patron(self) -> Member | None:
        """To whom he gives himself, or nobody."""
        return self._somebody(favours.choose_patron(*self._here))

    def worth_naming(self, candidate: Member) -> float:
        """What putting somebody into a seat or a post is worth to him."""
        return float(favours.worth_naming(*self._here, candidate.slot))

    @property
    def _here(self) -> tuple[Any, Any, int]:
        return self.politburo.body, self.politburo.work, self.slot

    def _somebody(self, slot: int) -> Member | None:
        return None if slot == NOBODY else self.politburo.member(slot)

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
        """Standing in the body (`state.body`: AWAITED to GONE)."""
        return int(self._own("status"))

    @property
    def patron(self) -> Member | None:
        """Who put him into his seat, or to whom he has given himself."""
        slot = int(self._own("patron"))
        return None if slot == NOBODY else self.politburo.member(slot)

    def bond(self, other: Member) -> float:
        """His trust in another, -1..1."""
        return float(self.politburo.arrays.bond[self.slot, other.slot])

    @property
    def coalition(self) -> tuple[Member, ...]:
        """The members of his coalition, its leader first; empty where he is in none."""
        a = self.politburo.arrays
        mine = int(self._own("coalition"))
        if mine == NOBODY:
            return ()
        leader = int(a.coalition_leader[mine])
        others = [int(k) for k in range(len(a.coalition)) if a.coalition[k] == mine]
        return tuple(
            self.politburo.member(k) for k in [leader, *(k for k in others if k != leader)]
        )


@dataclass(frozen=True)
class Question:
    """A contest as the member who is asked sees it: the challenger's side against the rival's.

    It shows the question that is open now, and is not to be kept.
    """

    member: Member

    def _contest(self, field: int) -> int:
        return int(self.member.politburo.scratch.contest[field])

    @property
    def challenger(self) -> Member:
        """Who leads the one side: a mover, an organiser, who asks for a sanction."""
        return self.member.politburo.member(self._contest(CHALLENGER))

    @property
    def rival(self) -> Member:
        """Who leads the other side: an opponent, a target, the accused."""
        return self.member.politburo.member(self._contest(RIVAL))

    @property
    def axis(self) -> str | None:
        """The axis of the policy in question; None where it is about the men."""
        axis = self._contest(AXIS)
        return None if axis == NOBODY else self.member.politburo.world.axes[axis]

    @property
    def on_a_person(self) -> bool:
        """Whether it is about a sanction."""
        return self._contest(PERSONAL) == 1

    @property
    def place(self) -> float:
        """Where the challenger stands on the axis, -1..1."""
        return float(self.member.politburo.scratch.stakes[FOR])

    @property
    def other_place(self) -> float:
        """Where the rival stands on it, -1..1."""
        return float(self.member.politburo.scratch.stakes[AGAINST_IT])

    @property
    def expected(self) -> float:
        """Share of the votes that the member expects the challenger to get, 0..1."""
        return float(self.member.politburo.scratch.expected[self.member.slot])

    @property
    def worth(self) -> float:
        """What the rule book's V says siding with the challenger is worth, as last weighed."""
        m, slot = self.member.politburo, self.member.slot
        return float(value.utility(m.body, m.work, slot, m.scratch.expected[slot]))
