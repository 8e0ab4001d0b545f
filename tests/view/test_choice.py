"""What a visitor can choose, how a link says it, and what is refused."""

import gc
import threading
import time
import weakref
from dataclasses import replace

import numpy as np
import pytest
from tests.support import wait_for

from politburo_sim.files.errors import InputError
from politburo_sim.lab.ahead.futures import Futures, LeftBehind, Turns
from politburo_sim.lab.ahead.odds import odds
from politburo_sim.lab.matter.twins import months_of_parting
from politburo_sim.lab.runs import run_many
from politburo_sim.run.model import Politburo
from politburo_sim.state.parameters import PARAMETERS
from politburo_sim.view import choice as choosing
from politburo_sim.view import forecast
from politburo_sim.view import pace as pacing
from politburo_sim.view.choice import MAIN, Choice, WatchedPolitburo, parameter, read_link
from politburo_sim.view.launch import named
from politburo_sim.view.pace import AHEAD, PATIENCE, Pace
from politburo_sim.view.twin import Pair
from politburo_sim.worlds.scenario import load_scenario


def test_a_link_restores_the_view():
    shown = Choice("lenin-recovers", 12, (("danger", 3.0), ("unity", 0.25)), 0, "ussr-1922")
    restored, problem = read_link(shown.link(40))
    assert (restored, problem) == (replace(shown, month=40), "")
    model = WatchedPolitburo(restored).live_to(restored.month)
    again = WatchedPolitburo(replace(shown, month=0)).live_to(40)
    assert model.month == 40
    assert (model.arrays.share == again.arrays.share).all()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?scenario=../../secret", "no such world"),
        ("?scenario=ussr-1922.toml", "no such world"),
        ("?seed=-1", "a seed must be a whole number"),
        ("?seed=x", "a seed must be a whole number"),
        ("?month=1950-01", "no such month"),
        ("?month=soon", "no such month"),
        ("?unity=2", "out of range"),
        ("?unity=nan", "out of range"),
        ("?unity=much", "out of range"),
        ("?colour=red", "no such parameter"),
        ("?twin=presidium-1957", "no world to set beside this one"),
    ],
)
def test_a_bad_link_says_why_and_shows_the_usual_view(query, said):
    shown, problem = read_link(query)
    assert shown == Choice()
    assert said in problem


def test_an_empty_link_shows_what_the_server_was_started_with():
    first = Choice("no-faction-ban", 5, (("opacity", 0.1),))
    assert read_link("", first) == (first, "")
    assert read_link("?seed=6", first)[0] == Choice("no-faction-ban", 6)


def test_seed_nought_is_a_seed_and_a_seed_comes_as_text():
    assert choosing.read_seed("0") == 0
    assert choosing.read_seed(" 7 ") == 7
    assert read_link("?seed=0", Choice(seed=9))[0].seed == 0


def test_the_main_parameters_are_rows_of_the_one_table():
    for name in MAIN:
        row = parameter(name)
        if name != "unity":
            assert row is PARAMETERS[name]
        assert row.low <= Choice().setting(name) <= row.high


def test_a_setting_is_set_and_the_single_word_wins_over_its_parts():
    parts = Choice().with_setting("unity_bandwagon", 0.1)
    whole = replace(parts, month=9).with_setting("unity", 0.4)
    assert whole == Choice(settings=(("unity", 0.4),))
    assert whole.setting("unity") == pytest.approx(0.4)


def test_only_worlds_of_the_same_months_are_set_side_by_side():
    assert "no-faction-ban" in choosing.comparable("ussr-1922")
    assert "ussr-1922" not in choosing.comparable("ussr-1922")
    assert choosing.comparable("presidium-1957") == ()


def test_a_world_handed_over_can_be_named_until_then_not():
    world = load_scenario("power-game")
    assert "no such world" in read_link("?scenario=run-17")[1]
    choosing.hand_over("run-17", world)
    try:
        assert read_link("?scenario=run-17")[0].world.scenario is world
        with pytest.raises(InputError, match="a shipped world has this name"):
            choosing.hand_over("ussr-1922", world)
    finally:
        choosing._handed_over.clear()
        choosing.load.cache_clear()


