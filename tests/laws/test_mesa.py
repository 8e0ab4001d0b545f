"""The model as those who know Mesa use it: stepped, asked, copied, pickled."""

import copy
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from politburo_sim.files.errors import InputError
from politburo_sim.run.member import Member
from politburo_sim.run.model import Politburo

WORLD = "politburo-1927"
COPIES = {"copied": copy.deepcopy, "pickled": lambda model: pickle.loads(pickle.dumps(model))}


class Faithful(Member):
    def lean(self, question: Any) -> float:
        return 0.0 if question.rival in self.coalition else super().lean(question)


def lived(model: Politburo, months: int) -> Politburo:
    for _ in range(months):
        model.step()
    return model


def left(model: Politburo) -> tuple[bytes, ...]:
    """All that a run has left behind so far, and its state."""
    journal = model.journal
    entries, ballots = journal.entries[: journal.size[0]], journal.ballots[: journal.size[1]]
    return entries.tobytes(), ballots.tobytes(), model._state.tobytes()


@pytest.mark.parametrize("member_class", [Member, Faithful])
@pytest.mark.parametrize("months", [0, 30])
@pytest.mark.parametrize("how", COPIES)
def test_a_copy_lives_on_as_the_model_would_have_and_apart_from_it(
    how: str, months: int, member_class: type[Member]
) -> None:
    model = lived(Politburo(WORLD, seed=5, member_class=member_class), months)
    before = left(model)
    other = lived(COPIES[how](model), 60)
    assert left(model) == before
    lived(model, 60)
    assert left(other) == left(model)
    assert (other.steps, other.month) == (model.steps, model.month)
    assert np.array_equal(other.shares, model.shares)
    frames = [one.datacollector.get_model_vars_dataframe() for one in (model, other)]
    assert frames[0].equals(frames[1])
    assert [member.name for member in other.agents] == [member.name for member in model.agents]
    assert {type(member) for member in other.agents} == {member_class}
    assert all(member.politburo is other for member in other.agents)


@pytest.mark.parametrize("how", COPIES)
def test_newcomers_of_a_copy_have_numbers_of_their_own(how: str) -> None:
    model = COPIES[how](Politburo(WORLD, seed=5))
    newcomer = model.member(len(model.world.names) - 1)
    numbers = [member.unique_id for member in model.agents]
    assert newcomer.unique_id == max(numbers)
    assert len(set(numbers)) == len(numbers)


def test_past_the_end_nothing_happens_and_no_step_is_counted() -> None:
    model = Politburo("power-game").run()
    before = left(model)
    lived(model, 2)
    assert left(model) == before
    assert (model.steps, model.running) == (model.world.months, False)
    assert len(model.datacollector.get_model_vars_dataframe()) == model.world.months


def test_a_world_may_be_given_by_its_path() -> None:
    model = Politburo(WORLD)
    file = Path(__file__).resolve().parents[2] / "scenarios" / f"{WORLD}.toml"
    for path in (file, str(file)):
        assert left(Politburo(path)) == left(model)


@pytest.mark.parametrize(
    "given", [{"world": 3}, {"member_class": dict}, {"member_class": "Member"}]
)
def test_another_kind_is_refused_in_words(given: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=next(iter(given))):
        Politburo(**{"world": "power-game", **given})


@pytest.mark.parametrize("slot", [-1, 10_000, "nobody of this name"])
def test_a_slot_that_is_not_there_is_refused_in_words(slot: Any) -> None:
    with pytest.raises(InputError, match="slot"):
        Politburo("power-game").member(slot)


@pytest.mark.parametrize(
    ("decision", "returned", "allowed"),
    [
        ("lean", None, "a number"), ("lean", float("nan"), "a number"),
        ("fights", "yes", "a number"), ("worth_naming", None, "a number"),
        ("choose_position", None, "a number"), ("choose_target", 3, "a member, or None"),
        ("choose_patron", "Trotsky", "a member, or None"),
        ("lean", 1.5, "a chance, from 0 to 1"), ("join", -0.1, "a chance, from 0 to 1"),
        ("recant", 2, "a chance, from 0 to 1"),
    ],
)  # fmt: skip
def test_a_decision_without_an_answer_stops_the_run_and_is_named(
    decision: str, returned: Any, allowed: str
) -> None:
    """A forgotten return was a vote against, and a history that looked sound."""
    mine = type("Mine", (Member,), {decision: lambda self, *about: returned})
    with pytest.raises(InputError) as refused:
        Politburo("ussr-1922", seed=7, member_class=mine).run()
    assert f"Mine.{decision}: a decision that returns {returned!r}" in str(refused.value)
    assert f"allowed: {allowed} (docs/members.md)" in str(refused.value)


def test_a_decision_that_fails_is_named_with_its_line() -> None:
    class Mine(Member):
        def lean(self, question: Any) -> float:
            return 1.0 / 0.0

    with pytest.raises(InputError, match=r"Mine\.lean: a decision that fails") as refused:
        Politburo("ussr-1922", seed=7, member_class=Mine).run()
    said = str(refused.value)
    assert f"{Path(__file__).name}, line" in said and "ZeroDivisionError" in said
    assert isinstance(refused.value.__cause__, ZeroDivisionError), "for who wants to look further"


def test_a_decision_that_takes_other_arguments_is_named_too() -> None:
    mine = type("Mine", (Member,), {"lean": lambda self: 0.5})
    with pytest.raises(InputError, match=r"Mine\.lean: a decision that fails: TypeError"):
        Politburo("ussr-1922", seed=7, member_class=mine).run()
