"""Records from files: the shipped one is the tables', and whatever is wrong is said."""

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from politburo_sim import history
from politburo_sim.cli.app import app
from politburo_sim.evidence.arrays import UNKNOWN, RecordArrays, record_arrays
from politburo_sim.evidence.record import check_record, load_record
from politburo_sim.evidence.schema import KINDS, Ask, RecordOfHistory
from politburo_sim.files.errors import ScenarioError
from politburo_sim.files.locate import folder
from politburo_sim.lab import door
from politburo_sim.months import month_index, month_key
from politburo_sim.state.body import CANDIDATE, COMMITTEE, NOBODY
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import World, build_world

NAME = "ussr-1922-record"
SHIPPED = (folder("records") / f"{NAME}.toml").read_text(encoding="utf-8")
SIDES = {"for": 1, "supported": 1, "against": 0, "opposed": 0}


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(load_scenario("ussr-1922"))


@pytest.fixture(scope="module")
def record() -> RecordOfHistory:
    return check_record(NAME)


@pytest.fixture(scope="module")
def arrays(world: World, record: RecordOfHistory) -> RecordArrays:
    return record_arrays(world, record)


def vote_of(ask: Ask) -> str:
    """The row of the table of votes that an ask names first."""
    found = re.search(r"V\d\d", str(ask.source))
    assert found is not None, ask.id
    return found.group()


def test_every_named_position_is_in_the_table(record: RecordOfHistory) -> None:
    table = history.vote_positions()
    table = table[table.position.isin(list(SIDES))]
    questions = history.questions().set_index("id")
    for ask in record.asks:
        of_question: set[str] = set()
        if ask.question is not None:
            of_question = {*questions.for0[ask.question], *questions.for1[ask.question]}
        known = table[table.vote_id == vote_of(ask)].set_index("member").position.map(SIDES)
        for _, read in ask.read():
            for yes, no in (((*(read.yes or ()), read.mover), (*(read.no or ()), read.target)),
                            (read.judge_yes or (), read.judge_no or ())):  # fmt: skip
                named = {*(read.yes or ()), *(read.no or ()), *(read.judge_yes or ()),
                         *(read.judge_no or ())}  # fmt: skip
                told = set(known.index) | of_question | {"Lenin", "Stalin"}
                assert named <= told, (ask.id, named)
                together = [set(known.reindex(side).dropna()) for side in (yes, no)]
                assert all(len(side) <= 1 for side in together), (ask.id, together)
                assert not together[0] & together[1], (ask.id, together)


def test_months_and_confidence_are_the_tables(record: RecordOfHistory) -> None:
    votes = history.votes().set_index("vote_id")
    positions = history.vote_positions().groupby("vote_id").confidence.first()
    for ask in record.asks:
        number = vote_of(ask)
        if number == "V46":  # names of June, outcome of August
            number = "V47"
        assert f"{votes.date[number]:%Y-%m}" == ask.month, ask.id
        assert ask.confidence == positions.get(number, votes.confidence[number]), ask.id


def test_seats_are_those_of_the_table(record: RecordOfHistory) -> None:
    table = history.seats().set_index("after_date")
    before: set[str] = set()
    news: dict[str, tuple[set[str], int]] = {}
    mine = {member.name for member in load_scenario("ussr-1922").members}
    for day, full in table.full_members.items():
        new = set(full) - before
        before = set(full)
        if new and f"{day:%Y-%m}" > "1922-04" and f"{day:%Y-%m}" <= record.last:
            news[f"{day:%Y-%m}"] = (new & mine, len(new - mine))
    assert news == {each.month: (set(each.filled_by), each.others) for each in record.seats}


def test_who_falls_is_who_fell(record: RecordOfHistory) -> None:
    removed = history.members().set_index("name").removed_from_politburo.dropna()
    falls = {ask.beaten: ask.month for ask in record.asks if ask.rung == "removed" and ask.judged}
    falls |= {name: ask.month for ask in record.asks for name, rung in (ask.named or {}).items()
              if rung == "removed"}  # fmt: skip
    assert falls == {name: f"{removed[name]:%Y-%m}" for name in falls}
    assert len(falls) == 6  # the Left, the Right and nobody else


def test_a_reading_of_another_kind_has_no_policy(record: RecordOfHistory) -> None:
    [ask] = [ask for ask in record.asks if ask.id == "zinoviev-out"]
    (_, debate), (_, judge) = ask.read()
    assert debate.question == "Q25" and debate.beaten == judge.beaten == "Zinoviev"
    assert (judge.question, judge.carried, judge.yes, judge.no) == (None,) * 4
    assert judge.judge_yes == debate.judge_yes


