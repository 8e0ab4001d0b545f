"""Did it matter? One answer over everything that is open, for one change or for two together.

Effects are `effects` over the readings of the record; with two changes their interaction is
formed history by history from all four worlds. An answer is one sentence first (`saying`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.files.errors import InputError, suggest
from politburo_sim.lab.bench import Bench, Effort, by_draw
from politburo_sim.lab.ensemble import Ensemble, over, read_ensemble
from politburo_sim.lab.matter import saying
from politburo_sim.lab.matter.effects import Effect
from politburo_sim.lab.matter.saying import ANYBODY
from politburo_sim.lab.matter.scale import size_word
from politburo_sim.lab.matter.sides import AnyWorld, Side, sides
from politburo_sim.lab.matter.twins import NEVER, Seen, paired_effect, seen
from politburo_sim.lab.plan import Experiment
from politburo_sim.lab.provenance import plain_world, typed
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.store import sha256
from politburo_sim.outcomes import SOLE_RULE_OF, is_share
from politburo_sim.state.parameters import defaults

FULL = Experiment.full
QUICK = Effort(50, 30)
MOST_PAIRS = 1_000_000
#: Fewest pairs of histories over the ensemble.
LEAST_PAIRS = 4
#: What twins are compared by, besides the sole rule of each member.
COMPARED = ("established", "leader_share", "removed")


@dataclass(frozen=True)
class Question:
    """What is asked: worlds, whose sole rule, and how much is run. It alone fixes the answer.

    base, changes, joint : the sides; the joint is of two changes. who : a member of all worlds, or
    "anybody". settings : as they were given. ensemble : a file of parameter sets in place of the
    shipped ensemble's. precision : run on until luck leaves no more open (`compare`).
    """

    base: Side
    changes: tuple[Side, ...]
    joint: Side | None
    who: str
    settings: Mapping[str, float]
    effort: Effort
    seed: int = 0
    at_defaults: bool = False
    quick: bool = False
    ensemble: str = ""
    precision: float | None = None

    @property
    def sets(self) -> Ensemble | None:
        """What is run over in place of the shipped ensemble."""
        if self.at_defaults:
            return Ensemble(np.array([defaults()]), np.ones(1))
        return read_ensemble(Path(self.ensemble)) if self.ensemble else None

    @property
    def worlds(self) -> list[Side]:
        """All that is run: the base first, the joint last."""
        return [self.base, *self.changes, *([self.joint] if self.joint else [])]

    @property
    def runs(self) -> int:
        """Histories in all."""
        return len(self.worlds) * self.effort.runs

    @property
    def name(self) -> str:
        """What its folder is called."""
        less = f"{'-quick' * self.quick}{'-at-defaults' * self.at_defaults}"
        less += over(self.ensemble) + (f"-to-{self.precision:g}" if self.precision else "")
        changes = "-and-".join(side.name for side in self.changes)
        return f"{changes}-against-{self.base.name}{less}"

    @property
    def command(self) -> str:
        """What asks it again, with every option that it was asked with."""
        usual = self.effort == _effort(self.at_defaults, self.quick, None) or self.precision
        return typed(
            "compare",
            *(side.typed or side.scenario.name for side in (self.base, *self.changes)),
            set=[f"{name}={value:.12g}" for name, value in self.settings.items()],
            who=self.who, seed=self.seed, quick=self.quick, at_defaults=self.at_defaults,
            ensemble=self.ensemble or None, runs=None if usual else self.effort.runs,
            precision=self.precision,
        )  # fmt: skip

    def said(self) -> dict[str, Any]:
        """What a manifest holds of it, as plain data; of a precision not how much it took."""
        worlds = [plain_world(side.scenario, side.settings) for side in self.worlds]
        said = {"kind": "compare", "worlds": worlds, "who": self.who, "seed": self.seed,
                "at_defaults": self.at_defaults}  # fmt: skip
        if self.precision:
            said |= {"precision": self.precision, "quick": self.quick}
        else:
            said["effort"] = vars(self.effort)
        if self.ensemble:
            said["ensemble"] = sha256(Path(self.ensemble))
        return dict(json.loads(json.dumps(said)))

    def answer(self, workers: int | None = None, tell: Tell = silent) -> Comparison:
        """Run the worlds and compare them."""
        bench = Bench(self.effort, self.seed, Path(), Path(), tell, workers, sets=self.sets)
        members = [SOLE_RULE_OF + name for name in shared_names(self.worlds)]
        base, *others = seen(bench, self.worlds, [*COMPARED, "took_place", *members])
        about = "established" if self.who == ANYBODY else SOLE_RULE_OF + self.who
        changes = [
            _change(bench, one, alt, base, self.who, about)
            for one, alt in zip(self.worlds[1:], others, strict=True)
        ]
        if self.joint is None:
            return Comparison(self, tuple(changes))
        one, two, both = (alt.values[about] for alt in others)
        part = any((alt.parting != NEVER).any() for alt in others)
        total = both - one - two + base.values[about]
        interaction = paired_effect(bench.effort, total, part=part).within(2.0)
        return Comparison(self, tuple(changes[:2]), changes[2], interaction)


@dataclass(frozen=True, eq=False)
class Change:
    """What one change does, beside the base.

    base, alt : chance of the sole rule asked about in both worlds. precondition : share of the
    histories in which all that the change needs was so; needs : whether it needs anything.
    where_met : the effect in those alone. flipped : share of pairs in which another rules, or
    nobody. parting : month in which each pair first differs in power, or NEVER. saving : variance
    of the unpaired difference over that of the paired one. table : a row an outcome.
    """

    side: Side
    who: str
    base: float
    alt: float
    effect: Effect
    needs: bool
    precondition: float
    where_met: Effect | None
    flipped: float
    parting: NDArray[np.int64]
    saving: float
    table: pd.DataFrame

    @property
    def sentence(self) -> str:
        """What the change does, in words."""
        return saying.of_change(self.who, self.base, self.alt, self.effect)

    def summary(self) -> dict[str, Any]:
        """The figures as plain data."""
        parted = self.parting[self.parting != NEVER]
        return {
            "alt": self.side.scenario.name, "settings": dict(self.side.settings),
            "sentence": self.sentence, "base_chance": self.base, "alt_chance": self.alt,
            **self.effect.summary(), "size": size_word(self.effect.effect, self.effect.against),
            "precondition": self.precondition, "intervention_took_place": self.precondition,
            "where_met": self.where_met.summary() if self.where_met else None,
            "flipped": self.flipped, "saving": self.saving,
            "parted": len(parted) / len(self.parting),
            "median_month_of_parting": float(np.median(parted)) if len(parted) else None,
            "outcomes": self.table.to_dict(orient="records"),
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Comparison:
    """The answer: what each change does and, of two, what both do together and the interaction."""

    asked: Question
    changes: tuple[Change, ...]
    joint: Change | None = None
    interaction: Effect | None = None

    @property
    def main(self) -> Change:
        """The change that the answer is about: of two, both together."""
        return self.joint or self.changes[0]

    @property
    def all(self) -> tuple[Change, ...]:
        """Every change, the joint one last."""
        return (*self.changes, self.joint) if self.joint else self.changes

    @property
    def sentence(self) -> str:
        """The answer, in one sentence."""
        return self.main.sentence

    @property
    def interaction_sentence(self) -> str:
        """What the two changes do together beyond what each does alone; nothing where not two."""
        if self.interaction is None:
            return ""
        alone = [change.effect.effect for change in self.changes]
        both = self.main.effect.effect
        return saying.of_interaction(self.asked.who, both, alone, self.interaction)

    @property
    def frame(self) -> pd.DataFrame:
        """One row a change and, of two, one of their interaction."""
        rows = [
            {"change": change.side.called, "base": change.base, "alt": change.alt,
             **change.effect.summary(), "precondition": change.precondition}
            for change in self.all
        ]  # fmt: skip
        if self.interaction is not None:
            rows.append({"change": "interaction", **self.interaction.summary()})
        return pd.DataFrame(rows)

    def summary(self) -> dict[str, Any]:
        """The figures as plain data: those of `main` and, of several changes, of each."""
        asked = self.asked
        said: dict[str, Any] = {
            "base": asked.base.scenario.name, **self.main.summary(), "who": asked.who,
            "pairs": asked.effort.runs, "readings": asked.effort.draws, "seed": asked.seed,
            "at_defaults": asked.at_defaults, "command": asked.command,
        }  # fmt: skip
        if len(self.all) > 1:
            said["changes"] = [change.summary() for change in self.all]
        if self.interaction is not None:
            said["interaction"] = self.interaction.summary() | {
                "sentence": self.interaction_sentence,
                "size": size_word(self.interaction.effect, self.interaction.against),
            }
        return said


def question(
    base: AnyWorld,
    *changes: AnyWorld,
    who: str | None = None,
    settings: Mapping[str, float] | None = None,
    at_defaults: bool = False,
    quick: bool = False,
    runs: int | None = None,
    seed: int = 0,
    ensemble: str | Path = "",
    precision: float | None = None,
) -> Question:
    """What is asked, checked in full; `compare` says what the arguments are."""
    if runs is not None and runs < 2:
        raise InputError("too few pairs", key="--runs", given=runs, allowed="2 or more")
    if at_defaults and ensemble:
        raise _either("--ensemble", str(ensemble), "--at-defaults")
    if runs is not None and precision is not None:
        raise _either("--runs", runs, "--precision")
    first, others, joint = sides(base, changes, settings or {})
    there = [first, *others, *([joint] if joint else [])]
    _same_months(there)
    asked = Question(
        first, tuple(others), joint, _who(there, who), dict(settings or {}),
        _effort(at_defaults, quick, runs), seed, at_defaults, quick, str(ensemble),
        precision,
    )  # fmt: skip
    _ = asked.sets  # read, so that a wrong file is told before anything is run
    return asked


def compare(
    base: AnyWorld, *changes: AnyWorld, workers: int | None = None, tell: Tell = silent,
    **asked: Any,
) -> Comparison:  # fmt: skip
    """Compare worlds with a base, over the ensemble, with the same luck in all of them.

    Parameters
    ----------
    base, changes : worlds by name or path, as scenarios or as built; members are matched by name.
        Of two changes by name both together are run as well (`sides`).
    precision : run on until luck leaves the effect open by no more than this to either side.
    who : whose sole rule; default the one that the base world names as leading, else "anybody".
    settings : parameters of all sides, `{"unity": 0.4}`, or of one, `{"B.unity": 0.4}`.
    at_defaults : at the default rules and the coded traits alone, not over the ensemble.
    ensemble : a file of parameter sets in place of the shipped ensemble's.
    quick, runs : fewer histories of each world, or so many.
    seed, workers, tell : master seed; threads; who is told of progress.

    Raises
    ------
    InputError
        If a world, a member or a setting is not there, or the worlds cover different months.
    """
    return until(question(base, *changes, **asked), workers, tell)


def until(asked: Question, workers: int | None = None, tell: Tell = silent) -> Comparison:
    """The answer to a question, with as many histories as a precision takes if one is given."""
    precision = asked.precision
    if precision is None:
        return asked.answer(workers, tell)
    draws = asked.effort.draws
    replicates = max(2, asked.effort.replicates // 6)
    while True:
        found = replace(asked, effort=Effort(draws, replicates)).answer(workers, tell)
        half = (found.main.effect.high_luck - found.main.effect.low_luck) / 2
        if half <= precision or draws * replicates >= MOST_PAIRS:
            return found
        more = math.ceil(1.1 * replicates * (half / precision) ** 2)
        replicates = min(MOST_PAIRS // draws, max(more, replicates + 1))


def _either(key: str, given: object, other: str) -> InputError:
    return InputError("one or the other", key=key, given=given, allowed=f"without {other}")


def _effort(at_defaults: bool, quick: bool, runs: int | None) -> Effort:
    effort = QUICK if quick else FULL
    if at_defaults:
        return Effort(1, runs or effort.runs)
    if runs is not None and runs < LEAST_PAIRS:
        raise InputError(
            "too few histories to compare readings of the record", key="--runs", given=runs,
            allowed=f"{LEAST_PAIRS} or more: two readings, two histories of each",
            hint="--at-defaults compares histories of one reading",
        )  # fmt: skip
    return effort if runs is None else effort.of(runs)


def _same_months(there: Sequence[Side]) -> None:
    base = there[0].scenario
    for one in there[1:]:
        if (one.scenario.start, one.scenario.end) != (base.start, base.end):
            raise InputError(
                "the worlds do not cover the same months", key=one.scenario.name,
                given=f"{one.scenario.start} to {one.scenario.end}",
                allowed=f"{base.start} to {base.end}, as {base.name}",
            )  # fmt: skip


def shared_names(there: Sequence[Side]) -> list[str]:
    """Members of all worlds, in the order of the base."""
    names = [{member.name for member in one.scenario.members} for one in there]
    return [m.name for m in there[0].scenario.members if all(m.name in known for known in names)]


def _who(there: Sequence[Side], asked: str | None) -> str:
    names = shared_names(there)
    leading = there[0].scenario.leading
    who = asked or (leading if leading in names else None) or ANYBODY
    if who not in (*names, ANYBODY):
        raise InputError(
            f"no such member{suggest(who, names)}", key="--who", given=who,
            allowed=f"{', '.join(names)}, or {ANYBODY}",
        )  # fmt: skip
    return who


def _change(bench: Bench, one: Side, alt: Seen, base: Seen, who: str, about: str) -> Change:
    """What a change did, beside the base."""
    rows, part = [], bool((alt.parting != NEVER).any())
    for name in base.values:
        before, after = base.values[name], alt.values[name]
        if name == "took_place" or not (before.any() or after.any()):
            continue  # who rules in neither world is no row
        found = paired_effect(bench.effort, after - before, part=part)
        found = found.within(1.0) if is_share(name) else found
        rows.append({"outcome": name, "base": float(before.mean()), "alt": float(after.mean()),
                     **found.summary()})  # fmt: skip
    before, after = base.values[about], alt.values[about]
    met = alt.values["took_place"] > 0
    some = 0 < met.mean() < 1 and len(by_draw(after, met, bench.effort)) > 0
    together, apart = float(np.var(after - before)), float(np.var(after) + np.var(before))
    return Change(
        side=one, who=who, base=float(before.mean()), alt=float(after.mean()),
        effect=paired_effect(bench.effort, after - before, part=part).within(1.0),
        needs=any(event.intervention and event.requires for event in one.scenario.events),
        precondition=float(met.mean()),
        where_met=(paired_effect(bench.effort, after - before, met, part=part).within(1.0)
                   if some else None),
        flipped=float((base.ruler != alt.ruler).mean()), parting=alt.parting,
        saving=apart / together if together > 0 else math.inf if apart > 0 else 1.0,
        table=pd.DataFrame(rows),
    )  # fmt: skip
