"""Each outcome once: its name in files, its words, its unit, and how it is read from runs.

Sweeps, contrasts, twins, reports and pages read this table; a new measure is one entry of it. An
entry with braces is a family: "sole rule of {member}" is one outcome for each member of the
world, "removed_{year}" one for each year.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from politburo_sim.months import month_index, year_end
from politburo_sim.run.engine import Outcomes
from politburo_sim.state import body as b
from politburo_sim.state.parameters import PLACE
from politburo_sim.worlds.world import World

Values = NDArray[np.float64]
NEVER = 10_000
"""The month of what never happens in a run."""
MARK = "1926-12"
"""At the end of this month a run keeps shares, bases and prestige (`marks_of`)."""
NEWCOMER = "a newcomer"


class Runs(NamedTuple):
    """Finished runs of one world, and the parameters [R, P] of each."""

    world: World
    out: Outcomes
    points: Values


@dataclass(frozen=True)
class Outcome:
    """One outcome of a run.

    Attributes
    ----------
    name : the word in files and tables; may hold "{member}" or "{year}".
    words : what it measures, for reports.
    unit : "chance" (whether, in a run; a share of runs), "share" (of one), or what is counted.
    read : runs -> one value a run; of a family also the member's slot, or the year.
    member : whose it is, where it is of a family of members.
    year : of which year it is, where it is of a family of years.
    """

    name: str
    words: str
    unit: Literal["chance", "share", "number", "a year", "a question", "month"]
    read: Callable[..., Any]
    member: str = ""
    year: str = ""

    @property
    def is_share(self) -> bool:
        """Whether it is said in per cent, and differences of it in points."""
        return self.unit in ("chance", "share")

    def of(self, runs: Runs) -> Values:
        """One value a run."""
        return np.asarray(self.read(runs), dtype=np.float64)


def month_of(out: Outcomes, rung: int) -> NDArray[np.int64]:
    """[R, N] month in which each slot reached a rung or one above it; NEVER if not."""
    months = out.rungs[:, :, rung:].astype(np.int64)
    months[months < 0] = NEVER
    first: NDArray[np.int64] = months.min(axis=2)
    return first


def removals(world: World, out: Outcomes) -> NDArray[np.int64]:
    """[R, N] month in which each slot lost the seat by a sanction; NEVER if not."""
    return month_of(out, world.losses.seat)


def removed_by(world: World, out: Outcomes, month: int) -> NDArray[np.int64]:
    """How many of the file's members were removed or expelled before a month."""
    fallen = removals(world, out)[:, : world.members] < month
    number: NDArray[np.int64] = fallen.sum(axis=1)
    return number


def ruler_names(world: World, out: Outcomes) -> list[str]:
    """The established sole ruler of each run, "" where there is none, newcomers as one."""
    names = [*world.names[: world.members], NEWCOMER, ""]
    return [names[min(ruler, world.members)] for ruler in out.ruler.tolist()]


def leader_names(world: World, out: Outcomes) -> list[str]:
    """Who holds the largest share of power at the end of each run, newcomers as one."""
    names = [*world.names[: world.members], NEWCOMER]
    return [names[min(leader, world.members)] for leader in out.share.argmax(axis=1).tolist()]


def marks_of(world: World) -> tuple[int, ...]:
    """The month at whose end runs of this world keep more: MARK, or their last month."""
    mark = month_index(world.start, MARK)
    return (mark if 0 <= mark < world.months else world.months - 1,)


def took_place(runs: Runs) -> NDArray[np.bool_]:
    """Whether all interventions of the world met their preconditions; yes where it has none."""
    count = runs.out.count
    if not any(event.intervention for event in runs.world.events):
        return np.ones(len(count), dtype=bool)
    whole: NDArray[np.bool_] = (count[:, b.MET] > 0) & (count[:, b.UNMET] == 0)
    return whole


