"""Several worlds side by side, for one that extends them all."""

from __future__ import annotations

from typing import Any, NamedTuple

from politburo_sim.files.lines import KeyPath
from politburo_sim.files.toml import Source, at, key_text
from politburo_sim.worlds.draft import DATED, KEYED, OWN, TABLES, Draft, identity, keep, leaves, put


def beside(one: Draft, two: Draft, source: Source) -> Draft:
    """Return two worlds as one: what either changes is changed.

    What both take from the same world below is the same. Where one changes it, the change holds;
    where both do, that is an error.

    Parameters
    ----------
    one, two
        The worlds.
    source
        The file that extends both.

    Raises
    ------
    ScenarioError
        If both say something of their own about one key, or call an event by the same id.
    """
    draft = Draft(source, dict(one.table), dict(one.origin), one.lineage | two.lineage)
    pair = _Pair(one, two, source)
    for key, value in two.table.items():
        if key in KEYED and isinstance(one.table.get(key), list):
            _join_keyed(draft, pair, key)
        elif key in DATED and isinstance(one.table.get(key), list):
            _join_dated(draft, pair, key)
        elif key in TABLES and isinstance(value, dict):
            for path, inner in leaves((key,), value):
                if pair.second_wins(path, path, at(one.table, path), inner):
                    put(draft, path, inner, two.place(path))
        elif key not in OWN and pair.second_wins((key,), (key,), one.table.get(key), value):
            draft.table[key] = value
            draft.origin.update({k: v for k, v in two.origin.items() if k[0] == key})
    return draft


class _Pair(NamedTuple):
    """Two worlds, and the file that extends both."""

    one: Draft
    two: Draft
    source: Source

    def second_wins(self, mine: KeyPath, other: KeyPath, has: Any, value: Any) -> bool:
        """Whether the second world's part is taken; `has` is what the first one says, or None."""
        first, second = self.one.place(mine), self.two.place(other)
        if has is None or has == value or second.source.file.resolve() in self.one.lineage:
            return has is None
        if first.source.file.resolve() in self.two.lineage:
            return True
        words = key_text(self.two.table, other)
        raise self.source.error(
            ("extends",), f"two of these worlds say something of their own: {words}",
            given=f"{first.source.file.name} and {second.source.file.name}",
            allowed="worlds that change different things",
            hint="leave one out, or let one of them extend the other and say which holds",
        )  # fmt: skip


def _join_keyed(draft: Draft, pair: _Pair, key: str) -> None:
    words = KEYED[key]
    merged = list(draft.table[key])
    places = {identity(entry, words): index for index, entry in enumerate(merged)}
    for index, entry in enumerate(pair.two.table[key]):
        place = places.get(identity(entry, words), len(merged))
        if place == len(merged):
            merged.append({})
            draft.origin[(key, place)] = pair.two.place((key, index))
        for name, value in entry.items():
            mine, other = (key, place, name), (key, index, name)
            if pair.second_wins(mine, other, merged[place].get(name), value):
                merged[place] = merged[place] | {name: value}
                draft.origin[mine] = pair.two.place(other)
    draft.table[key] = merged


def _join_dated(draft: Draft, pair: _Pair, key: str) -> None:
    """Events of both; one that either leaves out of what both extend does not happen."""
    one, two = pair.one.table[key], pair.two.table[key]
    mine = {entry.get("id"): index for index, entry in enumerate(one)}
    other = {entry.get("id"): index for index, entry in enumerate(two)}
    for word in (word for word in other if word in mine):
        first, second = mine[word], other[word]
        pair.second_wins((key, first), (key, second), one[first], two[second])
    keep(draft, key, [
        entry.get("id") in other
        or pair.one.place((key, index)).source.file.resolve() not in pair.two.lineage
        for index, entry in enumerate(one)
    ])  # fmt: skip
    for index, entry in enumerate(two):
        place = pair.two.place((key, index))
        if entry.get("id") not in mine and place.source.file.resolve() not in pair.one.lineage:
            draft.origin[(key, len(draft.table[key]))] = place
            draft.table[key].append(entry)
