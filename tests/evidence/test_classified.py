"""The second judge: what it counts, and that it notices what is planted and nothing else."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from politburo_sim.evidence.arrays import UNKNOWN, ask_dtype, record_arrays
from politburo_sim.evidence.digest import digest
from politburo_sim.evidence.record import load_record
from politburo_sim.lab.fit.models import Model
from politburo_sim.lab.weigh import classified, library
from politburo_sim.lab.weigh.anneal import SAMPLED, width
from politburo_sim.lab.weigh.classified import Committee
from politburo_sim.lab.weigh.library import Library, Records, Shelf
from politburo_sim.lab.weigh.power import WEIGHTY
from politburo_sim.state.body import FULL
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

RULES = (Model("one", "without one", {"slates": 0.0}), Model("two", "without two", {"blocs": 0.0}))


@pytest.fixture(scope="module")
def world():
    return build_world(load_scenario("ussr-1922"))


@pytest.fixture(scope="module")
def real(world):
    return record_arrays(world, load_record(world))


def made(world, *asks, last=23):
    """A record of a few asks, each a dict of fields."""
    rows = np.zeros(len(asks), ask_dtype(len(world.names)))
    rows["weight"] = 1.0
    rows["carried"] = rows["judged"] = rows["position"] = rows["judge"] = UNKNOWN
    rows["ask"] = range(len(asks))
    for row, ask in zip(rows, asks, strict=True):
        for name, value in ask.items():
            if isinstance(value, dict):
                for slot, said in value.items():
                    row[name][slot] = said
            else:
                row[name] = value
    return SimpleNamespace(first=0, last=last, asks=rows, seats=[])


def heads(world):
    return [k for k in range(world.members) if world.body.status[k] == FULL]


def test_positions_are_counted_by_hand(world):
    a, b, c, d = heads(world)[:4]
    names = world.names
    told = digest(world, made(
        world,
        {"month": 1, "mover": a, "target": b, "carried": 1, "position": {c: 1, d: 0}},
        {"month": 9, "mover": a, "target": b, "carried": 0, "position": {c: 0, d: 0}},
        {"month": 23, "kind": 3, "mover": a, "target": b, "rung": 3, "judged": 1, "named": {c: 4}},
    ))  # fmt: skip
    assert told["debates, third 1"] == told["debates, third 2"] == 1
    assert told["removals, third 3"] == 1
    assert told["known"] == 4
    assert told["with the winner"] == 3  # c twice, d once
    assert told["losing side"] == 2 + 1
    assert told["divided"] == 1
    pair = f"{names[min(a, c)]} and {names[max(a, c)]}"
    assert (told[f"{pair} together"], told[f"{pair} apart"]) == (1, 1)
    assert told["the same two again"] == 2
    assert told["granted 3"] == 1
    assert told["granted, third 3"] == 2
    assert told[f"{names[c]} removed at"] == told[f"{names[b]} removed at"] == 23 / 24
    assert told[f"{names[a]} removed at"] == 1
    # a and c parted, c and d came together, c and b came together
    assert sum(told[f"flips, third {t}"] for t in (1, 2, 3)) == 3


def test_two_readings_of_an_ask_weigh_what_one_does(world):
    a, b, c = heads(world)[:3]
    ask = {"month": 2, "mover": a, "target": b, "carried": 1, "position": {c: 1}}
    one = made(world, ask)
    two = made(world, ask | {"weight": 0.4}, ask | {"weight": 0.6})
    two.asks["ask"] = 0
    assert digest(world, two) == pytest.approx(digest(world, one))


def test_the_record_and_a_simulated_one_are_counted_by_the_same_numbers(world, real):
    names, numbers = library.recorded("ussr-1922")
    assert names == list(digest(world, real))
    found, cubes = library.simulate("ussr-1922", {}, (), (3, 1), 4)
    assert found.shape == (4, len(names))
    assert cubes.shape == (4, width())
    again, _ = library.simulate("ussr-1922", {}, (), (3, 1), 4)
    assert (again == found).all()
    other, _ = library.simulate("ussr-1922", {}, (), (3, 2), 4)
    assert (other != found).any()
    assert np.isfinite(numbers).all()


def test_an_empty_record_is_counted_too(world, real):
    assert set(digest(world, made(world))) == set(digest(world, real))


def planted(number=6_000, seed=1):
    """Rows of which the first tells of the first truth, and nothing of the second."""
    luck = np.random.default_rng(seed)
    said = (luck.random((number, 2)) < 0.3).astype(np.int64)
    rows = luck.normal(size=(number, 5))
    rows[:, 0] += 2.0 * said[:, 0]
    return rows, said


def test_a_committee_gives_the_bayes_factor_of_two_normals():
    rows, said = planted()
    judge = Committee(rows, said, np.array([0.3, 0.3]), 0)
    at = np.zeros((5, 5))
    at[:, 0] = (-1.0, 0.0, 1.0, 2.0, 3.0)
    factors, errors = judge.factors(at)
    # log N(x; 2, 1) / N(x; 0, 1) = 2 x - 2
    assert factors[:, 0] == pytest.approx(2.0 * at[:, 0] - 2.0, abs=0.7)
    assert np.abs(factors[:, 1]).max() < 0.4
    assert errors.max() < 1.0
    assert judge.losses[1, 0] < 0.8 * judge.losses[0, 0]
    assert judge.losses[1, 1] == pytest.approx(judge.losses[0, 1], abs=0.02)


def test_what_it_was_tried_on_it_was_not_taught():
    rows, said = planted(1_000)
    judge = Committee(rows, said, np.array([0.3, 0.3]), 0)
    assert len(judge.tried) == 200
    assert judge.scale_size == 200
    assert judge.most == pytest.approx(np.log(200))


def test_a_planted_rule_is_noticed_and_another_is_not():
    luck = np.random.default_rng(4)
    cubes = luck.random((6_000, width(RULES)))
    rows = np.abs(luck.normal(size=(6_000, 4)))
    rows[:, 1] += 9.0 * (cubes[:, -2] < classified.ABSENT)
    table, power = classified.evidence_of_rules(
        Records(rows, cubes), *RULES, real=np.array([1, 9, 1, 1]), seed=0
    )
    one, two = table["log_bayes_factor"]
    assert one > WEIGHTY
    assert abs(two) < 1
    noticed = power.set_index(["mechanism", "planted"])["noticed"]
    assert noticed["one", "absent"] > 0.8
    assert noticed["two", "absent"] == noticed["two", "present"] == 0


def test_what_no_record_can_vouch_for_is_a_bound():
    luck = np.random.default_rng(4)
    apart = [
        Records(luck.random((4_000, 3)) + shift, np.zeros((4_000, 0))) for shift in (0.0, 40.0)
    ]
    table, _ = classified.evidence_of_null(*apart, RULES[0], real=np.full(3, 0.5), seed=0)
    assert table["how"].tolist() == ["alone, bound"]
    assert table["log_bayes_factor"].iloc[0] == pytest.approx(-np.log(1_600))


def test_a_parameter_that_shows_is_informed_and_sets_hold_as_often_as_they_say():
    luck = np.random.default_rng(5)
    cubes = luck.random((8_000, width()))
    rows = np.abs(luck.normal(size=(8_000, 3)))
    rows[:, 0] = (3.0 * cubes[:, 2] + 0.3 * rows[:, 0]) ** 2
    table, coverage = classified.parameters(Records(rows, cubes), np.array([4.0, 1.0, 1.0]), 0)
    assert table["parameter"].tolist() == [p.name for p in SAMPLED]
    assert table.index[table["informed"]].tolist() == [2]
    assert coverage.set_index("level")["covered"][0.8] == pytest.approx(0.8, abs=0.03)
    assert table["covered"].between(0.7, 0.9).all()


def test_the_nearest_are_the_nearest():
    means = np.array([0.9, 0.1, 0.5, 0.3, 0.7] * 20) + np.repeat(np.arange(20) * 1e-3, 5)
    found = classified.nearest(means, means, np.array([-5.0, 0.5, 9.0]))
    assert found.shape == (3, 20)
    assert found[0].max() < 0.2
    assert found[2].min() > 0.8
    assert np.sort(found[1]) == pytest.approx(0.5 + np.arange(20) * 1e-3)


def test_chunks_are_kept_and_made_again_where_they_are_damaged(tmp_path, monkeypatch):
    monkeypatch.setattr(library, "CHUNK", 5)
    monkeypatch.setattr(
        library, "in_processes",
        lambda call, jobs, workers, done: [done(k, call(*job)) for k, job in enumerate(jobs)],
    )  # fmt: skip
    made = []
    shelves = Library("ussr-1922", 1, tmp_path, 1, lambda n, *_: made.append(n))
    first = shelves.read("model", 2, {})
    assert first.digests.shape[0] == 10
    file = tmp_path / "model-001.parquet"
    whole = file.read_bytes()
    file.write_bytes(whole[:-9] + b"x" + whole[-8:])
    with pytest.warns(UserWarning, match="damaged"):
        again = shelves.read("model", 2, {})
    assert (again.digests == first.digests).all()
    assert file.read_bytes() == whole
    assert made == [0, 5, 5, 5, 5]


def made_shelf(number=600):
    """A shelf of three kinds of records, and a real one; a null model's are like no others."""
    luck = np.random.default_rng(8)

    def records(key, shift=0.0):
        cubes = luck.random((number, width(RULES)))
        return Records(luck.random((number, 3)) + shift, cubes, key)

    null = Model("null", "a null model", {})
    return Shelf(records("mixed"), records("plain"), [(null, records("null", 40.0))])


