"""The votes by themselves: nothing of a vote is known before it, and what is planted is found."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from politburo_sim import history
from politburo_sim.cli.app import app
from politburo_sim.evidence import votes as lone
from politburo_sim.history import tables
from politburo_sim.report.votes import finding, votes_report

RESULTS = Path(__file__).resolve().parents[2] / "results" / "votes"
SIDES = {"for": 1, "supported": 1, "against": 0, "opposed": 0}


@pytest.fixture(scope="module")
def known() -> pd.DataFrame:
    return lone.choices()


@pytest.fixture(scope="module")
def losses(known: pd.DataFrame) -> pd.DataFrame:
    return lone.log_losses(known)


@pytest.fixture(scope="module")
def contrast(known: pd.DataFrame) -> pd.DataFrame:
    return lone.switching(known)


def every(losses: pd.DataFrame) -> pd.DataFrame:
    rows = losses[(losses.scheme == lone.OUT) & (losses.period == "all")]
    return rows.set_index("model")


def made(side: np.ndarray, **columns: np.ndarray) -> pd.DataFrame:
    """Positions in twenty votes of as many men, half of them after the ban."""
    men = len(side) // 20
    vote = np.repeat([f"v{number:02}" for number in range(20)], men)
    blank = {name: np.zeros(len(side)) for name in lone.KNOWN}
    frame = pd.DataFrame({**blank, **columns, "side": side, "vote": vote})
    frame["member"] = np.tile([f"m{number}" for number in range(men)], 20)
    frame["after_ban"] = frame.vote >= "v10"
    return frame


def test_the_divisions_divide_and_are_led_from_either_side(known: pd.DataFrame) -> None:
    positions = history.vote_positions()
    sides = positions.assign(side=positions.position.map(SIDES)).dropna(subset=["side"])
    by_vote = {vote: rows.set_index("member").side for vote, rows in sides.groupby("vote_id")}
    divisions = history.divisions()
    for row in divisions.itertuples():
        side = by_vote[row.vote_id]
        assert side.get(row.for_leader, 1) == 1 and side.get(row.against_leader, 0) == 0
        assert row.ground
    leaders = divisions.set_index("vote_id")[["for_leader", "against_leader"]]
    named = sum(
        len(set(by_vote[vote].index) - set(leaders.loc[vote])) for vote in divisions.vote_id
    )
    assert (known.vote.nunique(), len(known)) == (len(divisions), named)
    assert known.date.max() < pd.Timestamp(1930, 1, 1)


def test_nothing_of_a_vote_or_of_later_ones_is_known_before_it(
    known: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the sides of all votes from some day on turned about, what was known stays."""
    turned = {"for": "against", "against": "for", "supported": "opposed", "opposed": "supported"}
    day = known.date.iloc[len(known) // 2]
    votes = tables.votes().set_index("vote_id").date
    frame = tables.vote_positions()
    later = frame.vote_id.map(votes) >= day
    rng = np.random.default_rng(0)
    mixed = later & (rng.random(len(frame)) < 0.5)
    frame.loc[mixed, "position"] = frame.position[mixed].replace(turned)
    monkeypatch.setattr(tables, "vote_positions", frame.copy)
    other = lone.choices()
    columns = [*lone.KNOWN, "vote", "member"]
    until = known.date <= day
    pd.testing.assert_frame_equal(known.loc[until, columns], other.loc[until, columns])
    assert not known.loc[~until, "co_voting"].equals(other.loc[~until, "co_voting"])


@pytest.mark.parametrize("model", ["last co-voting", "full rule"])
def test_a_vote_does_not_tell_itself(known: pd.DataFrame, model: str) -> None:
    vote = known.vote == known.vote.iloc[-1]
    turned = known.assign(side=known.side.where(~vote, 1 - known.side))
    one, two = (lone.predict(frame, model, lone.OUT) for frame in (known, turned))
    assert np.array_equal(one[vote], two[vote])
    assert not np.allclose(one[~vote], two[~vote])
    one, two = (lone.predict(frame, model, lone.FORWARD) for frame in (known, turned))
    assert np.array_equal(one, two, equal_nan=True)  # nothing comes after the last


def test_a_coin_is_a_coin(losses: pd.DataFrame) -> None:
    coin = losses[losses.model == "coin"]
    assert np.allclose(coin.log_loss, np.log(2)) and np.allclose(coin.error, 0)
    assert coin.right.isna().all()


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 1000), strength=st.sampled_from([0.0, 3.0]))
def test_what_is_planted_is_found_and_what_is_not_is_not(seed: int, strength: float) -> None:
    rng = np.random.default_rng(seed)
    lean = rng.normal(size=400)
    side = (rng.random(400) < 1 / (1 + np.exp(-strength * lean))).astype(int)
    chance = lone.predict(made(side, co_voting=lean), "co-voting", lone.OUT)
    loss = -np.log(np.where(side == 1, chance, 1 - chance)).mean()
    assert loss < 0.55 if strength else loss > 0.68


