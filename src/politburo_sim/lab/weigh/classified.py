"""A second judge: networks that have read many simulated records are shown the real one.

Of a network that tells records d of a model without a rule from those with it, the odds on a new
record are the Bayes factor of its digest times the prior odds (Cranmer, Pavez and Louppe 2015;
Pudlo and others 2016):

    log p(d | out) / p(d | in)  =  logit P(out | d) - logit P(out)

It needs no likelihood, owes nothing to the sampler of `anneal`, and answers thousands of simulated
records at once, so that its power is known. It sees what `evidence.digest` counts, and no more.

A committee of networks, each taught another resample of the records, gives a factor and its error.
What it says is put to scale on records that it was not taught (Platt 1999), and tried on yet
others. Parameters: the posterior mean is learned from half of the records, and those of the other
half for which it is nearest to the real one's are the posterior (Fearnhead and Prangle, Journal of
the Royal Statistical Society B 74, 2012).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from inspect import getfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.lab import store
from politburo_sim.lab.ensemble import between
from politburo_sim.lab.fit.misfit import rank
from politburo_sim.lab.fit.models import Model
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.sources import code_of
from politburo_sim.lab.weigh.anneal import ABSENT, SAMPLED, absent
from politburo_sim.lab.weigh.conditioned import Values
from politburo_sim.lab.weigh.evidence import WIDE
from politburo_sim.lab.weigh.library import Records, Shelf, recorded
from politburo_sim.lab.weigh.power import coverage_table, power_table

#: Shares of the records of a table: taught, then put to scale; the rest try it.
TAUGHT, SCALED = 0.6, 0.2
#: Networks in a committee, their layers, and the weight of small weights.
NETWORKS, LAYERS, PENALTY = 6, (128, 64), 1.0
#: Share of the records that are the posterior of a parameter; records that coverage is tried on.
NEAR, TRIED = 0.02, 1_000
#: Records of the cloud in which the real one's rank is asked.
CLOUD = 1_000
_FLOOR = 1e-9

#: What networks say, and what it is worth on records they were not taught.
Tables = tuple[pd.DataFrame, pd.DataFrame]


def scaled(digested: Values) -> Values:
    """Counts as networks read them: roots, so that many do not drown few."""
    rooted: Values = np.sqrt(np.maximum(digested, 0.0))
    return rooted


class Committee:
    """Networks that tell records apart, each taught another resample, and what they amount to."""

    def __init__(
        self, rows: Values, said: NDArray[np.int64], prior: Values, seed: int, tell: Tell = silent
    ) -> None:
        """Teach it rows [N, K] and what is true of them [N, M], of which `prior` are by chance."""
        self.prior = prior
        n = len(rows)
        order = np.random.default_rng([seed, 5]).permutation(n)
        taught, put, self.tried = np.split(order, [int(TAUGHT * n), int((TAUGHT + SCALED) * n)])
        self.scale_size = len(put)
        self.networks = []
        for k in range(NETWORKS):
            self.networks.append(_network(rows[taught], said[taught], seed, k))
            tell(len(taught))
        raw = self._raw(rows[put]).mean(axis=0)
        self.scale = np.array([_platt(raw[:, m], said[put, m]) for m in range(said.shape[1])])
        self.losses = _losses(self.factors(rows[self.tried])[0], said[self.tried], prior)

    def _raw(self, rows: Values) -> Values:
        """[networks, N, M] the log odds that each network gives."""
        found = []
        for network in self.networks:
            chance = np.atleast_2d(network.predict_proba(rows))
            if self.prior.size == 1:
                chance = chance[:, 1:]
            chance = np.clip(chance, _FLOOR, 1.0 - _FLOOR)
            found.append(np.log(chance / (1.0 - chance)))
        return np.array(found)

    def factors(self, rows: Values) -> tuple[Values, Values]:
        """Log Bayes factors [N, M] of what the networks tell, and their spread over networks.

        Of each network no more is believed than the records can vouch for (`most`).
        """
        base, slope = self.scale.T
        said = base + slope * self._raw(rows) - np.log(self.prior / (1.0 - self.prior))
        said = np.clip(said, -self.most, self.most)
        return said.mean(axis=0), said.std(axis=0, ddof=1)

    @property
    def most(self) -> float:
        """The largest factor that the records on which it was put to scale can vouch for."""
        return float(np.log(self.scale_size))


def _network(rows: Values, said: NDArray[np.int64], seed: int, number: int) -> Any:
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    drawn = np.random.default_rng([seed, 6, number]).integers(0, len(rows), len(rows))
    network = MLPClassifier(
        LAYERS, alpha=PENALTY, early_stopping=True, max_iter=300, random_state=number
    )
    said = said[:, 0] if said.shape[1] == 1 else said
    return make_pipeline(StandardScaler(), network).fit(rows[drawn], said[drawn])


def _platt(raw: Values, said: NDArray[np.int64]) -> tuple[float, float]:
    """Base and slope by which log odds come true (Platt 1999)."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1e3, max_iter=1_000).fit(raw[:, None], said)
    return float(fitted.intercept_[0]), float(fitted.coef_[0, 0])


