"""Patrons: whose seat counts for whom, and who gives himself to the strong.

A seat counts for its holder's patron while the tie is worth more than nothing to him,

    (1 - o) A + o (p - alt p') / (p + p') > 0,

with p the patron's power as he sees it and p' that of the strongest other; while the patron is in
the body and stronger than he; and while their coalitions are not at war.

With chance `attachment` a month a man without posts of his own to give may give himself to a
patron, or to another one: only to one who has posts to give, and only where his own power is below
`gap` times the patron's. If the patron leads or belongs to the other side he goes over with it.
"""

from __future__ import annotations

from politburo_sim.rules.favours import choose_patron
from politburo_sim.rules.luck import happens
from politburo_sim.rules.membership import at_war, enter, tidy
from politburo_sim.rules.perception import in_body, survey
from politburo_sim.state import draws as d
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    ATTACHED,
    NOBODY,
    PATRONS_CHANGED,
    SPEAKERS,
    Body,
)
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal, note
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_ATTACHMENT = PLACE["attachment"]
_BLOCS = PLACE["blocs"]
_VENUE = PLACE["venue"]


@rule
def seek_patrons(body: Body, work: Work, journal: Journal) -> None:
    """Each month a man may look for a patron."""
    if body.par[_ATTACHMENT] == 0.0:
        return
    for i in range(body.clock[SPEAKERS]):
        k = body.speakers[i]
        if not happens(body, d.SEEK, k, NOBODY, body.par[_ATTACHMENT]):
            continue
        survey(body, work, body.par[_VENUE])
        if work.rate[k] > 0.0:
            continue
        patron = choose_patron(body, work, k)
        if patron == NOBODY:
            continue
        before = body.patron[k]
        body.count[PATRONS_CHANGED] += 1 if in_body(body, before) else 0
        body.count[ATTACHED] += 1
        body.patron[k] = patron
        note(journal, body, j.TIED, k, patron, before, 0.0)
        side = body.coalition[patron]
        mine = body.coalition[k]
        if body.par[_BLOCS] != 0.0 and side != NOBODY and mine != side:
            if mine == NOBODY or at_war(body, mine, side):
                enter(body, journal, k, side, 1)
    tidy(body, journal)
