"""The record holds together: dates, seats, votes, counts, and every mark of doubt."""

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from politburo_sim import history
from politburo_sim.files.locate import names
from politburo_sim.history import reading, tables

LOADERS: dict[str, Callable[[], pd.DataFrame]] = {
    loader.__name__: loader
    for loader in (
        history.memberships,
        history.members,
        history.votes,
        history.vote_positions,
        history.committee_turnover,
        history.committee_lists,
        history.seats,
        history.junctures,
        history.falls,
        history.fates,
        history.counts,
        history.disagreements,
        history.questions,
        history.clienteles,
        history.codings,
        history.divisions,
    )
}
DATES = {
    "memberships": ["start", "end"],
    "members": ["birth", "death", "expelled_from_party", "removed_from_politburo"],
    "votes": ["date"],
    "committee_turnover": ["start", "end"],
    "seats": ["after_date"],
    "junctures": ["start", "end"],
    "fates": ["date"],
    "counts": ["by"],
    "questions": ["date"],
    "clienteles": ["start", "end"],
}
WITHOUT_A_LIFE = {
    *("Antipov", "Artem", "Budyonny", "Ioffe", "Kosarev", "Litvinov", "Lomov", "Lozovsky"),
    *("Manuilsky", "Milyutin", "Muranov", "Nikolaeva", "Nogin", "Shkiryatov", "Ulyanova M"),
    *("Uritsky", "Vareikis", "Yakir"),
}
"""Voters of whom the record has no dates of life: the laws below cannot speak of them."""


def spells() -> pd.DataFrame:
    return history.memberships().merge(history.members(), left_on="member", right_on="name")


def cast() -> pd.DataFrame:
    both = history.vote_positions().merge(history.votes(), on="vote_id", suffixes=("_known", ""))
    return both.merge(history.members(), left_on="member", right_on="name")


def disputed(table: str) -> set[str]:
    told = history.disagreements()
    return set(told.key[told.table == table])


@pytest.mark.parametrize("name", LOADERS)
def test_a_caller_may_change_what_it_gets(name: str) -> None:
    kept = LOADERS[name]()
    changed = LOADERS[name]()
    changed.iloc[:, 0] = changed.iloc[0, 0]
    changed["new"] = 0
    pd.testing.assert_frame_equal(LOADERS[name](), kept)


@pytest.mark.parametrize("name", LOADERS)
def test_every_column_is_described(name: str) -> None:
    missing = [
        column for column in LOADERS[name]().columns if column not in (LOADERS[name].__doc__ or "")
    ]
    said = {f"{word}_precision" for word in ("start", "end")}
    assert not set(missing) - said, f"{name} says nothing of {missing}"


@pytest.mark.parametrize("name", DATES)
def test_dates_parse(name: str) -> None:
    frame = LOADERS[name]()
    for column in DATES[name]:
        assert str(frame[column].dtype).startswith("datetime64"), column
        known = frame[column].dropna()
        assert len(known) > 0 and known.between("1869-01-01", "1992-01-01").all()


def test_no_date_is_lost_in_parsing() -> None:
    for name, columns in DATES.items():
        raw, parsed = reading.as_written(name), LOADERS[name]()
        for column in columns:
            assert ((raw[column].astype(str) != "") == parsed[column].notna()).all(), column


def test_partial_dates_say_so() -> None:
    people = history.members().set_index("name")
    assert people.loc["Lashevich", "birth_precision"] == "year"
    assert people.loc["Evdokimov", "birth"] == pd.Timestamp(1884, 10, 1)
    assert people.loc["Evdokimov", "birth_precision"] == "month"
    assert people.loc["Lenin", "death_precision"] == "day"
    assert people.loc["Lenin", "expelled_from_party_precision"] == ""
    assert (people.death_precision == "day").all()


def test_spells_start_before_they_end() -> None:
    frame = history.memberships()
    assert (frame.end.isna() | (frame.start < frame.end)).all()
    assert (frame.end.isna() == (frame.end_reason == "still_serving")).all()
    assert frame.start.max() < tables.END_OF_RECORD


