"""How usual an end is among the futures from the start, in a sentence."""

from __future__ import annotations

from politburo_sim.lab.ahead.odds import NOBODY_RULES
from politburo_sim.view.forecast import Chances

#: So many of the other ends are named at most.
ENDS = 4


def usual(first: Chances, end: str, futures: int) -> str:
    """Return how often this end comes, and which others do.

    Parameters
    ----------
    first
        The odds before anything has happened.
    end
        Who rules alone at the end of this history; "nobody" if nobody does.
    futures
        Futures behind the odds.
    """
    others = sorted((n for n in first if n != end and first[n] > 0), key=lambda n: (-first[n], n))
    rest = [f"{rules(name)} in {in_100(first[name])}" for name in others[:ENDS]]
    told = f"Of 100 futures from the very start, {rules(end)} in {in_100(first.get(end, 0.0))}"
    told += f"; {', '.join(rest)}." if rest else "."
    return f"{told} (Counted in {futures:,} futures, each with luck of its own.)"


def rules(name: str) -> str:
    """Return that somebody, or nobody, rules alone."""
    return f"{name} {'comes to rule' if name == NOBODY_RULES else 'rules'} alone"


def in_100(chance: float) -> str:
    """Return a chance in hundredths; one that is neither nought nor one is never said as either."""
    hundred = 100 * chance
    if 0 < hundred < 1:
        return "less than one"
    return "more than 99" if 99 < hundred < 100 else f"{hundred:.0f}"


def settled_on(last: Chances) -> str:
    """Return the end that has come about."""
    return max(last, key=lambda name: last[name])


def question(body: str) -> str:
    """Return what a reader is asked, about a body by its name."""
    return f"Who will rule the {body}? What would have stopped it?"
