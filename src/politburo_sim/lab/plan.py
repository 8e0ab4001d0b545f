"""Experiments of every kind: read and checked in full, planned, run, and left in a folder.

A kind is a module of `lab.kinds` whose class says what a file of the kind holds, checks it, and
runs it; a file without `kind` is a sweep. What `check` calls sound, runs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Annotated, Any, ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, PrivateAttr, StrictInt

from politburo_sim.files.errors import ExperimentError, InputError, ResultError, suggest
from politburo_sim.files.explain import shaped
from politburo_sim.files.locate import find, names
from politburo_sim.files.toml import Source, read_source
from politburo_sim.lab import checks, store
from politburo_sim.lab.bench import ROWS, Bench, Effort
from politburo_sim.lab.ensemble import over, read_ensemble
from politburo_sim.lab.members import described
from politburo_sim.lab.provenance import read_manifest, rules_hash, typed, write_manifest
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.verdict import summary
from politburo_sim.run.member import Member
from politburo_sim.worlds.fields import Name, Place, Table, Text, Word
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import Scenario
from politburo_sim.worlds.world import World, build_world

_KINDS = "politburo_sim.lab.kinds"
Whole = Annotated[StrictInt, Field(ge=1, le=10_000_000)]


class Experiment(Table):
    """A question put to one world, or to several: what every kind says.

    full, small : what is run, and what is run with --quick; over_ensemble : whether its effects are
    those of the ensemble's draws, on which verdicts rest; at_each : what is run with that effort.
    """

    full: ClassVar[Effort] = Effort(200, 60)
    small: ClassVar[Effort] = Effort(50, 12)
    at_each: ClassVar[str] = "worlds"
    over_ensemble: ClassVar[bool] = True

    kind: str
    id: Word
    title: Text
    question: Text
    claims: tuple[Name, ...] = ()
    scenario: Place
    note: str = ""
    seed: Annotated[StrictInt, Field(ge=0, le=2**63 - 1)] = 0
    _file: str = PrivateAttr("")

    @classmethod
    def named(cls, name: str) -> Self:
        """The shipped experiment of that name, which is of this kind."""
        found = load(name)
        assert isinstance(found, cls)
        return found

    @classmethod
    def written_out(cls, source: Source) -> Mapping[str, Any]:
        """The file's table with its shorthand written out."""
        return source.table

    def checked(self, source: Source) -> Self:
        """The experiment, once what its tables say of one another holds."""
        return self

    @property
    def folder(self) -> str:
        """The name of its results: the file's, with the id as it is written in it."""
        own = self._file.lower().startswith(self.id.lower())
        return self.id + self._file[len(self.id) :] * own

    @property
    def world(self) -> Scenario:
        """The world that it is about."""
        return load_scenario(self.scenario)

    def built(self) -> World:
        """The same, ready to be run."""
        return build_world(self.world)

    def usual(self, quick: bool) -> Effort:
        """How much is run where nothing else is asked for: in full, or quick."""
        return self.small if quick else self.full

    def effort(self, quick: bool = False, runs: int | None = None) -> Effort:
        """How much is run: as usual, or so many runs of each world or design point."""
        if runs is None:
            return self.usual(quick)
        if runs < self.least:
            raise InputError(
                "too few runs", key="--runs", given=runs,
                allowed="a whole number from 1" if self.least == 1
                else "a whole number from 2: over the ensemble, two histories of a draw",
            )  # fmt: skip
        return self.usual(quick=False).of(runs)

    @property
    def least(self) -> int:
        """The fewest runs: over the ensemble two, for a spread within each draw."""
        return 2 if self.over_ensemble else 1

    def sets(self) -> set[str]:
        """The parameters that it sets itself."""
        return set()

    def size(self) -> int:
        """Worlds or design points, each of which is run with the same effort."""
        return 1

    def work(self, effort: Effort) -> int:
        """Runs in all: how far a bar of progress goes."""
        return self.size() * effort.runs

    def said(self, effort: Effort, rows: int) -> dict[str, Any]:
        """What a manifest holds of the plan; it alone fixes every run."""
        return {
            "kind": self.kind, "experiment": self.model_dump(mode="json", by_alias=True),
            "scenario": self.world.model_dump(mode="json", by_alias=True),
            "effort": vars(effort),
        }  # fmt: skip

    def key(self, effort: Effort, rows: int, member_class: type[Member] = Member) -> str:
        """The key of the plan and of what its runs depend on besides."""
        return store.key_of({**self.said(effort, rows), **described(member_class)}, rules_hash())

    def how(self, effort: Effort, seed: int) -> str:
        """How it was laid out, for the report."""
        return over_the_ensemble(effort, seed)

    def run(self, bench: Bench) -> Results:
        """Run it on a bench."""
        raise NotImplementedError


