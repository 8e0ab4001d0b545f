"""Records from files: read, and checked against the world that they speak of.

`load_record` is the one way in. What is wrong with a file ends in one `ScenarioError` that names
file, line, key, what was given and what is allowed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from politburo_sim.evidence.schema import NO_SANCTION, POLICY, Ask, RecordOfHistory
from politburo_sim.files import locate
from politburo_sim.files.errors import InputError, ScenarioError
from politburo_sim.files.explain import shaped
from politburo_sim.files.lines import KeyPath
from politburo_sim.files.toml import Source, one_of, read_source
from politburo_sim.history import judgements
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import Admission, Passage, QuestionEntry, Scenario
from politburo_sim.worlds.world import World

__all__ = ["RecordOfHistory", "check_record", "in_words", "load_record", "row_of"]

_ROW = "history/questions.csv "


def load_record(world: World | Scenario, record: str | Path | None = None) -> RecordOfHistory:
    """Read the record that a world names, or another coding, and check it against the world.

    Raises
    ------
    ScenarioError
        If the world names no record, or about the first thing that is wrong.
    """
    scenario = world.scenario if isinstance(world, World) else world
    name = record if record is not None else scenario.record
    if name is None:
        raise ScenarioError(
            "this world names no record", key="record", given=scenario.name,
            allowed='a line such as record = "ussr-1922-record" in the world\'s file',
            hint="name a record there, or give one by its path",
        )  # fmt: skip
    source, found = _read(str(name))
    _Checks(source, found, scenario).run()
    return found


def check_record(name: str | Path) -> RecordOfHistory:
    """Read a record and check it against the world that it is coded for.

    Raises
    ------
    ScenarioError
        About the first thing that is wrong.
    """
    source, found = _read(str(name))
    shipped = locate.names("scenarios")
    beside = source.file.parent / found.world
    if found.world not in shipped and not locate.is_file(beside):
        one_of(source, ("world",), found.world, shipped, "world")
    scenario = load_scenario(found.world if found.world in shipped else beside)
    _Checks(source, found, scenario).run()
    return found


def _read(name: str) -> tuple[Source, RecordOfHistory]:
    try:
        source = read_source(locate.find("records", name))
    except ScenarioError:
        raise
    except InputError as error:
        raise ScenarioError(
            error.problem, file=error.file, allowed=error.allowed, hint=error.hint
        ) from None
    return source, shaped(RecordOfHistory, source.table, source.error)


def row_of(question: QuestionEntry) -> str | None:
    """Return the row of the record's table of questions that a world's question comes from."""
    source = question.source or ""
    return source.removeprefix(_ROW).partition(":")[0] if source.startswith(_ROW) else None


def is_meant(question: QuestionEntry, name: str) -> bool:
    """Whether a record's word for a question means this one: its id, or its row in the table."""
    return name in (question.id, row_of(question))


@dataclass
class _Body:
    """Where everybody is, as the world's dates and the record have it."""

    status: dict[str, str]

    @classmethod
    def at_the_start(cls, scenario: Scenario) -> _Body:
        return cls({member.name: member.status for member in scenario.members})

    def there(self, name: str) -> bool:
        return self.status[name] in ("full", "candidate")

    def happen(self, scenario: Scenario, month: str) -> None:
        """What the world dates: those who enter, die or leave."""
        for event in scenario.events:
            if event.date != month:
                continue
            if isinstance(event, Admission) and self.status[event.who] == "awaited":
                self.status[event.who] = event.status
            if isinstance(event, Passage) and event.kind in ("death", "exit"):
                self.status[event.who] = "gone"

    def punish(self, scenario: Scenario, ask: Ask) -> None:
        if ask.judged is not True or ask.rung is None:
            return
        for name, rung in {ask.beaten: ask.rung, **(ask.named or {})}.items():
            taken = _taken(scenario, rung)
            if "party" in taken:
                self.status[name] = "expelled"
            elif "seat" in taken:
                self.status[name] = "outside"


def _taken(scenario: Scenario, rung: str) -> set[str]:
    """What is lost on a rung and on those below it."""
    names = [each.name for each in scenario.ladder]
    return {what for each in scenario.ladder[: names.index(rung) + 1] for what in each.takes}


_WHERE = {
    "awaited": "not there yet", "gone": "dead, or has left", "outside": "removed",
    "expelled": "expelled", "candidate": "a candidate", "full": "a full member",
}  # fmt: skip


