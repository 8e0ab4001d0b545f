"""Changes from a month on: the past stays to the last bit, and the file says the same world."""

import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from politburo_sim.files.errors import InputError
from politburo_sim.months import month_index, month_key
from politburo_sim.rules import founding
from politburo_sim.run.model import Politburo
from politburo_sim.state.parameters import PARAMETERS, PLACE, UNITY
from politburo_sim.worlds.changes import (
    FOUNDING,
    Given,
    LeftOut,
    Moved,
    Set,
    Taken,
    changed,
    first_month,
    interventions,
    read_change,
    settable,
)
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world
from politburo_sim.worlds.writing import written

WORLD = load_scenario("ussr-1922")
LAST = month_index(WORLD.start, WORLD.end)
DATED = [*WORLD.events, *WORLD.questions]


def key(month: int) -> str:
    return month_key(WORLD.start, month)


@st.composite
def one_change(draw, month: int):
    """Any change that touches nothing before a month."""
    to_come = [one.id for one in DATED if one.date >= key(month)]
    then = key(draw(st.integers(month, LAST)))
    kinds = [
        st.builds(Given, st.sampled_from([one.name for one in WORLD.offices]),
                  st.sampled_from([one.name for one in WORLD.members]), st.just(then)),
        st.builds(Set, st.just("unity"), st.floats(0, 1), st.just(then)),
    ]  # fmt: skip
    if to_come:
        kinds += [st.builds(LeftOut, st.sampled_from(to_come)),
                  st.builds(Moved, st.sampled_from(to_come), st.just(then))]  # fmt: skip
    shipped = sorted(interventions(WORLD, key(month)))
    if shipped:
        kinds.append(st.builds(Taken, st.sampled_from(shipped), st.just(key(month))))
    return draw(st.one_of(kinds))


@st.composite
def cases(draw):
    month = draw(st.integers(0, LAST))
    changes = draw(st.lists(one_change(month), min_size=1, max_size=4))
    try:
        changed(WORLD, changes)
    except InputError:  # what was left out by one cannot be moved by the next
        changes = changes[:1]
    return draw(st.integers(0, 2**63 - 1)), month, changes


def lived(world, seed: int, months: int) -> Politburo:
    model = Politburo(world, seed)
    while model.month < months:
        model.step()
    return model


def same_state(one: Politburo, two: Politburo) -> bool:
    return one._state.tobytes() == two._state.tobytes()


@given(cases())
@settings(max_examples=25, deadline=None)
def test_what_lies_before_the_first_change_stays_to_the_last_bit(case):
    seed, month, changes = case
    begins = month_index(WORLD.start, first_month(WORLD, changes))
    assert begins >= month
    one, two = lived(WORLD, seed, begins), lived(changed(WORLD, changes), seed, begins)
    assert same_state(one, two)
    assert one.chronicle == two.chronicle


@given(cases())
@settings(max_examples=12, deadline=None)
def test_the_file_is_the_same_world_and_lives_the_same_history(tmp_path_factory, case):
    seed, _, changes = case
    made = changed(WORLD, changes)
    file = tmp_path_factory.mktemp("changed") / "mine.toml"
    file.write_text(written(WORLD, made, {"opacity": 0.25}), encoding="utf-8")
    read = load_scenario(file)
    assert read.events == made.events
    assert read.questions == made.questions
    assert read.about == made.about
    page = Politburo(build_world(made, {"opacity": 0.25}), seed).run()
    line = Politburo(read, seed).run()
    assert same_state(page, line)
    assert page.chronicle == line.chronicle


