"""The shorthand of contrasts files: many cells and contrasts from a few lines.

A block `[[every]]` has variables, and cells and contrasts in which they stand:

    [[every]]
    norm = { "weak" = 0.25, "strong" = 1 }
    man = "members * | !Lenin"
    cells = { "{man}, {norm}" = { settings = { unity = "{norm=}" } } }

A variable is a list, a table of words with what they stand for, or a source with patterns for its
words: `members`, `worlds`, `parameters`, `outcomes`, `cells` (those above) and `mechanisms`, each
parameter that can be switched off, standing for `{ name = off }`; `|` parts patterns, `!` leaves
out. `{norm}` is the word, `{norm=}` what it stands for. Blocks are written out in their order,
the last variable fastest.

Weights are a table, or a sum such as "strong - weak", "0.5 * strong - weak" or
"mean(* holds the post | !Stalin *) - Stalin holds the post".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from itertools import product
from typing import Any

from politburo_sim.files.lines import KeyPath
from politburo_sim.files.locate import names
from politburo_sim.files.toml import Source
from politburo_sim.outcomes import PLAIN
from politburo_sim.state.parameters import TABLE
from politburo_sim.worlds.scenario import load_scenario

_SOURCES = ("members", "worlds", "parameters", "mechanisms", "outcomes", "cells")
_MEAN = re.compile(r"mean\((.+)\)")
_TIMES = re.compile(r"([0-9.]+) \* (.+)")


def written_out(source: Source) -> dict[str, Any]:
    """The table of a contrasts file with its blocks written out and its sums as weights.

    Raises
    ------
    ExperimentError
        About the first thing that is wrong.
    """
    table = {**source.table}
    blocks = table.pop("every", [])
    cells, contrasts = table.get("cells", {}), table.get("contrasts", [])
    if not isinstance(cells, dict) or not isinstance(contrasts, list):
        return table  # the schema says what is wrong
    cells, contrasts = {**cells}, [*contrasts]
    for place, block in enumerate(blocks if isinstance(blocks, list) else [blocks]):
        at: KeyPath = ("every", place)
        if not _is_block(block):
            raise source.error(
                at, "wrong type", given=block, allowed="[[every]] with a table cells and a list "
                "contrasts",
            )  # fmt: skip
        variables = {
            key: _variable(source, (*at, key), said, cells)
            for key, said in block.items()
            if key not in ("cells", "contrasts")
        }
        for words in product(*variables.values()):
            here = {key: (word, variables[key][word])
                    for key, word in zip(variables, words, strict=True)}  # fmt: skip
            for name, cell in _filled(source, at, block.get("cells", {}), here).items():
                if cells.get(name, cell) != cell:
                    raise source.error((*at, "cells"), "two cells of one name", given=name)
                cells[name] = cell
            contrasts += _filled(source, at, block.get("contrasts", []), here)
    table |= {"cells": cells, "contrasts": [_weighed(one, cells) for one in contrasts]}
    return {key: value for key, value in table.items() if value or key in source.table}


def _is_block(block: Any) -> bool:
    return (
        isinstance(block, dict)
        and isinstance(block.get("cells", {}), dict)
        and isinstance(block.get("contrasts", []), list)
    )


def _variable(source: Source, path: KeyPath, said: Any, cells: Mapping[str, Any]) -> dict[str, Any]:
    """Words of a variable, and what each stands for."""
    if isinstance(said, dict):
        return said
    if isinstance(said, list):
        return {str(word): word for word in said}
    kind, _, patterns = str(said).partition(" ")
    if kind not in _SOURCES or not patterns:
        raise source.error(
            path, "no list, table or source with a pattern", given=said,
            allowed=", ".join(f'"{word} *"' for word in _SOURCES),
        )  # fmt: skip
    there = _words(source, kind, cells)
    found = {word: there[word] for word in matching(patterns, there)}
    if not found:
        raise source.error(path, "nothing is meant", given=said, allowed=", ".join(there))
    return found


def _words(source: Source, kind: str, cells: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "members":
        members = load_scenario(str(source.table.get("scenario"))).members
        return {member.name: member.name for member in members}
    if kind == "mechanisms":
        return {p.name.replace("_", " "): {p.name: p.off} for p in TABLE if p.off is not None}
    if kind == "parameters":
        return {p.name.replace("_", " "): p.name for p in TABLE}
    if kind == "outcomes":
        return {outcome.name.replace("_", " "): outcome.name for outcome in PLAIN}
    return {name: name for name in (names("scenarios") if kind == "worlds" else cells)}


def matching(patterns: str, words: Iterable[str]) -> list[str]:
    """The words that one of the patterns takes and none leaves out, in their order."""
    parts = [part.strip() for part in patterns.split("|")]
    wanted = [part for part in parts if not part.startswith("!")]
    unwanted = [part[1:].strip() for part in parts if part.startswith("!")]
    return [
        word for word in words
        if any(fnmatchcase(word, part) for part in wanted)
        and not any(fnmatchcase(word, part) for part in unwanted)
    ]  # fmt: skip


def _filled(source: Source, path: KeyPath, value: Any, here: Mapping[str, tuple[str, Any]]) -> Any:
    """A template with its variables filled in."""
    if isinstance(value, dict):
        return {_filled(source, path, key, here): _filled(source, path, inner, here)
                for key, inner in value.items()}  # fmt: skip
    if isinstance(value, list):
        return [_filled(source, path, inner, here) for inner in value]
    if not isinstance(value, str):
        return value

    def known(found: re.Match[str]) -> tuple[str, Any]:
        if found[1] not in here:
            raise source.error(
                path, "no such variable", given=found[0],
                allowed=", ".join(f"{{{key}}}" for key in here),
            )  # fmt: skip
        return here[found[1]]

    if whole := re.fullmatch(r"\{(\w+)=\}", value):
        return known(whole)[1]
    return re.sub(r"\{(\w+)(=?)\}", lambda found: str(known(found)[bool(found[2])]), value)


def _weighed(contrast: Any, cells: Mapping[str, Any]) -> Any:
    if not isinstance(contrast, dict) or not isinstance(contrast.get("weights"), str):
        return contrast
    return {**contrast, "weights": weights_of(contrast["weights"], cells)}


def weights_of(said: str, cells: Iterable[str]) -> dict[str, float]:
    """Weights of cells from a sum of them.

    Examples
    --------
    >>> weights_of("0.5 * strong - weak", [])
    {'strong': 0.5, 'weak': -1.0}
    >>> weights_of("mean(a*) - b", ["a1", "a2", "b"])
    {'a1': 0.5, 'a2': 0.5, 'b': -1.0}
    """
    weights: dict[str, float] = {}
    terms = re.split(r" ([+-]) ", f" + {said.strip()}")[1:]
    for sign, term in zip(terms[::2], terms[1::2], strict=True):
        times = _TIMES.fullmatch(term)
        weight, what = (float(times[1]), times[2]) if times else (1.0, term)
        mean = _MEAN.fullmatch(what)
        named = matching(mean[1], cells) or [what] if mean else [what]
        for name in named:
            share = (1 if sign == "+" else -1) * weight / len(named)
            weights[name] = weights.get(name, 0.0) + share
    return weights
