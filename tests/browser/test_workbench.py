"""The workbench in a real browser: one thing is changed from a month on, and the page says what."""

import pytest
from axe import findings
from typer.testing import CliRunner

from politburo_sim.cli.app import app
from politburo_sim.lab.matter.onward import onward
from politburo_sim.report.compare import from_here
from politburo_sim.view.choice import Choice

pytestmark = pytest.mark.browser
SPEECH = "take~trotsky-speaks-1923~1923-04"


def answer(shown) -> list[str]:
    shown.page.locator(".pb-answer", has_text="over 1,000 pairs").wait_for(timeout=120_000)
    return [line.inner_text() for line in shown.page.locator(".pb-answer > p").all()][:-1]


def choose(shown, label: str, value: str) -> None:
    shown.page.get_by_label(label).select_option(value)


def test_a_fork_with_the_speech_says_what_compare_says_from_that_state(visit, tmp_path, wait):
    shown = visit("?month=1923-04")
    shown.page.get_by_role("tab", name="What if?").click()
    choose(shown, "... this happened", "trotsky-speaks-1923")
    shown.press("Add it")
    said = answer(shown)
    asked = Choice(seed=7, changes=(SPEECH,))
    found = onward(Choice(seed=7).world, asked.world, 7, 12)
    assert said == from_here(found)
    assert shown.odds("odds-one")[0] > 0 < shown.odds("odds-two")[0]
    chances = [
        {bar.text_content().split(":")[0]: float(bar.get_attribute("data-chance"))
         for bar in shown.page.locator(f".pb-{panel} .pb-chance").all()}
        for panel in ("odds-one", "odds-two")
    ]  # fmt: skip
    assert [one["Stalin"] for one in chances] == [found.main.base, found.main.alt]
    with shown.page.expect_download() as waiting:
        shown.page.get_by_role("link", name="Save as a world file").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    words = shown.page.locator(".pb-answer code").inner_text().split()
    told = CliRunner().invoke(app, [str(file) if w == file.name else w for w in words[1:]])
    assert told.output.splitlines()[-len(said) :] == said
    wait(lambda: "change=take~trotsky-speaks-1923~1923-04" in shown.page.evaluate("location.href"))


def test_everything_can_be_changed_is_listed_and_is_undone(visit, wait):
    shown = visit("?month=1923-04")
    shown.page.get_by_role("tab", name="What if?").click()
    before = shown.drawn("table")
    for label, value, button in (
        ("... this did not come", "lenin-dies", "Leave it out"),
        ("... the post", "Comintern", None), ("went to", "Bukharin", "Give it"),
        ("... the rule", "unity", None),
    ):  # fmt: skip
        choose(shown, label, value)
        if button:
            shown.press(button)
    shown.page.get_by_label("were").fill("0")
    shown.press("Set it")
    choose(shown, "... this did not come", "lenin-letter")
    shown.page.get_by_label("Month to which it is moved").fill("1925-05")
    shown.press("Move it")
    lines = shown.page.locator(".pb-done li")
    wait(lambda: lines.count() == 4)
    told = lines.all_inner_texts()
    assert told[0].startswith("Left out: Lenin dies")
    assert told[1] == "From April 1923 on: Bukharin is given the Comintern."
    assert told[2] == "From April 1923 on: The parameter unity is 0 from now on."
    assert told[3].startswith("In May 1925 instead: ")
    wait(lambda: shown.page.evaluate("location.href").count("change=") == 4)
    shown.page.reload()
    wait(lambda: lines.all_inner_texts() == told)
    for left in (3, 2, 1, 0):
        shown.press("Undo the last")
        wait(lambda left=left: lines.count() == left)
    wait(lambda: "change=" not in shown.page.evaluate("location.href"), 120)
    assert shown.drawn("table") == before


def test_both_rivers_are_one_up_to_the_change_and_go_on_together(visit, wait):
    shown = visit(f"?month=1924-06&change={SPEECH}")
    wait(lambda: "they part in April 1923" in shown.page.locator(".pb-parting").inner_text())
    assert shown.drawn("river-both").count("as it was: ") > 5
    shown.press("Next month")
    shown.wait_for_month("July 1924")
    shown.page.locator(".pb-table-two [data-who]").first.click()
    shown.page.locator("dialog[open]").get_by_text("Believes in").wait_for()


def test_what_lies_in_the_past_is_refused_in_words(visit):
    shown = visit("?month=1930-01&change=nonsense")
    assert "no such change" in shown.page.locator(".v-alert").inner_text()


def test_it_fits_a_phone_and_is_reached_by_key(visit):
    shown = visit(f"?month=1924-06&change={SPEECH}", viewport={"width": 400, "height": 800})
    answer(shown)
    assert shown.page.evaluate("document.documentElement.scrollWidth") == 400
    for panel in shown.page.locator(".pb-panel").all():
        box = panel.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 400
    shown.page.locator(".pb-bench select").first.focus()
    shown.page.keyboard.press("Tab")
    assert shown.page.evaluate("document.activeElement.closest('.pb-bench') !== null")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_no_grave_finding(visit, scheme):
    shown = visit(f"?month=1926-01&change={SPEECH}", color_scheme=scheme)
    answer(shown)
    shown.odds("odds-two")
    assert findings(shown.page) == []


def test_what_is_refused_is_said_line_by_line_and_stays_in_the_form(visit):
    shown = visit("?month=1923-04")
    shown.page.get_by_role("tab", name="What if?").click()
    choose(shown, "... the rule", "unity")
    value = shown.page.get_by_label("were", exact=True)
    value.fill("99")
    shown.press("Set it")
    lines = shown.page.locator(".v-alert").inner_text().splitlines()
    assert lines[:2] == ["unity: out of range", "given: 99.0"]
    assert value.input_value() == "99"
    value.fill("0.5")
    shown.press("Set it")
    shown.page.locator(".pb-done ol").wait_for()
    assert shown.page.locator(".v-alert").count() == 0
