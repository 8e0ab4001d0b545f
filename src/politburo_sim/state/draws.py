"""Random numbers keyed by what they decide.

Every draw belongs to one decision: `draw(seed, month, decision, who, whom)`. Nothing is
consumed from a stream, so leaving a draw out shifts nobody else's luck, a run can be
computed alone, and two worlds with one seed share their luck until they part.

The keys are mixed one after another with the splitmix64 finaliser (Steele, Lea and Flood,
OOPSLA 2014); `who` and `whom` are stable member ids, never positions.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba.core import config as _config

from politburo_sim.state.compiled import cache_folder_once

#: Version of the scheme; it goes into every manifest.
SCHEME = "splitmix64-chain/1"

CONTEST = 1  # is there a question this month
URGE = 2  # who raises it
AIM = 3  # against whom
PRESS = 4  # is it forced to a roll call
VOTE = 5  # a member's vote on the platforms
LIABLE = 6  # is the beaten leader called to account
SIGNATORY = 7  # is one of his backers named with him
SIGHT = 8  # does a member decide by looking ahead
JUDGE = 9  # a member's vote on a person
PATRON = 10  # does a vacant seat go to a client
STRIKE = 11  # does the sole ruler strike
VICTIM = 12  # whom does he strike
ORDER = 13  # order of proposers
CODER = 14  # where in the coders' range a trait lies
NEWCOMER = 15  # a newcomer's ideal
LOT = 16  # a victim drawn by lot (null model)
SPREAD = 17  # individual deviation of a trait without a coding

config: Any = _config
_CACHE, config.CACHE_DIR = config.CACHE_DIR, str(cache_folder_once())

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)
_HALF = 0.5
_SCALE = 2.0**-52


@numba.njit("uint64(uint64, uint64)", cache=True, nogil=True)
def mix(state: Any, key: Any) -> Any:
    """Mix one key into a 64-bit state."""
    z = (state ^ key) + _GOLDEN
    z = (z ^ (z >> _S30)) * _FIRST
    z = (z ^ (z >> _S27)) * _SECOND
    return z ^ (z >> _S31)


@numba.njit("float64(uint64, uint64, uint64, uint64, uint64)", cache=True, nogil=True)
def draw(seed: int, month: int, decision: int, who: int, whom: int) -> float:
    """A number strictly between 0 and 1 that belongs to one decision."""
    z = mix(mix(mix(mix(mix(_GOLDEN, seed), month), decision), who), whom)
    return (np.float64(z >> _S12) + _HALF) * _SCALE


config.CACHE_DIR = _CACHE
