"""What every shipped world does, as a few characters: the same before and after a change that
is to change nothing. `python -m benchmarks.fingerprints [--runs 400]` prints a line a world.
"""

import argparse
import hashlib

import numpy as np

from politburo_sim.lab.runs import replicate_seeds, run_many
from politburo_sim.run.model import Politburo
from politburo_sim.worlds.scenario import load_scenario, scenario_names
from politburo_sim.worlds.world import World, build_world


def of_the_engine(world: World, runs: int) -> str:
    """Hash of all outcomes of so many histories on the compiled engine."""
    out = run_many(world, replicate_seeds(1, runs), series=True, marks=(8, 44))
    return _hash(np.ascontiguousarray(field).tobytes() for field in out)


def of_mesa(world: World, histories: int) -> str:
    """Hash of entries, ballots and shares of so many histories of the Mesa model."""
    records = [Politburo(world, seed=seed).run().record for seed in range(histories)]
    return _hash(
        np.ascontiguousarray(array).tobytes()
        for record in records
        for array in (record.entries, record.ballots, record.shares)
    )


def _hash(parts) -> str:
    digest = hashlib.blake2b(digest_size=6)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=400, help="histories a world on the engine")
    parser.add_argument("--mesa", type=int, default=2, help="histories a world of the Mesa model")
    asked = parser.parse_args()
    for name in scenario_names():
        world = build_world(load_scenario(name), {"coder_uncertainty": 1})
        print(f"{name:28} {of_the_engine(world, asked.runs)} {of_mesa(world, asked.mesa)}")


if __name__ == "__main__":
    main()
