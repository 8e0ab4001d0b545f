"""What is wrong with a world's tables, in words: the schema's complaints made readable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from politburo_sim.files.errors import InputError, suggest
from politburo_sim.files.toml_lines import KeyPath
from politburo_sim.files.toml_source import inside
from politburo_sim.worlds.inherit import Draft
from politburo_sim.worlds.schema import (
    BY_KIND,
    About,
    Alternative,
    BondEntry,
    Coded,
    MemberEntry,
    Need,
    OfficeEntry,
    QuestionEntry,
    Scenario,
)

_TABLES = {
    "members": MemberEntry, "offices": OfficeEntry, "bonds": BondEntry, "requires": Need,
    "about": About, "questions": QuestionEntry, "low": Alternative, "high": Alternative,
}  # fmt: skip


def check_shape(draft: Draft) -> Scenario:
    """Check each table on its own; the first thing wrong is raised."""
    if "name" in draft.table:
        raise draft.error(
            ("name",), "unknown key", given=draft.table["name"], allowed="title, for words to show",
            hint="remove it: a world is called by its file's name",
        )  # fmt: skip
    data = {"name": draft.top.file.stem, **draft.table}
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        raise _in_words(draft, worst(error)) from None


def worst(error: ValidationError) -> Any:
    """Return the complaint of the schema that is shown."""
    return min(error.errors(include_url=False), key=_rank)


def _rank(wrong: Any) -> int:
    """Order complaints: an unknown key first (often why another is missing), emptiness last."""
    return {"extra_forbidden": 0, "too_short": 2}.get(wrong["type"], 1)


_WRONG_TYPE = {
    "string_type": "words in quotes", "float_type": "a number", "int_type": "a whole number",
    "bool_type": "true or false", "dict_type": "a table", "tuple_type": "a list, in brackets",
    "model_type": "a table", "model_attributes_type": "a table",
    "finite_number": "a finite number",
}  # fmt: skip
_EXAMPLES = {
    "title": '"The table of seven"', "axes": '["economy", "regime"]', "name": '"Trotsky"',
    "status": '"full"', "prestige": "5", "value": "0.4", "from": '"Lenin"', "to": '"Stalin"',
    "id": '"lenin-dies"', "date": '"1924-01"', "text": '"Lenin dies."', "kind": '"death"',
    "who": '"Lenin"', "whom": '"Stalin"', "against": '"Stalin"', "rung": '"dismissed"',
    "office": '"General Secretary"', "parameter": '"unity"', "amount": "1",
    "vector": "{economy = 0.2}", "axis": '"economy"',
    "low": '{value = -0.4, text = "faster growth"}',
    "high": '{value = 0.5, text = "stable prices"}',
}  # fmt: skip
NO_DEFAULT = "it has no default, so that each file says it"
_BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


def _in_words(draft: Draft, wrong: Any) -> InputError:
    """Turn one complaint of the schema into the message that a user sees."""
    path = _own_path(draft, wrong["loc"])
    kind, ctx = wrong["type"], wrong.get("ctx", {})
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
        return _missing(draft, path)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        tag = str(ctx.get("tag", ""))
        if not tag:
            return _missing(draft, (*path, "kind"))
        return draft.error(
            (*path, "kind"), f"no such kind of event{suggest(tag, BY_KIND)}", given=tag,
            allowed=", ".join(BY_KIND),
        )  # fmt: skip
    return plain(draft.error, path, wrong)


def plain(report: Callable[..., InputError], path: KeyPath, wrong: Any) -> InputError:
    """Word a complaint about one value, in a world or in another file with a schema."""
    kind, given, ctx = wrong["type"], wrong["input"], wrong.get("ctx", {})
    if kind == "refused":
        problem, allowed, instead = ctx["say"]
        return report(path, problem, given=given if instead is None else instead, allowed=allowed)
    if kind == "literal_error":
        allowed = ctx["expected"]
        words = allowed.replace("'", "").replace(" or ", ", ").split(", ")
        return report(
            path, f"not one of the words{suggest(str(given), words)}", given=given, allowed=allowed
        )
    if kind in _WRONG_TYPE:
        return report(path, "wrong type", given=given, allowed=_WRONG_TYPE[kind])
    bounds = [f"{word} {ctx[key]}" for key, word in _BOUNDS.items() if key in ctx]
    if bounds:
        return report(path, "out of range", given=given, allowed=bounds[0])
    for key, word in (("min_length", "at least"), ("max_length", "at most")):
        if key in ctx:
            return report(
                path,
                "too few or too many",
                given=ctx["actual_length"],
                allowed=f"{word} {ctx[key]}",
            )
    return report(path, wrong["msg"], given=given)


def _missing(draft: Draft, path: KeyPath) -> InputError:
    """A key that must be there; its table stands under what is above it."""
    key = str(path[-1])
    if key == "members":
        return draft.error(
            path, "missing", allowed="one table for each person", hint="add a table [[members]]"
        )
    return draft.error(
        path,
        f"missing{_meant(draft, path)}",
        allowed=", ".join(BY_KIND) if key == "kind" else NO_DEFAULT,
        hint=f"add a line such as {key} = {_EXAMPLES[key]}",
    )


def _meant(draft: Draft, path: KeyPath) -> str:
    """The member meant by a world that extends another, where a name of its own lacks a key."""
    if path[0] != "members" or "extends" not in draft.top.table:
        return ""
    names = [str(inside(member, "name")) for member in draft.table["members"]]
    name = names.pop(int(path[1]))
    return f": {name} is a new member here{suggest(name, names)}"


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
