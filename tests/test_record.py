"""The record tells what the entries say: by hand-written entries, and on whole runs."""

import json
import math
import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from support import CENSURED, DISMISSED, EXPELLED, REMOVED

from politburo_sim import Politburo
from politburo_sim.record import measures
from politburo_sim.record.annalist import Annalist
from politburo_sim.record.ledger import Ledger
from politburo_sim.record.record import KINDS, Record
from politburo_sim.record.words import Entry, also, together
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    AGAINST,
    CANDIDATE,
    COMMITTEE,
    DEFENCE,
    FULL,
    NOBODY,
    POLICY,
    USUAL,
)
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import World, build_world


@cache
def base_world() -> World:
    """The base world without names for newcomers: what they are called then is tested here."""
    scenario = load_scenario("ussr-1922")
    plain = scenario.words.model_copy(update={"newcomers": ()})
    return build_world(scenario.model_copy(update={"words": plain}))


@cache
def run(scenario: str, seed: int) -> Record:
    return Politburo(scenario, seed).run().record


def slot(name: str) -> int:
    return base_world().names.index(name)


def question(name: str) -> int:
    return next(i for i, row in enumerate(base_world().questions) if row.id == name)


def entry(
    month: int, kind: int, who: str = "", whom: str = "", what: int = 0, **rest: Any
) -> Entry:
    """Make one entry, its members by name."""
    people = [slot(name) if name else NOBODY for name in (who, whom)]
    plain = Entry(month, kind, *people, what, False, NOBODY, 0.0, 0.0, 0.0)
    return plain._replace(**rest)


def written(*rows: Entry, ballots: list[dict[str, int]] | None = None) -> Record:
    """Make a record from entries written by hand; members by name where they vote."""
    world = base_world()
    votes = np.full((len(ballots or []), len(world.names)), -1, dtype=np.int8)
    for number, ballot in enumerate(ballots or []):
        for name, vote in ballot.items():
            votes[number, slot(name)] = vote
    entries = np.array([tuple(row) for row in rows], dtype=j.ENTRY)
    return Record(world, 0, entries, votes, world.body, None, world.months)


def told(record: Record, date: str) -> str:
    return " ".join(dict(record.chronicle).get(date, []))


def demand(month: int, who: str, whom: str, rung: int, **rest: Any) -> Entry:
    return entry(month, j.DEMAND, who, whom, rung, **{"y": 1.0, "z": float(USUAL), **rest})


# Each kind of story, by hand.


def test_a_coalition_is_told_by_who_stands_against_whom() -> None:
    record = written(
        entry(2, j.FORMED, "Zinoviev", "Trotsky", AGAINST, ballot=0, x=0.6),
        entry(5, j.CROSSED, "Kamenev", "Zinoviev", slot("Trotsky")),
        entry(6, j.LEFT, "Rykov", "Zinoviev"),
        entry(9, j.BROKEN_UP, "Zinoviev", x=7.0),
        ballots=[{"Zinoviev": 1, "Kamenev": 1, "Rykov": 1, "Stalin": 1, "Trotsky": 0, "Lenin": 0}],
    )
    assert told(record, "June 1922") == (
        "In June Zinoviev forms a coalition against Trotsky with Kamenev, Rykov and Stalin; "
        "Lenin stands by Trotsky."
    )
    assert told(record, "September 1922") == (
        "In September Kamenev goes over from Zinoviev's coalition to Trotsky's camp."
    )
    assert told(record, "October 1922") == "In October Rykov leaves Zinoviev's coalition."
    assert told(record, "January 1923") == (
        "In January, after seven months Zinoviev's coalition breaks up."
    )


