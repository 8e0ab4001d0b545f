"""Reports from synthetic tables: what they say is in the table, and twice the same is the same."""

import html
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from scipy.stats import spearmanr

from politburo_sim.lab.ahead.turning import Found
from politburo_sim.lab.bench import Bench, Effort
from politburo_sim.lab.kinds.contrasts import Contrasts
from politburo_sim.lab.matter.comparison import Change, Comparison, question
from politburo_sim.lab.matter.effects import Effect
from politburo_sim.lab.matter.onward import Moved, Onward
from politburo_sim.lab.matter.sides import side
from politburo_sim.lab.plan import Results, load, shipped
from politburo_sim.months import month_name
from politburo_sim.record.words import Entry
from politburo_sim.report import experiments, words
from politburo_sim.report.about import whose_record, worlds_of
from politburo_sim.report.colours import colours_of
from politburo_sim.report.compare import (
    caption,
    compare_report,
    figure,
    from_here,
    gains_table,
    in_words,
)
from politburo_sim.report.compare import (
    finding as compared,
)
from politburo_sim.report.compare import tables as compared_tables
from politburo_sim.report.experiments import defined
from politburo_sim.report.figures import ELLIPSIS
from politburo_sim.report.figures_odds import lanes, river
from politburo_sim.report.kinds.sweep import (
    drawings,
    finding,
    is_grid,
    sweep_report,
    together,
    varied,
)
from politburo_sim.report.odds import bands, marked, marks, noise, odds_report, years_of
from politburo_sim.report.page import Page, Story, Table, finding_of, render
from politburo_sim.report.words import MINUS
from politburo_sim.run.model import Politburo
from politburo_sim.state.journal import RULES, SANCTION
from politburo_sim.view.scene import Watch
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import Scenario
from politburo_sim.worlds.skeleton import skeleton
from politburo_sim.worlds.world import build_world

LEVELS = [0.0, 0.25, 0.5, 0.75, 1.0]
LEVERS = {"opportunism": LEVELS, "unity": LEVELS, "appointments": [0.0, 0.05]}


SWEPT = "politburo-sim sweep mine.toml --quick"


def experiment(*levers: str) -> SimpleNamespace:
    return SimpleNamespace(
        id="unity-x-opportunism",
        title="Unity and opportunism",
        question="Does their interaction concentrate power?",
        claims=["C5", "C6"],
        levers={name: LEVERS[name] for name in levers},
        uncertainties={},
        constants={},
        design=SimpleNamespace(rows=()),
        sets=lambda: set(levers),
        scenario="ussr-1922",
        world=load_scenario("ussr-1922"),
        seed=0,
    )


def sweep_table(*levers: str) -> pd.DataFrame:
    points = pd.MultiIndex.from_product([LEVERS[name] for name in levers], names=levers)
    frame = points.to_frame(index=False)
    share = 0.07 + 0.8 * frame.prod(axis=1) / frame.prod(axis=1).max()
    for name, value, half in (
        ("established", share, 0.04),
        ("effective_number", 6 - 4 * share, 0.3),
        ("removed", 1 + 9 * share, 0.5),
    ):
        frame[name], frame[f"{name}_low"], frame[f"{name}_high"] = value, value - half, value + half
    return frame.assign(n=400)


def effect(mean: float, luck: float, doubt: float, against: float | None = 0.1) -> Effect:
    return Effect(mean, mean - doubt, mean + doubt, mean - luck, mean + luck, against, 0, 0, 0, 0)


def change(name: str, mean: float, parting: np.ndarray) -> Change:
    rows = [
        ("established", 0.61, 0.48, effect(-0.13, 0.02, 0.05)),
        ("leader_share", 0.52, 0.46, effect(-0.06, 0.02, 0.02)),
        ("removed", 7.2, 5.9, effect(-1.3, 0.3, 0.6)),
        ("sole rule of Trotsky", 0.02, 0.05, effect(0.03, 0.01, 0.02)),
        ("sole rule of Stalin", 0.55, 0.55 + mean, effect(mean, 0.02, 0.09)),
        ("sole rule of Kalinin", 0.001, 0.002, effect(0.001, 0.001, 0.002)),
    ]
    table = pd.DataFrame(
        [{"outcome": n, "base": one, "alt": two, **e.summary()} for n, one, two, e in rows]
    )
    return Change(
        side(name), "Stalin", 0.55, 0.55 + mean, effect(mean, 0.02, 0.09), True, 0.97,
        effect(mean, 0.02, 0.09), 0.21, parting, 4.3, table,
    )  # fmt: skip


