"""Signs: what the literature says of ruling bodies, as numbers over histories and in the record.

A sign is one quotient, (a / b) / (c / d), of four tallies that a history adds to, so that it pools
over histories; its error is that of the jackknife over histories. To add one, write the function
that tallies it in a `Record` and put it into `SIGNS`. Nothing is fitted to any of them.

Factions are clienteles: who has the same man at the end of his chain of patrons in the body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.bodies.course import MONTHS, Course, exposure, tenure
from politburo_sim.lab.bench import lived
from politburo_sim.lab.bodies.courses import course_of
from politburo_sim.lab.ensemble import Ensemble
from politburo_sim.lab.runs import Tell, replicate_seeds, silent
from politburo_sim.record.ledger import Ledger
from politburo_sim.record.record import Record
from politburo_sim.record.words import Entry
from politburo_sim.state import journal as j
from politburo_sim.state.body import CANDIDATE, NOBODY
from politburo_sim.worlds.world import World

AS_SAID, OTHER_WAY, UNTOLD = "as in the literature", "the other way", "cannot be told"
NO_COUNTERPART = "no counterpart in these rules"
#: A rate that rests on fewer cases than this says nothing.
FEW = 5
#: Errors that a number has to lie from the neutral one.
ERRORS = 2.0


class Tally(NamedTuple):
    """The four tallies of a quotient (a / b) / (c / d): first part and second part of a rate."""

    a: float = 0.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0

    def plus(self, a: float, b: float, c: float, d: float) -> Tally:
        """The tallies with more added."""
        return Tally(self.a + a, self.b + b, self.c + c, self.d + d)


@dataclass(frozen=True)
class Sign:
    """What the literature says, and how it is counted.

    key, words, source : its number, what is counted, and who says so. neutral, up : the number
    that would say nothing, and whether the literature has more than that. measure : its tallies in
    a history; None where the rules have no counterpart. counted : whether a and c are numbers of
    cases, of which few say nothing. note : why there is no counterpart, or what to keep in mind.
    """

    key: str
    words: str
    source: str
    said: str
    neutral: float
    up: bool
    measure: Callable[[Record], Tally] | None
    counted: bool = True
    note: str = ""


def walk(record: Record) -> Iterator[tuple[Entry, Ledger]]:
    """Each entry, with the ledger as it stands before the entry is noted."""
    ledger = Ledger(record.world, record.ballots)
    for row in record.rows:
        yield row, ledger
        ledger.note(row)


def year_ends(record: Record) -> Iterator[tuple[int, Ledger, dict[int, int]]]:
    """The last month of each year, with the ledger and who holds which office at its end."""
    offices = dict(enumerate(record.world.body.office_holder.tolist()))
    ledger, rows, place = Ledger(record.world, record.ballots), record.rows, 0
    first = MONTHS - record.world.start[1]
    for month in range(first, record.months, MONTHS):
        while place < len(rows) and rows[place].month <= month:
            ledger.note(rows[place])
            if rows[place].kind == j.POST:
                offices[rows[place].what] = rows[place].who
            place += 1
        yield month, ledger, offices


def falls(record: Record) -> Iterator[tuple[int, int, Ledger]]:
    """Who loses a seat in the body by a sanction or a congress: month, slot, ledger before it."""
    for row, ledger in walk(record):
        struck = row.kind == j.SANCTION and row.what >= record.world.losses.seat
        dropped = row.kind == j.DEMOTED and row.what != CANDIDATE
        if (struck or dropped) and row.who in ledger.full | ledger.candidates:
            yield row.month, row.who, ledger


def faction(ledger: Ledger, who: int) -> int:
    """The man at the end of somebody's chain of patrons in the body."""
    seen = {who}
    while (patron := ledger.patrons.get(who, NOBODY)) in ledger.full | ledger.candidates:
        if patron in seen:
            return min(seen)
        seen.add(who := patron)
    return who


def entry_by_patron(record: Record) -> Tally:
    """A candidate's chance of a seat that is filled from among candidates, with a patron in a full
    seat and without; seats for which there were both kinds.
    """
    found = Tally()
    for row, ledger in walk(record):
        if row.kind != j.SEATED or row.who not in ledger.candidates:
            continue
        tied = {k for k in ledger.candidates if ledger.patrons.get(k, NOBODY) in ledger.full}
        others = ledger.candidates - tied
        if tied and others:
            found = found.plus(row.who in tied, len(tied), row.who in others, len(others))
    return found


