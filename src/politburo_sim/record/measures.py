"""Measures of power, cohesion and polarisation: pure functions of arrays or of one run's record."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import networkx
import numpy as np
from numpy.typing import ArrayLike, NDArray

from politburo_sim.record.words import ROLL_CALLS
from politburo_sim.state.body import NOBODY
from politburo_sim.state.journal import SANCTION
from politburo_sim.theory.power_index import MOST, banzhaf, shapley_shubik

if TYPE_CHECKING:
    from politburo_sim.record.record import Record


def _parts(shares: ArrayLike) -> NDArray[np.float64]:
    """Return shares scaled to a sum of one."""
    parts = np.asarray(shares, dtype=np.float64).ravel()
    whole = float(parts.sum())
    if parts.size == 0 or parts.min() < 0 or whole <= 0:
        raise ValueError("shares must be at least 0, and one of them above 0")
    return parts / whole


def effective_number(shares: ArrayLike) -> float:
    """Return the effective number of holders of power, 1 / sum w^2.

    References
    ----------
    Laakso and Taagepera, Comparative Political Studies 12 (1979), doi:10.1177/001041407901200101.

    Examples
    --------
    >>> effective_number([0.5, 0.5, 0.0])
    2.0
    """
    return float(1.0 / np.sum(_parts(shares) ** 2))


def herfindahl_normalised(shares: ArrayLike) -> float:
    """Return the Herfindahl-Hirschman index on a scale from 0 (equals) to 1 (one holds all).

    (H - 1/n) / (1 - 1/n) with H = sum w^2 over n members; 1 where there is one member.

    References
    ----------
    Hirschman, American Economic Review 54 (1964) 761.

    Examples
    --------
    >>> herfindahl_normalised([1.0, 0.0, 0.0])
    1.0
    """
    parts = _parts(shares)
    if parts.size == 1:
        return 1.0
    least = 1.0 / parts.size
    return float((np.sum(parts**2) - least) / (1.0 - least))


def gini(shares: ArrayLike) -> float:
    """Return the Gini coefficient, sum_ij |w_i - w_j| / (2 n sum w): 0 for n equals.

    References
    ----------
    Gini, Variabilita e mutabilita (1912); form of Sen, On Economic Inequality (1973), 2.8.

    Examples
    --------
    >>> gini([1.0, 0.0])
    0.5
    """
    parts = _parts(shares)
    apart = np.abs(parts[:, None] - parts[None, :]).sum()
    return float(apart / (2.0 * parts.size))


def concentration(shares: ArrayLike) -> float:
    """Return the leader's share (the concentration ratio of order one).

    References
    ----------
    Hannah and Kay, Concentration in Modern Industry (1977), chapter 4.
    """
    return float(_parts(shares).max())


#: Shares are counted in so many parts when power indices are worked out exactly.
PARTS = 1_000


def power_indices(
    shares: ArrayLike, majority: float = 0.5
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the Shapley-Shubik and normalised Banzhaf indices of a body with these shares.

    Shares are rounded to thousandths and the indices of that weighted body are exact
    (`theory.power_index`); a coalition wins with more than `majority` of the whole.

    Returns
    -------
    Two arrays in the order of the shares, each summing to one; nan above 25 members.

    Examples
    --------
    >>> [round(float(x), 3) for x in power_indices([0.5, 0.33, 0.17], 0.6)[0]]
    [0.667, 0.167, 0.167]
    """
    weights = [round(PARTS * float(w)) for w in np.asarray(shares, dtype=np.float64).ravel()]
    total = sum(weights)
    if total <= 0 or len(weights) > MOST:
        return np.full(len(weights), np.nan), np.full(len(weights), np.nan)
    quota = min(total, math.floor(total * majority) + 1)
    one, two = shapley_shubik(weights, quota), banzhaf(weights, quota)
    return np.array([float(x) for x in one]), np.array([float(x) for x in two])


def rice_index(yes: float, no: float) -> float:
    """Return how united a group voted, |yes - no| / (yes + no); nan where nobody voted.

    References
    ----------
    Rice, Quantitative Methods in Politics (1928), chapter 15.

    Examples
    --------
    >>> rice_index(3, 1)
    0.5
    """
    votes = yes + no
    return abs(yes - no) / votes if votes > 0 else float("nan")


def agreement_index(yes: float, no: float, abstained: float = 0.0) -> float:
    """Return the agreement of a group with three ways to vote; nan where nobody voted.

    (m - (v - m) / 2) / v with v all votes and m the most frequent choice: 1 if all agree,
    0 if the three are equal.

    References
    ----------
    Hix, Noury and Roland, British Journal of Political Science 35 (2005),
    doi:10.1017/S0007123405000128.

    Examples
    --------
    >>> agreement_index(2, 2, 2)
    0.0
    """
    votes = yes + no + abstained
    if votes <= 0:
        return float("nan")
    most = max(yes, no, abstained)
    return (most - 0.5 * (votes - most)) / votes


