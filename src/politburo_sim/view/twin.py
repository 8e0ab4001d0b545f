"""The twin: the same seed in a second world, month for month, and when the two part."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from politburo_sim.state.body import Floats
from politburo_sim.view.choice import Choice, WatchedPolitburo


def differ(one: Floats, two: Floats, names: tuple[Sequence[str], Sequence[str]]) -> bool:
    """Whether the largest share of power [N], or who holds it, differs in a month of two runs."""
    whose = names[0][int(one.argmax())], names[1][int(two.argmax())]
    return bool(one.max() != two.max()) or whose[0] != whose[1]


class Pair:
    """Two histories with the same luck; the second follows the first.

    parting : the month in which they parted, if they have.
    """

    def __init__(self, base: WatchedPolitburo, choice: Choice) -> None:
        self.base = base
        self.choice = choice
        self.alt = WatchedPolitburo(choice)
        self.parting: int | None = None
        self._compared = 0
        self._following = threading.Lock()

    def follow(self) -> Pair:
        """Bring the second to the first's month, and see whether the two have parted."""
        names = self.base.world.names, self.alt.world.names
        with self._following:  # a picture may be asked for while the page is being drawn
            self.alt.live_to(self.base.month)
            while self.parting is None and self._compared < len(self.alt.shares):
                month = self._compared
                if differ(self.base.shares[month], self.alt.shares[month], names):
                    self.parting = month
                self._compared += 1
        return self

    def sentence(self) -> str:
        """Say whether and when they parted, and who leads in each now."""
        if self.parting is None:
            return "The same luck in both worlds; up to now they have not parted."
        when = self.base.watch.date(self.parting)
        one, two = self.base.leader, self.alt.leader
        led = (
            f"{one} leads in both"
            if one == two
            else f"now {one} leads in the first, {two} in the second"
        )
        return f"The same luck in both worlds; they part in {when}; {led}."
