"""How rules are compiled: one decorator, one cache folder named after the sources.

numba's own cache notices an edit only in the file that holds a function, not in the files
it calls. The folder is therefore keyed by a hash of every file that takes part in the
month, by numba's version and by the CPU, so that a stale rule can never be run.

In machine code numba names a layout of records by a number, in the order in which a process meets
layouts. Two sizes of world that two processes had compiled were then one name in a third that used
both, and the rules of one ran on the records of the other. Here the name tells the layout, and so
does the name of the file in which the code is kept.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any, TypeVar, cast

import numba
from numba.core import caching as _caching
from numba.core import config as _config
from numba.core import types as _types

from politburo_sim.state.linking import linked

config: Any = _config
types: Any = _types
caching: Any = _caching
# numba leaves this pass out by default; without it short loops never become vector code.
config.SLP_VECTORIZE = 1


def _name_of_layout(record: Any) -> tuple[str, tuple[str]]:
    """A record's part in the names of compiled functions: the same in every process."""
    layout = hashlib.blake2b(str(record).encode(), digest_size=8).hexdigest()
    return type(record).__name__, (layout,)


types.Record.mangling_args = property(_name_of_layout)


class Shelf(caching.IndexDataCacheFile):  # type: ignore[misc]
    """Compiled code of one rule, a file for each layout.

    numba numbers these files. Two processes that compiled a rule for two layouts at once took one
    number, and the code for one was found under the other. If both write the index at once an entry
    is lost, and that layout is compiled again.
    """

    def save(self, key: Any, data: Any) -> None:
        """Keep what was compiled for a key, under a name that is the key's own."""
        own = hashlib.blake2b(repr(key).encode(), digest_size=8).hexdigest()
        name = f"{Path(self._index_name).stem}.{own}.nbc"
        self._save_data(name, data)
        self._save_index({**self._load_index(), key: name})


Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
    "no_cfunc_wrapper": True,
    "_nrt": False,  # rules make no arrays, so none has to be counted
}
_PACKAGE = Path(__file__).resolve().parents[1]


def source_hash() -> str:
    """Hash of all compiled sources, numba's version and the CPU family."""
    digest = hashlib.blake2b(digest_size=8)
    files = [
        *sorted((_PACKAGE / "state").glob("*.py")),
        *sorted((_PACKAGE / "rules").glob("*.py")),
        _PACKAGE / "run" / "engine.py",
        _PACKAGE / "run" / "recorded.py",
    ]
    for file in files:
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
        compiled: Any = numba.njit(**_OPTIONS)(function)
        if not config.DISABLE_JIT:
            compiled._cache._cache_file.__class__ = Shelf
            compiled = linked(compiled, **_OPTIONS)
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


def plain(modules: Sequence[ModuleType], **others: Callable[..., Any]) -> list[SimpleNamespace]:
    """Rules of some modules as plain Python, with `others` in the place of what they call by name.

    Each module's rules call one another's plain versions, and the compiled ones of all other
    modules.
    """
    spaces = [dict(vars(module)) for module in modules]
    made: dict[int, FunctionType] = {}
    for module, names in zip(modules, spaces, strict=True):
        for name, it in vars(module).items():
            if getattr(it, "__module__", "") == module.__name__ and hasattr(it, "py_func"):
                made[id(it)] = FunctionType(it.py_func.__code__, names, name)
    for names in spaces:
        names.update({name: made[id(it)] for name, it in names.items() if id(it) in made})
        names.update({name: it for name, it in others.items() if name in names})
    return [SimpleNamespace(**names) for names in spaces]
