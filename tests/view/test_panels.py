"""The panels: pure functions of one month, valid, complete, and the same bytes each time."""

import json
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from functools import cache

import pytest

from politburo_sim.files.locate import names
from politburo_sim.report.colours import COLOURS, palette
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import CANDIDATE, FULL
from politburo_sim.view.account import Account
from politburo_sim.view.chronicle import MONTHS, chronicle
from politburo_sim.view.drawing import hull
from politburo_sim.view.export import files, sheet, twin_sheet
from politburo_sim.view.map import policy_map
from politburo_sim.view.odds import odds_picture, ranked
from politburo_sim.view.river import COLUMNS, river, sampled
from politburo_sim.view.roll_calls import QUESTIONS, ROWS, roll_calls
from politburo_sim.view.scene import Scene, Watch
from politburo_sim.view.table import THREADS, radius, strongest, table
from politburo_sim.view.tour import STOPS, Seen
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import Scenario
from politburo_sim.worlds.world import build_world

SVG = "{http://www.w3.org/2000/svg}"
PANELS = (table, policy_map, river, roll_calls)
EACH_PANEL = pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.__name__)


@cache
def scene(world: str = "ussr-1922", months: int = 120, seed: int = 7) -> Scene:
    model = Politburo(world, seed)
    while model.running and model.month < months:
        model.step()
    return Watch(model).scene()


def marks(drawn: str, tag: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(drawn).iter(f"{SVG}{tag}"))


def titles(drawn: str) -> list[str]:
    return [mark.text or "" for mark in marks(drawn, "title")]


@EACH_PANEL
@pytest.mark.parametrize("months", [0, 1, 45, 1_200])
@pytest.mark.parametrize("world", names("scenarios"))
def test_every_panel_is_a_picture_with_words_for_it(panel, world, months):
    root = ElementTree.fromstring(panel(scene(world, months)))
    assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
    assert len(root.get("aria-label", "")) > 10


@EACH_PANEL
def test_equal_data_give_equal_bytes(panel):
    again = Politburo("ussr-1922", 7)
    while again.month < 120:
        again.step()
    assert panel(scene()) == panel(Watch(again).scene())


@EACH_PANEL
def test_names_cannot_break_a_picture(panel):
    shown = scene()
    people = tuple(replace(p, name='<b>&"', short="<i>&'") for p in shown.people)
    nasty = replace(shown, people=people, names=("<script>&",) * len(shown.names))
    assert "<script" not in panel(nasty)
    ElementTree.fromstring(panel(nasty))


LONG = ("Vyacheslav Mikhailovich Molotov", "X" * 60, "Елена Дмитриевна Стасова", "A b " * 14)


@cache
def long_scene() -> Scene:
    """A body of whom everybody has a long name, each another."""
    said = json.dumps(load_scenario("equal-body").model_dump(mode="json", by_alias=True))
    for place, member in enumerate(load_scenario("equal-body").members):
        name = f"{LONG[place % len(LONG)]} {place}"
        said = said.replace(json.dumps(member.name), json.dumps(name))
    quarrels = {"organising": 1.0, "pressing": 1.0, "effort": 0.0}
    model = Politburo(build_world(Scenario.model_validate_json(said), quarrels), 7)
    while model.running and model.month < 60:
        model.step()
    return Watch(model).scene()


@EACH_PANEL
def test_a_name_of_any_length_is_drawn_short_and_told_whole(panel):
    shown = long_scene()
    drawn = panel(shown)
    assert max(len(mark.text or "") for mark in marks(drawn, "text")) < 40
    told = "".join(titles(drawn)).casefold()
    voted = set(shown.votes[-1].votes)
    assert all(
        person.name.casefold() in told for person in shown.people
        if person.seated and (panel is not roll_calls or person.slot in voted)
        and (panel is not river or person.share > 0)
    )  # fmt: skip


def test_the_map_writes_every_name_inside_its_frame():
    shown = long_scene()
    written = {mark.text: mark for mark in marks(policy_map(shown), "text")}
    for person in (p for p in shown.people if p.seated):
        at, wide = float(written[person.short].get("x", "")), 6.4 * len(person.short)
        ends = written[person.short].get("text-anchor") == "end"
        assert (at - wide if ends else at) >= 0 and (at if ends else at + wide) <= 360


@pytest.mark.parametrize("months", [0, 45, 213])
def test_a_watch_that_looks_each_month_tells_what_the_record_tells(months):
    model = Politburo("presidium-1957" if months == 45 else "ussr-1922", 3)
    watch = Watch(model)
    while model.running and model.month < months:
        model.step()
        watch.scene()
    assert watch.scene() is watch.scene()
    if months:
        told = [(date, list(sentences)) for date, sentences in watch.scene().told]
        assert told == model.chronicle


