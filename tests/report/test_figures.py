"""Laws of all figures: no word meets another, all can be read, and no chance passes 100 %."""

import re
from collections.abc import Callable
from itertools import combinations, pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from politburo_sim.lab.ahead.turning import Test as Tested
from politburo_sim.lab.ahead.turning import TurningPoint
from politburo_sim.lab.bounds import levels_of, within_bounds
from politburo_sim.lab.fit.calibration import PRIOR
from politburo_sim.report import figures_grid
from politburo_sim.report.claims import verdict_figure
from politburo_sim.report.colours import COLOURS
from politburo_sim.report.contrasts import (
    answer,
    answered,
    in_words,
    sheets,
)
from politburo_sim.report.figures import OKABE_ITO, SOFT, Estimate, contrast, forest, ink_on
from politburo_sim.report.figures_effects import sheet_figure
from politburo_sim.report.figures_odds import apart
from politburo_sim.report.ideals import ideals_figure
from politburo_sim.report.kinds.calibration import informed, posteriors, shown
from politburo_sim.report.kinds.forecast import forecast_figure
from politburo_sim.report.kinds.scores import pattern_figure
from politburo_sim.report.kinds.sensitivity import sensitivity_figure
from politburo_sim.report.kinds.survival import survival_figure
from politburo_sim.report.kinds.window import window_figure
from politburo_sim.report.odds import odds_figure

LEGIBLE = 4.5
LONG = "Vlas Yakovlevich Chubar of the Council of People's Commissars of the Ukraine"
MEN = ("Stalin", "Zinoviev", LONG, "Ordzhonikidze", "Li")
QUESTION = "What would each of the documented alternatives have done to the chance of sole rule?"


# What is drawn.


def turning(month: str, who: str, jump: float, what: str | None) -> TurningPoint:
    cause = None if what is None else Tested(what, jump, -0.4 * jump, 0.01, 0.1)
    year = month.partition("-")[0]
    return TurningPoint(month, f"January {year}", who, 0.5, 0.5 + jump, jump, 0.01, cause, (), ())


def river() -> Figure:
    months = [f"{1922 + m // 12}-{m % 12 + 1:02d}" for m in range(120)]
    rise = 1 / (1 + np.exp(-np.linspace(-4, 6, 120)))
    table = pd.DataFrame({name: 0.18 * (1 - rise) for name in MEN}, index=months)
    table["Stalin"] = 0.2 + 0.78 * rise
    table = table.assign(nobody=(1 - table.sum(axis=1)).clip(lower=0))
    table = table.div(table.sum(axis=1), axis=0)
    events = [(m, f"{MEN[m % 5]} removed") for m in (10, 11, 12, 30, 31, 60, 90, 118)]
    points = [
        turning("1923-01", "Stalin", -0.2, f"{LONG} and Zinoviev take full seats by his favour"),
        turning("1923-02", LONG, 0.4, "the Politburo follows Stalin on a rising in Germany"),
        turning("1923-03", "Stalin", 0.3, None),
        turning("1926-01", "Stalin", 0.02, "Li becomes a client of Stalin"),
        turning("1931-11", "Zinoviev", -0.5, "Li dies"),
    ]
    return odds_figure(table, events, f"{LONG}, seed 7", points, 1_000)


