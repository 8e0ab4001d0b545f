"""The patterns say what the record says, and nothing weak is ever fitted."""

import doctest
from dataclasses import FrozenInstanceError

import pandas as pd
import pytest

from politburo_sim import history
from politburo_sim.bodies import tables as bodies
from politburo_sim.history import patterns

WEAK = {
    "the letter is kept from print",
    "the Committee elected again, XIII Congress",
    "the Committee elected again, XIV Congress",
}


def record(name: str) -> object:
    return {pattern.name: pattern.record for pattern in history.all_patterns()}[name]


@pytest.mark.parametrize(
    ("member", "month", "kind"),
    [
        ("Zinoviev", "1926-07", "fit"),
        ("Trotsky", "1926-10", "fit"),
        ("Kamenev", "1926-10", "fit"),
        ("Bukharin", "1929-11", "check"),
        ("Tomsky", "1930-07", "check"),
        ("Rykov", "1930-12", "check"),
    ],
)
def test_removal_months(member: str, month: str, kind: str) -> None:
    found = next(p for p in history.all_patterns() if p.name == f"removal of {member}")
    assert (found.record, found.kind, found.confidence) == (month, kind, "high")


@pytest.mark.parametrize("member", ["Molotov", "Kalinin", "Voroshilov"])
def test_never_removed(member: str) -> None:
    assert record(f"no removal of {member}") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("other removals to 1926", 0),
        ("Trotsky loses the War Commissariat", "1925-01"),
        ("one switched vote in June 1927", 1),
        ("members short of a right majority in July 1928", 2),
        ("earlier allies outlast later ones", (6, 11, 1, 8)),
        ("violent deaths by 1939", (13, 28)),
        ("the Presidium of June 1957", (7.0, 4.0)),
        ("sole rule", ("1927-01", "1932-12")),
    ],
)
def test_what_the_record_says(name: str, expected: object) -> None:
    assert record(name) == expected


def test_names_are_unique_and_all_have_words_and_source() -> None:
    names = [pattern.name for pattern in history.all_patterns()]
    assert len(names) == len(set(names))
    assert all(pattern.words and pattern.source for pattern in history.all_patterns())


def test_weak_patterns_are_kept_and_marked() -> None:
    assert {pattern.name for pattern in history.all_patterns() if pattern.weak} == WEAK


def test_nothing_weak_is_fitted() -> None:
    fitted = history.fit_patterns()
    assert len(fitted) == 8
    assert not any(pattern.weak for pattern in fitted)
    assert not {pattern.name for pattern in fitted} & WEAK


def test_fit_and_check_share_nothing_and_leave_nothing_out() -> None:
    fitted, checked = set(history.fit_patterns()), set(history.check_patterns())
    assert not fitted & checked
    assert {p.name for p in set(history.all_patterns()) - fitted - checked} == WEAK


def test_fitted_months_end_with_1926_and_checked_removals_come_later() -> None:
    months = [p.record for p in history.fit_patterns() if isinstance(p.record, str)]
    assert months and max(months) <= "1926-12"
    later = [p for p in history.check_patterns() if p.name.startswith("removal of")]
    assert all(isinstance(p.record, str) and p.record >= "1927-01" for p in later)


def test_a_pattern_is_fixed() -> None:
    with pytest.raises(FrozenInstanceError):
        history.all_patterns()[0].record = "1927-01"  # type: ignore[misc]


def test_the_band_of_contests_holds_the_recorded_rate() -> None:
    band = record("contests a year")
    assert isinstance(band, tuple)
    assert band[0] <= patterns.divided_votes_a_year() <= band[1]


def test_sokolnikov_is_the_only_one_dropped_and_not_counted() -> None:
    spells = history.memberships().query("body == 'politburo'")
    then = spells.end.between(patterns.FIRST_FITTED, patterns.LAST_FITTED)
    dropped = spells[then & (spells.end_reason == "not_re-elected")]
    assert list(dropped.member) == ["Sokolnikov"]
    assert list(dropped.status) == ["candidate"]
    told = history.disagreements()
    assert "Sokolnikov 1926" in set(told.key[told.table == "memberships"])


def test_earlier_and_later_allies_do_not_overlap() -> None:
    early, late = patterns.cohorts()
    assert not early & late
    assert {"Molotov", "Petrovsky", "Uglanov"} <= early
    assert {"Kuibyshev", "Zhdanov"} <= late


def test_the_order_of_falling_is_the_record_s() -> None:
    """Waves rise with the day of the last seat's end; nobody is both fallen and spared."""
    falls = history.falls()
    assert falls.member.is_unique and set(falls.part) == {"left", "right", "spared", "secretary"}
    spells = history.memberships().query("body == 'politburo'").sort_values("start")
    end = falls.member.map(spells.groupby("member").end.last())
    gone = falls.part.isin(("left", "right"))
    waves = end[gone].groupby(falls.wave[gone])
    assert (waves.max().shift()[1:] < waves.min()[1:]).all()
    assert (waves.max() - waves.min() < pd.Timedelta(days=183)).all()
    assert (falls.wave[~gone] == falls.wave[gone].max() + 1).all()
    late = falls[falls.part != "left"]
    assert falls.late_wave[falls.part == "left"].isna().all()
    assert (late.late_wave == late.part.map({"right": 1, "spared": 2, "secretary": 2})).all()


def test_what_is_fitted_has_a_measure_and_what_has_none_is_only_recorded() -> None:
    assert all(p.measure for p in history.fit_patterns())
    assert {p.name for p in history.check_patterns() if p.measure is None} == {
        "one switched vote in June 1927", "members short of a right majority in July 1928",
        "violent deaths by 1939", "the Presidium of June 1957",
    }  # fmt: skip


def test_what_another_record_says_stands_in_its_table() -> None:
    pattern = next(p for p in history.check_patterns() if p.name == "the Presidium of June 1957")
    where, _, sources = pattern.source.partition(": ")
    body, _, number = where.split(", ")
    vote = bodies.table(body, "votes").set_index("vote_id").loc[number]
    assert pattern.record == (float(vote.yes), float(vote.no))
    assert pattern.confidence == vote.confidence
    assert all(source in vote.source for source in sources.split("; "))


def test_the_examples_run() -> None:
    assert doctest.testmod(patterns) == (0, 1)