def test_arrays_say_what_the_file_says(
    world: World, record: RecordOfHistory, arrays: RecordArrays
) -> None:
    names, rungs = np.array(world.names), world.rungs

    def who(row: np.void, field: str, value: int) -> set[str]:
        return set(names[row[field] == value])

    read = [(number, weight, said) for number, ask in enumerate(record.asks)
            for weight, said in ask.read()]  # fmt: skip
    for row, (number, weight, ask) in zip(arrays.asks, read, strict=True):
        assert (row["ask"], row["weight"], KINDS[row["kind"]]) == (number, weight, ask.kind)
        assert (names[row["mover"]], names[row["target"]]) == (ask.mover, ask.target)
        assert who(row, "position", 1) == set(ask.yes or ())
        assert who(row, "position", 0) == set(ask.no or ())
        assert who(row, "judge", 1) == set(ask.judge_yes or ())
        assert who(row, "judge", 0) == set(ask.judge_no or ())
        assert row["carried"] == (UNKNOWN if ask.carried is None else ask.carried)
        assert row["judged"] == (UNKNOWN if ask.judged is None else ask.judged)
        assert (rungs[row["rung"]] if row["rung"] else "none") == ask.rung
        named = {str(names[slot]): rungs[row["named"][slot]] for slot in row["named"].nonzero()[0]}
        assert named == (ask.named or {})
        assert arrays.due[row["month"]] <= number or row["month"] > 0
    assert arrays.due[-1] == len(arrays.asks)


def test_months_count_from_the_start(
    world: World, record: RecordOfHistory, arrays: RecordArrays
) -> None:
    unheard = {month_index(world.start, month) for month in record.unheard}
    assert unheard
    assert (arrays.first, arrays.last) == (0, 104)
    assert arrays.asks["month"][0] == 6 and arrays.texts[0].startswith("1922-10")
    for month in range(world.months):
        rows = arrays.asks[arrays.due[month] : arrays.due[month + 1]]
        assert (rows["month"] == month).all()
        silent = month <= arrays.last and len(rows) == 0 and month not in unheard
        assert arrays.silent[month] == silent
    assert set(arrays.exceptions["to"]) == {CANDIDATE, COMMITTEE}
    assert arrays.seats["slots"][1].min() > NOBODY and arrays.seats["others"].sum() == 3


def test_questions_are_rows_of_the_agenda_where_the_world_puts_them(
    world: World, record: RecordOfHistory, arrays: RecordArrays
) -> None:
    longer = build_world(load_scenario("ussr-1922-all-questions"))
    none = build_world(load_scenario("ussr-1922-no-questions"))
    assert (record_arrays(none, load_record(none)).asks["question"] == NOBODY).all()
    more = record_arrays(longer, load_record(longer)).asks
    put = {longer.questions[row].id for row in more["question"] if row != NOBODY}
    mine = {world.questions[row].id for row in arrays.asks["question"] if row != NOBODY}
    assert mine < put and "union-of-republics" in put
    for row in more[more["question"] != NOBODY]:
        assert longer.agenda.due[row["month"]] <= row["question"]
        assert row["question"] < longer.agenda.due[row["month"] + 1]


def test_a_counterfactual_does_not_take_the_record_over() -> None:
    assert load_scenario("ussr-1922").record == NAME
    assert load_scenario("trotsky-speaks-1923").record is None
    with pytest.raises(ScenarioError, match="names no record"):
        load_record(load_scenario("trotsky-speaks-1923"))


def test_a_record_is_in_no_identity_of_a_run() -> None:
    assert "record" not in load_scenario("ussr-1922").model_dump(mode="json", by_alias=True)


HEAD = 'title = "T"\nworld = "ussr-1922"\nsource = "s"\nfirst = "1922-04"\nlast = "1930-12"\n' + (
    "recorded = {low = 0.3, high = 1}\nerror = {low = 0.01, high = 0.01}\n"
    "seat_error = {low = 0.1, high = 0.1}\n"
)
MEN = ("Stalin", "Trotsky", "Zinoviev", "Kamenev", "Rykov", "Tomsky", "Bukharin", "Kalinin")


@st.composite
def debate(draw: st.DrawFn, number: int, month: int) -> str:
    """One ask among men who are all there from 1922 on, and who keep their seats."""
    mover, target, *others = draw(st.permutations(MEN))
    cut, end = sorted(draw(st.tuples(*[st.integers(0, len(others))] * 2)))
    lines = [
        f'[[ask]]\nid = "a{number}"\nmonth = "{month_key("1922-04", month)}"',
        f'text = "t"\nkind = "debate"\nmover = "{mover}"\ntarget = "{target}"',
        f"yes = {others[:cut]}\nno = {others[cut:end]}",
    ]
    if draw(st.booleans()):
        lines.append(f"carried = {str(draw(st.booleans())).lower()}\nrung = 'censured'")
    return "\n".join(lines) + "\n"


