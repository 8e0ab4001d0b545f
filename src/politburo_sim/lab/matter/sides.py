"""The sides of a comparison: worlds by name, as scenarios or as built, each with its settings.

Settings are those of both sides, such as `{"unity": 0.4}`, or of one: `{"B.unity": 0.4}`. The base
is BASE, the changes are A, B and so on in their order, a single change is B as well; a world's own
name means it too. What is set for a change is set in every joint of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from politburo_sim.files.errors import InputError, suggest
from politburo_sim.state.parameters import PLACE
from politburo_sim.worlds.altered import held
from politburo_sim.worlds.checks import check_parameter
from politburo_sim.worlds.inherit import JOIN
from politburo_sim.worlds.scenario import Scenario, load_scenario, parameter_values
from politburo_sim.worlds.world import World, build_world

#: What a world may be given as.
AnyWorld = str | Path | Scenario | World
BASE = "BASE"
MOST_CHANGES = 20


@dataclass(frozen=True)
class Side:
    """One world of a comparison with its settings."""

    scenario: Scenario
    settings: Mapping[str, float] = field(default_factory=dict)
    typed: str = ""
    """What it was given as, where that was a name or a path."""

    @property
    def called(self) -> str:
        """The world and what is set in it, in words."""
        said = ", ".join(f"{name} {value:g}" for name, value in self.settings.items())
        return self.scenario.called + (f", {said}" if said else "")

    @property
    def name(self) -> str:
        """The world's name and what is set in it, for files."""
        return "-".join([self.scenario.name, *(f"{n}-{v:g}" for n, v in self.settings.items())])

    @property
    def spec(self) -> dict[str, Any]:
        """The side as the bench takes it."""
        return {"scenario": self.scenario, "settings": dict(self.settings)}

    def built(self) -> World:
        """The world with its settings."""
        return build_world(self.scenario, self.settings)


def side(given: AnyWorld) -> Side:
    """A world given by name, by path, as a scenario or as built with settings of its own."""
    if isinstance(given, Scenario):
        return Side(held(given))
    if isinstance(given, World):
        usual = parameter_values(given.scenario.rules)
        pairs = zip(PLACE, given.body.par.tolist(), usual, strict=True)
        return Side(given.scenario, {name: value for name, value, own in pairs if value != own})
    return Side(load_scenario(given), {}, str(given))


def sides(
    base: AnyWorld, changes: Sequence[AnyWorld], settings: Mapping[str, float]
) -> tuple[Side, list[Side], Side | None]:
    """The base, the changes, and where there are two of them by name both together.

    A last change that is the two others joined by "+" (by their letters or names) is the joint.

    Raises
    ------
    InputError
        If there is no change or too many, a setting is of no side or out of its range, or two
        changes set one parameter to different values.
    ScenarioError
        If a world cannot be read, or two that are to be joined say different things of one key.
    """
    changes = [*changes]
    named = [str(given) for given in changes if isinstance(given, str | Path)]
    whole = len(named) == len(changes) == 3 and _parts(named[2]) in (["A", "B"], named[:2])
    changes = changes[:2] if whole else changes
    if not 0 < len(changes) <= MOST_CHANGES:
        raise InputError(
            "nothing to compare with, or too much", given=f"{len(changes)} worlds",
            allowed=f"one to {MOST_CHANGES} worlds besides the base",
        )  # fmt: skip
    plain = [side(base), *map(side, changes)]
    mine = _of_each(settings, plain)
    first, *others = (
        Side(one.scenario, {**one.settings, **extra}, one.typed)
        for one, extra in zip(plain, mine, strict=True)
    )
    if len(others) != 2 or len(named) < 2:
        return first, others, None
    return first, others, _joint(others)


def _parts(name: str) -> list[str]:
    return [part.strip() for part in name.split(JOIN)]


def _of_each(settings: Mapping[str, float], there: Sequence[Side]) -> list[dict[str, float]]:
    """The settings of each side, those of all sides first."""
    letters = [BASE, *ascii_uppercase[: len(there) - 1]]
    called: dict[str, int] = {}
    for place, one in enumerate(there):
        for word in (letters[place], one.typed, one.scenario.name):
            called.setdefault(word, place)
    if len(there) == 2:
        called |= {"B": 1, "ALT": 1}
    mine: list[dict[str, float]] = [{} for _ in there]
    for key, value in sorted(settings.items(), key=lambda item: "." in item[0]):
        whose, _, name = key.rpartition(".")
        try:
            check_parameter(name, value)
        except InputError as error:
            raise InputError(
                error.problem, key=f"--set {key}", given=value, allowed=error.allowed,
                hint="politburo-sim list shows the table of parameters",
            ) from None  # fmt: skip
        if whose and whose not in called:
            raise InputError(
                f"no such side{suggest(whose, called)}", key=f"--set {key}", given=whose,
                allowed=", ".join(dict.fromkeys(word for word in called if word)),
            )  # fmt: skip
        for place in [called[whose]] if whose else range(len(there)):
            mine[place][name] = float(value)
    return mine


def _joint(two: Sequence[Side]) -> Side:
    one, other = two
    for name, value in one.settings.items():
        if other.settings.get(name, value) != value:
            raise InputError(
                "two changes that are to be joined set it to different values",
                key=f"--set {name}", given=f"{value:g} and {other.settings[name]:g}",
                allowed="one value for both",
            )  # fmt: skip
    settings = {**one.settings, **other.settings}
    if one.scenario == other.scenario:
        return Side(one.scenario, settings, one.typed)
    name = f"{one.typed}{JOIN}{other.typed}"
    return Side(load_scenario(name), settings, name)
