"""Signs: histories written by hand with known tallies, laws of the error and of the distance."""

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from support import REMOVED

from politburo_sim.bodies.course import NEVER, Course, Spell
from politburo_sim.lab.bodies import basins, recorded_signs, signs
from politburo_sim.lab.bodies.signs import Tally
from politburo_sim.lab.ensemble import load_ensemble
from politburo_sim.lab.fit import misfit
from politburo_sim.lab.fit.check import scored
from politburo_sim.record.ledger import Ledger
from politburo_sim.record.record import Record
from politburo_sim.state import journal as j
from politburo_sim.state.body import NOBODY
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

RUSSIA = build_world(load_scenario("ussr-1922"))
STALIN, MOLOTOV, KALININ, BUKHARIN, TROTSKY, LENIN = (
    RUSSIA.names.index(name)
    for name in ("Stalin", "Molotov", "Kalinin", "Bukharin", "Trotsky", "Lenin")
)
SOVNARKOM = RUSSIA.offices.index("Sovnarkom")


def entry(month: int, kind: int, who: int, whom: int = NOBODY, what: int = 0) -> Any:
    return (month, kind, who, whom, what, 0, NOBODY, 0.0, 0.0, 0.0)


def told(*rows: Any, months: int = 60) -> Record:
    """A history of which only this is known. Molotov alone has a patron at the opening, Stalin."""
    ballots = np.zeros((0, len(RUSSIA.names)), np.int8)
    return Record(RUSSIA, 0, np.array(list(rows), j.ENTRY), ballots, RUSSIA.body, None, months)


def removed(month: int, who: int) -> Any:
    return entry(month, j.SANCTION, who, LENIN, REMOVED)


def test_a_candidate_with_a_patron_against_those_without() -> None:
    first = told(entry(5, j.SEATED, MOLOTOV, STALIN, 7))
    assert signs.entry_by_patron(first) == (1, 1, 0, 2)
    second = told(entry(5, j.SEATED, KALININ, what=7), entry(6, j.SEATED, MOLOTOV, what=8))
    assert signs.entry_by_patron(second) == (1, 2, 1, 3)
    # Nobody with a patron is left: the third seat says nothing.
    third = told(entry(5, j.SEATED, MOLOTOV, what=7), entry(6, j.SEATED, BUKHARIN, what=8))
    assert signs.entry_by_patron(third) == (1, 1, 0, 2)


def test_a_patron_who_is_gone_is_none() -> None:
    assert signs.entry_by_patron(told(removed(4, STALIN), entry(5, j.SEATED, KALININ))) == Tally()


def test_the_two_highest_offices_by_year() -> None:
    """Lenin's first, who is nobody's man; then Molotov's, first as a candidate, then seated."""
    assert signs.top_pairs(told(months=9)) == (0, 1, 0, 1)
    post, seat = entry(2, j.POST, MOLOTOV, LENIN, SOVNARKOM), entry(10, j.SEATED, MOLOTOV, what=7)
    assert signs.top_pairs(told(post, months=9)) == (1, 1, 0, 1)
    assert signs.top_pairs(told(post, seat, months=21)) == pytest.approx((2, 2, 1 / 28, 2))
    assert signs.top_pairs(told(entry(2, j.POST, STALIN, LENIN, SOVNARKOM), months=9)) == Tally()


def test_who_falls_first_of_a_patron_and_his_client() -> None:
    client, patron = removed(10, MOLOTOV), removed(20, STALIN)
    assert signs.clients_first(told(client, patron)) == ((1, 1, 1, 1), (1, 1, 0, 0))
    assert signs.clients_first(told(removed(10, STALIN), removed(20, MOLOTOV)))[0] == (0, 1, 1, 1)
    assert signs.clients_first(told(removed(10, STALIN), removed(10, MOLOTOV)))[0] == (0, 0, 1, 1)
    assert signs.clients_first(told(client, removed(20, TROTSKY)))[0] == (0, 0, 1, 1)
    rule = entry(5, j.RULES, TROTSKY)
    assert signs.clients_first(told(rule, client, patron)) == ((0, 0, 1, 1), (0, 0, 1, 1))


