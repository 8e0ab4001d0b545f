"""What there is: the titles of worlds and experiments, whether a file is sound, what it says."""

from __future__ import annotations

import json
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from politburo_sim.evidence.record import check_record
from politburo_sim.evidence.record import in_words as record_in_words
from politburo_sim.files import locate
from politburo_sim.files.errors import InputError, suggest
from politburo_sim.lab import door
from politburo_sim.lab.outline import brief, filled, outline
from politburo_sim.lab.plan import kinds, load
from politburo_sim.lab.verdicts.claims import Claim, load_claims
from politburo_sim.state.parameters import PARAMETERS, TABLE, UNITY, Parameter
from politburo_sim.worlds.inherit import JOIN
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import BondEntry, Scenario
from politburo_sim.worlds.words import Rung


def titles(kind: str) -> dict[str, str]:
    """The shipped files of a kind, each with its title, or else with its first comment."""
    return {name: _title(kind, name) for name in locate.names(kind)}


def _title(kind: str, name: str) -> str:
    text = locate.find(kind, name).read_text(encoding="utf-8")
    try:
        title = tomllib.loads(text).get("title")
    except tomllib.TOMLDecodeError:
        title = None
    return str(title or text.partition("\n")[0].lstrip("# "))


#: Kinds of event whose words do not say all that they do.
_TELLING = ("question", "norm", "revelation", "bond")
_SHOWN = ("id", "date", "text", "intervention", "source", "confidence")
KINDS = ("scenarios", "experiments", "records")
BOTH = "unity"
"""The word that sets several parameters at once."""


def everything() -> dict[str, list[str]]:
    """The names of all that is shipped, of the claims and of the parameters."""
    shipped = {kind: locate.names(kind) for kind in KINDS}
    claims, parameters = [claim.id for claim in load_claims()], [p.name for p in TABLE]
    return {**shipped, "claims": claims, "parameters": parameters}


def listed() -> Iterator[str]:
    """The same for a reader: a title each, and the parameters by mechanism."""
    for kind in KINDS:
        yield kind.capitalize()
        yield from (f"  {name:28} {title}" for name, title in titles(kind).items())
    yield "Claims"
    yield from (f"  {claim.id:28} {claim.title}" for claim in load_claims())
    yield "Parameters: default, range, meaning; by mechanism (a file of rules/)"
    for group, table in by_mechanism().items():
        yield f"  {group}"
        yield from (
            f"    {p.name:20} {p.default:<7g} {f'{p.low:g} to {p.high:g}':11} {p.meaning}"
            for p in table
        )


def by_mechanism() -> dict[str, list[Parameter]]:
    """The parameters of each mechanism, in the order of the table."""
    found: dict[str, list[Parameter]] = {}
    for parameter in TABLE:
        found.setdefault(parameter.group, []).append(parameter)
    return found


def as_data(name: str) -> dict[str, Any]:
    """What a sound file says, or a claim or a parameter, as plain data."""
    if name == BOTH:
        return {"name": BOTH, "sets": [asdict(PARAMETERS[part]) for part in UNITY]}
    if (found := _named(name)) is not None:
        return asdict(found)
    kind = _kind_of(name)
    if kind == door.WORLD:
        scenario = load_scenario(name)
        return scenario.model_dump(mode="json", by_alias=True) | {"record": scenario.record}
    if kind == door.RECORD:
        return check_record(name).model_dump(mode="json", by_alias=True)
    return dict(json.loads(json.dumps(_table(name), default=str)))


def in_words(name: str) -> str:
    """What a sound file says, for a reader; or a claim, or a parameter."""
    if name == BOTH:
        parts = "\n\n".join(map(in_words, UNITY))
        return f"{BOTH}, a word that sets {' and '.join(UNITY)}\n\n{parts}"
    match _named(name):
        case Claim() as claim:
            return "\n".join(_claim(claim))
        case Parameter() as p:
            return (
                f"{p.name}, a parameter of {p.group}\n{p.meaning}\n"
                f"{p.low:g} to {p.high:g}, {p.unit}; {p.default:g} where nothing else is said"
            )
    kind = _kind_of(name)
    if kind == door.RECORD:
        return "\n".join(record_in_words(check_record(name)))
    if kind == door.WORLD:
        said = {"extends": name.split(JOIN)} if JOIN in name else _table(name)
        return "\n".join(_world(load_scenario(name), said))
    return "\n".join(_other(name, kind))


def _kind_of(name: str) -> str:
    """What kind of sound file a name or path stands for.

    Raises
    ------
    InputError
        If nothing is called so, be it a file, a claim or a parameter; or if the file is not sound.
    """
    known = [each for names in everything().values() for each in names]
    known += [name] if locate.meant("experiments", name) else []
    plain = not Path(name).suffix and not Path(name).exists() and JOIN not in name
    if plain and name.casefold() not in {each.casefold() for each in known}:
        raise InputError(
            f"nothing is called so{suggest(name, known)}", given=name,
            allowed="a world, an experiment, a record, a claim, a parameter, or a file",
            hint="politburo-sim list shows all that there is",
        )  # fmt: skip
    return door.check(name)


