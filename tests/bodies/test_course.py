"""Courses and their patterns: by hand, against the record's own counts, and from runs."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from support import REMOVED

from politburo_sim import Politburo
from politburo_sim.bodies import tables
from politburo_sim.bodies.course import NEVER, Course, Spell, Vote, exposure, patterns, tenure
from politburo_sim.files.errors import InputError
from politburo_sim.lab.bodies.courses import course_of
from politburo_sim.record.record import Record
from politburo_sim.state import journal as j
from politburo_sim.state.body import CANDIDATE
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

DATA = Path(__file__).parent / "data"
WORLD = {"cpsu-1919": "ussr-1922"}


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8") as table:
        return list(csv.DictReader(table))


SMALL = Course(
    60, "Anna",
    (
        Spell("Anna", 0, 30, removed=True), Spell("Boris", 0, 58, removed=False, unclear=True),
        Spell("Clara", 0, 12, removed=True), Spell("David", 12, 30, removed=True),
        Spell("Emil", 30, 50, removed=False, unclear=True),
    ),
    (
        Vote(12, frozenset({"Anna", "David"}), frozenset({"Clara"})),
        Vote(20, frozenset({"Anna"}), frozenset({"Boris", "David"})),
        Vote(30, frozenset({"Boris"}), frozenset()),
    ),
)  # fmt: skip


def test_patterns_of_a_course_by_hand() -> None:
    found = patterns(SMALL)
    assert found["chief falls"] == 1 and found["months to the chief's fall"] == 30
    assert found["founders lost"] == pytest.approx(2 / 3)
    assert found["largest blow"] == 2 and found["a blow of 4 or more"] == 0
    assert found["months between blows"] == 18
    assert found["removals a member-year"] == pytest.approx(3 * 12 / (30 + 58 + 12 + 18 + 20))
    assert (found["removed at 0-2 years"], found["removed at 2-5 years"]) == (
        pytest.approx(2 / 3), pytest.approx(1 / 3),
    )  # fmt: skip
    assert found["dissent in decisive votes"] == pytest.approx((1 / 3 + 0) / 2)
    assert found["victors who fall next"] == 1.0  # Anna and David, who had voted Clara out


def test_a_body_without_a_fall_has_no_gaps_and_no_chief_of_nothing() -> None:
    found = patterns(Course(24, None, (Spell("Anna", 0, NEVER, removed=False),)))
    assert found["largest blow"] == 0 and math.isnan(found["chief falls"])
    assert math.isnan(found["months between blows"]) and found["removals a member-year"] == 0


def test_exposure_is_split_among_the_bands() -> None:
    whole = exposure(SMALL.spells, SMALL.months, 0, math.inf)
    assert sum(years for _, years in tenure(SMALL).values()) == pytest.approx(whole)


@pytest.mark.parametrize("unclear", [False, True])
def test_a_seat_lost_within_so_many_months(unclear: bool) -> None:
    assert SMALL.lost("Anna", 30, unclear) is True and SMALL.lost("Anna", 29) is False
    assert SMALL.lost("David", 60) is None and SMALL.lost("Boris", 60, unclear) is unclear


def chief_at(row: dict[str, str]) -> str | None:
    return None if row["chief_then"] == "nobody" else row["chief_then"]


@pytest.mark.parametrize("row", rows("cohorts"), ids=lambda r: f"{r['folder']} {r['seated_on']}")
def test_who_was_lost_is_what_the_record_counts(row: dict[str, str]) -> None:
    """Counted by days there and by months here: who falls in the month of the opening is in."""
    world = WORLD.get(row["folder"], row["folder"])
    course = tables.record_of(world, row["seated_on"][:7], chief_at(row))
    span = tables.month_index(row["seated_on"][:7], row["until"][:7])
    lost = {s.member for s in course.founders() if s.removed and s.end <= span}
    named = set(row["names_lost_by_politics"].split(";")) - {""}
    assert lost >= named and len(lost - named) <= 1


@pytest.mark.parametrize("name", ["convention-1793", "presidium-1953"])
def test_tenure_is_what_the_record_counts(name: str) -> None:
    course = tables.record_of(name, load_scenario(name).start)
    found = tenure(course)
    for row in rows("tenure"):
        if row["folder"] == name and row["who"] == "all":
            hits, years = found[row["band_years"]]
            assert abs(hits - int(row["removed_by_politics"])) <= 0
            assert years == pytest.approx(float(row["member_years"]), abs=1.5)


@pytest.mark.parametrize("row", [r for r in rows("measures") if r["window"] == "whole"],
                         ids=lambda r: r["folder"])  # fmt: skip
def test_removals_are_what_the_record_counts(row: dict[str, str]) -> None:
    world = WORLD.get(row["folder"], row["folder"])
    course = tables.record_of(world, row["start"][:7])
    assert len(course.removals()) == int(row["removed_by_politics"])
    assert patterns(course)["largest blow"] == int(row["most_on_one_day"])
    years = exposure(course.spells, course.months, 0, math.inf)
    assert years == pytest.approx(float(row["member_years"]), rel=0.05)


def test_a_world_without_a_record_is_answered() -> None:
    with pytest.raises(InputError, match="no record of this body"):
        tables.record_of("equal-body", "1922-04")


@pytest.mark.parametrize("name", ["ussr-1922", "federal-council-1960", "convention-1793"])
def test_the_course_of_a_run_is_its_journals(name: str) -> None:
    record = Politburo(load_scenario(name), seed=5).run().record
    course = course_of(record)
    full = {record.names[k] for k in record.ledger(record.months).full}
    assert {s.member for s in course.spells if s.end == NEVER} == full
    assert {record.names[k] for k in range(len(record.names)) if record.body.status[k] == 2} == full
    fell = {record.names[r.who] for r in record.rows
            if (r.kind == j.SANCTION and r.what >= REMOVED) or r.kind == j.DEMOTED}  # fmt: skip
    assert {s.member for s in course.removals()} <= fell
    assert course.months == record.months and len(course.founders()) >= record.world.scenario.seats


def test_a_seat_lost_after_a_congress_is_lost_by_politics() -> None:
    """As in the record, where who is not elected again counts."""
    world = build_world(load_scenario("ussr-1922"))
    who, by = world.names.index("Kamenev"), world.names.index("Stalin")
    rows = np.zeros(1, j.ENTRY)
    for name, value in {"kind": j.DEMOTED, "month": 45, "who": who, "whom": by,
                        "what": CANDIDATE, "ballot": -1}.items():  # fmt: skip
        rows[0][name] = value
    ballots = np.full((0, len(world.names)), -1, np.int8)
    course = course_of(Record(world, 0, rows, ballots, world.body, None, 213))
    assert [(s.member, s.end, s.removed) for s in course.removals()] == [("Kamenev", 45, True)]


def test_fates_are_told_of_each_removed_member() -> None:
    told = tables.fates()
    for name in ("convention-1793", "presidium-1953", "federal-council-1960"):
        course = tables.record_of(name, load_scenario(name).start)
        assert {s.member for s in course.removals()} == set(told.member[told.folder == name])
