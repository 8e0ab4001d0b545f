"""How coalitions and questions of policy are told."""

from __future__ import annotations

from collections.abc import Sequence

from politburo_sim.record.scenes import MOVES, Scene
from politburo_sim.record.teller import CLOSE, FEW, Teller, conjugated
from politburo_sim.record.words import (
    Entry,
    aim_of,
    alternatives,
    does,
    listed,
    number,
    of,
    percent,
    sentence,
)
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    DEFENCE,
    NOBODY,
    POLICY,
)
from politburo_sim.worlds.words import AxisWords

#: So many months a reader has in mind who stood with whom.
FRESH = 2
#: A decision this far from the line moves it far enough for a word; a place so much farther from
#: somebody's ideal than the other is plainly not his own.
MOVES_THE_LINE, PLAINLY = 0.1, 0.2


class OfPolicy(Teller):
    """Coalitions, questions of policy, and what follows from a division."""

    def _coalition(self, scene: Scene, head: Entry) -> list[str]:
        """Say who was brought together against whom, and where they came from."""
        ours, theirs = self.ledger.sides(head.ballot)
        who, whom = self.names[head.who], self.names[head.whom]
        able = ours - self.ledger.away  # a man who cannot act takes no side, whatever he counts for
        friends = self._all((able if able - {head.who} else ours) - {head.who})
        names = listed(friends) if friends else ""
        seized = next(
            (e for e in scene.before if e.kind == j.TAKEN_OVER and e.who == head.who), None
        )
        defence = head.kind == j.FORMED and head.what == DEFENCE
        first, last = self._around(scene, head, ours, set() if defence else theirs, seized)
        led_up = self._moves(first)
        self._note(first)
        if defence:
            verb = self._vary("defend", "stand by", "rally to")
            told = f"{names} {conjugated(friends, verb)} {who} against {whom}"
            return [*led_up, told, *self._moves(last)]
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
            self._note([seized])  # what follows is told under the new leader's name
        clauses = [told, *self._came_from(scene, head, ours)]
        defenders = self._all(theirs - {head.whom} - self.ledger.away)
        if defenders:
            verb = self._vary("defend", "stand by", "rally to")
            clauses.append(f"{listed(defenders)} {conjugated(defenders, verb)} {whom}")
        return [*led_up, "; ".join(clauses), *self._moves(last)]

    def _around(
        self, scene: Scene, head: Entry, ours: set[int], theirs: set[int],
        seized: Entry | None = None,
    ) -> tuple[list[Entry], list[Entry]]:  # fmt: skip
        """Return what men did before a coalition was formed, and what its forming led to elsewhere.

        Left out is what is said of the coalition itself: who is in it, whom he has left for it, and
        who stands by its target.
        """
        home = {head.who} if seized is None else {head.who, seized.whom}
        camp = self.ledger.with_member(head.whom)
        away = {head.whom, head.whom if camp is None else camp.leader}
        given_up = self._given_up(scene, head, ours)

        def said(entry: Entry) -> bool:
            to = {j.JOINED: entry.whom, j.CROSSED: entry.what}.get(entry.kind, NOBODY)
            return (
                entry is seized or entry.kind == j.FORMED
                or (entry.who in ours and to in home)
                or (entry.who in theirs and to in away)
                or (entry.kind == j.LEFT and entry.who in ours and entry.whom not in home)
                or (entry.kind == j.BROKEN_UP and entry.who in given_up)
            )  # fmt: skip

        def follows(at: int, entry: Entry) -> bool:
            ends = entry.kind in (j.BROKEN_UP, j.TAKEN_OVER)
            return ends and (at > begins or entry.whom in ours)

        begins = next((at for at, e in enumerate(scene.before) if said(e)), len(scene.before))
        rest = [(at, e) for at, e in enumerate(scene.before) if not said(e)]
        return [e for at, e in rest if not follows(at, e)], [e for at, e in rest if follows(at, e)]

    def _given_up(self, scene: Scene, head: Entry, ours: set[int]) -> set[int]:
        """Return who of those brought together led a coalition that ends with this."""
        others = (j.JOINED, j.CROSSED, j.LEFT, j.TIED)
        moved = max((at for at, e in enumerate(scene.before) if e.kind in others), default=NOBODY)
        led = {
            e.who: self.ledger.led_by(e.who) for e in scene.before[moved + 1 :]
            if e.kind == j.BROKEN_UP and e.who in ours - {head.who}
        }  # fmt: skip
        return {
            who for who, one in led.items()
            if one is not None and one.target not in self.ledger.fallen
        }  # fmt: skip

    def _came_from(self, scene: Scene, head: Entry, ours: set[int]) -> list[str]:
        """Say what those brought together have left for it: others, or coalitions of their own."""
        given_up = self._given_up(scene, head, ours)
        with_heir = {e.who for e in scene.before if e.kind == j.TAKEN_OVER and e.whom in ours}
        left: dict[int, list[int]] = {leader: [] for leader in sorted(given_up)}
        for entry in scene.before:
            parts = entry.kind == j.LEFT or (
                entry.kind == j.CROSSED and self._stands_with(entry.who, entry.whom)
            )
            follows = entry.whom == head.who or entry.whom in with_heir
            if parts and entry.who in ours and not follows:
                left.setdefault(entry.whom, []).append(entry.who)
        return [
            f"{self._called(leader)} is given up for it" if leader in given_up
            else f"{listed(self._all(who))} {does(who, 'break')} with {self._called(leader)} for it"
            for leader, who in left.items()
        ]  # fmt: skip

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
        opposition = next((e for e in scene.before if e.kind == j.FORMED), None)
        signed, first, last = set[int](), scene.before, list[Entry]()
        if opposition is not None:
            signed = self.ledger.sides(opposition.ballot)[0]
            first, last = self._around(scene, opposition, signed, set())
        told = self._moves(first)
        self._note(first)
        if head.what == NOBODY:
            key = (head.who, head.whom, int(head.z), head.carried)
            loser = head.whom if head.carried else head.who
            told_of = scene.of(j.RECANT, j.STOOD_UP)
            told_of += [e for e in scene.of(j.NAMED) if e.who != loser]
            if key in self._this_year and not told_of:
                self._again.setdefault(key, []).append(head.month)
                return told
            self._this_year.add(key)
            told.append(self._own_question(head))
        else:
            told.append(self._question(head, opposition))
            told += self._deserted(head, opposition, signed)
            if opposition is not None and (broke := self._came_from(scene, opposition, signed)):
                told.append("; ".join(broke))
            told += self._moves(last)
        return told + self._aftermath(scene)

    def _deserted(self, head: Entry, opposition: Entry | None, signed: set[int]) -> list[str]:
        """Say which of those who had signed with an opponent voted against him."""
        if opposition is None:
            return []
        yes, no = self.ledger.sides(head.ballot)
        against = yes if opposition.who == head.whom else no
        who = self._all(signed & against - {opposition.who})
        if not who:
            return []
        return [f"{listed(who)}, who had signed with {self.names[opposition.who]}, "
                f"{does(who, 'vote')} the other way after all"]  # fmt: skip

    def _question(self, head: Entry, opposition: Entry | None) -> str:
        """Tell a division on a question of the agenda."""
        who, whom = self.names[head.who], self.names[head.whom]
        title = self.world.questions[head.what].title
        won, lost = alternatives(self.world, head.what, head.y)
        mine, his = (won, lost) if head.carried else (lost, won)
        if opposition is not None:
            yes = self.ledger.sides(opposition.ballot)[0] - {opposition.who}
            with_whom = listed(self._all(yes)) if yes else ""
            start = f"on {title} {who} proposes {mine}; {whom}"
            start += f", with {with_whom}," if with_whom else ""
            kind = "an opposition" if aim_of(opposition) == POLICY else "a coalition"
            start += f" forms {kind} for {his}"
        else:
            start = self._vary(
                "question",
                f"over {title} {who} and {whom} divide the {self.words.body}, the one for {mine}, "
                f"the other for {his}",
                f"on {title} {who} is for {mine}, and {whom} for {his}",
                f"in the matter of {title} {who} proposes {mine}; {whom} proposes {his}",
            )
        return f"{start}{self._unconvinced(head)}. {sentence(self._outcome(head))[:-1]}"

    def _unconvinced(self, head: Entry) -> str:
        """Say which of two who divide on a question stands for what is far from his convictions."""
        if self._ideals is None:
            return ""
        axis, row = int(head.z), head.what
        low, high = float(self.world.agenda.low[row]), float(self.world.agenda.high[row])
        far = high if head.y - low < high - head.y else low
        winner, loser = (head.who, head.whom) if head.carried else (head.whom, head.who)
        against = [
            who for who, mine, his in ((winner, head.y, far), (loser, far, head.y))
            if abs(self._ideals[who, axis] - mine) > abs(self._ideals[who, axis] - his) + PLAINLY
        ]  # fmt: skip
        if len(against) == 2:
            return "; for neither is it a matter of conviction"
        if not against:
            return ""
        name = self.names[against[0]]
        return self._vary(
            "unconvinced",
            f"; for {name} it is not a matter of conviction",
            f"; it is not what {name} believes in",
            f"; {of(name)} convictions are on the other side",
        )

    def _own_question(self, head: Entry) -> str:
        """Tell a division that a coalition forces on the axis that divides it from its target."""
        who, whom = self.names[head.who], self.names[head.whom]
        axis = int(head.z)
        over = f" over {self.words.axis(self.world.axes[axis])}"
        before = self._met.get((head.who, head.whom))
        again = "" if before is None else " again"
        if before == axis and len(self.world.axes) == 1:
            over = ""
        elif before not in (None, axis):
            over = f", this time{over}"
        self._met[head.who, head.whom] = axis
        start = self._vary(
            "own", f"{who}{again} forces a vote against {whom}{over}",
            f"{who} and {whom} clash{again}{over}", f"{who}{again} takes {whom} on{over}",
        )  # fmt: skip
        end = self._shift(axis, head.y, who if head.carried else whom)
        return f"{start}. {sentence(self._outcome(head))[:-1]}{end}"

    def _shift(self, axis: int, place: float, winner: str) -> str:
        """Say to which side the line goes, where the world has words for it."""
        ends, plain = self.words.ends(self.world.axes[axis]), AxisWords()
        moved = place - self.ledger.line[axis]
        if abs(moved) < MOVES_THE_LINE or ends == (plain.low, plain.high):
            return ""
        return f", and the line moves {of(winner)} way, towards {ends[moved > 0]}"

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
        against = self._against(with_winner - {winner}, with_loser, loser, head.month)
        comma = "," if share - 0.5 < CLOSE and against.startswith(" against") else ""
        return f"{how}{comma}{against}"

    def _against(self, winners: set[int], losing: set[int], loser: int, month: int) -> str:
        """Say who stood with the beaten."""
        whom = self.names[loser]
        others = self._all(losing - {loser})
        if not winners and not losing:
            return ""
        if not others:
            if loser not in losing:
                return f", and nobody votes for {whom}"
            return f" against {whom} alone"
        at, *stood = self._stood
        same = stood == [loser, others] and month - at <= FRESH
        self._stood = (month, loser, others)
        if same and len(others) > FEW + 1:
            return f"; the same {number(len(others))} vote with {whom}"
        if len(others) <= FEW:
            return f"; only {listed(others)} {does(others, 'vote')} with {whom}"
        if len(winners) < len(losing):
            return f", though {self._some(losing - {loser})} vote with {whom}"
        return self._vary(
            "many", f"; {self._some(losing - {loser})} vote with {whom}",
            f" against {whom}, {self._some(losing - {loser})}",
        )  # fmt: skip

    def _aftermath(self, scene: Scene) -> list[str]:
        """Say who stood up for the beaten, against whom a defeat is held, and who recants."""
        told = self._floor(scene.of(j.STOOD_UP))
        named = self._all(e.who for e in scene.of(j.NAMED))
        recanted = self._all(e.who for e in scene.of(j.RECANT))
        if named == recanted and named:
            return [*told, f"called to account, {listed(named)} {does(named, 'recant')}"]
        if named:
            told.append(self._vary(
                "held", f"the defeat is held against {listed(named)}",
                f"{listed(named)} will have to answer for the defeat",
                f"for this defeat {listed(named)} will be called to account",
            ))  # fmt: skip
        if recanted:
            told.append(self._recant(recanted))
        return told + self._moves([e for e in scene.after if e.kind in MOVES])

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
