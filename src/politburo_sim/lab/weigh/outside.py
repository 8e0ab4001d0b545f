"""A judge from outside: what the library sbi makes of the same simulated records.

Neural posterior estimation (Papamakarios and Murray 2016; Greenberg, Nonnenmacher and Macke 2019):
a normalising flow learns p(parameters | digest) from the rule book's simulated records, and is then
shown the real one. Library, networks and method are others' than those of `classified`; only the
records and what is counted in them (`evidence.digest`) are the same. It is an extra
(pip install 'politburo-sim[judge]') and decides nothing: it stands beside.

References
----------
Papamakarios and Murray, Advances in Neural Information Processing Systems 29 (2016); Tejero-Cantero
and others, Journal of Open Source Software 5 (2020) 2505, doi:10.21105/joss.02505.
"""

from __future__ import annotations

import warnings
from contextlib import chdir, redirect_stdout
from importlib import import_module
from importlib.util import find_spec
from io import StringIO
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from politburo_sim.files.errors import InputError
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.weigh.anneal import SAMPLED
from politburo_sim.lab.weigh.classified import TRIED, Tables, described, scaled
from politburo_sim.lab.weigh.conditioned import Values
from politburo_sim.lab.weigh.library import Records
from politburo_sim.lab.weigh.power import coverage_table

#: Of the flow: hidden units, layers of it; records in a batch, rounds without a gain at its end.
HIDDEN, LAYERS, BATCH, PATIENCE = 50, 4, 1_000, 6
#: Points of the posterior of the real record, and of each record that coverage is tried on.
POINTS, POINTS_TRIED = 4_000, 400
#: Records whose posteriors are drawn at once, and how near a cube's ends a point may lie.
_AT_ONCE, _EDGE = 50, 1e-6


def check_installed() -> None:
    """Ask for the library before anything long begins.

    Raises
    ------
    InputError
        If it is not there.
    """
    if find_spec("sbi") is None:
        raise InputError(
            "the library sbi is not installed", key="--sbi", given="--sbi",
            allowed="a Python with sbi",
            hint="pip install 'politburo-sim[judge]', or in a checkout pip install -e '.[judge]'",
        )  # fmt: skip


def opened(cubes: Values) -> Values:
    """Points of the unit cube on the whole line, log u / (1 - u), where a flow has no edges."""
    inner = np.clip(cubes, _EDGE, 1.0 - _EDGE)
    result: Values = np.log(inner / (1.0 - inner))
    return result


def standard(rows: Values, by: Values) -> Values:
    """Rows in standard units of others; what does not vary is nought."""
    spread = by.std(axis=0)
    result: Values = (rows - by.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return result


def posterior(records: Records, real: Values, seed: int, tell: Tell = silent) -> Tables:
    """What sbi says of each parameter, and coverage on records it was not taught.

    The tables are those of `classified.parameters`.
    """
    rows, cubes = scaled(records.digests), records.cubes[:, : len(SAMPLED)]
    half, tried = len(rows) // 2, min(TRIED, len(rows) // 4)  # as long to draw as to learn
    taught, truth = slice(0, len(rows) - tried), cubes[len(rows) - tried :]
    flow = _flow(opened(cubes[taught]), standard(rows[taught], rows[taught]), seed)
    tell(half)
    known = _draw(flow, standard(scaled(real)[None], rows[taught]), POINTS)[:, 0]
    parts, inside = _parts(standard(rows[len(rows) - tried :], rows[taught])), []
    for start, part in parts:
        drawn = _draw(flow, part, POINTS_TRIED)
        inside.append((drawn < truth[start : start + _AT_ONCE]).mean(axis=0))
        tell(half // len(parts))
    below = np.concatenate(inside)
    return described(known.T, below), coverage_table(below)


def _parts(rows: Values) -> list[tuple[int, Values]]:
    return [(at, rows[at : at + _AT_ONCE]) for at in range(0, len(rows), _AT_ONCE)]


def _flow(points: Values, rows: Values, seed: int) -> Any:
    """A masked autoregressive flow taught points [N, D] and digests [N, K]."""
    torch, inference = import_module("torch"), import_module("sbi.inference")
    nets = import_module("sbi.neural_nets")
    torch.manual_seed(seed)
    # It prints when it is done, and leaves its diary where it stands.
    with (warnings.catch_warnings(), redirect_stdout(StringIO()), TemporaryDirectory() as diary,
          chdir(diary)):  # fmt: skip
        warnings.simplefilter("ignore")  # of numbers that are the same in all records
        teacher = inference.NPE(density_estimator=nets.posterior_nn(
            "maf", z_score_theta="none", z_score_x="none", hidden_features=HIDDEN,
            num_transforms=LAYERS,
        ), show_progress_bars=False)  # fmt: skip
        told = (torch.tensor(part, dtype=torch.float32) for part in (points, rows))
        return teacher.append_simulations(*told).train(
            training_batch_size=BATCH, stop_after_epochs=PATIENCE
        )


def _draw(flow: Any, rows: Values, number: int) -> Values:
    """[number, N, D] points of the unit cube from the posterior of each of N digests."""
    torch = import_module("torch")
    with torch.no_grad():
        drawn = flow.sample((number,), condition=torch.tensor(rows, dtype=torch.float32)).numpy()
    result: Values = 1.0 / (1.0 + np.exp(-drawn.astype(float)))
    return result
