"""The record of one run: what happened as data, as tables and as a chronicle to be read.

All of it is made from the run's entries, so the two drivers, which write the same entries, are
told in the same words.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.months import month_key, month_name
from politburo_sim.record import measures, words
from politburo_sim.record.annalist import Annalist
from politburo_sim.record.ledger import Ledger
from politburo_sim.record.summary import Head
from politburo_sim.state import journal as j
from politburo_sim.state.body import COUNTERS, NOBODY, Body, Floats
from politburo_sim.worlds.world import World

STANDINGS = ("not admitted", "candidate", "full member", "out of the body", "dead")
KINDS = (
    "event", "coalition formed", "coalition turned", "coalition taken over", "coalition joined",
    "crossed", "coalition left", "coalition ended", "policy adopted", "division", "offence",
    "recantation", "demand", "appeal", "sanction", "post", "seat", "strike", "departure",
    "patron", "sole rule", "proposal", "stand on the floor", "demotion",
)  # fmt: skip
AIMS = ("against a man", "for a policy", "in defence")
WIDTH = 88
#: So many sentences make a paragraph, at least.
PARAGRAPH = 5
_QUIET = (
    "Nothing is decided in the {body}, and nobody falls.",
    "No question comes up, and nobody moves against anybody.",
    "The {body} stays as it is.",
)


@dataclass(frozen=True, eq=False)
class Record:
    """One finished history of a world.

    Parameters
    ----------
    world, seed
        What was run.
    entries, ballots
        The journal's rows [L], of `state.journal.ENTRY`, and everybody's votes [B, N].
    body
        The state at the end.
    shares
        Power shares at the end of each month [T, N], or None where they were not kept.
    months
        Months run.
    """

    world: World
    seed: int
    entries: NDArray[Any]
    ballots: NDArray[np.int8]
    body: Body
    shares: Floats | None
    months: int

    def __repr__(self) -> str:
        return f"Record({self.world.scenario.name!r}, seed {self.seed}, {self.months} months)"

    @cached_property
    def rows(self) -> list[words.Entry]:
        """The journal's rows as plain values."""
        return words.read(self.entries)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Everybody's name, newcomers called after whom they follow."""
        return words.people(self.world, self.rows)

    def date(self, month: int) -> str:
        """Return the month of that number as "1923-04"."""
        return month_key(self.world.start, month)

    def heading(self, month: int) -> str:
        """Return the month of that number as "April 1923"."""
        return month_name(self.world.start, month)

    def _name(self, slot: int) -> str | None:
        return None if slot == NOBODY else self.names[slot]

    @cached_property
    def events(self) -> tuple[dict[str, Any], ...]:
        """What happened, in order: month, kind, who, whom, and what the kind of entry adds."""
        return tuple(
            {
                "month": self.date(row.month), "kind": KINDS[row.kind],
                "who": self._name(row.who), "whom": self._named_whom(row), **self._details(row),
            }
            for row in self.rows
        )  # fmt: skip

    def _named_whom(self, row: words.Entry) -> str | None:
        """Return the other person; in a calendar's row he may be an office or a parameter."""
        person = ("question", "bond", "revelation")
        if row.kind == j.EVENT and self.world.events[row.what].kind not in person:
            return None
        return self._name(row.whom)

    def _details(self, row: words.Entry) -> dict[str, Any]:
        """Return what an entry says beyond who and whom."""
        match row.kind:
            case j.EVENT:
                told = self.world.events[row.what]
                return {"event": told.id, "text": told.text, "took_place": row.carried,
                        "intervention": told.intervention}  # fmt: skip
            case j.FORMED | j.TURNED:
                return {"aim": AIMS[row.what], "weight": row.x, **self._sides(row)}
            case j.CROSSED:
                return {"to": self._name(row.what)}
            case j.BROKEN_UP:
                return {"months": int(row.x)}
            case j.ADOPTED:
                return self._policy(row.what, int(row.y), row.x)
            case j.DIVISION:
                return {"carried": row.carried, "tally": row.x,
                        **self._policy(row.what, int(row.z), row.y)}  # fmt: skip
            case j.DEMAND | j.APPEALED:
                return {"carried": row.carried, "tally": row.x, "accused": int(row.y),
                        "rung": self.world.rungs[row.what]}  # fmt: skip
            case j.SANCTION | j.STRUCK:
                return {"rung": self.world.rungs[row.what]}
            case j.POST:
                return {"office": self.world.offices[row.what]}
            case j.SEATED:
                return {"seat": row.what + 1, "patron": self._name(row.whom)}
            case j.TIED:
                return {"before": self._name(row.what)}
            case j.RECANT:
                return {"moved": row.x}
            case j.BEREFT | j.DEMOTED:
                return {"standing": STANDINGS[row.what]}
            case j.STOOD_UP:
                return {"tally": row.x}
            case j.RULES:
                return {"share": row.x, "unrivalled": row.what == 1}
            case j.PROPOSED:
                return {"part": row.what, "carried": row.carried, "tally": row.x}
        return {}

    def _sides(self, row: words.Entry) -> dict[str, str]:
        ours, theirs = Ledger(self.world, self.ballots).sides(row.ballot)
        return {"members": ", ".join(self.names[k] for k in sorted(ours)),
                "defenders": ", ".join(self.names[k] for k in sorted(theirs))}  # fmt: skip

    def _policy(self, question: int, axis: int, place: float) -> dict[str, Any]:
        told = None if question == NOBODY else self.world.questions[question].id
        return {"question": told, "axis": self.world.axes[axis], "place": place}

    @cached_property
    def _head(self) -> Head:
        shares = self.body.share[None, :] if self.shares is None else self.shares
        return Head(self.world, self.names, self.rows, self.ledger, np.asarray(shares), self.months)

    def ledger(self, month: int) -> Ledger:
        """Return who sits and who stands with whom at the end of a month."""
        kept = Ledger(self.world, self.ballots)
        for row in self.rows:
            if row.month <= month:
                kept.note(row)
        return kept

    def summary(self) -> str:
        """Return how it ended and what decided it, in a paragraph."""
        return self._head.summary()

    def cast(self) -> list[str]:
        """Return who the people are, in sentences."""
        return self._head.cast()

    @cached_property
    def chronicle(self) -> list[tuple[str, list[str]]]:
        """The history in sentences, by month; months without anything are left out."""
        annalist = Annalist(self.world, self.names, self.ballots, self.shares, self.body.ideal)
        told = annalist.chronicle(self.rows, self.months)
        return [(self.heading(month), told[month]) for month in sorted(told)]

    def prose(self) -> str:
        """Return the chronicle as text to be read: its head, and a heading for each year."""
        blocks = [self.world.scenario.title, *map(_filled, (self.summary(), *self.cast()))]
        silent: list[int] = []
        quiet = cycle(_QUIET)
        for year, told in self._years():
            if told:
                blocks += [*self._silence(silent, quiet), str(year)]
                blocks += map(_filled, _paragraphs(told))
                silent = []
            else:
                silent.append(year)
        return "\n\n".join([*blocks, *self._silence(silent, quiet)]) + "\n"

    def _years(self) -> list[tuple[int, list[list[str]]]]:
        """Return what each year lived has to tell, by month."""
        first, month = self.world.start
        last = first + (month - 1 + max(0, self.months - 1)) // 12
        told: dict[int, list[list[str]]] = {year: [] for year in range(first, last + 1)}
        for date, sentences in self.chronicle:
            told[int(date.split()[1])].append(sentences)
        return list(told.items())

    def _silence(self, years: list[int], words: Iterator[str]) -> list[str]:
        """Return a heading over years in which nothing at all happened."""
        if not years:
            return []
        span = str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
        return [span, next(words).format(body=self.world.words.body)]

    def roll_calls(self) -> pd.DataFrame:
        """Return one row for each roll call, with everybody's vote."""
        voters = [int(k) for k in np.flatnonzero((self.ballots >= 0).any(axis=0))]
        rows = []
        for row in self.rows:
            if row.kind not in words.ROLL_CALLS:
                continue
            policy = row.kind == j.DIVISION
            rows.append({
                "month": self.date(row.month), "kind": KINDS[row.kind],
                "mover": self.names[row.who], "target": self.names[row.whom],
                "motion": motion_of(self.world, row), "carried": row.carried, "tally": row.x,
                "decided": row.y if policy else math.nan,
                **{self.names[k]: self._vote(row.ballot, k) for k in voters},
            })  # fmt: skip
        head = ["month", "kind", "mover", "target", "motion", "carried", "tally", "decided"]
        return pd.DataFrame(rows, columns=[*head, *(self.names[k] for k in voters)])

    def _vote(self, ballot: int, slot: int) -> str:
        """Return a vote; nothing of who did not vote."""
        if not 0 <= ballot < len(self.ballots):
            return ""
        return {1: "yes", 0: "no"}.get(int(self.ballots[ballot, slot]), "")

    def power_table(self) -> pd.DataFrame:
        """Return the closing table: standing, rung, offices, base and power, strongest first."""
        body = self.body
        known = [k for k in range(len(self.names)) if body.ident[k] != 0]
        known.sort(key=lambda k: (-float(body.share[k]), -int(body.status[k] == 2), k))
        there = [k for k in known if body.share[k] > 0.0]  # whoever has no share turns nothing
        index = dict.fromkeys(known, 0.0)
        index |= dict(zip(there, measures.power_indices(body.share[there])[0], strict=True))
        rows = [
            {
                "member": self.names[k], "standing": self._standing(k),
                "rung": self.world.rungs[int(body.rung[k])], "offices": ", ".join(self._offices(k)),
                "base": float(body.bases[k]), "power share": float(body.share[k]),
                "Shapley-Shubik index": float(index[k]),
            }
            for k in known
        ]  # fmt: skip
        return pd.DataFrame(
            rows, columns=["member", "standing", "rung", "offices", "base", "power share",
                           "Shapley-Shubik index"],
        )  # fmt: skip

    def share_table(self) -> pd.DataFrame:
        """Return everybody's share of power at the end of each month, a row for each; those who
        never have any are left out.
        """
        shares = np.zeros((0, len(self.names))) if self.shares is None else self.shares
        known = [k for k in range(len(self.names)) if (np.asarray(shares)[:, k] > 0).any()]
        table = pd.DataFrame({self.names[k]: np.asarray(shares)[:, k] for k in known})
        table.insert(0, "month", [self.date(month) for month in range(len(table))])
        return table

    def _standing(self, slot: int) -> str:
        last = self.world.losses.party
        if self.body.rung[slot] == last:
            return self.world.rungs[last]
        return STANDINGS[int(self.body.status[slot])]

    def _offices(self, slot: int) -> list[str]:
        held = self.body.office_holder == slot
        return [
            office for place, office in enumerate(self.world.offices)
            if held[place] and self.body.office_open[place] == 1
        ]  # fmt: skip

    def _fallen(self, rung: int) -> list[dict[str, Any]]:
        """Return who first reached a rung or one above it, and when."""
        seen: set[int] = set()
        fallen = []
        for row in self.rows:
            if row.kind == j.SANCTION and row.what >= rung and row.who not in seen:
                seen.add(row.who)
                fallen.append({"member": self.names[row.who], "month": self.date(row.month),
                               "rung": self.world.rungs[row.what]})  # fmt: skip
        return fallen

    def outcome(self) -> dict[str, Any]:
        """Return what became of the body, as plain data."""
        ruler = next((row for row in self.rows if row.kind == j.RULES), None)
        partners = measures.partner_to_victim_rate(self)
        shares = {
            name: round(float(share), 6)
            for name, share in zip(self.names, self.body.share, strict=True) if share > 0
        }  # fmt: skip
        return {
            "scenario": self.world.scenario.name, "seed": int(self.seed), "months": self.months,
            "removals": self._fallen(self.world.losses.seat),
            "expulsions": self._fallen(self.world.losses.party),
            "established": None if ruler is None else {
                "member": self.names[ruler.who], "month": self.date(ruler.month),
            },
            "shares": shares,
            "counts": {name: int(n) for name, n in zip(COUNTERS, self.body.count, strict=False)},
            "partner_to_victim": None if math.isnan(partners) else partners,
        }  # fmt: skip


def motion_of(world: World, row: words.Entry) -> str:
    """Return what a roll call was about: a question, an axis, or a rung."""
    if row.kind != j.DIVISION:
        return world.rungs[row.what]
    if row.what == NOBODY:
        return world.words.axis(world.axes[int(row.z)])
    return world.questions[row.what].title


def _paragraphs(months: list[list[str]]) -> list[str]:
    """Join months until there is enough for a paragraph."""
    made: list[list[str]] = [[]]
    for told in months:
        if len(made[-1]) >= PARAGRAPH:
            made.append([])
        made[-1] += told
    return [" ".join(paragraph) for paragraph in made]


def _filled(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