def comparison(*, joined: bool = False, never: bool = False, **asked: Any) -> Comparison:
    rng = np.random.default_rng(3)
    parting = np.where(rng.random(300) < 0.2, -1, rng.gamma(4, 9, 300).astype(int))
    parting = np.full(300, -1) if never else parting
    names = ("letter-read-1924", "no-faction-ban") if joined else ("letter-read-1924",)
    asked = {"quick": True, "runs": 300, "seed": 5} | asked
    what = question("ussr-1922", *names, **asked)
    changes = tuple(change(name, -0.17, parting) for name in names)
    if not joined:
        return Comparison(what, changes)
    joint = change("+".join(names), -0.36, parting)
    return Comparison(what, changes, joint, effect(-0.02, 0.01, 0.04, 0.24))


def odds_table() -> pd.DataFrame:
    months = [f"{1922 + (m + 3) // 12}-{(m + 3) % 12 + 1:02d}" for m in range(213)]
    t = np.linspace(0, 1, 213)
    rise = 1 / (1 + np.exp(-14 * (t - 0.35)))
    table = pd.DataFrame({"Stalin": 0.06 + 0.88 * rise}, index=months)
    table["Trotsky"] = 0.14 * np.exp(-(((t - 0.05) / 0.12) ** 2))
    table["Zinoviev"] = 0.10 * np.exp(-(((t - 0.12) / 0.10) ** 2))
    table["Bukharin"] = 0.09 * np.exp(-(((t - 0.30) / 0.10) ** 2))
    table["Rykov"] = 0.04 * np.exp(-(((t - 0.36) / 0.08) ** 2))
    table["Kalinin"] = 0.004
    table["a newcomer"] = 0.02 * t
    return table.assign(nobody=1 - table.sum(axis=1))


EVENTS = [
    (21, "Lenin dies"),
    (25, "letter kept back"),
    (33, "Trotsky leaves the War Commissariat"),
    (44, "XIV Congress"),
    (54, "Trotsky and Kamenev removed"),
    (68, "XV Congress"),
    (91, "Bukharin removed"),
    (104, "Rykov removed"),
    (142, "XVII Congress"),
    (152, "Kirov murdered"),
    (204, "Bukharin and Rykov executed"),
]


def test_the_river_marks_lost_seats_where_the_ladder_of_the_world_takes_them() -> None:
    """On the third rung of this ladder a post is lost, and on the fourth the seat."""
    takes: dict[str, list[str]] = {
        "warned": [], "fined": [], "relieved": ["offices", "base"], "unseated": ["seat"],
        "struck-off": ["party"],
    }  # fmt: skip
    ladder = [
        {"name": name, "done": f"{name} by the {{body}}", "demand": "{who}", "strike": "{who}",
         "takes": taken} for name, taken in takes.items()
    ]  # fmt: skip
    members = [{"name": name, "status": "full", "prestige": 1} for name in ("Anna", "Boris", "Cy")]
    world = build_world(Scenario.model_validate(
        {"name": "board", "title": "A board", "axes": ["course"], "members": members,
         "ladder": ladder, "words": {"body": "Board"}}
    ))  # fmt: skip
    fates = [(1, "Anna", 3), (2, "Anna", 4), (3, "Anna", 5), (4, "Boris", 5), (5, "Cy", 3)]
    rows = [Entry(month, SANCTION, world.names.index(who), -1, rung, True, -1, 0.0, 0.0, 0.0)
            for month, who, rung in fates]  # fmt: skip
    rows.append(Entry(6, RULES, world.names.index("Cy"), -1, 0, True, -1, 0.0, 0.0, 0.0))
    found: Any = SimpleNamespace(record=SimpleNamespace(world=world, rows=rows))
    assert marks(found) == [
        (2, "Anna unseated by the Board"), (4, "Boris struck-off by the Board"),
        (6, "Cy rules alone"),
    ]  # fmt: skip


