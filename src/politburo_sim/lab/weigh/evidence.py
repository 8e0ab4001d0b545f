"""The weight of evidence: how probable each model makes the record, and what the record informs.

The log Bayes factor of a model is its log evidence less the rule book's, each the mean over passes
of equal size. Of a model without one rule it is the log of the odds that a history which agrees
with the record lives without it, against the prior's, in passes where each rule is in or out.
Errors are those between independent passes. Passes are kept in the folder: what is finished is read
again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from politburo_sim.lab import store
from politburo_sim.lab.ensemble import ensemble_csv
from politburo_sim.lab.fit.models import Model
from politburo_sim.lab.provenance import rules_hash
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.sources import code_of, world_of
from politburo_sim.lab.weigh import anneal
from politburo_sim.lab.weigh.anneal import ABSENT, Annealing, Effort, points_of
from politburo_sim.lab.weigh.conditioned import Conditioned, Values
from politburo_sim.lab.weigh.passes import Pass, load, save
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
    which comes first; many : of passes in which each of `rules`, models of the rule book without
    one rule, is in or out. split : month after the last of the years of the fit.
    """

    record: Conditioned
    effort: Effort
    own: Effort
    many: Effort
    rules: tuple[Model, ...]
    split: int
    seed: int
    folder: Path
    tell: Tell = silent
    held: dict[str, list[Pass]] = field(default_factory=dict)

    @property
    def absences(self) -> list[dict[str, float]]:
        """For each rule that may be absent, the settings by which it is."""
        return [model.settings for model in self.rules]

    def passes(self, model: Model) -> list[Pass]:
        """All passes of a model, run or read."""
        effort = self.own if not model.settings else self.effort
        return self._passes(model.name, effort, model.settings, [])

    def together(self) -> list[Pass]:
        """All passes in which each rule is in or out, run or read."""
        return self._passes("rules-in-and-out", self.many, {}, self.absences)

    def _passes(
        self, name: str, effort: Effort, settings: dict[str, float],
        rules: list[dict[str, float]],
    ) -> list[Pass]:  # fmt: skip
        if name not in self.held:
            self.held[name] = [
                self.kept(
                    self.record, f"{name}-{number}", effort, (self.seed, number), settings, rules,
                    f"{name}, pass {number + 1} of {effort.passes}",
                )
                for number in range(effort.passes)
            ]  # fmt: skip
        return self.held[name]

    def kept(
        self, record: Conditioned, name: str, effort: Effort, luck: tuple[int, ...],
        settings: dict[str, float], rules: list[dict[str, float]], words: str,
    ) -> Pass:  # fmt: skip
        """A pass, run or read."""
        key = store.key_of(_made_from(record), settings, rules, effort.chains, effort.sweeps, luck)
        path = self.folder / "passes" / name
        self.tell(0, words)
        found = load(path, key)
        if found is None:
            found = Annealing(record, settings, effort, luck, self.tell, rules).run()
            save(found, path, key)
        else:
            self.tell(len(record.blocks))
        return found


def _made_from(record: Conditioned) -> list[object]:
    """All that a pass depends on besides its own settings, luck and effort."""
    return [
        rules_hash(), code_of(anneal.__file__), world_of(record.world),
        record.error, record.seat_error,
        hashlib.blake2b(np.asarray(record.minutes).tobytes()).hexdigest(),
    ]  # fmt: skip


def _parts(passes: Sequence[Pass], split: int) -> dict[str, float]:
    """Means over passes of the evidence by kind and by years."""
    place = _place(passes[0], split)
    fit = float(np.mean([p.evidence[place] if place >= 0 else 0.0 for p in passes]))
    whole = float(np.mean([p.evidence[-1] for p in passes]))
    kinds = np.mean([p.kinds[-1] for p in passes], axis=0)
    return {"fit": fit, "later": whole - fit} | dict(zip(PARTS, map(float, kinds), strict=True))


def _place(one: Pass, split: int) -> int:
    """Which block is the last of the years of the fit; -1 where none is."""
    return max((k for k, block in enumerate(one.blocks) if block <= split), default=-1)


