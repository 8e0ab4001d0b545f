"""The historical record as tables: who sat where and when, who voted how, what is known how well.

Each loader returns a new frame, so that a caller may change what it gets. Dates are
``pandas.Timestamp`` (New Style); a blank date is ``NaT``. Where the record gives only a month or a
year, the timestamp is the first day it allows and the column ``<date>_precision`` says "month" or
"year". Confidence is "high", "medium" or "low" (for junctures also "low-medium" and
"medium-high"). Where sources disagree, `disagreements` says what was kept and why.
Sources and marks are explained in ``data/README.md`` beside the tables.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import pandas as pd

END_OF_RECORD = pd.Timestamp(1941, 6, 22)
"""The memberships are told up to this day: a blank end means still serving then."""

PRECISIONS = {4: "year", 7: "month", 10: "day"}
"""How precise a date is, by the length of its text."""


@cache
def _read(name: str) -> pd.DataFrame:
    """Return a table of the package as it stands in its file."""
    source = files("politburo_sim.history").joinpath("data", f"{name}.csv")
    return pd.read_csv(io.StringIO(source.read_text(encoding="utf-8")), keep_default_na=False)


def _table(name: str, numbers: Iterable[str] = ()) -> pd.DataFrame:
    """Return a copy of a table with these columns as numbers, blank ones as nan."""
    frame = _read(name).copy()
    for column in numbers:
        frame[column] = pd.to_numeric(frame[column])
    return frame


def _with_dates(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return the frame with full dates parsed; anything but a day or a blank is an error."""
    for column in columns:
        frame[column] = pd.to_datetime(frame[column], format="%Y-%m-%d")
    return frame


