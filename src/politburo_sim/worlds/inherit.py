"""World files as read: what one inherits from another, and where each part comes from.

A world may extend another. The tables are merged before they are checked, and every part keeps
its origin, so that a message names the file and the line where the user can mend it.
"""

from __future__ import annotations

import os.path
from dataclasses import replace
from pathlib import Path
from typing import Any

from politburo_sim.files import locate
from politburo_sim.files.errors import InputError, ScenarioError, suggest
from politburo_sim.files.lines import KeyPath
from politburo_sim.files.toml import Source, read_source
from politburo_sim.state.parameters import UNITY
from politburo_sim.worlds.draft import (
    DATED,
    KEYED,
    OWN,
    TABLES,
    Draft,
    Place,
    identity,
    keep,
    leaves,
    put,
)
from politburo_sim.worlds.join import beside

JOIN = "+"
"""Stands between the names of worlds that are joined on the spot."""
LONGEST_CHAIN = 20
"""Worlds that may extend one another in a row."""


def read_draft(name_or_path: str | Path) -> Draft:
    """Read a world and all that it extends; names joined by "+" are one world that extends them.

    Raises
    ------
    ScenarioError
        If a file cannot be read, or they extend one another in a circle.
    """
    name = str(name_or_path)
    if JOIN in name and not locate.is_file(Path(name)):
        return _extend(_joined([part.strip() for part in name.split(JOIN)]), (), {})
    return _extend(_read(name), (), {})


def _read(name: str) -> Source:
    try:
        file = locate.find("scenarios", name)
    except InputError as error:
        raise ScenarioError(
            _no_file(error, Path(name)), file=error.file, allowed=error.allowed, hint=error.hint
        ) from None
    source = read_source(file)
    keys = source.table.keys()
    if keys & {"kind", "levers", "claims"} and not keys & {"start", "extends", "members"}:
        raise ScenarioError(
            "this is no world", file=file, given=", ".join(list(keys)[:3]) + ", ...",
            allowed="a file with start and members, or one that extends a world",
            hint=f"politburo-sim ask {name}, if it is a question of yours",
        )  # fmt: skip
    return source


def _joined(names: list[str]) -> Source:
    """The file that would extend several, were it written: their titles and texts side by side."""
    parts = [_read(name) for name in names]
    tables = [part.table for part in parts]
    titles = [str(table.get("short") or table.get("title")) for table in tables]
    abouts = [about for table in tables if isinstance(about := table.get("about"), dict)]
    table = {
        "title": " and ".join(titles),
        "extends": names,
        "about": {
            word: " ".join(str(about[word]) for about in abouts if word in about)
            for word in dict.fromkeys(word for about in abouts for word in about)
        },
    }
    return Source(Path(JOIN.join(part.file.stem for part in parts)), "", table)


def _extend(source: Source, below: tuple[Path, ...], read: dict[Path, Draft]) -> Draft:
    """Read what a file extends, each world once, and lay the file over it."""
    here = source.file.resolve()
    chain = (*below, here)
    bases = _bases(source)
    if not bases and "without" in source.table:
        raise source.error(
            ("without",), "nothing to leave out", allowed="only together with extends"
        )
    under: Draft | None = None
    for path, base in bases.items():
        file = _base_file(source, path, base)
        if file.resolve() in chain:
            names = " -> ".join(path.name for path in (*chain, file.resolve()))
            raise source.error(
                path, "circular: a world cannot extend itself", given=names,
                allowed="a world that does not lead back here",
            )  # fmt: skip
        if len(chain) > LONGEST_CHAIN:
            raise source.error(
                path, "too many worlds extend one another", given=base,
                allowed=f"at most {LONGEST_CHAIN} in a row",
            )  # fmt: skip
        if file.resolve() not in read:
            read[file.resolve()] = _extend(read_source(file), chain, read)
        found = read[file.resolve()]
        under = found if under is None else beside(under, found, source)
    draft = _merge(under, source)
    return replace(draft, lineage=draft.lineage | {here})


def _bases(source: Source) -> dict[KeyPath, str]:
    """Return the worlds that a file extends: none, one, or a list of several."""
    given = source.table.get("extends", [])
    listed = given if isinstance(given, list) else [given]
    if not all(isinstance(base, str) for base in listed):
        raise source.error(
            ("extends",), "wrong type", given=given, allowed="a name or a path, or a list of them"
        )
    for index, base in enumerate(listed):
        if base in listed[:index]:
            raise source.error(
                ("extends", index), "given twice", given=base, allowed="each world once"
            )
    if isinstance(given, str):
        return {("extends",): given}
    return {("extends", index): base for index, base in enumerate(listed)}


def _base_file(source: Source, path: KeyPath, base: str) -> Path:
    shipped = locate.names("scenarios")
    beside = source.file.parent / base
    try:
        return locate.find("scenarios", base if base in shipped else str(beside))
    except InputError as error:
        if base.removesuffix(locate.SUFFIX) in shipped:
            return locate.folder("scenarios") / base
        raise source.error(
            path,
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
    """Lay one file over the draft of what it extends."""
    draft = Draft(source)
    if base is not None:
        draft = replace(draft, lineage=base.lineage)
        draft.table.update({k: v for k, v in base.table.items() if k not in OWN})
        draft.origin.update({k: v for k, v in base.origin.items() if k[0] not in OWN})
        _leave_out(draft, source)
    for key, value in source.table.items():
        if key in KEYED:
            _merge_keyed(draft, source, key)
        elif key in DATED:
            _append(draft, source, key)
        elif key in TABLES and isinstance(value, dict):
            _merge_table(draft, source, key, value)
        else:
            draft.table[key] = value
            draft.origin[(key,)] = Place(source, (key,))
    return draft


def _merge_table(draft: Draft, source: Source, key: str, given: dict[str, Any]) -> None:
    if not isinstance(draft.table.get(key, {}), dict):
        raise draft.error((key,), "wrong type", given=draft.table[key], allowed="a table")
    for path, value in leaves((key,), given):
        # The word unity is all parts of the norm, save those that are named here themselves.
        names = [n for n in UNITY if n not in given] if path == ("rules", "unity") else [path[-1]]
        for name in names:
            put(draft, (*path[:-1], name), value, Place(source, path))


def _merge_keyed(draft: Draft, source: Source, key: str) -> None:
    merged = list(draft.table.get(key, []))
    words = KEYED[key]
    places = {identity(entry, words): index for index, entry in enumerate(merged)}
    mine: dict[tuple[str, ...], int] = {}
    for index, entry in enumerate(_tables(source, key)):
        who = identity(entry, words)
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
    ids = [entry.get("id") for key in DATED for entry in draft.table.get(key, [])]
    known = [word for word in ids if isinstance(word, str)]
    for index, word in enumerate(words):
        if word not in (*DATED, *known):
            raise source.error(
                ("without", index), f"no such event or question{suggest(word, known)}", given=word,
                allowed=f"one of: {', '.join((*DATED, *known))}",
            )  # fmt: skip
    for key in DATED:
        if key in draft.table:
            keep(draft, key, [
                key not in words and entry.get("id") not in words for entry in draft.table[key]
            ])  # fmt: skip


def _tables(source: Source, key: str) -> list[dict[str, Any]]:
    entries = source.table[key]
    if not isinstance(entries, list):
        raise source.error((key,), "wrong type", given=entries, allowed=f"tables: [[{key}]]")
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict):
            raise source.error((key, index), "wrong type", given=entry, allowed=f"[[{key}]]")
    return entries