def over_the_ensemble(effort: Effort, seed: int) -> str:
    """How worlds are run over the ensemble, in words."""
    return (
        f"{effort.draws} draws of the ensemble, {effort.replicates} histories each in every world, "
        f"coded traits sampled over the coders' uncertainty, master seed {seed}; all worlds share "
        "their luck. Effects are of the draws' true values, the noise of runs taken out."
    )


@dataclass
class Results:
    """What an experiment of any kind came to.

    effects : for each contrast its draws (columns draw, effect, error, n). moves : for each what
    its runs move it by, [draws, R], where the runs are of the bench's seeds.
    outcomes : the outcome that each contrast is of; a chance where none is named. levels : whether
    its effects are levels and not differences, where no contrasts say so by their weights.
    extra : tables of the kind's own.
    """

    experiment: Experiment
    bench: Bench
    effects: dict[str, pd.DataFrame] = field(default_factory=dict)
    moves: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    levels: bool = False
    extra: dict[str, pd.DataFrame] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> pd.DataFrame:
        """One row a contrast: mean, low, high over the ensemble, and the draws' 5 % to 95 %."""
        rows = [
            {"contrast": name, "outcome": self.outcomes.get(name, "chance"), **summary(frame)}
            for name, frame in self.effects.items()
        ]
        return pd.DataFrame(rows)


def kinds() -> list[str]:
    """The kinds of experiment there are."""
    return sorted(module.name for module in iter_modules(import_module(_KINDS).__path__))


def kind_of(name: str) -> type[Experiment]:
    """The class of a kind."""
    found: type[Experiment] = import_module(f"{_KINDS}.{name}").KIND
    return found


def read_experiment(name_or_path: str | Path) -> Source:
    """Read an experiment file of any kind, without looking at what it says."""
    file = find("experiments", str(name_or_path), ExperimentError)
    source = read_source(file, ExperimentError)
    if source.table.keys() & {"extends", "members", "start"}:
        raise ExperimentError(
            "this is no experiment but a world", file=file,
            allowed="a file with a question and what is run for it",
            hint=f"politburo-sim run {name_or_path}, or compare it with the world that it extends",
        )  # fmt: skip
    return source


def load(name_or_path: str | Path) -> Experiment:
    """Read an experiment of any kind and check it in full.

    Raises
    ------
    ExperimentError
        About the first thing that is wrong, with file, line and key.
    ScenarioError
        If a world that it names is wrong itself.
    """
    source = read_experiment(name_or_path)
    kind = source.table.get("kind", "sweep")
    if kind not in kinds():
        raise source.error(
            ("kind",), f"no such kind of experiment{suggest(str(kind), kinds())}", given=kind,
            allowed=f"{', '.join(kinds())}, or no kind for a sweep",
        )  # fmt: skip
    model = kind_of(kind)
    table = {"kind": kind, **model.written_out(source)}
    found = shaped(model, table, source.error)
    checks.claims(source, found.claims)
    world = checks.world(source, ("scenario",), found.scenario)
    found = found.model_copy(update={"scenario": world})
    found._file = source.file.stem
    return found.checked(source)


def shipped() -> dict[str, Experiment]:
    """The shipped experiments by their ids."""
    return {found.id: found for found in map(load, names("experiments"))}


