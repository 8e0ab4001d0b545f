"""Any row of any sweep, rebuilt exactly from its manifest and held against its table."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, Field, StrictInt, ValidationError

from politburo_sim import outcomes
from politburo_sim.files.errors import InputError, ResultError, ResultWarning
from politburo_sim.files.toml import Source
from politburo_sim.lab import store
from politburo_sim.lab.chunks import Chunk, Rows, chunk_at, vectors
from politburo_sim.lab.drivers import one_by_mesa
from politburo_sim.lab.members import described, member_named
from politburo_sim.lab.provenance import read_manifest
from politburo_sim.lab.runs import replicate_seed
from politburo_sim.record.record import Record
from politburo_sim.run.engine import Outcomes
from politburo_sim.run.member import Member
from politburo_sim.worlds.draft import Draft
from politburo_sim.worlds.fields import Number
from politburo_sim.worlds.scenario import checked, singles
from politburo_sim.worlds.schema import Scenario
from politburo_sim.worlds.world import World, build_world

_Count = Annotated[StrictInt, Field(ge=1, le=10_000_000)]


class _Effort(BaseModel):
    draws: Literal[1]
    replicates: _Count


class _Experiment(BaseModel):
    seed: Annotated[StrictInt, Field(ge=0, le=2**63 - 1)]
    outcomes: tuple[str, ...]


class _Manifest(BaseModel):
    """What is needed of a sweep's manifest."""

    kind: Literal["sweep"]
    package: str
    commit: str | None
    plan: str
    effort: _Effort
    points: Annotated[tuple[dict[str, Number], ...], Field(min_length=1)]
    rows_a_chunk: _Count
    experiment: _Experiment
    scenario: dict[str, Any]
    members: str | None = None
    members_text: str | None = None


@dataclass(frozen=True)
class Row:
    """One row of a sweep: the manifest it stands under, its number, world, settings and seed."""

    folder: Path
    said: _Manifest
    number: int
    scenario: Scenario

    @property
    def place(self) -> tuple[int, int]:
        """Its design point and its replicate."""
        return divmod(self.number, self.said.effort.replicates)

    @property
    def settings(self) -> dict[str, float]:
        """The settings of its design point."""
        return singles(self.said.points[self.place[0]])

    @property
    def seed(self) -> int:
        """What fixes its luck."""
        return replicate_seed(self.said.experiment.seed, self.place[1])

    @property
    def chunk(self) -> Chunk:
        """The chunk that holds it."""
        said = self.said
        runs = said.effort.replicates * len(said.points)
        number = self.number // said.rows_a_chunk
        return chunk_at(self.folder, said.plan, number, said.rows_a_chunk, runs)

    def world(self) -> World:
        """The world it is run in."""
        try:
            return build_world(self.scenario, self.settings)
        except InputError as error:
            raise _damaged(self.folder, error.problem) from None

    def members(self) -> type[Member]:
        """The class of its members."""
        if self.said.members is None:
            return Member
        found = member_named(self.said.members)
        if described(found)["members_text"] != self.said.members_text:
            raise ResultError(
                "the members have another text than the sweep was run with", file=self.folder,
                given=self.said.members, hint="put that text back, or run the sweep again",
            )  # fmt: skip
        return found


def rebuild(folder: Path, number: int) -> Record:
    """The record of run `number` of the sweep in a folder.

    Where its table is not there, or damaged, a `ResultWarning` says that nothing was compared.

    Raises
    ------
    ResultError
        If the folder holds no sweep, or a damaged one, or no such run, or the run now ends
        otherwise than any column of its row says (the rules have changed since).
    """
    row = row_of(folder, number)
    model, out = one_by_mesa(row.world(), row.seed, row.members())
    _compare(row, model.world, out)
    return model.record


def row_of(folder: Path, number: int) -> Row:
    """Run `number` of the sweep in a folder.

    Raises
    ------
    ResultError
        As `rebuild`.
    """
    said = _manifest(folder)
    runs = said.effort.replicates * len(said.points)
    if not 0 <= number < runs:
        raise ResultError("no such run", file=folder, given=number, allowed=f"0 to {runs - 1}")
    return Row(folder, said, number, _scenario(folder, said.scenario))


def _manifest(folder: Path) -> _Manifest:
    found = read_manifest(folder)
    if found["kind"] != "sweep":
        raise ResultError(
            "only a sweep keeps its runs one by one", file=folder, given=found["kind"],
            allowed="the folder of a sweep",
        )  # fmt: skip
    try:
        return _Manifest.model_validate(found)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise _damaged(folder, f"{where}: {error.errors()[0]['msg']}") from None


def _scenario(folder: Path, table: dict[str, Any]) -> Scenario:
    """The world of a manifest, checked like that of a file."""
    named = dict(table)
    name = named.pop("name", None)
    source = Source(folder / "manifest.json", "", named, ResultError)
    try:
        if not isinstance(name, str):
            raise source.error(("name",), "wrong type", given=name)
        return checked(Draft(source, named)).model_copy(update={"name": name})
    except InputError as error:
        raise _damaged(folder, f"scenario.{error.key}: {error.problem}") from None


def _damaged(folder: Path, problem: str) -> ResultError:
    return ResultError(
        f"not the manifest of a sweep as this version writes it, or damaged ({problem})",
        file=folder / "manifest.json", allowed="as politburo-sim sweep left it",
        hint="run the sweep again in a new folder",
    )  # fmt: skip


def _compare(row: Row, world: World, out: Outcomes) -> None:
    """Hold all columns of a run against its row."""
    said, (point, replicate) = row.said, row.place
    known = {name: outcomes.outcome(name) for name in said.experiment.outcomes}
    members = ["", *world.names[: world.members]]
    unknown = [n for n, about in known.items() if about is None or about.member not in members]
    if unknown:
        raise _damaged(row.folder, f"no such outcome: {unknown[0]}")
    rows = Rows(world, said.points, said.experiment.outcomes)
    table = store.read(row.chunk.path, row.chunk.key, rows.layout)
    if table is None:
        warnings.warn(
            f"{row.chunk.path}: without this table, the run is not held against its row",
            ResultWarning, stacklevel=3,
        )  # fmt: skip
        return
    stored = table.slice(row.number - row.chunk.start, 1).to_pylist()[0]
    ids, which, replicates, seeds = (
        np.array([n], np.int64) for n in (row.number, point, replicate, row.seed)
    )
    points = vectors(row.scenario, [said.points[point]])
    ours = rows.table(ids, which, replicates, seeds, points, out).to_pylist()[0]
    for name, value in ours.items():
        if not _same(value, stored[name]):
            raise ResultError(
                f"run {row.number} ends otherwise now: {name}", file=row.folder, given=value,
                allowed=f"{stored[name]}, as its table says",
                hint=f"go back to the version that made it: {said.package}, {said.commit}",
            )  # fmt: skip


def _same(one: Any, other: Any) -> bool:
    both_nan = all(isinstance(x, float) and math.isnan(x) for x in (one, other))
    return bool(one == other or both_nan)
