"""Sweeps: a design over the settings of one world; run, stored, and summed up.

The plan alone fixes chunk names, seeds and settings. A chunk that is there and whole is not run
again, so a sweep that was killed goes on and ends byte for byte like one that was not.
"""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from politburo_sim import outcomes
from politburo_sim.files.errors import ResultError
from politburo_sim.files.lines import KeyPath
from politburo_sim.files.toml import Source
from politburo_sim.lab import checks, store
from politburo_sim.lab import runs as lab_runs
from politburo_sim.lab.bench import Bench, Effort
from politburo_sim.lab.chunks import Chunk, Rows, chunk_at, vectors
from politburo_sim.lab.drivers import Job, run_by_mesa, run_on_cluster
from politburo_sim.lab.ensemble import between
from politburo_sim.lab.intervals import mean_interval, wilson
from politburo_sim.lab.plan import Experiment, Results, Whole
from politburo_sim.lab.runs import Tell
from politburo_sim.lab.sheets import write_csv
from politburo_sim.outcomes import marks_of
from politburo_sim.run.engine import Outcomes
from politburo_sim.run.member import Member
from politburo_sim.state.parameters import PARAMETERS
from politburo_sim.worlds.fields import Number, Table
from politburo_sim.worlds.world import World

#: From jobs and design points to the outcomes of each job, in order.
Driver = Callable[[Iterable[Job], NDArray[np.float64], Tell], Iterator[Outcomes]]
MOST_POINTS = 1_000_000


class Design(Table):
    """How the design points are laid out, and how often each is run."""

    kind: Literal["grid", "list", "latin", "sobol"]
    replicates: Whole
    quick: Whole = 50
    points: Annotated[Whole, Field(le=MOST_POINTS)] = 64
    rows: tuple[dict[str, Number], ...] = ()

    @property
    def drawn(self) -> bool:
        """Whether its points are drawn."""
        return self.kind in ("latin", "sobol")


class Span(Table):
    """A range that is sampled."""

    low: Number
    high: Number