def test_a_camp_that_forms_later_is_told_when_it_does() -> None:
    record = written(
        entry(2, j.FORMED, "Zinoviev", "Trotsky", AGAINST, ballot=0, x=0.6),
        entry(4, j.FORMED, "Trotsky", "Zinoviev", DEFENCE, ballot=1),
        entry(6, j.TAKEN_OVER, "Kamenev", "Zinoviev"),
        entry(6, j.TURNED, "Kamenev", "Stalin", AGAINST, ballot=2, x=0.6),
        ballots=[
            {"Zinoviev": 1, "Kamenev": 1, "Rykov": 1},
            {"Trotsky": 1, "Lenin": 1, "Zinoviev": 0, "Kamenev": 0, "Rykov": 0},
            {"Kamenev": 1, "Rykov": 1, "Zinoviev": 1},
        ],
    )
    assert told(record, "August 1922") == "In August Lenin stands by Trotsky against Zinoviev."
    assert told(record, "October 1922") == (
        "In October Kamenev takes over Zinoviev's coalition and turns it on Stalin, with Zinoviev "
        "and Rykov."
    )


def test_a_policy_is_told_in_the_words_of_its_question() -> None:
    row = question("trade-monopoly")
    adopted = written(entry(6, j.ADOPTED, "Stalin", what=row, carried=True, x=0.2, y=0.0))
    assert told(adopted, "October 1922") == (
        "In October, on the monopoly of foreign trade the Politburo decides, on Stalin's motion "
        "and unopposed, for keeping the monopoly whole."
    )
    between = written(entry(6, j.ADOPTED, "Stalin", what=row, carried=True, x=0.3, y=0.0))
    assert "for a compromise, nearer to keeping the monopoly whole" in told(between, "October 1922")


def test_an_opposition_is_told_with_the_division_that_it_makes() -> None:
    record = written(
        entry(9, j.FORMED, "Zinoviev", "Stalin", POLICY, ballot=0, x=0.2),
        entry(9, j.DIVISION, "Stalin", "Zinoviev", question("planning-powers"), carried=True,
              ballot=1, x=0.8, y=0.4, z=0.0),
        entry(9, j.NAMED, "Zinoviev", "Zinoviev"),
        entry(9, j.RECANT, "Bukharin", "Zinoviev"),
        entry(9, j.BROKEN_UP, "Zinoviev"),
        ballots=[
            {"Zinoviev": 1, "Bukharin": 1},
            {"Stalin": 1, "Molotov": 1, "Rykov": 1, "Tomsky": 1, "Zinoviev": 0, "Bukharin": 0},
        ],
    )  # fmt: skip
    text = told(record, "January 1923")
    assert "Zinoviev, with Bukharin, forms an opposition for a planning body with wide" in text
    assert "Stalin wins; only Bukharin votes with Zinoviev." in text
    assert "The defeat is held against Zinoviev." in text
    assert "Bukharin recants." in text
    assert list(record.roll_calls()["motion"]) == ["the powers of the State Planning Commission"]


def test_a_sanction_is_told_with_what_it_takes() -> None:
    seat = int(base_world().body.seat[slot("Trotsky")])
    post = base_world().offices.index("War Commissariat")
    ballot = {"Stalin": 1, "Rykov": 1, "Kamenev": 1, "Tomsky": 0, "Trotsky": 0}
    record = written(
        demand(2, "Stalin", "Trotsky", DISMISSED, carried=True, x=0.8, ballot=0),
        entry(2, j.SANCTION, "Trotsky", "Stalin", DISMISSED),
        entry(2, j.POST, "Molotov", "Trotsky", post),
        demand(14, "Stalin", "Trotsky", REMOVED, carried=True, x=0.8, ballot=0),
        entry(14, j.SANCTION, "Trotsky", "Stalin", REMOVED),
        entry(14, j.SEATED, "Molotov", "Stalin", seat),
        demand(20, "Stalin", "Rykov", REMOVED, carried=True, x=0.8, ballot=0),
        entry(20, j.SANCTION, "Rykov", "Stalin", REMOVED),
        ballots=[ballot],
    )
    assert told(record, "June 1922") == (
        "In June Stalin asks for the dismissal of Trotsky from all posts and gets it; only Tomsky "
        "stands by Trotsky. Trotsky loses the War Commissariat to Molotov."
    )
    assert "Molotov takes Trotsky's seat by the favour of Stalin." in told(record, "June 1923")
    assert "Rykov's seat stays unfilled." in told(record, "December 1923")
    assert record.outcome()["removals"] == [
        {"member": "Trotsky", "month": "1923-06", "rung": "removed"},
        {"member": "Rykov", "month": "1923-12", "rung": "removed"},
    ]
    assert "Trotsky, who heads the War Commissariat (removed June 1923)" in " ".join(record.cast())


