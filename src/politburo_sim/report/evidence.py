"""The report of the weight of evidence: what the record says of each explanation, and what not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from politburo_sim.lab.verdicts.legs import signed
from politburo_sim.report.figures import DARK, GREY, OKABE_ITO, SOFT, STYLE, save, wrapped
from politburo_sim.report.page import Drawing, Page, Table, write
from politburo_sim.report.words import sentence_case

#: From these differences of log evidence on it is positive, strong, very strong (Kass and Raftery,
#: Journal of the American Statistical Association 90, 1995).
SCALE = ((1.0, "hardly worth a mention"), (3.0, "positive"), (5.0, "strong"),
         (np.inf, "very strong"))  # fmt: skip


def strength(nats: float) -> str:
    """A difference of log evidence in words."""
    return next(words for limit, words in SCALE if abs(nats) < limit)


def verdict(row: Any) -> str:
    """What the record says of one model, by its factor and twice its error."""
    factor, error = float(row.log_bayes_factor), float(row.error)
    if not np.isfinite(error):
        return "one pass only: its error is not known"
    if abs(factor) <= max(2.0 * error, 1.0):
        return "cannot be told apart from the rule book on this record"
    side = "against it" if factor < 0 else "for it, and against the rule book"
    least = ", at the least" if row.how.endswith("bound") else ""
    return f"{strength(factor)} evidence {side}{least}"


def evidence_report(folder: Path, experiment: Any, tables: dict[str, Any], command: str) -> Path:
    """Draw the factors and write the page; its path."""
    table, blocks, parameters = (tables[name] for name in ("evidence", "blocks", "parameters"))
    told = table.assign(says=["the rule book itself", *map(verdict, table.iloc[1:].itertuples())])
    shown = told[["model", "words", "log_bayes_factor", "error", "how", "says"]]
    split = ["model", "fit", "later", "votes", "agenda", "sanctions", "seats", "silence"]
    first = table.iloc[0]["model"]
    own = blocks[blocks["model"] == first].sort_values("log_evidence").drop(columns="model")
    page = Page(
        title=experiment.title,
        question=experiment.question,
        finding=finding(told, parameters),
        design=[
            "The record is imposed on the rules, month by month: what each model makes of the "
            "chance of every recorded vote, quarrel, sanction and seat is multiplied up. Models "
            "are compared by the log of the Bayes factor, their log evidence less that of the "
            "rule book; all parameters that a model leaves free keep their prior, so that one "
            "that can explain more has to pay for it.",
            "Models without one rule (in or out) are weighed together: in these passes each rule "
            "is there or not, and the factor is the odds that a history which agrees with the "
            "record lives without it, against the prior's, whatever other rules there are. Where "
            "no history is left on the one side it is a bound. The others are weighed alone, by "
            "passes of their own, and far less surely.",
            "Errors are those between independent passes of the sampler. A factor within twice "
            "its error of nought, or within 1, is called undecided.",
        ],
        figures=[
            Drawing(save(factors(told), folder / "figures", "evidence"),
                    "Log Bayes factors against the rule book, with twice their errors.",
                    alt=" ".join(finding(told, parameters))),
        ],
        tables=[
            Table(shown, "What the record says of each explanation"),
            Table(table[split], "Where the differences lie: by years; and by kinds of entry, for "
                  "models weighed alone as parts of the factor, for rules in or out as the "
                  "difference of the mean log-likelihoods of histories without and with the rule"),
            Table(in_months(own, experiment).head(10), "The worst explained parts of the record"),
            informed_table(parameters[parameters["informed"]], parameters,
                           "Parameters that the record informs"),
        ],
        command=command,
    )  # fmt: skip
    return write(page, folder)


def finding(told: pd.DataFrame, parameters: pd.DataFrame) -> list[str]:
    """The first sentences: models that do better first, then those refuted, then the undecided."""
    rest = told.iloc[1:]
    said = [
        *for_and_against(rest),
        *named("It cannot decide about ", rest, "cannot be told"),
        *named("Errors are not known for ", rest, "not known"),
    ]
    number_informed = int(parameters["informed"].sum())
    said.append(
        f"Of {len(parameters)} parameters {number_informed or 'none'} "
        f"{'is' if number_informed < 2 else 'are'} informed by it in a way on which passes agree."
    )
    return said


def for_and_against(told: pd.DataFrame) -> list[str]:
    """The models that explain the record better than the rule book, and those refuted."""
    better = "The record is better explained without some of the rules: by "
    return [*named(better, told, "for it"), *named("It speaks against ", told, "against it")]


def named(words: str, told: pd.DataFrame, verdict: str) -> list[str]:
    """A sentence that names the models of a verdict with their factors; none where there are none.

    verdict : a part of what is said of them.
    """
    chosen = told[told["says"].str.contains(verdict)]
    names = [f"{row.model} ({signed(row.log_bayes_factor)})" for row in chosen.itertuples()]
    return [f"{words}{', '.join(names)}."] if names else []


def informed_table(informed: pd.DataFrame, known: pd.DataFrame, caption: str) -> Table:
    """The parameters that are informed; where none is, the five of all known that moved most."""
    if len(informed):
        return Table(informed, caption)
    fallback = "No parameter is informed; the five that moved most"
    return Table(known.nsmallest(5, "shrinkage"), fallback)


def in_months(own: pd.DataFrame, experiment: Any) -> pd.DataFrame:
    """Blocks with their months as words."""
    from politburo_sim.months import month_name
    from politburo_sim.worlds.world import build_world

    start = build_world(experiment.world).start
    named = own.copy()
    named["month"] = [month_name(start, int(month)) for month in own["month"]]
    return named.rename(columns={"month": "to the end of"})


def colour_of(says: str) -> str:
    """The colour of a verdict: red against a model, green for it, else grey."""
    return OKABE_ITO[3] if "against it" in says else OKABE_ITO[2] if "for it" in says else SOFT


def factors(told: pd.DataFrame) -> Figure:
    """One row a model, the worst explanation last."""
    rows = told.iloc[1:].sort_values("log_bayes_factor").reset_index(drop=True)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8.4, 1.6 + 0.42 * len(rows)), layout="constrained")
        axes = figure.add_subplot()
        for row in rows.itertuples():
            colour = colour_of(row.says)
            wide = 2.0 * row.error if np.isfinite(row.error) else 0.0
            alone, bound = row.how == "alone", row.how.endswith("bound")
            further = {"xuplims": row.log_bayes_factor < 0, "xlolims": row.log_bayes_factor > 0}
            axes.errorbar(
                row.log_bayes_factor, row.Index, xerr=1.2 if bound else wide, fmt="o",
                color=colour, capsize=3, ms=6, mfc="white" if alone else colour,
                **(further if bound else {}),
            )  # fmt: skip
        axes.axvline(0.0, color=DARK, lw=1)
        words = [wrapped(sentence_case(row.words), 46) for row in rows.itertuples()]
        axes.set_yticks(range(len(rows)), words)
        axes.set_ylim(-0.6, len(rows) - 0.4)
        axes.set_xlabel(
            "Log Bayes factor against the rule book (nats), with twice its error\n"
            "left: the record speaks against it; grey: it cannot decide\n"
            "arrow: at least so much; open: weighed alone"
        )
        figure.suptitle("What the record says about each explanation", x=0.02, ha="left")
        axes.grid(axis="x", color=GREY, lw=0.7)
        axes.set_axisbelow(True)
    return figure
