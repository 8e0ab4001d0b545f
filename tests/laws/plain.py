"""The formulas of the rules once more, slowly and from their docstrings, on sets and sums.

Nothing here calls a rule: a twin that shared code with what it checks would share its faults.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from politburo_sim.state.body import CANDIDATE, FULL, NOBODY
from politburo_sim.state.parameters import PLACE


def sigma(x: float) -> float:
    return 1 / (1 + math.exp(-max(-700.0, min(700.0, x))))


class Plain:
    """What everybody is and sees, by name of the formula; slots as they are in the body."""

    def __init__(self, body: Any, beta: float | None = None) -> None:
        self.body = body
        self.slots = range(len(body.status))
        self.present = [k for k in self.slots if body.status[k] in (FULL, CANDIDATE)]
        self.speakers = [k for k in self.present if body.capable[k]]
        self.heads = [k for k in self.speakers if body.status[k] == FULL]
        self.beta = self["venue"] if beta is None else beta
        prestige = sum(body.prestige[k] for k in self.speakers)
        self.v = {k: 0.0 for k in self.slots} | {
            k: body.prestige[k] / prestige for k in self.speakers
        }
        self.u = 1 - sum(body.bases[k] for k in self.present)
        self.w = self.votes(lambda k: body.bases[k], self.u)
        self.whole = sum(self.unscaled(lambda k: body.bases[k], self.u).values())
        rate = {k: 0.0 for k in self.slots}
        for office, holder in enumerate(body.office_holder):
            if body.office_open[office] and holder != NOBODY:
                rate[holder] += body.office_rate[office]
        self.rate = rate
        self.R = sum(
            body.office_rate[o] for o in range(len(body.office_rate)) if body.office_open[o]
        )
        n = max(1, len(self.heads))
        self.z = {k: 0.0 for k in self.slots}
        self.h = {k: 0.0 for k in self.slots}
        for k in self.present:
            full = body.status[k] == FULL
            self.h[k] = max(1.0 if full else 0.0, body.clients[k]) / n
            self.z[k] = ((1 / n if full else 0.0) + (rate[k] / self.R if self.R else 0.0)) / 2

    def __getitem__(self, name: str) -> float:
        return float(self.body.par[PLACE[name]])

    def unscaled(self, base: Any, unaligned: float) -> dict[int, float]:
        """Votes, from what is known of the bases; less than one in all where somebody is ill."""
        return {
            k: self.beta * (base(k) + unaligned * self.v[k])
            + ((1 - self.beta) / len(self.heads) if k in self.heads else 0.0)
            for k in self.speakers
        }

    def votes(self, base: Any, unaligned: float) -> dict[int, float]:
        """Shares of the votes."""
        raw = self.unscaled(base, unaligned)
        return {k: 0.0 for k in self.slots} | {k: x / sum(raw.values()) for k, x in raw.items()}

    def seen(self, who: int) -> dict[int, float]:
        """Shares of the votes as one man sees them."""
        hidden = sum(self.body.opacity[who, j] * self.body.bases[j] for j in self.speakers)
        return self.votes(
            lambda j: (1 - self.body.opacity[who, j]) * self.body.bases[j], self.u + hidden
        )

    def p(self, who: int, j: int) -> float:
        """Power of one man as another sees it; his own as it is."""
        eps = 0.0 if who == j else self.body.opacity[who, j]
        return float((self.v[j] + self.h[j] + (1 - eps) * self.body.bases[j]) / 3)

    def d(self, a: Any, b: Any) -> float:
        return float(
            sum(w * abs(x - y) / 2 for w, x, y in zip(self.body.axis_weight, a, b, strict=True))
        )

    @property
    def eta(self) -> float:
        return min(1.0, self["baseline_liability"] + self["unity_liability"] / 2)

    def n(self, k: int) -> float:
        """How near his fall is: thirds of the way from a clear record to removal."""
        return float(min(3, self.body.rung[k] + 1) / 3)

    def win(self, pi: float) -> float:
        return sigma(self["certainty"] * (2 * pi - 1))

    def mates(self, k: int) -> set[int]:
        """His coalition, himself included."""
        c = self.body.coalition[k]
        return {k} | (
            {j for j in self.speakers if self.body.coalition[j] == c} if c != NOBODY else set()
        )


class Contest:
    """One side against another, on the men or on a place on an axis, or a sanction."""

    def __init__(
        self, plain: Plain, one: int, other: int, axis: int | None = None, places: Any = None,
        personal: bool = False, scruple: float = 0.0,
    ) -> None:  # fmt: skip
        self.plain, self.one, self.other = plain, one, other
        self.axis, self.places, self.personal, self.scruple = axis, places, personal, scruple
        self.ours, self.theirs = plain.mates(one), plain.mates(other)
        if self.ours & self.theirs:
            self.ours, self.theirs = {one}, {other}
        self.newcomers = 0.0  # what a man who joins our side brings to it

    def weight(self, side: set[int]) -> float:
        return sum(self.plain.w[k] for k in side) + self.newcomers * (side is self.ours)

    def prize(self, side: set[int], leader: int) -> float:
        near = {k: self.plain.z[k] * self.plain.n(k) for k in side | {leader}}
        rest = sum(near[k] for k in side if k != leader)
        return near[leader] + 0.5 * self.plain["slates"] * rest

    def part(self, k: int, side: set[int], standing: str) -> float:
        """His part of the spoils of a side."""
        p, weight = self.plain, self.weight(side)
        part = p.w[k] / (max(weight, p.w[k]) + p["openness"] * max(0.0, 0.5 - weight))
        return float(part * (1.0 if standing == "member" else p["openness"]))

    def nearer(self, k: int) -> float:
        body = self.plain.body
        if self.axis is None:
            return self.plain.d(self.plain.body.ideal[k], body.stance[self.other]) - self.plain.d(
                self.plain.body.ideal[k], body.stance[self.one]
            )
        axes = sum(1 for w in body.axis_weight if w > 0)
        mine, (here, there) = self.plain.body.ideal[k, self.axis], self.places
        return float(
            axes * body.axis_weight[self.axis] * (abs(mine - there) - abs(mine - here)) / 2
        )

    def warm(self, k: int, leader: int, side: set[int]) -> float:
        if k == leader:
            return 0.0
        rest = [j for j in side if j != k]
        mass = sum(self.plain.w[j] for j in rest)
        return float(sum(self.plain.w[j] * self.plain.body.bond[k, j] for j in rest) / mass)

    def exposure(self, k: int, leader: int, member: bool) -> float:
        if k == leader:
            return 1.0
        chance = self.plain["signatories"] * min(1.0, self.plain.v[k] / self.plain.v[leader])
        return chance if member else self.plain["baseline_liability"] * chance

    def favour(self, k: int) -> float:
        patron = int(self.plain.body.patron[k])
        if patron not in self.plain.present:
            return 0.0
        sign = (patron in self.ours) - (patron in self.theirs)
        return sign * self.plain.p(k, patron)

    def feared(self, k: int) -> tuple[float, float, float]:
        """Power of the strongest but himself and his patron: now, after victory, after defeat."""
        p = self.plain
        others = [j for j in p.present if j not in (k, p.body.patron[k])]

        def after(victors: set[int], fallen: int) -> float:
            spoils = {j: p.z[fallen] * min(1.0, p.w[j] / self.weight(victors)) for j in victors}
            return max((p.p(k, j) + spoils.get(j, 0.0) for j in others if j != fallen), default=0.0)

        now = max((p.p(k, j) for j in others), default=0.0)
        return now, after(self.ours, self.other), after(self.theirs, self.one)

    def V(self, k: int, pi: float, with_us: str, with_them: str) -> float:
        """with_us: "member" or "voter"; with_them: "member", "voter" or "out"."""
        p, body = self.plain, self.plain.body
        o, loyalty = body.opportunism[k], body.loyalty[k]
        q = p.p(k, k)
        warm = self.warm(k, self.one, self.ours) - self.warm(k, self.other, self.theirs)
        s = (1 - o) * (
            p["conviction"] * self.nearer(k) + p["friendship"] * warm - self.scruple
        ) + o * p["interest"] * p["favour"] * self.favour(k)
        now, won, lost = self.feared(k)
        hope = p["balance"] * q * (now - won) * p.n(self.other)
        hope += self.prize(self.theirs, self.other) * self.part(k, self.ours, with_us)
        if with_them != "out":
            hope += self.exposure(k, self.other, with_them == "member") * q * p.n(k)
        dread = 0.0
        if not self.personal:
            dread += self.exposure(k, self.one, with_us == "member") * q * p.n(k)
            dread += p["balance"] * q * (now - lost) * p.n(self.one)
            if with_them != "out":
                dread += self.prize(self.ours, self.one) * self.part(k, self.theirs, with_them)
        scale = o * p["interest"] * p.eta
        P = p.win(pi)
        line = loyalty * p["unity_bandwagon"] * p["conformity"] * (2 * pi - 1)
        return float(s + P * scale * hope - (1 - P) * scale * dread + line)


def drawn(p: Plain, k: int, j: int) -> float:
    """u_k(j): how a man is drawn to another."""
    body, o = p.body, p.body.opportunism[k]
    cue = p["favour"] * p.p(k, j) if body.patron[k] == j else 0.0
    return float(
        (1 - o)
        * (p["friendship"] * body.bond[k, j] - p["conviction"] * p.d(body.ideal[k], body.stance[j]))
        + o * p["interest"] * (cue - p.eta * p["balance"] * p.n(j) * p.p(k, j) / 2)
    )


def stay(p: Plain, i: int, gone: int | None = None) -> float:
    """S_i: the chance of i to stay, with everybody or with one man gone."""
    seen = p.seen(i)
    rest = [k for k in p.speakers if k != gone]
    whole = 1.0 if gone is None else max(0.05, sum(seen[k] for k in rest))
    chance = 1.0
    for j in p.heads:
        if j in (i, gone):
            continue
        got = seen[j] + sum(
            seen[k] * sigma((drawn(p, k, j) - drawn(p, k, i)) / p["temperature"])
            for k in rest if k not in (i, j)
        )  # fmt: skip
        chance *= 1 - p.eta * p.win(got / whole)
    return chance


def caucus(p: Plain, lean: dict[int, float]) -> dict[int, float]:
    """pi: what everybody expects from everybody's lean, bases seen through opacity."""
    body = p.body
    mean = sum(p.v[k] * lean[k] for k in p.speakers)
    expected = {}
    for k in p.speakers:
        hidden = sum(
            body.opacity[k, j] * body.bases[j] * (mean - lean[j]) for j in p.speakers if j != k
        )
        open_tally = sum(p.w[j] * lean[j] for j in p.speakers)
        expected[k] = open_tally + p.beta * hidden / p.whole
    return {k: float(np.clip(x, 0, 1)) for k, x in expected.items()}
