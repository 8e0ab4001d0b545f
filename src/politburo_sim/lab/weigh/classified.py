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

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.evidence import digest as digests
from politburo_sim.evidence.arrays import record_arrays
from politburo_sim.evidence.digest import digest
from politburo_sim.evidence.record import load_record
from politburo_sim.lab import store
from politburo_sim.lab.drivers import in_processes
from politburo_sim.lab.ensemble import between
from politburo_sim.lab.fit.misfit import rank
from politburo_sim.lab.fit.models import Model
from politburo_sim.lab.provenance import rules_hash
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.sources import code_of, world_of
from politburo_sim.lab.weigh import told
from politburo_sim.lab.weigh.anneal import (
    ABSENT,
    SAMPLED,
    Rules,
    absent,
    points_of,
    recording_of,
    width,
)
from politburo_sim.lab.weigh.conditioned import Conditioned, Values
from politburo_sim.lab.weigh.evidence import WIDE
from politburo_sim.lab.weigh.given import whole_record
from politburo_sim.lab.weigh.power import coverage_table, power_table
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

#: Records in a chunk, which is kept; share of positions that a chronicler keeps, low and high.
CHUNK, NAMED = 1_000, (0.3, 0.5)
#: Shares of the records of a table: taught, then put to scale; the rest try it.
TAUGHT, SCALED = 0.6, 0.2
#: Networks in a committee, their layers, and the weight of small weights.
NETWORKS, LAYERS, PENALTY = 6, (128, 64), 1.0
#: Share of the records that are the posterior of a parameter; records that coverage is tried on.
NEAR, TRIED = 0.02, 1_000
#: Records of the cloud in which the real one's rank is asked.
CLOUD = 1_000
_FLOOR = 1e-9


@dataclass(frozen=True)
class Numbers:
    """Simulated records: with each rule in or out, of the rule book, of each null model."""

    rules: int
    model: int
    each: int

    @property
    def chunks(self) -> tuple[int, int, int]:
        """The same in chunks."""
        one, two, three = (max(1, round(n / CHUNK)) for n in (self.rules, self.model, self.each))
        return one, two, three

    def total(self, nulls: int) -> int:
        """Records of all tables."""
        one, two, three = self.chunks
        return CHUNK * (one + two + nulls * three)


USUAL, QUICK = Numbers(120_000, 40_000, 15_000), Numbers(6_000, 4_000, 2_000)


@dataclass(frozen=True)
class Records:
    """Digests of simulated records [N, K] and the points of the cube they were lived at [N, D]."""

    digests: Values
    cubes: Values


@cache
def _record(scenario: str) -> Conditioned:
    """A world with its record, once a process."""
    world = build_world(load_scenario(scenario))
    return whole_record(world, workers=1)


def recorded(scenario: str) -> tuple[list[str], Values]:
    """The digest of the record itself: names and numbers."""
    world = build_world(load_scenario(scenario))
    found = digest(world, record_arrays(world, load_record(world)))
    return list(found), np.array(list(found.values()))


def simulate(
    scenario: str, settings: dict[str, float], rules: Rules, luck: Sequence[int], number: int
) -> tuple[Values, Values]:
    """Digests and points of so many records of the prior, each told as well as ours may be."""
    record, rng = _record(scenario), np.random.default_rng(list(luck))
    cubes = rng.random((number, width(rules)))
    points, kept = points_of(cubes, settings, rules), recording_of(cubes, record)
    rows = []
    for point, share in zip(points, kept, strict=True):
        seeds = rng.integers(0, 2**62, 1 + record.end)
        named = rng.uniform(*NAMED)
        one = told.told(record, point, seeds, record.end, rng, float(share), named)
        rows.append(list(digest(record.world, one).values()))
    return np.array(rows), cubes


@dataclass(frozen=True)
class Library:
    """Where simulated records are kept, and how they are made."""

    scenario: str
    seed: int
    folder: Path
    workers: int | None = None
    tell: Tell = silent

    def read(
        self, name: str, chunks: int, settings: dict[str, float], rules: Rules = ()
    ) -> Records:
        """The records of a model; chunks that are there are read, the rest simulated."""
        key = store.key_of(
            rules_hash(), code_of(digests.__file__, told.__file__),
            world_of(build_world(load_scenario(self.scenario))), settings,
            list(rules), self.seed, CHUNK, NAMED, ABSENT,
        )  # fmt: skip
        files = [self.folder / f"{name}-{k:03}.parquet" for k in range(chunks)]
        missing = [k for k, file in enumerate(files) if store.read(file, key) is None]
        self.tell(CHUNK * (chunks - len(missing)), f"Records of {name}")
        jobs = [(self.scenario, settings, rules, (self.seed, _word(name), k), CHUNK)
                for k in missing]  # fmt: skip

        def keep(place: int, found: tuple[Values, Values]) -> None:
            columns = {f"digest {i}": column for i, column in enumerate(found[0].T)}
            columns |= {f"cube {i}": column for i, column in enumerate(found[1].T)}
            store.kept(files[missing[place]], key, lambda: pd.DataFrame(columns))
            self.tell(CHUNK)

        in_processes(simulate, jobs, self.workers, keep)
        tables = [store.read(file, key) for file in files]
        frame = pd.concat([store.frame_of(t) for t in tables if t is not None], ignore_index=True)
        parts = (
            frame[[c for c in frame if c.startswith(word)]].to_numpy()
            for word in ("digest", "cube")
        )
        return Records(*parts)


