"""The frozen forecasts are as they were committed, and the page says what their scores say."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from politburo_sim.lab.bodies.scoring import APART

ROOT = Path(__file__).parents[2]
HOME = ROOT / "results" / "forecast"
BODIES = {
    "convention-1793": "Convention 1793",
    "presidium-1953": "Presidium 1953",
    "federal-council-1960": "Federal Council 1960",
    "politburo-1927": "Politburo from 1927",
}


def row_of(body: str) -> str:
    """What the page says of a body: seats lost, log losses, and the chance of sole rule."""
    score = pd.read_csv(HOME / f"{body}-score.csv")
    seats = score[(score.quantity == "seat") & (score.years == "all") & (score.unclear == "no")]
    seats = seats.set_index("model")
    best = seats.log_loss.idxmin()
    forecast = pd.read_csv(HOME / f"{body}-forecast.csv", keep_default_na=False)
    alone = forecast[
        (forecast.model == "model") & (forecast.quantity == "sole rule") & (forecast.person == "")
    ].value.iloc[0]
    loss = [f"{seats.log_loss[m]:.3f}" for m in ("model", "base-rate")]
    cells = (
        BODIES[body], f"{seats.came['model']} of {seats.cases['model']}", *loss,
        f"{best} {seats.log_loss[best]:.3f}", f"{100 * float(alone):.1f} %",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


@pytest.mark.parametrize("body", BODIES)
def test_a_forecast_is_the_one_that_was_frozen(body: str) -> None:
    said = json.loads((HOME / "manifest.json").read_text())["forecasts"]
    file = HOME / f"{body}-forecast.csv"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == said[file.name]


@pytest.mark.parametrize("body", BODIES)
def test_the_page_says_what_the_scores_say(body: str) -> None:
    assert row_of(body) in (ROOT / "docs" / "other-bodies.md").read_text()


def test_the_cabinet_of_a_democracy_ends_under_nobody() -> None:
    forecast = pd.read_csv(HOME / "federal-council-1960-forecast.csv", keep_default_na=False)
    alone = forecast[(forecast.quantity == "sole rule") & (forecast.person == "")]
    assert (alone[alone.model == "model"].value.astype(float) <= 0.1).all()


def test_the_readme_says_where_the_model_is_worse() -> None:
    """And where the errors of the difference leave it open."""

    def apart(body: str, model: str) -> float:
        score = pd.read_csv(HOME / f"{body}-score.csv")
        seats = score[(score.quantity == "seat") & (score.years == "all") & (score.unclear == "no")]
        row = seats.set_index("model").loc[model]
        return float(row.less_model / row.error)

    for body in ("convention-1793", "presidium-1953"):
        assert apart(body, "base-rate") < -APART and apart(body, "regression") < -APART
    for model in ("base-rate", "regression", "no-blocs", "no-contests"):
        assert abs(apart("politburo-1927", model)) < APART
    assert apart("politburo-1927", "coins") > APART
    readme, page = (
        " ".join((ROOT / name).read_text(encoding="utf-8").split())
        for name in ("README.md", "docs/other-bodies.md")
    )
    assert "the Presidium of 1953 the model is worse than one rate for everybody" in readme
    for text in (readme, page):
        assert "cannot be told from one rate, from a logistic regression or from" in text


def test_the_page_says_how_often_several_fall_at_once() -> None:
    def blow(world: str, column: str) -> str:
        table = pd.read_csv(ROOT / "results" / "bodies" / f"{world}-patterns.csv", dtype=str)
        row = table.set_index("pattern").loc["a blow of 4 or more"]
        return f"{100 * float(row[column].split()[0]):.1f} %"

    text = " ".join((ROOT / "docs" / "other-bodies.md").read_text(encoding="utf-8").split())
    assert f"in {blow('presidium-1957', 'chief stays')} of them; it happened" in text
    assert f"In the world of 1922 it is {blow('ussr-1922', 'runs')}, and did not happen" in text
