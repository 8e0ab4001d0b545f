"""Keeps Solara to this machine: no check of its version, no telemetry, no other host's files."""

from __future__ import annotations

import solara.settings
from solara.server import settings


def keep_to_this_machine() -> None:
    """Set what Solara would otherwise ask of other hosts; harmless to call again.

    In development mode Solara calls home from the reader's browser; with `solara-assets` and its
    proxy, fonts and scripts come from this server.
    """
    settings.main.mode = "production"
    settings.telemetry.mixpanel_enable = False
    settings.theme.show_banner = False
    settings.theme.title = "Politburo"
    solara.settings.assets.proxy = True
