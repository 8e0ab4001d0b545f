"""Where in a TOML text each key stands: `tomllib`, which reads the values, does not say."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tomlkit.container import Container
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, InlineTable, Table
from tomlkit.parser import Parser

KeyPath = tuple[str | int, ...]


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    r"""Return the line, from 1, of a key or of its nearest parent that is written down.

    Examples
    --------
    >>> line_of("a = 1\n[b]\nc = [2, {d = 3}]", ["b", "c", 1, "d"])
    3
    >>> line_of("a = 1", ["z"]) is None
    True
    """
    lines = lines_of(text)
    written = (lines.get(tuple(path[:length])) for length in range(len(path), 0, -1))
    return next((line for line in written if line is not None), None)


def lines_of(text: str) -> dict[KeyPath, int]:
    """Return the line of every key, table and element of a list; of none in a broken text."""
    ends = [place for place, letter in enumerate(text) if letter == "\n"]
    lines: dict[KeyPath, int] = {}
    try:
        for path, part in _parts(_Placing(text).parse(), (), Counter()):
            if hasattr(part, "at"):  # a table that is only implied has no place of its own
                lines.setdefault(path, bisect_left(ends, part.at) + 1)
    except (TOMLKitError, RecursionError):
        return {}
    return lines


class _Placing(Parser):
    """A parser that leaves on every key, value and table where it begins."""

    def _parse_simple_key(self) -> Any:
        return self._placed(super()._parse_simple_key)

    def _parse_value(self) -> Any:
        return self._placed(super()._parse_value)

    def _parse_table(self, *parent: Any) -> tuple[Any, Any]:
        at = self._idx
        key, table = super()._parse_table(*parent)
        inner: Any = table
        while getattr(inner, "is_super_table", bool)():
            inner = next(item for name, item in inner.value.body if name is not None)
        inner = inner.body[0] if isinstance(inner, AoT) else inner
        inner.at = at
        return key, table

    def _placed(self, parse: Callable[[], Any]) -> Any:
        at = self._idx
        part = parse()
        part.at = at
        return part


def _parts(item: Any, path: KeyPath, met: Counter[KeyPath]) -> Iterator[tuple[KeyPath, Any]]:
    """Yield every key, table and element inside an item; `met` counts the tables of lists.

    A list of tables that goes on further down the file goes on counting.
    """
    inner = item.value if isinstance(item, Table | InlineTable) else item
    named: list[tuple[str | int, Any, Any]] = []
    if isinstance(inner, Container):
        named = [(key.key, key, value) for key, value in inner.body if key is not None]
    elif isinstance(inner, AoT | Array):
        named = [(place, value, value) for place, value in enumerate(iter(inner), met[path])]
        met[path] += len(named)
    for name, part, value in named:
        yield (*path, name), part
        yield from _parts(value, (*path, name), met)