def test_the_second_call_against_the_first() -> None:
    calls = [entry(month, j.DEMAND, LENIN, TROTSKY, 1) for month in (5, 15)]
    assert signs.second_call(told(*calls, removed(20, TROTSKY))) == (1, 1, 0, 1)
    assert signs.second_call(told(*calls, removed(16, TROTSKY))) == (1, 1, 1, 1)
    assert signs.second_call(told(*calls)) == (0, 1, 0, 1)
    assert signs.second_call(told(*calls, months=20)) == (0, 0, 0, 1), "too late to tell"


def test_founders_and_years_in_the_seat() -> None:
    course = Course(
        120, None,
        (Spell("a", 0, 36, True), Spell("b", 0, NEVER, False), Spell("c", 60, 78, True)),
    )  # fmt: skip
    assert signs.founders(course) == pytest.approx((1, 13, 1, 1.5))
    assert signs.by_tenure(course, 0) == pytest.approx((1, 5.5, 1, 4))
    assert signs.by_tenure(course, 2) == pytest.approx((0, 5, 1, 4))


def test_the_slope_of_the_spoils_by_hand() -> None:
    """All posts with Stalin, who has two of eight seats and six others one each: shares of seats
    less 1/7 are 3/28 and -1/56, of posts 6/7 and -1/7, so that xy = 3/28 and xx = 3/224.
    """
    posts = [entry(2, j.POST, STALIN, what=k) for k in range(len(RUSSIA.offices))]
    rows = (*posts, entry(2, j.SEATED, MOLOTOV, STALIN, 7))
    assert signs.spoils(told(*rows, months=9)) == pytest.approx((3 / 28, 3 / 224, 1, 1))
    restless = told(*rows, removed(3, KALININ), months=9)
    assert signs.spoils(restless) == (0, 0, 1, 1), "in a year in which somebody fell: none"


def test_a_circle_of_patrons_is_one_faction() -> None:
    ledger = Ledger(RUSSIA, np.zeros((0, 1), np.int8))
    ledger.patrons = {STALIN: TROTSKY, TROTSKY: STALIN, MOLOTOV: STALIN}
    assert len({signs.faction(ledger, k) for k in (STALIN, TROTSKY, MOLOTOV)}) == 1


@given(hnp.arrays(float, st.integers(5, 30), elements=st.floats(-100, 100)))
def test_the_error_of_a_mean_is_that_of_the_textbook(values: np.ndarray) -> None:
    ones = np.ones((len(values), 3))
    tallies = np.column_stack([values, ones])
    number, error = signs.jackknife(tallies)
    assert number == pytest.approx(values.mean(), abs=1e-9)
    assert error == pytest.approx(values.std(ddof=1) / np.sqrt(len(values)), abs=1e-7)


def test_a_word_follows_the_literature_s_direction() -> None:
    sign = {s.key: s for s in signs.SIGNS}
    many = (50.0, 100.0, 50.0, 100.0)
    assert signs.word(sign["S1"], 2.0, 0.3, many) == signs.AS_SAID
    assert signs.word(sign["S1"], 0.5, 0.2, many) == signs.OTHER_WAY
    assert signs.word(sign["S1"], 1.5, 0.3, many) == signs.UNTOLD
    assert signs.word(sign["S7"], 0.5, 0.2, many) == signs.AS_SAID
    assert signs.word(sign["S7"], 2.0, 0.3, many) == signs.OTHER_WAY
    assert signs.word(sign["S1"], 9.0, 0.1, (2.0, 100.0, 2.0, 100.0)) == signs.UNTOLD
    assert signs.word(sign["S3"], 0.9, 0.1, (3.0, 4.0, 60.0, 60.0)) == signs.UNTOLD
    assert signs.word(sign["S1"], float("nan"), 0.1, many) == signs.UNTOLD


def test_every_sign_has_its_row_and_who_has_no_counterpart_says_why() -> None:
    measured = [s.key for s in signs.SIGNS if s.measure is not None]
    table = signs.table({key: np.tile([9.0, 20.0, 3.0, 20.0], (9, 1)) for key in measured})
    assert list(table.sign) == [s.key for s in signs.SIGNS]
    without = table[table.word == signs.NO_COUNTERPART]
    assert list(without.sign) == ["S6"] and without.note.str.len().min() > 0
    assert table.number.dropna().to_numpy() == pytest.approx(3.0)


