"""Tables of a world as arrays: values by slot, the rest at rest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from politburo_sim.state import body as b
from politburo_sim.state.body import Floats, Idents, Ints, Shape
from politburo_sim.worlds.scenario import Scenario
from politburo_sim.worlds.schema import (
    MemberEntry,
)


def identity(word: str) -> int:
    """Return the stable number of an id: the first 8 bytes of its BLAKE2b hash."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")


class Index:
    """Places of members, offices and axes."""

    def __init__(self, scenario: Scenario, members: list[MemberEntry]) -> None:
        self.slots = {member.name: slot for slot, member in enumerate(members)}
        self.offices = {office.name: place for place, office in enumerate(scenario.offices)}
        self.rungs = {rung.name: place for place, rung in enumerate(scenario.ladder, 1)}
        self.axes = {axis: place for place, axis in enumerate(scenario.axes)}
        self.room = b.room(len(scenario.axes), 4)

    def slot(self, name: str | None) -> int:
        """A member's slot, or NOBODY."""
        return b.NOBODY if name is None else self.slots[name]

    def along(self, table: Mapping[str, float], rest: float) -> list[float]:
        """Return numbers along the axes, zero on those that the world does not use."""
        given = [float(table.get(axis, rest)) for axis in self.axes]
        return given + [0.0] * (self.room - len(given))


def pour(of: type[Shape], rooms: Mapping[str, int], **arrays: NDArray[Any]) -> Shape:
    """Fill a record; what an array leaves over stays zero."""
    record = b.new_record(of, rooms)[1]
    for name, array in arrays.items():
        field = cast(Any, record)[name]
        field[tuple(slice(length) for length in array.shape)] = array
    return record


def zeros(*shape: int) -> Floats:
    """Noughts."""
    return np.zeros(shape, dtype=np.float64)


def floats(values: list[float], size: int | None = None, rest: float = 0.0) -> Floats:
    """Values, and the rest up to a size at `rest`."""
    array = np.full(len(values) if size is None else size, rest, dtype=np.float64)
    array[: len(values)] = values
    return array


def ints(values: list[int], size: int | None = None, rest: int = 0) -> Ints:
    """Whole numbers, and the rest up to a size at `rest`."""
    array = np.full(len(values) if size is None else size, rest, dtype=np.int64)
    array[: len(values)] = values
    return array


def idents(values: list[int], size: int) -> Idents:
    """Keys of persons, and none up to a size."""
    array = np.zeros(size, dtype=np.uint64)
    array[: len(values)] = values
    return array
