"""Who belongs to which coalition: entering, leaving, and what it is called when one does."""

from __future__ import annotations

from politburo_sim.state import journal as j
from politburo_sim.state.body import DESERTIONS, MONTH, NOBODY, PRESENT, SPEAKERS, SWITCHES, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal, note
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_SWITCHING = PLACE["switching"]
_TERM = PLACE["term"]
#: By how much the leader's bond to a man falls who crosses to his rival.
BETRAYAL = 0.2


@rule
def leads(body: Body, who: int) -> bool:
    """Whether a man leads a coalition."""
    c = body.coalition[who]
    return c != NOBODY and body.coalition_leader[c] == who


@rule
def bound(body: Body, who: int) -> bool:
    """Whether a member's term in his coalition is not yet served."""
    return body.clock[MONTH] - body.joined[who] < body.par[_TERM]


@rule
def at_war(body: Body, one: int, other: int) -> bool:
    """Whether one of two coalitions is aimed at a member of the other."""
    if one == NOBODY or other == NOBODY or one == other:
        return False
    if body.coalition_leader[one] == NOBODY or body.coalition_leader[other] == NOBODY:
        return False
    mine, theirs = body.coalition_target[one], body.coalition_target[other]
    return (mine != NOBODY and body.coalition[mine] == other) or (
        theirs != NOBODY and body.coalition[theirs] == one
    )


@rule
def former(body: Body, who: int) -> int:
    """The coalition that a man last left, while it stands; else NOBODY."""
    c = body.left[who]
    if c == NOBODY or body.coalition_leader[c] == NOBODY:
        return NOBODY
    return c if body.coalition_born[c] == body.left_born[who] else NOBODY


@rule
def may_turn_on(body: Body, who: int, other: int) -> bool:
    """Where switching is barred nobody turns on a man with whom he has ever stood, or on one of
    the coalition that he has left.
    """
    if body.par[_SWITCHING] != 0.0:
        return True
    left = former(body, who)
    return body.ally[who, other] == 0 and (left == NOBODY or body.coalition[other] != left)


@rule
def barred(body: Body, who: int, coalition: int) -> bool:
    """Whether a man may not enter a coalition: his term is not served, be it in one that he has
    left, or it would be switching.
    """
    mine = body.coalition[who]
    if mine == coalition:
        return False
    if bound(body, who) and at_war(body, comes_from(body, who), coalition):
        return True
    if body.par[_SWITCHING] != 0.0:
        return False
    target = body.coalition_target[coalition]
    if target != NOBODY and body.ally[who, target] == 1:
        return True
    return at_war(body, mine, coalition) or at_war(body, former(body, who), coalition)


@rule
def weight_of(body: Body, work: Work, coalition: int) -> float:
    """Share of the votes of a coalition's members."""
    total = 0.0
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if body.coalition[k] == coalition:
            total += work.weight[k]
    return total


@rule
def vacant(body: Body) -> int:
    """A place in which no coalition stands, or NOBODY."""
    for c in range(body.coalition_leader.shape[0]):
        if body.coalition_leader[c] == NOBODY:
            return c
    return NOBODY


@rule
def leave(body: Body, journal: Journal, who: int) -> None:
    """A man is out of his coalition."""
    c = body.coalition[who]
    if c == NOBODY:
        return
    body.left[who] = c
    body.left_born[who] = body.coalition_born[c]
    body.coalition[who] = NOBODY
    leader = body.coalition_leader[c]
    if leader != who:
        body.count[DESERTIONS] += 1
        note(journal, body, j.LEFT, who, leader, 0, 0.0)


@rule
def comes_from(body: Body, who: int) -> int:
    """The coalition that a man is in, or that he last left, while it stands; else NOBODY."""
    return body.coalition[who] if body.coalition[who] != NOBODY else former(body, who)


@rule
def comes_across(body: Body, who: int, coalition: int) -> bool:
    """Whether a man would come to a coalition from its rival, one that is not aimed at himself."""
    side = comes_from(body, who)
    return at_war(body, side, coalition) and body.coalition_target[side] != who


@rule
def enter(body: Body, journal: Journal, who: int, coalition: int, as_client: int) -> None:
    """A man enters a coalition; to come from its rival is to switch, and is not forgiven."""
    crosses = comes_across(body, who, coalition)
    pass_over(body, journal, who, coalition, as_client, crosses)


