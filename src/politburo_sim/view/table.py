"""The table: the members round it, sized by power, rimmed by coalition; empty chairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import cos, pi, sin, sqrt

from politburo_sim.state.body import CANDIDATE
from politburo_sim.view.drawing import (
    Box,
    around,
    hover,
    hull,
    meet,
    n,
    percent,
    picture,
    text,
    wide,
    written,
)
from politburo_sim.view.ladder import stairs
from politburo_sim.view.scene import Alliance, Person, Scene

WIDTH, HEIGHT = 360, 270
_MIDDLE = (180.0, 134.0)
_ROUND = (86.0, 88.0)
_LARGEST = 28.0
_CHAIR = 6.0
_ELBOW = 9.0
#: Bonds nearer to nought than this are not drawn, and of each member only so many.
FAINT, THREADS = 0.3, 3

#: Where coalitions are named: as many corners as can stand at one time.
CORNERS = ((8.0, 12.0, "start"), (352.0, 12.0, "end"), (8.0, 266.0, "start"), (352.0, 266.0, "end"))

Place = tuple[float, float]
#: x, y and the anchor of a text.
Spot = tuple[float, float, str]


def table(scene: Scene) -> str:
    """Return the picture: size is the share of power, the rim the leader of his coalition.

    A disc has the member's own colour, as in the other panels, and its rim the colour of his
    coalition's leader; the coalitions are named in the corners. A full
    thread joins those who trust one another, a broken one those who do not. A dashed
    ring is the empty chair of one who has left the body.
    """
    places = _places(scene.people)
    parts = [
        f'<ellipse class="wood" cx="{n(_MIDDLE[0])}" cy="{n(_MIDDLE[1])}" rx="64" ry="64"/>',
        *(ground(scene, places, one, 18, ".16", ".28") for one in scene.alliances),
        *(_thread(scene, places, *bond) for bond in strongest(scene)),
        *(_seat(scene, person, places[person.slot]) for person in scene.people),
        *_names(scene, places),
        *(_corner(scene, *one) for one in _corners(scene)),
    ]
    return picture(WIDTH, HEIGHT, alt(scene), parts)


def alt(scene: Scene) -> str:
    """Return the picture in words."""
    seated = sorted(scene.seated, key=lambda p: -p.share)
    strongest = ", ".join(f"{p.short} {percent(p.share)}" for p in seated[:3])
    gone = len(scene.people) - len(seated)
    return (
        f"The table in {scene.date}: {len(seated)} members and candidates, {gone} empty chairs; "
        f"strongest: {strongest}"
    )


def strongest(scene: Scene) -> list[tuple[int, int, float]]:
    """Return the bonds that are drawn: of each member the strongest, for and against."""
    drawn = Counter[int]()
    kept = []
    for bond in sorted(scene.bonds, key=lambda bond: (-abs(bond[2]), bond[:2])):
        if abs(bond[2]) >= FAINT and min(drawn[bond[0]], drawn[bond[1]]) < THREADS:
            drawn.update(bond[:2])
            kept.append(bond)
    return kept


def _places(people: Sequence[Person]) -> dict[int, Place]:
    """Return who sits where: in the order of the slots, the larger with more room.

    Whole units, so that a seat stays where it is while its neighbours' power hardly moves.
    """
    rooms = [_size(person) + _ELBOW for person in people]
    whole, gone = sum(rooms), 0.0
    places: dict[int, Place] = {}
    for person, room in zip(people, rooms, strict=True):
        angle = 2 * pi * (gone + room / 2) / whole - pi / 2
        places[person.slot] = (
            round(_MIDDLE[0] + _ROUND[0] * cos(angle)),
            round(_MIDDLE[1] + _ROUND[1] * sin(angle)),
        )
        gone += room
    return places


def _size(person: Person) -> float:
    return radius(person.share) if person.seated else _CHAIR


def _thread(scene: Scene, places: dict[int, Place], one: int, other: int, bond: float) -> str:
    (x, y), (u, v) = places[one], places[other]
    colour, dash = ("#009E73", "") if bond > 0 else ("#D55E00", ' stroke-dasharray="3 3"')
    said = f"{scene.names[one]} and {scene.names[other]}: bond {bond:+.2f}"
    return (
        f'<line x1="{n(x)}" y1="{n(y)}" x2="{n(u)}" y2="{n(v)}" stroke="{colour}" '
        f'stroke-width="{n(0.3 + 2 * abs(bond))}" stroke-opacity=".45"{dash}>{hover(said)}</line>'
    )


def radius(share: float) -> float:
    """Return the radius of a disc whose area grows with the share of power."""
    return max(5.0, _LARGEST * sqrt(min(1.0, share) / 0.5)) if share < 0.5 else _LARGEST


def ground(
    scene: Scene, places: dict[int, Place], alliance: Alliance, rim: int, inner: str, outer: str
) -> str:  # fmt: skip
    """Return the ground that a coalition takes: the outline of its members' places, with a rim.

    rim : how wide. inner, outer : how much is seen of the ground and of its rim, of 1.
    """
    outline = hull([places[k] for k in alliance.members if k in places])
    if len(outline) < 2:
        return ""
    path = "L".join(f"{n(x)} {n(y)}" for x, y in outline)
    colour = scene.colour(alliance.leader)
    return (
        f'<path class="ground" d="M{path}z" fill="{colour}" fill-opacity="{inner}" '
        f'stroke="{colour}" stroke-opacity="{outer}" stroke-width="{rim}" '
        f'stroke-linejoin="round">{hover(said_of(scene, alliance))}</path>'
    )


def _corners(scene: Scene) -> list[tuple[Alliance, Spot]]:
    """Return the coalitions that are named, each with its corner."""
    return list(zip(scene.alliances, CORNERS, strict=False))


def _corner(scene: Scene, alliance: Alliance, corner: Spot) -> str:
    """Name a coalition in a corner, beside a ring of its colour."""
    x, y, anchor = corner
    inward = 9 if anchor == "start" else -9
    ring = (
        f'<circle cx="{n(x)}" cy="{n(y - 4)}" r="4" fill="none" '
        f'stroke="{scene.colour(alliance.leader)}" stroke-width="3"/>'
    )
    named = text(x + inward, y, alliance.short, anchor=anchor, kind="muted small")
    return f"<g>{hover(said_of(scene, alliance))}{ring}{named}</g>"


def said_of(scene: Scene, alliance: Alliance) -> str:
    """Return a coalition in one line: its name, its target, its members."""
    who = ", ".join(scene.names[k] for k in alliance.members)
    return f"{alliance.name}{scene.against(alliance.target)}: {who}"


def _seat(scene: Scene, person: Person, place: Place) -> str:
    x, y = place
    size = _size(person)
    if not person.seated:
        mark = (
            f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(size)}" fill="var(--pb-paper)" '
            'stroke="var(--pb-muted)" stroke-width="1.5" stroke-dasharray="2 2"/>'
        )
    else:
        thin = person.status == CANDIDATE
        mark = (
            f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(size)}" fill="{scene.colour(person.slot)}" '
            f'fill-opacity="{".45" if thin else "1"}" stroke="{scene.colour(person.bloc)}" '
            f'stroke-width="{2 if thin else 4}"/>'
            f'<circle class="ink" cx="{n(x)}" cy="{n(y)}" r="{n(size + 2)}" stroke-width=".6"/>'
        )
    if person.rung:
        inward = (size + 9) / sqrt((x - _MIDDLE[0]) ** 2 + (y - _MIDDLE[1]) ** 2)
        at = x - (x - _MIDDLE[0]) * inward, y - (y - _MIDDLE[1]) * inward
        mark += stairs(*at, person.rung, len(scene.rungs) - 1)
    return f'<g data-who="{person.slot}">{hover(told(scene, person))}{mark}</g>'


def _names(scene: Scene, places: dict[int, Place]) -> list[str]:
    """Write the names outside the ring, those with most power first, each where it is free.

    A name is left to the pointer where there is no room for it.
    """
    taken = [_title(one.short, corner) for one, corner in _corners(scene)]
    discs = {one.slot: around(places[one.slot], _size(one)) for one in scene.people}
    made = []
    for person in sorted(scene.people, key=lambda p: (not p.seated, -p.share, p.slot)):
        others = [box for slot, box in discs.items() if slot != person.slot]
        spots = [_inside(person, spot) for spot in _spots(person, places[person.slot])]
        open_to = [spot for spot in spots if _is_free(person, spot, [*taken, *others])]
        if not open_to:
            continue
        clear = [spot for spot in open_to if _is_free(person, spot, [discs[person.slot]])]
        x, y, anchor = (clear or open_to)[0]
        taken.append(_box(person, (x, y, anchor)))
        kind = "halo strong" if person.seated else "halo muted"
        made.append(text(x, y, person.short, anchor=anchor, kind=kind))
    return made


def _title(words: str, corner: Spot) -> Box:
    """Return the room that a coalition's name and its ring take in a corner."""
    x, y, anchor = corner
    across = wide(words, 10.5) + 14
    left = x - 5 if anchor == "start" else x + 5 - across
    return left, y - 10, left + across, y + 3


