"""Among equals nobody is favoured, and no outcome is fixed by construction."""

import numpy as np

from politburo_sim.lab.runs import replicate_seeds, run_many
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

RUNS = 10_000


def test_among_equals_everybody_ends_on_top_equally_often() -> None:
    """A place on top that several share counts for each in equal parts."""
    world = build_world(load_scenario("equal-body"))
    out = run_many(world, replicate_seeds(3, RUNS))
    share = out.share[:, : world.members]
    top = share >= share.max(axis=1, keepdims=True) - 1e-12
    parts = top / top.sum(axis=1, keepdims=True)
    chance = parts.mean(axis=0)
    error = parts.std(axis=0, ddof=1) / np.sqrt(RUNS)
    assert np.all(np.abs(chance - 1 / world.members) < 4 * error), chance


def test_at_the_defaults_no_outcome_is_certain() -> None:
    world = build_world(load_scenario("ussr-1922"))
    out = run_many(world, np.arange(400))
    names = world.names[: world.members]
    established = (out.ruler >= 0).mean()
    assert 0.02 < established < 0.98
    removed = (out.rungs[:, : world.members, 3:] >= 0).any(axis=2).mean(axis=0)
    assert removed.max() < 1.0
    assert (removed > 0).sum() > len(names) / 2
