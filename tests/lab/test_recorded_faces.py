"""Faces of the record: counts that can be made by hand, and what is not told."""

from typing import Any

import pandas as pd
import pytest

from politburo_sim.evidence.record import load_record
from politburo_sim.evidence.schema import Ask
from politburo_sim.lab.fit import faces
from politburo_sim.lab.fit.recorded_faces import (
    demanded,
    demands_after,
    longest_run,
    most_removals,
    recorded,
    sides,
)
from politburo_sim.report.kinds.scores import with_record
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

RUSSIA = build_world(load_scenario("ussr-1922"))


def ask(month: int, **said: Any) -> tuple[int, Ask]:
    table = {"id": "a", "month": "1925-06", "text": "t", "kind": "debate", "mover": "Trotsky",
             "target": "Stalin", "carried": False, **said}  # fmt: skip
    return month, Ask.model_validate(table)


@pytest.mark.parametrize(
    ("carried", "beaten", "later", "followed"),
    [(False, "Trotsky", 3, 1), (False, "Trotsky", 4, 0), (True, "Stalin", 3, 0)],
)
def test_a_demand_follows_where_it_is_against_the_beaten_and_comes_soon(
    carried: bool, beaten: str, later: int, followed: float
) -> None:
    first = ask(0, carried=carried)
    assert first[1].beaten == beaten
    call = ask(later, kind="judge", mover="Stalin", target="Trotsky", carried=None, rung="removed")
    assert demands_after([first, call]) == [followed]


def test_whoever_is_named_with_the_beaten_is_called_to_account_too() -> None:
    _, one = ask(0, rung="removed", judged=True, named={"Kamenev": "removed"})
    assert demanded(one) == {"Trotsky", "Kamenev"}
    assert demanded(ask(0, rung="none")[1]) == demanded(ask(0)[1]) == set()


def test_a_run_ends_where_a_sanction_is_asked_for() -> None:
    against = [ask(n) for n in range(3)]
    call = ask(3, kind="judge", mover="Trotsky", target="Stalin", carried=None, rung="dismissed")
    assert longest_run([*against, call, *against]) == [3]
    assert longest_run([*against, *against]) == [6]
    other = ask(3, kind="judge", mover="Stalin", target="Trotsky", carried=None, rung="dismissed")
    assert longest_run([*against, other, *against]) == [6]
    assert longest_run([call]) == [0]


def test_removals_are_counted_by_month_where_they_carried() -> None:
    two = ask(1, rung="removed", judged=True, named={"Kamenev": "removed"})
    three = ask(2, rung="dismissed", judged=True, named={"Kamenev": "x", "Zinoviev": "x"})
    lost = ask(3, rung="removed", judged=False, named={"Kamenev": "x", "Zinoviev": "x"})
    assert most_removals([two, three, lost], "removed") == [2]
    assert most_removals([two, ask(1, rung="removed", judged=True)], "removed") == [3]
    assert most_removals([three, lost], "removed") == most_removals([], "removed") == [0]


def test_only_named_heads_are_counted_on_either_side() -> None:
    _, one = ask(0, carried=False, yes=["Zinoviev", "Molotov"], no=["Rykov", "Tomsky", "Kalinin"])
    assert sides(one) == [(3, 2)], "Molotov and Kalinin were candidates in June 1925"
    _, judged = ask(0, carried=None, judged=True, judge_yes=["Rykov"], judge_no=["Zinoviev"])
    assert sides(judged) == [(1, 1)]
    _, alone = ask(0, carried=None, judged=True, judge_yes=["Rykov"])
    assert sides(alone) == []


def test_the_record_of_the_politburo_counted_by_hand() -> None:
    found = recorded(RUSSIA)
    asks = load_record(RUSSIA).asks
    against = [one for one in asks if one.kind == "debate" and one.target == "Stalin"]
    assert not any("Stalin" in demanded(one) for one in asks)
    name = {face: word for word, face in faces.FACES.items()}
    assert found[name[faces.longest_run]] == len(against) == 5
    assert found[name[faces.most_removals]] == 2, "Trotsky and Kamenev in October 1926"
    assert found[name[faces.winners_share]] == pytest.approx(2 / 3)
    votes = [vote for one in asks for vote in sides(one)]
    two = sum(lost >= 2 for _, lost in votes)
    assert 0 < two < sum(lost >= 1 for _, lost in votes) == len(votes)
    assert found[name[faces.losing_two]] == pytest.approx(two / len(votes))
    assert sum(lost > 2 for _, lost in votes) < two, "some lost with two exactly"
    debates = [one for one in asks if one.kind == "debate"]
    assert found[name[faces.demands_after]] == pytest.approx(9 / len(debates))


def test_a_face_that_the_record_does_not_tell_of_is_said_to_be_untold() -> None:
    experiment = type("Asked", (), {"world": RUSSIA.scenario})
    table = with_record(pd.DataFrame({"face": list(faces.FACES)}), experiment).set_index("face")
    told = recorded(RUSSIA)
    assert {face for face, row in table.iterrows() if row["record"] != "not told"} == set(told)
