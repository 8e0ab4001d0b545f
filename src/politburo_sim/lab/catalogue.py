"""What there is: the titles of worlds and experiments, whether a file is sound, what it says."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from typing import Any

from politburo_sim.files import locate
from politburo_sim.lab.plan import is_experiment, load, read_experiment
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import Scenario


def titles(kind: str) -> dict[str, str]:
    """The shipped files of a kind, each with its title, or else with its first comment."""
    return {name: _title(kind, name) for name in locate.names(kind)}


def _title(kind: str, name: str) -> str:
    text = locate.find(kind, name).read_text(encoding="utf-8")
    try:
        title = tomllib.loads(text).get("title")
    except tomllib.TOMLDecodeError:
        title = None
    return str(title or text.partition("\n")[0].lstrip("# "))


def check(name: str) -> None:
    """Raise unless a world or an experiment is sound.

    Raises
    ------
    InputError
        About the first thing that is wrong.
    """
    if is_experiment(name):
        load(name)
    else:
        load_scenario(name)


def as_data(name: str) -> dict[str, Any]:
    """What a world or an experiment says, as plain data."""
    if not is_experiment(name):
        return load_scenario(name).model_dump(mode="json", by_alias=True)
    load(name)
    table = read_experiment(name).table
    return dict(json.loads(json.dumps(table, default=str)))


def in_words(name: str) -> str:
    """What a world or an experiment says, for a reader."""
    lines = _experiment(name) if is_experiment(name) else _world(load_scenario(name))
    return "\n".join(lines)


def _world(scenario: Scenario) -> Iterator[str]:
    yield f"{scenario.title}\n{scenario.start} to {scenario.end}\n"
    for word, text in scenario.about:
        if text:
            yield f"{word.capitalize()}: {text}"
    if scenario.rules:
        yield f"\nRules: {_brief(scenario.rules)}"
    yield "\nMembers"
    for member in scenario.members:
        yield (
            f"  {member.name:16} {member.status:10} prestige {member.prestige.value:<5g} "
            f"base {member.base.value:g}"
        )
    if scenario.offices:
        yield "\nOffices"
    for office in scenario.offices:
        yield f"  {office.name}: {office.holder or 'vacant'}"
    if scenario.events:
        yield "\nEvents (* marks an intervention)"
    for event in sorted(scenario.events, key=lambda event: event.date):
        yield f"  {event.date}  {event.text}{' *' if event.intervention else ''}"


def _experiment(name: str) -> Iterator[str]:
    found = load(name)
    table = read_experiment(name).table
    yield from (str(table[key]) for key in ("title", "question") if key in table)
    yield ""
    for key, value in table.items():
        if key in ("title", "question"):
            continue
        if isinstance(value, dict):
            yield f"\n{key.capitalize()}"
            yield from (f"  {word:22} {_brief(inner)}" for word, inner in value.items())
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"\n{key.capitalize()}"
            yield from (f"  {_brief(inner)}" for inner in value)
        else:
            yield f"{key.capitalize()}: {_brief(value)}"
    size, each = found.size(), found.effort().runs
    yield f"\n{size} {found.at_each if size > 1 else 'world'}, {size * each:,} runs"


def _brief(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} = {_brief(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_brief, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
