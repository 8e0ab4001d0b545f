"""The answer that an experiment's file gives to its question, with places for what comes out.

`{name}` stands for the estimate of a contrast with its interval. `{name?up|down|neither}` stands
for the first words where its interval lies above nought, the second where below, the third about
it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_PLACE = re.compile(r"\{([^{}?]+)(?:\?([^{}|]*)\|([^{}|]*)\|([^{}|]*))?\}")


def names_in(answer: str) -> list[str]:
    """Return the contrasts that an answer speaks of.

    Examples
    --------
    >>> names_in("It {unity?rises|falls|stays}: {unity}; with the post {post: sole rule}.")
    ['unity', 'unity', 'post: sole rule']
    """
    return [found[1] for found in _PLACE.finditer(answer)]


def misplaced(answer: str) -> str | None:
    """Return what is left of a place that is not written as one, from its brace on; None if none.

    Examples
    --------
    >>> misplaced("It {unity?rises|falls} so."), misplaced("It {unity?rises|falls|stays}.")
    ('{unity?rises|falls} so.', None)
    """
    left = _PLACE.sub("", answer)
    at = min((left.index(brace) for brace in "{}" if brace in left), default=None)
    return None if at is None else left[at:]


def choices(answer: str) -> str:
    """An answer for who has not run it: its places left open, and all words that it may choose.

    Examples
    --------
    >>> choices("It {unity?rises|falls|stays}: {unity}.")
    'It [rises / falls / stays]: [...].'
    """
    return _PLACE.sub(
        lambda found: "[...]" if found[2] is None else f"[{' / '.join(found.groups()[1:])}]",
        answer,
    )


def filled(answer: str, rows: Mapping[str, Any], words: Callable[[Any], str]) -> str:
    """Return an answer with its places filled.

    rows : contrasts by name, with `low` and `high`; words : an estimate in words.
    """

    def said(found: re.Match[str]) -> str:
        row = rows[found[1]]
        if found[2] is None:
            return words(row)
        return found[2] if row.low > 0 else found[3] if row.high < 0 else found[4]

    return _PLACE.sub(said, answer)
