"""What the marks of each panel mean, in a line that stands below it."""

from __future__ import annotations

#: By the panel's name.
LEGENDS = {
    "table": "Size: share of power. Rim: the leader of a member's coalition, named in the corners. "
    "Shaded ground: a coalition. Stairs: steps down the ladder of sanctions. "
    "Pale: a candidate. Dashed ring: the chair of one who has left. Threads: the strongest bonds, "
    "green and whole for trust, orange and broken for distrust.",
    "map": "Ring: what a member believes in. Disc: where he stands, larger with more power. Shaded "
    "ground: where a coalition stands. Cross: the line of the body.",
    "odds": "Who first comes to rule alone, in futures that begin here with fresh luck.",
    "river": "Shares of power over time. Pin: somebody falls, leaves, or comes to rule alone. "
    "Triangle: an event, or a coalition formed. Coloured bars: the coalitions, each in its "
    "leader's colour. Grey bars: what was decided on each axis of policy, pale for its low end and "
    "dark for its high one; rest the pointer on a bar to read it.",
    "river-both": "Bands: shares of power over time with what was changed. Broken lines, each in "
    "the colour of the band below it: where the bands end without it. Up to the change both are "
    "the same. Pins and bars: as they come with what was changed.",
    "odds-river": "The chance of each to come to rule alone first, month by month. Above the "
    "bands: the chance that nobody does.",
    "roll-calls": "Full blue square: yes. Half orange one: no. M moved it, T was its target.",
    "chronicle": "The newest month first.",
}
