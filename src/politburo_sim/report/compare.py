"""The report of a comparison: the answer in a sentence, how sure it is, who gains and who loses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from politburo_sim.lab.matter import saying
from politburo_sim.lab.provenance import write_manifest
from politburo_sim.lab.sheets import write_tables
from politburo_sim.months import month_name
from politburo_sim.outcomes import SOLE_RULE_OF, is_share, outcome_words
from politburo_sim.report.about import whose_record
from politburo_sim.report.experiments import ensemble_words
from politburo_sim.report.figures import DARK, OKABE_ITO, STYLE, per_cent, save, wrapped
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.words import (
    minus,
    number,
    percent,
    sentence_case,
    signed,
    signed_interval,
)
from politburo_sim.worlds.doubts import set_anew

if TYPE_CHECKING:
    from politburo_sim.lab.matter.comparison import Change, Comparison
    from politburo_sim.lab.matter.effects import Effect
    from politburo_sim.lab.matter.onward import Onward
    from politburo_sim.worlds.schema import Scenario

_ANYBODY = "established"
_MOST = 12
_LEAST = 0.005
"""Who gains or loses less than half a point is named and not drawn, but for who was asked about."""


def compare_report(folder: Path, found: Comparison) -> Path:
    """Write the tables, the figure and the page, which says how it was asked; the page's path."""
    effects = {
        "effects" if change is found.main else f"effects-{place}": change.table
        for place, change in enumerate(found.all, 1)
    }
    write_tables(folder, {"changes": found.frame, **effects})
    svg = save(figure(found), folder / "figures", "comparison")
    titles = "; ".join(change.side.scenario.title for change in found.changes)
    whose = saying.chance_of(found.asked.who)
    page = Page(
        title=f"{titles}: did it matter?",
        question=f"Would {whose} have been another, with the same luck, than in "
        f"\u201c{found.asked.base.scenario.title}\u201d?",
        finding=finding(found), design=[design(found), *anew(found), *abouts(found)],
        figures=[Drawing(svg, caption(found), alt=found.sentence)],
        tables=tables(found), command=found.asked.command, worlds=worlds(found),
    )  # fmt: skip
    run = {"effort": vars(found.asked.effort), "command": found.asked.command}
    write_manifest(folder, **(found.asked.said() | run))
    return write(page, folder)


def finding(found: Comparison) -> list[str]:
    """The sentence; how sure it is; each change and the interaction; when it can happen."""
    main = found.main
    said = [found.sentence, sure(main.effect, found.asked.at_defaults)]
    if len(found.all) > 1:
        said += [f"{sentence_case(c.side.called)}: {c.sentence}" for c in found.changes]
    if found.interaction is not None:
        said.append(found.interaction_sentence)
    said += [words for change in found.all if (words := precondition(change))]
    return [*said, aside(found), *filter(None, [whose_readings(found)])]


def worlds(found: Comparison) -> list[Scenario]:
    """The worlds that were compared."""
    return [side.scenario for side in (found.asked.base, *(c.side for c in found.changes))]


def whose_readings(found: Comparison) -> str:
    """Whose record the readings are that the finding speaks of, where that is not plain."""
    if found.asked.at_defaults or found.asked.sets is not None:
        return ""
    return whose_record(worlds(found))


def sure(effect: Effect, at_defaults: bool) -> str:
    """The effect with its two intervals."""
    luck = signed_interval(effect.low_luck, effect.high_luck, points=True)
    whole = signed_interval(effect.low, effect.high, points=True)
    said = f"The effect is {signed(effect.effect, points=True)}. Counting luck alone, the 95 % "
    said += f"interval is {luck}"
    if at_defaults:
        return f"{said}; what the record leaves open is not counted."
    return f"{said}; counting what the record leaves open as well, it is {whole}."


#: So many are named of those whose chances a change moves besides.
OTHERS = 4


