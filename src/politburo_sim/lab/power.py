"""What the instrument can see: records simulated with a mechanism, and without it.

Of each simulated record the evidence for the rule book and for the model without the mechanism is
worked out as of the real one. How often does it notice what was planted? A mechanism that it does
not notice where it is known to be at work is one about which such a record cannot decide.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from politburo_sim.lab.anneal import SAMPLED, Annealing, Effort, points_of
from politburo_sim.lab.conditioned import Conditioned
from politburo_sim.lab.models import Model
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.told import told

#: From this many nats on evidence is strong (Kass and Raftery, Journal of the American Statistical
#: Association 90, 1995): a rule counts as noticed, and the record as speaking for or against it.
WEIGHTY = 3.0
#: From this share of simulated records on such a record can see a rule.
CAN_SEE = 0.8
#: Shares of roll calls and of positions that a simulated chronicler keeps, about as in the record.
KEPT, NAMED = 0.6, 0.4
USUAL = Effort(60, 3, 1)


def simulated(
    record: Conditioned, settings: dict[str, float], seed: int, number: int
) -> Conditioned:
    """The record of one history of a model, its parameters drawn from the prior."""
    luck = np.random.default_rng([seed, number, 11])
    point = points_of(luck.random((1, len(SAMPLED) + 1)), settings)[0]
    seeds = luck.integers(0, 2**62, 1 + record.end)
    kept = told(record, point, seeds, record.end, luck, KEPT, NAMED)
    return Conditioned.of(record.world, kept, record.workers)


def factor(
    record: Conditioned, model: Model, base: float, effort: Effort, key: tuple[int, ...]
) -> float:
    """The log Bayes factor of a model on a record, given the rule book's log evidence."""
    return float(Annealing(record, model.settings, effort, key).run().evidence[-1]) - base


def power_table(
    record: Conditioned, models: Sequence[Model], records: int, effort: Effort = USUAL,
    seed: int = 0, tell: Tell = silent,
) -> pd.DataFrame:  # fmt: skip
    """How often the evidence notices a mechanism that is there, and that one is not.

    models : the rule book without one mechanism each.

    Returns
    -------
    mechanism, planted ("present", "absent"), records, noticed (share whose factor lies at least
    `WEIGHTY` on the right side), mean (of the factors), low, high (the least and the largest).
    """
    found: dict[tuple[str, str], list[float]] = {}
    for number in range(records):
        here = simulated(record, {}, seed, number)
        base = float(Annealing(here, {}, effort, (seed, number)).run().evidence[-1])
        tell(1)
        for model in models:
            found.setdefault((model.name, "present"), []).append(
                factor(here, model, base, effort, (seed, number))
            )
            without = simulated(record, model.settings, seed, number)
            own = float(Annealing(without, {}, effort, (seed, number)).run().evidence[-1])
            found.setdefault((model.name, "absent"), []).append(
                factor(without, model, own, effort, (seed, number))
            )
            tell(3)
    rows = []
    for (name, planted), factors in sorted(found.items()):
        values = np.array(factors)
        right = values < -WEIGHTY if planted == "present" else values > WEIGHTY
        rows.append(
            {"mechanism": name, "planted": planted, "records": records,
             "noticed": float(right.mean()), "mean": float(values.mean()),
             "low": float(values.min()), "high": float(values.max())}
        )  # fmt: skip
    return pd.DataFrame(rows)
