"""The map: what the members believe, where they stand, and the party line between them."""

from __future__ import annotations

from politburo_sim.view.drawing import (
    Box,
    Point,
    around,
    hover,
    meet,
    n,
    picture,
    text,
    wide,
    written,
)
from politburo_sim.view.scene import Person, Scene
from politburo_sim.view.table import ground, radius

WIDTH, HEIGHT = 360, 270
_HIGH = 12.0
_LEFT, _TOP, _SIDE, _TALL = 22.0, 6.0, 332.0, 242.0
#: Least room between two names, and how far from its disc a name may stand, in steps.
_APART, _REACH = 3.0, 30
#: What a world calls the ends of an axis for which it has no words.
_BARE = ("-1", "+1")
_LINE = "the line"


def policy_map(scene: Scene) -> str:
    """Return the picture: a ring is an ideal, a disc a stance (size: power), a cross the line.

    A world with one axis shows the share of power upwards; its line, which has no power, is upright
    and as tall as the map.
    """
    flat = len(scene.axes) < 2
    seated = scene.seated
    at = {p.slot: _at(p.stance, p.share) for p in seated}
    cross = _x(scene.line[0]), _y(0.0 if flat else scene.line[1])
    parts = [*_frame(scene, flat)]
    parts += [_upright_line(scene, cross[0])] if flat else []
    parts += [ground(scene, at, one, 10, ".1", ".3") for one in scene.alliances]
    parts += [_ideal(scene, p, at[p.slot]) for p in seated]
    parts += [_stance(scene, p, at[p.slot]) for p in sorted(seated, key=lambda p: -p.share)]
    rings = [around(_at(p.ideal, p.share), 4.0) for p in seated]
    kept_free = _upright_room(cross[0]) if flat else [around(cross, 8.0)]
    parts += _labels(seated, at, [*rings, *kept_free])
    parts += [] if flat else [_line(scene, cross)]
    return picture(WIDTH, HEIGHT, alt(scene), parts)


def alt(scene: Scene) -> str:
    """Return the picture in words."""
    where = ", ".join(_places(scene, scene.line))
    return f"The map in {scene.date}: the party line stands {where}"


def _places(scene: Scene, where: tuple[float, ...]) -> list[str]:
    """Return where a point stands, an axis each, in the world's words for the ends."""
    return [
        _towards(_word(axis), ends, value)
        for axis, ends, value in zip(scene.axes, scene.ends, where, strict=True)
    ]


def _towards(axis: str, ends: tuple[str, str], value: float) -> str:
    if ends == _BARE:
        return f"on {axis} at {value:+.2f}"
    if abs(value) < 0.005:
        return f"between {ends[0]} and {ends[1]}"
    return f"towards {ends[value > 0]} ({value:+.2f})"


def _x(value: float) -> float:
    return _LEFT + _SIDE * (value + 1) / 2


def _y(value: float) -> float:
    return _TOP + _TALL * (1 - value) / 2


def _at(where: tuple[float, ...], share: float) -> Point:
    return _x(where[0]), _y(where[1] if len(where) > 1 else 2 * share - 1)


def _frame(scene: Scene, flat: bool) -> list[str]:
    foot, side = _TOP + _TALL + 17, _LEFT - 7
    low, middle, high = _named(scene, 0)
    under, upward, over = ("0 %", "share of power", "100 %") if flat else _named(scene, 1)
    return [
        f'<rect class="rule" x="{n(_LEFT)}" y="{n(_TOP)}" width="{n(_SIDE)}" height="{n(_TALL)}"/>',
        f'<path class="rule" d="M{n(_x(0))} {n(_TOP)}v{n(_TALL)}"/>',
        f'<path class="rule" d="M{n(_LEFT)} {n(_y(0))}h{n(_SIDE)}"/>',
        text(_LEFT, foot, low, kind="muted small"),
        text(_LEFT + _SIDE, foot, high, anchor="end", kind="muted small"),
        text(_x(0), foot, middle, anchor="middle"),
        _turned(_TOP + _TALL, under, "start", "muted small", side),
        _turned(_TOP, over, "end", "muted small", side),
        _turned(_TOP + _TALL / 2, upward, "middle", "", side),
    ]


def _named(scene: Scene, axis: int) -> tuple[str, str, str]:
    """Return what stands at the low end of an axis, in its middle and at its high end.

    Its name stands there only where the world has no words for the ends, which say more.
    """
    low, high = scene.ends[axis]
    return f"← {low}", _word(scene.axes[axis]) if (low, high) == _BARE else "", f"{high} →"


def _word(axis: str) -> str:
    return axis.replace("_", " ")


