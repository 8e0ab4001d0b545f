"""What another thread does while the page of a visitor is drawn, or after he has gone."""

import time
import warnings
from types import SimpleNamespace

import pytest

from politburo_sim.view import forecast
from politburo_sim.view.choice import Choice, WatchedPolitburo
from politburo_sim.view.forecast import Forecast, Forecaster
from politburo_sim.view.session import Session
from politburo_sim.view.toolkit import component, solara
from politburo_sim.view.tour import STOPS

with warnings.catch_warnings():  # Mesa's page warns as it is imported
    warnings.simplefilter("ignore")
    from politburo_sim.view import app, controls
    from politburo_sim.view import guide as guiding
    from politburo_sim.view.guide import AWAY, Guide


def wait_for(done, seconds=60):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "nothing has come of it"
        time.sleep(0.02)


@pytest.fixture
def session():
    return Session("?scenario=power-game&seed=7")


def test_a_tour_that_is_left_while_the_page_is_drawn_leaves_a_page(session, monkeypatch):
    guide, stop = Guide(session), Guide.stop.fget
    guide.at.set(2)

    def leaving(guide):
        seen = stop(guide)
        guide.at.set(AWAY)
        return seen

    monkeypatch.setattr(Guide, "stop", property(leaving))
    monkeypatch.setattr(app, "use_odds", lambda *_asked: None)
    _page, context = solara.render_fixed(app.Body(session, guide), handle_error=False)
    context.close()


def test_a_stop_is_where_the_visitor_was_when_it_was_asked_for(session):
    class Leaving:
        places = iter((2, AWAY))

        @property
        def value(self):
            return next(self.places)

    guide = Guide(session)
    guide.at = Leaving()
    assert guide.stop is STOPS[2]


def test_a_stop_speaks_of_one_world_though_another_is_chosen_meanwhile(session, monkeypatch):
    guide = Guide(session)
    monkeypatch.setattr(session, "pair", lambda: session.choose_scenario("presidium-1957"))
    seen = guide.seen()
    assert seen.world.scenario.name == seen.scene.world == "power-game"


def test_for_one_who_has_gone_the_tour_plays_and_reckons_no_more(session, monkeypatch):
    guide, drawn = Guide(session), []

    def draw():
        drawn.append(guide.scene.month)
        guide.leave()

    monkeypatch.setattr(guiding, "redraw", draw)
    guide.go(len(STOPS) - 1)
    wait_for(lambda: len(drawn) == 2)
    assert drawn == [1, 1]
    assert guide._opener._month == forecast._NOBODY_ASKS


def test_odds_of_another_history_are_pale_and_are_not_told_as_this_ones(session, monkeypatch):
    known = SimpleNamespace(chances=lambda *_asked: {"nobody": 1.0})
    monkeypatch.setattr(forecast, "futures_of", lambda *_asked: known)
    monkeypatch.setattr(forecast, "is_compiled", lambda: True)
    heard, other = [], WatchedPolitburo(Choice("power-game", 8))
    Forecaster(heard.append, futures=20).ask(other)
    wait_for(lambda: heard)
    session.forecast.set(heard[-1])
    assert not app.odds_panel("odds", other, heard[-1])["stale"]
    assert app.odds_panel("odds", session.model.value, heard[-1])["stale"]
    guide = Guide(session)
    guide.at.set(1)
    monkeypatch.setattr(guide._opener, "ask", lambda _model: None)
    assert (guide.seen().now, guide.seen().first) == (None, None)
    guide.opening.set(heard[-1])
    assert guide.first() == Forecast()


def test_a_history_that_ends_as_another_is_chosen_leaves_controls_that_work(session):
    ending = session.model.value
    ending.live_to(ending.world.months - 1)
    session.choice.subscribe(lambda _choice: ending.step())
    session.choose_seed("9")
    assert not ending.running
    assert session.renewed.value


def test_a_page_to_hand_out_that_cannot_be_made_is_said(session, monkeypatch):
    shown = []

    @component
    def Button(made, event_ask):
        shown.append((made, event_ask))

    def broken(*_asked, **_how):
        raise ValueError("no room left")

    monkeypatch.setattr(controls, "HandOutButton", Button)
    monkeypatch.setattr(controls, "make", broken)
    _page, context = solara.render_fixed(controls.HandOut(session), handle_error=False)
    try:
        shown[-1][1](0)
        wait_for(lambda: shown[-1][0]["said"] == "It could not be made: no room left")
        assert not shown[-1][0]["busy"]
    finally:
        context.close()