def test_a_slate_is_one_motion_and_the_second_house_may_throw_it_out() -> None:
    ballot = {"Stalin": 1, "Rykov": 1, "Zinoviev": 0, "Kamenev": 0, "Trotsky": 0, "Tomsky": 0}
    record = written(
        demand(3, "Stalin", "Zinoviev", CENSURED, carried=True, x=0.7, y=2.0, ballot=0),
        entry(3, j.SANCTION, "Zinoviev", "Stalin", CENSURED),
        entry(3, j.SANCTION, "Kamenev", "Stalin", CENSURED),
        entry(3, j.NAMED, "Tomsky", "Zinoviev"),
        demand(6, "Stalin", "Trotsky", CENSURED, carried=True, x=0.7, ballot=0),
        entry(6, j.APPEALED, "Stalin", "Trotsky", CENSURED, carried=False, x=0.2, ballot=0),
        entry(6, j.NAMED, "Stalin", "Stalin"),
        ballots=[ballot],
    )
    text = told(record, "July 1922")
    assert "Stalin brings one motion against Kamenev and Zinoviev" in text
    assert "only Tomsky and Trotsky stand by Zinoviev" in text
    assert "Kamenev and Zinoviev are censured." in text
    assert "To have stood by Zinoviev is held against Tomsky." in text
    text = told(record, "October 1922")
    assert "Trotsky takes the case to the Central Committee, which throws the decision out." in text
    assert "That is now held against Stalin." in text


def test_the_removed_are_heard_in_the_committee_and_expelled() -> None:
    record = written(
        entry(1, j.SANCTION, "Trotsky", "Stalin", REMOVED),
        entry(4, j.DIVISION, "Stalin", "Kamenev", NOBODY, carried=True, x=0.7, z=0.0),
        entry(4, j.STOOD_UP, "Trotsky", "Kamenev", x=0.3),
        entry(4, j.NAMED, "Kamenev", "Kamenev"),
        entry(4, j.NAMED, "Trotsky", "Kamenev"),
        demand(10, "Stalin", "Trotsky", EXPELLED, carried=True, x=0.8),
        entry(10, j.SANCTION, "Trotsky", "Stalin", EXPELLED),
    )
    text = told(record, "August 1922")
    assert "In the Central Committee Trotsky stands up for Kamenev." in text
    assert "The defeat is held against Kamenev and Trotsky." in text
    assert "Stalin asks for the expulsion of Trotsky from the party" in told(
        record, "February 1923"
    )
    assert "(removed May 1922, expelled February 1923)" in " ".join(record.cast())


def test_who_is_not_elected_again_after_a_congress() -> None:
    seat = int(base_world().body.seat[slot("Kamenev")])
    record = written(
        entry(9, j.SANCTION, "Kamenev", "Stalin", DISMISSED),
        entry(9, j.DEMOTED, "Kamenev", "Stalin", CANDIDATE),
        entry(9, j.SEATED, "Molotov", "Stalin", seat),
        entry(9, j.SANCTION, "Bukharin", "Stalin", DISMISSED),
        entry(9, j.DEMOTED, "Bukharin", "Stalin", COMMITTEE),
    )
    text = told(record, "January 1923")
    assert "The new Politburo has Kamenev as a candidate only." in text
    assert "Molotov takes Kamenev's seat by the favour of Stalin." in text
    assert "Bukharin is not elected to the new Politburo." in text
    ledger = record.ledger(9)
    assert slot("Kamenev") in ledger.candidates and slot("Kamenev") not in ledger.full
    assert slot("Bukharin") not in ledger.candidates and set(ledger.fallen) == {slot("Bukharin")}
    cast = " ".join(record.cast())
    assert "(made a candidate January 1923)" in cast and "(not elected again January 1923)" in cast
    assert record.events[1]["standing"] == "candidate"