def _turned(y: float, words: str, anchor: str, kind: str, x: float) -> str:
    turned = text(0, 0, words, anchor=anchor, kind=kind)
    return f'<g transform="translate({n(x)} {n(y)}) rotate(-90)">{turned}</g>'


def _ideal(scene: Scene, person: Person, stance: Point) -> str:
    x, y = _at(person.ideal, person.share)
    colour = scene.colour(person.slot)
    return (
        f'<g><line x1="{n(x)}" y1="{n(y)}" x2="{n(stance[0])}" y2="{n(stance[1])}" '
        f'stroke="{colour}" stroke-dasharray="2 2"/>'
        f'<circle cx="{n(x)}" cy="{n(y)}" r="4" fill="none" stroke="{colour}" stroke-width="1.5">'
        f"{hover(f'{person.name}: what he believes in{_where(scene, person.ideal)}')}</circle></g>"
    )


def _where(scene: Scene, place: tuple[float, ...]) -> str:
    return "".join(f"\n{one}" for one in _places(scene, place))


def _stance(scene: Scene, person: Person, at: Point) -> str:
    said = f"{person.name}: where he stands{_where(scene, person.stance)}"
    return (
        f'<circle data-who="{person.slot}" cx="{n(at[0])}" cy="{n(at[1])}" '
        f'r="{n(0.6 * radius(person.share))}" '
        f'fill="{scene.colour(person.slot)}" fill-opacity=".75" stroke="var(--pb-ink)">'
        f"{hover(said)}</circle>"
    )


def _labels(seated: list[Person], at: dict[int, Point], kept_free: list[Box]) -> list[str]:
    """Write the names beside the discs, the strongest first, each at the nearest free place.

    A name is left to the pointer where there is no room for it.
    """
    taken = [around(at[person.slot], 0.6 * radius(person.share)) for person in seated]
    taken += kept_free
    made = []
    for person in sorted(seated, key=lambda p: (-p.share, p.slot)):
        x, y = at[person.slot]
        box = _free(x, y, wide(person.short), 0.6 * radius(person.share), taken)
        if box is None:
            continue
        taken.append((box[0] - _APART, box[1], box[2] + _APART, box[3]))
        start, gap, anchor = (box[0], -2, "start") if box[0] > x else (box[2], 2, "end")
        low = box[3]
        if abs(low - y - 4) > _HIGH / 2:
            made.append(f'<path class="pointer" d="M{n(x)} {n(y)}L{n(start + gap)} {n(low - 4)}"/>')
        made.append(text(start, low, person.short, anchor=anchor, kind="halo"))
    return made


def _free(x: float, y: float, width: float, size: float, taken: list[Box]) -> Box | None:
    """Return where a name goes: to the right or left of its disc, as near its height as may be."""
    sides = [s for s in (x + size + 3, x - size - 3 - width) if _LEFT < s < WIDTH - 4 - width]
    spots = (
        (left, low - _HIGH + 2, left + width, low)
        for step in range(2 * _REACH)
        for left in sides
        if _TOP + _HIGH <= (low := y + 4 + 4.0 * ((step + 1) // 2) * (-1) ** step) <= _TOP + _TALL
    )
    return next((spot for spot in spots if not any(meet(spot, box) for box in taken)), None)


def _line(scene: Scene, at: Point) -> str:
    x, y = at
    return (
        f'<path class="ink" stroke-width="2.5" d="M{n(x - 7)} {n(y)}h14M{n(x)} {n(y - 7)}v14">'
        f"{hover(_in_force(scene))}</path>"
    )


def _upright_line(scene: Scene, x: float) -> str:
    at, anchor = _beside(x)
    return (
        f'<g>{hover(_in_force(scene))}<path class="ink" stroke-width="2.5" '
        f'd="M{n(x)} {n(_TOP)}v{n(_TALL)}"/>'
        f"{text(at, _TOP + _HIGH, _LINE, anchor=anchor, kind='halo')}</g>"
    )


def _upright_room(x: float) -> list[Box]:
    """Return the room that an upright line and its words take."""
    at, anchor = _beside(x)
    words = written(at, _TOP + _HIGH, _LINE, anchor)
    return [(x - 2, _TOP, x + 2, _TOP + _TALL), words]


def _beside(x: float) -> tuple[float, str]:
    """Return where the words of an upright line stand, on the side that has more room."""
    return (x + 5, "start") if x < _x(0) else (x - 5, "end")


def _in_force(scene: Scene) -> str:
    return "\n".join([f"the party line{_where(scene, scene.line)}", *scene.policies])
