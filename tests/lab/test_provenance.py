"""What a result says it was made from, and that no result is written over another."""

import hashlib
import json
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from politburo_sim.files.errors import ResultError
from politburo_sim.lab import provenance
from politburo_sim.lab.provenance import (
    folder_for,
    open_folder,
    read_forecasts,
    read_manifest,
    rules_hash,
    sealed,
    write_manifest,
)
from politburo_sim.state.draws import SCHEME

PLAN = {"kind": "sweep", "experiment": {"id": "a"}, "scenario": "w", "effort": {"runs": 2}}


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=n", "-c", "user.email=e@example.org", *words], cwd=folder,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_the_commit_is_named_in_full_and_marked_where_files_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "src" / "package"
    package.mkdir(parents=True)
    (package / "a.py").write_text("1")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "one")
    git(tmp_path, "tag", "-a", "v1", "-m", "a name that is not to be used")
    monkeypatch.setattr(provenance, "_PACKAGE", package)
    commit = git(tmp_path, "rev-parse", "HEAD")
    assert provenance.commit() == commit
    (package / "a.py").write_text("2")
    assert provenance.commit() == f"{commit}+changes"


def test_an_installed_package_and_a_folder_without_git_have_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "one")
    monkeypatch.setattr(provenance, "_PACKAGE", tmp_path / "site-packages" / "package")
    assert provenance.commit() is None
    (tmp_path / "src" / "package").mkdir(parents=True)
    monkeypatch.setattr(provenance, "_PACKAGE", tmp_path / "src" / "package")
    monkeypatch.setenv("PATH", str(tmp_path))  # nor where git is not there
    assert provenance.commit() is None


def test_git_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **how: object) -> None:
        assert how["timeout"] == 5
        raise subprocess.TimeoutExpired("git", 5)

    monkeypatch.setattr(subprocess, "run", slow)
    assert provenance.commit() is None


def test_a_manifest_says_what_it_was_made_from(tmp_path: Path) -> None:
    path = write_manifest(tmp_path, **PLAN)
    assert path == tmp_path / "manifest.json"
    text = path.read_text(encoding="utf-8")
    assert text.startswith('{\n "checksum"')
    assert text.endswith("}\n")
    said = json.loads(text)
    assert list(said) == sorted(said)
    checksum = said.pop("checksum")
    assert len(checksum) == 32
    libraries = {
        name: version(name) for name in ("mesa", "numpy", "numba", "pandas", "pyarrow", "scipy")
    }
    assert said == PLAN | {
        "schema": 2, "package": version("politburo-sim"), "commit": provenance.commit(),
        "draws": SCHEME, "rules": rules_hash(), "libraries": libraries,
        "python": platform.python_version(), "machine": platform.machine(),
    }  # fmt: skip
    assert read_manifest(tmp_path) == said | {"checksum": checksum}


def test_the_hash_of_the_rules_is_over_names_and_contents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("state/b.py", "state/a.py", "rules/c.py", "run/engine.py", "run/recorded.py",
             "worlds/world.py")  # fmt: skip
    for name in (*names, "worlds/else.py", "state/not.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"in {name}")
    monkeypatch.setattr(provenance, "_PACKAGE", tmp_path)
    digest = hashlib.blake2b(digest_size=8)
    for name in ("state/a.py", "state/b.py", *names[2:]):
        digest.update(f"{Path(name).name}in {name}".encode())
    assert rules_hash() == digest.hexdigest()


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[1]", "null", sealed({"kind": "sweep", "schema": 2}), sealed(PLAN),
     sealed(PLAN | {"schema": 2}).replace("sweep", "swept"), json.dumps(PLAN | {"schema": 2}),
     "[" * 100_000],
)  # fmt: skip
def test_a_damaged_manifest_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(ResultError, match="damaged"):
        read_manifest(tmp_path)


def test_a_manifest_of_the_first_schema_has_no_checksum(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(PLAN | {"schema": 1, "text": "\u00e9"}))
    assert read_manifest(tmp_path) == PLAN | {"schema": 1, "text": "\u00e9"}


