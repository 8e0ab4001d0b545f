"""The true effects of several parts of a claim, drawn together.

In draw j of the ensemble the k parts have true effects theta_j, seen with the noise of their runs:

    e_j ~ N(theta_j, K),  theta_j ~ N(mu, T)

K: what the parts' noise has in common; they are of the same seeds, and one part may be what is left
of another (`noise_of`). T: the variances tau^2 of each part are drawn as for one part alone
(`verdict.spreads`), the correlations are those of draws picked again at random, (C - K) over the
product of two tau, with C the covariance of the effects as seen. Given both,

    theta_j ~ N(mu + T (T + K)^-1 (e_j - mu), T - T (T + K)^-1 T),  mu ~ N(mean e, (T + K) / J)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
#: Eigenvalues of a matrix of correlations below this are lifted to it.
_LEAST = 1e-6


def noise_of(errors: Values, moves: Sequence[Values | None]) -> Values:
    """[k, k] the noise that parts have in common, the same in all draws.

    On the diagonal the mean of s_j^2; beside it, where it is known what each run moves both
    effects by, the mean over draws of the sum over their common runs of the product.

    errors : [J, k] standard errors. moves : for each part [J, R], or None.
    """
    noise = np.diag(np.maximum((errors**2).mean(axis=0), 1e-18))
    for a, one in enumerate(moves):
        for b, other in enumerate(moves[:a]):
            if one is not None and other is not None:
                runs = min(one.shape[1], other.shape[1])
                shared = (one[:, :runs] * other[:, :runs]).sum(axis=1).mean()
                noise[a, b] = noise[b, a] = shared
    return noise


def drawn_together(effect: Values, noise: Values, tau2: Values, rng: np.random.Generator) -> Values:
    """[S, J, k] true effects, one matrix of them for each of S rows of variances tau^2 [S, k]."""
    rows, (draws, parts) = len(tau2), effect.shape
    true = _covariances(effect, noise, tau2, rng)
    whole = true + noise
    gain = true @ np.linalg.inv(whole)
    left = _root(true - gain @ true)
    mu = effect.mean(axis=0) + np.einsum(
        "sab,sb->sa", np.linalg.cholesky(whole / draws), rng.standard_normal((rows, parts))
    )
    apart = np.einsum("sab,sjb->sja", gain, effect[None] - mu[:, None])
    luck = np.einsum("sab,sjb->sja", left, rng.standard_normal((rows, draws, parts)))
    theta: Values = mu[:, None] + apart + luck
    return theta


def _covariances(effect: Values, noise: Values, tau2: Values, rng: np.random.Generator) -> Values:
    """[S, k, k] T: the variances given, the correlations of draws that are picked again."""
    draws, parts = effect.shape
    picked = effect[rng.integers(0, draws, (len(tau2), draws))]
    apart = picked - picked.mean(axis=1, keepdims=True)
    seen = np.einsum("sja,sjb->sab", apart, apart) / max(1, draws - 1)
    scale = np.sqrt(tau2[:, :, None] * tau2[:, None, :])
    related = np.clip((seen - noise) / np.maximum(scale, 1e-18), -1.0, 1.0)
    related[:, range(parts), range(parts)] = 1.0
    value, way = np.linalg.eigh(related)
    whole = (way * np.maximum(value, _LEAST)[:, None, :]) @ way.transpose(0, 2, 1)
    size = np.sqrt(whole[:, range(parts), range(parts)])
    found: Values = whole / (size[:, :, None] * size[:, None, :]) * scale
    return found


def _root(matrices: Values) -> Values:
    """A square root of each of some symmetric matrices without negative eigenvalues."""
    value, way = np.linalg.eigh((matrices + matrices.transpose(0, 2, 1)) / 2.0)
    found: Values = way * np.sqrt(np.maximum(value, 0.0))[:, None, :]
    return found
