"""What a shell offers while a command is typed: names of worlds, experiments, claims, parameters.

Nothing heavy is imported: a shell asks at each press of the tab key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable

from politburo_sim.files.locate import folder, names


def worlds(typed: str) -> list[str]:
    """Names of shipped worlds; behind a `+` the next world that is joined to those before it."""
    before, plus, last = typed.rpartition("+")
    return [f"{before}{plus}{name}" for name in _beginning(last, names("scenarios"))]


def experiments(typed: str) -> list[str]:
    """Names of shipped experiments."""
    return _beginning(typed, names("experiments"))


def anything(typed: str) -> list[str]:
    """Names of shipped files of every kind that `show` and `check` know."""
    kinds = ("scenarios", "experiments", "records")
    return _beginning(typed, (name for kind in kinds for name in names(kind)))


def claims(typed: str) -> list[str]:
    """Ids of the essay's claims."""
    with (folder("seeds") / "claims.toml").open("rb") as file:
        return _beginning(typed, (claim["id"] for claim in tomllib.load(file)["claims"]))


def settings(typed: str) -> list[str]:
    """Parameters with the sign of equality behind them, for --set."""
    from politburo_sim.state.parameters import TABLE

    return _beginning(typed, (f"{name}=" for name in ("unity", *(p.name for p in TABLE))))


def _beginning(typed: str, known: Iterable[str]) -> list[str]:
    return [name for name in known if name.startswith(typed)]
