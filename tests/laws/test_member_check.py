"""The checker finds what is wrong with a member, and nothing wrong with a sound one."""

import random
from typing import Any

import pytest

from politburo_sim import check_member
from politburo_sim.files.errors import InputError
from politburo_sim.run.member import Member


class Plain(Member):
    pass


class TooSure(Member):
    def lean(self, question: Any) -> float:
        return 1.5


class Meddler(Member):
    def press(self, question: Any) -> float:
        self.politburo.arrays.prestige[self.slot] += 1
        return super().press(question)


class Gambler(Member):
    def lean(self, question: Any) -> float:
        return random.random()


class Silent(Member):
    def lean(self, question: Any) -> float:
        return None  # type: ignore[return-value]


class Broken(Member):
    def choose_target(self, month: int) -> int:
        raise RuntimeError("lost")


class SelfAccuser(Member):
    def choose_target(self, month: int) -> int:
        return self.slot


def test_a_sound_member_is_found_sound() -> None:
    report = check_member(Plain, seeds=(0,))
    assert report.sound, str(report)
    assert report.decisions > 1000


@pytest.mark.parametrize(
    ("cls", "said"),
    [
        (TooSure, "a chance lies from 0 to 1"), (Meddler, "changes the state"),
        (Gambler, "all luck has to come from"), (Silent, "has to return a number"),
        (Broken, "RuntimeError: lost"), (SelfAccuser, "another member's slot"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_words(cls: type[Member], said: str) -> None:
    report = check_member(cls, seeds=(0,))
    assert not report.sound
    assert said in str(report)


def test_only_members_are_checked() -> None:
    with pytest.raises(InputError, match="subclass"):
        check_member(int)  # type: ignore[arg-type]
