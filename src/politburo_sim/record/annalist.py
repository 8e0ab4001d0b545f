"""The annalist: tells a run's stories in their order, each once, in the words of the chronicle."""

# ruff: noqa: I001
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from politburo_sim.record.words import FAR, FEW, MANY, NUMBERS
from politburo_sim.record.words import SURPRISE, Entry, are, does, founder_of, happening
from politburo_sim.record.words import joined, listed, nth, of, one_of, percent
from politburo_sim.record.words import sentence, until_sanction
from politburo_sim.state import journal as j
from politburo_sim.rules import platform
from politburo_sim.state.body import ABOLISH, ASSIGN, CANDIDATE, DISMISSED, EVENT_KINDS
from politburo_sim.state.body import EXPELLED, FULL, NOBODY, REMOVED
from politburo_sim.rules.platform import ALLY, FLIP
from politburo_sim.worlds.world import World


class Annalist:
    """Tells stories in their order, and remembers what a reader has been told."""

    def __init__(self, world: World, names: Sequence[str], ballots: NDArray[np.int8]) -> None:
        self.world = world
        self.words = world.words
        self.names = names
        self.ballots = ballots
        self.full = {int(k) for k in np.flatnonzero(world.body.status == FULL)}
        self.seat_of = {seat: int(k) for seat, k in enumerate(world.body.seat_holder) if k >= 0}
        self.newcomers: dict[int, int] = {}
        #: Mover and target: the last month in which they met, and whether it came to a vote.
        self.raised: dict[tuple[int, int], tuple[int, bool]] = {}
        self.told: set[tuple[int, str, bool]] = set()
        self.departed = -1

    def opening(self) -> list[str]:
        """Say who sits in the body on the first day, and in which posts."""
        body, names = self.world.body, self.names
        full = [names[k] for k in sorted(self.full)]
        number = NUMBERS[len(full)] if len(full) < len(NUMBERS) else str(len(full))
        told = [f"the {self.words.body} has {number} full members: {listed(full)}"] if full else []
        rest = [names[int(k)] for k in np.flatnonzero(body.status == CANDIDATE)]
        if rest:
            kind = "is a candidate" if len(rest) == 1 else "are candidates"
            told.append(f"{listed(rest)} {kind}")
        posts: dict[int, list[str]] = {}
        for place, office in enumerate(self.world.offices):
            if body.office_holder[place] != NOBODY:
                said = self.words.holder(office)
                posts.setdefault(int(body.office_holder[place]), []).append(said)
        if posts:
            told.append(listed(f"{names[k]} {listed(some)}" for k, some in posts.items()))
        return [sentence(text) for text in told]

    def tell(self, story: list[Entry]) -> list[str]:
        """Return the sentences of one story; none where there is nothing to say."""
        match story[0].kind:
            case j.EVENT:
                told = self._event(story)
            case j.RAISED:
                told = self._debate(story)
            case j.STRUCK:
                told = self._strike(story)
            case j.RULES:
                told = self._rule(story[0])
            case j.PROPOSED:
                told = self._proposal(story)
            case j.ACCOUNT:
                told = self._account(story, story[0], after_vote=False)
            case _:
                told = self._posts(until_sanction(story), "")
                told += [self._seat(e) for e in until_sanction(story) if e.kind == j.SEATED]
                told += self._cases(story, NOBODY)
        return [sentence(text) for text in told]

    def _done(self, rung: int) -> str:
        """Return what a man on a rung is: "removed from the body"."""
        return self.world.ladder[rung - 1].done

    def _post(self, place: int) -> str:
        """Return an office as a thing that passes on."""
        return self.words.post(self.world.offices[place])

    # Debates.

    def _debate(self, story: list[Entry]) -> list[str]:
        head = story[0]
        who, whom = self.names[head.who], self.names[head.whom]
        pair = (head.who, head.whom)
        again = " again" if pair in self.raised else ""
        before, voted = self.raised.get(pair, (-99, False))
        once = one_of(story, j.ROLL_CALL)
        self.raised[pair] = (head.month, once is not None)
        dropped = one_of(story, j.DROPPED)
        if once is None:
            hope = 0.0 if dropped is None else dropped.x
            if head.month - before <= 6:
                lead = self._ground(head, whom).rstrip(",")
                end = "this time" if voted else "again"
                return [f"{who} returns to the charge against {whom} {lead}, {end} without a vote"]
            return [self._dropped(head, who, whom, again, hope)]
        told = [self._vote(head, once, who, whom, again)]
        if head.x >= FLIP and head.what == platform.IDEAL:
            told.append(f"it is a return to convictions that {who} had set aside")
        elif head.x >= FLIP:
            told.append(f"to do so, {who} gives up the stand held until now")
        sides = self._sides(once, who, whom)
        told += [sides] if sides else []
        told += self._leavers(story)
        account = one_of(story, j.ACCOUNT)
        return told + (self._account(story, account, after_vote=True) if account else [])

    def _rival(self, head: Entry, whom: str, again: str) -> str:
        """Return the target's name, with what he was to the mover."""
        return f"{whom}, an ally until now," if head.y > ALLY and not again else whom

    def _ground(self, head: Entry, whom: str) -> str:
        """Return the mover's platform in words."""
        match head.what:
            case platform.IDEAL:
                axis = self._axis(head.who, head.whom)
                return f"out of conviction, chiefly over {axis}," if axis else "out of conviction"
            case platform.MEDIAN:
                return "from the middle ground"
            case platform.MIRROR:
                return f"by standing for the opposite of {of(whom)} course"
            case platform.LINE:
                return "in the name of the party line"
        return "on an unchanged stand"

    def _axis(self, who: int, whom: int) -> str:
        """Return where the file's ideals of two members are furthest apart, if they are."""
        if max(who, whom) >= self.world.members or len(self.world.axes) < 2:
            return ""
        body = self.world.body
        apart = np.abs(body.ideal[who] - body.ideal[whom])[: len(self.world.axes)]
        place = int(np.argmax(apart))
        if apart[place] < FAR:
            return ""
        return self.words.axis(self.world.axes[place])

    def _dropped(self, head: Entry, who: str, whom: str, again: str, hope: float) -> str:
        rival, ground, tally = (
            self._rival(head, whom, again),
            self._ground(head, whom),
            percent(hope),
        )
        lead = ground.rstrip(",")
        forms = (
            f"{who}{again} raises a question against {rival} {ground}",
            f"{who}{again} attacks {rival} {ground}",
            f"{lead}, {who}{again} criticises {rival}",
        )
        weak = (
            f", but counts on no more than {tally} and lets it drop",
            f"; with {tally} in prospect it does not come to a vote",
            f", finds too little support ({tally}) and gives way",
        )
        strong = (
            f", and though {tally} seem ready to follow, does not press for a vote",
            f"; {tally} seem to agree, but no vote is asked for",
            f" and lets the matter rest, with {tally} in prospect",
        )
        tail = (weak if hope < 0.5 else strong)[(head.month // 2 + head.whom) % 3]
        return joined(forms[(head.month + head.who) % 3], tail)

    def _vote(self, head: Entry, vote: Entry, who: str, whom: str, again: str) -> str:
        rival, tally = self._rival(head, whom, again), percent(vote.x)
        ground = self._ground(head, whom)
        lead = ground.rstrip(",")
        wonder = ""
        if abs(vote.x - vote.z) >= SURPRISE:
            wonder = f", where {who} had counted on {percent(vote.z)}"
        if vote.what:
            ends = (f" and wins the vote with {tally}", f" and carries the body by {tally}")
        else:
            ends = (f" and is beaten: only {tally} follow", f" and loses the vote with {tally}")
        starts = (
            f"{who}{again} moves against {rival} {ground}",
            f"{lead}, {who}{again} forces a vote against {rival}",
        )
        start = starts[(head.month + head.whom) % 2]
        return f"{joined(start, ends[(head.month // 2) % 2])}{wonder}"

    def _sides(self, vote: Entry, who: str, whom: str) -> str:
        """Say who voted with the mover and who with the target."""
        yes, no = self._votes(vote)
        if not yes and not no:
            return ""
        if len(yes) >= MANY and len(no) <= FEW:
            if not no and (vote.month + vote.who) % 3:
                forms = (f"nobody takes the side of {whom}", f"all the others side with {who}")
                return forms[vote.month % 2]
            return f"{self._minority(vote, no, whom)}; all the others vote with {who}"
        if len(no) >= MANY and len(yes) <= FEW:
            few = f"only {listed(yes)} {does(yes, 'vote')}" if yes else "nobody votes"
            return f"{few} with {who}; all the others stand by {whom}"
        if not yes:
            return f"{listed(no)} {does(no, 'stand')} by {whom}; nobody sides with {who}"
        if not no:
            return f"{listed(yes)} {does(yes, 'vote')} with {who}; {self._minority(vote, no, whom)}"
        if vote.month % 2:
            ayes = f"on the side of {who} {are(yes)} {listed(yes)}"
            return f"{ayes}; with {whom} {are(no)} {listed(no)}"
        ayes = f"with {who} {does(yes, 'vote')} {listed(yes)}"
        return f"{ayes}; {listed(no)} {does(no, 'stand')} by {whom}"

    def _minority(self, vote: Entry, no: list[str], whom: str) -> str:
        """Say who stands by the target; a target outside the body has no vote himself."""
        if no:
            return f"only {listed(no)} {does(no, 'stand')} by {whom}"
        voted = self.ballots[int(vote.y), vote.whom] >= 0
        return f"{whom} stands alone" if voted else f"nobody stands by {whom}"

    def _votes(self, vote: Entry) -> tuple[list[str], list[str]]:
        """Return who else voted yes, and who else no."""
        number = int(vote.y)
        if not 0 <= number < len(self.ballots):
            return [], []
        ballot = self.ballots[number]
        rest = [k for k in range(len(ballot)) if k not in (vote.who, vote.whom)]
        return ([self.names[k] for k in rest if ballot[k] == 1],
                [self.names[k] for k in rest if ballot[k] == 0])  # fmt: skip

    def _leavers(self, story: list[Entry]) -> list[str]:
        """Say who left whom, and who came over to the line."""
        told = []
        left: dict[int, list[str]] = {}
        for entry in story:
            if entry.kind == j.DESERTED:
                left.setdefault(entry.whom, []).append(self.names[entry.who])
        if left:
            verb = "desert" if story[0].month % 2 else "leave"
            parts = (f"{listed(w)} {does(w, verb)} {self.names[k]}" for k, w in left.items())
            told.append(f"{listed(parts)} for the other side")
        recanted = [self.names[e.who] for e in story if e.kind == j.RECANT]
        if recanted:
            own = "a former stand" if len(recanted) == 1 else "their former stand"
            told.append(f"after the defeat {listed(recanted)} {does(recanted, 'renounce')} {own}")
        return told

    # Personnel questions and what follows.

    def _account(self, story: list[Entry], vote: Entry, *, after_vote: bool) -> list[str]:
        who, whom = self.names[vote.who], self.names[vote.whom]
        rung, tally = int(vote.z), percent(vote.x)
        asked = self.world.ladder[rung - 1].demand.replace("{who}", whom)
        end = f"{tally} agree" if vote.what else f"it fails with {tally}"
        if not vote.what and vote.x > 0.5:
            end = f"{tally} agree, short of the majority that this needs"
        if after_vote:
            forms = (f"{who} then demands {asked}: {end}",
                     f"the next demand, put by {who}, is {asked}; {end}")  # fmt: skip
            told = [forms[(vote.month // 2) % 2]]
        else:
            told = [f"{who} demands {asked}: {end}"]
            told.append(self._sides(vote, who, whom))
        return [text for text in told if text] + self._cases(story, vote.whom if vote.what else -2)

    def _cases(self, story: list[Entry], target: int) -> list[str]:
        """Say what sanctions did: those asked for are known, the rest are named."""
        told: list[str] = []
        like: dict[int, list[str]] = {}
        for place, entry in enumerate(story):
            if entry.kind != j.SANCTION:
                continue
            after = until_sanction(story[place + 1 :])
            if entry.what >= REMOVED:
                self.full.discard(entry.who)
            if entry.who == target:
                told += self._loss(entry, after)
            elif after or target < 0:
                told.append(
                    f"{self.names[entry.who]} is {self._done(entry.what)}{self._late(entry)}"
                )
                told += self._loss(entry, after)
            else:
                like.setdefault(entry.what, []).append(self.names[entry.who])
        also = [f"{listed(w)} {are(w)} {self._done(rung)}" for rung, w in sorted(like.items())]
        if also:
            told.append(f"{listed(also)} in the same affair")
        return told

    def _late(self, entry: Entry) -> str:
        return ", drawn by lot" if entry.whom == NOBODY and entry.what == REMOVED else ""

    def _loss(self, entry: Entry, after: list[Entry]) -> list[str]:
        """Say which posts and seat a sanction freed, and who got them."""
        who = self.names[entry.who]
        told = self._posts(after, f" from {who}")
        if not told and entry.what == DISMISSED:
            told.append(f"{who} has no post to lose, but loses followers in the {self.words.house}")
        return told + [self._seat(e, "the seat") for e in after if e.kind == j.SEATED]

    def _posts(self, entries: list[Entry], source: str) -> list[str]:
        """Say to whom posts pass, those that go to one person together."""
        heirs: dict[int, list[str]] = {}
        for entry in entries:
            if entry.kind == j.POST:
                heirs.setdefault(entry.who, []).append(self._post(entry.what))
        return [
            f"{listed(posts)} {are(posts)} left without a holder" if heir == NOBODY
            else f"{listed(posts)} {'passes' if len(posts) == 1 else 'pass'}{source} to "
            f"{self.names[heir]}"
            for heir, posts in heirs.items()
        ]  # fmt: skip

    def _seat(self, entry: Entry, plain: str = "") -> str:
        """Say who took a seat, and whose client that makes the new member."""
        seat = entry.what
        before = self.seat_of.get(seat)
        former = (
            f"the seat that was {of(self.names[before])}" if before is not None else "a new seat"
        )
        who = self.names[entry.who]
        self.full.add(entry.who)
        self.seat_of[seat] = entry.who
        if entry.who >= self.world.members:
            order = nth(self.newcomers.get(seat, 0))
            self.newcomers[seat] = self.newcomers.get(seat, 0) + 1
            founder = founder_of(self.world, seat)
            who = f"a {order}newcomer" if order else "a newcomer"
            former = f"what was once {of(founder)} seat" if founder else f"seat {seat + 1}"
            plain = ""
        if entry.x:
            patron = self.names[int(entry.y)]
            forms = (f", as {of(patron)} client", f" and owes it to {patron}")
            return f"{who} takes {plain or former}{forms[entry.month % 2]}"
        return f"{who} takes {plain or former}, as nobody's client"

    # Events and the rest.

    def _event(self, story: list[Entry]) -> list[str]:
        head = story[0]
        row = self.world.events[head.what]
        took = head.x == 1.0
        if row.kind == EVENT_KINDS[ASSIGN] and len(story) == 1:
            took = False
        told: list[str] = []
        key = (head.month, row.id, took)
        if key not in self.told:
            self.told.add(key)
            told.append(happening(row.text, took, row.intervention, self.departed == head.month))
            if took and row.intervention:
                self.departed = head.month
        bereft = one_of(story, j.BEREFT)
        if bereft is not None and bereft.what == FULL:
            self.full.discard(bereft.who)
            told.append(f"{of(self.names[bereft.who])} seat falls vacant")
        account = one_of(story, j.ACCOUNT)
        if row.kind == EVENT_KINDS[ASSIGN]:
            told += [
                f"{self.names[e.whom]} has to give up {self._post(e.what)}"
                for e in story if e.kind == j.POST and e.whom not in (NOBODY, e.who)
            ]  # fmt: skip
        elif row.kind != EVENT_KINDS[ABOLISH] and account is None:
            told += self._posts(story, "")
        if account is None:
            return told + [self._seat(e) for e in story if e.kind == j.SEATED]
        verdict = "carries" if account.what else "fails"
        who, whom = self.names[account.who], self.names[account.whom]
        told.append(f"the motion against {whom} {verdict} with {percent(account.x)}")
        sides = self._sides(account, who, whom)
        told += [sides] if sides else []
        return told + self._cases(story, account.whom if account.what else -2)

    def _strike(self, story: list[Entry]) -> list[str]:
        head = story[0]
        ruler, victim = self.names[head.whom], self.names[head.who]
        strikes = self.world.ladder[head.what - 1].strike.replace("{who}", victim)
        forms = (
            f"{ruler}, with more than half of the power, {strikes} without a vote",
            f"without a vote {ruler} {strikes}",
        )
        return [forms[head.month % 2], *self._cases(story, head.who)]

    def _rule(self, head: Entry) -> list[str]:
        held = percent(head.x)
        return [
            f"for twelve months on end {self.names[head.who]} has held more than half of the "
            f"power, and now holds {held}: the rule of one is established"
        ]

    def _proposal(self, story: list[Entry]) -> list[str]:
        head = story[0]
        heads = sorted(self.full)
        part = [self.names[k] for i, k in enumerate(heads) if head.what >> i & 1]
        gone = [self.names[e.who] for e in story if e.kind == j.SANCTION]
        self.full -= {e.who for e in story if e.kind == j.SANCTION and e.what == EXPELLED}
        who = self.names[head.who]
        if len(part) == len(heads):
            return [f"{who} proposes that all go on together"]
        told = [f"{who} proposes that {listed(part)} alone go on; {percent(head.y)} agree"]
        if gone:
            told.append(f"{listed(gone)} {are(gone)} out")
        return told
