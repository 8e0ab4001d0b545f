"""The drawings of large bodies and of odd worlds: names lie apart, and nothing is made up."""

import re
import xml.etree.ElementTree as ElementTree
from functools import cache
from itertools import combinations

import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from politburo_sim.run.model import Politburo
from politburo_sim.view.drawing import LONGEST_NAME, fitted, meet, wide
from politburo_sim.view.map import policy_map
from politburo_sim.view.odds import JOINED, odds_picture, stretches
from politburo_sim.view.roll_calls import ROWS, roll_calls
from politburo_sim.view.scene import Scene, Watch
from politburo_sim.view.table import table

SVG = "{http://www.w3.org/2000/svg}"
LARGE = pytest.mark.parametrize("world", ["presidium-1953", "convention-1793", "ussr-1922"])


@cache
def scene(world: str, months: int, seed: int = 3) -> Scene:
    model = Politburo(world, seed)
    while model.running and model.month < months:
        model.step()
    return Watch(model).scene()


def marks(drawn: str, tag: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(drawn).iter(f"{SVG}{tag}"))


@cache
def measured(words: str, bold: bool) -> float:
    """Return the width of words in the script that the pictures fall back on."""
    font = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal", size=12)
    return float(TextToPath().get_text_width_height_descent(words, font, False)[0])


def ink(mark: ElementTree.Element) -> tuple[float, float, float, float]:
    """Return the room that a written name really takes."""
    across = measured(mark.text or "", "strong" in mark.get("class", ""))
    x, y = float(mark.get("x", 0)), float(mark.get("y", 0))
    left = x - across * {"start": 0.0, "middle": 0.5, "end": 1.0}[mark.get("text-anchor", "start")]
    return left + 0.5, y - 8.5, left + across - 0.5, y


def names_on(drawn: str) -> list[ElementTree.Element]:
    return [mark for mark in marks(drawn, "text") if mark.get("class", "").startswith("halo")]


@LARGE
@pytest.mark.parametrize("panel", [table, policy_map], ids=["table", "map"])
@pytest.mark.parametrize("months", [0, 4, 10, 30, 100])
def test_no_name_lies_on_another_and_the_strongest_have_theirs(panel, world, months):
    shown = scene(world, months)
    written = names_on(panel(shown))
    for one, other in combinations(written, 2):
        assert not meet(ink(one), ink(other)), (one.text, other.text)
    seated = sorted((p for p in shown.people if p.seated), key=lambda p: -p.share)
    assert {person.short for person in seated[:3]} <= {mark.text for mark in written}


@LARGE
def test_no_name_on_the_table_lies_on_a_coalition_named_in_a_corner(world):
    for months in (4, 30):
        drawn = table(scene(world, months))
        corners = [mark for mark in marks(drawn, "text") if mark.get("class") == "muted small"]
        for one in corners:
            assert not any(meet(ink(one), ink(other)) for other in names_on(drawn))


def rows_of(drawn: str) -> dict[int, str]:
    return {
        int(mark.get("data-who", "")): mark.findtext(f"{SVG}text", "")
        for mark in marks(drawn, "g") if mark.get("data-who")
    }  # fmt: skip


def test_of_too_many_voters_the_strongest_have_a_row_and_the_rest_are_counted():
    shown = scene("convention-1793", 10)
    drawn = roll_calls(shown)
    rows, voted = rows_of(drawn), {slot for vote in shown.votes for slot in vote.votes}
    leads = {slot for vote in shown.votes for slot in (vote.mover, vote.target)}
    leads |= {one.leader for one in shown.alliances}
    share = {person.slot: person.share for person in shown.people if person.seated}
    assert len(rows) == ROWS - 1 < len(voted)
    assert leads & voted <= set(rows)
    left_out = voted - set(rows)
    weakest = min(share[slot] for slot in rows if slot not in leads)
    assert all(share.get(slot, 0.0) <= weakest for slot in left_out)
    assert f"and {len(left_out)} more" in [mark.text for mark in marks(drawn, "text")]
    told = next(
        mark.text or "" for mark in marks(drawn, "title") if mark.text.startswith("also voted")
    )
    assert all(shown.names[slot] in told for slot in left_out)


def test_the_rows_keep_their_order_when_some_are_left_out():
    shown = scene("convention-1793", 10)
    seated = {person.slot for person in shown.people if person.seated}
    rows = list(rows_of(roll_calls(shown)))
    assert rows == sorted(rows, key=lambda slot: (slot not in seated, slot))


def test_where_all_voters_have_a_row_nobody_is_counted():
    assert "more</text>" not in roll_calls(scene("ussr-1922", 100))


