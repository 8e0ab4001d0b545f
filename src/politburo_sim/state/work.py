"""Scratch space of one question; nothing in it outlives a month."""

from __future__ import annotations

from typing import Annotated

from politburo_sim.state.body import Body, Floats, Ints, new_record

#: Largest body for which members look ahead: tables over its 2**HORIZON sub-bodies.
HORIZON = 12
ABSENT = -1


class Work:
    """Scratch arrays, by slot unless said otherwise."""

    weight: Annotated[Floats, "N"]  # true weight in the tally
    voice: Annotated[Floats, "N"]  # share of prestige among those who speak
    veil: Annotated[Floats, "N N"]  # part of each base (row) hidden from each observer (column)
    appeal: Annotated[Floats, "N"]  # utility of the challenger's side, expectations apart
    sway: Annotated[Floats, "N"]  # weight of the expected majority
    expected: Annotated[Floats, "N"]  # tally each member expects, 0..1
    lean: Annotated[Floats, "N"]  # chance of a yes
    sight: Annotated[Ints, "N"]  # 1 or 0 where a member has looked ahead, else ABSENT
    vote: Annotated[Ints, "N"]  # 1, 0 or ABSENT
    named: Annotated[Ints, "N"]  # 1 where named in a personnel question
    gain: Annotated[Floats, "N"]  # sums being formed
    platform: Annotated[Floats, "4 D"]  # the challenger's choices
    chosen: Annotated[Floats, "D"]  # the challenger's platform
    rival: Annotated[Floats, "D"]  # the rival's platform
    figures: Annotated[Floats, "4"]  # votes in all, weight of the venue, unaligned, prestige
    heads: Annotated[Ints, "N"]  # slots of the voting heads, for looking ahead
    order: Annotated[Ints, "N"]  # proposers in turn
    keys: Annotated[Floats, "N"]
    power: Annotated[Floats, "N"]  # powers of the heads, as one member sees them
    mass: Annotated[Floats, "H"]  # power of each sub-body
    value: Annotated[Ints, "H"]  # where play goes on to from each sub-body
    deeper: Annotated[Ints, "H"]


ALL_VOTES, VENUE, UNALIGNED, PRESTIGE = range(4)


def make_work(body: Body) -> Work:
    """Scratch space for a body of this size."""
    slots, axes = body.ideal.shape
    return new_record(Work, {"N": slots, "D": axes, "H": 1 << HORIZON})[1]
