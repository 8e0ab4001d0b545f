"""The annalist: tells a history month by month, as one would who has read all of it.

Each scene is told in the order in which it happened; a vote that only repeats an earlier one of
the same year is told once more at the year's end, with its number. The same entries give the same
words, and a shorter history is told as a longer one begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from politburo_sim.months import month_index, month_name
from politburo_sim.record.ledger import Ledger
from politburo_sim.record.scenes import Scene, scenes
from politburo_sim.record.words import (
    Entry,
    aim_of,
    alternatives,
    are,
    coalition_name,
    common_words,
    does,
    happening,
    in_month,
    inner,
    listed,
    number,
    of,
    percent,
    sentence,
    times,
)
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    CANDIDATE,
    DEFENCE,
    DISMISSED,
    FULL,
    NOBODY,
    POLICY,
    REMOVED,
    Floats,
)
from politburo_sim.worlds.schema import Admission, Congress
from politburo_sim.worlds.words import AxisWords
from politburo_sim.worlds.world import World

#: So many on the beaten side are named as "only A and B"; a vote nearer to a half than this is
#: told in figures.
FEW, CLOSE = 2, 0.06
#: A decision this far from the line moves it far enough for a word.
MOVES_THE_LINE = 0.1
#: A congress from which one who had some power comes with so much more has done something.
GAIN, STRONG = 0.015, 0.1
#: A coalition that ends within so many months has come to nothing.
SHORT = 3


class Annalist:
    """Tells a run's scenes in their order, and remembers what a reader has been told."""

    def __init__(
        self, world: World, names: Sequence[str], ballots: NDArray[np.int8],
        shares: Floats | None = None,
    ) -> None:  # fmt: skip
        self.world = world
        self._shares = shares
        self.words = world.words
        self.names = names
        self.ledger = Ledger(world, ballots)
        self._common = common_words(world)
        #: Months in which free seats are filled from outside.
        self._elected_in = {
            month_index(world.start, event.date) for event in world.scenario.events
            if isinstance(event, Congress)
            or (isinstance(event, Admission) and event.status == "full")
        }  # fmt: skip
        self._turns = Counter[str]()
        self._events: set[tuple[int, str, bool]] = set()
        self._last_event = (NOBODY, "")
        self._proposed = (NOBODY, "")
        self._departed = NOBODY
        self._betrayed: set[frozenset[int]] = set()
        self._met: set[tuple[int, int]] = set()
        self._motion: tuple[int, int] | None = None
        self._again: dict[tuple[int, int, int, bool], list[int]] = {}
        self._this_year: set[tuple[int, int, int, bool]] = set()

    def chronicle(self, rows: Sequence[Entry], months: int) -> dict[int, list[str]]:
        """Return the sentences of each month in which there is something to tell.

        Parameters
        ----------
        rows
            The journal, in order.
        months
            Months lived: a year that is not over keeps its repetitions to itself.
        """
        told: dict[int, list[str]] = {}
        year = self._year(0)
        for month, entries in groupby(rows, key=lambda row: row.month):
            if self._year(month) != year:
                self._close_year(told, year)
                year = self._year(month)
            clauses = [text for scene in scenes(entries) for text in self._tell(scene)]
            if clauses:
                name = month_name(self.world.start, month).split()[0]
                told[month] = [
                    sentence(text) for text in (in_month(name, clauses[0]), *clauses[1:])
                ]
        if months and (self._year(months) > year or months >= self.world.months):
            self._close_year(told, year)
        return told

    def _year(self, month: int) -> int:
        return self.world.start[0] + (self.world.start[1] - 1 + month) // 12

    def _close_year(self, told: dict[int, list[str]], year: int) -> None:
        """Tell what was repeated, in the last month of the year or of the world."""
        last = (year - self.world.start[0] + 1) * 12 - self.world.start[1]
        for (mover, rival, axis, carried), months in self._again.items():
            verb = "beats" if carried else "loses to"
            when = listed(month_name(self.world.start, month).split()[0] for month in months)
            over = self.words.axis(self.world.axes[axis])
            who, whom = self.names[mover], self.names[rival]
            text = (
                f"{times(len(months))} more that year, in {when}, {who} {verb} {whom} over {over}"
            )
            told.setdefault(min(last, self.world.months - 1), []).append(sentence(text))
        self._again.clear()
        self._this_year.clear()

    def _vary(self, key: str, *forms: str) -> str:
        """Return one of several ways to say a thing, each in its turn."""
        form = forms[self._turns[key] % len(forms)]
        self._turns[key] += 1
        return form

    def _all(self, slots: Iterable[int]) -> list[str]:
        return [self.names[k] for k in sorted(slots)]

    def _tell(self, scene: Scene) -> list[str]:
        """Return the clauses of one scene, and bring the ledger up to date."""
        head = scene.head
        told: list[str] = []
        if head is None:
            told = self._moves(scene.before)
        else:
            match head.kind:
                case j.EVENT:
                    told = self._event(scene, head)
                case j.FORMED | j.TURNED:
                    told = self._coalition(scene, head)
                case j.ADOPTED:
                    told = [self._adopted(head)]
                case j.DIVISION:
                    told = self._division(scene, head)
                case j.DEMAND:
                    told = self._demand(scene, head)
                case j.STRUCK:
                    told = self._strike(scene, head)
                case j.RULES:
                    told = [self._rule(head)]
                case j.PROPOSED:
                    told = [self._proposal(scene, head)]
                case _:
                    told = self._sanctions(scene.entries, NOBODY)
        for entry in scene.entries:
            self.ledger.note(entry)
        asked = head is not None and head.kind == j.EVENT and head.carried
        self._motion = (head.who, head.whom) if head is not None and asked else None
        return told

    def _clause(self, text: str) -> str:
        """Return a sentence of the world as a clause."""
        return inner(text, self._common)

    # Men who come and go.

    def _moves(self, entries: Sequence[Entry]) -> list[str]:
        """Say who joined, left and crossed, those who did the same together."""
        told: list[str] = []
        ended = {e.who for e in entries if e.kind == j.BROKEN_UP}
        groups: dict[tuple[int, int, int], list[int]] = {}
        for entry in entries:
            other = entry.what if entry.kind == j.CROSSED else NOBODY
            leader = entry.who if entry.kind in _SINGLE else entry.whom
            groups.setdefault((entry.kind, leader, other), []).append(entry.who)
        lasted = {e.who: int(e.x) for e in entries if e.kind == j.BROKEN_UP}
        heirs = {e.who: e for e in entries if e.kind == j.TAKEN_OVER}
        ties = {e.who: e for e in entries if e.kind == j.TIED}
        for (kind, key, other), who in groups.items():
            names = self._all(who)
            match kind:
                case j.LEFT if key in ended:
                    end = self._vary(
                        "left and ended", "which breaks up", "and that is the end of it"
                    )
                    told.append(
                        f"{listed(names)} {does(names, 'leave')} {self._called(key)}, {end}"
                    )
                case j.LEFT:
                    verb = self._vary("left", "leave", "part with", "withdraw from")
                    told.append(f"{listed(names)} {_verb(names, verb)} {self._called(key)}")
                case j.JOINED | j.CROSSED if len(who) == 1 and who[0] in ties:
                    to = self._called(key if kind == j.JOINED else other)
                    told[-1] += (
                        f" and goes over to {to}" if kind == j.CROSSED else f" and joins {to}"
                    )
                case j.JOINED:
                    told.append(f"{listed(names)} {does(names, 'join')} {self._called(key)}")
                case j.CROSSED:
                    told.append(
                        f"{listed(names)} {does(names, 'go')} over from {self._called(key)} to "
                        f"{self._called(other)}"
                    )
                case j.BROKEN_UP:
                    if not any(g[0] == j.LEFT and g[1] == key for g in groups):
                        told.append(self._end(key, lasted[key]))
                case j.TAKEN_OVER:
                    told.append(self._succession(heirs[key]))
                case j.TIED:
                    told.append(self._tie(ties[key]))
        return told

    def _called(self, leader: int) -> str:
        """Return the name of the coalition that a man leads."""
        led = self.ledger.led_by(leader)
        return coalition_name(self.names[leader], led.aim if led is not None else DEFENCE)

    def _end(self, leader: int, lasted: int) -> str:
        led = self.ledger.led_by(leader)
        name = self._called(leader)
        if led is not None and led.target in self.ledger.fallen:
            return self._vary(
                "done",
                f"with {self.names[led.target]} gone, {name} has nothing left to hold it together",
                f"{name} has outlived its purpose and dissolves",
            )
        if lasted < SHORT:
            return self._vary("nothing", f"nothing comes of {name}", f"{name} falls apart at once")
        return self._vary(
            "end", f"after {_span(lasted)} {name} breaks up",
            f"{name} fades away after {_span(lasted)}", f"{name}, {_span(lasted)} old, dissolves",
        )  # fmt: skip

    def _succession(self, entry: Entry) -> str:
        heir, before = self.names[entry.who], self._called(entry.whom)
        if entry.x:
            return f"{heir} takes the lead of what was {before}"
        return f"{heir} takes {before} over"

    def _tie(self, entry: Entry) -> str:
        who, patron = self.names[entry.who], self.names[entry.whom]
        if entry.what not in (NOBODY, entry.whom):
            return f"{who} leaves {self.names[entry.what]} for a new patron, {patron}"
        return self._vary(
            "tied",
            f"{who} becomes a client of {patron}",
            f"{who} looks for protection to {patron}",
            f"{who} enters the following of {patron}",
        )  # fmt: skip

    # Coalitions.

    def _coalition(self, scene: Scene, head: Entry) -> list[str]:
        """Say who was brought together against whom, and where they came from."""
        ours, theirs = self.ledger.sides(head.ballot)
        who, whom = self.names[head.who], self.names[head.whom]
        friends = self._all(ours - {head.who})
        names = listed(friends) if friends else ""
        seized = next(
            (e for e in scene.before if e.kind == j.TAKEN_OVER and e.who == head.who), None
        )
        if head.kind == j.FORMED and head.what == DEFENCE:
            verb = self._vary("defend", "stand by", "rally to")
            return [f"{names} {_verb(friends, verb)} {who} against {whom}"]
        if head.kind == j.FORMED and len(friends) == 1:
            told = self._vary(
                "allied",
                f"{who} allies with {names} against {whom}",
                f"{who} and {names} join hands against {whom}",
            )
        elif head.kind == j.TURNED:
            if seized:
                told = f"{who} takes over {self._called(seized.whom)} and turns it on {whom}"
            else:
                told = f"{self._called(head.who)} turns on {whom}"
            told += f", with {names}" if names else ""
        else:
            told = self._vary(
                "formed", f"{who} forms a coalition against {whom} with {names}",
                f"{who} brings {names} together against {whom}",
                f"against {whom} a coalition gathers round {who}: {names}",
            )  # fmt: skip
        pair = frozenset((head.who, head.whom))
        if pair in self.ledger.partners and pair not in self._betrayed:
            self._betrayed.add(pair)
            told += f"; {who} and {whom} had been partners in a coalition"
        if seized is not None:
            self.ledger.note(seized)  # what follows is told under the new leader's name
        clauses = [told, *self._came_from(scene, head, ours)]
        defenders = self._all(theirs - {head.whom})
        if defenders:
            verb = self._vary("defend", "stand by", "rally to")
            clauses.append(f"{listed(defenders)} {_verb(defenders, verb)} {whom}")
        rest = [e for e in scene.before if e.who not in ours | theirs and e is not seized]
        return ["; ".join(clauses), *self._moves(rest)]

    def _came_from(self, scene: Scene, head: Entry, ours: set[int]) -> list[str]:
        """Say whom those brought together have left for it."""
        left: dict[int, list[int]] = {}
        for entry in scene.before:
            if entry.kind in (j.LEFT, j.CROSSED) and entry.who in ours and entry.whom != head.who:
                left.setdefault(entry.whom, []).append(entry.who)
        return [
            f"{listed(self._all(who))} {does(who, 'break')} with {self._called(leader)} for it"
            for leader, who in left.items()
        ]

    # Policy.

    def _adopted(self, head: Entry) -> str:
        who, body = self.names[head.who], self.words.body
        title = self.world.questions[head.what].title
        text = alternatives(self.world, head.what, head.x)[0]
        return self._vary(
            "adopted",
            f"on {title} the {body} decides, on {of(who)} motion and unopposed, for {text}",
            f"without a division the {body} follows {who} on {title}: it is for {text}",
            f"asked about {title}, the {body} takes the side of {who} and decides for {text}",
        )

    def _division(self, scene: Scene, head: Entry) -> list[str]:
        told: list[str] = []
        opposition = next((e for e in scene.before if e.kind == j.FORMED), None)
        signed = set[int]() if opposition is None else self.ledger.sides(opposition.ballot)[0]
        told += self._moves(
            [e for e in scene.before if e is not opposition and e.who not in signed]
        )
        if head.what == NOBODY:
            key = (head.who, head.whom, int(head.z), head.carried)
            if key in self._this_year and not scene.of(j.RECANT, j.STOOD_UP):
                self._again.setdefault(key, []).append(head.month)
                return told
            self._this_year.add(key)
            told.append(self._own_question(head))
        else:
            told.append(self._question(head, opposition))
            if opposition is not None and (broke := self._came_from(scene, opposition, signed)):
                told.append("; ".join(broke))
        return told + self._aftermath(scene)

    def _question(self, head: Entry, opposition: Entry | None) -> str:
        """Tell a division on a question of the agenda."""
        who, whom = self.names[head.who], self.names[head.whom]
        title = self.world.questions[head.what].title
        won, lost = alternatives(self.world, head.what, head.y)
        mine, his = (won, lost) if head.carried else (lost, won)
        if opposition is not None:
            yes = self.ledger.sides(opposition.ballot)[0] - {opposition.who}
            with_whom = listed(self._all(yes)) if yes else ""
            start = f"on {title} {who} moves {mine}; {whom}"
            start += f", with {with_whom}," if with_whom else ""
            kind = "an opposition" if aim_of(opposition) == POLICY else "a coalition"
            start += f" forms {kind} for {his}"
        else:
            start = self._vary(
                "question",
                f"over {title} {who} and {whom} divide the {self.words.body}, the one for {mine}, "
                f"the other for {his}",
                f"on {title} {who} is for {mine}, and {whom} for {his}",
                f"in the matter of {title} {who} moves {mine}; {whom} moves {his}",
            )
        return f"{start}. {sentence(self._outcome(head))[:-1]}"

    def _own_question(self, head: Entry) -> str:
        """Tell a division that a coalition forces on the axis that divides it from its target."""
        who, whom = self.names[head.who], self.names[head.whom]
        axis = int(head.z)
        over = self.words.axis(self.world.axes[axis])
        again = " again" if (head.who, head.whom) in self._met else ""
        self._met.add((head.who, head.whom))
        start = self._vary(
            "own", f"{who}{again} forces a vote against {whom} over {over}",
            f"{who} and {whom} clash{again} over {over}",
            f"{who}{again} takes {whom} on over {over}",
        )  # fmt: skip
        end = self._shift(axis, head.y)
        return f"{start}. {sentence(self._outcome(head))[:-1]}{end}"

    def _shift(self, axis: int, place: float) -> str:
        """Say to which side the line goes, where the world has words for it."""
        ends, plain = self.words.ends(self.world.axes[axis]), AxisWords()
        moved = place - self.ledger.line[axis]
        if abs(moved) < MOVES_THE_LINE or ends == (plain.low, plain.high):
            return ""
        return f", and the line moves towards {ends[1] if moved > 0 else ends[0]}"

    def _outcome(self, head: Entry) -> str:
        """Say who won a division, by how much where it was close, and who was on the other side."""
        winner, loser = (head.who, head.whom) if head.carried else (head.whom, head.who)
        share = head.x if head.carried else 1 - head.x
        yes, no = self.ledger.sides(head.ballot)
        with_winner, with_loser = (yes, no) if head.carried else (no, yes)
        win = self.names[winner]
        if share - 0.5 < CLOSE:
            how = self._vary(
                "close", f"{win} wins narrowly, with {percent(share)}",
                f"it ends {percent(share)} to {percent(1 - share)} for {win}".replace(
                    " per cent to ", " to "),
            )  # fmt: skip
        else:
            how = self._vary("won", f"{win} wins", f"the majority is with {win}", f"{win} prevails")
        return how + self._against(with_winner - {winner}, with_loser, loser)

    def _against(self, winners: set[int], losing: set[int], loser: int) -> str:
        """Say who stood with the beaten."""
        whom = self.names[loser]
        others = self._all(losing - {loser})
        if not winners and not losing:
            return ""
        if not others:
            if loser not in losing:
                return f", and nobody votes for {whom}"
            return self._vary("alone", f" against {whom} alone", f", with {whom} alone against")
        if len(others) <= FEW:
            return f"; only {listed(others)} {does(others, 'vote')} with {whom}"
        if len(winners) < len(losing):
            return f", though {listed(others)} {does(others, 'vote')} with {whom}"
        return self._vary(
            "many", f"; {listed(others)} {does(others, 'vote')} with {whom}",
            f" against {whom}, {listed(others)}",
        )  # fmt: skip

    def _aftermath(self, scene: Scene) -> list[str]:
        """Say who stood up for the beaten, against whom a defeat is held, and who recants."""
        told = self._floor(scene.of(j.STOOD_UP))
        named = self._all(e.who for e in scene.of(j.NAMED))
        recanted = self._all(e.who for e in scene.of(j.RECANT))
        if named == recanted and named:
            return [*told, f"called to account for it, {listed(named)} {does(named, 'recant')}"]
        if named:
            told.append(self._vary(
                "held", f"the defeat is held against {listed(named)}",
                f"{listed(named)} will have to answer for it",
                f"this is held against {listed(named)}",
            ))  # fmt: skip
        if recanted:
            told.append(self._recant(recanted))
        moves = [e for e in scene.after if e.kind == j.TAKEN_OVER]
        return told + self._moves(moves)

    def _floor(self, entries: Sequence[Entry]) -> list[str]:
        """Say who of those removed stood up in the Committee, and for whom."""
        if not entries:
            return []
        who, house = self._all(e.who for e in entries), self.words.house
        whom = self.names[entries[0].whom]
        return [self._vary(
            "floor", f"in the {house} {listed(who)} {does(who, 'stand')} up for {whom}",
            f"{listed(who)} {does(who, 'speak')} up for {whom} before the {house}",
            f"{whom} has the support of {listed(who)} in the {house}",
        )]  # fmt: skip

    def _recant(self, who: list[str]) -> str:
        return self._vary(
            "recant", f"{listed(who)} {does(who, 'recant')}",
            f"{listed(who)} {does(who, 'renounce')} the stand taken",
            f"{listed(who)} publicly {does(who, 'give')} way",
        )  # fmt: skip

    # Demands and sanctions.

    def _demand(self, scene: Scene, head: Entry) -> list[str]:
        who, whom = self.names[head.who], self.names[head.whom]
        fell = [e for e in scene.after if e.kind == j.SANCTION]
        appeal = next((e for e in scene.after if e.kind == j.APPEALED), None)
        asked = self.world.ladder[head.what - 1].demand.replace("{who}", whom)
        slate = head.y > 1
        if self._motion == (head.who, head.whom):
            start = f"{who} puts the motion against {whom} to the vote"
        elif slate and fell:
            accused = self._all({e.who for e in fell})
            start = f"{who} moves against {listed(accused)} together"
        else:
            wish = asked if asked.startswith("that ") else f"for {asked}"
            start = self._vary("demand", f"{who} asks {wish}", f"{who} demands {asked}",
                               f"{who} moves {asked}")  # fmt: skip
            if slate:
                count = int(head.y) - 1
                start += f", and the like for {number(count)} other{'s' * (count > 1)}"
        told = [start + self._verdict(head, {head.whom, *(e.who for e in fell)})]
        if appeal is not None:
            told.append(self._appeal(head, appeal))
        hit = head.whom if len(fell) == 1 and fell[0].what == head.what else NOBODY
        told += self._sanctions(scene.after, hit)
        named = self._all(e.who for e in scene.of(j.NAMED) if e.who != head.who)
        if named:
            told.append(f"to have stood by {whom} is held against {listed(named)}")
        if any(e.who == head.who for e in scene.of(j.NAMED)):
            told.append(f"that is now held against {who}")
        recanted = self._all(e.who for e in scene.of(j.RECANT))
        return told + ([self._recant(recanted)] if recanted else [])

    def _verdict(self, head: Entry, accused: set[int]) -> str:
        """Say how a motion on a man ended, and who was on the smaller side."""
        yes, no = self.ledger.sides(head.ballot)
        near, whom = abs(head.x - 0.5) < CLOSE, self.names[head.whom]
        if head.carried:
            others = self._all(no - accused)
            if near:
                by = f" and carries it narrowly, with {percent(head.x)}"
                return by + (f", against {listed(others)}" if others else "")
            gets = self._vary("gets", "gets it", "carries it")
            if not others:
                return f" and {gets} without a voice against"
            if len(others) <= FEW:
                stand = self._vary("stand", "stand by", "speak for")
                return f" and {gets}; only {listed(others)} {_verb(others, stand)} {whom}"
            return f" and {gets} against the votes of {listed(others)}"
        if head.x > 0.5:
            return f": {percent(head.x)} agree, which is short of what this needs"
        supporters = self._all(yes - {head.who})
        if near:
            return f"; with {percent(head.x)} it falls just short"
        if not supporters:
            return ", but finds nobody to support it"
        if len(supporters) <= FEW:
            return f", but only {listed(supporters)} {does(supporters, 'agree')}"
        return f"; {listed(supporters)} {does(supporters, 'agree')}, but it is voted down"

    def _appeal(self, head: Entry, appeal: Entry) -> str:
        whom, house = self.names[head.whom], self.words.house
        if appeal.carried:
            return f"{whom} takes the case to the {house}, which upholds the decision"
        margin = f" with {percent(1 - appeal.x)}" if abs(appeal.x - 0.5) < 2 * CLOSE else ""
        return f"{whom} takes the case to the {house}, which{margin} throws the decision out"

    def _sanctions(self, entries: Sequence[Entry], known: int) -> list[str]:
        """Say what became of each: those on one rung together, then what each of them loses.

        `known`: whose sanction has just been told by the demand for it.
        """
        cases = [place for place, e in enumerate(entries) if e.kind == j.SANCTION]
        rungs: dict[int, list[int]] = {}
        losses: list[str] = []
        for place, stop in pairwise([*cases, len(entries)]):
            entry = entries[place]
            if entry.who != known:
                rungs.setdefault(entry.what, []).append(entry.who)
            losses += self._losses(entry, entries[place + 1 : stop])
        told = [
            f"{listed(self._all(who))} {are(who)} {self.world.ladder[rung - 1].done}"
            for rung, who in sorted(rungs.items(), reverse=True)
        ]
        return ([listed(told)] if told else []) + self._without_posts(entries) + losses

    def _without_posts(self, entries: Sequence[Entry]) -> list[str]:
        """Say who was dismissed and had no post to lose."""
        lost = {e.whom for e in entries if e.kind == j.POST}
        bare = self._all(
            e.who for e in entries
            if e.kind == j.SANCTION and e.what == DISMISSED and e.who not in lost
        )  # fmt: skip
        if not bare:
            return []
        has = "has" if len(bare) == 1 else "have"
        ground = f"{does(bare, 'lose')} ground in the {self.words.house}"
        return [self._vary("bare", f"{listed(bare)} {has} no post to lose, but {ground}",
                           f"{listed(bare)} {ground}")]  # fmt: skip

    def _losses(self, entry: Entry, after: Sequence[Entry]) -> list[str]:
        """Say which posts and which seat a sanction freed, and who got them."""
        who = self.names[entry.who]
        told = self._posts([e for e in after if e.kind == j.POST], who)
        seated = [e for e in after if e.kind == j.SEATED]
        demoted = next((e for e in after if e.kind == j.DEMOTED), None)
        told += [] if demoted is None else [self._demoted(demoted)]
        told += [self._seated(e, of(who)) for e in seated]
        lost = entry.what >= REMOVED or demoted is not None
        if lost and entry.who in self.ledger.full and not seated:
            told.append(f"{of(who)} seat stays unfilled")
        heirs = [e for e in after if e.kind == j.TAKEN_OVER]
        told += [self._succession(e) for e in heirs if entry.what >= REMOVED]
        return told

    def _demoted(self, entry: Entry) -> str:
        """Say what the first plenum after a congress did not elect a man to again."""
        who, body = self.names[entry.who], self.words.body
        if entry.what == CANDIDATE:
            return self._vary(
                "demoted", f"the new {body} has {who} as a candidate only",
                f"{who} is not elected a full member again and becomes a candidate",
            )  # fmt: skip
        return f"{who} is not elected to the new {body}"

    def _posts(self, entries: Sequence[Entry], who: str = "") -> list[str]:
        """Say to whom posts pass, those that go to one person together."""
        heirs: dict[int, list[str]] = {}
        for entry in entries:
            heirs.setdefault(entry.who, []).append(self.words.post(self.world.offices[entry.what]))
        gains = [
            f"{listed(posts)} to {self.names[heir]}" for heir, posts in heirs.items() if heir >= 0
        ]
        told = []
        if gains and who:
            told.append(f"{who} loses {listed(gains)}")
        elif gains:
            told.append(f"{listed(gains)}".replace(" to ", " passes to ", 1))
        if NOBODY in heirs:
            told.append(f"{listed(heirs[NOBODY])} {are(heirs[NOBODY])} left without a holder")
        return told

    def _seated(self, entry: Entry, former: str = "") -> str:
        """Say who took a seat, and who put the new member there."""
        who = self.names[entry.who]
        if who in self.words.newcomers:
            who = f"the newcomer {who}"
        elif entry.who >= self.world.members and former:
            who = "a newcomer"
        seat = f"{former} seat" if former else "a full seat"
        if entry.whom == NOBODY:
            return f"{seat} goes to {who}"
        patron = self.names[entry.whom]
        return self._vary(
            "seated",
            f"{who} takes {seat} by the favour of {patron}",
            f"{patron} puts {who} into {seat}",
        )

    # Events and the rest.

    def _event(self, scene: Scene, head: Entry) -> list[str]:
        row = self.world.events[head.what]
        posts = scene.of(j.POST)
        took = head.carried and (row.kind != "assign" or bool(posts))
        told: list[str] = []
        key = (head.month, row.id, took)
        if key not in self._events:
            self._events.add(key)
            text = happening(
                self._clause(row.text), took, row.intervention, self._departed == head.month
            )
            if took and row.intervention:
                self._departed = head.month
            rest = text.removeprefix(self.names[head.who]) if head.who >= 0 else text
            again = rest != text and (head.month, rest) == self._last_event
            told.append(f"so does {self.names[head.who]}" if again else text)
            self._last_event = (head.month, rest)
        if row.kind == "assign":
            lost = [self.names[e.whom] for e in posts if e.whom not in (NOBODY, e.who)]
            if lost and told:
                told[-1] += f", in the place of {listed(lost)}"
        elif row.kind != "abolish":
            told += self._posts(posts)
        seated = scene.of(j.SEATED)
        if row.kind == "congress" and took:
            told += self._elected(seated) + self._gain(head.month)
        else:
            told += [self._seated(e) for e in seated]
        bereft = next(iter(scene.of(j.BEREFT)), None)
        taken = seated or head.month in self._elected_in
        if bereft is not None and bereft.what == FULL and not taken:
            told.append(f"{of(self.names[bereft.who])} seat stays unfilled")
        return told

    def _elected(self, seated: list[Entry]) -> list[str]:
        """Say what a congress did to the body itself."""
        if not seated:
            return []
        by: dict[int, list[str]] = {}
        for entry in seated:
            name = self.names[entry.who]
            plain = entry.who < self.world.members or name.startswith("the ")
            by.setdefault(entry.whom, []).append(name if plain else f"{name}, a newcomer,")
        parts = [
            f"{listed(names)} {does(names, 'become')} {_FULL[len(names) > 1]}"
            + ("" if patron == NOBODY else f" by the favour of {self.names[patron]}")
            for patron, names in by.items()
        ]  # fmt: skip
        return ["; ".join(parts).replace(",,", ",")]

    def _gain(self, month: int) -> list[str]:
        """Say who comes out of a congress stronger, where the shares are known."""
        if self._shares is None or not 0 < month < len(self._shares):
            return []
        before, after = self._shares[month - 1], self._shares[month]
        who = int(np.argmax(np.where(before >= STRONG, after - before, 0.0)))
        if before[who] < STRONG or after[who] - before[who] < GAIN:
            return []
        was = percent(float(before[who])).removesuffix(" per cent")
        held = percent(float(after[who]))
        return [f"{self.names[who]} comes out of it with {held} of the power, up from {was}"]

    def _strike(self, scene: Scene, head: Entry) -> list[str]:
        ruler, victim = self.names[head.whom], self.names[head.who]
        strikes = self.world.ladder[head.what - 1].strike.replace("{who}", victim)
        told = self._vary("strike", f"without asking for a vote, {ruler} {strikes}",
                          f"{ruler} {strikes}, and nobody is asked")  # fmt: skip
        return [told, *self._sanctions(scene.after, head.who)]

    def _rule(self, head: Entry) -> str:
        who = self.names[head.who]
        if head.what == 1:
            return f"no coalition of any weight has stood against {who} for twelve months"
        return (
            f"{who} has held more than half of all power for twelve months: the rule of one is "
            f"established, with {percent(head.x)}"
        )

    def _proposal(self, scene: Scene, head: Entry) -> str:
        heads = sorted(self.ledger.full)
        part = [self.names[k] for i, k in enumerate(heads) if head.what >> i & 1]
        gone = self._all(e.who for e in scene.of(j.SANCTION))
        who = self.names[head.who]
        what = "all" if len(part) == len(heads) else f"{listed(part)} alone"
        same, self._proposed = self._proposed == (len(heads), what), (len(heads), what)
        told = f"{who} proposes {'the same' if same else f'that {what} go on'}"
        if len(part) == len(heads):
            return told
        if not gone:
            return f"{told}, and finds no majority"
        return f"{told}; {percent(head.x)} agree, and {listed(gone)} {are(gone)} out"


_FULL = ("a full member", "full members")
#: Moves that a man makes by himself: each is told on its own.
_SINGLE = frozenset((j.TAKEN_OVER, j.BROKEN_UP, j.TIED))


def _verb(names: Sequence[str], phrase: str) -> str:
    """Return a verb with its particle, in the number of its subject."""
    verb, _, rest = phrase.partition(" ")
    return f"{does(names, verb)}{' ' if rest else ''}{rest}"


def _span(months: int) -> str:
    """Return a time in words."""
    if months <= 12:
        return f"{number(months)} months"
    if months < 23:
        return "more than a year"
    years = round(months / 12)
    return f"{number(years)} years"
