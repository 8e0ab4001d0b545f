"""From effects in each draw of the ensemble to a verdict.

The effect seen in a draw is its true effect plus the noise of its runs, with one variance of that
noise for all J draws, s^2 = mean(s_j^2):

    e_j ~ N(theta_j, s^2),  theta_j ~ N(mu, tau^2)

so that theta_j given e_j is normal with mean (e_j tau^2 + mu s^2) / (tau^2 + s^2) and variance
tau^2 s^2 / (tau^2 + s^2). How far the draws differ is not estimated but averaged over: tau is given
the weight of its likelihood, mu integrated out, under a flat prior (Gelman et al., Bayesian Data
Analysis, 3rd ed. 2013, section 5.4):

    p(tau | e) ~ (s^2 + tau^2)^(-(J - 1) / 2) exp(-sum (e_j - mean e)^2 / (2 (s^2 + tau^2)))
    mu | tau, e ~ N(mean e, (tau^2 + s^2) / J)

Then p, the weighted share of the ensemble whose true effect is beyond the smallest one that matters
(delta), with an interval over draws of the ensemble, of tau, mu and theta that reaches at least as
far as the exact one of n draws that all agree. Nothing is weighted by its own s_j: a draw in which
hardly anything happened has both the least noise and the least effect (decision 12). The parts of
a claim are drawn together (`lab.joint`).

Where the sets come from several searches, those of one lie closer together than searches do. Each
search is then judged by itself: a value is the mean over the searches, and its interval reaches
from the lowest end of any of them to the highest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from politburo_sim.lab.intervals import Z
from politburo_sim.lab.joint import drawn_together, noise_of

Values = NDArray[np.float64]
RESAMPLES = 2_000
#: Steps of tau that are averaged over.
_GRID = 40
#: Shares of the ensemble that make a verdict (experiments/README.md).
SUPPORTED, NOT_SUPPORTED = 0.8, 0.2


@dataclass(frozen=True)
class Part:
    """One part of a claim: the draws' effects, and when it holds.

    frame : columns draw, effect, error, n (one row a draw); over : the claim's sign, 1 or -1;
    delta : smallest effect that matters, in the direction of the claim; moves : [draws, R] what
    each run moves the effect of its draw by, where that is known.
    """

    name: str
    frame: pd.DataFrame
    over: int
    delta: float
    moves: Values | None = None


@dataclass(frozen=True)
class Found:
    """A share of the ensemble with its interval, and what that amounts to."""

    share: float
    low: float
    high: float
    verdict: str


def pool(effect: Values, error: Values) -> tuple[float, float]:
    """Mu and tau^2: the mean true effect and its variance over the draws.

    mu = mean(e), tau^2 = max(0, var(e) - mean(s^2)). No draw is weighted by its error: a draw in
    which hardly anything happened has both the least error and the least effect, so that such
    weights pull the mean to nought, and a rare outcome's mean altogether.
    """
    spread = float(np.var(effect, ddof=1)) if len(effect) > 1 else 0.0
    return float(effect.mean()), max(0.0, spread - float((error**2).mean()))


def mean_error(error: Values, tau2: float) -> float:
    """Standard error of mu: by luck alone where tau^2 is nought, else over other draws as well."""
    return math.sqrt((tau2 + float((error**2).mean())) / len(error))


def spreads(effect: Values, s2: float) -> tuple[Values, Values]:
    """[G] values of tau^2 from nought on, and the weight of each by its likelihood.

    s2 : the variance of the noise, the same for all draws.
    """
    number = len(effect)
    squares = float(((effect - effect.mean()) ** 2).sum())
    top = 2.0 * np.sqrt(squares / max(1, number - 1) + s2) if number > 1 else 0.0
    tau2 = np.linspace(0.0, top, _GRID) ** 2
    log = -0.5 * ((number - 1) * np.log(s2 + tau2) + squares / (s2 + tau2))
    weight = np.exp(log - log.max())
    return tau2, weight / weight.sum()


def drawn_effects(effect: Values, error: Values, seed: Sequence[int]) -> tuple[Values, Values]:
    """[`RESAMPLES`, J] means and standard deviations of the true effects, tau and mu drawn."""
    rng = np.random.default_rng(seed)
    s2 = max(float((error**2).mean()), 1e-18)
    grid, weight = spreads(effect, s2)
    tau2 = rng.choice(grid, RESAMPLES, p=weight)
    mu = rng.normal(effect.mean(), np.sqrt((tau2 + s2) / len(effect)))
    noise = (s2 / (tau2 + s2))[:, None]
    mean: Values = effect * (1.0 - noise) + mu[:, None] * noise
    spread: Values = np.broadcast_to(np.sqrt(tau2[:, None] * noise), mean.shape)
    return mean, spread


def chances(part: Part, seed: Sequence[int] = ()) -> Values:
    """[`RESAMPLES`, J] the chance, draw by draw, that the part's true effect is beyond delta.

    One row for each tau and mu (`drawn_effects`).
    """
    effect, error = (part.frame[name].to_numpy(dtype=float) for name in ("effect", "error"))
    mean, spread = drawn_effects(effect, error, seed)
    beyond: Values = ndtr((part.over * mean - part.delta) / np.maximum(spread, 1e-12))
    return beyond


def all_hold(parts: Sequence[Part], draws: NDArray[np.int64], seed: Sequence[int]) -> Values:
    """[`RESAMPLES`, J] 1 where the true effects of all parts, drawn together, are beyond delta."""
    effect, error = (
        np.column_stack([part.frame[name] for part in parts]) for name in ("effect", "error")
    )
    moves = [None if part.moves is None else part.moves[draws] for part in parts]
    noise, rng = noise_of(error, moves), np.random.default_rng(seed)
    tau2 = np.column_stack([
        rng.choice(grid, RESAMPLES, p=weight)
        for grid, weight in map(spreads, effect.T, np.diag(noise))
    ])  # fmt: skip
    side, bound = np.array([(part.over, part.delta) for part in parts]).T
    theta = drawn_together(effect, noise, tau2, rng)
    held: Values = (side * theta > bound).all(axis=2).astype(float)
    return held


def judge(parts: Sequence[Part], seed: int = 0) -> Found:
    """The share of the ensemble in which all parts hold, and the verdict.

    Only draws in which every part could be estimated count. Supported: lower bound at least
    0.8; not supported: upper bound at most 0.2; partly: interval inside (0.2, 0.8); else
    undecided.
    """
    shared = reduce(np.intersect1d, [part.frame["draw"].to_numpy(dtype=int) for part in parts])
    number = len(shared)
    if number == 0:
        return Found(math.nan, math.nan, math.nan, "undecided")
    held = [replace(part, frame=part.frame.set_index("draw").loc[shared]) for part in parts]
    joint = chances(held[0], [seed, 3]) if len(held) == 1 else all_hold(held, shared, [seed, 3])
    rng = np.random.default_rng([seed, 2])
    picked = rng.integers(0, number, (RESAMPLES, number))
    chance = np.take_along_axis(joint, picked, axis=1)
    shares = (rng.random(picked.shape) < chance).mean(axis=1)
    least, most = (float(x) for x in np.quantile(shares, [0.025, 0.975]))
    agreed = exact_bound(number)
    low, high = min(least, agreed), max(most, 1.0 - agreed)
    return Found(float(joint.mean()), low, high, said(low, high))


def judge_each(
    parts: Sequence[Part], search: NDArray[np.int64] | None, seed: int = 0
) -> tuple[Found, ...]:  # fmt: skip
    """What each search says by itself, in order; one verdict where there was one.

    search : which search each draw is of.
    """
    if search is None:
        return (judge(parts, seed),)
    return tuple(
        judge([replace(part, frame=_of(part.frame, search, one)) for part in parts], seed)
        for one in np.unique(search)
    )


def together(alone: Sequence[Found]) -> Found:
    """The verdict over several searches, from that of each; undecided where one says nothing."""
    low, high = (
        float(np.min([one.low for one in alone])),
        float(np.max([one.high for one in alone])),
    )
    return Found(float(np.mean([one.share for one in alone])), low, high, said(low, high))


def _of(frame: pd.DataFrame, search: NDArray[np.int64], one: int) -> pd.DataFrame:
    """The rows of a frame of effects whose draws one search has found."""
    return frame[search[frame["draw"].to_numpy(dtype=int)] == one]


def exact_bound(draws: int) -> float:
    """Lower end of the exact 95 % interval of a share that all of so many draws agree on.

    0.025^(1/n). Resampling draws that agree would give an interval of no width.
    """
    return float(0.025 ** (1.0 / draws))


def said(low: float, high: float) -> str:
    """The verdict that an interval of the share amounts to."""
    if low >= SUPPORTED:
        return "supported"
    if high <= NOT_SUPPORTED:
        return "not supported"
    if low > NOT_SUPPORTED and high < SUPPORTED:
        return "partly"
    return "undecided"


def summary(
    frame: pd.DataFrame, search: NDArray[np.int64] | None = None
) -> dict[str, float]:  # fmt: skip
    """The mean true effect over the ensemble with its 95 % interval, and the spread over draws.

    mean, low, high: of mu; least, most: 5 % and 95 % of the true effects over the ensemble. Over
    several searches the mean of their values; low and least are the lowest of any, high and most
    the highest.
    """
    if search is not None:
        alone = pd.DataFrame([summary(_of(frame, search, one)) for one in np.unique(search)])
        ends = {"mean": "mean", "low": "min", "high": "max", "least": "min", "most": "max"}
        return {name: float(alone[name].agg(end)) for name, end in ends.items()}
    effect = frame["effect"].to_numpy(dtype=float)
    error = frame["error"].to_numpy(dtype=float)
    if len(effect) == 0:
        return dict.fromkeys(("mean", "low", "high", "least", "most"), math.nan)
    mu, tau2 = pool(effect, error)
    half = Z * mean_error(error, tau2)
    mean, spread = drawn_effects(effect, error, [0, 3])
    drawn = mean + spread * np.random.default_rng(0).standard_normal(mean.shape)
    least, most = np.quantile(drawn, [0.05, 0.95])
    return {"mean": mu, "low": mu - half, "high": mu + half,
            "least": float(least), "most": float(most)}  # fmt: skip
