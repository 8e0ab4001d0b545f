"""The colour of a person, the same on the page and in reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from politburo_sim.worlds.schema import Scenario
from politburo_sim.worlds.world import build_world

#: Okabe and Ito (2008), told apart with any colour vision; then the same, darker and lighter.
COLOURS = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#B8A800",
    "#00476F", "#8A3D00", "#00634A", "#8C4A70", "#8F6200", "#2F7FA8", "#6F6600",
    "#7FB8D8", "#EAAE7F", "#7FCEB9", "#E5BCD3", "#F2CF7F", "#AAD9F4", "#DBD37F",
)  # fmt: skip


def palette(prestige: Sequence[float], members: int) -> tuple[str, ...]:
    """Return each slot's colour: the plainest go to those best known at the start.

    Slots from `members` on are newcomers'; the colours repeat after the last.
    """
    order = sorted(range(len(prestige)), key=lambda k: (k >= members, -prestige[k], k))
    given = {slot: COLOURS[place % len(COLOURS)] for place, slot in enumerate(order)}
    return tuple(given[slot] for slot in range(len(prestige)))


def colours_of(names: Iterable[str], world: Scenario | None = None) -> Mapping[str, str]:
    """Return colours by name: a world's members have those of the page, others what is left."""
    found: dict[str, str] = {}
    if world is not None:
        built = build_world(world)
        given = palette([float(x) for x in built.body.prestige], built.members)
        found = dict(zip(built.names[: built.members], given, strict=False))
    for name in names:
        found.setdefault(name, COLOURS[len(found) % len(COLOURS)])
    return found
