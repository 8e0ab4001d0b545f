"""The chronicle, newest first."""

from __future__ import annotations

from html import escape

from politburo_sim.view.drawing import drawn
from politburo_sim.view.scene import Scene

#: So many of the newest months are shown; the whole can be taken home as a file.
MONTHS = 24


def chronicle(scene: Scene) -> str:
    """Return what is in force, the newest months in prose, each under its date, and the cast."""
    shown = list(scene.told[-MONTHS:])[::-1]
    entries = [
        part
        for date, told in shown
        for part in (f"<h4>{escape(date)}</h4>", f"<p>{escape(' '.join(told))}</p>")
    ]
    ending = [f'<p class="pb-ending">{escape(scene.ending)}</p>'] if scene.ending else []
    rules = "".join(f"<li>{escape(policy)}</li>" for policy in scene.policies)
    policies = ["<p>Policy in force</p>", f'<ul class="pb-policies">{rules}</ul>'] if rules else []
    cast = [f'<p class="pb-cast">{escape(line)}</p>' for line in scene.cast]
    label = escape(f"Chronicle up to {scene.date}, newest first")
    head = f'<div class="pb-told" role="log" tabindex="0" aria-live="off" aria-label="{label}">'
    return drawn(head, [*ending, *policies, *entries, *cast], "</div>")
