"""What a kept table depends on: the code that makes it, and a world as runs of it see it.

A table that was run before is read again only while all that it was made from is the same. What
merely words it must not count: a report that is written better, or a title in a world's file, makes
no history another.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np

from politburo_sim.outcomes import names_of
from politburo_sim.worlds.world import World

_PACKAGE = Path(__file__).resolve().parents[1]
#: Rooms whose code is not looked at: what they make of a file is (`world_of`).
_READERS = ("files", "worlds")


def code_of(*files: str) -> str:
    """Hash of the sources of some modules of the package and of all that these import in it."""
    return _code_of(frozenset(Path(file).resolve() for file in files))


@cache
def _code_of(files: frozenset[Path]) -> str:
    found: set[Path] = set()
    waiting = list(files)
    while waiting:
        file = waiting.pop()
        if file not in found and file.relative_to(_PACKAGE).parts[0] not in _READERS:
            found.add(file)
            waiting += _imports(file)
    digest = hashlib.blake2b(digest_size=16)
    for file in sorted(found):
        digest.update(file.relative_to(_PACKAGE).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


def _imports(file: Path) -> Iterator[Path]:
    """The files of the package that a file imports, at its head or later."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_PACKAGE.name):
            home = _PACKAGE.parent.joinpath(*str(node.module).split("."))
            told = [home, *(home / name.name for name in node.names)]
            yield from (f for f in (at.with_suffix(".py") for at in told) if f.is_file())


def world_of(world: World) -> str:
    """Hash of all of a world that a run and its outcomes depend on: arrays, ids, names, months.

    Rules that its file states count even at their defaults: they stand over the draws.
    """
    digest = hashlib.blake2b(digest_size=16)
    for record in (world.body, world.calendar, world.agenda, world.coding):
        array = np.asarray(record)
        digest.update(repr(array.dtype).encode() + array.tobytes())
    events = [(event.id, event.kind, event.intervention) for event in world.events]
    questions = [(question.id, question.date) for question in world.questions]
    said = (world.ids, names_of(world), world.offices, world.axes, world.months, world.start)
    rules = sorted(world.scenario.rules.items())
    digest.update(repr((said, events, questions, rules)).encode())
    return digest.hexdigest()
