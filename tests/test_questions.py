"""Dated questions: the shipped calendars are the record's, and a world has them in order."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from politburo_sim import history
from politburo_sim.months import month_index
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import QuestionEntry, Scenario
from politburo_sim.worlds.world import build_world

BASE = """
title = "Two"
start = "1922-04"
end = "1924-12"
axes = ["economy", "regime"]
seats = 1

[[members]]
name = "Anna"
status = "full"
prestige = 1

[[events]]
id = "anna-dies"
date = "1924-01"
kind = "death"
text = "Anna dies."
who = "Anna"
"""


def put(name: str, date: str, axis: str = "economy", low: float = -0.5, high: float = 0.5) -> str:
    return (
        f'[[questions]]\nid = "{name}"\ndate = "{date}"\ntitle = "the {name}"\naxis = "{axis}"\n'
        f'low = {{value = {low}, text = "less {name}"}}\n'
        f'high = {{value = {high}, text = "more {name}"}}\n'
    )


def load(folder: Path, below: str, above: str = "") -> Scenario:
    """Load one world, or another that extends it."""
    (folder / "below.toml").write_text(BASE + below, encoding="utf-8")
    (folder / "above.toml").write_text(
        f'title = "Above"\nextends = "below.toml"\n{above}', encoding="utf-8"
    )
    return load_scenario(folder / "above.toml")


def ids(scenario: Scenario) -> list[str]:
    return [question.id for question in scenario.questions]


def recorded(question: QuestionEntry) -> str:
    """The number that a shipped question has in the record."""
    return str(question.source).removeprefix("history/questions.csv ").partition(":")[0]


def expected(row: pd.Series) -> dict[str, object]:
    places = {row.y0: "low", row.y1: "high"}
    return {
        "date": f"{row.date:%Y-%m}", "axis": row.axis, "low": row.y0, "high": row.y1,
        "status_quo": places.get(row.status_quo, row.status_quo),
        "venue": "committee" if row.venue == "joint_plenum" else row.venue,
        "confidence": row.confidence, "hindsight": row.hindsight, "origin": row.origin,
        "coding": {row.coding_confidence},
    }  # fmt: skip


def said(question: QuestionEntry) -> dict[str, object]:
    return {
        "date": question.date, "axis": question.axis,
        "low": question.low.value, "high": question.high.value,
        "status_quo": question.status_quo, "venue": question.venue,
        "confidence": question.confidence, "hindsight": question.hindsight,
        "origin": question.origin,
        "coding": {question.low.confidence, question.high.confidence},
    }  # fmt: skip


def test_every_question_of_the_record_is_in_the_full_calendar_as_it_stands_there() -> None:
    rows = history.questions().set_index("id")
    questions = load_scenario("ussr-1922-all-questions").questions
    assert sorted(map(recorded, questions)) == list(rows.index)
    for question in questions:
        assert said(question) == expected(rows.loc[recorded(question)]), question.id


def test_the_base_calendar_has_what_anybody_would_have_met_and_is_not_a_guess() -> None:
    rows = history.questions().query("hindsight == 'no' and coding_confidence != 'low'")
    assert [recorded(q) for q in load_scenario("ussr-1922").questions] == list(rows.id)
    assert 0 < len(rows) < len(history.questions())


def test_a_question_names_nobody_who_took_a_side() -> None:
    """What is to be decided is in the file, never who stands where."""
    people = set(history.members().name) - {"Lenin"}
    for question in load_scenario("ussr-1922-all-questions").questions:
        text = f"{question.title} {question.low.text} {question.high.text}"
        assert not people & set(text.replace("'", " ").split()), question.id


def test_the_control_has_no_question_and_is_the_base_world_otherwise() -> None:
    control, base = load_scenario("ussr-1922-no-questions"), load_scenario("ussr-1922")
    assert control.questions == ()
    own = ("name", "title", "short", "about", "extends", "without", "questions")
    said = [world.model_dump(exclude=set(own)) for world in (control, base)]
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("world", "left_out"),
    [
        ("lenin-recovers", {"lenin-letter"}),
        ("letter-read-1924", {"lenin-letter"}),
        ("secretariat-abolished-1923", {"lenin-letter", "place-of-the-secretariat"}),
        ("trotsky-speaks-1923", set()),
    ],
)
def test_a_turning_point_leaves_out_the_questions_that_it_makes_void(
    world: str, left_out: set[str]
) -> None:
    assert set(ids(load_scenario("ussr-1922"))) - set(ids(load_scenario(world))) == left_out


def test_a_world_adds_to_the_questions_below_and_leaves_out_by_id(tmp_path: Path) -> None:
    below = put("grain", "1923-01") + put("coal", "1922-06")
    above = 'without = ["grain", "anna-dies"]\n' + put("steel", "1922-05")
    scenario = load(tmp_path, below, above)
    assert ids(scenario) == ["coal", "steel"]
    assert scenario.events == ()


def test_one_word_leaves_out_all_questions_below_and_no_event(tmp_path: Path) -> None:
    below = put("grain", "1923-01") + put("coal", "1922-06")
    scenario = load(tmp_path, below, 'without = ["questions"]\n' + put("steel", "1922-05"))
    assert ids(scenario) == ["steel"]
    assert [event.id for event in scenario.events] == ["anna-dies"]


def test_a_question_below_may_be_given_anew_once_it_is_left_out(tmp_path: Path) -> None:
    above = 'without = ["grain"]\n' + put("grain", "1923-02", low=-0.1)
    scenario = load(tmp_path, put("grain", "1923-01"), above)
    assert [(q.date, q.low.value) for q in scenario.questions] == [("1923-02", -0.1)]


def test_questions_below_that_lie_outside_a_shorter_run_are_not_put(tmp_path: Path) -> None:
    below = put("grain", "1923-01") + put("coal", "1922-06")
    assert ids(load(tmp_path, below, 'end = "1922-12"\n')) == ["coal"]


def test_the_agenda_is_sorted_by_month_then_by_file(tmp_path: Path) -> None:
    below = put("grain", "1923-01", "regime", -0.2, 0.1) + put("coal", "1922-06")
    world = build_world(load(tmp_path, below, put("steel", "1923-01") + put("oil", "1922-04")))
    agenda, rows = world.agenda, world.questions
    assert [row.id for row in rows] == ["oil", "coal", "grain", "steel"]
    assert rows[2] == ("grain", "the grain", "less grain", "more grain", "1923-01")
    count = len(rows)
    assert list(agenda.axis[:count]) == [0, 0, 1, 0]
    assert list(agenda.low[:count]) == [-0.5, -0.5, -0.2, -0.5]
    assert list(agenda.high[:count]) == [0.5, 0.5, 0.1, 0.5]
    due = list(agenda.due[: world.months + 1])
    assert due == [0, 1, *[1] * 1, *[2] * 7, *[4] * (world.months - 9)]
    for month in range(world.months):
        put_now = rows[due[month] : due[month + 1]]
        assert all(month_index(world.start, row.date) == month for row in put_now)


def test_a_world_without_questions_has_an_empty_agenda(tmp_path: Path) -> None:
    world = build_world(load(tmp_path, ""))
    assert world.questions == ()
    assert all(not np.any(world.agenda[name]) for name in ("due", "axis", "low", "high"))


def test_agendas_of_like_size_share_one_layout() -> None:
    """So that rules which take an agenda are compiled once."""
    names = ("ussr-1922", "ussr-1922-all-questions", "ussr-1922-no-questions", "power-game")
    worlds = [build_world(load_scenario(name)) for name in names]
    assert len({world.agenda.dtype for world in worlds}) == 1
