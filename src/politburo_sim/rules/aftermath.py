"""Aftermath of a roll call: prestige, bonds, the line, and who comes over."""

from __future__ import annotations

from politburo_sim.rules.platform import FLIP
from politburo_sim.rules.space import distance
from politburo_sim.state.body import (
    DEFEATS,
    DESERTIONS,
    NOBODY,
    RECANTED,
    SPEAKERS,
    Body,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import DESERTED, RECANT, Journal, note
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_STAKE = PLACE["stake"]
_BOND = PLACE["bond_speed"]
_LINE = PLACE["line_speed"]
_UNITY = PLACE["unity_recant"]
_OPPORTUNISM = PLACE["recant_opportunism"]
_LOYALTY = PLACE["recant_loyalty"]
_SWITCHING = PLACE["switching"]


@rule
def move_bonds(body: Body, work: Work) -> None:
    """Together a bond grows towards 1, apart it falls towards -1, by a share eta_b."""
    speed = body.par[_BOND]
    n = body.clock[SPEAKERS]
    for i in range(n):
        k = body.speakers[i]
        mine = work.vote[k]
        for j in range(n):
            other = body.speakers[j]
            aim = 1.0 if work.vote[other] == mine else -1.0
            if i != j:
                body.bond[k, other] += speed * (aim - body.bond[k, other])


@rule
def note_sides(
    body: Body, work: Work, journal: Journal, month: int, mover: int, target: int
) -> None:
    """Remember whom everybody voted with; to leave the last leader for his rival is desertion."""
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if k == mover or k == target:
            body.follows[k] = NOBODY
            continue
        leader = mover if work.vote[k] == 1 else target
        left = target if work.vote[k] == 1 else mover
        if body.follows[k] == left:
            body.count[DESERTIONS] += 1
            note(journal, month, DESERTED, k, left, 0, 0.0, 0.0, 0.0)
        body.follows[k] = leader


@rule
def move_line(body: Body, work: Work, carried: bool) -> None:
    """The line moves a share lambda of the way to the platform that won."""
    speed = body.par[_LINE]
    for i in range(body.line.shape[0]):
        won = work.chosen[i] if carried else work.rival[i]
        body.line[i] += speed * (won - body.line[i])


@rule
def recant_share(
    opportunism: float, loyalty: float, c_o: float, c_l: float, u_recant: float
) -> float:
    """How far one of the beaten comes over: min(1, c_o o + c_l u_recant l)."""
    return min(1.0, c_o * opportunism + c_l * u_recant * loyalty)


@rule
def come_over(body: Body, work: Work, journal: Journal, month: int, carried: bool) -> None:
    """The stance of the beaten moves to the line."""
    par = body.par
    if par[_SWITCHING] == 0.0:
        return
    losing = 0 if carried else 1
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if work.vote[k] != losing:
            continue
        share = recant_share(
            body.opportunism[k], body.loyalty[k], par[_OPPORTUNISM], par[_LOYALTY], par[_UNITY]
        )
        moved = share * distance(body.stance[k], body.line, body.axis_weight)
        for axis in range(body.line.shape[0]):
            body.stance[k, axis] += share * (body.line[axis] - body.stance[k, axis])
        if moved >= FLIP:
            body.count[RECANTED] += 1
            note(journal, month, RECANT, k, NOBODY, 0, moved, 0.0, 0.0)


@rule
def settle(
    body: Body, work: Work, journal: Journal, month: int, mover: int, target: int, carried: bool
) -> None:
    """All that follows from a policy roll call."""
    winner = mover if carried else target
    loser = target if carried else mover
    stake = body.par[_STAKE] * body.prestige[loser]
    body.prestige[winner] += stake
    body.prestige[loser] -= stake
    if not carried:
        body.count[DEFEATS] += 1
    note_sides(body, work, journal, month, mover, target)
    move_bonds(body, work)
    move_line(body, work, carried)
    come_over(body, work, journal, month, carried)
