"""The workbench: what is changed from a month on, what it does, and how it is kept."""

import shlex
import time
import xml.etree.ElementTree as ElementTree
from urllib.parse import unquote

import numpy as np
import pytest

from politburo_sim.lab.matter.onward import onward
from politburo_sim.report.compare import from_here
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import MOST_COALITIONS, NOBODY
from politburo_sim.view import answer as answering
from politburo_sim.view import choice as choosing
from politburo_sim.view.answer import Answer, Answerer, answer
from politburo_sim.view.choice import Choice, WatchedPolitburo, read_link
from politburo_sim.view.ladder import ladder
from politburo_sim.view.river import WIDE, river
from politburo_sim.view.scene import Watch
from politburo_sim.view.session import BENCH, ONE, Session
from politburo_sim.view.table import table
from politburo_sim.view.workbench import bench, command, menu, saved, told
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

SVG = "{http://www.w3.org/2000/svg}"
SPEECH = "take~trotsky-speaks-1923~1923-04"


@pytest.fixture
def session():
    return Session("?scenario=ussr-1922&seed=7&month=1923-04")


def test_a_change_is_listed_kept_in_the_link_and_undone(session):
    assert session.beside() is None
    session.tab.set(BENCH)
    session.change(SPEECH)
    session.change("give~Comintern~Bukharin~1924-01")
    assert session.problem.value == ""
    assert len(told(session.changed())) == 2
    link = session.link()
    again = Session(link)
    assert again.changes.value == session.changes.value
    assert again.tab.value == BENCH
    assert again.model.value.month == session.model.value.month == 12
    assert again.model.value.world is session.model.value.world  # the first history is unchanged
    session.undo()
    session.undo()
    assert session.changes.value == ()
    assert session.pair() is None
    assert "change=" not in session.link()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("without~lenin-first-stroke", "in the past"),
        ("move~lenin-dies~1922-12", "in the past"),
        ("set~unity~0~1923-03", "in the past"),
        ("give~Comintern~Nobody~1924-01", "no such member"),
        ("nonsense", "no such change"),
    ],
)
def test_what_cannot_be_changed_is_said_and_changes_nothing(session, code, said):
    session.change(code)
    assert said in session.problem.value
    assert session.changes.value == ()


def test_the_two_histories_are_one_until_the_change_and_stay_in_step(session):
    session.tab.set(BENCH)
    session.change("set~unity~0~1924-06")
    session.jump("1930-01")
    pair = session.pair()
    assert pair.alt.month == pair.base.month == 93
    begins = 26
    for one, two in zip(pair.base.shares[:begins], pair.alt.shares[:begins], strict=True):
        assert (one == two).all()
    assert pair.parting is not None
    assert pair.parting >= begins
    assert session.shown() == (pair.base, pair.alt)


def test_another_world_starts_without_changes_and_other_luck_keeps_them(session):
    session.change(SPEECH)
    session.choose_seed("9")
    assert session.changes.value == (SPEECH,)
    session.choose_scenario("presidium-1957")
    assert session.changes.value == ()
    assert session.tab.value == ONE


def test_the_answer_is_the_laboratorys_from_the_first_change_on():
    asked = Choice(seed=7, changes=("set~unity~0~1926-01", SPEECH))
    found = answer(asked)
    assert found == onward(Choice(seed=7).world, asked.world, 7, 12)
    assert found.month == "1923-04"
    assert answer(asked, 50) == onward(Choice(seed=7).world, asked.world, 7, 12, pairs=50)


def test_the_saved_file_asks_the_same_on_the_command_line(tmp_path):
    asked = Choice(seed=7, settings=(("opacity", 0.3),), changes=(SPEECH,))
    name, text = saved(asked)
    (tmp_path / name).write_text(text, encoding="utf-8")
    made = build_world(load_scenario(tmp_path / name))
    base = Choice(seed=7, settings=(("opacity", 0.3),)).world
    assert onward(base, made, 7, 12, pairs=60) == onward(base, asked.world, 7, 12, pairs=60)
    assert command(asked) == (
        "politburo-sim compare ussr-1922 ussr-1922-changed.toml --from 1923-04 "
        "--set opacity=0.3 --seed 7"
    )


