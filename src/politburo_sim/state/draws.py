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
SCHEME = "splitmix64-chain/2"

# What is decided. A number once given is never given to another decision.
SIGHT = 8  # does a member decide by looking ahead
ORDER = 13  # order of proposers
CODER = 14  # where in the coders' range a trait lies
NEWCOMER = 15  # a newcomer's ideal
LOT = 16  # a victim drawn by lot (null model)
SPREAD = 17  # individual deviation of a trait without a coding
STRIKE = 11  # does the sole ruler strike
VICTIM = 12  # whom does he strike
ORGANISE = 20  # does anybody set out to organise
ORGANISER = 21  # who
AIM = 22  # at whom
FOLLOW = 23  # does a member of the coalition follow its leader to a new target
JOIN = 24  # does a man accept an invitation
GO_ON = 25  # does the organiser go on though short of a half
DEFEND = 26  # does a man stand by the target
RECONSIDER = 27  # does a man think his coalition over
CROSS = 28  # does he cross to the rival
LEAVE = 29  # does he leave
IDLE = 30  # does a coalition without a purpose end
SEEK = 31  # does a man look for a patron
ATTACH = 32  # to whom
MOVER = 33  # who moves a question when no coalitions stand against each other
POSITION = 34  # what he moves
OPPOSE = 35  # who stands against it
FIGHT = 36  # does a leader fight over it or assent
SIGN = 37  # who signs with an opponent
PRESS = 38  # does a coalition force a question of its own
VOTE = 39  # a vote on a policy
NAME = 40  # is one of the beaten named
RECALL = 41  # is a beaten man asked to recant
RECANT = 42  # does he
DEMAND = 43  # who asks for a sanction, against whom
SLATE = 44  # is the whole company struck by one motion
JUDGE = 45  # a vote on a person
APPEAL = 46  # can the condemned call the second house
COMMITTEE_VOTE = 47  # a vote on a person in the second house
DEFENDED = 48  # is a defender of the condemned named
APPOINTER = 49  # does the strongest appointer name to a seat, or a victor by weight
NAMER = 50  # which victor
SEAT = 51  # whom he names
SPOILS = 52  # which victor takes a post
POST_TO = 53  # to whom he gives it
FLOOR = 54  # does one who has been removed stand up in the Committee
DEMOTE = 55  # is one who is dismissed after a congress not elected again
READING = 60  # which reading of an uncertain entry of the record a history takes

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


@numba.njit("uint64(uint64, uint64)", cache=True, nogil=True)
def begin(seed: int, month: int) -> Any:
    """Seed and month, mixed: what all luck of one month starts from."""
    return mix(mix(_GOLDEN, seed), month)


@numba.njit("float64(uint64, uint64, uint64, uint64)", cache=True, nogil=True)
def chance(key: Any, decision: int, who: int, whom: int) -> float:
    """A number strictly between 0 and 1 that belongs to one decision of one month."""
    z = mix(mix(mix(key, decision), who), whom)
    return (np.float64(z >> _S12) + _HALF) * _SCALE


@numba.njit("float64(uint64, uint64, uint64, uint64, uint64)", cache=True, nogil=True)
def draw(seed: int, month: int, decision: int, who: int, whom: int) -> float:
    """A number strictly between 0 and 1 that belongs to one decision: `chance`, month included."""
    return chance(begin(seed, month), decision, who, whom)


config.CACHE_DIR = _CACHE
