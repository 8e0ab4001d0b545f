"""A server in a process of its own and a real Chromium; loudly skipped where there is none."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

#: What odds say that are not made surer any more.
WHOLE = re.compile("1,000 futures from|The run has ended")
NO_BROWSER = "no chromium on this machine: the page was NOT tested in a browser"
_SERVE = (
    "import sys; from politburo_sim.view.launch import view_command; "
    "view_command('ussr-1922', 7, int(sys.argv[1]), open_browser=False)"
)


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(NO_BROWSER)
        print(f"\n{NO_BROWSER}", file=sys.__stderr__)
        pytest.skip(NO_BROWSER)
    return found


@dataclass
class Server:
    process: subprocess.Popen
    address: str
    said: list[str] = field(default_factory=list)


def start() -> Server:
    with socket.create_server(("localhost", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", _SERVE, str(port)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    server = Server(process, f"http://localhost:{port}")
    for line in process.stdout:
        server.said.append(line)
        if server.address in line:
            return server
    raise AssertionError("the server ended: " + "".join(server.said))


def stop(server: Server) -> int:
    server.process.send_signal(signal.SIGINT)
    server.said.append(server.process.communicate(timeout=30)[0])
    return server.process.returncode


@pytest.fixture(scope="session")
def browser() -> Iterator:
    executable = chromium()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            opened = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
            yield opened
            opened.close()


@pytest.fixture(scope="session")
def server(browser) -> Iterator[Server]:
    started = start()
    yield started
    stop(started)


class Visit:
    """One visitor's page, and all that it asked for or complained about."""

    def __init__(self, browser, server: Server, query: str = "", **how) -> None:
        size = {"viewport": {"width": 1280, "height": 720}}
        self.context = browser.new_context(accept_downloads=True, **(size | how))
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda one: self.requests.append(one.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)
        self.page.goto(server.address + "/" + query)
        self.page.wait_for_selector(".pb-river svg, .pb-river-one svg, .pb-river-both svg")

    def _hear(self, message) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def drawn(self, panel: str) -> str:
        return self.page.locator(f".pb-{panel} .pb-drawn").evaluate(
            "el => el.shadowRoot.lastChild.innerHTML"
        )

    @property
    def month(self) -> str:
        return self.page.locator(".pb-date").inner_text()

    def wait_for_month(self, month: str) -> None:
        self.page.wait_for_function(
            "month => document.querySelector('.pb-date').textContent === month", arg=month
        )

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button).click()

    def odds(self, panel: str = "odds") -> list[float]:
        whole = self.page.locator(f".pb-{panel}:not(.pb-stale)").get_by_text(WHOLE)
        whole.wait_for(timeout=120_000)
        bars = self.page.locator(f".pb-{panel} .pb-chance").all()
        return [float(bar.get_attribute("data-chance")) for bar in bars]


@pytest.fixture
def visit(browser, server) -> Iterator:
    opened: list[Visit] = []

    def open_page(query: str = "", **how) -> Visit:
        opened.append(Visit(browser, server, query, **how))
        return opened[-1]

    yield open_page
    for one in opened:
        strange = [u for u in one.requests if not u.startswith((server.address, "data:", "blob:"))]
        assert strange == [], "the page asked another host"
        assert one.complaints == [], "the page complained"
        one.context.close()


@pytest.fixture
def wait():
    def until(done, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < end, "it did not happen"
            time.sleep(0.05)

    return until
