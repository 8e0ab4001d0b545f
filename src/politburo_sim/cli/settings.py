"""What several commands are given: a world, and settings as they are typed, --set NAME=NUMBER."""

from __future__ import annotations

from typing import Annotated

import typer

from politburo_sim.cli import complete
from politburo_sim.files.errors import InputError

WorldName = Annotated[
    str,
    typer.Argument(help="Name of a shipped world, or a file.", autocompletion=complete.worlds),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="A parameter, such as unity=0.5; may be given several times.",
        autocompletion=complete.settings,
    ),
]  # fmt: skip


def pairs(given: list[str] | None) -> dict[str, float]:
    """Names and numbers of all --set, unchecked.

    Raises
    ------
    InputError
        About the first that is no pair of a name and a number.
    """
    found: dict[str, float] = {}
    for pair in given or []:
        name, _, value = pair.partition("=")
        try:
            found[name] = float(value)
        except ValueError:
            raise InputError(
                "not a setting", key="--set", given=pair, allowed="NAME=NUMBER",
                hint="for example --set unity=0.5",
            ) from None  # fmt: skip
    return found


def overrides(given: list[str] | None) -> dict[str, float]:
    """Parameters of one world by all --set.

    Raises
    ------
    InputError
        About the first that is no parameter or out of its range.
    """
    from politburo_sim.worlds.checks import check_parameter

    found = pairs(given)
    for name, value in found.items():
        try:
            check_parameter(name, value)
        except InputError as error:
            raise InputError(
                error.problem, key=f"--set {name}", given=f"{name}={value:g}",
                allowed=error.allowed, hint="politburo-sim list shows the table of parameters",
            ) from None  # fmt: skip
    return found
