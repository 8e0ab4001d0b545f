"""The same signs (`signs`) in the record of the Politburo, counted in the same way.

Who was whose man is `history.clienteles`: services, posts, regions and friendships that are known
apart from later loyalty; alliances of equals are none. The record counts few cases of any sign.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations

import pandas as pd

from politburo_sim import history
from politburo_sim.bodies import tables
from politburo_sim.bodies.course import MONTHS
from politburo_sim.evidence.record import load_record
from politburo_sim.evidence.schema import NO_SANCTION
from politburo_sim.history.patterns import SECRETARY
from politburo_sim.lab.bodies.courses import chief_of
from politburo_sim.lab.bodies.signs import Tally, by_tenure, founders
from politburo_sim.months import month_index
from politburo_sim.worlds.world import World

_DAY = pd.Timedelta(days=1)
_NO_TIE = ("alliance_of_equals", "independent")


@cache
def _ties() -> pd.DataFrame:
    ties = history.clienteles()
    return ties[~ties.kind.isin(_NO_TIE) & (ties.hindsight != "strong") & (ties.patron != "")]


def patrons_on(day: pd.Timestamp) -> dict[str, str]:
    """Who was whose man on a day; of several patrons the first of the table who has a full seat,
    else the first.
    """
    ties = _ties()
    ties = ties[(ties.start <= day) & (ties.end.isna() | (ties.end > day))]
    heads = history.seated(day, status="full")
    found: dict[str, str] = {}
    for row in ties.itertuples():
        member, patron = str(row.member), str(row.patron)
        if member not in found or (patron in heads and found[member] not in heads):
            found[member] = patron
    return found


def _spells() -> pd.DataFrame:
    spells = history.memberships()
    return spells[spells.body == "politburo"]


def _faction(who: str, patrons: dict[str, str], present: frozenset[str]) -> str:
    seen = {who}
    while (patron := patrons.get(who, "")) in present and patron not in seen:
        seen.add(who := patron)
    return who


def entry_by_patron(first: pd.Timestamp, last: pd.Timestamp) -> Tally:
    """As `signs.entry_by_patron`, a day on which full seats were filled as one occasion."""
    spells = _spells()
    full = spells[(spells.status == "full") & (spells.start > first) & (spells.start <= last)]
    found = Tally()
    for day in sorted(full.start.unique()):
        eve = pd.Timestamp(day) - _DAY
        candidates = history.seated(eve, status="candidate")
        chosen = candidates & history.seated(pd.Timestamp(day), status="full")
        heads, patrons = history.seated(eve, status="full"), patrons_on(eve)
        tied = {name for name in candidates if patrons.get(name) in heads}
        others = candidates - tied
        if chosen and tied and others:
            found = found.plus(len(chosen & tied), len(tied), len(chosen & others), len(others))
    return found


def top_pairs(first: pd.Timestamp, last: pd.Timestamp) -> Tally:
    """As `signs.top_pairs`: the General Secretary and the head of government, each December."""
    found = Tally()
    for year in range(first.year, last.year + 1):
        day = pd.Timestamp(year, 12, 30)
        premier = history.seated(day, body="sovnarkom_chair")
        present, heads = history.seated(day), history.seated(day, status="full")
        if len(premier) != 1 or not {SECRETARY, *premier} <= present or SECRETARY in premier:
            continue
        patrons = patrons_on(day)
        of = {name: _faction(name, patrons, present) for name in present}
        pairs = [of[a] == of[b] for a, b in combinations(sorted(heads), 2)]
        found = found.plus(of[SECRETARY] == of[next(iter(premier))], 1, sum(pairs) / len(pairs), 1)
    return found


def _falls(first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Who lost a seat in the body by politics, in order; the last time that he did."""
    lost = tables.lost_by_politics(_spells())
    lost = lost[(lost.end > first) & (lost.end <= last)].sort_values("end")
    return lost.drop_duplicates("member", keep="last")


def clients_first(first: pd.Timestamp, last: pd.Timestamp) -> Tally:
    """As the first of `signs.clients_first`, whoever ruled: of all pairs who both fell."""
    ends = dict(_falls(first, last)[["member", "end"]].itertuples(index=False))
    a = b = 0
    for one, other in combinations(ends, 2):
        if ends[one] == ends[other]:
            continue
        patrons = patrons_on(min(ends[one], ends[other]) - _DAY)
        for client, patron in ((one, other), (other, one)):
            if patrons.get(client) == patron:
                a, b = a + (ends[client] < ends[patron]), b + 1
    return Tally(a, b, 1, 1)


def second_call(world: World, last: pd.Timestamp) -> Tally:
    """As `signs.second_call`: calls are what the record has asked against a man who sat."""
    start = world.scenario.start
    falls = _falls(pd.Timestamp(f"{start}-01"), last)
    ends = {str(m): int(month_index(start, f"{day:%Y-%m}"))
            for m, day in falls[["member", "end"]].itertuples(index=False)}  # fmt: skip
    calls: dict[str, set[int]] = {}
    for ask in load_record(world).asks:
        if ask.rung in (None, NO_SANCTION) or ask.kind == "floor":
            continue
        for name in {ask.beaten, *(ask.named or {})}:
            calls.setdefault(name, set()).add(int(month_index(start, ask.month)))
    found = Tally()
    for name, months in calls.items():
        for number, month in enumerate(sorted(months)[:2]):
            out = name in ends and month <= ends[name] <= month + MONTHS
            found = found.plus(*((0, 0, out, 1) if number == 0 else (out, 1, 0, 0)))
    return found


def recorded(world: World) -> dict[str, Tally]:
    """The tallies of each sign that the tables can tell of, over the years of the world."""
    scenario = world.scenario
    first, last = pd.Timestamp(1922, 4, 3), pd.Timestamp(f"{scenario.end}-28")
    course = tables.record_of(scenario.name, scenario.start, chief_of(world))
    return {
        "S1": entry_by_patron(first, last), "S2": top_pairs(first, last),
        "S3": clients_first(first, last), "S4": second_call(world, last),
        "S5": founders(course), "S7": by_tenure(course, 0), "S7b": by_tenure(course, 2),
    }  # fmt: skip
