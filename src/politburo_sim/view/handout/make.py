"""Makes the file to hand out, for the command and for the page's button alike."""

from __future__ import annotations

from collections.abc import Sequence
from html import unescape
from pathlib import Path

from politburo_sim.lab import provenance
from politburo_sim.lab.ahead.turning import LOOKED_AT
from politburo_sim.lab.matter.comparison import compare
from politburo_sim.lab.runs import Tell, silent
from politburo_sim.view.handout.history import FUTURES, live
from politburo_sim.view.handout.page import page
from politburo_sim.worlds.world import World

#: Pairs of histories behind the answer to "did it matter?".
PAIRS = 2_000


def effort(base: World, alt: World | None = None, pairs: int = PAIRS) -> int:
    """Return of how much `make` tells: each history's months and leaps, and the pairs."""
    one = base.months + LOOKED_AT
    return one if alt is None else 2 * one + 2 * pairs


def make(
    base: World,
    alt: World | None = None,
    seed: int = 0,
    *,
    futures: int = FUTURES,
    pairs: int = PAIRS,
    workers: int | None = None,
    tell: Tell = silent,
    command: str = "",
) -> str:
    """Return the page of a history, or of two worlds with the same luck.

    Parameters
    ----------
    base, alt : the worlds; both cover the same months.
    futures : futures forked from each month.
    pairs : pairs of histories behind the answer to "did it matter?".
    tell : told of each month lived, and of pairs (`effort`).
    command : what makes the page again.

    Raises
    ------
    InputError
        If the worlds do not cover the same months.
    """
    effect = None
    if alt is not None:
        effect = compare(base, alt, runs=pairs, seed=seed, workers=workers, tell=tell)
    worlds = [base] if alt is None else [base, alt]
    lived = [live(one, seed, futures=futures, workers=workers, tell=tell) for one in worlds]
    return page(*lived, effect=effect, command=command)


def typed(
    scenario: str, seed: int, against: str | None, settings: Sequence[str], futures: int
) -> str:
    """Return the command that makes a file again."""
    return provenance.typed(
        "export", scenario, seed=seed, against=against or None, set=[*settings],
        futures=futures, out="FILE.html",
    )  # fmt: skip


def made_by(file: Path, command: str) -> bool:
    """Whether a file says that this command made it."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    return f"Made by <code>{command}</code>" in unescape(text)
