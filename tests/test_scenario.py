"""Worlds from files: what is wrong is said in one message, and what is right means what it says."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from politburo_sim.cli.app import app
from politburo_sim.files import toml
from politburo_sim.files.errors import ScenarioError
from politburo_sim.files.lines import line_of
from politburo_sim.run.model import Politburo
from politburo_sim.state.parameters import PARAMETERS
from politburo_sim.worlds import given
from politburo_sim.worlds.scenario import load_scenario, scenario_names
from politburo_sim.worlds.schema import (
    NEED_WORDS,
    About,
    Alternative,
    BondEntry,
    Coded,
    EventEntry,
    MemberEntry,
    OfficeEntry,
    QuestionEntry,
    Scenario,
)
from politburo_sim.worlds.words import Rung, Words
from politburo_sim.worlds.world import build_world

ROOT = Path(__file__).resolve().parents[1]

GOOD = """\
title = "Three at a table"
start = "1922-04"
end = "1924-12"
axes = ["economy", "regime"]
seats = 2
line = {economy = 0.2}

[rules]
organising = 0.4

[[members]]
name = "Anna"
status = "full"
prestige = 5
base = {value = 0.3, confidence = "low"}
ideal = {economy = 0.5, regime = -0.5}

[[members]]
name = "Boris"
status = "full"
prestige = 3.5
base = 0.2
patron = "Anna"

[[members]]
name = "Clara"
status = "candidate"
prestige = 1

[[offices]]
name = "Secretary"
holder = "Anna"
appointments = 1

[[bonds]]
from = "Anna"
to = "Boris"
value = 0.4

[[events]]
id = "anna-dies"
date = "1924-01"
kind = "death"
text = "Anna dies."
who = "Anna"

