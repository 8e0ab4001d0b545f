"""Scores: known answers on outcomes made by hand, and formulas against other people's code."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad
from support import DISMISSED, REMOVED

from politburo_sim import history
from politburo_sim.lab.fit import check, scores
from politburo_sim.lab.fit.calibration import MISSED, target_of
from politburo_sim.months import month_index, year_end
from politburo_sim.outcomes import NEVER
from politburo_sim.run.engine import Outcomes, make_outcomes
from politburo_sim.state.body import FULL, GONE
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import World, build_world

RUSSIA = build_world(load_scenario("ussr-1922"))
END = year_end(RUSSIA.start, scores.FALLEN_BY)
PATTERNS = check.scored()


def as_recorded(runs: int = 1) -> Outcomes:
    """Outcomes in which everything went as the record has it."""
    out = make_outcomes(runs, len(RUSSIA.names), 0)
    for pattern in history.all_patterns():
        if pattern.measure in ("removal", "post"):
            rung = REMOVED if pattern.measure == "removal" else DISMISSED
            place = RUSSIA.names.index(str(pattern.member))
            out.rungs[:, place, rung] = month_index(RUSSIA.start, str(pattern.record))
    out.status[:, : RUSSIA.members] = FULL
    out.status[:, RUSSIA.members : RUSSIA.members + 2] = FULL, GONE
    out.ruler[:], out.since[:] = RUSSIA.names.index("Stalin"), 85
    return out


def early(**changed: float) -> dict[str, np.ndarray]:
    """The summary of a run to 1926 that went as the record has it, but for what is changed."""
    target = target_of(RUSSIA)
    found: dict[str, float] = {f"{name} removed": m for name, m in target.removals.items()}
    found |= {f"{name} dismissed": m for name, m in target.posts.items()}
    found |= {"other removals": 0, "roll calls a year": 3, "Secretary most visible": 0,
              "behind him in 1922": 0.4, "behind him in 1925": 0.6}  # fmt: skip
    return {name: np.array([float(v)]) for name, v in (found | changed).items()}


def outcomes(out: Outcomes, summary: dict[str, np.ndarray], world: World = RUSSIA) -> pd.DataFrame:
    return check.outcome_table(
        check.Histories(world, target_of(world), summary, out), PATTERNS
    ).assign(draw=0)


def values(table: pd.DataFrame) -> dict[str, float]:
    found = scores.scores(table, PATTERNS, END)
    return dict(zip(found["score"], found["value"], strict=True))


def test_the_record_itself_scores_full_marks() -> None:
    table = outcomes(as_recorded(), early())
    assert [p.name for p in PATTERNS if not table[f"met: {p.name}"][0]] == []
    found = values(table)
    assert found | {"leader_share": 0.0} == {
        "fit": 1.0, "check": 1.0, "within_3": 1.0, "order_all": 1.0, "order_late": 1.0,
        "youden": 1.0, "removed_1926": 3.0, "removed_1930": 6.0, "sole_rule": 1.0,
        "sole_rule_secretary": 1.0, "leader_share": 0.0,
    }  # fmt: skip


def test_where_nothing_ever_happens_nothing_is_told_apart() -> None:
    still = make_outcomes(1, len(RUSSIA.names), 0)
    names = [f"{n} removed" for n in target_of(RUSSIA).removals] + ["Trotsky dismissed"]
    found = values(outcomes(still, early(**dict.fromkeys(names, float(NEVER)))))
    assert (found["order_all"], found["order_late"], found["youden"]) == (0.5, 0.5, 0.0)
    assert (found["removed_1930"], found["sole_rule"], found["within_3"]) == (0.0, 0.0, 0.0)
    assert found["fit"] == pytest.approx(0.5 ** (4 / 8)), "four of eight missed, half a run each"
    assert found["check"] == pytest.approx(0.5 ** (5 / 8)), "but the three who are never removed"


@pytest.mark.parametrize(
    ("months", "met"), [(0, True), (12, True), (-12, True), (13, False), (-13, False)]
)
def test_a_month_is_met_within_a_year_of_it(months: int, met: bool) -> None:
    """On both sides, past the end of the fitted years too."""
    out = as_recorded()
    out.rungs[:, RUSSIA.names.index("Trotsky"), REMOVED] += months
    assert outcomes(out, early())["met: removal of Trotsky"][0] == met


@pytest.mark.parametrize(
    ("changed", "missed"),
    [
        ({"other removals": 1}, "other removals to 1926"),
        ({"roll calls a year": 7}, "contests a year"),
        ({"Secretary most visible": 1}, "the Secretary is not the most visible"),
        ({"behind him in 1922": 0.6}, "the Committee is behind the Secretary"),
        ({"behind him in 1925": 0.4}, "the Committee is behind the Secretary"),
    ],
)
def test_each_pattern_can_be_missed_alone(changed: dict[str, float], missed: str) -> None:
    table = outcomes(as_recorded(), early(**changed))
    assert [p.name for p in PATTERNS if not table[f"met: {p.name}"][0]] == [missed]


@pytest.mark.parametrize(
    ("who", "since", "met"),
    [("Stalin", 57, True), ("Stalin", 56, False), ("Stalin", 129, False), ("Trotsky", 80, False)],
)
def test_sole_rule_is_of_the_secretary_between_two_months(who: str, since: int, met: bool) -> None:
    out = as_recorded()
    out.ruler[:], out.since[:] = RUSSIA.names.index(who), since
    table = outcomes(out, early())
    assert (table["met: sole rule"][0], table["sole_rule_secretary"][0]) == (met, who == "Stalin")


def test_a_run_within_three_counts_to_the_hair() -> None:
    """Two removals that never come are six years away; one is three, and three is within."""
    one = outcomes(as_recorded(), early(**{"Trotsky removed": NEVER}))
    more = outcomes(as_recorded(), early(**{"Trotsky removed": NEVER, "behind him in 1925": 0.1}))
    assert (one["distance"][0], more["distance"][0]) == (MISSED, MISSED + 0.5)
    assert (values(one)["within_3"], values(more)["within_3"]) == (1.0, 0.0)


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=20), st.integers(100, 10_000))
def test_the_log_score_is_the_geometric_mean(shares: list[float], runs: int) -> None:
    assert scores.log_score(shares, runs) == pytest.approx(stats.gmean(shares))


def test_the_log_score_does_not_reward_saying_that_nothing_happens() -> None:
    """The mean share did: 0.6 against 0.5."""
    still, fair = [1.0, 1.0, 1.0, 0.0, 0.0], [0.5] * 5
    assert np.mean(still) > np.mean(fair)
    assert scores.log_score(still, 500) < scores.log_score(fair, 500)
    assert scores.log_score([0.0], 500) == pytest.approx(1 / 1000)


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_the_log_score_is_proper(true: float, said: float) -> None:
    """Whoever expects `true` does best on average by saying it."""

    def expected(p: float) -> float:
        log = (np.log(scores.log_score([share], 10**6)) for share in (p, 1 - p))
        return float(np.dot([true, 1 - true], list(log)))

    assert expected(said) <= expected(true) + 1e-12


@given(
    st.lists(st.integers(0, 6), min_size=3, max_size=9),
    st.lists(st.integers(1, 3), min_size=9, max_size=9),
)
def test_concordance_is_somers_d_on_another_scale(months: list[int], waves: list[int]) -> None:
    order = [1, 2, *waves][: len(months)]
    d = stats.somersd(order, months).statistic
    # scipy gives nan where all months are equal: every pair is then a tie
    expected = 0.5 if len(set(months)) == 1 else (1 + d) / 2
    assert scores.concordance([months], order)[0] == pytest.approx(expected)


@given(st.integers(0, 10**6))
def test_youden_is_sensitivity_plus_specificity_less_one(key: int) -> None:
    rng = np.random.default_rng(key)
    fallen, spared = rng.integers(0, 200, (30, 3)), rng.integers(0, 200, (30, 4))
    said = np.concatenate([fallen.ravel(), spared.ravel()]) < 105
    true = np.repeat([True, False], [fallen.size, spared.size])
    hits, alarms = (said & true).sum() / true.sum(), (said & ~true).sum() / (~true).sum()
    assert scores.youden(fallen, spared, 105).mean() == pytest.approx(hits + (1 - alarms) - 1)


def test_an_outcome_table_has_the_scores_worked_out_by_hand() -> None:
    """Two draws of two runs: half meet every fitted pattern, none a check, one falls in order."""
    rows: dict[str, Any] = {f"met: {p.name}": [p.kind == "fit", False] * 2 for p in PATTERNS}
    rows |= {f"removed: {name}": [NEVER] * 4 for name in history.falls().member}
    rows["removed: Bukharin"] = [90, END, NEVER, NEVER]
    rows["distance"] = [3.0, 3.01, 0.0, 9.0]
    rows |= {name: [0, 0, 0, 1] for name in list(scores.SCORES)[-5:]}
    found = values(pd.DataFrame(rows).assign(draw=[0, 0, 1, 1]))
    assert found["fit"] == pytest.approx(0.5) and found["check"] == pytest.approx(1 / 8)
    assert found["within_3"] == 0.5 and found["sole_rule"] == 0.25
    # Bukharin before four spared: 4 of 12 pairs in two runs of four, the rest ties.
    assert found["order_late"] == pytest.approx((2 * (4 + 8 / 2) / 12 + 2 * 0.5) / 4)
    assert found["youden"] == pytest.approx(1 / 3 / 4), "a fall after 1930 comes too late"


def test_an_interval_holds_its_score_and_is_the_same_twice() -> None:
    rng = np.random.default_rng(5)
    rows: dict[str, Any] = {f"met: {p.name}": rng.random(400) < 0.4 for p in PATTERNS}
    rows |= {f"removed: {n}": rng.integers(0, 200, 400) for n in history.falls().member}
    rows |= {"distance": rng.uniform(0, 6, 400)}
    rows |= {name: rng.random(400) for name in list(scores.SCORES)[-5:]}
    table = pd.DataFrame(rows).assign(draw=np.arange(400) // 10)
    found = scores.scores(table, PATTERNS, END)
    assert (found["low"] <= found["value"]).all() and (found["value"] <= found["high"]).all()
    assert (found["high"] - found["low"] > 0).all()
    pd.testing.assert_frame_equal(found, scores.scores(table, PATTERNS, END))


def test_how_often_one_of_ten_equal_models_stands_apart_is_what_the_decision_says() -> None:
    """By counting searches, as it was told at first, and by how far means lie apart, as it is."""
    page = (Path(__file__).parents[2] / "docs" / "decisions" / "0004-calibration.md").read_text()
    text = " ".join(page.split())
    # All values of one distribution; u: the greatest of the model's two searches.
    some = quad(lambda u: 2 * u * (1 - (1 - u) ** 2) ** 10, 0, 1)[0]
    assert (
        f"does better in both searches by luck in {100 * (1 - float(some)):.0f} % of cases" in text
    )
    rng, times, found = np.random.default_rng(1), 20_000, list[float]()
    wander = np.linspace(1.5, 0.5, 11)[:, None]
    for spread in (wander, wander[::-1]):
        each = rng.normal(0.0, spread, (times, 11, 2))
        apart = [
            (abs(one.mean(axis=1) - one[0].mean()) > scores.least_difference(one)).any()
            for one in each
        ]
        found.append(100 * float(np.mean(apart)))
    most, least = found
    assert f"an error comes in {most:.0f} % of cases if the model wanders most" in text
    assert "fewer than 5 % if it wanders least" in text and 0 < least < 4.5
