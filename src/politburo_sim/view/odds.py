"""The live odds: who ends as established sole ruler from here, now and as it has been."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from politburo_sim.view.drawing import NOBODY_COLOUR, brief, hover, n, percent, picture, text

WIDTH, HEIGHT = 360, 270
_LEFT, _TOP, _SIDE = 96.0, 8.0, 205.0
_RIVER_TOP, _RIVER_TALL = 194.0, 58.0
#: So many bars; the rest are summed up.
BARS = 7

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
        waiting = text(WIDTH / 2, HEIGHT / 2, note, anchor="middle", kind="muted")
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
    return picture(WIDTH, HEIGHT, alt(rows), parts)


def ranked(chances: Chances) -> list[tuple[str, float]]:
    """Return the likeliest ends, the rest summed up as "others"."""
    order = sorted(chances.items(), key=lambda item: (-item[1], item[0]))
    rows = [(name, chance) for name, chance in order if chance > 0]
    rest = sum(chance for _, chance in rows[BARS:])
    return rows[:BARS] + ([("others", rest)] if rest else [])


def alt(rows: Sequence[tuple[str, float]]) -> str:
    """Return the picture in words."""
    said = ", ".join(f"{name} {percent(chance)}" for name, chance in rows)
    return f"Chance to end as established sole ruler: {said}"


def _bar(name: str, chance: float, colour: str, y: float, high: float) -> str:
    low = y + high / 2 + 4
    long = max(1.0, _SIDE * chance)
    return (
        f'<g class="pb-chance" data-chance="{chance:.6f}">'
        f"{hover(f'{name}: {percent(chance)}')}{text(_LEFT - 6, low, brief(name), anchor='end')}"
        f'<rect x="{n(_LEFT)}" y="{n(y)}" width="{n(long)}" height="{n(high)}" fill="{colour}"/>'
        f"{text(_LEFT + long + 5, low, percent(chance), kind='strong')}</g>"
    )


def _river(
    names: Sequence[str],
    colours: Mapping[str, str],
    history: Sequence[tuple[int, Chances]],
    months: int,
) -> list[str]:
    across = [n(30 + 324 * month / max(1, months - 1)) for month, _ in history]
    floor = [0.0] * len(history)
    made = []
    ever = [name for name in history[0][1] if any(chances.get(name) for _, chances in history)]
    for name in sorted(ever, key=lambda name: (name not in names, name)):
        top = [
            low + chances.get(name, 0.0) for low, (_, chances) in zip(floor, history, strict=True)
        ]
        points = [*zip(across, top, strict=True), *list(zip(across, floor, strict=True))[::-1]]
        path = "L".join(f"{x} {n(_RIVER_TOP + _RIVER_TALL * (1 - y))}" for x, y in points)
        colour = colours.get(name, NOBODY_COLOUR)
        made.append(f'<path d="M{path}Z" fill="{colour}">{hover(name)}</path>')
        floor = top
    frame = f'<rect class="rule" x="30" y="{n(_RIVER_TOP)}" width="324" height="{n(_RIVER_TALL)}"/>'
    return [*made, frame, text(30, HEIGHT - 4, "as seen at each pause", kind="muted small")]
