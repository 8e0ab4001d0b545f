"""What a result was made from, so that any of its rows can be made again."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

from politburo_sim.files.errors import ResultError
from politburo_sim.lab.store import write_text
from politburo_sim.state.draws import SCHEME

SCHEMA = 1
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


def rules_hash() -> str:
    """Hash of the sources that decide what happens in a run, the same on every machine."""
    digest = hashlib.blake2b(digest_size=8)
    rooms = [*sorted((_PACKAGE / "state").glob("*.py")), *sorted((_PACKAGE / "rules").glob("*.py"))]
    for file in [*rooms, _PACKAGE / "run" / "engine.py", _PACKAGE / "worlds" / "world.py"]:
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def write_manifest(folder: Path, **said: Any) -> Path:
    """Write manifest.json: versions, platform, and all that the caller says of the run."""
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
    write_text(path, json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    return path


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
    except (OSError, ValueError, AttributeError):
        whole = False
    if not whole:
        raise ResultError(
            "not the manifest of an experiment, or damaged", file=path,
            allowed="as politburo-sim sweep left it", hint="run it again in a new folder",
        )  # fmt: skip
    return dict(said)
