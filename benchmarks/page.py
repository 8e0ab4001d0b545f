"""How quick the page is, and whether it gives back what its visitors took.

    python -m benchmarks.page [ROUNDS]

A server of its own, a real Chromium without a screen at 1280 by 720, world ussr-1922, all panels in
view. A month counts as drawn when its date is on the page at an animation frame; odds while
playing are not reckoned. A fork's answer is timed from the click on "Set it" to its sentence.
Memory is the server's, before and after 20 visitors who each play for a second and go. The figures
are kept in results/page/measured.json, and docs/page.md says them from there.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.serving import ODDS, chromium, machine, memory, served

ROOT = Path(__file__).resolve().parents[1]
KEPT, DOCS = ROOT / "results" / "page" / "measured.json", ROOT / "docs" / "page.md"
BEGIN, END = "<!-- measured: python -m benchmarks.page -->\n", "<!-- end -->\n"
#: Visitors who come and go: some first, so that what is made once is there; then those that count.
WARM, VISITORS = 10, 20
COUNT = """() => {
  window.drawn = [];
  const look = () => {
    const date = document.querySelector(".pb-date")?.textContent;
    if (date && date !== window.drawn.at(-1)?.[1]) window.drawn.push([performance.now(), date]);
    requestAnimationFrame(look);
  };
  look();
}"""


def drawing(page: Page, address: str, seed: int) -> tuple[float, float]:
    """Months drawn a second, and seconds from a pause to its odds."""
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
    return (len(drawn) - 2) / (drawn[-1][0] - drawn[1][0]) * 1_000, odds


def forking(page: Page, address: str, seed: int) -> float:
    """Seconds from a change in April 1923 to the sentence that answers it."""
    page.goto(f"{address}/?seed={seed}&month=1923-04")
    page.wait_for_function(ODDS, timeout=60_000)
    page.get_by_role("tab", name="What if?").click()
    page.get_by_label("... the rule").select_option("unity")
    page.get_by_label("were").fill("0")
    start = time.perf_counter()
    page.get_by_role("button", name="Set it").click()
    page.wait_for_selector(".pb-answer code", timeout=60_000)
    return time.perf_counter() - start


def coming_and_going(browser: Browser, address: str, visitors: int) -> None:
    """So many visitors, one after another: each plays for a second and goes."""
    for seed in range(visitors):
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        page = context.new_page()
        page.goto(f"{address}/?seed={seed}&interval=1")
        page.wait_for_function(ODDS, timeout=60_000)
        page.get_by_role("button", name="Play").click()
        page.wait_for_timeout(1_000)
        page.goto("about:blank")  # the page says goodbye, as where a window is closed
        context.close()


def measure(server: subprocess.Popen[str], address: str, rounds: int) -> dict[str, Any]:
    """All figures, medians over the rounds."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        drawn = [drawing(page, address, seed) for seed in range(rounds)]
        forks = [forking(page, address, seed) for seed in range(rounds)]
        page.close()
        coming_and_going(browser, address, WARM)
        before = memory(server)
        coming_and_going(browser, address, VISITORS)
        after = memory(server)
    rates, odds = zip(*drawn, strict=True)
    return {
        "rounds": rounds, "visitors": VISITORS, "months_a_second": statistics.median(rates),
        "odds_after_pause_s": statistics.median(odds), "fork_answer_s": statistics.median(forks),
        "memory_before_mb": before, "memory_after_mb": after, "machine": machine(),
    }  # fmt: skip


def section(found: dict[str, Any]) -> str:
    """The figures as the documentation says them."""
    rows = [
        ("months drawn a second, all panels in view", f"{found['months_a_second']:.0f}"),
        ("seconds from a pause to its odds", f"{found['odds_after_pause_s']:.1f}"),
        ("seconds from a change to its answer", f"{found['fork_answer_s']:.1f}"),
        (f"MB of the server before {found['visitors']} visitors come and go",
         f"{found['memory_before_mb']:.0f}"),
        ("MB of the server after them", f"{found['memory_after_mb']:.0f}"),
    ]  # fmt: skip
    table = "".join(f"| {what} | {number} |\n" for what, number in rows)
    return f"| measured | |\n|---|---|\n{table}\nMedians of {found['rounds']} rounds; \
{found['machine']}.\n"


def main(rounds: int) -> None:
    """Measure, keep the figures, and say them in the documentation."""
    with served() as (server, address):
        found = measure(server, address, rounds)
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    head, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
    DOCS.write_text(head + BEGIN + section(found) + END + rest.partition(END)[2], encoding="utf-8")
    print(section(found))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
