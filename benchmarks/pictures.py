"""Takes the pictures of the page that the documentation shows, into docs/images.

python -m benchmarks.pictures
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.serving import chromium, served
from politburo_sim.view.choice import world_of
from politburo_sim.view.handout.make import make

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
HISTORY = "seed=10&month=1926-01"
POST, RULE = "give~General Secretary~Trotsky~1922-09", "set~unity~0~1923-01"
FORK = f"seed=7&month=1934-01&change={POST}&change={RULE}"
#: Milliseconds for a page to come to rest.
PATIENCE = 600_000


def rest(page: Page, *panels: str) -> None:
    """Wait until the odds of some panels are those of all futures."""
    for panel in panels:
        odds = page.locator(f".pb-{panel}:not(.pb-stale)")
        odds.get_by_text("1,000 futures").wait_for(timeout=PATIENCE)


def one(page: Page) -> None:
    """Wait for one history."""
    rest(page, "odds")


def card(page: Page) -> None:
    """Open the card of the strongest."""
    rest(page, "odds")
    page.locator(".pb-who select").select_option("Stalin")
    page.locator("dialog[open]").get_by_text("Believes in").wait_for()


def twin(page: Page) -> None:
    """Turn to the twin."""
    page.get_by_role("tab", name="The twin").click()
    rest(page, "odds-one", "odds-two")


def fork(page: Page) -> None:
    """Wait for the answer about a fork."""
    page.locator(".pb-answer", has_text="over 1,000 pairs").wait_for(timeout=PATIENCE)
    rest(page, "odds-one", "odds-two")


#: Name, height, what the address asks for, and what is done before the picture is taken.
SHOTS: tuple[tuple[str, int, str, Callable[[Page], None]], ...] = (
    ("page-1926", 720, HISTORY, one), ("card-1926", 900, HISTORY, card),
    ("twin-1926", 900, HISTORY, twin), ("fork-1934", 1300, FORK, fork),
)  # fmt: skip


def take(browser: Browser, address: str) -> None:
    """Take all pictures of the page."""
    for name, height, query, prepare in SHOTS:
        page = browser.new_page(viewport={"width": 1280, "height": height})
        page.goto(f"{address}/?{query}", timeout=PATIENCE)
        prepare(page)
        page.mouse.move(640, 2)
        page.screenshot(path=IMAGES / f"{name}.png")
        page.close()


def take_handout(browser: Browser) -> None:
    """Take the picture of a history that is handed out."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "history.html"
        file.write_text(make(world_of("ussr-1922"), None, 10, futures=100), encoding="utf-8")
        page = browser.new_page(viewport={"width": 1280, "height": 1060})
        page.goto(f"{file.as_uri()}#1926-01")
        page.get_by_role("heading", name="Month by month").evaluate("one => one.scrollIntoView()")
        page.screenshot(path=IMAGES / "handout-1926.png")
        page.close()


def main() -> None:
    """Take them all."""
    with served() as (_, address), chromium() as browser:
        take(browser, address)
        take_handout(browser)


if __name__ == "__main__":
    main()
