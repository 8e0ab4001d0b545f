"""Variants of a world: one thing changed in a scenario, said as data.

Each change returns a new scenario; none says who wins, is removed or sides with whom.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from politburo_sim.files.errors import ExperimentError, suggest
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import Coded, Passage, Scenario


def variant(
    scenario: str | Scenario,
    *,
    holder: Mapping[str, str] | None = None,
    traits: Mapping[str, Mapping[str, float]] | None = None,
    without: tuple[str, ...] = (),
    shift: str | None = None,
    rotate: int = 0,
    shuffle: int = 0,
) -> Scenario:
    """A shipped world, a file or a world that is read already, with changes made to it.

    Parameters
    ----------
    holder : office -> the member who holds it from the start.
    traits : member -> trait (opportunism, loyalty, foresight) -> value, certain.
    without : offices that are not there.
    shift : month, such as "1925-04", to which the world's interventions are moved.
    rotate : ideals and loyalty of the first full members pass round by so many places.
    shuffle : the dated questions change their months among one another, by the lot of this number.
    """
    world = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    for office, who in (holder or {}).items():
        world = with_holder(world, office, who)
    for who, values in (traits or {}).items():
        world = with_traits(world, who, values)
    for office in without:
        world = without_office(world, office)
    if rotate:
        world = with_views_rotated(world, rotate)
    if shuffle:
        world = with_questions_shuffled(world, shuffle)
    return with_interventions_at(world, shift) if shift is not None else world


def _known(name: str, names: list[str], what: str) -> None:
    if name not in names:
        raise ExperimentError(
            f"no such {what}{suggest(name, names)}", given=name, allowed=", ".join(names)
        )


def with_holder(world: Scenario, office: str, who: str) -> Scenario:
    """The post is held by another from the start; he gives up whatever other post he held."""
    _known(office, [o.name for o in world.offices], "office")
    _known(who, [m.name for m in world.members], "member")
    was = next(o.holder for o in world.offices if o.name == office)
    offices = tuple(
        o.model_copy(update={"holder": who}) if o.name == office
        else o.model_copy(update={"holder": was}) if o.holder == who
        else o
        for o in world.offices
    )  # fmt: skip
    return world.model_copy(update={"offices": offices})


def with_traits(world: Scenario, who: str, values: Mapping[str, float]) -> Scenario:
    """One member's traits, certain."""
    _known(who, [m.name for m in world.members], "member")
    for trait in values:
        _known(trait, ["opportunism", "loyalty", "foresight"], "trait")
    coded = {trait: Coded(value=value) for trait, value in values.items()}
    members = tuple(m.model_copy(update=coded) if m.name == who else m for m in world.members)
    return world.model_copy(update={"members": members})


def without_office(world: Scenario, office: str) -> Scenario:
    """The post is not there, nor any event about it."""
    _known(office, [o.name for o in world.offices], "office")
    offices = tuple(o for o in world.offices if o.name != office)
    events = tuple(
        e for e in world.events
        if getattr(e, "office", None) != office
        and all(need.office != office for need in e.requires)
    )  # fmt: skip
    return world.model_copy(update={"offices": offices, "events": events})


def with_interventions_at(world: Scenario, month: str) -> Scenario:
    """The world's interventions happen in another month."""
    events = tuple(
        e.model_copy(update={"date": month}) if e.intervention else e for e in world.events
    )
    return world.model_copy(update={"events": events})


def with_questions_shuffled(world: Scenario, lot: int) -> Scenario:
    """The dated questions come up in one another's months: as many, and when there were any.

    What is put and how it stands at first are the question's own; a question that had presupposed
    another may now come before it.
    """
    order = np.random.default_rng(lot).permutation(len(world.questions))
    dates = [world.questions[place].date for place in order]
    moved = zip(world.questions, dates, strict=True)
    questions = [question.model_copy(update={"date": date}) for question, date in moved]
    return world.model_copy(
        update={"questions": tuple(sorted(questions, key=lambda question: question.date))}
    )


def with_views_rotated(world: Scenario, places: int) -> Scenario:
    """Ideals and loyalty pass round among the healthy full members of the first month.

    Names, prestige, bases, posts and bonds stay: what moves is what a man wants, and with it
    the distance of each from the line.
    """
    ill = {e.who for e in world.events if isinstance(e, Passage) and e.kind == "incapacity"}
    full = [m for m in world.members if m.status == "full" and m.name not in ill]
    given = {m.name: full[(i + places) % len(full)] for i, m in enumerate(full)}
    members = tuple(
        m.model_copy(update={"ideal": given[m.name].ideal, "loyalty": given[m.name].loyalty})
        if m.name in given else m
        for m in world.members
    )  # fmt: skip
    return world.model_copy(update={"members": members})
