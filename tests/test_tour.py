"""Every command of the README and the tutorials runs, and prints what the page shows."""

import os
import re
import shlex
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from pathlib import Path

import pytest
from test_cli import COMMANDS
from tour import OURS, PAGES, ROOT, Step, call, files, part_of, steps, walk

README = ROOT / "README.md"
#: Commands that go on until they are stopped; tried by themselves.
SERVES = "view"
#: Commands of the table that take up to hours as they stand there; tried smaller.
LESS = {
    "gate": "--quick", "claims": "--quick", "fit": "--quick", "sensitivity": "--quick",
    "scores": "--quick --models coins", "calibrate": "--quick", "evidence": "--quick",
    "power": "--records 1", "classify": "--quick", "bodies": "presidium-1953 --runs 4",
    "forecast": "presidium-1953", "theory": "coalition 3 4 5 10", "compare": "--quick",
    "signs": "--runs 10 --cloud 50", "export": "--futures 20", "odds": "--futures 50",
    "verdicts": "--results results/claims-quick",
}  # fmt: skip


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def of_table() -> list[str]:
    """The commands of the README's table."""
    found = []
    for row in re.findall(r"^\| (`[^|]+) \|", README.read_text(encoding="utf-8"), re.MULTILINE):
        words = re.findall(r"`([^`]+)`", row)
        found += [word if word.startswith(OURS) else f"{OURS} {word}" for word in words]
    return found


TABLE = of_table()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_names_commands_and_options_that_there_are(page: Path) -> None:
    for command in [step.command for step in steps(page)] + TABLE * (page == README):
        first, *words = shlex.split(command)[1:]
        path = next((path for path in COMMANDS if path[0] == first), None)
        assert path, command
        known = {option for parameter in COMMANDS[path].params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, command


def test_what_makes_a_command_smaller_is_an_option_of_it() -> None:
    for first, less in LESS.items():
        groups = [path for path in COMMANDS if path[0] == first]
        known = {o for path in groups for p in COMMANDS[path].params for o in p.opts}
        assert {word for word in less.split() if word.startswith("--")} <= known, first


def test_the_readme_has_a_command_for_every_command() -> None:
    said = {shlex.split(command)[1] for command in TABLE}
    assert {path[0] for path in COMMANDS} - said <= {"ideals", "gallery"}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_file_that_a_page_has_its_reader_save_is_used(page: Path) -> None:
    for name, body in files(page).items():
        tomllib.loads(body)
        assert any(name in step.command for step in steps(page)), name


def test_the_first_history_of_the_readme_is_as_shown(tmp_path: Path) -> None:
    """The only one that is run each time: seconds, where the others take minutes."""
    step = steps(README)[0]
    assert step.command == "politburo-sim run ussr-1922 --seed 7"
    assert part_of(call(step.command, tmp_path).stdout, step.part) == step.shown


def shown_and_printed(step: Step, done: subprocess.CompletedProcess[str]) -> tuple[str, str]:
    assert done.returncode == 0, f"{step.command}\n{done.stderr}"
    return step.shown, part_of(done.stdout, step.part) if step.span else step.shown


@pytest.mark.long
@pytest.mark.parametrize("page", [page for page in PAGES if steps(page)], ids=named)
def test_a_page_shows_what_comes_out(page: Path) -> None:
    seen = 0
    for step, done in walk(page):
        shown, printed = shown_and_printed(step, done)
        assert printed == shown, step.command
        seen += step.span is not None
    assert seen


@pytest.mark.long
def test_every_command_of_the_table_runs(tmp_path: Path) -> None:
    """In one folder and in their order, as a reader goes through them."""
    question = ROOT / "experiments" / "unity-x-opportunism.toml"
    text = question.read_text(encoding="utf-8").replace("unity-x-opportunism", "mine")
    (tmp_path / "my-question.toml").write_text(text, encoding="utf-8")
    (tmp_path / "FILE").write_text((ROOT / "scenarios" / "equal-body.toml").read_text("utf-8"))
    for command in TABLE:
        first, *words = shlex.split(command)[1:]
        if first == SERVES:
            continue
        less = LESS.get(first, "").split()
        if "--given" in words:  # takes seconds, and no number of futures
            less = []
        if first == "ask":
            less = ["--quick"]
        words = ["ussr-1922" if word == "NAME" else word for word in words]
        more = [word for word in less if word not in words]
        done = call(shlex.join([OURS, first, *words, *more]), tmp_path)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert done.stdout.strip(), command


@pytest.mark.long
def test_the_page_answers(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    program = os.environ.get("POLITBURO_SIM_PROGRAM")
    first = [program] if program else [sys.executable, "-m", "politburo_sim.cli.app"]
    words = [*first, "view", "ussr-1922", "--seed", "7", "--port", str(port), "--no-browser"]
    with subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as page:
        try:
            for _ in range(600):
                try:
                    with urllib.request.urlopen(f"http://localhost:{port}/", timeout=10) as answer:
                        assert answer.status == 200 and b"<html" in answer.read()
                    break
                except OSError:
                    assert page.poll() is None, page.stderr and page.stderr.read()
                    time.sleep(0.5)
            else:
                raise AssertionError("the page never answered")
        finally:
            page.terminate()
