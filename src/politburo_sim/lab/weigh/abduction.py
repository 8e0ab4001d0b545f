"""Given all that happened: the histories behind the record, told again with one thing different.

Three steps (Pearl, Causality, 2000, ch. 7). *Abduction*: the record is annealed to its end, which
leaves histories with the luck that made it. *Action*: each is taken up before the first month in
which the other world differs, and goes on there. *Prediction*: with the luck that it had. Of a
month in which the record says something it is known that luck favoured what is recorded: it had a
chance p of that, in the other world it has a chance q, and the month goes as recorded once more
with chance min(1, q / p), else freely. That is the maximal coupling of the two months (Thorisson,
Coupling, Stationarity, and Regeneration, 2000): what is different moves a month as little as the
rules' chances allow. p and q are what the imposing charges (`rules.imposing`), without silence,
which is a matter of the record and not of what happened. All other months have the same luck in
both worlds.

Who comes to rule alone owes something to luck, and whatever parts a history from the record, be it
ever so idle, lets that luck go. So the same is reckoned for a change of luck alone: nothing is
different, but the first recorded month goes freely.

A month that goes freely may by chance still go as recorded; its chance, q, is small wherever the
record says more than a little, and is not taken out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.files.errors import InputError
from politburo_sim.lab.matter.onward import whose
from politburo_sim.lab.matter.saying import ANYBODY
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.weigh.anneal import Annealing, Effort, points_of, recording_of
from politburo_sim.lab.weigh.conditioned import Conditioned, Values
from politburo_sim.lab.weigh.given import (
    between,
    carried,
    first_difference,
    ruled_by,
    whole_record,
)
from politburo_sim.lab.weigh.passes import Population
from politburo_sim.months import month_name
from politburo_sim.outcomes import ruler_names
from politburo_sim.state.minutes import PARTS, SILENCE
from politburo_sim.worlds.given import build_world
from politburo_sim.worlds.world import World

#: Chains, sweeps and passes where nothing else is asked for.
USUAL, QUICK = Effort(40, 4, 6), Effort(20, 2, 4)
_ABDUCED = 11
Names = NDArray[np.str_]


class Estimate(NamedTuple):
    """A mean over passes with its 95 % interval; where one pass alone can say it, no interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Abduced:
    """What would have come of a change, given all that the record has.

    month : the first that differs; end : the last of the record, in words. who : whose sole rule.
    base, alt : his chance to come to it first by the world's end, without and with the change.
    effect : by how much it moves. undone : chance that he would not have come to it, given that he
    did (probability of necessity). made : that he would have, given that he did not.
    as_recorded : share of histories in which all that is recorded comes about with the change as
    well. shaken : `undone` by other luck in the first recorded month alone. placebo : share of
    histories that end otherwise when nothing is different.
    """

    world: str
    alt_world: str
    month: str
    end: str
    who: str
    passes: int
    histories: int
    base: Estimate
    alt: Estimate
    effect: Estimate
    undone: Estimate
    made: Estimate
    as_recorded: Estimate
    shaken: Estimate
    placebo: float

    @property
    def sentence(self) -> str:
        """The answer in words."""
        who = "somebody" if self.who == ANYBODY else self.who
        if np.isnan(self.undone.mean):
            return f"In none of the histories behind the record to {self.end} {who} rules alone."
        mean, low, high = (100 * value for value in self.undone)
        return (
            f"Of the histories in which all that is recorded to {self.end} comes about and {who} "
            f"comes to rule alone, the change would have kept him from it in {mean:.0f} of 100 "
            f"({low:.0f} to {high:.0f})."
        )

    @property
    def frame(self) -> pd.DataFrame:
        """A row an estimate: what, mean, low, high; the placebo last."""
        rows: list[tuple[Any, ...]] = [
            (name, *value) for name, value in vars(self).items() if isinstance(value, Estimate)
        ]
        rows.append(("placebo", *[self.placebo] * 3))
        return pd.DataFrame(rows, columns=["what", "mean", "low", "high"])

    def summary(self) -> dict[str, Any]:
        """The figures as plain data."""
        return {"sentence": self.sentence} | {
            name: list(value) if isinstance(value, Estimate) else value
            for name, value in vars(self).items()
        }  # fmt: skip


class Lives(NamedTuple):
    """What histories are made of: parameters, the chance of recording, and luck."""

    points: Values
    recording: Values
    seeds: NDArray[np.int64]


