"""Run the trials at length and write their table into docs/reliability.md.

python -m tests.faults              # the numbers of FULL
python -m tests.faults --share 0.1  # a tenth of each
"""

from __future__ import annotations

import argparse
import platform
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.faults import trials

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- made by `make faults`: begin -->", "<!-- end -->"
FULL = {
    "worlds": 20_000, "questions": 10_000, "lived": 200, "result_folders": 5_000,
    "resumed": 500, "cells": 1_500, "kills": 20,
}  # fmt: skip


def row(tally: trials.Tally, seconds: float, megabytes: float) -> str:
    """A line of the table."""
    came = ", ".join(f"{number:,} {word}" for word, number in tally.came.most_common())
    slowest = f"{tally.slowest:.1f} s" if tally.slowest else "-"
    cells = (tally.fault, f"{tally.tried:,}", tally.allowed, came, slowest, f"{megabytes:.0f} MB")
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """Run what is asked for; how many trials failed, at most 1."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("kinds", nargs="*", help="such as worlds; all if none")
    reader.add_argument("--share", type=float, default=1.0, help="of the full numbers")
    reader.add_argument("--seed", type=int, default=0)
    asked = reader.parse_args()
    rows: list[str] = []
    failures: list[str] = []
    for name in asked.kinds or FULL:
        number = max(1, round(FULL[name] * asked.share))
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            tally, seconds, megabytes = alone.submit(
                trials.alone, name, number, asked.seed
            ).result()
        rows.append(row(tally, seconds, megabytes))
        failures += tally.failures
        write(rows, asked.seed)
        print(f"{rows[-1]}  ({seconds:.0f} s)", flush=True)
    print("\n".join(failures[:20]), file=sys.stderr)
    return min(1, len(failures))


def write(rows: list[str], seed: int) -> None:
    """Put lines into the page's table, in the place of those about the same fault."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    there, _, after = rest.partition(END)
    old = [line for line in there.splitlines() if line.startswith("| ")][1:]
    lines = {line.split(" | ")[0]: line for line in [*old, *rows]}
    head = (
        f"Seed {seed}; Python {platform.python_version()} on {platform.system()}. Memory: what the "
        "trials added to the process at its most.\n\n"
        "| fault | tried | may be | came | slowest | memory |\n|---|---|---|---|---|---|"
    )
    table = "\n".join([head, *lines.values()])
    PAGE.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
