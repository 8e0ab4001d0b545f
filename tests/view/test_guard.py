"""Requests from other sites' pages are refused before the application hears of them."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from politburo_sim.view.guard import Guard


def answer(kind: str, **headers: str | tuple[str, ...]) -> Any:
    """What is sent to a request with these headers: "let in", a status, or a closing code."""
    sent: list[dict[str, Any]] = []
    listed = [
        (name.encode(), value.encode("latin-1"))
        for name, given in headers.items()
        for value in ((given,) if isinstance(given, str) else given)
    ]

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"said": "let in"})

    async def receive() -> dict[str, str]:
        return {"type": f"{kind}.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": kind, "headers": listed}
    with ThreadPoolExecutor(1) as pool:  # a loop of its own, whatever runs in this thread
        guard = Guard(application, "sim.example")
        pool.submit(lambda: asyncio.run(guard(scope, receive, send))).result()
    first = sent[0]
    return first.get("said") or first.get("status") or first["code"]


@pytest.mark.parametrize(
    "host",
    ["localhost:8765", "LOCALHOST:8765", "127.0.0.1:8765", "[::1]:8765", "192.168.1.7:8765",
     "sim.example", "sim.example.:8765"],
)  # fmt: skip
def test_this_machine_may_be_asked_by_its_names_and_addresses(host: str) -> None:
    assert answer("http", host=host) == "let in"
    assert answer("http", host=host, origin=f"http://{host}") == "let in"
    assert answer("websocket", host=host, origin=f"http://{host}") == "let in"


@pytest.mark.parametrize(
    "host",
    ["evil.example:8765", "localhost.evil.example", "evil.example", "", "localhost@evil.example:1",
     "127.0.0.1.evil.example", "[::1", "localhost:port"],
)  # fmt: skip
def test_a_foreign_name_pointed_at_this_machine_is_refused(host: str) -> None:
    assert answer("http", host=host) == 403
    assert answer("websocket", host=host, origin=f"http://{host}") == 1008


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "http://evil.example:8765", "http://localhost:9999", "null", "",
     "http://localhost", "file://", "http://127.0.0.1:8765", "chrome://localhost:8765"],
)  # fmt: skip
def test_another_sites_page_is_refused(origin: str) -> None:
    assert answer("websocket", host="localhost:8765", origin=origin) == 1008
    assert answer("http", host="localhost:8765", origin=origin) == 403


def test_a_websocket_says_whose_it_is() -> None:
    assert answer("websocket", host="localhost:8765") == 1008


def test_headers_given_twice_or_not_at_all_are_refused() -> None:
    assert answer("http") == 403
    assert answer("http", host=("localhost", "evil.example")) == 403
    both = ("http://localhost", "http://evil.example")
    assert answer("websocket", host="localhost", origin=both) == 1008


def test_what_is_neither_goes_through() -> None:
    assert answer("lifespan") == "let in"
