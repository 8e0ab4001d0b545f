"""Places lost: the seat of who is removed, and the elections after a congress.

The first plenum after a congress elects the body. Whoever is dismissed in that month may, with
chance `demotion`, not be elected again to what he was: a full member becomes a candidate and loses
his seat but not his voice, a candidate stays in the Committee alone. The seat is filled as after a
removal.
"""

from __future__ import annotations

from politburo_sim.rules.luck import happens
from politburo_sim.rules.membership import tidy
from politburo_sim.rules.perception import in_body, muster
from politburo_sim.rules.vacancy import fill_seat, free_seat
from politburo_sim.state import draws as d
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    CANDIDATE,
    COMMITTEE,
    DEMOTED,
    FULL,
    LAST_CONGRESS,
    MONTH,
    NOBODY,
    Body,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal, note
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_DEMOTION = PLACE["demotion"]
_PLENUM = PLACE["plenum_months"]


@rule
def elects(body: Body) -> bool:
    """Whether the plenum of this month is the first after a congress."""
    month, congress = body.clock[MONTH], body.clock[LAST_CONGRESS]
    between = int(body.par[_PLENUM])
    return congress != NOBODY and month % between == 0 and month - congress < between


@rule
def lose_place(body: Body, work: Work, journal: Journal, who: int, to: int, coalition: int) -> None:
    """A man is a candidate, or in the Committee alone; his seat is filled, by the victors' favour.

    Who is out of the body has lost his base and left his coalition.
    """
    body.status[who] = to
    if to == COMMITTEE:
        body.bases[who] = 0.0
        body.coalition[who] = NOBODY
    seat = free_seat(body, who)
    muster(body)
    tidy(body, journal)
    if seat != NOBODY:
        fill_seat(body, work, journal, seat, coalition)


@rule
def may_demote(body: Body, work: Work, journal: Journal, who: int, by: int, coalition: int) -> None:
    """Who has just been dismissed may not be elected again to what he was."""
    if not in_body(body, who) or not elects(body):
        return
    if not happens(body, d.DEMOTE, who, NOBODY, body.par[_DEMOTION]):
        return
    to = CANDIDATE if body.status[who] == FULL else COMMITTEE
    body.count[DEMOTED] += 1
    note(journal, body, j.DEMOTED, who, by, to, 0.0)
    lose_place(body, work, journal, who, to, coalition)