def contrasts(kind: str) -> tuple[pd.DataFrame, Any]:
    """A table of contrasts and the experiment that it is of."""
    luck = np.random.default_rng(3)
    said: list[tuple[str, str, dict[str, float]]] = []
    if kind == "grid":
        for name in (*MEN, "no ban on factions", "the letter is read out (May 1924)"):
            said += [
                (f"{name}: the precondition is met", "took_place", {"a": 1.0}),
                (f"{name}: sole rule of Stalin", "sole rule of Stalin", {"a": 1.0, "b": -1.0}),
                (f"{name}: sole rule of anybody", "established", {"a": 1.0, "b": -1.0}),
                (f"{name}: members removed", "removed", {"a": 1.0, "b": -1.0}),
                (f"{name}: sole rule of its holder", "ruler_holds_post", {"a": 1.0}),
            ]
    else:
        said += [(f"{name} on sole rule", "established", {"a": 1.0, "b": -1.0}) for name in MEN]
        said += [(f"{name} on removals", "removed", {"a": 1.0, "b": -1.0}) for name in MEN[:3]]
        said += [(f"sole rule with {name}", "established", {"a": 1.0}) for name in MEN[1:4]]
    rows = []
    for name, outcome, weights in said:
        level = sum(weights.values()) > 0
        mean = luck.uniform(0.01, 1.0) if level else luck.uniform(-0.4, 0.4)
        rows.append((name, outcome, mean, mean - 0.06, mean + 0.06, mean - 0.5, mean + 0.5))
    still = ("nothing at all: sole rule of Stalin", "established", 0.0, -0.001, 0.001, 0.0, 0.0)
    if kind == "grid":
        rows.append(still)
        said.append((still[0], still[1], {"a": 1.0, "b": -1.0}))
    table = pd.DataFrame(
        rows, columns=["contrast", "outcome", "mean", "low", "high", "least", "most"]
    )
    made = [SimpleNamespace(name=n, outcome=o, weights=w, given=None) for n, o, w in said]
    return table, SimpleNamespace(id="X1", question=QUESTION, contrasts=made)


def sheet(kind: str) -> Figure:
    table, experiment = contrasts(kind)
    bounded = within_bounds(table, levels_of(experiment))
    drawn = sheets(bounded, experiment, {f"{LONG} on sole rule": "C1, C2"})[0]
    return sheet_figure(drawn, f"X1. {QUESTION}")


def window() -> Figure:
    months = [f"{1922 + m // 4}-{3 * (m % 4) + 1:02d}" for m in range(24)]
    rows = [
        {"intervention": name, "month": month, "effect": effect, "low": effect - 0.03,
         "high": effect + 0.03, "precondition": 0.5}
        for name, size in (("one", 0.4), ("two", 0.2), ("three", -0.1), ("none", 0.0))
        for m, month in enumerate(months)
        for effect in [size * (1 - m / 24)]
    ]  # fmt: skip
    names = {"one": LONG, "two": "the post is abolished", "three": "a right majority", "none": "Li"}
    return window_figure(pd.DataFrame(rows), names, 0.05, QUESTION)


def forecast() -> Figure:
    luck = np.random.default_rng(0)
    months = [f"{1922 + m // 2}-{6 * (m % 2) + 1:02d}" for m in range(30)]
    odds = pd.DataFrame(
        {"month": np.repeat(months, 20), "end": luck.random(600), "entropy": 2 * luck.random(600)}
    )
    return forecast_figure(odds, QUESTION)


def survival() -> Figure:
    ends = [np.array([0.02, 0.17, 0.05, high]) for high in (0.97, 0.9, 1.0)]
    shares = {"as calibrated": tuple(ends), "rule of one off": tuple(end / 3 for end in ends)}
    return survival_figure(shares, 2, QUESTION)


def sensitivity() -> Figure:
    names = ["unity_liability", "opportunism", "organising", "friendship", "bond_speed", "pressing"]
    total = np.array([0.6, 0.4, 0.3, 0.2, 0.1, 0.01])
    table = pd.DataFrame(
        {"parameter": names, "total": total, "total_interval": 0.05, "first": total - 0.2,
         "first_interval": 0.05}
    )  # fmt: skip
    columns = [("total", "total_interval", "total"), ("first", "first_interval", "alone")]
    return sensitivity_figure(table, columns, QUESTION, "Share", "Lines: intervals.")


def ideals() -> Figure:
    unity = np.linspace(0, 1, 5)
    table = pd.DataFrame({"unity": unity})
    for name, value in (("recovered", 0.8 - 0.7 * unity), ("shuffled", 0.0 * unity),
                        ("rice", 0.3 + 0.6 * unity)):  # fmt: skip
        table[name], table[f"{name}_low"], table[f"{name}_high"] = value, value - 0.05, value + 0.05
    return ideals_figure(table, QUESTION)


def points() -> pd.DataFrame:
    grid = pd.MultiIndex.from_product([np.linspace(0, 1, 5)] * 2, names=["unity", "opportunism"])
    table = grid.to_frame(index=False)
    value = table.prod(axis=1)
    return table.assign(
        established=value, established_low=(value - 0.1).clip(lower=0),
        established_high=(value + 0.1).clip(upper=1), removed=9 * value, removed_low=8 * value,
        removed_high=10 * value,
    )  # fmt: skip


