"""The page in a real browser: what a visitor does, and what is then to be seen."""

import re

import matplotlib.image
import numpy as np
import pytest
from axe import findings
from conftest import start, stop

pytestmark = pytest.mark.browser
PANELS = ("table", "map", "odds", "river", "roll-calls", "chronicle")


def test_the_page_is_not_blank_and_says_what_it_shows(visit):
    shown = visit()
    assert shown.month == "April 1922"
    status = shown.page.locator(".pb-status").inner_text()
    assert "The Politburo, 1922-1939" in status
    assert "seed 7" in status
    for panel in PANELS:
        assert len(shown.drawn(panel)) > 100
        box = shown.page.locator(f".pb-{panel}").bounding_box()
        assert box["width"] > 250
        assert box["height"] > 150
        assert box["y"] + box["height"] <= 720
    assert shown.page.locator("svg[role=img][aria-label]").count() >= 5


def test_all_panels_stay_in_view_when_more_is_to_be_said_above_them(visit):
    shown = visit("?seed=7&month=1926-01&unity=0.6&opacity=0.2&organising=0.4")
    assert shown.page.locator(".pb-line").bounding_box()["height"] > 40
    for panel in PANELS:
        box = shown.page.locator(f".pb-{panel}").bounding_box()
        assert box["height"] >= 235
        assert box["y"] + box["height"] <= 720


def test_play_moves_the_month_and_changes_every_panel_and_pause_holds_it(visit, wait):
    shown = visit("?seed=7&interval=1")
    before = {panel: shown.drawn(panel) for panel in PANELS}
    shown.press("Play")
    wait(lambda: shown.month.endswith("1924"))
    shown.press("Pause")
    shown.odds()
    held = shown.month
    for panel in PANELS:
        assert shown.drawn(panel) != before[panel], panel
    shown.page.wait_for_timeout(500)
    assert shown.month == held


def test_step_and_reset(visit):
    shown = visit()
    shown.press("Next month")
    shown.wait_for_month("May 1922")
    shown.press("Next month")
    shown.wait_for_month("June 1922")
    shown.press("From the start")
    shown.wait_for_month("April 1922")


def test_keys_play_pause_step_and_reset(visit, wait):
    shown = visit("?interval=1")
    shown.page.get_by_role("button", name="Play").wait_for()
    shown.page.keyboard.press("ArrowRight")
    shown.wait_for_month("May 1922")
    shown.page.keyboard.press("Space")
    wait(lambda: shown.month.endswith("1923"))
    shown.page.keyboard.press("Space")
    shown.page.get_by_role("button", name="Play").wait_for()
    shown.page.keyboard.press("r")
    shown.wait_for_month("April 1922")


def test_keys_typed_into_a_box_are_left_alone(visit):
    shown = visit()
    shown.page.get_by_label("Seed").click()
    shown.page.keyboard.press("ArrowRight")
    shown.page.keyboard.type("3")
    shown.page.wait_for_timeout(300)
    assert shown.month == "April 1922"


def test_a_slider_starts_again_with_its_setting(visit):
    shown = visit("?month=1926-01")
    before = shown.page.locator(".pb-status").inner_text()
    slider = shown.page.locator(".v-input__slider", has_text="Unity").locator("[role=slider]")
    slider.focus()
    slider.press("Home")
    shown.wait_for_month("April 1922")
    status = shown.page.locator(".pb-status").inner_text()
    assert "unity 0" in status
    assert "unity" not in before


def test_another_world_and_another_seed(visit):
    shown = visit("?month=1926-01")
    shown.page.locator(".v-select", has_text="World").click()
    shown.page.get_by_role("option", name="presidium-1957").click()
    shown.wait_for_month("May 1957")
    assert "Presidium" in shown.page.locator(".pb-status").inner_text()
    seed = shown.page.get_by_label("Seed")
    seed.fill("12")
    seed.press("Enter")
    shown.page.locator(".pb-status", has_text="seed 12").wait_for()


def test_a_seed_that_is_none_says_so(visit):
    shown = visit()
    seed = shown.page.get_by_label("Seed")
    seed.fill("luck")
    seed.press("Enter")
    shown.page.get_by_text("a seed must be a whole number").wait_for()
    assert "seed 7" in shown.page.locator(".pb-status").inner_text()


