"""What a shell offers while a command is typed: names of worlds, experiments, claims, parameters.

Nothing heavy is imported: a shell asks at each press of the tab key. Typer keeps of these what
begins with what is typed.
"""

from __future__ import annotations

import tomllib

from politburo_sim.files.locate import folder, names


def worlds(typed: str) -> list[str]:
    """Names of shipped worlds; behind a `+` the next world that is joined to those before it."""
    before, plus, _ = typed.rpartition("+")
    return [f"{before}{plus}{name}" for name in names("scenarios")]


def experiments() -> list[str]:
    """Names of shipped experiments."""
    return names("experiments")


def anything() -> list[str]:
    """Names of shipped files of every kind that `show` and `check` know."""
    return [name for kind in ("scenarios", "experiments", "records") for name in names(kind)]


def claims() -> list[str]:
    """Ids of the essay's claims."""
    with (folder("seeds") / "claims.toml").open("rb") as file:
        return [claim["id"] for claim in tomllib.load(file)["claims"]]


def settings() -> list[str]:
    """Parameters with the sign of equality behind them, for --set."""
    from politburo_sim.state.parameters import TABLE

    return [f"{name}=" for name in ("unity", *(p.name for p in TABLE))]
