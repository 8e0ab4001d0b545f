"""A member's card: what one is, whom he trusts, what he sees and fears, and why he voted so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from politburo_sim.rules.perception import power_seen
from politburo_sim.view.account import Vote
from politburo_sim.view.choice import WatchedPolitburo
from politburo_sim.view.drawing import percent
from politburo_sim.view.ladder import ladder
from politburo_sim.view.roll_calls import said
from politburo_sim.view.scene import Person, Scene
from politburo_sim.view.voter import PARTS, Reason
from politburo_sim.worlds.world import World

#: From here on a view leans to an end of its axis, from there on it stands firmly for it.
LEANS, FIRM = 0.15, 0.5
#: So many friends, foes and votes are told; a bond or a part smaller than this is not.
FEW, FAINT, SLIGHT = 3, 0.1, 0.005

Fact = tuple[str, Sequence[str]]


def card(model: WatchedPolitburo, slot: int) -> str:
    """Return the card of one who sits or has sat in the body, as HTML; "" for anybody else."""
    scene = model.watch.scene()
    person = scene.person(slot)
    if person is None:
        return ""
    facts: list[Fact] = [
        ("Believes in", views(model.world, person)),
        ("Posts", person.offices),
        ("Traits", [person.traits]),
        ("Patron", [] if person.patron < 0 else [scene.names[person.patron]]),
        ("Clients", [", ".join(one.name for one in scene.seated if one.patron == slot)]),
    ]  # fmt: skip
    if person.seated:
        facts += [
            ("Coalition", _coalition(model, scene, person)), ("Bonds", _bonds(model, scene, slot)),
            ("Sees and fears", _sight(model, scene, person)),
        ]  # fmt: skip
    head = (
        f"<h2>{escape(person.name)}</h2><p>{escape(person.standing)}; share of power "
        f"{percent(person.share)}, base {percent(person.base)}; {scene.date}</p>"
    )
    rows = "".join(_row(name, lines) for name, lines in facts)
    return f"{head}{ladder(scene, slot)}<dl>{rows}</dl>{_votes(model, scene, slot)}"


def _row(head: str, lines: Iterable[str]) -> str:
    told = "".join(f"<dd>{escape(line)}</dd>" for line in lines if line)
    return f"<dt>{head}</dt>{told}" if told else ""


def views(world: World, person: Person) -> tuple[str, ...]:
    """Return what a member believes in, an axis a line, in the world's own words.

    The nearer end is named; from `LEANS` on he leans to it, from `FIRM` on he stands for it.
    """
    words = world.words
    return tuple(
        f"{words.axis(axis)}: {_view(value, words.ends(axis))} ({value:+.2f})"
        for axis, value in zip(world.axes, person.ideal, strict=True)
    )


def _view(value: float, ends: tuple[str, str]) -> str:
    if abs(value) < LEANS:
        return f"between {ends[0]} and {ends[1]}"
    end = ends[value > 0]
    return f"firmly for {end}" if abs(value) >= FIRM else f"leans to {end}"


def _coalition(model: WatchedPolitburo, scene: Scene, person: Person) -> list[str]:
    for one in scene.alliances:
        if person.slot in one.members:
            others = ", ".join(scene.names[k] for k in one.members if k != person.slot)
            since = f", since {model.watch.date(person.since)}" if person.since >= 0 else ""
            return [
                f"{one.name}{scene.against(one.target)}{since}",
                f"with {others}" if others else "alone",
            ]
    return ["in none"]


def _bonds(model: WatchedPolitburo, scene: Scene, slot: int) -> list[str]:
    bonds = model.arrays.bond[slot]
    others = [one for one in scene.seated if one.slot != slot]
    ranked = sorted(others, key=lambda one: -float(bonds[one.slot]))
    trusted = [one for one in ranked[:FEW] if bonds[one.slot] > FAINT]
    doubted = [one for one in ranked[::-1][:FEW] if bonds[one.slot] < -FAINT]
    return [
        f"{verb} {', '.join(f'{one.name} ({float(bonds[one.slot]):+.2f})' for one in some)}"
        for verb, some in (("trusts", trusted), ("distrusts", doubted)) if some
    ]  # fmt: skip


def _sight(model: WatchedPolitburo, scene: Scene, person: Person) -> list[str]:
    """Return how much he sees of the largest base, and whose power he has most to fear."""
    others = [one for one in scene.seated if one.slot != person.slot]
    if not others:
        return []
    first = max(others, key=lambda one: one.base)
    hidden = float(model.arrays.opacity[person.slot, first.slot])
    told = [
        f"of {first.name}'s base, {percent(first.base)} of the "
        f"{model.world.words.house}, sees "
        f"{percent((1.0 - hidden) * first.base)}"
    ]
    strangers = [one for one in others if one.slot != person.patron]
    if strangers and model.month:
        seen = {one: float(power_seen(model.body, model.work, person.slot, one.slot))
                for one in strangers}  # fmt: skip
        most = max(seen, key=lambda one: seen[one])
        told.append(f"has most to fear from {most.name}, whose power looks like "
                    f"{percent(seen[most])}; it is {percent(most.share)}")  # fmt: skip
    return told


def _votes(model: WatchedPolitburo, scene: Scene, slot: int) -> str:
    """Return his last votes, each with its reasons."""
    mine = [(place, vote) for place, vote in enumerate(scene.votes) if slot in vote.votes]
    if not mine:
        return "<h3>Votes</h3><p>None so far.</p>"
    reasons = model.reasons()
    told = [
        f"<p><b>{'Yes' if vote.votes[slot] else 'No'}.</b> {escape(said(scene, vote))}. "
        f"{escape(why(slot, vote, reasons[place].get(slot)))}</p>"
        for place, vote in mine[-FEW:][::-1]
    ]
    return f"<h3>The last votes, and why</h3>{''.join(told)}"


def why(slot: int, vote: Vote, reason: Reason | None) -> str:
    """Return the reasons of one vote in words: what spoke for it, and what against."""
    if reason is None:
        if slot == vote.mover:
            return "It was this member's own motion."
        return "It was about this member." if slot == vote.target else "No choice was left."
    yes = vote.votes[slot]
    ranked = sorted(reason.parts.items(), key=lambda part: -abs(part[1]))
    weighed = [(name, part if yes else -part) for name, part in ranked if abs(part) > SLIGHT]
    fors = [f"{PARTS[name]} ({part:+.2f})" for name, part in weighed if part > 0]
    against = [f"{PARTS[name]} ({part:+.2f})" for name, part in weighed if part < 0]
    told = [f"expected {percent(reason.expected)} for the motion"]
    if reason.foresaw:
        told.append("looked ahead and followed what was to be seen there")
    else:
        chance = reason.chance if yes else 1 - reason.chance
        told.append(f"the chance of this vote was {percent(chance)}")
    text = f"For this vote spoke {' and '.join(fors) or 'nothing much'}"
    text += f"; against it {' and '.join(against)}" if against else ""
    said_too = "; ".join(told)
    return f"{text}. {said_too[0].upper()}{said_too[1:]}."
