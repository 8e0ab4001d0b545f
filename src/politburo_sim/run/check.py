"""A checker for other people's members: the laws, tried on a subclass, in words.

Each decision of every member is watched in short runs of shipped worlds: what it returns,
whether it changed the state it only may read, and whether the same seed gives the same run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import wraps
from typing import Any

import numpy as np

from politburo_sim.files.errors import InputError
from politburo_sim.rules.favours import possible_patron
from politburo_sim.rules.targets import possible_target
from politburo_sim.run.member import CROSS, LEAVE, STAY, Member
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import CANDIDATE, FULL, NOBODY
from politburo_sim.state.journal import APPEALED, DEMAND, DIVISION
from politburo_sim.worlds.scenario import load_scenario

WORLDS = ("ussr-1922", "equal-body", "presidium-1957")
CHANCES = ("join", "drop_out", "go_on", "stand_up", "lean", "recant")
WORTHS = ("worth_opposing", "worth_demanding", "worth_naming")
#: Whom a member may choose: in words, the rule that says so by its name, and asked.
CHOICES: dict[str, tuple[str, str, Callable[[Politburo, int, int], bool]]] = {
    "choose_target": (
        "set out against", "politburo_sim.rules.targets.possible_target",
        lambda m, who, other: possible_target(m.body, who, other),
    ),
    "choose_patron": (
        "give himself to", "politburo_sim.rules.favours.possible_patron",
        lambda m, who, other: possible_patron(m.body, m.work, who, other),
    ),
}  # fmt: skip
DECISIONS = (*CHANCES, *WORTHS, *CHOICES, "reconsider", "fights", "choose_position")
_MONTHS = 60


@dataclass(frozen=True)
class MemberReport:
    """What was tried on a subclass, and what is wrong with it, in words; empty if nothing."""

    name: str
    wrong: tuple[str, ...]
    decisions: int

    @property
    def sound(self) -> bool:
        """Whether no law was broken."""
        return not self.wrong

    def __str__(self) -> str:
        if self.sound:
            return f"{self.name}: sound ({self.decisions} decisions watched)"
        return "\n".join([f"{self.name}: {len(self.wrong)} wrong", *(f"* {w}" for w in self.wrong)])


def check_member(cls: type[Member], seeds: tuple[int, ...] = (0, 1)) -> MemberReport:
    """Try the laws on a subclass of Member.

    Parameters
    ----------
    cls : the class; its __init__ takes (model, slot) as Member's does.
    seeds : seeds of the runs in each world.

    Returns
    -------
    A report; print it, or ask whether it is `sound`.

    Raises
    ------
    InputError
        If it is no subclass of Member.
    """
    if not (isinstance(cls, type) and issubclass(cls, Member)):
        raise InputError(
            "not a kind of member", given=cls, allowed="a subclass of politburo_sim.Member"
        )
    watch = _Watch(cls)
    for name in WORLDS:
        for seed in seeds:
            watch.try_world(name, seed)
    wrong = [*_misspelt(cls), *watch.wrong]
    return MemberReport(cls.__name__, tuple(dict.fromkeys(wrong)), watch.decisions)


def _misspelt(cls: type[Member]) -> list[str]:
    """Methods nearly called as a decision that the class leaves as it was: the model asks none."""
    kinds = [kind for kind in cls.__mro__ if issubclass(kind, Member) and kind is not Member]
    own = {name for kind in kinds for name, it in vars(kind).items() if callable(it)}
    left = [name for name in DECISIONS if name not in own]
    near = ((name, get_close_matches(name, left, 1, 0.75)) for name in sorted(own - {*DECISIONS}))
    return [
        f"{name} is no decision, and the model never asks it; did you mean {meant[0]}?"
        for name, meant in near if meant and not hasattr(Member, name)
    ]  # fmt: skip


class _Watch:
    """Runs worlds with watched members and collects what is wrong."""

    def __init__(self, cls: type[Member]) -> None:
        self.cls = cls
        self.wrong: list[str] = []
        self.decisions = 0
        self.watched = type(
            f"Watched{cls.__name__}", (cls,),
            {name: self._watched(name, getattr(cls, name)) for name in DECISIONS},
        )  # fmt: skip

    def _watched(self, name: str, decide: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(decide)
        def decision(member: Member, *given: Any) -> Any:
            body: Any = member.politburo.body
            before = body.tobytes()
            result = decide(member, *given)
            self.decisions += 1
            if body.tobytes() != before:
                self.wrong.append(
                    f"{name} changes the state of the body: a decision may only read it; "
                    "return what the member decides and leave the rest to the model"
                )
            self._judge(name, result, member)
            return result

        return decision

    def _judge(self, name: str, result: Any, member: Member) -> None:
        if name in CHOICES:
            self._judge_choice(name, result, member)
            return
        number = isinstance(result, int | float | np.integer | np.floating | np.bool_)
        if not number or result != result:
            self.wrong.append(f"{name} returns {result!r}; it has to return a number")
        elif name in CHANCES and not 0.0 <= result <= 1.0:
            self.wrong.append(f"{name} returns {result:g}; a chance lies from 0 to 1")
        elif name == "choose_position" and not -1.0 <= result <= 1.0:
            self.wrong.append(f"{name} returns {result:g}; a place on an axis lies from -1 to 1")
        elif name == "reconsider" and result not in (STAY, LEAVE, CROSS):
            self.wrong.append(f"{name} returns {result!r}; it has to return STAY, LEAVE or CROSS")
        elif name == "fights" and result not in (False, True):
            self.wrong.append(f"{name} returns {result!r}; it has to return True or False")

    def _judge_choice(self, name: str, result: Any, member: Member) -> None:
        if result is None:
            return
        doing, rule, may = CHOICES[name]
        if not isinstance(result, Member) or result.politburo is not member.politburo:
            self.wrong.append(f"{name} returns {result!r}; it has to return a member, or None")
        elif not may(member.politburo, member.slot, result.slot):
            self.wrong.append(
                f"{name} returns somebody whom the member may not {doing}; ask "
                f"`super().{name}()`, or choose among those for whom {rule} holds"
            )

    def try_world(self, name: str, seed: int) -> None:
        """One world twice over; whatever goes wrong is put into words."""
        runs = []
        for _ in range(2):
            try:
                runs.append(self._run(name, seed))
            except Exception as error:
                if not (isinstance(error, InputError) and self.wrong):  # it has been said
                    self.wrong.append(
                        f"a run of {name} with seed {seed} stops with "
                        f"{type(error).__name__}: {error}"
                    )
                return
        if runs[0] != runs[1]:
            self.wrong.append(
                f"two runs of {name} with seed {seed} differ: all luck has to come from "
                "politburo_sim.state.draws.draw, keyed by the decision, and nothing may be "
                "remembered from one run to the next"
            )

    def _run(self, name: str, seed: int) -> bytes:
        model = Politburo(load_scenario(name), seed, member_class=self.watched)
        for _ in range(min(_MONTHS, model.world.months)):
            model.step()
        self._laws(model, name)
        journal = model.journal
        size = journal.size
        state: Any = model.body
        return bytes(
            journal.entries[: size[0]].tobytes() + journal.ballots[: size[1]].tobytes()
            + state.tobytes()
        )  # fmt: skip

    def _laws(self, model: Politburo, name: str) -> None:
        body: Any = model.body
        here = (body["status"] == FULL) | (body["status"] == CANDIDATE)
        total = float(body["share"].sum())
        if here.any() and abs(total - 1.0) > 1e-9:
            self.wrong.append(f"in {name} the shares of power sum to {total:g}, not to one")
        for c, leader in enumerate(body["coalition_leader"]):
            inside = body["coalition"] == c
            if leader != NOBODY and (not inside[leader] or not here[inside].all()):
                self.wrong.append(f"in {name} a coalition stands without its leader, or with a man"
                                  " who is out of the body")  # fmt: skip
        entries = model.journal.entries[: model.journal.size[0]]
        for tally in entries["x"][np.isin(entries["kind"], (DIVISION, DEMAND, APPEALED))]:
            if not 0.0 <= tally <= 1.0:
                self.wrong.append(f"in {name} a tally is {tally:g}")