@st.composite
def asks(draw: st.DrawFn) -> list[str]:
    months = draw(st.lists(st.integers(0, 100), unique=True, max_size=6))
    return [draw(debate(number, month)) for number, month in enumerate(months)]


def written(folder: Path, text: str) -> Path:
    path = folder / "r.toml"
    path.write_text(text, encoding="utf-8")
    return path


@settings(max_examples=30, deadline=None)
@given(asks=asks(), data=st.data())
def test_the_order_of_the_file_means_nothing(
    asks: list[str], data: st.DataObject, world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("records")
    one = record_arrays(world, load_record(world, written(folder, HEAD + "".join(asks))))
    mixed = data.draw(st.permutations(asks))
    two = record_arrays(world, load_record(world, written(folder, HEAD + "".join(mixed))))
    assert one.asks.tobytes() == two.asks.tobytes()
    assert np.array_equal(one.due, two.due) and np.array_equal(one.silent, two.silent)
    assert one.silent.sum() == 105 - len(asks)
    weights = np.zeros(len(asks))
    np.add.at(weights, one.asks["ask"], one.asks["weight"])
    assert np.allclose(weights, 1)
    leaders = np.concatenate([one.asks["mover"], one.asks["target"]]).reshape(2, -1).T
    for row, pair in zip(one.asks, leaders, strict=True):
        assert (row["position"][pair] == UNKNOWN).all()


@settings(max_examples=30, deadline=None)
@given(weights=st.lists(st.floats(0.01, 1), min_size=1, max_size=4))
def test_weights_are_taken_only_if_they_sum_to_one(
    weights: list[float], world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = HEAD + (
        '[[ask]]\nid = "a"\nmonth = "1923-01"\ntext = "t"\nkind = "debate"\n'
        'mover = "Stalin"\ntarget = "Trotsky"\n'
    )
    shares = [weight / sum(weights) for weight in weights]
    for given_, sound in ((shares, True), ([*shares[:-1], shares[-1] / 2], False)):
        tables = (f'[[ask.reading]]\nweight = {w!r}\nbasis = "b"\n' for w in given_)
        path = written(tmp_path_factory.mktemp("records"), text + "".join(tables))
        if sound:
            assert len(record_arrays(world, load_record(world, path)).asks) == len(weights)
        else:
            with pytest.raises(ScenarioError, match="do not sum to one"):
                load_record(world, path)


#: words of the shipped file -> the same gone wrong, and what must be said of it
BAD: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "a name that is not there": (
        'mover = "Lenin"', 'mover = "Lennin"',
        ("line 45: ask[union].mover: no such member, did you mean 'Lenin'?",),
    ),
    "a key that is none": (
        'carried = true', 'caried = true', ("caried: unknown key, did you mean 'carried'?",)
    ),
    "a kind that is none": ('kind = "judge"', 'kind = "judges"', ("did you mean 'judge'?",)),
    "a month before the world": (
        'first = "1922-04"', 'first = "1921-04"', ("first: outside the world", "from 1922-04 to")
    ),
    "a month after the record": (
        'month = "1922-10"', 'month = "1931-10"',
        ("ask[union].month: outside the record", "from 1922-04 to 1930-12"),
    ),
    "both yes and no": (
        'yes = ["Kamenev", "Sokolnikov"]', 'yes = ["Kamenev", "Rykov"]',
        ("Rykov stands here and in yes",),
    ),
    "the mover again": (
        'yes = ["Kamenev"]\nrung', 'yes = ["Lenin"]\nrung', ("Lenin stands here and in mover",)
    ),
    "a man who is not there yet": (
        'yes = ["Kamenev"]\nrung', 'yes = ["Ordzhonikidze"]\nrung',
        ("Ordzhonikidze has no seat in 1922-10", "given: 'not there yet'"),
    ),
    "a man who is dead": (
        'judge_yes = ["Molotov", "Kalinin"]', 'judge_yes = ["Molotov", "Lenin"]',
        ("Lenin has no seat in 1927-08", "dead"),
    ),
    "a man who was removed": (
        'judge_yes = ["Molotov", "Kalinin"]', 'judge_yes = ["Molotov", "Kamenev"]',
        ("Kamenev has no seat in 1927-08", "given: 'removed'"),
    ),
    "a man on the floor who sits": (
        'text = "Kamenev expelled by the XV Congress"\nkind = "floor"\nmover = "Stalin"\n'
        'target = "Kamenev"',
        'text = "x"\nkind = "floor"\nmover = "Stalin"\ntarget = "Rykov"',
        ("Rykov is not out of the body but in the party in 1927-12", "a full member"),
    ),
    "weights": ("weight = 0.75", "weight = 0.7", ("the weights do not sum to one", "0.95")),
    "a rung that is none": (
        'rung = "censured"', 'rung = "censored"', ("no such rung, did you mean 'censured'?",)
    ),
    "a rung of another": (
        '{Tomsky = "dismissed"}', '{Tomsky = "dismised"}', ("did you mean 'dismissed'?",)
    ),
    "the beaten named with himself": (
        '{Tomsky = "dismissed"}', '{Bukharin = "dismissed"}',
        ("Bukharin is the one called to account",),
    ),
    "judged without a sanction": (
        'yes = ["Kamenev"]\nrung = "none"', 'yes = ["Kamenev"]\nrung = "none"\njudged = true',
        ("judged without a sanction",),
    ),
    "no sanction to judge": (
        'rung = "removed"\njudged = false', 'judged = false', ("rung: missing",)
    ),
    "a policy where there is none": (
        'rung = "removed"\njudged = false', 'rung = "removed"\njudged = false\ncarried = true',
        ("an ask of the kind judge has no question of policy",),
    ),
    "an id twice": (
        'id = "letter-of-trotsky"', 'id = "union"', ("the same ask twice", "ask number 1 again")
    ),
    "seats of a month twice": (
        'month = "1926-07"\nfilled_by', 'month = "1926-01"\nfilled_by', ("the same seat twice",)
    ),
    "a seat for one who has one": (
        'filled_by = ["Kuibyshev"]', 'filled_by = ["Rudzutak"]', ("Rudzutak has a seat already",)
    ),
    "a question that is none": (
        'question = "Q13"', 'question = "Q99"', ("no such question",)
    ),
    "a question of another month": (
        'question = "Q13"', 'question = "Q12"', ("put in another month",)
    ),
    "against himself": ('target = "Stalin"', 'target = "Lenin"', ("acts on himself",)),
    "an error of never": (
        "error = {low = 0.005", "error = {low = 0.0", ("error.low: out of range", "more than 0")
    ),
    "a range upside down": (
        "recorded = {low = 0.3, high = 0.95}", "recorded = {low = 0.9, high = 0.5}",
        ("low is above high",),
    ),
    "silence in a month with an ask": (
        'unheard = [', 'unheard = ["1922-10",',
        ("something was asked in it",),
    ),
    "a world that is none": (
        'world = "ussr-1922"', 'world = "usr-1922"', ("no such world, did you mean 'ussr-1922'?",)
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_said(case: str, tmp_path: Path) -> None:
    old, new, said = BAD[case]
    assert old in SHIPPED
    path = written(tmp_path, SHIPPED.replace(old, new, 1))
    with pytest.raises(ScenarioError) as wrong:
        door.check(str(path))
    for words in (*said, "r.toml"):
        assert words in str(wrong.value)


def test_a_world_is_checked_with_its_record(tmp_path: Path) -> None:
    written(tmp_path, SHIPPED.replace('mover = "Lenin"', 'mover = "Nobody"', 1))
    mine = tmp_path / "mine.toml"
    mine.write_text('title = "M"\nextends = "ussr-1922"\nrecord = "r.toml"\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match="no such member"):
        door.check(str(mine))
    mine.write_text('title = "M"\nextends = "ussr-1922"\nrecord = "ussr-1922-rec"\n', "utf-8")
    with pytest.raises(ScenarioError, match="no such record, did you mean 'ussr-1922-record'"):
        door.check(str(mine))


def test_a_record_is_shown_and_found_sound() -> None:
    shown = CliRunner().invoke(app, ["show", NAME])
    assert shown.exit_code == 0
    assert "75% Lenin against Stalin (debate), carried" in shown.output
    assert "1930-07  3 whom the world lacks" in shown.output
    data = CliRunner().invoke(app, ["show", NAME, "--json"])
    assert '"seat_error"' in data.output and data.exit_code == 0
    path = str(folder("records") / f"{NAME}.toml")
    assert CliRunner().invoke(app, ["check", path]).output.endswith(": sound\n")
    assert door.check(path) == door.RECORD


def test_every_ask_of_the_file_is_kept(record: RecordOfHistory) -> None:
    table = tomllib.loads(SHIPPED)
    assert len(record.asks) == len(table["ask"]) == 18
    assert all(reading.basis for ask in record.asks for reading in ask.readings)
