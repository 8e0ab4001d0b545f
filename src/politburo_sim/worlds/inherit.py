"""World files as read: what one inherits from another, and where each part comes from.

A world may extend another. The tables are merged before they are checked, and every part keeps
its origin, so that a message names the file and the line where the user can mend it.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from politburo_sim.files import locate
from politburo_sim.files.errors import InputError, ScenarioError, suggest
from politburo_sim.files.toml_lines import KeyPath
from politburo_sim.files.toml_source import Source, normal, read_source
from politburo_sim.state.parameters import UNITY

LONGEST_CHAIN = 20
"""Worlds that may extend one another in a row."""

#: Lists that are merged by what their tables are called.
_KEYED = {"members": ("name",), "offices": ("name",), "bonds": ("from", "to")}
#: Lists whose tables are added to those below; `without` leaves out one by its id, or all of a
#: list by the list's name.
_DATED = ("events", "questions")
#: Keys that a world never takes over from the one it extends.
_OWN = ("title", "about", "without", "extends")


class Place(NamedTuple):
    """Where a part of a merged world comes from."""

    source: Source
    path: KeyPath


@dataclass(frozen=True)
class Draft:
    """A merged table, not yet checked, and the origin of its parts."""

    top: Source
    table: dict[str, Any] = field(default_factory=dict)
    origin: dict[KeyPath, Place] = field(default_factory=dict)

    def place(self, path: KeyPath) -> Place:
        """Return the file and the path in it that a merged path stands for."""
        for length in range(len(path), 0, -1):
            found = self.origin.get(path[:length])
            if found is not None:
                return Place(found.source, found.path + path[length:])
        return Place(self.top, path)

    def error(
        self,
        path: KeyPath,
        problem: str,
        *,
        given: object = None,
        allowed: str | None = None,
        hint: str | None = None,
    ) -> InputError:
        """Return the error about one key, in the file that it comes from."""
        source, own = self.place(path)
        if source is not self.top:
            hint = (
                f"{self.top.file} extends this file: where politburo-sim check {source.file} "
                "finds nothing, the one that extends it is wrong"
            )
        return source.error(own, problem, given=given, allowed=allowed, hint=hint)


def read_draft(name_or_path: str | Path) -> Draft:
    """Read a world and all that it extends.

    Raises
    ------
    ScenarioError
        If a file cannot be read, or they extend one another in a circle.
    """
    try:
        file = locate.find("scenarios", str(name_or_path))
    except InputError as error:
        raise ScenarioError(
            _no_file(error, Path(name_or_path)), file=error.file, allowed=error.allowed,
            hint=error.hint,
        ) from None  # fmt: skip
    return _extend(read_source(file), ())


def _extend(source: Source, below: tuple[Path, ...]) -> Draft:
    chain = (*below, source.file.resolve())
    base = source.table.get("extends")
    if base is None:
        if "without" in source.table:
            raise source.error(
                ("without",), "nothing to leave out", allowed="only together with extends"
            )
        return _merge(None, source)
    if not isinstance(base, str):
        raise source.error(("extends",), "wrong type", given=base, allowed="a name or a path")
    file = _base_file(source, base)
    if file.resolve() in chain:
        names = " -> ".join(path.name for path in (*chain, file.resolve()))
        raise source.error(
            ("extends",), "circular: a world cannot extend itself", given=names,
            allowed="a world that does not lead back here",
        )  # fmt: skip
    if len(chain) > LONGEST_CHAIN:
        raise source.error(
            ("extends",), "too many worlds extend one another", given=base,
            allowed=f"at most {LONGEST_CHAIN} in a row",
        )  # fmt: skip
    return _merge(_extend(read_source(file), chain), source)


def _base_file(source: Source, base: str) -> Path:
    shipped = locate.names("scenarios")
    beside = source.file.parent / base
    try:
        return locate.find("scenarios", base if base in shipped else str(beside))
    except InputError as error:
        if base.removesuffix(locate.SUFFIX) in shipped:
            return locate.folder("scenarios") / base
        raise source.error(
            ("extends",),
            f"{_no_file(error, beside).partition(',')[0]}{suggest(base, shipped)}",
            given=base,
            allowed=f"a path from this file's folder, or one of: {', '.join(shipped)}",
        ) from None


def _no_file(error: InputError, path: Path) -> str:
    """Say what is there instead, where the locator says that no file is."""
    if error.problem.startswith("no such file") and os.path.lexists(path):
        return "not a plain file but a link that leads nowhere, a pipe or a device"
    return error.problem


def _merge(base: Draft | None, source: Source) -> Draft:
    """Lay one file over the draft of the world that it extends."""
    draft = Draft(source)
    if base is not None:
        draft.table.update({k: v for k, v in base.table.items() if k not in _OWN})
        draft.origin.update({k: v for k, v in base.origin.items() if k[0] not in _OWN})
        _leave_out(draft, source)
    for key, value in source.table.items():
        if key in _KEYED:
            _merge_keyed(draft, source, key)
        elif key in _DATED:
            _append(draft, source, key)
        elif key == "rules" and isinstance(value, dict):
            _merge_rules(draft, source, value)
        elif key != "without":
            draft.table[key] = value
            draft.origin[(key,)] = Place(source, (key,))
    return draft


def _merge_rules(draft: Draft, source: Source, rules: dict[str, Any]) -> None:
    given = {name: ("rules", name) for name in rules if name != "unity"}
    if "unity" in rules:
        given = {name: ("rules", "unity") for name in UNITY} | given
    merged = dict(draft.table.get("rules", {}))
    for name, path in given.items():
        merged[name] = rules[path[1]]
        draft.origin[("rules", name)] = Place(source, path)
    draft.table["rules"] = merged


def _merge_keyed(draft: Draft, source: Source, key: str) -> None:
    merged = list(draft.table.get(key, []))
    words = _KEYED[key]
    places = {_identity(entry, words): index for index, entry in enumerate(merged)}
    mine: dict[tuple[str, ...], int] = {}
    for index, entry in enumerate(_tables(source, key)):
        who = _identity(entry, words)
        if who in mine:
            raise source.error(
                (key, index),
                "given twice",
                given=" to ".join(who),
                allowed="one table for each",
                hint="join the two tables",
            )
        if len(who) == len(words):
            mine[who] = index
        place = places.get(who, len(merged))
        if place == len(merged):
            merged.append(entry)
            draft.origin[(key, place)] = Place(source, (key, index))
        else:
            merged[place] = merged[place] | entry
        for name in entry:
            draft.origin[(key, place, name)] = Place(source, (key, index, name))
    draft.table[key] = merged
    draft.origin.setdefault((key,), Place(source, (key,)))


def _append(draft: Draft, source: Source, key: str) -> None:
    merged = list(draft.table.get(key, []))
    for index, entry in enumerate(_tables(source, key)):
        draft.origin[(key, len(merged))] = Place(source, (key, index))
        merged.append(entry)
    draft.table[key] = merged


def _leave_out(draft: Draft, source: Source) -> None:
    """Drop the base world's events and questions that this file names."""
    words = source.table.get("without", [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise source.error(
            ("without",), "wrong type", given=words,
            allowed='a list of ids of events and questions; "questions" for all of these',
        )  # fmt: skip
    ids = [entry.get("id") for key in _DATED for entry in draft.table.get(key, [])]
    known = [word for word in ids if isinstance(word, str)]
    for index, word in enumerate(words):
        if word not in (*_DATED, *known):
            raise source.error(
                ("without", index), f"no such event or question{suggest(word, known)}", given=word,
                allowed=f"one of: {', '.join((*_DATED, *known))}",
            )  # fmt: skip
    for key in _DATED:
        if key in draft.table:
            _keep(draft, key, words)


def _keep(draft: Draft, key: str, gone: list[str]) -> None:
    entries = draft.table[key]
    here = [] if key in gone else entries
    kept = [index for index, entry in enumerate(here) if entry.get("id") not in gone]
    places = [draft.origin.pop((key, index)) for index in range(len(entries))]
    draft.origin.update({(key, new): places[old] for new, old in enumerate(kept)})
    draft.table[key] = [entries[index] for index in kept]


def _tables(source: Source, key: str) -> list[dict[str, Any]]:
    entries = source.table[key]
    if not isinstance(entries, list):
        raise source.error((key,), "wrong type", given=entries, allowed=f"tables: [[{key}]]")
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict):
            raise source.error((key, index), "wrong type", given=entry, allowed=f"[[{key}]]")
    return entries


def _identity(entry: dict[str, Any], words: Iterable[str]) -> tuple[str, ...]:
    given = [entry.get(word) for word in words]
    return tuple(normal(value) for value in given if isinstance(value, str))
