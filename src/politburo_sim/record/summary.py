"""The head of a chronicle: how it ended and what decided it, and who the people are.

All of it is computed from the entries, the ledger that they leave and the shares of power month by
month; nothing is judged by who the members are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from politburo_sim.months import month_name
from politburo_sim.record.ledger import Ledger
from politburo_sim.record.words import (
    Entry,
    are,
    common_words,
    does,
    inner,
    listed,
    number,
    of,
    percent,
    sentence,
)
from politburo_sim.rules.power import ESTABLISHED
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    CANDIDATE,
    FULL,
    NOBODY,
    Floats,
)
from politburo_sim.worlds.calendar import EventRow
from politburo_sim.worlds.schema import Congress
from politburo_sim.worlds.world import World

#: So many leaps of the leader's share are told, each of so much at least; shares that lie within
#: so much are even.
LEAPS, LEAP, EVEN = 3, 0.05, 0.02
#: A rule of one is that of who has more than this.
HALF = 0.5
#: Who led for so many months before another did is named.
LONG = 12
#: The part of the other heads that makes "everybody joins", and of those there were that makes
#: "elimination".
MOST = 0.5


@dataclass(frozen=True)
class Head:
    """What a chronicle's head is made from; shares [T, N], or only the last month's, [1, N]."""

    world: World
    names: Sequence[str]
    rows: Sequence[Entry]
    ledger_at: Callable[[int], Ledger]
    shares: Floats
    months: int

    # How it ended.

    def summary(self) -> str:
        """Return how it ended, by which road, and what decided it."""
        if not self.months or not self.shares.size or not self.shares[-1].max() > 0:
            return "Nothing has happened yet."
        last = self.shares[-1]
        leader = int(np.argmax(last))
        first, *end = self._end(leader, last)
        way = [*self._road(leader), *self._leaps(leader)]
        lasts = any(row.who == leader for row in self._rules()[-1:])
        told = [first, *way, *end] if lasts else [first, *end, *way]
        return " ".join(sentence(text) for text in told)

    def _rules(self) -> list[Entry]:
        """Return by whom, and when, a rule of one was established."""
        return [row for row in self.rows if row.kind == j.RULES and row.what == 0]

    def _date(self, month: int) -> str:
        return month_name(self.world.start, month)

    def _end(self, leader: int, last: Floats) -> list[str]:
        name, date = self.names[leader], self._date(self.months - 1)
        rules = self._rules()
        held = percent(float(last[leader]))
        rivals = [int(k) for k in np.argsort(-last, kind="stable") if k != leader and last[k] > 0]
        if not rules:
            if np.ptp(last[last > 0]) < EVEN:
                return [f"nobody comes to rule alone: in {date} power is as evenly spread as ever"]
            if not rivals:
                return [f"only {name} is left"]
            behind = listed(f"{self.names[k]} with {percent(float(last[k]))}" for k in rivals[:2])
            first = f"in {date} {name} is the strongest with {held} of the power"
            return ["nobody comes to rule alone", f"{first}, before {behind}"]
        ruler = rules[-1]
        since = self._date(ruler.month)
        first = f"{self.names[ruler.who]} comes to rule alone: by {since} more than half of all "
        first += "power has been in one hand for twelve months"
        if ruler.who != leader:
            return [first, f"it does not last: in {date} {name} is the strongest, with {held}"]
        end = f"in {date}, where this account ends, {name} holds {held}"
        return [f"{first}{self._lost(ruler)}", end]

    def _lost(self, ruler: Entry) -> str:
        """Say for how long the ruler has not more than half of the power after all, if ever."""
        share = self.shares[ruler.month + 1 :, ruler.who]
        below = int((share <= HALF).sum())
        if not below:
            return ""
        least = int(share.argmin())
        months = "one month" if below == 1 else f"{number(below)} months"
        return (
            f"; later it is half or less for {months}, with {percent(float(share[least]))} in "
            f"{self._date(ruler.month + 1 + least)}"
        )

    def _road(self, leader: int) -> list[str]:
        """Say who fell and who joined until one had more than half of the power, or until the end.

        What falls after that is what the rule does, not what led to it.
        """
        rule = next((r for r in self._rules() if r.who == leader), None)
        until = self.months - 1 if rule is None else max(0, rule.month - ESTABLISHED + 1)
        ledger = self.ledger_at(until)
        if any(row.kind == j.PROPOSED for row in self.rows):
            return self._game(ledger)
        gone = [row for row in ledger.fallen.values() if row.who != leader]
        since = self.ledger_at(self.months - 1).fallen.keys() - ledger.fallen.keys() - {leader}
        yet = "until then " if since and not gone else ""
        others = ledger.full - {leader}
        joined = ledger.followers(leader)
        fell = listed(self._dated(gone)) if gone else "nobody"
        some = number(len(joined)) if joined else "none"
        with_him = self._with(leader, len(others), len(joined), some)
        if rule is None:
            lost = "their seats" if len(gone) > 1 else "the seat" if gone else "a seat"
            return [f"on the way {fell} {does(gone or [0], 'lose')} {lost}"]
        eliminates = len(gone) >= MOST * max(1, len(gone) + len(others))
        joins = len(joined) >= MOST * max(1, len(others))
        match (eliminates or len(gone) > 1, joins):
            case (True, True):
                road = f"two things lead there: {fell} {are(gone)} removed, and {with_him}"
            case (True, False):
                road = f"the road is elimination: {fell} {are(gone)} removed, while {with_him}"
            case (False, True):
                road = (
                    f"the road is that of joining the strongest: {with_him}, and "
                    f"{yet}{fell} is removed"
                )
            case _:
                road = f"{yet}{fell} is removed, and {with_him}"
                if not gone:
                    road = f"neither purge nor common consent leads there: {road}"
        return [road]

    def _with(self, leader: int, others: int, joined: int, some: str) -> str:
        """Say how many of the others stand with a man."""
        name = self.names[leader]
        if not others:
            return "nobody else has a full seat then"
        if others == 1:
            verb = "then stands" if joined else "does not stand"
            return f"the one other with a full seat {verb} with {name}"
        verb = "stand" if joined > 1 else "stands"
        return f"of the {number(others)} others with full seats {some} then {verb} with {name}"

    def _game(self, ledger: Ledger) -> list[str]:
        left = [self.names[k] for k in sorted(ledger.full)]
        out = [self.names[k] for k in ledger.fallen]
        if not out:
            return ["all go on together"]
        return [f"{listed(out)} {are(out)} voted out; {listed(left)} {does(left, 'go')} on"]

    def _dated(self, entries: Sequence[Entry]) -> list[str]:
        return [f"{self.names[e.who]} ({self._date(e.month)})" for e in entries]

    def _leaps(self, leader: int) -> list[str]:
        """Say in which months the leader's share grew most, and with what."""
        last = self.shares[-1]
        if len(self.shares) < 2 or np.ptp(last[last > 0]) < EVEN:
            return []
        told = []
        first = [int(np.argmax(share)) for share in self.shares]
        before = next((m for m in range(len(first) - 1, -1, -1) if first[m] != leader), NOBODY)
        since = before
        while since > 0 and first[since - 1] == first[before]:
            since -= 1
        if before - since + 1 >= LONG:
            spell = f"from {self._date(since)} to" if since else "until"
            height = float(self.shares[since : before + 1, first[before]].max())
            told.append(
                f"{spell} {self._date(before)} {self.names[first[before]]} is the strongest, with "
                f"{percent(height)} at the height"
            )
        grown = [
            (float(two[leader] - one[leader]), month + 1)
            for month, (one, two) in enumerate(pairwise(self.shares))
        ]
        leaps = [month for size, month in sorted(grown, reverse=True) if size >= LEAP]
        if leaps:
            parts = []
            for month in sorted(leaps[:LEAPS]):
                cause = self._cause(month, leader)
                when = f", when {cause}" if cause else ""
                parts.append(f"in {self._date(month)}{when} ({self._rise(month, leader)})")
            leap = "leap" if len(leaps) == 1 else "leaps"
            leap = f"greatest {leap}" if len(leaps) > LEAPS else leap
            told.append(f"{of(self.names[leader])} share makes its {leap} {'; '.join(parts)}")
        return told

    def _rise(self, month: int, who: int) -> str:
        before, after = self.shares[month - 1, who], self.shares[month, who]
        return f"from {percent(float(before)).removesuffix(' per cent')} to {percent(float(after))}"

    def _cause(self, month: int, leader: int) -> str:
        """Return what happened in a month, the weightiest two things, as clauses; or nothing."""
        rows = [row for row in self.rows if row.month == month]
        common, lost = common_words(self.world), self.world.losses
        found: list[str] = []
        for rung in range(lost.party, lost.posts - 1, -1):
            hit = [self.names[r.who] for r in rows if r.kind == j.SANCTION and r.what == rung]
            if hit:
                found.append(f"{listed(hit)} {are(hit)} {self.world.ladder[rung - 1].done}")
        own = [self.names[r.who] for r in rows if r.kind == j.SEATED and r.whom == leader]
        others = [self.names[r.who] for r in rows if r.kind == j.SEATED and r.whom != leader]
        if own:
            found.append(f"{_seats(own)} by the favour of {self.names[leader]}")
        found += [
            inner(self.world.events[r.what].text, common) for r in rows
            if r.kind == j.EVENT and r.carried and self._counts(self.world.events[r.what])
        ]  # fmt: skip
        if others:
            found.append(_seats(others))
        tied = [self.names[r.who] for r in rows if r.kind == j.TIED and r.whom == leader]
        if tied:
            found.append(f"{listed(tied)} {does(tied, 'become')} {of(self.names[leader])} client"
                         f"{'' if len(tied) == 1 else 's'}")  # fmt: skip
        return " and ".join(found[:2])

    def _counts(self, row: EventRow) -> bool:
        """Whether an event can move shares by itself: who goes, or a new Committee."""
        if row.kind != "congress":
            return row.kind in ("death", "exit")
        event = next(one for one in self.world.scenario.events if one.id == row.id)
        return isinstance(event, Congress) and event.amount > 0.0

    # Who they are.

    def cast(self) -> list[str]:
        """Return the people of a history: offices at the start, and what became of them."""
        body, words = self.world.body, self.world.words
        full = f"{'Full members' if words.has_candidates else 'Members'} of the {words.body}"
        told = []
        for status, kind in ((FULL, full), (CANDIDATE, words.said(words.candidates))):
            some = [int(k) for k in np.flatnonzero(body.status == status)]
            some.sort(key=lambda k: (-float(body.prestige[k]), k))
            if some:
                people = "; ".join(self._person(k) for k in some)
                told.append(f"{kind} in {self._date(0)}: {people}.")
        arrivals = self._arrivals()
        later = [k for k in arrivals if body.status[k] not in (FULL, CANDIDATE)]
        if later:
            since = "; ".join(self._person(k, arrivals[k]) for k in later)
            told.append(f"Later: {since}.")
        lent = [
            self.names[k] for k in later
            if k >= self.world.members and self.names[k] in words.newcomers
        ]  # fmt: skip
        if lent:
            names = "the name" if len(lent) == 1 else "the names"
            told.append(f"Of {listed(lent)} only {names} {are(lent)} from the world's list; views "
                        "and ties of newcomers are drawn by the rules.")  # fmt: skip
        return told

    def _arrivals(self) -> dict[int, int]:
        """Return who came in after the first day, and in which month."""
        found: dict[int, int] = {}
        for row in self.rows:
            admitted = row.kind == j.EVENT and self.world.events[row.what].kind == "admission"
            if row.kind == j.SEATED or (admitted and row.carried):
                found.setdefault(row.who, row.month)
        return found

    def _person(self, who: int, since: int | None = None) -> str:
        words, body = self.world.words, self.world.body
        held = [
            words.holder(office) for place, office in enumerate(self.world.offices)
            if body.office_holder[place] == who
        ]  # fmt: skip
        said = [self.names[who]]
        said += [f", who {listed(held)}"] if held else []
        said += [f", from {self._date(since)}"] if since is not None else []
        fate = self._fate(who)
        return "".join(said) + (f" ({fate})" if fate else "")

    def _fate(self, who: int) -> str:
        """Return what took a man out of the body, if something did."""
        fates = []
        for row in self.rows:
            if row.who != who:
                continue
            if row.kind == j.SANCTION and row.what >= self.world.losses.seat:
                rung = self.world.rungs[row.what].replace("-", " ", 1)  # one word: "not-re-elected"
                fates.append(f"{rung} {self._date(row.month)}")
            elif row.kind == j.DEMOTED:
                fate = "made a candidate" if row.what == CANDIDATE else "not elected again"
                fates.append(f"{fate} {self._date(row.month)}")
            elif row.kind == j.BEREFT:
                died = any(
                    r.kind == j.EVENT and r.month == row.month and r.who == who
                    and self.world.events[r.what].kind == "death" for r in self.rows
                )  # fmt: skip
                fates.append(f"{'dies' if died else 'leaves'} {self._date(row.month)}")
        return ", ".join(fates)


def _seats(who: Sequence[str]) -> str:
    """Return that some get seats, as a clause."""
    return f"{listed(who)} {does(who, 'get')} {'a full seat' if len(who) == 1 else 'full seats'}"
