"""Scratch space of one question; nothing in it outlives a month."""

from __future__ import annotations

from typing import Annotated

from politburo_sim.state.body import Body, Floats, Ints, new_record

#: Largest body for which members look ahead: tables over its 2**HORIZON sub-bodies.
HORIZON = 12
ABSENT = -1

# Fields of Work.contest: one side of a question against the other.
(
    CHALLENGER,  # slot of the leader of the one side
    RIVAL,  # slot of the leader of the other
    OURS,  # the challenger's coalition, or NOBODY
    THEIRS,  # the rival's
    AXIS,  # axis of the policy in question, or NOBODY where it is about the men
    PERSONAL,  # 1: a sanction, whose mover is not at stake
    WATCHER,  # who has thought out in whom danger lies, or NOBODY
) = range(7)
# Fields of Work.stakes.
(
    OUR_WEIGHT,  # share of the votes that the challenger's side brings
    THEIR_WEIGHT,
    OUR_PRIZE,  # what falls to the challenger's side if the rival's falls
    THEIR_PRIZE,
    FOR,  # the challenger's place on the axis
    AGAINST_IT,  # the rival's
    RELUCTANCE,  # cost of a sanction to those with a scruple
) = range(7)
# Fields of Work.figures.
ALL_VOTES, VENUE, UNALIGNED, PRESTIGE, AXES, RATES, STAYS, SCALE = range(8)
# Fields of Work.path.
CHANCE, HAVE, REST, DONE = range(4)


class Work:
    """Scratch arrays, by slot unless said otherwise."""

    weight: Annotated[Floats, "N"]  # true share of the votes
    seen: Annotated[Floats, "N"]  # share of the votes as one man sees it
    voice: Annotated[Floats, "N"]  # share of prestige among those who speak
    open: Annotated[Floats, "N"]  # power that all can see: (voice + seats)/3
    own: Annotated[Floats, "N"]  # power as its owner knows it, 0..1
    prize: Annotated[Floats, "N"]  # what falls to the victors with a man: seat and posts, 0..1
    rate: Annotated[Floats, "N"]  # appointments rate
    outlook: Annotated[Floats, "N D"]  # ideal, drawn to the patron's stance
    contest: Annotated[Ints, "8"]
    stakes: Annotated[Floats, "8"]
    figures: Annotated[Floats, "8"]
    stand: Annotated[Floats, "N"]  # parts of utility: conviction, friendship, favour
    hope: Annotated[Floats, "N"]  # what winning is worth
    dread: Annotated[Floats, "N"]  # what losing is worth
    unity: Annotated[Floats, "N"]  # weight of the expected majority
    danger: Annotated[Floats, "N"]  # how far the watcher's chance to stay rises with each man gone
    expected: Annotated[Floats, "N"]  # tally each member expects, 0..1
    lean: Annotated[Floats, "N"]  # chance of a yes
    sight: Annotated[Ints, "N"]  # 1 or 0 where a member has looked ahead, else ABSENT
    inside: Annotated[Ints, "N"]  # 1 in the coalition being formed
    asked: Annotated[Ints, "N"]  # 1 where already invited
    value: Annotated[Floats, "N"]  # utility of joining
    price: Annotated[Floats, "N"]  # what joining costs who leaves another coalition for it
    bid: Annotated[Floats, "N N"]  # what a choice is worth: a mover (row) and his target
    ask: Annotated[Ints, "8"]  # what a record imposes (`minutes.py`); nought where nothing
    said: Annotated[Ints, "N"]  # recorded positions in this roll call
    path: Annotated[Floats, "M 4"]  # one place of a walk through the votes that are open
    awaited: Annotated[Ints, "N"]  # 1 where the record has a man take a seat
    accused: Annotated[Ints, "N"]  # 1 where named in a personnel question
    feared: Annotated[Floats, "4"]  # power of the strongest: now, after victory, after defeat
    sides: Annotated[Floats, "N N"]  # chance that a man (column) stands with a head (row)
    gain: Annotated[Floats, "N"]  # sums being formed
    pull: Annotated[Floats, "N N"]  # how each man (row) is drawn to each other, on a scale of odds
    pulled: Annotated[Floats, "N"]  # chance that each is drawn to the challenger's policy
    heads: Annotated[Ints, "N"]  # slots of the voting heads, for looking ahead
    order: Annotated[Ints, "N"]  # proposers in turn
    keys: Annotated[Floats, "N"]
    power: Annotated[Floats, "N"]  # powers of the heads, as one member sees them
    mass: Annotated[Floats, "H"]  # power of each sub-body
    further: Annotated[Ints, "H"]  # where play goes on to from each sub-body
    deeper: Annotated[Ints, "H"]


def make_work(body: Body) -> Work:
    """Scratch space for a body of this size."""
    slots, axes = body.ideal.shape
    return new_record(Work, {"N": slots, "M": slots + 1, "D": axes, "H": 1 << HORIZON})[1]