def test_nobody_sits_twice_in_the_politburo_at_once() -> None:
    frame = history.memberships().query("body == 'politburo'").sort_values(["member", "start"])
    last = frame.groupby("member").end.shift()
    again = frame.groupby("member").cumcount() > 0
    assert (last[again] <= frame.start[again]).all()


def test_nobody_sits_before_joining_or_after_death() -> None:
    frame = spells()
    assert (frame.start.dt.year >= frame.joined_bolsheviks).all()
    end = frame.end.fillna(tables.END_OF_RECORD)
    assert (frame.death.isna() | (end <= frame.death)).all()


def test_death_ends_a_spell_on_the_day() -> None:
    frame = spells().query("end_reason in ('died', 'assassinated')")
    assert len(frame) > 5
    assert (frame.end == frame.death).all()


def test_nobody_votes_before_joining_or_after_death() -> None:
    frame = cast()
    assert len(frame) > 300
    assert (frame.date.dt.year >= frame.joined_bolsheviks).all()
    assert (frame.death.isna() | (frame.date <= frame.death)).all()


def test_those_without_a_life_are_named() -> None:
    voters = set(history.vote_positions().member)
    assert voters - set(history.members().name) == WITHOUT_A_LIFE


def test_every_position_belongs_to_a_vote_and_is_held_once() -> None:
    frame = history.vote_positions()
    assert set(frame.vote_id) <= set(history.votes().vote_id)
    assert not frame.duplicated(["vote_id", "member"]).any()


def test_only_the_seated_take_sides_in_the_politburo() -> None:
    frame = cast().query("body == 'Politburo'")
    outside = {
        f"{row.vote_id} {row.member}"
        for row in frame.itertuples()
        if row.member not in tables.seated(row.date, status="full")
    }
    assert outside == disputed("vote_positions")


def test_named_sides_are_no_more_than_the_count() -> None:
    votes = history.votes().query("record_type != 'decision'").set_index("vote_id")
    positions = history.vote_positions()
    for side, column in (("for", "yes"), ("against", "no"), ("abstain", "abstain")):
        named = positions[positions.position == side].groupby("vote_id").size()
        counted = votes[column].reindex(named.index).dropna()
        assert (named[counted.index] <= counted).all()


def test_seats_add_up_at_each_congress_and_change() -> None:
    wrong = {
        f"{row.event} {row.after_date:%Y-%m-%d}"
        for row in history.seats().itertuples()
        for status in ("full", "candidate")
        if tables.seated(row.after_date, status=status) != set(getattr(row, f"{status}_members"))
        or len(getattr(row, f"{status}_members")) != getattr(row, f"{status}_seats_filled")
    }
    assert wrong == set(), "list the disagreement in disagreements.csv with its reason"


def test_every_congress_from_the_eighth_has_its_seats() -> None:
    congresses = set(history.committee_turnover().congress) - {"VI", "VII"}
    events = set(history.seats().event)
    assert {f"{congress} Congress" for congress in congresses} <= events


def test_the_one_spell_that_the_seats_leave_out_is_told() -> None:
    """Every change of the Politburo has its row of seats, save Stasova's disputed spell."""
    frame = history.memberships().query("body == 'politburo'")
    told = set(history.seats().after_date)
    changes = pd.concat([frame.start, frame.end.dropna()])
    untold = frame[(frame.start.isin(set(changes) - told)) | (frame.end.isin(set(changes) - told))]
    assert set(untold.member) == {"Stasova"}
    assert "Stasova 1919" in disputed("memberships")
    assert set(frame.confidence[frame.member == "Stasova"]) == {"low"}


def test_the_last_seat_is_lost_on_the_same_day_in_both_tables() -> None:
    sat = history.memberships().query("body in ('politburo', 'politburo_1917')")
    last = sat.sort_values("start").groupby("member").end.last()
    people = history.members().set_index("name").removed_from_politburo.dropna()
    assert len(people) == 20
    assert (last[people.index] == people).all()