def test_a_folder_without_a_manifest_is_told(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="no result here"):
        read_manifest(tmp_path)
    with pytest.raises(ResultError, match="no result here"):
        read_manifest(tmp_path / "not there")
    assert read_forecasts(tmp_path) == {}


def test_forecasts_are_read_from_a_manifest(tmp_path: Path) -> None:
    write_manifest(tmp_path, kind="forecast", forecasts={"b\u00f6dy": "1f"})
    assert read_forecasts(tmp_path) == {"b\u00f6dy": "1f"}
    write_manifest(tmp_path, kind="forecast")
    assert read_forecasts(tmp_path) == {}
    for text in ("{", "[1]", '{"forecasts": 5}'):
        (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
        with pytest.raises(ResultError, match="damaged"):
            read_forecasts(tmp_path)


def test_the_usual_folder_or_the_next_that_is_free(tmp_path: Path) -> None:
    usual = tmp_path / "answer"
    assert folder_for(PLAN, usual) == usual
    usual.mkdir()
    assert folder_for(PLAN, usual) == usual  # empty
    write_manifest(usual, **PLAN, more="said")
    assert folder_for(PLAN, usual) == usual  # the same question
    other = PLAN | {"effort": {"runs": 3}}
    assert folder_for(other, usual) == tmp_path / "answer-2"
    write_manifest(tmp_path / "answer-2", **PLAN)
    assert folder_for(other, usual) == tmp_path / "answer-3"
    write_manifest(tmp_path / "answer-3", **other)
    assert folder_for(other, usual) == tmp_path / "answer-3"


def test_an_answer_under_other_rules_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_manifest(tmp_path / "answer", **PLAN)
    monkeypatch.setattr(provenance, "rules_hash", lambda: "others")
    assert folder_for(PLAN, tmp_path / "answer") == tmp_path / "answer-2"


@pytest.mark.parametrize(
    "held", ["a file", "files", "a damaged manifest", "another", "umlauts", "a list"]
)  # fmt: skip
def test_a_folder_that_was_asked_for_is_not_written_over(tmp_path: Path, held: str) -> None:
    out = tmp_path / "out"
    if held == "a file":
        out.write_text("x")
    else:
        out.mkdir()
        (out / "notes.txt").write_text("x")
    if held == "a damaged manifest":
        (out / "manifest.json").write_text("{")
    if held == "another":
        write_manifest(out, **PLAN | {"scenario": "other"})
    if held == "umlauts":
        (out / "manifest.json").write_bytes(b"\xff\xfe")
    if held == "a list":
        (out / "manifest.json").write_text("[1]")
    said = "a file, not a folder" if held == "a file" else "already holds another result"
    with pytest.raises(ResultError, match=said):
        folder_for(PLAN, tmp_path / "usual", out)
    assert folder_for(PLAN, tmp_path / "usual", tmp_path / "free") == tmp_path / "free"


def test_a_folder_with_the_same_answer_is_taken_again(tmp_path: Path) -> None:
    write_manifest(tmp_path / "out", **PLAN)
    assert folder_for(PLAN, tmp_path / "usual", tmp_path / "out") == tmp_path / "out"


def test_a_folder_is_opened_where_it_goes(tmp_path: Path) -> None:
    write_manifest(tmp_path / "usual", **PLAN | {"effort": {"runs": 3}})
    folder = open_folder(PLAN, tmp_path / "usual")
    assert folder == tmp_path / "usual-2" and folder.is_dir() and not any(folder.iterdir())
    (tmp_path / "file").touch()
    with pytest.raises(ResultError, match="cannot be written"):
        open_folder(PLAN, tmp_path / "usual", tmp_path / "file" / "below")


def test_an_intact_result_of_another_kind_is_not_called_damaged(tmp_path: Path) -> None:
    write_manifest(tmp_path, kind="comparison", command="politburo-sim compare a b")
    with pytest.raises(ResultError, match="a result, but not that of an experiment"):
        read_manifest(tmp_path)
    text = (tmp_path / "manifest.json").read_text(encoding="utf-8")
    (tmp_path / "manifest.json").write_text(text.replace("compare a b", "compare a c"))
    with pytest.raises(ResultError, match="damaged"):
        read_manifest(tmp_path)
