"""What is damaged, what is tried on it, and what may come of it.

A trial passes if what was damaged is read as sound, or refused in one message of ours, or made
again exactly. A traceback, another result, more than `SECONDS` of the processor's time (that of a
busy machine is not counted), or a wait of more than `WAIT` is a failure.
"""

from __future__ import annotations

import json
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from tests.faults.damage import bytes_changed, text_changed

from politburo_sim.files.errors import PolitburoSimError
from politburo_sim.files.locate import folder as shipped_folder
from politburo_sim.files.locate import names
from politburo_sim.lab import door, rerun, runs
from politburo_sim.lab.bench import Bench, Effort
from politburo_sim.lab.plan import sweep
from politburo_sim.lab.provenance import read_manifest
from politburo_sim.run.model import Politburo
from politburo_sim.run.numbers import watch_numbers
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

SECONDS = 5.0
WAIT = 120.0
EXPERIMENT = """\
id = "small"
title = "A small sweep"
question = "Does it matter?"
scenario = "power-game"
outcomes = ["established", "leader_share"]
seed = 11

[levers]
majority = [0.5, 0.6]

[design]
kind = "grid"
replicates = 12
quick = 5
"""


@dataclass
class Tally:
    """What came of many trials of one kind."""

    fault: str
    allowed: str
    tried: int = 0
    came: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def try_out(self, what: Callable[[], str], about: str) -> None:
        """One trial: `what` returns a word for what came of it, or raises."""
        self.tried += 1
        began = time.process_time()
        try:
            with within(SECONDS):
                came = what()
        except PolitburoSimError as error:
            said = str(error)
            came = "refused" if said and "Traceback" not in said else "FAILED"
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            came = "FAILED"
            self.failures.append(f"{about}: {type(error).__name__}: {error}"[:300])
        else:
            if came == "FAILED":
                self.failures.append(f"{about}: another result")
        self.came[came] += 1
        self.slowest = max(self.slowest, time.process_time() - began)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in what works for longer, or waits for `WAIT`."""

    def ring(number: int, frame: Any) -> None:
        waits = number == signal.SIGALRM
        raise TimeoutError(f"waited {WAIT:g} s" if waits else f"more than {seconds:g} s of work")

    clocks = {
        signal.SIGPROF: (signal.ITIMER_PROF, seconds),
        signal.SIGALRM: (signal.ITIMER_REAL, WAIT),
    }
    before = {number: signal.signal(number, ring) for number in clocks}
    for clock, limit in clocks.values():
        signal.setitimer(clock, limit)
    try:
        yield
    finally:
        for number, (clock, _) in clocks.items():
            signal.setitimer(clock, 0)
            signal.signal(number, before[number])


def damaged(text: str, luck: random.Random) -> bytes:
    """A file of words with one to four damages."""
    for _ in range(luck.choice((1, 1, 2, 4))):
        text = text_changed(text, luck)
    raw = text.encode("utf-8", "surrogatepass")
    return bytes_changed(raw, luck) if luck.random() < 0.2 else raw


def _read_all(tally: Tally, sources: list[Path], number: int, home: Path, seed: int) -> Tally:
    luck = random.Random(seed)
    home.mkdir(parents=True, exist_ok=True)
    texts = {path: path.read_text(encoding="utf-8") for path in sources}
    for trial in range(number):
        source = luck.choice(sources)
        path = home / f"{trial % 50}{source.suffix}"
        path.write_bytes(damaged(texts[source], luck))
        tally.try_out(lambda path=path: _sound(path), f"{source.name}, seed {seed}, {trial}")
    return tally


def _sound(path: Path) -> str:
    door.check(str(path))
    return "sound"


def worlds(number: int, home: Path, seed: int = 0) -> Tally:
    """Damaged world files are read or refused."""
    some = [shipped_folder("scenarios") / f"{name}.toml" for name in names("scenarios")]
    tally = Tally("damaged world files", "read or refused")
    return _read_all(tally, some, number, home, seed)


def questions(number: int, home: Path, seed: int = 0) -> Tally:
    """Damaged experiments, claims, and tables of posterior sets are read or refused."""
    some = [shipped_folder("experiments") / f"{name}.toml" for name in names("experiments")]
    some += [
        shipped_folder("seeds") / "claims.toml",
        shipped_folder("experiments") / "ensemble.csv",
    ]
    tally = Tally("damaged files of experiments, claims and posterior sets", "read or refused")
    return _read_all(tally, some, number, home, seed)


def lived(number: int, home: Path, seed: int = 0) -> Tally:
    """What is read as sound is lived through for a year, and every number looked at."""
    luck, tally = random.Random(seed), Tally("worlds so damaged, lived for a year", "lived")
    home.mkdir(parents=True, exist_ok=True)
    text = (shipped_folder("scenarios") / "ussr-1922.toml").read_text(encoding="utf-8")
    trial = 0
    while tally.tried < number:
        trial += 1
        path = home / "world.toml"
        path.write_bytes(damaged(text, luck))
        try:
            world = build_world(load_scenario(path))
        except PolitburoSimError:
            continue
        if world.body.ident.shape[0] == 64:  # of another size, its rules would first be compiled
            tally.try_out(lambda world=world: _year(world), f"seed {seed}, {trial}")
    return tally


def _year(world: Any) -> str:
    model = watch_numbers(Politburo(world, 1))
    for _ in range(min(12, world.months)):
        model.step()
    return "lived"


def result_folders(number: int, home: Path, seed: int = 0) -> Tally:
    """A damaged result is refused, or its run rebuilt exactly, with or without its table."""
    luck, tally = random.Random(seed), Tally("damaged result folders, `rerun`", "exact or refused")
    home.mkdir(parents=True, exist_ok=True)
    (home / "small.toml").write_text(EXPERIMENT, encoding="utf-8")
    whole = sweep(home / "small.toml", home / "whole", rows_a_chunk=8, workers=1)
    truth = {row: rerun.rebuild(whole, row).outcome() for row in range(24)}
    broken = home / "broken"
    for trial in range(number):
        shutil.rmtree(broken, ignore_errors=True)
        shutil.copytree(whole, broken)
        row = luck.randrange(24)
        for _ in range(luck.choice((1, 1, 3))):
            file = luck.choice([broken / "manifest.json", *sorted((broken / "runs").iterdir())])
            _damage(file, luck)
        tally.try_out(lambda row=row: _rebuilt(broken, row, truth[row]), f"seed {seed}, {trial}")
    return tally


def _damage(file: Path, luck: random.Random) -> None:
    if not file.is_file():
        return
    if luck.random() < 0.05:
        file.unlink()
        file.mkdir() if luck.random() < 0.5 else None
    elif file.suffix == ".json" and luck.random() < 0.5:
        text = file.read_text(encoding="utf-8", errors="replace")
        file.write_text(text_changed(text, luck), encoding="utf-8", errors="replace")
    else:
        file.write_bytes(bytes_changed(file.read_bytes(), luck))


def _rebuilt(folder: Path, row: int, truth: dict[str, Any]) -> str:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        found = rerun.rebuild(folder, row).outcome()
    if found != truth:
        return "FAILED"
    return "exact, its table missing and said" if said else "exact"


def resumed(number: int, home: Path, seed: int = 0) -> Tally:
    """A sweep with damaged or foreign tables is resumed and ends with the same bytes."""
    luck, tally = random.Random(seed), Tally("damaged tables, `--resume`", "the same bytes")
    home.mkdir(parents=True, exist_ok=True)
    file = home / "small.toml"
    file.write_text(EXPERIMENT, encoding="utf-8")
    whole = sweep(file, home / "whole", rows_a_chunk=8, workers=1)
    kept = _bytes_of(whole)
    for trial in range(number):
        broken = home / "broken"
        shutil.rmtree(broken, ignore_errors=True)
        shutil.copytree(whole, broken)
        tables = sorted((broken / "runs").iterdir())
        for table in luck.sample(tables, luck.randint(1, len(tables))):
            if luck.random() < 0.2:
                shutil.copy(luck.choice(sorted((whole / "runs").iterdir())), table)
            else:
                table.write_bytes(bytes_changed(table.read_bytes(), luck))

        def again(broken: Path = broken) -> str:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                sweep(file, broken, rows_a_chunk=8, workers=1, resume=True)
            return "the same bytes" if _bytes_of(broken) == kept else "FAILED"

        tally.try_out(again, f"seed {seed}, {trial}")
    return tally


def _bytes_of(folder: Path) -> dict[str, bytes]:
    """All tables, and the manifest but for the commit, which changes where somebody works on."""
    files = [*(folder / "runs").iterdir(), folder / "points.csv"]
    said = {k: v for k, v in read_manifest(folder).items() if k not in ("commit", "checksum")}
    return {path.name: path.read_bytes() for path in files} | {
        "manifest.json": json.dumps(said, sort_keys=True).encode()
    }


def cells(number: int, home: Path, seed: int = 0) -> Tally:
    """A damaged cell of a claim is found and made again exactly."""
    luck, tally = random.Random(seed), Tally("damaged cells of claims", "made again exactly")
    spec = {"scenario": "power-game"}
    bench = Bench(Effort(3, 4), 5, home, home / "cells", workers=1)
    truth = bench.cell(spec)
    (file,) = (home / "cells").iterdir()
    raw = file.read_bytes()

    def again() -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = Bench(Effort(3, 4), 5, home, home / "cells", workers=1).cell(spec)
        pd.testing.assert_frame_equal(found, truth)
        return "made again exactly" if file.read_bytes() == raw else "FAILED"

    for trial in range(number):
        file.write_bytes(bytes_changed(raw, luck))
        tally.try_out(again, f"seed {seed}, {trial}")
        file.write_bytes(raw)
    return tally


_SWEEP = """\
import sys
from politburo_sim.lab.plan import sweep
from politburo_sim.lab.provenance import read_manifest
sweep(sys.argv[1], sys.argv[2], runs=4000, rows_a_chunk=40, workers=1, resume=True)
"""


def kills(number: int, home: Path, seed: int = 0) -> Tally:
    """A sweep killed again and again at random moments ends with the bytes of one that was not."""
    luck, tally = random.Random(seed), Tally("SIGKILL in a sweep", "the same bytes")
    home.mkdir(parents=True, exist_ok=True)
    file = home / "small.toml"
    file.write_text(EXPERIMENT, encoding="utf-8")
    words = [sys.executable, "-c", _SWEEP, str(file)]
    subprocess.run([*words, str(home / "whole")], check=True)
    broken, done = home / "broken", 0
    while done < number:
        process = subprocess.Popen([*words, str(broken)])
        before = len(list(broken.glob("runs/*.parquet")))
        more = luck.randint(0, 20)
        while process.poll() is None and len(list(broken.glob("runs/*.parquet"))) < before + more:
            time.sleep(0.0005)
        time.sleep(luck.random() * 0.02)
        process.kill()
        if process.wait() == 0:
            shutil.rmtree(broken)
            continue
        done += 1
    tally.tried = number
    subprocess.run([*words, str(broken)], check=True)
    one, other = _bytes_of(broken), _bytes_of(home / "whole")
    differ = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    tally.came["FAILED" if differ else "the same bytes"] = number
    tally.failures += [f"after the kills, other bytes: {name}" for name in differ]
    return tally


def warm() -> None:
    """Have the rules loaded, so that no trial waits for them."""
    for name in ("power-game", "ussr-1922"):
        world = build_world(load_scenario(name))
        runs.run_many(world, runs.replicate_seeds(0, 1), last=1, workers=1)
        Politburo(world, 0).step()


def alone(name: str, number: int, seed: int) -> tuple[Tally, float, float]:
    """One kind of trial; its tally, seconds, and the megabytes that it added to the process."""
    warm()
    began, before = time.monotonic(), _megabytes()
    with tempfile.TemporaryDirectory() as home:
        tally: Tally = globals()[name](number, Path(home), seed)
    return tally, time.monotonic() - began, _megabytes() - before


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
