"""The historical record: tables with their sources, and the patterns a model is held against."""

from politburo_sim.history.patterns import Pattern, all_patterns, check_patterns, fit_patterns
from politburo_sim.history.tables import (
    clienteles,
    committee_lists,
    committee_turnover,
    counts,
    disagreements,
    falls,
    fates,
    junctures,
    members,
    memberships,
    questions,
    seated,
    seats,
    vote_positions,
    votes,
)

__all__ = [
    "Pattern",
    "all_patterns",
    "check_patterns",
    "clienteles",
    "committee_lists",
    "committee_turnover",
    "counts",
    "disagreements",
    "falls",
    "fates",
    "fit_patterns",
    "junctures",
    "members",
    "memberships",
    "questions",
    "seated",
    "seats",
    "vote_positions",
    "votes",
]
