"""What a result was made from, so that any of its rows can be made again."""

from __future__ import annotations

import json
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

from politburo_sim import __version__
from politburo_sim.draws import SCHEME

SCHEMA = 1
_LIBRARIES = ("mesa", "numpy", "numba", "pandas", "pyarrow", "scipy")


def commit() -> str | None:
    """The commit of the source tree, where there is one."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=Path(__file__).parent, capture_output=True, text=True, check=True, timeout=5,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def write_manifest(folder: Path, **said: Any) -> Path:
    """Write manifest.json: versions, platform, and all that the caller says of the run."""
    manifest = {
        "schema": SCHEMA,
        "package": __version__,
        "commit": commit(),
        "draws": SCHEME,
        "libraries": {name: version(name) for name in _LIBRARIES},
        "python": platform.python_version(),
        "machine": platform.machine(),
        **said,
    }
    path = folder / "manifest.json"
    path.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path
