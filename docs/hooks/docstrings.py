"""Docstrings of this house say "name : meaning"; what reads them takes that for a type.

So before they are read each such line becomes a name with its meaning below it.
"""

from __future__ import annotations

import re
from typing import Any

import griffe

SECTION = re.compile(r"^(Parameters|Attributes)\n-+\n(.*?)(?=^\w[^\n]*\n-+\n|\Z)", re.S | re.M)
ENTRY = re.compile(r"^(\w[\w, *]*?) : (.*)$", re.MULTILINE)


def with_meanings_below(text: str) -> str:
    """A docstring in which no meaning stands in the place of a type."""

    def moved(section: re.Match[str]) -> str:
        entries = ENTRY.sub(r"\1\n    \2", section[2])
        return f"{section[1]}\n{'-' * len(section[1])}\n{entries}"

    return SECTION.sub(moved, text)


class Meanings(griffe.Extension):
    """The extension that mkdocs.yml names."""

    def on_object(self, *, obj: griffe.Object, **kwargs: Any) -> None:
        """Turn the docstring of whatever is loaded."""
        if obj.docstring is not None:
            obj.docstring.value = with_meanings_below(obj.docstring.value)