def dalton_polarisation(weights: ArrayLike, positions: ArrayLike, half_range: float = 1.0) -> float:
    """Return Dalton's index, 10 sqrt(sum w_i ((x_i - mean) / half_range)^2), from 0 to 10.

    10: two halves at opposite ends. half_range: half the width of the scale of positions (5 in
    the source's scale of 0 to 10).

    References
    ----------
    Dalton, Comparative Political Studies 41 (2008), doi:10.1177/0010414008315860.

    Examples
    --------
    >>> dalton_polarisation([0.5, 0.5], [-1.0, 1.0])
    10.0
    """
    parts = _parts(weights)
    where = np.asarray(positions, dtype=np.float64).ravel()
    apart = (where - np.sum(parts * where)) / half_range
    return float(10.0 * np.sqrt(np.sum(parts * apart**2)))


def forecast_entropy(p: ArrayLike, runs: int | None = None) -> float:
    """Return how open a forecast is, -sum p log2 p in bits; 0 where one outcome is certain.

    runs : from how many runs the shares were counted. Counted shares are less even than chances
    are; (k - 1) / (2 runs log 2) is added for k outcomes that came (Miller and Madow).

    References
    ----------
    Shannon, Bell System Technical Journal 27 (1948), doi:10.1002/j.1538-7305.1948.tb01338.x;
    Miller, Note on the bias of information estimates (1955).

    Examples
    --------
    >>> forecast_entropy([0.5, 0.5])
    1.0
    """
    parts = _parts(p)
    held = parts[parts > 0]
    missed = (len(held) - 1) / (2.0 * runs * np.log(2.0)) if runs else 0.0
    return float(abs(np.sum(held * np.log2(held))) + missed)


def _votes(record: Record) -> list[tuple[int, NDArray[np.int8]]]:
    """Return month and ballot of every roll call that was kept."""
    entries = record.entries
    rows = entries[np.isin(entries["kind"], ROLL_CALLS)]
    return [
        (int(row["month"]), record.ballots[row["ballot"]])
        for row in rows if 0 <= row["ballot"] < len(record.ballots)
    ]  # fmt: skip


def partner_to_victim_rate(record: Record) -> float:
    """Return the share of the removed who had been partners of the man who had them removed.

    Partners: in the roll calls of earlier months in which both voted, they stood on the same side
    more often than not. Only first removals with a mover (or a ruler who struck) count; nan where
    there was none.

    References
    ----------
    This model's own measure of the essay's claim that allies become victims.
    """
    votes = _votes(record)
    seen: set[int] = set()
    partners: list[bool] = []
    entries = record.entries
    seat = record.world.losses.seat
    for row in entries[(entries["kind"] == SANCTION) & (entries["what"] >= seat)]:
        month, victim, mover = int(row["month"]), int(row["who"]), int(row["whom"])
        if victim in seen:
            continue
        seen.add(victim)
        if mover == NOBODY:
            continue
        pairs = [(b[victim], b[mover]) for at, b in votes if at < month]
        both = [one == other for one, other in pairs if one >= 0 and other >= 0]
        partners.append(2 * sum(both) > len(both))
    return float(np.mean(partners)) if partners else float("nan")


def co_voting_modularity(record: Record) -> float:
    """Return the modularity of the best split of the members into blocs that vote alike.

    Members are joined by the share of their common roll calls in which they voted alike; blocs
    are found greedily. 0: one bloc. nan where nobody ever voted alike.

    References
    ----------
    Waugh, Pei, Fowler, Mucha and Porter, Party Polarization in Congress (2009), arXiv:0907.3509;
    Clauset, Newman and Moore, Physical Review E 70 (2004), doi:10.1103/PhysRevE.70.066111.
    """
    kept = [ballot for _, ballot in _votes(record)]
    if not kept:
        return float("nan")
    ballots = np.array(kept)
    voters = [int(k) for k in np.flatnonzero((ballots >= 0).any(axis=0))]
    graph = networkx.Graph()
    graph.add_nodes_from(voters)
    for one, other in combinations(voters, 2):
        both = (ballots[:, one] >= 0) & (ballots[:, other] >= 0)
        alike = int((ballots[both, one] == ballots[both, other]).sum())
        if alike:
            graph.add_edge(one, other, weight=alike / int(both.sum()))
    if graph.number_of_edges() == 0:
        return float("nan")
    blocs = networkx.community.greedy_modularity_communities(graph, weight="weight")
    return float(networkx.community.modularity(graph, blocs, weight="weight"))
