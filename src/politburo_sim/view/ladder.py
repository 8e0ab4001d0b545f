"""The ladder of sanctions as steps: how far somebody has come, and when."""

from __future__ import annotations

from collections.abc import Sequence

from politburo_sim.months import month_name
from politburo_sim.view.drawing import hover, n, picture, text
from politburo_sim.view.scene import Scene

WIDTH, HEIGHT = 420, 112
_LEFT, _TOP, _SIDE, _TALL = 92.0, 8.0, 320.0, 82.0
#: Width and height of one step of the small stairs beside a member.
_STEP, _RISE = 4.0, 2.8


def stairs(x: float, y: float, rung: int, rungs: int) -> str:
    """Return small stairs about a place: as many steps full as have been gone."""
    x, y = x - _STEP * rungs / 2, y + _RISE * rungs / 2
    full, empty = (
        "".join(
            f"M{n(x + _STEP * k)} {n(y)}v{n(-_RISE * (k + 1))}h{n(_STEP - 0.8)}"
            f"v{n(_RISE * (k + 1))}z"
            for k in steps
        )
        for steps in (range(rung), range(rung, rungs))
    )
    return (
        f'<path d="{full}" fill="var(--pb-ink)" stroke="var(--pb-paper)" stroke-width=".5"/>'
        f'<path d="{empty}" fill="var(--pb-paper)" stroke="var(--pb-ink)" stroke-width=".5"/>'
    )


def ladder(scene: Scene, slot: int) -> str:
    """Return the steps that somebody has gone down, over time; "" where there are none."""
    mine = [step for step in scene.steps if step.slot == slot]
    if not mine:
        return ""
    rungs = len(scene.rungs) - 1
    now = _x(min(scene.month, scene.months - 1), scene)
    path, said = f"M{n(_LEFT)} {n(_y(0, rungs))}", []
    for step in mine:
        path += f"H{n(_x(step.month, scene))}V{n(_y(step.rung, rungs))}"
        said.append(f"{month_name(scene.start, step.month)}: {scene.rungs[step.rung]}")
    marks = [
        f'<circle cx="{n(_x(step.month, scene))}" cy="{n(_y(step.rung, rungs))}" r="3.5" '
        f'fill="{scene.colour(slot)}" stroke="var(--pb-ink)">{hover(line)}</circle>'
        for step, line in zip(mine, said, strict=True)
    ]
    label = f"The steps down of {scene.names[slot]}: {'; '.join(said)}"
    line = f'<path d="{path}H{n(now)}" fill="none" stroke="{scene.colour(slot)}" stroke-width="3"/>'
    return picture(WIDTH, HEIGHT, label, [*_frame(scene, rungs), line, *marks])


def _x(month: int, scene: Scene) -> float:
    return _LEFT + _SIDE * month / max(1, scene.months - 1)


def _y(rung: int, rungs: int) -> float:
    return _TOP + _TALL * rung / rungs


def _frame(scene: Scene, rungs: int) -> list[str]:
    names: Sequence[str] = ("in good standing", *scene.rungs[1:])
    rows = [
        f'<path class="rule" d="M{n(_LEFT)} {n(_y(rung, rungs))}h{n(_SIDE)}"/>'
        + text(_LEFT - 6, _y(rung, rungs) + 4, name, anchor="end", kind="muted small")
        for rung, name in enumerate(names)
    ]
    januaries = scene.januaries()
    every = 1 + len(januaries) // 6
    return rows + [
        text(_x(at, scene), _TOP + _TALL + 16, str(year), anchor="middle", kind="muted small")
        for at, year in januaries
        if year % every == 0
    ]
