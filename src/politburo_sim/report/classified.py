"""The report of the second judge: what it says, what it can see, and where the first differs."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from politburo_sim.lab.verdicts.legs import signed
from politburo_sim.report.evidence import (
    colour_of,
    for_and_against,
    informed_table,
    named,
    verdict,
)
from politburo_sim.report.figures import DARK, GREY, STYLE, headed, save, wrapped
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.words import sentence_case


def classified_report(folder: Path, tables: dict[str, pd.DataFrame], command: str) -> Path:
    """Draw both judges and write the page; its path."""
    told = beside(tables["evidence"], tables["power"], folder)
    power, known = tables["power"], tables["parameters"]
    cloud, covered = tables["cloud"].iloc[0], tables["coverage"]
    informed = known[known["informed"]].sort_values("shrinkage")
    level = covered.set_index("level")["covered"]
    page = Page(
        title="A second judge of the evidence",
        question="Do networks that have read simulated records say of the real one what the "
        "sampler says?",
        finding=finding(told, informed),
        design=[
            "Records were simulated from the prior, with each rule in or out and by each null "
            "model, told by a chronicler who keeps about as much as ours did. Networks learned to "
            "tell them apart by what a reader would count: who asked whom, who stood with whom, "
            "who changed over, what was sought and granted, and when. Their odds on the real "
            "record, less those by chance, are the Bayes factors of what was counted.",
            "Factors are the mean of a committee of networks, put to scale on records that none "
            "had seen; the error is the spread of its members. A factor larger than the records "
            "can vouch for is a bound.",
            f"Of simulated records {100 * float(cloud['farther out']):.0f} % lie as far from the "
            "others as the real one: what is said of it is "
            + ("no leap beyond what was learned." if cloud["farther out"] > 0.05
               else "said of a record unlike those that were learned from."),
            f"Central sets of 50, 80 and 95 % hold the truth in {100 * level[0.5]:.0f}, "
            f"{100 * level[0.8]:.0f} and {100 * level[0.95]:.0f} % of the parameters of "
            f"{int(covered['records'].iloc[0]):,} simulated records.",
        ],
        figures=[
            Drawing(save(judges(told), folder / "figures", "judges"),
                    "Log Bayes factors by both judges, with twice their errors.",
                    alt=" ".join(finding(told, informed))),
        ],
        tables=[
            Table(told.drop(columns=["loss_of_prior", "loss"]),
                  "What the second judge says, and what the first said"),
            Table(power, "What it can see: factors of simulated records that live with and "
                  "without each rule"),
            Table(told[["model", "loss_of_prior", "loss"]],
                  "Log loss on records that it had not seen: by the prior alone, and by it"),
            informed_table(informed, known, "Parameters that it finds informed"),
            *outside(tables),
            Table(tables["record"], "The record in numbers, beside simulated ones of the rules"),
        ],
        command=command,
    )  # fmt: skip
    return write(page, folder)


def outside(tables: dict[str, pd.DataFrame]) -> list[Table]:
    """What the library sbi says of the same parameters, where it was asked."""
    if "sbi-parameters" not in tables:
        return []
    third, covered = tables["sbi-parameters"], tables["sbi-coverage"].set_index("level")["covered"]
    own = tables["parameters"].set_index("parameter")
    told = third.assign(**{
        "here": third["parameter"].map(own["shrinkage"]),
        "informed here": third["parameter"].map(own["informed"]),
    }).sort_values("shrinkage")  # fmt: skip
    return [Table(
        told[told["informed"] | told["informed here"]],
        "A judge from outside: parameters that the library sbi or this judge finds informed, with "
        "the width of the posterior over that of the prior by either. Sets of 80 % by sbi hold "
        f"{100 * float(covered[0.8]):.0f} % of the truths.",
    )]  # fmt: skip


def beside(table: pd.DataFrame, power: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """The table with words, how often a rule is noticed, and what the first judge has said."""
    told = table.assign(says=[verdict(row) for row in table.itertuples()])
    for planted in ("present", "absent"):
        seen = power[power["planted"] == planted].set_index("mechanism")["noticed"]
        told[f"noticed where {planted}"] = told["model"].map(seen)
    file = folder.parent / "evidence" / "evidence.csv"
    told["first judge"] = told["first error"] = np.nan
    if file.is_file():
        first = pd.read_csv(file).set_index("model")
        told["first judge"] = told["model"].map(first["log_bayes_factor"])
        told["first error"] = told["model"].map(first["error"])
    return told


def finding(told: pd.DataFrame, informed: pd.DataFrame) -> list[str]:
    """The first sentences."""
    ranked = told.sort_values("log_bayes_factor")
    said = [
        *for_and_against(ranked),
        *named("The second judge cannot decide about ", ranked, "cannot be told"),
    ]
    parted = told[(told["first judge"] * told["log_bayes_factor"] < 0)
                  & (told["first judge"].abs() > np.maximum(2 * told["first error"], 1.0))
                  & ~told["says"].str.contains("cannot be told")]  # fmt: skip
    if len(parted):
        said.append(f"The two judges contradict one another on {', '.join(parted['model'])}.")
    first = ", ".join(informed["parameter"].head(8))
    said.append(f"Parameters it finds informed: {len(informed)}{f' ({first})' if first else ''}.")
    return said


def judges(told: pd.DataFrame) -> Figure:
    """One row a model: the second judge filled, the first open, the worst explanation last."""
    rows = told.sort_values("log_bayes_factor").reset_index(drop=True)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8.4, 1.8 + 0.42 * len(rows)), layout="constrained")
        axes = figure.add_subplot()
        for row in rows.itertuples():
            axes.errorbar(row.log_bayes_factor, row.Index + 0.12, xerr=2.0 * row.error, fmt="o",
                          color=colour_of(row.says), capsize=3, ms=6)  # fmt: skip
        least = 1.4 * min(float(rows["log_bayes_factor"].min()), -1.0)
        for place, first in enumerate(rows["first judge"].to_numpy(float)):
            beyond = first < least
            axes.plot(max(first, least), place - 0.18, "<" if beyond else "D", ms=4, mfc="white",
                      mec=DARK)  # fmt: skip
            if beyond:
                axes.annotate(signed(first), (least, place - 0.18), (5, 0), fontsize=8,
                              textcoords="offset points", va="center", color=DARK)  # fmt: skip
        axes.axvline(0.0, color=DARK, lw=1)
        axes.set_yticks(range(len(rows)), [wrapped(sentence_case(w), 46) for w in rows["words"]])
        axes.set_ylim(-0.7, len(rows) - 0.3)
        axes.set_xlabel("Log Bayes factor against the rule book (nats)")
        headed(
            figure, "Two judges of the same record",
            "Dots: the second judge, with twice its error; left: the record speaks against the "
            "model; grey: it cannot decide. Diamonds: what the sampler says of the same model.",
        )  # fmt: skip
        axes.grid(axis="x", color=GREY, lw=0.7)
        axes.set_axisbelow(True)
    return figure