[[events]]
id = "boris-asks"
date = "1923-05"
kind = "question"
text = "Boris moves that Anna leave her post."
who = "Boris"
against = "Anna"
rung = "dismissed"
requires = [{holds = "Anna", office = "Secretary"}]
"""
HEAD, MEMBERS = GOOD.split("[[members]]", 1)


def put(old: str, new: str) -> str:
    """The good world with one thing changed; `#!` marks the line that a message must name."""
    assert GOOD.count(old) == 1, f"{old!r} stands {GOOD.count(old)} times in the good world"
    return GOOD.replace(old, new)


def event(lines: str) -> str:
    return f'{GOOD}\n[[events]]\nid = "e"\ndate = "1923-01"\ntext = "It happens."\n{lines}\n'


QUESTION = """
[[questions]]
id = "price"
date = "1923-09"
title = "the price of grain"
axis = "economy"
low = {value = -0.4, text = "a low price"}
high = {value = 0.5, text = "a high price"}
"""


def question(old: str, new: str) -> str:
    assert QUESTION.count(old) == 1, old
    return GOOD + QUESTION.replace(old, new)


#: name -> (the file, what the message must say besides its place)
BAD: dict[str, tuple[str, tuple[str, ...]]] = {
    # keys
    "unknown key": (put("seats = 2", "seat = 2 #!"), ("seat: unknown key, did you mean 'seats'?",)),
    "unknown key of a member": (
        put('patron = "Anna"', 'patrn = "Anna" #!'),
        ("members[Boris].patrn: unknown key, did you mean 'patron'?", "allowed: name, id, status"),
    ),
    "unknown key of a coded number": (
        put('confidence = "low"}', 'confidense = "low"} #!'),
        ("members[Anna].base.confidense", "did you mean 'confidence'?"),
    ),
    "unknown key of an event": (
        put('against = "Anna"', 'agains = "Anna" #!'),
        ("events[boris-asks].agains: unknown key, did you mean 'against'?",),
    ),
    "unknown requirement": (
        put("[{holds", "[{hold"), ("requires[#1].hold: unknown key, did you mean 'holds'?",)
    ),
    "unknown key written with an escape": (
        put("seats = 2", '"se\\u0061t" = 2 #!'), ("seat: unknown key",)
    ),
    "a name of its own": ('name = "x" #!\n' + GOOD, ("unknown key", "called by its file's name")),
    "a key of the command line": ("seed = -1 #!\n" + GOOD, ("seed: unknown key", "'seed'")),
    "no title": (GOOD.split("\n", 1)[1], ("title: missing", "title = ")),
    "no members": (HEAD, ("members: missing", "add a table [[members]]")),
    "no axes": ('title = "x"', ("axes: missing", 'axes = ["economy", "regime"]')),
    "a member without status": (
        put('name = "Clara"\nstatus = "candidate"', 'name = "Clara"'),
        ("members[Clara].status: missing", 'status = "full"'),
    ),
    "an event without its text": (
        put('text = "Anna dies."\n', ""), ("events[anna-dies].text: missing",)
    ),
    "an event without kind": (put('kind = "death"\n', ""), ("kind: missing", "allowed: death, ")),
    "a coded number without value": (put("{value = 0.3, ", "{"), ("base.value: missing",)),
    # types
    "a number for words": (put('"Three at a table"', "3 #!"), ("title: wrong type", "in quotes")),
    "words for a number": (
        put("prestige = 5", 'prestige = "5" #!'), ("members[Anna].prestige", "wrong type", "'5'")
    ),
    "a truth value for a number": (
        put("prestige = 5", "prestige = true #!"), ("wrong type", "given: true", "a number")
    ),
    "a truth value for a whole number": (
        put("seats = 2", "seats = true #!"), ("seats: wrong type", "a whole number")
    ),
    "a truth value for a parameter": (
        put("organising = 0.4", "organising = true #!"), ("rules.organising: wrong type",)
    ),
    "not a number": (put("prestige = 5", "prestige = nan #!"), ("given: nan", "a finite number")),
    "infinite": (put("prestige = 5", "prestige = inf #!"), ("given: inf", "a finite number")),
    "infinite by its size": (put("prestige = 5", "prestige = 1e999 #!"), ("given: inf",)),
    "a parameter not a number": (
        put("organising = 0.4", "organising = -nan #!"), ("given: nan", "a finite number")
    ),
    "half a seat": (put("seats = 2", "seats = 2.5 #!"), ("wrong type", "2.5", "a whole number")),
    "rules as a number": (
        put("[rules]\norganising = 0.4", "rules = 4 #!"), ("rules: wrong type", "a table")
    ),
    "members as a number": ("members = 3 #!\n" + HEAD, ("members: wrong type", "[[members]]")),
    "members as one table": (
        f'{HEAD}[members] #!\nname = "Anna"\n', ("members: wrong type", "[[members]]")
    ),
    "a list of ideals": (
        put("ideal = {economy = 0.5, regime = -0.5}", "ideal = [0.5, -0.5] #!"),
        ("members[Anna].ideal: wrong type", "given: [0.5, -0.5]", "a table"),
    ),
    # ranges
    "a negative number of seats": (
        put("seats = 2", "seats = -2 #!"), ("seats: out of range", "given: -2", "at least 1")
    ),
    "a number of thirty digits": (
        put("seats = 2", f"seats = {'9' * 30} #!"), ("seats: out of range", "at most 1000")
    ),
    "negative prestige": (put("prestige = 5", "prestige = -1 #!"), ("from 0 to 1000", "-1")),
    "an ideal out of range": (
        put("regime = -0.5}", "regime = -1.5} #!"), ("ideal.regime: out of range", "from -1 to 1")
    ),
    "a parameter out of range": (
        put("organising = 0.4", "organising = 4 #!"), ("out of range", "from 0 to 1")
    ),
    "a parameter that is whole": (
        put("organising = 0.4", "caucus_rounds = 2.5 #!"), ("a whole number from 0 to 8",)
    ),
    "unity out of range": (put("organising = 0.4", "unity = 2 #!"), ("rules.unity", "0 to 1")),
    "bases above one": (
        put("base = 0.2", "base = 0.9 #!"),
        ("add up to more than the whole", "given: '1.2 in all'", "at most 1"),
    ),
    "more members than seats": (put("seats = 2", "seats = 1 #!"), ("2 full members", "at most 1")),
    "nobody in the body": (
        GOOD.replace('"full"', '"candidate"'), ("nobody sits in the body", 'status = "full"')
    ),
    "too many axes": (
        put('axes = ["economy",', 'axes = ["a", "b", "c", "d", "e", "f", "g", "economy",'),
        ("axes: too few or too many", "given: 9", "at most 8"),
    ),
    "no axes in the list": (
        put('axes = ["economy", "regime"]', "axes = [] #!"), ("given: 0", "at least 1")
    ),
    "an axis twice": (
        put('["economy", "regime"]', '["economy", "economy"] #!'), ("an axis is named twice",)
    ),
    "too many members": (
        GOOD + "".join(f'[[members]]\nname = "m{i}"\nstatus = "awaited"\nprestige = 0\n'
                       for i in range(1000)),
        ("members: too few or too many", "given: 1003", "at most 1000"),
    ),
    "a name too long": (put('"Clara"', f'"{"C" * 81}" #!'), ("too long", "at most 80")),
    "a name of control characters": (put('"Clara"', '"Cl\\u001b[31m" #!'), ("cannot be printed",)),
    "a blank name": (put('"Clara"', '" " #!'), ("empty, or with blanks",)),
    # who and what is not there
    "unknown parameter": (
        put("organising =", "organisin ="),
        ("line 9: rules.organisin", "no such parameter, did you mean 'organising'?"),
    ),
    "unknown axis": (
        put("regime = -0.5}", "regim = -0.5} #!"), ("no such axis, did you mean 'regime'?",)
    ),
    "unknown word": (
        put('"candidate"', '"candidat" #!'), ("did you mean 'candidate'?", "'awaited'")
    ),
    "unknown holder": (
        put('holder = "Anna"', 'holder = "Ana" #!'),
        ("offices[Secretary].holder: no such member, did you mean 'Anna'?", "Anna, Boris, Clara"),
    ),
    "unknown patron": (put('patron = "Anna"', 'patron = "Ann" #!'), ("members[Boris].patron",)),
    "his own patron": (put('patron = "Anna"', 'patron = "Boris" #!'), ("is his own patron",)),
    "a bond to nobody": (
        put('to = "Boris"', 'to = "Bors" #!'), ("bonds[#1].to: no such member", "'Boris'?")
    ),
    "a bond to himself": (put('to = "Boris"', 'to = "Anna" #!'), ("a bond to himself",)),
    "unknown office": (
        put('office = "Secretary"}', 'office = "Secretry"}'),
        ("requires[#1].office: no such office, did you mean 'Secretary'?",),
    ),
    "an event about nobody": (
        put('who = "Boris"', 'who = "Borys" #!'), ("events[boris-asks].who", "'Boris'?")
    ),
    "an event against himself": (put('who = "Boris"', 'who = "Anna" #!'), ("acts on himself",)),
    "unknown kind of event": (
        put('"death"', '"deth" #!'), ("no such kind of event, did you mean 'death'?", "congress")
    ),
    "two requirements in one": (
        put('[{holds = "Anna",', '[{open = "Secretary", holds = "Anna",'),
        ("not one requirement", "exactly one of"),
    ),
    "a norm of no parameter": (
        event('kind = "norm"\nparameter = "unty" #!\namount = 1'), ("did you mean 'unity'?",)
    ),
    "a norm out of range": (
        event('kind = "norm"\nparameter = "unity"\namount = 3 #!'), ("events[e].amount", "0 to 1")
    ),
    "a shock along no axis": (
        event('kind = "shock"\nvector = {econ = 0.1} #!'), ("no such axis", "economy, regime")
    ),
    # twice
    "a member twice": (
        put('name = "Boris"', 'name = "Anna"'), ("members[Anna]: given twice", "join the two")
    ),
    "an id twice": (
        put('name = "Boris"', 'name = "Boris"\nid = "Anna" #!'), ("the same id twice", "'Anna'")
    ),
    "an event twice": (
        put('"boris-asks"', '"anna-dies" #!'),
        ("the same id twice", "taken by events number 1", "name that in without"),
    ),
    "an office twice": (
        put("appointments = 1", 'appointments = 1\n[[offices]] #!\nname = "Secretary"'),
        ("offices[Secretary]: given twice",),
    ),
    "two holders of an office": (
        put('holder = "Anna"', 'holder = ["Anna", "Boris"] #!'),
        ("offices[Secretary].holder: wrong type", "given: ['Anna', 'Boris']"),
    ),
    "two lines for a holder": (
        put('holder = "Anna"', 'holder = "Anna"\nholder = "Boris" #!'),
        ("the same key or table twice", "remove one of the two"),
    ),
    "a bond twice": (
        put("value = 0.4", 'value = 0.4\n[[bonds]] #!\nfrom = "Boris"\nto = "Anna"\nvalue = 1'),
        ("bonds[#2]: given twice", "mutual = false"),
    ),
    "a holder not admitted yet": (
        put('holder = "Anna"', 'holder = "Clara" #!').replace('"candidate"', '"awaited"'),
        ("the holder is not in the body yet",),
    ),
    # dates
    "a thirteenth month": (put('"1924-01"', '"1923-13" #!'), ("no such month", "'1923-13'")),
    "a day that is not": (put('"1924-01"', '"1923-02-30" #!'), ("no such month", "1923-04")),
    "a day of death that is not": (
        put('patron = "Anna"', 'died = "1923-02-30" #!'), ("died: no such date", "'1923-02-30'")
    ),
    "a date without quotes": (
        put('"1924-01"', "1924-01-21 #!"), ("wrong type", "given: 1924-01-21", "in quotes")
    ),
    "an impossible date without quotes": (
        put('"1924-01"', "1923-02-30 #!"), ("broken TOML", "quote words and dates")
    ),
    "an event after the end": (
        put('"1924-01"', '"1925-01" #!'),
        ("events[anna-dies].date: outside the run", "from 1922-04 to 1924-12"),
    ),
    "an event before the start": (put('"1924-01"', '"1922-03" #!'), ("outside the run",)),
    "an end before the start": (put('"1924-12"', '"1921-12" #!'), ("ends before it starts",)),
    "a run of two thousand years": (put('"1924-12"', '"3924-12" #!'), ("at most 1200 months",)),
    # questions
    "a question without its axis": (
        question('axis = "economy"\n', ""), ("questions[price].axis: missing", "axis = ")
    ),
    "a question without an alternative": (
        question('high = {value = 0.5, text = "a high price"}\n', ""),
        ("questions[price].high: missing", "high = {value"),
    ),
    "a question along no axis": (
        question('"economy"', '"econmy" #!'),
        ("questions[price].axis: no such axis, did you mean 'economy'?", "economy, regime"),
    ),
    "an unknown key of a question": (
        question('title = "the price of grain"', 'titel = "the price of grain" #!'),
        ("questions[price].titel: unknown key, did you mean 'title'?", "status_quo"),
    ),
    "an unknown key of an alternative": (
        question('{value = 0.5, text = "a high price"}', '{value = 0.5, txt = "a high price"} #!'),
        ("questions[price].high.txt", "did you mean 'text'?", "value, text, confidence"),
    ),
    "an alternative as a number": (
        question('{value = 0.5, text = "a high price"}', "0.5 #!"),
        ("questions[price].high: wrong type", "given: 0.5", "a table"),
    ),
    "an alternative without words": (
        question(', text = "a high price"}', "} #!"), ("questions[price].high.text: missing",)
    ),
    "an alternative out of range": (
        question('{value = 0.5, text = "a high price"}', '{value = 1.5, text = "a high price"} #!'),
        ("questions[price].high.value: out of range", "at most 1"),
    ),
    "alternatives exchanged": (
        question("value = -0.4", "value = 0.6").replace('"a low price"}', '"a low price"} #!'),
        ("questions[price].low.value: the low alternative is not the lower", "less than 0.5"),
    ),
    "alternatives in one place": (
        question("value = -0.4", "value = 0.5").replace('"a low price"}', '"a low price"} #!'),
        ("questions[price].low.value", "less than 0.5", "exchange low and high"),
    ),
    "a status quo that is no alternative": (
        question('axis = "economy"', 'axis = "economy"\nstatus_quo = "middle" #!'),
        ("questions[price].status_quo: neither", "'middle'", '"low", "high", or a number'),
    ),
    "a status quo out of range": (
        question('axis = "economy"', 'axis = "economy"\nstatus_quo = -2 #!'),
        ("questions[price].status_quo: neither", "given: -2"),
    ),
    "a truth value for a status quo": (
        question('axis = "economy"', 'axis = "economy"\nstatus_quo = true #!'),
        ("questions[price].status_quo: wrong type", "given: true"),
    ),
    "a question in no venue": (
        question('axis = "economy"', 'axis = "economy"\nvenue = "comittee" #!'),
        ("questions[price].venue", "did you mean 'committee'?"),
    ),
    "a question after the end": (
        question('"1923-09"', '"1925-01" #!'), ("questions[price].date: outside the run",)
    ),
    "a question twice": (
        GOOD + QUESTION + QUESTION.replace('"price"', '"price" #!'),
        ("the same id twice", "taken by questions number 1"),
    ),
    "a question with an event's id": (
        question('"price"', '"anna-dies" #!'),
        ("questions[anna-dies].id: an event has this id", "no event and no other question"),
    ),
    "a question as one table": (
        GOOD + QUESTION.replace("[[questions]]", "[questions] #!"), ("questions: wrong type",)
    ),
    # TOML and text
    "no value": (put("seats = 2", "seats = #!"), ("broken TOML: Invalid value",)),
    "an open bracket at the end": (GOOD + "[[events", ("line 56: broken TOML", "'[[events'")),
    "an open quote": (put('"Three at a table"', '"Three #!'), ("broken TOML", "close every")),
    "nothing": ("", ("is empty", "politburo-sim list")),
    "blanks": (" \n\n", ("is empty",)),
    "a comment": ("# a world\n", ("title: missing",)),
    "brackets without end": (f"a = {'[' * 3000}{']' * 3000}", ("nested too deeply",)),
    "keys without end": (
        put("organising =", f"organising{'.a' * 2000} ="), ("line 9: keys or brackets nested",)
    ),
    "digits without end": (put("prestige = 5", "prestige = " + "9" * 6000), ("too many digits",)),
    # extends
    "extends nothing": (
        'extends = "usr-1922" #!\n' + GOOD, ("extends: no such file, did you mean 'ussr-1922'?",)
    ),
    "extends itself": (
        'title = "x"\nextends = "bad.toml" #!\n', ("circular", "bad.toml -> bad.toml")
    ),
    "extends a folder": ('title = "x"\nextends = "." #!', ("is a folder",)),
    "extends a number": ('title = "x"\nextends = [3] #!', ("wrong type", "or a list of them")),
    "extends one of several that is not there": (
        'title = "x"\nextends = [\n"ussr-1922",\n"usr-1922"] #!',
        ("extends[#2]: no such file, did you mean 'ussr-1922'?",),
    ),
    "extends the same twice": (
        'title = "x"\nextends = [\n"ussr-1922",\n"ussr-1922"] #!', ("extends[#2]: given twice",)
    ),
    "a kind of event that is a list": (
        put('kind = "death"', "kind = [] #!"), ("no such kind of event", "given: '[]'", "congress")
    ),
    "extends without a title": ('extends = "ussr-1922"\n', ("title: missing",)),
    "leaves out without extending": ('without = ["x"] #!\n' + GOOD, ("nothing to leave out",)),
    "leaves out what is not there": (
        'title = "x"\nextends = "ussr-1922"\nwithout = ["lenin-die"] #!\n',
        ("no such event or question, did you mean 'lenin-dies'?",),
    ),
    "a misspelt member of the base world": (
        'title = "x"\nextends = "ussr-1922"\n[[members]] #!\nname = "Trotski"\nbase = 0.1\n',
        ("members[Trotski].status: missing", "is a new member here, did you mean 'Trotsky'?"),
    ),
}  # fmt: skip

BYTES: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "junk": (bytes(range(256)), ("not a text file", "text in UTF-8")),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(300), ("not a text file",)),
    "UTF-16 with its mark": (GOOD.encode("utf-16"), ("not a text file", "save it as UTF-8")),
    "UTF-16 without": (GOOD.encode("utf-16-le"), ("not a text file", "not as UTF-16")),
    "Latin-1": (
        put("Anna dies.", "Annä dies. #!").encode("latin-1"), ("line 44: not a text file",)
    ),
    "a null in a key": (b"ti\0tle = 1\n" + GOOD.encode(), ("line 1: not a text file",)),
    "old Macintosh lines": (GOOD.replace("\n", "\r").encode(), ("broken TOML",)),
}  # fmt: skip


def message(file: str | Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    return str(caught.value)


def marked(text: str) -> int | None:
    at = text.find("#!")
    return text.count("\n", 0, at) + 1 if at >= 0 else None


def assert_says(said: str, file: Path, line: int | None, parts: tuple[str, ...]) -> None:
    assert said.startswith(str(file)), said
    assert f"{file}, line {line}: " in said or line is None, f"not line {line}: {said}"
    for part in (*parts, "allowed: ", "what to do: "):
        assert part in said, f"{part!r} is not said: {said}"
    assert len(said) < 1500, f"too long: {said}"


def save(folder: Path, text: str, name: str = "world.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_the_good_world_is_good(tmp_path: Path) -> None:
    world = load_scenario(save(tmp_path, GOOD))
    assert [member.name for member in world.members] == ["Anna", "Boris", "Clara"]
    assert world.members[0].base.value == 0.3
    assert build_world(world).months == 33


@pytest.mark.parametrize("name", BAD)
def test_a_bad_world_gets_one_clear_message(tmp_path: Path, name: str) -> None:
    text, parts = BAD[name]
    file = save(tmp_path, text, "bad.toml")
    assert_says(message(file), file, marked(text), parts)


@pytest.mark.parametrize("name", BYTES)
def test_what_is_not_text_gets_one_clear_message(tmp_path: Path, name: str) -> None:
    raw, parts = BYTES[name]
    file = tmp_path / "bad.toml"
    file.write_bytes(raw)
    assert_says(message(file), file, None, parts)


def test_the_command_line_ends_with_two_and_the_same_messages(tmp_path: Path) -> None:
    """All bad worlds in one call: a message for each, and none of them a traceback."""
    files = []
    for number, text in enumerate([*BAD.values(), *BYTES.values()]):
        files.append(tmp_path / f"{number}.toml")
        raw = text[0] if isinstance(text[0], bytes) else text[0].encode()
        files[-1].write_bytes(raw.replace(b"bad.toml", files[-1].name.encode()))
    done = CliRunner().invoke(app, ["check", *map(str, files)])
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert len(files) >= 35
    starts = [line for line in done.stderr.splitlines() if line.startswith(str(tmp_path))]
    assert all(any(line.startswith(str(file)) for line in starts) for file in files)
    assert done.stderr.count("  what to do: ") == len(starts)
    assert "Traceback" not in done.stderr


def oversized(folder: Path) -> Path:
    file = folder / "large.toml"
    with file.open("wb") as stream:
        stream.truncate(50_000_000)
    return file


def looping_link(folder: Path) -> Path:
    (folder / "loop.toml").symlink_to("loop.toml")
    return folder / "loop.toml"


def pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.toml")
    return folder / "pipe.toml"


def circle(folder: Path) -> Path:
    save(folder, 'title = "b"\nextends = "a.toml"\n', "b.toml")
    save(folder, 'title = "a"\nextends = "b.toml"\n', "a.toml")
    return folder / "b.toml"


def chain(folder: Path) -> Path:
    for number in range(1200):
        save(folder, f'title = "z"\nextends = "{number + 1}.toml"\n', f"{number}.toml")
    return folder / "0.toml"


@pytest.mark.parametrize(
    ("make", "parts"),
    [
        (lambda folder: folder, ("is a folder, not a file",)),
        (lambda folder: folder / "none.toml", ("no such file", "politburo-sim list")),
        (oversized, ("too large", "50000000 bytes", "at most 2000000")),
        (looping_link, ("a link that leads nowhere",)),
        (pipe, ("a pipe",)),
        (circle, ("line 2: extends: circular", "b.toml -> a.toml -> b.toml")),
        (chain, ("line 2: extends: too many worlds", "at most 20 in a row")),
    ],
)
def test_what_is_no_world_file_is_refused(
    tmp_path: Path, make: Callable[[Path], Path], parts: tuple[str, ...]
) -> None:
    assert_says(message(make(tmp_path)), tmp_path, None, parts)


def test_a_file_that_may_not_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    file = save(tmp_path, GOOD)
    monkeypatch.setattr(toml, "_at_most", refuse)
    assert "cannot be read: Permission denied" in message(file)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    file = save(tmp_path, GOOD)
    file.chmod(0)
    assert "Permission denied" in message(file)


def test_a_misspelt_shipped_name_is_met_with_the_right_one() -> None:
    assert "did you mean 'ussr-1922'?" in message("usr-1922")


def test_a_fault_in_the_world_below_names_both_files(tmp_path: Path) -> None:
    save(tmp_path, GOOD, "base.toml")
    file = save(tmp_path, 'title = "x"\nextends = "base.toml"\naxes = ["economy"]\n')
    said = message(file)
    assert said.startswith(f"{tmp_path / 'base.toml'}, line 16: members[Anna].ideal.regime")
    assert f"{file} extends this file" in said


def test_a_sum_over_two_files_points_at_the_one_that_can_be_mended(tmp_path: Path) -> None:
    save(tmp_path, GOOD, "base.toml")
    child = 'title = "x"\nextends = "base.toml"\n[[members]]\nname = "Clara"\nbase = 0.9\n'
    file = save(tmp_path, child)
    assert message(file).startswith(f"{file}, line 5: members[Clara].base: the bases add up")


def test_a_member_too_many_for_the_seats_below_is_the_one_pointed_at(tmp_path: Path) -> None:
    save(tmp_path, GOOD, "base.toml")
    child = 'title = "x"\nextends = "base.toml"\n[[members]]\nname = "Dora"\nprestige = 1\n'
    file = save(tmp_path, child + 'status = "full"\n')
    assert message(file).startswith(f"{file}, line 6: members[Dora].status: more full members")


def test_one_word_for_two_parameters_is_one_complaint(tmp_path: Path) -> None:
    said = message(save(tmp_path, GOOD.replace("[rules]", '[rules]\nunity = "much"')))
    assert said.count("rules.unity: wrong type") == 1


@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_world_loads_and_says_what_it_changes(name: str) -> None:
    world = load_scenario(name)
    assert (world.name, build_world(world).scenario) == (name, world)
    assert all(text for _, text in world.about)


@pytest.mark.parametrize("name", ["ussr-1922", "trotsky-speaks-1923"])
def test_the_same_file_twice_gives_equal_worlds(name: str) -> None:
    assert load_scenario(name) == load_scenario(ROOT / "scenarios" / f"{name}.toml")


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: b"\xef\xbb\xbf" + raw,
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: b"# said again\n\n" + raw,
        lambda raw: raw.replace(b'"Anna"', b'"\\u0041nna"'),
    ],
    ids=["byte order mark", "Windows lines", "comment", "escapes"],
)
def test_how_a_file_is_written_does_not_matter(
    tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    one = load_scenario(save(tmp_path, GOOD))
    (tmp_path / "world.toml").write_bytes(change(GOOD.encode()))
    assert load_scenario(tmp_path / "world.toml") == one


def test_a_renamed_file_is_the_same_world_by_another_name(tmp_path: Path) -> None:
    one = load_scenario(save(tmp_path, GOOD, "one.toml"))
    two = load_scenario(save(tmp_path, GOOD, "two.toml"))
    assert one.model_copy(update={"name": "two"}) == two


def test_the_order_of_members_in_a_file_does_not_matter(tmp_path: Path) -> None:
    clara = '[[members]]\nname = "Clara"\nstatus = "candidate"\nprestige = 1\n\n'
    first = put(clara, "").replace("[[members]]", f"{clara}[[members]]", 1)
    one = load_scenario(save(tmp_path, GOOD))
    two = load_scenario(save(tmp_path, first))
    assert [member.name for member in two.members] == ["Clara", "Anna", "Boris"]
    by_name = {member.name: member for member in two.members}
    assert two.model_copy(update={"members": tuple(by_name[m.name] for m in one.members)}) == one
    assert build_world(one).names == build_world(two).names


def extended(folder: Path, text: str) -> object:
    save(folder, GOOD, "base.toml")
    child = f'title = "Another"\nextends = "base.toml"\n{text}'
    return load_scenario(save(folder, child, "child.toml")).model_dump(by_alias=True)


def test_extends_keeps_all_that_is_not_said_again(tmp_path: Path) -> None:
    base = load_scenario(save(tmp_path, GOOD, "base.toml")).model_dump(by_alias=True)
    assert extended(tmp_path, "") == base | {
        "name": "child", "title": "Another", "extends": "base.toml",
    }  # fmt: skip


def merged(base: dict, **changed: object) -> dict:
    return base | {"name": "child", "title": "Another", "extends": "base.toml"} | changed


def test_extends_merges_tables_by_name_and_replaces_the_rest(tmp_path: Path) -> None:
    base = load_scenario(save(tmp_path, GOOD, "base.toml"))
    plain = base.model_dump(by_alias=True)
    child = """
