"""Keeps playing in step with the browser, so that no month is drawn that nobody can see.

From the same it is known when the page is at rest: nothing is being lived, and all is drawn.
"""

from __future__ import annotations

import threading
import time

#: Seconds after which playing goes on without the browser: it may be hidden, or slow.
PATIENCE = 0.25
#: So many draws may be under way: while the browser draws one month, the next is worked out.
AHEAD = 1
#: Seconds after which a page is at rest even if its browser has not said that all is drawn.
HIDDEN = 1.0


class Pace:
    """What was sent to one browser, and what it says it has drawn."""

    def __init__(self) -> None:
        self._sent = self._seen = 0
        self._living = False
        self._moved = time.monotonic()
        self._changed = threading.Condition()

    def send(self) -> int:
        """Return the number of a draw that is sent now."""
        with self._changed:
            self._sent += 1
            self._living, self._moved = False, time.monotonic()
            return self._sent

    def see(self, number: int) -> None:
        """Hear from the browser that a draw is on the screen."""
        with self._changed:
            self._seen = max(self._seen, int(number))
            self._moved = time.monotonic()
            self._changed.notify_all()

    def wait(self) -> None:
        """Return once enough has been drawn, or patience has run out: a month is now lived."""
        with self._changed:
            self._living, self._moved = True, time.monotonic()
            if not self._changed.wait_for(lambda: self._sent - self._seen <= AHEAD, PATIENCE):
                self._seen = self._sent

    def until_rest(self, quiet: float) -> float:
        """Return the seconds until nothing has moved for so many; longer while more is to come."""
        with self._changed:
            under_way = self._living or self._seen < self._sent
            return self._moved + quiet + HIDDEN * under_way - time.monotonic()
