"""The river: shares of power over time, with what happened marked along it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from politburo_sim.state.body import Floats
from politburo_sim.view.account import Mark
from politburo_sim.view.drawing import (
    Box,
    brief,
    hover,
    meet,
    n,
    percent,
    picture,
    text,
    to_come,
    written,
)
from politburo_sim.view.scene import Scene
from politburo_sim.view.standing import called

WIDTH, HEIGHT = 360, 270
#: Width of a river that has the room of two panels.
WIDE = 620
_LEFT, _TOP, _RIGHT = 28.0, 22.0, 6.0
#: Height of the river, of all coalitions below it, and where the policies and the years stand.
_TALL, _SIDES, _POLICIES_AT, _YEARS_AT = 176.0, 34.0, 235.0, 264.0
#: So many columns at most are drawn of a history; the last month always is.
COLUMNS = 54
_SEEN = 0.004
_ROOM = 0.055
#: Of so many axes the decisions are drawn, each in a band so high.
_BANDS, _BAND = 3, 4.0
_LETTER = 7.2
#: Bars at least so high are named.
_LEGIBLE = 8.0
#: Width of the band, x, y, anchor and name.
Label = tuple[float, float, float, str, str]


@dataclass(frozen=True)
class Frame:
    """How so many months lie in a picture so wide."""

    months: int
    width: int = WIDTH

    @property
    def side(self) -> float:
        """The width of the river itself."""
        return self.width - _LEFT - _RIGHT

    def x(self, month: float) -> float:
        """Return where a month stands."""
        return _LEFT + self.side * month / max(1, self.months - 1)

    def along(self, months: NDArray[np.int64]) -> list[str]:
        """Return where months stand, as a path has them."""
        return [n(self.x(float(month))) for month in months]


def river(
    scene: Scene, parting: int | None = None, of: str = "Shares of power",
    over: Scene | None = None, width: int = WIDTH,
) -> str:  # fmt: skip
    """Return the picture.

    parting: the month in which a twin parted, marked through; of: what flows, in words; over: a
    history with the same luck, whose banks are drawn over the river as broken lines.
    """
    frame = Frame(scene.months, width)
    months, layers = sampled(scene.shares)
    parts, names = [*_years(scene, frame)], list[str]()
    if len(months):
        bands, names = _flow(scene, frame, months, layers)
        parts += bands
    else:
        parts += to_come("The river begins with the first month.", scene.ahead, 44.0, 70.0)
    parts += _banks(over, frame) if over is not None and len(over.shares) else []
    parts += _coalitions(scene, frame)
    parts += _policies(scene, frame)
    parts += [_mark(mark, frame.x(mark.month)) for mark in scene.marks]
    parts += names  # over all that crosses the river
    parts.append(_now(scene, frame))
    if parting is not None:
        parts.append(_parting(frame.x(parting)))
    return picture(width, HEIGHT, alt(scene, of), parts)


def alt(scene: Scene, of: str) -> str:
    """Return the picture in words."""
    if not len(scene.shares):
        return f"{of}: nothing yet"
    last = scene.shares[-1]
    first = int(last.argmax())
    return (
        f"{of} up to {scene.date}: the largest is {scene.names[first]}'s, "
        f"{percent(float(last[first]))}"
    )


def across(month: float, months: int) -> float:
    """Return where a month stands in the picture, as a part of its width."""
    return Frame(months).x(month) / WIDTH


def sampled(shares: Sequence[Floats]) -> tuple[NDArray[np.int64], Floats]:
    """Return the months drawn and their shares [M, N]: every one, or an even choice of them."""
    stride = 1 + (len(shares) - 1) // COLUMNS if len(shares) else 1
    months = sorted({*range(0, len(shares), stride), len(shares) - 1} - {-1})
    layers = np.array([shares[month] for month in months]) if months else np.zeros((0, 0))
    return np.array(months, dtype=np.int64), layers


def _flow(
    scene: Scene, frame: Frame, months: NDArray[np.int64], layers: Floats
) -> tuple[list[str], list[str]]:
    """Return one band for each who ever had power, and the names where there is room.

    A band reaches down to the ground, and the lower ones lie over it: so only its upper bank has
    to be told.
    """
    across = frame.along(months)
    bounds = _TOP + _TALL * (1 - np.cumsum(layers, axis=1))
    floor = np.full(len(months), _TOP + _TALL)
    bands: list[str] = []
    labels: list[Label] = []
    for slot in np.flatnonzero(layers.max(axis=0) > _SEEN):
        top = bounds[:, slot]
        bands.append(_band(scene, int(slot), _bank(across, top), float(layers[-1, slot])))
        labels += _label(scene, frame, int(slot), across, top, floor, layers[:, slot])
        floor = top
    return bands[::-1], _placed(labels)


def _banks(scene: Scene, frame: Frame) -> list[str]:
    """Return the upper banks of another history's bands, as broken lines on a pale ground."""
    months, layers = sampled(scene.shares)
    across = frame.along(months)
    bounds = _TOP + _TALL * (1 - np.cumsum(layers, axis=1))
    made = []
    for slot in np.flatnonzero(layers.max(axis=0) > _SEEN):
        line = _bank(across, bounds[:, slot])
        said = f"as it was: {scene.names[slot]} {percent(float(layers[-1, slot]))} now"
        made += [
            f'<path d="M{line}" fill="none" stroke="var(--pb-paper)" stroke-width="4"/>',
            f'<path class="ink" d="M{line}" stroke-width="2.6" stroke-dasharray="5 2"/>',
            f'<path d="M{line}" fill="none" stroke="{scene.colour(int(slot))}" stroke-width="1.4" '
            f'stroke-dasharray="5 2">{hover(said)}</path>',
        ]
    return made


