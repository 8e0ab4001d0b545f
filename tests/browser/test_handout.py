"""The file to hand out, opened from its path in a real browser without a network."""

from functools import cache

import pytest
from axe import findings

from politburo_sim.view.handout.history import live
from politburo_sim.view.handout.page import page as written
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

pytestmark = pytest.mark.browser
SIZES = {"phone": (400, 800), "desk": (1280, 720), "wall": (2400, 1300)}


@cache
def made(*names: str) -> str:
    return written(*(live(build_world(load_scenario(name)), 7, futures=4) for name in names))


class Reader:
    """One who has the file and nothing else: no server, no network."""

    def __init__(self, browser, path, size="desk", at="", **how) -> None:
        width, height = SIZES[size]
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, offline=True, **how
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda one: self.asked.append(one.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda one: self.complaints.append(one.text))
        self.page.goto(path.as_uri() + (f"#{at}" if at else ""))

    @property
    def month(self) -> str:
        return self.page.locator("#month").inner_text()

    def drawn(self, panel: str, side: str = "a") -> str:
        return self.page.locator(f'.panel.{panel}[data-side="{side}"] .drawn').inner_html()

    def ready(self):
        self.page.wait_for_selector("html.js")
        return self


@pytest.fixture
def reader(browser, tmp_path):
    opened: list[Reader] = []

    def read(*names: str, **how) -> Reader:
        path = tmp_path / "history.html"
        path.write_text(made(*(names or ("ussr-1922",))), encoding="utf-8")
        opened.append(Reader(browser, path, **how))
        return opened[-1]

    yield read
    for one in opened:
        assert [url for url in one.asked if not url.startswith("file:")] == []
        assert one.complaints == []
        one.context.close()


def test_it_moves_through_the_months_and_ends(reader):
    shown = reader().ready()
    assert shown.month == "The start"
    start = {panel: shown.drawn(panel) for panel in ("table", "told", "odds", "map")}
    shown.page.locator("#slider").fill("45")
    assert shown.month == "December 1925"
    for panel, drawn in start.items():
        assert shown.drawn(panel) != drawn, panel
    shown.page.locator("#slider").press("End")
    assert shown.month == "December 1939"
    assert "So it ended." in shown.drawn("told")
    shown.page.locator("#slider").press("Home")
    assert {panel: shown.drawn(panel) for panel in start} == start


def test_play_and_pause_and_what_is_heard_meanwhile(reader, wait):
    shown = reader().ready()
    month = shown.page.locator("#month")
    assert month.get_attribute("aria-live") == "polite"
    shown.page.get_by_role("button", name="Play").click()
    wait(lambda: shown.month not in ("The start", "April 1922"))
    assert month.get_attribute("aria-live") == "off"
    shown.page.get_by_role("button", name="Pause").click()
    held = shown.month
    shown.page.wait_for_timeout(600)
    assert shown.month == held
    assert month.get_attribute("aria-live") == "polite"


def test_every_step_can_be_made_by_key(reader):
    shown = reader().ready()
    for _ in range(12):
        shown.page.keyboard.press("Tab")
        if shown.page.evaluate("document.activeElement.id") == "slider":
            break
    for key, month in (("ArrowRight", "April 1922"), ("PageUp", "April 1923"),
                       ("ArrowLeft", "March 1923"), ("PageDown", "March 1922")):  # fmt: skip
        shown.page.keyboard.press(key)
        assert shown.month == ("The start" if month == "March 1922" else month)
    ring = shown.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid"
    said = shown.page.locator("#slider").get_attribute("aria-valuetext")
    assert said.startswith("The start: strongest ")


def test_a_members_card_is_opened_by_pointer_and_key_and_closed(reader):
    shown = reader(at="1926-01").ready()
    shown.page.locator(".panel.table [data-who]").first.click()
    dialog = shown.page.locator("dialog[open]")
    assert "January 1926" in dialog.inner_text()
    assert "Believes in" in dialog.inner_text()
    shown.page.keyboard.press("Escape")
    assert shown.page.locator("dialog[open]").count() == 0
    chip = shown.page.locator(".chip").first
    chip.focus()
    chip.press("Enter")
    assert dialog.locator("h4").inner_text() == chip.inner_text()
    shown.page.get_by_role("button", name="Close").click()
    assert shown.page.evaluate("document.activeElement.className") == "chip"


