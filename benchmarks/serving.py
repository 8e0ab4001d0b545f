"""A page's server in a process of its own, a real Chromium, and the memory of the server."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

SERVE = (
    "import sys; from politburo_sim.view.launch import view_command; "
    "view_command(port=int(sys.argv[1]), open_browser=False)"
)
ODDS = """() => {
  const panel = document.querySelector(".pb-odds, .pb-odds-one");
  const drawn = panel?.querySelector(".pb-drawn").shadowRoot;
  return drawn?.querySelector(".pb-chance") && !panel.classList.contains("pb-stale");
}"""
#: The odds are there that are not made surer any more.
WHOLE = """() => {
  const panel = document.querySelector(".pb-odds, .pb-odds-one");
  const drawn = panel?.querySelector(".pb-drawn").shadowRoot;
  return drawn?.textContent.includes("1,000 futures") && !panel.classList.contains("pb-stale");
}"""


@contextmanager
def served() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Yield the server's process and its address."""
    with socket.create_server(("localhost", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-c", SERVE, str(port)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    for line in server.stdout:
        if f":{port}" in line:
            break
    else:
        raise SystemExit("the server did not start")
    try:
        yield server, f"http://localhost:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a browser without a screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


def memory(process: subprocess.Popen[str]) -> float:
    """Return the resident memory of a process, in MB."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def processor(*processes: int) -> float:
    """Return the seconds of processor that processes and all below them have taken so far."""
    stats = {}
    for folder in Path("/proc").iterdir():
        with suppress(OSError):
            if folder.name.isdecimal():
                line = (folder / "stat").read_text(encoding="utf-8", errors="replace")
                stats[int(folder.name)] = line.rpartition(")")[2].split()
    counted, found = set(processes), 0
    while len(counted) > found:
        found = len(counted)
        counted |= {one for one, parts in stats.items() if int(parts[1]) in counted}
    ticks = sum(int(stats[one][11]) + int(stats[one][12]) for one in counted if one in stats)
    return ticks / os.sysconf("SC_CLK_TCK")


def machine() -> str:
    """Return what it was measured on, in words."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, load {load:.1f} when done, Python {sys.version.split()[0]}"
