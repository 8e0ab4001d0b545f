"""Codings of people as doubt, not as luck: what a reading leaves open if it holds one coding.

Everywhere else a coding is drawn anew for each history, within what the coders leave open, and
averages out. Here each reading of the record draws one and keeps it in all its histories and in
both worlds. Writes docs/codings.md; takes about three minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from politburo_sim.lab.bench import Effort, Spec, by_draw, prepare, with_point
from politburo_sim.lab.ensemble import Ensemble, load_ensemble
from politburo_sim.lab.runs import replicate_seeds, run_many
from politburo_sim.lab.verdict import summary
from politburo_sim.outcomes import Runs, outcome
from politburo_sim.rules.founding import found
from politburo_sim.state.body import NOBODY, copy_record
from politburo_sim.state.work import make_work
from politburo_sim.worlds.world import World

PAGE = Path(__file__).resolve().parents[1] / "docs" / "codings.md"
EFFORT = Effort(draws=200, replicates=60)
TRAITS = ("opportunism", "loyalty", "foresight")
WORLDS: Mapping[str, Spec] = {
    "base": {"scenario": "ussr-1922"},
    "no ban on factions": {"scenario": "no-faction-ban"},
    "the letter read out": {"scenario": "letter-read-1924"},
    "opportunism 0.8": {"scenario": "ussr-1922", "settings": {"opportunism": 0.8}},
    "opportunism 0.1": {"scenario": "ussr-1922", "settings": {"opportunism": 0.1}},
}
ASKED: Mapping[str, Mapping[str, int]] = {
    "chance of sole rule": {"base": 1},
    "no ban on factions": {"no ban on factions": 1, "base": -1},
    "the letter read out": {"the letter read out": 1, "base": -1},
    "opportunism of all, 0.8 against 0.1": {"opportunism 0.8": 1, "opportunism 0.1": -1},
}
Values = NDArray[np.float64]


def of_one_coding(world: World, point: Values, seed: int) -> World:
    """The world of a parameter set with the coding that a seed draws, which leaves nothing open."""
    drawn = with_point(world, point).body
    found(drawn, make_work(drawn), world.coding, seed)
    body, coding = copy_record(world.body), copy_record(world.coding)
    for name in ("ideal", "bond", "bases", "prestige"):
        getattr(body, name)[:] = getattr(drawn, name)
    for holder, prestige in zip(body.office_holder, body.office_prestige, strict=True):
        if holder != NOBODY:  # offices are taken up anew at the founding
            body.prestige[holder] -= prestige
    for name in TRAITS:
        coded = getattr(coding, name)
        coded[:] = np.where(np.isnan(coded), coded, getattr(drawn, name))
    for name in (*TRAITS, "ideal", "prestige", "base", "bond"):
        getattr(coding, f"{name}_half")[:] = 0.0
    return replace(world, body=body, coding=coding)


def sole_rule(spec: Spec, sets: Ensemble, effort: Effort, *, held: bool) -> Values:
    """[R] whether each history ends under one member, draw by draw; `held`: one coding a draw."""
    world, points = prepare(spec, sets)
    seeds = replicate_seeds(0, effort.runs)
    which = np.arange(effort.runs) // effort.replicates
    established: Any = outcome("established")
    if not held:
        out = run_many(world, seeds, points, which)
        return np.asarray(established.of(Runs(world, out, points[which])))
    codings = replicate_seeds(0, effort.draws, stream=2)
    parts = []
    for draw in range(effort.draws):
        one, mine = of_one_coding(world, points[draw], int(codings[draw])), which == draw
        out = run_many(one, seeds[mine], points[draw : draw + 1])
        parts.append(established.of(Runs(one, out, points[which[mine]])))
    return np.concatenate(parts)


def found_of(sets: Ensemble, effort: Effort, *, held: bool) -> dict[str, dict[str, float]]:
    """What each question comes to over the readings (`lab.verdict.summary`)."""
    seen = {name: sole_rule(spec, sets, effort, held=held) for name, spec in WORLDS.items()}
    everywhere = np.ones(effort.runs, dtype=bool)
    return {
        name: summary(
            by_draw(
                np.asarray(sum(weight * seen[world] for world, weight in parts.items())),
                everywhere, effort,
            )
        )
        for name, parts in ASKED.items()
    }  # fmt: skip


def page(effort: Effort = EFFORT) -> str:
    sets = load_ensemble().thin(effort.draws)
    anew, kept = (found_of(sets, effort, held=held) for held in (False, True))
    lines = [
        "# Would another coding matter?", "",
        f"Made by `python -m benchmarks.codings`: {effort.draws} sets of the ensemble with "
        f"{effort.replicates} histories each, sole rule of anybody, in points. Elsewhere a coding "
        "of the members is drawn for each history, within what the coders leave open, and so "
        "counts as luck. Here it is also drawn once for each set and kept in all its histories "
        "and in both worlds, and so counts as doubt. In brackets: the middle nine tenths of the "
        "true effects over the sets.", "",
        "| | a coding for each history | one for each set |", "|---|---|---|",
    ]  # fmt: skip
    for name in ASKED:
        both = (f"{_points(x['mean'])} ({_points(x['least'])} to {_points(x['most'])})"
                for x in (anew[name], kept[name]))  # fmt: skip
        lines.append(f"| {name} | {' | '.join(both)} |")
    return "\n".join(lines) + "\n"


def _points(value: float) -> str:
    return f"{100 * value:.1f}".replace("-", "\u2212")


if __name__ == "__main__":
    text = page()
    PAGE.write_text(text, encoding="utf-8")
    print(text)
