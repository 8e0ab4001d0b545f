"""One TOML file as read: its text, its table, and where in it each key stands."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from politburo_sim.files.errors import InputError, ScenarioError
from politburo_sim.files.toml_lines import KeyPath, line_of

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
    """Read one file and parse its TOML, without looking at what it says."""
    try:
        text = _read(file)
        return Source(file, text, _parse(file, text), raises)
    except ScenarioError as error:
        if raises is ScenarioError:
            raise
        raise raises(
            error.problem, file=error.file, line=error.line,
            given=None if error.given is None else _Written(error.given), allowed=error.allowed,
            hint=error.hint,
        ) from None  # fmt: skip


def _read(file: Path) -> str:
    try:
        size = file.stat().st_size
        if size > LARGEST_FILE:
            raise ScenarioError(
                "too large", file=file, given=f"{size} bytes",
                allowed=f"at most {LARGEST_FILE} bytes", hint="check that this is the right file",
            )  # fmt: skip
        raw = file.read_bytes()
    except OSError as error:
        raise ScenarioError(
            f"cannot be read: {error.strerror}", file=file, hint="check the file's permissions"
        ) from None
    return _decode(file, raw)


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


def _decode(file: Path, raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ScenarioError(
            "not a text file",
            file=file,
            line=raw.count(b"\n", 0, error.start) + 1,
            given=raw[error.start : error.start + 8],
            allowed="TOML in UTF-8",
            hint="save it as UTF-8 text",
        ) from None
    if "\0" in text:
        raise ScenarioError(
            "not a text file", file=file, line=text.count("\n", 0, text.index("\0")) + 1,
            given=text[:8], allowed="TOML in UTF-8", hint="save it as UTF-8 text, not as UTF-16",
        )  # fmt: skip
    if not text.strip():
        raise ScenarioError(
            "is empty", file=file, allowed="TOML: key = value, [table], [[list of tables]]",
            hint="start from a shipped file: politburo-sim list names them",
        )  # fmt: skip
    return text


def _parse(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ScenarioError(
            "brackets nested too deeply", file=file, allowed="lists and tables a few levels deep",
            hint="check that this is the right file",
        ) from None  # fmt: skip
    except ValueError as error:
        problem, number = _broken(str(error), text)
        repeated = "twice" in problem
        raise ScenarioError(
            f"broken TOML: {problem}",
            file=file,
            line=number,
            given=text.split("\n")[number - 1] if number else None,
            allowed="TOML: key = value, [table], [[list of tables]]",
            hint="remove one of the two"
            if repeated
            else 'quote words and dates, as in start = "1922-04", and close every bracket',
        ) from None


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
