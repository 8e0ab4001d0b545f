"""Where the shipped files are: the checkout's folders, or the package's own copy once installed.

Every reader of a world, a question or the claims asks here, so that a name means the same file from
any folder and after any kind of install.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from politburo_sim.files.errors import InputError, suggest

KINDS = ("scenarios", "experiments", "seeds", "records")
"""The folders of shipped files; a wheel carries each under ``data/`` (see ``hatch_build.py``)."""

SUFFIX = ".toml"
_PACKAGE = Path(__file__).resolve().parents[1]


def folder(kind: str) -> Path:
    """Return the folder that holds the shipped files of a kind.

    From source this is the checkout's own folder, so that an edit counts at once; a copy made by an
    editable install would go stale unseen.
    """
    if kind not in KINDS:
        raise ValueError(f"no such kind of file: {kind!r}; allowed: {', '.join(KINDS)}")
    return _home(_PACKAGE) / kind


def names(kind: str) -> list[str]:
    """Return the names of the shipped files of a kind, without suffix, in alphabetical order."""
    return sorted(path.stem for path in folder(kind).glob(f"*{SUFFIX}"))


def meant(kind: str, name: str) -> str | None:
    """Return the shipped name that is meant: as it stands, or an experiment by its id (``E4``)."""
    shipped = names(kind)
    if name in shipped:
        return name
    if kind != "experiments" or not name[1:].isdigit():
        return None
    return next((one for one in shipped if one.partition("-")[0] == name.casefold()), None)


def find(kind: str, name: str, raises: type[InputError] = InputError) -> Path:
    """Return the file meant by a shipped name or by a path.

    A bare shipped name (``ussr-1922``; ``E4``, the id of an experiment) always means the shipped
    file, whatever lies in the current folder; anything else that exists as a file is taken as it
    is; last, ``ussr-1922.toml`` is the shipped file as well.

    Raises
    ------
    InputError
        Of the kind asked for, if nothing of that name exists, or what exists is not a file.
    """
    shipped = names(kind)
    if (own := meant(kind, name)) is not None:
        return folder(kind) / f"{own}{SUFFIX}"
    path = Path(name)
    if is_file(path):
        return path
    if name.removesuffix(SUFFIX) in shipped:
        return folder(kind) / name
    raise _not_found(kind, path, shipped, raises)


def _home(package: Path) -> Path:
    checkout = package.parents[1]
    from_source = package.parent.name == "src" and (checkout / "pyproject.toml").is_file()
    return checkout if from_source else package / "data"


def is_file(path: Path) -> bool:
    """Whether there is a file; not where the system cannot have one of such a name."""
    return _is(Path.is_file, path)


def _is(what: Callable[[Path], bool], path: Path) -> bool:
    try:
        return what(path)
    except (OSError, ValueError):  # a name too long for the system, or with a null character
        return False


def _not_found(kind: str, path: Path, shipped: list[str], raises: type[InputError]) -> InputError:
    if _is(Path.is_dir, path):
        problem = "is a folder, not a file"
    else:
        beside = path.with_name(f"{path.name}{SUFFIX}")
        near = f", did you mean '{beside}'?" if is_file(beside) else suggest(path.stem, shipped)
        problem = f"no such file{near}"
    return raises(
        problem,
        file=path,
        allowed=f"the path of a {SUFFIX} file, or one of: {', '.join(shipped) or 'none shipped'}",
        hint=f"politburo-sim list shows the shipped {kind}",
    )