def top_pairs(record: Record) -> Tally:
    """At the end of a year the holders of the two offices that make most appointments are of one
    faction, against any two full members.
    """
    found = Tally()
    rates = record.world.body.office_rate[: len(record.world.offices)]
    if len(rates) < 2:
        return found
    places = np.argsort(-rates, kind="stable")[:2]
    for _, ledger, offices in year_ends(record):
        one, other = (offices[place] for place in places)
        present = ledger.full | ledger.candidates
        if one == other or not {one, other} <= present or len(ledger.full) < 2:
            continue
        pairs = [faction(ledger, a) == faction(ledger, b) for a, b in combinations(ledger.full, 2)]
        same = faction(ledger, one) == faction(ledger, other)
        found = found.plus(same, 1, sum(pairs) / len(pairs), 1)
    return found


def clients_first(record: Record) -> tuple[Tally, Tally]:
    """Of pairs of a patron and a client who both fall, not in one month, in how many the client
    goes first: before anybody's sole rule, and under it; the tie as it stood at the first fall.
    """
    rule = min((row.month for row in record.rows if row.kind == j.RULES), default=record.months)
    gone: dict[int, int] = {}
    waiting: list[tuple[int, int, bool, int]] = []  # who may follow, month, client went first, era
    count = [[0, 0], [0, 0]]
    for month, who, ledger in falls(record):
        for other, when, client_went, era in waiting:
            if other == who and when < month:
                count[era][0] += client_went
                count[era][1] += 1
        present = (ledger.full | ledger.candidates) - gone.keys()
        gone[who] = month
        patron = ledger.patrons.get(who, NOBODY)
        if patron in present:
            waiting.append((patron, month, True, int(month >= rule)))
        waiting += [
            (k, month, False, int(month >= rule)) for k in present if ledger.patrons.get(k) == who
        ]
    (a, b), (c, d) = count
    return Tally(a, b, 1, 1), Tally(a, b, c, d)


def second_call(record: Record) -> Tally:
    """The chance to be out of the body within twelve months of the second demand for a sanction
    against a man, against that of the first; calls of the last twelve months left out.
    """
    fell = {who: month for month, who, _ in reversed(list(falls(record)))}
    calls: dict[int, list[int]] = {}
    for row, ledger in walk(record):
        if row.kind == j.DEMAND and row.whom in ledger.full | ledger.candidates:
            calls.setdefault(row.whom, []).append(row.month)
    found = Tally()
    for who, months in calls.items():
        for number, month in enumerate(months[:2]):
            if month < record.months - MONTHS:
                out = month <= fell.get(who, record.months + MONTHS) <= month + MONTHS
                found = found.plus(*((0, 0, out, 1) if number == 0 else (out, 1, 0, 0)))
    return found


def founders(course: Course) -> Tally:
    """Removals a member-year of those seated at the opening, against later entrants."""
    early = [s for s in course.spells if s.start == 0]
    late = [s for s in course.spells if s.start > 0]
    lost = course.removals()
    return Tally(
        sum(s.start == 0 for s in lost), exposure(early, course.months, 0, np.inf),
        sum(s.start > 0 for s in lost), exposure(late, course.months, 0, np.inf),
    )  # fmt: skip


def by_tenure(course: Course, band: int) -> Tally:
    """Removals a member-year in a band of years in the seat, against the middle band."""
    bands = list(tenure(course).values())
    return Tally(*bands[band], *bands[1])


def spoils(record: Record) -> Tally:
    """The slope of a faction's share of the offices on its share of the full members, at the ends
    of years in which nobody fell; shares less their mean of the year.
    """
    fell = [month for month, _, _ in falls(record)]
    found = Tally(c=1, d=1)
    for month, ledger, offices in year_ends(record):
        present = ledger.full | ledger.candidates
        held = [faction(ledger, k) for k in offices.values() if k in present]
        if any(month - MONTHS < when <= month for when in fell) or not held or not ledger.full:
            continue
        seats = [faction(ledger, k) for k in ledger.full]
        groups = sorted({*held, *seats})
        x = np.array([seats.count(g) / len(seats) for g in groups])
        y = np.array([held.count(g) / len(held) for g in groups])
        x, y = x - x.mean(), y - y.mean()
        found = found.plus(float(x @ y), float(x @ x), 0, 0)
    return found


