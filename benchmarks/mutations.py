"""Break ten rules, one at a time, and see which test that stores no numbers notices.

`python -m benchmarks.mutations` copies the project, makes one change, runs the laws and the
docking tests on the copy, and prints the first test that fails. A mutant that survives is a
rule that no law holds. Numbers after the command choose mutants.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
TESTS = ["tests/laws/test_rules.py", "tests/laws/test_laws.py", "tests/docking", "tests/laws"]


class Mutant(NamedTuple):
    """One change: a file in rules/, what stands there, and what is put in its place."""

    file: str
    old: str
    new: str


MUTANTS = (
    Mutant("space.py", "abs(a[i] - b[i])", "abs(a[i] + b[i])"),
    Mutant("perception.py", "(1.0 - opacity) * base", "(1.0 + opacity) * base"),
    Mutant("power.py", "weight / whole", "weight"),
    Mutant("appointments.py", "(1.0 - turnover) *", "(1.0 + turnover) *"),
    Mutant("voting.py", "share > threshold + TIE", "share < threshold + TIE"),
    Mutant("voting.py", "math.exp(-utility / temperature)", "math.exp(utility / temperature)"),
    Mutant("sanctions.py", "if rung >= REMOVED and", "if rung > EXPELLED and"),
    Mutant("sanctions.py", "if luck >= chance:", "if luck > 2.0:"),
    Mutant("foresight.py", "if mass[then] < mass[otherwise]", "if mass[then] > mass[otherwise]"),
    Mutant("aftermath.py", "speed * (aim - body.bond", "speed * (aim + body.bond"),
    Mutant("vacancy.py", "body.seat_holder[seat] = who", "body.seat_holder[seat] = NOBODY"),
    Mutant("agenda.py", "if j == who or not", "if not"),
)


def first_failure(mutant: Mutant) -> str:
    """The first test that notices the change, or what else happened."""
    with tempfile.TemporaryDirectory() as home:
        copy = Path(home) / "copy"
        shutil.copytree(
            ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "results", ".*_cache")
        )
        path = copy / "src" / "politburo_sim" / "rules" / mutant.file
        text = path.read_text(encoding="utf-8")
        if text.count(mutant.old) < 1:
            return "the text to change is not there"
        path.write_text(text.replace(mutant.old, mutant.new, 1), encoding="utf-8")
        environment = {
            **os.environ, "PYTHONPATH": str(copy / "src"), "POLITBURO_SIM_CACHE": f"{home}/cache",
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *TESTS],
            cwd=copy, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0].partition(" - ")[0] if failed else "SURVIVED"


def main() -> None:
    survived = 0
    chosen = [MUTANTS[int(number)] for number in sys.argv[1:]] or list(MUTANTS)
    for mutant in chosen:
        noticed = first_failure(mutant)
        survived += noticed == "SURVIVED"
        print(f"{mutant.file}: {mutant.old} -> {mutant.new}\n    {noticed}", flush=True)
    print(f"{len(chosen) - survived} of {len(chosen)} noticed")
    raise SystemExit(min(survived, 1))


if __name__ == "__main__":
    main()
