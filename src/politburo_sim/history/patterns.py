"""The patterns a model is fitted to and checked against, derived from the tables where they can be.

Fit patterns lie between 1922 and 1926, check patterns after that or in another country's time;
nothing that is claimed of the model is among either. A figure whose source is weak stays in the
list, so that one can see it, but is never handed out for fitting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import pandas as pd

from politburo_sim.history import tables

Kind = Literal["fit", "check"]
Confidence = Literal["high", "medium", "low"]
Record = str | int | float | tuple[str, str] | tuple[float, ...] | None

FIRST_FITTED = pd.Timestamp(1922, 4, 3)
LAST_FITTED = pd.Timestamp(1926, 12, 31)
"""From the election of the General Secretary to the end of the year that ended the left."""

Measure = Literal[
    "removal", "stays", "other removals", "post", "contests", "visible", "backing", "sole rule",
    "outlasting",
]  # fmt: skip
"""How a run is held against a pattern (`lab.fit.check`)."""


def fallen(part: str) -> tuple[str, ...]:
    """Return the members of one part of `falls`: left, right, spared or secretary."""
    table = tables.falls()
    return tuple(table.member[table.part == part])


(SECRETARY,) = fallen("secretary")
FITTED_REMOVALS, CHECKED_REMOVALS = fallen("left"), fallen("right")
NEVER_REMOVED = fallen("spared")


@dataclass(frozen=True)
class Pattern:
    """One thing the record says, in a form that a run can be held against.

    Parameters
    ----------
    name
        Short name, unique.
    words
        What it says, in a sentence.
    record
        A month as "1926-07"; a pair of months; a number; numbers in the order the words name them;
        or ``None`` for what never happened.
    kind
        "fit" for what a model may be fitted to, "check" for what it is only held against.
    source
        From where.
    confidence
        How well it is known.
    measure, member
        How a run is held against it, and whom it is about; ``None`` where nothing in a run stands
        for it (recorded, not scored) and where it is about nobody alone.
    """

    name: str
    words: str
    record: Record
    kind: Kind
    source: str
    confidence: Confidence
    measure: Measure | None = None
    member: str | None = None

    @property
    def weak(self) -> bool:
        """Whether the source is too weak to be fitted."""
        return self.confidence == "low"


@cache
def all_patterns() -> tuple[Pattern, ...]:
    """Return all patterns, weakly sourced ones too, fit before check."""
    return (*_fit(), *_weak_figures(), *_check())


def fit_patterns() -> tuple[Pattern, ...]:
    """Return what a model may be fitted to: never a check, never a weakly sourced figure.

    Examples
    --------
    >>> [pattern.record for pattern in fit_patterns() if pattern.member == "Zinoviev"]
    ['1926-07']
    """
    return tuple(p for p in all_patterns() if p.kind == "fit" and not p.weak)


def check_patterns() -> tuple[Pattern, ...]:
    """Return what a model is only held against."""
    return tuple(pattern for pattern in all_patterns() if pattern.kind == "check")


def _month(day: pd.Timestamp) -> str:
    return f"{day:%Y-%m}"


def _last_spell(member: str) -> pd.Series:
    """Return a member's last spell in the Politburo."""
    spells = tables.memberships().query("body == 'politburo' and member == @member")
    return spells.sort_values("start").iloc[-1]


def _removal(member: str, kind: Kind) -> Pattern:
    """Return when a member left the Politburo for good."""
    spell = _last_spell(member)
    return Pattern(
        name=f"removal of {member}",
        words=f"{member} leaves the Politburo: {spell.end_reason}.",
        record=_month(spell.end),
        kind=kind,
        source=f"memberships: {spell.source}",
        confidence=spell.confidence,
        measure="removal",
        member=member,
    )


def _stays(member: str) -> Pattern:
    """Return that a member kept the seat to the end of the record."""
    spell = _last_spell(member)
    return Pattern(
        name=f"no removal of {member}",
        words=f"{member} is never removed from the Politburo.",
        record=None if pd.isna(spell.end) else _month(spell.end),
        kind="check",
        source=f"memberships: {spell.source}",
        confidence=spell.confidence,
        measure="stays",
        member=member,
    )


def other_removals() -> list[str]:
    """Return who else was removed from the Politburo in the fitted years.

    Removed: voted out, or a full member not elected again. A candidate dropped at an election
    (Sokolnikov, January 1926) lost no vote there and is not counted.
    """
    spells = tables.memberships().query("body == 'politburo'")
    voted_out = spells.end_reason.isin(("removed", "expelled"))
    dropped = (spells.end_reason == "not_re-elected") & (spells.status == "full")
    then = spells.end.between(FIRST_FITTED, LAST_FITTED)
    return sorted(set(spells.member[then & (voted_out | dropped)]) - set(FITTED_REMOVALS))


def divided_votes_a_year() -> float:
    """Return the votes of the fitted years with a known member on either side, a year."""
    sides = tables.vote_positions().assign(
        yes=lambda table: table.position.isin(("for", "supported")),
        no=lambda table: table.position.isin(("against", "opposed")),
    )
    both = sides.groupby("vote_id")[["yes", "no"]].any().all(axis=1)
    votes = tables.votes().query("date >= @FIRST_FITTED and date <= @LAST_FITTED")
    years = (LAST_FITTED - FIRST_FITTED).days / 365.25
    return float(votes.vote_id.isin(both.index[both]).sum() / years)


