"""The roll calls: members by questions, the newest on the right."""

from __future__ import annotations

from politburo_sim.view.account import Vote
from politburo_sim.view.drawing import (
    NO,
    YES,
    brief,
    fitted,
    hover,
    n,
    percent,
    picture,
    text,
    to_come,
)
from politburo_sim.view.scene import Scene

WIDTH, HEIGHT = 360, 270
_LEFT, _TOP, _SIDE, _TALL = 98.0, 28.0, 258.0, 218.0
#: So many of the newest questions are shown, and so many rows.
QUESTIONS, ROWS = 16, 16


def roll_calls(scene: Scene) -> str:
    """Return the picture: a full square is yes, a half one no; M moved it, T was its target."""
    shown = scene.votes[-QUESTIONS:]
    voters = _voters(scene, shown)
    rows, left_out = _kept(scene, shown, voters)
    if not rows:
        nothing = to_come("No roll call yet.", scene.ahead, 20.0, 70.0)
        return picture(WIDTH, HEIGHT, alt(scene), nothing)
    lines = len(rows) + bool(left_out)
    high, wide = min(22.0, _TALL / lines), _SIDE / QUESTIONS
    names = {person.slot: person for person in scene.people}
    parts = []
    for place, slot in enumerate(rows):
        kind = "" if slot in names and names[slot].seated else "muted"
        name = names[slot].short if slot in names else brief(scene.names[slot])
        y = _TOP + high * (place + 0.5) + 4
        written = text(_LEFT - 6, y, fitted(name, _LEFT - 8), anchor="end", kind=kind)
        parts.append(f'<g data-who="{slot}">{hover(scene.names[slot])}{written}</g>')
    tops = {slot: _TOP + high * place for place, slot in enumerate(rows)}
    for place, vote in enumerate(shown):
        parts.append(_question(scene, vote, _LEFT + wide * place, wide, tops, high))
    if left_out:
        parts.append(_more(scene, left_out, _TOP + high * (lines - 0.5) + 4))
    parts += _key(_TOP + high * lines)
    return picture(WIDTH, HEIGHT, alt(scene), parts)


def alt(scene: Scene) -> str:
    """Return the picture in words."""
    if not scene.votes:
        return "Roll calls: none yet"
    last = scene.votes[-1]
    return f"{len(scene.votes)} roll calls; the last: {said(scene, last)}"


def said(scene: Scene, vote: Vote) -> str:
    """Return a roll call in one line."""
    what = "carried" if vote.carried else "lost"
    return (
        f"{vote.date}, {scene.names[vote.mover]} against {scene.names[vote.target]} "
        f"({vote.motion}): {what}, {percent(vote.tally)} for"
    )


def _voters(scene: Scene, shown: tuple[Vote, ...]) -> list[int]:
    """Return who voted in what is shown, those seated now first."""
    voted = {slot for vote in shown for slot in vote.votes}
    seated = {person.slot for person in scene.seated}
    return sorted(voted, key=lambda slot: (slot not in seated, slot))


def _kept(scene: Scene, shown: tuple[Vote, ...], voters: list[int]) -> tuple[list[int], list[int]]:
    """Return who has a row and who is left out, each in the order of the voters.

    Where there are too many, those stay who lead a coalition, moved what is shown or were its
    target; then the seated, the most powerful first.
    """
    if len(voters) <= ROWS:
        return voters, []
    share = {person.slot: person.share for person in scene.seated}
    leads = {one.leader for one in scene.alliances}
    leads |= {slot for vote in shown for slot in (vote.mover, vote.target)}
    weight = sorted(voters, key=lambda slot: (slot not in leads, -share.get(slot, -1.0), slot))
    stay = set(weight[: ROWS - 1])
    return [k for k in voters if k in stay], [k for k in voters if k not in stay]


def _more(scene: Scene, left_out: list[int], y: float) -> str:
    """Say how many have no row, and to the pointer who they are."""
    said = f"also voted: {', '.join(scene.names[slot] for slot in left_out)}"
    counted = text(_LEFT - 6, y, f"and {len(left_out)} more", anchor="end", kind="muted")
    return f"<g>{hover(said)}{counted}</g>"


def _question(
    scene: Scene, vote: Vote, x: float, wide: float, tops: dict[int, float], high: float
) -> str:
    """Return one column: a shape for all who said yes, one for all who said no, one for hover."""
    said_by, left, across, half = vote.votes.get, n(x), n(wide - 2), (high - 2) / 2
    full, low = (f"h{across}v{n(tall)}h-{across}z" for tall in (high - 2, half))
    yes = "".join(f"M{left} {n(y)}{full}" for k, y in tops.items() if said_by(k) is True)
    no = "".join(f"M{left} {n(y + half)}{low}" for k, y in tops.items() if said_by(k) is False)
    middle = x + wide / 2 - 1
    letters = "".join(
        text(middle, tops[slot] + high / 2 + 3, letter, anchor="middle", kind="letter")
        for letter, slot in (("M", vote.mover), ("T", vote.target)) if slot in tops
    )  # fmt: skip
    head = text(middle, _TOP - 4, "✓" if vote.carried else "✗", anchor="middle", kind="strong")
    year = text(middle, _TOP - 16, f"'{vote.date[-2:]}", anchor="middle", kind="muted small")
    return (
        f'<g>{hover(said(scene, vote))}<rect class="rule" x="{left}" y="{n(_TOP)}" '
        f'width="{across}" height="{n(high * len(tops) - 2)}" pointer-events="all"/>'
        f'{year}{head}<path d="{yes}" fill="{YES}"/><path d="{no}" fill="{NO}"/>{letters}</g>'
    )


def _key(foot: float) -> list[str]:
    y = foot + 16
    return [
        f'<rect x="{n(_LEFT)}" y="{n(y - 9)}" width="10" height="10" fill="{YES}"/>',
        text(_LEFT + 14, y, "yes", kind="muted"),
        f'<rect x="{n(_LEFT + 44)}" y="{n(y - 4)}" width="10" height="5" fill="{NO}"/>',
        text(_LEFT + 58, y, "no", kind="muted"),
        text(_LEFT + 84, y, "M mover · T target · ✓ carried", kind="muted"),
    ]
