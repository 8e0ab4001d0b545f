"""The chronicle, newest first."""

from __future__ import annotations

from html import escape

from politburo_sim.view.scene import Scene

#: So many of the newest months are shown; the whole can be taken home as a file.
MONTHS = 24


def chronicle(scene: Scene) -> str:
    """Return the newest months in prose, each under its date."""
    shown = list(scene.told[-MONTHS:])[::-1]
    entries = "".join(
        f"<h4>{escape(date)}</h4><p>{escape(' '.join(told))}</p>" for date, told in shown
    )
    label = escape(f"Chronicle up to {scene.date}, newest first")
    return f'<div class="pb-told" role="log" aria-live="off" aria-label="{label}">{entries}</div>'
