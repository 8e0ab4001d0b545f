"""The claims: run what decides them, and say what comes out by the rules in seeds/claims.toml."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from politburo_sim.files.errors import ExperimentError, InputError, suggest
from politburo_sim.files.locate import folder, names
from politburo_sim.files.toml import read_source
from politburo_sim.lab import survival
from politburo_sim.lab.contrasts import Bench, Ensemble, estimate, load_study
from politburo_sim.lab.experiment import read_experiment
from politburo_sim.lab.forecast import Forecasts, run_forecasts
from politburo_sim.lab.studies import check_study
from politburo_sim.lab.verdict import Found, Part, judge, summary
from politburo_sim.lab.window import Window, run_window
from politburo_sim.worlds.scenario import load_scenario

Tell = Callable[[str, int], None]


@dataclass(frozen=True)
class Effort:
    """How much is run: draws of the ensemble, replicates of each, and histories and futures."""

    draws: int
    replicates: int
    window_draws: int
    window_replicates: int
    histories: int
    futures: int


FULL_EFFORT = Effort(200, 60, 100, 20, 60, 100)
QUICK_EFFORT = Effort(50, 12, 40, 5, 12, 40)


@dataclass(frozen=True)
class Claim:
    """One claim of the essay and the rule that decides it."""

    id: str
    title: str
    text: str
    rule: str
    parts: tuple[dict[str, Any], ...]
    experiments: tuple[str, ...]
    scales: bool = False
    """Whether the first part must have the same sign in chances and in log-odds."""


def load_claims() -> list[Claim]:
    """All claims, from seeds/claims.toml."""
    raw = read_source(folder("seeds") / "claims.toml", ExperimentError).table
    return [
        Claim(
            c["id"], c["title"], " ".join(c["text"].split()),
            " ".join(c["verdict"]["rule"].split()), tuple(c["verdict"]["parts"]),
            tuple(c["experiments"]), c["verdict"].get("scales", False),
        )
        for c in raw["claims"]
    ]  # fmt: skip


def experiment_files() -> dict[str, tuple[str, dict[str, Any]]]:
    """Experiments by id: file name and contents; sweeps and calibration left out."""
    found = {}
    for name in names("experiments"):
        source = read_experiment(name)
        if "kind" in source.table:
            check_study(source)
            found[source.table["id"]] = (name, source.table)
    return found


@dataclass
class Results:
    """What an experiment of any kind came to.

    effects : for each contrast its draws (columns draw, effect, error, n).
    table : one row a contrast: mean, low, high over the ensemble, and the draws' 5 % to 95 %.
    outcomes : the outcome that each contrast is of.
    extra : tables of their own kind (window, forecast, survival).
    """

    id: str
    title: str
    question: str
    effects: dict[str, pd.DataFrame] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    extra: dict[str, pd.DataFrame] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> pd.DataFrame:
        """One row a contrast."""
        rows = [
            {"contrast": name, "outcome": self.outcomes.get(name, "chance"), **summary(frame)}
            for name, frame in self.effects.items()
        ]
        return pd.DataFrame(rows)


class Laboratory:
    """Runs experiments over an ensemble, each once."""

    def __init__(
        self, ensemble: Ensemble, effort: Effort, seed: int, store: Path, tell: Tell
    ) -> None:
        self.effort, self.seed, self.store, self.tell = effort, seed, store, tell
        self.ensemble = ensemble
        self.files = experiment_files()
        self.done: dict[str, Results] = {}
        self.bench = self._bench(effort.draws, effort.replicates)

    def _bench(self, number: int, replicates: int) -> Bench:
        return Bench(
            self.ensemble.thin(number), replicates, self.seed, self.store,
            lambda runs: self.tell("runs", runs),
        )  # fmt: skip

    def run(self, id: str) -> Results:
        """The results of an experiment, by its id."""
        if id not in self.files:
            raise ExperimentError(
                f"no such experiment{suggest(id, self.files)}", given=id,
                allowed=", ".join(sorted(self.files)),
            )  # fmt: skip
        if id not in self.done:
            name, raw = self.files[id]
            self.tell(f"{id} {raw['title']}", 0)
            kinds = {"contrasts": self._contrasts, "window": self._window,
                     "forecast": self._forecast, "survival": self._survival}  # fmt: skip
            self.done[id] = kinds[raw["kind"]](name, raw)
        return self.done[id]

    def _contrasts(self, name: str, raw: dict[str, Any]) -> Results:
        study = load_study(name)
        bench = self.bench
        if "replicates" in raw:
            bench = self._bench(
                self.effort.draws, min(self.effort.replicates, int(raw["replicates"]))
            )
        effects = {c.name: estimate(bench, study, c) for c in study.contrasts}
        of = {c.name: c.outcome for c in study.contrasts}
        return Results(study.id, study.title, study.question, effects, of)

    def _window(self, name: str, raw: dict[str, Any]) -> Results:
        bench = self._bench(self.effort.window_draws, self.effort.window_replicates)
        window: Window = run_window(raw, bench)
        return Results(
            raw["id"], raw["title"], raw["question"], extra={"window": window.table},
            said={
                "closes": window.closes, "member": raw["member"],
                "called": {name: load_scenario(name).called for name in raw["interventions"]},
            },
        )  # fmt: skip

    def _forecast(self, name: str, raw: dict[str, Any]) -> Results:
        found: Forecasts = run_forecasts(
            raw, self.ensemble.thin(self.effort.histories), self.seed, self.effort.futures,
            lambda done: self.tell("histories", 0),
        )  # fmt: skip
        return Results(
            raw["id"], raw["title"], raw["question"],
            {"the likeliest end in April 1922": found.ends[["draw", "effect", "error", "n"]]},
            extra={"odds": found.odds, "ends": found.ends},
        )  # fmt: skip

    def _survival(self, name: str, raw: dict[str, Any]) -> Results:
        effects, extra = {}, {}
        for words, settings in (("", {}), (", rule of one off", {"rule_of_one": 0})):
            table = survival.run_survival(
                {"scenario": raw["scenario"], "settings": settings}, self.bench.ensemble,
                self.bench.replicates, self.seed, int(raw["years"]),
                lambda runs: self.tell("runs", runs),
            )  # fmt: skip
            before = survival.protection(table, "before")
            after = survival.protection(table, "after")
            effects[f"protection before{words}"] = before
            effects[f"protection after{words}"] = after
            effects[f"protection before less protection after{words}"] = survival.difference(
                before, after
            )
            extra[f"survival{words}"] = table
        return Results(raw["id"], raw["title"], raw["question"], effects, extra=extra)


def log_odds(laboratory: Laboratory, rule: dict[str, Any]) -> float:
    """The contrast of a rule, of pooled chances, on the scale of log-odds."""
    study = load_study(laboratory.files[rule["experiment"]][0])
    contrast = next(c for c in study.contrasts if c.name == rule["contrast"])
    total = 0.0
    for name, weight in contrast.weights.items():
        values = laboratory.bench.cell(study, name)[contrast.outcome]
        share = (float(values.sum()) + 0.5) / (len(values) + 1.0)
        total += weight * math.log(share / (1.0 - share))
    return total


def part_of(rule: dict[str, Any], results: Results) -> Part:
    """A part of a verdict rule with the effects it speaks of."""
    wanted = rule["contrast"] if isinstance(rule["contrast"], list) else [rule["contrast"]]
    for name in wanted:
        if name not in results.effects:
            raise ExperimentError(
                f"no such contrast{suggest(name, results.effects)}", given=name,
                key=f"seeds/claims.toml: {rule['experiment']}",
            )  # fmt: skip
    over = 1 if "above" in rule else -1
    value = float(rule["above" if over == 1 else "below"])
    label = wanted[0] if len(wanted) == 1 else f"mean of {len(wanted)}: {wanted[0]} and others"
    return Part(label, mean_of([results.effects[name] for name in wanted]), over, value * over)


def mean_of(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The mean of several effects in the draws that have them all; errors as if independent."""
    if len(frames) == 1:
        return frames[0]
    stacked = pd.concat(frames)
    grouped = stacked.assign(square=stacked["error"] ** 2).groupby("draw")
    frame = grouped.agg(effect=("effect", "mean"), square=("square", "sum"),
                        n=("n", "min"), have=("n", "size")).reset_index()  # fmt: skip
    frame["error"] = frame["square"].pow(0.5) / len(frames)
    return frame[frame["have"] == len(frames)][["draw", "effect", "error", "n"]]


