"""The claims: run what decides them, and say what comes out by the rules in seeds/claims.toml."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from politburo_sim.files.errors import ExperimentError, InputError, suggest
from politburo_sim.files.locate import folder
from politburo_sim.files.toml import read_source
from politburo_sim.lab.bench import Bench, Effort
from politburo_sim.lab.bounds import CHANCE, ENDS, bounded_share, levels_of, within_bounds
from politburo_sim.lab.ensemble import Ensemble
from politburo_sim.lab.plan import Experiment, Results, shipped
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.verdict import Found, Part, judge_each, summary, together


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
    mechanisms: tuple[str, ...] = ()
    """Models without a rule that the claim needs (`legs`)."""


def load_claims() -> list[Claim]:
    """All claims, from seeds/claims.toml."""
    raw = read_source(folder("seeds") / "claims.toml", ExperimentError).table
    return [
        Claim(
            c["id"], c["title"], " ".join(c["text"].split()),
            " ".join(c["verdict"]["rule"].split()), tuple(c["verdict"]["parts"]),
            tuple(c["experiments"]), c["verdict"].get("scales", False),
            tuple(c["verdict"].get("mechanisms", ())),
        )
        for c in raw["claims"]
    ]  # fmt: skip


def needed(claims: Sequence[Claim]) -> dict[str, Experiment]:
    """The experiments over the ensemble that claims rest on, by their ids, in order."""
    files = shipped()
    asked = dict.fromkeys(id for claim in claims for id in claim.experiments)
    return {id: files[id] for id in asked if files[id].over_ensemble}


class Laboratory:
    """Runs shipped experiments on one store of cells, each once.

    effort : how much of an experiment is run; its own number by default. sets : parameter sets in
    place of the shipped ensemble.
    """

    def __init__(
        self, seed: int, cells: Path, tell: Tell = silent,
        effort: Callable[[Experiment], Effort] = lambda experiment: experiment.effort(),
        sets: Ensemble | None = None,
    ) -> None:  # fmt: skip
        self.sets = sets
        self.seed, self.cells, self.tell, self.effort = seed, cells, tell, effort
        self.files = shipped()
        self.done: dict[str, Results] = {}

    def run(self, id: str) -> Results:
        """The results of an experiment, by its id."""
        if id not in self.files:
            raise ExperimentError(
                f"no such experiment{suggest(id, self.files)}", given=id,
                allowed=", ".join(sorted(self.files)),
            )  # fmt: skip
        if id not in self.done:
            experiment = self.files[id]
            self.tell(0, f"{id} {experiment.title}")
            folder = self.cells.parent / experiment.folder
            bench = Bench(
                self.effort(experiment), self.seed, folder, self.cells, self.tell, sets=self.sets
            )
            self.done[id] = experiment.run(bench)
        return self.done[id]


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
    moves = [results.moves[name] for name in wanted if name in results.moves]
    return Part(
        label, mean_of([results.effects[name] for name in wanted]), over, value * over,
        np.mean(moves, axis=0) if len(moves) == len(wanted) else None,
    )  # fmt: skip


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


class Judged(NamedTuple):
    """A part of a claim: what it needs, its effect, and the share of the ensemble with it.

    unit : "points" of an effect on a chance or a share, "%" of a level of one, "" of numbers.
    """

    name: str
    needed: str
    effect: dict[str, float]
    found: Found
    unit: str = ""


@dataclass(frozen=True)
class Verdict:
    """A claim, the share of the ensemble in which its rule holds, and each part's effect.

    alone : the verdict over the sets of each search, where there were several.
    """

    claim: Claim
    found: Found
    parts: tuple[Judged, ...]
    alone: tuple[Found, ...] = ()
    note: str = ""


def most_run(done: Collection[Results]) -> tuple[Effort, str]:
    """The largest effort of the contrasts, and a sentence about those that had less, if any."""
    run = {
        results.experiment.id: results.bench.effort for results in done
        if results.experiment.kind == "contrasts"
    } or {results.experiment.id: results.bench.effort for results in done}  # fmt: skip
    most = max(run.values(), key=lambda effort: effort.runs)
    less = [
        f"{id}, {effort.draws} draws with {effort.replicates} histories each"
        for id, effort in run.items() if effort != most
    ]  # fmt: skip
    return most, f" Less was run of {'; '.join(less)}." if less else ""


def decide(claim: Claim, laboratory: Laboratory) -> Verdict:
    """Run what the claim's rule needs, and apply the rule."""
    parts, said, note, seed = [], [], "", laboratory.seed
    for rule in claim.parts:
        results = laboratory.run(rule["experiment"])
        same_draws(claim, laboratory.run(claim.parts[0]["experiment"]), results)
        search = results.bench.ensemble.search
        part = part_of(rule, results)
        parts.append(part)
        name = rule["contrast"] if isinstance(rule["contrast"], str) else rule["contrast"][0]
        effect = _bounded(summary(part.frame, search), results, name)
        bound = f"{'above' if part.over == 1 else 'below'} {part.over * part.delta:g}"
        label = f"{rule['experiment']} {part.name}"
        by_itself = together(judge_each([part], search, seed))
        said.append(Judged(label, bound, effect, by_itself, _unit(results, name)))
    alone = judge_each(parts, search, seed)
    found = together(alone)
    if claim.scales:
        results = laboratory.run(claim.parts[0]["experiment"])
        odds = results.said[f"log-odds of {parts[0].name}"]
        found, note = _two_scales(found, said[0].effect["mean"], odds)
    return Verdict(claim, found, tuple(said), alone if len(alone) > 1 else (), note)


