"""The record of one run: what happened as data, as tables and as a chronicle to be read.

All of it is made from the run's entries, so the two drivers, which write the same entries, are
told in the same words.
"""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.months import month_key, month_name
from politburo_sim.record import measures, words
from politburo_sim.record.annalist import Annalist
from politburo_sim.rules.platform import PLATFORMS
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    ALLY_TARGETS,
    CONTESTS,
    DESERTIONS,
    EXPELLED,
    FLIPS,
    NOBODY,
    PERSONNEL,
    RECANTED,
    REMOVED,
    ROLL_CALLS,
    RUNGS,
    STRIKES,
    Body,
    Floats,
)
from politburo_sim.worlds.world import World

STANDINGS = ("not admitted", "candidate", "full member", "out of the body", "dead")
KINDS = (
    "event", "question raised", "question dropped", "roll call", "personnel roll call",
    "sanction", "post", "seat", "strike", "recantation", "departure", "sole rule", "proposal",
    "desertion",
)  # fmt: skip
WIDTH = 88


@dataclass(frozen=True, eq=False)
class Record:
    """One finished history of a world.

    Parameters
    ----------
    world, seed
        What was run.
    entries, ballots
        The journal's rows [L, 8] and everybody's votes [B, N].
    body
        The state at the end.
    shares
        Power shares at the end of each month [T, N], or None where they were not kept.
    months
        Months run.
    """

    world: World
    seed: int
    entries: Floats
    ballots: NDArray[np.int8]
    body: Body
    shares: Floats | None
    months: int

    def __repr__(self) -> str:
        return f"Record({self.world.scenario.name!r}, seed {self.seed}, {self.months} months)"

    @cached_property
    def _rows(self) -> list[words.Entry]:
        return words.read(self.entries)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Everybody's name, newcomers called after the seat that they first took."""
        return words.people(self.world, self._rows)

    def date(self, month: int) -> str:
        """Return the month of that number as "1923-04"."""
        return month_key(self.world.start, month)

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
            for row in self._rows
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
                return {"event": told.id, "text": told.text, "took_place": row.x == 1.0,
                        "intervention": told.intervention}  # fmt: skip
            case j.RAISED:
                return {"platform": PLATFORMS[row.what], "moved": row.x, "bond": row.y}
            case j.DROPPED:
                return {"expected": row.x}
            case j.ROLL_CALL:
                return {"carried": row.what == 1, "tally": row.x, "expected": row.z}
            case j.ACCOUNT:
                return {"carried": row.what == 1, "tally": row.x, "rung": RUNGS[int(row.z)]}
            case j.SANCTION | j.STRUCK:
                return {"rung": RUNGS[row.what]}
            case j.POST:
                return {"office": self.world.offices[row.what]}
            case j.SEATED:
                patron = self._name(int(row.y)) if row.x else None
                return {"seat": row.what + 1, "patron": patron}
            case j.RECANT:
                return {"moved": row.x}
            case j.BEREFT:
                return {"standing": STANDINGS[row.what]}
            case j.RULES:
                return {"share": row.x}
            case j.PROPOSED:
                return {"part": row.what, "carried": row.x == 1.0, "tally": row.y}
        return {}

    @cached_property
    def chronicle(self) -> list[tuple[str, list[str]]]:
        """The history in sentences, by month; months without anything are left out."""
        annalist = Annalist(self.world, self.names, self.ballots)
        months = {0: annalist.opening()}
        for story in words.episodes(self._rows):
            told = annalist.tell(story)
            if told:
                months.setdefault(story[0].month, []).extend(told)
        return [(month_name(self.world.start, month), told) for month, told in months.items()]

    def prose(self) -> str:
        """Return the chronicle as text to be read: a heading a year, a paragraph a month."""
        lines: list[str] = []
        last = ""
        for date, told in self.chronicle:
            month, year = date.split()
            if year != last:
                lines += ([""] if lines else []) + [year]
                last = year
            paragraph = f"{month}. {' '.join(told)}"
            lines.append(
                textwrap.fill(paragraph, WIDTH, initial_indent="  ", subsequent_indent="    ",
                              break_long_words=False, break_on_hyphens=False)
            )  # fmt: skip
        return "\n".join(lines) + "\n"

    def roll_calls(self) -> pd.DataFrame:
        """Return one row for each roll call, with everybody's vote."""
        voters = [int(k) for k in np.flatnonzero((self.ballots >= 0).any(axis=0))]
        rows = []
        platform = ""
        for row in self._rows:
            if row.kind == j.RAISED:
                platform = PLATFORMS[row.what]
            if row.kind not in (j.ROLL_CALL, j.ACCOUNT):
                continue
            personnel = row.kind == j.ACCOUNT
            rows.append({
                "month": self.date(row.month), "kind": "personnel" if personnel else "policy",
                "mover": self.names[row.who], "target": self.names[row.whom],
                "motion": RUNGS[int(row.z)] if personnel else platform,
                "carried": row.what == 1, "tally": row.x,
                **{self.names[k]: self._vote(int(row.y), k) for k in voters},
            })  # fmt: skip
        head = ["month", "kind", "mover", "target", "motion", "carried", "tally"]
        return pd.DataFrame(rows, columns=[*head, *(self.names[k] for k in voters)])

    def _vote(self, ballot: int, slot: int) -> str:
        if not 0 <= ballot < len(self.ballots):
            return "-"
        return {1: "yes", 0: "no"}.get(int(self.ballots[ballot, slot]), "-")

    def power_table(self) -> pd.DataFrame:
        """Return the closing table: standing, rung, offices, base and power, strongest first."""
        body = self.body
        known = [k for k in range(len(self.names)) if body.ident[k] != 0]
        known.sort(key=lambda k: (-float(body.share[k]), -int(body.status[k] == 2), k))
        index = dict(zip(known, measures.power_indices(body.share[known])[0], strict=True))
        rows = [
            {
                "member": self.names[k], "standing": self._standing(k),
                "rung": RUNGS[int(body.rung[k])], "offices": ", ".join(self._offices(k)),
                "base": float(body.bases[k]), "power share": float(body.share[k]),
                "Shapley-Shubik index": float(index[k]),
            }
            for k in known
        ]  # fmt: skip
        return pd.DataFrame(
            rows, columns=["member", "standing", "rung", "offices", "base", "power share",
                           "Shapley-Shubik index"],
        )  # fmt: skip

    def _standing(self, slot: int) -> str:
        if self.body.rung[slot] == EXPELLED:
            return RUNGS[EXPELLED]
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
        for row in self._rows:
            if row.kind == j.SANCTION and row.what >= rung and row.who not in seen:
                seen.add(row.who)
                fallen.append({"member": self.names[row.who], "month": self.date(row.month),
                               "rung": RUNGS[row.what]})  # fmt: skip
        return fallen

    def outcome(self) -> dict[str, Any]:
        """Return what became of the body, as plain data."""
        count = self.body.count
        ruler = next((row for row in self._rows if row.kind == j.RULES), None)
        partners = measures.partner_to_victim_rate(self)
        shares = {
            name: round(float(share), 6)
            for name, share in zip(self.names, self.body.share, strict=True) if share > 0
        }  # fmt: skip
        return {
            "scenario": self.world.scenario.name, "seed": int(self.seed), "months": self.months,
            "removals": self._fallen(REMOVED), "expulsions": self._fallen(EXPELLED),
            "established": None if ruler is None else {
                "member": self.names[ruler.who], "month": self.date(ruler.month),
            },
            "shares": shares,
            "switches": {
                "allies_turned_targets": int(count[ALLY_TARGETS]), "flips": int(count[FLIPS]),
                "desertions": int(count[DESERTIONS]), "recantations": int(count[RECANTED]),
                "partner_to_victim": None if math.isnan(partners) else partners,
            },
            "contests": int(count[CONTESTS]), "roll_calls": int(count[ROLL_CALLS]),
            "personnel_roll_calls": int(count[PERSONNEL]), "strikes": int(count[STRIKES]),
        }  # fmt: skip