@rule
def pass_over(
    body: Body, journal: Journal, who: int, coalition: int, as_client: int, crosses: bool
) -> None:
    """A man enters a coalition, as one who comes from its rival or not.

    A coalition that its own target enters has nobody left to stand against.
    """
    if body.coalition[who] == coalition:
        return
    came_from = comes_from(body, who)
    leader = body.coalition_leader[coalition]
    if crosses:
        deserted = body.coalition_leader[came_from]
        body.count[SWITCHES] += 1
        note(journal, body, j.CROSSED, who, deserted, leader, 0.0)
        if deserted != who and deserted != leader:
            body.bond[deserted, who] = max(-1.0, body.bond[deserted, who] - BETRAYAL)
        body.left[who] = NOBODY
    else:
        leave(body, journal, who)
        if leader != who and body.coalition_born[coalition] < body.clock[MONTH]:
            note(journal, body, j.JOINED, who, leader, as_client, 0.0)
    body.coalition[who] = coalition
    body.joined[who] = body.clock[MONTH]
    if body.coalition_target[coalition] == who:
        body.coalition_target[coalition] = NOBODY
    for i in range(body.clock[PRESENT]):
        k = body.present[i]
        if k != who and body.coalition[k] == coalition:
            body.ally[who, k] = 1
            body.ally[k, who] = 1


@rule
def found(body: Body, coalition: int, leader: int, target: int, aim: int) -> None:
    """A coalition stands in a vacant place, as yet without members."""
    body.coalition_leader[coalition] = leader
    body.coalition_target[coalition] = target
    body.coalition_born[coalition] = body.clock[MONTH]
    body.coalition_aim[coalition] = aim


@rule
def end(body: Body, journal: Journal, coalition: int, told: bool) -> None:
    """A coalition is no more."""
    if told:
        lasted = body.clock[MONTH] - body.coalition_born[coalition]
        leader = body.coalition_leader[coalition]
        note(journal, body, j.BROKEN_UP, leader, NOBODY, coalition, float(lasted))
    for k in range(body.coalition.shape[0]):
        if body.coalition[k] == coalition:
            body.coalition[k] = NOBODY
    body.coalition_leader[coalition] = NOBODY
    body.coalition_target[coalition] = NOBODY


@rule
def tidy(body: Body, journal: Journal) -> None:
    """One man is no coalition; a leader who is gone is followed by the member with most prestige of
    those who are able.

    Who has left the body has left his coalition before this is called.
    """
    for c in range(body.coalition_leader.shape[0]):
        if body.coalition_leader[c] == NOBODY:
            continue
        members = 0
        heir = NOBODY
        for i in range(body.clock[PRESENT]):
            k = body.present[i]
            if body.coalition[k] == c:
                members += 1
                if heir == NOBODY or body.capable[k] > body.capable[heir]:
                    heir = k
                elif body.capable[k] == body.capable[heir]:
                    heir = k if body.prestige[k] > body.prestige[heir] else heir
        leader = body.coalition_leader[c]
        if members < 2:
            end(body, journal, c, True)
        elif body.coalition[leader] != c:
            body.coalition_leader[c] = heir
            note(journal, body, j.TAKEN_OVER, heir, leader, c, 1.0)


@rule
def may_be_invited(body: Body, organiser: int, who: int, target: int, coalition: int) -> bool:
    """Whether a man can be asked to stand against the target.

    Not the leader of the target's coalition, nor one of another where the organiser keeps his own;
    not who would cross before his term is served; with switching barred not who would cross, or
    who ever stood with the target.
    """
    mine = body.coalition[who]
    rival = body.coalition[target]
    if mine != NOBODY and leads(body, who):
        if mine == rival or (coalition != NOBODY and mine != coalition):
            return False
    ours = body.coalition[organiser]
    if crosses(body, comes_from(body, who), ours, rival) and bound(body, who):
        return False
    if body.par[_SWITCHING] != 0.0:
        return True
    return may_turn_on(body, who, target) and not crosses(body, comes_from(body, who), ours, rival)


@rule
def crosses(body: Body, mine: int, ours: int, rival: int) -> bool:
    """Whether who comes from one coalition to an organiser's would cross: from the target's, or
    from another at war with the organiser's.
    """
    return mine != NOBODY and (mine == rival or at_war(body, mine, ours))


@rule
def may_defend(body: Body, who: int, target: int, against: int) -> bool:
    """Whether a man may stand by a target: in no coalition, and with switching barred not where
    he has stood with those against it, or against it.
    """
    if body.coalition[who] != NOBODY or not may_turn_on(body, who, against):
        return False
    side = body.coalition[target]
    if side != NOBODY:
        return not barred(body, who, side)
    left = former(body, who)
    return body.par[_SWITCHING] != 0.0 or left == NOBODY or body.coalition_target[left] != target
