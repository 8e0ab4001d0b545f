"""Recorded divisions of a body in the energy landscape of its coded bonds (`theory.landscape`).

Who stood on which side, as the record's likeliest reading of each ask has it: the men named, and no
others. All have the same size, one voice. Two codings of who was drawn to whom: the bonds of the
world's opening, and these with each tie in force that month counted as 1, by `history.clienteles`
without what is known from later loyalty. Both are judgements of 1922-30 made by one coder.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pandas as pd

from politburo_sim.evidence.record import load_record
from politburo_sim.evidence.schema import Ask
from politburo_sim.lab.bodies.recorded_signs import patrons_on
from politburo_sim.theory.landscape import place
from politburo_sim.worlds.world import World

Bonds = dict[frozenset[str], Fraction]
OPENING, WITH_TIES = "bonds of the opening", "bonds and ties of the month"


def bonds_of(world: World) -> Bonds:
    """The coded bonds of a pair, exactly; the mean of both directions."""
    found: Bonds = {}
    for bond in world.scenario.bonds:
        pair = frozenset((bond.who, bond.whom))
        value = Fraction(str(bond.value.value))
        found[pair] = found.get(pair, Fraction(0)) + (value if bond.mutual else value / 2)
    return found


def sides(ask: Ask) -> tuple[set[str], set[str]]:
    """Who stood with the mover, and who against, in the likeliest reading."""
    read = max(ask.read(), key=lambda pair: pair[0])[1]
    yes, no = (
        (read.yes, read.no) if read.kind == "debate" else (read.judge_yes, read.judge_no)
    )  # fmt: skip
    return {read.mover, *(yes or ())}, {read.target, *(no or ())}


def _codings(world: World, month: str) -> Iterator[tuple[str, Bonds]]:
    bonds = bonds_of(world)
    yield OPENING, bonds
    ties = patrons_on(pd.Timestamp(f"{month}-01"))
    yield WITH_TIES, {**bonds, **{frozenset(tie): Fraction(1) for tie in ties.items()}}


def divisions(world: World) -> pd.DataFrame:
    """One row a recorded division and coding: energy, basin, rank of all splits, local minima.

    Of those between at least three men, with two sides, who sat at that time.
    """
    rows = []
    for ask in load_record(world).asks:
        one, other = sides(ask)
        men = sorted(one) + sorted(other)
        if ask.kind == "floor" or len(men) < 3:
            continue
        for coding, bonds in _codings(world, ask.month):
            table = [[bonds.get(frozenset((a, b)), Fraction(0)) for b in men] for a in men]
            found = place([1] * len(men), table, range(len(one)))
            rows.append(
                {"ask": ask.id, "month": ask.month, "bonds": coding,
                 "one side": ", ".join(sorted(one)), "the other": ", ".join(sorted(other)),
                 **found._asdict()}
            )  # fmt: skip
    return pd.DataFrame(rows)


def told(table: pd.DataFrame) -> pd.DataFrame:
    """Of each coding: how many divisions lie in a basin and how many would by lot, mean share."""
    rows = []
    for coding, part in table.groupby("bonds", sort=False):
        rows.append(
            {"bonds": coding, "divisions": len(part), "in a basin": int(part.basin.sum()),
             "in a basin by lot": float((part.minima / part.divisions).sum()),
             "deepest": int((part["rank"] == 1).sum()), "mean share": float(part.share.mean())}
        )  # fmt: skip
    return pd.DataFrame(rows)