def test_histories_are_tallied_and_the_same_seed_tallies_the_same() -> None:
    one, again = (signs.tallied(RUSSIA, load_ensemble(), 2, 5) for _ in range(2))
    assert one.keys() == {s.key for s in signs.SIGNS if s.measure is not None}
    for key, tallies in one.items():
        assert tallies.shape == (2, 4) and (tallies == again[key]).all()


def test_who_was_whose_man() -> None:
    early = recorded_signs.patrons_on(pd.Timestamp("1922-12-15"))
    assert early["Molotov"] == "Stalin" and early["Bukharin"] == "Lenin"
    late = recorded_signs.patrons_on(pd.Timestamp("1926-10-01"))
    assert "Bukharin" not in late, "an alliance of equals is no clientele"
    assert late["Kirov"] == "Stalin" and late["Mikoyan"] == "Stalin", "of two, who has a full seat"


def test_the_record_s_newcomers_are_safe() -> None:
    found = recorded_signs.recorded(RUSSIA)
    assert found["S7"].a == 0 and found["S7"].b > 30
    assert found["S5"].a >= 5 and set(found) <= {s.key for s in signs.SIGNS}


@given(
    hnp.arrays(float, (12, 3), elements=st.floats(-5, 5)),
    hnp.arrays(float, (3,), elements=st.floats(-5, 5)),
)
def test_units_do_not_matter_to_the_distance(cloud: np.ndarray, point: np.ndarray) -> None:
    spread = np.cov(cloud, rowvar=False)
    if np.linalg.cond(spread) > 1e6 or np.trace(spread) < 1e-3:
        return
    units = np.array([[2.0, 0.0, 0.0], [1.0, 0.5, 0.0], [0.0, 3.0, 4.0]])
    own = misfit.squared(cloud, point)
    assert misfit.squared(cloud @ units, point @ units) == pytest.approx(own, rel=1e-4, abs=1e-6)


def test_the_distance_on_a_line_and_the_rank_of_middle_and_edge() -> None:
    cloud = np.array([[-1.0], [0.0], [1.0], [2.0], [-2.0]])
    assert misfit.rank(cloud, np.array([0.0])) == (0.0, 1.0)
    distance, share = misfit.rank(cloud, np.array([10.0]))
    assert share == 0.0
    scaled = cloud / cloud.std()
    assert distance == pytest.approx(10 / cloud.std() / scaled.std(ddof=1))


def test_the_pattern_that_does_not_fit_is_the_one_that_lifts_the_rank() -> None:
    cloud = np.random.default_rng(3).normal(size=(80, 3))
    table = misfit.misfit(["a", "b", "c"], cloud, np.array([0.0, 9.0, 0.0])).set_index("left out")
    assert table.loc["none", "rank"] == 0 and table.loc["a", "rank"] == 0
    assert table.loc["b", "rank"] > 0.5 and table.loc["b", "below"] == 1


def test_the_record_has_a_number_for_all_patterns_but_one() -> None:
    known = {p.name: misfit.number_of(p, RUSSIA) for p in scored()}
    assert [name for name, x in known.items() if x is None] == [
        "the Committee is behind the Secretary"
    ]
    assert known["removal of Zinoviev"] == 51 and known["no removal of Molotov"] == RUSSIA.months


def test_the_bonds_are_those_of_the_file_and_a_division_lies_where_they_put_it() -> None:
    """The union of 1922: Lenin and Kamenev (0.5) against Stalin (0.4 to both), 2 (0.4 + 0.4)."""
    bonds = basins.bonds_of(RUSSIA)
    assert bonds[frozenset(("Zinoviev", "Kamenev"))] == Fraction(7, 10)
    table = basins.divisions(RUSSIA)
    row = table[(table.ask == "union") & (table.bonds == basins.OPENING)].iloc[0]
    assert (row.energy, row["rank"], row.divisions, row.basin) == (pytest.approx(1.6), 2, 4, False)
    assert row["one side"] == "Kamenev, Lenin" and row["the other"] == "Stalin"
    assert (table["rank"] <= table.divisions).all() and (table.minima >= 1).all()
    assert not (set(table.ask) & {"trotsky-expelled", "kamenev-expelled"}), "cast on the floor"
