"""The chronicle, newest first."""

from __future__ import annotations

from html import escape

from politburo_sim.view.scene import Scene

#: So many of the newest months are shown; the whole can be taken home as a file.
MONTHS = 24


def chronicle(scene: Scene) -> str:
    """Return what is in force, the newest months in prose, each under its date, and the cast."""
    shown = list(scene.told[-MONTHS:])[::-1]
    entries = "".join(
        f"<h4>{escape(date)}</h4><p>{escape(' '.join(told))}</p>" for date, told in shown
    )
    ending = f'<p class="pb-ending">{escape(scene.ending)}</p>' if scene.ending else ""
    rules = "".join(f"<li>{escape(policy)}</li>" for policy in scene.policies)
    policies = f'<p>Policy in force</p><ul class="pb-policies">{rules}</ul>' if rules else ""
    cast = "".join(f'<p class="pb-cast">{escape(line)}</p>' for line in scene.cast)
    label = escape(f"Chronicle up to {scene.date}, newest first")
    return (
        f'<div class="pb-told" role="log" tabindex="0" aria-live="off" aria-label="{label}">'
        f"{ending}{policies}{entries}{cast}</div>"
    )
