"""A member's card: true to the model, and reasons that make up the vote they are told of."""

import math
import re

import pytest

from politburo_sim.run.model import Politburo
from politburo_sim.state.parameters import PLACE
from politburo_sim.view.account import Vote
from politburo_sim.view.card import SLIGHT, card, why
from politburo_sim.view.choice import Choice, WatchedPolitburo
from politburo_sim.view.voter import PARTS, Reason


@pytest.fixture(scope="module")
def model():
    return WatchedPolitburo(Choice("ussr-1922", 7)).live_to(45)


def words(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def test_keeping_reasons_changes_no_history(model):
    plain = Politburo("ussr-1922", 7)
    while plain.month < 45:
        plain.step()
    assert model.record.entries.tobytes() == plain.record.entries.tobytes()


def test_every_roll_call_has_the_reasons_of_all_but_its_leaders(model):
    votes, reasons = model.watch.scene().votes, model.reasons()
    assert len(reasons) == len(votes) > 10
    for vote, kept in zip(votes, reasons, strict=True):
        open_to = set(vote.votes) - {vote.mover, vote.target}
        if not vote.motion.endswith(("censured", "dismissed", "removed", "expelled")):
            assert set(kept) >= open_to


def test_the_parts_make_up_the_chance_of_the_vote(model):
    temperature = float(model.arrays.par[PLACE["temperature"]])
    seen = 0
    for kept in model.reasons():
        for reason in kept.values():
            if not reason.foresaw:
                value = sum(reason.parts.values()) / temperature
                assert reason.chance == pytest.approx(1 / (1 + math.exp(-value)), abs=1e-9)
                seen += 1
    assert seen > 100


def test_a_card_says_what_the_model_has(model):
    scene = model.watch.scene()
    for person in scene.people:
        told = words(card(model, person.slot))
        assert told.startswith(person.name)
        assert all(office in told for office in person.offices)
        for one in scene.alliances:
            if person.slot in one.members and person.seated:
                since = model.watch.date(int(model.arrays.joined[person.slot]))
                assert one.name.replace("'", "&#x27;") in told
                assert since in told
    assert card(model, 63) == ""


def test_reasons_are_told_for_the_vote_that_was_cast():
    parts = dict.fromkeys(PARTS, 0.0) | {"hope": 0.5, "dread": -0.25, "unity": SLIGHT / 2}
    reason = Reason(parts, expected=0.62, chance=0.9, foresaw=False)
    yes, no = (Vote(0, "May 1924", 1, 2, "x", True, 0.6, {0: side, 1: True, 2: False})
               for side in (True, False))  # fmt: skip
    assert why(0, yes, reason) == (
        "For this vote spoke what follows if it carries (+0.50); against it what follows if "
        "it fails (-0.25). Expected 62 % for the motion; the chance of this vote was 90 %."
    )
    assert why(0, no, reason).startswith("For this vote spoke what follows if it fails (+0.25)")
    assert "10 %" in why(0, no, reason)
    assert why(1, yes, None) == "It was this member's own motion."
    assert why(2, yes, None) == "It was about this member."


def test_a_name_with_markup_is_shown_as_it_is():
    model = WatchedPolitburo(Choice("ussr-1922", 7))
    evil = "<img src=x>"
    scene = model.watch.scene()
    object.__setattr__(scene.people[0], "name", evil)
    object.__setattr__(scene.people[0], "offices", (evil,))
    made = card(model, scene.people[0].slot)
    assert evil not in made
    assert made.count("&lt;img src=x&gt;") == 2