@dataclass(frozen=True)
class Verdict:
    """A claim, the share of the ensemble in which its rule holds, and each part's effect."""

    claim: Claim
    found: Found
    parts: tuple[tuple[str, str, dict[str, float], Found], ...]
    note: str = ""


def decide(claim: Claim, laboratory: Laboratory) -> Verdict:
    """Run what the claim's rule needs, and apply the rule."""
    parts, said, note = [], [], ""
    for rule in claim.parts:
        results = laboratory.run(rule["experiment"])
        part = part_of(rule, results)
        parts.append(part)
        bound = f"{'above' if part.over == 1 else 'below'} {part.over * part.delta:g}"
        label = f"{rule['experiment']} {part.name}"
        said.append((label, bound, summary(part.frame), judge([part], laboratory.seed)))
    found = judge(parts, laboratory.seed)
    if claim.scales:
        odds = log_odds(laboratory, claim.parts[0])
        found, note = _two_scales(found, said[0][2]["mean"], odds)
    return Verdict(claim, found, tuple(said), note)


def _two_scales(found: Found, additive: float, odds: float) -> tuple[Found, str]:
    """Where chances and log-odds disagree in sign, an interaction is undecided."""
    note = (
        f"The interaction is {100 * additive:+.1f} points in chances and {odds:+.2f} in log-odds."
    )
    if additive * odds < 0:
        note += " The two scales disagree in sign."
        if found.verdict == "supported":
            return Found(found.share, found.low, found.high, "undecided"), note
    return found, note


