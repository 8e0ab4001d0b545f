"""What is wrong with a file's tables, in words: a schema's complaints made readable.

Every kind of file is checked here against its own schema, so that all are answered in one wording.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from politburo_sim.files.errors import InputError, suggest
from politburo_sim.files.lines import KeyPath
from politburo_sim.files.toml import at

Report = Callable[..., InputError]
"""Makes the error about a key: `Source.error`, or its like where a table has several files."""


class Unwritten:
    """Marks a field of a schema that no file says."""


Shape = TypeVar("Shape", bound=BaseModel)

_WRONG_TYPE = {
    "string_type": "words in quotes", "float_type": "a number", "int_type": "a whole number",
    "bool_type": "true or false", "dict_type": "a table", "tuple_type": "a list, in brackets",
    "list_type": "a list, in brackets", "model_type": "a table",
    "model_attributes_type": "a table", "finite_number": "a finite number",
}  # fmt: skip
_EXAMPLES = {
    "about": '"Boris"', "above": "0.05", "against": '"Boris"', "amount": "1",
    "axes": '["economy", "regime"]', "axis": '"economy"', "contests": "[1, 6]",
    "contrast": '"with it: sole rule"', "date": '"1924-01"', "experiment": '"E1"',
    "from": '"1922-07"', "high": "1",
    "id": '"anna-dies"', "kind": '"death"', "low": "0", "member": '"Anna"', "name": '"Anna"',
    "office": '"Secretary"', "outcome": '"established"', "parameter": '"unity"',
    "prestige": "5", "question": '"Does it matter?"', "replicates": "1000", "rule": '"..."',
    "rung": '"dismissed"', "scenario": '"ussr-1922"', "secretary": '"Anna"', "status": '"full"',
    "text": '"Anna dies."', "title": '"The table of seven"', "to": '"Boris"',
    "until": '"1931-12"', "value": "0.4", "vector": "{economy = 0.2}", "who": '"Anna"',
    "whom": '"Boris"', "weights": '{ "as it was" = 1 }',
}  # fmt: skip
NO_DEFAULT = "it has no default, so that each file says it"
_BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


def refused(problem: str, allowed: str, given: object = None) -> PydanticCustomError:
    """Return an error for a schema's own checks that carries what would have been accepted."""
    return PydanticCustomError("refused", "refused", {"say": (problem, allowed, given)})


def shaped(
    schema: type[Shape],
    table: dict[str, Any],
    report: Report,
    *,
    meant: Callable[[KeyPath], str] = lambda path: "",
) -> Shape:
    """Return a file's table as its schema has it.

    Parameters
    ----------
    schema
        What the file may say.
    table
        What it says.
    report
        Makes the error about a key.
    meant
        Words to add where a key is missing: what the user may have meant instead.

    Raises
    ------
    InputError
        About all that is wrong: an unknown key first, as it is often why another is missing, then
        the others in the order of their lines.
    """
    try:
        return schema.model_validate(table)
    except ValidationError as error:
        wrong = sorted(error.errors(include_url=False), key=_rank)
    said: dict[KeyPath, InputError] = {}
    unknown: set[KeyPath] = set()
    for one in wrong:
        path, schemas = _trace(schema, table, one["loc"])
        if one["type"] == "extra_forbidden":
            unknown.add(path[:-1])
        follows = one["type"] == "missing" and path[:-1] in unknown
        if path not in said and not follows and not (said and one["type"] == "too_short"):
            said[path] = _complaint(report, path, schemas, one, meant)
    first, *others = {str(error): error for error in said.values()}.values()  # one word, two keys
    first.others = tuple(sorted(others, key=lambda other: other.line or 0))
    raise first


def _complaint(
    report: Report, path: KeyPath, schemas: list[Any], wrong: Any, meant: Callable[[KeyPath], str]
) -> InputError:
    """Word one complaint; schemas : those met on the way to it."""
    if wrong["type"] == "extra_forbidden":
        keys = keys_of(schemas[-2])
        return report(
            path, f"unknown key{suggest(str(path[-1]), keys)}", given=path[-1],
            allowed=", ".join(keys), hint="correct the word or remove it",
        )  # fmt: skip
    if wrong["type"] in ("union_tag_invalid", "union_tag_not_found"):
        return _no_kind(report, path, _tagged(schemas[-1]), wrong.get("ctx", {}).get("tag"))
    if wrong["type"] == "missing":
        return _missing(report, path, schemas[-1], meant(path))
    return _plain(report, path, wrong)


def keys_of(schema: type[BaseModel]) -> list[str]:
    """Return the keys that a table may have, as a file writes them."""
    return [
        spec.alias or name
        for name, spec in schema.model_fields.items()
        if not any(isinstance(mark, Unwritten) for mark in spec.metadata)
    ]


def _rank(wrong: Any) -> int:
    """Order complaints: an unknown key first, emptiness last."""
    return {"extra_forbidden": 0, "too_short": 2}.get(wrong["type"], 1)


