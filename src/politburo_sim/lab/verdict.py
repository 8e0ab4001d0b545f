"""From effects in each draw of the ensemble to a verdict.

The effect seen in a draw is its true effect plus the noise of its runs:

    e_j ~ N(theta_j, s_j^2),  theta_j ~ N(mu, tau^2)

so that theta_j given e_j is normal with mean (e_j tau^2 + mu s_j^2) / (tau^2 + s_j^2) and
variance tau^2 s_j^2 / (tau^2 + s_j^2); mu and tau^2 are estimated from all draws (`pool`). Then p,
the weighted share of the ensemble whose true effect is beyond the smallest one that matters
(delta), with an interval over draws of the ensemble and of theta that reaches at least as far as
the exact one of n draws that all agree.

Where the sets come from several searches, those of one lie closer together than searches do. Each
search is then judged by itself: a value is the mean over the searches, and its interval reaches
from the lowest end of any of them to the highest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from politburo_sim.lab.intervals import Z

Values = NDArray[np.float64]
RESAMPLES = 2_000
#: Shares of the ensemble that make a verdict (experiments/README.md).
SUPPORTED, NOT_SUPPORTED = 0.8, 0.2


@dataclass(frozen=True)
class Part:
    """One part of a claim: the draws' effects, and when it holds.

    frame : columns effect, error, n (one row a draw); over : the claim's sign, 1 or -1;
    delta : smallest effect that matters, in the direction of the claim.
    """

    name: str
    frame: pd.DataFrame
    over: int
    delta: float


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


def true_effects(effect: Values, error: Values) -> tuple[Values, Values]:
    """Mean and standard deviation of each draw's true effect."""
    mu, tau2 = pool(effect, error)
    s2 = np.maximum(error, 1e-9) ** 2
    mean: Values = (effect * tau2 + mu * s2) / (tau2 + s2)
    spread: Values = np.sqrt(tau2 * s2 / (tau2 + s2))
    return mean, spread


def chances(part: Part) -> Values:
    """Chance, draw by draw, that the part's true effect is beyond delta."""
    mean, spread = true_effects(
        part.frame["effect"].to_numpy(dtype=float), part.frame["error"].to_numpy(dtype=float)
    )
    beyond = (part.over * mean - part.delta) / np.maximum(spread, 1e-12)
    result: Values = np.array([0.5 * math.erfc(-z / math.sqrt(2.0)) for z in beyond])
    return result


def judge(parts: Sequence[Part], seed: int = 0) -> Found:
    """The share of the ensemble in which all parts hold, and the verdict.

    Only draws in which every part could be estimated count. Supported: lower bound at least
    0.8; not supported: upper bound at most 0.2; partly: interval inside (0.2, 0.8); else
    undecided.
    """
    together = pd.concat(
        [
            pd.Series(chances(part), index=part.frame["draw"].to_numpy(), name=i)
            for i, part in enumerate(parts)
        ],
        axis=1, join="inner",
    )  # fmt: skip
    joint = together.prod(axis=1).to_numpy()
    if len(joint) == 0:
        return Found(math.nan, math.nan, math.nan, "undecided")
    rng = np.random.default_rng([seed, 2])
    picked = joint[rng.integers(0, len(joint), (RESAMPLES, len(joint)))]
    shares = (rng.random(picked.shape) < picked).mean(axis=1)
    least, most = (float(x) for x in np.quantile(shares, [0.025, 0.975]))
    agreed = exact_bound(len(joint))
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
    mean, spread = true_effects(effect, error)
    rng = np.random.default_rng(0)
    drawn = mean + spread * rng.standard_normal((50, len(mean)))
    least, most = np.quantile(drawn, [0.05, 0.95])
    return {"mean": mu, "low": mu - half, "high": mu + half,
            "least": float(least), "most": float(most)}  # fmt: skip