def test_a_newcomer_is_called_after_whom_he_follows() -> None:
    world = base_world()
    first, seat = world.members, int(world.body.seat[slot("Zinoviev")])
    record = written(
        entry(1, j.SEATED, what=seat, who="")._replace(who=first),
        entry(5, j.SEATED, "", "Stalin", seat)._replace(who=first + 1),
        entry(9, j.SEATED, what=8)._replace(who=first + 2),
        entry(9, j.SEATED, what=9)._replace(who=first + 3),
    )
    assert record.names[first : first + 4] == (
        "Zinoviev's successor", "Zinoviev's second successor", "the newcomer",
        "the second newcomer",
    )  # fmt: skip


def test_what_could_not_take_place_is_said() -> None:
    row = next(i for i, e in enumerate(base_world().events) if e.id == "rykov-heads-government")
    record = written(entry(22, j.EVENT, "Rykov", what=row))
    assert told(record, "February 1924") == (
        "In February, what the calendar has could not take place: Rykov becomes head of government."
    )
    assert record.events[0]["took_place"] is False


def event(name: str) -> int:
    return next(i for i, e in enumerate(base_world().events) if e.id == name)


def test_why_an_event_could_not_take_place_is_said_where_a_seat_is_missing() -> None:
    record = written(
        entry(10, j.SANCTION, "Rykov", what=3),
        entry(22, j.EVENT, "Rykov", what=event("rykov-heads-government")),
    )
    assert told(record, "February 1924") == (
        "In February, what the calendar has could not take place, since Rykov is not in the "
        "Politburo: Rykov becomes head of government."
    )


def test_who_cannot_act_is_not_said_to_take_a_side() -> None:
    sides = {"Stalin": 1, "Molotov": 1, "Trotsky": 0, "Rykov": 0, "Lenin": 0}
    formed = entry(19, j.FORMED, "Stalin", "Trotsky", AGAINST, ballot=0, x=0.6)
    ill = entry(11, j.EVENT, "Lenin", what=event("lenin-third-stroke"), carried=True)
    assert "Rykov and Lenin stand by Trotsky" in told(
        written(formed, ballots=[sides]), "November 1923"
    )
    now = told(written(ill, formed, ballots=[sides]), "November 1923")
    assert "Rykov stands by Trotsky" in now
    assert "Lenin" not in now


def test_what_befalls_several_is_told_once_where_nothing_comes_between() -> None:
    first = entry(26, j.EVENT, "Dzerzhinsky", what=event("dzerzhinsky-candidate"), carried=True)
    second = entry(26, j.EVENT, "Sokolnikov", what=event("sokolnikov-candidate"), carried=True)
    ends = entry(26, j.JOINED, "Kalinin", "Stalin")
    plain = "In June Dzerzhinsky becomes a candidate of the Politburo. "
    assert told(written(first, second), "June 1924") == f"{plain}So does Sokolnikov."
    assert told(written(first, ends, second), "June 1924") == (
        f"{plain}Kalinin joins Stalin's camp. Sokolnikov becomes a candidate of the Politburo."
    )
    assert together(["A retires", "so does B", "so does C", "D stays", "so is E"]) == [
        "A retires", "so do B and C", "D stays", "so is E",
    ]  # fmt: skip
    assert [also(rest) for rest in (" (CVP) is elected", " retires", ", ill, retires")] == [
        "so is", "so does", "so does",
    ]  # fmt: skip


def test_who_is_elected_to_a_full_body_is_said_to_wait() -> None:
    world = build_world(load_scenario("federal-council-1960"))
    row = next(i for i, e in enumerate(world.events) if e.id == "celio-elected")
    come = entry(83, j.EVENT, what=row, carried=True)._replace(who=world.names.index("Celio"))
    chronicle = Annalist(world, world.names, np.zeros((0, len(world.names)), dtype=np.int8))
    assert chronicle.chronicle([come], 84)[83] == [
        "In December Celio (FDP) is elected to the Federal Council, and waits for a free seat."
    ]


