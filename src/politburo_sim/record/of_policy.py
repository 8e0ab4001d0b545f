"""How coalitions and questions of policy are told."""

from __future__ import annotations

from collections.abc import Sequence

from politburo_sim.record.scenes import Scene
from politburo_sim.record.teller import CLOSE, FEW, Teller, conjugated
from politburo_sim.record.words import (
    Entry,
    aim_of,
    alternatives,
    does,
    listed,
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

#: A decision this far from the line moves it far enough for a word.
MOVES_THE_LINE = 0.1


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
        if head.kind == j.FORMED and head.what == DEFENCE:
            verb = self._vary("defend", "stand by", "rally to")
            return [f"{names} {conjugated(friends, verb)} {who} against {whom}"]
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
        defenders = self._all(theirs - {head.whom} - self.ledger.away)
        if defenders:
            verb = self._vary("defend", "stand by", "rally to")
            clauses.append(f"{listed(defenders)} {conjugated(defenders, verb)} {whom}")
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