def test_what_networks_said_is_kept_and_they_do_not_learn_again(tmp_path, monkeypatch):
    shelf, real, told = made_shelf(), np.array([0.5, 0.5, 0.5]), []
    monkeypatch.setattr(classified, "recorded", lambda scenario: (["a", "b", "c"], real))
    asked = classified.questions(shelf, RULES, real, 0)
    assert [question.name for question in asked] == ["rules", "null", "parameters"]
    tables = classified.judged(shelf, asked, "", tmp_path, lambda n, *_: told.append(n))
    assert sum(told) == sum(question.reading for question in asked)
    assert tables["evidence"]["model"].tolist() == ["null", "one", "two"]
    assert tables["power"]["mechanism"].tolist() == ["null"] * 2 + ["one"] * 2 + ["two"] * 2

    monkeypatch.setattr(classified, "Committee", None)  # whoever learns now fails
    monkeypatch.setattr(classified, "nearest", None)
    told.clear()
    again = classified.judged(shelf, asked, "", tmp_path, lambda n, *_: told.append(n))
    assert told.count(0) == 3 and sum(told) == sum(question.reading for question in asked)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(again[name], table)


@pytest.mark.parametrize("other", ["seed", "real", "records", "more records"])
def test_another_record_seed_or_library_is_another_question(other):
    def keys(shelf, first=0.5, seed=0):
        asked = classified.questions(shelf, RULES, np.array([first, 0.5, 0.5]), seed)
        return {question.name: question.key for question in asked}

    shelf = made_shelf()
    if other == "seed":
        now = keys(shelf, seed=1)
    elif other == "real":
        now = keys(shelf, first=0.6)
    elif other == "records":
        now = keys(replace(shelf, plain=replace(shelf.plain, key="other records")))
    else:  # as where a quick run is followed by a full one in its folder
        longer = np.concatenate([shelf.plain.digests] * 2), np.concatenate([shelf.plain.cubes] * 2)
        now = keys(replace(shelf, plain=Records(*longer, shelf.plain.key)))
    before = keys(made_shelf())
    same = {name for name in before if before[name] == now[name]}
    assert same == ({"rules"} if "records" in other else set())


