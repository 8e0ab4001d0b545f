"""What the changes of one visitor do: reckoned aside, so that the page goes on answering."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from politburo_sim.lab.matter.onward import PAIRS, Onward, compared
from politburo_sim.months import month_index
from politburo_sim.view.choice import Choice, load
from politburo_sim.view.forecast import PREPARING, compile_apart, futures_of, is_compiled
from politburo_sim.worlds.changes import first_month, read_change

#: The first answer is of so many pairs.
FIRST = 200
MORE = f"So far, by {FIRST} pairs; {PAIRS:,} are being run ..."


@dataclass(frozen=True)
class Answer:
    """The answer about a view with changes; `note` is said until it is whole."""

    asked: Choice | None = None
    found: Onward | None = None
    note: str = ""

    @property
    def whole(self) -> bool:
        """Whether it is of as many pairs as it will be."""
        return self.found is not None and not self.note


def answer(asked: Choice, pairs: int = PAIRS) -> Onward:
    """Compare a view with what it is without its changes, from the first of them on."""
    scenario = load(asked.scenario)
    first = first_month(scenario, [read_change(code) for code in asked.changes])
    month = month_index(scenario.start, first)
    worlds = replace(asked, changes=()).world, asked.world
    base, alt = (futures_of(world, asked.seed, month) for world in worlds)
    return compared(base, alt, pairs=pairs)


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
            if self._reckon(asked):
                return

    def _reckon(self, asked: Choice) -> bool:
        """Answer a question, first by a few pairs; whether it is still the last that is asked."""
        for pairs in (FIRST, PAIRS):
            found, note = None, "" if pairs == PAIRS else MORE
            try:
                found = answer(asked, pairs)
            except Exception as error:  # said on the page: a thread that ends says nothing
                note = f"This could not be reckoned: {error}"
            with self._lock:
                if asked != self._asked:
                    return False
            self.tell(Answer(asked, found, note))
            if found is None:
                break
        with self._lock:  # what is asked while an answer is told is answered after it
            self._busy = asked != self._asked
            return not self._busy
