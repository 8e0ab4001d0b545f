"""The record tells what the entries say: by hand-written entries, and on whole runs."""

import json
import math
import re
from functools import cache

import numpy as np
import pytest
from politburo_sim.rules.platform import IDEAL, LINE, MEDIAN

from politburo_sim.record.record import Record, measures
from politburo_sim.run import engine
from politburo_sim.state import journal as j
from politburo_sim.state.body import CENSURED, EXPELLED, NOBODY, REMOVED, as_block
from politburo_sim.state.work import make_work
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import World, build_world

HARSH = {"unity_liability": 1, "severity": 0, "baseline_liability": 0.5, "appointments": 0.06}


@cache
def base_world() -> World:
    return build_world(load_scenario("ussr-1922"))


@cache
def run(scenario: str, seed: int, *, harsh: bool = False) -> Record:
    world = build_world(load_scenario(scenario), HARSH if harsh else None)
    n = world.body.ident.shape[0]
    journal = j.make_journal(20_000, 2_000, n)
    bodies = as_block(world.body)
    engine.run_chunk(
        bodies, make_work(world.body), journal, world.calendar, as_block(world.body),
        world.coding, 0, world.months, np.array([seed]), np.array([world.body.par]),
        np.zeros(1, np.int64), np.zeros((0, 0), np.int8), engine.make_outcomes(1, n, 0), 0, 1,
    )  # fmt: skip
    entries = journal.entries[: journal.size[0]]
    ballots = journal.ballots[: journal.size[1]]
    return Record(world, seed, entries, ballots, bodies[0], None, world.months)


def slot(name: str) -> int:
    return base_world().names.index(name)


def written(*rows: tuple[float, ...], ballots: list[dict[str, int]] | None = None) -> Record:
    """Make a record from entries written by hand; members by name where they vote."""
    world = base_world()
    votes = np.full((len(ballots or []), len(world.names)), -1, dtype=np.int8)
    for number, ballot in enumerate(ballots or []):
        for name, vote in ballot.items():
            votes[number, slot(name)] = vote
    entries = np.array(rows, dtype=np.float64).reshape(len(rows), 8)
    return Record(world, 0, entries, votes, world.body, None, world.months)


def told(record: Record, date: str) -> str:
    return " ".join(dict(record.chronicle).get(date, []))


def test_a_contest_is_told_from_platform_to_seat() -> None:
    stalin, trotsky, molotov = slot("Stalin"), slot("Trotsky"), slot("Molotov")
    seat = int(base_world().body.seat[trotsky])
    post = base_world().offices.index("War Commissariat")
    record = written(
        (2, j.RAISED, stalin, trotsky, MEDIAN, 0, -0.5, 0),
        (2, j.ROLL_CALL, stalin, trotsky, 1, 0.75, 0, 0.7),
        (2, j.DESERTED, slot("Rykov"), trotsky, 0, 0, 0, 0),
        (2, j.DESERTED, slot("Kamenev"), trotsky, 0, 0, 0, 0),
        (2, j.RECANT, slot("Bukharin"), NOBODY, 0, 0.4, 0, 0),
        (2, j.ACCOUNT, stalin, trotsky, 1, 0.8, 1, REMOVED),
        (2, j.SANCTION, trotsky, stalin, REMOVED, 0, 0, 0),
        (2, j.POST, molotov, trotsky, post, 0, 0, 0),
        (2, j.SEATED, molotov, NOBODY, seat, 1, stalin, 0),
        (2, j.SANCTION, slot("Bukharin"), stalin, CENSURED, 0, 0, 0),
        ballots=[
            {"Stalin": 1, "Trotsky": 0, "Rykov": 1, "Kamenev": 1, "Bukharin": 0},
            {"Stalin": 1, "Trotsky": 0, "Rykov": 1, "Kamenev": 1, "Bukharin": 1},
        ],
    )
    text = told(record, "June 1922")
    for words in (
        "Stalin", "the middle ground", "75 per cent", "stands by Trotsky",
        "Kamenev leave Trotsky for the other side", "Bukharin renounces a former stand",
        "the removal of Trotsky from the Politburo", "80 per cent agree",
        "The War Commissariat passes from Trotsky to Molotov.",
        "Molotov takes the seat, as Stalin's client.",
        "Bukharin is censured in the same affair.",
    ):  # fmt: skip
        assert words in text, text
    assert record.outcome()["removals"] == [
        {"member": "Trotsky", "month": "1922-06", "rung": "removed"}
    ]
    table = record.roll_calls()
    assert list(table["kind"]) == ["policy", "personnel"]
    assert list(table["motion"]) == ["the middle of the others", "removed"]
    assert list(table["Bukharin"]) == ["no", "yes"]


def test_a_question_that_is_dropped_is_one_sentence() -> None:
    record = written(
        (1, j.RAISED, slot("Trotsky"), slot("Stalin"), LINE, 0, 0, 0),
        (1, j.DROPPED, slot("Trotsky"), slot("Stalin"), 0, 0.3, 0, 0),
    )
    sentences = dict(record.chronicle)["May 1922"]
    assert len(sentences) == 1
    assert "30 per cent" in sentences[0]


def test_conviction_names_the_axis_that_divides_most() -> None:
    record = written(
        (1, j.RAISED, slot("Trotsky"), slot("Stalin"), IDEAL, 0, 0, 0),
        (1, j.DROPPED, slot("Trotsky"), slot("Stalin"), 0, 0.3, 0, 0),
    )
    assert "chiefly over world revolution" in told(record, "May 1922").replace("Out", "out")


