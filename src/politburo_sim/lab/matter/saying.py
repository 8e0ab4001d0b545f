"""Comparisons in sentences: chances in 100, readings in 10, and a word for the size."""

from __future__ import annotations

from collections.abc import Sequence

from politburo_sim.lab.matter.effects import Effect
from politburo_sim.lab.matter.scale import scale, size_word

ANYBODY = "anybody"
_MINUS = "\N{MINUS SIGN}"
#: Below this share of the readings none speaks against, and below the second fewer than one in ten.
_NONE, _HARDLY = 0.005, 0.05


def chance_of(who: str) -> str:
    """Whose chance it is, as the subject of a sentence."""
    return f"{who}'s chance of sole rule" if who != ANYBODY else "the chance of anybody's sole rule"


def in_100(chance: float) -> str:
    """A chance in 100; below one in 100, and short of certainty, it is said to be there."""
    rounded = f"{100 * chance:.0f}"
    if rounded == "0" and chance > 0:
        return "less than 1"
    return "more than 99" if rounded == "100" and chance < 1 else rounded


def points(change: float) -> str:
    """A change of a chance in points, with its sign."""
    text = f"{100 * change:+.1f}"
    return "0.0" if float(text) == 0 else text.replace("-", _MINUS)


def against(share: float, verb: str) -> str:
    """The end of a sentence: in how many readings of the record something does not happen."""
    if share < _NONE:
        return ", and does so in every reading of the record"
    return f"; {_of_ten(share)} readings of the record it does not {verb}"


def _of_ten(share: float) -> str:
    return f"in {'fewer than 1' if share < _HARDLY else max(1, round(10 * share))} of 10"


def size(effect: Effect) -> str:
    """The word for the size of an effect, and the words between which luck leaves it open.

    Examples
    --------
    >>> size(Effect(-0.04, -0.09, 0.01, -0.05, -0.03, 0.3, -0.05, -0.03, -0.08, 0.0))
    '“little” (counting luck alone, anything from “little” to “some”)'
    """
    words = [step.word for step in scale()]
    said = size_word(effect.effect, effect.against)
    ends = [effect.low_luck, effect.high_luck] + [0.0] * (effect.low_luck < 0 < effect.high_luck)
    open_yet = sorted(words.index(size_word(end, effect.against)) for end in ends)
    least, most = words[open_yet[0]], words[open_yet[-1]]
    if least == most == said:
        return _quoted(said)
    could = f"counting luck alone, anything from {_quoted(least)} to {_quoted(most)}"
    return f"{_quoted(said)} ({could})"


def _quoted(word: str) -> str:
    """A word of the scale, marked as one."""
    return f"\u201c{word}\u201d"


def of_change(
    who: str, base: float, alt: float, effect: Effect, rules: str = "one set of rules"
) -> str:
    """What a change does to somebody's chance; `rules`: at which it does where there is one set.

    Examples
    --------
    >>> found = Effect(-0.04, -0.09, 0.01, -0.05, -0.03, 0.3, -0.05, -0.03, -0.08, 0.0)
    >>> of_change("Anna", 0.31, 0.27, found)
    "Anna's chance of sole rule falls from 31 in 100 to 27; in 3 of 10 readings of the record it \
does not fall. The effect counts as “little” (counting luck alone, anything from \
“little” to “some”)."
    """
    subject = chance_of(who)
    subject = subject[:1].upper() + subject[1:]
    before, after = in_100(base), in_100(alt)
    if effect.low == effect.high == 0:
        same = f"{subject} is {before} in 100 with the change as without it"
        return f"{same}. The effect counts as {_quoted(scale()[0].word)}."
    verb = "fall" if effect.effect < 0 else "rise"
    moved = f"{verb}s from {before} in 100 to {after}"
    counts = f"The effect counts as {size(effect)}."
    if before == after:
        moved = f"stays at {before} in 100 ({points(effect.effect)} points)"
        if size_word(effect.effect, effect.against) == scale()[0].word:
            return f"{subject} {moved}. {counts}"
    if effect.share_of_readings is None:
        return f"{subject} {moved}, at {rules} alone. {counts}"
    return f"{subject} {moved}{against(effect.share_of_readings, verb)}. {counts}"


def of_interaction(who: str, both: float, alone: Sequence[float], found: Effect) -> str:
    """What two changes do together beyond what each does alone."""
    said = f"Together the changes move {chance_of(who)} by {points(both)} points, each alone by "
    said += f"{' and '.join(map(points, alone))}. The interaction is {points(found.effect)} points"
    sign = "above" if found.effect > 0 else "below"
    counts = f"It counts as {size(found)}."
    if found.low == found.high == 0:
        return f"{said} in every reading of the record. {counts}"
    match found.share_of_readings:
        case None:
            return f"{said}, at one set of rules alone. {counts}"
        case share if share < _NONE:
            return f"{said}, and is {sign} nought in every reading of the record. {counts}"
        case share:
            not_so = f"{_of_ten(share)} readings of the record it is not {sign} nought"
            return f"{said}; {not_so}. {counts}"
