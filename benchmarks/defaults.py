"""What the default rules do beside the record, over 200 seeds: writes docs/defaults.md."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from politburo_sim.history import memberships
from politburo_sim.lab.fit.check import month_words
from politburo_sim.lab.runs import run_many
from politburo_sim.months import year_end
from politburo_sim.outcomes import removed_by, ruler_names
from politburo_sim.state.body import DIVISIONS
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import World, build_world

PAGE = Path(__file__).resolve().parents[1] / "docs" / "defaults.md"
SEEDS = 200


def recorded(world: World, year: int) -> str:
    """The world's people who were voted out of the Politburo by the end of a year, or, with a full
    seat, not elected again: as removals of a history are counted.
    """
    spells = memberships().query("body == 'politburo' and end >= '1922-04'")
    voted_out = spells.end_reason.isin(("removed", "expelled", "arrested"))
    dropped = (spells.end_reason == "not_re-elected") & (spells.status == "full")
    fallen = spells[(voted_out | dropped) & (spells.end < f"{year + 1}-01")]
    people = sorted(set(fallen.member) & set(world.names[: world.members]))
    return f"{len(people)} ({', '.join(people)})"


def quantiles(values: np.ndarray) -> str:
    five, half, ninety_five = np.quantile(values, [0.05, 0.5, 0.95], method="inverted_cdf")
    return f"{values.mean():.2f} (median {half}, nine in ten from {five} to {ninety_five})"


def page() -> str:
    lines = [
        "# The default rules beside the record", "",
        f"Made by `python -m benchmarks.defaults`: the world `ussr-1922`, seeds 0 to {SEEDS - 1}, "
        "all parameters at their defaults; the second column samples coded traits over the coders' "
        "uncertainty. Defaults are a place to start, not a fit: no verdict rests on them.", "",
        "| | as coded | traits sampled | the record |", "|---|---|---|---|",
    ]  # fmt: skip
    columns = []
    for reach in (0.0, 1.0):
        world = build_world(load_scenario("ussr-1922"), {"coder_uncertainty": reach})
        out = run_many(world, np.arange(SEEDS))
        names = Counter(name or "nobody" for name in ruler_names(world, out))
        since = out.since[out.ruler >= 0]
        columns.append(
            [
                quantiles(removed_by(world, out, year_end(world.start, 1926))),
                quantiles(removed_by(world, out, year_end(world.start, 1930))),
                f"{100 * (out.ruler >= 0).mean():.0f} %",
                ", ".join(f"{name} {n}" for name, n in names.most_common()),
                "—" if not len(since) else " to ".join(
                    month_words(world, m) for m in np.quantile(since, [0.25, 0.75],
                                                               method="inverted_cdf")),
                f"{out.count[:, DIVISIONS].mean() * 12 / world.months:.1f}",
            ]
        )  # fmt: skip
    record = [
        recorded(world, 1926), recorded(world, 1930), "yes", "Stalin",
        "1927 to 1932 (see the check patterns)", "a few",
    ]  # fmt: skip
    words = [
        "removed by the end of 1926", "removed by the end of 1930", "sole rule by 1939", "of whom",
        "middle half of its months", "roll calls on policy a year",
    ]  # fmt: skip
    for row in zip(words, *columns, record, strict=True):
        lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    text = page()
    PAGE.write_text(text, encoding="utf-8")
    print(text)