def test_jump_forward_and_back_comes_to_the_same_picture(visit):
    shown = visit("?month=1926-01")
    drawn = shown.drawn("table")
    box = shown.page.get_by_label("Go to month")
    for month, name in (("1930-06", "June 1930"), ("1926-01", "January 1926")):
        box.fill(month)
        box.press("Enter")
        shown.page.keyboard.press("Tab")
        shown.wait_for_month(name)
        shown.page.wait_for_timeout(500)  # the server's answer to the box comes after the panels
    assert shown.drawn("table") == drawn


def test_the_box_for_a_month_follows_the_page_but_not_while_it_is_typed_in(visit, wait):
    shown = visit()
    box = shown.page.get_by_label("Go to month")
    for month, name in (("1922-05", "May 1922"), ("1922-06", "June 1922")):
        shown.press("Next month")
        shown.wait_for_month(name)
        wait(lambda month=month: box.input_value() == month)
    box.focus()
    shown.page.wait_for_timeout(500)
    shown.page.get_by_role("button", name="Next month").evaluate("el => el.click()")
    shown.wait_for_month("July 1922")
    shown.page.wait_for_timeout(500)
    assert box.input_value() == "1922-06"
    box.blur()
    wait(lambda: box.input_value() == "1922-07")


def test_after_the_end_another_world_can_be_played(visit, wait):
    shown = visit("?month=1939-12")
    shown.press("Next month")
    shown.page.get_by_label("Seed").fill("8")
    shown.page.get_by_label("Seed").press("Enter")
    shown.page.locator(".pb-status", has_text="seed 8").wait_for()
    shown.press("Play")
    wait(lambda: shown.month != "April 1922")


def test_odds_appear_at_rest_and_sum_to_one(visit):
    shown = visit("?month=1924-01")
    assert sum(shown.odds()) == pytest.approx(1, abs=1e-4)
    assert "1,000 futures from January 1924" in shown.drawn("odds")


def test_the_link_restores_the_view_for_another_visitor(visit):
    one = visit("?scenario=no-faction-ban&seed=3&month=1927-05&opacity=0.25")
    link = one.page.locator(".pb-link").get_attribute("href")
    other = visit(link)
    assert other.month == one.month == "May 1927"
    for panel in ("table", "map", "river", "roll-calls", "chronicle"):
        assert other.drawn(panel) == one.drawn(panel)
    assert "opacity 0.25" in other.page.locator(".pb-status").inner_text()


def test_a_month_that_was_played_to_is_drawn_as_one_that_was_opened(visit, wait):
    one = visit("?seed=7&interval=1")
    one.press("Play")
    wait(lambda: one.month.endswith("1924"))
    one.press("Pause")
    one.odds()
    other = visit(one.page.locator(".pb-link").get_attribute("href"))
    assert other.month == one.month
    for panel in ("table", "map", "river", "roll-calls", "chronicle"):
        assert other.drawn(panel) == one.drawn(panel), panel


def test_a_link_cannot_name_a_file(visit):
    shown = visit("?scenario=../../pyproject.toml")
    shown.page.get_by_text("no such world").wait_for()
    assert shown.month == "April 1922"


def test_two_visitors_do_not_share_a_model(visit, wait):
    one, other = visit("?seed=1"), visit("?seed=2")
    one.press("Next month")
    one.wait_for_month("May 1922")
    assert other.month == "April 1922"
    one.press("Play")
    wait(lambda: one.month not in ("April 1922", "May 1922"))
    assert other.month == "April 1922"
    assert "seed 2" in other.page.locator(".pb-status").inner_text()


def test_the_twin_is_set_beside_and_the_parting_marked(visit, wait):
    shown = visit("?seed=7&month=1926-01")
    shown.page.get_by_role("tab", name="The twin").click()
    shown.page.wait_for_selector(".pb-river-two svg")
    assert re.search(r"they part in \w+ 19\d\d", shown.page.locator(".pb-parting").inner_text())
    for side in ("one", "two"):
        assert "the month of parting" in shown.drawn(f"river-{side}")
        assert sum(shown.odds(f"odds-{side}")) == pytest.approx(1, abs=1e-4)
    before = shown.drawn("river-two")
    shown.press("Next month")
    shown.wait_for_month("February 1926")
    wait(lambda: shown.drawn("river-two") != before)
    shown.page.locator(".v-select", has_text="Second world").click()
    shown.page.get_by_role("option", name="lenin-recovers").click()
    shown.page.locator(".pb-world-two", has_text="Lenin recovers").wait_for()
    assert "twin=lenin-recovers" in shown.page.locator(".pb-link").get_attribute("href")