def a_board(folder: Path) -> tuple[str, str]:
    """A world of an invented board, and one that changes something of it."""
    (folder / "board.toml").write_text(skeleton("board", "council", 5, "1990-01", "1995-12"))
    twin = 'title = "A milder board"\nextends = "board.toml"\n[rules]\nseverity = 0.1\n'
    (folder / "milder.toml").write_text(twin)
    return str(folder / "board.toml"), str(folder / "milder.toml")


def test_a_report_on_another_body_says_whose_record_the_readings_are(tmp_path: Path) -> None:
    asked = question(*a_board(tmp_path), quick=True, runs=300)
    board, ours = replace(comparison(), asked=asked), comparison()
    title, fitted = asked.base.scenario.title, load_scenario("ussr-1922").title
    said = " ".join(compared(board))
    assert f"to the record of \u201c{fitted}\u201d; nothing was fitted to \u201c{title}" in said
    assert "nothing was fitted" not in " ".join(compared(ours))
    at_defaults = question(*a_board(tmp_path), quick=True, runs=300, at_defaults=True)
    assert "nothing was fitted" not in " ".join(compared(replace(board, asked=at_defaults)))
    for name in ("politburo-1927", "trotsky-speaks-1923"):
        assert whose_record([load_scenario(name)]) == ""
    elsewhere = whose_record(worlds_of(load("e11-other-bodies"))).partition("fitted to \u201c")[2]
    titles = [load_scenario(name).title for name in ("presidium-1957", "equal-body")]
    assert all(title in elsewhere for title in titles) and elsewhere.count("\u201d") == 2


def test_only_a_report_on_bodies_that_killed_tells_of_it(tmp_path: Path) -> None:
    def page(*names: str) -> str:
        worlds = [load_scenario(name) for name in names]
        return render(Page("t", "q", ["f"], [], [], [], "c", worlds=worlds))

    board, milder = a_board(tmp_path)
    for names in ((board,), (board, milder), ("federal-council-1960",), ("power-game",)):
        assert "killed" not in page(*names) and "people outside that body" in page(*names)
    for names in ((), ("ussr-1922",), ("letter-read-1924",), (board, "politburo-1927")):
        assert page(*names).count("Millions of them suffered and many were killed") == 1


@pytest.mark.parametrize(
    "name", [r"$\frac{$", "$x$ and $y_{", "Molotov " * 30, "_under", "[/b]<i>&"]
)
def test_a_name_of_any_characters_is_drawn_as_it_is(tmp_path: Path, name: str) -> None:
    table = odds_table().rename(columns={"Trotsky": name})
    page = odds_report(tmp_path, table, [(5, f"{name} removed"), (9, f"{name} rules")], "Odds")
    assert name.strip() in html.unescape(page.read_text(encoding="utf-8"))
    axes = river(years_of(table), bands(table), [], title="t", key="k").axes[0]
    words = [text.get_text() for text in (*axes.texts, *axes.get_legend().get_texts())]
    assert any(word.rstrip(ELLIPSIS) == name.strip()[: len(word) - 1] or word == name
               for word in words)  # fmt: skip


def drawn_labels(figure: Figure) -> list[list[str]]:
    return [[label.get_text() for label in axes.get_yticklabels()] for axes in figure.axes]


def made(out: Path, kind: str) -> Path:
    if kind == "compare":
        return compare_report(out, comparison())
    if kind == "odds":
        return odds_report(out, odds_table(), EVENTS, "Who will rule?")
    levers = ("opportunism", "unity", "appointments")[: int(kind[-1])]
    return sweep_report(out, experiment(*levers), sweep_table(*levers), SWEPT)


FIGURES = {
    "sweep-1": {"established", "other-outcomes"},
    "sweep-2": {"established", "other-outcomes"},
    "sweep-3": {"established"},
    "compare": {"comparison"},
    "odds": {"odds"},
}


