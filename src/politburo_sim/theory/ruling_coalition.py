"""The ruling coalition of Acemoglu, Egorov and Sonin, exactly.

Members i with power g_i > 0; a supermajority a in [1/2, 1). A part Y of a body X *wins in X*
iff g(Y) > a g(X). Built up by size:

    phi({i}) = {{i}};  M(X) = {Z part of X, not X: Z wins in X, Z in phi(Z)}
    phi(X) = the lightest of M(X) and X itself, all ties

X is *self-enforcing* (X in phi(X)) iff M(X) is empty.

References
----------
Acemoglu, Egorov and Sonin (2008), Coalition formation in non-democracies, Review of Economic
Studies 75(4), 987-1009.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from politburo_sim.files.errors import InputError
from politburo_sim.theory.exact import Number, fraction, powers_as_integers

#: Largest body: 16 members take a few seconds, 12 a tenth of one.
MOST = 16
_LARGEST = 1 << 61


def supermajority(alpha: Number) -> Fraction:
    """The supermajority as a fraction in [1/2, 1)."""
    exact = fraction(alpha, "alpha")
    if not Fraction(1, 2) <= exact < 1:
        raise InputError(
            "no supermajority", key="alpha", given=str(exact), allowed="1/2 or more, below 1"
        )
    return exact


def masses(powers: Sequence[int]) -> NDArray[np.int64]:
    """Power of every sub-body, by bit mask."""
    found = [0]
    for power in powers:
        found += [mass + power for mass in found]
    return np.array(found, dtype=np.int64)


def self_enforcing(mass: NDArray[np.int64], members: int, alpha: Fraction) -> NDArray[np.int64]:
    """All self-enforcing sub-bodies, by bit mask, the smaller before the larger."""
    masks = np.arange(len(mass))
    sizes = np.array([int(m).bit_count() for m in masks])
    stable: NDArray[np.int64] = masks[sizes == 1]
    for size in range(2, members + 1):
        found = [x for x in masks[sizes == size] if not winners(mass, stable, int(x), alpha).size]
        stable = np.concatenate([stable, np.array(found, dtype=masks.dtype)])
    return stable


def winners(
    mass: NDArray[np.int64], stable: NDArray[np.int64], body: int, alpha: Fraction
) -> NDArray[np.int64]:
    """M(X): the self-enforcing parts of a body, smaller than it, that win in it."""
    inside = stable[(stable & ~body) == 0]
    win = mass[inside] * alpha.denominator > int(mass[body]) * alpha.numerator
    found: NDArray[np.int64] = inside[win & (inside != body)]
    return found


def ruling_coalition(powers: Sequence[Number], alpha: Number = "1/2") -> list[list[int]]:
    """Phi of a body.

    Parameters
    ----------
    powers : 1 to 16 positive numbers: integers, fractions, or text such as "6.5".
    alpha : supermajority in [1/2, 1): a winning coalition has more than this share.

    Returns
    -------
    All ruling coalitions, each a list of places in `powers`, rising.

    Raises
    ------
    InputError
        If a number is not exact, not positive or out of range.

    Examples
    --------
    >>> ruling_coalition([3, 4, 5, 10])
    [[0, 1, 2]]
    >>> ruling_coalition([3, 4, 5, 10], "3/5")
    [[0, 1, 3]]
    """
    whole, exact = powers_as_integers(powers, MOST), supermajority(alpha)
    if sum(whole) * exact.denominator >= _LARGEST:
        raise InputError("powers too large, or too finely divided", key="powers")
    mass = masses(whole)
    everybody = len(mass) - 1
    stable = self_enforcing(mass, len(whole), exact)
    found = winners(mass, stable, everybody, exact)
    if not found.size:
        return [places(everybody)]
    least = mass[found].min()
    return sorted(places(int(mask)) for mask in found[mass[found] == least])


def places(mask: int) -> list[int]:
    """The members of a sub-body, from its bit mask."""
    return [i for i in range(mask.bit_length()) if mask >> i & 1]


def myopic_ends(powers: Sequence[Number], alpha: Number = "1/2") -> list[list[int]]:
    """All bodies at which the myopic path may stop, whichever of equally light parts is taken.

    Examples
    --------
    >>> myopic_ends([9, 8, 7, 6, 5])
    [[3]]
    """
    whole, exact = powers_as_integers(powers, MOST), supermajority(alpha)
    mass = masses(whole)
    masks = np.arange(1, len(mass))
    open_bodies, ends = {len(mass) - 1}, set()
    while open_bodies:
        body = open_bodies.pop()
        found = winners(mass, masks, body, exact)
        if found.size:
            open_bodies |= {int(m) for m in found[mass[found] == mass[found].min()]}
        else:
            ends.add(body)
    return sorted(places(mask) for mask in ends)


def myopic_path(powers: Sequence[Number], alpha: Number = "1/2") -> list[list[int]]:
    """The lightest winning sub-coalition, again and again, from the whole body to where it stops.

    Where several are equally light the one with the lowest places is taken; for generic powers
    at a simple majority one member is left.

    Examples
    --------
    >>> myopic_path([9, 8, 7, 6, 5])
    [[0, 1, 2, 3, 4], [2, 3, 4], [3, 4], [3]]
    """
    whole, exact = powers_as_integers(powers, MOST), supermajority(alpha)
    mass = masses(whole)
    path = [len(mass) - 1]
    masks = np.arange(1, len(mass))
    while True:
        found = winners(mass, masks, path[-1], exact)
        if not found.size:
            return [places(mask) for mask in path]
        least = found[mass[found] == mass[found].min()]
        path.append(min((int(m) for m in least), key=places))
