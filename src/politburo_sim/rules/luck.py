"""Luck as the rules take it: one draw a decision, keyed by the persons it concerns."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from politburo_sim.state.body import MONTH, NOBODY, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.draws import begin, chance, mix

_NONE: Any = np.uint64(0)
#: Parts of the draws of a month, and of the founding.
PARTS, FOUNDING_PARTS = 16, 256


@rule
def part_of(decision: int, who: int) -> int:
    """Which of the parts of a month's draws one belongs to.

    `body.twist` gives a part luck of its own, so that a sampler can ask what would have come of
    other luck in a few decisions of a month, all others left as they were. In free histories it
    is nought.
    """
    return (5 * decision + who) % PARTS


@rule
def new_month(body: Body) -> None:
    """The luck of a month: all its draws start from seed and month."""
    body.key[0] = begin(body.seed[0], body.clock[MONTH])


@rule
def new_occasion(body: Body, decision: int, number: int) -> None:
    """Luck of its own for one question of a month in which the same decisions come up again."""
    new_month(body)
    body.key[0] = mix(mix(body.key[0], decision), number)


@rule
def set_apart(body: Body, decision: int, number: int) -> None:
    """Luck of its own for one post or seat of several that pass at once, until `set_back`."""
    body.key[1] = body.key[0]
    body.key[0] = mix(mix(body.key[0], decision), number)


@rule
def set_back(body: Body) -> None:
    """On with the luck as it was before `set_apart`."""
    body.key[0] = body.key[1]


@rule
def luck(body: Body, decision: int, who: int, whom: int) -> float:
    """A number strictly between 0 and 1; `who` and `whom` are slots, or NOBODY."""
    one = body.ident[who] if who != NOBODY else _NONE
    other = body.ident[whom] if whom != NOBODY else _NONE
    return chance(body.key[0] ^ body.twist[part_of(decision, who)], decision, one, other)


@rule
def happens(body: Body, decision: int, who: int, whom: int, probability: float) -> bool:
    """Whether something comes about that has this probability."""
    return luck(body, decision, who, whom) < probability


@rule
def gumbel(body: Body, decision: int, who: int, whom: int) -> float:
    """A standard Gumbel number, -log(-log u).

    Whoever maximises value + T gumbel chooses by logit: P(j) = exp(v_j / T) / sum_i exp(v_i / T).
    """
    return -math.log(-math.log(luck(body, decision, who, whom)))


@rule
def turn(body: Body, decision: int, who: int, weight: float) -> float:
    """Waiting time of one of several: the shortest has its turn, with chance weight / sum."""
    return -math.log(luck(body, decision, who, NOBODY)) / weight if weight > 0.0 else math.inf


@rule
def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow."""
    if x > 30.0:
        return 1.0
    if x < -30.0:
        return 0.0
    return 1.0 / (1.0 + math.exp(-x))
