"""Speed of both drivers, cost curves and where the time goes: writes docs/performance.md.

Rounds are interleaved in one process and medians are given, since machines are shared; memory
is measured in processes of their own. `python -m benchmarks.run`, or with --quick.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.editions import FIRST, editions
from politburo_sim.lab.runs import replicate_seeds, run_many
from politburo_sim.report.words import MINUS
from politburo_sim.run.model import Politburo
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import MemberEntry
from politburo_sim.worlds.world import World, build_world

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
MEMBERS = (10, 30, 100, 300, 1000)
MONTHS = (24, 72, 213)
RUNS = (1_000, 10_000, 50_000)
MEMORY = "## Memory"
Timed = Callable[[], int]


def rate(task: Timed) -> float:
    """Units a second of one call."""
    start = time.perf_counter()
    done = task()
    return done / (time.perf_counter() - start)


def medians(tasks: dict[str, Timed], rounds: int) -> dict[str, float]:
    """Median rate of each task over interleaved rounds."""
    found: dict[str, list[float]] = {name: [] for name in tasks}
    for task in tasks.values():
        task()
    for _ in range(rounds):
        for name, task in tasks.items():
            found[name].append(rate(task))
    return {name: statistics.median(values) for name, values in found.items()}


def base(**settings: float) -> World:
    return build_world(load_scenario("ussr-1922"), settings)


def engine(world: World, runs: int, workers: int | None = None) -> Timed:
    seeds = replicate_seeds(0, runs)

    def task() -> int:
        run_many(world, seeds, workers=workers)
        return runs

    return task


def mesa(world: World, runs: int) -> Timed:
    def task() -> int:
        for seed in range(runs):
            Politburo(world, seed).run()
        return runs

    return task


def crowd(members: int) -> World:
    """A body of so many members, nine of them heads, from the base world's rules."""
    scenario = load_scenario("ussr-1922")
    rng = np.random.default_rng(members)
    people = tuple(
        MemberEntry.model_validate(
            {
                "name": f"m{i}", "status": "full" if i < 9 else "candidate", "prestige": 1.0,
                "base": 0.5 / members,
                "ideal": {axis: float(rng.uniform(-1, 1)) for axis in scenario.axes},
            }
        )
        for i in range(members)
    )  # fmt: skip
    update = {"members": people, "offices": (), "bonds": (), "events": (), "seats": 9,
              "leading": None, "record": None}  # fmt: skip
    return build_world(scenario.model_copy(update=update))


def exponent(sizes: list[float], costs: list[float]) -> float:
    """Slope of log cost on log size."""
    slope = np.polyfit(np.log(sizes), np.log(costs), 1)[0]
    return float(slope)


def peak_memory(code: str) -> float:
    """Peak resident memory of a fresh process, in MB (Linux: its own, not its parent's)."""
    script = f"{code}\nprint(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return int(done.stdout.split()[-1]) / 1024