def heat() -> Figure:
    labels = ["Unity", "Opportunism (weight)", "Share of runs with a sole ruler"]
    return figures_grid.heat_map(
        points(), "established", ["unity", "opportunism"], labels, QUESTION, share=True
    )


def small_heat() -> Figure:
    triples = [("established", "Share of runs with a sole ruler", True), ("removed", LONG, False)]
    labels = ["Unity", "Opportunism (weight)"]
    return figures_grid.small_heat_maps(
        points(), triples, ["unity", "opportunism"], labels, QUESTION
    )


def curves() -> Figure:
    table = points()[::5]
    triples = [("established", "Share of runs with a sole ruler", True)]
    return figures_grid.lines_with_bands(table, triples, "unity", "Unity", QUESTION)


def verdicts() -> Figure:
    words = ("supported", "not supported", "partly", "undecided")
    made = [
        SimpleNamespace(
            claim=SimpleNamespace(id=f"C{i}", title=LONG if i == 2 else "Unity as a weapon"),
            found=SimpleNamespace(share=i / 6, low=i / 7, high=min(1, i / 5), verdict=words[i % 4]),
        )
        for i in range(1, 7)
    ]
    return verdict_figure(made)


def patterns() -> Figure:
    luck = np.random.default_rng(0)
    rows = [(model, f"removal of {name}", kind, luck.random())
            for model in ("model", "coins", "no-blocs")
            for name in MEN for kind in ("fit", "check")]  # fmt: skip
    table = pd.DataFrame(rows, columns=["model", "pattern", "kind", "met"])
    table["pattern"] += table["kind"].map({"fit": "", "check": " later"})
    return pattern_figure(table, [SimpleNamespace(name=n) for n in ("model", "coins", "no-blocs")])


def fitted() -> Figure:
    luck = np.random.default_rng(0)
    names = ("opportunism", "conviction", "friendship", "bond_speed", "organising")
    samples = pd.DataFrame({name: luck.uniform(*PRIOR[name], 300) for name in names})
    return posteriors(samples, np.ones(300))


def ladder() -> Figure:
    rows = [Estimate(name, 0.2 * i, max(0, 0.2 * i - 0.1), min(1, 0.2 * i + 0.1))
            for i, name in enumerate(MEN)]  # fmt: skip
    return forest([("Share of runs", True, rows)], difference=False, title=QUESTION, key="Dots.")


FIGURES: dict[str, Callable[[], Figure]] = {
    "river": river, "grid of effects": lambda: sheet("grid"),
    "list of effects": lambda: sheet("list"), "window": window, "forecast": forecast,
    "survival": survival, "sensitivity": sensitivity, "ideals": ideals, "heat map": heat,
    "small heat maps": small_heat, "curves": curves, "verdicts": verdicts, "patterns": patterns,
    "posteriors": fitted, "ladder": ladder,
}  # fmt: skip


def test_a_figure_of_parameters_has_a_panel_for_each_and_no_more() -> None:
    figure = fitted()
    assert len(figure.axes) == 5
    assert figure.get_figheight() < figure.get_figwidth()


# What is looked at.


def words_of(figure: Figure) -> list[Text]:
    """All words of a figure that are seen."""
    found = [*figure.texts]
    found += [text for text in (figure._suptitle, figure._supxlabel) if text not in (None, *found)]
    for axes in figure.axes:
        found += axes.texts
        if legend := axes.get_legend():
            found += legend.get_texts()
        if axes.axison:
            for axis in (axes.xaxis, axes.yaxis):
                ticks = axis._update_ticks()
                found += [tick.label1 for tick in ticks if tick.label1.get_visible()]
                found += [tick.label2 for tick in ticks if tick.label2.get_visible()]
                found.append(axis.label)
        found += [axes.title, axes._left_title]
        for child in axes.child_axes:
            found += [tick.label2 for tick in child.yaxis._update_ticks()]
    return [text for text in dict.fromkeys(found) if text.get_visible() and text.get_text().strip()]


