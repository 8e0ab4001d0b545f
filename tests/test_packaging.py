"""What is built can be installed, and then finds its own worlds from any folder."""

import json
import os
import site
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
KEPT = (".py", ".html", ".css", ".js", ".vue", ".typed", ".csv")
KINDS = ("scenarios", "experiments", "seeds", "records")

pytestmark = pytest.mark.long


def call(*words: str | Path, cwd: Path = ROOT) -> str:
    """Run something far from the checkout's own settings; what it prints."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if cwd != ROOT:  # what is compiled for a copy that is thrown away goes with it
        environment["POLITBURO_SIM_CACHE"] = str(cwd)
    done = subprocess.run(
        list(map(str, words)), cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an sdist, and of the wheel that was built from it alone."""
    folder = tmp_path_factory.mktemp("dist")
    alone = [] if find_spec("hatchling") is None else ["--no-isolation"]
    call(sys.executable, "-m", "build", *alone, "--outdir", folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    return next(built.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of a fresh environment that holds the wheel and sees our dependencies."""
    home = tmp_path_factory.mktemp("venv")
    call(sys.executable, "-m", "venv", home)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    call(scripts / "python", "-m", "pip", "install", "--no-deps", "--no-index", wheel)
    where = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    packages = Path(call(scripts / "python", "-c", where).strip())
    # Searched after its own; a line of a .pth file adds a folder, but none of that folder's .pth
    # files, such as the one of an editable install.
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()) + "\n", "utf-8")
    return scripts


def shipped() -> set[str]:
    return {
        f"{kind}/{path.name}"
        for kind in KINDS
        for path in (ROOT / kind).iterdir()
        if path.suffix == ".toml"
    }


def test_the_wheel_holds_the_package_and_all_that_is_shipped(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
    assert {f"politburo_sim/data/{name}" for name in shipped()} <= names
    sources = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src" / "politburo_sim").rglob("*")
        if path.is_file()
        and path.suffix in (".py", ".html", ".css", ".js", ".vue", ".typed", ".csv")
    }
    assert sources <= names
    outside = {name.split("/")[0] for name in names}
    assert {part.split("-")[0] for part in outside} == {"politburo_sim"}, "something stray"


def test_the_source_archive_holds_what_tests_and_builds_need(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "tests/test_cli.py"):
        assert name in names
    assert shipped() <= names
    assert not any(name.startswith(("results/", ".venv/", ".git/")) for name in names)


def test_the_installed_package_is_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    code = "import politburo_sim; print(politburo_sim.__file__)"
    place = Path(call(installed / "python", "-c", code, cwd=tmp_path).strip())
    assert installed.parent in place.parents
    assert ROOT not in place.parents


def test_the_installed_command_says_its_version(installed: Path, tmp_path: Path) -> None:
    number = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert call(installed / "politburo-sim", "--version", cwd=tmp_path) == (
        f"politburo-sim {number}\n"
    )


def test_the_installed_command_finds_the_shipped_files(installed: Path, tmp_path: Path) -> None:
    command = installed / "politburo-sim"
    said = json.loads(call(command, "list", "--json", cwd=tmp_path))
    listed = [kind for kind in KINDS if kind != "seeds"]
    ours = {kind: sorted(path.stem for path in (ROOT / kind).glob("*.toml")) for kind in listed}
    assert {kind: said[kind] for kind in ours} == ours
    every = [name for kind in listed for name in said[kind]]
    lines = call(command, "check", *every, cwd=tmp_path).splitlines()
    assert lines == [f"{name}: sound" for name in every]


def test_the_installed_command_runs_the_same_history(installed: Path, tmp_path: Path) -> None:
    words = ("run", "ussr-1922", "--seed", "7", "--json")
    ours = call(sys.executable, "-m", "politburo_sim.cli.app", *words)
    assert call(installed / "politburo-sim", *words, cwd=tmp_path) == ours