@pytest.mark.parametrize(
    ("button", "ends", "holds"),
    [
        ("Chronicle (txt)", "chronicle.txt", "Full members of the Politburo in April 1922"),
        ("Roll calls (csv)", "roll-calls.csv", "month,kind,mover"),
        ("Power (csv)", "power.csv", "power share"),
        ("Picture (svg)", ".svg", "<svg"),
    ],
)
def test_files_are_taken_home(visit, button, ends, holds):
    shown = visit("?month=1926-01")
    with shown.page.expect_download() as waiting:
        shown.press(button)
    assert waiting.value.suggested_filename.endswith(ends)
    with open(waiting.value.path(), encoding="utf-8") as file:
        assert holds in file.read()


def test_the_picture_is_taken_home_as_pixels(visit):
    shown = visit("?month=1926-01")
    for name in ("first", "again"):
        with shown.page.expect_download() as waiting:
            shown.press("Picture (png)")
        assert waiting.value.suggested_filename == "politburo.png", name
        with open(waiting.value.path(), "rb") as file:
            drawn = matplotlib.image.imread(file)
        assert drawn.shape[:2] == (2 * 580, 2 * 1080)
        assert len(np.unique(drawn.reshape(-1, drawn.shape[2]), axis=0)) > 50


def test_both_histories_of_a_twin_are_taken_home(visit):
    shown = visit("?month=1926-01&twin=no-faction-ban")
    with shown.page.expect_download() as waiting:
        shown.press("no-faction-ban: Chronicle (txt)")
    assert waiting.value.suggested_filename == "no-faction-ban-seed-7-chronicle.txt"
    with shown.page.expect_download() as waiting:
        shown.press("Picture (svg)")
    with open(waiting.value.path(), encoding="utf-8") as file:
        assert file.read().count("<svg") == 7


def test_a_page_to_hand_out_is_made_and_saved(visit):
    shown = visit("?scenario=presidium-1957")
    with shown.page.expect_download(timeout=120_000) as waiting:
        shown.press("Page to hand out (html)")
        shown.page.get_by_role("button", name="Making it").wait_for()
    assert waiting.value.suggested_filename == "presidium-1957-seed-7.html"
    with open(waiting.value.path(), encoding="utf-8") as file:
        text = file.read()
    assert text.startswith("<!doctype html>")
    assert "politburo-sim export presidium-1957 --seed 7" in text
    shown.page.get_by_role("button", name="Page to hand out (html)").wait_for()


def text(shown) -> str:
    return shown.page.locator(".pb-stop p").first.inner_text()


def test_the_tour_plays_stops_asks_and_comes_to_the_end(visit, wait):
    shown = visit("?seed=7&month=1924-06")
    assert "Who will rule the Politburo?" in shown.page.locator(".pb-question").inner_text()
    shown.press("Take the tour")
    shown.wait_for_month("April 1922")
    shown.page.locator(".pb-table.pb-lit").wait_for()
    shown.page.locator(".pb-choices").get_by_role("button").nth(1).click()
    guessed = shown.page.locator(".pb-choices [aria-pressed=true]").inner_text()
    titles, months = [], []
    for stop_ in range(10):
        shown.page.get_by_text(f"{stop_ + 1} of 10.").wait_for(timeout=120_000)
        wait(lambda: "Playing" not in text(shown), 60)
        titles.append(text(shown).split("?")[0][:30])
        months.append(shown.month)
        if stop_ == 2:
            wait(lambda: f"Your guess, {guessed}" in text(shown), 120)
        if stop_ < 9:
            shown.page.get_by_role("button", name="Next", exact=True).click()
        if stop_ == 8:
            shown.press("Skip ahead")
    assert len(set(titles)) == 10
    assert months[0] == months[2] == "April 1922"
    assert months[3] == "February 1924"  # the death of January has been lived
    assert months[9] == "December 1939"
    wait(lambda: "How usual is that? Of 100 futures" in text(shown), 120)
    assert f"You guessed {guessed}" in text(shown)
    shown.press("Leave the tour")
    shown.page.get_by_role("button", name="Take the tour").wait_for()
    assert "So it ended" in text(shown)
    wait(lambda: shown.page.locator(".pb-lit").count() == 0)


