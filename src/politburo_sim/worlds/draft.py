"""A world's tables as read, not yet checked, and where each part of them comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from politburo_sim.files.errors import InputError
from politburo_sim.files.lines import KeyPath
from politburo_sim.files.toml import Source, normal

#: Lists that are merged by what their tables are called.
KEYED = {"members": ("name",), "offices": ("name",), "bonds": ("from", "to")}
#: Lists whose tables are added to those below; `without` leaves out one by its id, or all of a
#: list by the list's name.
DATED = ("events", "questions")
#: Tables that are merged key by key.
TABLES = ("rules", "words")
#: Keys that a world never takes over from the one it extends.
OWN = ("title", "short", "about", "without", "extends", "record")


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
    lineage: frozenset[Path] = frozenset()
    """The files that this world is made of."""

    def place(self, path: KeyPath) -> Place:
        """Return the file and the path in it that a merged path stands for."""
        for length in range(len(path), 0, -1):
            found = self.origin.get(path[:length])
            if found is not None:
                return Place(found.source, found.path + path[length:])
        return Place(self.top, path)

    def says(self, path: KeyPath) -> bool:
        """Whether the file itself, and not one that it extends, says something at a path."""
        return any(
            place.source is self.top for key, place in self.origin.items()
            if key[: len(path)] == path
        )  # fmt: skip

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


def leaves(path: KeyPath, table: dict[str, Any]) -> Iterator[tuple[KeyPath, Any]]:
    """Yield what a table says, below the tables in it."""
    for name, value in table.items():
        if isinstance(value, dict) and value:
            yield from leaves((*path, name), value)
        else:
            yield (*path, name), value


def put(draft: Draft, path: KeyPath, value: Any, place: Place) -> None:
    """Set one key of a table, and make the tables above it anew: they may be another draft's."""
    table: Any = draft.table
    for name in path[:-1]:
        table[name] = dict(table[name]) if isinstance(table.get(name), dict) else {}
        table = table[name]
    table[path[-1]] = value
    draft.origin[path] = place


def keep(draft: Draft, key: str, wanted: Sequence[bool]) -> None:
    """Keep some of the tables of a list, each with its origin."""
    entries = draft.table[key]
    kept = [index for index, keep in enumerate(wanted) if keep]
    places = [draft.origin.pop((key, index)) for index in range(len(entries))]
    draft.origin.update({(key, new): places[old] for new, old in enumerate(kept)})
    draft.table[key] = [entries[index] for index in kept]


def identity(entry: dict[str, Any], words: Iterable[str]) -> tuple[str, ...]:
    """Return what a table of a list is called."""
    given = [entry.get(word) for word in words]
    return tuple(normal(value) for value in given if isinstance(value, str))