def _word(said: str) -> int:
    return int(store.key_of(said)[:8], 16)


def scaled(digested: Values) -> Values:
    """Counts as networks read them: roots, so that many do not drown few."""
    rooted: Values = np.sqrt(np.maximum(digested, 0.0))
    return rooted


class Committee:
    """Networks that tell records apart, each taught another resample, and what they amount to."""

    def __init__(self, rows: Values, said: NDArray[np.int64], prior: Values, seed: int) -> None:
        """Teach it rows [N, K] and what is true of them [N, M], of which `prior` are by chance."""
        self.prior = prior
        n = len(rows)
        order = np.random.default_rng([seed, 5]).permutation(n)
        taught, put, self.tried = np.split(order, [int(TAUGHT * n), int((TAUGHT + SCALED) * n)])
        self.scale_size = len(put)
        self.networks = [_network(rows[taught], said[taught], seed, k) for k in range(NETWORKS)]
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
    records: Records, real: Values, rules: Sequence[Model], seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Factors of leaving out each rule, and the power table (`power.power_table`)."""
    rows = scaled(records.digests)
    gone = absent(records.cubes, [model.settings for model in rules])
    judge = Committee(rows, gone.astype(np.int64), np.full(len(rules), ABSENT), seed)
    table = _table(judge, rules, scaled(real), "in or out")
    tried = judge.factors(rows[judge.tried])[0]
    return table, power_table(rules, tried, gone[judge.tried])


def evidence_of_nulls(
    model: Records, nulls: Sequence[tuple[Model, Records]], real: Values, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Factors of null models against the rule book, and the power table."""
    tables, powers = [], []
    for null, records in nulls:
        rows = scaled(np.concatenate([model.digests, records.digests]))
        said = np.repeat([0, 1], [len(model.digests), len(records.digests)])[:, None]
        judge = Committee(rows, said, np.array([said.mean()]), seed)
        tables.append(_table(judge, [null], scaled(real), "alone"))
        tried = judge.factors(rows[judge.tried])[0]
        powers.append(power_table([null], tried, said[judge.tried] == 1))
    return pd.concat(tables, ignore_index=True), pd.concat(powers, ignore_index=True)


def _table(judge: Committee, models: Sequence[Model], real: Values, how: str) -> pd.DataFrame:
    factors, errors = (values[0] for values in judge.factors(real[None]))
    bound = np.abs(factors) > judge.most - _FLOOR  # all networks say so much or more
    return pd.DataFrame({
        "model": [model.name for model in models], "words": [model.words for model in models],
        "log_bayes_factor": factors, "error": errors,
        "how": [f"{how}, bound" if b else how for b in bound],
        "loss_of_prior": judge.losses[0], "loss": judge.losses[1],
    })  # fmt: skip


def parameters(records: Records, real: Values, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
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


def judged(
    library: Library, numbers: Numbers, model: Model, rules: Sequence[Model],
    nulls: Sequence[Model], outside: bool = False,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """All tables: evidence, power, parameters, coverage, cloud (where the record lies).

    outside : ask the library sbi too, for parameters and their coverage (`outside`).
    """
    names, real = recorded(library.scenario)
    many, own, each = numbers.chunks
    mixed = library.read("rules", many, {}, [rule.settings for rule in rules])
    plain = library.read(model.name, own, model.settings)
    others = [(null, library.read(null.name, each, null.settings)) for null in nulls]
    library.tell(0, "Networks learn")
    of_rules, power = evidence_of_rules(mixed, real, rules, library.seed)
    of_nulls, more = evidence_of_nulls(plain, others, real, library.seed)
    known, coverage = parameters(plain, real, library.seed)
    distance, share = place_in_cloud(plain, real)
    third = {}
    if outside:
        from politburo_sim.lab.weigh.outside import posterior

        library.tell(0, "The library sbi learns")
        third = dict(zip(("sbi-parameters", "sbi-coverage"), posterior(plain, real, library.seed),
                         strict=True))  # fmt: skip
    return third | {
        "evidence": pd.concat([of_nulls, of_rules], ignore_index=True),
        "power": pd.concat([more, power], ignore_index=True),
        "parameters": known, "coverage": coverage,
        "cloud": pd.DataFrame({"distance": [distance], "farther out": [share]}),
        "record": pd.DataFrame({
            "what": names, "record": real, "median": np.median(plain.digests, axis=0),
            "low": np.quantile(plain.digests, 0.05, axis=0),
            "high": np.quantile(plain.digests, 0.95, axis=0),
        }),
    }  # fmt: skip