@pytest.fixture(scope="module", params=FIGURES)
def report(request: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    return request.param, made(tmp_path_factory.mktemp("report"), request.param)


def first_sentence(path: Path) -> str:
    found = re.search(r'<div class="finding">\s*<p>(.*?)</p>', path.read_text(), re.DOTALL)
    assert found
    return found[1]


def test_every_figure_is_there_as_png_and_svg(report: tuple[str, Path]) -> None:
    kind, path = report
    written = {file.name for file in (path.parent / "figures").iterdir()}
    assert written == {f"{name}.{end}" for name in FIGURES[kind] for end in ("png", "svg")}
    assert path.read_text().count("<svg") == len(FIGURES[kind])


def test_the_page_asks_nothing_of_the_network(report: tuple[str, Path]) -> None:
    text = report[1].read_text()
    assert not re.search(r"https?:|//[a-z]+\.|<script|<link|@import|url\((?!#)", text)
    assert all(
        target.startswith(("#", "data:image/png")) for target in re.findall(r'href="([^"]*)"', text)
    )


def test_what_is_pointed_at_in_a_drawing_is_there(report: tuple[str, Path]) -> None:
    text = report[1].read_text()
    pointed = set(re.findall(r'(?:href="#|url\(#)([^")]+)', text))
    assert pointed and pointed <= set(re.findall(r'id="([^"]+)"', text))


def test_the_same_table_gives_the_same_bytes(report: tuple[str, Path], tmp_path: Path) -> None:
    kind, path = report
    again = made(tmp_path, kind).parent
    for file in sorted(path.parent.rglob("*.*")):
        assert (again / file.relative_to(path.parent)).read_bytes() == file.read_bytes(), file.name


def test_a_sweep_opens_with_its_least_and_its_most(tmp_path: Path) -> None:
    said = first_sentence(made(tmp_path, "sweep-2"))
    assert "from 7 % (95 % interval 3 to 11 %) with opportunism at 0 and unity at 0" in said
    assert "to 87 % (95 % interval 83 to 91 %) with opportunism at 1 and unity at 1" in said


def test_scattered_points_are_told_by_what_they_go_with_and_not_by_their_ends() -> None:
    luck = np.random.default_rng(3)
    points = pd.DataFrame(luck.random((40, 2)), columns=["unity", "opacity"])
    chance = 0.2 + 0.5 * points["unity"] + luck.normal(0, 0.02, 40)
    points = points.assign(established=chance, established_low=chance, established_high=chance)
    said = finding(points, "established", ["unity", "opacity"])
    rho = spearmanr(points["unity"], chance).statistic
    assert f"rises with unity (rank correlation +{rho:.2f})" in said
    assert "with opacity (rank" not in said and "the ends of so many are partly luck" in said
    noise = points.assign(established=luck.random(40))
    assert "neither rises nor falls" in finding(noise, "established", ["unity", "opacity"])
    grid = sweep_table("unity", "opportunism")
    assert "rank" not in finding(grid, "established", ["unity", "opportunism"])


def test_a_grid_says_what_two_levers_do_together() -> None:
    table = sweep_table("opportunism", "unity")
    said = together(table, "established", ["opportunism", "unity"])
    # 0.07 + 0.8 x y, so nothing at the bottom, 80 points at the top; each cell's half-width is 4.
    assert said == [
        "Unity from 0 to 1 moves it by 0.0 points (\N{MINUS SIGN}5.7 to +5.7) where opportunism is "
        "at 0 and by +80.0 points (+74.3 to +85.7) where it is at 1: together they make a "
        "difference of +80.0 points (+72.0 to +88.0), and of +60.0 points (+52.0 to +68.0) from "
        "opportunism at 0.25 to 1."
    ]
    two = table[table["opportunism"].isin([0, 1])]
    assert "0.25" not in together(two, "established", ["opportunism", "unity"])[0]
    numbers = together(table, "removed", ["opportunism", "unity"])[0]
    assert "by +7.20 (+6.49 to +7.91) where it is at 1" in numbers


def test_what_is_no_full_grid_of_numbers_says_nothing_of_two_levers() -> None:
    levers = ["opportunism", "unity"]
    table = sweep_table(*levers)
    gone = table.assign(established=table["established"].where(table.index != 3))
    for part in (table.drop(index=24), gone, table.assign(unity=table["unity"].map(str)),
                 pd.concat([table, table.tail(1)])):  # fmt: skip
        assert together(part, "established", levers) == []
    assert together(sweep_table("unity"), "established", ["unity"]) == []
    assert together(sweep_table(*levers, "appointments"), "established",
                    [*levers, "appointments"]) == []  # fmt: skip


def test_a_flat_sweep_says_so(tmp_path: Path) -> None:
    flat = sweep_table("unity").assign(established=0.5, established_low=0.4, established_high=0.6)
    said = first_sentence(sweep_report(tmp_path, experiment("unity"), flat, SWEPT))
    assert said.endswith("50 % (95 % interval 40 to 60 %) at all 5 design points.")


def test_a_lever_of_words_is_drawn(tmp_path: Path) -> None:
    table = sweep_table("unity").assign(post=["Stalin", "Trotsky", "Zinoviev", "Rykov", "nobody"])
    tried = experiment()
    tried.levers["post"] = None
    path = sweep_report(tmp_path, tried, table, SWEPT)
    assert "with post at nobody" in first_sentence(path)


def test_a_missing_design_point_is_left_blank(tmp_path: Path) -> None:
    table = sweep_table("opportunism", "unity").drop(index=24)
    path = sweep_report(tmp_path, experiment("opportunism", "unity"), table, SWEPT)
    assert "to 67 %" in first_sentence(path)


def test_constants_and_levers_that_do_not_move_are_no_axes(tmp_path: Path) -> None:
    table = sweep_table("opportunism", "unity").assign(coder_uncertainty=1, temperature=0.5)
    tried = experiment("opportunism", "unity")
    tried.levers["temperature"] = (0.5,)
    tried.constants = {"coder_uncertainty": 1}
    assert varied(tried, table) == ["opportunism", "unity"]
    told = sweep_report(tmp_path, tried, table, SWEPT).read_text()
    assert "Held fixed: coder uncertainty at 1; all else is as the world has it." in told


def test_a_list_of_design_points_is_told_by_what_its_rows_set(tmp_path: Path) -> None:
    rows = ({"unity": 0.5}, {"unity": 1.0}, {})
    table = pd.DataFrame([*rows]).assign(
        established=[0.2, 0.6, 0.4], established_low=[0.1, 0.5, 0.3],
        established_high=[0.3, 0.7, 0.5], n=400,
    )  # fmt: skip
    tried = experiment()
    tried.design.rows = rows
    path = sweep_report(tmp_path, tried, table, SWEPT)
    assert first_sentence(path).endswith("to 60 % (95 % interval 50 to 70 %) with unity at 1.")
    assert ">the world&#39;s own</td>" in path.read_text()


def test_scattered_design_points_are_no_grid() -> None:
    table = sweep_table("opportunism", "unity")
    assert is_grid(table, ["opportunism", "unity"])
    scattered = table.assign(opportunism=np.linspace(0, 1, 25), unity=np.linspace(1, 0, 25))
    assert not is_grid(scattered, ["opportunism", "unity"])


def test_a_comparison_opens_with_its_sentence(tmp_path: Path) -> None:
    page = made(tmp_path, "compare")
    said = finding_of(page)
    assert said == html.unescape(first_sentence(page)) == (
        "Stalin's chance of sole rule falls from 55 in 100 to 38; in 1 of 10 readings of the "
        "record it does not fall. The effect counts as “much”."
    )  # fmt: skip
    text = html.unescape(page.read_text(encoding="utf-8")).replace("\N{MINUS SIGN}", "-")
    assert "Counting luck alone, the 95 % interval is -19.0 to -15.0 points; counting what" in text
    assert "the preconditions are met in 97 % of the histories" in text
    for about in load_scenario("letter-read-1924").about:
        assert about[1] in text  # the world says what it is
    assert "Lenin's letter is read in full at the XIII Congress: did it matter?" in text


def test_two_changes_have_a_row_each_and_their_interaction(tmp_path: Path) -> None:
    found = comparison(joined=True)
    text = html.unescape(compare_report(tmp_path, found).read_text(encoding="utf-8"))
    text = text.replace("\N{MINUS SIGN}", "-")
    assert (
        "the changes move Stalin's chance of sole rule by -36.0 points, each alone by -17.0 and "
        "-17.0. The interaction is -2.0 points; in 2 of 10 readings of the record it is not below"
        in text
    )
    labels = drawn_labels(figure(found))[0]
    assert labels[-1] == "interaction" and len(labels) == 4
    frame = pd.read_csv(tmp_path / "changes.csv")
    assert frame["change"].tolist()[-1] == "interaction"
    assert frame["effect"].tolist() == [-0.17, -0.17, -0.36, -0.02]


def test_worlds_that_never_part_are_drawn(tmp_path: Path) -> None:
    text = compare_report(tmp_path, comparison(never=True)).read_text(encoding="utf-8")
    assert "The two worlds never differ." in text


def test_who_gains_and_who_loses_is_sorted_and_nobody_is_a_row_of_noughts() -> None:
    assert drawn_labels(figure(comparison()))[-1] == ["Trotsky", "Stalin", "anybody"]
    lines = gains_table(comparison()).splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["Trotsky", "Stalin", "anybody"]
    assert "+3.0 points" in lines[1] and " 2 % " in lines[1]


def test_who_was_asked_about_has_a_row_whatever_he_gains() -> None:
    found = comparison(who="Kalinin")
    assert "Kalinin" in drawn_labels(figure(found))[-1]
    assert any(line.split()[0] == "Kalinin" for line in gains_table(found).splitlines())
    left_out = caption(found).partition("Less than half a point:")[2]
    assert "Kalinin" not in left_out and "Kalinin" in caption(comparison())


def test_a_comparison_is_told_in_points_and_per_cent() -> None:
    told = in_words(comparison().main).set_index("outcome")
    stalin = told.loc["Sole rule of Stalin"]
    assert stalin["base"] == "55 %"
    assert stalin["effect"] == "\N{MINUS SIGN}17.0 points"
    assert told.loc["Members removed by the end", "effect"] == "\N{MINUS SIGN}1.30"
    assert told.loc["Largest share of power at the end", "effect"] == "\N{MINUS SIGN}6.0 points"


def test_odds_open_with_the_first_and_the_last_leader(tmp_path: Path) -> None:
    said = first_sentence(made(tmp_path, "odds"))
    assert said.startswith("In April 1922 the likeliest end was no sole rule (")
    table = odds_table()
    turned = month_name(table.index[table["Stalin"] > table["nobody"]][0], 0)
    assert f"from {turned} on it was sole rule by Stalin, with 94 % in December 1939." in said


def test_the_river_has_few_bands_that_fill_it() -> None:
    names = [f"member {i}" for i in range(20)]
    table = pd.DataFrame(0.04, index=["1922-04", "1922-05"], columns=[*names, "nobody"])
    table["nobody"] = 0.2
    found = bands(table)
    assert [band.label for band in found[-2:]] == ["others", "nobody"]
    assert len(found) == 10
    np.testing.assert_allclose(np.sum([band.chances for band in found], axis=0), 1)


def test_of_many_events_few_are_marked() -> None:
    table = odds_table()
    assert len(marked(table, EVENTS[:8])) == 8
    many = marked(table, [(month, "a removal") for month in range(len(table))])
    assert 6 <= len(many) <= 8


def test_no_label_meets_another_or_the_line_to_it() -> None:
    at, widths = [0.0, 0.5, 1.0, 3.0, 3.2], [2.0, 0.2, 1.0, 1.0, 1.0]
    level = lanes(at, widths)
    assert level == [1, 0, 0, 1, 0]
    for i, j in combinations(range(5), 2):
        assert at[j] >= at[i] + widths[i] or level[i] > level[j]


def test_a_page_says_all_that_a_report_owes(report: tuple[str, Path]) -> None:
    text = report[1].read_text()
    order = ['class="question"', 'class="finding"', ">Design<", ">Figures<", ">Tables<",
             ">What the model does not know<", ">How to reproduce this<"]  # fmt: skip
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "prefers-color-scheme: dark" in text
    assert "<code>politburo-sim " in text
    assert text.count("<figcaption>") == len(FIGURES[report[0]])
    alt = re.findall(r'role="img" aria-label="([^"]*)"', text)
    assert len(alt) == len(FIGURES[report[0]]) and all(len(said) > 20 for said in alt)


def test_the_command_that_was_typed_is_the_one_told(tmp_path: Path) -> None:
    typed = (
        "politburo-sim compare ussr-1922 letter-read-1924 --set B.gap=0.1 --who Stalin --seed 5 "
        "--quick --runs 300"
    )
    found = comparison(settings={"B.gap": 0.1})
    assert f"<code>{typed}</code>" in compare_report(tmp_path, found).read_text()
    told = sweep_report(tmp_path, experiment("unity"), sweep_table("unity"), SWEPT).read_text()
    assert f"<code>{SWEPT}</code>" in told


@pytest.mark.parametrize(
    ("value", "points", "said"),
    [(0.0, True, "0.0 points"), (-0.0004, True, "0.0 points"), (0.034, True, "+3.4 points"),
     (-1.25, False, "\N{MINUS SIGN}1.25"), (float("nan"), False, "unknown")],
)  # fmt: skip
def test_differences_are_told_with_their_sign(value: float, points: bool, said: str) -> None:
    assert words.signed(value, points=points) == said


def test_cells_are_text() -> None:
    frame = pd.DataFrame({"a_b": [0.12345, np.nan], "c": [3, 4], "d": [None, ["x"]]})
    table = Table(frame, "")
    assert table.heads == ["a b", "c", "d"]
    assert table.rows == [["0.123", "3", ""], ["", "4", "['x']"]]


def test_words_are_escaped() -> None:
    page = Page("<b>", "a & b", ["x"], [], [], [], "c")
    assert "&lt;b&gt;" in render(page) and "a &amp; b" in render(page)


def test_a_table_without_intervals_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="NAME_low"):
        sweep_report(tmp_path, experiment("unity"), pd.DataFrame({"unity": [0, 1]}), SWEPT)


