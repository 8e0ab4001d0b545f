"""Where in a TOML text a key stands: the standard library's reader gives no line numbers.

The text must already have been accepted by ``tomllib``; this scanner only follows its outline.
"""

from __future__ import annotations

from collections.abc import Sequence

KeyPath = tuple[str | int, ...]

_BLANK = " \t\r\n"
_DEEPEST = 12
"""No world goes deeper; below, a path's line is that of its parent."""
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


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
    for length in range(len(path), 0, -1):
        line = lines.get(tuple(path[:length]))
        if line is not None:
            return line
    return None


def lines_of(text: str) -> dict[KeyPath, int]:
    """Return the line of every key, table and array element of a TOML text."""
    return _Scanner(text).scan()


class _Scanner:
    """Walks a valid text once and notes where each path begins."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.lines: dict[KeyPath, int] = {}
        self.last: dict[KeyPath, int] = {}  # index of the latest table of each array of tables

    def scan(self) -> dict[KeyPath, int]:
        prefix: KeyPath = ()
        self._skip()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                prefix = self._header()
            else:
                self._pair(prefix)
            self._skip()
        return self.lines

    def _peek(self, word: str) -> bool:
        return self.text.startswith(word, self.at)

    def _move(self, count: int) -> None:
        self.line += self.text.count("\n", self.at, self.at + count)
        self.at += count

    def _skip(self, blank: str = _BLANK) -> None:
        """Pass over blanks and comments."""
        while self.at < len(self.text):
            if self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self._move((len(self.text) if end < 0 else end) - self.at)
            elif self.text[self.at] in blank:
                self._move(1)
            else:
                return

    def _note(self, path: KeyPath) -> None:
        if len(path) <= _DEEPEST:
            self.lines.setdefault(path, self.line)

    def _header(self) -> KeyPath:
        array = self._peek("[[")
        self._move(2 if array else 1)
        parts = self._key()
        self._skip(" \t")
        self._move(2 if array else 1)
        path: KeyPath = ()
        for place, part in enumerate(parts):
            path = (*path, part)
            self._note(path)
            if array and place == len(parts) - 1:
                self.last[path] = self.last.get(path, -1) + 1
            if path in self.last:
                path = (*path, self.last[path])
                self._note(path)
        return path

    def _pair(self, prefix: KeyPath) -> None:
        path = prefix
        for part in self._key():
            path = (*path, part)
            self._note(path)
        self._skip(" \t")
        self._move(1)  # the equals sign
        self._skip(" \t")
        self._value(path)

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._skip(" \t")
            parts.append(self._string() if self.text[self.at] in "\"'" else self._bare())
            self._skip(" \t")
            if not self._peek("."):
                return parts
            self._move(1)

    def _bare(self) -> str:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in " \t\r\n.=]":
            self.at += 1
        return self.text[start : self.at]

    def _value(self, path: KeyPath) -> None:
        first = self.text[self.at]
        if first == "{":
            self._inline(path)
        elif first == "[":
            self._array(path)
        elif first in "\"'":
            self._string()
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\n":
                self.at += 1

    def _inline(self, path: KeyPath) -> None:
        self._move(1)
        self._skip()
        while not self._peek("}"):
            self._pair(path)
            self._skip(_BLANK + ",")
        self._move(1)

    def _array(self, path: KeyPath) -> None:
        self._move(1)
        self._skip()
        index = 0
        while not self._peek("]"):
            self._note((*path, index))
            self._value((*path, index))
            self._skip(_BLANK + ",")
            index += 1
        self._move(1)

    def _string(self) -> str:
        quote = self.text[self.at]
        mark = quote * 3 if self._peek(quote * 3) else quote
        self._move(len(mark))
        parts = []
        while not self._peek(mark):
            if quote == '"' and self._peek("\\"):
                parts.append(self._escape())
            else:
                parts.append(self.text[self.at])
                self._move(1)
        self._move(len(mark))
        while len(mark) == 3 and self._peek(quote):  # up to two quotes may stand before the end
            self._move(1)
        return "".join(parts)

    def _escape(self) -> str:
        letter = self.text[self.at + 1]
        digits = {"u": 4, "U": 8}.get(letter, 0)
        number = self.text[self.at + 2 : self.at + 2 + digits]
        self._move(2 + digits)
        return chr(int(number, 16)) if digits else _ESCAPES.get(letter, letter)