def given_all(
    world: World | str,
    against: World | str,
    who: str | None = None,
    effort: Effort = USUAL,
    seed: int = 0,
    workers: int | None = None,
    tell: Tell = silent,
) -> Abduced:
    """What would have come of a change, given the whole record.

    Parameters
    ----------
    world, against : worlds or names of scenarios; `against` differs by dated events or questions
    only, from a month on that the record covers.
    who : whose sole rule; default the member whom the world names as leading, else anybody.

    Raises
    ------
    InputError
        If the world has no record, the worlds differ in more, or nobody is called so.
    """
    base, other = build_world(world), build_world(against)
    asked = whose(base, who)
    record = whole_record(base, workers)
    first = first_difference(base, other)
    if not 1 <= first < record.end:
        raise InputError(
            "the worlds first differ outside the record", key="--given-all",
            given=month_name(base.start, first),
            allowed=f"{month_name(base.start, 1)} to {month_name(base.start, record.end - 1)}",
        )  # fmt: skip
    changed = carried(record, other)
    found, placebo = [], []
    for number in range(effort.passes):
        luck = np.random.default_rng([seed, number, _ABDUCED])
        people = Annealing(record, {}, effort, (seed, number), tell).run().population
        lives = lives_of(record, people, luck)
        chances = luck.random((len(lives.points), record.end))
        states = before(record, people, lives, first)
        was = ends(record, lives, lived(record, lives, states, first))
        same, _ = told_again(record, record, lives, states, first, chances)
        placebo.append(float((same != was).mean()))
        alt, kept = told_again(record, changed, lives, states, first, chances)
        told = (month for month in range(first, record.end) if says(record, month))
        chances[:, next(told, first)] = np.inf
        shaken, _ = told_again(record, record, lives, states, first, chances)
        found.append((was, alt, kept, shaken))
    return Abduced(
        base.scenario.name, other.scenario.name, month_name(base.start, first),
        month_name(base.start, record.end - 1), asked, effort.passes, effort.histories,
        **_chances(found, asked), placebo=max(placebo),
    )  # fmt: skip


def lives_of(record: Conditioned, people: Population, luck: np.random.Generator) -> Lives:
    """The annealed histories, with luck for the months after the record too."""
    n, rest = len(people.cube), record.world.months - record.end
    after = np.zeros((n, rest, people.seeds.shape[2]), np.int64)
    after[:, :, 0] = luck.integers(0, 2**62, (n, rest))
    return Lives(points_of(people.cube, {}), recording_of(people.cube, record),
                 np.concatenate([people.seeds, after], axis=1))  # fmt: skip


def before(record: Conditioned, people: Population, lives: Lives, month: int) -> Any:
    """The states of the histories before a month, the record imposed until then."""
    states = record.states(len(lives.points))
    record.run(*lives, month, month + 1, mark=month, marked=states, origins=people.origins)
    return states


def step(record: Conditioned, lives: Lives, states: Any, month: int, imposed: bool) -> Any:
    """The states after a month, which the record is imposed on or which is free."""
    after = record.states(len(states))
    record.run(*lives, month + imposed, month + 2, first=month, states=states,
               mark=month + 1, marked=after)  # fmt: skip
    return after


def says(record: Conditioned, month: int) -> bool:
    """Whether the record has a question, a sanction or a seat of a month."""
    due = (record.minutes.due, record.minutes.seats_due)
    return any(int(one[month]) < int(one[month + 1]) for one in due)


def charged(before: Any, after: Any) -> Values:
    """Log of the chance that the rules gave to what was imposed between two states."""
    gain = after["like"][:, :PARTS] - before["like"][:, :PARTS]
    charge: Values = np.delete(gain, SILENCE, axis=1).sum(axis=1)
    return charge


def lived(record: Conditioned, lives: Lives, states: Any, first: int) -> Any:
    """The states at the end of the record, all of it imposed."""
    for month in range(first, record.end):
        states = step(record, lives, states, month, imposed=True)
    return states


def told_again(
    base: Conditioned, alt: Conditioned, lives: Lives, states: Any, first: int, chances: Values
) -> tuple[Names, NDArray[np.bool_]]:
    """The same histories in another world: who rules in the end, and which follow the record.

    states : before month `first`. chances : [N, months] uniform, one for each month; a month of
    which it is infinite goes freely.
    """
    was, now = states, states
    kept = np.ones(len(states), bool)
    for month in range(first, base.end):
        was_before, was = was, step(base, lives, was, month, imposed=True)
        as_recorded = step(alt, lives, now, month, imposed=True)
        freely = step(alt, lives, now, month, imposed=False)
        again = kept
        if says(base, month):
            ratio = charged(now, as_recorded) - charged(was_before, was)
            again = chances[:, month] < np.exp(np.minimum(ratio, 0.0))
            kept = kept & again
        now = np.where(again, as_recorded, freely)
    return ends(alt, lives, now), kept


def ends(record: Conditioned, lives: Lives, states: Any) -> Names:
    """Who is the first established ruler by the world's end, lived freely from the record's."""
    out = record.run(*lives, record.end, record.world.months, first=record.end, states=states)[1]
    return np.array(ruler_names(record.world, out))


def _chances(found: Sequence[tuple[Names, Names, Any, Names]], who: str) -> dict[str, Estimate]:
    """The estimates of `Abduced`, each a mean over passes."""
    rows = []
    for was, alt, kept, shaken in found:
        his, still, luckless = (ruled_by(names, who) for names in (was, alt, shaken))
        rows.append({
            "base": his.mean(), "alt": still.mean(), "effect": still.mean() - his.mean(),
            "undone": _share(~still, his), "made": _share(still, ~his), "as_recorded": kept.mean(),
            "shaken": _share(~luckless, his),
        })  # fmt: skip
    return {
        name: Estimate(*between(_known([row[name] for row in rows]), name != "effect"))
        for name in rows[0]
    }


def _share(of: Any, among: Any) -> float:
    return float(of[among].mean()) if among.any() else float("nan")


def _known(values: Sequence[float]) -> Values:
    """Of passes in which it can be said at all."""
    known = np.array(values, dtype=float)
    return known[~np.isnan(known)] if (~np.isnan(known)).any() else known[:1]