class Sweep(Experiment):
    """A design over one world.

    levers: what actors choose; uncertainties: what the world decides; constants: held fixed.
    """

    at_each = "design points"
    over_ensemble = False

    kind: Literal["sweep"] = "sweep"
    levers: dict[str, Annotated[tuple[Number, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    uncertainties: dict[str, Span] = Field(default_factory=dict)
    constants: dict[str, Number] = Field(default_factory=dict)
    outcomes: Annotated[tuple[str, ...], Field(min_length=1)] = (
        "established", "leader_share", "removed",
    )  # fmt: skip
    design: Design

    def checked(self, source: Source) -> Self:
        """Outcomes, settings and the design hold together."""
        _check_outcomes(source, self)
        _check_settings(source, self)
        _check_design(source, self)
        return self

    def usual(self, quick: bool) -> Effort:
        """Runs of each design point, at the rules of the world."""
        return Effort(1, self.design.quick if quick else self.design.replicates)

    def sets(self) -> set[str]:
        """Levers, uncertainties and what is held."""
        rows = (name for row in self.design.rows for name in row)
        return {*self.levers, *self.uncertainties, *self.constants, *rows}

    def size(self) -> int:
        """Design points."""
        return len(self.points())

    def points(self) -> list[dict[str, float]]:
        """The design points as settings of parameters."""
        design = self.design
        if design.kind == "grid":
            settings = [
                dict(zip(self.levers, values, strict=True))
                for values in itertools.product(*self.levers.values())
            ]
        elif design.kind == "list":
            settings = [dict(row) for row in design.rows]
        else:
            settings = _sampled(self)
        return [{**self.constants, **point} for point in settings]

    def said(self, effort: Effort, rows: int) -> dict[str, Any]:
        """The plan, with its points and how they are cut into chunks."""
        return {**super().said(effort, rows), "points": self.points(), "rows_a_chunk": rows}

    def run(self, bench: Bench) -> Results:
        """The run tables in `runs/`, and one row a design point in points.csv."""
        _run_all(bench, self)
        points = summarise(bench, self)
        write_csv(bench.folder / "points.csv", points)
        return Results(self, bench, extra={"points": points})


def _check_outcomes(source: Source, experiment: Sweep) -> None:
    world = experiment.world
    for index, name in enumerate(experiment.outcomes):
        checks.outcome(source, ("outcomes", index), name, checks.members(world), world)
        if name in experiment.outcomes[:index]:
            raise source.error(
                ("outcomes", index), "the same outcome twice", given=name, allowed="each once"
            )


def _check_settings(source: Source, experiment: Sweep) -> None:
    """Every name is a parameter, every value in its range, and no name is set in two tables."""
    seen: dict[str, str] = {}
    for table in ("levers", "uncertainties", "constants"):
        for name, given in getattr(experiment, table).items():
            for path, value in _numbers((table, name), given):
                checks.setting(source, path, name, value)
            first = seen.setdefault(name, table)
            if first != table:
                raise source.error(
                    (table, name), "set twice", given=name, allowed=f"it stands in [{first}]"
                )
    for index, row in enumerate(experiment.design.rows):
        for name, value in row.items():
            checks.setting(source, ("design", "rows", index, name), name, value)


def _numbers(path: KeyPath, given: Any) -> list[tuple[KeyPath, float]]:
    if isinstance(given, Span):
        return [((*path, "low"), given.low), ((*path, "high"), given.high)]
    if isinstance(given, tuple):
        return [((*path, index), value) for index, value in enumerate(given)]
    return [(path, given)]


def _check_design(source: Source, experiment: Sweep) -> None:
    """A design has points, not too many, and a shape that its kind can have."""
    design, levers = experiment.design, experiment.levers
    at: KeyPath = ("design", "kind")
    if design.kind == "list" and not design.rows:
        raise source.error(
            at, "an empty design: a list needs rows", given=design.kind,
            allowed="design.rows, such as rows = [{unity = 0.5}]",
        )  # fmt: skip
    if design.kind != "list" and not levers and not (experiment.uncertainties and design.drawn):
        raise source.error(
            at, "an empty design: nothing is varied", given=design.kind,
            allowed="[levers], such as unity = [0, 0.5, 1]",
        )  # fmt: skip
    if design.kind == "grid" and math.prod(map(len, levers.values())) > MOST_POINTS:
        raise source.error(
            ("levers",), "too many design points",
            given=math.prod(map(len, levers.values())), allowed=f"at most {MOST_POINTS}",
            hint='fewer values, or kind = "latin"',
        )  # fmt: skip
    if design.kind == "sobol" and design.points & (design.points - 1):
        raise source.error(
            ("design", "points"), "not a power of two, which Sobol points need",
            given=design.points, allowed=f"such as {1 << design.points.bit_length()}",
        )  # fmt: skip
    for name, span in experiment.uncertainties.items():
        if not design.drawn:
            raise source.error(
                ("uncertainties", name), "never drawn", given=name,
                allowed='only with kind = "latin" or "sobol"',
                hint="make it a lever or a constant",
            )  # fmt: skip
        if span.low >= span.high:
            raise source.error(
                ("uncertainties", name), "low is not below high", given=span.low,
                allowed=f"low below {span.high:g}",
            )  # fmt: skip


def _sampled(experiment: Sweep) -> list[dict[str, float]]:
    from scipy.stats import qmc

    design = experiment.design
    spans: Mapping[str, tuple[float, float]] = {
        **{name: (min(v), max(v)) for name, v in experiment.levers.items()},
        **{name: (span.low, span.high) for name, span in experiment.uncertainties.items()},
    }
    sampler = qmc.LatinHypercube if design.kind == "latin" else qmc.Sobol
    unit = sampler(d=len(spans), rng=experiment.seed).random(design.points)
    return [
        {
            name: _placed(name, low, high, float(u))
            for (name, (low, high)), u in zip(spans.items(), row, strict=True)
        }
        for row in unit
    ]


def _placed(name: str, low: float, high: float, u: float) -> float:
    """A point of the unit interval as a value; whole parameters get whole numbers alone."""
    return float(between(low, high, u, name != "unity" and PARAMETERS[name].whole))


def driver(
    world: World, member_class: type[Member], cluster: str | None, workers: int | None
) -> Driver:
    """What runs the histories: the engine in threads, a cluster, or the Mesa driver."""
    if member_class is not Member:
        warnings.warn(
            f"{member_class.__name__} is no plain Member: the histories run on the Mesa driver, "
            "in processes, some hundred times slower than the engine.", stacklevel=3,
        )  # fmt: skip
        return lambda jobs, points, tell: (
            run_by_mesa(world, job.seeds, points, job.which, member_class, workers=workers,
                        tell=tell)
            for job in jobs
        )  # fmt: skip
    if cluster is not None:
        return lambda jobs, points, tell: run_on_cluster(cluster, world, jobs, points, tell)
    marks = marks_of(world)
    return lambda jobs, points, tell: (
        lab_runs.run_many(
            world, job.seeds, points, job.which, marks=marks, workers=workers, tell=tell
        )
        for job in jobs
    )


def _run_all(bench: Bench, experiment: Sweep) -> None:
    world, laid, number = experiment.built(), experiment.points(), bench.effort.runs
    run = driver(world, bench.member_class, bench.cluster, bench.workers)
    seeds = lab_runs.replicate_seeds(bench.seed, number)
    points = vectors(world.scenario, laid)
    rows = Rows(world, laid, experiment.outcomes)
    missing = []
    for chunk in chunks(bench, experiment):
        if store.read(chunk.path, chunk.key, rows.layout) is None:
            missing.append(chunk)
        else:
            bench.tell(chunk.stop - chunk.start)

    def job(chunk: Chunk) -> Job:
        which, replicate = chunk.places(number)
        return Job(seeds[replicate], which)

    for chunk, out in zip(missing, run(map(job, missing), points, bench.tell), strict=True):
        which, replicate = chunk.places(number)
        table = rows.table(chunk.ids, which, replicate, seeds[replicate], points[which], out)
        store.write(chunk.path, table, chunk.key)


def chunks(bench: Bench, experiment: Sweep) -> Iterator[Chunk]:
    """All chunks of a sweep."""
    plan = experiment.key(bench.effort, bench.rows, bench.member_class)
    runs = experiment.size() * bench.effort.runs
    for number in range(-(-runs // bench.rows)):
        yield chunk_at(bench.folder, plan, number, bench.rows, runs)


def summarise(bench: Bench, experiment: Sweep) -> pd.DataFrame:
    """One row a design point: its settings, and each outcome with its 95 % interval."""
    names, laid = list(experiment.outcomes), experiment.points()
    size = (len(laid), len(names))
    total, squares, number = np.zeros(size), np.zeros(size), np.zeros(len(laid))
    for chunk in chunks(bench, experiment):
        whole = store.read(chunk.path, chunk.key)
        if whole is None:
            raise ResultError(
                "was damaged or removed after it was written", file=chunk.path,
                allowed="as it was written", hint="the same command with --resume makes it again",
            )  # fmt: skip
        table = store.frame_of(whole.select(["point", *names]))
        which = table["point"].to_numpy()
        values = table[names].to_numpy(dtype=float)
        np.add.at(total, which, values)
        np.add.at(squares, which, values * values)
        np.add.at(number, which, 1)
    frame = pd.DataFrame(laid).assign(n=number.astype(int))
    for i, name in enumerate(names):
        known = outcomes.outcome(name)
        if known is not None and known.unit == "chance":
            found = wilson(total[:, i], number)
        else:
            found = mean_interval(total[:, i], squares[:, i], number)
        frame[name], frame[f"{name}_low"], frame[f"{name}_high"] = found
    return frame


KIND = Sweep
