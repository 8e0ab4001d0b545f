"""A coding drawn once and kept is the one that a history would have drawn by itself."""

import numpy as np
from benchmarks.codings import EFFORT, PAGE, WORLDS, of_one_coding, page, sole_rule

from politburo_sim.lab.bench import Effort, prepare, with_point
from politburo_sim.lab.ensemble import load_ensemble
from politburo_sim.rules.founding import found
from politburo_sim.state.body import copy_record
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import make_work
from politburo_sim.worlds.world import World

SETS = load_ensemble().thin(2)
KEPT = ("ideal", "bond", "bases", "prestige", "opportunism", "loyalty", "foresight")


def founded(world: World, seed: int) -> dict[str, np.ndarray]:
    body = copy_record(world.body)
    found(body, make_work(body), world.coding, seed)
    return {name: np.array(getattr(body, name)) for name in KEPT}


def test_the_coding_of_a_seed_is_kept_whatever_the_luck() -> None:
    world, points = prepare(WORLDS["base"], SETS)
    free = with_point(world, points[0])
    kept = with_point(of_one_coding(world, points[0], 11), points[0])
    one, other = founded(free, 11), founded(free, 12)
    spread = np.isnan(world.coding.opportunism)  # drawn apart from any coding
    for seed in (11, 12, 13):
        again = founded(kept, seed)
        for name in KEPT:
            chosen = ~spread if name == "opportunism" else np.ones(len(spread), bool)
            np.testing.assert_allclose(again[name][chosen], one[name][chosen], atol=1e-12)
    assert any(not np.allclose(one[name], other[name]) for name in KEPT)


def test_where_nothing_is_open_a_kept_coding_is_the_coded_one() -> None:
    effort, sure = Effort(2, 5), load_ensemble().thin(2)
    sure.table[:, PLACE["coder_uncertainty"]] = 0.0
    for spec in WORLDS.values():
        free, held = (sole_rule(spec, sure, effort, held=held) for held in (False, True))
        np.testing.assert_array_equal(free, held)


def test_the_page_tells_of_the_whole_run() -> None:
    text, small = PAGE.read_text(encoding="utf-8"), page(Effort(2, 3))
    assert text.splitlines()[0] == small.splitlines()[0]
    assert f"{EFFORT.draws} sets of the ensemble with {EFFORT.replicates} histories" in text
    names = [[row.split("|")[1] for row in table.splitlines()[4:]] for table in (text, small)]
    assert names[0] == names[1]
