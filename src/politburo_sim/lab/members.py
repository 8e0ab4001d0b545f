"""Members of one's own by name: module:Class, on the command line and in a manifest."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import sys
from pathlib import Path

from politburo_sim.files.errors import InputError, suggest
from politburo_sim.run.member import Member

_ALLOWED = "module:Class, a subclass of Member at the top of a module that can be imported"


def member_named(name: str | None) -> type[Member]:
    """The class of members that module:Class names, plain ones where nothing is named; modules of
    the current folder are found.

    Raises
    ------
    InputError
        If there is no such module or class, or it is no kind of Member.
    """
    if name is None:
        return Member
    module, _, title = name.partition(":")
    if not module or not title:
        raise _wrong("no name of a class", name, "as in --member mine:Faithful, with mine.py here")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        found = importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise _wrong(
            f"no module named {error.name}", name, "run it from the folder that the module lies in"
        ) from None
    except Exception as error:
        raise _wrong(
            f"{module} cannot be imported: {type(error).__name__}: {error}", name,
            f"python -c 'import {module}' shows where",
        ) from error  # fmt: skip
    kind = vars(found).get(title)
    known = [word for word, it in vars(found).items() if _is_own(it)]
    if kind is None:
        raise _wrong(
            f"{module} has no class {title}{suggest(title, known)}", name,
            f"of Member's kind it has: {', '.join(known) or 'none'}",
        )  # fmt: skip
    if not (isinstance(kind, type) and issubclass(kind, Member)):
        raise _wrong(
            f"{title} is no subclass of Member", name,
            f"class {title}(Member): ..., from politburo_sim import Member",
        )  # fmt: skip
    return kind


def name_of(kind: type[Member]) -> str:
    """The name under which `member_named` finds a class again."""
    return f"{kind.__module__}:{kind.__qualname__}"


def described(kind: type[Member]) -> dict[str, str]:
    """What a manifest says of members of one's own, nothing of plain ones: the class, and a hash of
    the file that it is written in, another text of which is another plan.
    """
    if kind is Member:
        return {}
    file = inspect.getsourcefile(kind)
    text = b"" if file is None else Path(file).read_bytes()
    return {
        "members": name_of(kind), "members_text": hashlib.blake2b(text, digest_size=8).hexdigest()
    }  # fmt: skip


def _is_own(it: object) -> bool:
    return isinstance(it, type) and issubclass(it, Member) and it is not Member


def _wrong(problem: str, given: str, hint: str) -> InputError:
    return InputError(problem, key="--member", given=given, allowed=_ALLOWED, hint=hint)
