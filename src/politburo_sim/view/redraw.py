"""Draws the page anew, with room on the interpreter's stack.

CPython keeps the frames of its calls in pieces of 16 kB. A panel is drawn some hundred calls deep
in Solara; where a loop of it comes to stand at the end of a piece, every call in it has the kernel
map and unmap one, a quarter of all that a month cost. A call that asks for much is given a large
piece, in which there is room for all calls below it.

Reacton, below Solara, walks the whole page at each draw unless it is told to leave out what has not
changed.

The pages of all visitors are drawn in turn. Python runs one thread at a time, and where many want
to run, each that has waited for the network waits for all the others before it goes on: with
fifteen histories playing, a page with its hundreds of messages did not open in two minutes.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from mesa.visualization import solara_viz
from mesa.visualization.utils import force_update

#: Values that a roomy call asks for; the piece is the next power of two, half of it for the rest.
_ROOM = 40_000


def roomy(function: Callable[[], None]) -> Callable[[], None]:
    """Return a function that does the same, with room for the calls below it."""

    def call() -> None:
        function()

    call.__code__ = call.__code__.replace(co_stacksize=_ROOM)
    return call


_drawn = roomy(force_update)
_turn = threading.RLock()
#: Seconds after which a page is drawn out of its turn.
_PATIENCE = 1.0


def redraw() -> None:
    """Draw the page of the visitor for whom this thread works."""
    mine = _turn.acquire(timeout=_PATIENCE)
    try:
        _drawn()
    finally:
        if mine:
            _turn.release()


def let_mesa_redraw() -> None:
    """Have Mesa's own controls draw the page in the same way; harmless to call again."""
    os.environ.setdefault("REACTON_FAST", "1")
    solara_viz.force_update = redraw
