"""Live odds without freezing the page: asked for at each draw, reckoned at rest.

The first come of a few futures and are made surer by more; a month that is left behind is given up.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from politburo_sim.lab.ahead.futures import Futures, LeftBehind
from politburo_sim.months import month_name
from politburo_sim.run.model import Politburo
from politburo_sim.state.compiled import cache_folder_once
from politburo_sim.worlds.world import World

FUTURES = 1_000
#: The odds of so many are shown on the way.
STAGES = (200, 600)
PREPARING = "Preparing: the rules are compiled once (half a minute)"
WAITING = "Pause to see the odds"
_compiling = threading.Lock()
_COMPILE = """
from politburo_sim.run.model import Politburo
from politburo_sim.lab.ahead.odds import odds
model = Politburo("ussr-1922")
odds(model, 2, workers=1)
model.step()
odds(model, 2, workers=1)
"""

Chances = Mapping[str, float]
_NOBODY_ASKS = -1


@dataclass(frozen=True)
class Forecast:
    """Odds of a month of one history, and those of the pauses before it.

    whose : the world and the seed of the history.
    """

    month: int = -1
    chances: Chances | None = None
    note: str = WAITING
    history: tuple[tuple[int, Chances], ...] = ()
    whose: tuple[World, int] | None = None

    def is_of(self, model: Politburo) -> bool:
        """Whether these are the odds of this history, in whichever month."""
        return self.whose == (model.world, model.seed)

    def is_now(self, model: Politburo) -> bool:
        """Whether these are the odds of the month that this history has come to."""
        return self.is_of(model) and self.month == model.month


def is_compiled() -> bool:
    """Whether this machine has compiled the engine already."""
    return any(cache_folder_once().rglob("engine.run_chunk*.nbc"))


def compile_apart() -> None:
    """Compile the engine in a process of its own, so that this one goes on answering."""
    with _compiling:
        if not is_compiled():
            subprocess.run([sys.executable, "-c", _COMPILE], check=False)


@lru_cache(maxsize=256)
def futures_of(world: World, seed: int, month: int) -> Futures:
    """Return the futures of a month of a history, the same for all who ask."""
    return Futures(world, seed, month)


def now() -> float:
    """Return the seconds until the page counts as at rest, where nothing ever moves."""
    return 0.0


@dataclass
class Forecaster:
    """Reckons the odds of one visitor's histories; `tell` hears of each change.

    until_rest : the seconds until the page counts as at rest, if nothing moves until then.
    """

    tell: Callable[[Forecast], None]
    futures: int = FUTURES
    until_rest: Callable[[], float] = now
    _model: Politburo | None = None
    _month: int = _NOBODY_ASKS
    _last: Forecast = field(default_factory=Forecast)
    _thread: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, model: Politburo) -> None:
        """Say that a month has been drawn; its odds follow unless another is drawn first."""
        with self._lock:
            if model is self._model and model.month == self._month:
                return
            if model is not self._model:
                self._last = Forecast()
            self._model, self._month = model, model.month
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            if (wait := self.until_rest()) > 0:
                time.sleep(wait)
                continue
            with self._lock:
                model, month = cast(Politburo, self._model), self._month
                if month == _NOBODY_ASKS:
                    self._thread = None
                    return
            try:
                self._reckon(model, month)
            except Exception as error:  # said on the page: a thread that ends says nothing
                if not threading.main_thread().is_alive():
                    return  # the server has been stopped while the odds were being reckoned
                note = f"The odds could not be reckoned: {error}"
                whose = model.world, model.seed
                self.tell(Forecast(month, None, note, self._last.history, whose))
            with self._lock:
                if (self._model, self._month) == (model, month):
                    self._thread = None
                    return

    def leave(self) -> None:
        """Give up what is being reckoned: the visitor has gone."""
        with self._lock:
            self._month = _NOBODY_ASKS

    def _is_now(self, model: Politburo, month: int) -> bool:
        """Whether this is still the month that was asked about, and the history is still there."""
        return model is self._model and month == self._month == model.month

    def _reckon(self, model: Politburo, month: int) -> None:
        if not is_compiled():
            self.tell(Forecast(note=PREPARING, history=self._last.history))
            compile_apart()
        if month >= model.world.months:
            self._keep(model, month, settled(model), "The run has ended")
            return
        coming = futures_of(model.world, model.seed, month)
        for number in sorted({*(n for n in STAGES if n < self.futures), self.futures}):
            try:
                chances = coming.chances(number, lambda: self._is_now(model, month))
            except LeftBehind:
                return
            note = f"{number:,} futures from {month_name(model.world.start, month)}"
            self._keep(model, month, chances, note)

    def _keep(self, model: Politburo, month: int, chances: Chances, note: str) -> None:
        with self._lock:
            if model is not self._model:
                return
            history = {**dict(self._last.history), month: chances}
            pauses, whose = tuple(sorted(history.items())), (model.world, model.seed)
            self._last = Forecast(month, chances, note, pauses, whose)
        self.tell(self._last)


def settled(model: Politburo) -> Chances:
    """Return the odds after the last month: what has come about."""
    ruler = model.established
    if ruler is None:
        return {"nobody": 1.0}
    newcomer = ruler[0].slot >= model.world.members
    return {"a newcomer" if newcomer else ruler[0].name: 1.0}
