"""The gate: it sees planted effects, no others, and says honestly where the rules are short."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
import pytest

from politburo_sim.cli.app import app
from politburo_sim.lab import bench as benches
from politburo_sim.lab.fit.calibration import load_plan
from politburo_sim.lab.verdicts import gate as lab
from politburo_sim.report.gate import finding, gate_report
from politburo_sim.state.parameters import PLACE

COLUMNS = ["effect", "above", "below", "confirmed_above", "confirmed_below"]
SIZE = lab.Size(64, 20, 1600)
Chance = Callable[[Any, np.ndarray], np.ndarray]


def column(table: np.ndarray, name: str) -> np.ndarray:
    found: np.ndarray = table[:, PLACE[name]]
    return found


def leaning(table: np.ndarray) -> np.ndarray:
    """1 in one half of the prior, -1 in the other."""
    return np.where(column(table, "loyalty") > 0.5, 1.0, -1.0)


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Chance], None]:
    """Put a chance of sole rule in the place of the engine; its luck is the run's seed alone."""

    def plant(chance: Chance, **more: Chance) -> None:
        def read(names: Any, runs: Any) -> dict[str, np.ndarray]:
            world, table = runs.world, runs.points
            share = chance(world, table)
            ruled = runs.out.seeds / 2.0**63 < share
            told = {"established": ruled, "established_clear": ruled, "leader_share": share}
            return told | {name: other(world, table) for name, other in more.items()}

        monkeypatch.setattr(benches, "read", read)
        monkeypatch.setattr(
            benches, "run_many",
            lambda world, seeds, *rest, **options: SimpleNamespace(seeds=seeds),
        )  # fmt: skip

    return plant


def measured(folder: Path, size: lab.Size = SIZE, seed: int = 0) -> list[lab.Found]:
    return lab.measure_all(lab.Gate(load_plan(), size, seed, folder / "arms"))


def said_of(found: list[lab.Found], way: str = "sole rule") -> pd.DataFrame:
    table = lab.effects_table(found, SIZE)
    return table[table["way"] == way].set_index("effect")


def test_a_planted_effect_that_goes_both_ways_is_seen_to(planted: Any, tmp_path: Path) -> None:
    planted(lambda world, table: 0.5 + 0.4 * leaning(table) * (
        column(table, "opportunism") - 0.45 + column(table, "switching") - 0.5
    ) * column(table, "unity_bandwagon"))  # fmt: skip
    found = measured(tmp_path)
    table = said_of(found)
    judged = table[table["judged"]]
    assert list(judged["says"]) == ["yes and no"] * 3
    for side in ("above", "below"):
        assert (judged[f"retested_{side}"] == SIZE.cap).all()
        assert (judged[f"confirmed_{side}"] >= 0.9 * SIZE.cap).all()
    assert finding(lab.effects_table(found, SIZE)).startswith("The rule book can say yes and no:")


def test_an_effect_of_one_sign_is_short_on_the_other(planted: Any, tmp_path: Path) -> None:
    planted(lambda world, table: 0.1 + 0.8 * column(table, "switching"))
    table = said_of(measured(tmp_path))
    assert table.loc["switching", "says"] == "yes only"
    assert table.loc["switching", ["above", "below", "mean"]].tolist() == pytest.approx(
        [1, 0, 0.8], abs=0.05
    )
    others = table.drop(index="switching")
    assert set(others["says"]) == {"neither"} and (others["mean"] == 0).all()


def test_noise_looks_like_effects_but_is_not_confirmed(planted: Any, tmp_path: Path) -> None:
    def toss(world: Any, table: np.ndarray) -> np.ndarray:
        """Coins of their own for every world."""
        return np.random.default_rng(crc32(table.tobytes())).integers(0, 2, len(table))

    planted(toss)
    table = said_of(measured(tmp_path))
    judged = table[table["judged"]]
    assert (judged[["above", "below"]] > 0.1).all(axis=None), "the first round is mostly noise"
    assert set(judged["says"]) == {"neither"}
    assert (judged[["true_above", "true_below"]] <= judged[["above", "below"]].to_numpy()).all(
        axis=None
    )


