"""What belongs to one visitor: his choice, his model, his odds. Nothing here is shared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from politburo_sim.files.errors import PolitburoSimError
from politburo_sim.months import month_key
from politburo_sim.report.words import sentence_case
from politburo_sim.view import choice as choosing
from politburo_sim.view.answer import Answer, Answerer
from politburo_sim.view.card import card
from politburo_sim.view.choice import MAIN, Choice, WatchedPolitburo
from politburo_sim.view.forecast import Forecast, Forecaster
from politburo_sim.view.pace import Pace
from politburo_sim.view.toolkit import solara
from politburo_sim.view.twin import Pair
from politburo_sim.worlds.changes import check_from

#: Milliseconds between two months while playing, unless the link says otherwise.
INTERVAL = 100
#: The pages, as the tabs count them.
ONE, TWIN, BENCH = 0, 1, 2
SECOND_WORLD = "no-faction-ban"


class Session:
    """One visitor's page. Boxes and sliders hold what is shown; `choice` what is meant."""

    def __init__(self, query: str | None, first: Choice | None = None) -> None:
        asked, problem = choosing.read_link(query, first)
        choice = replace(asked, changes=())
        self.pace = Pace()
        self.choice: Any = solara.reactive(choice)
        self.changes: Any = solara.reactive(asked.changes)
        self.problem: Any = solara.reactive(problem)
        self.model: Any = solara.reactive(WatchedPolitburo(choice).live_to(choice.month))
        self.renewed: Any = solara.reactive(False)
        self.interval: Any = solara.reactive(choosing.read_interval(query, INTERVAL))
        self.tab: Any = solara.reactive(BENCH if asked.changes else TWIN if choice.twin else ONE)
        self.scenario: Any = solara.reactive(choice.scenario)
        self.sliders: dict[str, Any] = {
            name: solara.reactive(choice.setting(name)) for name in MAIN
        }
        self.forecast: Any = solara.reactive(Forecast())
        self.twin_forecast: Any = solara.reactive(Forecast())
        self.forecaster = Forecaster(self.forecast.set, until_rest=self.until_rest)
        self.twin_forecaster = Forecaster(self.twin_forecast.set, until_rest=self.until_rest)
        self.answer: Any = solara.reactive(Answer())
        self.answerer = Answerer(self.answer.set)
        self.picked: Any = solara.reactive("")
        self._pair: Pair | None = None
        self._listen()

    def _listen(self) -> None:
        self.scenario.subscribe(self.choose_scenario)
        for name, slider in self.sliders.items():
            slider.subscribe(partial(self.choose_setting, name))

    def choose_scenario(self, name: str) -> None:
        """Start another world; its own settings hold again."""
        if name != self.choice.value.scenario:
            self.changes.set(())
            self._try(lambda: Choice(scenario=name, seed=self.choice.value.seed))

    def choose_seed(self, text: str) -> None:
        """Start again with other luck."""
        if text.strip() == str(self.choice.value.seed):
            self.problem.set("")
        else:
            self._try(lambda: replace(self.choice.value, seed=choosing.read_seed(text), month=0))

    def choose_setting(self, name: str, value: float) -> None:
        """Start again with one parameter set."""
        value = round(value, 4)
        if value != round(self.choice.value.setting(name), 4):
            self._try(lambda: self.choice.value.with_setting(name, value))

    def choose_twin(self, name: str) -> None:
        """Set another world beside this one; both stay where they are."""
        self.choice.set(replace(self.choice.value, twin=name))

    def jump(self, text: str) -> None:
        """Go to a month, forward or back."""
        chosen = self.choice.value
        self._try(lambda: replace(chosen, month=choosing.read_month(chosen.scenario, text)))

    def restart(self) -> None:
        """Go back to the first month of the same history."""
        self._try(lambda: replace(self.choice.value, month=0))

    def anew(self) -> WatchedPolitburo:
        """Return the same history before its first month, apart from the one that is shown."""
        return WatchedPolitburo(replace(self.choice.value, month=0))

    def _try(self, choose: Callable[[], Choice]) -> None:
        try:
            choice = choose()
            model = WatchedPolitburo(choice).live_to(choice.month)
        except PolitburoSimError as error:
            self.problem.set(str(error))
            return
        self.problem.set("")
        self._show(replace(choice, month=0), model)

    def _show(self, choice: Choice, model: WatchedPolitburo) -> None:
        """Put a view on the page; Mesa's controller starts anew where its run had ended."""
        before = self.model.value
        self.choice.set(choice)
        self.model.set(model)
        self.scenario.set(choice.scenario)
        for name, slider in self.sliders.items():
            slider.set(choice.setting(name))
        if not before.running:  # looked at last: it may have been played until it was replaced
            self.renewed.set(True)

    def second_world(self) -> str:
        """Return the world set beside this one, or "" where none covers the same months."""
        others = choosing.comparable(self.choice.value.scenario)
        wished = (self.choice.value.twin, SECOND_WORLD, *others[:1])
        return next((name for name in wished if name in others), "")

    def change(self, code: str) -> None:
        """Change one thing from the present month on; what is shown stays where it is."""
        chosen = self.choice.value
        codes = (*self.changes.value, code)
        try:
            month = month_key(choosing.load(chosen.scenario).start, self.model.value.month)
            check_from(choosing.load(chosen.scenario), codes, month)
        except PolitburoSimError as error:
            self.problem.set(str(error))
            return
        self.problem.set("")
        self.changes.set(codes)

    def undo(self) -> None:
        """Take the last change back."""
        self.changes.set(self.changes.value[:-1])

    def changed(self) -> Choice:
        """Return the first month of the history with what has been changed."""
        choice: Choice = self.choice.value
        return replace(choice, month=0, twin="", changes=self.changes.value)

    def answered(self) -> bool:
        """Whether what has been changed by now has its whole answer."""
        answer: Answer = self.answer.value
        return answer.whole and answer.asked == self.changed()

    def beside(self) -> Choice | None:
        """Return the first month of the history set beside the first, if two are shown."""
        if self.tab.value == BENCH:
            changed = self.changed()
            return changed if changed.changes else None
        other = self.second_world() if self.tab.value == TWIN else ""
        return replace(self.choice.value, scenario=other, month=0, twin="") if other else None

    def pair(self) -> Pair | None:
        """Return both histories at the present month, if two are shown."""
        choice = self.beside()
        if choice is None:
            return None
        held = self._pair
        if held is None or held.base is not self.model.value or held.choice != choice:
            self._pair = held = Pair(self.model.value, choice)
        return held.follow()

    @property
    def two_shown(self) -> bool:
        """Whether the page shows two histories."""
        return self.beside() is not None

    @property
    def title(self) -> str:
        """What the page is called: the body of the world that is shown."""
        return sentence_case(self.model.value.world.words.body)

    def shown(self) -> tuple[WatchedPolitburo, ...]:
        """Return the histories on the page, one or two."""
        pair = self.pair()
        return (self.model.value,) if pair is None else (pair.base, pair.alt)

    def card(self) -> str:
        """Return the card of the member who was picked, by panel and slot; "" for none."""
        panel, _, slot = str(self.picked.value).partition(" ")
        if not slot.isdecimal():
            return ""
        models = self.shown()
        model = models[-1] if panel.endswith("-two") else models[0]
        with model.watch.turn:
            return card(model, int(slot))

    def leave(self) -> None:
        """Reckon nothing more for this visitor, who has gone."""
        for forecaster in (self.forecaster, self.twin_forecaster):
            forecaster.leave()

    def until_rest(self) -> float:
        """Return the seconds until the page counts as paused at the present speed."""
        return self.pace.until_rest(0.25 + 1.5 * float(self.interval.value) / 1000)

    def link(self) -> str:
        """Return the link to the present view."""
        choice: Choice = self.choice.value
        twin = self.second_world() if self.tab.value == TWIN else ""
        shown = replace(choice, twin=twin, changes=self.changes.value)
        return shown.link(self.model.value.month)
