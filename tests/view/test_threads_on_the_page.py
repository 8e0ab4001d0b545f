"""What another thread does while the page of a visitor is drawn, or after he has gone."""

import threading
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from tests.support import wait_for

from politburo_sim.view import forecast
from politburo_sim.view import session as opening
from politburo_sim.view.choice import Choice, WatchedPolitburo
from politburo_sim.view.forecast import Forecast, Forecaster
from politburo_sim.view.session import BENCH, Session
from politburo_sim.view.toolkit import component, solara
from politburo_sim.view.tour import STOPS
from politburo_sim.view.twin import Pair

with warnings.catch_warnings():  # Mesa's page warns as it is imported
    warnings.simplefilter("ignore")
    from politburo_sim.view import app, controls
    from politburo_sim.view import guide as guiding
    from politburo_sim.view.guide import AWAY, Guide


@pytest.fixture
def session():
    return Session("?scenario=power-game&seed=7")


def midway(model, act, live=None):
    """Live a month, in the midst of which another thread wants to do something; what it got."""
    got, collect = [], model.datacollector.collect
    other = threading.Thread(target=lambda: got.append(act()))

    def collecting(of):
        collect(of)
        if other.ident is None:
            other.start()
            other.join(0.5)  # it waits for the month to be over, or does it now

    model.datacollector.collect = collecting
    (live or model.step)()
    other.join()
    return got[0]


def test_two_who_play_one_history_live_it_month_by_month():
    played = WatchedPolitburo(Choice("power-game", 7)).live_to(4)
    midway(played, played.step)
    alone = WatchedPolitburo(Choice("power-game", 7)).live_to(6)
    assert np.array_equal(played.shares, alone.shares)
    assert played.record.prose() == alone.record.prose()


def test_what_is_taken_home_while_a_month_is_lived_is_of_months_that_are_over():
    played = WatchedPolitburo(Choice("power-game", 7)).live_to(4)
    alone = WatchedPolitburo(Choice("power-game", 7)).live_to(5)
    assert midway(played, lambda: played.record.prose()) == alone.record.prose()


def test_a_page_drawn_while_a_month_is_lived_shows_the_one_before_or_waits():
    played = WatchedPolitburo(Choice("power-game", 7)).live_to(4)
    alone = WatchedPolitburo(Choice("power-game", 7)).live_to(5)
    shown = midway(played, played.watch.scene)
    assert (shown.month, shown.people) == (5, alone.watch.scene().people)
    assert midway(played, played.watch.scene) is shown


def test_a_card_opened_while_a_month_is_lived_is_of_one_month(session, monkeypatch):
    model, held = session.model.value.live_to(4), []
    session.picked.set("table 0")
    others = threading.Thread(target=lambda: held.append(model.watch.turn.acquire(blocking=False)))

    def read(model, slot):
        others.start()  # nobody may live a month now
        others.join()
        return f"{slot}"

    monkeypatch.setattr(opening, "card", read)
    assert session.card() == "0"
    assert held == [False]


def test_two_who_follow_one_history_live_no_month_too_many():
    base = WatchedPolitburo(Choice("power-game", 7)).live_to(1)
    pair = Pair(base, Choice("power-game", 7))
    midway(pair.alt, pair.follow, pair.follow)
    assert pair.alt.month == 1


def test_what_is_undone_while_the_page_is_drawn_leaves_a_page(monkeypatch):
    session, change = Session("?scenario=power-game&seed=7"), "set~unity~0~1922-06"
    session.tab.set(BENCH)
    session.change(change)
    drawn = []

    @component
    def Undoing(session):
        """Stands above the panels, and takes the change back between Bench's look and Fork's."""
        drawn.append(session.changes.value)
        session.undo()

    monkeypatch.setattr(app, "Workbench", Undoing)
    monkeypatch.setattr(app, "use_odds", lambda *_asked: None)
    _page, context = solara.render_fixed(app.Bench(session, Guide(session)), handle_error=False)
    try:
        assert drawn[0] == (change,)
        assert drawn[-1] == ()
    finally:
        context.close()


def test_two_histories_are_drawn_in_the_same_month(session, monkeypatch):
    pair, drawn = Pair(session.model.value, Choice("power-game", 7)), []
    session.model.value.live_to(2)
    monkeypatch.setattr(
        app, "side_panels", lambda _side, model, *_: drawn.append(model.month) or []
    )
    for name in ("use_odds", "show"):
        monkeypatch.setattr(app, name, lambda *_asked: None)
    _page, context = solara.render_fixed(
        app.Pairing(session, Guide(session), pair), handle_error=False
    )
    context.close()
    assert drawn[-2:] == [2, 2]


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
