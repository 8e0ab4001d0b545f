"""Given all that happened: nothing changed changes nothing, and luck is kept as said."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from politburo_sim.cli.app import app
from politburo_sim.evidence.arrays import record_arrays
from politburo_sim.evidence.record import load_record
from politburo_sim.files.errors import InputError
from politburo_sim.lab.weigh import abduction, given, three_ways
from politburo_sim.lab.weigh.abduction import before, ends, given_all, lived, lives_of, told_again
from politburo_sim.lab.weigh.anneal import Annealing, Effort
from politburo_sim.lab.weigh.conditioned import Conditioned, make_minutes
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

FIRST = 12


@pytest.fixture(scope="module")
def world():
    return build_world(load_scenario("ussr-1922"))


@pytest.fixture(scope="module")
def record(world) -> Conditioned:
    return Conditioned.of(world, record_arrays(world, load_record(world)))


@pytest.fixture(scope="module")
def told(record):
    """Annealed histories with their luck, and their states before a month."""
    people = Annealing(record, {}, Effort(6, 2, 1), (3, 1)).run().population
    lives = lives_of(record, people, np.random.default_rng(5))
    return people, lives, before(record, people, lives, FIRST)


def test_month_by_month_is_what_was_annealed(record, told) -> None:
    people, lives, states = told
    last = lived(record, lives, states, FIRST)
    np.testing.assert_allclose(last["like"][:, :5], people.parts[:, -1], rtol=0, atol=1e-9)


def test_nothing_changed_changes_nothing(record, told) -> None:
    """The placebo: exactly nought, whatever the numbers by which months are kept."""
    _, lives, states = told
    was = ends(record, lives, lived(record, lives, states, FIRST))
    chances = np.nextafter(np.ones((len(was), record.end)), 0)
    same, kept = told_again(record, record, lives, states, FIRST, chances)
    assert kept.all() and (same == was).all()


def test_a_month_is_kept_by_the_ratio_of_its_chances(record, told, world) -> None:
    """At a chance of nought every month is kept, whatever is different."""
    _, lives, states = told
    other = build_world(load_scenario("trotsky-speaks-1923"))
    alt = replace(record, world=other, minutes=make_minutes(
        other, record_arrays(other, load_record(world))))  # fmt: skip
    n = len(states)
    assert told_again(record, alt, lives, states, FIRST, np.zeros((n, record.end)))[1].all()
    now = was = states
    ratios = []
    for month in range(FIRST, FIRST + 12):
        gone = abduction.step(record, lives, was, month, imposed=True)
        again = abduction.step(alt, lives, now, month, imposed=True)
        if abduction.says(record, month):
            ratios.append(abduction.charged(now, again) - abduction.charged(was, gone))
        now, was = again, gone
    ratio = np.array(ratios)
    assert (ratio < 0).any() and len(ratio) > 1
    told_months = [m for m in range(FIRST, FIRST + 12) if abduction.says(record, m)]
    for off, expected in ((-1e-6, True), (1e-6, False)):
        chances = np.zeros((n, record.end))
        chances[:, told_months[0]] = np.exp(np.minimum(ratio[0], 0.0)) + off
        kept = told_again(record, alt, lives, states, FIRST, chances)[1]
        assert (kept[ratio[0] < 0] == expected).all()


def test_luck_alone_lets_histories_part(record, told) -> None:
    _, lives, states = told
    chances = np.zeros((len(states), record.end))
    first = next(m for m in range(FIRST, record.end) if abduction.says(record, m))
    chances[:, first] = np.inf
    assert not told_again(record, record, lives, states, FIRST, chances)[1].any()


def test_what_is_said_agrees_with_itself() -> None:
    found = given_all("ussr-1922", "trotsky-speaks-1923", effort=Effort(4, 1, 2), seed=2)
    assert found.placebo == 0
    assert found.effect.mean == pytest.approx(found.alt.mean - found.base.mean)
    assert found.who == "Stalin" and found.month == "April 1923" and found.end == "December 1930"
    for name in ("base", "alt", "undone", "as_recorded", "shaken"):
        one = getattr(found, name)
        assert math.isnan(one.mean) or 0 <= one.low <= one.mean <= one.high <= 1


def test_what_cannot_be_asked_says_so(world) -> None:
    with pytest.raises(InputError, match="no such member"):
        given_all(world, "trotsky-speaks-1923", who="Nobody")
    with pytest.raises(InputError, match="differ from the start"):
        given_all(world, "bukharin-secretary-1922")
    scenario = load_scenario("trotsky-speaks-1923")
    change = next(e for e in scenario.events if e.intervention)
    late = change.model_copy(update={"date": "1935-01", "requires": ()})
    events = (*world.scenario.events, late)
    with pytest.raises(InputError, match="outside the record"):
        given_all(world, build_world(world.scenario.model_copy(
            update={"name": "late", "events": events})))  # fmt: skip
    with pytest.raises(InputError, match="names no record"):
        three_ways.three_ways("equal-body", "equal-body")


def test_the_report_explains_three_answers_in_ten_lines(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(abduction, "QUICK", Effort(4, 1, 1))
    monkeypatch.setattr(given, "QUICK", Effort(4, 1, 1))
    ask = ["compare", "ussr-1922", "trotsky-speaks-1923", "--given-all", "--quick", "--quiet"]
    done = CliRunner().invoke(app, [*ask, "--out", str(tmp_path / "three"), "--json"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert [way["way"] for way in said["ways"]] == [
        three_ways.FREELY, three_ways.UNTIL_THEN, three_ways.ALL,
    ]  # fmt: skip
    assert said["given_all"]["placebo"] == 0
    page = (tmp_path / "three" / "report.html").read_text(encoding="utf-8")
    assert said["sentence"] in page
    for word in ("1. Freely", "2. Given what came before", "3. Given all that came"):
        assert word in page
    refused = CliRunner().invoke(app, [*ask, "--at-defaults"])
    assert refused.exit_code == 2 and "cannot be asked given all" in refused.output