def test_a_tie_to_a_patron_is_told_with_the_side_that_comes_with_it() -> None:
    record = written(
        entry(2, j.FORMED, "Stalin", "Trotsky", AGAINST, ballot=0, x=0.6),
        entry(4, j.TIED, "Kalinin", "Stalin", NOBODY),
        entry(4, j.JOINED, "Kalinin", "Stalin", 1),
        entry(6, j.TIED, "Kalinin", "Rykov", slot("Stalin")),
        ballots=[{"Stalin": 1, "Molotov": 1}],
    )
    assert told(record, "August 1922") == (
        "In August Kalinin becomes a client of Stalin and joins Stalin's coalition."
    )
    assert told(record, "October 1922") == (
        "In October Kalinin leaves Stalin for the protection of Rykov."
    )


FOUR = {"Stalin": 1, "Kalinin": 1, "Molotov": 1, "Rykov": 1}
STALINS = entry(2, j.FORMED, "Stalin", "Trotsky", AGAINST, ballot=0, x=0.6)
TOMSKYS = entry(3, j.FORMED, "Tomsky", "Zinoviev", AGAINST, ballot=1, x=0.4)


def of_two(*rows: Entry, month: str = "October 1922", more: tuple[dict[str, int], ...] = ()) -> str:
    """What is told of a month in which Stalin leads three and Tomsky leads Kamenev."""
    ballots = [FOUR, {"Tomsky": 1, "Kamenev": 1}, *more]
    return told(written(STALINS, TOMSKYS, *rows, ballots=ballots), month)


def test_who_crosses_from_a_coalition_that_he_has_left_is_not_said_to_be_in_it() -> None:
    crossed = entry(6, j.CROSSED, "Molotov", "Stalin", slot("Tomsky"))
    assert of_two(crossed) == "In October Molotov goes over from Stalin's coalition to Tomsky's "\
        "coalition."  # fmt: skip
    left = entry(5, j.LEFT, "Molotov", "Stalin")
    assert of_two(left, crossed) == (
        "In October Molotov, once of Stalin's coalition, joins Tomsky's coalition."
    )


def test_what_a_man_does_is_told_in_his_order() -> None:
    joins = entry(6, j.JOINED, "Zinoviev", "Tomsky")
    leaves, comes = entry(6, j.LEFT, "Molotov", "Stalin"), entry(6, j.JOINED, "Molotov", "Tomsky")
    assert of_two(joins, leaves, comes) == (
        "In October Zinoviev joins Tomsky's coalition, which aims at Zinoviev no longer. "
        "Molotov leaves Stalin's coalition for Tomsky's coalition."
    )
    back = entry(6, j.JOINED, "Molotov", "Stalin")
    assert of_two(leaves, back) == "", "who is back at once has not been away"


def test_what_led_up_to_a_coalition_and_what_it_ends_are_told() -> None:
    both = {"Rykov": 1, "Molotov": 1, "Tomsky": 1, "Kamenev": 1}
    formed = entry(6, j.FORMED, "Rykov", "Bukharin", AGAINST, ballot=2, x=0.6)
    rows = (
        entry(6, j.JOINED, "Zinoviev", "Stalin"),
        entry(6, j.LEFT, "Rykov", "Stalin"), entry(6, j.LEFT, "Molotov", "Stalin"),
        entry(6, j.LEFT, "Kamenev", "Tomsky"), entry(6, j.BROKEN_UP, "Tomsky", what=1, x=3),
    )  # fmt: skip
    text = of_two(*rows, formed, more=(both,))
    assert text.startswith("In October Zinoviev joins Stalin's coalition. ")
    assert "Tomsky's coalition is given up for it" in text
    assert "Rykov and Molotov break with Stalin's coalition for it" in text
    assert "Kamenev break" not in text and "breaks up" not in text
    again = entry(6, j.FORMED, "Tomsky", "Zinoviev", AGAINST, ballot=1, x=0.4)
    assert of_two(entry(6, j.BROKEN_UP, "Tomsky", what=1, x=3), again).startswith(
        "In October, after three months Tomsky's coalition breaks up. "
    )