def test_weak_counts_stay_marked() -> None:
    votes = history.votes()
    assert set(votes.vote_id[votes.weak]) == {"V22", "V23", "V25", "V36"}
    assert set(votes.vote_id[votes.weak]) <= disputed("votes")
    turnover = history.committee_turnover()
    assert list(turnover.congress[turnover.weak]) == ["XIII", "XIV", "XV", "XVI", "XVII"]
    assert set(history.counts().query("weak")["count"]) == {"delegates_1934_arrested_executed"}


def test_confidence_is_one_of_the_marks() -> None:
    marks = {"high", "medium", "low"}
    for name, loader in LOADERS.items():
        frame = loader()
        for column in frame.columns[frame.columns.str.endswith("confidence")]:
            more = {"low-medium", "medium-high"} if name == "junctures" else {""}
            assert set(frame[column]) <= marks | more, f"{name}.{column}"


def test_codings_lie_on_the_scale_and_have_their_confidence() -> None:
    people = history.members()
    axes = {
        "econ_1923": "econ",
        "econ_1929": "econ",
        "internationalism": "intl",
        "party_democracy": "demo",
    }
    for axis, short in axes.items():
        coded = people[people[axis].notna()]
        assert coded[axis].between(-1, 1).all()
        assert (coded[f"{short}_confidence"] != "").all()
        assert (coded[f"{short}_justification"] != "").all()


