"""A tour of the page: stops that play to a month, say what is to be seen there, and ask.

It knows no world: names, events and dates come from the history that is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from politburo_sim.lab.ahead.odds import NOBODY_RULES
from politburo_sim.record.words import number
from politburo_sim.report.words import sentence_case
from politburo_sim.state.body import FULL
from politburo_sim.view.drawing import percent
from politburo_sim.view.forecast import Chances
from politburo_sim.view.roll_calls import said
from politburo_sim.view.scene import Scene
from politburo_sim.view.table import said_of
from politburo_sim.view.usual import in_100, rules
from politburo_sim.worlds.world import World

#: Kinds of event that a tour would rather play to, the best first.
TURNS = ("death", "incapacity", "question", "congress")


@dataclass(frozen=True)
class Seen:
    """What a stop speaks of.

    before: the scene at which the stop was come to. first, now: the odds at the start and here,
    where they are known. guess: who the visitor thinks will rule. beside: what is said of the
    twin. end: how this history ended, and how usual that is.
    """

    world: World
    scene: Scene
    before: Scene
    first: Chances | None = None
    now: Chances | None = None
    guess: str = ""
    beside: str = ""
    end: str = ""


@dataclass(frozen=True)
class Stop:
    """One stop. `panel`: what to look at; `until`: whether to stop playing; `ask`: for a guess."""

    title: str
    panel: str
    say: Callable[[Seen], str]
    until: Callable[[Seen], bool] | None = None
    ask: bool = False
    twin: bool = False


def choices(scene: Scene) -> tuple[str, ...]:
    """Return whom a visitor may guess, the most powerful first."""
    full = sorted((p for p in scene.people if p.status == FULL), key=lambda p: (-p.share, p.slot))
    return (*(person.name for person in full), NOBODY_RULES)


def turning_month(world: World, after: int) -> tuple[int, str]:
    """Return a month after which something of the calendar has happened, and what; or a year on."""
    due = [int(month) for month in world.calendar.due]
    dated = [
        (month + 1, world.events[row])
        for month in range(after, world.months)
        for row in range(due[month], due[month + 1])
    ]
    for kind in TURNS:
        for month, event in dated:
            if event.kind == kind:
                return month, event.text
    return min(world.months, after + 12), ""


def _who(seen: Seen) -> str:
    seated = seen.scene.seated
    first = max(seated, key=lambda person: person.share)
    return (
        f"It is {seen.scene.date}. {sentence_case(number(len(seated)))} people sit at the table "
        f"of the {seen.world.words.body}. A disc is as large as its owner's share of the power; "
        f"{first.name} has most, {percent(first.share)}. A click on a name opens a card. "
        "Who will rule alone in the end? Make a guess; the tour comes back to it."
    )


def _views(seen: Seen) -> str:
    ends = "; ".join(
        f"{seen.world.words.axis(axis)}, from {low} to {high}"
        for axis, (low, high) in zip(seen.scene.axes[:2], seen.scene.ends, strict=False)
    )
    return (
        f"They do not want the same. The map has two of the questions: {ends}. A ring is what "
        "somebody believes in, a disc is what he stands for in public, and the cross is what is "
        "in force. A long dotted line is one who says what he does not believe."
    )


def _odds(seen: Seen) -> str:
    if seen.now is None:
        return "A thousand futures are being lived from here, each with luck of its own."
    likely = sorted(seen.now.items(), key=lambda item: -item[1])[:3]
    told = ", ".join(f"{rules(name)} in {in_100(chance)}" for name, chance in likely if chance)
    guessed = ""
    if seen.guess:
        guessed = f" Your guess, {seen.guess}: in {in_100(seen.now.get(seen.guess, 0.0))}."
    return (
        "Nothing is settled. The model has lived a thousand futures from this month, each with "
        f"luck of its own. In 100 of them: {told}.{guessed}"
    )


def _turn(seen: Seen) -> str:
    told = dict(seen.scene.told).get(seen.scene.told[-1][0], ()) if seen.scene.told else ()
    _, text = turning_month(seen.world, seen.before.month)
    news = " ".join(told)
    return (
        f"{text or 'A year goes by.'} Everybody's share of the power is a band of the river; a pin "
        f"is a fall, a death or a rule established. The latest that the chronicle tells: {news}"
    )


def _moved(seen: Seen) -> str:
    if seen.now is None or seen.first is None:
        return "The odds of this month are being counted."
    now, first = seen.now, seen.first
    name = max(now, key=lambda n: abs(now[n] - first.get(n, 0.0)))
    return (
        f"The odds have moved. At the start {rules(name)} in {in_100(first.get(name, 0.0))} of 100 "
        f"futures, now in {in_100(now[name])}. Which month did it? Go to an earlier month (the box "
        "is among the controls), go on from there month by month, and watch the small picture "
        "below the bars."
    )


def _coalitions(seen: Seen) -> str:
    if not seen.scene.alliances:
        return "No coalition stands. Those that there were have come to nothing."
    told = "; ".join(said_of(seen.scene, one) for one in seen.scene.alliances)
    return (
        f"Nobody wins a vote alone. {told}. The rim of a disc has the colour of the leader of its "
        "coalition. Who is in two minds? Watch the threads: a broken one is distrust."
    )


def _vote(seen: Seen) -> str:
    if not seen.scene.votes:
        return "No vote has been taken in this history so far."
    vote = seen.scene.votes[-1]
    sides = [
        ", ".join(seen.scene.names[k] for k, voted in vote.votes.items() if voted is yes)
        for yes in (True, False)
    ]
    return (
        f"{said(seen.scene, vote)}. Yes said {sides[0] or 'nobody'}; no said "
        f"{sides[1] or 'nobody'}. Click on a member to read why he voted so."
    )


def _change(seen: Seen) -> str:
    return (
        "On the right the same luck falls on another world. Until the change "
        f"reaches them, both histories are the same. {seen.beside}"
    )


def _matter(seen: Seen) -> str:
    return (
        f"{seen.beside} One pair of histories is an anecdote: the odds below each "
        "count a thousand. What would you change? The box above the panels has other worlds."
    )


def _end(seen: Seen) -> str:
    guessed = f" You guessed {seen.guess}." if seen.guess else ""
    return f"{seen.end}{guessed} Play it again with another seed: how much of this was luck?"


def _reached_turn(seen: Seen) -> bool:
    return seen.scene.month >= turning_month(seen.world, seen.before.month)[0]


STOPS: Sequence[Stop] = (
    Stop("Who are they?", "table", _who, ask=True),
    Stop("What do they want?", "map", _views),
    Stop("What are the odds?", "odds", _odds),
    Stop("Something happens", "river", _turn, _reached_turn),
    Stop("Watch the odds", "odds", _moved),
    Stop("Who stands with whom?", "table", _coalitions, lambda seen: bool(seen.scene.alliances)),
    Stop("A vote, read aloud", "roll-calls", _vote,
         lambda seen: len(seen.scene.votes) > len(seen.before.votes)),
    Stop("Change one thing", "river-two", _change, twin=True),
    Stop("Did it matter?", "odds-two", _matter,
         lambda seen: seen.scene.month >= seen.before.month + 12, twin=True),
    Stop("How did it end?", "chronicle", _end, lambda seen: False),
)  # fmt: skip
