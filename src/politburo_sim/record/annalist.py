"""The annalist: tells a history month by month, as one would who has read all of it.

Each scene is told in the order in which it happened; a vote that only repeats an earlier one of
the same year is told once more at the year's end, with its number. The same entries give the same
words, and a shorter history is told as a longer one begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from politburo_sim.months import month_index, month_name
from politburo_sim.record.of_policy import OfPolicy
from politburo_sim.record.of_sanctions import OfSanctions
from politburo_sim.record.scenes import MOVES, Scene, scenes
from politburo_sim.record.summary import HALF
from politburo_sim.record.words import (
    Entry,
    also,
    are,
    does,
    happening,
    in_month,
    in_pairs,
    listed,
    more_times,
    number,
    of,
    percent,
    sentence,
    together,
)
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    FULL,
    NEED_IN_BODY,
    NEED_SEATED,
    NOBODY,
    Floats,
)
from politburo_sim.worlds.schema import Admission, Congress, Seats
from politburo_sim.worlds.world import World

#: A congress from which one who had some power comes with so much more has done something.
GAIN, STRONG = 0.015, 0.1
#: A sole ruler who has no more than this has lost his half; with more than a half he has it again.
LOST = 0.48
_FULL, _PLAIN = ("a full member", "full members"), ("a member", "members")


class Annalist(OfPolicy, OfSanctions):
    """Tells a run's scenes in their order, and remembers what a reader has been told."""

    def __init__(
        self, world: World, names: Sequence[str], ballots: NDArray[np.int8],
        shares: Floats | Sequence[Floats] | None = None, ideals: Floats | None = None,
    ) -> None:  # fmt: skip
        super().__init__(world, names, ballots, ideals)
        self._shares = shares
        #: Months in which free seats are filled from outside.
        self._elected_in = {
            month_index(world.start, event.date) for event in world.scenario.events
            if isinstance(event, Congress)
            or (isinstance(event, Admission) and event.status == "full")
        }  # fmt: skip
        self._events: set[tuple[int, str, bool]] = set()
        self._last_event = (NOBODY, "")
        self._proposed = (NOBODY, "")
        self._departed = NOBODY
        self._told: dict[int, list[str]] = {}
        self._now = self._year(0)
        self._next = 0  # the first month that is not told yet
        self._gains: list[str] = []
        self._ruler, self._holds = NOBODY, True

    def chronicle(self, rows: Sequence[Entry], months: int) -> dict[int, list[str]]:
        """Return the sentences of each month in which there is something to tell.

        Parameters
        ----------
        rows
            The journal, in order, from where it was last told: whole months.
        months
            Months lived: a year that is not over keeps its repetitions to itself.
        """
        told = self._told
        by_month = {month: list(some) for month, some in groupby(rows, key=lambda row: row.month)}
        for month in range(self._next, max(months, 1 + max(by_month, default=NOBODY))):
            self._next = month + 1
            if self._year(month) != self._now:
                self._close_year(told, self._now)
                self._now = self._year(month)
            entries = by_month.get(month, ())
            clauses = together(text for scene in scenes(entries) for text in self._tell(scene))
            clauses = in_pairs(clauses, self.world.names[: self.world.members])
            name = month_name(self.world.start, month).split()[0]
            said = [*map(sentence, (in_month(name, text) for text in clauses[:1]))]
            said += [*map(sentence, clauses[1:])]
            said += [sentence(text) for text in self._month_end(month, name, alone=not said)]
            if said:
                told[month] = said
        if months and (self._year(months) > self._now or months >= self.world.months):
            self._close_year(told, self._now)
        return told

    def follow(
        self, rows: Sequence[Entry], months: int, names: Sequence[str],
        ballots: NDArray[np.int8], shares: Sequence[Floats], ideals: Floats,
    ) -> dict[int, list[str]]:  # fmt: skip
        """Tell on, of a history that has been lived on; names, ballots and shares are all so far.

        It is told as it would be all at once.
        """
        self.names, self.ledger.ballots, self._shares = names, ballots, shares
        self._ideals = ideals
        return self.chronicle(rows, months)

    def _year(self, month: int) -> int:
        return self.world.start[0] + (self.world.start[1] - 1 + month) // 12

    def _close_year(self, told: dict[int, list[str]], year: int) -> None:
        """Tell what was repeated, in the last month of the year or of the world."""
        last = (year - self.world.start[0] + 1) * 12 - self.world.start[1]
        for (mover, rival, axis, carried), months in self._again.items():
            when = listed(month_name(self.world.start, month).split()[0] for month in months)
            over = self.words.axis(self.world.axes[axis])
            who, whom = self.names[mover], self.names[rival]
            often = more_times(len(months))
            if {mover, rival} <= self.ledger.full | self.ledger.candidates:
                verb = "beats" if carried else "loses to"
                text = f"{often} that year, in {when}, {who} {verb} {whom} over {over}"
            else:  # one of them has gone since
                verb = "beaten" if carried else "lost to"
                text = f"in {when} {who} had {verb} {whom} {often} over {over}"
            told.setdefault(min(last, self.world.months - 1), []).append(sentence(text))
        self._again.clear()
        self._this_year.clear()

    def _tell(self, scene: Scene) -> list[str]:
        """Return the clauses of one scene, and bring the ledger up to date."""
        head = scene.head
        told: list[str] = []
        self._heirs = {e.who: e.whom for e in scene.entries if e.kind == j.TAKEN_OVER}
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
        if told and (head is None or head.kind != j.EVENT):
            self._last_event = (NOBODY, "")
        if head is not None and head.kind in (j.DIVISION, j.DEMAND):
            self._fought[head.who] = (head.whom, head.month)
            self._fought[head.whom] = (head.who, head.month)
        self._note(entry for entry in scene.entries if id(entry) not in self._noted)
        self._noted.clear()
        asked = head is not None and head.kind == j.EVENT and head.carried
        self._motion = (head.who, head.whom) if head is not None and asked else None
        return told

    # Events and the rest.

    def _event(self, scene: Scene, head: Entry) -> list[str]:
        row = self.world.events[head.what]
        posts = scene.of(j.POST)
        took = head.carried and (row.kind != "assign" or bool(posts))
        told: list[str] = []
        key = (head.month, row.id, took)
        if key not in self._events and not self._idle(scene, head, took):
            self._events.add(key)
            text = happening(
                self._clause(row.text),
                took,
                row.intervention,
                self._departed == head.month,
                "" if head.carried else self._why_not(head),
            )
            if took and self.ledger.waits(head):
                text += ", and waits for a free seat"
            if took and row.kind == "seats":
                text += self._crowded(head)
            if took and row.intervention:
                self._departed = head.month
            rest = text.removeprefix(self.names[head.who]) if head.who >= 0 else text
            alone = rest != text and not rest.startswith(" and ")
            again = alone and (head.month, rest) == self._last_event
            told.append(f"{also(rest)} {self.names[head.who]}" if again else text)
            self._last_event = (head.month, rest)
        if row.kind == "assign":
            lost = [self.names[e.whom] for e in posts if e.whom not in (NOBODY, e.who)]
            if lost and told:
                told[-1] += f", in the place of {listed(lost)}"
        elif row.kind != "abolish":
            told += self._posts(posts)
        seated = scene.of(j.SEATED)
        if row.kind == "congress" and took:
            told += self._elected(seated)
            self._gains = self._gain(head.month)
        else:
            told += [self._seated(e) for e in seated]
        bereft = next(iter(scene.of(j.BEREFT)), None)
        taken = seated or head.month in self._elected_in
        if bereft is not None and bereft.what == FULL and not taken:
            told.append(f"{of(self.names[bereft.who])} seat stays unfilled")
        told += self._moves([e for e in scene.after if e.kind in MOVES - {j.TIED}])
        if len(told) > 1:  # what comes next is not said right after this event
            self._last_event = (NOBODY, "")
        return told

    def _crowded(self, head: Entry) -> str:
        """Say that more sit than there are to be seats; nobody loses his."""
        event, sit = self.ledger.event(head), len(self.ledger.full)
        more = isinstance(event, Seats) and event.amount < sit
        return f", though {number(sit)} sit and keep their seats" if more else ""

    def _idle(self, scene: Scene, head: Entry, took: bool) -> bool:
        """Whether an event came to nothing: nobody is elected, or who was to go has gone before."""
        event = self.ledger.event(head)
        if isinstance(event, Congress) and event.amount == 0.0 and not scene.of(j.SEATED):
            return True
        return not took and self.world.events[head.what].kind == "exit"

    def _why_not(self, head: Entry) -> str:
        """Say whose seat an event lacks; nothing where it lacks something else."""
        lacking = self.ledger.lacking(head)
        if lacking is None:
            return ""
        need, who = lacking
        lacks = {NEED_SEATED: "has no full seat", NEED_IN_BODY: f"is not in the {self.words.body}"}
        return f"{self.names[who]} {lacks.get(need, 'cannot act')}"

    def _elected(self, seated: list[Entry]) -> list[str]:
        """Say what a congress did to the body itself."""
        if not seated:
            return []
        by: dict[int, list[str]] = {}
        for entry in seated:
            name = self.names[entry.who]
            plain = entry.who < self.world.members or name.startswith("the ")
            by.setdefault(entry.whom, []).append(name if plain else f"{name}, a newcomer,")
        kinds = _FULL if self.words.has_candidates else _PLAIN
        parts = [
            f"{listed(names)} {does(names, 'become')} {kinds[len(names) > 1]}"
            + ("" if patron == NOBODY else f" by the favour of {self.names[patron]}")
            for patron, names in by.items()
        ]  # fmt: skip
        return ["; ".join(parts).replace(",,", ",")]

    def _month_end(self, month: int, name: str, *, alone: bool) -> list[str]:
        """Say what a month leaves behind: who has come out of a congress stronger, and whether the
        sole ruler has still more than half of the power.

        name : of the month; alone : whether nothing else is told of it.
        """
        gains, self._gains = self._gains, []
        at = f"at the end of {name}" if alone else "by the end of the month"
        told = [f"{at} {gain}" for gain in gains]
        if self._shares is None or self._ruler == NOBODY or month >= len(self._shares):
            return told
        share, who = float(self._shares[month][self._ruler]), self.names[self._ruler]
        if self._holds and share <= LOST:
            self._holds = False
            told.append(f"{at} {who} no longer has half of the power, but {percent(share)}")
        elif not self._holds and share > HALF:
            self._holds = True
            told.append(f"{at} {who} has more than half of the power again: {percent(share)}")
        return told

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
        return [f"{self.names[who]} has {held} of the power, up from {was}"]

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
        self._ruler, self._holds = head.who, True
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
