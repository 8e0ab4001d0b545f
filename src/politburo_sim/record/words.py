"""The words of the chronicle: a run's entries told month by month, in the annals' present tense.

No pronouns stand for members, and no word depends on anything but the entries and the world.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    NOBODY,
    Floats,
)
from politburo_sim.worlds.world import World

ORDINALS = ("", "second ", "third ", "fourth ", "fifth ", "sixth ", "seventh ", "eighth ")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
           "eleven", "twelve")  # fmt: skip
#: So many on one side, and so few on the other, that the many go without names.
MANY, FEW = 4, 2
#: Coded ideals at least this far apart on an axis are worth a word.
FAR = 0.4
#: A tally this far from what the mover expected is a surprise.
SURPRISE = 0.12


class Entry(NamedTuple):
    """One row of the journal."""

    month: int
    kind: int
    who: int
    whom: int
    what: int
    x: float
    y: float
    z: float


def read(entries: Floats) -> list[Entry]:
    """Return the rows of a journal with whole numbers where they are meant."""
    return [Entry(*(int(v) for v in row[:5]), *(float(v) for v in row[5:8])) for row in entries]


def people(world: World, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return everybody's name; newcomers are called after the seat that they first took."""
    names = list(world.names)
    taken: dict[int, int] = {}
    known: set[int] = set()
    for entry in entries:
        if entry.kind != j.SEATED or entry.who < world.members or entry.who in known:
            continue
        known.add(entry.who)
        order = nth(taken.get(entry.what, 0))
        taken[entry.what] = taken.get(entry.what, 0) + 1
        founder = founder_of(world, entry.what)
        if founder is None:
            names[entry.who] = f"the {order}newcomer in seat {entry.what + 1}"
        else:
            names[entry.who] = f"the {order}newcomer in {of(founder)} former seat"
    return tuple(names)


def founder_of(world: World, seat: int) -> str | None:
    """Return the name of the member who held a seat at the start."""
    holder = int(world.body.seat_holder[seat])
    return None if holder == NOBODY else world.names[holder]


def nth(number: int) -> str:
    """Return the word for the newcomers after the first, with a space."""
    return ORDINALS[number] if number < len(ORDINALS) else f"{number + 1}th "


def of(name: str) -> str:
    """Return the possessive of a name."""
    return f"{name}'s"


def listed(words: Iterable[str]) -> str:
    """Return words as "a, b and c"."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def percent(share: float) -> str:
    """Return a share in words; near a half, to one more place."""
    near = abs(share - 0.5) < 0.0051 and share != 0.5
    return f"{100 * share:.1f} per cent" if near else f"{100 * share:.0f} per cent"


def joined(start: str, tail: str) -> str:
    """Return two parts of a sentence, with one stop between them at most."""
    return f"{start.rstrip(',') if tail[0] in ',;' else start}{tail}"


def sentence(text: str) -> str:
    """Return a text with a capital and a full stop."""
    ended = text if text.endswith((".", "!", "?")) else f"{text}."
    return ended[0].upper() + ended[1:]


def episodes(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Return the entries in stories: what began something, and what followed from it."""
    stories: list[list[Entry]] = []
    for entry in entries:
        if not stories or _begins(entry, stories[-1]):
            stories.append([])
        stories[-1].append(entry)
    return stories


def _begins(entry: Entry, story: list[Entry]) -> bool:
    head = story[0].kind
    if entry.month != story[0].month:
        return True
    if entry.kind == j.ACCOUNT:
        return head not in (j.RAISED, j.EVENT) or any(e.kind == j.ACCOUNT for e in story)
    if entry.kind == j.SANCTION and entry.whom == NOBODY:
        return head != j.PROPOSED
    return entry.kind in (j.EVENT, j.RAISED, j.STRUCK, j.RULES, j.PROPOSED)


def happening(text: str, took: bool, intervention: bool, departed: bool) -> str:
    """Return a calendar event's text, marked where it is not the record's or did not happen."""
    plain = text.rstrip(".")
    if not took:
        return f"could not take place: {plain}"
    if not intervention:
        return plain
    mark = "also unlike the record" if departed else "here this world departs from the record"
    return f"{mark}: {plain}"


def one_of(story: list[Entry], kind: int) -> Entry | None:
    """Return the first entry of a kind."""
    return next((entry for entry in story if entry.kind == kind), None)


def until_sanction(entries: list[Entry]) -> list[Entry]:
    """Return the entries up to the next sanction."""
    stop = next((i for i, e in enumerate(entries) if e.kind == j.SANCTION), len(entries))
    return entries[:stop]


def does(who: list[str], verb: str) -> str:
    """Return a verb in the number of its subject."""
    return f"{verb}s" if len(who) == 1 else verb


def are(who: list[str]) -> str:
    """Return "is" or "are", by the number of the subject."""
    return "is" if len(who) == 1 else "are"