def test_a_story_is_told_and_the_rest_of_it_folded_away() -> None:
    story = Story("A typical history", ["It ended so."], ["April. <Nothing> happened."])
    text = render(Page("t", "q", ["f"], [], [], [], "c", [story]))
    assert "A typical history" in text and "<p>It ended so.</p>" in text
    folded = text[text.index("<details>") : text.index("</details>")]
    assert "April. &lt;Nothing&gt; happened." in folded and "It ended so" not in folded


@pytest.mark.parametrize(
    ("looked_at", "left_out", "said"),
    [
        (0, 0, ""),
        (12, 3, "three may be the luck of the futures"),
        (12, 12, "none is larger than the luck"),
    ],
)
def test_what_may_be_chance_is_counted(looked_at: int, left_out: int, said: str) -> None:
    points = () if left_out == looked_at else (SimpleNamespace(),)
    told = noise(Found(points, looked_at, left_out))  # type: ignore[arg-type]
    assert said in told and (not told or "twelve" in told)


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0 %"), (0.0004, "< 0.1 %"), (0.004, "0.4 %"), (0.5, "50 %"), (0.998, "99.8 %"),
     (0.99985, "> 99.9 %"), (1.0, "100 %")],
)  # fmt: skip
def test_what_is_nearly_sure_is_not_called_sure(share: float, said: str) -> None:
    assert words.percent(share) == said