@pytest.mark.parametrize("world", ["ussr-1922", "presidium-1957", "power-game", "equal-body"])
def test_a_watch_that_looks_each_month_sees_what_one_sees_that_looks_once(world):
    model = Politburo(world, 5)
    watch = Watch(model)
    while model.running:
        model.step()
        seen = watch.scene()
        if model.month in (1, 2, 40, 100):
            assert plain(seen) == plain(Watch(model).scene())
    assert plain(seen) == plain(Watch(model).scene())


def plain(seen: Scene) -> dict[str, object]:
    return {**vars(seen), "shares": [share.tolist() for share in seen.shares]}


def test_what_a_month_has_written_before_it_is_over_is_read_when_it_is():
    model = Politburo("ussr-1922", 3)
    for _ in range(30):
        model.step()
    account, rows = Account(model.world), model.journal.entries["month"][: model.journal.size[0]]
    account.follow(model, int(rows[-1]))
    assert int(rows[-1]) not in account.told
    account.follow(model, model.month)
    told = [(account.date(month), account.told[month]) for month in sorted(account.told)]
    assert told == model.chronicle


def test_the_table_seats_all_who_sit_and_leaves_the_chairs_of_the_rest():
    shown = scene()
    seated = [person for person in shown.people if person.status in (FULL, CANDIDATE)]
    circles = marks(table(shown), "circle")
    chairs = [one for one in circles if one.get("stroke-dasharray")]
    assert len(seated) > 6
    assert len(chairs) == len(shown.people) - len(seated) > 0
    assert len(circles) - len(chairs) == 2 * len(seated) + len(shown.alliances)
    for person in shown.people:
        assert any(said.startswith(f"{person.name}: ") for said in titles(table(shown)))


def test_of_each_member_only_the_strongest_threads_are_drawn():
    drawn = strongest(scene())
    assert 0 < len(drawn) <= THREADS * sum(p.seated for p in scene().people)
    left_out = [abs(bond) for *pair, bond in scene().bonds if (*pair, bond) not in drawn]
    assert not left_out or max(abs(bond) for *_, bond in drawn) >= max(left_out)


def test_power_is_the_area_of_a_disc():
    assert radius(0.4) / radius(0.1) == pytest.approx(2)
    assert radius(0.0) > 0


def test_the_map_has_an_ideal_and_a_stance_for_each_who_sits():
    said = titles(policy_map(scene()))
    for person in scene().people:
        expected = 1 if person.seated else 0
        assert (
            sum(one.startswith(f"{person.name}: what he believes in") for one in said) == expected
        )
        assert sum(one.startswith(f"{person.name}: where he stands") for one in said) == expected
    assert sum(one.startswith("the party line") for one in said) == 1


def test_a_world_with_one_axis_has_a_map():
    assert "share of power" in policy_map(scene("power-game", 30))


def test_the_river_draws_few_columns_and_always_the_last():
    months, layers = sampled(scene(months=1_200).shares)
    assert (months[0], months[-1]) == (0, 212)
    assert COLUMNS / 2 <= len(months) <= COLUMNS + 2
    assert layers.sum(axis=1) == pytest.approx(1)


def test_the_river_marks_removals_and_a_parting():
    removed = [mark.text for mark in scene().marks if mark.weighty]
    assert removed
    assert set(removed) <= set(titles(river(scene())))
    assert "the month of parting" not in titles(river(scene()))
    assert "the month of parting" in titles(river(scene(), 14))


def test_the_roll_calls_show_the_newest_questions():
    said = [line for line in titles(roll_calls(scene())) if line not in scene().names]
    newest = scene().votes[-QUESTIONS:]
    assert len(said) == len(newest) == QUESTIONS
    for one, vote in zip(said, newest, strict=True):
        assert one.startswith(vote.date)
        assert ("carried" if vote.carried else "lost") in one
    assert ROWS >= 10


def test_the_chronicle_is_newest_first_and_ends_somewhere():
    dates = [one.text for one in ElementTree.fromstring(chronicle(scene())).iter("h4")]
    assert dates == [date for date, _ in scene().told[-MONTHS:]][::-1]


@pytest.mark.parametrize("months", [0, 1, 45, 1_200])
@pytest.mark.parametrize("world", names("scenarios"))
def test_the_chronicle_has_the_people_the_policy_and_the_end(world, months):
    shown = scene(world, months)
    said = " ".join(ElementTree.fromstring(chronicle(shown)).itertext())
    assert shown.cast and all(line in said for line in (*shown.cast, *shown.policies))
    assert (shown.ending != "") == (shown.month == shown.months)
    assert shown.ending in said


def test_a_coalition_has_a_name_in_a_corner_a_rim_and_ground():
    shown = scene(months=70)
    assert shown.alliances
    drawn, ground = table(shown), policy_map(shown)
    for one in shown.alliances:
        assert one.short in [mark.text for mark in marks(drawn, "text")]
        told = next(said for said in titles(drawn) if said.startswith(one.name))
        assert told in titles(ground)
        for person in (p for p in shown.people if p.slot in one.members):
            assert person.bloc == one.leader and shown.names[person.slot] in told
            assert any(f"in {one.name}" in said for said in titles(drawn))


