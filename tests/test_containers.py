"""What containers are made from names files, commands and targets that there are.

No container is built here; `hadolint Dockerfile` looks at the file's form.
"""

import json
import re
import tomllib
from pathlib import Path

import pytest
from test_cli import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
TARGETS = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))


def lines(instruction: str) -> list[str]:
    return re.findall(rf"^{instruction} +(.*)$", DOCKERFILE, re.MULTILINE)


def test_what_the_image_copies_is_there_and_is_let_through() -> None:
    through = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let = [line[1:] for line in through if line.startswith("!")]
    copied = {name for line in lines("COPY") for name in line.split()[:-1]}
    assert copied == set(let)
    for name in copied:
        assert (ROOT / name).exists(), name


def test_the_image_copies_all_that_a_wheel_is_built_from() -> None:
    hook = (ROOT / "hatch_build.py").read_text(encoding="utf-8")
    shipped = re.findall(r'"(\w+)"', re.findall(r"^SHIPPED = (.*)$", hook, re.MULTILINE)[0])
    copied = {name for line in lines("COPY") for name in line.split()[:-1]}
    assert {*shipped, "src", "pyproject.toml", "hatch_build.py"} <= copied


def test_the_image_runs_the_page_as_somebody_without_rights() -> None:
    assert lines("USER")[-1] not in ("root", "0")
    (words,) = [json.loads(line) for line in lines("CMD")]
    assert words[:2] == ["politburo-sim", "view"]
    known = {option: p for p in COMMANDS[("view",)].params for option in p.opts}
    assert {word for word in words if word.startswith("--")} <= known.keys()
    (port,) = lines("EXPOSE")
    assert known["--port"].default == int(port)
    assert f"localhost:{port}/" in lines("HEALTHCHECK")[0]


def test_the_devcontainer_and_binder_name_what_is_there() -> None:
    said = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert said["postCreateCommand"] == "make .venv/.test-installed"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8")
    for extra in re.findall(r"^\.\[(\w+)\]", wanted, re.MULTILINE):
        assert extra in project["optional-dependencies"]
    (constraint,) = re.findall(r"^--constraint (\S+)", wanted, re.MULTILINE)
    assert (ROOT / "binder" / constraint).is_file()
    minor = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    assert any(minor.replace("python-", "Python :: ") in line for line in project["classifiers"])


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/install.md"])
def test_pages_name_targets_of_make_that_there_are(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"(?:^|`)make ([\w-]+)", text, re.MULTILINE)
    assert named and set(named) <= TARGETS