def _trace(
    schema: type[BaseModel], table: dict[str, Any], loc: Sequence[str | int]
) -> tuple[KeyPath, list[Any]]:
    """Return the path of a complaint as the file has it, and the schemas met on the way there."""
    path: KeyPath = ()
    met: list[Any] = [schema]
    for part in loc:
        options = _tagged(met[-1])
        if part in options:  # which kind of table, not a key of it
            met[-1] = options[str(part)]
        elif part != "[key]":
            path = (*path, part)
            met.append(_within(met[-1], part))
    while len(path) > 1 and not isinstance(at(table, path[:-1]), dict | list):
        path, met = path[:-1], met[:-1]  # a number that stands for a table of one key
    return path, met


def _bare(schema: Any) -> Any:
    """Return a type without its marks and without the chance of being left out."""
    while get_origin(schema) is Annotated:
        schema = get_args(schema)[0]
    if get_origin(schema) in (Union, UnionType):
        some = [option for option in get_args(schema) if option is not type(None)]
        return _bare(some[0]) if len(some) == 1 else schema
    return schema


def _within(schema: Any, part: str | int) -> Any:
    """Return what may stand under a key or an index."""
    bare = _bare(schema)
    inner = get_args(bare)
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        named = {spec.alias or name: spec for name, spec in bare.model_fields.items()}
        return named[str(part)].annotation if part in named else None
    if get_origin(bare) is dict:
        return inner[1]
    return inner[0] if get_origin(bare) in (list, tuple) else None


def _tagged(schema: Any) -> dict[str, type[BaseModel]]:
    """Return the tables that a list may hold, by the word that says which one each is."""
    options = get_args(_bare(schema)) if get_origin(_bare(schema)) in (Union, UnionType) else ()
    return {
        word: table
        for table in options
        if isinstance(table, type) and issubclass(table, BaseModel)
        for word in get_args(table.model_fields["kind"].annotation)
    }


def _no_kind(
    report: Report, path: KeyPath, kinds: dict[str, type[BaseModel]], tag: object
) -> InputError:
    what = str(path[0]).removesuffix("s")
    word = "" if tag is None else str(tag)
    problem = f"no such kind of {what}{suggest(word, kinds)}" if word else "missing"
    return report(
        (*path, "kind"), problem, given=word or None, allowed=", ".join(kinds),
        hint=None if word else f"add a line such as kind = {_EXAMPLES['kind']}",
    )  # fmt: skip


def _missing(report: Report, path: KeyPath, schema: Any, meant: str) -> InputError:
    """A key that must be there; its table stands under what is above it."""
    key, bare = str(path[-1]), _bare(schema)
    inner = _bare(get_args(bare)[0]) if get_args(bare) else None
    if get_origin(bare) in (list, tuple) and isinstance(inner, type):
        if issubclass(inner, BaseModel):
            return report(
                path, "missing", allowed="one table or more", hint=f"add a table [[{key}]]"
            )
    example = f"a line such as {key} = {_EXAMPLES[key]}" if key in _EXAMPLES else f"{key}"
    if isinstance(bare, type) and issubclass(bare, BaseModel) and len(path) > 2:
        inner_keys = ", ".join(f"{word} = ..." for word in keys_of(bare))
        example = f"a line such as {key} = {{{inner_keys}}}"
    elif get_origin(bare) is dict or (isinstance(bare, type) and issubclass(bare, BaseModel)):
        example = f"[{key}]" if key not in _EXAMPLES else example
    return report(path, f"missing{meant}", allowed=NO_DEFAULT, hint=f"add {example}")


def _plain(report: Report, path: KeyPath, wrong: Any) -> InputError:
    """Word a complaint about one value."""
    kind, given, ctx = wrong["type"], wrong["input"], wrong.get("ctx", {})
    if kind == "refused":
        problem, allowed, instead = ctx["say"]
        return report(path, problem, given=given if instead is None else instead, allowed=allowed)
    if kind == "literal_error":
        allowed = ctx["expected"]
        words = allowed.replace("'", "").replace(" or ", ", ").split(", ")
        problem = f"not one of the words{suggest(str(given), words)}"
        return report(path, problem, given=given, allowed=allowed)
    if kind in _WRONG_TYPE:
        return report(path, "wrong type", given=given, allowed=_WRONG_TYPE[kind])
    bounds = [f"{word} {ctx[key]}" for key, word in _BOUNDS.items() if key in ctx]
    if bounds:
        return report(path, "out of range", given=given, allowed=bounds[0])
    for key, word in (("min_length", "at least"), ("max_length", "at most")):
        if key in ctx:
            number, allowed = ctx["actual_length"], f"{word} {ctx[key]}"
            return report(path, "too few or too many", given=number, allowed=allowed)
    return report(path, wrong["msg"], given=given)
