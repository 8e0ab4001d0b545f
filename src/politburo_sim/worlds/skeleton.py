"""A skeleton for a new world: a commented file that is sound and runs, to be filled in.

The kinds of body lie beside this module as pieces of a world file, each with the parameters that
its institutions give and the reason for each.
"""

from __future__ import annotations

import re
from importlib.resources import files
from string import Template

from politburo_sim.files.errors import InputError, suggest
from politburo_sim.months import month_index, month_key
from politburo_sim.worlds.checks import LONGEST_RUN

KINDS = ("ruling-party", "cabinet", "revolutionary-committee", "council")
"""The kinds of body that a skeleton can be of."""

MOST_SEATS = 100
_MEMBER = Template("""\
[[members]]
name = "$name"
status = "full"
prestige = {value = $prestige, confidence = "low", source = "placeholder"}
base = {value = $base, confidence = "low", source = "placeholder"}
ideal.economy = {value = $economy, confidence = "low", source = "placeholder"}
ideal.order = {value = $order, confidence = "low", source = "placeholder"}
""")
#: Of the second house so much is beholden to the members; ideals lie between these ends.
_BEHOLDEN, _END = 0.5, 0.6


def skeleton(name: str, kind: str, seats: int, start: str, end: str) -> str:
    """Return the text of a new world's file.

    Parameters
    ----------
    name
        The file's name, without suffix.
    kind
        One of `KINDS`.
    seats
        Full members, from 1 to `MOST_SEATS`.
    start, end
        First and last month, "1990-01", or a whole year, "1990".

    Raises
    ------
    InputError
        If one of them is not allowed.
    """
    first, last = _month("--start", start, "01"), _month("--end", end, "12")
    months = month_index(first, last) + 1
    if not 1 <= months <= LONGEST_RUN:
        raise InputError(
            "no such run", key="--end", given=f"{months} months from {first} to {last}",
            allowed=f"1 to {LONGEST_RUN} months", hint="take another start or end",
        )  # fmt: skip
    if not 1 <= seats <= MOST_SEATS:
        raise InputError(
            "no such number of seats", key="--seats", given=seats, allowed=f"1 to {MOST_SEATS}"
        )
    if kind not in KINDS:
        raise InputError(
            f"no such kind of body{suggest(kind, KINDS)}", key="--kind", given=kind,
            allowed=", ".join(KINDS),
        )  # fmt: skip
    names = [f"Member {place + 1}" for place in range(seats)]
    holders = {word: names[min(place, seats - 1)]
               for place, word in enumerate(("first", "second", "third"))}  # fmt: skip
    later = ", ".join(f'"Person {place + 1}"' for place in range(2 * seats))
    text = Template(_piece("skeleton")).substitute(
        holders, title=name.replace("-", " ").capitalize(), file=f"{name}.toml", start=first,
        end=last, seats=seats, question=month_key(first, min(months - 1, 6)),
        members="\n".join(_members(names)),
        kind=Template(_piece(kind)).substitute(holders, newcomers=later),
    )  # fmt: skip
    return text if seats > 1 else _alone(text)


def _piece(name: str) -> str:
    return files("politburo_sim.worlds").joinpath("kinds", f"{name}.toml").read_text("utf-8")


def _month(key: str, given: str, of_year: str) -> str:
    """Return a month; of a year its first or last one."""
    month = f"{given}-{of_year}" if re.fullmatch(r"[0-9]{4}", given) else given
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month) or month.startswith("0000"):
        raise InputError(
            "no such month", key=key, given=given, allowed='a year, "1990", or a month, "1990-01"'
        )
    return month


def _members(names: list[str]) -> list[str]:
    """Return the tables of the members: the first somewhat stronger, their views spread out."""
    told = []
    for place, name in enumerate(names):
        along = _END * (2 * place / max(1, len(names) - 1) - 1)
        across = along if place % 2 else -along
        told.append(_MEMBER.substitute(
            name=name, prestige=3 if place == 0 else 2, base=f"{_BEHOLDEN / len(names):.3g}",
            economy=f"{along:z.2g}", order=f"{across:z.2g}",
        ))  # fmt: skip
    return told


def _alone(text: str) -> str:
    """Return a body of one without the bond that it would have to itself."""
    return re.sub(r"\[\[bonds\]\]\n(?:.+\n)+", "", text)
