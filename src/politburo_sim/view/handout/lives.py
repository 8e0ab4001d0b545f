"""What became of each member of a history: standing, posts, coalitions, votes, in dated lines."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from politburo_sim.view.card import views
from politburo_sim.view.drawing import n, percent, picture
from politburo_sim.view.handout.history import History
from politburo_sim.view.ladder import ladder
from politburo_sim.view.roll_calls import said
from politburo_sim.view.scene import Person, Scene

_WIDE, _HIGH = 120, 28
_SAME = 1e-9


@dataclass(frozen=True)
class Life:
    """One member's card, in words.

    curve : his share of power, as a small picture. ladder : his steps down, if any.
    """

    slot: int
    name: str
    colour: str
    curve: str
    ladder: str
    peak: str
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    coalitions: tuple[str, ...]
    votes: tuple[str, ...]


def lives(history: History) -> list[Life]:
    """Return everybody who ever sat in the body, the most powerful first."""
    met: dict[int, Person] = {}
    for scene in history.scenes:
        for person in scene.people:
            met.setdefault(person.slot, person)
    made = [(_peak(history, slot), _life(history, person)) for slot, person in met.items()]
    return [life for _, life in sorted(made, key=lambda pair: (-pair[0][0], pair[1].slot))]


def _called(history: History, person: Person) -> str:
    """Return a name; a newcomer's with what the pictures have room for, where that is less."""
    known = person.slot < history.world.members or person.short == person.name
    return person.name if known else f"{person.name} ({person.short})"


def _peak(history: History, slot: int) -> tuple[float, int]:
    """Return the largest share of power that he ever had, and in which scene."""
    shares = [(_share(scene, slot), -month) for month, scene in enumerate(history.scenes)]
    share, month = max(shares)
    return share, -month


def _share(scene: Scene, slot: int) -> float:
    person = scene.person(slot)
    return 0.0 if person is None else person.share


def _life(history: History, person: Person) -> Life:
    share, month = _peak(history, person.slot)
    facts = {
        "Believes in": views(history.world, person),
        "Standing": _spans(history, person.slot, lambda _, p: (p.standing,)),
        "Posts": _spans(history, person.slot, lambda _, p: p.offices),
        "Patron": _spans(history, person.slot, _patron),
        "Clients at one time or another": _clients(history, person.slot),
        "Traits": (person.traits,),
    }
    return Life(
        person.slot, _called(history, person), history.scenes[-1].colour(person.slot),
        _curve(history, person.slot), ladder(history.scenes[-1], person.slot),
        f"{percent(share)} at the height, {_when(history, month)}",
        tuple((head, lines) for head, lines in facts.items() if lines),
        _spans(history, person.slot, _sides), _votes(history, person),
    )  # fmt: skip


def _spans(
    history: History, slot: int, states: Callable[[Scene, Person], Sequence[str]]
) -> tuple[str, ...]:
    """Return each thing that was so of a member, with the months from and to which it was."""
    begun: dict[Hashable, int] = {}
    found: list[tuple[int, str]] = []
    for month, scene in enumerate([*history.scenes, None]):
        person = scene and scene.person(slot)
        now = set(states(scene, person)) if scene and person else set[str]()
        for state in [state for state in begun if state not in now]:
            found.append((begun[state], f"{state}: {_from(history, begun.pop(state), month - 1)}"))
        for state in now:
            begun.setdefault(state, month)
    return tuple(text for _, text in sorted(found))


def _from(history: History, first: int, last: int) -> str:
    """Return a span of scenes in words."""
    labels = history.labels
    start = f"from {_when(history, first)}"
    if last >= history.months:
        return f"{start} to the end"
    return _when(history, first) if first == last else f"{start} to {labels[last]}"


def _when(history: History, month: int) -> str:
    """Return the date of a scene within a sentence."""
    return history.labels[month] if month else "the start"


def _sides(scene: Scene, person: Person) -> Sequence[str]:
    mine = (one for one in scene.alliances if person.slot in one.members)
    return [f"{one.name}{scene.against(one.target)}" for one in mine]


def _patron(scene: Scene, person: Person) -> Sequence[str]:
    return () if person.patron < 0 or not person.seated else (scene.names[person.patron],)


def _clients(history: History, slot: int) -> tuple[str, ...]:
    names = {p.name for scene in history.scenes for p in scene.people if p.patron == slot}
    return (", ".join(sorted(names)),) if names else ()


def _votes(history: History, person: Person) -> tuple[str, ...]:
    last = history.scenes[-1]
    return tuple(
        f"{'Yes' if vote.votes[person.slot] else 'No'}: {said(last, vote)}"
        for vote in last.votes if person.slot in vote.votes
    )  # fmt: skip


def _curve(history: History, slot: int) -> str:
    """Return his share of power over time as a small picture."""
    shares = [_share(scene, slot) for scene in history.scenes]
    top = max(*shares, _SAME)
    points = " ".join(
        f"{n(_WIDE * month / history.months)},{n(_HIGH - 2 - (_HIGH - 4) * share / top)}"
        for month, share in enumerate(shares)
    )
    colour = history.scenes[-1].colour(slot)
    drawn = f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
    foot = f'<path class="rule" d="M0 {_HIGH - 2}h{_WIDE}"/>'
    label = f"Share of power over time, at most {percent(max(shares))}"
    return picture(_WIDE, _HIGH, label, [foot, drawn])
