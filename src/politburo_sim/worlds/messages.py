"""The shape of a world's tables, checked where each part comes from."""

from __future__ import annotations

from politburo_sim.files.errors import suggest
from politburo_sim.files.explain import shaped
from politburo_sim.files.lines import KeyPath
from politburo_sim.files.toml import inside
from politburo_sim.worlds.draft import Draft
from politburo_sim.worlds.schema import Scenario


def check_shape(draft: Draft) -> Scenario:
    """Check each table on its own; the first thing wrong is raised.

    Raises
    ------
    ScenarioError
        In the words of `files.explain`, about the file that can be mended.
    """
    if "name" in draft.table:
        raise draft.error(
            ("name",), "unknown key", given=draft.table["name"], allowed="title, for words to show",
            hint="remove it: a world is called by its file's name",
        )  # fmt: skip

    def meant(path: KeyPath) -> str:
        """The member meant by a world that extends another, where a new name lacks a key."""
        if path[0] != "members" or len(path) < 2 or "extends" not in draft.top.table:
            return ""
        names = [str(inside(member, "name")) for member in draft.table["members"]]
        name = names.pop(int(path[1]))
        return f": {name} is a new member here{suggest(name, names)}"

    data = {"name": draft.top.file.stem, **draft.table}
    return shaped(Scenario, data, draft.error, meant=meant)
