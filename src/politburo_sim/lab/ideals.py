"""How far true ideals can be read from roll calls as unity rises.

For each run the members' agreement in roll calls is turned into positions by classical scaling
(Torgerson 1952), and their true ideals are regressed on the first two of these: R^2 is the part
of the ideals' variance that the roll calls show. A benchmark without information is the same
with the ideals shuffled among the members. Where nearly everybody votes with the majority,
agreement says nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.lab.intervals import paired
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.record.measures import rice_index
from politburo_sim.run.model import Politburo
from politburo_sim.state.journal import DEMAND, DIVISION
from politburo_sim.state.parameters import PARAMETERS
from politburo_sim.state.work import ABSENT
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

Values = NDArray[np.float64]
#: Fewest common roll calls for a pair, and fewest members, for a run to be read.
COMMON, MEMBERS = 5, 5
#: Axes of the positions that roll calls are turned into.
DIMENSIONS = 2
LEVELS = (0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
#: Conviction and conformity alone: nothing else moves a vote, nobody falls, nobody changes.
ALONE = {
    "unity_liability": 0, "baseline_liability": 0, "switching": 0, "organising": 1,
    "pressing": 1, "effort": 0, "interest": 0, "friendship": 0, "foresight": 0,
    "opportunism": 0, "opportunism_spread": 0, "attachment": 0, "following": 0,
    "coder_uncertainty": 1, "rule_of_one": 0,
}  # fmt: skip


def agreement(votes: NDArray[np.int8]) -> Values:
    """[n, n] share of common roll calls in which two members voted alike; nan below COMMON.

    votes : [roll calls, n] 1, 0 or ABSENT.
    """
    here = (votes != ABSENT).astype(float)
    yes = np.where(votes == 1, 1.0, 0.0)
    no = np.where(votes == 0, 1.0, 0.0)
    common = here.T @ here
    alike = yes.T @ yes + no.T @ no
    result: Values = np.where(common >= COMMON, alike / np.maximum(common, 1.0), np.nan)
    return result


def positions(alike: Values) -> Values:
    """[n, `DIMENSIONS`] classical scaling of distances 1 - agreement; missing pairs at the mean."""
    apart = 1.0 - np.where(np.isnan(alike), np.nanmean(alike), alike)
    np.fill_diagonal(apart, 0.0)
    n = len(apart)
    centre = np.eye(n) - 1.0 / n
    gram = -0.5 * centre @ (apart * apart) @ centre
    value, vector = np.linalg.eigh(gram)
    order = np.argsort(value)[::-1][:DIMENSIONS]
    result: Values = vector[:, order] * np.sqrt(np.maximum(value[order], 0.0))
    return result


def explained(ideals: Values, found: Values) -> float:
    """Part of the variance of ideals [n, D] that positions [n, d] account for, adjusted.

    1 - (1 - R^2)(n - 1)/(n - d - 1): about nought where positions say nothing.
    """
    n, dimensions = found.shape
    terms = np.column_stack([np.ones(n), found])
    fitted = terms @ np.linalg.lstsq(terms, ideals, rcond=None)[0]
    spread = float(((ideals - ideals.mean(axis=0)) ** 2).sum())
    left = float(((ideals - fitted) ** 2).sum())
    if spread == 0.0 or n <= dimensions + 1:
        return float("nan")
    return float(1.0 - left / spread * (n - 1) / (n - dimensions - 1))


def free_votes(model: Politburo) -> NDArray[np.int8]:
    """[roll calls, members] votes of one history, without those of mover and target.

    Those two vote for themselves whatever they think; who attacks whom would tell of ideals
    even where no free vote does.
    """
    votes = model.journal.ballots[: model.journal.size[1], : model.world.members].copy()
    for entry in model.journal.entries[: model.journal.size[0]]:
        if entry["kind"] in (DIVISION, DEMAND) and entry["ballot"] >= 0:
            for who in (entry["who"], entry["whom"]):
                if who < votes.shape[1]:
                    votes[entry["ballot"], who] = ABSENT
    return votes


def read_run(model: Politburo, ideals: Values) -> tuple[float, float, float]:
    """Explained part, explained part with ideals shuffled, and mean Rice index of one history."""
    ballots = free_votes(model)
    seats = np.flatnonzero((ballots != ABSENT).sum(axis=0) >= 2 * COMMON)
    if len(seats) < MEMBERS:
        return (float("nan"),) * 3
    found = positions(agreement(ballots[:, seats]))
    shuffled = np.random.default_rng(model.seed % 2**32).permutation(len(seats))
    rice = [rice_index(float((row == 1).sum()), float((row == 0).sum())) for row in ballots]
    return (
        explained(ideals[seats], found), explained(ideals[seats][shuffled], found),
        float(np.nanmean(rice)),
    )  # fmt: skip


def recovery_curve(runs: int, tell: Tell = silent) -> pd.DataFrame:
    """One row a level of unity: means and 95 % intervals of what can be recovered.

    Members vote by conviction and conformity alone, nobody is removed and no side is changed,
    and questions are raised as often as can be; the weight of conformity rises with the level from
    none to its greatest.
    """
    rows = []
    for level in LEVELS:
        world = build_world(
            load_scenario("ussr-1922"),
            {**ALONE, "unity_bandwagon": level, "conformity": PARAMETERS["conformity"].high},
        )  # fmt: skip
        read = []
        for seed in range(runs):
            model = Politburo(world, seed)
            ideals = np.array(model.arrays.ideal[: world.members], dtype=float)
            read.append(read_run(model.run(), ideals[:, : len(world.axes)]))
            tell(1)
        rows.append({"unity": level, **_means(np.array(read))})
    return pd.DataFrame(rows)


def _means(read: Values) -> dict[str, float]:
    found: dict[str, float] = {}
    for column, name in enumerate(("recovered", "shuffled", "rice")):
        values = read[:, column][~np.isnan(read[:, column])]
        found |= dict(zip((name, f"{name}_low", f"{name}_high"), paired(values), strict=True))
    return found