SIGNS: tuple[Sign, ...] = (
    Sign("S1", "a candidate's chance of a free seat: with a patron in a full seat, against without",
         "Keller 2015", "about 2", 1.0, True, entry_by_patron),
    Sign("S2", "the two offices that appoint most are in one faction: against any two full members",
         "Francois, Trebbi and Xiao 2023", "below 1", 1.0, False, top_pairs,
         note="factions are chains of patrons"),
    Sign("S3", "of patron and client who both fall, the client first, while nobody rules alone",
         "Keller and Wang", "above 0.5", 0.5, True, lambda record: clients_first(record)[0],
         note="clients in the body alone; those below it, of whom it was said, are in no world"),
    Sign("S3b", "the same, against its share under somebody's sole rule",
         "Keller and Wang", "above 1", 1.0, True, lambda record: clients_first(record)[1]),
    Sign("S4", "out within a year of the second call for a sanction, against the first",
         "Berlinski, Dewan and Dowding 2007", "above 1", 1.0, True, second_call,
         note="the ladder of sanctions makes it so: only from the third rung is a seat lost"),
    Sign("S5", "removals a member-year: founders, against later entrants",
         "Goldring and Matthews 2023", "above 1", 1.0, True, lambda r: founders(course_of(r))),
    Sign("S6", "the share removed over the severity of the purge",
         "Montagnes and Wolton 2019", "not monotone", 1.0, True, None,
         note="no rung is above expulsion, nobody is judged by what he has done, and the members "
         "are peers and no mass under one man"),
    Sign("S7", "removals a member-year: in the first two years, against the next three",
         "Francois, Rainer and Trebbi 2014", "below 1", 1.0, False,
         lambda r: by_tenure(course_of(r), 0), note="a founder's years count from the opening"),
    Sign("S7b", "removals a member-year: after five years, against the three before",
         "Francois, Rainer and Trebbi 2014", "below 1", 1.0, False,
         lambda r: by_tenure(course_of(r), 2), note="a founder's years count from the opening"),
    Sign("S8", "a faction's share of the offices on its share of the seats, slope, quiet years",
         "Francois, Rainer and Trebbi 2015", "about 1", 0.5, True, spoils, counted=False,
         note="nearer to 1 than to 0 counts as in proportion; posts are shared by what each victor "
         "brought, so the rules lean that way"),
)  # fmt: skip


def quotient(tallies: NDArray[np.float64]) -> NDArray[np.float64]:
    """(a / b) / (c / d) of tallies [..., 4]; nan where it has none."""
    a, b, c, d = np.moveaxis(np.asarray(tallies, float), -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: NDArray[np.float64] = (a / b) / (c / d)
    return np.where(np.isfinite(found), found, np.nan)


def jackknife(tallies: NDArray[np.float64]) -> tuple[float, float]:
    """The quotient pooled over histories [R, 4], and its standard error by leaving one out."""
    total, runs = tallies.sum(axis=0), len(tallies)
    left_out = quotient(total - tallies)
    spread = (runs - 1) / runs * ((left_out - left_out.mean()) ** 2).sum()
    return float(quotient(total)), float(np.sqrt(spread))


def word(sign: Sign, number: float, error: float, total: Sequence[float]) -> str:
    """Whether a number is as the literature has it, by so many errors; few cases say nothing."""
    few = sign.counted and min(total[0] + total[2], total[1], total[3]) < FEW
    if few or not np.isfinite(number) or not np.isfinite(error):
        return UNTOLD
    beyond = (number - sign.neutral) * (1 if sign.up else -1)
    if abs(beyond) <= ERRORS * error:
        return UNTOLD
    return AS_SAID if beyond > 0 else OTHER_WAY


def table(
    tallies: dict[str, NDArray[np.float64]], recorded: dict[str, Tally] | None = None
) -> pd.DataFrame:
    """One row a sign: the literature, the histories and the record, and the word for each."""
    rows = []
    for sign in SIGNS:
        row: dict[str, object] = {"sign": sign.key, "counted": sign.words, "source": sign.source,
                                  "literature": sign.said}  # fmt: skip
        if sign.measure is None:
            row |= {"word": NO_COUNTERPART}
        else:
            own = tallies[sign.key]
            number, error = jackknife(own)
            total = own.sum(axis=0)
            row |= {"number": number, "error": error, "word": word(sign, number, error, total),
                    "cases": " / ".join(f"{x:.4g}" for x in total)}  # fmt: skip
            if recorded is not None and sign.key in recorded:
                told = recorded[sign.key]
                row |= {"record": float(quotient(np.array(told))),
                        "record cases": " / ".join(f"{x:.4g}" for x in told)}  # fmt: skip
        rows.append(row | {"note": sign.note})
    columns = ["sign", "counted", "source", "literature", "number", "error", "word", "cases",
               "record", "record cases", "note"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def tallied(
    world: World, ensemble: Ensemble, runs: int, seed: int, tell: Tell = silent
) -> dict[str, NDArray[np.float64]]:
    """The tallies [R, 4] of each sign over so many histories, each of another draw."""
    found: dict[str, list[Tally]] = {s.key: [] for s in SIGNS if s.measure is not None}
    luck = replicate_seeds(seed, runs, stream=14)
    for record in lived(world, ensemble.thin(runs).table, luck, tell):
        for sign in SIGNS:
            if sign.measure is not None:
                found[sign.key].append(sign.measure(record))
    return {key: np.array(rows, float).reshape(-1, 4) for key, rows in found.items()}