def _fit() -> Iterator[Pattern]:
    """Yield the patterns of 1922 to 1926 that rest on sound sources."""
    yield from (_removal(member, "fit") for member in FITTED_REMOVALS)
    yield Pattern(
        "other removals to 1926",
        "Nobody else is removed from the Politburo by the end of 1926 (Sokolnikov, a candidate, "
        "is not elected again in January 1926, which is not counted).",
        len(other_removals()), "fit", "memberships", "high", "other removals",
    )  # fmt: skip
    vote = tables.votes().set_index("vote_id").loc["V40"]
    yield Pattern(
        "Trotsky loses the War Commissariat",
        "Rungs take time: the post goes well before the seat.",
        _month(vote.date), "fit", f"votes, V40: {vote.source}", vote.confidence, "post", "Trotsky",
    )  # fmt: skip
    yield Pattern(
        "contests a year",
        "Open contests at the top come a few a year: not every month, not once in a decade.",
        (1.0, 6.0), "fit", "votes with a known side against, 1922-26; the band is a judgement",
        "medium", "contests",
    )  # fmt: skip
    yield Pattern(
        "the Secretary is not the most visible",
        "To this month the others do not see the General Secretary as the strongest.",
        "1924-12", "fit", "junctures J3 (Carr), J7 (Deutscher, Ulam); votes, V26", "medium",
        "visible", SECRETARY,
    )  # fmt: skip
    yield Pattern(
        "the Committee is behind the Secretary",
        "Not by the first of these months; by the second, that of the XIV Congress, yes.",
        ("1922-12", "1925-12"), "fit", "votes, V41 (559 to 65) and V42; that it was not so in "
        "1922 is a judgement", "medium", "backing", SECRETARY,
    )  # fmt: skip


def _weak_figures() -> Iterator[Pattern]:
    """Yield figures of the fitted years whose sources are too weak to fit."""
    vote = tables.votes().set_index("vote_id").loc["V36"]
    yield Pattern(
        "the letter is kept from print", "Votes for and against, May 1924.",
        (float(vote.yes), float(vote.no)), "fit", f"votes, V36: {vote.source}", vote.confidence,
    )  # fmt: skip
    turnover = tables.committee_turnover().set_index("congress")
    for congress in ("XIII", "XIV"):
        row = turnover.loc[congress]
        yield Pattern(
            f"the Committee elected again, {congress} Congress",
            "Share of the last Committee's full members who are elected again.",
            float(row.share_prev_full_reelected), "fit", f"committee turnover: {row.source}",
            row.share_confidence,
        )  # fmt: skip


def _check() -> Iterator[Pattern]:
    """Yield the patterns of 1927 to 1939, and the one from outside."""
    yield from (_removal(member, "check") for member in CHECKED_REMOVALS)
    yield from (_stays(member) for member in NEVER_REMOVED)
    yield Pattern(
        "sole rule", "One man's rule is established between these months.",
        ("1927-01", "1932-12"), "check", "junctures J14 to J18; the window is a judgement",
        "medium", "sole rule", SECRETARY,
    )  # fmt: skip
    yield from _margins()
    yield from _survival()
    yield Pattern(
        "the Presidium of June 1957",
        "The heads vote seven to four against Khrushchev, the Committee keeps him: a model of "
        "heads alone has to fail here.",
        (7.0, 4.0), "check", "presidium-1953, votes, P11: Taubman 2003; Torigian 2022", "high",
    )  # fmt: skip


def _margins() -> Iterator[Pattern]:
    """Yield the two votes that hung on one or two members."""
    vote = tables.votes().set_index("vote_id").loc["V46"]
    yield Pattern(
        "one switched vote in June 1927",
        "The Politburo sends an expulsion to the plenum by so many switched votes (the exact count "
        "was not seen).",
        1, "check", f"votes, V46: {vote.source}", "medium",
    )  # fmt: skip
    full = tables.seated("1928-07-11", status="full")
    yield Pattern(
        "members short of a right majority in July 1928",
        "So many more full members would have given Bukharin, Rykov and Tomsky a majority.",
        len(full) // 2 + 1 - len(full.intersection(CHECKED_REMOVALS)),
        "check", "memberships; junctures J16: Cohen, Tucker, Kotkin", "high",
    )  # fmt: skip


def cohorts() -> tuple[frozenset[str], frozenset[str]]:
    """Return the winner's earlier and later allies.

    Earlier: all who sat in the Politburo after the plenum of July 1926, save the winner and the
    five there who were removed in the contests up to 1930. Later: those whose first seat came
    after that plenum and before 1937.
    """
    plenum = pd.Timestamp(1926, 7, 23)
    rivals = {SECRETARY, *FITTED_REMOVALS, *CHECKED_REMOVALS}
    spells = tables.memberships().query("body == 'politburo'")
    first = spells.groupby("member").start.min()
    later = first.index[(first > plenum) & (first < pd.Timestamp(1937, 1, 1))]
    return tables.seated(plenum) - rivals, frozenset(later)


def _survival() -> Iterator[Pattern]:
    """Yield who was left in 1939."""
    fates = tables.fates().set_index("member").fate
    early, late = cohorts()
    kept = [sum(fates[member] == "seated" for member in group) for group in (early, late)]
    yield Pattern(
        "earlier allies outlast later ones",
        "Still in the Politburo in March 1939: so many of so many who sat after the plenum of "
        "July 1926, so many of so many who came from then to 1936 (seated, "
        "not merely alive: Petrovsky lived).",
        (kept[0], len(early), kept[1], len(late)),
        "check", "memberships and fates; Conquest's regularity", "high", "outlasting",
    )  # fmt: skip
    count = tables.counts().set_index("count").loc["bureau_1917_1927_violent_deaths"]
    yield Pattern(
        "violent deaths by 1939", f"{count.words}: so many of so many.",
        (int(count.value), int(count.of)), "check", f"counts: {count.source}", count.confidence,
    )  # fmt: skip