def chosen(ids: Sequence[str] | None) -> list[Claim]:
    """The claims asked for, or all."""
    claims = {claim.id: claim for claim in load_claims()}
    for id in ids or ():
        if id.upper() not in claims:
            raise InputError(
                f"no such claim{suggest(id, claims)}", given=id, allowed=", ".join(claims)
            )
    return [claims[id.upper()] for id in ids] if ids else list(claims.values())


def verdict_table(verdicts: Sequence[Verdict]) -> pd.DataFrame:
    """One row a claim: verdict, share of the ensemble with its interval, and the weakest part."""
    rows = []
    for v in verdicts:
        weakest = min(v.parts, key=lambda part: part[3].share if part[3].share >= 0 else 2.0)
        rows.append(
            {"claim": v.claim.id, "title": v.claim.title, "verdict": v.found.verdict,
             "share": v.found.share, "low": v.found.low, "high": v.found.high,
             "weakest part": weakest[0], "needed": weakest[1], "effect": weakest[2]["mean"],
             "effect low": weakest[2]["low"], "effect high": weakest[2]["high"],
             "over the ensemble from": weakest[2]["least"], "to": weakest[2]["most"]}
        )  # fmt: skip
    return pd.DataFrame(rows)


def parts_table(verdicts: Sequence[Verdict]) -> pd.DataFrame:
    """One row a part of each claim's rule."""
    return pd.DataFrame(
        [
            {"claim": v.claim.id, "part": name, "needed": bound, "effect": s["mean"],
             "low": s["low"], "high": s["high"], "least": s["least"], "most": s["most"],
             "share of the ensemble": f.share, "share low": f.low, "share high": f.high,
             "alone": f.verdict}
            for v in verdicts for name, bound, s, f in v.parts
        ]
    )  # fmt: skip