def inclusion(one: Pass, rule: int, place: int = -1) -> float:
    """The log Bayes factor of leaving a rule out, by one pass, to the end of a block.

    log (s / (1 - s)) - log (q / (1 - q)), with s the share of histories that live without it, half
    a history added on either side, and q its prior chance (`anneal.ABSENT`).
    """
    number = len(one.population.cube)
    count = one.without[place, rule] * number
    odds = (count + 0.5) / (number - count + 0.5)
    return float(np.log(odds) - np.log(ABSENT / (1.0 - ABSENT)))


def evidence_table(weighing: Weighing, models: Sequence[Model]) -> pd.DataFrame:
    """One row a model: log evidence, log Bayes factor with its error, and the splits of it.

    The first of the models is the rule book. Models without one rule are weighed by passes in which
    each rule is in or out (`inclusion`), the mean of the logs over passes; the rest by the evidence
    of passes of their own. `how` says which, and "bound" where no pass has a history on the one
    side: the factor is then at most, or at least, that.

    fit, later : the factor by years. votes, agenda, sanctions, seats, silence : of a model without
    a rule by how much the mean log-likelihood of such histories is higher; of others the parts of
    the factor.

    Logs are averaged, not evidences: so short passes fall short of the truth by as much in every
    model, and a model of which there are more of them gains nothing by it. The error of a single
    pass is the standard deviation between those of the rule book.
    """
    names = [rule.name for rule in weighing.rules]
    first = models[0]
    logs = np.array([p.evidence[-1] for p in weighing.passes(first)])
    own, alone = float(logs.mean()), float(logs.std(ddof=1)) if len(logs) > 1 else float("nan")
    own_error = alone / float(np.sqrt(len(logs)))
    base = _parts(weighing.passes(first), weighing.split)
    rows = []
    for model in models:
        if model.name in names:
            rows.append(_in_or_out(weighing, model, names.index(model.name), own))
            continue
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
             "error": 0.0 if itself else float(np.hypot(error, own_error)), "how": "alone",
             "passes": len(passes), "spread": own_error if itself else error}
            | {name: parts[name] - base[name] for name in base}
        )  # fmt: skip
    return pd.DataFrame(rows)


def _in_or_out(weighing: Weighing, model: Model, rule: int, own: float) -> dict[str, object]:
    """The row of a model without one rule."""
    passes = weighing.together()
    factors = np.array([inclusion(p, rule) for p in passes])
    place = _place(passes[0], weighing.split)
    fit = float(np.mean([inclusion(p, rule, place) for p in passes])) if place >= 0 else 0.0
    value, many = float(factors.mean()), np.sqrt(len(factors))
    error = float(factors.std(ddof=1) / many) if len(factors) > 1 else float("nan")
    one_sided = {float(p.without[-1, rule]) for p in passes} in ({0.0}, {1.0})
    known = [p.apart[rule] for p in passes if np.isfinite(p.apart[rule]).all()]
    kinds = np.mean(known, axis=0) if known else np.full(len(PARTS), np.nan)
    return {
        "model": model.name, "words": model.words, "log_evidence": own + value,
        "log_bayes_factor": value, "error": error,
        "how": "in or out, bound" if one_sided else "in or out", "passes": len(passes),
        "spread": error, "fit": fit, "later": value - fit,
    } | dict(zip(PARTS, map(float, kinds), strict=True))  # fmt: skip


def block_table(weighing: Weighing, model: Model) -> pd.DataFrame:
    """The log evidence of a model by block: model, month (the last of the block), evidence."""
    passes = weighing.passes(model)
    found = np.mean([np.diff(p.evidence, prepend=0.0) for p in passes], axis=0)
    kinds = np.mean([np.diff(p.kinds, axis=0, prepend=0.0) for p in passes], axis=0)
    return pd.DataFrame(
        {"model": model.name, "month": block - 1, "log_evidence": float(value)}
        | dict(zip(PARTS, map(float, kind), strict=True))
        for block, value, kind in zip(weighing.record.blocks, found, kinds, strict=True)
    )


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
        shrinkage = float(values.std() / p.prior_spread)
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
