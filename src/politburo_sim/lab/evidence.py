"""The weight of evidence: how probable each model makes the record, and what the record informs.

The log Bayes factor of a model is its log evidence less the rule book's, each the mean over passes
of equal size; its error is that between independent passes. Passes are kept in the folder: what is
finished is read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from politburo_sim.lab import anneal, conditioned, store
from politburo_sim.lab.anneal import Annealing, Effort, Pass, points_of
from politburo_sim.lab.conditioned import Conditioned, Values
from politburo_sim.lab.ensemble import ensemble_csv
from politburo_sim.lab.models import Model
from politburo_sim.lab.provenance import rules_hash
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.sheets import write_csv
from politburo_sim.state.parameters import PLACE, TABLE

#: The parts of the log-likelihood, in the order of `state.minutes`.
PARTS = ("votes", "agenda", "sanctions", "seats", "silence")
#: Below this split R-hat passes agree about a parameter.
AGREE = 1.05
#: A posterior this wide or wider, relative to its prior, is no news.
WIDE = 0.9


@dataclass(frozen=True)
class Weighing:
    """What models are weighed by.

    record : the world with its record. effort : of each null model; own : of the rule book itself,
    which comes first. split : month after the last of the years of the fit.
    """

    record: Conditioned
    effort: Effort
    own: Effort
    split: int
    seed: int
    folder: Path
    tell: Tell = silent
    held: dict[str, list[Pass]] = field(default_factory=dict)

    def passes(self, model: Model) -> list[Pass]:
        """All passes of a model, run or read."""
        if model.name not in self.held:
            effort = self.own if not model.settings else self.effort
            self.held[model.name] = [
                self._pass(model, effort, number) for number in range(effort.passes)
            ]
        return self.held[model.name]

    def _pass(self, model: Model, effort: Effort, number: int) -> Pass:
        key = self._key(model, effort)
        path = self.folder / "passes" / f"{model.name}-{number}"
        self.tell(0, f"{model.name}, pass {number + 1} of {effort.passes}")
        found = anneal.load(path, key)
        if found is None:
            luck = (self.seed, number)
            found = Annealing(self.record, model.settings, effort, luck, self.tell).run()
            anneal.save(found, path, key)
        else:
            self.tell(len(self.record.blocks))
        return found

    def _key(self, model: Model, effort: Effort) -> str:
        """Hash of all that the passes of a model depend on; not of how many there are."""
        record = self.record
        code = [Path(str(module.__file__)).read_text("utf-8") for module in (anneal, conditioned)]
        return store.key_of(
            rules_hash(), code, model.settings, effort.chains, effort.sweeps, self.seed,
            record.error, record.seat_error, record.world.scenario.model_dump(mode="json"),
            hashlib.blake2b(np.asarray(record.minutes).tobytes()).hexdigest(),
        )  # fmt: skip


def _parts(passes: Sequence[Pass], split: int) -> dict[str, float]:
    """Means over passes of the evidence by kind and by years."""
    at = [block <= split for block in passes[0].blocks]
    place = max((k for k, early in enumerate(at) if early), default=-1)
    fit = float(np.mean([p.evidence[place] if place >= 0 else 0.0 for p in passes]))
    whole = float(np.mean([p.evidence[-1] for p in passes]))
    kinds = np.mean([p.kinds[-1] for p in passes], axis=0)
    return {"fit": fit, "later": whole - fit} | dict(zip(PARTS, map(float, kinds), strict=True))


def evidence_table(weighing: Weighing, models: Sequence[Model]) -> pd.DataFrame:
    """One row a model: log evidence, log Bayes factor with its error, and the splits of it.

    The first of the models is the rule book. fit, later, votes, agenda, sanctions, seats, silence :
    differences to the rule book's, which sum to the factor by years and by kinds.

    Logs are averaged, not evidences: so short passes fall short of the truth by as much in every
    model, and a model of which there are more of them gains nothing by it. The error of a single
    pass is the standard deviation between those of the rule book.
    """
    rows = []
    first = models[0]
    logs = np.array([p.evidence[-1] for p in weighing.passes(first)])
    own, alone = float(logs.mean()), float(logs.std(ddof=1)) if len(logs) > 1 else float("nan")
    own_error = alone / float(np.sqrt(len(logs)))
    base = _parts(weighing.passes(first), weighing.split)
    for model in models:
        passes = weighing.passes(model)
        logs = np.array([p.evidence[-1] for p in passes])
        value = float(logs.mean())
        spread = float(logs.std(ddof=1)) if len(logs) > 1 else alone
        error = spread / float(np.sqrt(len(logs)))
        parts = _parts(passes, weighing.split)
        itself = model.name == first.name
        rows.append(
            {"model": model.name, "words": model.words, "log_evidence": value,
             "log_bayes_factor": value - own,
             "error": 0.0 if itself else float(np.hypot(error, own_error)),
             "passes": len(passes), "spread": own_error if itself else error}
            | {name: parts[name] - base[name] for name in base}
        )  # fmt: skip
    return pd.DataFrame(rows)


def block_table(weighing: Weighing, models: Sequence[Model]) -> pd.DataFrame:
    """The log evidence of each model by block: model, month (the last of the block), evidence."""
    rows = []
    for model in models:
        found = np.mean([np.diff(p.evidence, prepend=0.0) for p in weighing.passes(model)], axis=0)
        kinds = np.mean(
            [np.diff(p.kinds, axis=0, prepend=0.0) for p in weighing.passes(model)], axis=0
        )
        for block, value, kind in zip(weighing.record.blocks, found, kinds, strict=True):
            rows.append(
                {"model": model.name, "month": block - 1, "log_evidence": float(value)}
                | dict(zip(PARTS, map(float, kind), strict=True))
            )
    return pd.DataFrame(rows)


def split_rhat(chains: Sequence[Values]) -> float:
    """Split R-hat of one number over passes of equal length (Gelman and others 2013, 11.4).

    Each pass is cut in two, since the order in a population is of no meaning by its places:
    sqrt(((n - 1) W + B) / (n W)), with W the mean variance within halves, B that between them.
    """
    halves = [half for chain in chains for half in (chain[::2], chain[1::2])]
    n = min(len(half) for half in halves)
    table = np.array([half[:n] for half in halves])
    within = float(table.var(axis=1, ddof=1).mean())
    between = n * float(table.mean(axis=1).var(ddof=1))
    if within == 0.0:
        return float("inf") if between > 0.0 else 1.0
    return float(np.sqrt(((n - 1) * within + between) / (n * within)))


def parameter_table(passes: Sequence[Pass]) -> pd.DataFrame:
    """What the record says of each parameter, over all passes of the rule book.

    parameter, mean, low, high (5 % and 95 %), shrinkage (spread over the prior's), rhat, informed
    (passes agree and the posterior is narrower than the prior).
    """
    tables = [points_of(p.population.cube, {}) for p in passes]
    rows = []
    for p in TABLE:
        if p.prior is None:
            continue
        chains = [table[:, PLACE[p.name]] for table in tables]
        values = np.concatenate(chains)
        low, high = np.quantile(values, [0.05, 0.95])
        uniform = (p.prior[1] - p.prior[0]) / np.sqrt(12.0)
        shrinkage = float(values.std() / uniform)
        rhat = split_rhat(chains) if len(chains) > 1 else float("nan")
        rows.append(
            {"parameter": p.name, "mean": float(values.mean()), "low": float(low),
             "high": float(high), "prior low": p.prior[0], "prior high": p.prior[1],
             "shrinkage": shrinkage, "rhat": rhat,
             "informed": bool(rhat < AGREE and shrinkage < WIDE)}
        )  # fmt: skip
    return pd.DataFrame(rows)


def posterior_csv(passes: Sequence[Pass], number: int) -> str:
    """So many sets of the posterior, evenly from all passes, as the table of an ensemble."""
    tables = np.concatenate([points_of(p.population.cube, {}) for p in passes])
    places = np.linspace(0, len(tables) - 1, min(number, len(tables))).round().astype(int)
    return ensemble_csv(tables[places], np.full(len(places), 1.0 / len(places)))


def write_tables(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Write each table under its name."""
    for name, frame in tables.items():
        write_csv(folder / f"{name}.csv", frame, float_format="%.6g")
