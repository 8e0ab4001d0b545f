"""What the instrument can see: simulated records in which each rule is at work or not.

A record is told of a history whose parameters are drawn from the prior and in which each rule is
in or out by its prior chance. Of such a record the evidence is worked out as of the real one, by a
pass in which each rule may be absent. How often does it notice a rule that was at work? A rule that
it does not notice there is one about which such a record cannot decide. And as the truth is known:
how often does a parameter lie inside the set that should hold it (Cook, Gelman and Rubin 2006)?
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.lab.fit.models import Model
from politburo_sim.lab.weigh.anneal import SAMPLED, Effort, Rules, absent, points_of, width
from politburo_sim.lab.weigh.conditioned import Conditioned, Values
from politburo_sim.lab.weigh.evidence import Weighing, inclusion
from politburo_sim.lab.weigh.passes import Pass
from politburo_sim.lab.weigh.told import told

#: From this many nats on evidence is strong (Kass and Raftery, Journal of the American Statistical
#: Association 90, 1995): a rule counts as noticed, and the record as speaking for or against it.
WEIGHTY = 3.0
#: From this share of simulated records on such a record can see a rule.
CAN_SEE = 0.8
#: Shares of roll calls and of positions that a simulated chronicler keeps, about as in the record.
KEPT, NAMED = 0.6, 0.4
#: Sets of parameters that should hold the truth so often.
LEVELS = (0.5, 0.8, 0.95)
USUAL = Effort(60, 6, 1)


def simulated(
    record: Conditioned, rules: Rules, seed: int, number: int
) -> tuple[Conditioned, Values]:
    """The record of one history of the prior, and the point of the cube it was lived at."""
    luck = np.random.default_rng([seed, number, 11])
    cube = luck.random((1, width(rules)))
    seeds = luck.integers(0, 2**62, 1 + record.end)
    point = points_of(cube, {}, rules)[0]
    kept = told(record, point, seeds, record.end, luck, KEPT, NAMED)
    return Conditioned.of(record.world, kept, record.workers), cube[0]


def power_tables(
    weighing: Weighing, records: int, effort: Effort = USUAL, seed: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How often the evidence notices a rule that is there, and that one is not; and coverage.

    Returns
    -------
    power : mechanism, planted ("present", "absent"), records, noticed (share whose factor lies at
    least `WEIGHTY` on the right side), misled (on the wrong one), mean (of the factors), low, high
    (the least and the largest).
    coverage : level, covered (share of parameters inside the central set of that level, over all
    records), parameters, records.
    """
    rules = weighing.absences
    found, inside, gone = [], [], []
    for number in range(records):
        here, truth = simulated(weighing.record, rules, seed, number)
        one = weighing.kept(
            here, f"simulated-{seed}-{number}", effort, (seed, number), {}, rules,
            f"simulated record {number + 1} of {records}",
        )  # fmt: skip
        found.append([inclusion(one, k) for k in range(len(rules))])
        gone.append(absent(truth[None], rules)[0])
        inside.append(place_of(truth, one))
    return power_table(weighing.rules, np.array(found), np.array(gone)), coverage_table(
        np.array(inside)
    )


def place_of(truth: Values, one: Pass) -> Values:
    """The share of a pass's histories below the truth, parameter by parameter."""
    cube = one.population.cube[:, : len(SAMPLED)]
    below: Values = (cube < truth[: len(SAMPLED)]).mean(axis=0)
    return below


def power_table(
    rules: Sequence[Model], factors: Values, gone: NDArray[np.bool_]
) -> pd.DataFrame:  # fmt: skip
    """The table of power, of factors [N, rules] for records that live without some rules."""
    rows = []
    for k, rule in enumerate(rules):
        for planted, chosen, side in (("absent", gone[:, k], 1.0), ("present", ~gone[:, k], -1.0)):
            values = side * factors[chosen, k]
            if len(values):
                rows.append(
                    {"mechanism": rule.name, "planted": planted, "records": len(values),
                     "noticed": float((values > WEIGHTY).mean()),
                     "misled": float((values < -WEIGHTY).mean()),
                     "mean": float(side * values.mean()), "low": float((side * values).min()),
                     "high": float((side * values).max())}
                )  # fmt: skip
    return pd.DataFrame(rows)


def coverage_table(inside: Values) -> pd.DataFrame:
    """The table of coverage, of the shares of a posterior below the truth [records, parameters]."""
    records, parameters = inside.shape
    return pd.DataFrame(
        {"level": level, "covered": float((np.abs(inside - 0.5) <= level / 2).mean()),
         "parameters": parameters, "records": records}
        for level in LEVELS
    )  # fmt: skip
