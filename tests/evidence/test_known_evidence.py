"""The sampler on a record whose evidence is an integral, and what is made of its passes."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from politburo_sim.lab.fit.models import Model
from politburo_sim.lab.weigh import evidence
from politburo_sim.lab.weigh.abduction import _chances
from politburo_sim.lab.weigh.anneal import (
    ABSENT,
    SAMPLED,
    Annealing,
    Effort,
    next_power,
    reflect,
    systematic,
    width,
)
from politburo_sim.lab.weigh.evidence import Weighing, evidence_table, inclusion, parameter_table
from politburo_sim.lab.weigh.given import between
from politburo_sim.lab.weigh.passes import Pass, Population
from politburo_sim.lab.weigh.power import coverage_table, power_table
from politburo_sim.state.minutes import PARTS
from politburo_sim.state.parameters import PLACE

close = pytest.approx
RULES = ({"slates": 0.0},)
#: What a month without the rule takes from the likelihood, and the part of luck that decides.
COST, PART = 0.8, 3
MONTHS = 4


def luck_of(seeds: Any, twists: Any) -> Any:
    """Numbers between 0 and 1 from a month's seed and the twist of one part."""
    z = seeds.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z ^= twists.astype(np.uint64) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((z >> np.uint64(12)).astype(float) + 0.5) * 2.0**-52


@dataclass
class Toy:
    """A month has the chance u v c, less without the rule: u of the first parameter, v luck, c of
    the chance of recording.

    Over the prior the mean of the product is 1/(T+1) (1/2)^T (mean of c^T) (mean without and with).
    """

    end: int = MONTHS
    blocks: tuple[int, ...] = (1, 3, 4)
    recorded: tuple[float, float] = (0.5, 1.0)

    def states(self, number: int) -> Any:
        return np.zeros(number, [("none", float)])

    def run(
        self, points: Any, recording: Any, seeds: Any, until: int, *, least: Any = None,
        behind: int = 0, power: float = 1.0, **more: Any,
    ) -> tuple[Any, None]:  # fmt: skip
        first = SAMPLED[0]
        low, high = first.prior or (0.0, 0.0)
        u = (points[:, PLACE[first.name]] - low) / (high - low)
        v = luck_of(seeds[:, 1 : 1 + until, 0], seeds[:, 1 : 1 + until, 1 + PART])
        cost = np.where(points[:, PLACE["slates"]] == 0, COST, 1.0)
        like = np.zeros((len(points), until, PARTS))
        like[:, :, 0] = np.cumsum(np.log(u * recording * cost)[:, None] + np.log(v), axis=1)
        if least is not None:
            total = like[:, :, 0]
            back = total[:, behind - 1] if behind else 0.0
            given_up = back + power * (total[:, -1] - back) < least
            like[given_up, -1] = -np.inf
        return like, None


def moment(power: int) -> float:
    """Mean of c^power for c even between a half and one."""
    return 2 * (1 - 0.5 ** (power + 1)) / (power + 1)


@pytest.fixture(scope="module")
def passes() -> list[Pass]:
    return [
        Annealing(Toy(), {}, Effort(60, 6, 1), (3, n), rules=RULES).run()  # type: ignore[arg-type]
        for n in range(40)
    ]


def log_of_mean(values: Any) -> tuple[float, float]:
    """Log of a mean of exponents, and its error."""
    top = values.max()
    mean = np.exp(values - top)
    return float(np.log(mean.mean()) + top), float(stats.sem(mean) / mean.mean())


def test_the_evidence_is_the_integral_block_by_block(passes: list[Pass]) -> None:
    for place, months in enumerate(Toy().blocks):
        mixed = ABSENT * COST**months + 1 - ABSENT
        known = math.log(mixed * moment(months) / (months + 1) / 2**months)
        found, error = log_of_mean(np.array([p.evidence[place] for p in passes]))
        assert found == close(known, abs=4 * error) and error < 0.12


def test_histories_without_the_rule_are_as_many_as_their_odds(passes: list[Pass]) -> None:
    known = MONTHS * math.log(COST)
    factors = np.array([inclusion(p, 0) for p in passes])
    assert factors.mean() == close(known, abs=4 * stats.sem(factors) + 0.05)
    assert stats.sem(factors) < 0.1


def test_the_last_population_is_the_posterior(passes: list[Pass]) -> None:
    cubes = [p.population.cube for p in passes]
    for column, known in (
        (0, (MONTHS + 1) / (MONTHS + 2)),
        (1, 0.5),
        (len(SAMPLED), 2 * moment(MONTHS + 1) / moment(MONTHS) - 1),
    ):
        means = np.array([cube[:, column].mean() for cube in cubes])
        assert means.mean() == close(known, abs=4 * stats.sem(means) + 0.003)
        assert stats.sem(means) < 0.012
    luck = [
        luck_of(p.population.seeds[:, 1:, 0], p.population.seeds[:, 1:, 1 + PART]).mean(axis=0)
        for p in passes
    ]
    np.testing.assert_allclose(np.mean(luck, axis=0), 2 / 3, atol=0.02)  # of the density 2 v


