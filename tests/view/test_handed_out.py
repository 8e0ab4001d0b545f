"""The file to hand out: whole by itself, escaped, small, and the same history as elsewhere."""

import base64
import gzip
import json
import re
from functools import cache
from html.parser import HTMLParser

import pytest
from typer.testing import CliRunner

from politburo_sim.cli.app import app
from politburo_sim.lab.ahead.odds import odds, odds_of
from politburo_sim.run.model import Politburo
from politburo_sim.view.card import views
from politburo_sim.view.handout.gallery import Pick, gallery, picks
from politburo_sim.view.handout.history import History, live, parting
from politburo_sim.view.handout.lives import lives
from politburo_sim.view.handout.make import make
from politburo_sim.view.handout.page import page, panels
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import Scenario
from politburo_sim.worlds.skeleton import skeleton
from politburo_sim.worlds.world import build_world

FUTURES = 4
#: The most that a file may have, in bytes.
LARGEST = 2_000_000


@cache
def history(world: str = "ussr-1922", seed: int = 7) -> History:
    return live(build_world(load_scenario(world)), seed, futures=FUTURES)


@cache
def written(alt: str = "") -> str:
    return page(history(), history(alt) if alt else None)


def months(text: str) -> dict:
    packed = re.search(r'<script type="text/plain"[^>]*>([^<]*)</script>', text)[1]
    return json.loads(gzip.decompress(base64.b64decode(packed)))