#: Whether the lit panel is within the part of the page that scrolls, and below the tour's words.
IN_SIGHT = """() => {
    const lit = document.querySelector(".pb-lit")?.getBoundingClientRect();
    const said = document.querySelector(".pb-stop").getBoundingClientRect();
    const top = document.querySelector(".v-app-bar").getBoundingClientRect().bottom;
    return lit && said.top >= top && said.bottom <= lit.top + 2 && lit.bottom <= innerHeight + 2;
}"""


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_the_tour_brings_each_panel_into_sight_below_its_words(visit, wait, size, motion):
    width, height = size
    shown = visit(viewport={"width": width, "height": height}, reduced_motion=motion)
    shown.press("Take the tour")
    for panel in ("table", "map", "odds", "river", "odds", "table", "roll-calls"):
        shown.page.locator(f".pb-{panel}.pb-lit").wait_for()
        wait(lambda: "Playing" not in text(shown), 60)
        wait(lambda: shown.page.evaluate(IN_SIGHT))
        shown.page.get_by_role("button", name="Next", exact=True).click()


def test_a_visitor_on_the_tour_may_scroll_away(visit, wait):
    shown = visit(viewport={"width": 390, "height": 844})
    shown.press("Take the tour")
    shown.page.get_by_role("button", name="Next", exact=True).click()
    shown.page.locator(".pb-map.pb-lit").wait_for()
    wait(lambda: shown.page.evaluate(IN_SIGHT))
    shown.page.locator(".pb-chronicle").scroll_into_view_if_needed()
    shown.page.keyboard.press("ArrowRight")
    shown.wait_for_month("May 1922")
    shown.page.wait_for_timeout(1000)
    assert not shown.page.evaluate(IN_SIGHT)


def test_no_panel_is_empty_and_each_has_its_key(visit):
    shown = visit()
    for panel in PANELS:
        words = re.sub("<[^>]*>", "", shown.drawn(panel))
        assert len(words.strip()) > 15, panel
        shown.page.locator(f".pb-{panel} summary").click()
        assert len(shown.page.locator(f".pb-{panel} .pb-key p").inner_text()) > 15, panel
    assert "To come:" in shown.drawn("roll-calls")
    assert "May 1922" in shown.drawn("river")


def test_a_members_card_is_opened_by_pointer_and_by_list(visit, wait):
    shown = visit("?month=1926-01")
    shown.page.locator(".pb-table [data-who]").first.click()
    dialog = shown.page.locator("dialog[open]")
    dialog.wait_for()
    said = dialog.inner_text()
    for word in ("Believes in", "Coalition", "Sees and fears", "The last votes, and why"):
        assert word in said
    assert "spoke" in said or "own motion" in said
    assert findings(shown.page) == []
    shown.page.keyboard.press("Escape")
    wait(lambda: dialog.count() == 0)
    shown.page.locator(".pb-who select").select_option(index=2)
    dialog.wait_for()
    wait(lambda: dialog.inner_text() != said)
    dialog.get_by_role("button", name="Close").click()
    wait(lambda: dialog.count() == 0)


def test_the_steps_down_on_a_card_are_whole_and_ruled(visit):
    shown = visit("?month=1926-01")
    shown.page.locator(".pb-who select").select_option(label="Bukharin")
    ladder = shown.page.locator("dialog[open] svg")
    ladder.wait_for()
    card = shown.page.locator("dialog[open]").bounding_box()
    for word in ladder.locator("text").all():
        assert word.evaluate("el => getComputedStyle(el).fontSize") == "10.5px"
        assert word.bounding_box()["x"] >= card["x"] + 4
    assert ladder.evaluate("el => getComputedStyle(el).overflow") == "visible"
    rule = ladder.locator(".rule").first
    assert rule.evaluate("el => getComputedStyle(el).stroke") == "rgb(213, 213, 213)"


def test_any_members_card_is_opened_by_key_and_nothing_moves_behind_it(visit, wait):
    shown = visit("?month=1926-01")
    chosen = shown.page.locator(".pb-who select")
    dialog = shown.page.locator("dialog[open]")
    names = chosen.locator("option").all_inner_texts()
    chosen.focus()
    for name in names[1:4]:
        chosen.press("ArrowDown")
        assert chosen.evaluate("el => el.selectedOptions[0].text") == name
    shown.page.wait_for_timeout(500)
    assert dialog.count() == 0
    chosen.press("Enter")
    dialog.get_by_role("heading", name=names[3]).wait_for()
    for key in ("ArrowRight", "r", "Space"):
        dialog.press(key)
    shown.page.wait_for_timeout(500)
    assert shown.month == "January 1926"
    if dialog.count():  # the focus is on its button, which has a space key of its own
        shown.page.keyboard.press("Escape")
    wait(lambda: dialog.count() == 0)
    shown.page.get_by_role("button", name="Open", exact=True).click()
    dialog.get_by_role("heading", name=names[3]).wait_for()


