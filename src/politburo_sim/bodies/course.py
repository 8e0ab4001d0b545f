"""The course of a ruling body in one form, whether a record tells it or a run, and its patterns.

Months are counted from the opening of the course. A *blow* is a month in which somebody loses a
full seat by politics; a *decisive* vote is one held in such a month.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

MONTHS = 12
#: Years in the seat at which a band begins; the last one is open.
BANDS = (0, 2, 5)
#: So many in one month are a batch worth counting.
MANY = 4
NEVER = math.inf
#: Ends of a spell in the Politburo's record that were removals by politics.
POLITICS = ("removed", "not_re-elected", "expelled", "arrested", "demoted")


@dataclass(frozen=True)
class Spell:
    """One tenure of a full seat.

    Parameters
    ----------
    member
        Who.
    start, end
        Months; a founder's clock starts at 0, and `end` is `NEVER` for who is seated at the close.
    removed
        Whether the end was a removal by politics.
    unclear
        Whether it may have been one.
    """

    member: str
    start: int
    end: float
    removed: bool
    unclear: bool = False


@dataclass(frozen=True)
class Vote:
    """A vote and the full members known on its two sides."""

    month: int
    yes: frozenset[str]
    no: frozenset[str]


@dataclass(frozen=True)
class Course:
    """What became of a body: so many months, its chief at the opening or None, spells, votes."""

    months: int
    chief: str | None
    spells: tuple[Spell, ...]
    votes: tuple[Vote, ...] = ()

    def founders(self) -> list[Spell]:
        """Return the spells of those seated at the opening."""
        return [spell for spell in self.spells if spell.start == 0]

    def removals(self) -> list[Spell]:
        """Return the spells that ended by politics within the course, in order."""
        gone = (s for s in self.spells if s.removed and s.end < self.months)
        return sorted(gone, key=lambda spell: (spell.end, spell.member))

    def blows(self) -> dict[int, set[str]]:
        """Return who lost a seat by politics in each month in which somebody did."""
        found: dict[int, set[str]] = {}
        for spell in self.removals():
            found.setdefault(int(spell.end), set()).add(spell.member)
        return found

    def lost(self, member: str, months: int, unclear: bool = False) -> bool | None:
        """Whether a founder lost his seat by politics within so many months.

        None where he was none. `unclear`: whether an unclear end counts.
        """
        spell = next((s for s in self.founders() if s.member == member), None)
        if spell is None:
            return None
        return (spell.removed or (unclear and spell.unclear)) and spell.end <= months


def exposure(spells: Iterable[Spell], months: int, low: float, high: float) -> float:
    """Return the member-years spent between two numbers of years in the seat."""
    total = 0.0
    for spell in spells:
        first = spell.start + low * MONTHS
        last = min(spell.end, months, spell.start + high * MONTHS)
        total += max(0.0, last - first)
    return total / MONTHS


def bands() -> Iterator[tuple[str, float, float]]:
    """Yield the bands of tenure: name, and the years at which they begin and end."""
    for low, high in pairwise((*BANDS, math.inf)):
        yield (f"{low}-{high}" if high < math.inf else f"{low}+"), low, high


def tenure(course: Course) -> dict[str, tuple[int, float]]:
    """Return removals and member-years in each band of years in the seat."""
    found = {}
    for name, low, high in bands():
        hits = sum(low <= (s.end - s.start) / MONTHS < high for s in course.removals())
        found[name] = (hits, exposure(course.spells, course.months, low, high))
    return found


def patterns(course: Course) -> dict[str, float]:
    """Return the patterns by which bodies are told apart; nan where one has no meaning.

    "chief falls", "months to the chief's fall"; "founders lost" (a share); "removals a member-
    year"; "largest blow" (members in one month), and whether one took `MANY` or more; "months
    between blows" (median); for each band of years in the seat the share of all removals; "dissent
    in decisive votes" (mean share of the smaller side); "victors who fall next" (of those who fall
    in a blow, how many were on the winning side of the blow before).
    """
    blows, removed = course.blows(), course.removals()
    years = exposure(course.spells, course.months, 0, math.inf)
    founders = course.founders()
    fall = next((s.end for s in removed if s.member == course.chief), NEVER)
    gaps = [later - earlier for earlier, later in pairwise(sorted(blows))]
    found = {
        "chief falls": math.nan if course.chief is None else float(fall < NEVER),
        "months to the chief's fall": fall if fall < NEVER else math.nan,
        "founders lost": sum(s in founders for s in removed) / max(1, len(founders)),
        "removals a member-year": len(removed) / years if years else math.nan,
        "largest blow": float(max(map(len, blows.values()), default=0)),
        f"a blow of {MANY} or more": float(any(len(fell) >= MANY for fell in blows.values())),
        "months between blows": float(median(gaps)) if gaps else math.nan,
    }
    for name, (hits, _) in tenure(course).items():
        found[f"removed at {name} years"] = hits / len(removed) if removed else math.nan
    found["dissent in decisive votes"] = dissent(course)
    found["victors who fall next"] = victors(course)
    return found


def dissent(course: Course) -> float:
    """Return the mean share of the smaller side in the decisive votes."""
    blows = course.blows()
    shares = [
        min(len(vote.yes), len(vote.no)) / (len(vote.yes) + len(vote.no))
        for vote in course.votes if vote.month in blows and vote.yes | vote.no
    ]  # fmt: skip
    return sum(shares) / len(shares) if shares else math.nan


def victors(course: Course) -> float:
    """Return how many of those who fall had been on the winning side of the blow before."""
    blows = course.blows()
    were = fell = 0
    for before, month in pairwise(sorted(blows)):
        won: set[str] = set()
        for vote in course.votes:
            if vote.month == before:
                won |= max((vote.yes, vote.no), key=len)
        if won:
            fell += len(blows[month])
            were += len(blows[month] & (won - blows[before]))
    return were / fell if fell else math.nan
