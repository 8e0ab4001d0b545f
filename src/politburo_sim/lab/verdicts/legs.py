"""A verdict on three legs: effect, weight of evidence, power (experiments/README.md).

The effect is what follows from a rule over all that the record leaves open (`verdict`). Whether the
rule was at work is another question, put to the record: its log Bayes factor b without the rule,
with error s, and the share of simulated records, the rule at work, in which it would be noticed.

Two judges answer it, and only one that is right about itself is heard: whose sets of 80 % hold the
truth about as often in simulated records, and whose error on the rule is small.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from politburo_sim.lab.weigh.power import CAN_SEE, WEIGHTY

MINUS = "\N{MINUS SIGN}"
UNDECIDED, UNDECIDABLE, REFUTED = "undecided", "undecidable from this record", "not supported"
FOR, AGAINST, SILENT = "for", "against", "silent"
#: Folders of results of the judges.
JUDGES = ("classified", "evidence")
#: A judge is heard whose sets of this level hold so many of the truths of at least so many records,
#: on rules on which its error is below so many nats.
LEVEL, COVERED, RECORDS, MOST_ERROR = 0.8, (0.7, 0.9), 100, 1.5


def signed(nats: float) -> str:
    """A log Bayes factor with its sign."""
    return f"{nats:+.1f}".replace("-", MINUS)


@dataclass(frozen=True)
class Weight:
    """What the record says of one rule.

    model : the rule book without it. factor, error : log Bayes factor of that model, in nats.
    power, misled : shares of simulated records, the rule at work, that notice it, and that speak
    against it; nan where that is not known. bound : the factor lies there or farther from nought.
    one_sided : no pass has a history with the rule, or none without it; drift may have lost them.
    contrary : another judge that is heard says the opposite, so that the record is silent.
    """

    model: str
    factor: float
    error: float
    power: float = math.nan
    misled: float = math.nan
    bound: bool = False
    one_sided: bool = False
    contrary: bool = False

    @property
    def says(self) -> str:
        """For, against, or silent."""
        if self.contrary:
            return SILENT
        if self.factor + 2.0 * self.error < -WEIGHTY:
            return FOR
        if self.factor - 2.0 * self.error > WEIGHTY:
            return AGAINST
        return SILENT

    @property
    def words(self) -> str:
        """The same as a reader says it."""
        seen = "power unknown" if math.isnan(self.power) else f"power {100 * self.power:.0f} %"
        if self.contrary:
            seen += ", the judges contradict one another"
        if self.misled > 0:
            seen += f", misled {100 * self.misled:.0f} %"
        error = f"{self.error:.1f}" if self.error >= 0.05 else "less than 0.1"
        within = "or beyond" if self.bound else f"± {error}"
        says = self.says if self.says == SILENT else f"{self.says} the rule"
        return f"{self.model}: {says} ({signed(self.factor)} {within}, {seen})"


def read_weights(folder: Path) -> dict[str, Weight]:
    """What one judge says, from its folder of results, by model; nothing where it was not asked."""
    evidence, power = folder / "evidence.csv", folder / "power.csv"
    if not evidence.is_file():
        return {}
    seen: dict[str, tuple[float, float]] = {}
    if power.is_file():
        table = pd.read_csv(power)
        table = table[table["planted"] == "present"]
        shares = zip(table["noticed"], table["misled"], strict=True)
        seen = dict(zip(table["mechanism"], shares, strict=True))
    unknown = (math.nan, math.nan)
    told = pd.read_csv(evidence)
    found = {}
    for row in told.itertuples():
        how = str(getattr(row, "how", ""))
        found[row.model] = Weight(
            row.model, row.log_bayes_factor, row.error, *seen.get(row.model, unknown),
            bound="bound" in how,
            one_sided=how == "in or out, bound" and folder.name == "evidence",
        )  # fmt: skip
    return found


def is_right_about_itself(folder: Path) -> bool:
    """Whether a judge's sets hold the truth of simulated records about as often as they should."""
    file = folder / "coverage.csv"
    if not file.is_file():
        return False
    table = pd.read_csv(file)
    row = table[np.isclose(table["level"], LEVEL)]
    if row.empty:
        return False
    low, high = COVERED
    return bool(row["records"].iloc[0] >= RECORDS and low <= row["covered"].iloc[0] <= high)


def heard(results: Path) -> dict[str, Weight]:
    """What the record says of each rule by the judges that are heard on it, by model.

    Of two the one with the smaller error speaks, unless they speak against one another. Where the
    passes of one saw one side alone its error is not known, and it is not heard.
    """
    found: dict[str, Weight] = {}
    for judge in JUDGES:
        if not is_right_about_itself(results / judge):
            continue
        for model, weight in read_weights(results / judge).items():
            if weight.one_sided or not weight.error < MOST_ERROR:
                continue
            other = found.get(model, weight)
            surer = min(other, weight, key=lambda each: each.error)
            contrary = {FOR, AGAINST} == {other.says, weight.says}
            found[model] = replace(surer, contrary=contrary)
    return found


def weigh(effect: str, rules: Sequence[Weight | None]) -> str:
    """The verdict that an effect and the weights of a claim's rules amount to.

    rules : one weight a rule that the claim needs, None where it was not weighed.
    """
    if effect not in ("supported", "partly"):
        return effect
    said = [SILENT if rule is None else rule.says for rule in rules]
    if AGAINST in said:
        return REFUTED
    silent = [rule for rule, says in zip(rules, said, strict=True) if says == SILENT]
    if not silent:
        return effect
    blind = any(rule is not None and rule.power < CAN_SEE for rule in silent)
    return UNDECIDABLE if blind else UNDECIDED


def disagreement(effect: str, verdict: str, rules: Sequence[Weight | None]) -> str:
    """Where the legs of one claim do not say the same, in words; nothing where they do."""
    if verdict == effect:
        return ""
    told = [rule.words for rule in rules if rule is not None and rule.says != FOR]
    return f"{effect} by the effect, but {verdict}: {'; '.join(told) or 'nothing was weighed'}"


def table(
    effects: Mapping[str, str], mechanisms: Mapping[str, Sequence[str]],
    weights: Mapping[str, Weight],
) -> pd.DataFrame:  # fmt: skip
    """One row a claim: the effect's verdict, what the record says of each rule, and the verdict.

    effects : by claim, the verdict of the first leg. mechanisms : by claim, the models without its
    rules.
    """
    rows = []
    for claim, effect in effects.items():
        rules = [weights.get(name) for name in mechanisms[claim]]
        verdict = weigh(effect, rules)
        told = [
            f"{name}: not weighed" if rule is None else rule.words
            for name, rule in zip(mechanisms[claim], rules, strict=True)
        ]
        rows.append(
            {"claim": claim, "effect": effect, "what the record says of its rules":
             "; ".join(told) or "names no rule", "verdict": verdict,
             "legs": disagreement(effect, verdict, rules) or "agree"}
        )  # fmt: skip
    return pd.DataFrame(rows)
