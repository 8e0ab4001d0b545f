"""The report of a sweep: a heat map over two levers, lines over one, a forest over more."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from politburo_sim.lab.intervals import Z
from politburo_sim.lab.plan import Results
from politburo_sim.outcomes import is_share, outcome_words
from politburo_sim.record.words import listed
from politburo_sim.report.figures import Estimate, forest, save
from politburo_sim.report.figures_grid import (
    heat_map,
    lines_with_bands,
    scatters,
    small_heat_maps,
)
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.words import (
    interval,
    is_number,
    lever_axis,
    lever_meaning,
    lever_words,
    number,
    sentence_case,
    signed,
    signed_interval,
    value_words,
)
from politburo_sim.worlds.doubts import set_anew

_MOST_DRAWN = 40
#: Of more points than this the lowest and the highest are no finding.
_FEW = 5
_MOST_ROWS = 400
_NO_BREAK = "\N{NO-BREAK SPACE}"


def report(results: Results, command: str) -> Path:
    """The page of a sweep."""
    points = results.extra["points"]
    return sweep_report(results.bench.folder, results.experiment, points, command)


def sweep_report(folder: Path, experiment: Any, points: pd.DataFrame, command: str) -> Path:
    """Draw the outcomes over the levers and write the page; its path.

    ``command`` is what was typed.

    Raises
    ------
    ValueError
        If the table has no outcome with an interval (columns NAME, NAME_low, NAME_high).
    """
    outcomes = outcomes_of(points)
    levers = varied(experiment, points)
    points = points.assign(**{x: points[x].map(value_words) for x in levers if _gaps(points[x])})
    for name in outcomes:  # no outcome of a run is below nought
        ends = [f"{name}{end}" for end in ("", "_low", "_high")]
        points[ends] = points[ends].clip(0.0, 1.0 if is_share(name) else None)
    said = finding(points, outcomes[0], levers)
    page = Page(
        title=experiment.title,
        question=experiment.question,
        finding=[
            " ".join([said, *together(points, outcomes[0], levers)]),
            "This is what the rules produce under these settings; it is no verdict on a claim.",
        ],
        design=design(experiment, points, levers),
        figures=drawings(points, outcomes, levers, folder / "figures", said, experiment.question),
        tables=[table(points, outcomes, levers)],
        command=command, worlds=[experiment.world],
    )  # fmt: skip
    return write(page, folder)


def outcomes_of(points: pd.DataFrame) -> list[str]:
    """The columns that come with an interval, in the table's order."""
    found = [c for c in points if f"{c}_low" in points and f"{c}_high" in points]
    if not found:
        raise ValueError("no outcome with an interval: columns NAME, NAME_low and NAME_high")
    return [str(name) for name in found]


def varied(experiment: Any, points: pd.DataFrame) -> list[str]:
    """The settings that differ between design points; constants are none of them."""
    listed = (name for row in experiment.design.rows for name in row)
    given = dict.fromkeys([*experiment.levers, *experiment.uncertainties, *listed])
    there = [name for name in given if name in points]
    return [name for name in there if points[name].nunique(dropna=False) > 1] or there[:1]


def _gaps(values: pd.Series) -> bool:
    """Whether some design points leave a setting as it is in the world."""
    return bool(values.isna().any())


def design(experiment: Any, points: pd.DataFrame, levers: list[str]) -> list[str]:
    """How the sweep was laid out: its size, what each lever does, what was held fixed."""
    runs = f"{points['n'].sum()} runs in all" if "n" in points else "runs"
    held = ", ".join(
        f"{lever_words(k)} at {value_words(v)}" for k, v in experiment.constants.items()
    )
    some = len(points) > 1
    again = set_anew(experiment.world, experiment.sets())
    return [
        f"{len(points)} design point{'s' * some} of {experiment.scenario}, {runs}"
        f"{', which share their luck from point to point' * some}.",
        *(f"{lever_axis(name)}: {lever_meaning(name)}" for name in levers),
        f"Held fixed: {held}; all else is as the world has it."
        if held
        else "All else is as the world has it.",
        *again,
    ]


