"""Worlds from files: read, extended, checked.

`load_scenario` is the one way in. Whatever is wrong with a file ends in one `ScenarioError` that
names file, line, key, what was given and what is allowed. Nothing in a file is ever executed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from politburo_sim.files import locate
from politburo_sim.files.errors import ScenarioError, suggest
from politburo_sim.files.explain import shaped
from politburo_sim.files.lines import KeyPath
from politburo_sim.files.toml import inside
from politburo_sim.state.parameters import PLACE, UNITY, defaults
from politburo_sim.worlds.checks import Checks, check_parameter
from politburo_sim.worlds.draft import Draft
from politburo_sim.worlds.inherit import read_draft
from politburo_sim.worlds.schema import (
    About,
    BondEntry,
    Coded,
    EventEntry,
    MemberEntry,
    OfficeEntry,
    QuestionEntry,
    Scenario,
)

__all__ = [
    "About", "BondEntry", "Coded", "EventEntry", "MemberEntry", "OfficeEntry", "QuestionEntry",
    "Scenario", "check_parameter", "load_scenario", "parameter_values", "scenario_names",
]  # fmt: skip


def scenario_names() -> list[str]:
    """Return the names of the shipped worlds."""
    return locate.names("scenarios")


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Read a world by its shipped name or by a path, with all that it extends, and check it.

    Names joined by "+" are one world that extends them all.

    Raises
    ------
    ScenarioError
        About the first thing that is wrong.
    """
    if not isinstance(name_or_path, str | Path):
        raise ScenarioError(
            "not the name of a world", given=name_or_path, allowed="a shipped name, or a path",
            hint="politburo-sim list shows the shipped scenarios",
        )  # fmt: skip
    draft, scenario = read_world(name_or_path)
    # Only what a base world dates can lie outside: the dates of this file were checked.
    return scenario.model_copy(update={"record": _record_named(draft, scenario.record)})


def _record_named(draft: Draft, name: str | None) -> str | None:
    """A shipped record by its name, another by a path that leads there from here."""
    shipped = locate.names("records")
    if name is None or name in shipped:
        return name
    beside = draft.top.file.parent / name
    if not locate.is_file(beside):
        raise draft.error(
            ("record",), f"no such record{suggest(name, shipped)}", given=name,
            allowed=f"a path from this file's folder, or one of: {', '.join(shipped)}",
        )  # fmt: skip
    return str(beside)


def read_world(name_or_path: str | Path) -> tuple[Draft, Scenario]:
    """Read and check a world, and keep where each part of it comes from.

    Raises
    ------
    ScenarioError
        About the first thing that is wrong.
    """
    draft = read_draft(name_or_path)
    return draft, checked(draft)


def checked(draft: Draft) -> Scenario:
    """The world of a draft: its shape, and what its tables say of one another.

    Raises
    ------
    ScenarioError
        About the first thing that is wrong.
    """
    scenario = _shaped(draft)
    Checks(draft, scenario).run()
    return scenario


def _shaped(draft: Draft) -> Scenario:
    """Each table checked on its own, in the words of `files.explain`, where it comes from."""
    if "name" in draft.table:
        raise draft.error(
            ("name",), "unknown key", given=draft.table["name"], allowed="title, for words to show",
            hint="remove it: a world is called by its file's name",
        )  # fmt: skip

    def meant(path: KeyPath) -> str:
        """The member meant by a world that extends another, where a new name lacks a key."""
        if path[0] != "members" or len(path) < 2 or "extends" not in draft.top.table:
            return ""
        names = [str(inside(member, "name")) for member in draft.table["members"]]
        name = names.pop(int(path[1]))
        return f": {name} is a new member here{suggest(name, names)}"

    data = {"name": draft.top.file.stem, **draft.table}
    return shaped(Scenario, data, draft.error, meant=meant)


def parameter_values(
    rules: Mapping[str, float], overrides: Mapping[str, float] | None = None
) -> list[float]:
    """Return the vector of parameters, in the table's order.

    The single word ``unity`` sets its parts (`UNITY`); one named itself wins over it, and an
    override wins over the world.

    Raises
    ------
    ScenarioError
        If a name or a value is not allowed.
    """
    values = defaults()
    if not isinstance(overrides, Mapping | None):
        raise ScenarioError(
            "not settings", given=overrides, allowed='parameters with numbers: {"unity": 0.5}'
        )
    for layer in (rules, overrides or {}):
        for name, value in layer.items():
            check_parameter(name, value)
        for name, value in singles(layer).items():
            values[PLACE[name]] = float(value)
    return values


def singles(settings: Mapping[str, float]) -> dict[str, float]:
    """Settings with the word ``unity`` written out; a part of it that is named itself wins."""
    parts = dict.fromkeys(UNITY, settings["unity"]) if "unity" in settings else {}
    return {**parts, **{name: value for name, value in settings.items() if name != "unity"}}