def test_one_mans_trait_is_his_alone(planted: Any, tmp_path: Path) -> None:
    def by_man(world: Any, table: np.ndarray) -> np.ndarray:
        coded = world.coding.opportunism[: world.members]
        assert (~np.isnan(coded)).sum() <= 1
        return np.full(len(table), 0.5 if np.isnan(coded).all() else np.nanmax(coded))

    planted(by_man)
    gate = lab.Gate(load_plan(), SIZE, 0, tmp_path / "arms")
    assert set(gate.heads) >= {"Stalin", "Trotsky"} and "Bukharin" not in gate.heads
    assert set(gate.men) == set(range(len(gate.heads))), "each is drawn for some set"
    table = said_of(lab.measure_all(gate))
    assert table.loc["opportunism of one man", "mean"] == pytest.approx(0.8, abs=0.05)
    assert set(table.drop(index="opportunism of one man")["says"]) == {"neither"}


def test_the_arms_of_an_effect_share_their_luck_and_a_retest_has_its_own(
    planted: Any, tmp_path: Path
) -> None:
    planted(lambda world, table: np.full(len(table), 0.5))
    gate = lab.Gate(load_plan(), SIZE, 0, tmp_path / "arms")
    sets = np.arange(8)
    for effect in lab.EFFECTS:
        frame = gate.measure(effect, sets, 50)[lab.WAYS[0]]
        assert list(frame.index) == list(sets) and (frame["effect"] == 0).all()
    effort = benches.Effort(8, 50)
    first, again = (
        benches.Bench(effort, 0, tmp_path, tmp_path, stream=stream).batches()[0][0]
        for stream in (0, 1)
    )
    assert len(set(first)) == effort.runs and not set(first) & set(again)


def test_a_sign_that_hangs_on_the_definition_is_said_first(planted: Any, tmp_path: Path) -> None:
    planted(
        lambda world, table: 0.2 + 0.6 * column(table, "switching"),
        established_clear=lambda world, table: 0.8 - 0.6 * column(table, "switching"),
    )
    found = measured(tmp_path)
    said = finding(lab.effects_table(found, SIZE))
    assert said.startswith("The sign hangs on what is counted for switching (+")
    assert "in sole rule, no rival coalition" in said and "cannot yet say both" in said


def test_every_set_beyond_the_bound_is_measured_again_up_to_a_cap() -> None:
    effect = np.array([0.2, -0.04, 0.05, -0.3, 0.06, -0.051, 0.9])
    for cap, low, high in ((7, [3, 5], [6, 0, 4]), (2, [3, 5], [6, 0]), (1, [3], [6])):
        lowest, highest = lab.extremes(effect, cap)
        assert (lowest.tolist(), highest.tolist()) == (low, high)
    nothing = lab.extremes(np.zeros(5), 3)
    assert [len(side) for side in nothing] == [0, 0]


def test_the_report_says_where_the_cap_bites(planted: Any, tmp_path: Path) -> None:
    planted(lambda world, table: 0.1 + 0.8 * column(table, "switching"))
    report = gate_report(tmp_path, measured(tmp_path), SIZE, command="politburo-sim gate")
    said = f"Of switching (above) only the {SIZE.cap} most extreme sets a side were measured again"
    assert said in report.read_text()
    planted(lambda world, table: np.full(len(table), 0.5))
    calm = gate_report(tmp_path, measured(tmp_path / "calm"), SIZE, command="politburo-sim gate")
    assert "most extreme sets a side were" not in calm.read_text()


def test_the_numbers_needed_follow_from_the_sets() -> None:
    assert [(lab.Size(n, 2, 2).needed, lab.Size(n, 2, 2).cap) for n in (16, 60, 400, 1000)] == [
        (1, 3), (3, 9), (20, 60), (50, 150),
    ]  # fmt: skip
    assert vars(lab.FULL_SIZE) == {"sets": 400, "histories": 40, "again": 640}
    assert [lab.answers(a, b, 3) for a, b in ((3, 3), (3, 2), (2, 4), (0, 0))] == [
        "yes and no", "yes only", "no only", "neither",
    ]  # fmt: skip


def test_the_noise_of_runs_is_taken_out() -> None:
    luck = np.random.default_rng(5)
    error = np.full(4000, 0.05)
    effect = luck.normal(0.02, 0.1, 4000) + luck.normal(0, 0.05, 4000)
    assert lab.without_noise(effect, error).std() == pytest.approx(0.1, abs=0.005)
    assert lab.without_noise(luck.normal(0, 0.04, 4000), error).std() < 1e-12
    assert lab.by_luck(np.full(25, 0.05)) == pytest.approx(25 * 0.1587, abs=0.01)


# with the shipped rules


def run_gate(folder: Path, *options: str) -> dict[str, bytes]:
    """What a run of the command leaves, without the arms."""
    app(["gate", "--quiet", "--out", str(folder), *options], standalone_mode=False)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".parquet"
    }  # fmt: skip


