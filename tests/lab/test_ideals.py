"""Reading ideals from votes: sharp where votes show them, nothing where all vote alike."""

import numpy as np

from politburo_sim.lab.ideals import agreement, explained, positions


def votes(ideals: np.ndarray, number: int, noise: float, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    cuts = rng.uniform(-1, 1, (number, 1))
    return (ideals[:, 0][None, :] + noise * rng.standard_normal((number, len(ideals))) > cuts) * 1


def test_sharp_votes_show_the_ideals() -> None:
    ideals = np.random.default_rng(1).uniform(-1, 1, (12, 1))
    found = positions(agreement(votes(ideals, 200, 0.05)))
    assert explained(ideals, found) > 0.9


def test_noise_hides_them() -> None:
    ideals = np.random.default_rng(2).uniform(-1, 1, (12, 1))
    read = [explained(ideals, positions(agreement(votes(ideals, 60, 50.0, s)))) for s in range(40)]
    assert abs(float(np.mean(read))) < 0.12


def test_unanimous_votes_show_nothing() -> None:
    ideals = np.random.default_rng(3).uniform(-1, 1, (9, 1))
    found = positions(agreement(np.ones((50, 9), dtype=int)))
    assert np.allclose(found, 0.0)
    assert explained(ideals, found) <= 1e-9
