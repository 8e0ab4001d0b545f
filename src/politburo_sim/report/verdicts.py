"""The report of the verdicts on three legs."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from politburo_sim.lab.sheets import write_csv
from politburo_sim.report.figures import DARK, OKABE_ITO, STYLE, fitted, headed, ink_on, save
from politburo_sim.report.page import Drawing, Page, Table, write

#: Colours of verdicts; words stand in every field, so that no colour stands alone.
COLOURS = {
    "supported": OKABE_ITO[2], "not supported": OKABE_ITO[3], "partly": OKABE_ITO[1],
    "undecided": "#D0D0D0", "undecidable from this record": "#D0D0D0",
}  # fmt: skip
COLUMNS = ("effect", "what the record says of its rules", "verdict")
HEADS = ("by the effect", "the record on the rules it needs", "verdict")
WIDTHS = (1.3, 3.9, 1.7)


def verdicts_report(folder: Path, table: pd.DataFrame, command: str) -> Path:
    """Write the page, its table and its figure; the page's path.

    table : of `lab.verdicts.legs`, with the claims' titles.
    """
    write_csv(folder / "verdicts.csv", table)
    page = Page(
        title="The verdicts on three legs",
        question="Which of the essay's claims hold in the model, and was it at work?",
        finding=finding(table),
        design=[
            "The first leg is the effect over all that the record leaves open (the report on the "
            "claims). The second is the log Bayes factor of the rule book without a rule that "
            "the claim needs, on the record of 1922-30: a factor below nought speaks for the "
            "rule. The third is the share of simulated records, the rule at work, that notice it. "
            "A judge is heard on a rule where it is known to be right about itself: the "
            "classifier (results/classified), the sampler (results/evidence), or none. How the "
            "legs amount to a verdict, and which judge is heard, stands in experiments/README.md.",
        ],
        figures=[
            Drawing(save(figure(table), folder / "figures", "verdicts"),
                    "Each claim: its effect, what the record says, the verdict.",
                    alt=" ".join(finding(table)))
        ],
        tables=[Table(table, "The three legs")],
        command=command,
    )  # fmt: skip
    return write(page, folder)


def finding(table: pd.DataFrame) -> list[str]:
    """Where the legs disagree first; then how many claims came out how."""
    apart = table[table["legs"] != "agree"]
    said = []
    if len(apart):
        said.append("The legs disagree: " + "; ".join(
            f"{row.claim} is {row.legs}" for row in apart.itertuples()) + ".")  # fmt: skip
    by: dict[str, list[str]] = {}
    for row in table.itertuples():
        by.setdefault(row.verdict, []).append(row.claim)
    counted = [f"{len(by[w])} {w} ({', '.join(by[w])})" for w in COLOURS if w in by]
    return [*said, f"Of {len(table)} claims: {'; '.join(counted)}."]


def figure(table: pd.DataFrame) -> Figure:
    """One row a claim, one field a leg, the verdict last."""
    size, line, pad = 8.5, 0.145, 0.16
    cells = [
        [fitted(str(value), wide - 0.15, size) for value, wide in zip(row, WIDTHS, strict=True)]
        for row in table[list(COLUMNS)].to_numpy()
    ]
    names = [fitted(f"{row.claim}  {row.title}", 2.2, size) for row in table.itertuples()]
    tall = [pad + line * max(1 + text.count("\n") for text in (*row, name))
            for row, name in zip(cells, names, strict=True)]  # fmt: skip
    with matplotlib.rc_context(STYLE):
        drawn = Figure(figsize=(2.5 + sum(WIDTHS), 1.5 + sum(tall)), layout="constrained")
        axes = drawn.add_subplot()
        top = 0.0
        for row, (texts, name, height) in enumerate(zip(cells, names, tall, strict=True)):
            left = 0.0
            for place, (text, wide) in enumerate(zip(texts, WIDTHS, strict=True)):
                word = table.iloc[row][COLUMNS[place]]
                colour = COLOURS.get(str(word), "#F4F4F4")
                field = Rectangle((left, top), wide, height, fc=colour, ec="white", lw=2)
                axes.add_patch(field)
                axes.text(left + 0.06, top + height / 2, text, va="center", fontsize=size,
                          color=ink_on(colour))  # fmt: skip
                left += wide
            axes.text(-0.1, top + height / 2, name, va="center", ha="right", fontsize=size,
                      color=DARK)  # fmt: skip
            top += height
        left = 0.0
        for head, wide in zip(HEADS, WIDTHS, strict=True):
            axes.text(left + 0.06, -0.08, head, va="bottom", fontsize=size, fontweight="bold")
            left += wide
        axes.set_xlim(0, sum(WIDTHS))
        axes.set_ylim(top, -0.3)
        axes.axis("off")
        headed(
            drawn, "Do the essay's claims hold, and does the record know of the rules they need?",
            "Numbers: log Bayes factor of the rule book without the rule, in nats, with its "
            "error; below nought the record speaks for the rule. Power: share of simulated "
            "records that notice it.",
        )  # fmt: skip
    return drawn