def test_a_newcomer_is_called_after_the_seat() -> None:
    first, second = base_world().members, base_world().members + 1
    seat = int(base_world().body.seat[slot("Zinoviev")])
    record = written(
        (1, j.SEATED, first, NOBODY, seat, 0, -1, 0),
        (5, j.SEATED, second, NOBODY, seat, 1, slot("Stalin"), 0),
        (9, j.SEATED, base_world().members + 2, NOBODY, 8, 0, -1, 0),
    )
    assert record.names[first : first + 3] == (
        "the newcomer in Zinoviev's former seat",
        "the second newcomer in Zinoviev's former seat",
        "the newcomer in seat 9",
    )
    assert "A newcomer takes what was once Zinoviev's seat" in " ".join(record.prose().split())


def test_what_could_not_take_place_is_said() -> None:
    row = next(i for i, e in enumerate(base_world().events) if e.id == "rykov-heads-government")
    record = written((22, j.EVENT, slot("Rykov"), 0, row, 0, 0, 0))
    assert told(record, "February 1924") == (
        "Could not take place: Rykov becomes head of government."
    )
    assert record.events[0]["took_place"] is False


def test_partners_who_became_victims() -> None:
    stalin, rykov, tomsky = slot("Stalin"), slot("Rykov"), slot("Tomsky")
    record = written(
        (0, j.ROLL_CALL, stalin, slot("Trotsky"), 1, 0.8, 0, 0.8),
        (3, j.SANCTION, rykov, stalin, REMOVED, 0, 0, 0),
        (4, j.SANCTION, tomsky, stalin, EXPELLED, 0, 0, 0),
        ballots=[{"Stalin": 1, "Rykov": 1, "Tomsky": 0, "Trotsky": 0}],
    )
    assert measures.partner_to_victim_rate(record) == 0.5
    assert record.outcome()["switches"]["partner_to_victim"] == 0.5


def test_two_blocs_are_more_modular_than_one() -> None:
    rows = [(m, j.ROLL_CALL, 0, 1, 1, 0.5, m, 0.5) for m in range(2)]
    left, right = ("Stalin", "Molotov", "Kalinin"), ("Trotsky", "Zinoviev", "Kamenev")
    apart = dict.fromkeys(left, 1) | dict.fromkeys(right, 0)
    united = dict.fromkeys(left + right, 1)
    two = measures.co_voting_modularity(written(*rows, ballots=[apart, apart]))
    one = measures.co_voting_modularity(written(*rows, ballots=[united, united]))
    assert two == pytest.approx(0.5)
    assert one == pytest.approx(0)


def test_a_record_without_entries_is_quiet() -> None:
    record = written()
    assert [date for date, _ in record.chronicle] == ["April 1922"]
    assert record.roll_calls().empty
    assert record.outcome()["established"] is None
    assert math.isnan(measures.partner_to_victim_rate(record))
    assert math.isnan(measures.co_voting_modularity(record))


@pytest.mark.parametrize("harsh", [False, True])
@pytest.mark.parametrize("seed", [1, 7])
def test_a_whole_run_can_be_read(seed: int, harsh: bool) -> None:
    record = run("ussr-1922", seed, harsh=harsh)
    text = record.prose()
    assert text.startswith("1922\n  April. The Politburo has seven full members")
    assert "Lenin dies." in text
    assert not re.search(r",,|, ,|,\.|;\.|\.\.|\bNone\b|newcomer \d", " ".join(text.split()))
    for _, sentences in record.chronicle:
        assert all(s[0].isupper() and s.endswith(".") for s in sentences), sentences
    dates = [event["month"] for event in record.events]
    assert dates == sorted(dates)


def test_the_closing_table_and_the_outcome_agree() -> None:
    record = run("ussr-1922", 7, harsh=True)
    outcome = json.loads(json.dumps(record.outcome()))
    table = record.power_table().set_index("member")
    assert table.index.is_unique
    assert table["power share"].sum() == pytest.approx(1)
    assert list(table["power share"]) == sorted(table["power share"], reverse=True)
    for name, share in outcome["shares"].items():
        assert table.loc[name, "power share"] == pytest.approx(share, abs=1e-6)
    for removal in outcome["removals"]:
        assert table.loc[removal["member"], "rung"] in ("removed", "expelled")
    assert len(record.roll_calls()) == outcome["roll_calls"] + outcome["personnel_roll_calls"]


def test_the_same_entries_give_the_same_words() -> None:
    one = run("ussr-1922", 7, harsh=True)
    other = Record(
        one.world, one.seed, one.entries.copy(), one.ballots.copy(), one.body, None, one.months
    )
    assert one.prose() == other.prose()


def test_a_shorter_history_is_told_in_the_same_words() -> None:
    whole = run("ussr-1922", 7, harsh=True)
    early = whole.entries[whole.entries[:, 0] < 60]
    part = Record(whole.world, 7, early, whole.ballots, whole.body, None, 60)
    assert whole.chronicle[: len(part.chronicle)] == part.chronicle


def test_nobody_is_named_by_a_pronoun() -> None:
    text = run("power-game", 3).prose() + run("presidium-1957", 3).prose()
    assert not re.search(r"\b(he|his|him|she|her)\b", text)
    assert "Politburo" not in run("presidium-1957", 3).prose()
