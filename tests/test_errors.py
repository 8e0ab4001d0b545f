"""Errors: one message each, the same after a trip through a worker process."""

import pickle

import pytest

from politburo_sim.files.errors import (
    ExperimentError,
    InputError,
    PolitburoSimError,
    ResultError,
    ScenarioError,
    suggest,
)

FULL = ScenarioError(
    "out of range",
    file="world.toml",
    line=12,
    key="members[3].opportunism",
    given=1.7,
    allowed="0 to 1",
    hint="give a share, not a per cent",
)


def test_the_message_says_where_what_given_allowed_and_what_to_do() -> None:
    assert str(FULL).splitlines() == [
        "world.toml, line 12: members[3].opportunism: out of range",
        "  given: 1.7",
        "  allowed: 0 to 1",
        "  what to do: give a share, not a per cent",
    ]


def test_what_is_not_known_leaves_no_gap() -> None:
    assert str(InputError("no such file")) == "no such file"
    assert str(InputError("empty", file="a.toml")) == "a.toml: empty"
    assert str(InputError("unknown", key="rules.x")) == "rules.x: unknown"


@pytest.mark.parametrize("given", [0, "", False, []])
def test_an_empty_value_is_still_shown(given: object) -> None:
    assert f"given: {given!r}" in str(InputError("wrong", given=given))


def test_a_huge_or_hostile_value_stays_short_and_on_its_line() -> None:
    message = str(InputError("wrong", given="\x1b[31m\n" * 100_000))
    assert len(message) < 120
    assert len(message.splitlines()) == 2
    assert "\x1b" not in message


@pytest.mark.parametrize("kind", [InputError, ScenarioError, ExperimentError, ResultError])
def test_one_tree(kind: type[InputError]) -> None:
    assert issubclass(kind, InputError)
    assert issubclass(kind, PolitburoSimError)


def test_the_way_back_from_a_worker_changes_nothing() -> None:
    back = pickle.loads(pickle.dumps(FULL))
    assert type(back) is ScenarioError
    assert (str(back), vars(back)) == (str(FULL), vars(FULL))


def test_a_value_that_cannot_be_pickled_does_not_hide_the_message() -> None:
    error = InputError("wrong type", given=lambda: None)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("loyality", ", did you mean 'loyalty'?"),
        ("STALIN", ", did you mean 'Stalin'?"),
        ("tractor", ""),
        ("", ""),
    ],
)
def test_suggest(word: str, expected: str) -> None:
    assert suggest(word, ["loyalty", "Stalin", "opportunism"]) == expected