def test_a_coalition_that_ends_with_its_leader_is_told_to_end() -> None:
    rows = (
        entry(6, j.DEMAND, "Stalin", "Tomsky", REMOVED, carried=True, x=0.7, y=1),
        entry(6, j.SANCTION, "Tomsky", "Stalin", REMOVED),
        entry(6, j.BROKEN_UP, "Tomsky", what=1, x=3.0),
        entry(6, j.RECANT, "Kamenev", "Tomsky"),
    )
    assert "After three months Tomsky's coalition breaks up." in of_two(*rows)


def test_who_signs_and_votes_the_other_way_is_named() -> None:
    signed, vote = {"Trotsky": 1, "Rudzutak": 1}, {"Zinoviev": 1, "Rudzutak": 1, "Trotsky": 0}
    rows = (
        entry(6, j.FORMED, "Trotsky", "Zinoviev", POLICY, ballot=2, x=0.2),
        entry(6, j.DIVISION, "Zinoviev", "Trotsky", 0, carried=True, ballot=3, x=0.8),
    )
    said = "Rudzutak, who had signed with Trotsky, votes the other way after all."
    assert said in of_two(*rows, more=(signed, vote))
    assert said not in of_two(*rows, more=(signed, vote | {"Rudzutak": 0}))


def test_a_vote_that_repeats_is_told_before_the_fall_of_the_beaten() -> None:
    votes = [
        entry(month, j.DIVISION, "Stalin", "Trotsky", NOBODY, carried=True, x=0.8)
        for month in (2, 4, 6)
    ]
    fall = entry(7, j.SANCTION, "Trotsky", "Stalin", REMOVED)
    axis = base_world().words.axis(base_world().axes[0])
    december = told(written(*votes), "December 1922")
    assert (
        december
        == f"Twice more that year, in August and October, Stalin beats Trotsky over {axis}."
    )
    assert told(written(*votes, fall), "December 1922") == (
        f"In August and October Stalin had beaten Trotsky twice more over {axis}."
    )


def test_of_a_crowd_only_the_best_known_are_named() -> None:
    lost = ("Kalinin", "Tomsky", "Sokolnikov", "Kamenev", "Rudzutak", "Zinoviev", "Voroshilov",
            "Bukharin", "Molotov", "Dzerzhinsky")  # fmt: skip
    vote = {"Stalin": 1, "Trotsky": 0} | dict.fromkeys(lost, 0)
    division = entry(6, j.DIVISION, "Stalin", "Trotsky", 0, carried=True, ballot=0, x=0.7)
    text = told(written(division, ballots=[vote]), "October 1922")
    assert "Kamenev" in text and "Zinoviev" in text and "seven others vote with Trotsky" in text
    assert "Voroshilov" not in text


def test_more_who_sit_than_there_are_to_be_seats_are_said_to_stay() -> None:
    world = build_world(load_scenario("convention-1793"))
    row = next(i for i, e in enumerate(world.events) if e.kind == "seats")
    heads = int((world.body.status == FULL).sum())
    amount = next(e.amount for e in world.scenario.events if e.id == world.events[row].id)
    come = entry(5, j.EVENT, what=row, carried=True)
    none = np.zeros((0, len(world.names)), dtype=np.int8)
    plain = Annalist(world, world.names, none).chronicle([come], 6)[5][0]
    assert ("keep their seats" in plain) == (heads > amount)
    seated = [
        entry(4, j.SEATED, what=9 + i)._replace(who=int(k))
        for i, k in enumerate(np.flatnonzero(world.body.status == CANDIDATE)[: amount + 2])
    ]
    full = Annalist(world, world.names, none).chronicle([*seated, come], 6)[5][0]
    assert full.endswith(" sit and keep their seats.")


ENDS = re.compile(
    r"breaks up|dissolves|fades away|falls apart|othing comes of|nothing left to hold|"
    r"end of it|given up for it"
)


@pytest.mark.parametrize("world", ["ussr-1922", "politburo-1927", "presidium-1957"])
def test_every_coalition_that_ends_is_told_to_end(world: str) -> None:
    for seed in range(1, 6):
        record = run(world, seed)
        ended = sum(row.kind == j.BROKEN_UP for row in record.rows)
        said = " ".join(text for _, texts in record.chronicle for text in texts)
        assert len(ENDS.findall(said)) == ended, seed


