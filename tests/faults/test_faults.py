"""A short share of the trials; `make faults` runs them at length (docs/reliability.md)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.faults import trials
from tests.faults.trials import Tally

SHARE = (
    (trials.worlds, 150), (trials.questions, 100), (trials.lived, 5), (trials.result_folders, 40),
    (trials.resumed, 10), (trials.cells, 20),
)  # fmt: skip


@pytest.mark.parametrize(
    ("trial", "number"), SHARE, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_damaged_file_costs_nothing_but_itself(
    trial: Callable[[int, Path, int], Tally], number: int, tmp_path: Path
) -> None:
    trials.warm()
    tally = trial(number, tmp_path, 17)
    assert tally.failures == [] and tally.tried == number
    assert sum(tally.came.values()) == number and "FAILED" not in tally.came