seats = 3
line = {regime = -0.1}
without = ["anna-dies"]
[rules]
poaching = 0.1
[[members]]
name = "Boris"
prestige = 9
[[members]]
name = "Dora"
status = "full"
prestige = 2
[[bonds]]
from = "Anna"
to = "Boris"
value = -0.4
[[events]]
id = "clara-enters"
date = "1923-01"
kind = "admission"
text = "Clara becomes a full member."
who = "Clara"
status = "full"
"""
    got = extended(tmp_path, child)
    anna, boris, clara, dora = got["members"]
    assert (anna, clara) == (plain["members"][0], plain["members"][2])
    assert boris == plain["members"][1] | {"prestige": boris["prestige"]}
    assert (boris["prestige"]["value"], dora["name"], got["seats"]) == (9, "Dora", 3)
    assert got["line"] == {"regime": -0.1}  # replaced whole
    assert got["rules"] == {"organising": 0.4, "poaching": 0.1}  # merged
    assert [bond["value"]["value"] for bond in got["bonds"]] == [-0.4]
    assert [event["id"] for event in got["events"]] == ["boris-asks", "clara-enters"]


@pytest.mark.parametrize(
    ("base", "child", "said"),
    [
        (put("[rules]\norganising = 0.4", "rules = 3"), "[rules]\nunity = 1\n",
         "base.toml, line 8: rules: wrong type"),
        (put('id = "anna-dies"\n', ""), 'without = ["anna-dies"]\n',
         "no such event, did you mean 'boris-asks'?|no such event"),
        (put('id = "anna-dies"\n', ""), 'without = ["boris-asks"]\n', "id: missing"),
        (put('id = "anna-dies"', "id = 3"), 'without = ["boris-asks"]\n', "id: wrong type"),
        (put('"boris-asks"', '["x"]'), 'without = ["anna-dies"]\n', "id: wrong type"),
    ],
)  # fmt: skip
def test_a_base_that_is_wrong_itself_is_met_with_words(
    tmp_path: Path, base: str, child: str, said: str
) -> None:
    save(tmp_path, base, "base.toml")
    file = save(tmp_path, f'title = "x"\nextends = "base.toml"\n{child}')
    assert re.search(said, message(file))


def several(folder: Path, one: str, two: str, more: str = "") -> Path:
    save(folder, GOOD, "base.toml")
    save(folder, f'title = "One"\nextends = "base.toml"\n{one}', "one.toml")
    save(folder, f'title = "Two"\nextends = "base.toml"\n{two}', "two.toml")
    return save(folder, f'title = "Both"\nextends = ["one.toml", "two.toml"]\n{more}')


def test_a_world_of_two_parents_has_what_either_changes(tmp_path: Path) -> None:
    one = """
