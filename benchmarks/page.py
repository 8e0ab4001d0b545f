"""How quick the page is, and whether it gives back what its visitors took.

    python -m benchmarks.page [ROUNDS]

A server of its own, a real Chromium without a screen at 1280 by 720, world ussr-1922, all panels in
view. A month counts as drawn when its date is on the page at an animation frame; odds while
playing are not reckoned. The processor's time of a month is all that the server, and all that the
browser has taken, by the months drawn: unlike the months a second it hangs little on what else the
machine does. A fork's answer is timed from the click on "Set it", on a page at rest, to its
sentence: of the first few pairs, and of all. Memory is the server's, before and after 20 visitors
who each play for a second and go, and after 20 more. The figures are kept in
results/page/measured.json, and docs/page.md says them from there.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.serving import ODDS, WHOLE, chromium, machine, memory, processor, served

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


#: Milliseconds after which something that has not come is taken not to come.
PATIENCE = 600_000


def press(page: Page, name: str) -> None:
    """Press a button of the controls, once it can be pressed."""
    page.get_by_role("button", name=name).click(timeout=PATIENCE)


def opened(page: Page, address: str, query: str) -> None:
    """Open the page, and wait until it is at rest and watched."""
    page.goto(f"{address}/?{query}", timeout=PATIENCE)
    page.wait_for_selector(".pb-river svg", timeout=PATIENCE)
    page.wait_for_function(WHOLE, timeout=PATIENCE)
    page.evaluate(COUNT)


def playing(page: Page, address: str, seed: int, server: int) -> dict[str, float]:
    """Play a whole history: months drawn a second, and the processor's milliseconds of one."""
    opened(page, address, f"seed={seed}&interval=1")
    before = processor(server), processor(os.getpid())
    press(page, "Play")
    page.wait_for_function("window.drawn.at(-1)[1] === 'December 1939'", timeout=PATIENCE)
    ours, all_else = processor(server) - before[0], processor(os.getpid()) - before[1]
    drawn = page.evaluate("window.drawn")
    return {
        "months_a_second": (len(drawn) - 2) / (drawn[-1][0] - drawn[1][0]) * 1_000,
        "server_ms_a_month": 1_000 * ours / (len(drawn) - 1),
        "browser_ms_a_month": 1_000 * (all_else - ours) / (len(drawn) - 1),
    }


def pausing(page: Page, address: str, seed: int) -> dict[str, float]:
    """Pause after some months: the seconds to the first odds, and to those of all futures."""
    opened(page, address, f"seed={seed}&interval=1")
    press(page, "Play")
    page.wait_for_function("window.drawn.length > 12", timeout=PATIENCE)
    press(page, "Pause")
    start = time.perf_counter()
    page.wait_for_function(ODDS, timeout=PATIENCE)
    first = time.perf_counter() - start
    page.wait_for_function(WHOLE, timeout=PATIENCE)
    return {"first_odds_s": first, "odds_after_pause_s": time.perf_counter() - start}


def forking(page: Page, address: str, seed: int) -> dict[str, float]:
    """Change a rule in April 1923: the seconds to the first sentence, and to that of all pairs."""
    opened(page, address, f"seed={seed}&month=1923-04")
    page.get_by_role("tab", name="What if?").click()
    page.get_by_label("... the rule").select_option("unity")
    page.get_by_label("were").fill("0")
    start = time.perf_counter()
    page.get_by_role("button", name="Set it").click()
    page.wait_for_selector(".pb-answer code", timeout=PATIENCE)
    first = time.perf_counter() - start
    page.locator(".pb-answer", has_text="over 1,000 pairs").wait_for(timeout=PATIENCE)
    return {"first_answer_s": first, "fork_answer_s": time.perf_counter() - start}


def coming_and_going(browser: Browser, address: str, visitors: int) -> None:
    """So many visitors, one after another: each plays for a second and goes."""
    for seed in range(visitors):
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        page = context.new_page()
        page.goto(f"{address}/?seed={seed}&interval=1")
        page.wait_for_function(ODDS, timeout=PATIENCE)
        press(page, "Play")
        page.wait_for_timeout(1_000)
        page.goto("about:blank")  # the page says goodbye, as where a window is closed
        context.close()


def measure(server: subprocess.Popen[str], address: str, rounds: int) -> dict[str, Any]:
    """All figures, medians over the rounds."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        found = [
            playing(page, address, seed, server.pid) | pausing(page, address, seed)
            | forking(page, address, seed) for seed in range(rounds)
        ]  # fmt: skip
        page.close()
        coming_and_going(browser, address, WARM)
        before = memory(server)
        coming_and_going(browser, address, VISITORS)
        after = memory(server)
        coming_and_going(browser, address, VISITORS)
        again = memory(server)
    medians = {name: statistics.median(one[name] for one in found) for name in found[0]}
    return {
        "rounds": rounds, "visitors": VISITORS, **medians,
        "memory_before_mb": before, "memory_after_mb": after, "memory_again_mb": again,
        "machine": machine(),
    }  # fmt: skip


#: What each figure is called, and its decimals.
ROWS = {
    "months_a_second": ("months drawn a second, all panels in view", 0),
    "server_ms_a_month": ("milliseconds of processor that the server takes for a month", 0),
    "browser_ms_a_month": ("milliseconds of processor that the browser takes for it", 0),
    "first_odds_s": ("seconds from a pause to its first odds, of 200 futures", 1),
    "odds_after_pause_s": ("seconds from a pause to its odds, of 1,000 futures", 1),
    "first_answer_s": ("seconds from a change to its first answer, over 200 pairs", 1),
    "fork_answer_s": ("seconds from a change to its answer, over 1,000 pairs", 1),
    "memory_before_mb": (f"MB of the server before {VISITORS} visitors come and go", 0),
    "memory_after_mb": ("MB of the server after them", 0),
    "memory_again_mb": (f"MB of the server after {VISITORS} more", 0),
}


def section(found: dict[str, Any]) -> str:
    """The figures as the documentation says them."""
    table = "".join(
        f"| {what} | {found[name]:.{places}f} |\n"
        for name, (what, places) in ROWS.items()
        if name in found
    )
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