def _box(person: Person, spot: Spot) -> Box:
    """Return the room that a member's name takes at a spot."""
    letter = wide(person.short, bold=person.seated) / len(person.short)
    return written(*spot[:2], person.short, spot[2], letter)


def _is_free(person: Person, spot: Spot, taken: Sequence[Box]) -> bool:
    return not any(meet(_box(person, spot), one) for one in taken)


def _inside(person: Person, spot: Spot) -> Spot:
    """Return a spot moved sideways as far as the name needs to stand inside the picture."""
    left, _, right, _ = _box(person, spot)
    return spot[0] + max(0.0, 2 - left) - max(0.0, right - WIDTH + 2), spot[1], spot[2]


def _spots(person: Person, place: Place) -> list[Spot]:
    """Return where a name may stand, the best place first."""
    (x, y), size = place, _size(person)
    across, down = (x - _MIDDLE[0]) / _ROUND[0], (y - _MIDDLE[1]) / _ROUND[1]
    side, anchor = (1, "start") if across > 0 else (-1, "end")
    beside = (x + side * (size + 3), y + 4 + 5 * down, anchor)
    beyond = (x, y + (size + 12 if down > 0 else -size - 4), "middle")
    first, then = (beyond, beside) if abs(across) < 0.2 else (beside, beyond)
    away = 1 if down > 0 else -1
    shifted = [(beside[0], beside[1] + away * step, anchor) for step in (6, 12, -6, -12)]
    further = [(beyond[0], beyond[1] + away * 12, "middle")]
    return [first, then, *shifted, *further]


def told(scene: Scene, person: Person) -> str:
    """Return the figures behind a member."""
    lines = [
        f"{person.name}: {person.standing}",
        f"share of power {percent(person.share)}, base {percent(person.base)}",
    ]
    if person.offices:
        lines.append(", ".join(person.offices))
    if person.seated:
        lines += [f"in {one.name}" for one in scene.alliances if person.slot in one.members]
    return "\n".join(lines)
