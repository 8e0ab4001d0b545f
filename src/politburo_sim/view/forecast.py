"""Live odds without freezing the page: asked for at each draw, reckoned at rest."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from politburo_sim.lab.odds import odds
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import bare
from politburo_sim.state.compiled import cache_folder_once

FUTURES = 1_000
#: Seconds without a new month after which the page counts as at rest.
REST = 0.25
PREPARING = "Preparing: the rules are compiled once (a minute)"
WAITING = "Pause to see the odds"
_compiling = threading.Lock()
_COMPILE = """
from politburo_sim.run.model import Politburo
from politburo_sim.lab.odds import odds
model = Politburo("ussr-1922")
odds(model, 2, workers=1)
model.step()
odds(model, 2, workers=1)
"""

Chances = Mapping[str, float]


@dataclass(frozen=True)
class Forecast:
    """Odds of a month of one history, and those of the pauses before it."""

    month: int = -1
    chances: Chances | None = None
    note: str = WAITING
    history: tuple[tuple[int, Chances], ...] = ()


def is_compiled() -> bool:
    """Whether this machine has compiled the engine already."""
    return any(cache_folder_once().rglob("engine.run_chunk*.nbc"))


def compile_apart() -> None:
    """Compile the engine in a process of its own, so that this one goes on answering."""
    with _compiling:
        if not is_compiled():
            subprocess.run([sys.executable, "-c", _COMPILE], check=False)


def chances_of(model: Politburo, futures: int = FUTURES) -> tuple[int, Chances]:
    """Return the month and the odds of a model as it stands, from a copy of its state."""
    if model.month == 0:
        return 0, _plain(odds(model, futures))
    record = model.record
    still = SimpleNamespace(
        world=record.world, seed=record.seed, month=record.months, body=bare(record.body)
    )
    return record.months, _plain(odds(cast(Any, still), futures))


def _plain(found: Any) -> Chances:
    return {str(name): float(chance) for name, chance in found.items()}


@dataclass
class Forecaster:
    """Reckons the odds of one visitor's histories; `tell` hears of each change."""

    tell: Callable[[Forecast], None]
    futures: int = FUTURES
    _model: Politburo | None = None
    _month: int = -1
    _due: float = 0.0
    _last: Forecast = field(default_factory=Forecast)
    _thread: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, model: Politburo, rest: float = REST) -> None:
        """Say that a month has been drawn; its odds follow unless another is drawn first."""
        with self._lock:
            if model is self._model and model.month == self._month:
                return
            if model is not self._model:
                self._last = Forecast()
            self._model, self._month = model, model.month
            self._due = time.monotonic() + rest
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()

    def know(self, model: Politburo, chances: Chances) -> None:
        """Take the odds of the present month from who has reckoned them already."""
        with self._lock:
            if model is not self._model:
                self._last = Forecast()
            self._model, self._month = model, model.month
            self._keep(model, model.month, chances)
        self.tell(self._last)

    def _work(self) -> None:
        while True:
            with self._lock:
                wait, model, month = self._due - time.monotonic(), self._model, self._month
            if wait > 0:
                time.sleep(wait)
                continue
            try:
                self._reckon(cast(Politburo, model))
            except RuntimeError:
                if threading.main_thread().is_alive():
                    raise
                return  # the server has been stopped while the odds were being reckoned
            with self._lock:
                if (self._model, self._month) == (model, month):
                    self._thread = None
                    return

    def _reckon(self, model: Politburo) -> None:
        if not is_compiled():
            self.tell(Forecast(note=PREPARING, history=self._last.history))
            compile_apart()
        if model.month >= model.world.months:
            month, chances = model.month, settled(model)
        else:
            month, chances = chances_of(model, self.futures)
        with self._lock:
            if model is not self._model:
                return
            self._keep(model, month, chances)
        self.tell(self._last)

    def _keep(self, model: Politburo, month: int, chances: Chances) -> None:
        history = {**dict(self._last.history), month: chances}
        over = month >= model.world.months
        note = "The run has ended" if over else f"{self.futures:,} futures from {model.date}"
        self._last = Forecast(month, chances, note, tuple(sorted(history.items())))


def settled(model: Politburo) -> Chances:
    """Return the odds after the last month: what has come about."""
    ruler = model.established
    if ruler is None:
        return {"nobody": 1.0}
    newcomer = ruler[0].slot >= model.world.members
    return {"a newcomer" if newcomer else ruler[0].name: 1.0}
