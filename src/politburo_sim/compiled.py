"""How rules are compiled: one decorator, one cache folder named after the sources.

numba's own cache notices an edit only in the file that holds a function, not in the files
it calls. The folder is therefore keyed by a hash of every file that takes part in the
month, by numba's version and by the CPU, so that a stale rule can never be run.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import config as _config

config: Any = _config

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
    "no_cfunc_wrapper": True,
}
_HERE = Path(__file__).parent


def source_hash() -> str:
    """Hash of all compiled sources, numba's version and the CPU family."""
    digest = hashlib.blake2b(digest_size=8)
    files = [
        *sorted((_HERE / "rules").glob("*.py")),
        *(_HERE / name for name in ("parameters.py", "draws.py", "engine.py", "compiled.py")),
    ]
    for file in files:
        if file.exists():
            digest.update(file.name.encode() + file.read_bytes())
    cpu = config.CPU_NAME or platform.processor() or platform.machine()
    digest.update(f"{numba.__version__}|{cpu}|{platform.python_version()}".encode())
    return digest.hexdigest()


def cache_folder() -> Path:
    """Where compiled code is kept: POLITBURO_SIM_CACHE, else the user's cache folder."""
    chosen = os.environ.get("POLITBURO_SIM_CACHE")
    base = Path(chosen) if chosen else _user_cache() / "politburo-sim"
    return base / source_hash()


def _user_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def rule(function: Function) -> Function:
    """Compile a rule without fast maths, releasing the interpreter lock."""
    previous, config.CACHE_DIR = config.CACHE_DIR, str(cache_folder_once())
    try:
        compiled = numba.njit(**_OPTIONS)(function)
    finally:
        config.CACHE_DIR = previous
    return cast(Function, compiled)


def is_compiled(driver: str, *records: Any) -> bool:
    """Whether this machine has compiled a driver ("model", "engine") for records of such layouts.

    Rules are compiled anew for every size of world (`rules.body.room`).
    """
    return _mark(driver, records).exists()


def note_compiled(driver: str, *records: Any) -> None:
    """Keep in mind that a driver has been compiled for records of such layouts."""
    _mark(driver, records).touch()


def _mark(driver: str, records: tuple[Any, ...]) -> Path:
    layouts = "|".join(repr(record.dtype) for record in records)
    name = hashlib.blake2b(layouts.encode(), digest_size=8).hexdigest()
    return cache_folder_once() / f"{driver}-{name}.compiled"


_folder: Path | None = None


def cache_folder_once() -> Path:
    """`cache_folder`, worked out once a process."""
    global _folder
    if _folder is None:
        _folder = cache_folder()
        _folder.mkdir(parents=True, exist_ok=True)
    return _folder
