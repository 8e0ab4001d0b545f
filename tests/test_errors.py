"""Errors: one message each, the same after a trip through a worker process."""

import pickle
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from politburo_sim.files.errors import (
    MOST_SHOWN,
    ExperimentError,
    InputError,
    PolitburoSimError,
    ResultError,
    ScenarioError,
    suggest,
)
from politburo_sim.files.locate import folder
from politburo_sim.lab import plan

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


# all that is wrong with one file, at once

SOUND = (folder("experiments") / "models.toml").read_text(encoding="utf-8")
#: Lines of a sound experiment, what each is broken to, and the key that is then complained of.
BROKEN = {
    "kind": ("title = ", "titel = ", "titel: unknown key"),
    "question": ('question = "', 'question = 3 # "', "question: wrong type"),
    "scenario": ('scenario = "', 'scenario = [] # "', "scenario: wrong type"),
    "draws": ("draws = 200", "draws = 0", "draws: out of range"),
    "model": ('words = "nobody looks', 'text = "nobody looks', "models[no-attachment].text"),
}


@given(st.sets(st.sampled_from(sorted(BROKEN)), min_size=1))
def test_every_thing_that_is_wrong_is_said_at_once(names: set[str]) -> None:
    text = SOUND
    for name in names:
        old, new, _ = BROKEN[name]
        assert old in text
        text = text.replace(old, new, 1)
    with tempfile.TemporaryDirectory() as home:
        file = Path(home) / "x.toml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ExperimentError) as caught:
            plan.load(file)
    said = str(caught.value).splitlines()
    starts = [line for line in said if line.startswith(str(file))]
    assert len(starts) == len(names), "nothing else is complained of"
    for name in names:
        assert any(BROKEN[name][2] in line for line in starts), name
    lines = [other.line for other in caught.value.others]
    assert lines == sorted(lines)


def test_what_follows_from_an_unknown_key_is_not_said_as_well(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(SOUND.replace("title = ", "titel = ", 1), encoding="utf-8")
    with pytest.raises(ExperimentError, match="did you mean 'title'") as caught:
        plan.load(file)
    assert caught.value.others == ()


def test_emptiness_is_said_where_nothing_else_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    bare = SOUND.partition("[[models]]")[0].replace("[quick]", "models = []\n\n[quick]")
    for text, others in ((bare, 0), (bare.replace("draws = 200", "draws = 0"), 0)):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ExperimentError) as caught:
            plan.load(file)
        assert ("draws" in str(caught.value)) == ("draws = 0" in text)
        assert ("models: too few" in str(caught.value)) != ("draws = 0" in text)
        assert len(caught.value.others) == others


def test_a_file_of_junk_does_not_fill_the_screen() -> None:
    error = InputError("wrong", file="w.toml")
    error.others = tuple(InputError("wrong", file="w.toml", line=n) for n in range(100))
    said = str(error).splitlines()
    assert len(said) == MOST_SHOWN + 1 and said[-1] == f"and {101 - MOST_SHOWN} more"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
