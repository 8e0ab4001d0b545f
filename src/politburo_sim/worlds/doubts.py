"""What a sound world says that can hardly be meant: nothing is refused for it, but it is said."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from politburo_sim.files.errors import InputError
from politburo_sim.state.parameters import PARAMETERS
from politburo_sim.worlds.draft import Draft
from politburo_sim.worlds.scenario import read_world
from politburo_sim.worlds.schema import Admission, Assignment, EventEntry, Passage, Scenario
from politburo_sim.worlds.words import losses

#: Keys of an event that name somebody who acts in it, or to whom it happens. A backer lends his
#: name alone, and may be dead.
_PRESENT = ("who", "against", "whom", "about", "observer")
#: Likeness of two names, from 0 to 1, from which one is taken for a slip in the other.
_NEAR = 0.9


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
        *_about_rungs(draft, scenario),
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
        before = {other.name.casefold(): other.name for other in scenario.offices[:index]}
        name = office.name.casefold()
        numbered = any(letter.isdigit() for letter in name)
        for near in [] if numbered else get_close_matches(name, before, 1, _NEAR):
            yield draft.error(
                ("offices", index, "name"), f"an office of its own beside '{before[near]}'",
                given=office.name, allowed=f"'{before[near]}', to change that one",
                hint="write the name exactly as the other world has it, capitals too",
            )  # fmt: skip


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
