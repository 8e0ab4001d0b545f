"""One TOML file as read: its text, its table, and where in it each key stands."""

from __future__ import annotations

import pickle
import re
import stat
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from politburo_sim.files.errors import InputError, ScenarioError, suggest
from politburo_sim.files.lines import KeyPath, line_of

LARGEST_FILE = 2_000_000
"""Bytes; a file above it is refused before it is read."""


@dataclass(frozen=True)
class Source:
    """One file: where it is, its text and its outermost table."""

    file: Path
    text: str
    table: dict[str, Any]
    raises: type[InputError] = ScenarioError

    def error(
        self,
        path: KeyPath,
        problem: str,
        *,
        given: object = None,
        allowed: str | None = None,
        hint: str | None = None,
    ) -> InputError:
        """Return the error about one key of this file."""
        return self.raises(
            problem, file=self.file, line=line_of(self.text, path), key=key_text(self.table, path),
            given=_as_written(given), allowed=allowed,
            hint=hint or f"correct it, then politburo-sim check {self.file}",
        )  # fmt: skip


def read_source(file: Path, raises: type[InputError] = ScenarioError) -> Source:
    """Read one file and parse its TOML, without looking at what it says.

    Raises
    ------
    InputError
        Of the kind asked for, if the file is no plain file, too large, no text or broken TOML.
    """
    text = read_text(file, raises)
    return Source(file, text, _parse(file, text, raises), raises)


def read_text(file: Path, raises: type[InputError]) -> str:
    """Read one file of text, with one kind of line end.

    Raises
    ------
    InputError
        Of the kind asked for, if the file is no plain file, too large, empty or no text.
    """
    return _decode(file, _read(file, raises), raises)


def _read(file: Path, raises: type[InputError]) -> bytes:
    try:
        known = file.stat()
        if not stat.S_ISREG(known.st_mode):
            raise raises("not a plain file", file=file, allowed="a file of text",
                         hint="check that this is the right file")  # fmt: skip
        # What the system itself makes up as it is read says that it has no size, and may not end.
        raw = b"" if known.st_size == 0 else _at_most(file, LARGEST_FILE + 1)
    except FileNotFoundError:
        raise raises("no such file", file=file, hint="check the path") from None
    except OSError as error:
        raise raises(
            f"cannot be read: {error.strerror}", file=file, hint="check the file's permissions"
        ) from None
    if len(raw) > LARGEST_FILE:
        raise raises(
            "too large", file=file, given=f"{max(known.st_size, len(raw))} bytes",
            allowed=f"at most {LARGEST_FILE} bytes", hint="check that this is the right file",
        )  # fmt: skip
    return raw


def _at_most(file: Path, size: int) -> bytes:
    with file.open("rb") as stream:
        return stream.read(size)


def one_of(source: Source, path: KeyPath, word: str, words: Iterable[str], what: str) -> None:
    """Raise unless a word is one of those there are."""
    known = list(words)
    if word not in known:
        shown = ", ".join(known[:30]) + (", ..." if len(known) > 30 else "")
        raise source.error(
            path, f"no such {what}{suggest(word, known)}", given=word, allowed=shown or "none"
        )


def key_text(table: Any, path: KeyPath) -> str:
    """Return a path in words: ``members[Trotsky].base``, or ``bonds[#2].value`` where unnamed."""
    words = ""
    for part in path:
        inner = inside(table, part)
        if isinstance(part, int):
            name = _called(inner)
            words += f"[{name}]" if name else f"[#{part + 1}]"
        else:
            words += f".{part}" if words else part
        table = inner
    return words


def normal(word: str) -> str:
    """Return a name in the one form in which names are compared."""
    return unicodedata.normalize("NFC", word)


def _decode(file: Path, raw: bytes, raises: type[InputError]) -> str:
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise raises(
            "not a text file", file=file, line=raw.count(b"\n", 0, error.start) + 1,
            given=raw[error.start : error.start + 8], allowed=_TEXT,
            hint="save it as UTF-8 text",
        ) from None  # fmt: skip
    if "\0" in text:
        raise raises(
            "not a text file", file=file, line=text.count("\n", 0, text.index("\0")) + 1,
            given=text[:8], allowed=_TEXT, hint="save it as UTF-8 text, not as UTF-16",
        )  # fmt: skip
    if not text.strip():
        raise raises(
            "is empty", file=file, allowed=_TEXT,
            hint="start from a shipped file: politburo-sim list names them",
        )  # fmt: skip
    return text


_TEXT = "text in UTF-8"
_TOML = "TOML: key = value, [table], [[list of tables]]"
_DEEPEST = 12
_KEY = r"""(?>[\w-]+|"[^"\n]*"|'[^'\n]*')"""
#: The reader of TOML needs memory by the square of the parts of one key.
_TOO_DEEP = re.compile(rf"(?:^|[{{,\[])[ \t]*{_KEY}(?>[ \t]*\.[ \t]*{_KEY}){{{_DEEPEST},}}+", re.M)


def _parse(file: Path, text: str, raises: type[InputError]) -> dict[str, Any]:
    deep = _TOO_DEEP.search(text)
    try:
        if deep is not None:
            raise RecursionError
        table: dict[str, Any] = pickle.loads(_table_of(text))
        return table
    except RecursionError:
        raise raises(
            "keys or brackets nested too deeply", file=file,
            line=None if deep is None else text.count("\n", 0, deep.start()) + 1,
            allowed="keys, lists and tables a few levels deep",
            hint="check that this is the right file",
        ) from None  # fmt: skip
    except ValueError as error:
        problem, number = _broken(str(error), text)
        hint = 'quote words and dates, as in start = "1922-04", and close every bracket'
        raise raises(
            f"broken TOML: {problem}", file=file, line=number,
            given=text.split("\n")[number - 1] if number else None, allowed=_TOML,
            hint="remove one of the two" if "twice" in problem else hint,
        ) from None  # fmt: skip


@lru_cache(maxsize=64)
def _table_of(text: str) -> bytes:
    """A file's tables, packed: an experiment reads its worlds over and over, each its own copy."""
    return pickle.dumps(tomllib.loads(text))


def _broken(said: str, text: str) -> tuple[str, int | None]:
    """What the reader of TOML complains of, in a user's words, and in which line."""
    problem, _, where = said.rpartition(" (at ")
    if where.startswith("end of document"):
        return problem, text.rstrip("\n").count("\n") + 1
    line = where.removeprefix("line ").partition(",")[0]
    number = int(line) if problem and line.isdigit() else None
    if "Cannot overwrite" in problem or "Cannot declare" in problem:
        return "the same key or table twice", number
    return ("a number with too many digits" if "digits" in said else problem or said), number


def inside(table: Any, part: str | int) -> Any:
    """Return what stands under a key or an index, or None."""
    if isinstance(part, int):
        return table[part] if isinstance(table, list) and part < len(table) else None
    return table.get(part) if isinstance(table, dict) else None


def at(table: Any, path: KeyPath) -> Any:
    """Return what stands at a path, or None."""
    for part in path:
        table = inside(table, part)
    return table


def _called(entry: Any) -> str | None:
    for word in ("name", "id"):
        name = inside(entry, word)
        if isinstance(name, str) and name and name.isprintable() and len(name) <= 40:
            return name
    return None


class _Written(str):
    """A value as a world file writes it."""

    def __repr__(self) -> str:
        return str(self)


def _as_written(given: object) -> object:
    if isinstance(given, bool):
        return _Written(str(given).lower())
    return _Written(given.isoformat()) if isinstance(given, datetime | date | time) else given