def visibility(out: Outcomes, points: Values, mark: int) -> Values:
    """[R, N] power to the others' eyes, at a marked month, of each who speaks in the body.

    Half the prestige share, half the perceived base, 1/2 p_i / sum p + 1/2 (1 - opacity) b_i.
    """
    prestige = out.prestige_at[:, mark]
    voice = prestige / np.maximum(prestige.sum(axis=1, keepdims=True), 1e-12)
    hidden = points[:, PLACE["opacity"]][:, None]
    seen: Values = 0.5 * voice + 0.5 * (1.0 - hidden) * out.base_at[:, mark]
    return seen


def _ruler_most_visible(runs: Runs) -> NDArray[np.bool_]:
    most = visibility(runs.out, runs.points, 0).argmax(axis=1)
    first: NDArray[np.bool_] = (runs.out.ruler >= 0) & (most == runs.out.ruler)
    return first


def _ruler_holds_post(runs: Runs) -> NDArray[np.bool_]:
    body = runs.world.body
    rates = body.office_rate
    holder = int(body.office_holder[int(rates.argmax())]) if len(rates) else b.NOBODY
    same: NDArray[np.bool_] = (runs.out.ruler >= 0) & (runs.out.ruler == holder)
    return same


def _total(*counters: int) -> Callable[[Runs], Values]:
    def read(runs: Runs) -> Values:
        found: Values = runs.out.count[:, list(counters)].sum(axis=1)
        return found

    return read


#: Policies that came up: put to a division, or adopted without one.
_questions = _total(b.DIVISIONS, b.UNOPPOSED)
#: Changes of side: to a rival coalition, against a friend or partner, against one's own conviction.
_changes = _total(b.SWITCHES, b.ALLY_TARGETS, b.FLIPS)


def _a_year(count: Callable[[Runs], Values]) -> Callable[[Runs], Values]:
    return lambda runs: count(runs) / (runs.world.months / 12.0)


#: What each counter of a run counts, for readers.
_COUNTED = {
    "attempts": "Attempts to organise a coalition",
    "coalitions": "Coalitions formed",
    "switches": "Members who left a coalition for its rival",
    "desertions": "Members who left a coalition otherwise",
    "takeovers": "Coalitions that changed their leader against his will",
    "ally_targets": "Friends or partners turned on",
    "divisions": "Roll calls on policy",
    "unopposed": "Policies adopted without a roll call",
    "pressed": "Roll calls on policy that a coalition forced",
    "narrow": "Roll calls on policy in which two heads or more lost",
    "flips": "Policies moved against the mover's own conviction",
    "recanted": "Recantations",
    "demands": "Roll calls on persons",
    "carried": "Roll calls on persons that carried",
    "appeals": "Cases taken on to the second house",
    "strikes": "Removals without a vote",
    "batches": "Months in which several fell at once",
    "largest_batch": "Most members who fell at once",
    "attached": "Members who gave themselves to a patron",
    "patrons_changed": "Clients who changed their patron",
    "met": "Interventions whose preconditions were met",
    "unmet": "Interventions whose preconditions were not met",
    "unfilled": "Seats that nobody was left to take",
    "stood_up": "Times that one who had been removed stood up in the Committee",
    "demoted": "Dismissed after a congress and not elected again",
}


