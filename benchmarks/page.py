"""How many months a second the page draws while it plays, and how soon the odds come at a pause.

    python -m benchmarks.page [ROUNDS]

A server of its own, a real Chromium without a screen at 1280 by 720, world ussr-1922, all panels in
view. A month counts as drawn when its date is on the page at an animation frame; odds while
playing are not reckoned. The medians of the rounds are printed.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time

from playwright.sync_api import Page, sync_playwright

SERVE = (
    "import sys; from politburo_sim.view.launch import view_command; "
    "view_command(port=int(sys.argv[1]), open_browser=False)"
)
COUNT = """() => {
  window.drawn = [];
  const look = () => {
    const date = document.querySelector(".pb-date")?.textContent;
    if (date && date !== window.drawn.at(-1)?.[1]) window.drawn.push([performance.now(), date]);
    requestAnimationFrame(look);
  };
  look();
}"""
ODDS = """() => {
  const panel = document.querySelector(".pb-odds");
  const drawn = panel?.querySelector(".pb-drawn").shadowRoot;
  return drawn?.querySelector(".pb-chance") && !panel.classList.contains("pb-stale");
}"""


def serve() -> tuple[subprocess.Popen[str], str]:
    with socket.create_server(("localhost", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-c", SERVE, str(port)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    for line in server.stdout:
        if f":{port}" in line:
            return server, f"http://localhost:{port}"
    raise SystemExit("the server did not start")


def measure(page: Page, address: str, seed: int) -> tuple[float, int, float]:
    """Months drawn a second, months drawn of 213, seconds from a pause to its odds."""
    page.goto(f"{address}/?seed={seed}&interval=1")
    page.wait_for_selector(".pb-river svg")
    page.wait_for_function(ODDS, timeout=180_000)
    page.evaluate(COUNT)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("window.drawn.at(-1)[1] === 'December 1939'", timeout=120_000)
    drawn = page.evaluate("window.drawn")
    page.goto(f"{address}/?seed={seed}&interval=1")
    page.wait_for_function(ODDS, timeout=60_000)
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1_000)
    page.get_by_role("button", name="Pause").click()
    start = time.perf_counter()
    page.wait_for_function(ODDS, timeout=60_000)
    odds = time.perf_counter() - start
    return (len(drawn) - 2) / (drawn[-1][0] - drawn[1][0]) * 1_000, len(drawn), odds


def main(rounds: int) -> None:
    server, address = serve()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            found = [measure(page, address, seed) for seed in range(rounds)]
            browser.close()
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)
    print("seed  months/s  drawn  odds after pause (s)")
    for seed, (rate, drawn, odds) in enumerate(found):
        print(f"{seed:4}  {rate:8.1f}  {drawn:5}  {odds:8.2f}")
    rate, _, odds = (statistics.median(column) for column in zip(*found, strict=True))
    print(f"median of {rounds}: {rate:.1f} months a second, odds after {odds:.2f} s")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} when done")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