def test_the_interval_is_of_votes_not_of_positions() -> None:
    """Men of a vote who all do the same are one piece of news, however many they are."""
    rng = np.random.default_rng(1)
    side = np.repeat(rng.integers(0, 2, 20), 10)
    few = lone._resampled(made(side).vote.to_numpy(), side * 1.0).std()
    apart = lone._resampled(np.arange(200).astype(object), rng.permutation(side) * 1.0).std()
    assert few > 2 * apart


def test_a_planted_change_with_the_ban_is_found() -> None:
    """All leave a leader expected to lose, after the ban alone."""
    frame = made(np.ones(200, dtype=int), co_voting=np.where(np.arange(200) % 2, 0.8, -0.8))
    near = np.where(frame.co_voting > 0, 1.0, -1.0)
    losing = np.arange(200) % 4 < 2
    frame["expected"] = np.where(losing, -near, near)
    stays = np.where(near > 0, 1, 0)
    frame["side"] = np.where(losing & frame.after_ban, 1 - stays, stays)
    row = lone.switching(frame).iloc[0]
    assert (row.before, row.after, row.contrast) == (0, 1, 1)
    assert (row.low, row.high) == (1, 1)


def test_every_man_is_left_out_once(known: pd.DataFrame, contrast: pd.DataFrame) -> None:
    near = known[known.co_voting.abs() > lone.NEAR]
    assert set(contrast.without) == {"", *near.member}
    for row in contrast.iloc[1:].itertuples():
        assert row.choices == (near.member != row.without).sum()
    assert (contrast.low <= contrast.contrast).all()
    assert (contrast.contrast <= contrast.high).all()


def test_the_report_says_what_the_tables_say(
    losses: pd.DataFrame, contrast: pd.DataFrame, tmp_path: Path
) -> None:
    rows = every(losses)
    said = finding(losses, contrast)
    best = rows.log_loss.idxmin()
    assert said[0].casefold().startswith(best) and f"{rows.log_loss[best]:.2f}" in said[0]
    alike = rows[(rows.difference_low <= 0) & (rows.index != best)].index
    assert best == lone.REFERENCE and list(alike) == ["last co-voting", "full rule"]
    assert said[0].endswith("apart from last co-voting and full rule.")
    worse = losses.copy()
    planted = (worse.model == "coin") & (worse.period == "all") & (worse.scheme == lone.OUT)
    worse.loc[planted, "log_loss"] = 0.1
    assert finding(worse, contrast)[0].startswith("Coin tells sides best: 0.10")
    far = contrast.iloc[1:]
    far = far.loc[(far.contrast - contrast.contrast[0]).abs().idxmax()]
    assert f"without {far.without}" in said[-1]
    page = votes_report(tmp_path, losses, contrast, "politburo-sim votes")
    assert said[0] in page.read_text(encoding="utf-8")
    again = pd.read_csv(tmp_path / "votes.csv")
    assert np.allclose(again.log_loss, losses.log_loss, atol=1e-5)


def test_the_table_that_is_kept_is_what_the_command_makes(
    losses: pd.DataFrame, contrast: pd.DataFrame
) -> None:
    for name, table in (("votes", losses), ("switching", contrast)):
        kept = pd.read_csv(RESULTS / f"{name}.csv", keep_default_na=False)
        assert list(kept.columns) == list(table.columns), "politburo-sim votes makes it anew"
        column = "log_loss" if name == "votes" else "contrast"
        assert np.allclose(kept[column], table[column], atol=1e-3)


def test_the_command_says_it_as_json() -> None:
    said = CliRunner().invoke(app, ["votes", "--json"])
    assert said.exit_code == 0 and '"log_loss": 0.69314' in said.output
