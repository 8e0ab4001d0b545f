"""The words of the chronicle: entries as they are read, names, lists, shares and sentences.

No pronouns stand for members, and no word depends on anything but the entries and the world.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from itertools import groupby
from typing import Any, NamedTuple

from numpy.typing import NDArray

from politburo_sim.state import journal as j
from politburo_sim.state.body import AGAINST, DEFENCE, NOBODY, POLICY
from politburo_sim.worlds.world import World

ORDINALS = ("", "second ", "third ", "fourth ", "fifth ", "sixth ", "seventh ", "eighth ")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
           "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
           "eighteen", "nineteen", "twenty")  # fmt: skip
#: A coalition for a policy with less of the votes than this is an opposition.
MAJORITY = 0.5
_SAME = 1e-9
#: Entries that are roll calls.
ROLL_CALLS = (j.DIVISION, j.DEMAND, j.APPEALED)
TIMES = ("", "once", "twice")
#: Words that begin a sentence in small letters once something is set before them.
_SMALL = frozenset(
    ("a", "after", "all", "an", "at", "before", "both", "for", "from", "in", "it", "no", "nobody",
     "not", "on", "over", "some", "the", "there", "they", "this", "to", "two", "with", "without")
)  # fmt: skip
#: Words after which a month needs a comma: "In May, on the price of grain, ...".
_ADVERBS = frozenset(
    ("after", "against", "asked", "at", "for", "in", "on", "over", "what", "with", "without")
)  # fmt: skip
#: Marks of an event that is not the record's: of the first in a month, and of others.
DEPARTS, ALSO = "here this world departs from the record", "also unlike the record"
#: What is said of a man after his name: where it is what he is, another "so is" and not "so does".
_BEING = re.compile(r"(?: \([^)]*\))?(?:,[^,]*,)? (is|was|has)\b")
_AGAIN = {"so does": "so do", "so is": "so are", "so was": "so were", "so has": "so have"}


class Entry(NamedTuple):
    """One row of the journal; what its fields mean stands beside the kinds (`state.journal`)."""

    month: int
    kind: int
    who: int
    whom: int
    what: int
    carried: bool
    ballot: int
    x: float
    y: float
    z: float


def read(entries: NDArray[Any]) -> list[Entry]:
    """Return the rows of a journal as plain values."""
    return [
        Entry(
            month, kind, who, whom, what, carried=bool(carried), ballot=ballot, x=x, y=y, z=z
        )
        for month, kind, who, whom, what, carried, ballot, x, y, z in entries.tolist()
    ]  # fmt: skip


def people(world: World, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return everybody's name; newcomers take those of the world's pool in the order they come.

    Where the pool ends, a newcomer is called after the last one known by name in the seat:
    "Anna's successor", then "Anna's second successor"; in a seat that nobody known by name has
    held, "the newcomer", then "the second newcomer".
    """
    names = list(world.names)
    pool = iter([name for name in dict.fromkeys(world.words.newcomers) if name not in names])
    known = {seat: world.names[k] for seat, k in enumerate(world.body.seat_holder) if k != NOBODY}
    given: dict[str, int] = {}
    for entry in entries:
        if entry.kind != j.SEATED:
            continue
        if entry.who < world.members:
            known[entry.what] = world.names[entry.who]
        elif names[entry.who] == world.names[entry.who]:
            if (name := next(pool, None)) is not None:
                names[entry.who] = known[entry.what] = name
                continue
            after = known.get(entry.what)
            plain = "the {}newcomer" if after is None else f"{of(after)} {{}}successor"
            names[entry.who] = plain.format(nth(given.get(plain, 0)))
            given[plain] = given.get(plain, 0) + 1
    return tuple(names)


def nth(number: int) -> str:
    """Return the word for one who is not the first, with a space; the first has none."""
    return ORDINALS[number] if number < len(ORDINALS) else f"{number + 1}th "


def of(name: str) -> str:
    """Return the possessive of a name."""
    return f"{name}'s"


def listed(words: Iterable[str]) -> str:
    """Return words as "a, b and c"."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def number(count: int) -> str:
    """Return a small number in words."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def more_times(count: int) -> str:
    """Return how often again: "once more", "twice more", "three more times"."""
    return f"{TIMES[count]} more" if count < len(TIMES) else f"{number(count)} more times"


def percent(share: float) -> str:
    """Return a share in words; near a half, to one more place."""
    near = abs(share - 0.5) < 0.0051 and share != 0.5
    return f"{100 * share:.1f} per cent" if near else f"{100 * share:.0f} per cent"