def begin(
    experiment: Experiment | str | Path,
    out: str | Path | None = None,
    *,
    runs: int | None = None,
    quick: bool = False,
    resume: bool = False,
    workers: int | None = None,
    rows_a_chunk: int = ROWS,
    member_class: type[Member] = Member,
    cluster: str | None = None,
    ensemble: str | Path | None = None,
    tell: Tell = silent,
) -> tuple[Experiment, Bench]:
    """Read an experiment of any kind, open its folder and leave its manifest in it.

    Parameters
    ----------
    experiment : an Experiment, or a file's name or path.
    out : folder; default that of `folder_of`, which shares with the others there what they have
        run already.
    runs : runs of each world or design point, instead of the kind's number.
    quick : the smaller number.
    resume : go on with a folder that is there, with as many runs as it was begun with.
    workers : threads; the results do not depend on it.
    rows_a_chunk : of sweeps, runs that are kept at once; the results do not depend on it.
    member_class : of sweeps, members of your own, on the Mesa driver in processes.
    cluster : of sweeps, address of a Dask scheduler whose workers run the histories.
    ensemble : file of parameter sets in place of the shipped ensemble's.

    Raises
    ------
    ResultError
        If the folder is there and `resume` is not asked for, or holds another plan; or if the
        disk takes no more. What is finished is kept.
    """
    name = str(experiment) if isinstance(experiment, str | Path) else experiment.id
    if isinstance(experiment, str | Path):
        experiment = load(experiment)
    if experiment.kind != "sweep" and (cluster is not None or member_class is not Member):
        raise InputError(
            "only a sweep runs on a cluster or with members of one's own", key=experiment.id,
            given=experiment.kind,
        )  # fmt: skip
    if ensemble is not None and not experiment.over_ensemble:
        raise InputError(
            "it is not run over an ensemble", key="--ensemble", given=experiment.kind,
            allowed=", ".join(kind for kind in kinds() if kind_of(kind).over_ensemble),
        )  # fmt: skip
    sets = None if ensemble is None else read_ensemble(Path(ensemble))
    folder, cells = folder_of(experiment, out, ensemble), Path("results/cells")
    if out is not None:
        cells = folder / "cells"
    effort = effort_of(experiment, folder, runs, quick, resume)
    said = {
        **experiment.said(effort, rows_a_chunk), **described(member_class),
        **({} if ensemble is None else {"ensemble": store.sha256(Path(ensemble))}),
        "plan": experiment.key(effort, rows_a_chunk, member_class),
    }  # fmt: skip
    _open(folder, said, resume, name, ensemble=ensemble, quick=quick, runs=runs)
    bench = Bench(
        effort, experiment.seed, folder, cells, tell, workers, rows_a_chunk, member_class, cluster,
        sets,
    )  # fmt: skip
    return experiment, bench


def run(experiment: Experiment | str | Path, out: str | Path | None = None, **how: Any) -> Results:
    """Run an experiment of any kind and leave its manifest and what it keeps in a folder.

    how : as of `begin`, which raises what is said there.
    """
    found, bench = begin(experiment, out, **how)
    return found.run(bench)


def sweep(experiment: Experiment | str | Path, out: str | Path | None = None, **how: Any) -> Path:
    """Run an experiment as `run` does; the folder that its tables are in."""
    return run(experiment, out, **how).bench.folder


def folder_of(
    experiment: Experiment, out: str | Path | None = None, ensemble: str | Path | None = None
) -> Path:
    """Where an experiment's results go: `out`, or results/NAME, which says over which other sets.

    So results over other sets never lie where those over the shipped ensemble do.
    """
    if out is not None:
        return Path(out)
    return Path("results") / f"{experiment.folder}{over(ensemble)}"


def effort_of(
    experiment: Experiment, folder: Path, runs: int | None, quick: bool, resume: bool
) -> Effort:
    """How much is run: as asked, else as begun, else as the experiment says."""
    if runs is None and resume and (folder / "manifest.json").exists():
        begun = Effort(**read_manifest(folder)["effort"])
        if begun.runs < experiment.least:
            raise ResultError(
                "the folder was begun with too few runs", file=folder, given=begun.runs,
                allowed=f"{experiment.least} or more of each world",
                hint="begin another folder with --out",
            )  # fmt: skip
        return begun
    return experiment.effort(quick, runs)


def _open(
    folder: Path, said: dict[str, Any], resume: bool, name: str, *,
    ensemble: str | Path | None, **size: object,
) -> None:  # fmt: skip
    """Begin a folder, or make sure that the one that is there holds the same plan.

    name, ensemble, size : what was typed.
    """
    if not (folder / "manifest.json").exists():
        write_manifest(store.make_folder(folder), **said)
        return
    old = read_manifest(folder)
    if not resume:
        alike = old.get("effort") == said["effort"]
        goes_on = typed("sweep", name, ensemble=ensemble, out=folder, resume=True)
        other = folder.with_name(f"{folder.name}-2")
        anew = typed("sweep", name, ensemble=ensemble, **size, out=other)
        raise ResultError(
            "the folder already holds a result" + " of another size" * (not alike), file=folder,
            allowed="a new folder" + ", or --resume to go on with this one" * alike,
            hint=goes_on if alike else anew,
        )  # fmt: skip
    asked = {
        "members": None,
        "members_text": None,
        "ensemble": None,
        **json.loads(json.dumps(said)),
    }
    for key, value in asked.items():
        if key != "plan" and old.get(key) != value:
            raise ResultError(
                f"the folder holds another plan, not the same {key}", file=folder,
                allowed="the options and files that it was begun with",
                hint="give another folder with --out",
            )  # fmt: skip
    if old.get("plan") != said["plan"]:
        raise ResultError(
            "the folder was begun with other rules", file=folder, given=old["commit"],
            allowed="the version of the package that began it",
            hint="give another folder with --out",
        )  # fmt: skip
