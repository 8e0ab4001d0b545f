"""Rules in or out: odds against counting, power and coverage of simulated records."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from politburo_sim.evidence.arrays import record_arrays
from politburo_sim.evidence.record import load_record
from politburo_sim.files.errors import ResultWarning
from politburo_sim.lab.fit.models import Model
from politburo_sim.lab.weigh import passes
from politburo_sim.lab.weigh.anneal import (
    ABSENT,
    SAMPLED,
    Annealing,
    Effort,
    absent,
    points_of,
    recording_of,
    width,
)
from politburo_sim.lab.weigh.conditioned import Conditioned
from politburo_sim.lab.weigh.evidence import Weighing, evidence_table, inclusion
from politburo_sim.lab.weigh.passes import Pass, Population
from politburo_sim.lab.weigh.power import place_of, power_tables
from politburo_sim.state.minutes import PARTS
from politburo_sim.state.parameters import PLACE
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

RULES = ({"slates": 0.0}, {"unity_liability": 0.0, "unity_bandwagon": 0.0}, {"coin_votes": 1.0})


@pytest.fixture(scope="module")
def record() -> Conditioned:
    world = build_world(load_scenario("ussr-1922"))
    return Conditioned.of(world, record_arrays(world, load_record(world)), 2)


def made(without: list[float], number: int = 100) -> Pass:
    """A pass of which only the shares without rules matter."""
    people = Population(
        np.zeros((number, width(RULES))), np.zeros(0), np.zeros(0), np.zeros((0, 0, PARTS))
    )
    nothing = np.zeros((len(without), PARTS))
    return Pass([1], np.zeros(1), np.zeros((1, PARTS)), np.array([without]), nothing, people, {})


def test_each_rule_has_a_column_and_settings_of_its_own() -> None:
    cube = np.full((2, width(RULES)), 0.9)
    cube[1, width() : width() + 2] = ABSENT - 0.01
    table = points_of(cube, {}, RULES)
    assert table.shape == (2, len(PLACE)) and width(RULES) == len(SAMPLED) + 4
    assert absent(cube, RULES).tolist() == [[False] * 3, [True, True, False]]
    assert table[0, PLACE["slates"]] > 0 == table[1, PLACE["slates"]]
    assert table[1, PLACE["unity_bandwagon"]] == 0 and (table[:, PLACE["coin_votes"]] == 0).all()
    whole = points_of(cube[:, : width()], {})
    np.testing.assert_array_equal(table[0], whole[0])


@given(st.integers(0, 100))
def test_the_factor_is_the_odds_against_the_prior_odds(count: int) -> None:
    found = inclusion(made([count / 100]), 0)
    odds = math.exp(found) * ABSENT / (1 - ABSENT)
    assert odds / (1 + odds) == pytest.approx((count + 0.5) / 101)
    other = inclusion(made([1 - count / 100]), 0)
    assert found + other == pytest.approx(-2 * math.log(ABSENT / (1 - ABSENT)))


def test_passes_that_all_lose_one_side_leave_a_bound_and_others_an_error(
    record: Conditioned, tmp_path: Path
) -> None:
    here = weighing(record, tmp_path, [])
    here.held["model"] = [made([0.0] * 3), made([0.0] * 3)]
    here.held["rules-in-and-out"] = [made([0.0, 0.0, 0.2]), made([0.0, 1.0, 0.4])]
    table = evidence_table(here, [Model("model", "itself"), *here.rules]).set_index("model")
    assert table["how"].tolist() == ["alone", "in or out, bound", "in or out", "in or out"]
    assert table.loc["no-0", "error"] == 0 < table.loc["no-2", "error"]
    assert table.loc["no-1", "error"] > 4, "one pass for it, one against: nothing is known"


def test_odds_of_leaving_rules_out_agree_with_counting(record: Conditioned) -> None:
    """Over the first entry: the mean likelihood of histories without a rule against the others."""
    first = record.blocks[0]
    short = replace(record, end=first, blocks=[first])
    luck = np.random.default_rng(4)
    cube = luck.random((12_000, width(RULES)))
    like = short.run(
        points_of(cube, {}, RULES), recording_of(cube, record),
        luck.integers(0, 2**62, (12_000, 1 + first)), first,
    )[0][:, -1].sum(axis=1)  # fmt: skip
    weight = np.exp(like)
    many = [Annealing(short, {}, Effort(100, 4, 1), (2, n), rules=RULES).run() for n in range(4)]
    for rule, gone in enumerate(absent(cube, RULES).T):
        out, inside = weight[gone], weight[~gone]
        error = math.hypot(*(w.std() / w.mean() / math.sqrt(len(w)) for w in (out, inside)))
        counted = math.log(out.mean() / inside.mean())
        factors = np.array([inclusion(p, rule) for p in many])
        spread = factors.std(ddof=1) / 2
        assert factors.mean() == pytest.approx(counted, abs=4 * math.hypot(error, spread) + 0.05)


def test_a_pass_is_read_as_it_was_run(record: Conditioned, tmp_path: Path) -> None:
    short = replace(record, end=record.blocks[0], blocks=record.blocks[:1])
    run = Annealing(short, {}, Effort(8, 2, 1), (1, 1), rules=RULES).run()
    assert run.without.shape == (1, 3) and len(run.population.cube) == 16
    passes.save(run, tmp_path / "one", "key")
    read = passes.load(tmp_path / "one", "key")
    assert read is not None
    with pytest.warns(ResultWarning, match="made from another plan"):
        assert passes.load(tmp_path / "one", "another") is None
    for name in ("evidence", "kinds", "without", "apart"):
        np.testing.assert_array_equal(getattr(read, name), getattr(run, name))
    for name in ("cube", "seeds", "origins"):
        np.testing.assert_array_equal(getattr(read.population, name), getattr(run.population, name))


def test_a_truth_in_the_middle_has_half_of_a_pass_below_it() -> None:
    one = made([0.0])
    one.population.cube[:, 0] = np.linspace(0, 1, 100)
    truth = np.full(width(RULES), 0.5)
    assert place_of(truth, one)[0] == pytest.approx(0.5)
    assert (place_of(truth, one)[1:] == 1.0).all()


def weighing(record: Conditioned, folder: Path, told: list[Any]) -> Weighing:
    models = tuple(Model(f"no-{k}", "words", dict(rule)) for k, rule in enumerate(RULES))
    little = Effort(8, 1, 2)
    return Weighing(record, little, little, little, models, record.blocks[0], 5, folder,
                    lambda done, words="": told.append(words))  # fmt: skip


def test_tables_of_evidence_and_power_are_whole_and_read_again(
    record: Conditioned, tmp_path: Path
) -> None:
    short = replace(record, end=record.blocks[1], blocks=record.blocks[:2])
    told: list[str] = []
    here = weighing(short, tmp_path, told)
    book, alone = Model("model", "itself"), Model("coins", "words", {"coin_joins": 1.0})
    table = evidence_table(here, [book, alone, *here.rules]).set_index("model")
    assert table["how"].str.partition(",")[0].tolist() == ["alone"] * 2 + ["in or out"] * 3
    assert table.loc["model", ["log_bayes_factor", "error"]].tolist() == [0.0, 0.0]
    np.testing.assert_allclose(table["fit"] + table["later"], table["log_bayes_factor"])
    power, coverage = power_tables(here, 2, Effort(8, 2, 1), seed=3)
    assert set(power["planted"]) <= {"present", "absent"}
    assert power.groupby("mechanism")["records"].sum().tolist() == [2, 2, 2]
    assert (power["noticed"] + power["misled"]).le(1).all()
    assert coverage["covered"].is_monotonic_increasing
    assert coverage["parameters"].tolist() == [len(SAMPLED)] * 3
    files = {p: p.stat().st_mtime_ns for p in (tmp_path / "passes").iterdir()}
    again = weighing(short, tmp_path, told)
    assert evidence_table(again, [book, alone, *again.rules]).equals(table.reset_index())
    assert power_tables(again, 2, Effort(8, 2, 1), seed=3)[0].equals(power)
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "passes").iterdir()} == files