def test_who_has_no_share_does_not_keep_the_others_from_an_index() -> None:
    """Indices are worked out for 25 at most; a long history knows more, most of them long gone."""
    record = run("ussr-1922", 0)
    table = record.power_table()
    assert len(table) > 25
    index = table["Shapley-Shubik index"]
    assert index.notna().all() and index.sum() == pytest.approx(1.0)
    assert (index[table["power share"] == 0.0] == 0.0).all()


def test_nobody_leaves_a_patron_who_is_gone() -> None:
    """Dead, or out of the body by a sanction: there is nobody to leave."""
    lost = slot("Stalin"), slot("Zinoviev")
    record = written(
        entry(2, j.BEREFT, "Stalin", what=FULL),
        entry(3, j.SANCTION, "Zinoviev", "Rykov", REMOVED),
        entry(6, j.TIED, "Kalinin", "Rykov", lost[0]),
        entry(6, j.JOINED, "Kalinin", "Rykov", 1),
        entry(7, j.TIED, "Molotov", "Rykov", lost[1]),
    )
    assert told(record, "October 1922") == (
        "In October Kalinin, once a client of Stalin, looks to Rykov for protection and joins "
        "Rykov's camp."
    )
    assert told(record, "November 1922") == (
        "In November Molotov, once a client of Zinoviev, looks to Rykov for protection."
    )


@pytest.mark.parametrize("last", [1, 60])
def test_the_summary_says_until_when_nobody_is_removed(last: int) -> None:
    """Who falls after the rule is established is told of elsewhere, and nothing denies it."""
    record = written(
        entry(40, j.RULES, "Stalin", x=0.6),
        entry(last, j.SANCTION, "Rykov", "Stalin", REMOVED),
    )
    shares = np.zeros((record.months, len(record.names)))
    shares[:, slot("Stalin")] = np.linspace(0.4, 0.9, record.months)
    shares[:, slot("Rykov")] = 0.1
    said = replace(record, shares=shares).summary()
    fell = "until then nobody is removed" if last > 40 else "Rykov (May 1922) is removed"
    assert fell in said and ("nobody is removed" in said) == (last > 40)


# Measures and tables.


def test_partners_who_became_victims() -> None:
    record = written(
        entry(0, j.DIVISION, "Stalin", "Trotsky", NOBODY, carried=True, ballot=0, x=0.8),
        entry(3, j.SANCTION, "Rykov", "Stalin", REMOVED),
        entry(4, j.SANCTION, "Tomsky", "Stalin", EXPELLED),
        ballots=[{"Stalin": 1, "Rykov": 1, "Tomsky": 0, "Trotsky": 0}],
    )
    assert measures.partner_to_victim_rate(record) == 0.5
    assert record.outcome()["partner_to_victim"] == 0.5


def test_two_blocs_are_more_modular_than_one() -> None:
    rows = [entry(m, j.DIVISION, "Stalin", "Trotsky", NOBODY, ballot=m) for m in range(2)]
    left, right = ("Stalin", "Molotov", "Kalinin"), ("Trotsky", "Zinoviev", "Kamenev")
    apart = dict.fromkeys(left, 1) | dict.fromkeys(right, 0)
    united = dict.fromkeys(left + right, 1)
    two = measures.co_voting_modularity(written(*rows, ballots=[apart, apart]))
    one = measures.co_voting_modularity(written(*rows, ballots=[united, united]))
    assert two == pytest.approx(0.5)
    assert one == pytest.approx(0)


def test_a_record_without_entries_is_quiet() -> None:
    record = written()
    assert record.chronicle == []
    assert record.roll_calls().empty
    assert record.events == ()
    assert record.outcome()["established"] is None
    assert math.isnan(measures.partner_to_victim_rate(record))
    assert math.isnan(measures.co_voting_modularity(record))


