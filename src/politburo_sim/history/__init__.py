"""The historical record: tables with their sources, and the patterns a model is held against."""

from politburo_sim.history.judgements import clienteles, codings, disagreements, questions
from politburo_sim.history.patterns import Pattern, all_patterns, check_patterns, fit_patterns
from politburo_sim.history.tables import (
    committee_lists,
    committee_turnover,
    counts,
    divisions,
    falls,
    fates,
    junctures,
    members,
    memberships,
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
    "codings",
    "committee_lists",
    "committee_turnover",
    "counts",
    "disagreements",
    "divisions",
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
