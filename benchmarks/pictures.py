"""Takes the pictures of the page that the documentation shows, into docs/images.

    python -m benchmarks.pictures [FOLDER]

With a folder, the same views are taken into it as well for a look at them: on a phone, a usual and
a large screen, light and dark.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

from benchmarks.serving import chromium, served
from politburo_sim.view.choice import world_of
from politburo_sim.view.handout.make import make

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
HISTORY = "seed=10&month=1926-01"
POST, RULE = "give~General Secretary~Trotsky~1922-09", "set~unity~0~1923-01"
FORK = f"seed=7&month=1934-01&change={POST}&change={RULE}"
#: Widths and heights to look at.
SCREENS = ((400, 2600), (1280, 720), (2400, 1300))
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
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


def take_handout(browser: Browser, history: str) -> None:
    """Take the picture of a history that is handed out."""
    page = browser.new_page(viewport={"width": 1280, "height": 1060})
    page.goto(f"{history}#1926-01")
    page.get_by_role("heading", name="Month by month").evaluate("one => one.scrollIntoView()")
    page.screenshot(path=IMAGES / "handout-1926.png")
    page.close()


def look(browser: Browser, address: str, history: str, folder: Path) -> None:
    """Take every view on every screen, light and dark."""
    folder.mkdir(parents=True, exist_ok=True)
    views = [*((name, f"{address}/?{query}", then) for name, _, query, then in SHOTS),
             ("handout", f"{history}#1926-01", lambda _page: None)]  # fmt: skip
    for wide, high in SCREENS:
        for scheme in SCHEMES:
            for name, where, prepare in views:
                page = browser.new_page(
                    viewport={"width": wide, "height": high}, color_scheme=scheme
                )
                page.goto(where, timeout=PATIENCE)
                prepare(page)
                page.screenshot(path=folder / f"{name}-{wide}-{scheme}.png")
                page.close()


def main(folder: Path | None) -> None:
    """Take them all."""
    with (
        tempfile.TemporaryDirectory() as made, served() as (_, address), chromium() as browser
    ):  # fmt: skip
        file = Path(made) / "history.html"
        file.write_text(make(world_of("ussr-1922"), None, 10, futures=100), encoding="utf-8")
        take(browser, address)
        take_handout(browser, file.as_uri())
        if folder:
            look(browser, address, file.as_uri(), folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
