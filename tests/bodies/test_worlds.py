"""The worlds of other bodies against their records: views, seats and dates, and nobody's fall."""

import pytest

from politburo_sim import Politburo
from politburo_sim.bodies import tables
from politburo_sim.files.locate import find
from politburo_sim.lab.bodies.courses import chief_of
from politburo_sim.worlds.scenario import Scenario, load_scenario
from politburo_sim.worlds.schema import Admission, Passage, QuestionPut, Seats
from politburo_sim.worlds.world import build_world

WORLDS = ("convention-1793", "presidium-1953", "federal-council-1960")
SHORT = {"left_right": "axis_left_right"}
#: The lasting sizes that fit arrays shared by all shipped worlds: slots, months, events.
SLOTS, MONTHS, EVENTS = 64, 511, 64


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest) -> Scenario:
    return load_scenario(request.param)


def own(table: str, world: Scenario) -> "tables.pd.DataFrame":
    return tables.table(world.name, table)


def test_views_are_those_of_the_record_with_its_confidence(world: Scenario) -> None:
    coded = own("members", world).set_index("name")
    seen = 0
    for member in world.members:
        for axis, code in member.ideal.items():
            assert code.source and code.confidence
            if member.name in coded.index:
                row = coded.loc[member.name]
                assert code.value == float(row[SHORT.get(axis, axis)])
                assert code.confidence == row.coding_confidence
                seen += 1
            else:
                assert code.value == 0 and code.confidence == "low"
    assert seen > 30


def test_every_coded_number_has_a_source_and_a_confidence(world: Scenario) -> None:
    numbers = [n for m in world.members for n in (m.prestige, *([m.base] if m.base.value else []))]
    numbers += [n for o in world.offices for n in (o.appointments, o.prestige)]
    numbers += [bond.value for bond in world.bonds]
    assert all(number.source and number.confidence for number in numbers)


def test_who_sits_at_the_start_is_the_record(world: Scenario) -> None:
    told = tables.record_of(world.name, world.start)
    full = {member.name for member in world.members if member.status == "full"}
    assert full == {spell.member for spell in told.founders()}
    assert world.seats == len(full)


def test_no_fall_is_in_a_file(world: Scenario) -> None:
    """Who lost a seat by politics, or may have, does not leave it by a date."""
    spells = own("membership", world)
    body = spells[(spells.body == tables.said_of(world.name)["body"]) & (spells.status == "full")]
    political = set(body.member[body.by_politics.isin(("yes", "unclear"))])
    leaves = {e.who for e in world.events if isinstance(e, Passage) and e.kind == "exit"}
    assert political and not political & leaves
    assert not any(isinstance(event, QuestionPut) for event in world.events)


def test_numbers_of_seats_are_the_records(world: Scenario) -> None:
    told = tables.record_of(world.name, world.start)
    for event in (event for event in world.events if isinstance(event, Seats)):
        month = tables.month_index(world.start, event.date)
        held = sum(spell.start <= month < spell.end for spell in told.spells)
        assert abs(event.amount - held) <= 2, event.id


def test_arrivals_stand_at_their_dates(world: Scenario) -> None:
    spells = own("membership", world)
    body = spells[spells.body == tables.said_of(world.name)["body"]]
    first = body.groupby("member").start.min().str[:7]
    came = {e.who: e.date for e in world.events if isinstance(e, Admission)}
    late = 1 if world.name == "federal-council-1960" else 0  # elected the month before the seat
    for who, date in came.items():
        assert 0 <= tables.month_index(date, first[who]) <= late, who
    awaited = {member.name for member in world.members if member.status == "awaited"}
    assert awaited == set(came)


def test_a_world_fits_the_arrays_of_the_others(world: Scenario) -> None:
    built = build_world(world)
    assert built.body.ident.shape[0] == SLOTS
    assert built.months <= MONTHS and built.calendar.kind.shape[0] == EVENTS


def test_a_chronicle_reads_as_that_bodys(world: Scenario) -> None:
    told = " ".join(Politburo(world, seed=3).run().record.prose().split())
    assert world.words.body in told and world.words.said(world.words.candidates)
    other = {"Politburo", "General Secretary"}
    if world.name != "presidium-1953":
        other |= {"Presidium", "Central Committee", "Secretar", "censure", "expelled", "Congress"}
    assert not [word for word in other if word in told]
    events = {event.text.rstrip(".") for event in world.events}
    assert any(text in told for text in events)


@pytest.mark.parametrize(
    ("name", "chief"),
    [
        ("convention-1793", "Danton"), ("presidium-1953", "Malenkov"),
        ("presidium-1957", "Khrushchev"), ("federal-council-1960", None), ("ussr-1922", "Lenin"),
    ],
)  # fmt: skip
def test_the_chief_at_the_opening(name: str, chief: str | None) -> None:
    assert chief_of(build_world(load_scenario(name))) == chief


def test_the_header_says_how_the_body_fits_the_rules(world: Scenario) -> None:
    text = find("scenarios", world.name).read_text(encoding="utf-8")
    assert "# How the body fits the rules:" in text and "Venue" in text