SMALL = ("--sets", "16", "--histories", "2", "--again", "4", "--seed", "3")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """The folder of a small gate, and what is in it."""
    folder = tmp_path_factory.mktemp("gate")
    return folder, run_gate(folder, *SMALL, "--workers", "2")


def test_the_same_bytes_for_any_number_of_workers_and_after_a_stop(
    small: tuple[Path, dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = small[1]
    assert set(whole) == {
        "gate.csv", "effects.csv", "report.html", "manifest.json", "figures/effects.svg",
        "figures/effects.png",
    }  # fmt: skip
    real, left = benches.Bench._run, [5]

    def stopping(self: Any, *given: Any) -> pd.DataFrame:
        if left[0] == 0:
            raise KeyboardInterrupt
        left[0] -= 1
        return real(self, *given)

    monkeypatch.setattr(benches.Bench, "_run", stopping)
    with pytest.raises(KeyboardInterrupt):
        lab.measure_all(lab.Gate(load_plan(), lab.Size(16, 2, 4), 3, tmp_path / "parts" / "arms"))
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "parts").rglob("*.parquet")}
    assert len(kept) == 5
    monkeypatch.setattr(benches.Bench, "_run", real)
    assert run_gate(tmp_path / "parts", *SMALL, "--workers", "1") == whole
    assert kept == {path: path.stat().st_mtime_ns for path in kept}, "an arm was run again"
    other = run_gate(tmp_path / "other", *SMALL[:-1], "4")
    assert other["effects.csv"] != whole["effects.csv"]


def test_the_table_begins_with_the_promised_columns(small: tuple[Path, dict[str, bytes]]) -> None:
    folder = small[0]
    table = pd.read_csv(folder / "gate.csv")
    assert list(table)[:5] == COLUMNS
    assert list(table["effect"]) == [effect.name for effect in lab.EFFECTS]
    assert set(pd.read_csv(folder / "effects.csv")["way"]) == {way.name for way in lab.WAYS}
    assert '"rules"' in (folder / "manifest.json").read_text()


def assert_the_report_says_what_its_table_holds(folder: Path, size: lab.Size) -> None:
    """The rule of 5 % is evaluated again from the counts, whatever it comes to."""
    table = pd.read_csv(folder / "gate.csv")
    assert (table["needed"] == size.needed).all()
    for side in ("above", "below"):
        beyond = (table[side] * size.sets).round()
        assert (table[f"retested_{side}"] == beyond.clip(upper=size.cap)).all()
        assert (table[f"confirmed_{side}"] <= table[f"retested_{side}"]).all()
    yes, no = (table[f"confirmed_{side}"] >= size.needed for side in ("above", "below"))
    assert list(table["says"]) == list(map(lab.answers, table["confirmed_above"],
                                           table["confirmed_below"], table["needed"]))  # fmt: skip
    first = re.search(r'class="finding">\s*<p>(.*?)</p>', (folder / "report.html").read_text())
    assert first is not None
    passed = (yes & no)[table["judged"]].all()
    assert ("The rule book can say yes and no" in first[1]) == passed
    for answer, said in (("yes", yes), ("no", no)):
        short = [f": {name} is short of a {answer}" in first[1].replace(";", ":")
                 for name in table["effect"]]  # fmt: skip
        assert short == list(~said & table["judged"]), answer
    effects = pd.read_csv(folder / "effects.csv")
    first_way = effects[effects["way"] == lab.WAYS[0].name].reset_index()
    pd.testing.assert_frame_equal(first_way[list(table)], table)


@pytest.mark.long
def test_the_gate_of_the_shipped_rules_is_told_as_it_is(tmp_path: Path) -> None:
    run_gate(tmp_path)
    assert_the_report_says_what_its_table_holds(tmp_path, lab.FULL_SIZE)


@pytest.mark.parametrize("effect", [0.0, 0.8, -0.8])
def test_the_report_of_a_toy_says_what_its_table_holds(
    planted: Any, tmp_path: Path, effect: float
) -> None:
    planted(lambda world, table: 0.5 + effect * (column(table, "opportunism") - 0.5))
    report = gate_report(tmp_path, measured(tmp_path), SIZE, command="politburo-sim gate")
    assert_the_report_says_what_its_table_holds(tmp_path, SIZE)
    assert ("opportunism of all is short of a no" in report.read_text()) == (effect >= 0)
    assert ("opportunism of all is short of a yes" in report.read_text()) == (effect <= 0)
