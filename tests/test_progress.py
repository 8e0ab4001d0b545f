"""The line of progress, as somebody reads it who waits."""

from pathlib import Path

import pytest

from politburo_sim.cli.progress import progress
from politburo_sim.lab import plan
from politburo_sim.lab.bench import Effort
from politburo_sim.lab.kinds.scores import Scores
from politburo_sim.lab.kinds.sensitivity import Sensitivity
from politburo_sim.lab.verdicts.claims import Laboratory, chosen, needed


@pytest.mark.parametrize("apart", [1.0, 120.0])
def test_time_left_is_told_where_steps_are_minutes_apart(
    apart: float, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [0.0]
    monkeypatch.setattr("rich.console.monotonic", lambda: clock[0])
    with progress("Networks learn", 10, False) as tell:
        for _ in range(4):
            clock[0] += apart
            tell(1)
    left = 6 * int(apart)
    said = capsys.readouterr().err
    assert "4 of 10" in said
    assert f"{left // 3600}:{left // 60 % 60:02}:{left % 60:02}" in said


@pytest.mark.parametrize("id_", ["E1", "E8", "unity-x-opportunism"])
def test_the_bar_ends_where_it_said(id_: str, tmp_path: Path) -> None:
    experiment, done = plan.shipped()[id_], list[int]()
    plan.run(experiment, tmp_path / "x", runs=2, tell=lambda runs, doing="": done.append(runs))
    assert sum(done) == experiment.work(experiment.effort(runs=2)) > 0


def test_so_does_that_of_two_methods(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sensitivity, "small", Effort(4, 1))
    both, done = Sensitivity.named("e10-sensitivity"), list[int]()
    plan.run(both, tmp_path / "x", quick=True, tell=lambda runs, doing="": done.append(runs))
    assert sum(done) == both.work(both.effort(quick=True)) > 0


@pytest.mark.parametrize("closest", [False, True])
def test_that_of_scores_counts_each_search_and_what_is_run_anew(closest: bool) -> None:
    every = Scores.named("models").model_copy(update={"closest": closest})
    fitted = 2 * every.simulations_closest if closest else every.simulations
    anew = (2 if closest else 1) * every.draws * every.replicates
    told = every.histories  # of the model that holds nothing
    assert every.work(every.effort()) == 11 * (fitted + anew) + told


def test_the_time_left_is_shown_whatever_the_title_and_the_bar_never_passes_its_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    title = "no ban on factions, and Zinoviev and Kamenev with Trotsky from 1923 on"
    with progress(title, 1_200, False) as tell:
        for _ in range(13):
            tell(100)
    last = capsys.readouterr().err.splitlines()[-1]
    assert "1,300 of 1,300" in last and last.rstrip().endswith("0:00:00") and len(last) <= 80


def test_what_goes_on_slowly_is_told_by_the_minute(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [0.0]
    monkeypatch.setattr("rich.console.monotonic", lambda: clock[0])
    with progress("Networks learn", 10, False) as tell:
        for _ in range(4):
            clock[0] += 20.0
            tell(1)
    assert "3 a minute" in capsys.readouterr().err


def test_that_of_claims_counts_what_they_rest_on_and_run(tmp_path: Path) -> None:
    """C6 names a sensitivity as well, which is not over the ensemble and not run for it."""
    done = list[int]()
    rests = needed(chosen(["C6"]))
    assert list(rests) == ["E1", "E3", "E9"]
    there = Laboratory(
        1, tmp_path / "cells", lambda runs, doing="": done.append(runs),
        lambda experiment: experiment.effort(runs=2),
    )  # fmt: skip
    for id_ in rests:
        there.run(id_)
    assert sum(done) == sum(one.work(one.effort(runs=2)) for one in rests.values()) > 0
