"""The calibration: what it measures, that it goes on where it stopped, and the shipped ensemble."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from politburo_sim.cli.app import app
from politburo_sim.files.errors import ResultWarning
from politburo_sim.lab.ensemble import Ensemble, load_ensemble, read_ensemble
from politburo_sim.lab.fit import calibration as lab
from politburo_sim.lab.fit.check import division, outlasting
from politburo_sim.lab.fit.population import Population, weighted_quantile
from politburo_sim.lab.sensitivity import Problem, morris, sobol
from politburo_sim.months import month_key
from politburo_sim.outcomes import NEVER
from politburo_sim.report.kinds.calibration import LEAST_EFFECTIVE
from politburo_sim.run.engine import make_outcomes
from politburo_sim.state.body import FULL, GONE
from politburo_sim.state.parameters import PARAMETERS, PLACE, TABLE
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

PLAN = replace(lab.load_plan(), population=20, simulations=15_000)


def target() -> lab.Target:
    return lab.target_of(build_world(load_scenario(PLAN.scenario)))


def as_recorded(goal: lab.Target) -> dict[str, np.ndarray]:
    found = {f"{name} removed": month for name, month in goal.removals.items()}
    found |= {f"{name} dismissed": month for name, month in goal.posts.items()}
    found |= {
        "other removals": 0, "roll calls a year": 3, "Secretary most visible": 0,
        "behind him in 1922": 0.3, "behind him in 1925": 0.6,
    }  # fmt: skip
    return {name: np.array([float(value)]) for name, value in found.items()}


def test_the_record_is_at_no_distance_from_itself() -> None:
    assert lab.distance(as_recorded(target()), target())[0] == 0.0


@pytest.mark.parametrize(
    ("name", "value", "far"),
    [
        ("Trotsky removed", 54 + 12, 1.0), ("Trotsky removed", NEVER, lab.MISSED),
        ("other removals", 2, 2.0), ("Secretary most visible", 1, 1.0),
        ("behind him in 1925", 0.4, 0.5), ("roll calls a year", 11, 1.0),
    ],
)  # fmt: skip
def test_each_miss_counts_as_it_is_said_to(name: str, value: float, far: float) -> None:
    found = as_recorded(target()) | {name: np.array([float(value)])}
    assert lab.distance(found, target())[0] == pytest.approx(far)


def test_the_target_is_the_record_s() -> None:
    goal = target()
    world = build_world(load_scenario(PLAN.scenario))
    assert {name: month_key(world.start, m) for name, m in goal.removals.items()} == {
        "Zinoviev": "1926-07", "Trotsky": "1926-10", "Kamenev": "1926-10",
    }  # fmt: skip
    assert goal.posts == {"Trotsky": 33} and goal.contests == (1.0, 6.0)
    assert goal.marks == (8, 32, 44) and goal.last == 57 and goal.secretary == "Stalin"


def test_what_is_held_is_neither_sampled_nor_fitted_and_moves_nothing_else() -> None:
    held = PLAN.holding({"opportunism": 0.25, "coin_votes": 1.0})
    assert "opportunism" not in held.fitted and len(held.fitted) == len(PLAN.fitted) - 1
    free, fixed = (lab.draw_prior(p, 50, 4) for p in (PLAN, held))
    assert (fixed[:, PLACE["opportunism"]] == 0.25).all()
    assert (fixed[:, PLACE["coin_votes"]] == 1.0).all()
    moved = {p.name for p in TABLE if (free[:, PLACE[p.name]] != fixed[:, PLACE[p.name]]).any()}
    assert moved == set(held.fixed), "all models take the same draws"


@pytest.mark.parametrize(
    ("kept", "tried", "size"),
    [(0, 2_000, lab.BATCH), (100, 2_000, 6_538), (399, 2_000, lab.LEAST)],
)
def test_a_batch_is_as_large_as_is_needed_at_the_rate_so_far(
    kept: int, tried: int, size: int
) -> None:
    expected = 1.1 * (400 - kept) * (tried + 1) / (kept + 1)
    assert lab.batch_size(400, kept, tried) == size
    assert size in (lab.LEAST, lab.BATCH) or 0 <= size - expected < 1


def test_no_claim_is_fitted() -> None:
    words = " ".join(as_recorded(target()))
    assert "rule" not in words and "established" not in words
    assert target().last <= 57, "nothing after 1926 is fitted"


def test_the_prior_stays_inside_the_table() -> None:
    table = lab.draw_prior(PLAN, 200, 0)
    for p in TABLE:
        values = table[:, PLACE[p.name]]
        assert values.min() >= p.low and values.max() <= p.high, p.name
        assert not p.whole or (values == np.round(values)).all(), p.name


def test_a_parameter_that_is_added_leaves_the_draws_of_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = lab.draw_prior(PLAN, 50, 7)
    added = replace(PARAMETERS["balance"], name="added", default=0.0)
    table = (added, *reversed(TABLE))
    monkeypatch.setattr(lab, "TABLE", table)
    monkeypatch.setattr(lab, "PARAMETERS", {p.name: p for p in table})
    monkeypatch.setattr(lab, "PLACE", {p.name: place for place, p in enumerate(table)})
    after = lab.draw_prior(PLAN, 50, 7)
    assert after[:, 0].std() > 0
    np.testing.assert_array_equal(after[:, 1:], before[:, ::-1])
    columns = before[:, [PLACE[name] for name in lab.PRIOR if not PARAMETERS[name].whole]]
    assert len({column.tobytes() for column in columns.T}) == columns.shape[1]


def test_a_search_that_stopped_goes_on_after_its_last_round(tmp_path: Path) -> None:
    whole, rounds = lab.calibrate(PLAN, tmp_path / "whole")
    assert (np.diff(rounds["tolerance"]) <= 0).all()
    short = replace(PLAN, simulations=10_001)
    lab.calibrate(short, tmp_path / "parts")
    again, same = lab.calibrate(PLAN, tmp_path / "parts")
    assert same["tolerance"].iloc[0] == rounds["tolerance"].iloc[0]
    assert again.weight.sum() == pytest.approx(1.0) and whole.weight.sum() == pytest.approx(1.0)
    assert again.distance.max() <= rounds["tolerance"].iloc[0]


def test_a_damaged_round_is_said_and_the_search_goes_on_from_the_one_before(
    tmp_path: Path,
) -> None:
    first, rounds = lab.calibrate(PLAN, tmp_path)
    files = sorted((tmp_path / "rounds").iterdir())
    assert len(files) == len(rounds) > 1
    last = files[-1].read_bytes()
    files[-1].write_bytes(last[:100] + b"x" + last[101:])
    with pytest.warns(ResultWarning, match="is damaged"):
        again, same = lab.calibrate(PLAN, tmp_path)
    pd.testing.assert_frame_equal(same, rounds)
    np.testing.assert_array_equal(again.table, first.table)
    assert files[-1].read_bytes() == last


def test_rounds_of_another_plan_are_not_taken(tmp_path: Path) -> None:
    short = replace(PLAN, simulations=1)  # one round
    lab.calibrate(short, tmp_path / "one")
    other = replace(short, seed=PLAN.seed + 1)
    fresh, _ = lab.calibrate(other, tmp_path / "two")
    with pytest.warns(ResultWarning, match="another plan"):
        again, _ = lab.calibrate(other, tmp_path / "one")
    np.testing.assert_array_equal(again.table, fresh.table)


def test_where_the_simulations_run_out_the_nearest_of_those_tried_are_kept(tmp_path: Path) -> None:
    """No 20 sets are as near as the nearest of the first round, which is asked for here."""
    short = replace(PLAN, shrink=0.0, simulations=8_000)
    population, rounds = lab.calibrate(short, tmp_path)
    assert len(rounds) == 2 and rounds["simulations"].iloc[-1] >= short.simulations
    assert rounds["tolerance"].iloc[1] < rounds["tolerance"].iloc[0]
    assert len(population.table) == PLAN.population
    assert population.distance.max() == rounds["tolerance"].iloc[1]


@settings(max_examples=40)
@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30), st.floats(0, 1))
def test_equal_weights_give_plain_quantiles(values: list[float], at: float) -> None:
    array = np.array(values)
    found = weighted_quantile(array, np.ones(len(array)), [at])[0]
    assert (array <= found).mean() >= at - 1e-9


def test_the_shipped_ensemble_is_one() -> None:
    ensemble = load_ensemble()
    assert 1.0 / (ensemble.weight**2).sum() >= LEAST_EFFECTIVE
    assert (ensemble.table[:, PLACE["coder_uncertainty"]] == 1.0).all()
    for name in lab.load_plan().fitted:
        low, high = lab.PRIOR[name]
        values = ensemble.table[:, PLACE[name]]
        assert values.min() >= low - 1e-9 and values.max() <= high + 1e-9
        assert values.std() > 0, "a fit to certainty"


def test_thinning_keeps_the_weights() -> None:
    table = np.arange(3.0)[:, None] * np.ones((1, len(TABLE)))
    thin = Ensemble(table, np.array([0.5, 0.3, 0.2])).thin(1000)
    shares = [(thin.table[:, 0] == k).mean() for k in range(3)]
    assert shares == pytest.approx([0.5, 0.3, 0.2], abs=0.002)


def ishigami(points: np.ndarray) -> np.ndarray:
    x, y, z = points.T
    result: np.ndarray = np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)
    return result


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_the_estimator_knows_ishigami() -> None:
    """First and total indices of Ishigami and Homma (1990): 0.314 0.442 0 and 0.558 0.442 0.244."""
    problem = Problem(("x", "y", "z"), ((-np.pi, np.pi),) * 3)
    found = sobol(problem, ishigami, 4096, 0).set_index("parameter")
    assert found.loc[["x", "y", "z"], "first"].to_numpy() == pytest.approx(
        [0.314, 0.442, 0.0], abs=0.03
    )
    assert found.loc[["x", "y", "z"], "total"].to_numpy() == pytest.approx(
        [0.558, 0.442, 0.244], abs=0.03
    )
    screened = morris(problem, ishigami, 200, 0).set_index("parameter")
    assert (screened["mu_star"] > 1).all()


def test_what_is_fitted_is_sampled_and_is_not_much() -> None:
    assert set(PLAN.fitted) <= set(lab.PRIOR) and len(PLAN.fitted) <= 9


def test_allies_outlast_newcomers_only_where_there_are_both() -> None:
    world = build_world(load_scenario("ussr-1922"))
    out = make_outcomes(3, len(world.names), 0)
    early = [world.names.index(name) for name in ("Kalinin", "Molotov", "Voroshilov")]
    first, second = world.members, world.members + 1
    out.status[:2, early] = FULL
    out.status[0, [first, second]] = FULL, GONE
    out.status[1, [first, second]] = FULL
    out.status[2, early] = FULL
    np.testing.assert_allclose(outlasting(world, out), [3 / 5 - 1 / 2, 3 / 5 - 1, 0])


def test_the_heads_of_1957_are_counted_and_a_body_of_one_mind_does_not_divide() -> None:
    ensemble = load_ensemble().thin(12)
    told = division(ensemble, 0)
    assert told["record"] == "7" and 0 <= float(told["5 %"]) <= float(told["95 %"]) <= 11
    point = ensemble.table.copy()
    scruples = {"severity": 50, "foresight": 0, "opportunism": 0, "opportunism_spread": 0}
    for name, value in scruples.items():
        point[:, PLACE[name]] = value
    alone = division(Ensemble(point, ensemble.weight), 0)
    assert float(alone["95 %"]) <= 1, "where all have scruples only the mover votes for it"


def test_a_fit_of_another_seed_has_a_folder_of_its_own_and_leaves_its_sets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = np.tile([float(p.default) for p in TABLE], (3, 1))
    found = Population(table, np.full(3, 1 / 3), np.zeros(3), {})
    asked: list[tuple[Path, int | None]] = []

    def instead(
        name: str, command: str, folder: Path, quick: bool, quiet: bool, seed: int | None = None
    ) -> object:
        assert (f"--seed {seed}" in command) == (seed is not None)
        asked.append((folder, seed))
        return SimpleNamespace(said={"population": found}), folder / "report.html"

    monkeypatch.setattr("politburo_sim.cli.lab._again", instead)
    monkeypatch.chdir(tmp_path)
    for words in (["--quick"], ["--seed", "7"], ["--quick", "--seed", "0"]):
        done = CliRunner().invoke(app, ["fit", *words])
        assert done.exit_code == 0, done.output
    assert asked == [
        (Path("results/calibration-quick"), None), (Path("results/calibration-seed-7"), 7),
        (Path("results/calibration-quick-seed-0"), 0),
    ]  # fmt: skip
    sets = read_ensemble(tmp_path / "results" / "calibration-seed-7" / "sets.csv")
    assert sets.table == pytest.approx(table, rel=1e-5)