def test_committee_sizes_add_up() -> None:
    frame = history.committee_turnover().set_index("congress")
    joint = frame.dropna(subset=["joint_body_size"])
    total = joint.cc_full + joint.cc_candidates + joint.ccc_members
    assert (total == joint.joint_body_size).all()
    assert (joint.two_thirds_of_joint_body == -(-2 * total // 3)).all()
    share = frame.prev_full_reelected_n / frame.prev_full_n
    assert (share - frame.share_prev_full_reelected).abs().max() < 0.0006


def test_remembered_lists_have_the_published_size_and_overlap() -> None:
    lists = history.committee_lists().groupby("congress").member.agg(set)
    turnover = history.committee_turnover().set_index("congress")
    order = ["VI", "VII", "VIII", "IX", "X", "XI"]
    assert [len(lists[c]) for c in order] == list(turnover.cc_full[order])
    overlap = [len(lists[a] & lists[b]) for a, b in pairwise(order)]
    assert overlap == list(turnover.prev_full_reelected_n[order[1:]])


def test_junctures_span_their_votes_and_name_shipped_worlds() -> None:
    votes = history.votes().set_index("vote_id").date
    for row in history.junctures().itertuples():
        assert row.start <= row.end
        assert all(row.start <= votes[vote] <= row.end for vote in row.votes), row.juncture
        assert row.scenario in {"", *names("scenarios")}, row.juncture
        assert row.source and row.precondition and row.intervention


def test_fates_agree_with_the_lives() -> None:
    fates = history.fates().merge(history.members(), left_on="member", right_on="name")
    dead = fates[fates.date.notna()]
    assert (dead.date == dead.death).all()
    assert (dead.fate == dead.death_cause).all()
    living = fates[fates.date.isna()]
    assert (living.death > pd.Timestamp(1939, 3, 22)).all()
    for row in living[living.later != ""].itertuples():
        assert row.later == f"{row.death_cause} {row.death:%Y-%m-%d}"


def test_fates_cover_the_politburo_and_its_last_members_are_seated() -> None:
    sat = history.memberships().query("body in ('politburo', 'politburo_1917')")
    sat = sat[sat.start <= pd.Timestamp(1939, 3, 22)]
    fates = history.fates()
    assert set(fates.member) == set(sat.member)
    assert set(fates.member[fates.fate == "seated"]) == set(tables.seated("1939-03-22"))


def test_counts_follow_from_the_tables_where_they_can() -> None:
    count = history.counts().set_index("count")
    sat = history.memberships().query("body in ('politburo', 'politburo_1917')")
    early = set(sat.member[sat.start <= pd.Timestamp(1927, 12, 19)])
    fates = history.fates().set_index("member")
    among = fates.loc[sorted(early)]

    def told(name: str) -> tuple[int, int]:
        return int(count.loc[name, "value"]), int(count.loc[name, "of"])

    later = among.later != ""
    assert told("bureau_1917_1927_violent_deaths") == (among.violent.sum(), len(early)) == (13, 28)
    assert told("bureau_1917_1927_violent_deaths_to_1940")[0] == (among.violent | later).sum()
    assert told("bureau_1917_1927_seated")[0] == (among.fate == "seated").sum() == 7


@pytest.mark.parametrize(
    ("name", "then", "now", "status"),
    [
        ("full_1922_still_full_1926", "1922-04-03", "1926-01-01", "full"),
        ("full_1922_still_full_1927", "1922-04-03", "1927-12-19", "full"),
        ("full_1922_still_full_1930", "1922-04-03", "1930-12-21", "full"),
        ("politburo_1934_seated", "1934-02-10", "1939-03-22", None),
        ("politburo_1934_full_kept", "1934-02-10", "1939-03-22", "full"),
    ],
)
def test_who_kept_a_seat_is_counted_right(
    name: str, then: str, now: str, status: str | None
) -> None:
    row = history.counts().set_index("count").loc[name]
    before = tables.seated(then, status=status)
    assert (row.value, row.of) == (len(before & tables.seated(now, status=status)), len(before))


QUESTION_WORDS = {
    "axis": {"economy", "party_regime", "internationalism"},
    "venue": {"politburo", "committee", "joint_plenum", "congress"},
    "outcome": {"0", "1", "compromise"},
    "origin": {"exogenous", "routine", "endogenous"},
    "hindsight": {"no", "part", "yes"},
}
TIE_WORDS = {
    "kind": {
        *("appointed_by", "long_service", "regional_machine", "friendship"),
        *("alliance_of_equals", "independent"),
    },
    "hindsight": {"none", "some", "strong"},
}


@pytest.mark.parametrize(
    ("loader", "words"), [(history.questions, QUESTION_WORDS), (history.clienteles, TIE_WORDS)]
)
def test_each_column_of_words_has_all_its_words_and_no_other(
    loader: Callable[[], pd.DataFrame], words: dict[str, set[str]]
) -> None:
    for column, allowed in words.items():
        assert set(loader()[column]) == allowed, column


def test_questions_are_counted_by_year_and_origin() -> None:
    frame = history.questions()
    years = frame.date.dt.year.value_counts().reindex(range(1922, 1935), fill_value=0)
    assert list(years) == [3, 9, 3, 6, 4, 4, 6, 4, 2, 0, 2, 1, 1]
    assert frame.origin.value_counts().to_dict() == {
        "routine": 21, "exogenous": 14, "endogenous": 10,
    }  # fmt: skip
    assert frame.hindsight.value_counts().to_dict() == {"no": 27, "part": 11, "yes": 7}
    assert frame.outcome.value_counts().to_dict() == {"1": 25, "0": 13, "compromise": 7}


def test_questions_are_numbered_by_month_with_the_lower_alternative_first() -> None:
    frame = history.questions()
    assert list(frame.id) == [f"Q{number:02}" for number in range(1, len(frame) + 1)]
    assert frame.date.is_monotonic_increasing
    assert (frame.date_precision == "month").all()
    assert (frame.y0 < frame.y1).all()
    assert frame[["y0", "y1", "status_quo"]].abs().le(1).all(axis=None)
    assert (frame[["title", "words0", "words1", "source"]] != "").all(axis=None)


def test_sides_of_questions_are_known_people_alive_and_on_one_side() -> None:
    people = history.members().set_index("name")
    for row in history.questions().itertuples():
        assert not set(row.for0) & set(row.for1), row.id
        assert len({*row.for0, *row.for1}) == len(row.for0) + len(row.for1), row.id
        deaths = people.death[[*row.for0, *row.for1]].dropna()
        assert (deaths >= row.date).all(), row.id


def test_questions_name_votes_of_about_their_month() -> None:
    """The farthest is the ballot of the XV Congress on what the plenum laid down in October."""
    votes = history.votes().set_index("vote_id").date
    named = history.questions().query("vote_id != ''")
    apart = (votes[named.vote_id].to_numpy() - named.date.to_numpy()) / pd.Timedelta(days=1)
    assert len(named) > 5
    assert ((apart >= 0) & (apart < 92)).all()


def test_ties_are_between_known_people_and_start_before_they_end() -> None:
    frame, people = history.clienteles(), set(history.members().name)
    assert set(frame.member) <= people
    assert set(frame.patron) - people == {"", "Moskvin"}
    assert (frame.member != frame.patron).all()
    assert (frame.end.isna() | (frame.start < frame.end)).all()
    assert frame.start.between("1922-01-01", "1930-12-01").all()
    assert frame.end.dropna().between("1922-01-01", "1930-12-01").all()
    assert set(frame.start_precision) == {"month"}
    assert frame.grounded_before.between(1917, 1930).all()
    assert (frame[["ground", "source"]] != "").all(axis=None)


def test_ties_are_counted_and_only_the_independent_have_no_patron() -> None:
    frame = history.clienteles()
    assert ((frame.patron == "") == (frame.kind == "independent")).all()
    assert not frame.duplicated(["member", "patron"]).any()
    tied = frame[~frame.kind.isin(("independent", "alliance_of_equals"))]
    counted = (len(tied), (frame.kind == "alliance_of_equals").sum(), (frame.patron == "").sum())
    assert counted == (47, 14, 20)
    assert (tied.patron == "Stalin").sum() == 20
    clean = tied.query("hindsight == 'none' and confidence != 'low' and grounded_before <= 1925")
    assert len(clean) == 20


def test_nobody_is_tied_after_death() -> None:
    deaths = history.members().set_index("name").death
    frame = history.clienteles().query("patron != 'Moskvin'")
    for column in ("member", "patron"):
        who = frame[frame[column] != ""]
        death = deaths[who[column]].to_numpy()
        last = who.end.fillna(pd.Timestamp(1930, 12, 1)).to_numpy()
        assert (pd.isna(death) | (last <= death)).all(), column


def test_every_disagreement_is_about_the_record_and_has_a_reason() -> None:
    told = history.disagreements()
    assert set(told.table) <= set(LOADERS)
    assert (told != "").all().all()
    assert disputed("votes") <= set(history.votes().vote_id)
    assert disputed("committee_turnover") <= set(history.committee_turnover().congress)
    votes = history.votes()
    assert set(votes.vote_id[votes.disputed]) == disputed("votes")


def test_the_tables_are_found_from_any_folder(tmp_path: Path) -> None:
    code = "from politburo_sim import history; print(len(history.memberships()))"
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(told.stdout) == len(history.memberships())


def test_the_examples_run() -> None:
    assert doctest.testmod(tables) == (0, 1)


def test_every_table_that_a_world_cites_is_there() -> None:
    """A source that names a table of the record, and an entry of it, names one that is kept."""
    root = Path(__file__).resolve().parents[2]
    data = root / "src" / "politburo_sim" / "history" / "data"
    known = {
        part
        for name in pd.read_csv(data / "junctures.csv")["juncture"]
        for part in (name, name.partition(".")[0])
    }
    cited = 0
    for file in sorted([*root.glob("scenarios/*.toml"), *root.glob("records/*.toml")]):
        text = file.read_text(encoding="utf-8")
        for name in re.findall(r"history/([a-z_]+\.[a-z]+)", text):
            assert (data / name).is_file(), f"{file.name}: {name}"
            cited += 1
        for first, second in re.findall(r"junctures\.csv (J\d+)(?: and (J\d+))?", text):
            assert {first, second or first} <= known, file.name
    assert cited > 50
