"""The file to hand out: one page of HTML with everything in it, readable without script too."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from math import sqrt
from typing import Any

from politburo_sim.lab.intervals import Z
from politburo_sim.lab.matter.comparison import Comparison
from politburo_sim.months import month_index, month_key
from politburo_sim.outcomes import SOLE_RULE_OF
from politburo_sim.report.about import suffered
from politburo_sim.report.compare import whose_readings
from politburo_sim.report.page import filled
from politburo_sim.report.words import sentence_case, signed, signed_interval
from politburo_sim.view.account import Vote
from politburo_sim.view.drawing import PICTURE_STYLE, percent
from politburo_sim.view.handout.history import History, parting
from politburo_sim.view.handout.lives import Life, lives
from politburo_sim.view.legends import LEGENDS
from politburo_sim.view.map import policy_map
from politburo_sim.view.odds import odds_picture
from politburo_sim.view.river import across, river
from politburo_sim.view.roll_calls import said
from politburo_sim.view.scene import Scene
from politburo_sim.view.table import table
from politburo_sim.view.usual import question, settled_on, usual

#: So many pictures of the table, from the start to the end.
PICTURES = 6
#: So many are named of those whose chances a change moves most.
MOVED = 5
_ROOM = "politburo_sim.view.handout"

Panels = dict[str, str]


@dataclass(frozen=True)
class Side:
    """One history on the page. `panels`: as they stand at the end; `rivers`: of all months."""

    key: str
    title: str
    changed: str
    ending: str
    usual: str
    panels: Panels
    rivers: Panels
    moves: Sequence[dict[str, Any]]
    lives: Sequence[Life]
    tables: Sequence[tuple[str, str]]
    years: Sequence[tuple[int, Sequence[str]]]
    cast: Sequence[str]


def page(one: History, two: History | None = None, *, effect: Comparison | None = None,
         command: str = "") -> str:  # fmt: skip
    """Return the page of a history, or of two with the same luck side by side.

    Parameters
    ----------
    one, two
        The histories; both cover the same months.
    effect
        What the difference between the two worlds does over many pairs.
    command
        What makes the page again.
    """
    histories = [one] if two is None else [one, two]
    parted = None if two is None else parting(one, two)
    about = one.world.scenario.about
    return filled(
        text_of("page.html"),
        title=one.world.scenario.title if two is None else _question(two),
        question=question(one.world.words.body), seed=one.seed, legends=LEGENDS, command=command,
        futures=one.futures, within=_within(one.futures), start=one.labels[1], end=one.labels[-1],
        style=PICTURE_STYLE + text_of("page.css"), script=text_of("page.js"),
        months=_packed(histories), last=one.months, marks=[across(m, one.months) for m in (0, 1)],
        sides=[_side(key, history, parted) for key, history in zip("ab", histories, strict=False)],
        parting="" if two is None else _parting(one, parted),
        effect=None if effect is None else _effect(effect),
        about=[about.when, about.authority], unknown=about.unknown,
        suffered=suffered([history.world.scenario for history in histories]),
    )  # fmt: skip


def text_of(name: str) -> str:
    """Return a file of this room: a template, its style, its script."""
    return files(_ROOM).joinpath(name).read_text(encoding="utf-8")


def _question(alt: History) -> str:
    return f"{alt.world.scenario.title}: did it matter?"


def _side(key: str, history: History, parted: int | None) -> Side:
    about = history.world.scenario
    return Side(
        key, about.title, about.about.changed or "", history.record.summary(),
        usual(history.odds[0], settled_on(history.odds[-1]), history.futures),
        panels(history, history.months),
        {"river": river(history.scenes[-1], parted),
         "odds-river": river(history.odds_scene(), parted, "Chances to rule alone")},
        _moves(history), lives(history), _tables(history), _years(history), history.record.cast(),
    )  # fmt: skip


# What changes from month to month.


def panels(history: History, month: int) -> Panels:
    """Return the panels that change, as they stand in a scene (0: before anything happens)."""
    scene, chances = history.scenes[month], history.odds[month]
    over = month == history.months
    note = "The account has ended" if over else f"{history.futures:,} futures from here"
    return {
        "table": table(scene),
        "told": _told(history, month),
        "odds": odds_picture(chances, history.colours, (), history.months, note),
        "map": policy_map(scene),
    }


def _told(history: History, month: int) -> str:
    """Return what happened in a month: its prose, its roll calls, and what is in force."""
    scene = history.scenes[month]
    if month == 0:
        made = [f"<p>{escape(line)}</p>" for line in scene.cast]
        return "".join(["<p><b>Before anything happens.</b></p>", *made])
    if month == history.months:
        made = [f"<p class='ended'><b>So it ended.</b> {escape(scene.ending)}</p>"]
    else:
        made = []
    told = history.told.get(history.labels[month])
    text = " ".join(told) if told else "Nothing is told of this month."
    made.append(f"<p>{escape(text)}</p>")
    made += [_vote(scene, vote) for vote in scene.votes if vote.month == month - 1]
    if scene.policies:
        rules = "".join(f"<li>{escape(policy)}</li>" for policy in scene.policies)
        made.append(f"<p class='head'>In force</p><ul>{rules}</ul>")
    return "".join(made)


def _vote(scene: Scene, vote: Vote) -> str:
    sides = ((word, [scene.names[k] for k, yes in vote.votes.items() if yes is choice])
             for word, choice in (("Yes", True), ("No", False)))  # fmt: skip
    lines = "; ".join(f"<b>{word}:</b> {escape(', '.join(who) or 'nobody')}" for word, who in sides)
    return f"<p class='vote'>{escape(said(scene, vote))}. {lines}.</p>"


def _packed(histories: Sequence[History]) -> str:
    """Return all months of all histories as compressed text; a panel that stays is left out."""
    one = histories[0]
    start = one.world.scenario.start
    said = {
        "labels": one.labels,
        "keys": ["", *(month_key(start, month) for month in range(one.months))],
        "sides": {key: _frames(history) for key, history in zip("ab", histories, strict=False)},
    }
    text = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _frames(history: History) -> dict[str, Any]:
    frames = [panels(history, month) for month in range(history.months + 1)]
    kept: dict[str, Any] = {}
    for name in frames[0]:
        drawn = [frame[name] for frame in frames]
        kept[name] = [
            None if month and drawn[month] == drawn[month - 1] else drawn[month]
            for month in range(len(drawn))
        ]
    kept["lead"] = [_lead(scene) for scene in history.scenes]
    return kept


def _lead(scene: Scene) -> str:
    """Return who is strongest, for those who hear the page."""
    if not scene.seated:
        return "nobody sits"
    first = max(scene.seated, key=lambda person: person.share)
    return f"strongest {first.name}, {percent(first.share)}"


# What stands still.


def _within(futures: int) -> str:
    """Return the half-width of the widest 95 % interval of a share of so many futures."""
    return f"{100 * Z * sqrt(0.25 / futures):.0f}"


def _parting(history: History, month: int | None) -> str:
    if month is None:
        return "Both draw the same luck. They never part."
    return f"Both draw the same luck. They part in {history.record.heading(month)}."


def _effect(result: Comparison) -> dict[str, Any]:
    """Return what the change does over many pairs: a sentence, and whose chances move most."""
    table = result.main.table
    men = table[table["outcome"].str.startswith(SOLE_RULE_OF)]
    men = men[men["effect"] != 0]
    men = men.loc[men["effect"].abs().sort_values(ascending=False, kind="stable").index]
    rows = [
        (
            row.outcome.removeprefix(SOLE_RULE_OF), f"{100 * row.base:.1f}",
            f"{100 * row.alt:.1f}", signed(row.effect, points=True),
            signed_interval(row.low, row.high, points=True),
        )
        for row in men.head(MOVED).itertuples()
    ]  # fmt: skip
    return {"finding": result.sentence, "whose": whose_readings(result), "rows": rows,
            "pairs": f"{result.asked.effort.runs:,}"}  # fmt: skip


def _moves(history: History) -> list[dict[str, Any]]:
    """Return the months in which the odds leapt: the scene, the date, what made them, the prose."""
    start = history.world.start
    return [
        {"month": month_index(start, point.month) + 1, "date": point.date,
         "sentence": sentence_case(point.said), "text": " ".join(point.told)}
        for point in history.turning
    ]  # fmt: skip


def _tables(history: History) -> list[tuple[str, str]]:
    """Return the table at even distances from the start to the end."""
    months = sorted({round(history.months * k / (PICTURES - 1)) for k in range(PICTURES)})
    return [(history.labels[month], table(history.scenes[month])) for month in months]


def _years(history: History) -> list[tuple[int, list[str]]]:
    """Return the chronicle by year, one string a month."""
    told: dict[int, list[str]] = {}
    for date, sentences in history.record.chronicle:
        told.setdefault(int(date.split()[-1]), []).append(" ".join(sentences))
    return list(told.items())
