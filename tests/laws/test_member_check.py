"""The checker finds what is wrong with a member, and nothing wrong with a sound one."""

import random
import re
from importlib import import_module
from typing import Any

import pytest

from politburo_sim import check_member
from politburo_sim.files.errors import InputError
from politburo_sim.run.check import DECISIONS
from politburo_sim.run.member import Member
from politburo_sim.run.model import Politburo
from politburo_sim.worlds.scenario import load_scenario


class Plain(Member):
    pass


class TooSure(Member):
    def lean(self, question: Any) -> float:
        return 1.5


class Meddler(Member):
    def worth_opposing(self, question: Any) -> float:
        self.politburo.arrays.prestige[self.slot] += 1
        return super().worth_opposing(question)


class Gambler(Member):
    def lean(self, question: Any) -> float:
        return random.random()


class Silent(Member):
    def lean(self, question: Any) -> float:
        return None  # type: ignore[return-value]


class Broken(Member):
    def choose_target(self) -> Member | None:
        raise RuntimeError("lost")


class Misspelt(Member):
    def leen(self, question: Any) -> float:
        return 0.5


class Helped(Member):
    """Its helper has nearly the name of the decision that asks it."""

    def joins(self) -> bool:
        return self.slot > 2

    def join(self, question: Any) -> float:
        return float(self.joins())


class SelfAccuser(Member):
    def choose_target(self) -> Member | None:
        return self


class Slotted(Member):
    def choose_patron(self) -> Any:
        return self.slot


class Undecided(Member):
    def reconsider(self, question: Any) -> int:
        return 7


class Vague(Member):
    def fights(self, question: Any) -> Any:
        return 0.4


class Beyond(Member):
    def choose_position(self, *about: Any) -> float:
        return 1.1


class Lordless(Member):
    def choose_patron(self) -> Member | None:
        return self


def test_a_sound_member_is_found_sound() -> None:
    report = check_member(Plain, seeds=(0,))
    assert report.sound, str(report)
    assert report.decisions > 1000


def test_a_helper_may_be_called_nearly_as_its_decision() -> None:
    report = check_member(Helped, seeds=(0,))
    assert report.sound, report


def test_every_decision_is_watched() -> None:
    """Whatever the month asks a member for is a method of his, and is judged."""
    asked = set(Politburo(load_scenario("equal-body"))._decisions())
    assert asked == set(DECISIONS) == {name for name in asked if hasattr(Member, name)}


@pytest.mark.parametrize(
    ("cls", "said"),
    [
        (TooSure, "a chance lies from 0 to 1"), (Meddler, "changes the state"),
        (Gambler, "all luck has to come from"), (Silent, "has to return a number"),
        (Broken, "RuntimeError: lost"), (SelfAccuser, "may not set out against"),
        (Misspelt, "leen is no decision, and the model never asks it; did you mean lean?"),
        (Slotted, "a member, or None"), (Lordless, "may not give himself to"),
        (Undecided, "STAY, LEAVE or CROSS"), (Vague, "True or False"), (Beyond, "from -1 to 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_words(cls: type[Member], said: str) -> None:
    report = check_member(cls, seeds=(0,))
    assert not report.sound
    assert said in str(report)


@pytest.mark.parametrize("cls", [SelfAccuser, Lordless])
def test_the_rule_that_a_report_names_is_there(cls: type[Member]) -> None:
    said = re.search(r"those for whom politburo_sim\.([\w.]+)\.(\w+) holds", str(check_member(cls)))
    assert said is not None
    assert callable(getattr(import_module(f"politburo_sim.{said[1]}"), said[2]))


def test_only_members_are_checked() -> None:
    with pytest.raises(InputError, match="subclass"):
        check_member(int)  # type: ignore[arg-type]