def finding(points: pd.DataFrame, outcome: str, levers: list[str]) -> str:
    """The first sentence, from the table alone."""
    known = points[points[outcome].notna()]
    least, most = known.loc[known[outcome].idxmin()], known.loc[known[outcome].idxmax()]
    what = outcome_words(outcome)
    if least[outcome] == most[outcome]:
        where = f"at all {len(points)} design points" if len(points) > 1 else "there"
        return f"{what}: it is {_estimate(least, outcome)} {where}."
    low, high = (f"{_estimate(row, outcome)} with {_place(row, levers)}" for row in (least, most))
    if _scattered(points, levers):
        return (
            f"{what}: {along(known, outcome, levers)} The lowest of {len(known)} points is {low}, "
            f"the highest {high}; the ends of so many are partly luck."
        )
    return f"{what}: it ranges from {low} to {high}."


def _scattered(points: pd.DataFrame, levers: list[str]) -> bool:
    """Whether no two points share a value of any lever, as where a design is drawn."""
    numbers = [name for name in levers if points[name].map(is_number).all()]
    return len(points) > _FEW and len(numbers) > 1 and all(points[x].is_unique for x in numbers)


def along(known: pd.DataFrame, outcome: str, levers: list[str]) -> str:
    """With which levers an outcome rises and falls over scattered points, the strongest first.

    By Spearman's rank correlation; a lever whose correlation is within 1.96 / sqrt(N - 1) of nought
    is not told from chance.
    """
    numbers = [name for name in levers if known[name].map(is_number).all()]
    ranks = known[[outcome, *numbers]].astype(float).rank()
    found = ranks.corr()[outcome][numbers].dropna().sort_values(key=abs, ascending=False)
    told = found[found.abs() > Z / math.sqrt(len(known) - 1)]
    if told.empty:
        return "it neither rises nor falls with any of them beyond chance."
    parts = [
        f"{'rises' if value > 0 else 'falls'} with {lever_words(name)} "
        f"(rank correlation {signed(value)})" for name, value in told.items()
    ]  # fmt: skip
    return f"it {listed(parts)}."


def together(points: pd.DataFrame, outcome: str, levers: list[str]) -> list[str]:
    """What two levers do together, where a grid over their numbers has every point; else nothing.

    The second lever from its lowest to its highest level, where the first is lowest and where it is
    highest, and the difference of the two; where the first has more levels, also without its
    lowest, since the sign can hang on it. Errors are added up as if no point shared its luck with
    another, which is more than they are.
    """
    if not _full_grid(points, outcome, levers):
        return []
    at, moved = levers
    first, last = (sorted(points[name].unique()) for name in (at, moved))
    table, share = points.set_index([at, moved]), is_share(outcome)
    value, half = table[outcome], (table[f"{outcome}_high"] - table[f"{outcome}_low"]) / 2

    def over(*levels: tuple[int, float]) -> str:
        """What the second does from end to end, summed over signed levels of the first."""
        ends = [(sign * of, (level, end)) for sign, level in levels
                for of, end in ((1, last[-1]), (-1, last[0]))]  # fmt: skip
        change = sum(sign * float(value[cell]) for sign, cell in ends)
        error = math.sqrt(sum(float(half[cell]) ** 2 for _, cell in ends))
        within = signed_interval(change - error, change + error, points=share, unit=False)
        return f"{signed(change, points=share)} ({within})"

    low, high, least, most = (value_words(x) for x in (first[0], first[-1], last[0], last[-1]))
    told = (
        f"{sentence_case(lever_words(moved))} from {least} to {most} moves it by "
        f"{over((1, first[0]))} where {lever_words(at)} is at {low} and by {over((1, first[-1]))} "
        f"where it is at {high}: together they make a difference of "
        f"{over((1, first[-1]), (-1, first[0]))}"
    )
    if len(first) > 2:
        told += f", and of {over((1, first[-1]), (-1, first[1]))} from {lever_words(at)} at "
        told += f"{value_words(first[1])} to {high}"
    return [f"{told}."]


def _full_grid(points: pd.DataFrame, outcome: str, levers: list[str]) -> bool:
    """Whether two levers, both of numbers, have one point with a value at each pair of levels."""
    if len(levers) != 2 or not all(points[name].map(is_number).all() for name in levers):
        return False
    known = points.loc[points[outcome].notna(), levers].drop_duplicates()
    return len(known) == len(points) == int(points[levers].nunique().prod())


def _estimate(row: Any, outcome: str) -> str:
    share = is_share(outcome)
    ends = interval(row[f"{outcome}_low"], row[f"{outcome}_high"], share=share)
    return f"{number(row[outcome], share=share)} (95 % interval {ends})"


def _place(row: Any, levers: list[str]) -> str:
    return " and ".join(f"{lever_words(x)} at {value_words(row[x])}" for x in levers)


