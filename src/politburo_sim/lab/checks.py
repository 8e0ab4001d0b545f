"""What files of experiments may say: each check raises about the key that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from pydantic import BaseModel

from politburo_sim import outcomes
from politburo_sim.files.errors import InputError, ScenarioError, suggest
from politburo_sim.files.locate import names
from politburo_sim.files.toml_lines import KeyPath
from politburo_sim.files.toml_source import Source
from politburo_sim.state.parameters import PARAMETERS
from politburo_sim.worlds.messages import NO_DEFAULT, plain
from politburo_sim.worlds.scenario import check_parameter, load_scenario
from politburo_sim.worlds.schema import Scenario

_EXAMPLES = {
    "id": '"my-question"', "title": '"My question"', "question": '"Does it matter?"',
    "scenario": '"ussr-1922"', "kind": '"grid"', "replicates": "1000", "low": "0", "high": "1",
}  # fmt: skip


def complaint(source: Source, model: type[BaseModel], wrong: Any) -> InputError:
    """What the schema complains of, in words."""
    path: KeyPath = tuple(part for part in wrong["loc"] if part != "[key]")
    word = str(path[-1])
    if wrong["type"] == "missing":
        example = f"a line such as {word} = {_EXAMPLES[word]}" if word in _EXAMPLES else f"[{word}]"
        return source.error(path, "missing", allowed=NO_DEFAULT, hint=f"add {example}")
    if wrong["type"] == "extra_forbidden":
        known = [spec.alias or name for name, spec in _table_at(model, path[:-1]).items()]
        return source.error(
            path, f"unknown key{suggest(word, known)}", given=word, allowed=", ".join(known),
            hint="correct the word or remove it",
        )  # fmt: skip
    return plain(source.error, path, wrong)


def _table_at(model: type[BaseModel], path: KeyPath) -> dict[str, Any]:
    """The fields of the table that a path leads to."""
    for part in path:
        spec = model.model_fields.get(str(part))
        if spec is not None:
            waiting: list[Any] = [spec.annotation]
            while waiting:
                hint = waiting.pop()
                if isinstance(hint, type) and issubclass(hint, BaseModel):
                    model = hint
                    break
                waiting += get_args(hint)
    return dict(model.model_fields)


def world(source: Source, path: KeyPath, name: str) -> str:
    """A world that a file names, checked: a shipped one, one beside the file, or a path."""
    beside = source.file.parent / name
    found = str(beside) if name not in names("scenarios") and beside.is_file() else name
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


def outcome(source: Source, path: KeyPath, name: str, there: Sequence[str]) -> None:
    """Raise unless an outcome is one, and its member there."""
    found = outcomes.outcome(name)
    if found is None:
        raise source.error(
            path,
            f"no such outcome{suggest(name, outcomes.NAMES)}",
            given=name,
            allowed=", ".join(outcomes.NAMES),
        )
    if found.member and found.member not in there:
        raise source.error(
            path, f"no such member{suggest(found.member, there)}", given=name,
            allowed=", ".join(there),
        )  # fmt: skip


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