def test_no_change_is_the_same_world():
    assert changed(WORLD, []) is WORLD


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_link_says_a_change_in_full(data):
    change = data.draw(one_change(0))
    again = read_change(change.code)
    assert again.code == change.code
    assert type(again) is type(change)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("", "no such change"),
        ("shoot~Trotsky", "no such change"),
        ("give~Comintern~Trotsky", "no such change"),
        ("without~lenin-dys", "did you mean 'lenin-dies'"),
        ("move~lenin-dies~1950-01", "no such month"),
        ("move~lenin-dies~1924-1", "no such month"),
        ("give~Comintern~Trotski~1924-01", "did you mean 'Trotsky'"),
        ("give~Cominform~Trotsky~1924-01", "did you mean 'Comintern'"),
        ("set~unity~much~1924-01", "no number"),
        ("set~unity~2~1924-01", "out of range"),
        ("set~unity~nan~1924-01", "out of range"),
        ("set~opportunism~0.1~1924-01", "cannot be set later"),
        ("take~../secret~1924-01", "no such world"),
        ("take~presidium-1957~1924-01", "extends no other world"),
        ("take~politburo-1927~1924-01", "from the start alone"),
        ("take~lenin-recovers~1930-01", "nothing of it is left"),
    ],
)
def test_what_is_not_there_cannot_be_changed(code, said):
    with pytest.raises(InputError, match=said):
        changed(WORLD, [read_change(code)])


def test_the_later_of_two_words_about_one_thing_holds():
    made = changed(WORLD, [Set("unity", 0.0, "1924-01"), Set("unity", 0.5, "1924-01")])
    assert [e.amount for e in made.events if e.kind == "norm"] == [0.5]


def test_what_another_world_dates_keeps_its_date_or_comes_in_the_month_asked_for():
    def dates(month):
        made = changed(WORLD, [Taken("trotsky-speaks-1923", month)])
        return {one.date for one in made.events if one.intervention}

    assert dates("1922-09") == dates("1923-04") == {"1923-04"}
    assert dates("1925-01") == {"1925-01"}


def test_what_another_world_has_from_the_start_holds_from_the_month_on():
    made = changed(WORLD, [Taken("no-faction-ban", "1925-01")])
    norms = {e.parameter: (e.date, e.amount) for e in made.events if e.kind == "norm"}
    assert norms == dict.fromkeys(UNITY, ("1925-01", 0.0))
    made = changed(WORLD, [Taken("bukharin-secretary-1922", "1925-01")])
    given = next(e for e in made.events if e.kind == "assign" and e.intervention)
    assert (given.office, given.who) == ("General Secretary", "Bukharin")


def test_all_that_is_left_out_is_left_out_and_no_more():
    made = changed(WORLD, [Taken("lenin-recovers", "1923-02")])
    gone = {one.id for one in DATED} - {one.id for one in (*made.events, *made.questions)}
    assert "lenin-dies" in gone
    assert "lenin-second-stroke" not in gone  # it had come by then


def test_a_parameter_has_its_old_value_before_and_its_new_one_from_the_month_on():
    made = changed(WORLD, [Set("danger", 1.0, "1924-01")])
    begins = month_index(WORLD.start, "1924-01")
    was = PARAMETERS["danger"].default
    assert was != 1.0
    assert lived(made, 7, begins).body.par[PLACE["danger"]] == was
    assert lived(made, 7, begins + 1).body.par[PLACE["danger"]] == 1.0


def test_what_can_be_set_later_is_all_that_is_not_drawn_at_the_founding():
    source = inspect.getsource(founding)
    read = {name for name in PARAMETERS if f'PLACE["{name}"]' in source}
    assert read == set(FOUNDING)
    assert not set(FOUNDING) & set(settable())


def test_what_is_offered_from_a_month_on_is_still_possible_and_says_where_it_has_moved_to() -> None:
    """Nobody dies twice; what its file dates before the month is said to move to it."""
    early, late = interventions(WORLD, "1922-04"), interventions(WORLD, "1926-01")
    assert not any("moved to" in title for title in early.values())
    assert "lenin-dies-1922" in early and "lenin-recovers" in early
    assert not {"lenin-dies-1922", "lenin-recovers"} & set(late)
    assert interventions(WORLD, "1923-06")["lenin-dies-1922"].endswith(", moved to June 1923")
    for name in ("trotsky-speaks-1923", "bukharin-secretary-1922"):
        assert late[name] == f"{early[name]}, moved to January 1926"
    for name in ("no-faction-ban", "right-majority-1928", "ussr-1922-no-questions"):
        assert late[name] == early[name]
