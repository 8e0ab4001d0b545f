"""A world says its own words: another body needs no Python, and no word changes a number."""

import ast
import re
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from politburo_sim import Politburo
from politburo_sim.cli.app import app
from politburo_sim.files.errors import ScenarioError
from politburo_sim.files.locate import folder, names
from politburo_sim.files.toml import read_source
from politburo_sim.lab.runs import run_many
from politburo_sim.outcomes import NEVER, removals
from politburo_sim.state.body import COMMITTEE, GONE, NOBODY, PARTY_LOST
from politburo_sim.state.journal import SANCTION
from politburo_sim.worlds.doubts import doubts
from politburo_sim.worlds.scenario import load_scenario, scenario_names
from politburo_sim.worlds.schema import Scenario
from politburo_sim.worlds.words import LADDER, Rung, Words
from politburo_sim.worlds.world import World, build_world

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "scenario-files.md").read_text(encoding="utf-8")
BASE, WORDS, RUNGS_OF_THE_PAGE = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[:3]
CLUB = BASE.replace('"Anna"', '"Anna Major"').replace(
    "[rules]", f"{WORDS}\n{RUNGS_OF_THE_PAGE}\n[rules]"
)


def save(folder: Path, text: str, name: str = "club.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def club(folder: Path, text: str = CLUB) -> Path:
    return save(folder, text.replace('rung = "dismissed"', 'rung = "relieved"'))


def test_a_chronicle_is_told_in_the_words_of_its_world(tmp_path: Path) -> None:
    told = " ".join(Politburo(load_scenario(club(tmp_path)), seed=3).run().record.prose().split())
    assert "Full members of the Council in " in told
    assert "Anna Major, who is Secretary" in told
    assert "Boris moves that Anna leave her post" in told
    run = Politburo(load_scenario(club(tmp_path)), seed=3)
    assert run.world.rungs == ("clear", "warned", "relieved", "removed", "expelled")


@pytest.mark.parametrize("name", scenario_names())
def test_no_chronicle_speaks_of_another_body(name: str) -> None:
    scenario = load_scenario(name)
    bodies = {load_scenario(other).words.body for other in scenario_names()}
    told = Politburo(scenario, seed=7).run().record.prose()
    events = " ".join(event.text for event in scenario.events)
    for other in bodies - {scenario.words.body, Words().body}:
        assert other not in told or other in events
    heads = "Full members" if scenario.words.has_candidates else "Members"
    assert f"{heads} of the {scenario.words.body} in" in " ".join(told.split())


@pytest.mark.parametrize("name", ["ussr-1922", "presidium-1957"])
def test_no_word_changes_a_number(name: str) -> None:
    scenario = load_scenario(name)
    plain = scenario.model_copy(update={
        "words": Words(), "ladder": tuple(
            rung.model_copy(update={"done": "x", "demand": "{who}", "strike": "{who}"})
            for rung in scenario.ladder
        ),
    })  # fmt: skip
    one, two = (Politburo(world, seed=7).run().record for world in (scenario, plain))
    assert np.array_equal(one.entries, two.entries) and np.array_equal(one.shares, two.shares)
    assert one.prose() != two.prose()


def rung(name: str, *takes: str) -> Rung:
    """A rung of a made ladder."""
    who = "{who}"
    return Rung.model_validate(
        {"name": name, "done": f"{name} indeed", "demand": f"that {who} be {name}",
         "strike": f"has {who} {name}", "takes": takes}
    )  # fmt: skip


WARNED, REBUKED = rung("warned"), rung("rebuked")
POSTS, SEAT, PARTY = (
    rung("relieved", "offices", "base"),
    rung("unseated", "seat"),
    rung("out", "party"),
)
BOTH = rung("dropped", "offices", "base", "seat")


def with_ladder(*rungs: Rung, **rules: float) -> World:
    """The Soviet world, in which men fall, with another ladder; nothing of the record's falls."""
    scenario = load_scenario("ussr-1922")
    known = [event for event in scenario.events if getattr(event, "rung", None) is None]
    raw = scenario.model_dump(by_alias=True, exclude={"record"})
    raw |= {
        "name": "made", "ladder": [each.model_dump() for each in rungs],
        "events": [event.model_dump(by_alias=True) for event in known],
    }  # fmt: skip
    return build_world(Scenario.model_validate(raw), {"coder_uncertainty": 1.0, **rules})


LADDERS = [
    (POSTS, SEAT, PARTY), (BOTH, PARTY), (WARNED, BOTH, PARTY),
    (WARNED, REBUKED, POSTS, SEAT, PARTY),
    (WARNED, REBUKED, rung("fined"), POSTS, rung("suspended"), SEAT, PARTY),
]  # fmt: skip


@pytest.mark.parametrize("rungs", LADDERS, ids=lambda rungs: "-".join(r.name for r in rungs))
def test_a_world_has_its_own_ladder(rungs: tuple[Rung, ...]) -> None:
    """Both drivers climb it, and the seat and the party are lost where it says."""
    world = with_ladder(*rungs)
    lost = world.losses
    assert world.rungs == ("clear", *(each.name for each in rungs))
    assert lost.party == len(rungs) == world.body.ladder[PARTY_LOST]
    seen: set[int] = set()
    for seed in range(12):
        run = Politburo(world, seed=seed).run()
        out = run_many(world, np.array([seed]), workers=1)
        assert out.rungs.shape[2] == len(rungs) + 1
        assert np.array_equal(out.rungs[0], run.body.since[:, : len(rungs) + 1])
        assert (run.body.since[:, len(rungs) + 1 :] == NOBODY).all()
        assert (removals(world, out)[0] < NEVER).sum() == len(run.record.outcome()["removals"])
        for slot, status in enumerate(run.body.status):
            at = int(run.body.rung[slot])
            seen.add(at)
            if at >= lost.seat:  # who has lost his posts alone may be given others later
                assert status in (COMMITTEE, GONE) and slot not in run.body.office_holder
            if at == lost.party:
                assert status == GONE
        told = run.record.prose()
        for entry in run.record.rows:
            if entry.kind == SANCTION:
                assert rungs[entry.what - 1].done.split()[0] in told
    assert seen >= {0, lost.seat}, "nobody has fallen: the test has seen nothing"
    if lost.posts > 1:
        assert 1 in seen


def test_more_rungs_before_the_seat_keep_men_longer() -> None:
    """Whoever has to climb more rungs, each of which needs an offence and time, falls later."""
    seeds = np.arange(300)
    fallen = [
        (removals(world, run_many(world, seeds)) < NEVER).sum()
        for world in (with_ladder(*rungs, rule_of_one=0) for rungs in (LADDERS[0], LADDERS[4]))
    ]
    assert fallen[0] > fallen[1] > 0


def test_the_usual_ladder_written_out_changes_nothing() -> None:
    world = with_ladder(*LADDER)
    bare = load_scenario("ussr-1922")
    known = tuple(event for event in bare.events if getattr(event, "rung", None) is None)
    plain = build_world(bare.model_copy(update={"events": known}), {"coder_uncertainty": 1.0})
    for one, two in zip(*(run_many(each, np.arange(50)) for each in (world, plain)), strict=True):
        assert np.array_equal(one, two, equal_nan=one.dtype.kind == "f")


@pytest.mark.parametrize(
    ("rungs", "said"),
    [
        ((POSTS, SEAT), "a loss that comes not once"),
        ((POSTS, SEAT, PARTY, rung("out-again", "party")), "a loss that comes not once"),
        ((POSTS, SEAT, PARTY, WARNED), "what is lost in another order"),
        ((SEAT, POSTS, PARTY), "what is lost in another order"),
        ((POSTS, rung("gone", "seat", "party")), "what is lost in another order"),
        ((rung("poor", "offices"), rung("weak", "base"), SEAT, PARTY), "posts without the base"),
        ((WARNED, WARNED, POSTS, SEAT, PARTY), "the same rung twice"),
        ((rung("clear"), POSTS, SEAT, PARTY), "a rung of this name"),
        ((*(rung(f"r{k}") for k in range(5)), POSTS, SEAT, PARTY), "too many rungs"),
        ((), "a loss that comes not once"),
    ],
)  # fmt: skip
def test_a_ladder_that_the_rules_cannot_climb_is_answered(
    rungs: tuple[Rung, ...], said: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        with_ladder(*rungs)
    assert said in str(caught.value.errors()[0]["ctx"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('[words]\nbody = "Council"', '[words]\nbdy = "Council"', "words.bdy: unknown key"),
        ('body = "Council"', "body = 3", "words.body: wrong type"),
        ("[words.axes.economy]", "[words.axes.econmy]", "no such axis, did you mean 'economy'"),
        ("[words.offices]\nSecretary", "[words.offices]\nSecretry", "no such office, did you mean"),
        ('low = "more state"', 'lowest = "more state"', "words.axes.economy.lowest: unknown key"),
        ('demand = "a warning to {who}"', 'demand = "a warning"', "demand: {who} is missing"),
        ('done = "warned"', 'done = "warned by {ruler}"', "done: braces that stand for nothing"),
        ('done = "warned"', 'done = "warned {"', "done: braces that stand for nothing"),
        ('name = "relieved"', 'name = "warned"', "ladder: the same rung twice"),
        ('takes = ["seat"]', 'takes = []', "seat, taken by no rung"),
        ('takes = ["seat"]', 'takes = ["seats"]', "takes[#1]: not one of the words, did you mean"),
        ('rung = "relieved"', 'rung = "dismissed"', "no such rung"),
    ],
)  # fmt: skip
def test_words_gone_wrong_are_answered(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = club(tmp_path)
    text = file.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(ScenarioError) as caught:
        load_scenario(save(tmp_path, text.replace(old, new)))
    assert said in str(caught.value) and ", line " in str(caught.value)
    assert "allowed: " in str(caught.value) and "what to do: " in str(caught.value)


def test_words_are_taken_over_one_by_one(tmp_path: Path) -> None:
    club(tmp_path)
    child = 'title = "x"\nextends = "club.toml"\n[words]\nbody = "Board"\n'
    child += '[words.axes.economy]\nlow = "left"\n'
    words = load_scenario(save(tmp_path, child, "child.toml")).words
    assert (words.body, words.house, words.party) == ("Board", "Assembly", "party")
    assert words.axis("economy") == "the economy" and words.ends("economy") == (
        "left",
        "more market",
    )


def test_a_world_without_an_axis_of_the_one_below_needs_no_words_for_it(tmp_path: Path) -> None:
    club(tmp_path)
    child = 'title = "x"\nextends = "club.toml"\naxes = ["party_regime"]\nline = {}\n'
    child += 'without = ["questions"]\n'
    ideals = "".join(f'[[members]]\nname = "{n}"\nideal = {{}}\n' for n in ("Anna Major", "Boris"))
    assert load_scenario(save(tmp_path, child + ideals, "child.toml")).axes == ("party_regime",)


DEAD = """
[[events]]
id = "anna-dies"
date = "1923-01"
kind = "death"
text = "Anna dies."
who = "Anna Major"
"""
DORA = '[[members]]\nname = "Dora"\nstatus = "awaited"\nprestige = 1\n'
ASKS = """
[[events]]
id = "dora-asks"
date = "1923-02"
kind = "bond"
text = "Dora and Boris make friends."
who = "Dora"
whom = "Boris"
amount = 0.5
"""
COMES = """
[[events]]
id = "dora-comes"
date = "{}"
kind = "admission"
text = "Dora comes."
who = "Dora"
status = "candidate"
"""
EMPTY = '[[offices]]\nname = "Treasurer"\n'
NUMBERED = "".join(
    f'[[offices]]\nname = "Deputy chairman {number}"\nholder = "{who}"\n'
    for number, who in ((1, "Boris"), (2, "Anna Major"))
)
NORM = """
[[events]]
id = "all-for-gain"
date = "1923-03"
kind = "norm"
text = "From now on everybody is out for gain."
parameter = "opportunism"
amount = 1.0
"""
ANNA_COMES = COMES.format("1923-01").replace("Dora", "Anna Major")
SLIP = '[[offices]]\nname = "secretary"\nholder = "Boris"\n'


@pytest.mark.parametrize(
    ("more", "parts"),
    [
        (DEAD, ("events[boris-asks].against: Anna Major is not there any more by then",
                "before 1923-01, the event anna-dies")),
        (DEAD.replace("death", "exit"), ("events[boris-asks].against",)),
        (DORA + ASKS, ("events[dora-asks].who: Dora is not there yet by then", "admission")),
        (DORA + ASKS + COMES.format("1923-04"), ("events[dora-asks].who: Dora is not there yet",)),
        (EMPTY, ("offices[Treasurer]: nobody can ever hold it", "name a holder")),
        (NORM, ("events[all-for-gain].parameter: it is read when the world is founded",
                "at most newcomers")),
        (DORA, ("members[Dora].status: Dora can never come", "admission")),
        (ANNA_COMES, ("events[dora-comes].who: Anna Major is in the body already by then",
                      "allowed: Anna Major awaited at the start")),
        (DORA + COMES.format("1923-01")
         + COMES.format("1923-05").replace('"dora-comes"', '"dora-again"'),
         ("events[dora-again].who: Dora is in the body already by then", "dora-comes")),
        (SLIP, ("offices[secretary].name: an office of its own beside 'Secretary'", "capitals")),
    ],
)  # fmt: skip
def test_what_can_hardly_be_meant_is_said_and_not_refused(
    tmp_path: Path, more: str, parts: tuple[str, ...]
) -> None:
    file = club(tmp_path, CLUB + more)
    done = CliRunner().invoke(app, ["check", str(file)])
    assert done.exit_code == 0 and f"{file}: sound" in done.stdout
    assert done.stderr.count("doubtful: ") == 1
    for part in (*parts, ", line ", "what to do: "):
        assert part in done.stderr


@pytest.mark.parametrize("more", ["", DEAD.replace("1923-01", "1923-06"), NUMBERED,
                                  DORA + COMES.format("1923-01") + ASKS])  # fmt: skip
def test_what_can_be_meant_is_no_doubt(tmp_path: Path, more: str) -> None:
    assert doubts(club(tmp_path, CLUB + more)) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [("Anna-Major", ["members[Anna-Major].name: a member of its own beside 'Anna Major'"]),
     ("Boriss", ["members[Boriss].name: a member of its own beside 'Boris'"]),
     ("Anna Major", []), ("Bertha", [])],
)  # fmt: skip
def test_a_member_with_nearly_the_name_of_one_below_is_doubted(
    tmp_path: Path, name: str, said: list[str]
) -> None:
    club(tmp_path)
    child = f'title = "x"\nextends = "club.toml"\nseats = 9\n[[members]]\nname = "{name}"\n'
    file = save(tmp_path, child + 'status = "full"\nprestige = 1\n', "child.toml")
    found = [str(doubt) for doubt in doubts(file)]
    assert len(found) == len(said)
    for doubt, part in zip(found, said, strict=True):
        assert part in doubt and "write the name exactly" in doubt and ", line 5" in doubt


@pytest.mark.parametrize("name", scenario_names())
def test_no_shipped_world_is_doubtful(name: str) -> None:
    assert doubts(name) == []


def test_show_says_the_ids_of_events() -> None:
    said = CliRunner().invoke(app, ["show", "trotsky-speaks-1923"]).stdout
    assert all(f"[{event.id}]" in said for event in load_scenario("trotsky-speaks-1923").events)


SPEAKS_OF_THE_RECORD = ("history/", "lab/fit/check.py", "state/parameters.py")
"""What holds runs against the record of real people, and the sources of the ranges."""


def strings(module: Path) -> list[tuple[int, str]]:
    """The words that a module can say, docstrings left out."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
        and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]


def known_names() -> set[str]:
    """Members, offices, bodies, second houses and claims of the shipped files."""
    plain = Words()
    found = {claim["id"] for claim in read_source(folder("seeds") / "claims.toml").table["claims"]}
    for name in names("scenarios"):
        world = load_scenario(name)
        found |= {member.name for member in world.members}
        found |= {office.name for office in world.offices}
        found |= {world.words.body, world.words.house} - {plain.body, plain.house}
    return found


def test_python_knows_no_person_body_or_claim() -> None:
    source = ROOT / "src" / "politburo_sim"
    either = "|".join(map(re.escape, known_names()))
    pattern = re.compile(rf"(?<![\w#])(?:{either})(?!\w)")
    #: The class of the model, as code says it (its page is, until it is drawn), and another
    #: council, whose power indices were published.
    own = re.compile(r"Politburo\(|import Politburo|^Politburo$|Council of Ministers 1958")
    wrong = [
        f"{module.relative_to(source)}, line {line}: {text[:60]!r}"
        for module in sorted(source.rglob("*.py"))
        if not module.relative_to(source).as_posix().startswith(SPEAKS_OF_THE_RECORD)
        for line, text in strings(module)
        if pattern.search(own.sub("", text))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("text", ["Stalin rules", "the Politburo", "C6", "General Secretary"])
def test_a_name_in_python_would_be_found(text: str) -> None:
    either = "|".join(map(re.escape, known_names()))
    assert re.search(rf"(?<![\w#])(?:{either})(?!\w)", text)