def _placed(labels: list[Label]) -> list[str]:
    """Write the names, those of the widest bands first; one that meets another is left out."""
    taken: list[Box] = []
    made = []
    for _, x, y, anchor, name in sorted(labels, reverse=True):
        box = written(x, y, name, anchor, _LETTER)
        if not any(meet(box, other) for other in taken):
            taken.append(box)
            made.append(text(x, y, name, anchor=anchor, kind="halo"))
    return made


def _bank(across: list[str], top: Floats) -> str:
    """Return a line from left to right."""
    return "L".join(f"{x} {y:.1f}" for x, y in zip(across, top.tolist(), strict=True))


def _band(scene: Scene, slot: int, bank: str, now: float) -> str:
    said = f"{scene.names[slot]}: {percent(now)} now"
    ground = n(_TOP + _TALL)
    return (
        f'<path d="M{n(_LEFT)} {ground}L{bank}V{ground}Z" fill="{scene.colour(slot)}" '
        f'stroke="var(--pb-paper)" stroke-width=".5">{hover(said)}</path>'
    )


def _label(
    scene: Scene,
    frame: Frame,
    slot: int,
    across: list[str],
    top: Floats,
    floor: Floats,
    share: Floats,
) -> list[Label]:
    """Return where the name goes: to the right of today, else where the band is widest."""
    person = scene.person(slot)
    name = brief(scene.names[slot]) if person is None else person.short
    half, today = _LETTER * len(name) / 2, float(across[-1])
    if today + 2 * half + 8 < _LEFT + frame.side:
        if share[-1] >= _ROOM:
            return [(share[-1], today + 5, (top[-1] + floor[-1]) / 2 + 4, "start", name)]
        if today < _LEFT + 4 * half:
            return []
    widest = int(share.argmax())
    if share[widest] < _ROOM:
        return []
    x = min(max(float(across[widest]), _LEFT + half + 2), _LEFT + frame.side - half - 2)
    return [(share[widest], x, (top[widest] + floor[widest]) / 2 + 4, "middle", name)]