def test_the_address_keeps_the_month_and_a_leap_goes_there(reader):
    shown = reader(at="1930-06").ready()
    assert shown.month == "June 1930"
    leap = shown.page.locator(".go")
    if leap.count():
        leap.first.click()
        month = shown.page.locator("#month").inner_text()
        assert leap.first.inner_text() == f"Go there: {month}"
    shown.page.locator(".flow").first.click(position={"x": 3, "y": 60})
    assert shown.month == "April 1922"


def test_it_is_read_without_script(reader):
    shown = reader(java_script_enabled=False)
    assert shown.page.locator(".bar").is_hidden()
    assert shown.page.locator("noscript").count() == 1
    text = shown.page.locator("#chronicle").inner_text()
    assert len(text) > 5_000
    assert shown.page.locator("#tables svg").count() == 6
    assert shown.page.locator(".panel svg").count() == 5


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("names", [("ussr-1922",), ("ussr-1922", "no-faction-ban")], ids=len)
def test_nothing_is_cut_off_or_hidden_at_any_width(reader, names, size):
    shown = reader(*names, size=size, at="1933-05").ready()
    wide = shown.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= SIZES[size][0]
    for panel in shown.page.locator(".panel").all():
        box = panel.bounding_box()
        assert box["width"] > 250
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= SIZES[size][0]
    bar = shown.page.locator("#slider")
    shown.page.locator(".panel.map").last.scroll_into_view_if_needed()
    assert bar.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("names", [("ussr-1922",), ("ussr-1922", "no-faction-ban")], ids=len)
def test_axe_has_no_grave_finding(reader, names, scheme):
    shown = reader(*names, at="1926-01", color_scheme=scheme, bypass_csp=True).ready()
    assert findings(shown.page) == []
    shown.page.locator(".chip").first.click()
    assert findings(shown.page) == []


@pytest.mark.parametrize(("motion", "pace"), [("reduce", 1500), ("no-preference", 250)])
def test_who_wants_less_motion_gets_less(reader, motion, pace):
    shown = reader(reduced_motion=motion).ready()
    shown.page.evaluate(
        "() => { const set = setInterval; window.setInterval = (act, pace) => "
        "{ window.pace = pace; return set(act, pace); }; }"
    )
    shown.page.get_by_role("button", name="Play").click()
    assert shown.page.evaluate("() => window.pace") == pace


def test_axe_would_see_a_grave_fault(reader):
    shown = reader(bypass_csp=True).ready()
    shown.page.evaluate("document.querySelector('h1').style.color = '#aaa'")
    assert any(found.startswith("color-contrast") for found in findings(shown.page))


def test_what_is_to_come_can_be_hidden_from_who_opens_it(reader):
    shown = reader(at="veiled", bypass_csp=True).ready()
    page = shown.page
    later = ("#ending", "#chronicle", "#lives", "#moves", ".panel.odds", ".panel.odds-river")
    assert shown.month == "The start"
    assert not any(page.locator(place).first.is_visible() for place in later)
    page.locator("#slider").fill("45")
    assert shown.month == "December 1925" and page.url.endswith("#veiled")
    hidden = """() => { const flow = document.querySelector('.river .flow');
        const box = flow.getBoundingClientRect();
        return [getComputedStyle(flow).overflow, box.right,
          document.querySelector('.river .now').getBoundingClientRect().left - box.left,
          getComputedStyle(document.querySelector('.river .now'), '::after').content]; }"""
    overflow, right, now, veil = page.evaluate(hidden)
    assert overflow == "hidden" and veil != "none" and 0 < now < right / 2
    page.locator(".panel.table [data-who]").first.click(force=True)
    card = page.locator("#dialog").inner_text()
    assert "December 1925" in card and "Votes" not in card and "Coalitions" not in card
    page.locator("#close").click()
    assert findings(page) == []
    page.get_by_label("Hide what is to come").uncheck()
    assert all(page.locator(place).first.is_visible() for place in later)
    assert page.url.endswith("#1925-12")
