"""How often the interval of a verdict's share holds the truth, in trials with no claim in them.

Three ways to take the noise of histories out of the effects of an ensemble are tried on the same
made-up effects: the one in use (`lab.verdict`), and two that were turned down (decision 12).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from politburo_sim.lab import verdict

Values = NDArray[np.float64]
Drawn = tuple[Values, Values]
IN_USE = verdict.drawn_effects
DRAWS, DELTA, REPEATS = 200, 0.05, 200
#: Mean and spread of the true effects, and the noise of their histories.
CASES = (
    (0.0, 0.0, 0.07), (0.0, 0.043, 0.066), (0.03, 0.033, 0.068), (0.1, 0.1, 0.08),
    (0.1, 0.05, 0.05), (0.02, 0.1, 0.05),
)  # fmt: skip


def estimated(effect: Values, error: Values, seed: Sequence[int]) -> Drawn:
    """Tau and mu taken for known where tau is twice its error, each draw weighted by its error."""
    mu, tau2 = verdict.pool(effect, error)
    whole = tau2 + float((error**2).mean())
    if tau2 <= 2.0 * np.sqrt(2.0 / (len(effect) - 1)) * whole:
        return IN_USE(effect, error, seed)
    own = np.maximum(error, 1e-9) ** 2
    mean = (effect * tau2 + mu * own) / (tau2 + own)
    shape = (verdict.RESAMPLES, len(effect))
    return np.broadcast_to(mean, shape), np.broadcast_to(np.sqrt(tau2 * own / (tau2 + own)), shape)


def by_own_error(effect: Values, error: Values, seed: Sequence[int]) -> Drawn:
    """Tau and mu averaged over, each draw weighted by its own error."""
    rng, own = np.random.default_rng(seed), np.maximum(error, 1e-9) ** 2
    s2 = float(own.mean())
    grid, weight = verdict.spreads(effect, s2)
    tau2 = rng.choice(grid, verdict.RESAMPLES, p=weight)
    mu = rng.normal(effect.mean(), np.sqrt((tau2 + s2) / len(effect)))
    noise = own / (tau2[:, None] + own)
    return effect * (1.0 - noise) + mu[:, None] * noise, np.sqrt(tau2[:, None] * noise)


WAYS: dict[str, Callable[[Values, Values, Sequence[int]], Drawn]] = {
    "in use": IN_USE, "tau estimated": estimated, "by own error": by_own_error,
}  # fmt: skip


def made_up(case: tuple[float, float, float], seed: int, *, alike: bool) -> pd.DataFrame:
    """Effects of an ensemble as seen; the noise is alike, or grows with the effect."""
    mu, tau, noise = case
    rng = np.random.default_rng(seed)
    true = rng.normal(mu, tau, DRAWS)
    size = 1.0 if alike else np.clip(np.abs(true) / max(abs(mu) + tau, 1e-9), 0.2, 3.0)
    error = np.full(DRAWS, noise) * size
    return pd.DataFrame(
        {"draw": np.arange(DRAWS), "effect": rng.normal(true, error), "error": error, "n": 60}
    )


def covered(way: str, case: tuple[float, float, float], repeats: int, *, alike: bool) -> float:
    """How often an interval of 95 % holds the share of true effects beyond `DELTA`."""
    mu, tau, _ = case
    share = norm.sf((DELTA - mu) / max(tau, 1e-12))
    hits = 0
    verdict.drawn_effects = WAYS[way]
    try:
        for seed in range(repeats):
            part = verdict.Part("made up", made_up(case, seed, alike=alike), 1, DELTA)
            found = verdict.judge([part], seed)
            hits += found.low <= share <= found.high
    finally:
        verdict.drawn_effects = IN_USE
    return hits / repeats


def of_two(related: float, noisy: float, seed: int) -> list[verdict.Part]:
    """Two parts that hold in half of the sets each; how true effects and noise go together."""
    rng, runs, apart = np.random.default_rng(seed), 60, 1.0 - np.eye(2)
    true = rng.multivariate_normal([DELTA] * 2, 0.05**2 * (np.eye(2) + related * apart), DRAWS)
    noise = 0.06**2 * runs * (np.eye(2) + noisy * apart)
    seen = true[:, None] + rng.multivariate_normal([0.0] * 2, noise, (DRAWS, runs))
    moves = (seen - seen.mean(axis=1, keepdims=True)) / runs
    error = np.sqrt((moves**2).sum(axis=1))
    return [
        verdict.Part(
            str(k),
            pd.DataFrame({"draw": np.arange(DRAWS), "effect": seen[..., k].mean(axis=1),
                          "error": error[:, k], "n": runs}),
            1, DELTA, moves[..., k],
        )
        for k in range(2)
    ]  # fmt: skip


def multiplied(parts: Sequence[verdict.Part], seed: int) -> float:
    """The share as the product of the parts' chances, which was turned down."""
    chances = [verdict.chances(part, [seed, 3, k]) for k, part in enumerate(parts)]
    return float(np.prod(chances, axis=0).mean())


def joint_table(repeats: int) -> str:
    """What the share in which both hold is said to be, and how often its interval holds it."""
    lines = ["| correlation of effects, noise | both hold | multiplied | drawn together | covers |",
             "|---|---|---|---|---|"]  # fmt: skip
    for related, noisy in ((-0.8, 0.0), (0.8, 0.0), (0.0, -0.7), (0.0, 0.7), (0.8, 0.7)):
        share = 0.25 + np.arcsin(related) / (2.0 * np.pi)
        trials = [of_two(related, noisy, seed) for seed in range(repeats)]
        found = [verdict.judge(parts, seed) for seed, parts in enumerate(trials)]
        before = np.mean([multiplied(parts, seed) for seed, parts in enumerate(trials)])
        holds = np.mean([one.low <= share <= one.high for one in found])
        cells = [f"{related}, {noisy}", *(f"{x:.3f}" for x in (
            share, before, np.mean([one.share for one in found]))), f"{holds:.2f}"]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |".replace("-0.", "\u22120."))
    return "\n".join(lines)


def table(repeats: int) -> str:
    lines = [f"| noise | mean, spread, noise of effects | {' | '.join(WAYS)} |",
             f"|---|---|{'---|' * len(WAYS)}"]  # fmt: skip
    for alike in (True, False):
        for case in CASES:
            rates = [f"{covered(way, case, repeats, alike=alike):.2f}" for way in WAYS]
            kind = "alike" if alike else "grows with the effect"
            lines.append(f"| {kind} | {', '.join(map(str, case))} | {' | '.join(rates)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    REPEATED = int(sys.argv[1]) if len(sys.argv) > 1 else REPEATS
    print(table(REPEATED), joint_table(REPEATED // 2), sep="\n\n")
