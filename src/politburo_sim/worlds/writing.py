"""A world as the file that says it: what it changes in the world that it extends."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from politburo_sim.files import locate
from politburo_sim.worlds.schema import Scenario


def written(base: Scenario, made: Scenario, settings: Mapping[str, float] | None = None) -> str:
    """Return the world file that extends one world and is another, with settings of its own.

    made : differs from the base by its words, and by events and questions.
    """
    mine = [*base.events, *base.questions]
    theirs = [*made.events, *made.questions]
    lines = [
        "# Made on the page: politburo-sim run THIS_FILE lives it.", "",
        *(f"{key} = {_toml(value)}" for key, value in (
            ("title", made.title), ("short", made.called), ("extends", as_given(base)),
            ("without", [one.id for one in mine if one not in theirs]))),
    ]  # fmt: skip
    about = made.about.model_dump(exclude_none=True)
    for table, said_ in (("about", about), ("rules", settings or {})):
        if said_:
            lines += ["", f"[{table}]", *(f"{key} = {_toml(v)}" for key, v in said_.items())]
    for table, there in (("events", made.events), ("questions", made.questions)):
        for one in there:
            if one not in mine:
                entry = one.model_dump(mode="json", by_alias=True, exclude_defaults=True)
                lines += ["", f"[[{table}]]", *(f"{k} = {_toml(v)}" for k, v in entry.items())]
    return "\n".join(lines) + "\n"


def as_given(world: Scenario) -> str:
    """Return what a world is called in a file and on the command line: its name, if it is shipped,
    or the file beside.
    """
    shipped = world.name in locate.names("scenarios")
    return world.name if shipped else f"{world.name}{locate.SUFFIX}"


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)