def test_the_outline_of_a_square_has_its_corners_alone():
    square = [(0.0, 0.0), (0.0, 2.0), (2.0, 0.0), (2.0, 2.0)]
    assert sorted(hull([*square, (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)])) == sorted(square)
    assert sorted(hull([(0.0, 0.0), (1.0, 1.0)])) == [(0.0, 0.0), (1.0, 1.0)]
    assert hull([(1.0, 1.0)]) == [(1.0, 1.0)]


def test_the_odds_are_bars_that_sum_to_one():
    chances = {"A": 0.5, "B & C": 0.2, "nobody": 0.3}
    drawn = odds_picture(chances, {"A": "#000000"}, [(0, chances), (9, {"nobody": 1.0})], 20, "n")
    bars = [one for one in marks(drawn, "g") if one.get("class") == "pb-chance"]
    assert [float(bar.get("data-chance", 0)) for bar in bars] == [0.5, 0.3, 0.2]
    assert len(marks(drawn, "path")) == 3


def test_what_is_left_over_of_the_odds_is_summed_up():
    rows = ranked({f"member {k}": 1 / 12 for k in range(12)})
    assert rows[-1][0] == "others"
    assert sum(chance for _, chance in rows) == pytest.approx(1)


def test_odds_that_are_not_there_yet_say_why():
    assert "Preparing" in odds_picture(None, {}, note="Preparing")


def test_the_best_known_have_the_plainest_colours():
    given = palette([1.0, 9.0, 5.0, 0.0], 3)
    assert given == (COLOURS[2], COLOURS[0], COLOURS[1], COLOURS[3])


def test_the_sheet_holds_all_pictures_and_needs_nothing_else():
    drawn = sheet(scene(), odds_picture({"nobody": 1.0}, {}))
    assert len(marks(drawn, "svg")) == 6
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_the_sheet_of_a_twin_holds_both_histories():
    other = replace(scene(), title="Another world")
    drawn = twin_sheet(scene(), other, ("<svg >one</svg>", "<svg >two</svg>"), 3)
    assert len(marks(drawn, "svg")) == 7
    assert "| Another world" in drawn


@pytest.mark.parametrize("months", [0, 30])
def test_files_can_be_taken_home_from_the_first_month_on(months):
    model = Politburo("ussr-1922", 7)
    while model.month < months:
        model.step()
    made = {name: make() for name, make in files(model).items()}
    assert list(made) == [
        "ussr-1922-seed-7-chronicle.txt",
        "ussr-1922-seed-7-roll-calls.csv",
        "ussr-1922-seed-7-power.csv",
    ]
    assert all("Trotsky" in text for name, text in made.items() if months or "roll" not in name)


def test_what_was_decided_is_a_band_below_the_river_until_the_next_decision():
    shown = scene()
    assert len(shown.adopted) > 5
    drawn = [mark for mark in marks(river(shown), "rect") if mark.find(f"{SVG}title") is not None]
    assert [mark.find(f"{SVG}title").text for mark in drawn] == [
        policy.text for axis in range(3) for policy in shown.adopted if policy.axis == axis
    ]
    for axis in range(3):
        mine = [
            one
            for one in drawn
            if any(one.find(f"{SVG}title").text == p.text for p in shown.adopted if p.axis == axis)
        ]
        ends = [float(one.get("x")) + float(one.get("width")) for one in mine[:-1]]
        for end, after in zip(ends, mine[1:], strict=True):
            assert end <= float(after.get("x")) + 0.6


def test_the_expelled_are_called_expelled_and_only_the_dead_are_called_dead():
    model = Politburo("ussr-1922", 7).run()
    died = {event.who for event in model.world.scenario.events
            if getattr(event, "kind", "") == "death"}  # fmt: skip
    people = Watch(model).scene().people
    assert {p.name for p in people if p.standing.startswith("dead")} <= died
    out = [p for p in people if p.expelled]
    assert out and all(p.standing == p.sanction == "expelled" for p in out)
    assert "dead" not in {p.standing.split(",")[0] for p in out}


def test_a_man_has_one_name_in_pictures_and_in_the_account():
    """Newcomers too are called in drawings what the chronicle calls them."""
    model = Politburo("ussr-1922", 7).run()
    watch = Watch(model)
    people = watch.scene().people
    new = [p for p in people if p.slot >= model.world.members]
    assert len(new) > 2 and all(p.short in p.name or p.short.endswith("…") for p in new)
    assert len({p.short for p in people}) == len(people)


def test_the_tour_sends_nobody_back_a_step_which_the_page_has_no_button_for():
    now, world = scene(), build_world(load_scenario("ussr-1922"))
    odds = {"nobody": 1.0}
    said = [stop.say(Seen(world, now, now, odds, odds)) for stop in STOPS]
    assert not any("Step back" in words for words in said)
    assert any("Go to an earlier month" in words for words in said)