def test_the_page_has_the_words_of_its_subject(visit):
    shown = visit()
    shown.page.get_by_role("button", name="Next month").wait_for()
    said = shown.page.locator(".v-navigation-drawer").inner_text()
    for word in ("Play Interval", "Render Interval", "Step:", "Model Parameters", "Reset"):
        assert word not in said
    sliders = shown.page.locator(".v-navigation-drawer [role=slider]").all()
    heard = [slider.get_attribute("aria-label") for slider in sliders]
    assert heard[:2] == ["Pause between months (ms)", "Months between pictures"]


def test_the_address_follows_the_page_at_rest(visit, wait):
    shown = visit()
    shown.press("Next month")
    wait(lambda: "month=1922-05" in shown.page.evaluate("location.href"), 120)
    shown.page.reload()
    shown.page.wait_for_selector(".pb-date")
    shown.wait_for_month("May 1922")


def test_on_a_phone_the_page_comes_first_and_its_controls_when_asked_for(visit, wait):
    shown = visit(viewport={"width": 400, "height": 800})
    drawer = shown.page.locator(".v-navigation-drawer").first
    wait(lambda: drawer.bounding_box()["x"] < -200)
    shown.page.get_by_role("button", name="Controls").click()
    wait(lambda: drawer.bounding_box()["x"] >= 0)
    assert shown.page.evaluate("document.documentElement.scrollWidth") == 400


def test_on_a_phone_a_thumb_steps_and_plays_without_the_controls(visit, wait):
    shown = visit("?interval=1", viewport={"width": 400, "height": 800})
    drawer = shown.page.locator(".v-navigation-drawer").first
    wait(lambda: drawer.bounding_box()["x"] < -200)
    thumb = shown.page.locator(".pb-thumb")
    thumb.get_by_role("button", name="Next month").click()
    shown.wait_for_month("May 1922")
    play = thumb.get_by_role("button", name="Play or pause")
    assert play.inner_text() == "▶"
    play.click()
    wait(lambda: play.inner_text() == "❚❚" and shown.month != "May 1922", 120)
    play.click()
    wait(lambda: play.inner_text() == "▶", 120)


def test_at_a_desk_there_is_no_bar_for_a_thumb(visit):
    assert not visit().page.locator(".pb-thumb").is_visible()


def test_the_month_is_heard_at_rest_alone(visit, wait):
    shown = visit("?interval=1")
    heard = shown.page.locator(".pb-heard[aria-live=polite]")
    shown.press("Next month")
    wait(lambda: "May 1922. The strongest is" in heard.inner_text(), 120)


def test_a_button_with_the_focus_keeps_its_own_space_key(visit):
    shown = visit()
    button = shown.page.get_by_role("button", name="Take the tour")
    button.focus()
    button.press("Space")
    shown.page.get_by_role("button", name="Leave the tour").wait_for()
    assert shown.month == "April 1922"


@pytest.mark.parametrize("query", ["?month=1926-01", "?month=1926-01&twin=no-faction-ban"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_no_grave_finding(visit, query, scheme):
    shown = visit(query, color_scheme=scheme)
    shown.odds("odds-one" if "twin" in query else "odds")
    assert findings(shown.page) == []


def test_dark_where_the_visitor_wants_it_dark(visit):
    def paper(**how) -> str:
        return (
            visit(**how)
            .page.locator(".pb-table")
            .evaluate("el => getComputedStyle(el).backgroundColor")
        )

    assert paper(color_scheme="light") == "rgb(255, 255, 255)"
    assert paper(color_scheme="dark") == "rgb(30, 30, 30)"


def test_the_figures_behind_a_mark_are_told(visit):
    shown = visit("?month=1926-01")
    assert re.search(r"<title>\w+: full member\n?share of power \d+ %", shown.drawn("table"))


def test_the_server_ends_cleanly_on_ctrl_c(browser):
    server = start()
    assert stop(server) in (0, 130, -2)
    assert "Traceback" not in "".join(server.said)
