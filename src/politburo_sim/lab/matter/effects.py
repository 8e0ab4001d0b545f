"""One effect over everything that is open: its mean, what luck blurs, and what the record leaves.

A *reading* of the record is one draw of the ensemble: a set of parameters that comes near it. The
effect seen in a reading is its true effect and the noise of its histories (`lab.verdict`):

    e_j ~ N(theta_j, s^2),  theta_j ~ N(mu, tau^2)

Two doubts are told apart. *Luck*: with these few histories mu is known to s / sqrt(J) only; more
histories would take it away. *Doubt*: the readings differ among themselves (tau), and no number of
histories takes that away. Codings of people are drawn anew for each history over the coders' range,
so what they blur counts as luck within a reading.

How far the readings differ is itself not known where histories are few. It is not estimated but
averaged over (`lab.verdict.spreads`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import norm

from politburo_sim.lab.intervals import Z
from politburo_sim.lab.verdict import Values, exact_bound, mean_error, spreads, summary

_STEPS = 40


@dataclass(frozen=True)
class Effect:
    """An effect over the readings of the record, in the outcome's own unit.

    effect : mean true effect, as `verdict.summary` has it.
    low, high : 95 % of what is open, luck and doubt together.
    low_luck, high_luck : 95 % of what luck alone leaves open; never beyond low and high.
    share_of_readings : share of the readings whose true effect has not the sign of the mean, the
        noise of their histories taken out; None where there is only one reading.
    mean_low, mean_high, least, most : `verdict.summary`'s interval of the mean, and 5 % and 95 % of
        the readings' true effects.
    """

    effect: float
    low: float
    high: float
    low_luck: float
    high_luck: float
    share_of_readings: float | None
    mean_low: float
    mean_high: float
    least: float
    most: float

    @property
    def against(self) -> float:
        """The share of readings that speak against the mean's sign; nought where none is drawn."""
        return self.share_of_readings or 0.0

    def within(self, most: float) -> Effect:
        """The same with no end beyond what an effect can be: 1 between two chances."""
        ends = ("low", "high", "low_luck", "high_luck", "mean_low", "mean_high", "least", "most")
        return replace(self, **{end: min(most, max(-most, getattr(self, end))) for end in ends})

    def summary(self) -> dict[str, Any]:
        """The figures as plain data."""
        return asdict(self)


NOUGHT = Effect(*(0.0,) * 5, 0.0, *(0.0,) * 4)
"""The effect of a change that changes nothing in any history."""


def unseen(histories: int) -> Effect:
    """Nought, seen in none of so many pairs of histories that do part: what may yet be there.

    Up to 1 - 0.025^(1/n), the exact 95 % bound of a share of which n histories show nothing.
    """
    most = 1.0 - exact_bound(histories)
    return Effect(0.0, -most, most, -most, most, 0.0, -most, most, -most, most)


def effect_of(frame: pd.DataFrame) -> Effect:
    """The effect over the readings of a frame: one row a draw, with columns effect and error.

    The share of readings is the chance, averaged over the draws and over tau, that theta_j has not
    the sign of the mean. Given tau, theta_j is normal about its shrunken value (e_j tau^2 + mean(e)
    s^2) / (tau^2 + s^2) with variance tau^2 s^2 / (tau^2 + s^2) + (s^2 / (tau^2 + s^2))^2 var(mu),
    var(mu) = (tau^2 + s^2) / J. So a reading is not counted against an effect because a few of its
    histories fell short by luck; and where luck hides even the mean's sign, the share goes to a
    half.
    """
    effect, error = (frame[name].to_numpy(dtype=float) for name in ("effect", "error"))
    said, mu = summary(frame), float(effect.mean())
    luck = mean_error(error, 0.0)
    ends = [mu - Z * luck, mu + Z * luck]
    theta = _true_effects(effect, float((error**2).mean()))
    against = float(theta.weight @ norm.cdf(-np.sign(mu) * theta.middle / theta.spread))
    return Effect(
        effect=said["mean"], low=min(ends[0], theta.quantile(0.025)),
        high=max(ends[1], theta.quantile(0.975)), low_luck=ends[0], high_luck=ends[1],
        share_of_readings=against if len(effect) > 1 else None, mean_low=said["low"],
        mean_high=said["high"], least=said["least"], most=said["most"],
    )  # fmt: skip


class _Mixture(NamedTuple):
    """Normals with weights that sum to one: the true effects, over readings and over tau."""

    middle: Values
    spread: Values
    weight: Values

    def quantile(self, share: float) -> float:
        """A quantile, by bisection."""
        low = float((self.middle - 9 * self.spread).min())
        high = float((self.middle + 9 * self.spread).max())
        for _ in range(_STEPS):
            at = (low + high) / 2
            below = self.weight @ norm.cdf((at - self.middle) / self.spread) < share
            low, high = (at, high) if below else (low, at)
        return (low + high) / 2


def _true_effects(effect: Values, s2: float) -> _Mixture:
    number, mu = len(effect), float(effect.mean())
    s2 = max(s2, 1e-12)
    tau2, weight = spreads(effect, s2)
    shrunk = s2 / (tau2 + s2)
    middle = effect[:, None] * (1.0 - shrunk) + mu * shrunk
    spread = np.sqrt(shrunk * tau2 + shrunk**2 * (tau2 + s2) / number)
    shape = middle.shape
    share = np.broadcast_to(weight / number, shape)
    return _Mixture(middle.ravel(), np.broadcast_to(spread, shape).ravel(), share.ravel())
