"""What is wrong with a world's tables, in words: the schema's complaints made readable."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from politburo_sim.errors import ScenarioError, suggest
from politburo_sim.scenario_schema import (
    BY_KIND,
    About,
    BondEntry,
    Coded,
    MemberEntry,
    Need,
    OfficeEntry,
    Scenario,
)
from politburo_sim.scenario_source import Draft, inside
from politburo_sim.toml_lines import KeyPath

_TABLES = {
    "members": MemberEntry, "offices": OfficeEntry, "bonds": BondEntry, "requires": Need,
    "about": About,
}  # fmt: skip


def check_shape(draft: Draft) -> Scenario:
    """Check each table on its own; the first thing wrong is raised."""
    if "name" in draft.table:
        raise draft.error(("name",), "unknown key", hint="a world is called by its file's name")
    data = {"name": draft.top.file.stem, **draft.table}
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        wrong = min(error.errors(include_url=False), key=_rank)
        raise _in_words(draft, wrong) from None


def _rank(wrong: Any) -> int:
    """Order complaints: an unknown key first (often why another is missing), emptiness last."""
    return {"extra_forbidden": 0, "too_short": 2}.get(wrong["type"], 1)


_WRONG_TYPE = {
    "string_type": "words in quotes", "float_type": "a number", "int_type": "a whole number",
    "bool_type": "true or false", "dict_type": "a table", "tuple_type": "a list",
    "model_type": "a table", "model_attributes_type": "a table", "finite_number": "a number",
}  # fmt: skip
_BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


def _in_words(draft: Draft, wrong: Any) -> ScenarioError:
    """Turn one complaint of the schema into the message that a user sees."""
    path = _own_path(draft, wrong["loc"])
    kind, given, ctx = wrong["type"], wrong["input"], wrong.get("ctx", {})
    if kind == "refused":
        problem, allowed, instead = ctx["say"]
        return draft.error(
            path, problem, given=given if instead is None else instead, allowed=allowed
        )
    if kind == "extra_forbidden":
        keys = _keys_at(draft, path)
        return draft.error(
            path,
            f"unknown key{suggest(str(path[-1]), keys)}",
            given=path[-1],
            allowed=", ".join(keys),
            hint="correct the word or remove it",
        )
    if kind == "missing":
        return draft.error(path, "missing", hint=f"add {path[-1]} = ...")
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        tag = str(ctx.get("tag", ""))
        return draft.error(
            (*path, "kind"), f"no such kind of event{suggest(tag, BY_KIND)}" if tag else "missing",
            given=tag or None, allowed=", ".join(BY_KIND),
        )  # fmt: skip
    if kind == "literal_error":
        allowed = ctx["expected"]
        words = allowed.replace("'", "").replace(" or ", ", ").split(", ")
        return draft.error(
            path, f"not one of the words{suggest(str(given), words)}", given=given, allowed=allowed
        )
    if kind in _WRONG_TYPE:
        return draft.error(path, "wrong type", given=given, allowed=_WRONG_TYPE[kind])
    bounds = [f"{word} {ctx[key]:g}" for key, word in _BOUNDS.items() if key in ctx]
    if bounds:
        return draft.error(path, "out of range", given=given, allowed=bounds[0])
    for key, word in (("min_length", "at least"), ("max_length", "at most")):
        if key in ctx:
            return draft.error(
                path,
                "too few or too many",
                given=f"{ctx['actual_length']}",
                allowed=f"{word} {ctx[key]}",
            )
    return draft.error(path, wrong["msg"], given=given)


def _own_path(draft: Draft, loc: tuple[str | int, ...]) -> KeyPath:
    """Return the path as written: without the event's kind, and without the value of a number."""
    path = loc[:2] + loc[3:] if loc[0] == "events" and len(loc) > 2 else loc
    if path[-1] == "value" and not isinstance(_at(draft.table, path[:-1]), dict):
        return path[:-1]
    return path


def _at(table: Any, path: KeyPath) -> Any:
    for part in path:
        table = inside(table, part)
    return table


def _keys_at(draft: Draft, path: KeyPath) -> list[str]:
    """Return the keys that the table of an unknown key may have."""
    names = [part for part in path[:-1] if isinstance(part, str)]
    if not names:
        return [*(name for name in Scenario.model_fields if name != "name"), "without"]
    if names == ["events"]:
        table: Any = BY_KIND[_at(draft.table, path[:-1])["kind"]]
    else:
        table = _TABLES.get(names[-1], Coded)
    return [spec.alias or name for name, spec in table.model_fields.items()]