def sweep_code(runs: int) -> str:
    return (
        "import tempfile\n"
        "from politburo_sim.lab.kinds.sweep import Design, Sweep\n"
        "from politburo_sim.lab.plan import sweep\n"
        "one = Sweep(id='memory', title='memory', question='?', scenario='ussr-1922',"
        f" levers={{'unity': (0.8,)}}, design=Design(kind='grid', replicates={runs}))\n"
        "with tempfile.TemporaryDirectory() as folder:\n"
        "    sweep(one, folder + '/out')\n"
    )


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def drivers(rounds: int, size: int) -> tuple[str, dict[str, float]]:
    world = base(coder_uncertainty=1.0)
    found = medians(
        {
            "engine, all cores": engine(world, size), "engine, one thread": engine(world, size, 1),
            "Mesa driver, a plain loop over runs": mesa(world, max(4, size // 500)),
        },
        rounds,
    )  # fmt: skip
    slow = found["Mesa driver, a plain loop over runs"]
    rows = [[name, f"{v:,.0f}", f"{v / slow:,.0f}"] for name, v in found.items()]
    return table(["driver", "histories a second", "ratio to Mesa"], rows), found


def saved(whole: float, part: float) -> str:
    """What a smaller world saves, in whole per cent; a few of them are noise."""
    return f"{round(100 * (whole - part) / whole)} %".replace("-", MINUS)


def parts(rounds: int, size: int) -> str:
    cases: dict[str, dict[str, float]] = {
        "all mechanisms": {}, "no contests at all": {"organising": 0, "policies": 0, "pressing": 0},
        "no blocs": {"blocs": 0}, "no patrons": {"attachment": 0},
        "no caucus rounds": {"caucus_rounds": 0}, "nobody looks ahead": {"foresight": 0},
        "no balance, no danger": {"balance": 0, "danger": 0},
        "coded traits not sampled": {"coder_uncertainty": 0},
    }  # fmt: skip
    tasks = {
        name: engine(base(**{"coder_uncertainty": 1.0, **settings}), size)
        for name, settings in cases.items()
    }
    found = medians(tasks, rounds)
    whole = 1 / found["all mechanisms"]
    rows = [
        [name, f"{v:,.0f}", f"{1e6 / v:,.0f}", saved(whole, 1 / v)] for name, v in found.items()
    ]
    return table(["world", "histories a second", "microseconds each", "saved"], rows)


def curves(rounds: int, quick: bool) -> str:
    rows = []
    sizes = MEMBERS[:3] if quick else MEMBERS
    tasks = {str(n): engine(crowd(n), max(4, 4000 // n)) for n in sizes}
    found = medians(tasks, rounds)
    costs = [1e6 / found[str(n)] for n in sizes]
    for n, cost in zip(sizes, costs, strict=True):
        rows.append(["members", f"{n:,}", f"{cost:,.0f}"])
    rows.append(["members", "exponent", f"{exponent(list(sizes), costs):.2f}"])
    world = base()
    for label, steps in (("months", MONTHS), ("runs", RUNS[:2] if quick else RUNS)):
        spent = []
        for step in steps:
            last = step if label == "months" else None
            number = 4000 if label == "months" else step
            start = time.perf_counter()
            run_many(world, replicate_seeds(0, number), last=last)
            spent.append(time.perf_counter() - start)
            rows.append([label, f"{step:,}", f"{1e6 * spent[-1] / number:,.0f}"])
        rows.append([label, "exponent", f"{exponent(list(map(float, steps)), spent):.2f}"])
    return table(["size of", "at", "microseconds a history"], rows)


def beside_the_first(rounds: int) -> str:
    then, now = editions(rounds=rounds)
    rows = [[f"first ({FIRST})", f"{then:,.0f}", "1"], ["this", f"{now:,.0f}", f"{then / now:.2f}"]]
    return table(["edition", "processor, microseconds a history", "ratio of speed"], rows)


def memory(quick: bool) -> str:
    sizes = (1_000, 10_000) if quick else (10_000, 200_000)
    rows = []
    for size in sizes:
        start = time.perf_counter()
        peak = peak_memory(sweep_code(size))
        spent = time.perf_counter() - start
        rows.append([f"{size:,}", f"{spent:,.0f}", f"{size / spent:,.0f}", f"{peak:,.0f}"])
    head = ["histories to Parquet", "seconds, start included", "rows a second", "peak memory, MB"]
    return table(head, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--memory", action="store_true", help="only that part of the page")
    asked = parser.parse_args()
    if asked.memory:
        head, _, _ = PAGE.read_text(encoding="utf-8").partition(MEMORY)
        PAGE.write_text(f"{head}{MEMORY}\n\n{memory(asked.quick)}\n", encoding="utf-8")
        return
    rounds, size = (3, 1_000) if asked.quick else (7, 4_000)
    first, found = drivers(rounds, size)
    page = [
        "# Performance",
        "",
        "Made by `make benchmarks` (`python -m benchmarks.run`): medians of interleaved rounds in "
        f"one process, on {os.cpu_count()} cores ({platform.machine()}), Python "
        f"{platform.python_version()}, world `ussr-1922`, 213 months, traits sampled.",
        "", "## Both drivers", "", first, "", "## Beside the first edition", "",
        beside_the_first(rounds), "", "## Where the time goes", "", parts(rounds, size),
        "", "## Cost curves", "", curves(rounds, asked.quick), "", MEMORY, "",
        memory(asked.quick), "",
    ]  # fmt: skip
    if asked.json:
        print(json.dumps(found))
    elif asked.quick:
        print("\n".join(page))
    else:
        PAGE.write_text("\n".join(page), encoding="utf-8")
        print(f"Written: {PAGE.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
