"""Imposing what is recorded: the rules' own chance of it is charged, and the value is taken.

A chance p that the rules give to what the record says becomes (1 - e) p + e / options, with e the
chance that the record is wrong: never nought, so that no history is ruled out by one entry.
"""

from __future__ import annotations

import math

from politburo_sim.rules.luck import luck
from politburo_sim.state.body import SPEAKERS, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.minutes import (
    ERROR,
    IMPOSED,
    OUTCOME,
    SEAT_ERROR,
    SEATS,
    UNSAID,
    VOTES,
    Minutes,
)
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import CHANCE, DONE, HAVE, REST, Work

_TEMPERATURE = PLACE["temperature"]
#: Below this temperature a choice is as sharp as its chance is ever reckoned.
_SHARPEST = 1e-3


@rule
def charge(body: Body, part: int, chance: float, options: float) -> None:
    """Add log((1 - e) p + e / options) to one part of the log-likelihood."""
    e = body.like[ERROR]
    body.like[part] += math.log((1.0 - e) * chance + e / options)


@rule
def charge_seating(body: Body, chance: float, options: float) -> None:
    """The same for a seat, whose record has an error of its own."""
    e = body.like[SEAT_ERROR]
    body.like[SEATS] += math.log((1.0 - e) * chance + e / options)


@rule
def odds_of(body: Body, value: float, most: float) -> float:
    """exp((value - most) / T): the odds of one choice of a logit, relative to the best."""
    return math.exp((value - most) / max(_SHARPEST, body.par[_TEMPERATURE]))


@rule
def settled(work: Work, carried: bool) -> bool:
    """Whether a motion carries: as the record has it, where it is imposed and says so."""
    if work.ask[IMPOSED] == 1 and work.ask[OUTCOME] != UNSAID:
        return work.ask[OUTCOME] == 1
    return carried


@rule
def passing(work: Work, first: int, n: int, have: float, rest: float, need: float) -> float:
    """Chance that the votes from place `first` of `work.order` on lift a motion above its need.

    have: the yes votes so far; rest: all votes that are still open. The tree of their votes is
    walked through depth first, cut where the outcome is settled.
    """
    path = work.path
    depth = 0
    path[0, CHANCE], path[0, HAVE], path[0, REST], path[0, DONE] = 1.0, have, rest, 0.0
    carries = 0.0
    while depth >= 0:
        now = path[depth, HAVE]
        place = first + depth
        if now > need:
            carries += path[depth, CHANCE]
            depth -= 1
            continue
        done = path[depth, DONE]
        if place == n or now + path[depth, REST] <= need or done == 2.0:
            depth -= 1
            continue
        k = work.order[place]
        weight, lean = work.weight[k], work.lean[k]
        path[depth, DONE] = done + 1.0
        yes = done == 0.0
        path[depth + 1, CHANCE] = path[depth, CHANCE] * (lean if yes else 1.0 - lean)
        path[depth + 1, HAVE] = now + (weight if yes else 0.0)
        path[depth + 1, REST] = path[depth, REST] - weight
        path[depth + 1, DONE] = 0.0
        depth += 1
    return carries


@rule
def impose_votes(body: Body, work: Work, decision: int, about: int, need: float) -> None:
    """The roll call as recorded: named votes as they were, the rest in accord with the outcome.

    Named votes are charged one by one, the outcome with the votes of the rest summed out; then
    each of the rest votes by his chance given the outcome and those who have voted.
    """
    have = 0.0
    rest = 0.0
    n = 0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        said = work.said[k]
        if said == UNSAID:
            place = n
            while place > 0 and work.weight[work.order[place - 1]] < work.weight[k]:
                work.order[place] = work.order[place - 1]
                place -= 1
            work.order[place] = k
            n += 1
            rest += work.weight[k]
            continue
        charge(body, VOTES, work.lean[k] if said == 1 else 1.0 - work.lean[k], 2.0)
        body.vote[k] = said
        have += work.weight[k] if said == 1 else 0.0
    outcome = work.ask[OUTCOME]
    if outcome != UNSAID:
        carries = passing(work, 0, n, have, rest, need)
        charge(body, VOTES, carries if outcome == 1 else 1.0 - carries, 2.0)
    for i in range(n):
        k = work.order[i]
        weight = work.weight[k]
        rest -= weight
        chance = work.lean[k]
        if outcome != UNSAID:
            yes = passing(work, i + 1, n, have + weight, rest, need)
            no = passing(work, i + 1, n, have, rest, need)
            if outcome == 0:
                yes = 1.0 - yes
                no = 1.0 - no
            both = chance * yes + (1.0 - chance) * no
            chance = chance * yes / both if both > 0.0 else chance
        body.vote[k] = 1 if luck(body, decision, k, about) < chance else 0
        have += weight if body.vote[k] == 1 else 0.0


@rule
def impose_nothing(work: Work) -> None:
    """Nothing is imposed from here on, but how seats are filled."""
    work.ask[IMPOSED] = 0
    work.ask[OUTCOME] = UNSAID
    for k in range(work.said.shape[0]):
        work.said[k] = UNSAID
        work.awaited[k] = 0


@rule
def chosen_chance(body: Body, work: Work, who: int, choice: int, nobody: float) -> float:
    """Chance of one choice of a logit over `work.bid[who]` and nobody."""
    most = nobody
    for i in range(body.clock[SPEAKERS]):
        most = max(most, work.bid[who, body.speakers[i]])
    whole = odds_of(body, nobody, most)
    for i in range(body.clock[SPEAKERS]):
        whole += odds_of(body, work.bid[who, body.speakers[i]], most)
    return odds_of(body, work.bid[who, choice], most) / whole


@rule
def say(work: Work, positions: Minutes, ask: int, on_the_man: bool) -> None:
    """Take the recorded positions of one roll call into `work.said`."""
    for k in range(work.said.shape[0]):
        work.said[k] = positions.judge_said[ask, k] if on_the_man else positions.said[ask, k]
    work.ask[OUTCOME] = positions.judged[ask] if on_the_man else positions.carried[ask]
    work.ask[IMPOSED] = 1