def _losses(factors: Values, said: NDArray[np.int64], prior: Values) -> Values:
    """[2, M] the mean log loss of the prior and of the committee, on records it never saw."""
    odds = factors + np.log(prior / (1.0 - prior))
    own = np.logaddexp(0.0, np.where(said == 1, -odds, odds)).mean(axis=0)
    plain = -np.where(said == 1, np.log(prior), np.log(1.0 - prior)).mean(axis=0)
    return np.array([plain, own])


def evidence_of_rules(
    records: Records, *rules: Model, real: Values, seed: int, tell: Tell = silent
) -> Tables:
    """Factors of leaving out each rule, and the power table (`power.power_table`)."""
    rows = scaled(records.digests)
    gone = absent(records.cubes, [model.settings for model in rules])
    judge = Committee(rows, gone.astype(np.int64), np.full(len(rules), ABSENT), seed, tell)
    table = _table(judge, rules, scaled(real), "in or out")
    tried = judge.factors(rows[judge.tried])[0]
    return table, power_table(rules, tried, gone[judge.tried])


def evidence_of_null(
    plain: Records, records: Records, null: Model, *, real: Values, seed: int, tell: Tell = silent
) -> Tables:
    """The factor of a null model against the rule book, and its power table."""
    rows = scaled(np.concatenate([plain.digests, records.digests]))
    said = np.repeat([0, 1], [len(plain.digests), len(records.digests)])[:, None]
    judge = Committee(rows, said, np.array([said.mean()]), seed, tell)
    tried = judge.factors(rows[judge.tried])[0]
    power = power_table([null], tried, said[judge.tried] == 1)
    return _table(judge, [null], scaled(real), "alone"), power


def _table(judge: Committee, models: Sequence[Model], real: Values, how: str) -> pd.DataFrame:
    factors, errors = (values[0] for values in judge.factors(real[None]))
    bound = np.abs(factors) > judge.most - _FLOOR  # all networks say so much or more
    return pd.DataFrame({
        "model": [model.name for model in models], "words": [model.words for model in models],
        "log_bayes_factor": factors, "error": errors,
        "how": [f"{how}, bound" if b else how for b in bound],
        "loss_of_prior": judge.losses[0], "loss": judge.losses[1],
    })  # fmt: skip


