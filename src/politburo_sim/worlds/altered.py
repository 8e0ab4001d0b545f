"""A scenario that is altered in Python is held against all that a file is held against."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from politburo_sim.files.errors import InputError
from politburo_sim.files.lines import KeyPath
from politburo_sim.files.toml import Source
from politburo_sim.worlds.draft import Draft
from politburo_sim.worlds.scenario import checked
from politburo_sim.worlds.schema import Scenario


class _Altered(Source):
    """What a scenario says, as a file would: there is none to mend and to check again."""

    def error(self, path: KeyPath, problem: str, **told: Any) -> InputError:
        hint = told.pop("hint", None) or "correct what is given for it"
        return super().error(path, problem, **told, hint=hint)


def held(altered: Scenario, below: Collection[str] = ()) -> Scenario:
    """Return a scenario as a file that said the same would have it.

    below : lists of it, of events or questions, that were not altered. What they date outside a
    shorter run does not happen.

    Raises
    ------
    ScenarioError
        About the first thing that is wrong.
    """
    table = _table(altered)
    for key in below:
        run = str(altered.start), str(altered.end)
        table[key] = [one for one in table[key] if run[0] <= one["date"] <= run[1]]
    own = {"name": table.pop("name"), "record": table.pop("record", None)}  # no file says these
    top = _Altered(Path(f"{own['name'] or 'scenario'}, as altered"), "", table)
    return BaseModel.model_copy(checked(Draft(top, table)), update=own)


def _table(value: Any) -> Any:
    """What a file would say of a value, under the names that a file has; nothing of None."""
    if isinstance(value, BaseModel):
        spec = type(value).model_fields
        said = {name: inner for name, inner in vars(value).items() if inner is not None}
        return {
            (name in spec and spec[name].alias) or name: _table(inner)
            for name, inner in said.items()
        }
    if isinstance(value, Mapping):
        return {key: _table(inner) for key, inner in value.items()}
    return [_table(inner) for inner in value] if isinstance(value, list | tuple) else value
