"""What is new in a drawing: of a month after another most lines are already in the browser.

A drawing is one element. Its opening tag, each of its children and its closing tag stand on a line
of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: New lines as they are; of those that stand in the last drawing, the first and the one after the
#: last.
News = list[str | list[int]]


def news(old: Sequence[str], new: Sequence[str]) -> News:
    """Return a drawing, told by the one before it.

    Examples
    --------
    >>> news(["<a>", "1", "2", "3", "</a>"], ["<a>", "2", "3", "4", "</a>"])
    [[0, 1], [2, 4], '4', [4, 5]]
    """
    places = {line: place for place, line in enumerate(old)}
    told: News = []
    for line in new:
        place, last = places.get(line), told[-1] if told else None
        if place is None:
            told.append(line)
        elif isinstance(last, list) and last[1] == place:
            last[1] += 1
        else:
            told.append([place, place + 1])
    return told


class Sent:
    """What was sent to one browser: the drawings of the last draw, by panel."""

    def __init__(self) -> None:
        self._last: tuple[int, dict[str, list[str]]] = 0, {}

    def send(self, draw: int, drawings: Mapping[str, str]) -> tuple[int, dict[str, News]]:
        """Return the draw on which this one is built, 0 for none, and what is new by panel."""
        lines = {name: drawn.split("\n") for name, drawn in drawings.items()}
        since, old = self._last  # looked up once: the browser may ask for everything meanwhile
        told = {name: news(old.get(name, ()), new) for name, new in lines.items()}
        self._last = draw, lines
        return since, told

    def forget(self) -> None:
        """Send everything the next time: the browser does not have what this is built on."""
        self._last = 0, {}
