"""The votes by themselves: what tells on which side a man stood, without any simulation.

Every division with known sides is one choice for each man named: between the one who led for it and
the one who led against it. What is known of him before the day is held against what he then did.
See `KNOWN` for what is known.

References
----------
Cameron, A. C. and D. L. Miller (2015), A practitioner's guide to cluster-robust inference, Journal
of Human Resources 50, 317-372, on resampling by groups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from politburo_sim.history import tables

Values = NDArray[np.float64]

KNOWN: Mapping[str, str] = {
    "ideology": "how much nearer his ideal is to the one's than to the other's, a mean over the "
    "axes from -1 to 1; from 1928 the economy is that of 1929; coded with later years in sight",
    "economy": "the same on the economy of 1923 alone, the axis least open to hindsight",
    "co_voting": "the mean of his agreements (+1) and disagreements (-1) with the one in earlier "
    "votes, less that with the other; each mean is taken with one more vote at 0",
    "last": "whether he agreed (+1) or not (-1) with the one when they last voted, less the other",
    "expected": "the share of the body that would stand with the one by co-voting, as -1 to 1",
    "seated": "whether the one has a full seat in the body (1), less the other",
}
"""What is known of a man, and of the two who lead, before a vote."""

MODELS: Mapping[str, tuple[str, ...]] = {
    "coin": (),
    "economy of 1923": ("economy",),
    "ideology": ("ideology",),
    "co-voting": ("co_voting",),
    "last co-voting": ("last",),
    "economy of 1923 + co-voting": ("economy", "co_voting"),
    "ideology + co-voting": ("ideology", "co_voting"),
    "full rule": ("ideology", "co_voting", "expected", "seated"),
}
"""What each model knows of a man; all but the coin also know that more stand for than against."""
REFERENCE = "ideology + co-voting"
OUT, FORWARD = "leave one vote out", "forward"
BAN = "V22"
"""The resolution against groups in the party, in the table of votes."""
NEAR = 0.15
"""Co-voting, above or below 0, from which a man is nearer to one of the two."""

_FORWARD_FROM = 10
"""Votes to learn from before the first that is foretold."""
_LEAST = 0.01
"""No chance is told below this or above one less this: one slip must not decide a mean."""
_SLOPE = 3.0
"""Logit of standing with the nearer of two, per unit of co-voting."""
_DRAWS, _LUCK = 4_000, 0
_SIDE = {"for": 1, "supported": 1, "against": 0, "opposed": 0}
_AXES = ("economy", "internationalism", "party_democracy")


@dataclass
class _Votes:
    """How each pair has voted so far."""

    total: defaultdict[frozenset[str], float] = field(default_factory=lambda: defaultdict(float))
    number: defaultdict[frozenset[str], int] = field(default_factory=lambda: defaultdict(int))
    latest: defaultdict[frozenset[str], float] = field(default_factory=lambda: defaultdict(float))

    def add(self, side: Mapping[str, int]) -> None:
        names = sorted(side)
        for place, one in enumerate(names):
            for other in names[:place]:
                pair, agreed = frozenset((one, other)), 1.0 if side[one] == side[other] else -1.0
                self.total[pair] += agreed
                self.number[pair] += 1
                self.latest[pair] = agreed

    def co_voting(self, who: str, one: str, other: str) -> float:
        first, second = frozenset((who, one)), frozenset((who, other))
        means = [self.total[pair] / (self.number[pair] + 1) for pair in (first, second)]
        return means[0] - means[1]

    def last(self, who: str, one: str, other: str) -> float:
        return self.latest[frozenset((who, one))] - self.latest[frozenset((who, other))]


def choices() -> pd.DataFrame:
    """Return one row for each man named in a division, its two leaders left out, by date.

    Columns
    -------
    vote, date, member
        Which division, when, and who.
    side
        1 with the one who led for it, 0 with the other.
    ideology, economy, co_voting, last, expected, seated
        What was known before; see `KNOWN`.
    after_ban
        Whether groups in the party were banned by then.
    """
    votes, divisions = tables.votes().sort_values(["date", "vote_id"]), tables.divisions()
    leaders = {row.vote_id: (row.for_leader, row.against_leader) for row in divisions.itertuples()}
    ban = votes.set_index("vote_id").date[BAN]
    ideals, so_far = _ideals(), _Votes()
    named: set[str] = set()
    rows = []
    for vote in votes.itertuples():
        side = _sides(vote.vote_id)
        named |= set(side)
        if vote.vote_id in leaders:
            one, other = leaders[vote.vote_id]
            expected = _expected(so_far, _body(vote.date, named), one, other)
            seated = tables.seated(vote.date, status="full")
            rows += [
                {
                    "vote": vote.vote_id, "date": vote.date, "member": who, "side": side[who],
                    **_ideology(ideals, vote.date.year >= 1928, who, one, other),
                    "co_voting": so_far.co_voting(who, one, other),
                    "last": so_far.last(who, one, other), "expected": expected,
                    "seated": float((one in seated) - (other in seated)),
                    "after_ban": vote.date >= ban,
                }
                for who in side
                if who not in (one, other)
            ]  # fmt: skip
        if vote.outcome != "refused":  # an offer to resign, which says nothing about sides
            so_far.add(side)
    return pd.DataFrame(rows)


def _sides(vote: str) -> dict[str, int]:
    named = tables.vote_positions()
    named = named[(named.vote_id == vote) & named.position.isin(list(_SIDE))]
    return {row.member: _SIDE[row.position] for row in named.itertuples()}


def _body(day: pd.Timestamp, named: set[str]) -> frozenset[str]:
    """Who was to be reckoned with: the Politburo once there is one, else all named so far."""
    return tables.seated(day) or frozenset(named)


def _expected(so_far: _Votes, body: frozenset[str], one: str, other: str) -> float:
    leaning = [so_far.co_voting(who, one, other) for who in sorted(body - {one, other})]
    leaning += [1.0, -1.0]  # the leaders stand by themselves
    return float(np.mean(np.tanh(_SLOPE / 2 * np.array(leaning))))


def _ideals() -> pd.DataFrame:
    """Ideals by name, with the economy of each of two years where the other is not coded."""
    frame = tables.members().set_index("name")
    frame["economy"] = frame.econ_1923.fillna(frame.econ_1929)
    frame["economy_late"] = frame.econ_1929.fillna(frame.econ_1923)
    return frame


def _ideology(ideals: pd.DataFrame, late: bool, who: str, one: str, other: str) -> dict[str, float]:
    """How much nearer the one is than the other: of all axes, and of the economy of 1923."""
    rows = ideals.reindex([who, one, other])
    axes = ["economy_late" if late else "economy", *_AXES[1:]]
    nearer = {}
    for name, columns in (("ideology", axes), ("economy", ["economy"])):
        me, first, second = rows[columns].to_numpy(dtype=float)
        apart = np.abs(me - second) - np.abs(me - first)
        nearer[name] = float(np.nan_to_num(apart).mean() / 2)
    return nearer


def model() -> Pipeline:
    """Logistic regression on what is known in units of its spread, shrunk by a normal prior of 1.

    The columns are not centred: 0 is a man midway between the two.
    """
    return make_pipeline(
        StandardScaler(with_mean=False), LogisticRegression(C=1.0, fit_intercept=False)
    )


def predict(known: pd.DataFrame, name: str, scheme: str) -> Values:
    """Return each chance of standing with the one who led for it, told without that vote.

    Out of all other votes, or (forward) out of earlier ones alone: nan for the first ones.
    """
    columns = list(MODELS[name])
    groups, side = known.vote.to_numpy(), known.side.to_numpy()
    order = list(dict.fromkeys(groups))
    chance = np.full(len(known), 0.5)
    later = [vote for vote in order if order.index(vote) >= _FORWARD_FROM]
    if columns:
        # A column of ones, so that the constant is shrunk like the rest.
        x = np.column_stack([known[columns].to_numpy(dtype=float), np.ones(len(known))])
        if scheme == OUT:
            chance = cross_val_predict(
                model(), x, side, groups=groups, cv=LeaveOneGroupOut(), method="predict_proba"
            )[:, 1]
        for vote in later if scheme == FORWARD else ():
            before = np.isin(groups, order[: order.index(vote)])
            fitted = model().fit(x[before], side[before])
            chance[groups == vote] = fitted.predict_proba(x[groups == vote])[:, 1]
    if scheme == FORWARD:
        chance = np.where(np.isin(groups, later), chance, np.nan)
    told: Values = np.clip(chance, _LEAST, 1 - _LEAST)
    return told


def log_losses(known: pd.DataFrame) -> pd.DataFrame:
    """Return how well each model tells sides it has not seen, by scheme and period.

    Columns
    -------
    scheme, period, model
        How it was tried; "all", "before the ban" or "after it"; what it knows.
    log_loss, error, low, high
        Mean of -log(chance of what he did), in nats: 0.693 is a coin. Standard error and interval
        of 95 %, by resampling votes.
    difference, difference_low, difference_high
        From the model of ideology and co-voting, on the same resamples; above 0 is worse.
    right
        Share of sides that had the better chance; of the coin none is told.
    votes, positions
        On how many it rests.
    """
    rows = []
    for scheme in (OUT, FORWARD):
        chance = {name: predict(known, name, scheme) for name in MODELS}
        for period, within in (
            ("all", np.ones(len(known), dtype=bool)),
            ("before the ban", ~known.after_ban.to_numpy()),
            ("after it", known.after_ban.to_numpy()),
        ):
            told = within & ~np.isnan(chance["coin"])
            if told.any():
                rows += _scored(known[told], {n: p[told] for n, p in chance.items()},
                                {"scheme": scheme, "period": period})  # fmt: skip
    return pd.DataFrame(rows)


def _scored(
    known: pd.DataFrame, chance: Mapping[str, Values], said: Mapping[str, str]
) -> list[dict[str, object]]:
    side = known.side.to_numpy()
    loss = {name: -np.log(np.where(side == 1, p, 1 - p)) for name, p in chance.items()}
    drawn = {name: _resampled(known.vote.to_numpy(), each) for name, each in loss.items()}
    rows: list[dict[str, object]] = []
    for name, each in loss.items():
        apart = drawn[name] - drawn[REFERENCE]
        rows.append({
            **said, "model": name, "log_loss": each.mean(), "error": drawn[name].std(ddof=1),
            **_ends("", drawn[name]), "difference": each.mean() - loss[REFERENCE].mean(),
            **_ends("difference_", apart),
            "right": np.nan if name == "coin" else ((chance[name] > 0.5) == (side == 1)).mean(),
            "votes": known.vote.nunique(), "positions": len(known),
        })  # fmt: skip
    return rows


def _ends(prefix: str, drawn: Values) -> dict[str, float]:
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return {f"{prefix}low": float(low), f"{prefix}high": float(high)}


def _weights(groups: NDArray[np.object_]) -> tuple[list[str], Values]:
    """The groups, and how often each is drawn in each resample."""
    names = list(dict.fromkeys(groups))
    rng = np.random.default_rng([_LUCK, len(names)])
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), _DRAWS)
    return names, drawn.astype(np.float64)


def _resampled(groups: NDArray[np.object_], each: Values) -> Values:
    """Means over resampled groups, the same resamples for the same groups."""
    names, weight = _weights(groups)
    total = np.array([each[groups == name].sum() for name in names])
    number = np.array([(groups == name).sum() for name in names])
    means: Values = (weight @ total) / (weight @ number)
    return means


def switching(known: pd.DataFrame) -> pd.DataFrame:
    """Return whether men left the leader they were nearer to when he was expected to lose.

    Before and after the ban: the share who left a leader expected to lose, less the share who left
    one expected to win. First row: all; then the same without each man in turn.

    Columns
    -------
    without
        The man left out, or "".
    before, after, contrast
        The two differences of shares, and the second less the first; nan where nobody was so
        placed.
    low, high
        Of the contrast: 95 %, by resampling votes within each period.
    choices, left
        Men who were nearer to one leader, and how often one left.
    """
    near = known[known.co_voting.abs() > NEAR].copy()
    near["left"] = (near.co_voting > 0) != (near.side == 1)
    near["losing"] = (near.co_voting > 0) != (near.expected > 0)
    rows = []
    for man in ("", *dict.fromkeys(near.member)):
        rest = near[near.member != man]
        before, after = (_gap(rest[rest.after_ban == late]) for late in (False, True))
        drawn = _gaps(rest[rest.after_ban]) - _gaps(rest[~rest.after_ban])
        rows.append({
            "without": man, "before": before, "after": after, "contrast": after - before,
            **_ends("", drawn), "choices": len(rest), "left": int(rest.left.sum()),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _gap(near: pd.DataFrame) -> float:
    shares = near.groupby("losing").left.mean()
    return float(shares.get(True, np.nan) - shares.get(False, np.nan))


def _gaps(near: pd.DataFrame) -> Values:
    names, weight = _weights(near.vote.to_numpy())
    share = []
    for losing in (True, False):
        cell = near[near.losing == losing].groupby("vote").left
        left, number = (cell.agg(how).reindex(names).fillna(0).to_numpy(dtype=float)
                        for how in ("sum", "count"))  # fmt: skip
        with np.errstate(invalid="ignore"):
            share.append((weight @ left) / (weight @ number))
    gaps: Values = share[0] - share[1]
    return gaps
