"""The line of progress, as somebody reads it who waits."""

import pytest

from politburo_sim.cli.progress import progress


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