def sentence(text: str) -> str:
    """Return a text with a capital and a full stop."""
    ended = text if text.endswith((".", "!", "?")) else f"{text}."
    return ended[0].upper() + ended[1:]


def inner(text: str, common: Set[str] = frozenset()) -> str:
    """Return a sentence as a clause: no full stop, a small letter where it begins with no name."""
    plain = text.rstrip(".")
    first = plain.split(maxsplit=1)[0].lower()
    return plain[0].lower() + plain[1:] if first in _SMALL or first in common else plain


def common_words(world: World) -> frozenset[str]:
    """Return the words that a world's texts have in small letters, so that they are no names."""
    texts = [row.text for row in world.events]
    texts += [text for row in world.questions for text in (row.title, row.low, row.high)]
    return frozenset(word for word in re.findall(r"\w+", " ".join(texts)) if word.islower())


def in_month(month: str, text: str) -> str:
    """Return a clause set in its month."""
    comma = "," if text.split(maxsplit=1)[0] in _ADVERBS else ""
    return f"In {month}{comma} {text}"


def does(who: Sequence[object], verb: str) -> str:
    """Return a verb in the number of its subject."""
    if len(who) > 1:
        return verb
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "sh", "ch", "o")) else f"{verb}s"


def are(who: Sequence[object]) -> str:
    """Return "is" or "are", by the number of the subject."""
    return "is" if len(who) == 1 else "are"


def also(rest: str) -> str:
    """Return how another is said to do or to be what somebody did or is: "so does", "so is"."""
    found = _BEING.match(rest)
    return f"so {found[1] if found else 'does'}"


def together(clauses: Iterable[str]) -> list[str]:
    """Return clauses; those that only add one name to what was said ("so does A") become one."""
    told: list[str] = []
    for begins, some in groupby(clauses, key=lambda text: " ".join(text.split()[:2])):
        alike = list(some)
        if begins in _AGAIN and len(alike) > 1:
            alike = [f"{_AGAIN[begins]} {listed(text.removeprefix(begins)[1:] for text in alike)}"]
        told += alike
    return told


def in_pairs(clauses: Sequence[str], names: Iterable[str]) -> list[str]:
    """Return clauses; where every two of some people do the same one after another, all do it.

    "A and B agree", "A and C agree", "B and C agree" become "A, B and C agree", with the mark of
    the first.
    """
    name = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    pair = re.compile(rf"({name}) and ({name}) (.+?)( \({DEPARTS}\)| \({ALSO}\))?")
    told: list[str] = []
    for rest, some in groupby(clauses, key=lambda text: (m := pair.fullmatch(text)) and m[3]):
        alike = list(some)
        found = [m for text in alike if (m := pair.fullmatch(text))]
        people = list(dict.fromkeys(who for m in found for who in m.group(1, 2)))
        pairs = {frozenset(m.group(1, 2)) for m in found}
        if len(people) > 2 and 2 * len(pairs) == len(people) * (len(people) - 1):
            alike = [f"{listed(people)} {rest}{found[0][4] or ''}"]
        told += alike
    return told


def coalition_name(leader: str, aim: int) -> str:
    """Return what a coalition is called, by its leader and by what it is for."""
    return f"{of(leader)} {({POLICY: 'opposition', DEFENCE: 'camp'}).get(aim, 'coalition')}"


def alternatives(world: World, row: int, place: float) -> tuple[str, str]:
    """Return in words what was decided on a question, and what it was decided against."""
    question, agenda = world.questions[row], world.agenda
    low, high = float(agenda.low[row]), float(agenda.high[row])
    near_low = place - low < high - place
    near, far = (question.low, question.high) if near_low else (question.high, question.low)
    if min(abs(place - low), abs(place - high)) < _SAME:
        return near, far
    return f"a compromise, nearer to {near}" if low < place < high else f"{near}, and more", far


def aim_of(formed: Entry) -> int:
    """Return what a new coalition is for; for a policy only where it begins as a minority."""
    return formed.what if formed.what != POLICY or formed.x < MAJORITY else AGAINST


def happening(plain: str, took: bool, intervention: bool, departed: bool, why: str = "") -> str:
    """Return an event as a clause, marked where it is not the record's or did not happen."""
    if not took:
        since = f", since {why}" if why else ""
        return f"what the calendar has could not take place{since}: {plain}"
    if not intervention:
        return plain
    return f"{plain} ({ALSO if departed else DEPARTS})"