def _unit(results: Results, name: str) -> str:
    """In what a contrast's effect is said."""
    if not bounded_share(results.outcomes.get(name, CHANCE)):
        return ""
    return "%" if name in levels_of(results.experiment) or results.levels else "points"


def _bounded(found: dict[str, float], results: Results, name: str) -> dict[str, float]:
    """A part's effect with its ends in bounds, as the report of its experiment has them."""
    row = {"contrast": name, "outcome": results.outcomes.get(name, CHANCE), **found}
    table = within_bounds(pd.DataFrame([row]), levels_of(results.experiment))
    return {end: float(table[end].item()) for end in ENDS}


def same_draws(claim: Claim, one: Results, other: Results) -> None:
    """A claim's parts hold together in a draw only where a draw is the same set in all of them."""
    if not np.array_equal(one.bench.ensemble.table, other.bench.ensemble.table):
        raise ExperimentError(
            f"the parts of {claim.id} are of different draws",
            given=f"{one.experiment.id}: {one.bench.effort.draws} draws, {other.experiment.id}: "
            f"{other.bench.effort.draws}", allowed="as many draws in each",
        )  # fmt: skip


def _two_scales(found: Found, additive: float, odds: float) -> tuple[Found, str]:
    """Where chances and log-odds disagree in sign, an interaction is undecided."""
    note = (
        f"The interaction is {100 * additive:+.1f} points in chances and {odds:+.2f} in log-odds."
    )
    if additive * odds < 0:
        note += " The two scales disagree in sign."
        return replace(found, verdict="undecided"), note
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


def page_name(chosen: Sequence[Claim]) -> str:
    """What the folder of their page is called: that of all claims, or one of their own for some.

    Examples
    --------
    >>> page_name(chosen(["C12", "C6"])), page_name(chosen(None))
    ('claims-C6-C12', 'claims')
    """
    every, asked = [claim.id for claim in load_claims()], {claim.id for claim in chosen}
    some = [id for id in every if id in asked] if asked != set(every) else []
    return "-".join(["claims", *some])


def verdict_table(verdicts: Sequence[Verdict]) -> pd.DataFrame:
    """One row a claim: verdict, share of the ensemble with its interval, and the weakest part."""
    rows = []
    for v in verdicts:
        weakest = min(v.parts, key=lambda p: p.found.share if p.found.share >= 0 else 2.0)
        effect = weakest.effect
        rows.append(
            {"claim": v.claim.id, "title": v.claim.title, "verdict": v.found.verdict,
             "share": v.found.share, "low": v.found.low, "high": v.found.high,
             "weakest part": weakest.name, "needed": weakest.needed, "effect": effect["mean"],
             "effect low": effect["low"], "effect high": effect["high"], "unit": weakest.unit,
             "over the ensemble from": effect["least"], "to": effect["most"]}
        )  # fmt: skip
    return pd.DataFrame(rows)


def parts_table(verdicts: Sequence[Verdict]) -> pd.DataFrame:
    """One row a part of each claim's rule."""
    return pd.DataFrame(
        [
            {"claim": v.claim.id, "part": p.name, "needed": p.needed, "effect": p.effect["mean"],
             **{end: p.effect[end] for end in ("low", "high", "least", "most")}, "unit": p.unit,
             "share of the ensemble": p.found.share, "share low": p.found.low,
             "share high": p.found.high, "alone": p.found.verdict}
            for v in verdicts for p in v.parts
        ]
    )  # fmt: skip