def test_the_pages_model_is_the_politburo_itself():
    watched = WatchedPolitburo(Choice(seed=7)).live_to(60)
    plain = Politburo("ussr-1922", 7)
    for _ in range(60):
        plain.step()
    assert (watched.arrays.share == plain.arrays.share).all()
    assert watched.live_to(9_999).month == watched.world.months


def test_a_history_that_nobody_looks_at_any_more_is_gone():
    model = WatchedPolitburo(Choice(seed=1)).live_to(3)
    assert [agent.unique_id for agent in model.agents] == list(range(1, len(model.agents) + 1))
    model.watch.scene()
    there = weakref.ref(model)
    del model
    gc.collect()
    assert there() is None


@pytest.mark.parametrize("other", ["no-faction-ban", "trotsky-speaks-1923"])
def test_twins_part_when_the_laboratory_says_so(other):
    base = WatchedPolitburo(Choice(seed=7)).live_to(9_999)
    pair = Pair(base, Choice(other, 7)).follow()
    seeds = np.array([7])
    one = run_many(base.world, seeds, series=True)
    two = run_many(pair.alt.world, seeds, series=True)
    expected = int(months_of_parting(base.world, one, pair.alt.world, two)[0])
    assert pair.parting == expected


def test_twins_of_one_world_never_part():
    base = WatchedPolitburo(Choice(seed=3)).live_to(80)
    pair = Pair(base, Choice(seed=3)).follow()
    assert (pair.alt.month, pair.parting) == (80, None)
    assert "not parted" in pair.sentence()


@pytest.mark.parametrize("month", [0, 24])
def test_live_odds_are_the_laboratorys_first_of_a_few_futures(month, monkeypatch):
    monkeypatch.setattr(forecast, "STAGES", (10, 400))
    model, heard = WatchedPolitburo(Choice(seed=7)).live_to(month), []
    before = model.arrays.share.copy()
    forecast.Forecaster(heard.append, futures=40).ask(model)
    wait_for(lambda: len(told(heard)) == 2)
    for number, one in zip((10, 40), told(heard), strict=True):
        assert (one.month, one.note) == (month, f"{number} futures from {model.date}")
        assert one.chances == {str(k): v for k, v in odds(model, number).items()}
    assert (model.arrays.share == before).all()


def told(heard):
    return [one for one in heard if one.chances]


def test_odds_come_once_the_page_is_at_rest():
    heard, pace = [], Pace()
    asked = forecast.Forecaster(heard.append, futures=20, until_rest=lambda: pace.until_rest(0.2))
    model = WatchedPolitburo(Choice("power-game", 7))
    for month in range(6):
        pace.wait()
        asked.ask(model.live_to(month))
        pace.see(pace.send())
    wait_for(lambda: told(heard))
    assert [one.month for one in told(heard)] == [5]


def test_a_month_that_is_left_behind_is_given_up(monkeypatch):
    monkeypatch.setattr(forecast, "STAGES", (10,))
    heard, model = [], WatchedPolitburo(Choice("power-game", 7)).live_to(2)

    def hear(one):
        heard.append(one)
        if one.month == 2:
            asked.ask(model.live_to(3))

    asked = forecast.Forecaster(hear, futures=20)
    asked.ask(model)
    wait_for(lambda: len(told(heard)) == 3)
    assert [(one.month, one.note.split()[0]) for one in told(heard)] == [
        (2, "10"), (3, "10"), (3, "20")
    ]  # fmt: skip


def test_a_visitor_who_has_gone_is_told_nothing_more(monkeypatch):
    monkeypatch.setattr(forecast, "STAGES", (10,))
    heard = []

    def hear(one):
        heard.append(one)
        asked.leave()

    asked = forecast.Forecaster(hear, futures=20)
    asked.ask(WatchedPolitburo(Choice("power-game", 7)).live_to(2))
    wait_for(lambda: heard and asked._thread is None)
    assert [one.note.split()[0] for one in heard] == ["10"]


