"""How fast the rules are beside those of an earlier commit.

    python -m benchmarks.editions [COMMIT]

Each edition runs from a checkout of its own, in a process of its own. In turn each is told to live
so many histories of `ussr-1922` on one thread, and says what processor time that took.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIRST = "9ad7ede"
SERVE = """
import sys, time
from politburo_sim.lab.runs import replicate_seeds, run_many
try:
    from politburo_sim.worlds.scenario import load_scenario
    from politburo_sim.worlds.world import build_world
except ImportError:
    from politburo_sim.scenario import load_scenario
    from politburo_sim.world import build_world
world = build_world(load_scenario("ussr-1922"), {"coder_uncertainty": 1.0})
for line in sys.stdin:
    start = time.process_time()
    run_many(world, replicate_seeds(0, int(line)), workers=1)
    print(time.process_time() - start, flush=True)
"""


@contextmanager
def checkout(commit: str) -> Iterator[Path]:
    """The project as it was at a commit, in a folder that goes again."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), commit], check=True)
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def serving(tree: Path) -> subprocess.Popen[str]:
    """A process that lives histories by the rules of a checkout."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", SERVE], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True, cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree / "src")},
    )  # fmt: skip


def lived(process: subprocess.Popen[str], histories: int) -> float:
    """Processor seconds of so many histories."""
    assert process.stdin and process.stdout
    process.stdin.write(f"{histories}\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def editions(commit: str = FIRST, rounds: int = 9, histories: int = 1_000) -> tuple[float, float]:
    """Microseconds of a history, then and now: medians of interleaved rounds."""
    with checkout(commit) as tree:
        both = [serving(tree), serving(ROOT)]
        try:
            for one in both:
                lived(one, 10)
            spent = [[lived(one, histories) for one in both] for _ in range(rounds)]
        finally:
            for one in both:
                one.kill()
                one.wait()
    then, now = (1e6 * statistics.median(column) / histories for column in zip(*spent, strict=True))
    return then, now


if __name__ == "__main__":
    named = sys.argv[1] if len(sys.argv) > 1 else FIRST
    before, after = editions(named)
    print(f"{named}: {before:,.0f} microseconds a history; now: {after:,.0f}; "
          f"ratio of speed {before / after:.2f}")  # fmt: skip