def from_here(found: Onward) -> list[str]:
    """What a change does from a month of one history on: the sentence, how sure, and to whom."""
    pairs = f"{found.pairs:,} pairs of futures with the same luck"
    said = [
        f"In history {found.seed} from {found.date} on, over {pairs}: {found.sentence}",
        sure(found.main.effect, at_defaults=True),
    ]
    moved = [one for one in found.others if one.effect.effect and one.who != saying.ANYBODY]
    if moved and abs(moved[0].effect.effect) > abs(found.main.effect.effect):
        most = moved[0]
        what = f"{percent(most.base)} to {percent(most.alt)}"
        said[0] += f" It moves the chance of {most.who} most, from {what}."
    if moved:
        told = (f"{one.who} {signed(one.effect.effect, points=True)}" for one in moved[:OTHERS])
        said.append(f"Others whose chances it moves: {'; '.join(told)}.")
    return said


def precondition(change: Change) -> str:
    """How often a change can happen at all, and what it does where it can."""
    if not change.needs:
        return ""
    said = f"{sentence_case(change.side.called)}: the preconditions are met in "
    said += f"{percent(change.precondition)} of the histories"
    if change.where_met is None:
        return f"{said}."
    return f"{said}; in those the effect is {signed(change.where_met.effect, points=True)}."


def aside(found: Comparison) -> str:
    """What else the pairs show."""
    main = found.main
    parted = main.parting[main.parting >= 0]
    said = f"Who rules alone, if anybody, differs in {percent(main.flipped)} of the pairs. "
    if not len(parted):
        return f"{said}The two worlds never differ."
    when = month_name(found.asked.base.scenario.start, int(np.median(parted)))
    never = 1 - len(parted) / len(main.parting)
    rest = f"; {percent(never)} of all pairs never do" if never else ""
    return f"{said}Of the pairs that come to differ, half do so by {when}{rest}."


def design(found: Comparison) -> str:
    """How it was run."""
    effort, seed = found.asked.effort, found.asked.seed
    if found.asked.at_defaults:
        aside = " but for what is set" if found.asked.settings else ""
        return (
            f"{effort.runs} histories of each world, at the default rules{aside} and the coded "
            f"traits alone, master seed {seed}; all worlds share their luck, so that a pair parts "
            "only by what differs."
        )
    return (
        f"{ensemble_words(effort, seed, found.asked.sets)} The interval is split: luck is what so "
        "many histories leave open and more of them would not; doubt is how far the readings of "
        "the record (draws of the ensemble) differ. Histories run free from the first month. The "
        "words nothing, little, some and much were given their bounds before any run "
        "(experiments/scale.csv)."
    )


def anew(found: Comparison) -> list[str]:
    """What the worlds set anew of parameters that the comparison sets."""
    sides = (found.asked.base, *(change.side for change in found.changes))
    said = [text for side in sides for text in set_anew(side.scenario, side.settings)]
    return list(dict.fromkeys(said))


def abouts(found: Comparison) -> list[str]:
    """The worlds: their titles and what they say of themselves."""
    said = []
    for side in (found.asked.base, *(change.side for change in found.changes)):
        about = " ".join(
            f"{word.capitalize()}: {text}" for word, text in side.scenario.about if text
        )
        set_to = ", ".join(f"{name} = {value:g}" for name, value in side.settings.items())
        said.append(" ".join(part for part in (
            f"{side.scenario.title}.", f"Set: {set_to}." if set_to else "", about) if part
        ))  # fmt: skip
    return said


def caption(found: Comparison) -> str:
    """What the figure shows, and who is left out of it."""
    said = (
        "Above: the chance in the base world (ring) and with the change (disc), and the effect. "
        "Below: who gains and who loses by it, sorted. Thick: 95 % of what luck leaves open"
        + ("." if found.asked.at_defaults else "; thin: with what the record leaves open as well.")
    )
    drawn = set(_gains(found)["outcome"])
    small = [row.outcome.removeprefix(SOLE_RULE_OF) for row in _chances(found.main).itertuples()
             if abs(row.effect) < _LEAST and row.outcome not in drawn]  # fmt: skip
    return f"{said} Less than half a point: {', '.join(small)}." if small else said