class Words(HTMLParser):
    """The text of a page outside scripts and styles, and its elements by their id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text, self.ids, self.links, self._skip = [], [], [], 0
        self.feed(text)
        self.text = " ".join(" ".join(self.text).split())

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        self._skip += tag in ("script", "style")
        self.ids += [said["id"]] if "id" in said else []
        self.links += [said[key] for key in ("src", "href", "srcset") if key in said]

    def handle_endtag(self, tag):
        self._skip -= tag in ("script", "style")

    def handle_data(self, data):
        self.text += [] if self._skip else [data]


@pytest.mark.parametrize("alt", ["", "no-faction-ban"])
def test_a_file_is_small_and_needs_no_other(alt):
    text = written(alt)
    assert len(text.encode()) < LARGEST
    words = Words(text)
    assert [link for link in words.links if not link.startswith("#")] == []
    assert "url(" not in text
    assert "default-src 'none'" in text
    assert len(words.ids) == len(set(words.ids))


@pytest.mark.parametrize("alt", ["", "no-faction-ban"])
def test_the_whole_chronicle_and_every_member_can_be_read_without_script(alt):
    words = Words(written(alt))
    for one in [history(), history(alt)] if alt else [history()]:
        for _, sentences in one.record.chronicle:
            assert " ".join(" ".join(sentences).split()) in words.text
        assert one.record.summary() in words.text
        for life in lives(one):
            assert life.name in words.text
    assert written(alt).count("<svg") > 10 * (2 if alt else 1)


def test_all_months_are_in_it_as_the_model_lives_them():
    said, one = months(written()), history()
    assert said["labels"][:2] == ["The start", "April 1922"]
    assert said["keys"][-1] == "1939-12"
    assert len(said["labels"]) == one.months + 1
    for name, drawn in said["sides"]["a"].items():
        assert len(drawn) == one.months + 1
        assert drawn[0], name
    for month in (0, 45, one.months):
        for name, drawn in panels(one, month).items():
            kept = said["sides"]["a"][name][: month + 1]
            assert [frame for frame in kept if frame is not None][-1] == drawn, (name, month)


def test_no_panel_is_empty_at_any_month():
    one = history()
    for month in range(one.months + 1):
        for name, drawn in panels(one, month).items():
            assert len(re.sub("<[^>]*>", "", drawn).strip()) > 10, (name, month)


def test_the_history_and_its_odds_are_those_of_the_model():
    model, one = Politburo("ussr-1922", 7), history()
    while model.month < 30:
        model.step()
    assert list(one.scenes[30].shares[-1]) == list(model.shares[-1])
    assert one.odds[30]["nobody"] == float(odds(model, FUTURES)["nobody"])
    while model.running:
        model.step()
    assert one.record.prose() == model.record.prose()
    for chances in one.odds:
        assert sum(chances.values()) == pytest.approx(1)


def test_twins_part_in_the_month_in_which_their_power_first_differs():
    one, two = history(), history("no-faction-ban")
    month = parting(one, two)
    shares = [(a.max(), b.max()) for a, b in zip(one.scenes[-1].shares, two.scenes[-1].shares,
                                                 strict=True)]  # fmt: skip
    assert all(a == b for a, b in shares[:month])
    assert parting(one, one) is None
    assert f"They part in {one.record.heading(month)}" in Words(written("no-faction-ban")).text


def test_the_leaps_are_the_tested_turning_points_of_the_history():
    world = build_world(load_scenario("presidium-1957"))
    told, known = live(world, 7, futures=100), odds_of(world, 7, 100)
    assert len(told.turning) > 0
    assert repr(told.turning) == repr(known.turning_points)  # what was not tested is nan
    text = Words(page(told)).text
    for point in told.turning:
        assert point.said[1:] in text


def test_a_views_nearer_end_is_named_as_the_world_names_it():
    world = build_world(small())
    person = live(world, 1, futures=1).scenes[0].people
    said = {one.name: views(world, one) for one in person}
    assert said["Anna"] == ("the grain: firmly for more (+0.90)",)
    assert said["Boris"] == ("the grain: leans to less (-0.20)",)
    assert said["Clara"] == ("the grain: between less and more (+0.00)",)


def small(**more) -> Scenario:
    ideals = {"Anna": 0.9, "Boris": -0.2, "Clara": 0.0} | more.pop("ideals", {})
    return Scenario.model_validate({
        "name": "small", "title": "Small", "start": "1922-01", "end": "1922-12", "axes": ["grain"],
        "seats": 3, "words": {"axes": {"grain": {"name": "the grain", "low": "less",
                                                  "high": "more"}}},
        "members": [
            {"name": name, "status": "full", "prestige": 1.0,
             "base": {"value": 0.2, "confidence": "low"},
             "ideal": {"grain": {"value": ideal, "confidence": "high"}}}
            for name, ideal in ideals.items()
        ],
    } | more)  # fmt: skip


def test_names_and_texts_with_markup_are_shown_as_they_are():
    evil = '<img src=x onerror="alert(1)">'
    scenario = small(title=f"A {evil}", ideals={evil: 0.1}, about={"unknown": f"</script>{evil}"})
    one = live(build_world(scenario), 3, futures=2)
    text = page(one, one, command=evil)
    assert evil not in text
    assert evil in Words(text).text
    for drawn in months(text)["sides"]["a"].values():
        assert not any(evil in frame for frame in drawn if frame and frame.startswith("<"))


def test_the_command_writes_the_file_and_says_what_makes_it_again(tmp_path, monkeypatch):
    monkeypatch.setattr("politburo_sim.view.handout.make.PAIRS", 4)
    out = tmp_path / "deep" / "history.html"
    words = ["export", "ussr-1922", "--seed", "3", "--against", "no-faction-ban",
             "--set", "danger=0.5", "--futures", "2", "--out"]  # fmt: skip
    done = CliRunner().invoke(app, [*words, str(out)])
    assert done.exit_code == 0, done.output
    text = Words(out.read_text(encoding="utf-8")).text
    assert "politburo-sim " + " ".join([*words, "FILE.html"]) in text
    assert "its luck has the number 3" in text
    assert "over 4 pairs" in text


def test_the_command_says_what_is_wrong_in_words(tmp_path):
    out = tmp_path / "history.html"
    done = CliRunner().invoke(app, ["export", "ussr-1922", "--against", "presidium-1957",
                                    "--out", str(out)])  # fmt: skip
    assert done.exit_code == 2
    assert "do not cover the same months" in done.output
    assert not out.exists()


def test_the_gallery_is_chosen_by_what_came_of_each_seed():
    world = build_world(load_scenario("ussr-1922"))
    found = picks(world, 60)
    titles = [pick.title for pick in found]
    assert titles[:2] == ["Nearest to the record", "The usual end"]
    assert len(found) == len({(pick.title, pick.seed, pick.alt) for pick in found})
    ends = [Politburo("ussr-1922", pick.seed).run().established for pick in found[1:3]]
    said = [pick.why.split(":")[0] for pick in found[1:3]]
    for end, why in zip(ends, said, strict=True):
        assert why == ("Nobody comes to rule alone" if end is None
                       else f"{end[0].name} rules alone")  # fmt: skip
    alts = [pick.alt for pick in found if pick.alt]
    assert "trotsky-speaks-1923" in alts
    assert "ussr-1922-no-questions" not in alts


def test_the_gallery_has_an_index_of_its_files(tmp_path, monkeypatch):
    chosen = [Pick("One & only", "Why <so>", 3), Pick("Two", "y", 3, "no-faction-ban")]
    monkeypatch.setattr("politburo_sim.view.handout.gallery.picks", lambda *_: chosen)
    index = gallery(tmp_path, futures=1, pairs=4)
    words = Words(index.read_text(encoding="utf-8"))
    assert words.links == ["seed-3.html", "no-faction-ban-3.html"]
    assert all((tmp_path / link).is_file() for link in words.links)
    assert "One & only" in words.text
    assert "Why <so>" in words.text


def test_no_name_is_repeated_after_itself():
    """A newcomer has beside the name what the pictures have room for, where that is another."""
    names = [life.name for life in lives(history())]
    assert any(name in history().world.words.newcomers for name in names)
    for name in names:
        first, _, short = name.removesuffix(")").partition(" (")
        assert first != short, name


def test_two_histories_of_another_body_say_whose_record_the_readings_are(tmp_path):
    (tmp_path / "board.toml").write_text(skeleton("board", "council", 5, "1990-01", "1991-12"))
    twin = 'title = "A milder board"\nextends = "board.toml"\n[rules]\nseverity = 0.1\n'
    (tmp_path / "milder.toml").write_text(twin)
    board, milder = (load_scenario(tmp_path / f"{name}.toml") for name in ("board", "milder"))
    said = Words(make(build_world(board), build_world(milder), futures=2, pairs=60)).text
    assert said.count("The readings of the record are parameter sets fitted to") == 1
    assert "says nothing of the people outside it." in said and "killed" not in said
    assert "Millions of them suffered" in Words(written()).text