def test_odds_that_cannot_be_reckoned_are_said_and_the_next_month_has_its_own(monkeypatch):
    heard, model = [], WatchedPolitburo(Choice("power-game", 7)).live_to(2)
    asked = forecast.Forecaster(heard.append, futures=20)

    def broken(*_asked):
        raise ValueError("no room left")

    with monkeypatch.context() as patched:
        patched.setattr(forecast, "futures_of", broken)
        asked.ask(model)
        wait_for(lambda: heard and asked._thread is None)
    assert [(one.month, one.chances, one.note) for one in heard] == [
        (2, None, "The odds could not be reckoned: no room left")
    ]
    assert heard[0].is_of(model)  # at rest: the address follows all the same
    asked.ask(model.live_to(3))
    wait_for(lambda: told(heard))
    assert heard[-1].month == 3


def test_who_asks_for_few_futures_comes_before_those_who_ask_for_many():
    turns, order = Turns(), []

    def ask(number):
        with turns.turn(number):
            order.append(number)

    with turns.turn(1):
        asking = [threading.Thread(target=ask, args=(number,)) for number in (30, 10, 20)]
        for one in asking:
            one.start()
        wait_for(lambda: len(turns._waiting) == 3)
    for one in asking:
        one.join()
    assert order == [10, 20, 30]


def test_futures_for_which_nobody_waits_any_more_are_not_run():
    with pytest.raises(LeftBehind):
        Futures(WatchedPolitburo(Choice("power-game")).world, 7, 0).rulers(5, wanted=lambda: False)


def test_after_the_last_month_the_odds_are_what_came_about():
    heard = []
    asked = forecast.Forecaster(heard.append, futures=20)
    asked.ask(WatchedPolitburo(Choice("power-game", 7)).live_to(9_999))
    wait_for(lambda: told(heard))
    assert set(heard[-1].chances.values()) == {1.0}
    assert heard[-1].note == "The run has ended"


def test_a_page_is_at_rest_when_all_that_was_lived_is_on_the_screen(monkeypatch):
    monkeypatch.setattr(pacing, "HIDDEN", 1_000.0)
    pace = Pace()
    pace.see(pace.send())
    assert pace.until_rest(5) <= 5
    for moves in (pace.wait, pace.send):  # a month is lived, and then on its way
        moves()
        assert pace.until_rest(5) > 500
    pace.see(2)
    assert pace.until_rest(5) <= 5


def test_playing_waits_for_the_browser_but_not_for_ever():
    pace = Pace()
    sent = [pace.send() for _ in range(AHEAD + 1)]
    pace.see(sent[0])
    start = time.monotonic()
    pace.wait()
    assert time.monotonic() - start < PATIENCE / 2
    pace.send()
    pace.wait()
    assert time.monotonic() - start >= PATIENCE


def test_a_port_in_use_says_so(monkeypatch):
    import socket

    from politburo_sim.view import launch

    with socket.create_server(("localhost", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match="cannot listen there"):
            launch.view_command(port=port)


@pytest.mark.parametrize(
    ("query", "found"),
    [("?interval=20", 20), ("?interval=0", 1), ("?interval=99999", 500), ("", 70),
     ("?interval=" + "9" * 5_000, 70), ("?interval=-3", 70), ("?interval=\u0662", 2),
     ("?interval=1e3", 70)],
    ids=range(8),
)  # fmt: skip
def test_a_link_asks_for_a_pace_that_makes_sense(query: str, found: int) -> None:
    assert choosing.read_interval(query, 70) == found


def test_a_page_for_all_is_announced_where_others_can_reach_it():
    assert named("localhost") == "localhost"
    assert named("example.org") == "example.org"
    assert named("0.0.0.0") not in ("0.0.0.0", "")