def test_what_is_apart_is_those_without_less_those_with(passes: list[Pass]) -> None:
    apart = np.array([p.apart[0, 0] for p in passes])
    known = MONTHS * math.log(COST)  # by the rule alone: all else has the same posterior
    assert apart.mean() == close(known, abs=4 * stats.sem(apart) + 0.02)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20), st.floats(0, 0.999))
def test_systematic_places_are_within_one_of_their_share(weights: list[float], at: float) -> None:
    weight = np.array(weights)
    if weight.sum() < 1e-6:
        return
    weight /= weight.sum()
    drawn = np.bincount(systematic(weight, at, 50), minlength=len(weight))
    assert drawn.sum() == 50 and (np.abs(drawn - 50 * weight) < 1 + 1e-6).all()


def test_systematic_places_are_right_in_the_mean() -> None:
    weight = np.array([0.07, 0.43, 0.0, 0.5])
    drawn = [np.bincount(systematic(weight, (k + 0.5) / 200, 3), minlength=4) for k in range(200)]
    np.testing.assert_allclose(np.mean(drawn, axis=0), 3 * weight, atol=0.011)


@given(st.integers(0, 50), st.floats(0.1, 300), st.floats(0, 0.9))
def test_a_power_keeps_half_of_the_effective_size(seed: int, spread: float, power: float) -> None:
    gain = spread * np.random.default_rng(seed).normal(size=200)
    found = next_power(gain, power)
    weight = np.exp((found - power) * (gain - gain.max()))
    kept = weight.sum() ** 2 / (weight**2).sum() / 200
    assert power < found <= 1.0
    assert kept >= 0.5 - 1e-6 if found == 1.0 else kept == close(0.5, abs=1e-3)


@pytest.mark.parametrize(
    ("value", "found"), [(0.3, 0.3), (-0.2, 0.2), (1.2, 0.8), (2.3, 0.3), (-1.1, 0.9)]
)
def test_what_leaves_the_cube_is_folded_back(value: float, found: float) -> None:
    assert reflect(np.array([value]))[0] == close(found)


# what is made of passes


def made(cube: Any, logs: list[float], kinds: float = 0.0) -> Pass:
    people = Population(cube, np.zeros(0), np.zeros(0), np.zeros((0, 0, PARTS)))
    parts = np.full((len(logs), PARTS), kinds)
    return Pass([2, 5], np.array(logs), parts, np.zeros((2, 0)), np.zeros((0, PARTS)), people, {})


def test_factors_are_differences_of_means_and_errors_those_between_passes() -> None:
    effort, cube = Effort(1, 1, 1), np.zeros((4, width()))
    here = Weighing(None, effort, effort, effort, (), 3, 1, None)  # type: ignore[arg-type]
    here.held["book"] = [made(cube, [-2.0, -9.0], -1.0), made(cube, [-4.0, -13.0], -3.0)]
    here.held["other"] = [made(cube, [-1.0, x]) for x in (-6.0, -8.0, -7.0)]
    here.held["once"] = [made(cube, [-3.0, -20.0])]
    models = [Model("book", "w"), Model("other", "w", {"x": 0}), Model("once", "w", {"x": 1})]
    table = evidence_table(here, models).set_index("model")
    assert table["log_evidence"].tolist() == [-11.0, -7.0, -20.0]
    assert table["log_bayes_factor"].tolist() == [0.0, 4.0, -9.0]
    assert table["fit"].tolist() == [0.0, 2.0, 0.0] and table["later"].tolist() == [0.0, 2.0, -9.0]
    assert table["votes"].tolist() == [0.0, 2.0, 2.0]
    own, other = math.sqrt(8 / 2), math.sqrt(1 / 3)
    assert table["error"].tolist() == [0.0, close(math.hypot(own, other)), close(math.hypot(
        own, math.sqrt(8)))]  # fmt: skip
    assert table["spread"].tolist() == [close(own), close(other), close(math.sqrt(8))]


def test_a_parameter_is_informed_where_passes_agree_and_it_is_narrow() -> None:
    def cubes(shift: float) -> Any:
        cube = np.random.default_rng(1).random((1_000, width()))
        cube[:, 0] = np.linspace(0.3, 0.7, 1_000)  # two fifths of the prior
        cube[:, 1] = np.linspace(0.3, 0.5, 1_000) + shift  # narrow, but where?
        return cube

    table = parameter_table([made(cubes(shift), [0, 0]) for shift in (0.0, 0.3)])
    assert table["parameter"].tolist() == [p.name for p in SAMPLED]
    low, high = SAMPLED[0].prior or (0.0, 0.0)
    row, apart, plain = (table.iloc[k] for k in (0, 1, 2))
    assert row["shrinkage"] == close(0.4, abs=0.001) and row["rhat"] < 1.01 and row["informed"]
    assert row["mean"] == close(low + 0.5 * (high - low))
    assert row["low"] == close(low + 0.32 * (high - low), abs=1e-3)
    assert row["high"] == close(low + 0.68 * (high - low), abs=1e-3)
    assert apart["rhat"] > 2 and not apart["informed"]
    assert plain["shrinkage"] == close(1.0, abs=0.05) and not plain["informed"]


