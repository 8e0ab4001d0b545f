"""The model and its null models: each refitted to 1922-26, then run anew and scored.

What a model is stands in `experiments/models.toml`: a name and parameters held at values. All are
fitted by the same search (`calibration`, or `closest` for each at its best) and run with the same
luck; the same seed gives the same bytes with any number of workers. A model that is finished is
read, not run again; one that was stopped goes on after its last round. Each time the check patterns
of a model are worked out, a line is added to a table of looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from politburo_sim import history
from politburo_sim.history.patterns import cohorts
from politburo_sim.lab import store
from politburo_sim.lab.bench import prepare
from politburo_sim.lab.ensemble import Ensemble, read_ensemble
from politburo_sim.lab.fit import calibration, check, closest, faces, scores
from politburo_sim.lab.fit.calibration import DRAWN, Plan, calibrate, made_from
from politburo_sim.lab.fit.population import Population, as_csv, pooled
from politburo_sim.lab.provenance import rules_hash
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.sources import code_of
from politburo_sim.lab.store import write_text
from politburo_sim.months import year_end

#: The tables of one model, in its folder.
TABLES = ("score", "patterns", "faces")


@dataclass(frozen=True)
class Model:
    """A name, what it is in words, and the parameters that it holds at a value."""

    name: str
    words: str
    settings: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Effort:
    """Sets accepted and histories in a fit; draws and replicates run anew; histories told.

    searches : how often the closest sets are looked for, each time with other luck.
    """

    population: int
    simulations: int
    draws: int
    replicates: int
    histories: int
    searches: int = 1

    @property
    def runs(self) -> int:
        """Fresh histories of a model."""
        return self.searches * self.draws * self.replicates

    @property
    def rounds(self) -> int:
        """Rounds of the search for the closest sets."""
        return max(1, self.simulations // (DRAWN * self.population))

    def told(self, model: Model) -> int:
        """How many histories of a model are told in full: of the model that holds nothing."""
        return 0 if model.settings else self.histories

    def work(self, model: Model) -> int:
        """Histories that a model takes: in the fit, anew, and told in full."""
        return self.searches * self.simulations + self.runs + self.told(model)


@dataclass(frozen=True)
class Scoring:
    """Where and how models are scored.

    plan : what is fitted, with the master seed; folder : for all that is left behind; looks : the
    table of looks; workers : threads; closest : whether models are scored at the sets closest to
    the record instead of over their posteriors.
    """

    plan: Plan
    effort: Effort
    folder: Path
    looks: Path
    workers: int | None = None
    tell: Tell = silent
    closest: bool = False

    def home(self, model: Model) -> Path:
        """The folder of a model."""
        return self.folder / "models" / model.name

    def plan_of(self, model: Model) -> Plan:
        """The search of a model: what it holds is not fitted."""
        effort = self.effort
        plan = replace(self.plan, population=effort.population, simulations=effort.simulations)
        return plan.holding(model.settings)

    def key(self, model: Model) -> str:
        """Hash of all that the tables of a model depend on."""
        plan = self.plan_of(model)
        world = plan.built()
        return store.key_of(
            made_from(plan, world, calibration.target_of(world)), vars(self.effort), self.closest,
            code_of(__file__), repr(check.scored()),
            history.falls().to_csv(), [sorted(one) for one in cohorts()],
        )  # fmt: skip

    def score(self, model: Model) -> dict[str, pd.DataFrame]:
        """The tables of a model, by name."""
        key = self.key(model)
        kept = {name: store.read(self._file(model, name), key) for name in TABLES}
        whole = {name: store.frame_of(table) for name, table in kept.items() if table is not None}
        if len(whole) < len(TABLES):
            return self._work_out(model, self.home(model))
        self.tell(self.effort.work(model))
        return whole

    def _file(self, model: Model, name: str) -> Path:
        return self.home(model) / f"{name}.parquet"

    def _found(self, model: Model, tell: Tell) -> list[Population]:
        """The sets of a model: those of its posterior, or of each search for the closest."""
        plan, home, effort = self.plan_of(model), self.home(model), self.effort
        if not self.closest:
            return [calibrate(plan, home, tell, self.workers)[0]]
        return [
            closest.closest_sets(
                replace(plan, seed=plan.seed + search), effort.rounds, searched(home, search),
                tell, self.workers,
            )[0]
            for search in range(effort.searches)
        ]  # fmt: skip

    def _thinned(self, populations: Sequence[Population], file: Path) -> Ensemble:
        """The sets of populations that are run anew, as they can be read from a file."""
        sizes = [len(one.weight) for one in populations]
        search = np.repeat(np.arange(len(sizes)) + 1, sizes) if len(sizes) > 1 else None
        write_text(file, as_csv(pooled(populations), search))
        return read_ensemble(file).thin(self.effort.draws)

    def _work_out(self, model: Model, home: Path) -> dict[str, pd.DataFrame]:
        plan, effort, told = self.plan_of(model), self.effort, self.effort.told(model)

        def tell(done: int, doing: str = "", /) -> None:
            self.tell(done, f"{model.name}: {doing}" if doing else "")

        tell(0, "fitting")
        populations = self._found(model, tell)
        tell(0, "fresh histories")
        look(self.looks, plan.seed, model.name, effort.runs)
        tables = [
            check.fresh(
                plan, self._thinned([population], home / f"population-{number}.csv"),
                effort.replicates, workers=self.workers, tell=tell,
            )
            for number, population in enumerate(populations, 1)
        ]  # fmt: skip
        table = pd.concat(tables, ignore_index=True)
        ensemble = self._thinned(populations, home / "population.csv")
        world, points = prepare({"scenario": plan.scenario, "settings": plan.fixed}, ensemble)
        patterns, end = check.scored(), year_end(world.start, scores.FALLEN_BY)
        if len(tables) > 1:
            found = scores.over_searches(tables, patterns, end)
        else:
            found = scores.scores(table, patterns, end, plan.seed)
        found["effective"] = pooled(populations).effective
        told_of = check.pattern_table(world, table, patterns)
        if told:
            tell(0, "faces")
            rows = check.presidium(ensemble, effort.replicates, plan.seed, self.workers)
            told_of = pd.concat([told_of, pd.DataFrame(rows)], ignore_index=True)
        seen = faces.faces_of(world, points, told, plan.seed, tell)
        key, made = self.key(model), {}
        for name, frame in zip(TABLES, (found, told_of, seen), strict=True):
            frame.insert(0, "model", model.name)
            text = frame.to_csv(index=False, float_format="%.6g")
            write_text(home / f"{name}.csv", text)  # to be read by people
            made[name] = pd.read_csv(StringIO(text))
            table = pa.Table.from_pandas(made[name], preserve_index=False)
            store.write(self._file(model, name), table, key)
        return made


def searched(home: Path, search: int) -> Path:
    """Where the rounds of a search are kept."""
    return home / f"search-{search + 1}"


def look(path: Path, seed: int, model: str, histories: int) -> None:
    """Add a line to the table of looks at the check patterns: number, seed, model, rules."""
    old = path.read_text(encoding="utf-8") if path.is_file() else "number,seed,model,runs,rules\n"
    number = old.count("\n")
    write_text(path, f"{old}{number},{seed},{model},{histories},{rules_hash()}\n")


def looks_at(path: Path) -> dict[str, int]:
    """How often the check patterns of each model have been looked at."""
    if not path.is_file():
        return {}
    return {str(k): int(v) for k, v in pd.read_csv(path)["model"].value_counts().items()}


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Tables one below the other; an empty one would decide the kinds of the columns."""
    return pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)


def score_all(scoring: Scoring, models: Sequence[Model]) -> dict[str, pd.DataFrame]:
    """The tables of all models, one below the other, and `scores`: one row a model.

    The model that holds nothing is told in full, for its faces (`Scoring.told`); its closest sets
    are left in the folder as sets.csv, for `claims --ensemble`.
    """
    parts = [scoring.score(model) for model in models]
    for model in models:
        if scoring.closest and not model.settings:
            sets = scoring.home(model) / "population.csv"
            write_text(scoring.folder / "sets.csv", sets.read_text(encoding="utf-8"))
    tables = {name: _stacked([part[name] for part in parts]) for name in TABLES}
    wide = tables["score"].pivot(index="model", columns="score", values="value")
    row = wide.loc[[m.name for m in models], list(scores.SCORES)]
    effective = tables["score"].groupby("model")["effective"].first()
    counted = looks_at(scoring.looks)
    row["effective"] = effective.loc[row.index]
    row["looks"] = [counted.get(str(name), 0) for name in row.index]
    tables["scores"] = row.reset_index()
    return tables
