"""The floor: those who have been removed go on opposing before the Committee.

After a division a man who is out of the Politburo and still in the Committee may have the floor
(chance `floor`) and stand up there for the side that has lost: by the one value, at the one
temperature, against one effort, on the tally as it has come out. He has no vote, no seat to lose
and no power in the body: what moves him is conviction, friendship, a patron's favour, the line.

He is heard with his share of the prestige, and may be named with the beaten as one who signed with
them (`rules/offences.py`). What a plenum can still take from him is his membership: expulsion, in
the Committee alone and by two thirds (`rules/sanctions.py`). Who recants is clear of it.
"""

from __future__ import annotations

from politburo_sim.rules.luck import happens
from politburo_sim.rules.membership import may_turn_on
from politburo_sim.rules.minds import stand_up
from politburo_sim.rules.perception import outside
from politburo_sim.rules.value import set_contest, set_policy
from politburo_sim.state import draws as d
from politburo_sim.state import journal as j
from politburo_sim.state.body import STOOD_UP, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal, note
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import AGAINST_IT, AXIS, FOR, PRESTIGE, Work

_FLOOR = PLACE["floor"]


@rule
def argue_again(body: Body, work: Work, loser: int, winner: int, losing: int) -> None:
    """The contest of a division that has been held, with the beaten as the challenger."""
    axis, mine, other = work.contest[AXIS], work.stakes[FOR], work.stakes[AGAINST_IT]
    set_contest(body, work, loser, winner)
    if losing == 1:
        set_policy(work, axis, mine, other)
    else:
        set_policy(work, axis, other, mine)


@rule
def take_floor(
    body: Body, work: Work, journal: Journal, loser: int, winner: int, losing: int, share: float
) -> None:
    """Who has been removed may stand up for the beaten; his side, like a vote, into `body.vote`.

    losing: the vote of those who have lost, 1 or 0; share: of the votes, what they got.
    """
    if body.par[_FLOOR] == 0.0:
        return
    argue_again(body, work, loser, winner, losing)
    prestige = work.figures[PRESTIGE]
    for k in range(body.status.shape[0]):
        if not outside(body, k) or not may_turn_on(body, k, winner):
            continue
        work.expected[k] = share
        if happens(body, d.FLOOR, k, loser, body.par[_FLOOR] * stand_up(body, work, k)):
            body.vote[k] = losing
            work.voice[k] = body.prestige[k] / prestige if prestige > 0.0 else 0.0
            body.count[STOOD_UP] += 1
            note(journal, body, j.STOOD_UP, k, loser, 0, share)
