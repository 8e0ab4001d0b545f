"""A pass of the sampler: histories with their luck and likelihood, and how they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from politburo_sim.lab import store
from politburo_sim.lab.weigh.conditioned import Seeds, Values
from politburo_sim.rules.luck import PARTS as LUCK_PARTS
from politburo_sim.state.minutes import PARTS


@dataclass
class Population:
    """Histories, and their log-likelihood [N, T].

    cube [N, d + 1]; seeds [N, 1 + months, 1 + LUCK_PARTS], a seed and twists (`rules.luck`);
    origins [N, FOUNDING_PARTS], the twists of the founding; parts [N, T, PARTS], the log-likelihood
    by kind, cumulative over months; states [N], those before the newest block, where it is moved.
    """

    cube: Values
    seeds: Seeds
    origins: Seeds
    parts: Values
    states: Any = None

    @property
    def like(self) -> Values:
        """Log-likelihood to the end of each month."""
        total: Values = self.parts.sum(axis=2)
        return total

    def take(self, places: NDArray[np.int64]) -> Population:
        """Some of the histories, without states."""
        return Population(
            self.cube[places], self.seeds[places], self.origins[places], self.parts[places],
        )  # fmt: skip

    @classmethod
    def of(cls, many: Sequence[Population]) -> Population:
        """Several populations as one."""
        names = ("cube", "seeds", "origins", "parts")
        return cls(*(np.concatenate([getattr(one, name) for one in many]) for name in names))


@dataclass(frozen=True)
class Pass:
    """One pass: the log evidence to the end of each block, by kind, and the last population.

    blocks : months. evidence : [B] cumulative. kinds : [B, PARTS] its parts, shared out in
    proportion to the mean log-likelihoods of the population. without : [B, rules] share of the
    population that lives without each rule that may be absent. apart : [rules, PARTS] by how much
    the mean log-likelihood of those without it is higher, by kind. accepted : share of moves taken.
    """

    blocks: list[int]
    evidence: Values
    kinds: Values
    without: Values
    apart: Values
    population: Population
    accepted: dict[str, float]


def save(found: Pass, path: Path, key: str) -> None:
    """Write a pass as two sealed tables; read it again with `load`."""
    people = found.population
    columns: dict[str, Any] = {f"cube {k}": c for k, c in enumerate(people.cube.T)}
    for name, luck in (("seed", people.seeds), ("origin", people.origins)):
        columns |= {f"{name} {k}": c for k, c in enumerate(luck.reshape(len(luck), -1).T)}
    histories = pd.DataFrame(columns)
    blocks = pd.DataFrame({"block": found.blocks, "evidence": found.evidence})
    for k in range(found.kinds.shape[1]):
        blocks[f"kind {k}"] = found.kinds[:, k]
    for k in range(found.without.shape[1]):
        blocks[f"without {k}"] = found.without[:, k]
    for k, value in enumerate(found.apart.ravel()):
        blocks[f"apart {k}"] = value
    for name, rate in found.accepted.items():
        blocks[f"accepted {name}"] = rate
    for name, frame in (("histories", histories), ("blocks", blocks)):
        table = pa.Table.from_pandas(frame, preserve_index=False)
        store.write(path.with_suffix(f".{name}.parquet"), table, key)


def load(path: Path, key: str) -> Pass | None:
    """A pass from its tables, without log-likelihoods or states; None where it has to be run."""
    people = store.read(path.with_suffix(".histories.parquet"), key)
    log = store.read(path.with_suffix(".blocks.parquet"), key)
    if people is None or log is None:
        return None
    histories, blocks = store.frame_of(people), store.frame_of(log)

    def those(frame: pd.DataFrame, word: str) -> Any:
        return frame[[c for c in frame if c.startswith(f"{word} ")]].to_numpy()

    seeds = those(histories, "seed").reshape(len(histories), -1, 1 + LUCK_PARTS)
    return Pass(
        [int(b) for b in blocks["block"]], blocks["evidence"].to_numpy(), those(blocks, "kind"),
        those(blocks, "without"), those(blocks, "apart")[0].reshape(-1, PARTS),
        Population(
            those(histories, "cube"), seeds, those(histories, "origin"), np.zeros((0, 0, PARTS))
        ),
        {c.removeprefix("accepted "): float(blocks[c].iloc[0])
         for c in blocks if c.startswith("accepted ")},
    )  # fmt: skip
