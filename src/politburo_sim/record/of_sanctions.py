"""How demands and sanctions are told, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from politburo_sim.record.scenes import MOVES, Scene
from politburo_sim.record.teller import CLOSE, FEW, Teller, conjugated
from politburo_sim.record.words import (
    Entry,
    are,
    does,
    listed,
    number,
    of,
    percent,
)
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    CANDIDATE,
    NOBODY,
)


class OfSanctions(Teller):
    """Demands against a man, sanctions, and the posts and seats that they free."""

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
            start = f"{who} brings one motion against {listed(accused)}"
        else:
            wish = asked if asked.startswith("that ") else f"for {asked}"
            start = self._vary("demand", f"{who} asks {wish}", f"{who} demands {asked}",
                               f"{who} moves {asked}")  # fmt: skip
            if slate:
                count = int(head.y) - 1
                others = f"{number(count)} other{'s' * (count > 1)}"
                start += f", and the same for {others} beaten with {whom}"
        moved = not start.startswith((f"{who} asks ", f"{who} demands "))
        verdict = self._verdict(head, {head.whom, *(e.who for e in fell)}, moved)
        comma = "," if start.endswith(f" beaten with {whom}") and verdict.startswith(" and") else ""
        told = [f"{start}{comma}{verdict}"]
        if appeal is not None:
            told.append(self._appeal(head, appeal))
        hit = head.whom if len(fell) == 1 and fell[0].what == head.what else NOBODY
        told += self._sanctions(scene.after, hit)
        named = self._all(e.who for e in scene.of(j.NAMED) if e.who != head.who)
        if named:
            told.append(self._vary(
                "stood by", f"to have stood by {whom} is held against {listed(named)}",
                f"{listed(named)} will have to answer for having stood by {whom}",
            ))  # fmt: skip
        if any(e.who == head.who for e in scene.of(j.NAMED)):
            told.append(f"that is now held against {who}")
        recanted = self._all(e.who for e in scene.of(j.RECANT))
        return told + ([self._recant(recanted)] if recanted else [])

    def _verdict(self, head: Entry, accused: set[int], moved: bool) -> str:
        """Say how a motion on a man ended, and who was on the smaller side.

        moved : whether it was said to be moved: who moves something carries it, who asks gets it.
        """
        yes, no = self.ledger.sides(head.ballot)
        near, whom = abs(head.x - 0.5) < CLOSE, self.names[head.whom]
        if head.carried:
            others = self._all(no - accused)
            if near:
                by = f" and {'carries' if moved else 'gets'} it narrowly, with {percent(head.x)}"
                return by + (f", against {self._some(no - accused)}" if others else "")
            gets = "carries it" if moved else self._vary("gets", "gets it", "obtains it")
            if not others:
                return f" and {gets} without a voice against"
            if len(others) <= FEW:
                stand = self._vary("stand", "stand by", "speak for")
                return f" and {gets}; only {listed(others)} {conjugated(others, stand)} {whom}"
            return f" and {gets} against the votes of {self._some(no - accused)}"
        if head.x > 0.5:
            return f": {percent(head.x)} agree, which is short of what this needs"
        supporters = self._all(yes - {head.who})
        if near:
            return f"; with {percent(head.x)} it falls just short"
        if not supporters:
            return ", but finds nobody to support it"
        if len(supporters) <= FEW:
            return f", but only {listed(supporters)} {does(supporters, 'agree')}"
        return f"; {self._some(yes - {head.who})} agree, but it is voted down"

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
        posts, seat, _ = self.world.losses
        bare = self._all(
            e.who for e in entries
            if e.kind == j.SANCTION and posts <= e.what < seat and e.who not in lost
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
        removed = entry.what >= self.world.losses.seat
        lost = removed or demoted is not None
        if lost and entry.who in self.ledger.full and not seated:
            told.append(f"{of(who)} seat stays unfilled")
        return told + self._moves([e for e in after if e.kind in MOVES - {j.TIED}])

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
        if entry.who >= self.world.members:
            if who in self.words.newcomers:
                who = f"the newcomer {who}"
            elif former:
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
