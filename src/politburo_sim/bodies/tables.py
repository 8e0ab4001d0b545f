"""The records of the bodies as courses. They hold outcomes: no forecast imports this module."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from politburo_sim import history
from politburo_sim.bodies.course import NEVER, POLITICS, Course, Spell, Vote
from politburo_sim.files.errors import InputError
from politburo_sim.months import month_index

_HERE = files("politburo_sim.bodies").joinpath("data")
_YES, _NO = ("for", "supported"), ("against", "opposed")


def table(record: str, name: str) -> pd.DataFrame:
    """Return a table of a record as it stands in its file, all words; blank for nothing."""
    return _read(record, f"{name}.csv")


def fates() -> pd.DataFrame:
    """Return what became of each removed full member, one row each."""
    return _read("fates.csv")


def _read(*path: str) -> pd.DataFrame:
    source = _HERE.joinpath(*path).read_text(encoding="utf-8")
    return pd.read_csv(io.StringIO(source), dtype=str, keep_default_na=False)


@cache
def worlds() -> Mapping[str, Mapping[str, Any]]:
    """Return which record each world is held against."""
    return tomllib.loads(_HERE.joinpath("worlds.toml").read_text(encoding="utf-8"))


def said_of(world: str) -> Mapping[str, Any]:
    """Return what is known of a world's record: record, body, until, sole_rule.

    Raises
    ------
    InputError
        If no record is told for it.
    """
    if world not in worlds():
        raise InputError(
            "no record of this body", given=world, allowed=", ".join(worlds()),
            hint="only bodies whose record is shipped can be held against it; of another, "
            "politburo-sim run, odds and compare tell what the rules make of it",
        )  # fmt: skip
    return worlds()[world]


def record_of(world: str, start: str, chief: str | None = None) -> Course:
    """Return the course of a body from a month to the end of its record.

    Parameters
    ----------
    world
        The world's name.
    start
        The month in which the course opens, as "1953-03".
    chief
        Who was the strongest at the opening, or None.
    """
    told = said_of(world)
    months = month_index(start, told["until"]) + 1
    history_told = told["record"] == "history"
    rows = _politburo() if history_told else table(told["record"], "membership")
    spells = tuple(_joined(_within(rows, told["body"], start)))
    votes = _votes(*_politburo_votes(), start) if history_told else _votes(
        table(told["record"], "votes"), table(told["record"], "vote_positions"), start
    )  # fmt: skip
    return Course(months, chief, spells, tuple(_of_heads(votes, spells)))


def _politburo() -> pd.DataFrame:
    """Return the Politburo's spells in the form of the other records."""
    frame = history.memberships()
    for column in ("start", "end"):
        frame[column] = frame[column].dt.strftime("%Y-%m-%d").fillna("")
    frame["by_politics"] = frame.end_reason.isin(POLITICS).map({True: "yes", False: "no"})
    return frame


def lost_by_politics(spells: pd.DataFrame) -> pd.DataFrame:
    """Return those spells of `history.memberships` that ended by politics."""
    return spells[spells.end_reason.isin(POLITICS)]


def _politburo_votes() -> tuple[pd.DataFrame, pd.DataFrame]:
    votes = history.votes()
    votes["date"] = votes["date"].dt.strftime("%Y-%m-%d")
    return votes, history.vote_positions()


def _within(rows: pd.DataFrame, body: str, start: str) -> Iterator[Spell]:
    """Yield the full members' spells that touch the time from a month on."""
    own = rows[(rows.body == body) & (rows.status == "full")]
    for row in own.sort_values(["member", "start"]).itertuples():
        first = max(0, int(month_index(start, str(row.start)[:7])))
        end = float(month_index(start, str(row.end)[:7])) if row.end else NEVER
        if end > 0:
            yield Spell(
                str(row.member), first, end, row.by_politics == "yes", row.by_politics == "unclear"
            )


def _joined(spells: Iterable[Spell]) -> Iterator[Spell]:
    """Join spells of one member of which one begins in the month in which the other ended."""
    last: Spell | None = None
    for spell in spells:
        if last and last.member == spell.member and spell.start <= last.end and not last.removed:
            last = replace(spell, start=last.start)
            continue
        if last:
            yield last
        last = spell
    if last:
        yield last


def _votes(votes: pd.DataFrame, positions: pd.DataFrame, start: str) -> Iterator[Vote]:
    sides = {vote: frame for vote, frame in positions.groupby("vote_id")}
    for row in votes.itertuples():
        month = int(month_index(start, str(row.date)[:7]))
        frame = sides.get(row.vote_id)
        if month >= 0 and frame is not None:
            yield Vote(
                month, frozenset(frame.member[frame.position.isin(_YES)]),
                frozenset(frame.member[frame.position.isin(_NO)]),
            )  # fmt: skip


def _of_heads(votes: Iterable[Vote], spells: tuple[Spell, ...]) -> Iterator[Vote]:
    """Keep of each vote those who had a full seat in its month."""
    for vote in votes:
        sat = {s.member for s in spells if s.start <= vote.month <= s.end}
        if (vote.yes | vote.no) & sat:
            yield Vote(vote.month, vote.yes & sat, vote.no & sat)
