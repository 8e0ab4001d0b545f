"""The five decisions of a member, as the rule book has them; a Member may take them otherwise."""

from __future__ import annotations

from politburo_sim.rules import agenda, platform, voting
from politburo_sim.rules.perception import threat_seen
from politburo_sim.rules.space import distance
from politburo_sim.state.body import Body
from politburo_sim.state.compiled import rule
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import Work

_HOPE = PLACE["force_hope"]
_THREAT = PLACE["force_threat"]
_CONVICTION = PLACE["force_conviction"]
_FORCE = PLACE["unity_force"]
_TEMPERATURE = PLACE["temperature"]
_COIN = PLACE["coin_votes"]

choose_target = agenda.choose_target
choose_platform = platform.choose_platform


@rule
def urge(body: Body, work: Work, seed: int, month: int, who: int) -> float:
    """Waiting time until he would raise a question; the shortest one speaks."""
    return agenda.urge(seed, month, body.ident[who], body.prestige[who])


@rule
def press(body: Body, work: Work, who: int, target: int) -> float:
    """Chance that he forces his question against `target` to a roll call."""
    par = body.par
    return agenda.press(
        body.opportunism[who], work.expected[who], threat_seen(body, work, who, target),
        distance(body.ideal[who], work.rival, body.axis_weight),
        par[_HOPE], par[_THREAT], par[_CONVICTION], par[_FORCE],
    )  # fmt: skip


@rule
def lean(body: Body, work: Work, who: int, mover: int, target: int, rung: int) -> float:
    """Chance that he votes yes, from his appeal, his sway and the tally he expects."""
    return voting.lean(
        work.appeal[who], work.sway[who], work.expected[who], body.par[_TEMPERATURE],
        work.sight[who], body.par[_COIN],
    )  # fmt: skip
