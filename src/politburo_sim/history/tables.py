"""The historical record as tables: who sat where and when, who voted how, what is known how well.

Each loader returns a new frame, so that a caller may change what it gets. Dates are
``pandas.Timestamp`` (New Style); a blank date is ``NaT``. Where the record gives only a month or a
year, the timestamp is the first day it allows and the column ``<date>_precision`` says "month" or
"year". Confidence is "high", "medium" or "low" (for junctures also "low-medium" and
"medium-high"). Where sources disagree, `disagreements` says what was kept and why.
Sources and marks are explained in ``data/README.md`` beside the tables.
"""

from __future__ import annotations

import pandas as pd

from politburo_sim.history.judgements import disagreements
from politburo_sim.history.reading import as_written, listed, table, with_dates, with_partial_dates

END_OF_RECORD = pd.Timestamp(1941, 6, 22)
"""The memberships are told up to this day: a blank end means still serving then."""


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
    return with_dates(table("memberships"), "start", "end")


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
    frame = table("members", axes)
    removal = frame.removed_from_politburo.astype(str).str.extract(r"^(\S*)(?: \((.*)\))?$")
    frame["removed_from_politburo"] = removal[0]
    frame.insert(frame.columns.get_loc("removed_from_politburo") + 1, "removal_manner", removal[1])
    frame["removal_manner"] = frame.removal_manner.fillna("")
    frame = with_dates(frame, "removed_from_politburo")
    return with_partial_dates(frame, "birth", "death", "expelled_from_party")


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
    frame = with_dates(table("votes", ("yes", "no", "abstain")), "date")
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
    return table("vote_positions")


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
    return table("divisions")


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
    numbers = [column for column in as_written("committee_turnover").columns if column not in words]
    frame = with_dates(table("committee_turnover", numbers), "start", "end")
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
    return table("committee_lists")


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
    frame = with_dates(table("seats"), "after_date")
    for column in ("full_members", "candidate_members"):
        frame[column] = listed(frame[column])
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
    frame = with_partial_dates(table("junctures"), "start", "end")
    frame["votes"] = listed(frame.votes)
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
    frame = with_dates(table("fates"), "date")
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
    frame = with_partial_dates(table("counts"), "by")
    frame["weak"] = frame.confidence == "low"
    return frame


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
    return table("falls", ("wave", "late_wave"))
