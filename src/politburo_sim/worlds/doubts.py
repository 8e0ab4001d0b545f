"""What a sound world says that can hardly be meant: nothing is refused for it, but it is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

from politburo_sim.files.errors import InputError
from politburo_sim.months import month_index
from politburo_sim.rules.power import ESTABLISHED
from politburo_sim.state.parameters import PARAMETERS, UNITY
from politburo_sim.worlds.changes import FOUNDING
from politburo_sim.worlds.draft import Draft
from politburo_sim.worlds.scenario import read_world
from politburo_sim.worlds.schema import (
    Admission,
    Assignment,
    EventEntry,
    Norm,
    Passage,
    Scenario,
)
from politburo_sim.worlds.words import losses

#: Keys of an event that name somebody who acts in it, or to whom it happens. A backer lends his
#: name alone, and may be dead.
_PRESENT = ("who", "against", "whom", "about", "observer")
#: Likeness of two names, from 0 to 1, from which one is taken for a slip in the other.
_NEAR = 0.9


def set_anew(scenario: Scenario, names: Iterable[str]) -> list[str]:
    """Return a sentence for each event of a world that sets one of some parameters anew.

    From its month on nothing is left of what an experiment, a comparison or --set says of them.
    """
    asked = set(names)
    asked |= {part for part in UNITY if "unity" in asked}
    asked |= {"unity"} if asked & set(UNITY) else set()
    return [
        f"{event.parameter} is set to {event.amount:g} by the world's own event {event.id} in "
        f"{event.date}: what is asked of it counts until then alone."
        for event in scenario.events
        if isinstance(event, Norm) and event.parameter in asked
        and scenario.start <= event.date <= scenario.end
    ]  # fmt: skip


def doubts(name_or_path: str | Path) -> list[InputError]:
    """Return what is doubtful in a world, each with its place and what to do about it.

    Raises
    ------
    ScenarioError
        If the world is not sound.
    """
    draft, scenario = read_world(name_or_path)
    return [
        *_about_absent_men(draft, scenario), *_about_offices(draft, scenario),
        *_about_rungs(draft, scenario), *_about_norms(draft, scenario),
        *_about_members(draft, scenario), *_about_admissions(draft, scenario),
        *_about_length(draft, scenario),
    ]  # fmt: skip


def _about_absent_men(draft: Draft, scenario: Scenario) -> Iterator[InputError]:
    """Events about a man who is dead or has left by then, or has not come yet."""
    gone: dict[str, EventEntry] = {}
    awaited = {member.name for member in scenario.members if member.status == "awaited"}
    events = sorted(enumerate(scenario.events), key=lambda pair: pair[1].date)
    for index, event in events:
        if not scenario.start <= event.date <= scenario.end:
            continue  # of a world below, which runs longer
        if isinstance(event, Admission):
            awaited.discard(event.who)
        for key in _PRESENT:
            who = getattr(event, key, None)
            left = gone.get(who) if who is not None else None
            if left is not None:
                yield draft.error(
                    ("events", index, key), f"{who} is not there any more by then",
                    given=event.date, allowed=f"before {left.date}, the event {left.id}",
                    hint="take another date or another member, or leave one of the two out",
                )  # fmt: skip
            elif who in awaited:
                yield draft.error(
                    ("events", index, key), f"{who} is not there yet by then", given=event.date,
                    allowed="after an event of the kind admission",
                    hint="add the admission, take a later date, or give him another status",
                )  # fmt: skip
        if isinstance(event, Passage) and event.kind in ("death", "exit"):
            gone.setdefault(event.who, event)


def _about_offices(draft: Draft, scenario: Scenario) -> Iterator[InputError]:
    """Offices that stay empty: the rules pass on what somebody holds, and fill no others.

    And an office with nearly the name of another, which a slip of the pen has founded; numbers tell
    offices apart.
    """
    assigned = {event.office for event in scenario.events if isinstance(event, Assignment)}
    for index, office in enumerate(scenario.offices):
        if office.holder is None and office.name not in assigned:
            yield draft.error(
                ("offices", index), "nobody can ever hold it", given=office.name,
                allowed="an office with a holder, or with an event of the kind assign",
                hint="name a holder, add such an event, or leave the office out",
            )  # fmt: skip
        for near in _nearly(office.name, [other.name for other in scenario.offices[:index]]):
            yield draft.error(
                ("offices", index, "name"), f"an office of its own beside '{near}'",
                given=office.name, allowed=f"'{near}', to change that one",
                hint="write the name exactly as the other world has it, capitals too",
            )  # fmt: skip


def _nearly(name: str, others: list[str]) -> list[str]:
    """The other name that a name is nearly, if any; numbers tell names apart."""
    if any(letter.isdigit() for letter in name):
        return []
    plain = {other.casefold(): other for other in others}
    return [plain[near] for near in get_close_matches(name.casefold(), plain, 1, _NEAR)]


def _about_rungs(draft: Draft, scenario: Scenario) -> Iterator[InputError]:
    """A dismissal that takes nothing: there is no post to lose, and it costs no base."""
    cost = scenario.rules.get("dismissal_cost", PARAMETERS["dismissal_cost"].default)
    if cost == 0 and not scenario.offices:
        place = losses(scenario.ladder).posts - 1
        yield draft.error(
            ("rules", "dismissal_cost"), "a rung of the ladder takes nothing",
            given=scenario.ladder[place].name, allowed="a base or posts to lose on it",
            hint="let dismissal_cost be above 0, or add an office",
        )  # fmt: skip


def _about_norms(draft: Draft, scenario: Scenario) -> Iterator[InputError]:
    """A dated value of a parameter from which members are drawn once, when the world is founded."""
    for index, event in enumerate(scenario.events):
        if isinstance(event, Norm) and event.parameter in FOUNDING:
            yield draft.error(
                ("events", index, "parameter"), "it is read when the world is founded",
                given=event.parameter, allowed="a parameter that is read in every month",
                hint="set it in [rules], from the start; dated, it reaches at most newcomers",
            )  # fmt: skip


def _about_members(draft: Draft, scenario: Scenario) -> Iterator[InputError]:
    """Somebody of this file who never comes, or who has nearly the name of somebody below it.

    Of who is awaited and named in an event without having come speaks `_about_absent_men`.
    """
    named = {getattr(event, key, None) for event in scenario.events for key in _PRESENT}
    mine = [draft.place(("members", i)).source is draft.top for i in range(len(scenario.members))]
    below = [one.name for one, own in zip(scenario.members, mine, strict=True) if not own]
    for index, member in enumerate(scenario.members):
        if not mine[index]:
            continue
        if member.status == "awaited" and member.name not in named:
            yield draft.error(
                ("members", index, "status"), f"{member.name} can never come",
                given=member.status, allowed="a member with an event of the kind admission",
                hint="add such an event, or give another status",
            )  # fmt: skip
        for near in _nearly(member.name, below):
            yield draft.error(
                ("members", index, "name"), f"a member of its own beside '{near}'",
                given=member.name, allowed=f"'{near}', to change that one",
                hint="write the name exactly as the other world has it, capitals too",
            )  # fmt: skip


def _about_admissions(draft: Draft, scenario: Scenario) -> Iterator[InputError]:
    """An admission of somebody who is in the body already: nothing comes of it."""
    inside = {
        member.name: f"{member.name} awaited at the start"
        for member in scenario.members if member.status != "awaited"
    }  # fmt: skip
    events = sorted(enumerate(scenario.events), key=lambda pair: pair[1].date)
    gone: set[str] = set()
    for index, event in events:
        if isinstance(event, Passage) and event.kind in ("death", "exit"):
            gone.add(event.who)  # of whom `_about_absent_men` speaks
        if not isinstance(event, Admission) or event.who in gone:
            continue
        if not scenario.start <= event.date <= scenario.end:
            continue  # of a world below, which begins earlier
        if event.who in inside:
            yield draft.error(
                ("events", index, "who"), f"{event.who} is in the body already by then",
                given=event.date, allowed=inside[event.who],
                hint="take another member, give another status at the start, or leave it out",
            )  # fmt: skip
        elif not event.requires:
            inside[event.who] = f"one admission, such as the event {event.id}"


def _about_length(draft: Draft, scenario: Scenario) -> Iterator[InputError]:
    """A run too short for a rule of one, which is established after twelve months."""
    months = month_index(scenario.start, scenario.end) + 1
    if months < ESTABLISHED:
        yield draft.error(
            ("end",), "too short for anybody's sole rule, which takes months on end in one hand",
            given=scenario.end, allowed=f"a run of {ESTABLISHED} months or more",
            hint="take a later end; or ask for leader_share, which every run has",
        )  # fmt: skip
