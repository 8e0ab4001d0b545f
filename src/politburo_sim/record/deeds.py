"""The deeds of a month: what came about in it, each thing as one that might not have.

A chronicle tells a month in scenes; here the same entries are sorted into deeds that can be looked
for in another history of the same month: who fell, who took a seat by whose favour, who won a vote
against whom, who joined whom, and what the calendar had.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from politburo_sim.record.words import Entry, are, common_words, does, inner, listed, of
from politburo_sim.state import journal as j
from politburo_sim.state.body import DEFENCE, NOBODY
from politburo_sim.worlds.world import World

#: What is looked for in another history: kind of entry, then persons and whatever else it hangs on.
Mark = tuple[int, ...]


@dataclass(frozen=True)
class Deed:
    """One thing that came about in a month.

    marks : all of them are there where it came about again; none, where it did not.
    words : the deed as a clause, in the words of the chronicle.
    event, question : the row of the calendar or of the agenda that brought it, or NOBODY; such
    rows come about whatever anybody does, and are left out of the world itself.
    """

    marks: frozenset[Mark]
    words: str
    event: int = NOBODY
    question: int = NOBODY


def mark(row: Entry) -> Mark | None:
    """Return what an entry is known by in another history; None for what follows from others."""
    match row.kind:
        case j.FORMED | j.TURNED:
            return (j.FORMED, row.who, row.whom, int(row.what == DEFENCE))
        case j.TAKEN_OVER | j.LEFT | j.JOINED | j.TIED | j.SEATED:
            return (row.kind, row.who, row.whom)
        case j.CROSSED:
            return (j.JOINED, row.who, row.what)
        case j.BROKEN_UP | j.RECANT:
            return (row.kind, row.who)
        case j.ADOPTED:
            return (row.kind, row.who, row.what)
        case j.DIVISION:
            winner, loser = (row.who, row.whom) if row.carried else (row.whom, row.who)
            return (row.kind, winner, loser)
        case j.DEMAND if not row.carried:
            return (row.kind, row.whom, row.what)
        case j.SANCTION | j.STRUCK:
            return (j.SANCTION, row.who, row.what)
        case j.POST:
            return (row.kind, row.who, row.what)
        case j.PROPOSED:
            return (row.kind, row.what, int(row.carried))
    return None


def marks_of(rows: Iterable[Entry]) -> frozenset[Mark]:
    """Return all marks of a month."""
    return frozenset(found for row in rows if (found := mark(row)) is not None)


def deeds(world: World, names: Sequence[str], rows: Sequence[Entry]) -> list[Deed]:
    """Return the deeds of one month, in the order of its entries.

    Deeds of one kind that belong together are one: two who take seats by the favour of one man,
    all who are removed.

    Parameters
    ----------
    names : everybody's name (`words.people`).
    rows : the entries of the month.
    """
    groups: dict[Mark, list[Entry]] = {}
    for row in rows:
        groups.setdefault(_together(row), []).append(row)
    found = [_deed(world, names, some) for some in groups.values()]
    put = dict.fromkeys(
        row.what for row in rows if row.kind in (j.ADOPTED, j.DIVISION) and row.what != NOBODY
    )
    asked = [
        Deed(
            frozenset(), f"the {world.words.body} is asked about {world.questions[row].title}",
            question=row,
        )
        for row in put
    ]  # fmt: skip
    return [deed for deed in found if deed is not None] + asked


def _together(row: Entry) -> Mark:
    """Return what entries of one deed have in common."""
    match row.kind:
        case j.JOINED | j.TIED | j.SEATED | j.LEFT:
            return (row.kind, row.whom)
        case j.CROSSED:
            return (j.JOINED, row.what)
        case j.SANCTION | j.STRUCK:
            return (j.SANCTION, row.what)
        case j.EVENT:
            return (row.kind, row.what)
    return (row.kind, *(mark(row) or ()))


def _deed(world: World, names: Sequence[str], some: Sequence[Entry]) -> Deed | None:
    """Return a group of entries as a deed; None for what is no deed of its own."""
    row = some[0]
    if row.kind == j.EVENT:
        if not row.carried:
            return None
        words = inner(world.events[row.what].text, common_words(world))
        return Deed(frozenset(), words, event=row.what)
    say = _SAID.get(row.kind)
    if say is None or (row.kind == j.DEMAND and row.carried):
        return None
    seen = list(dict.fromkeys(entry.who for entry in some))
    return Deed(marks_of(some), say(world, names, row, [names[who] for who in seen]))


def _formed(_: World, names: Sequence[str], row: Entry, who: list[str]) -> str:
    whom = names[row.whom]
    if row.kind == j.FORMED and row.what == DEFENCE:
        return f"others stand by {who[0]} against {whom}"
    if row.kind == j.TURNED:
        return f"{of(who[0])} coalition turns on {whom}"
    return f"{who[0]} forms a coalition against {whom}"


def _joined(_: World, names: Sequence[str], row: Entry, who: list[str]) -> str:
    leader = names[row.what if row.kind == j.CROSSED else row.whom]
    return f"{listed(who)} {does(who, 'join')} {of(leader)} coalition"


def _left(_: World, names: Sequence[str], row: Entry, who: list[str]) -> str:
    return f"{listed(who)} {does(who, 'leave')} {of(names[row.whom])} coalition"


def _taken_over(_: World, names: Sequence[str], row: Entry, who: list[str]) -> str:
    return f"{who[0]} takes over {of(names[row.whom])} coalition"


def _broken_up(_: World, _names: Sequence[str], _row: Entry, who: list[str]) -> str:
    return f"{of(who[0])} coalition breaks up"


def _adopted(world: World, _: Sequence[str], row: Entry, who: list[str]) -> str:
    return f"the {world.words.body} follows {who[0]} on {world.questions[row.what].title}"


def _division(world: World, names: Sequence[str], row: Entry, _: list[str]) -> str:
    winner, loser = (row.who, row.whom) if row.carried else (row.whom, row.who)
    over = (
        world.words.axis(world.axes[int(row.z)]) if row.what == NOBODY
        else world.questions[row.what].title
    )  # fmt: skip
    return f"{names[winner]} beats {names[loser]} over {over}"


def _recant(_: World, _names: Sequence[str], _row: Entry, who: list[str]) -> str:
    return f"{listed(who)} {does(who, 'recant')}"


def _demand(world: World, names: Sequence[str], row: Entry, _: list[str]) -> str:
    asked = world.ladder[row.what - 1].demand.replace("{who}", names[row.whom])
    return f"{asked} is demanded in vain"


def _fell(world: World, _: Sequence[str], row: Entry, who: list[str]) -> str:
    return f"{listed(who)} {are(who)} {world.ladder[row.what - 1].done}"


def _post(world: World, _: Sequence[str], row: Entry, who: list[str]) -> str:
    post = world.words.post(world.offices[row.what])
    return f"{post} passes to {who[0]}" if row.who != NOBODY else f"{post} is left without a holder"


def _seated(_: World, names: Sequence[str], row: Entry, who: list[str]) -> str:
    seats = "a full seat" if len(who) == 1 else "full seats"
    by = "" if row.whom == NOBODY else f" by the favour of {names[row.whom]}"
    return f"{listed(who)} {does(who, 'take')} {seats}{by}"


def _tied(_: World, names: Sequence[str], row: Entry, who: list[str]) -> str:
    clients = "a client" if len(who) == 1 else "clients"
    return f"{listed(who)} {does(who, 'become')} {clients} of {names[row.whom]}"


def _proposed(_: World, _names: Sequence[str], row: Entry, who: list[str]) -> str:
    return f"the proposal of {who[0]} {'carries' if row.carried else 'finds no majority'}"


_Say = Callable[[World, Sequence[str], Entry, list[str]], str]
_SAID: dict[int, _Say] = {
    j.FORMED: _formed, j.TURNED: _formed, j.JOINED: _joined, j.CROSSED: _joined, j.LEFT: _left,
    j.TAKEN_OVER: _taken_over, j.BROKEN_UP: _broken_up, j.ADOPTED: _adopted,
    j.DIVISION: _division, j.RECANT: _recant, j.DEMAND: _demand, j.SANCTION: _fell,
    j.STRUCK: _fell, j.POST: _post, j.SEATED: _seated, j.TIED: _tied, j.PROPOSED: _proposed,
}  # fmt: skip
