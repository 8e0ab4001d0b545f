"""The live odds: who comes to be established sole ruler from here, now and as it has been."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from politburo_sim.view.drawing import (
    NOBODY_COLOUR,
    brief,
    fitted,
    hover,
    n,
    percent,
    picture,
    text,
)

WIDTH, HEIGHT = 360, 270
_LEFT, _TOP, _SIDE = 96.0, 8.0, 205.0
_RIVER_TOP, _RIVER_TALL = 194.0, 58.0
#: So many bars; the rest are summed up.
BARS = 7
#: Pauses so many months apart or less are joined; between others nothing is drawn.
JOINED = 6
#: Half the width of what is drawn for a single pause.
_HALF = 1.5

Chances = Mapping[str, float]


def odds_picture(
    chances: Chances | None,
    colours: Mapping[str, str],
    history: Sequence[tuple[int, Chances]] = (),
    months: int = 1,
    note: str = "",
) -> str:
    """Return bars of the chances, and below them how they have moved.

    Parameters
    ----------
    chances : by name; they sum to one. None where there are none yet.
    colours : of the names; others are grey.
    history : month and chances of every pause so far.
    months : length of the run.
    note : said under the bars, such as the number of futures, or instead of them.
    """
    if chances is None:
        waiting = text(
            WIDTH / 2, HEIGHT / 2, fitted(note, WIDTH - 8), anchor="middle", kind="muted"
        )
        return picture(WIDTH, HEIGHT, f"Live odds: {note}", [waiting])
    rows = ranked(chances)
    high = min(32.0, 160.0 / len(rows))
    parts = [
        _bar(name, chance, colours.get(name, NOBODY_COLOUR), _TOP + high * place, high - 5)
        for place, (name, chance) in enumerate(rows)
    ]
    parts.append(text(_LEFT, _TOP + high * len(rows) + 12, note, kind="muted"))
    if len(history) > 1:
        parts += _river([name for name, _ in rows], colours, history, months)
    return picture(WIDTH, HEIGHT, alt(rows, history), parts)


def ranked(chances: Chances) -> list[tuple[str, float]]:
    """Return the likeliest ends, the rest summed up as "others"."""
    order = sorted(chances.items(), key=lambda item: (-item[1], item[0]))
    rows = [(name, chance) for name, chance in order if chance > 0]
    rest = sum(chance for _, chance in rows[BARS:])
    return rows[:BARS] + ([("others", rest)] if rest else [])


def alt(rows: Sequence[tuple[str, float]], history: Sequence[tuple[int, Chances]] = ()) -> str:
    """Return the picture in words."""
    said = ", ".join(f"{name} {percent(chance)}" for name, chance in rows)
    below = f"; below, as seen at {len(history)} pauses{_blank(history)}" * (len(history) > 1)
    return f"Chance to be the first to rule alone: {said}{below}"


def _blank(history: Sequence[tuple[int, Chances]]) -> str:
    """Say what the gaps mean, where there are any."""
    return ", blank where none was reckoned" * (len(stretches(history)) > 1)


def _bar(name: str, chance: float, colour: str, y: float, high: float) -> str:
    low = y + high / 2 + 4
    long = max(1.0, _SIDE * chance)
    short = fitted(brief(name), _LEFT - 7)
    return (
        f'<g class="pb-chance" data-chance="{chance:.6f}">'
        f"{hover(f'{name}: {percent(chance)}')}{text(_LEFT - 6, low, short, anchor='end')}"
        f'<rect x="{n(_LEFT)}" y="{n(y)}" width="{n(long)}" height="{n(high)}" fill="{colour}"/>'
        f"{text(_LEFT + long + 5, low, percent(chance), kind='strong')}</g>"
    )


def stretches(history: Sequence[tuple[int, Chances]]) -> list[list[tuple[int, Chances]]]:
    """Return the pauses in groups of which each is near to the one before it."""
    groups: list[list[tuple[int, Chances]]] = []
    for pause in history:
        if groups and pause[0] - groups[-1][-1][0] <= JOINED:
            groups[-1].append(pause)
        else:
            groups.append([pause])
    return groups


def _river(
    names: Sequence[str],
    colours: Mapping[str, str],
    history: Sequence[tuple[int, Chances]],
    months: int,
) -> list[str]:
    ever = {name for _, chances in history for name, chance in chances.items() if chance}
    order = sorted(ever, key=lambda name: (name not in names, name))
    groups = stretches(history)
    made = []
    for place, name in enumerate(order):
        path = "".join(_band(group, order[:place], name, months) for group in groups)
        colour = colours.get(name, NOBODY_COLOUR)
        made.append(f'<path d="{path}" fill="{colour}">{hover(name)}</path>')
    frame = f'<rect class="rule" x="30" y="{n(_RIVER_TOP)}" width="324" height="{n(_RIVER_TALL)}"/>'
    told = f"as seen at each pause{_blank(history)}"
    return [*made, frame, text(30, HEIGHT - 4, told, kind="muted small")]


def _band(
    group: Sequence[tuple[int, Chances]], below: Sequence[str], name: str, months: int
) -> str:
    """Return the outline of one name's chances over pauses near to one another."""
    across = [30 + 324 * month / max(1, months - 1) for month, _ in group]
    across = [max(30.0, across[0] - _HALF), *across, min(354.0, across[-1] + _HALF)]
    ends = [group[0], *group, group[-1]]
    floor = [sum(chances.get(one, 0.0) for one in below) for _, chances in ends]
    top = [low + chances.get(name, 0.0) for low, (_, chances) in zip(floor, ends, strict=True)]
    points = [*zip(across, top, strict=True), *list(zip(across, floor, strict=True))[::-1]]
    path = "L".join(f"{n(x)} {n(_RIVER_TOP + _RIVER_TALL * (1 - y))}" for x, y in points)
    return f"M{path}Z"