@dataclass
class _Checks:
    """What a record says about itself and about its world."""

    source: Source
    record: RecordOfHistory
    scenario: Scenario
    body: _Body = field(init=False)

    def run(self) -> None:
        self.body = _Body.at_the_start(self.scenario)
        self._months()
        self._once()
        for month in self._told():
            self._exceptions(month)
            self.body.happen(self.scenario, month)
            for index, ask in enumerate(self.record.asks):
                if ask.month == month:
                    self._ask(index, ask)
            self._seats(month)

    def _told(self) -> Iterator[str]:
        """Yield the months of which anything is said, by the world or the record, in order."""
        told = {event.date for event in self.scenario.events if event.date <= self.record.last}
        record = self.record
        told |= {ask.month for ask in record.asks} | {filled.month for filled in record.seats}
        yield from sorted(told | {entry.month for entry in record.exceptions})

    def _wrong(self, path: KeyPath, problem: str, given: object, allowed: str) -> InputError:
        return self.source.error(path, problem, given=given, allowed=allowed)

    def _months(self) -> None:
        record, scenario = self.record, self.scenario
        for key, month in (("first", record.first), ("last", record.last)):
            if not scenario.start <= month <= scenario.end:
                allowed = f"from {scenario.start} to {scenario.end}"
                raise self._wrong((key,), "outside the world", month, allowed)
        if record.last < record.first:
            raise self._wrong(("last",), "ends before it starts", record.last,
                              f"{record.first} or later")  # fmt: skip
        said = {
            "ask": [ask.month for ask in record.asks],
            "seat": [filled.month for filled in record.seats],
            "exception": [entry.month for entry in record.exceptions],
        }
        for key, months in said.items():
            for index, month in enumerate(months):
                self._within((key, index, "month"), month)
        for index, month in enumerate(record.unheard):
            self._within(("unheard", index), month)

    def _within(self, path: KeyPath, month: str) -> None:
        first, last = self.record.first, self.record.last
        if not first <= month <= last:
            raise self._wrong(path, "outside the record", month, f"from {first} to {last}")

    def _once(self) -> None:
        said: list[tuple[str, str, list[object]]] = [
            ("ask", "id", [ask.id for ask in self.record.asks]),
            ("ask", "month", [(a.month, a.kind, a.mover, a.target) for a in self.record.asks]),
            ("seat", "month", [filled.month for filled in self.record.seats]),
            ("exception", "month", [(e.month, e.who) for e in self.record.exceptions]),
        ]
        for table, key, words in said:
            for index, word in enumerate(words):
                if word in words[:index]:
                    given = word if isinstance(word, str) else ", ".join(word)  # type: ignore[arg-type]
                    raise self._wrong(
                        (table, index, key), f"the same {table} twice", given,
                        f"each once: this is {table} number {words.index(word) + 1} again",
                    )  # fmt: skip
        asked = {ask.month for ask in self.record.asks}
        for index, month in enumerate(self.record.unheard):
            if month in asked:
                raise self._wrong(("unheard", index), "something was asked in it", month,
                                  "a month without an ask")  # fmt: skip

    def _member(self, path: KeyPath, name: str) -> None:
        names = [member.name for member in self.scenario.members]
        one_of(self.source, path, name, names, "member")

    def _present(self, path: KeyPath, name: str, month: str) -> None:
        self._member(path, name)
        if not self.body.there(name):
            raise self._wrong(
                path, f"{name} has no seat in {month}", _WHERE[self.body.status[name]],
                "a full member or a candidate of that month",
            )  # fmt: skip

    def _ask(self, index: int, ask: Ask) -> None:
        path: KeyPath = ("ask", index)
        self._shape(path, ask)
        self._said(path, ask)
        for place, (_, read) in enumerate(ask.read()):
            if ask.readings:
                self._said((*path, "reading", place), read)
        self.body.punish(self.scenario, max(ask.read(), key=lambda pair: pair[0])[1])

    def _shape(self, path: KeyPath, ask: Ask) -> None:
        """What a kind of ask can have; a reading of another kind leaves the rest out."""
        for key in POLICY if ask.kind != "debate" else ():
            if getattr(ask, key) is not None:
                raise self._wrong(
                    (*path, key), f"an ask of the kind {ask.kind} has no question of policy",
                    getattr(ask, key), f"without {key}, or kind = 'debate'",
                )  # fmt: skip

    def _said(self, path: KeyPath, ask: Ask) -> None:
        self._present((*path, "mover"), ask.mover, ask.month)
        self._target(path, ask)
        for yes, no in (("yes", "no"), ("judge_yes", "judge_no")):
            self._sides(path, ask, yes, no)
        self._sanction(path, ask)
        if ask.question is not None:
            self._question((*path, "question"), ask.question, ask.month)

    def _target(self, path: KeyPath, ask: Ask) -> None:
        path = (*path, "target")
        self._member(path, ask.target)
        if ask.target == ask.mover:
            raise self._wrong(path, "acts on himself", ask.target, "two different members")
        if ask.kind != "floor":
            self._present(path, ask.target, ask.month)
        elif self.body.status[ask.target] != "outside":
            raise self._wrong(
                path, f"{ask.target} is not out of the body but in the party in {ask.month}",
                _WHERE[self.body.status[ask.target]], "one whom the record has removed by then",
            )  # fmt: skip

    def _sides(self, path: KeyPath, ask: Ask, yes: str, no: str) -> None:
        leaders = {"mover": ask.mover, "target": ask.target} if yes == "yes" else {}
        seen = {name: role for role, name in leaders.items()}
        for key in (yes, no):
            for place, name in enumerate(getattr(ask, key) or ()):
                here = (*path, key, place)
                self._present(here, name, ask.month)
                if name in seen:
                    raise self._wrong(here, f"{name} stands here and in {seen[name]}", name,
                                      "each man once, without mover and target")  # fmt: skip
                seen[name] = key

    def _sanction(self, path: KeyPath, ask: Ask) -> None:
        rungs = [rung.name for rung in self.scenario.ladder]
        free = ask.kind == "debate"
        if ask.rung is not None:
            known = [NO_SANCTION, *rungs] if free else rungs
            one_of(self.source, (*path, "rung"), ask.rung, known, "rung")
        elif not free:
            raise self._wrong((*path, "rung"), "missing", None, ", ".join(rungs))
        for key in ("judged", "judge_yes", "judge_no", "named"):
            if getattr(ask, key) is not None and ask.rung in (None, NO_SANCTION):
                raise self._wrong((*path, key), "judged without a sanction", getattr(ask, key),
                                  "a rung that was sought")  # fmt: skip
        for name, rung in (ask.named or {}).items():
            here = (*path, "named", name)
            self._present(here, name, ask.month)
            one_of(self.source, here, rung, rungs, "rung")
            if name == ask.beaten:
                raise self._wrong(here, f"{name} is the one called to account", name,
                                  "others, named with him")  # fmt: skip

    def _question(self, path: KeyPath, name: str, month: str) -> None:
        """A question of the world, put that month; or a row of the table that it does not put."""
        mine = [each for each in self.scenario.questions if is_meant(each, name)]
        rows = judgements.questions().set_index("id").date.dt.strftime("%Y-%m")
        known = [each.id for each in self.scenario.questions] + list(rows.index)
        one_of(self.source, path, name, known, "question")
        dates = {each.date for each in mine} or {rows[name]}
        if month not in dates:
            raise self._wrong(path, "put in another month", name, f"one of {month}")

    def _seats(self, month: str) -> None:
        for index, filled in enumerate(self.record.seats):
            if filled.month != month:
                continue
            for place, name in enumerate(filled.filled_by):
                path = ("seat", index, "filled_by", place)
                self._present(path, name, month)
                if self.body.status[name] == "full":
                    raise self._wrong(path, f"{name} has a seat already", name,
                                      f"a candidate of {month}")  # fmt: skip
                self.body.status[name] = "full"

    def _exceptions(self, month: str) -> None:
        for index, entry in enumerate(self.record.exceptions):
            if entry.month == month:
                self._present(("exception", index, "who"), entry.who, month)
                self.body.status[entry.who] = (
                    "candidate" if entry.to == "candidate" else "outside"
                )  # fmt: skip