def test_the_report_says_where_the_judges_part(tmp_path):
    from politburo_sim.report.classified import classified_report

    (tmp_path / "evidence").mkdir()
    pd.DataFrame(
        {"model": ["one", "two"], "log_bayes_factor": [-6.0, -6.0], "error": [1.0, 1.0]}
    ).to_csv(tmp_path / "evidence" / "evidence.csv", index=False)
    luck = np.random.default_rng(6)
    cubes = luck.random((3_000, width(RULES)))
    rows = np.abs(luck.normal(size=(3_000, 4)))
    rows[:, 1] += 9.0 * (cubes[:, -2] < classified.ABSENT)
    real = np.array([1.0, 9.0, 1.0, 1.0])
    table, power = classified.evidence_of_rules(Records(rows, cubes), *RULES, real=real, seed=0)
    known, coverage = classified.parameters(Records(rows, cubes), real, 0)
    tables = {
        "evidence": table, "power": power, "parameters": known, "coverage": coverage,
        "cloud": pd.DataFrame({"distance": [3.0], "farther out": [0.4]}),
        "record": pd.DataFrame({"what": ["known"], "record": [4.0]}),
    }  # fmt: skip
    page = classified_report(tmp_path / "classified", tables, "politburo-sim classify")
    said = page.read_text(encoding="utf-8")
    assert "The two judges contradict one another on one." in said
    assert (tmp_path / "classified" / "figures" / "judges.png").is_file()
