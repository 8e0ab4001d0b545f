"""Keeps playing in step with the browser, so that no month is drawn that nobody can see."""

from __future__ import annotations

import threading

#: Seconds after which playing goes on without the browser: it may be hidden, or slow.
PATIENCE = 0.25
#: So many draws may be under way: while the browser draws one month, the next are worked out.
AHEAD = 2


class Pace:
    """What was sent to one browser, and what it says it has drawn."""

    def __init__(self) -> None:
        self._sent = self._seen = 0
        self._changed = threading.Condition()

    def send(self) -> int:
        """Return the number of a draw that is sent now."""
        with self._changed:
            self._sent += 1
            return self._sent

    def see(self, number: int) -> None:
        """Hear from the browser that a draw is on the screen."""
        with self._changed:
            self._seen = max(self._seen, int(number))
            self._changed.notify_all()

    def wait(self) -> None:
        """Return once enough has been drawn, or patience has run out."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._sent - self._seen <= AHEAD, PATIENCE):
                self._seen = self._sent