seats = 3
without = ["anna-dies"]
[rules]
unity = 0.25
[[members]]
name = "Boris"
prestige = 9
[[events]]
id = "clara-enters"
date = "1923-01"
kind = "admission"
text = "Clara becomes a full member."
who = "Clara"
status = "full"
"""
    two = """
line = {regime = -0.1}
[rules]
organising = 0.2
[[members]]
name = "Boris"
base = 0.1
[[bonds]]
from = "Boris"
to = "Clara"
value = 0.5
[[offices]]
name = "Secretary"
holder = "Boris"
"""
    for number, pair in enumerate([(one, two), (two, one)]):
        (tmp_path / str(number)).mkdir()
        world = load_scenario(several(tmp_path / str(number), *pair))
        boris = world.members[1]
        assert (boris.prestige.value, boris.base.value, boris.patron) == (9, 0.1, "Anna")
        assert (world.seats, world.line) == (3, {"regime": -0.1})
        assert world.rules["organising"] == 0.2
        assert {v for k, v in world.rules.items() if k != "organising"} == {0.25}
        assert [event.id for event in world.events] == ["boris-asks", "clara-enters"]
        assert world.offices[0].holder == "Boris" and len(world.bonds) == 2


def test_what_the_child_of_two_says_holds(tmp_path: Path) -> None:
    world = load_scenario(several(tmp_path, "seats = 3\n", "", "seats = 4\n[rules]\nunity = 1\n"))
    assert (world.seats, world.rules["organising"]) == (4, 0.4)


BORIS = '[[members]]\nname = "Boris"\nprestige = {}\n'
EVENT = '[[events]]\nid = "clara-dies"\ndate = "{}"\nkind = "death"\ntext = "."\nwho = "Clara"\n'


@pytest.mark.parametrize(
    ("one", "two", "key"),
    [
        ("seats = 3\n", "seats = 4\n", "seats"),
        ("[rules]\nunity = 1\n", "[rules]\nunity_bandwagon = 0\n", "rules.unity_bandwagon"),
        (BORIS.format(1), BORIS.format(2), "members[Boris].prestige"),
        (EVENT.format("1923-01"), EVENT.format("1923-02"), "events[clara-dies]"),
    ],
)  # fmt: skip
def test_two_parents_that_change_the_same_are_refused(
    tmp_path: Path, one: str, two: str, key: str
) -> None:
    said = message(several(tmp_path, one, two))
    assert f"line 2: extends: two of these worlds say something of their own: {key}\n" in said
    assert "given: 'one.toml and two.toml'" in said


def test_worlds_that_extend_two_each_are_read_once(tmp_path: Path) -> None:
    save(tmp_path, GOOD, "0a.toml")
    save(tmp_path, GOOD.replace('"Three', '"3'), "0b.toml")
    save(tmp_path, 'title = "x"\nextends = "0a.toml"', "1a.toml")
    save(tmp_path, 'title = "x"\nextends = "0a.toml"', "1b.toml")
    for level in range(2, 20):
        for side in "ab":
            below = f'["{level - 1}a.toml", "{level - 1}b.toml"]'
            save(tmp_path, f'title = "x"\nextends = {below}', f"{level}{side}.toml")
    world = load_scenario(tmp_path / "19a.toml")
    assert world.members == load_scenario(tmp_path / "0a.toml").members


def test_shipped_worlds_can_be_joined(tmp_path: Path) -> None:
    file = save(tmp_path, 'title = "x"\nextends = ["trotsky-speaks-1923", "no-faction-ban"]\n')
    one, two = load_scenario("trotsky-speaks-1923"), load_scenario("no-faction-ban")
    both = load_scenario(file)
    assert {e.id for e in both.events} == {e.id for e in (*one.events, *two.events)}
    assert both.rules == two.rules


def test_a_file_is_data_and_nothing_in_it_is_executed(tmp_path: Path) -> None:
    spell = f"__import__('pathlib').Path({str(tmp_path / 'run')!r}).touch()"
    text = GOOD.replace("Anna dies.", f"{{{{ {spell} }}}} ${{{spell}}} !!python/object/apply")
    world = load_scenario(save(tmp_path, text))
    assert spell in world.events[0].text
    assert not (tmp_path / "run").exists()


def test_reading_a_world_imports_nothing_heavy() -> None:
    code = (
        "import sys; from politburo_sim.worlds.scenario import load_scenario;"
        "load_scenario('ussr-1922');"
        "print({'numba', 'mesa', 'pandas', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_lines_are_those_of_the_text() -> None:
    lines = GOOD.split("\n")
    for path, start in [
        (("members", 1, "patron"), "patron ="), (("rules", "organising"), "organising"),
        (("events", 1, "rung"), "rung"), (("events", 1, "requires", 0, "office"), "requires"),
    ]:  # fmt: skip
        assert lines[line_of(GOOD, path) - 1].startswith(start)


def test_a_file_just_below_the_limit_is_read_in_seconds(tmp_path: Path) -> None:
    table = '[[bonds]]\nfrom = "Anna"\nto = "m"\nvalue = 1\n'
    text = GOOD + table * (toml.LARGEST_FILE // len(table) - 50)
    assert "given twice" in message(save(tmp_path, text))


PAGE = (ROOT / "docs" / "scenario-files.md").read_text(encoding="utf-8")


def block(number: int, language: str) -> str:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[number]


def test_the_examples_of_the_page_load_and_run(tmp_path: Path) -> None:
    base = load_scenario(save(tmp_path, block(0, "toml"), "three-at-a-table.toml"))
    child = load_scenario(save(tmp_path, block(3, "toml")))
    assert [event.id for event in base.events] == ["boris-asks"]
    assert (child.events, child.offices[0].holder) == ((), "Boris")
    assert child.members == base.members
    assert build_world(child).months == 33


def test_the_error_on_the_page_is_the_one_that_is_given(tmp_path: Path) -> None:
    text = block(0, "toml").replace('patron = "Anna"', 'patrn = "Anna"')
    file = save(tmp_path, text, "my-world.toml")
    said = message(file).replace(f"{tmp_path}{os.sep}", "")
    assert re.sub(r"line [0-9]+", "", said) == re.sub(r"line [0-9]+", "", block(0, "text").strip())


def documented(heading: str) -> set[str]:
    section = PAGE.split(f"### {heading}\n")[1].split("\n#")[0]
    first = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {word for cell in first for word in re.findall(r"`([a-z_]+)`", cell)}


@pytest.mark.parametrize(
    ("heading", "table"),
    [("Question", QuestionEntry), ("Alternative", Alternative),
     ("World", Scenario), ("About", About), ("Coded numbers", Coded), ("Member", MemberEntry),
     ("Office", OfficeEntry), ("Bond", BondEntry), ("Words", Words), ("Rung", Rung)],
)  # fmt: skip
def test_the_page_has_every_key_and_no_other(heading: str, table: type[BaseModel]) -> None:
    keys = {spec.alias or name for name, spec in table.model_fields.items()}
    allowed = keys - {"name"} if table is Scenario else keys
    assert documented(heading) == allowed


def test_the_page_has_every_kind_of_event_with_its_keys() -> None:
    by_kind = {
        kind: table
        for table in get_args(get_args(EventEntry)[0])
        for kind in get_args(table.model_fields["kind"].annotation)
    }
    common = {"id", "date", "text", "kind", "intervention", "requires"}
    assert documented("Event") == common | set(by_kind)
    lines = PAGE.split("| kind | keys")[1].splitlines()
    rows = [line.split("|") for line in lines if line.startswith("| `")]
    for kind, table in by_kind.items():
        cell = next(row[2] for row in rows if f"`{kind}`" in row[1])
        assert set(re.findall(r"`([a-z]+)`", cell)) == table.model_fields.keys() - common, kind
    assert all(f"`{word}`" in PAGE for word in NEED_WORDS)


def test_worlds_joined_on_the_spot_are_the_file_that_would_extend_them(tmp_path: Path) -> None:
    file = save(tmp_path, 'title = "x"\nextends = ["trotsky-speaks-1923", "no-faction-ban"]\n')
    joined, written = load_scenario("trotsky-speaks-1923+no-faction-ban"), load_scenario(file)
    own = {"name", "title", "about"}
    assert joined.model_dump(exclude=own) == written.model_dump(exclude=own)
    assert joined.extends == ("trotsky-speaks-1923", "no-faction-ban")  # and no path of a machine
    assert joined.title == "Trotsky speaks and no ban on factions"
    assert str(load_scenario("no-faction-ban").about.changed) in str(joined.about.changed)


def test_who_is_asked_about_is_a_member(tmp_path: Path) -> None:
    assert load_scenario("ussr-1922").leading == load_scenario("no-faction-ban").leading == "Stalin"
    file = save(tmp_path, 'title = "x"\nextends = "ussr-1922"\nleading = "Stallin"\n')
    with pytest.raises(ScenarioError, match="no such member, did you mean 'Stalin'"):
        load_scenario(file)


# in Python


@pytest.mark.parametrize(
    ("update", "parts"),
    [
        ({"members": ()}, ("members: too few",)),
        ({"members": [{"name": "X"}]}, ("members[X].status: missing",)),
        ({"start": "hello"}, ("start: no such month", 'such as "1923-04"')),
        ({"start": "1950-01"}, ("end: ends before it starts",)),
        ({"seats": 3}, ("more full members than seats", "at most 3")),
        ({"seats": "7"}, ("seats: wrong type", "a whole number")),
        ({"rules": {"unty": 1}}, ("did you mean 'unity'?",)),
        ({"bonds": (BondEntry(who="X", whom="Lenin", value=0.3),)}, ("bonds[#1].from: no such",)),
        ({"seets": 7}, ("seets: unknown key, did you mean 'seats'?",)),
        ({"end": "1930-12", "events": load_scenario("ussr-1922").events}, ("outside the run",)),
    ],
)
def test_a_scenario_altered_in_python_is_held_against_all_that_a_file_is(
    update: dict[str, object], parts: tuple[str, ...]
) -> None:
    with pytest.raises(ScenarioError) as raised:
        load_scenario("ussr-1922").model_copy(update=update)
    said = str(raised.value)
    assert said.startswith("ussr-1922, as altered: ") and "politburo-sim check" not in said
    assert all(part in said for part in parts)


def test_a_number_given_in_python_for_a_coded_one_is_taken_as_a_file_takes_it() -> None:
    world = load_scenario("ussr-1922")
    first, *rest = world.members
    plain = first.model_copy(update={"prestige": 5})
    altered = world.model_copy(update={"members": (plain, *rest)})
    assert altered.members[0].prestige == Coded(value=5)
    wrong = first.model_copy(update={"prestige": -5})
    with pytest.raises(ScenarioError, match=r"members\[Lenin\].prestige: out of range"):
        world.model_copy(update={"members": (wrong, *rest)})


def test_what_is_not_altered_stays_and_a_shorter_run_leaves_out_what_comes_later() -> None:
    world = load_scenario("ussr-1922")
    assert world.model_copy(update={"title": world.title}) == world
    short = world.model_copy(update={"end": "1923-12"})
    assert short.record == world.record and 0 < len(short.events) < len(world.events)
    assert max(event.date for event in short.events) <= "1923-12"


def test_a_world_is_built_from_whatever_it_is_given_as(tmp_path: Path) -> None:
    built = given.build_world("ussr-1922", {"unity": 0.5})
    assert given.build_world(built) is built
    assert given.build_world(save(tmp_path, GOOD)).scenario.title == "Three at a table"
    again = given.build_world(built, {"unity_bandwagon": 1.0})
    assert dict(zip(PARAMETERS, again.body.par, strict=True))["unity_liability"] == 0.5
    nobody = Scenario(
        title="x", axes=("a",), leading="X",
        members=(MemberEntry.model_validate({"name": "A", "status": "full", "prestige": 1}),),
    )  # fmt: skip
    for wrong in ("usr-1922", None, 5, nobody):
        with pytest.raises(ScenarioError):
            given.build_world(wrong)  # type: ignore[arg-type]
    with pytest.raises(ScenarioError, match="no such member"):
        Politburo(nobody)
    for settings in ({"unty": 1.0}, ["unity"], {"unity": True}, {"unity": np.float32("nan")}):
        with pytest.raises(ScenarioError):
            given.build_world(built, settings)  # type: ignore[arg-type]
    for half in (np.float32(0.5), np.float64(0.5), 0.5):
        assert (given.build_world("ussr-1922", {"unity": half}).body.par == built.body.par).all()