def drawings(
    points: pd.DataFrame, outcomes: list[str], levers: list[str], folder: Path, said: str,
    title: str,
) -> list[Drawing]:  # fmt: skip
    """The figures: the first outcome large, the others small."""
    first, words = outcomes[0], outcome_words(outcomes[0])
    triples = [(name, outcome_words(name), is_share(name)) for name in outcomes]
    labels = [lever_axis(name) for name in levers]
    others = f"{title} (other outcomes)"
    rest, by_lever = triples[1:], False
    small: Figure | None = None
    if len(levers) == 1:
        large = lines_with_bands(points, triples[:1], levers[0], labels[0], title)
        if rest:
            small = lines_with_bands(points, rest, levers[0], labels[0], others)
        kind, caption = "Estimates over one lever", f"{words}; estimates with 95 % intervals."
    elif is_grid(points, levers):
        large = heat_map(points, first, levers, [*labels, words], title, share=triples[0][2])
        small = small_heat_maps(points, rest, levers, labels, others) if rest else None
        kind, caption = "Heat map", f"{words}; 95 % intervals below the estimates."
    else:
        large = ladder(points, triples[0], levers, title)
        by_lever = _scattered(points, levers)
        if by_lever:
            numbers = [name for name in levers if points[name].map(is_number).all()]
            axes = [lever_axis(name) for name in numbers]
            small = scatters(points, triples, numbers, axes, f"{title} (by lever)")
        kind, caption = "Points with intervals", ladder_caption(words, len(points))
    found = [Drawing(save(large, folder, first), caption, alt=f"{kind}. {said}")]
    if small is not None:
        shown, name = (triples, "by-lever") if by_lever else (rest, "other-outcomes")
        caption = "Every outcome" if by_lever else "Other outcomes, each on its own scale"
        caption += f"{' against every lever' * by_lever}: {'; '.join(one[1] for one in shown)}."
        found.append(Drawing(save(small, folder, name), caption))
    return found


def is_grid(points: pd.DataFrame, levers: list[str]) -> bool:
    """Whether design points fill the cells over two levers, most of them at least."""
    cells = points[levers].nunique().prod()
    return len(levers) == 2 and bool(cells <= 2 * len(points))


def ladder(
    points: pd.DataFrame, outcome: tuple[str, str, bool], levers: list[str], title: str
) -> Figure:
    """Design points in order of an outcome; the middle is left out where there are many."""
    name, words, share = outcome
    rows = points.sort_values(name, ascending=False, kind="stable")
    if len(rows) > _MOST_DRAWN:
        half = _MOST_DRAWN // 2
        rows = pd.concat([rows.head(half), rows.tail(half)])
    estimates = [
        Estimate(_ladder_label(row, levers), row[name], row[f"{name}_low"], row[f"{name}_high"])
        for _, row in rows.iterrows()
    ]
    key = ladder_caption(words, len(points))
    return forest([(words, share, estimates)], difference=False, title=title, key=key)


def _ladder_label(row: Any, levers: list[str]) -> str:
    """The settings of a design point, each on one line."""
    settings = (f"{lever_words(x)} {value_words(row[x])}" for x in levers)
    return ", ".join(words.replace(" ", _NO_BREAK) for words in settings)


def ladder_caption(words: str, points: int) -> str:
    """What a ladder shows, and what it leaves out."""
    half = _MOST_DRAWN // 2
    left = f" The {half} highest and the {half} lowest of {points} design points."
    return f"{words}; estimates with 95 % intervals.{left if points > _MOST_DRAWN else ''}"


def table(points: pd.DataFrame, outcomes: list[str], levers: list[str]) -> Table:
    """The design points as a reader says them; the first of them where they fill many pages."""
    caption = "All design points: estimates with 95 % intervals"
    if len(points) > _MOST_ROWS:
        caption = f"The first {_MOST_ROWS} of {len(points)} design points; all are in points.csv"
    return Table(in_words(points.head(_MOST_ROWS), outcomes, levers), caption)


def in_words(points: pd.DataFrame, outcomes: list[str], levers: list[str]) -> pd.DataFrame:
    """The table of design points as a reader says it."""
    shown = pd.DataFrame({lever_words(x): points[x].map(value_words) for x in levers})
    for outcome in outcomes:
        share = is_share(outcome)
        shown[outcome_words(outcome)] = [
            f"{number(value, share=share)} ({interval(low, high, share=share)})"
            for value, low, high in zip(
                points[outcome], points[f"{outcome}_low"], points[f"{outcome}_high"], strict=True
            )
        ]
    return shown
