"""A stranger's body: `new` writes a world that is sound, runs, and speaks of itself alone."""

import re
from pathlib import Path

import pytest
from support import assert_same, by_engine, by_mesa
from typer.testing import CliRunner

from politburo_sim import Politburo
from politburo_sim.cli.app import app
from politburo_sim.files.errors import InputError
from politburo_sim.state import journal as j
from politburo_sim.worlds.doubts import doubts, set_anew
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.skeleton import KINDS, skeleton
from politburo_sim.worlds.world import build_world

#: Words of one country and its ruling party that have no place in another body's story.
FOREIGN = re.compile(
    r"politburo|presidium|committee|secretar|soviet|commissar|congress|plenum|comrade|faction"
    r"|\bparty\b|\bcentral\b|expel|censur|newcomer \d|\{",
    re.IGNORECASE,
)


def save(folder: Path, text: str, name: str = "mine.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seats", [1, 2, 5, 100])
def test_every_skeleton_is_sound_and_not_doubtful(tmp_path: Path, kind: str, seats: int) -> None:
    file = save(tmp_path, skeleton("mine", kind, seats, "1848", "1849-02"))
    assert doubts(file) == []
    world = load_scenario(file)
    assert (world.seats, len(world.members)) == (seats, seats)
    assert (world.start, world.end) == ("1848-01", "1849-02")


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_gives_its_reasons(tmp_path: Path, kind: str) -> None:
    text = skeleton("mine", kind, 5, "1990", "1999")
    rules = text.partition("[rules]\n")[2].partition("\n\n")[0].splitlines()
    assert rules and all(re.fullmatch(r"\w+ = [\d.]+  # \w.+", line) for line in rules)
    assert load_scenario(save(tmp_path, text)).rules.keys() == {line.split()[0] for line in rules}


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_made_anew_lives(tmp_path: Path, kind: str) -> None:
    file = save(tmp_path, skeleton("mine", kind, 5, "1990", "1999"))
    record = Politburo(load_scenario(file), seed=1).run().record
    assert record.months == 120 and len(record.rows) > 20
    assert "the budget" in " ".join(record.prose().split())


@pytest.mark.parametrize("kind", KINDS)
def test_drivers_agree_on_a_body_made_anew(tmp_path: Path, kind: str) -> None:
    world = build_world(load_scenario(save(tmp_path, skeleton("mine", kind, 5, "1990", "1994"))))
    for seed in (0, 7):
        assert_same(by_mesa(world, seed), by_engine(world, seed), f"{kind}, seed {seed}")