OUTCOMES = (
    Outcome("established", "Share of runs with an established sole ruler", "chance",
            lambda r: r.out.ruler >= 0),
    Outcome("established_clear", "Share of runs with a sole ruler and no rival coalition", "chance",
            lambda r: r.out.clear_ruler >= 0),
    Outcome("established_later", f"Sole rule, established after the end of {MARK[:4]}, or never "
            "where that lies outside the run", "chance",
            lambda r: (r.out.ruler >= 0) & (r.out.since > marks_of(r.world)[0])),
    Outcome("month", "Months until a sole rule is established, or to the end", "month",
            lambda r: np.where(r.out.ruler >= 0, r.out.since, r.world.months)),
    Outcome("leader_share", "Largest share of power at the end", "share",
            lambda r: r.out.share.max(axis=1)),
    Outcome("effective_number", "Effective number of holders of power", "number",
            lambda r: 1.0 / np.maximum((r.out.share**2).sum(axis=1), 1e-12)),
    Outcome("removed", "Members removed by the end", "number",
            lambda r: removed_by(r.world, r.out, r.world.months)),
    Outcome("removed_{year}", "Members removed by the end of {year}", "number",
            lambda r, year: removed_by(r.world, r.out, year_end(r.world.start, year))),
    *(Outcome(name, _COUNTED[name], "number", _total(place))
      for place, name in enumerate(b.COUNTERS)),
    Outcome("questions_a_year", "Policies that came up a year", "a year", _a_year(_questions)),
    Outcome("divisions_a_year", "Roll calls on policy a year", "a year",
            _a_year(_total(b.DIVISIONS))),
    Outcome("switches_a_year", "Changes of side a year", "a year", _a_year(_changes)),
    Outcome("switches_a_question", "Changes of side to a policy that came up", "a question",
            lambda r: _changes(r) / np.maximum(1, _questions(r))),
    Outcome("took_place", "The preconditions of the interventions were met", "chance", took_place),
    Outcome("ruler_most_visible", "Sole rule of who was the most visible member at the end of "
            f"{MARK[:4]}, or at the end of the run where that lies outside it", "chance",
            _ruler_most_visible),
    Outcome("ruler_holds_post", "Sole rule of the first holder of the strongest post", "chance",
            _ruler_holds_post),
    Outcome("sole rule of {member}", "Sole rule of {member}", "chance",
            lambda r, slot: r.out.ruler == slot),
    Outcome("share of {member}", "Share of power of {member} at the end", "share",
            lambda r, slot: r.out.share[:, slot]),
    Outcome("seat of {member}", "{member} has a seat at the end", "chance",
            lambda r, slot: r.out.status[:, slot] == b.FULL),
)  # fmt: skip
"""All outcomes, families included."""

SOLE_RULE_OF = "sole rule of "
PLAIN = tuple(outcome for outcome in OUTCOMES if "{" not in outcome.name)
NAMES = tuple(outcome.name for outcome in OUTCOMES)


@cache
def outcome(name: str) -> Outcome | None:
    """The outcome of that name, the member or year of a family filled in; None if there is none."""
    for entry in OUTCOMES:
        pattern = entry.name.format(member="(?P<member>.+)", year=r"(?P<year>\d{4})")
        if found := re.fullmatch(pattern, name):
            return _of_family(entry, **found.groupdict()) if found.groupdict() else entry
    return None


def _of_family(entry: Outcome, member: str = "", year: str = "") -> Outcome:
    def read(runs: Runs) -> Any:
        return entry.read(runs, int(year) if year else runs.world.names.index(member))

    name, words = (text.format(member=member, year=year) for text in (entry.name, entry.words))
    return replace(entry, read=read, name=name, words=words, member=member, year=year)


def names_of(world: World) -> list[str]:
    """The names of all outcomes that runs of a world have, members and years filled in."""
    last = world.start[0] + (world.start[1] + world.months - 2) // 12
    found: list[str] = []
    for entry in OUTCOMES:
        if "{member}" in entry.name:
            found += [entry.name.format(member=name) for name in world.names[: world.members]]
        elif "{year}" in entry.name:
            found += [entry.name.format(year=y) for y in range(world.start[0], last + 1)]
        else:
            found.append(entry.name)
    return found


def read(names: Sequence[str], runs: Runs) -> dict[str, Values]:
    """The values of some outcomes, each one a run."""
    entries = {name: outcome(name) for name in names}
    return {name: entry.of(runs) for name, entry in entries.items() if entry is not None}


def outcome_words(name: str) -> str:
    """What an outcome measures."""
    entry = outcome(name)
    return entry.words if entry else name


def is_share(name: str) -> bool:
    """Whether an outcome is a share or a chance, said in per cent."""
    entry = outcome(name)
    return entry is not None and entry.is_share
