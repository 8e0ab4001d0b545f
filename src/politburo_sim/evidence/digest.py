"""A record in numbers: what a reader would count who knows no rule, for judges that learn.

Counts of what was asked, sought and granted, by thirds of the years covered; how named positions
lie to the winning side; who stood with whom and who changed over; and what befell each head of the
first months. The same for a record of history and for one that was simulated. Which question was
fought over is not counted: a chronicler often does not say. An ask that can be read in several ways
counts by their weights; for the order in which men stood together, by the likeliest.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import Any

import numpy as np

from politburo_sim.evidence.arrays import UNKNOWN
from politburo_sim.evidence.schema import KINDS
from politburo_sim.state.body import CLEAR, FULL, NOBODY
from politburo_sim.worlds.world import World

THIRDS = 3
_DEBATE = KINDS.index("debate")
#: As they are counted: a chronicler does not always say on what floor somebody was judged.
_ASKED = {"debate": "debates", "judge": "judgements", "floor": "judgements", "removal": "removals"}


def digest(world: World, record: Any) -> dict[str, float]:
    """The numbers of a record (`evidence.arrays.RecordArrays`), by name; the same names always."""
    return _Digest(world, record).numbers()


class _Digest:
    """One record as it is read."""

    def __init__(self, world: World, record: Any) -> None:
        self.world, self.record = world, record
        self.months = int(record.last) - int(record.first) + 1
        status = np.asarray(world.body.status[: world.members])
        self.heads = [k for k in range(world.members) if status[k] == FULL]
        self.pairs = list(combinations(self.heads, 2))
        self.found: dict[str, float] = defaultdict(float)
        self.stood: dict[tuple[int, int], list[int]] = defaultdict(list)

    def numbers(self) -> dict[str, float]:
        """Read the record from its first month to its last."""
        asks = self.record.asks
        for name in self._counted():
            self.found[name] = 0.0
        for k in self.heads:
            self.found[f"{self.world.names[k]} removed at"] = 1.0
        last: tuple[int, int] | None = None
        against: dict[int, float] = defaultdict(float)
        likeliest = {int(row["ask"]): row for row in np.sort(asks, order="weight")}
        for row in asks:
            likely = bool(row == likeliest[int(row["ask"])])
            self._asked(row, likely)
            against[int(row["target"])] += row["weight"]
            pair = (min(row["mover"], row["target"]), max(row["mover"], row["target"]))
            if likely:
                self.found["the same two again"] += pair == last
                last = pair
        self.found["most asked against one"] = max(against.values(), default=0.0)
        self.found["men asked against"] = float(len(against))
        months = np.unique(asks["month"])
        self.found["months with asks"] = float(len(months))
        gaps = np.diff(months) if len(months) > 1 else np.zeros(1)
        self.found["longest silence"] = float(gaps.max())
        self.found["spread of silences"] = float(gaps.std())
        self._changes()
        self._seats()
        return dict(self.found)

    def _third(self, month: int) -> int:
        return min(THIRDS * (month - int(self.record.first)) // self.months, THIRDS - 1)

    def _counted(self) -> list[str]:
        """The names of all numbers that may stay at nought."""
        thirds, rungs = range(1, THIRDS + 1), range(1, len(self.world.rungs))
        names = [self.world.names[k] for k in self.heads]
        pairs = [f"{self.world.names[i]} and {self.world.names[j]}" for i, j in self.pairs]
        return [
            *(f"{what}, third {t}" for what in _ASKED.values() for t in thirds),
            *(f"{what} {at}" for what in ("sought", "granted") for at in rungs),
            *(f"{what}, third {t}" for what in ("granted", "flips", "seats") for t in thirds),
            "carried", "known", "with the winner", "with the mover", "divided", "losing side",
            "judges", "judges for it", "named beside", "most named beside", "once together",
            "the same two again", "others seated",
            *(f"{name} {what}" for name in names for what in (
                "asks", "is asked against", "is sought", "is granted", "stands", "stands to win",
                "judges mildly", "judges")),
            *(f"{pair} {what}" for pair in pairs for what in ("together", "apart")),
        ]  # fmt: skip

    def _asked(self, row: Any, likely: bool) -> None:
        found, weight, name = self.found, float(row["weight"]), self.world.names
        third = self._third(int(row["month"])) + 1
        mover, target = int(row["mover"]), int(row["target"])
        found[f"{_ASKED[KINDS[row['kind']]]}, third {third}"] += weight
        for who, what in ((mover, "asks"), (target, "is asked against")):
            if who in self.heads:
                found[f"{name[who]} {what}"] += weight
        if self.stood[min(mover, target), max(mover, target)].count(1):
            found["once together"] += weight
        if row["kind"] == _DEBATE:
            self._stand(row, weight, likely)
        self._sought(row, weight, third)
        self._judged(row, weight)

    def _stand(self, row: Any, weight: float, likely: bool) -> None:
        found, carried = self.found, int(row["carried"])
        side = np.array(row["position"], np.int64)
        named = side != UNKNOWN
        found["known"] += weight * named.sum()
        found["with the mover"] += weight * (side == 1).sum()
        found["carried"] += weight * (carried == 1)
        side[row["mover"]], side[row["target"]] = 1, 0
        if carried != UNKNOWN:
            losers = int((side == 1 - carried).sum())
            found["with the winner"] += weight * (named & (side == carried)).sum()
            found["losing side"] += weight * losers
            found["divided"] += weight * (losers > 1)
        for k in self.heads:
            if side[k] != UNKNOWN:
                found[f"{self.world.names[k]} stands"] += weight
                found[f"{self.world.names[k]} stands to win"] += weight * (side[k] == carried)
        self._together(side, weight, likely)

    def _together(self, side: Any, weight: float, likely: bool) -> None:
        known = np.flatnonzero(side != UNKNOWN)
        for i, j in combinations(known.tolist(), 2):
            same = int(side[i] == side[j])
            if likely:
                self.stood[i, j].append(same)
            if i in self.heads and j in self.heads:
                pair = f"{self.world.names[i]} and {self.world.names[j]}"
                self.found[f"{pair} {'together' if same else 'apart'}"] += weight

    def _sought(self, row: Any, weight: float, third: int) -> None:
        found, rung, granted = self.found, int(row["rung"]), int(row["judged"])
        if rung in (UNKNOWN, CLEAR):
            return
        found[f"sought {rung}"] += weight
        lost = row["kind"] == _DEBATE and row["carried"] == 0
        struck = {int(row["mover"] if lost else row["target"]): rung}
        beside = {int(k): int(row["named"][k]) for k in np.flatnonzero(row["named"])}
        found["named beside"] += weight * len(beside)
        found["most named beside"] = max(found["most named beside"], float(len(beside)))
        if granted == 1:
            found[f"granted {rung}"] += weight
            found[f"granted, third {third}"] += weight * (1 + len(beside))
        for who, sought in (struck | beside).items():
            if who not in self.heads:
                continue
            name = self.world.names[who]
            found[f"{name} is sought"] += weight
            if granted == 1:
                found[f"{name} is granted"] += weight
                if self.world.losses.seat <= sought <= self.world.losses.party:
                    when = (int(row["month"]) - int(self.record.first)) / self.months
                    found[f"{name} removed at"] = min(found[f"{name} removed at"], when)

    def _judged(self, row: Any, weight: float) -> None:
        side = row["judge"]
        known = np.flatnonzero(side != UNKNOWN)
        self.found["judges"] += weight * len(known)
        self.found["judges for it"] += weight * float((side[known] == 1).sum())
        for k in known:
            if k in self.heads:
                self.found[f"{self.world.names[k]} judges"] += weight
                self.found[f"{self.world.names[k]} judges mildly"] += weight * (side[k] == 0)

    def _changes(self) -> None:
        """Times at which two men stood otherwise to each other than the last time, by thirds."""
        for stood in self.stood.values():
            for place in range(1, len(stood)):
                if stood[place] != stood[place - 1]:
                    third = THIRDS * place // len(stood) + 1
                    self.found[f"flips, third {third}"] += 1.0

    def _seats(self) -> None:
        for row in self.record.seats:
            known = [k for k in row["slots"] if k != NOBODY]
            self.found["others seated"] += float(row["others"])
            third = self._third(int(row["month"])) + 1
            self.found[f"seats, third {third}"] += len(known) + int(row["others"])