def tables(found: Comparison) -> list[Table]:
    """The changes, and of each what else it changes."""
    rows = [
        {"change": c.side.called, "base": percent(c.base), "with it": percent(c.alt),
         **_in_words(c.effect, True), "precondition": percent(c.precondition) if c.needs else ""}
        for c in found.all
    ]  # fmt: skip
    if found.interaction is not None:
        rows.append({"change": "interaction", **_in_words(found.interaction, True)})
    who = "Anybody's" if found.asked.who == "anybody" else f"{found.asked.who}'s"
    return [
        Table(_told(found, pd.DataFrame(rows).fillna("")), f"{who} chance of sole rule"),
        *(Table(_told(found, in_words(c)), f"All that was compared: {c.side.called}")
          for c in found.all),
    ]  # fmt: skip


def _told(found: Comparison, table: pd.DataFrame) -> pd.DataFrame:
    """The columns in which something stands; no doubt where it was not counted."""
    counted = table.drop(columns="luck and doubt") if found.asked.at_defaults else table
    return counted.loc[:, [name for name in counted if (counted[name] != "").any()]]


def in_words(change: Change) -> pd.DataFrame:
    """The outcomes of a change as a reader says them, gains first."""
    chances = _chances(change)
    rest = change.table[~change.table["outcome"].isin(chances["outcome"])]
    rows = []
    for _, row in pd.concat([rest, chances]).iterrows():
        share = is_share(row["outcome"])
        rows.append({
            "outcome": outcome_words(row["outcome"]), "base": number(row["base"], share=share),
            "with it": number(row["alt"], share=share), **_in_words(row, share),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _in_words(effect: Any, share: bool) -> dict[str, str]:
    """An effect, or a row that holds one, in words."""
    held = effect if isinstance(effect, pd.Series) else pd.Series(effect.summary())
    against = held["share_of_readings"]
    return {
        "effect": signed(held["effect"], points=share),
        "luck": signed_interval(held["low_luck"], held["high_luck"], points=share),
        "luck and doubt": signed_interval(held["low"], held["high"], points=share),
        "readings against": "" if pd.isna(against) else percent(float(against)),
    }


def _chances(change: Change) -> pd.DataFrame:
    """The members' chances of sole rule, the greatest gain first."""
    members = change.table[change.table["outcome"].str.startswith(SOLE_RULE_OF)]
    return members.sort_values("effect", ascending=False, kind="stable")


def _gains(found: Comparison) -> pd.DataFrame:
    """Who gains and who loses half a point or more, sorted, and below them anybody.

    Who was asked about is among them whatever he gains.
    """
    members = _chances(found.main)
    much = members[members["effect"].abs() >= _LEAST]
    kept = members.index.isin(much["effect"].abs().nlargest(_MOST).index)
    asked = members["outcome"] == f"{SOLE_RULE_OF}{found.asked.who}"
    table = found.main.table
    return pd.concat([members[kept | asked], table[table["outcome"] == _ANYBODY]])


def _whose(outcome: str) -> str:
    return "anybody" if outcome == _ANYBODY else outcome.removeprefix(SOLE_RULE_OF)


def gains_table(found: Comparison) -> str:
    """Who gains and who loses, as text for a terminal."""
    rows = [
        {"sole rule of": _whose(str(row["outcome"])), "base": percent(row["base"]),
         "with it": percent(row["alt"]), **_in_words(row, True)}
        for _, row in _gains(found).iterrows()
    ]  # fmt: skip
    return str(pd.DataFrame(rows).to_string(index=False)) if rows else "Nobody comes to rule alone."


def figure(found: Comparison) -> Figure:
    """Chances before and after with the effect, and below it who gains and who loses."""
    drawn = _gains(found)
    labels = [wrapped(change.side.called, 30) for change in found.all]
    rows = [change.effect for change in found.all]
    if found.interaction is not None:
        labels, rows = [*labels, "interaction"], [*rows, found.interaction]
    title = wrapped(found.sentence, 88)
    heights = [0.42 * len(rows) + 0.55, 0.27 * len(drawn) + 0.75]
    size = (9.0, sum(heights) + 0.75 + 0.2 * title.count("\n"))
    with matplotlib.rc_context(STYLE):
        drawing = Figure(figsize=size, layout="constrained")
        grid = drawing.add_gridspec(2, 2, height_ratios=heights, width_ratios=(1, 1.15))
        drawing.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
        _levels(drawing.add_subplot(grid[0, 0]), found, labels)
        _intervals(drawing.add_subplot(grid[0, 1]), rows, None, "effect on that chance (points)")
        below = drawing.add_subplot(grid[1, :])
        names = [_whose(row.outcome) for row in drawn.itertuples()]
        words = "gains and losses in the chance of sole rule (points)"
        _intervals(below, [*drawn.itertuples()], names, words)
        drawing.legend(handles=_key(found), loc="outside lower left", ncols=5,
                       frameon=False, fontsize=8)  # fmt: skip
    return drawing


def _levels(axes: Any, found: Comparison, labels: Sequence[str]) -> None:
    """A row a change: the chance in the base world, and with it."""
    for place, change in enumerate(found.all):
        axes.plot([change.base, change.alt], [place, place], color="#8a8a8a", linewidth=1.2)
        axes.plot(change.base, place, "o", markersize=8, markerfacecolor="white",
                  markeredgecolor=DARK)  # fmt: skip
        axes.plot(change.alt, place, "o", markersize=8, color=OKABE_ITO[0])
    _rows(axes, labels)
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(per_cent)
    who = "anybody's" if found.asked.who == "anybody" else f"{found.asked.who}'s"
    axes.set_xlabel(f"{who} chance of sole rule")


def _intervals(
    axes: Any, rows: Sequence[Any], labels: Sequence[str] | None, words: str
) -> None:  # fmt: skip
    """Effects about a line at nought, with both intervals, and the mean in figures."""
    if not rows:
        axes.set_axis_off()
        return
    for place, row in enumerate(rows):
        axes.hlines(place, 100 * row.low, 100 * row.high, color=OKABE_ITO[4], linewidth=1.4)
        axes.hlines(place, 100 * row.low_luck, 100 * row.high_luck, color=OKABE_ITO[0], linewidth=6)
        axes.plot(100 * row.effect, place, "|", color=DARK, markersize=11)
    _rows(axes, labels)
    left = 100 * min(0.0, *(row.low for row in rows))
    right = 100 * max(0.0, *(row.high for row in rows))
    beyond = 0.08 * (right - left) or 1.0
    axes.set_xlim(left - beyond, right + beyond)
    axes.axvline(0, color=DARK, linewidth=0.9)
    axes.xaxis.set_major_formatter(lambda x, _: minus(f"{x:+g}") if x else "0")
    axes.set_xlabel(words)
    beside = axes.secondary_yaxis("right")
    text = [signed(row.effect, points=True, unit=False) for row in rows]
    beside.set_yticks(range(len(rows)), text)
    beside.tick_params(length=0)
    beside.spines["right"].set_visible(False)


def _rows(axes: Any, labels: Sequence[str] | None) -> None:
    axes.set_yticks([] if labels is None else range(len(labels)), labels)
    rows = len(axes.lines) if labels is None else len(labels)
    axes.set_ylim(rows - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color="#e6e6e6", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)


def _key(found: Comparison) -> list[Line2D]:
    """What rings, discs and lines mean, in the picture itself."""
    key = [
        Line2D([], [], marker="o", linestyle="", markersize=7, markerfacecolor="white",
               markeredgecolor=DARK, label=wrapped(found.asked.base.called, 40)),
        Line2D([], [], marker="o", linestyle="", markersize=7, color=OKABE_ITO[0],
               label="with the change"),
        Line2D([], [], marker="|", linestyle="", markersize=10, color=DARK, label="mean effect"),
        Line2D([], [], color=OKABE_ITO[0], linewidth=6, label="luck, 95 %"),
        Line2D([], [], color=OKABE_ITO[4], linewidth=1.4, label="with what the record leaves open"),
    ]  # fmt: skip
    return key[:-1] if found.asked.at_defaults else key
