"""Edits of a world's dated events and questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from politburo_sim.files.errors import InputError, suggest
from politburo_sim.months import month_key, month_name
from politburo_sim.worlds.schema import EventEntry, Passage, QuestionEntry, Scenario

Dated = EventEntry | QuestionEntry


def all_dated(world: Scenario) -> list[Dated]:
    """Return a world's events and questions."""
    return [*world.events, *world.questions]


def deaths(world: Scenario, month: str) -> set[str]:
    """Return who has died in a world's calendar before a month."""
    before = (one for one in world.events if one.date < month)
    return {one.who for one in before if isinstance(one, Passage) and one.kind == "death"}


def later(world: Scenario, one: Dated, months: int) -> Dated:
    """Return an event or a question so many months later."""
    return one.model_copy(update={"date": within(world, month_key(one.date, months))})


def dated(world: Scenario, name: str) -> Dated:
    """Return the event or question of an id.

    Raises
    ------
    InputError
        If there is none.
    """
    there = {one.id: one for one in all_dated(world)}
    known("event or question", name, there)
    return there[name]


def said(one: Dated) -> str:
    """Return an event or a question in a sentence."""
    if isinstance(one, QuestionEntry):
        return f"the question of {one.title} is put ({month_words(one.date)})."
    return f"{one.text.removesuffix('.')} ({month_words(one.date)})."


def edited(world: Scenario, gone: set[str], new: Sequence[Dated] = ()) -> Scenario:
    """Return a world without some events and questions, and with others after those it has."""
    gone = gone | {one.id for one in new}
    put = [one for one in new if isinstance(one, QuestionEntry)]
    come = [one for one in new if not isinstance(one, QuestionEntry)]
    return world.model_copy(update={
        "events": (*(one for one in world.events if one.id not in gone), *come),
        "questions": (*(one for one in world.questions if one.id not in gone), *put),
    })  # fmt: skip


def within(world: Scenario, month: str, key: str = "month") -> str:
    """Return a month of the world's, or say that it is none; key : where it was given."""
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month) or not (
        world.start <= month <= world.end
    ):
        raise InputError(
            "no such month in this world", key=key, given=month,
            allowed=f"{world.start} to {world.end}", hint=f"write it as {world.start}",
        )  # fmt: skip
    return month


def known(what: str, given: str, names: Iterable[str]) -> None:
    """Raise unless a word is one of those there are."""
    names = list(names)
    if given not in names:
        raise InputError(
            f"no such {what}{suggest(given, names)}", key="change", given=given,
            allowed=", ".join(names[:20]) + (", ..." if len(names) > 20 else ""),
        )  # fmt: skip


def month_words(month: str) -> str:
    """Return a month in words."""
    return month_name(month, 0)