def parameters(records: Records, real: Values, seed: int, tell: Tell = silent) -> Tables:
    """What the record says of each parameter, and coverage on simulated records.

    parameter, mean, low, high (5 % and 95 %), prior low, prior high, shrinkage, informed
    (narrower than `evidence.WIDE` of the prior, by twice the error of it), covered (share of
    simulated records of which the central set of 80 % holds the truth).
    """
    from sklearn.neural_network import MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows, cubes = scaled(records.digests), records.cubes[:, : len(SAMPLED)]
    half = len(rows) // 2
    network = make_pipeline(
        StandardScaler(),
        MLPRegressor(
            hidden_layer_sizes=LAYERS,
            alpha=PENALTY,
            early_stopping=True,
            max_iter=300,
            random_state=seed,
        ),
    ).fit(rows[:half], cubes[:half])
    tell(half)
    tried = min(TRIED, half // 4)
    shelf, truth = slice(half, len(rows) - tried), cubes[len(rows) - tried :]
    means, held = network.predict(rows[shelf]), cubes[shelf]
    new = network.predict(np.concatenate([scaled(real)[None], rows[len(rows) - tried :]]))
    known, inside = [], np.zeros_like(truth)
    for k in range(len(SAMPLED)):
        near = nearest(means[:, k], held[:, k], new[:, k])
        inside[:, k] = (near[1:] < truth[:, k, None]).mean(axis=1)
        known.append(near[0])
    return described(np.array(known), inside), coverage_table(inside)


def described(known: Values, inside: Values) -> pd.DataFrame:
    """The table of parameters from points of their posterior [D, n] in the unit cube.

    inside : [N, D] the share of each simulated record's posterior below its truth.
    """
    table = []
    for k, p in enumerate(SAMPLED):
        low, high = p.prior or (0.0, 0.0)
        values = between(low, high, known[k], p.whole)
        shrinkage = float(known[k].std() * np.sqrt(12.0))
        doubt = shrinkage / np.sqrt(2.0 * known.shape[1])  # of a standard deviation of so many
        table.append(
            {"parameter": p.name, "mean": float(values.mean()),
             "low": float(np.quantile(values, 0.05)), "high": float(np.quantile(values, 0.95)),
             "prior low": low, "prior high": high, "shrinkage": shrinkage,
             "informed": shrinkage + 2.0 * doubt < WIDE,
             "covered": float((np.abs(inside[:, k] - 0.5) <= 0.4).mean())}
        )  # fmt: skip
    return pd.DataFrame(table)


def nearest(means: Values, held: Values, new: Values) -> Values:
    """[N, near] the values `held` of those whose `means` are nearest to each of `new` [N]."""
    number = max(20, round(NEAR * len(means)))
    return np.array([
        held[np.argpartition(np.abs(means - mean), number - 1)[:number]] for mean in new
    ])  # fmt: skip


def place_in_cloud(model: Records, real: Values) -> tuple[float, float]:
    """Distance of the real digest from simulated ones, and the share of these as far out."""
    return rank(scaled(model.digests[:CLOUD]), scaled(real))


@dataclass(frozen=True)
class Question:
    """Something that networks are asked.

    words : what they do meanwhile; key : of all that the answer rests on; reading : records that
    are read for it, each as often as by a network; ask : gives its two tables.
    """

    name: str
    words: str
    key: str
    reading: int
    ask: Callable[..., Tables]

    def answered(self, folder: Path, tell: Tell = silent) -> Tables:
        """Its tables, kept as soon as they are there; those of a run that stopped are read."""
        tell(0, self.words)
        asked = cache(partial(self.ask, tell=tell))
        files = [folder / f"{self.name}-{k}.parquet" for k in (0, 1)]
        one, two = (
            store.kept(file, self.key, lambda k=k: asked()[k])  # type: ignore[misc]
            for k, file in enumerate(files)
        )
        if one[1] and two[1]:
            tell(self.reading)
        return one[0], two[0]


def questions(
    shelf: Shelf, rules: Sequence[Model], real: Values, seed: int, outside: bool = False
) -> list[Question]:
    """Which rules were at work; each null model or the rule book; where the parameters lie.

    outside : ask the library sbi about the parameters too (`outside`).
    """
    committee, plain = NETWORKS * TAUGHT, shelf.plain

    def question(
        name: str, words: str, times: float, records: Sequence[Records],
        ask: Callable[..., Tables], *models: Model,
    ) -> Question:  # fmt: skip
        key = store.key_of(
            [[part.key, len(part.digests)] for part in records],
            [[model.name, model.words] for model in models],
            real.tolist(), seed, code_of(getfile(ask)),
        )  # fmt: skip
        reading = round(times * sum(len(part.digests) for part in records))
        answer = partial(ask, *records, *models, real=real, seed=seed)
        return Question(name, words, key, reading, answer)

    found = [
        question("rules", "Networks learn which rules were at work", committee, [shelf.mixed],
                 evidence_of_rules, *rules),
        *(question(null.name, f"Networks learn to know {null.name}", committee, [plain, records],
                   evidence_of_null, null) for null, records in shelf.nulls),
        question("parameters", "A network learns parameters", 0.5, [plain], parameters),
    ]  # fmt: skip
    if outside:
        from politburo_sim.lab.weigh.outside import posterior

        found.append(question("sbi", "The library sbi learns", 1.0, [plain], posterior))
    return found


def judged(
    shelf: Shelf, asked: Sequence[Question], scenario: str, folder: Path, tell: Tell = silent
) -> dict[str, pd.DataFrame]:
    """All tables: evidence, power, parameters, coverage, cloud (where the record lies)."""
    names, real = recorded(scenario)
    plain = shelf.plain
    said = {question.name: question.answered(folder, tell) for question in asked}
    of_nulls = [said[null.name] for null, _ in shelf.nulls]
    evidence, power = (pd.concat(part, ignore_index=True)
                       for part in zip(*of_nulls, said["rules"], strict=True))  # fmt: skip
    known, coverage = said["parameters"]
    distance, share = place_in_cloud(plain, real)
    third = dict(zip(("sbi-parameters", "sbi-coverage"), said.get("sbi", ()), strict=False))
    return third | {
        "evidence": evidence, "power": power, "parameters": known, "coverage": coverage,
        "cloud": pd.DataFrame({"distance": [distance], "farther out": [share]}),
        "record": pd.DataFrame({
            "what": names, "record": real, "median": np.median(plain.digests, axis=0),
            "low": np.quantile(plain.digests, 0.05, axis=0),
            "high": np.quantile(plain.digests, 0.95, axis=0),
        }),
    }  # fmt: skip
