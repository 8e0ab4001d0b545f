"""Many visitors at the page for long: does it go on answering, and does its memory stay?

    python -m benchmarks.soak [--minutes 30] [--sessions 50] [--out FILE]

So many pages are open at one time, each with a history of its own. In turn, in an order fixed by a
seed, each does what a visitor does: goes on a month, jumps, plays, opens a card, looks at the twin,
changes one thing and takes it back, or goes and comes again. After each step the page has to show
its own world, its own seed, no error. Every minute the server's memory is noted. The file says how
many steps were made, how long they took, what failed, and how the memory went.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import time
from calendar import month_name
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page

from benchmarks.serving import chromium, machine, memory, served

OUT = Path(__file__).resolve().parents[1] / "results" / "page" / "soak.json"
#: Milliseconds after which a step has failed.
PATIENCE = 60_000


@dataclass
class Visitor:
    """One page with a history of its own."""

    browser: Browser
    address: str
    seed: int
    complaints: list[str]
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.come()

    def come(self) -> None:
        """Open the page."""
        self.context = self.browser.new_context(viewport={"width": 1280, "height": 720})
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{self.address}/?seed={self.seed}&interval=50")
        self.page.wait_for_selector(".pb-river svg")

    def press(self, name: str) -> None:
        """Press a button by its name."""
        self.page.get_by_role("button", name=name).click()

    @property
    def date(self) -> str:
        """The month that is shown."""
        return self.page.locator(".pb-date").inner_text()

    def moved(self, before: str) -> None:
        """Wait until another month is shown, or the history has ended."""
        self.page.wait_for_function(
            "before => document.querySelector('.pb-date').textContent !== before", arg=before
        )

    def going(self) -> bool:
        """Whether the history goes on; one that has ended is begun again."""
        if self.page.get_by_role("button", name="Next month").is_enabled():
            return True
        self.press("From the start")
        return False

    def tab(self, name: str) -> None:
        """Turn to a page by its name."""
        self.page.get_by_role("tab", name=name).click()

    def month(self, rng: random.Random) -> None:
        """Go on a month."""
        before = self.date
        if self.going():
            self.press("Next month")
            self.moved(before)

    def jump(self, rng: random.Random) -> None:
        """Go to a month."""
        year, month = rng.randint(1923, 1938), rng.randint(1, 12)
        box = self.page.get_by_label("Go to month")
        box.fill(f"{year}-{month:02d}")
        box.press("Enter")
        self.page.locator(".pb-date", has_text=f"{month_name[month]} {year}").wait_for()

    def play(self, rng: random.Random) -> None:
        """Play for a while."""
        before = self.date
        if not self.going():
            return
        self.press("Play")
        self.moved(before)
        button = self.page.locator(".v-navigation-drawer button", has_text=re.compile("▶|❚❚"))
        if "❚❚" in button.inner_text():
            button.click()
        self.page.get_by_role("button", name="Play").wait_for()

    def card(self, rng: random.Random) -> None:
        """Open a member's card and close it."""
        self.page.locator(".pb-who select").select_option(index=rng.randint(1, 5))
        self.page.locator("dialog[open]").get_by_role("button", name="Close").click()

    def twin(self, rng: random.Random) -> None:
        """Look at the twin and come back."""
        self.tab("The twin")
        self.page.wait_for_selector(".pb-river-two svg")
        self.tab("One history")

    def change(self, rng: random.Random) -> None:
        """Change one thing from a month on, and take it back."""
        self.jump(rng)
        self.tab("What if?")
        self.page.get_by_label("... the rule").select_option("unity")
        self.page.get_by_label("were").fill("0.1")
        self.press("Set it")
        self.page.wait_for_selector(".pb-river-both svg")
        self.press("Undo the last")
        self.tab("One history")
        self.page.wait_for_selector(".pb-river svg")

    def again(self, rng: random.Random) -> None:
        """Go, and come again."""
        self.page.goto("about:blank")
        self.context.close()
        self.come()

    def whole(self) -> bool:
        """Whether the page shows its own history and says no error."""
        said = self.page.locator(".pb-status").inner_text()
        return f"seed {self.seed}" in said and self.page.locator(".v-alert.error").count() == 0


STEPS: tuple[Callable[[Visitor, random.Random], None], ...] = (
    Visitor.month, Visitor.month, Visitor.jump, Visitor.play, Visitor.card, Visitor.twin,
    Visitor.change, Visitor.again,
)  # fmt: skip


def soak(minutes: float, sessions: int) -> dict[str, object]:
    """Keep so many visitors at it for so long; what came of it."""
    rng, complaints = random.Random(0), list[str]()
    took, failed, series = list[float](), Counter[str](), list[float]()
    with served() as (server, address), chromium() as browser:
        visitors = [Visitor(browser, address, 100 + k, complaints) for k in range(sessions)]
        begin = time.monotonic()
        while time.monotonic() - begin < 60 * minutes:
            if time.monotonic() - begin >= 60 * len(series):
                series.append(round(memory(server), 1))
            visitor, step = rng.choice(visitors), rng.choice(STEPS)
            start = time.monotonic()
            try:
                step(visitor, rng)
                if not visitor.whole():
                    failed[f"{step.__name__}: another history, or an error"] += 1
            except Error as error:
                failed[f"{step.__name__}: {str(error).splitlines()[0]}"] += 1
                visitor.again(rng)
            took.append(time.monotonic() - start)
        series.append(round(memory(server), 1))
        for visitor in visitors:
            visitor.context.close()
    ranked = sorted(took)
    return {
        "minutes": minutes, "sessions": sessions, "steps": len(took),
        "median_s": round(statistics.median(ranked), 3),
        "slowest_of_20_s": round(ranked[int(0.95 * (len(ranked) - 1))], 3),
        "failed": dict(failed), "complaints": complaints[:20], "memory_mb": series,
        "machine": machine(),
    }  # fmt: skip


def main() -> None:
    """Read the command, and write the file."""
    asked = argparse.ArgumentParser(description="Many visitors at the page for long.")
    asked.add_argument("--minutes", type=float, default=30)
    asked.add_argument("--sessions", type=int, default=50)
    asked.add_argument("--out", type=Path, default=OUT)
    given = asked.parse_args()
    found = soak(given.minutes, given.sessions)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