def test_a_small_democracy_in_ten_minutes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A five-member executive: made, checked, given names, and told in its own words."""
    monkeypatch.chdir(tmp_path)
    made = ["new", "islands", "--kind", "cabinet", "--seats", "5", "--start", "1990"]
    assert CliRunner().invoke(app, [*made, "--end", "2009"]).exit_code == 0
    file = tmp_path / "islands.toml"
    text = file.read_text(encoding="utf-8")
    for place, name in enumerate(("Harbour", "Ridge", "Meadow", "Marsh", "Dune"), 1):
        text = text.replace(f'"Member {place}"', f'"{name}"').replace(f"Member {place} d", name)
    file.write_text(text.replace('"Person 1"', '"Heath"'), encoding="utf-8")
    said = CliRunner().invoke(app, ["check", "islands.toml"])
    assert said.exit_code == 0 and "sound" in said.stdout and "doubtful" not in said.stderr
    world, told = build_world(load_scenario(file)), ""
    for seed in range(8):
        prose = Politburo(world, seed).run().record.prose()
        assert not FOREIGN.findall(prose), prose
        assert "Members of the Cabinet in January 1990: " in " ".join(prose.split())
        told += " ".join(prose.split())
    for words in ("is Prime Minister", "a reprimand for", "higher taxes", "more market"):
        assert words in told, words


def test_newcomers_take_the_names_of_the_pool_in_the_order_they_come(tmp_path: Path) -> None:
    text = skeleton("mine", "revolutionary-committee", 5, "1990", "1999")
    text = re.sub(r"newcomers = .*?\]", 'newcomers = ["Heath", "Member 2", "Brook"]', text)
    world = build_world(load_scenario(save(tmp_path, text)))
    record = next(
        record for record in (Politburo(world, seed).run().record for seed in range(20))
        if len({row.who for row in record.rows if row.kind == j.SEATED}) > 2
    )  # fmt: skip
    came = list(dict.fromkeys(row.who for row in record.rows if row.kind == j.SEATED))
    names = [record.names[who] for who in came]
    assert names[:2] == ["Heath", "Brook"] and "successor" in names[2]
    assert len(set(record.names)) == len(record.names)
    told = " ".join(record.prose().split())
    assert "he newcomer Heath" in told and "Later: Heath, from " in told


def test_a_rung_that_takes_nothing_is_doubtful(tmp_path: Path) -> None:
    text = skeleton("mine", "council", 3, "1990", "1999")
    text = re.sub(r"\[\[offices\]\]\n(?:.+\n)+", "", text).replace("[words.offices]", "[nothing]")
    text = re.sub(r"\[nothing\]\n(?:.+\n)+", "", text)
    cost = text.replace("[rules]", "[rules]\ndismissal_cost = 0")
    (doubt,) = doubts(save(tmp_path, cost))
    assert "a rung of the ladder takes nothing" in str(doubt) and "moved" in str(doubt)
    assert ", line " in str(doubt) and doubts(save(tmp_path, text)) == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["x", "--kind", "cabnet"], "did you mean 'cabinet'"),
        (["x", "--seats", "0"], "no such number of seats"),
        (["x", "--start", "1990-13"], "no such month"),
        (["x", "--start", "1990", "--end", "1989"], "no such run"),
        (["x", "--start", "1000", "--end", "1999"], "no such run"),
        (["ussr-1922"], "no name for a new world"),
        (["not a name"], "no name for a new world"),
        (["there"], "is there already"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    save(tmp_path, "mine", "there.toml")
    done = CliRunner().invoke(app, ["new", *asked])
    assert done.exit_code == 2 and said in done.stderr and "allowed: " in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there.toml"]
    assert (tmp_path / "there.toml").read_text(encoding="utf-8") == "mine"


def test_kinds_and_months_are_checked_where_python_asks() -> None:
    with pytest.raises(InputError, match="no such kind of body"):
        skeleton("x", "junta", 5, "1990", "1999")


def test_a_run_too_short_for_a_rule_of_one_is_doubtful(tmp_path: Path) -> None:
    text = 'title = "Short"\nextends = "ussr-1922"\nend = "{}"\n'
    (doubt,) = doubts(save(tmp_path, text.format("1923-02")))
    assert "too short for anybody's sole rule" in str(doubt) and "12 months or more" in str(doubt)
    assert doubts(save(tmp_path, text.format("1923-03"))) == []


def test_what_a_world_sets_anew_of_what_is_asked_is_said(tmp_path: Path) -> None:
    event = (
        '[[events]]\nid = "practice"\ndate = "1924-01"\nkind = "norm"\nparameter = "{}"\n'
        'amount = 0.4\ntext = "It is set"\n'
    )
    head = 'title = "Normed"\nextends = "ussr-1922"\n'
    both = load_scenario(save(tmp_path, head + event.format("unity")))
    for asked in ("unity", "unity_liability", "unity_bandwagon"):
        (said,) = set_anew(both, [asked, "switching"])
        assert said.startswith("unity is set to 0.4 by the world's own event practice in 1924-01")
    assert set_anew(both, ["switching"]) == [] == set_anew(load_scenario("ussr-1922"), ["unity"])
    part = save(tmp_path, head + event.format("unity_liability"))
    assert len(set_anew(load_scenario(part), ["unity"])) == 1
    run = CliRunner().invoke
    noted = run(app, ["run", str(part), "--set", "unity=0"]).stderr
    assert "Note: unity_liability is set to 0.4" in noted
    assert "Note: " not in run(app, ["run", str(part), "--set", "switching=0"]).stderr
    asked = tmp_path / "asked.toml"
    asked.write_text(
        f'id = "S"\ntitle = "s"\nquestion = "?"\nscenario = "{part}"\n'
        '[levers]\nunity = [0, 1]\n[design]\nkind = "grid"\nreplicates = 2\n', encoding="utf-8",
    )  # fmt: skip
    done = run(app, ["sweep", str(asked), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "Note: unity_liability is set to 0.4" in done.stderr
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "unity_liability is set to 0.4 by the world" in page
