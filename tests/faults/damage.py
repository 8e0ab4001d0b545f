"""Ways to damage files: bytes as a disk or a cable does, words and values as people do."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

#: What people and programs have put where a value belongs.
VALUES = (
    "nan", "inf", "-inf", "-1", "0", "1e308", "1e-320", "9" * 30, "9" * 5_000, "true", '""', '" "',
    "[]", "{}", "[[]]", "{a = 1}", '"[/b]"', '"=1+1"', r'"$\\frac{$"', '"<b onclick=x>"',
    '"\\u202e\\u0000"', '"\\ud83d"', '"' + "x" * 3_000 + '"', "1922-04-01", "[nan, 1]", "0x10",
    '"../../etc/passwd"', '"/dev/zero"', '"/proc/kmsg"', "[" * 500, f'"{"x" * 300}"',
    '"Vyacheslav Mikhailovich M."',
)  # fmt: skip


def bytes_changed(raw: bytes, luck: random.Random) -> bytes:
    """One damage of bytes: bits turned, a piece cut out, repeated, zeroed, or put elsewhere."""
    if not raw:
        return b"\0"
    start = luck.randrange(len(raw))
    stop = min(len(raw), start + luck.choice((1, 1, 4, 64, 4_096)))
    piece = raw[start:stop]
    return luck.choice([
        lambda: raw[:start] + bytes([raw[start] ^ 1 << luck.randrange(8)]) + raw[start + 1 :],
        lambda: raw[:start] + raw[stop:],
        lambda: raw[:start],
        lambda: raw[:start] + bytes(len(piece)) + raw[stop:],
        lambda: raw[:start] + piece + piece + raw[stop:],
        lambda: raw[:start] + luck.randbytes(len(piece)) + raw[stop:],
        lambda: raw + luck.randbytes(9),
    ])()  # fmt: skip


def text_changed(text: str, luck: random.Random) -> str:
    """One damage of a file of words: a line, a key or a value is another, or not where it was."""
    lines = text.split("\n")
    place, other = luck.randrange(len(lines)), luck.randrange(len(lines))
    line = lines[place]
    change = luck.choice(_LINES)
    if change is None:
        return luck.choice(_WHOLE)(text, luck)
    lines[place : place + 1] = change(line, lines[other], luck)
    return "\n".join(lines)


def _value(line: str, other: str, luck: random.Random) -> list[str]:
    key, sign, _ = line.partition("=")
    return [f"{key}{sign or '='} {luck.choice(VALUES)}"]


def _inner_value(line: str, other: str, luck: random.Random) -> list[str]:
    places = list(re.finditer(r'"[^"]*"|-?\d[\d.]*', line))
    if not places:
        return [line, line]
    at = luck.choice(places)
    return [line[: at.start()] + luck.choice(VALUES) + line[at.end() :]]


def _key(line: str, other: str, luck: random.Random) -> list[str]:
    key, sign, value = line.partition("=")
    return [f"{luck.choice((key.upper(), key + 'x', 'a.b', other.partition('=')[0]))}{sign}{value}"]


_LINES: tuple[Callable[[str, str, random.Random], list[str]] | None, ...] = (
    _value, _inner_value, _inner_value, _key, None,
    lambda line, other, luck: [],
    lambda line, other, luck: [line, line],
    lambda line, other, luck: [line, other],
    lambda line, other, luck: [line[: luck.randrange(len(line) + 1)]],
    lambda line, other, luck: [f"[{line.strip('[]= ')[:20]}]"],
)  # fmt: skip
_WHOLE: tuple[Callable[[str, random.Random], str], ...] = (
    lambda text, luck: text + ".".join(["a"] * 20_000) + " = 1\n",
    lambda text, luck: (
        f'extends = "{luck.choice(("/proc/kmsg", "/dev/zero", "x" * 300, "."))}"\n{text}'
    ),
    lambda text, luck: text.replace("\n", "\r\n"),
    lambda text, luck: f"kind = {luck.choice(VALUES)}\n{text}",
    lambda text, luck: f"rules = 3\n{text}",
    lambda text, luck: text[: luck.randrange(len(text))],
    lambda text, luck: text + text,
)