def test_split_rhat_by_hand() -> None:
    chains = [np.array([0.0, 1, 2, 3, 4, 5]), np.array([2.0, 4, 1, 5, 0, 9])]
    halves = np.array([[0, 2, 4], [1, 3, 5], [2, 1, 0], [4, 5, 9]], float)
    within, between_ = halves.var(axis=1, ddof=1).mean(), halves.mean(axis=1).var(ddof=1)
    assert evidence.split_rhat(chains) == close(math.sqrt(2 / 3 + between_ / within))


def test_sets_of_a_level_hold_the_middle_of_it() -> None:
    inside = np.array([[0.5, 0.26], [0.11, 0.89], [0.74, 0.03], [0.985, 0.015]])
    table = coverage_table(inside)
    assert table["level"].tolist() == [0.5, 0.8, 0.95]
    assert table["covered"].tolist() == [3 / 8, 5 / 8, 6 / 8]
    assert (table["records"] == 4).all() and (table["parameters"] == 2).all()
    even = (np.arange(1_000) + 0.5) / 1_000
    assert coverage_table(even[:, None])["covered"].tolist() == close([0.5, 0.8, 0.95])


def test_a_rule_is_noticed_on_its_own_side() -> None:
    factors = np.array([[4.0], [-4.0], [1.0], [-5.0], [-3.5], [6.0], [0.0]])
    gone = np.array([[True], [True], [True], [False], [False], [False], [False]])
    absent, present = power_table([Model("no-x", "w")], factors, gone).to_dict("records")
    assert absent == {
        "mechanism": "no-x", "planted": "absent", "records": 3, "noticed": close(1 / 3),
        "misled": close(1 / 3), "mean": close(1 / 3), "low": -4.0, "high": 4.0,
    }  # fmt: skip
    assert present == {
        "mechanism": "no-x", "planted": "present", "records": 4, "noticed": 0.5, "misled": 0.25,
        "mean": close(-0.625), "low": -5.0, "high": 6.0,
    }  # fmt: skip


def test_a_mean_over_passes_has_students_interval() -> None:
    values = np.array([0.1, 0.3, 0.2, 0.9])
    known = stats.t.interval(0.95, 3, values.mean(), stats.sem(values))
    assert between(values) == (close(0.375), close(known[0]), close(known[1]))
    assert between(values, clip=True) == (close(0.375), 0.0, close(min(1.0, known[1])))
    assert between(np.array([0.0, 0.3]), clip=True)[1:] == (0.0, 1.0)
    assert between(np.array([0.4])) == (0.4, 0.4, 0.4)


def test_what_is_undone_is_a_share_of_those_in_which_he_ruled() -> None:
    """By hand, of two passes of four histories: before, with the change, kept to, other luck."""

    def one(was: str, alt: str, kept: str, shaken: str) -> Any:
        names = [np.array([{"-": ""}.get(x, x) for x in row]) for row in (was, alt, shaken)]
        return names[0], names[1], np.array([x == "k" for x in kept]), names[2]

    found = [one("AAA-", "ABA-", "kkk-", "A--A"), one("A--B", "-AAB", "k---", "AAAA")]
    told = _chances(found, "A")
    by_hand = {
        "base": (3 / 4, 1 / 4), "alt": (2 / 4, 2 / 4), "effect": (-1 / 4, 1 / 4),
        "undone": (1 / 3, 1.0), "made": (0.0, 2 / 3), "as_recorded": (3 / 4, 1 / 4),
        "shaken": (2 / 3, 0.0),
    }  # fmt: skip
    assert set(told) == set(by_hand)
    for name, values in by_hand.items():
        half = stats.t.ppf(0.975, 1) * stats.sem(values)
        low, high = np.mean(values) - half, np.mean(values) + half
        ends = (low, high) if name == "effect" else (max(0.0, low), min(1.0, high))
        assert told[name] == (close(np.mean(values)), close(ends[0]), close(ends[1])), name
    anybody = _chances(found[:1], "anybody")
    assert anybody["undone"] == (0.0, 0.0, 0.0) and anybody["base"].mean == 3 / 4
    never = _chances([one("---", "--A", "---", "---"), one("A--", "A--", "k--", "A--")], "A")
    assert never["undone"] == (0.0, 0.0, 0.0), "the pass in which he never ruled says nothing"
    assert math.isnan(_chances([one("-", "-", "-", "-")], "A")["undone"].mean)
