"""The report of one change asked about in three ways, and why the answers differ."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from politburo_sim.lab.matter.saying import ANYBODY, in_100
from politburo_sim.lab.provenance import write_manifest
from politburo_sim.lab.sheets import write_tables
from politburo_sim.lab.weigh.abduction import Estimate
from politburo_sim.lab.weigh.three_ways import ALL, FREELY, UNTIL_THEN, ThreeWays
from politburo_sim.report import figures
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.words import percent, sentence_case, signed, signed_interval


def three_ways_report(folder: Path, found: ThreeWays) -> Path:
    """Write the table, the figure and the page; the page's path."""
    write_tables(folder, {"ways": found.frame, "given-all": found.all.frame})
    ways = figures.save(figure(found), folder / "figures", "ways")
    luck = figures.save(luck_figure(found), folder / "figures", "luck")
    title = found.free.changes[0].side.scenario.title
    page = Page(
        title=f"{title}: did it matter? Three questions",
        question=f"Would {_whose(found)} have been another?",
        finding=[found.sentence, replays(found), beside_luck(found)], design=lines(found),
        figures=[
            Drawing(ways, "The same change, asked about in three ways.", found.sentence),
            Drawing(luck, "What the change undoes, and what luck would have.", beside_luck(found)),
        ],
        tables=[Table(in_words(found), f"Sole rule of {found.who}")], command=found.command,
        worlds=[found.free.asked.base.scenario],
    )  # fmt: skip
    write_manifest(folder, **found.said(), command=found.command)
    return write(page, folder)


def _whose(found: ThreeWays) -> str:
    return "the end" if found.who == ANYBODY else f"{found.who}'s end"


def replays(found: ThreeWays) -> str:
    """How many histories follow the record with the change too, and what no change does."""
    again = found.all.as_recorded
    return (
        f"In {_of_100(again)} of 100 histories all that is recorded comes about with the change as "
        f"well. Other luck in one month, and nothing else changed, would have undone it in "
        f"{_of_100(found.all.shaken)}; no change at all, in {percent(found.all.placebo)}."
    )


def beside_luck(found: ThreeWays) -> str:
    """Whether the change undoes more than other luck alone."""
    if not found.all.undone.mean > found.all.shaken.high:
        return (
            "That cannot be told from what other luck alone would have done: it says how much had "
            "to come together, and nothing yet of the change."
        )
    return "That is more than other luck alone would have done."


def lines(found: ThreeWays) -> list[str]:
    """The three questions in ten lines."""
    free, until, last = found.free.main, found.until.chances(found.who), found.all
    who = "somebody" if found.who == ANYBODY else found.who
    start = found.free.asked.base.scenario.start[:4]
    passes, histories = found.all.passes, found.all.histories
    return [
        "Whether something mattered can be asked in three ways. They are three questions, so they "
        "may have three answers.",
        f"1. Freely. All histories that the rules can make from {start} on count, whether they "
        f"look like what happened or not. {sentence_case(who)} comes to rule alone in "
        f"{in_100(free.base)} of 100 of them, with the change in {in_100(free.alt)}.",
        "Most of these histories have left the record before the change comes. What it does in a "
        "history that never was counts as much as what it does in one like ours.",
        f"2. Given what came before. Only histories count in which all that is recorded before "
        f"{last.month} came about; from then on everything is open. {sentence_case(who)} rules "
        f"alone in {in_100(until['chance'])} of 100, with the change in {in_100(until['alt'])}.",
        "This is what somebody who knew the rules could have said on the eve of the change.",
        f"3. Given all that came. Only histories count in which all that is recorded to {last.end} "
        f"came about; {who} rules alone in {in_100(last.base.mean)} of 100 of them. Each is taken "
        f"back to {last.month}, one thing is changed, and it is told again with the luck that it "
        f"had: {who} rules alone in {in_100(last.alt.mean)} of 100.",
        "This asks about what happened, not about what could have been expected. Of all the luck "
        "that might have come, it knows which came; the first two average over all of it.",
        "How luck is kept: a month of which something is recorded goes as recorded once more "
        "unless the change makes that less likely, and then with what is left of its chance; all "
        "other months draw the same numbers. So the change moves history no more than it must.",
        f"The first interval is luck and what the record leaves open about people and rules; the "
        f"other two are the spread of independent passes ({found.until.passes} of "
        f"{found.until.histories} histories, {passes} of {histories}).",
        "All three are answers of these rules about their own histories. Where the rules are wrong "
        "about what moved men, so are the answers.",
    ]


def in_words(found: ThreeWays) -> pd.DataFrame:
    """The table of ways as a reader says it."""
    rows = []
    for row in found.frame.itertuples():
        fewer = "" if np.isnan(row.fewer) else percent(max(0.0, float(row.fewer)))
        rows.append({
            "asked": row.way, "without the change": percent(row.base), "with it": percent(row.alt),
            "effect": signed(row.effect, points=True),
            "95 %": signed_interval(row.low, row.high, points=True), "share undone": fewer,
        })  # fmt: skip
    return pd.DataFrame(rows)


_ASKED = {FREELY: "freely", UNTIL_THEN: UNTIL_THEN, ALL: ALL}


def figure(found: ThreeWays) -> Figure:
    """The three effects with their intervals, on one scale."""
    rows = [
        figures.Estimate(_ASKED[row.way], row.effect, row.low, row.high)
        for row in found.frame.itertuples()
    ]
    who = "anybody" if found.who == ANYBODY else found.who
    return figures.forest(
        [(f"effect on the chance that {who} rules alone", True, rows)], difference=True,
        title=found.free.changes[0].side.scenario.title + ": one change, three questions",
        key="Dots: effects in points; lines: 95 % intervals (freely: luck and what the record "
        "leaves open; else: between passes).",
    )  # fmt: skip


def luck_figure(found: ThreeWays) -> Figure:
    """What the change undoes, beside what other luck in one month would have undone."""
    rows = [
        figures.Estimate("with the change", *found.all.undone),
        figures.Estimate("other luck in one month, nothing changed", *found.all.shaken),
        figures.Estimate("nothing changed", *[found.all.placebo] * 3),
    ]
    who = "somebody" if found.who == ANYBODY else found.who
    return figures.forest(
        [(f"share of the histories in which {who} does not come to it", True, rows)],
        difference=False, title=f"Given that {who} came to rule alone: would he have, otherwise?",
        key="Dots: means over passes; lines: 95 % intervals.",
    )  # fmt: skip


def _of_100(share: Estimate) -> str:
    return f"{in_100(share.mean)} ({in_100(share.low)} to {in_100(share.high)})"