def _with_partial_dates(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return the frame with partial dates parsed, each with its precision beside it."""
    for column in columns:
        text = frame[column].astype(str)
        frame[f"{column}_precision"] = text.str.len().map(PRECISIONS).fillna("")
        frame[column] = pd.to_datetime(text, format="ISO8601")
    return frame


def _listed(cells: pd.Series) -> list[tuple[str, ...]]:
    """Return cells of names joined by semicolons as tuples."""
    return [tuple(filter(None, str(cell).split(";"))) for cell in cells]


def memberships() -> pd.DataFrame:
    """Return one row for each spell in a top body, 1917 to 22 June 1941.

    A spell covers its first day and not its last: a promoted member starts the new spell on the
    day the old one ends.

    Columns
    -------
    member
        House name, as in `members`.
    body
        politburo, politburo_1917, cc_bureau_1917, secretariat, orgburo (1919-24 only), ccc_chair,
        party_control_commission_chair or sovnarkom_chair.
    status
        full, candidate, member, general_secretary, chair or chair_of_presidium.
    start, end
        Days; ``NaT`` in ``end`` for those still serving at the end of the record.
    end_reason
        died, assassinated, removed, expelled, arrested, demoted, promoted, released,
        released_to_other_post, re-elected, not_re-elected, term_ended, title_lapsed, body_lapsed,
        body_abolished or still_serving.
    confidence, source
        How well the spell is known, and from where.
    """
    return _with_dates(_table("memberships"), "start", "end")


def seated(
    day: str | pd.Timestamp, body: str = "politburo", status: str | None = None
) -> frozenset[str]:
    """Return who sat in a body on a day, in any status or in one.

    Examples
    --------
    >>> sorted(seated("1926-10-23", status="full"))[-2:]
    ['Tomsky', 'Voroshilov']
    """
    spells, at = memberships(), pd.Timestamp(day)
    sits = (spells.body == body) & (spells.start <= at) & (spells.end.isna() | (spells.end > at))
    if status is not None:
        sits &= spells.status == status
    return frozenset(spells.member[sits])


def members() -> pd.DataFrame:
    """Return one row for each of 59 people: life, offices, coded positions with confidence.

    The codings are judgement of this record's compiler, not measurement: read them as about
    +-0.2 at high, +-0.3 at medium and +-0.5 at low confidence.

    Columns
    -------
    name, full_name, joined_bolsheviks, main_offices_1922_1929, faction_history, readmissions
        Who; ``joined_bolsheviks`` is a year.
    birth, death
        Timestamps, ``NaT`` in ``death`` for none known; with ``birth_precision`` and
        ``death_precision``.
    death_cause, bio_confidence
        How the person died, and how well the life is known.
    removed_from_politburo, removal_manner
        Day of the last loss of a seat in a top bureau, and "not re-elected" where no open removal
        took place.
    expelled_from_party
        First expulsion, with ``expelled_from_party_precision``.
    econ_1923, econ_1929
        -1 rapid industrialisation under pressure, +1 gradual market; nan if dead or too junior.
    internationalism
        -1 permanent revolution, +1 socialism in one country.
    party_democracy
        -1 open debate, +1 monolithic centralism.
    econ_justification, intl_justification, demo_justification
        Why so coded.
    econ_confidence, intl_confidence, demo_confidence
        How sure the coder was.
    """
    axes = ("econ_1923", "econ_1929", "internationalism", "party_democracy")
    frame = _table("members", axes)
    removal = frame.removed_from_politburo.astype(str).str.extract(r"^(\S*)(?: \((.*)\))?$")
    frame["removed_from_politburo"] = removal[0]
    frame.insert(frame.columns.get_loc("removed_from_politburo") + 1, "removal_manner", removal[1])
    frame["removal_manner"] = frame.removal_manner.fillna("")
    frame = _with_dates(frame, "removed_from_politburo")
    return _with_partial_dates(frame, "birth", "death", "expelled_from_party")


def votes() -> pd.DataFrame:
    """Return one row for each division or decision, 1917 to 1937.

    Columns
    -------
    vote_id, date, body, motion, outcome
        Which, when (a day), where, on what, how it ended.
    yes, no, abstain
        Counted votes, nan where no count is known.
    record_type
        counted, counted_roll_call, ballot_tally, decision, personnel or event.
    confidence, source, notes
        How well it is known.
    counted
        True where there is a count for and against.
    weak
        True where that count is weakly sourced: never to be fitted.
    disputed
        True where another source tells it otherwise (see `disagreements`).
    """
    frame = _with_dates(_table("votes", ("yes", "no", "abstain")), "date")
    frame["counted"] = frame.yes.notna() & frame.no.notna()
    frame["weak"] = frame.counted & (frame.confidence == "low")
    told = disagreements()
    frame["disputed"] = frame.vote_id.isin(told.key[told.table == "votes"])
    return frame


def vote_positions() -> pd.DataFrame:
    """Return one row for each person whose side in a vote is known.

    Columns
    -------
    vote_id, member
        Which vote, and who; some voters have no row in `members`.
    position
        for, against or abstain: counted or very well attested; supported, opposed: side known
        without a count; silent, no_position: none taken; shoot, court_no_shooting, nkvd: in V64.
    confidence
        Outside the minutes of 1917-18, names are reconstructed from known alignments.
    """
    return _table("vote_positions")


def divisions() -> pd.DataFrame:
    """Return one row for each vote that divided those named in it, and who led on either side.

    Columns
    -------
    vote_id
        Which, as in `votes`.
    for_leader, against_leader
        The foremost on either side: who moved it, and who spoke against it or whom it fell on.
    ground
        Why these two; a judgement of this record's compiler.
    """
    return _table("divisions")


def committee_turnover() -> pd.DataFrame:
    """Return one row for each congress, VI (1917) to XVIII (1939): sizes and re-election.

    Columns
    -------
    congress, start, end
        Roman number and days.
    voting_delegates, consultative_delegates, cc_full, cc_candidates, ccc_members
        Sizes of congress, Committee and Control Commission; the last from memory, nan if none.
    prev_full_reelected_n, prev_full_n, share_prev_full_reelected, share_confidence
        How many full members of the last Committee were elected again, of how many, the share.
    joint_body_size, two_thirds_of_joint_body, ccc_share_of_joint_body
        The meeting that could expel a Committee member: nominal size, two thirds, share of the
        Control Commission.
    source, notes
        From where.
    weak
        True where the share is an estimate, with low confidence: never to be fitted.
    """
    words = {"congress", "start", "end", "share_confidence", "source", "notes"}
    numbers = [column for column in _read("committee_turnover").columns if column not in words]
    frame = _with_dates(_table("committee_turnover", numbers), "start", "end")
    frame["weak"] = frame.share_confidence == "low"
    return frame


def committee_lists() -> pd.DataFrame:
    """Return one row for each full member of the Committees of the VI to XI Congress.

    Columns
    -------
    congress, member
        Roman number, and who.
    confidence, note
        The lists are remembered; only their sizes were checked.
    """
    return _table("committee_lists")


def seats() -> pd.DataFrame:
    """Return the filled seats of the Politburo after each change, 1919 to 1941.

    Derived by the record's compiler from the memberships, without Stasova in 1919.

    Columns
    -------
    after_date, event
        Day from which it holds, and the congress or plenum.
    full_seats_filled, candidate_seats_filled
        Number of members.
    full_members, candidate_members
        Their names: tuples in alphabetical order.
    """
    frame = _with_dates(_table("seats"), "after_date")
    for column in ("full_members", "candidate_members"):
        frame[column] = _listed(frame[column])
    return frame


def junctures() -> pd.DataFrame:
    """Return the documented moments at which another outcome was open, 1919 to 1934.

    Columns
    -------
    juncture, title
        Number (J9 and J20 have several rows: J9.1 and so on), and what it was.
    start, end
        Days, with ``start_precision`` and ``end_precision``.
    decided_by, intervention, precondition
        Who decided; what would have been changed; what it would have taken.
    votes
        Tuple of the votes that belong to it.
    scenario
        Name of the shipped world that plays it, or "".
    source
        Historians; "seen" where an excerpt was checked.
    facts_confidence, leverage_confidence
        Of the facts, and of the claim that it would have mattered.
    """
    frame = _with_partial_dates(_table("junctures"), "start", "end")
    frame["votes"] = _listed(frame.votes)
    return frame


def fates() -> pd.DataFrame:
    """Return what had become of everyone in a top bureau by the XVIII Congress, March 1939.

    Columns
    -------
    member
        House name.
    fate
        executed, suicide, assassinated, illness, alive, or seated (in the Politburo elected on
        22 March 1939).
    date
        Day of death, ``NaT`` for the living.
    later
        Manner and day of a violent death after March 1939, or "".
    violent
        True for executed, suicide and assassinated by then.
    source, confidence, note
        From where and how well known.
    """
    frame = _with_dates(_table("fates"), "date")
    frame["violent"] = frame.fate.isin(("executed", "suicide", "assassinated"))
    return frame


def counts() -> pd.DataFrame:
    """Return figures of the outcomes by 1939: so many of so many.

    Columns
    -------
    count, words
        Name, and what is counted.
    value, of
        So many, of so many.
    by
        First day of the month up to which it is counted, with ``by_precision``.
    source, confidence
        From where and how well known.
    weak
        True where it is weakly sourced: never to be fitted.
    """
    frame = _with_partial_dates(_table("counts"), "by")
    frame["weak"] = frame.confidence == "low"
    return frame


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
    frame = _table("questions", ("status_quo", "y0", "y1"))
    for column in ("for0", "for1"):
        frame[column] = _listed(frame[column])
    return _with_partial_dates(frame, "date")


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
    return _with_partial_dates(_table("clienteles", ["grounded_before"]), "start", "end")


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
    return _table("codings")


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
    return _table("disagreements")


def falls() -> pd.DataFrame:
    """Return one row for each of those by whom a model's falls are judged, in order of falling.

    Columns
    -------
    member
        House name, as in `members`.
    part
        left (removed by the end of 1926), right (removed from 1927 to 1930), spared (never) or
        secretary (never; who ruled in the end).
    wave
        Place in the order in which they were removed from the Politburo, from 1; those who went
        within half a year of each other share one, those never removed come last.
    late_wave
        The same with the left out and the right taken together; nan for the left.
    """
    return _table("falls", ("wave", "late_wave"))
