"""Starts the page's server: on this machine alone unless told otherwise, until Ctrl-C."""

from __future__ import annotations

import ctypes
import os
import socket
import threading
import time
import warnings
import webbrowser
from contextlib import suppress
from typing import Any

from politburo_sim.files.errors import InputError

PORT = 8765
_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h


def view_command(
    scenario: str = "ussr-1922",
    seed: int = 0,
    port: int = PORT,
    host: str = "localhost",
    open_browser: bool = True,
    settings: dict[str, float] | None = None,
) -> None:
    """Serve the page until Ctrl-C.

    Parameters
    ----------
    scenario, seed, settings : what a page shows whose address asks for nothing.
    port, host : where to listen; host "0.0.0.0" lets others in.
    open_browser : whether to open the page in this machine's browser.

    Raises
    ------
    InputError
        If the world or seed is wrong, or the port is taken.
    """
    _check_port(host, port)
    _few_arenas()
    from politburo_sim.view import choice

    first = choice.Choice(scenario, choice.read_seed(seed), tuple(sorted((settings or {}).items())))
    _say_if_compiling()
    choice.WatchedPolitburo(first).live_to(1)
    address = f"http://{named(host)}:{port}"
    server = _server(first, host, port)
    threading.Thread(target=_announce, args=(server, address, open_browser), daemon=True).start()
    threading.Thread(target=_warm, args=(server, first), daemon=True).start()
    with suppress(KeyboardInterrupt):
        server.run()


def named(host: str) -> str:
    """Return a host as others can reach it: this machine's own address where all are let in.

    The address is that from which this machine would reach another; nothing is sent.
    """
    if host not in ("0.0.0.0", "::", ""):
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))  # an address that RFC 5737 keeps for examples
            return str(asking.getsockname()[0])
        except OSError:
            return "localhost"


def show_scenario(name: str, scenario: Any, **how: Any) -> None:
    """Serve the page with one more world on it, such as that of a run of a sweep."""
    from politburo_sim.view.choice import hand_over

    hand_over(name, scenario)
    view_command(name, **how)


def _check_port(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port)):
            return
    except OSError as error:
        raise InputError(
            f"cannot listen there ({error.strerror or error})", key="--port",
            given=f"{host}:{port}", allowed="a free port",
            hint="give another one, for example --port 8899",
        ) from None  # fmt: skip


def _few_arenas() -> None:
    """Have all threads take memory from two arenas, where the system's library is glibc.

    It gives each of them one of its own and keeps what was freed in it: over 48 visitors a server
    grew from 474 to 488 MB, and with two arenas from 452 to 461, where it stayed.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 2)


def _say_if_compiling() -> None:
    from politburo_sim.view.forecast import is_compiled

    if not is_compiled():
        print("Compiling the rules for this machine, once (half a minute) ...", flush=True)
    else:
        print("Starting the page ...", flush=True)


def _server(first: Any, host: str, port: int) -> Any:
    os.environ["SOLARA_APP"] = "politburo_sim.view.app"
    os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "false"
    import uvicorn

    # Solara reads Mesa's own components and has something to say about their style.
    warnings.filterwarnings("ignore", module=r"solara\.validate_hooks")
    from politburo_sim.view import app, offline
    from politburo_sim.view.guard import Guard

    offline.keep_to_this_machine()
    app.first_choice = first
    from solara.server import starlette

    return uvicorn.Server(
        uvicorn.Config(
            Guard(starlette.app, host),
            host=host,
            port=port,
            log_level="warning",
            ws_per_message_deflate=False,
        )
    )


def _announce(server: Any, address: str, open_browser: bool) -> None:
    while not server.started:
        time.sleep(0.05)
    print(f"Watch at {address} (Ctrl-C ends it)", flush=True)
    if open_browser:
        webbrowser.open(address)


def _warm(server: Any, first: Any) -> None:
    """Live one history, so that all rules are loaded before a visitor's months need them."""
    from politburo_sim.view import choice

    while not server.started:
        time.sleep(0.05)
    world = first.world
    choice.WatchedPolitburo(first).live_to(world.months)