def _years(scene: Scene, frame: Frame) -> list[str]:
    januaries = scene.januaries()
    every = 1 + int(len(januaries) * WIDTH / frame.width) // 7
    made = []
    for at, year in januaries:
        if year % every == 0:
            x = frame.x(at)
            made.append(f'<path class="rule" d="M{n(x)} {n(_TOP)}v{n(_TALL + 4)}"/>')
            made.append(text(x, _YEARS_AT, str(year), anchor="middle", kind="muted"))
    for share in (0, 0.5, 1):
        y = _TOP + _TALL * (1 - share)
        made.append(f'<path class="rule" d="M{n(_LEFT)} {n(y)}h{n(frame.side)}"/>')
        made.append(text(_LEFT - 4, y + 4, f"{100 * share:.0f}", anchor="end", kind="muted"))
    return made


def _coalitions(scene: Scene, frame: Frame) -> list[str]:
    """Return a bar below the river for each coalition, in its leader's colour, with his name."""
    rows = 1 + max((one.row for one in scene.stands), default=0)
    high = min(11.0, _SIDES / rows)
    made = []
    for one in scene.stands:
        x, y = frame.x(one.first), _TOP + _TALL + 2 + high * one.row
        wide = max(1.2, frame.x(one.last + 1) - x - 0.6)
        made.append(
            f'<g>{hover(called(one, scene.names))}<rect x="{n(x)}" y="{n(y)}" width="{n(wide)}" '
            f'height="{n(high - 1.5)}" rx="1.5" fill="{scene.colour(one.leader)}"/>'
        )
        name = brief(scene.names[one.leader])
        if high > _LEGIBLE and wide > 4.8 * len(name) + 4:
            made[-1] += text(x + 2, y + high / 2 + 2.4, name, kind="halo tiny")
        made[-1] += "</g>"
    return made


def _policies(scene: Scene, frame: Frame) -> list[str]:
    """Return a band below the river for each axis: what was decided, from its month on."""
    made = []
    for axis in range(min(_BANDS, len(scene.axes))):
        mine = [policy for policy in scene.adopted if policy.axis == axis]
        ends = [*(policy.month for policy in mine[1:]), min(scene.month, scene.months - 1)]
        y = _POLICIES_AT + (_BAND + 1) * axis
        for policy, end in zip(mine, ends, strict=False):
            x = frame.x(policy.month)
            wide = max(0.5, frame.x(end) - x - 0.5)
            dark = 0.12 + 0.8 * (policy.place + 1) / 2
            made.append(
                f'<rect x="{n(x)}" y="{n(y)}" width="{n(wide)}" height="{n(_BAND)}" '
                f'fill="var(--pb-ink)" fill-opacity="{dark:.2f}">{hover(policy.text)}</rect>'
            )
    return made


def _mark(mark: Mark, x: float) -> str:
    if not mark.weighty:
        return (
            f'<path d="M{n(x)} {n(_TOP - 8)}l3 6h-6z" fill="var(--pb-muted)">'
            f"{hover(mark.text)}</path>"
        )
    return (
        f'<g>{hover(mark.text)}<path class="ink" stroke-width="1" stroke-opacity=".7" '
        f'd="M{n(x)} {n(_TOP - 12)}v{n(_TALL + 12)}"/>'
        f'<circle cx="{n(x)}" cy="{n(_TOP - 14)}" r="3.5" fill="var(--pb-ink)"/></g>'
    )


def _now(scene: Scene, frame: Frame) -> str:
    x = frame.x(min(scene.month, scene.months - 1))
    return f'<path class="ink" stroke-width="1.5" d="M{n(x)} {n(_TOP)}v{n(_TALL)}"/>'


def _parting(x: float) -> str:
    return (
        f'<g>{hover("the month of parting")}<path stroke="#D55E00" stroke-width="3" '
        f'stroke-dasharray="6 3" d="M{n(x)} {n(_TOP - 18)}v{n(_TALL + 18)}"/>'
        f"{text(x + 4, _TOP - 12, 'parting', kind='halo strong')}</g>"
    )
