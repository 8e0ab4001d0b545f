"""What the changes of one visitor do: reckoned aside, so that the page goes on answering."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from politburo_sim.lab.onward import Onward, onward
from politburo_sim.months import month_index
from politburo_sim.view.choice import Choice, load
from politburo_sim.view.forecast import PREPARING, compile_apart, is_compiled
from politburo_sim.worlds.changes import first_month, read_change


@dataclass(frozen=True)
class Answer:
    """The answer about a view with changes; `note` is said while there is none."""

    asked: Choice | None = None
    found: Onward | None = None
    note: str = ""


def answer(asked: Choice) -> Onward:
    """Compare a view with what it is without its changes, from the first of them on."""
    base = replace(asked, changes=())
    scenario = load(asked.scenario)
    first = first_month(scenario, [read_change(code) for code in asked.changes])
    return onward(base.world, asked.world, asked.seed, month_index(scenario.start, first))


@dataclass
class Answerer:
    """Answers the last question of one visitor; `tell` hears of it."""

    tell: Callable[[Answer], None]
    _asked: Choice | None = None
    _busy: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, asked: Choice) -> None:
        """Ask about a view with changes; only the last that is asked is answered."""
        with self._lock:
            if asked == self._asked:
                return
            self._asked = asked
            start = bool(asked.changes) and not self._busy
            self._busy = self._busy or start
        self.tell(Answer(asked, note="Reckoning what it does ..." if asked.changes else ""))
        if start:
            threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                asked = self._asked
                if asked is None or not asked.changes:
                    self._busy = False
                    return
            if not is_compiled():
                self.tell(Answer(asked, note=PREPARING))
                compile_apart()
            found, note = None, ""
            try:
                found = answer(asked)
            except Exception as error:  # said on the page: a thread that ends says nothing
                note = f"This could not be reckoned: {error}"
            with self._lock:
                last = asked == self._asked
                self._busy = not last
            if last:
                self.tell(Answer(asked, found, note))
                return
