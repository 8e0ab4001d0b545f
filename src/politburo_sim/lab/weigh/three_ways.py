"""One change asked about in three ways: freely, given what came before it, given all that came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from politburo_sim.files.errors import InputError
from politburo_sim.lab.matter.comparison import Comparison, Question, question
from politburo_sim.lab.provenance import typed
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.lab.weigh import abduction, given
from politburo_sim.lab.weigh.abduction import Abduced, given_all
from politburo_sim.lab.weigh.anneal import Effort
from politburo_sim.lab.weigh.given import Given, odds_given
from politburo_sim.worlds.given import build_world

FREELY, UNTIL_THEN, ALL = "free", "given what came before", "given all that came"


@dataclass(frozen=True, eq=False)
class ThreeWays:
    """What a change does to somebody's chance of sole rule, asked in three ways.

    free : over the ensemble, from the world's first month. until : from histories to which the
    record is imposed until the first month that differs. all : from those of the whole record, with
    the luck that made it (`abduction`).
    """

    free: Comparison
    until: Given
    all: Abduced
    quick: bool

    @property
    def who(self) -> str:
        """Whose sole rule."""
        return self.all.who

    @property
    def sentence(self) -> str:
        """The answer to the third question, which is about what happened."""
        return self.all.sentence

    @property
    def name(self) -> str:
        """What its folder is called."""
        return name_of(self.free.asked, self.quick)

    @property
    def command(self) -> str:
        """What asks it again."""
        return typed(
            "compare", self.all.world, self.all.alt_world, given_all=True, who=self.who,
            seed=self.free.asked.seed, quick=self.quick,
        )  # fmt: skip

    @property
    def frame(self) -> pd.DataFrame:
        """A row a way: way, base, alt, effect, low, high (95 %) and the share of base undone."""
        main, row, last = self.free.main, self.until.chances(self.who), self.all
        ways = [
            (FREELY, main.base, main.alt, main.effect.effect, main.effect.low, main.effect.high),
            (UNTIL_THEN, row["chance"], row["alt"], row["effect"], row["effect low"],
             row["effect high"]),
            (ALL, last.base.mean, last.alt.mean, *last.effect),
        ]  # fmt: skip
        frame = pd.DataFrame(ways, columns=["way", "base", "alt", "effect", "low", "high"])
        frame["fewer"] = -frame["effect"] / frame["base"].where(frame["base"] > 0)
        return frame

    def said(self) -> dict[str, Any]:
        """What a manifest holds of it, as plain data."""
        return said_of(self.free.asked, self.quick)

    def summary(self) -> dict[str, Any]:
        """The figures as plain data."""
        return {
            "sentence": self.sentence, "who": self.who, "command": self.command,
            "ways": self.frame.to_dict("records"), "given_all": self.all.summary(),
        }  # fmt: skip


def name_of(asked: Question, quick: bool) -> str:
    """What the folder of an answer is called."""
    base, alt = (side.scenario.name for side in asked.worlds)
    return f"{alt}-against-{base}-given-all{'-quick' * quick}"


def said_of(asked: Question, quick: bool) -> dict[str, Any]:
    """What a manifest holds of a question, known before anything is run."""
    until, last = efforts(quick)
    return {
        "kind": "three ways", "free": asked.said(), "who": asked.who,
        "passes": [until.passes, last.passes], "histories": [until.histories, last.histories],
    }  # fmt: skip


def efforts(quick: bool) -> tuple[Effort, Effort]:
    """Chains, sweeps and passes given what came before, and given all."""
    return (given.QUICK, abduction.QUICK) if quick else (given.USUAL, abduction.USUAL)


def blocks(base: str, alt: str, quick: bool) -> int:
    """How many blocks of the record are brought in, in all passes."""
    one, other = build_world(base), build_world(alt)
    record = given.whole_record(one)
    first = given.first_difference(one, other)
    many = (len(given.conditioned_to(one, first).blocks), len(record.blocks))
    return sum(effort.passes * n for effort, n in zip(efforts(quick), many, strict=True))


def three_ways(
    base: str, alt: str, who: str | None = None, *, quick: bool = False, seed: int = 0,
    workers: int | None = None, tell: Tell = silent,
) -> ThreeWays:  # fmt: skip
    """Ask about one change in all three ways.

    Parameters
    ----------
    base, alt : scenarios by name or path; they differ by dated events or questions only, and the
    base has a record that reaches past the first that differs.
    who : whose sole rule; default the member whom the base names as leading, else anybody.
    """
    asked = question(base, alt, who=who, quick=quick, seed=seed)
    if not asked.base.scenario.record:
        raise InputError(
            "the world names no record", key="--given-all", given=base,
            allowed="a world with a record", hint="ask without --given-all",
        )  # fmt: skip
    one, other = (side.built() for side in asked.worlds)
    effort = efforts(quick)
    last = given_all(one, other, asked.who, effort[1], seed, workers, tell)
    until = odds_given(one, None, other, effort[0], seed=seed, workers=workers, tell=tell)
    return ThreeWays(asked.answer(workers, silent), until, last, quick)
