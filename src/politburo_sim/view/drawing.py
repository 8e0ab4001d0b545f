"""What the panels share: colours, numbers as text, and the frame of a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

#: Characters of a name for which there is room beside a mark; its tooltip gives the whole.
LONGEST_NAME = 14
#: Widths of letters, in heights of the script; what is in none is as wide as a small letter.
_WIDTHS = {letter: wide for letters, wide in (
    ("ijlIJ.,'- ", 0.34), ("frt", 0.42), ("mwMW…", 0.98), ("ABCDEFGHKLNOPQRSTUVXYZ", 0.73),
) for letter in letters}  # fmt: skip
_SMALL_LETTER, _BOLDER = 0.615, 1.13
#: Characters of a line in a picture.
_LINE = 48
NOBODY_COLOUR = "#999999"
#: Left, top, right, bottom.
Box = tuple[float, float, float, float]
Point = tuple[float, float]
YES, NO = "#0072B2", "#E69F00"

#: The only colours that follow light and dark; everything else is safe on both.
LIGHT = "--pb-ink:#1b1b1b;--pb-muted:#5c5c5c;--pb-rule:#d5d5d5;--pb-paper:#ffffff;--pb-wood:#efe6d8"
DARK = "--pb-ink:#f0f0f0;--pb-muted:#b4b4b4;--pb-rule:#4a4a4a;--pb-paper:#1e1e1e;--pb-wood:#3a342b"
MARKS = """
.pb-svg text{font-family:system-ui,"DejaVu Sans",sans-serif;fill:var(--pb-ink);font-size:12px;
 text-rendering:optimizeSpeed}
.pb-svg{overflow:visible}
.pb-svg .muted{fill:var(--pb-muted)}
.pb-svg .small{font-size:10.5px}
.pb-svg .tiny{font-size:8.5px}
.pb-svg .strong{font-weight:600}
.pb-svg .letter{font-weight:700;font-size:11px;fill:#fff;
 stroke:#000;stroke-width:2.5px;paint-order:stroke}
.pb-svg .rule{stroke:var(--pb-rule);fill:none}
.pb-svg .pointer{stroke:var(--pb-muted);stroke-width:.8;fill:none}
.pb-svg .ink{stroke:var(--pb-ink);fill:none}
.pb-svg .wood{fill:var(--pb-wood);stroke:var(--pb-rule)}
.pb-svg .halo{paint-order:stroke;stroke:var(--pb-paper);stroke-width:3px;stroke-linejoin:round}
.pb-svg .tiny.halo{stroke-width:2px}
"""
#: Style of the page: Vuetify's own switch says whether it is light or dark.
PAGE_STYLE = f":root,.theme--light{{{LIGHT}}}.theme--dark{{{DARK}}}"
#: Style of a picture by itself: the reader's own setting says so.
PICTURE_STYLE = (
    f":root{{{LIGHT}}}@media(prefers-color-scheme:dark){{:root{{{DARK}}}}}{MARKS}"
    ".sheet{fill:var(--pb-paper)}"
)


def n(value: float) -> str:
    """Return a coordinate with one decimal at most, so that equal data give equal bytes."""
    return f"{value:.1f}".removesuffix(".0")


def percent(share: float) -> str:
    """Return a share in per cent."""
    return f"{100 * share:.0f} %" if share >= 0.0995 or share == 0 else f"{100 * share:.1f} %"


def brief(name: str) -> str:
    """Return a name as there is room for it: with initials for all but its last word, or cut.

    Examples
    --------
    >>> brief("Ordzhonikidze"), brief("Vyacheslav Mikhailovich Molotov")
    ('Ordzhonikidze', 'V. M. Molotov')
    >>> brief("Anton Antonov-Ovseyenko the Elder")
    'A. A. t. Elder'
    """
    if len(name) > LONGEST_NAME and (words := name.split()):
        name = " ".join([*(f"{word[0]}." for word in words[:-1]), words[-1]])
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def wide(words: str, size: float = 12.0, *, bold: bool = False) -> float:
    """Return about how wide words stand in a picture, in a script of such a height."""
    whole = sum(_WIDTHS.get(letter, _SMALL_LETTER) for letter in words)
    return size * whole * (_BOLDER if bold else 1.0)


def fitted(words: str, room: float) -> str:
    """Return words that are no wider than the room there is, cut at their end.

    Examples
    --------
    >>> fitted("Molotov", 80.0), fitted("Guyton-Morveau", 80.0)
    ('Molotov', 'Guyton-Mo…')
    """
    kept = words
    while len(kept) > 1 and wide(kept) > room:
        kept = f"{kept.removesuffix('…')[:-1]}…"
    return kept


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def around(at: tuple[float, float], size: float) -> Box:
    """Return the box round a disc."""
    return at[0] - size, at[1] - size, at[0] + size, at[1] + size


def written(x: float, y: float, words: str, anchor: str = "start", letter: float = 6.6) -> Box:
    """Return the box of words at a place, for letters so wide on the average."""
    wide = letter * len(words)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    return left, y - 10.0, left + wide, y + 2.0


def hull(points: list[Point]) -> list[Point]:
    """Return the corners of the smallest convex outline round some points (Andrew 1979)."""
    half: list[Point] = []
    whole: list[Point] = []
    for ordered in (sorted(set(points)), sorted(set(points), reverse=True)):
        half = []
        for point in ordered:
            while len(half) > 1 and _turn(half[-2], half[-1], point) <= 0:
                half.pop()
            half.append(point)
        whole += half[:-1]
    return whole or half


def _turn(one: Point, two: Point, three: Point) -> float:
    return (two[0] - one[0]) * (three[1] - one[1]) - (two[1] - one[1]) * (three[0] - one[0])


def hover(text: str) -> str:
    """Return what a reader sees when the pointer rests on a mark."""
    said = escape(text).replace("\n", "&#10;")  # a mark stands on one line
    return f"<title>{said}</title>"


def text(x: float, y: float, words: str, *, anchor: str = "start", kind: str = "") -> str:
    """Return words at a place."""
    cls = f' class="{kind}"' if kind else ""
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{n(x)}" y="{n(y)}"{place}{cls}>{escape(words)}</text>'


def picture(width: int, height: int, label: str, parts: Iterable[str]) -> str:
    """Return a whole picture, with what it shows in words for those who cannot see it."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="pb-svg" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label="{escape(label)}">'
    )
    return drawn(head, parts, "</svg>")


def drawn(opening: str, parts: Iterable[str], closing: str) -> str:
    """Return a drawing: one element, each part of it, which is one too, on a line of its own.

    By the lines is seen what has changed from one month to the next.
    """
    lines = (part.replace("\n", " ") for part in (opening, *parts, closing) if part)
    return "\n".join(lines)


def to_come(head: str, ahead: Sequence[str], x: float, y: float) -> list[str]:
    """Return lines of what is to come, for a picture in which there is nothing yet."""
    lines = [f"{one[:_LINE]}…" if len(one) > _LINE + 1 else one for one in ahead]
    told = [text(x, y, head, kind="halo strong")]
    told += [text(x, y + 20, "To come:", kind="halo muted")] if lines else []
    return told + [
        text(x, y + 38 + 17 * place, line, kind="halo small") for place, line in enumerate(lines)
    ]
