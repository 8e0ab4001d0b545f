"""The map: what the members believe, where they stand, and the party line between them."""

from __future__ import annotations

from politburo_sim.view.drawing import hover, n, picture, text
from politburo_sim.view.scene import Person, Scene
from politburo_sim.view.table import radius

WIDTH, HEIGHT = 360, 270
_HIGH = 12.0
Point = tuple[float, float]
_LEFT, _TOP, _SIDE, _TALL = 34.0, 6.0, 320.0, 230.0
#: What the ends of an axis mean, as the shipped worlds say.
ENDS = {
    "economy": ("forced industrialisation", "gradual NEP"),
    "internationalism": ("permanent revolution", "one country"),
    "party_regime": ("open debate", "monolithic"),
    "legacy": ("condemn Stalin's rule", "defend it"),
    "administration": ("ministries", "regional councils"),
    "policy": ("-1", "+1"),
}


def policy_map(scene: Scene, axes: tuple[int, int] = (0, 1)) -> str:
    """Return the picture: a ring is an ideal, a disc a stance (size: power), a cross the line.

    A world with one axis shows the share of power upwards.
    """
    across, up = axes
    flat = len(scene.axes) < 2
    seated = [person for person in scene.people if person.seated]
    at = {p.slot: _at(p.stance, p.share, across, up, flat) for p in seated}
    parts = [*_frame(scene, across, None if flat else up)]
    parts += [_ideal(scene, p, at[p.slot], across, up, flat) for p in seated]
    parts += [_stance(scene, p, at[p.slot]) for p in sorted(seated, key=lambda p: -p.share)]
    parts += _labels(seated, at)
    parts.append(_line(scene, across, None if flat else up))
    return picture(WIDTH, HEIGHT, alt(scene), parts)


def alt(scene: Scene) -> str:
    """Return the picture in words."""
    where = ", ".join(f"{a} {x:+.2f}" for a, x in zip(scene.axes, scene.line, strict=True))
    return f"The map in {scene.date}: the party line stands at {where}"


def _x(value: float) -> float:
    return _LEFT + _SIDE * (value + 1) / 2


def _y(value: float) -> float:
    return _TOP + _TALL * (1 - value) / 2


def _at(where: tuple[float, ...], share: float, across: int, up: int, flat: bool) -> Point:
    return _x(where[across]), _y(2 * share - 1 if flat else where[up])


def _frame(scene: Scene, across: int, up: int | None) -> list[str]:
    foot = _TOP + _TALL + 13
    low, high = _ends(scene.axes[across])
    under, over = ("0 %", "100 %") if up is None else _ends(scene.axes[up])
    upward = "share of power" if up is None else _word(scene.axes[up])
    return [
        f'<rect class="rule" x="{n(_LEFT)}" y="{n(_TOP)}" width="{n(_SIDE)}" height="{n(_TALL)}"/>',
        f'<path class="rule" d="M{n(_x(0))} {n(_TOP)}v{n(_TALL)}"/>',
        f'<path class="rule" d="M{n(_LEFT)} {n(_y(0))}h{n(_SIDE)}"/>',
        text(_LEFT, foot, low, kind="muted small"),
        text(_LEFT + _SIDE, foot, high, anchor="end", kind="muted small"),
        text(_x(0), foot + 13, _word(scene.axes[across]), anchor="middle"),
        _upright(_TOP + _TALL, under, "start", "muted small", 30),
        _upright(_TOP, over, "end", "muted small", 30),
        _upright(_TOP + _TALL / 2, upward, "middle", "", 14),
    ]


def _word(axis: str) -> str:
    return axis.replace("_", " ")


def _ends(axis: str) -> tuple[str, str]:
    return ENDS.get(axis, ("-1", "+1"))


def _upright(y: float, words: str, anchor: str, kind: str, x: float) -> str:
    turned = text(0, 0, words, anchor=anchor, kind=kind)
    return f'<g transform="translate({n(x)} {n(y)}) rotate(-90)">{turned}</g>'


def _ideal(scene: Scene, person: Person, stance: Point, across: int, up: int, flat: bool) -> str:
    x, y = _at(person.ideal, person.share, across, up, flat)
    colour = scene.colour(person.slot)
    return (
        f'<g><line x1="{n(x)}" y1="{n(y)}" x2="{n(stance[0])}" y2="{n(stance[1])}" '
        f'stroke="{colour}" stroke-dasharray="2 2"/>'
        f'<circle cx="{n(x)}" cy="{n(y)}" r="4" fill="none" stroke="{colour}" stroke-width="1.5">'
        f"{hover(f'{person.name}: what he believes in{_where(scene, person.ideal)}')}</circle></g>"
    )


def _where(scene: Scene, place: tuple[float, ...]) -> str:
    return "".join(
        f"\n{_word(axis)} {value:+.2f}" for axis, value in zip(scene.axes, place, strict=True)
    )


def _stance(scene: Scene, person: Person, at: Point) -> str:
    said = f"{person.name}: where he stands{_where(scene, person.stance)}"
    return (
        f'<circle cx="{n(at[0])}" cy="{n(at[1])}" r="{n(0.6 * radius(person.share))}" '
        f'fill="{scene.colour(person.slot)}" fill-opacity=".75" stroke="var(--pb-ink)">'
        f"{hover(said)}</circle>"
    )


def _labels(seated: list[Person], at: dict[int, Point]) -> list[str]:
    """Write the names beside the discs, the strongest first; those in the way move aside."""
    taken: list[tuple[float, float, float]] = []
    made = []
    for person in sorted(seated, key=lambda p: (-p.share, p.slot)):
        x, y = at[person.slot]
        width, size = 6.8 * len(person.short), 0.6 * radius(person.share)
        left = x + size + 3 if x + size + width < WIDTH - 4 else x - size - 3 - width
        low = _free(left, y + 4, width, taken)
        taken.append((left, low, left + width))
        if abs(low - y - 4) > _HIGH:
            edge = left - 1 if left > x else left + width + 1
            made.append(f'<path class="rule" d="M{n(x)} {n(y)}L{n(edge)} {n(low - 4)}"/>')
        made.append(text(left, low, person.short, kind="halo"))
    return made


def _free(left: float, y: float, width: float, taken: list[tuple[float, float, float]]) -> float:
    """Return the nearest height at which a name meets no other."""
    for step in range(40):
        low = y + _HIGH * ((step + 1) // 2) * (1 if step % 2 else -1)
        if _TOP + _HIGH <= low <= _TOP + _TALL and not any(
            left < right and start < left + width and abs(low - other) < _HIGH
            for start, other, right in taken
        ):
            return low
    return y


def _line(scene: Scene, across: int, up: int | None) -> str:
    x, y = _x(scene.line[across]), _y(0.0 if up is None else scene.line[up])
    return (
        f'<path class="ink" stroke-width="2.5" d="M{n(x - 7)} {n(y)}h14M{n(x)} {n(y - 7)}v14">'
        f"{hover(f'the party line{_where(scene, scene.line)}')}</path>"
    )
