"""What a change does from a month of one history on."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from politburo_sim.cli.app import app
from politburo_sim.files.errors import InputError
from politburo_sim.lab.ahead.futures import Futures, state_at
from politburo_sim.lab.ahead.odds import future_seeds, odds
from politburo_sim.lab.matter.onward import compared, onward
from politburo_sim.lab.runs import run_many
from politburo_sim.months import month_index
from politburo_sim.outcomes import ruler_names
from politburo_sim.run.model import Politburo
from politburo_sim.worlds.changes import changed, read_change
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

BASE, SPEECH = (build_world(load_scenario(name)) for name in ("ussr-1922", "trotsky-speaks-1923"))
EVE = month_index(BASE.start, "1923-04")


def test_the_chances_are_those_of_the_odds_and_the_effect_is_their_paired_difference():
    found = onward(BASE, SPEECH, 7, EVE, pairs=200)
    model = Politburo(BASE, 7)
    while model.month < EVE:
        model.step()
    assert found.main.who == "Stalin"
    chances = odds(model, 200)
    assert found.main.base == chances["Stalin"]
    for one in found.others:
        there = 1 - chances["nobody"] if one.who == "anybody" else chances[one.who]
        assert one.base == pytest.approx(there)
    seeds = future_seeds(7, EVE, 200)
    rules = [
        np.array(ruler_names(world, run_many(world, seeds, first=EVE, state=model.body)))
        == "Stalin"
        for world in (BASE, SPEECH)
    ]
    assert found.main.alt == rules[1].mean()
    change = rules[1].astype(float) - rules[0]
    assert found.main.effect.effect == pytest.approx(change.mean())
    half = 1.96 * change.std() / np.sqrt(200)
    assert found.main.effect.high - found.main.effect.effect == pytest.approx(half, rel=0.02)


def test_from_the_first_month_it_is_a_comparison_of_the_worlds():
    found = onward(BASE, SPEECH, 3, 0, pairs=100)
    seeds = future_seeds(3, 0, 100)
    alone = [ruler_names(world, run_many(world, seeds)).count("Stalin") / 100
             for world in (BASE, SPEECH)]  # fmt: skip
    assert [found.main.base, found.main.alt] == alone


def test_a_state_lived_on_the_engine_is_that_of_the_mesa_driver():
    model = Politburo(SPEECH, 11)
    for month in (0, 1, 40):
        while model.month < month:
            model.step()
        state = state_at(SPEECH, 11, month)
        for name, array in vars(model.arrays).items():
            assert np.array_equal(state[name], array, equal_nan=array.dtype.kind == "f"), name


def test_futures_are_the_same_however_they_are_asked_for_and_none_is_run_twice():
    at_once, by_and_by, runs = Futures(BASE, 7, EVE), Futures(BASE, 7, EVE), []
    few = list(by_and_by.rulers(30, tell=lambda done, doing="": runs.append(done)))
    many = by_and_by.rulers(80, tell=lambda done, doing="": runs.append(done))
    assert many == at_once.rulers(80)
    assert many[:30] == few == by_and_by.rulers(30)
    assert sum(runs) == 80
    model = Politburo(BASE, 7)
    while model.month < EVE:
        model.step()
    assert by_and_by.chances(80) == odds(model, 80).to_dict()


def test_some_pairs_that_have_been_run_already_change_nothing():
    base, alt = Futures(BASE, 7, EVE), Futures(SPEECH, 7, EVE)
    compared(base, alt, pairs=20)
    assert compared(base, alt, pairs=60) == onward(BASE, SPEECH, 7, EVE, pairs=60)


def test_the_same_world_does_nothing():
    found = onward(BASE, BASE, 7, EVE, pairs=50)
    assert found.sentence.endswith("with the change as without it. The effect counts as “nothing”.")
    assert all(one.base == one.alt for one in found.others)


def test_its_rules_are_called_its_own_since_they_may_be_set():
    """With a parameter set it is no answer at the default rules."""
    world, own = load_scenario("ussr-1922"), {"opportunism": 0.6}
    without_norm = changed(world, [read_change("set~unity_liability~0~1923-04")])
    found = onward(build_world(world, own), build_world(without_norm, own), 7, EVE, pairs=60)
    assert ", at this history's rules alone. The effect counts as " in found.sentence
    assert "default" not in found.sentence


def test_a_change_that_lies_before_the_month_is_refused():
    with pytest.raises(InputError, match="differ before that month"):
        onward(BASE, SPEECH, 7, EVE + 1, pairs=10)


def test_the_command_says_the_same_in_words_and_as_data():
    asked = ["compare", "ussr-1922", "trotsky-speaks-1923", "--from", "1923-04", "--seed", "7",
             "--runs", "200", "--quiet"]  # fmt: skip
    found = onward(BASE, SPEECH, 7, EVE, pairs=200)
    told = CliRunner().invoke(app, asked)
    assert f"In history 7 from April 1923 on, over 200 pairs of futures with the same luck: \
{found.sentence}" in told.output  # fmt: skip
    data = CliRunner().invoke(app, [*asked[:-1], "--json"])
    assert json.loads(data.output) == found.summary()
    refused = CliRunner().invoke(app, [*asked[:3], "no-faction-ban", *asked[3:]])
    assert refused.exit_code != 0