def _named(name: str) -> Claim | Parameter | None:
    """A claim by its id, or a parameter by its name."""
    claims = {claim.id: claim for claim in load_claims()}
    return claims.get(name.upper()) or PARAMETERS.get(name)


def _claim(claim: Claim) -> Iterator[str]:
    yield f"{claim.id}. {claim.title}\n"
    yield f"What the essay says: {claim.text}"
    yield f"The rule that decides it: {claim.rule}"
    yield f"Answered by: {', '.join(claim.experiments)} (politburo-sim claims {claim.id})"


def _table(name: str) -> dict[str, Any]:
    """What a file of TOML says; of another, its name alone."""
    found = door.read(name)[1]
    return {"title": found.name} if isinstance(found, Path) else found.table


def _world(scenario: Scenario, table: Mapping[str, Any]) -> Iterator[str]:
    yield f"{scenario.title}\n{scenario.start} to {scenario.end}\n"
    for word, text in scenario.about:
        if text:
            yield f"{word.capitalize()}: {text}"
    if "extends" in table:
        yield f"Made from: {brief(table['extends'])}"
    if "without" in table:
        yield f"Left out of it: {brief(table['without'])}"
    if scenario.record:
        yield f"Record: {scenario.record}"
    if scenario.leading:
        yield f"Leading: {scenario.leading} (whose sole rule a comparison is about)"
    if scenario.rules:
        yield f"\nRules: {brief(scenario.rules)}"
    yield f"\nSeats: {scenario.seats}, on the axes {', '.join(scenario.axes)}"
    yield f"Ladder: {', '.join(map(_rung, scenario.ladder))}"
    if scenario.line:
        yield f"The party's line at the start: {_on_axes(scenario.line)}"
    yield "\nMembers, with their ideals (from -1 to 1), and traits where they are coded"
    for member in scenario.members:
        patron = f"   patron {member.patron}" if member.patron else ""
        yield (
            f"  {member.name:16} {member.status:10} prestige {member.prestige.value:<5g} "
            f"base {member.base.value:g}{patron}"
        )
        ideal = _on_axes({axis: coded.value for axis, coded in member.ideal.items()})
        coded = {name: getattr(member, name) for name in ("opportunism", "loyalty", "foresight")}
        traits = ", ".join(f"{name} {one.value:g}" for name, one in coded.items() if one)
        if ideal or traits:
            yield f"    {'; '.join(filter(None, (ideal, traits)))}"
    if scenario.bonds:
        yield "\nBonds (from -1 to 1)"
        yield textwrap.fill(
            "; ".join(map(_bond, scenario.bonds)), 96, initial_indent="  ", subsequent_indent="  ",
            break_on_hyphens=False,
        )  # fmt: skip
    if scenario.offices:
        yield "\nOffices"
    for office in scenario.offices:
        worth = {"appointments": office.appointments.value, "prestige": office.prestige.value}
        said = ", ".join(f"{name} {value:g}" for name, value in worth.items() if value)
        yield f"  {office.name}: {office.holder or 'vacant'}" + (f" ({said})" if said else "")
    if scenario.events:
        yield "\nEvents (* marks an intervention)"
    for event in sorted(scenario.events, key=lambda event: event.date):
        yield f"  {event.date}  {event.text}{' *' if event.intervention else ''}  [{event.id}]"
        if event.intervention or event.kind in _TELLING:
            yield from filled(brief(_asked(event)), " " * 14, " " * 14)
    if scenario.questions:
        yield "\nQuestions"
    for question in sorted(scenario.questions, key=lambda question: question.date):
        yield (
            f"  {question.date}  {question.title} ({question.axis}): "
            f"{question.low.text} / {question.high.text}  [{question.id}]"
        )


def _on_axes(places: Mapping[str, float]) -> str:
    """Places on the axes, each by its name."""
    return ", ".join(
        f"{axis} {place:+g}" if place else f"{axis} 0" for axis, place in places.items()
    )


def _rung(rung: Rung) -> str:
    """A rung by its name, and what is lost on it."""
    return rung.name + (f" (takes {' and '.join(rung.takes)})" if rung.takes else "")


def _bond(bond: BondEntry) -> str:
    return f"{bond.who} {'and' if bond.mutual else 'to'} {bond.whom} {bond.value.value:+g}"


def _asked(event: Any) -> dict[str, Any]:
    """What an event's table says besides its date, its words and its id."""
    said = event.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    told = {key: value for key, value in said.items() if key not in _SHOWN and value is not None}
    needs = ["; ".join(map(brief, told.pop("requires")))] if told.get("requires") else []
    return {"kind": event.kind} | told | ({"requires": needs} if needs else {})


def _other(name: str, kind: str) -> Iterator[str]:
    """An experiment, the claims, or a table of parameter sets."""
    if kind in kinds():
        yield from outline(load(name))
        return
    table = _table(name)
    yield str(table.get("title") or Path(name).name)
    yield from (f"  {claim['id']:4} {claim['title']}" for claim in table.get("claims", ()))
