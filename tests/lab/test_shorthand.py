"""The shorthand of contrasts files: a few lines are written out to what they say."""

import hashlib
import json
from pathlib import Path

import pytest

from politburo_sim.files.errors import ExperimentError
from politburo_sim.lab.kinds.contrasts import Contrasts
from politburo_sim.lab.plan import load
from politburo_sim.state.parameters import TABLE
from politburo_sim.worlds.scenario import load_scenario

#: Of each shipped file: its cells and contrasts when each had a table of its own, and the digest
#: of those tables.
WRITTEN_BY_HAND = {
    "e11-other-bodies": (8, 10, "18d525808626ecca"),
    "e2-flipping-pays": (42, 35, "503a143baad33081"),
    "e4-counterfactuals": (9, 32, "786c98fef3167719"),
    "e7-office-or-man": (11, 22, "97315b76dcd025b3"),
    "e9-foresight-ladder": (9, 14, "7d1857daea2203f5"),
}


def digest(found: Contrasts) -> str:
    cells = {
        name: {"scenario": found.scenario, **cell.model_dump(mode="json", exclude_defaults=True)}
        for name, cell in found.cells.items()
    }
    contrasts = {c.name: [c.outcome, c.weights, c.given] for c in found.contrasts}
    said = json.dumps([cells, contrasts], sort_keys=True)
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


@pytest.mark.parametrize("name", WRITTEN_BY_HAND)
def test_the_shipped_files_say_what_they_said_table_by_table(name: str) -> None:
    found = load(name)
    assert isinstance(found, Contrasts)
    assert (len(found.cells), len(found.contrasts), digest(found)) == WRITTEN_BY_HAND[name]


HEAD = """\
kind = "contrasts"
id = "mine"
title = "Mine"
question = "Does it matter?"
scenario = "ussr-1922"

[cells]
"as it was" = {}

[[every]]
"""


def written(tmp_path: Path, text: str) -> Contrasts:
    file = tmp_path / "mine.toml"
    file.write_text(HEAD + text, encoding="utf-8")
    found = load(file)
    assert isinstance(found, Contrasts)
    return found


def test_every_mechanism_that_can_be_switched_off_is_knocked_out_in_two_lines(
    tmp_path: Path,
) -> None:
    found = written(
        tmp_path,
        """\
part = "mechanisms *"
cells = { "no {part}" = { settings = "{part=}" } }
[[every]]
cell = "cells no *"
contrasts = [{ name = "{cell}", outcome = "established", weights = "{cell} - as it was" }]
""",
    )
    off = {p.name: p.off for p in TABLE if p.off is not None}
    settings = [cell.settings for cell in found.cells.values() if cell.settings]
    assert settings == [{name: value} for name, value in off.items()] and len(off) > 30
    assert found.size() == len(off) + 1


def test_members_worlds_and_outcomes_are_meant_by_patterns(tmp_path: Path) -> None:
    found = written(
        tmp_path,
        """\
man = "members * | !Lenin | !*v"
world = "worlds trotsky-*"
of = "outcomes removed | month"
cells = { "{man} in {world}" = { scenario = "{world=}", rotate = 1 } }
contrasts = [
  { name = "{man} {of}", outcome = "{of=}", weights = "0.5 * {man} in {world} - as it was" },
]
""",
    )
    members = [m.name for m in load_scenario("ussr-1922").members]
    left = [name for name in members if name != "Lenin" and not name.endswith("v")]
    assert [c.name for c in found.contrasts] == [
        f"{man} {of}" for man in left for of in ("month", "removed")
    ]
    assert found.contrasts[0].weights == {
        f"{left[0]} in trotsky-speaks-1923": 0.5, "as it was": -1.0,
    }  # fmt: skip
    assert found.cells[f"{left[0]} in trotsky-speaks-1923"].rotate == 1


CELLS = 'cells = { "{x}" = { settings = { unity = "{x=}" } } }\n'
CONTRAST = 'contrasts = [{ name = "a", outcome = "established", weights = "as it was" }]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 3\n" + CELLS, "no list, table or source"),
        ('x = "mmbers *"\n' + CELLS, "every.*x: no list, table or source"),
        ('x = "members Z"\n' + CELLS, "nothing is meant"),
        ("y = [0.5]\n" + CELLS, "no such variable"),
        ('x = { "as it was" = 1 }\n' + CELLS, "two cells of one name"),
        ("x = [0.5]\n" + CELLS + CONTRAST.replace('"as', '"is'), "no such cell, did you mean"),
        ("x = [1.5]\n" + CELLS + CONTRAST, "1.5.*unity: out of range"),
        ("x = [1, 0.5]\n" + CELLS + CONTRAST, "the same name twice"),
        ("x = [0.5]\n" + CELLS, "contrasts: missing"),
        ("cells = 3\n", "every.*wrong type"),
        ("contrasts = 3\n", "every.*wrong type"),
    ],
)
def test_what_is_wrong_with_a_block_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ExperimentError, match=said):
        written(tmp_path, text)
