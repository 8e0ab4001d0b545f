"""Keeps other sites' pages away from the server: they could drive it through a visitor's browser.

A browser says in `Host` which name it was sent to, and in `Origin` whose page asks. A page of this
server has both alike. A name that is not this machine's in `Host` is that of a site which has been
pointed at this machine; another `Origin` is another site's script.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]


class Guard:
    """Answers 403 to whoever comes from elsewhere, before the application hears of it.

    names : names of this machine besides "localhost" and any address in figures.
    """

    def __init__(self, application: Application, *names: str) -> None:
        self.application = application
        own = socket.gethostname()
        self.names = {name.lower() for name in ("localhost", own, f"{own}.local", *names)}

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] in ("http", "websocket") and not self.welcome(scope):
            await refuse(scope["type"], receive, send)
        else:
            await self.application(scope, receive, send)

    def welcome(self, scope: Scope) -> bool:
        """Whether a request is sent to this machine, and by a page of this server if by any."""
        hosts, origins = _said(scope, b"host"), _said(scope, b"origin")
        if len(hosts) != 1 or len(origins) > 1:
            return False
        where = _split(f"//{hosts[0]}")
        if where is None or not self._mine(where[0]):
            return False
        if not origins:
            return bool(scope["type"] == "http")  # a browser says it with every websocket
        return bool(re.match("https?://", origins[0])) and _split(origins[0]) == where

    def _mine(self, host: str) -> bool:
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return host in self.names
        return True


def _said(scope: Scope, name: bytes) -> list[str]:
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    return [value.decode("latin-1") for key, value in headers if key == name]


def _split(address: str) -> tuple[str, int | None] | None:
    """Host and port of an address; None where it has no such parts."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    return ((parts.hostname or "").rstrip("."), port) if parts.hostname else None


async def refuse(kind: str, receive: Any, send: Any) -> None:
    """Answer 403; a websocket is closed before it is open, which browsers see as 403."""
    if kind == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": b"This page is not for other sites.\n"})
