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
    """In how many readings of the record something does not happen."""
    if share < _NONE:
        return "in every reading of the record it does so"
    return f"{_of_ten(share)} readings of the record it does not {verb}"


def _of_ten(share: float) -> str:
    return f"in {'fewer than 1' if share < _HARDLY else max(1, round(10 * share))} of 10"


def size(effect: Effect) -> str:
    """The word for the size of an effect, and the words between which luck alone leaves it open.

    Examples
    --------
    >>> size(Effect(-0.04, -0.09, 0.01, -0.05, -0.03, 0.3, -0.05, -0.03, -0.08, 0.0))
    'little (luck alone leaves little to some open)'
    """
    words = [step.word for step in scale()]
    said = size_word(effect.effect, effect.against)
    ends = [effect.low_luck, effect.high_luck] + [0.0] * (effect.low_luck < 0 < effect.high_luck)
    open_yet = sorted(words.index(size_word(end, effect.against)) for end in ends)
    least, most = words[open_yet[0]], words[open_yet[-1]]
    return said if least == most == said else f"{said} (luck alone leaves {least} to {most} open)"


def of_change(
    who: str, base: float, alt: float, effect: Effect, rules: str = "one set of rules"
) -> str:
    """What a change does to somebody's chance; `rules`: at which it does where there is one set.

    Examples
    --------
    >>> found = Effect(-0.04, -0.09, 0.01, -0.05, -0.03, 0.3, -0.05, -0.03, -0.08, 0.0)
    >>> of_change("Anna", 0.31, 0.27, found)
    "Anna's chance of sole rule falls from 31 in 100 to 27; in 3 of 10 readings of the record it \
does not fall: little (luck alone leaves little to some open)."
    """
    subject = chance_of(who)
    subject = subject[:1].upper() + subject[1:]
    before, after = in_100(base), in_100(alt)
    if effect.low == effect.high == 0:
        return f"{subject} is {before} in 100 with the change as without it: nothing."
    verb = "fall" if effect.effect < 0 else "rise"
    moved = f"{verb}s from {before} in 100 to {after}"
    word, nothing = size(effect), size_word(effect.effect, effect.against) == scale()[0].word
    if before == after:
        moved = f"stays at {before} in 100 ({points(effect.effect)} points)"
        if nothing:
            return f"{subject} {moved}: {word}."
    elif nothing:
        word = f"as good as {word}"
    if effect.share_of_readings is None:
        return f"{subject} {moved} at {rules}, all that is open left out: {word}."
    return f"{subject} {moved}; {against(effect.share_of_readings, verb)}: {word}."


def of_interaction(who: str, both: float, alone: Sequence[float], found: Effect) -> str:
    """What two changes do together beyond what each does alone."""
    said = f"Both changes together move {chance_of(who)} by {points(both)} points, alone by "
    said += f"{' and '.join(map(points, alone))}; the interaction is {points(found.effect)} points"
    sign = "above" if found.effect > 0 else "below"
    word = size(found)
    match found.share_of_readings:
        case None:
            return f"{said} at one set of rules: {word}."
        case share if share < _NONE:
            return f"{said}, {sign} nought in every reading of the record: {word}."
        case share:
            return f"{said}, and {_of_ten(share)} readings of the record not {sign} nought: {word}."
