"""The state of a run as plain arrays in records, shared by both drivers.

A *slot* is a place in the arrays for one person: first the members of the file, in the
order of their ids, then spare slots for newcomers. Sums and ties follow slot order.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, TypeVar, cast, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

# Each array type carries its dtype beside it: what NDArray is made of differs between NumPys.
Floats = Annotated[NDArray[np.float64], np.float64]
Ints = Annotated[NDArray[np.int64], np.int64]
Idents = Annotated[NDArray[np.uint64], np.uint64]
Shape = TypeVar("Shape")

#: A member's standing. COMMITTEE: out of the Politburo, still in the party.
AWAITED, CANDIDATE, FULL, COMMITTEE, GONE = 0, 1, 2, 3, 4
#: The rung of a man who was never sanctioned, and its name; those above are the world's.
CLEAR, UNSANCTIONED = 0, "clear"
# Fields of Body.ladder: the rungs on which a man loses his posts, his seat and his party.
POSTS_LOST, SEAT_LOST, PARTY_LOST = range(3)
#: Rungs that a world may have, above the clear one.
MOST_RUNGS = 7
NOBODY = -1

#: Coalitions that can stand at one time.
MOST_COALITIONS = 4
#: What a coalition is for: against a man, for a policy, in defence of a man.
AGAINST, POLICY, DEFENCE = 0, 1, 2

# Fields of Body.clock. CLEAR_...: the same with the clause that no rival coalition stands.
(
    SPEAKERS,
    PRESENT,
    HEADS,
    TURN,
    LEADER,
    STREAK,
    RULER,
    RULED_SINCE,
    CLEAR_LEADER,
    CLEAR_STREAK,
    CLEAR_RULER,
    CLEAR_SINCE,
    MONTH,
    DEFEATS,
    LAST_DIVISION,
    FELL_THIS_MONTH,
    LAST_CONGRESS,
) = range(17)
# Fields of Body.count (cumulative counters of one run).
COUNTERS = (
    "attempts",  # a head set out to organise
    "coalitions",  # formed
    "switches",  # left one coalition for a rival one
    "desertions",  # left a coalition otherwise
    "takeovers",  # a coalition changed its leader against his will
    "ally_targets",  # a friend or partner was turned on
    "divisions",  # roll calls on policy
    "unopposed",  # policies adopted without a division
    "pressed",  # divisions outside the agenda, forced by a coalition
    "narrow",  # divisions lost by two heads or more
    "flips",  # a mover stood against his own conviction
    "recanted",
    "demands",  # roll calls on a person
    "carried",
    "appeals",  # of these, taken on to the Committee
    "strikes",
    "batches",  # months in which several fell at once
    "largest_batch",
    "attached",  # a man gave himself to a patron
    "patrons_changed",
    "met",
    "unmet",
    "unfilled",  # seats that nobody was left to take
    "stood_up",  # one who had been removed stood up in the Committee for the beaten
    "demoted",  # dismissed, and not elected again to what he was
)
(
    ATTEMPTS,
    COALITIONS,
    SWITCHES,
    DESERTIONS,
    TAKEOVERS,
    ALLY_TARGETS,
    DIVISIONS,
    UNOPPOSED,
    PRESSED,
    NARROW,
    FLIPS,
    RECANTED,
    DEMANDS,
    CARRIED,
    APPEALS,
    STRIKES,
    BATCHES,
    LARGEST_BATCH,
    ATTACHED,
    PATRONS_CHANGED,
    MET,
    UNMET,
    UNFILLED,
    STOOD_UP,
    DEMOTED,
) = range(len(COUNTERS))


class Body:
    """Everything that changes in a run, as one record of arrays.

    N slots, D axes, K offices, S seats, P parameters. A record is one block of memory: rules
    take it by its address, a run starts by copying it.
    """

    key: Annotated[Idents, "2"]  # seed, month and occasion, mixed: where luck starts; kept aside
    seed: Annotated[Ints, "1"]
    twist: Annotated[Idents, "256"]  # other luck for a part of all draws; nought: none (`luck.py`)
    like: Annotated[Floats, "8"]  # log-likelihood by kind where a record is imposed (`minutes.py`)

    ident: Annotated[Idents, "N"]  # stable id of the person in the slot, 0 in a spare slot
    ideal: Annotated[Floats, "N D"]  # in [-1, 1]
    stance: Annotated[Floats, "N D"]  # in [-1, 1]
    opportunism: Annotated[Floats, "N"]  # in [0, 1]
    loyalty: Annotated[Floats, "N"]  # in [0, 1]
    foresight: Annotated[Floats, "N"]  # in [0, 1]
    prestige: Annotated[Floats, "N"]  # >= 0, prestige of offices included
    bases: Annotated[Floats, "N"]  # share of the Committee, sum <= 1
    bond: Annotated[Floats, "N N"]  # in [-1, 1], row: who feels
    opacity: Annotated[Floats, "N N"]  # in [0, 1], row: who looks
    patron: Annotated[Ints, "N"]  # slot or NOBODY
    ladder: Annotated[Ints, "3"]  # rungs on which posts, seat and party are lost, rising
    rung: Annotated[Ints, "N"]  # from 0 to that on which the party is lost
    since: Annotated[Ints, "N 8"]  # month in which each rung was reached, else NOBODY
    last: Annotated[Ints, "N"]  # month of the last sanction, far in the past if none
    status: Annotated[Ints, "N"]
    capable: Annotated[Ints, "N"]  # 0 or 1
    seat: Annotated[Ints, "N"]  # seat held or NOBODY
    vote: Annotated[Ints, "N"]  # 1, 0 or absent (-1) when last all were asked; on the floor: a side
    named: Annotated[Ints, "N"]  # 1 where an offence has made a man liable to sanction
    company: Annotated[Ints, "N"]  # number of the defeat in which he was named, or NOBODY
    coalition: Annotated[Ints, "N"]  # the coalition he belongs to, or NOBODY
    joined: Annotated[Ints, "N"]  # month in which he joined it
    left: Annotated[Ints, "N"]  # the coalition he last left, or NOBODY
    left_born: Annotated[Ints, "N"]  # month in which that coalition was formed
    ally: Annotated[Ints, "N N"]  # 1 where two men have ever shared a coalition
    coalition_leader: Annotated[Ints, "4"]  # slot, or NOBODY where none stands in this place
    coalition_target: Annotated[Ints, "4"]  # slot or NOBODY
    coalition_born: Annotated[Ints, "4"]  # month
    coalition_aim: Annotated[Ints, "4"]  # AGAINST, POLICY or DEFENCE
    speakers: Annotated[Ints, "N"]  # slots of those who speak (full or candidate, capable)
    present: Annotated[Ints, "N"]  # slots of all full members and candidates
    share: Annotated[Floats, "N"]  # power share, sums to one
    clients: Annotated[Floats, "N"]  # seats that count for the member
    line: Annotated[Floats, "D"]  # the party line
    axis_weight: Annotated[Floats, "D"]  # sums to one; 0 on an axis not in use
    par: Annotated[Floats, "P"]  # parameters, in the table's order
    office_holder: Annotated[Ints, "K"]  # slot or NOBODY
    office_rate: Annotated[Floats, "K"]  # appointments rate >= 0
    office_prestige: Annotated[Floats, "K"]
    office_open: Annotated[Ints, "K"]  # 0 or 1
    founding_rate: Annotated[Floats, "1"]  # sum of the rates at the start
    seat_ident: Annotated[Idents, "S"]
    seat_generation: Annotated[Ints, "S"]
    seat_holder: Annotated[Ints, "S"]  # slot or NOBODY
    seat_open: Annotated[Ints, "S"]  # 0 or 1
    clock: Annotated[Ints, "20"]
    count: Annotated[Ints, "32"]


class Calendar:
    """Dated events as numbers, sorted by month; `due[m]:due[m + 1]` fall in month m."""

    due: Annotated[Ints, "T"]  # [months + 1]
    kind: Annotated[Ints, "E"]
    chosen: Annotated[Ints, "E"]  # 1 for an intervention, 0 for what the record has
    who: Annotated[Ints, "E"]  # slot or NOBODY
    whom: Annotated[Ints, "E"]  # slot, office or parameter, by kind
    what: Annotated[Ints, "E"]  # rung, status or venue, by kind
    backer: Annotated[Ints, "E"]  # slot or NOBODY
    amount: Annotated[Floats, "E"]
    vector: Annotated[Floats, "E D"]
    needs_from: Annotated[Ints, "E"]  # first requirement
    needs_to: Annotated[Ints, "E"]  # one past the last
    need_kind: Annotated[Ints, "Q"]
    need_who: Annotated[Ints, "Q"]
    need_what: Annotated[Ints, "Q"]


class Agenda:
    """Dated questions of policy, sorted by month; `due[m]:due[m + 1]` fall in month m."""

    due: Annotated[Ints, "T"]  # [months + 1]
    axis: Annotated[Ints, "A"]
    low: Annotated[Floats, "A"]  # in [-1, 1], below `high`
    high: Annotated[Floats, "A"]  # in [-1, 1]


class Coding:
    """How far coded numbers may lie from what was coded, and the coded traits (or nan).

    Half-widths: absolute for ideals, bonds and traits, relative for prestige and base.
    """

    ideal_half: Annotated[Floats, "N D"]
    prestige_half: Annotated[Floats, "N"]
    base_half: Annotated[Floats, "N"]
    bond_half: Annotated[Floats, "N N"]
    opportunism: Annotated[Floats, "N"]  # coded value or nan
    loyalty: Annotated[Floats, "N"]  # coded value or nan
    foresight: Annotated[Floats, "N"]  # coded value or nan
    opportunism_half: Annotated[Floats, "N"]
    loyalty_half: Annotated[Floats, "N"]
    foresight_half: Annotated[Floats, "N"]


def room(needed: int, least: int) -> int:
    """Capacity for so many: a power of two, so that most worlds share one compilation."""
    size = least
    while size < needed:
        size *= 2
    return size


def record_type(of: type, sizes: Mapping[str, int]) -> np.dtype[np.void]:
    """The record type of an annotated class, with its dimensions filled in."""
    fields = []
    for name, hint in get_type_hints(of, include_extras=True).items():
        _, scalar, dims = get_args(hint)
        shape = tuple(int(d) if d.isdigit() else sizes[d] for d in dims.split())
        fields.append((name, scalar, shape))
    return np.dtype((np.record, fields))


class BareRecord(np.void):  # type: ignore[misc]
    """A record as rules take it quickest from Python, and Python reads it: its fields at hand."""

    data: Any = None


@cache
def _bare_type(fields: tuple[Any, ...]) -> np.dtype[np.void]:
    """One object for each layout, since numba knows a layout by its object."""
    return np.dtype((BareRecord, list(fields)))


def new_record(of: type[Shape], sizes: Mapping[str, int]) -> tuple[NDArray[np.void], Shape]:
    """An array of one zeroed record, and that record."""
    block = np.zeros(1, record_type(of, sizes))
    return block, cast(Shape, block[0])


def copy_record(record: Shape) -> Shape:
    """A record of its own with the same contents."""
    block = np.zeros(1, cast(Any, record).dtype)
    block[0] = record
    return cast(Shape, block[0])


def bare(record: Shape) -> Shape:
    """The same memory as a bare record: rules take it quicker, Python reads it by name only.

    numba asks a record for `data`, which numpy makes anew, with all its field names, on every
    call (6 microseconds); here it is made once (0.3).
    """
    fields = cast(Any, record).dtype.fields
    layout = tuple((name, *field[0].subdtype) for name, field in fields.items())
    memory = np.frombuffer(cast(Any, record), np.uint8)
    plain = cast(Any, memory.view(_bare_type(layout))[0])
    plain.data = memory.data
    for name in fields:
        setattr(plain, name, cast(Any, record)[name])
    return cast(Shape, plain)


def as_block(record: Any) -> NDArray[np.void]:
    """The array of one that holds a copy of a record, as the engine takes it."""
    block = np.zeros(1, record.dtype)
    block[0] = record
    return block


# Kinds of event.
(
    DEATH,
    INCAPACITY,
    RECOVERY,
    ADMISSION,
    EXIT,
    SEATS,
    ASSIGN,
    VACATE,
    ABOLISH,
    QUESTION,
    REVELATION,
    NORM,
    BOND,
    SHOCK,
    WEIGHT,
    CONGRESS,
) = range(16)
EVENT_KINDS = (
    "death",
    "incapacity",
    "recovery",
    "admission",
    "exit",
    "seats",
    "assign",
    "vacate",
    "abolish",
    "question",
    "revelation",
    "norm",
    "bond",
    "shock",
    "weight",
    "congress",
)
# Kinds of requirement.
NEED_SEATED, NEED_IN_BODY, NEED_HOLDS, NEED_CAPABLE, NEED_OPEN = range(5)
NEED_KINDS = ("seated", "in_body", "holds", "capable", "open")
# Venues of a forced question.
USUAL, POLITBURO, COMMITTEE_FLOOR = 0, 1, 2
VENUES = ("usual", "politburo", "committee")