@LARGE
def test_a_row_is_named_inside_the_picture(world):
    drawn = roll_calls(scene(world, 10))
    ends = [mark for mark in marks(drawn, "text") if mark.get("text-anchor") == "end"]
    assert ends and all(ink(mark)[0] >= 0 for mark in ends)


@pytest.mark.parametrize("name", ["Guyton-Morveau", "W" * LONGEST_NAME, "Ordzhonikidze", "Li"])
def test_a_name_is_cut_at_its_end_to_the_room_there_is(name):
    cut = fitted(name, 60.0)
    assert wide(cut) <= 60.0
    assert cut == name or (cut.endswith("…") and name.startswith(cut[:-1]))
    assert wide(name) == pytest.approx(measured(name, bold=False), rel=0.08, abs=3)
    assert wide(name, bold=True) == pytest.approx(measured(name, bold=True), rel=0.08, abs=3)


@pytest.mark.parametrize("world", ["ussr-1922", "presidium-1953", "convention-1793"])
def test_the_ends_of_an_axis_name_it_and_stand_where_they_point(world):
    shown = scene(world, 10)
    drawn = policy_map(shown)
    (left, right), (under, over) = shown.ends[:2]
    said = {mark.text: mark for mark in marks(drawn, "text")}
    assert {f"← {left}", f"{right} →", f"← {under}", f"{over} →"} <= set(said)
    assert not {axis.replace("_", " ") for axis in shown.axes} & set(said)
    turned = {
        mark.findtext(f"{SVG}text"): float(mark.get("transform", "").split()[1].split(")")[0])
        for mark in marks(drawn, "g") if mark.get("transform")
    }  # fmt: skip
    assert turned[f"{over} →"] < turned[f"← {under}"]


def test_the_figures_of_the_map_name_the_end_that_somebody_stands_nearer_to():
    shown = scene("ussr-1922", 10)
    told = "".join(mark.text or "" for mark in marks(policy_map(shown), "title"))
    for person in (p for p in shown.people if p.seated and abs(p.stance[1]) > 0.1):
        end = shown.ends[1][person.stance[1] > 0]
        assert f"towards {end} ({person.stance[1]:+.2f})" in told
    assert not any(f"\n{axis.replace('_', ' ')} " in told for axis in shown.axes)


def test_an_axis_without_words_is_called_by_its_name():
    assert "policy" in [mark.text for mark in marks(policy_map(scene("power-game", 5)), "text")]


def test_the_line_of_a_world_with_one_axis_has_no_share_of_power():
    drawn = policy_map(scene("federal-council-1960", 30))
    (line,) = (
        mark for mark in marks(drawn, "g") if mark.findtext(f"{SVG}text") == "the line"
    )  # fmt: skip
    assert line.findtext(f"{SVG}title", "").startswith("the party line")
    frame, rule = marks(drawn, "rect")[0], line.find(f"{SVG}path").get("d")
    assert rule.endswith(f" {frame.get('y')}v{frame.get('height')}")
    assert all("h14" not in mark.get("d", "") for mark in marks(drawn, "path"))


def spans(drawn: str) -> list[tuple[float, float]]:
    """Return from where to where each piece of the odds over time is drawn."""
    pieces = [piece for mark in marks(drawn, "path") for piece in mark.get("d").split("Z") if piece]
    across = [[float(x) for x in re.findall(r"[ML]([-\d.]+) ", piece)] for piece in pieces]
    return sorted({(min(xs), max(xs)) for xs in across})


def test_between_pauses_far_apart_no_odds_are_drawn():
    first, last = {"Anna": 0.05, "nobody": 0.95}, {"Anna": 1.0}
    history = [(36, first), (36 + JOINED, first), (204, last)]
    drawn = odds_picture(last, {}, history, 213, "")
    assert all(right - left < 14 for left, right in spans(drawn))
    assert len(spans(drawn)) == 2 == len(stretches(history))
    assert "blank where none was reckoned" in ElementTree.fromstring(drawn).get("aria-label", "")
    assert any("blank" in (mark.text or "") for mark in marks(drawn, "text"))


def test_pauses_near_to_one_another_are_joined():
    chances = {"Anna": 0.5, "nobody": 0.5}
    drawn = odds_picture(chances, {}, [(month, chances) for month in range(0, 60, 5)], 60, "")
    assert len(spans(drawn)) == 1 and "blank" not in drawn


def test_one_who_was_not_thought_of_at_the_first_pause_is_drawn():
    history = [(0, {"nobody": 1.0}), (40, {"a newcomer": 1.0})]
    drawn = odds_picture({"a newcomer": 1.0}, {}, history, 60, "")
    told = [mark.findtext(f"{SVG}title") for mark in marks(drawn, "path")]
    assert sorted(told) == ["a newcomer", "nobody"]
