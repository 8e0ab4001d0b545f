"""What a result was made from, so that any of its rows can be made again."""

from __future__ import annotations

import hashlib
import json
import platform
import shlex
import subprocess
from collections.abc import Mapping
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any

from politburo_sim.files.errors import ResultError
from politburo_sim.lab.store import cannot_write, key_of, make_folder, write_text
from politburo_sim.state.draws import SCHEME
from politburo_sim.worlds.schema import Scenario

SCHEMA = 2
_LIBRARIES = ("mesa", "numpy", "numba", "pandas", "pyarrow", "scipy")
_PACKAGE = Path(__file__).resolve().parents[1]


def commit() -> str | None:
    """The commit of the source tree, marked where files differ from it; None once installed."""
    if _PACKAGE.parent.name != "src":
        return None  # a repository around an installed package is somebody else's
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--exclude=*", "--abbrev=40", "--dirty=+changes"],
            cwd=_PACKAGE, capture_output=True, text=True, check=True, timeout=5,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def typed(*words: object, **options: object) -> str:
    """What is typed to make a result again: the program, some words, and options with their values.

    A switch is True, an option that is given several times a list; what is None or False was not
    given.

    Examples
    --------
    >>> typed("sweep", "my file.toml", quick=True, runs=None, set=["unity=0.5", "switching=0"])
    "politburo-sim sweep 'my file.toml' --quick --set unity=0.5 --set switching=0"
    """
    said = ["politburo-sim", *map(str, words)]
    for name, given in options.items():
        option = f"--{name.replace('_', '-')}"
        for value in given if isinstance(given, list) else [given]:
            if value is True:
                said.append(option)
            elif value is not None and value is not False:
                said += [option, str(value)]
    return shlex.join(said)


def rules_hash() -> str:
    """Hash of the sources that decide what happens in a run, the same on every machine."""
    digest = hashlib.blake2b(digest_size=8)
    rooms = [*sorted((_PACKAGE / "state").glob("*.py")), *sorted((_PACKAGE / "rules").glob("*.py"))]
    runs = [_PACKAGE / "run" / "engine.py", _PACKAGE / "run" / "recorded.py"]
    for file in [*rooms, *runs, _PACKAGE / "worlds" / "world.py"]:
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def write_manifest(folder: Path, **said: Any) -> Path:
    """Write manifest.json: versions, platform, all that the caller says of the run, a checksum."""
    manifest = {
        "schema": SCHEMA,
        "package": version("politburo-sim"),
        "commit": commit(),
        "draws": SCHEME,
        "rules": rules_hash(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "python": platform.python_version(),
        "machine": platform.machine(),
        **said,
    }
    path = folder / "manifest.json"
    write_text(path, sealed(manifest))
    return path


def sealed(said: dict[str, Any]) -> str:
    """What a manifest says as text, with its checksum."""
    whole = {**said, "checksum": _checksum(said)}
    return json.dumps(whole, indent=1, sort_keys=True) + "\n"


def _checksum(said: dict[str, Any]) -> str:
    rest = {key: value for key, value in said.items() if key != "checksum"}
    return key_of(json.loads(json.dumps(rest)))


def plain_world(scenario: Scenario, settings: Mapping[str, float]) -> dict[str, Any]:
    """A world and what is set in it, as a manifest has them: without what is as ever."""
    said = scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"scenario": said, "settings": dict(settings)}


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of an experiment.

    Raises
    ------
    ResultError
        If the folder holds none, or its manifest is damaged.
    """
    path = folder / "manifest.json"
    if not path.is_file():
        raise ResultError(
            "no result here", file=folder, allowed="the folder of an experiment",
            hint="politburo-sim sweep EXPERIMENT --out FOLDER makes one",
        )  # fmt: skip
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        whole = {"kind", "experiment", "scenario", "effort"} <= said.keys()
        # Manifests of the first schema have no checksum.
        whole = whole and (said["schema"] == 1 or said["checksum"] == _checksum(said))
    except (OSError, ValueError, AttributeError, KeyError, RecursionError):
        whole = False
    if not whole and _intact(path):
        raise ResultError(
            "a result, but not that of an experiment", file=folder,
            allowed="the folder of an experiment, or a new one",
            hint="politburo-sim sweep EXPERIMENT --out FOLDER makes one",
        )  # fmt: skip
    if not whole:
        raise _damaged(path)
    return dict(said)


def _intact(path: Path) -> bool:
    """Whether a manifest is as it was left, whatever it is of."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return bool(said["checksum"] == _checksum(said))
    except (OSError, ValueError, AttributeError, KeyError, TypeError, RecursionError):
        return False


def _damaged(path: Path) -> ResultError:
    return ResultError(
        "not the manifest of an experiment, or damaged", file=path,
        allowed="as politburo-sim left it", hint="run it again in a new folder",
    )  # fmt: skip


def read_forecasts(folder: Path) -> dict[str, str]:
    """Read which forecasts a folder's manifest names, each with its SHA-256; none without one.

    Raises
    ------
    ResultError
        If the manifest is damaged.
    """
    path = folder / "manifest.json"
    if not path.is_file():
        return {}
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")).get("forecasts", {}))
    except (OSError, ValueError, AttributeError, TypeError):
        raise _damaged(path) from None


def folder_for(said: dict[str, Any], usual: Path, out: Path | None = None) -> Path:
    """Where a result goes, so that no other is written over.

    That is `out`, or the usual folder or the first of usual-2, usual-3 and so on that is free or
    holds the result of the same plan: asked again, the same question has the same answer.

    Raises
    ------
    ResultError
        If `out` holds anything else.
    """
    if out is not None:
        if out.exists() and not out.is_dir():
            raise ResultError(
                "a file, not a folder", file=out, allowed="a new or an empty folder",
                hint="give a folder with --out",
            )  # fmt: skip
        if _taken(out, said):
            raise ResultError(
                "the folder already holds another result", file=out,
                allowed="a new or an empty folder, or one with the answer to the same question",
                hint="give another folder with --out",
            )  # fmt: skip
        return out
    tried = (usual.with_name(f"{usual.name}-{n}") if n > 1 else usual for n in count(1))
    return next(folder for folder in tried if not _taken(folder, said))


def open_folder(said: dict[str, Any], usual: Path, out: Path | None = None) -> Path:
    """Make the folder of `folder_for`, and try it, before anything is run for it.

    Raises
    ------
    ResultError
        As `folder_for`; or if it cannot be written to.
    """
    return make_folder(folder_for(said, usual, out))


def _taken(folder: Path, said: dict[str, Any]) -> bool:
    """Whether a folder holds something that is not the result of this plan under these rules."""
    try:
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return False
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        old = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return True
    if not isinstance(old, dict):
        return True
    return bool(old.get("rules") != rules_hash() or any(old.get(k) != v for k, v in said.items()))
