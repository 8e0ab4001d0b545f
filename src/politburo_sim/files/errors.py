"""The one tree of errors, so that a caller can catch all of ours and nothing else.

An error about what a user gave says what was given, what is allowed and what to do. The command
line prints it and leaves with exit code 2; it never shows a traceback for one.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from os import PathLike, fspath

MOST_SHOWN = 20
"""Things that are wrong with one file, shown at once."""
LONGEST_GIVEN = 80
"""Characters shown of a wrong value: a file of junk must not fill the screen."""


class PolitburoSimError(Exception):
    """Root of every error this package raises on purpose."""


class InputError(PolitburoSimError):
    """Something a user gave cannot be used.

    Parameters
    ----------
    problem
        What is wrong, in a few words.
    file, line, key
        Where: the file, the line in it (from 1) and the path of the key, each if known.
    given
        The value as read; ``None`` where there is none to show (TOML has no null).
    allowed
        What would have been accepted, in words.
    hint
        What to do about it.

    `others` holds what else is wrong with the same file, where that is known.

    Examples
    --------
    >>> print(InputError("out of range", file="w.toml", line=3, key="rules.rounds",
    ...                  given=-1, allowed="a whole number from 0 to 20"))
    w.toml, line 3: rules.rounds: out of range
      given: -1
      allowed: a whole number from 0 to 20
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str | PathLike[str] | None = None,
        line: int | None = None,
        key: str | None = None,
        given: object = None,
        allowed: str | None = None,
        hint: str | None = None,
    ) -> None:
        # One positional argument, the rest in __dict__: so it survives the way back from a worker.
        super().__init__(problem)
        self.problem = problem
        self.file = None if file is None else fspath(file)
        self.line = line
        self.key = key
        # Kept as text: a value that cannot be pickled must not hide the message about it.
        self.given = None if given is None else _shown(given)
        self.allowed = allowed
        self.hint = hint
        self.others: tuple[InputError, ...] = ()

    def __str__(self) -> str:
        """Write the whole message: where and what first, then one line for each thing known.

        What else is wrong with the same file follows in the same way.
        """
        place = ": ".join(part for part in (self._where(), self.key) if part)
        first = f"{place}: {self.problem}" if place else self.problem
        details = (("given", self.given), ("allowed", self.allowed), ("what to do", self.hint))
        more, left = self.others[: MOST_SHOWN - 1], len(self.others[MOST_SHOWN - 1 :])
        return "\n".join(
            [first, *(f"  {name}: {text}" for name, text in details if text), *map(str, more)]
            + [f"and {left} more"] * bool(left)
        )

    def _where(self) -> str:
        parts = (self.file, None if self.line is None else f"line {self.line}")
        return ", ".join(part for part in parts if part)


class ScenarioError(InputError):
    """A world that cannot be built: a scenario file, or what it says."""


class ExperimentError(InputError):
    """A question that cannot be asked: an experiment file, or what it says."""


class ResultError(InputError):
    """A result folder that is missing, foreign, damaged or in the way."""


class ResultWarning(UserWarning):
    """A file of a result that is damaged or foreign, and is made again or passed over."""


def suggest(word: str, choices: Iterable[str]) -> str:
    """Return ``", did you mean 'x'?"`` for the nearest of the choices, or nothing if none is near.

    Examples
    --------
    >>> suggest("opportunsim", ["opportunism", "loyalty"])
    ", did you mean 'opportunism'?"
    >>> suggest("tractor", ["opportunism", "loyalty"])
    ''
    """
    by_folded = {choice.casefold(): choice for choice in choices}
    near = get_close_matches(word.casefold(), by_folded, n=1)
    return f", did you mean '{by_folded[near[0]]}'?" if near else ""


def _shown(given: object) -> str:
    try:
        text = repr(given)
    except (RecursionError, ValueError):  # nested too deeply, or a number of very many digits
        text = f"a {type(given).__name__} too large to show"
    return text if len(text) <= LONGEST_GIVEN else f"{text[:LONGEST_GIVEN]}..."
