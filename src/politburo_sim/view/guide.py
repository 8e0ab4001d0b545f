"""What stands above the panels: the question, the tour, and how it ended."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from html import escape
from typing import Any

from mesa.visualization.utils import update_counter

from politburo_sim.view.forecast import FUTURES, Forecast, Forecaster
from politburo_sim.view.redraw import redraw
from politburo_sim.view.scene import Scene
from politburo_sim.view.session import ONE, TWIN, Session
from politburo_sim.view.toolkit import component, component_of, solara
from politburo_sim.view.tour import STOPS, Seen, Stop, choices
from politburo_sim.view.usual import question, rules, settled_on, usual

#: No stop: the tour has not begun, or has been left.
AWAY = -1
#: Seconds between two months while the tour plays, and while it plays to the end.
PACE, HASTE = 0.12, 0.01


class Guide:
    """One visitor's way through the tour."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.at: Any = solara.reactive(AWAY)
        self.playing: Any = solara.reactive(False)
        self.guess: Any = solara.reactive("")
        self.opening: Any = solara.reactive(Forecast())
        self._opener = Forecaster(self.opening.set)
        self._opened: Any = None
        self._opening: Any = None
        self._before: Scene = self.scene
        self._run = 0

    @property
    def scene(self) -> Scene:
        """What is shown now."""
        scene: Scene = self.session.model.value.watch.scene()
        return scene

    @property
    def stop(self) -> Stop | None:
        """Where the visitor is on the tour, or nowhere."""
        at = self.at.value
        return None if at == AWAY else STOPS[at]

    @property
    def over(self) -> bool:
        """Whether the history has been lived to its end."""
        return self.scene.month >= self.scene.months

    def first(self) -> Forecast:
        """Return the odds of the start; asked for when they are first wanted."""
        forecast: Forecast = self.session.forecast.value
        known = dict(forecast.history)
        if 0 in known and forecast.is_of(self.session.model.value):
            return Forecast(0, known[0], history=((0, known[0]),))
        choice = self.session.choice.value
        if self._opened != choice:
            self._opened, self._opening = choice, self.session.anew()
            self._opener.ask(self._opening)
        opening: Forecast = self.opening.value
        return opening if opening.is_of(self._opening) else Forecast()

    def seen(self) -> Seen:
        """Return what the present stop speaks of."""
        session, model = self.session, self.session.model.value
        scene: Scene = model.watch.scene()
        forecast: Forecast = session.forecast.value
        pair = session.pair()
        beside = ""
        if pair is not None:
            about = pair.alt.world.scenario
            beside = f"{about.title}: {about.about.changed or 'another world.'} {pair.sentence()}"
        return Seen(
            model.world, scene, self._before,
            self.first().chances if self.at.value > 0 else None,
            forecast.chances if forecast.is_now(model) else None,
            self.guess.value, beside, self.ending(),
        )  # fmt: skip

    def ending(self) -> str:
        """Return how it ended and how usual that is; nothing before the end."""
        if not self.over:
            return ""
        first, forecast = self.first(), self.session.forecast.value
        now = forecast.is_now(self.session.model.value)
        if first.chances is None or forecast.chances is None or not now:
            return self.scene.ending
        end = settled_on(forecast.chances)
        told = f"So it ended: {rules(end)}. How usual is that? {usual(first.chances, end, FUTURES)}"
        return f"{told} The chronicle says how it came about."

    def go(self, step: int) -> None:
        """Go to a stop of the tour by its number, and play to the month that it is about."""
        self._run += 1
        if not 0 <= step < len(STOPS):
            self.playing.set(False)
            self.at.set(AWAY)
            return
        stop, back = STOPS[step], step < self.at.value
        plays = stop.until is not None and not back
        # Said before the stop is, so that nobody is asked to go on from where he is not yet.
        self.playing.set(plays)
        self.at.set(step)
        self.session.tab.set(TWIN if stop.twin and self.session.second_world() else ONE)
        if step == 0:
            self.session.restart()
        if not back:
            self._before = self.scene
        if plays:
            self._play(stop)

    def leave(self) -> None:
        """Play and reckon nothing more: the visitor has gone."""
        self._run += 1
        self._opener.leave()

    def hurry(self) -> None:
        """Play no longer, but be there."""
        self._hurried = True

    def _play(self, stop: Stop) -> None:
        model, run = self.session.model.value, self._run
        pace = HASTE if step_is_last(stop) else PACE
        self._hurried = False

        def wanted() -> bool:
            if run != self._run or self.session.model.value is not model or not model.running:
                return False
            until = stop.until
            return until is not None and not until(Seen(model.world, self.scene, self._before))

        def play() -> None:
            while wanted():
                model.step()
                if not self._hurried:
                    redraw()
                    time.sleep(pace)
            redraw()
            if run == self._run:
                self.playing.set(False)

        threading.Thread(target=play, daemon=True).start()


def step_is_last(stop: Stop) -> bool:
    """Whether a stop is the end of the tour."""
    return stop is STOPS[-1]


@component_of("guide.vue")
def Card(
    shown: dict[str, Any], event_go: Callable[[int], None], event_guess: Callable[[str], None],
    event_hurry: Callable[[int], None],
) -> None:  # fmt: skip
    """The question, and the stop of the tour or the end below it."""


@component
def Head(session: Session, guide: Guide) -> None:
    """What stands above the panels."""
    update_counter.get()
    stop, world = guide.stop, session.model.value.world
    shown: dict[str, Any] = {
        "question": escape(question(world.words.body)), "stop": guide.at.value,
        "stops": len(STOPS), "title": "", "text": guide.ending(), "choices": [], "guess": "",
        "playing": guide.playing.value,
    }  # fmt: skip
    if stop is not None:
        shown |= {"title": stop.title, "text": stop.say(guide.seen())}
        shown["guess"] = guide.guess.value
        if stop.ask:
            shown["choices"] = list(choices(guide.scene))
    Card(
        shown=shown, event_go=guide.go, event_guess=guide.guess.set,
        event_hurry=lambda _number: guide.hurry(),
    )  # fmt: skip