def in_words(record: RecordOfHistory) -> Iterator[str]:
    """What a record says, for a reader."""
    yield f"{record.title}\n{record.first} to {record.last}, of the world {record.world}\n"
    yield f"Source: {record.source}"
    yield "\nAsked"
    for ask in sorted(record.asks, key=lambda ask: ask.month):
        yield f"  {ask.month}  {ask.text}  [{ask.id}]"
        for weight, read in ask.read():
            share = f"{weight:.0%} " if ask.readings else ""
            yield f"           {share}{_way(read)}"
    yield "\nSeats filled"
    for filled in sorted(record.seats, key=lambda filled: filled.month):
        others = [f"{filled.others} whom the world lacks"] if filled.others else []
        yield f"  {filled.month}  {', '.join([*filled.filled_by, *others])}"
    if record.exceptions:
        yield "\nImposed, not scored"
    for entry in record.exceptions:
        yield f"  {entry.month}  {entry.text or f'{entry.who}: {entry.to}'}"


def _way(ask: Ask) -> str:
    """One reading in a line: who against whom, and what came of it."""
    won = {True: ", carried", False: ", lost", None: ""}[ask.carried]
    sought = "" if ask.rung in (None, NO_SANCTION) else f"; {ask.beaten} to be {ask.rung}"
    judged = {True: ": yes", False: ": no", None: ""}[ask.judged]
    return f"{ask.mover} against {ask.target} ({ask.kind}){won}{sought}{judged}"
