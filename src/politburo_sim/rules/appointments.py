"""Appointments: the Committee passes to those who fill its posts.

Each month a flow phi of the unaligned, and more slowly (kappa) of others' clients, passes to
the holders of offices by their appointments rates r_k; to an ill one, and to a post that nobody
holds, nothing flows. Those whose base is taken resist by
the threat they perceive in the taker. One normalised update, so that sum c <= 1:

    take_k   = phi r_k / R
    gain_j  += take_k (u + kappa sum_{i != j} c_i (1 - min(1, res threat_ij)))
    c_i     <- (1 - delta) (c_i + gain_i - loss_i)

u: unaligned share; R: sum of the rates of the open offices, so that the flow is conserved
when one is abolished (with flow_conserved = 0 R keeps its founding value and nobody gains).
Daniels's circular flow of power is the limit without turnover or resistance.
"""

from __future__ import annotations

from politburo_sim.state.body import NOBODY, PRESENT, SPEAKERS, Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_FLOW = PLACE["appointments"]
_POACHING = PLACE["poaching"]
_RESISTANCE = PLACE["resistance"]
_TURNOVER = PLACE["turnover"]
_CONSERVED = PLACE["flow_conserved"]
_SLATE = PLACE["slate_control"]


@rule
def total_rate(body: Body) -> float:
    """R: what the rates are measured against."""
    if body.par[_CONSERVED] == 0.0:
        return body.founding_rate[0]
    total = 0.0
    for office in range(body.office_holder.shape[0]):
        if body.office_open[office] == 1:
            total += body.office_rate[office]
    return total


@rule
def appoint(body: Body, work: Work) -> None:
    """One month of appointments."""
    par = body.par
    flow = par[_FLOW]
    turnover = par[_TURNOVER]
    present = body.clock[PRESENT]
    gain = work.gain
    unaligned = 1.0
    for i in range(present):
        k = body.present[i]
        unaligned -= body.bases[k]
        gain[k] = 0.0
    unaligned = max(0.0, unaligned)
    total = total_rate(body)
    if flow > 0.0 and total > 0.0:
        prestige = 0.0
        for i in range(body.clock[SPEAKERS]):
            prestige += body.prestige[body.speakers[i]]
        scale = 0.5 / prestige if prestige > 0.0 else 0.0
        poaching = par[_POACHING]
        resistance = par[_RESISTANCE]
        for office in range(body.office_holder.shape[0]):
            taker = body.office_holder[office]
            if body.office_open[office] == 0 or taker == NOBODY or body.capable[taker] == 0:
                continue
            take = flow * body.office_rate[office] / total
            mine = gain[taker] + take * unaligned
            if poaching > 0.0:
                voice = scale * body.prestige[taker]
                base = 0.5 * body.bases[taker]
                for i in range(present):
                    k = body.present[i]
                    feared = voice + (1.0 - body.opacity[k, taker]) * base
                    held = 1.0 - min(1.0, resistance * feared)
                    taken = take * poaching * body.bases[k] * held
                    mine += taken
                    if k == taker:
                        mine -= taken
                    else:
                        gain[k] -= taken
            gain[taker] = mine
    for i in range(present):
        k = body.present[i]
        body.bases[k] = max(0.0, (1.0 - turnover) * (body.bases[k] + gain[k]))


@rule
def elect_committee(body: Body, fresh: float) -> None:
    """A congress: a share of the Committee is new.

    Of the new seats a share sigma follows the balance of appointments, the rest is
    unaligned: c_j <- (1 - fresh) c_j + fresh sigma r_j / R.
    """
    for i in range(body.clock[PRESENT]):
        body.bases[body.present[i]] *= 1.0 - fresh
    total = total_rate(body)
    if total <= 0.0 or body.par[_FLOW] == 0.0:
        return
    for office in range(body.office_holder.shape[0]):
        holder = body.office_holder[office]
        if body.office_open[office] == 1 and holder != NOBODY and body.capable[holder] == 1:
            body.bases[holder] += fresh * body.par[_SLATE] * body.office_rate[office] / total
