"""Ctrl-C, SIGTERM and SIGHUP, with real processes: they end at once and lose nothing finished."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from politburo_sim.lab import store
from politburo_sim.state import compiled
from politburo_sim.state.body import Body, new_record

COMMAND = [sys.executable, "-m", "politburo_sim.cli.app"]
#: Seconds for what takes a moment, on a machine with much else to do.
PATIENCE = 60

EXPERIMENT = """\
id = "long"
title = "Long"
question = "Does it end?"
scenario = "equal-body"
outcomes = ["established"]

[levers]
unity = [0, 1]

[design]
kind = "grid"
replicates = 5000
quick = 5000
"""
#: Histories a hundred times slower than usual: those begun together take minutes.
HEAVY = "\n[constants]\nforesight = 1\nforesight_depth = 16\norganising = 1\n"


@contextmanager
def begun(*words: str, folder: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A command in a process of its own, which does not outlive the test."""
    with subprocess.Popen(
        [*COMMAND, *words], cwd=folder, env={**os.environ, **environment},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def wait_until(process: subprocess.Popen[str], so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not so():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)


def stopped(process: subprocess.Popen[str], by: signal.Signals) -> list[str]:
    """Send a signal; the lines that the process leaves on standard error."""
    process.send_signal(by)
    said = process.communicate(timeout=PATIENCE / 4)[1]
    assert process.returncode == 128 + by, said
    return said.splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "a folder; with 'odd' $characters"
    home.mkdir()
    (home / "long.toml").write_text(EXPERIMENT, encoding="utf-8")
    (home / "heavy.toml").write_text(
        EXPERIMENT.replace("equal-body", "ussr-1922") + HEAVY, encoding="utf-8"
    )
    return home


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_heavy_sweep_ends_and_says_how_to_go_on(folder: Path, by: signal.Signals) -> None:
    out = folder / "out"
    with begun("sweep", "heavy.toml", "--out", str(out), folder=folder) as process:
        wait_until(process, (out / "manifest.json").exists)
        time.sleep(2)  # by now the histories are being run
        line = stopped(process, by)[-1]
    assert shlex.split(line) == [
        "politburo-sim", "sweep", "heavy.toml", "--out", str(out), "--resume",
    ]  # fmt: skip


def test_what_is_finished_is_kept_and_the_printed_command_goes_on_with_it(folder: Path) -> None:
    first, second = (store.chunk_path(folder / "my out" / "runs", n) for n in (0, 1))
    with begun("sweep", "long.toml", "--out", "my out", folder=folder) as process:
        wait_until(process, first.exists)
        line = stopped(process, signal.SIGINT)[-1]
    assert first.is_file()
    made = first.stat().st_mtime_ns
    subprocess.run([*COMMAND, *shlex.split(line)[1:], "--quiet"], cwd=folder, check=True)
    assert second.is_file()
    assert first.stat().st_mtime_ns == made
    assert (folder / "my out" / "report.html").is_file()


def test_compiling_is_said_first_and_can_be_stopped(folder: Path) -> None:
    words, cache = ("sweep", "long.toml", "--out", "out"), str(folder / "new")
    with begun(*words, folder=folder, POLITBURO_SIM_CACHE=cache) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Compiling the rules for this size of world")
        wait_until(process, (folder / "out" / "manifest.json").exists)
        time.sleep(5)  # by now the rules are being compiled, and nothing is finished
        finished = [name for _, _, names in os.walk(folder / "out") for name in names]
        assert not any(name.endswith(".parquet") for name in finished)
        assert stopped(process, signal.SIGINT)[-1].endswith("--resume")


def test_a_single_run_is_stopped_while_it_compiles_and_keeps_nothing(folder: Path) -> None:
    words, cache = ("run", "equal-body"), str(folder / "new")
    with begun(*words, folder=folder, POLITBURO_SIM_CACHE=cache) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Compiling the rules for this size of world")
        time.sleep(2)
        assert stopped(process, signal.SIGTERM) == ["Stopped."]


def test_a_signal_that_is_ignored_stays_ignored(folder: Path) -> None:
    """As SIGHUP under nohup."""
    script = (
        "import signal, time; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
        "from politburo_sim.cli.stop import heed_signals; heed_signals();"
        "signal.raise_signal(signal.SIGHUP); time.sleep(0.5); print('alive')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "alive\n")


def test_each_size_of_world_and_each_driver_is_compiled_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "_folder", tmp_path)
    small, same, large = (
        new_record(Body, {"N": slots, "D": 1, "K": 1, "S": 1, "P": 1})[1] for slots in (8, 8, 16)
    )
    compiled.note_compiled("engine", small)
    assert compiled.is_compiled("engine", same)
    assert not compiled.is_compiled("model", same)
    assert not compiled.is_compiled("engine", large)
