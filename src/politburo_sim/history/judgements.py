"""What coders made of the record: policy questions, clienteles, codings, what sources dispute."""

from __future__ import annotations

import pandas as pd

from politburo_sim.history.reading import listed, table, with_partial_dates


def questions() -> pd.DataFrame:
    """Return one row for each dated question of policy, 1922 to 1934, and who stood where.

    The two alternatives are ordered by place on the axis, not by who won.

    Columns
    -------
    id, date, title
        Number; first day of its month, with ``date_precision``; what it was about.
    axis
        economy, party_regime or internationalism, with the scales of `members`.
    status_quo
        Where policy stood before, on the axis.
    y0, words0, y1, words1
        The two alternatives: place on the axis, y0 below y1, and content. Read the places as
        about +-0.2, +-0.3 and +-0.5 at high, medium and low coding confidence.
    venue
        politburo, committee, joint_plenum or congress (conferences included).
    for0, for1
        Tuples of those known to have stood there: silence is not neutrality.
    outcome
        "0" or "1" for the alternative that prevailed, "compromise" for neither.
    vote_id
        The same division in `votes`, or the nearest to it, or "".
    origin
        exogenous (harvest, sales crisis, events abroad, revolt, an illness), routine (any
        leadership would have met it) or endogenous (the struggle itself put it).
    hindsight
        yes where that it arose, or arose so, depends on who had won by then; part where its form
        does; no otherwise.
    confidence, coding_confidence
        Of the facts (date, alternatives, sides), and of the places on the axis.
    source, note
        From where; what is doubtful.
    """
    frame = table("questions", ("status_quo", "y0", "y1"))
    for column in ("for0", "for1"):
        frame[column] = listed(frame[column])
    return with_partial_dates(frame, "date")


def clienteles() -> pd.DataFrame:
    """Return one row for each tie of a man to a patron or an equal, or office of his own, 1922-30.

    Columns
    -------
    member, patron
        Who, and whose man; "" for one with an office or machine of his own. A man may have
        several rows.
    start, end
        First and last month as their first days, with ``start_precision`` and ``end_precision``;
        a tie older than 1922 starts in January 1922, one that outlasts 1930 has no end.
    kind
        To a patron: appointed_by, long_service, regional_machine or friendship. Neither patron nor
        client: alliance_of_equals; independent.
    ground
        On what it rests.
    grounded_before
        Latest year of the evidence: only votes after it can test the tie.
    hindsight
        none: known apart from votes; some: partly from memoirs or later conduct; strong: mostly
        from later loyalty or a label given afterwards.
    confidence, source, note
        How well it is known, from where, what is doubtful.
    """
    return with_partial_dates(table("clienteles", ["grounded_before"]), "start", "end")


def codings() -> pd.DataFrame:
    """Return one row for each thing that is coded by judgement, and how open it is to hindsight.

    Columns
    -------
    coding
        A column of `members`, or what a world states of a member.
    low, high
        What its ends stand for.
    hindsight
        none, some or strong: how far the coder leant on what happened afterwards.
    reason, used
        Why; and for what it is used.
    """
    return table("codings")


def disagreements() -> pd.DataFrame:
    """Return where sources, or tables of the record, contradict each other.

    Columns
    -------
    table, key
        Which table, and which of its rows, in words or by its number.
    here, elsewhere
        What the record has, and what another source has.
    reason, kept
        Why they differ, and what was done.
    """
    return table("disagreements")