def test_every_kind_of_entry_has_a_name_and_its_fields_have_columns() -> None:
    assert len(KINDS) == j.DEMOTED + 1
    table = pd.DataFrame(run("ussr-1922", 7).events)
    assert tuple(table.columns[:4]) == ("month", "kind", "who", "whom")
    assert len(table) == len(run("ussr-1922", 7).rows)
    formed = table[table["kind"] == "coalition formed"]
    assert formed["members"].str.len().min() > 0
    assert table[table["kind"] == "division"]["tally"].between(0, 1).all()
    assert set(table[table["kind"] == "sanction"]["rung"]) <= {
        "censured", "dismissed", "removed", "expelled",
    }  # fmt: skip


def test_the_closing_table_and_the_outcome_agree() -> None:
    record = run("ussr-1922", 7)
    outcome = json.loads(json.dumps(record.outcome()))
    table = record.power_table().set_index("member")
    assert table.index.is_unique
    assert table["power share"].sum() == pytest.approx(1)
    assert list(table["power share"]) == sorted(table["power share"], reverse=True)
    for name, share in outcome["shares"].items():
        assert table.loc[name, "power share"] == pytest.approx(share, abs=1e-6)
    for removal in outcome["removals"]:
        assert table.loc[removal["member"], "rung"] in ("removed", "expelled")
    counts = outcome["counts"]
    calls = record.roll_calls()["kind"].value_counts()
    assert calls["division"] == counts["divisions"] > 0
    assert calls["demand"] == counts["demands"] > 0
    dates = [event["month"] for event in record.events]
    assert dates == sorted(dates)


@pytest.mark.parametrize("seed", [1, 4, 8, 12])
def test_the_ledger_is_where_the_body_is_in_every_month(seed: int) -> None:
    model = Politburo("ussr-1922", seed)
    ledger, read = Ledger(model.world, model.journal.ballots), 0
    while model.running:
        model.step()
        for row in (rows := model.record.rows)[read:]:
            ledger.note(row)
        read, a = len(rows), model.arrays
        led = {
            int(a.coalition_leader[place]): {int(k) for k in np.flatnonzero(a.coalition == place)}
            for place in np.flatnonzero(a.coalition_leader != NOBODY)
        }
        kept = {one.leader: one.members for one in ledger.coalitions if len(one.members) > 1}
        assert kept == led, (seed, model.date)
        assert ledger.full == {int(k) for k in np.flatnonzero(a.status == FULL)}, model.date
        assert ledger.line == pytest.approx(list(a.line)), model.date


def test_the_same_entries_give_the_same_words() -> None:
    one = run("ussr-1922", 7)
    other = Record(
        one.world, one.seed, one.entries.copy(), one.ballots.copy(), one.body, one.shares,
        one.months,
    )  # fmt: skip
    assert one.prose() == other.prose()


def test_who_takes_no_part_in_a_vote_leaves_its_cell_empty_and_shares_are_by_month() -> None:
    record = run("ussr-1922", 7)
    votes = record.roll_calls()
    assert set(votes.iloc[:, 8:].to_numpy().ravel()) == {"yes", "no", ""}
    shares = record.share_table()
    assert list(shares["month"])[:2] == ["1922-04", "1922-05"] and len(shares) == record.months
    last = record.power_table().set_index("member")["power share"]
    for name in shares.columns[1:]:
        assert shares[name].iloc[-1] == pytest.approx(last[name])
    assert shares.iloc[:, 1:].sum(axis=1).to_numpy() == pytest.approx(1.0)


def test_a_coalition_has_lost_what_held_it_only_soon_after_its_target_fell() -> None:
    def end(month: int, *more: Entry) -> str:
        fell = entry(8, j.SANCTION, "Trotsky", "Stalin", REMOVED)
        over = entry(month, j.BROKEN_UP, "Stalin", x=float(month - 2))
        record = written(STALINS, fell, *more, over, ballots=[FOUR])
        return told(record, record.heading(month))

    gone = "with Trotsky gone, Stalin's coalition has nothing left to hold it together"
    assert gone in end(14).replace("With", "with")
    assert gone not in end(15).replace("With", "with")
    fought = entry(10, j.DIVISION, "Stalin", "Zinoviev", NOBODY, carried=True, x=0.7)
    assert gone not in end(12, fought).replace("With", "with")