def test_a_typical_history_is_looked_for_in_all_readings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs lie reading by reading: the first of them are all of one."""
    seen: list[set[int]] = []

    def looked_at(world: object, seeds: object, points: object, which: Any, **_: object) -> None:
        seen.append(set(which.tolist()))
        raise StopIteration

    monkeypatch.setattr(experiments, "run_many", looked_at)
    for draws in (8, 200):
        bench = Bench(Effort(draws, 60), 0, tmp_path, tmp_path)
        with pytest.raises(StopIteration):
            experiments.typical(Results(shipped()["E6"], bench))
    assert seen[0] == set(range(8))
    assert len(seen[1]) == 40 and min(seen[1]) == 0 and max(seen[1]) == 199


@pytest.mark.parametrize(("others", "most"), [(0.04, True), (0.01, False)])
def test_whoever_a_change_moves_most_is_said_with_the_answer(others: float, most: bool) -> None:
    asked = Moved("Anna", 0.02, 0.0, effect(-0.02, 0.004, 0.0, None))
    boris = Moved("Boris", 0.05, 0.05 + others, effect(others, 0.004, 0.0, None))
    first, *rest = from_here(Onward("January 1926", "1926-01", 45, 7, 1000, asked, (boris,)))
    assert "Anna's chance of sole rule falls" in first
    assert first.endswith(" It moves the chance of Boris most, from 5 % to 9 %.") == most
    assert rest[-1].startswith("Others whose chances it moves: Boris")


def test_a_person_has_the_colour_of_the_page_in_the_odds() -> None:
    for name in ("ussr-1922", "presidium-1953", "convention-1793"):
        world = build_world(load_scenario(name))
        watch = Watch(Politburo(world, 1))
        mine = colours_of(["somebody else"], world.scenario)
        assert [mine[who] for who in world.names[: world.members]] == list(
            watch.colours[: world.members]
        )
    table = odds_table()
    drawn = {band.label: band.colour for band in bands(table, load_scenario("ussr-1922"))}
    page = colours_of([], load_scenario("ussr-1922"))
    assert all(drawn[who] == page[who] for who in drawn if who in page) and "Stalin" in drawn


def test_the_report_of_a_comparison_at_the_defaults_has_no_column_of_doubt() -> None:
    found = comparison()
    usual = compared_tables(found)[0].frame
    plain = compared_tables(replace(found, asked=replace(found.asked, at_defaults=True)))[0].frame
    assert "luck and doubt" in usual and "luck and doubt" not in plain
    assert all(
        (table.frame[name] != "").any() for table in compared_tables(found) for name in table.frame
    )


def test_a_report_of_contrasts_says_what_each_measures_and_which_worlds_were_run() -> None:
    experiment = load("e4-counterfactuals")
    assert isinstance(experiment, Contrasts)
    measured, worlds = (table.frame for table in defined(experiment))
    assert list(measured["contrast"]) == [c.name for c in experiment.contrasts]
    row = measured.iloc[1]
    assert row["measures"] == "Sole rule of Stalin"
    assert row["over the worlds"].replace(MINUS, "-") == "Trotsky speaks (April 1923) - as it was"
    assert dict(worlds.to_numpy())["Lenin recovers"] == "the world lenin-recovers"
    assert "in runs that count for" in measured and len(worlds) == len(experiment.cells)
    assert "in runs that count for" not in defined(load("e1-interaction"))[0].frame


def test_a_drawn_design_is_drawn_against_every_lever(tmp_path: Path) -> None:
    luck = np.random.default_rng(5)
    points = pd.DataFrame(luck.random((20, 2)), columns=["unity", "opacity"]).assign(n=60)
    for name in ("established", "sole rule of Stalin", "removed"):
        value = luck.random(20)
        points = points.assign(**{name: value, f"{name}_low": value / 2, f"{name}_high": value})
    found = drawings(
        points, ["established", "sole rule of Stalin", "removed"], ["unity", "opacity"], tmp_path,
        "", "What moves it?",
    )  # fmt: skip
    assert {path.name for path in tmp_path.glob("*.png")} == {"established.png", "by-lever.png"}
    assert found[1].caption.startswith("Every outcome against every lever: Share of runs with an")
    assert "Sole rule of Stalin" in found[1].caption
    few = drawings(
        points.head(4), ["established", "removed"], ["unity", "opacity"], tmp_path / "few", "", "?"
    )
    assert len(few) == 1


def test_numbers_of_a_drawn_lever_are_short_and_whole_ones_are_whole() -> None:
    assert [words.value_words(x) for x in (0.180031, 1922.0, 12345, 0.25, 1.0)] == [
        "0.18", "1922", "12345", "0.25", "1",
    ]  # fmt: skip
