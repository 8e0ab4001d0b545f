"""What files of experiments may say: each check raises about the key that is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from politburo_sim import outcomes
from politburo_sim.files.errors import ScenarioError, suggest
from politburo_sim.files.lines import KeyPath
from politburo_sim.files.locate import folder, is_file, names
from politburo_sim.files.toml import Source, read_source
from politburo_sim.files.toml import one_of as one_of
from politburo_sim.state.parameters import PARAMETERS
from politburo_sim.worlds.checks import check_parameter
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import Scenario


def world(source: Source, path: KeyPath, name: str) -> str:
    """A world that a file names, checked: a shipped one, one beside the file, or a path."""
    beside = source.file.parent / name
    found = str(beside) if name not in names("scenarios") and is_file(beside) else name
    try:
        load_scenario(found)
    except ScenarioError as error:
        if error.problem.startswith("no such file"):
            raise source.error(
                path, f"no such world{suggest(name, names('scenarios'))}", given=name,
                allowed=error.allowed, hint=error.hint,
            ) from None  # fmt: skip
        raise
    return found


def setting(source: Source, path: KeyPath, name: str, value: float) -> None:
    """Raise unless a parameter is one and its value inside its range."""
    try:
        check_parameter(name, value)
    except ScenarioError as error:
        known = name == "unity" or name in PARAMETERS
        raise source.error(
            path, error.problem, given=value if known else name, allowed=error.allowed,
            hint=error.hint,
        ) from None  # fmt: skip


def outcome(
    source: Source, path: KeyPath, name: str, there: Iterable[str], about: Scenario
) -> None:
    """Raise unless an outcome is one, its member there, and its year one of the world's."""
    found = outcomes.outcome(name)
    if found is None:
        one_of(source, path, name, outcomes.NAMES, "outcome")
    elif found.member:
        one_of(source, path, found.member, there, "member")
    elif found.year and not about.start[:4] <= found.year <= about.end[:4]:
        raise source.error(
            path, f"no such year in {about.name}", given=name,
            allowed=f"a year from {about.start[:4]} to {about.end[:4]}",
            hint="take such a year, or removed, which counts to the end of the run",
        )  # fmt: skip


@cache
def _claims() -> tuple[str, ...]:
    table = read_source(folder("seeds") / "claims.toml").table
    return tuple(claim["id"] for claim in table["claims"])


def claims(source: Source, ids: Iterable[str]) -> None:
    """Raise unless the claims that an experiment is about are there."""
    for place, id in enumerate(ids):
        one_of(source, ("claims", place), id, _claims(), "claim")


def members(scenario: Scenario) -> list[str]:
    """The names of a world's members."""
    return [member.name for member in scenario.members]


def month(source: Source, path: KeyPath, given: str, *worlds: Scenario) -> None:
    """Raise unless a month lies in all these worlds."""
    for scenario in worlds:
        if not scenario.start <= given <= scenario.end:
            raise source.error(
                path, f"no such month in {scenario.name}", given=given,
                allowed=f"{scenario.start} to {scenario.end}",
            )  # fmt: skip
