"""A checker for other people's members: the laws, tried on a subclass, in words.

Each decision of every member is watched in short runs of shipped worlds: what it returns,
whether it changed the state it only may read, and whether the same seed gives the same run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np

from politburo_sim.files.errors import InputError
from politburo_sim.run.member import Member
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import CANDIDATE, FULL, NOBODY
from politburo_sim.state.journal import ACCOUNT, ROLL_CALL
from politburo_sim.worlds.scenario import load_scenario

WORLDS = ("ussr-1922", "equal-body", "presidium-1957")
DECISIONS = ("urge", "choose_target", "choose_platform", "press", "lean")
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
    return MemberReport(cls.__name__, tuple(dict.fromkeys(watch.wrong)), watch.decisions)


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
        number = isinstance(result, int | float | np.integer | np.floating)
        if not number or result != result:
            self.wrong.append(f"{name} returns {result!r}; it has to return a number")
        elif name in ("lean", "press") and not 0.0 <= result <= 1.0:
            self.wrong.append(f"{name} returns {result:g}; a chance lies from 0 to 1")
        elif name == "urge" and result < 0:
            self.wrong.append(f"urge returns {result:g}; a waiting time is not negative")
        elif name == "choose_target" and result != NOBODY:
            slots = len(member.politburo.world.names)
            if result == member.slot or not 0 <= result < slots:
                self.wrong.append(
                    f"choose_target returns {result}; it has to be another member's slot, or -1"
                )

    def try_world(self, name: str, seed: int) -> None:
        """One world twice over; whatever goes wrong is put into words."""
        runs = []
        for _ in range(2):
            try:
                runs.append(self._run(name, seed))
            except Exception as error:
                self.wrong.append(
                    f"a run of {name} with seed {seed} stops with {type(error).__name__}: {error}"
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
        for entry in model.journal.entries[: model.journal.size[0]]:
            if entry[1] in (ROLL_CALL, ACCOUNT) and not 0.0 <= entry[5] <= 1.0:
                self.wrong.append(f"in {name} a tally is {entry[5]:g}")