def test_of_a_world_of_ones_own_the_command_names_its_file_and_all_digits(tmp_path, monkeypatch):
    file = tmp_path / "my world.toml"
    file.write_text('title = "Mine"\nextends = "ussr-1922"\n', encoding="utf-8")
    choosing.hand_over("my world", load_scenario(file))
    try:
        asked = Choice("my world", 7, (("opacity", 0.123456789),), changes=(SPEECH,))
        _, _, base, other, *rest = shlex.split(command(asked))
        assert (base, other) == ("my world.toml", saved(asked)[0])
        assert rest == ["--from", "1923-04", "--set", "opacity=0.123456789", "--seed", "7"]
        (tmp_path / other).write_text(saved(asked)[1], encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        assert load_scenario(base).name == "my world"
        assert load_scenario(other).title.startswith("Mine, changed")
    finally:
        choosing._handed_over.clear()
        choosing.load.cache_clear()


def test_all_that_the_workbench_shows(session):
    session.change(SPEECH)
    found = onward(session.model.value.world, session.changed().world, 7, 12, pairs=20)
    session.answer.set(Answer(session.changed(), found))
    shown = bench(session)
    assert (shown["month"], shown["date"], shown["over"]) == ("1923-04", "April 1923", False)
    assert shown["answer"] == from_here(found)
    assert session.answered()
    session.answer.set(Answer(session.changed(), found, answering.MORE))
    assert not session.answered()  # by a few pairs it is shown already, and said to be so
    assert (bench(session)["answer"], bench(session)["note"]) == (from_here(found), answering.MORE)
    assert unquote(shown["link"]).endswith(saved(session.changed())[1])
    assert all(one["text"] >= "1923-04" for one in shown["events"])
    assert {"trotsky-speaks-1923", "no-faction-ban"} <= {one["id"] for one in shown["shipped"]}
    assert "opportunism" not in {one["id"] for one in shown["set"]}
    session.undo()
    assert bench(session)["answer"] == []  # that answer was about something else


def test_nothing_that_lies_behind_is_offered():
    assert menu("ussr-1922", (), "1939-12")["events"] == []
    assert "lenin-recovers" not in {
        one["id"] for one in menu("ussr-1922", (), "1930-01")["shipped"]
    }


def test_only_the_last_question_is_answered(monkeypatch):
    heard, waits = [], []

    def slow(asked, pairs):
        waits.append(asked)
        time.sleep(0.05)
        return asked

    monkeypatch.setattr(answering, "answer", slow)
    monkeypatch.setattr(answering, "is_compiled", lambda: True)
    asks = Answerer(heard.append)
    choices = [Choice(seed=k, changes=(SPEECH,)) for k in range(5)]
    for one in choices:
        asks.ask(one)
    end = time.monotonic() + 20
    while not (heard and heard[-1].whole):
        assert time.monotonic() < end, "no answer"
        time.sleep(0.01)
    assert [one.found for one in heard if one.found] == [choices[-1], choices[-1]]
    assert [one.note for one in heard if one.found] == [answering.MORE, ""]
    asks.ask(Choice())
    assert heard[-1] == Answer(Choice())


def test_what_is_asked_while_an_answer_is_told_has_the_last_word(monkeypatch):
    heard, (one, other) = [], [Choice(seed=k, changes=(SPEECH,)) for k in range(2)]
    monkeypatch.setattr(answering, "answer", lambda asked, pairs: asked)
    monkeypatch.setattr(answering, "is_compiled", lambda: True)

    def answered(choice, seconds):
        end = time.monotonic() + seconds
        while not (over := any(it.whole and it.found == choice for it in heard)):
            if time.monotonic() > end:
                break
            time.sleep(0.01)
        return over

    def hear(told):
        if told.whole and told.found == one:
            asks.ask(other)
            answered(other, 0.3)
        heard.append(told)

    asks = Answerer(hear)
    asks.ask(one)
    assert answered(other, 20)
    assert answered(one, 20)
    assert heard[-1] == Answer(other, other)


def test_what_cannot_be_reckoned_is_said_and_the_next_question_is_answered(monkeypatch):
    heard = []

    def fails_once(asked, pairs):
        if asked.seed == 0:
            raise ValueError("no room")
        return asked

    monkeypatch.setattr(answering, "answer", fails_once)
    monkeypatch.setattr(answering, "is_compiled", lambda: True)
    asks = Answerer(heard.append)

    def last_of(choice):
        asks.ask(choice)
        end = time.monotonic() + 20
        while not (heard[-1].whole or "could not" in heard[-1].note):
            assert time.monotonic() < end, "no answer"
            time.sleep(0.01)
        return heard[-1]

    failed = last_of(Choice(seed=0, changes=(SPEECH,)))
    assert failed.found is None and failed.note.endswith("no room")
    assert last_of(Choice(seed=1, changes=(SPEECH,))).found == Choice(seed=1, changes=(SPEECH,))


def test_too_many_changes_in_a_link_are_refused():
    query = "?" + "&".join(["change=set~unity~0~1924-01"] * 41)
    assert "too many changes" in read_link(query)[1]


# What is drawn of it.


def watched(seed: int = 7, months: int = 150) -> WatchedPolitburo:
    return WatchedPolitburo(Choice(seed=seed)).live_to(months)


def test_another_historys_banks_are_broken_lines_with_their_shares():
    base = watched().watch.scene()
    other = WatchedPolitburo(Choice(seed=7, changes=("set~unity~0~1922-06",))).live_to(150)
    root = ElementTree.fromstring(river(other.watch.scene(), 2, over=base, width=WIDE))
    broken = [one for one in root.iter(f"{SVG}path") if one.get("stroke-dasharray") == "5 2"]
    said = [title.text for one in broken for title in one.iter(f"{SVG}title")]
    ever = np.flatnonzero(np.array(base.shares).max(axis=0) > 0.004)
    assert len(said) == len(ever)
    assert all(text.startswith("as it was: ") for text in said)
    assert root.get("viewBox") == f"0 0 {WIDE} 270"


@pytest.mark.parametrize("seed", range(4))
def test_the_coalitions_of_the_river_are_those_of_the_body_month_by_month(seed):
    model = Politburo("ussr-1922", seed)
    there, watch = [], Watch(model)
    for month in range(150):
        model.step()
        if month % 7 == 3:
            watch.scene()  # looked at now and then: nothing is lost between
        a = model.arrays
        there.append({
            int(a.coalition_leader[place]): {int(k) for k in np.flatnonzero(a.coalition == place)}
            for place in np.flatnonzero(a.coalition_leader != NOBODY)
            if (a.coalition == place).sum() > 1
        })  # fmt: skip
    stands = watch.scene().stands
    for month, standing in enumerate(there):
        now = [one for one in stands if one.first <= month <= one.last]
        assert {one.leader for one in now} == set(standing), month
        assert all(standing[one.leader] <= set(one.members) for one in now)
        assert len({one.row for one in now}) == len(now) <= MOST_COALITIONS


def test_the_ladder_is_the_steps_that_the_body_has_marked():
    model = watched()
    scene, since = model.watch.scene(), model.arrays.since
    fallen = [person for person in scene.people if person.rung]
    assert fallen
    for person in fallen:
        root = ElementTree.fromstring(ladder(scene, person.slot))
        mine = [one for one in scene.steps if one.slot == person.slot]
        assert len(list(root.iter(f"{SVG}circle"))) == len(mine)
        assert mine[-1].rung == person.rung
        assert mine[-1].month == since[person.slot, person.rung]
    clear = next(person for person in scene.people if not person.rung)
    assert ladder(scene, clear.slot) == ""


def test_a_coalition_has_its_ground_at_the_table():
    scene = watched(months=45).watch.scene()
    assert scene.alliances
    root = ElementTree.fromstring(table(scene))
    grounds = [one for one in root.iter(f"{SVG}path") if one.get("class") == "ground"]
    pairs = [one for one in scene.alliances if len(one.members) > 1]
    assert len(grounds) == len(pairs)


@pytest.mark.parametrize("name", ["ussr-1922", "convention-1793", "power-game"])
def test_the_page_is_called_after_the_body_that_it_shows(name: str) -> None:
    session, body = Session(f"?scenario={name}"), load_scenario(name).words.body
    assert session.title == body[:1].upper() + body[1:]
    session.choose_scenario("presidium-1957")
    assert session.title == load_scenario("presidium-1957").words.body