@pytest.fixture(scope="module", params=FIGURES)
def drawn(request: Any) -> tuple[Figure, list[Text], list[Any]]:
    figure = FIGURES[request.param]()
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    words = words_of(figure)
    return figure, words, [text.get_window_extent(canvas.get_renderer()) for text in words]


def test_no_word_meets_another(drawn: Any) -> None:
    _, words, boxes = drawn
    for (one, a), (other, b) in combinations(zip(words, boxes, strict=True), 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across < 1.5 or down < 1.5, (one.get_text(), other.get_text())


def test_no_word_is_cut_off(drawn: Any) -> None:
    figure, words, boxes = drawn
    for text, box in zip(words, boxes, strict=True):
        assert box.x0 >= -1 and box.x1 <= figure.bbox.width + 1, text.get_text()
        assert box.y0 >= -1 and box.y1 <= figure.bbox.height + 1, text.get_text()


def test_every_word_can_be_read(drawn: Any) -> None:
    figure, words, boxes = drawn
    for text in words:
        text.set_alpha(0.0)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    picture = np.asarray(canvas.buffer_rgba())[::-1, :, :3] / 255
    for text, box in zip(words, boxes, strict=True):
        part = picture[max(0, int(box.y0)) : int(box.y1) + 1, max(0, int(box.x0)) : int(box.x1) + 1]
        behind = np.median(part.reshape(-1, 3), axis=0)
        assert contrast(text.get_color(), behind) >= LEGIBLE, (text.get_text(), behind)
    for text in words:
        text.set_alpha(None)


def test_every_figure_says_what_it_shows(drawn: Any) -> None:
    _, words, _ = drawn
    top = max(words, key=lambda text: text.get_window_extent().y1)
    assert top.get_fontweight() == "bold" and len(top.get_text()) > 10


def test_no_chance_passes_100_per_cent(drawn: Any) -> None:
    _, words, _ = drawn
    for text in words:
        for number in re.findall(r"([\d.]+) %", text.get_text()):
            assert 0 <= float(number) <= 100, text.get_text()


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("black", "white") == pytest.approx(21)
    assert contrast("#767676", "white") == pytest.approx(4.54, abs=0.01)
    assert contrast(OKABE_ITO[1], "white") == pytest.approx(2.25, abs=0.02)
    assert contrast(SOFT, "#F6F6F6") > LEGIBLE
    for colour in COLOURS:
        assert contrast(ink_on(colour), colour) >= LEGIBLE


# What contrasts say.


def test_levels_stay_between_nought_and_one_and_effects_between_minus_one_and_one() -> None:
    table, experiment = contrasts("grid")
    table["high"], table["most"], table["least"] = table["mean"] + 2, 3.0, -3.0
    levels = levels_of(experiment)
    bounded = within_bounds(table, levels).set_index("contrast")
    level = bounded.loc[sorted(levels)]
    assert level[["low", "high", "least", "most"]].to_numpy().min() >= 0
    assert level[["low", "high", "least", "most"]].to_numpy().max() <= 1
    effect = bounded[bounded["outcome"] == "established"].drop(index=levels, errors="ignore")
    assert effect["most"].max() == 1 and effect["least"].min() == -1
    removed = bounded[bounded["outcome"] == "removed"]
    assert removed["most"].max() == 3, "members are no share"


def test_a_grid_is_sorted_and_keeps_levels_and_effects_apart() -> None:
    table, experiment = contrasts("grid")
    (made,) = sheets(table, experiment)
    words = [panel.words for panel in made.panels]
    assert words == ["sole rule of Stalin", "sole rule of anybody", "members removed",
                     "sole rule of its holder"]  # fmt: skip
    assert [panel.level for panel in made.panels] == [False, False, False, True]
    lead = [row.mean for row in made.panels[0].rows]
    assert lead == sorted(lead)
    assert all([r.label for r in p.rows] == [r.label for r in made.panels[0].rows]
               for p in made.panels)  # fmt: skip


def test_nought_is_said_and_not_drawn_and_a_precondition_is_a_number() -> None:
    table, experiment = contrasts("grid")
    (made,) = sheets(table, experiment)
    assert made.still == ("nothing at all",)
    assert "nothing at all" not in {row.label for row in made.panels[0].rows}
    assert set(made.beside) >= set(MEN)
    assert "took_place" not in {panel.words for panel in made.panels}
    text = " ".join(word.get_text() for word in words_of(sheet_figure(made, "T")))
    assert "not drawn: nothing at all" in " ".join(text.split())


def test_of_many_rows_those_that_show_nothing_stand_in_the_table_alone() -> None:
    rows = [(f"no {i}: sole rule", "established", m, m - 0.05, m + 0.05, m, m)
            for i, m in enumerate([*np.linspace(-0.4, -0.1, 8), *[0.0] * 20])]  # fmt: skip
    table = pd.DataFrame(
        rows, columns=["contrast", "outcome", "mean", "low", "high", "least", "most"]
    )
    (made,) = sheets(table, SimpleNamespace())
    assert len(made.panels[0].rows) == 8 and len(made.unsure) == 20
    assert answered([made])[0].endswith("20 of 28 do neither for sure.")


def test_the_first_sentence_is_the_tables() -> None:
    rows = [("a: sole rule of Stalin", "sole rule of Stalin", -0.3, -0.35, -0.25, -0.5, 0.0),
            ("b: sole rule of Stalin", "sole rule of Stalin", 0.2, 0.15, 0.25, 0.0, 0.5),
            ("c: sole rule of Stalin", "sole rule of Stalin", 0.02, -0.05, 0.09, 0.0, 0.5),
            ("level", "established", 0.466, 0.424, 1.01, 0.1, 0.8)]  # fmt: skip
    table = pd.DataFrame(
        rows, columns=["contrast", "outcome", "mean", "low", "high", "least", "most"]
    )
    made = sheets(table, SimpleNamespace())
    minus = "\N{MINUS SIGN}"
    assert answered(made)[0] == (
        f"Sole rule of Stalin falls most with “a” ({minus}30.0 points); it rises most with “b” "
        "(+20.0 points); 1 of 3 does neither for sure."
    )
    bounded = within_bounds(table, {"level"})
    said = "It {a: sole rule of Stalin?rises|falls|stays} by {a: sole rule of Stalin} from {level}."
    filled = answer(said, bounded, {"level"})
    assert (
        filled
        == f"It falls by {minus}30.0 points ({minus}35.0 to {minus}25.0) from 47 % (42 to 100 %)."
    )
    told = in_words(bounded, {"level"}).set_index("contrast")
    assert told.loc["level", "95 % interval"].replace("\N{NO-BREAK SPACE}", " ") == "42 to 100 %"


def test_numbers_in_circles_lie_apart_and_in_order() -> None:
    moved = apart([0.0, 0.1, 0.15, 3.0, 3.0], 0.25, 0.0, 3.1)
    assert all(b - a >= 0.25 - 1e-9 for a, b in pairwise(moved))
    assert moved[0] >= -0.5 and moved[-1] <= 3.1
    assert apart([1.0, 2.0], 0.25, 0, 3) == [1.0, 2.0]


def test_what_counts_has_a_bar_for_each_whole_number() -> None:
    """Each as likely as another in the prior; with twelfths the last bar held two of thirteen."""
    numbers = np.arange(2.0, 15.0)
    samples = pd.DataFrame({"rung_months": numbers, "opportunism": (numbers - 1.5) / 13})
    figure = posteriors(samples, np.ones(13))
    counted, measured = figure.axes
    assert [bar.get_height() for bar in counted.patches] == pytest.approx([1.0] * 13)
    assert [bar.get_x() + 0.5 for bar in counted.patches] == pytest.approx(numbers.tolist())
    assert len(measured.patches) == 12


def test_what_the_record_informs_is_drawn_beside_what_is_fitted() -> None:
    said = ["prior-driven", "informed by the record", "informed by the record", "prior-driven"]
    spreads = pd.DataFrame({"parameter": ["severity", "opportunism", "conviction", "memory"],
                            "fitted": [True, True, False, False], "said": said})  # fmt: skip
    assert shown(spreads) == ["severity", "opportunism", "conviction"]
    assert informed(spreads).startswith("The record informs opportunism, conviction; 2 ")
