"""What a visitor has chosen to see: world, seed, settings and month; and the link that says so.

Only shipped worlds can be named, and worlds handed over by whoever started the server; a link
never names a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

import numpy as np

from politburo_sim.files import locate
from politburo_sim.files.errors import InputError, PolitburoSimError, suggest
from politburo_sim.months import month_index, month_key
from politburo_sim.record.words import ROLL_CALLS
from politburo_sim.run.model import Politburo, check_seed
from politburo_sim.state.parameters import PARAMETERS, PLACE, UNITY, Parameter
from politburo_sim.view.scene import Watch
from politburo_sim.view.voter import Reason, Voter
from politburo_sim.worlds.changes import changed, read_change
from politburo_sim.worlds.checks import check_parameter
from politburo_sim.worlds.scenario import Scenario, load_scenario
from politburo_sim.worlds.world import World, build_world

if TYPE_CHECKING:
    from politburo_sim.record.record import Record

FIRST_WORLD = "ussr-1922"
#: The parameters with a slider; any other can be set in a link.
MAIN = ("unity", "opportunism", "opacity", "appointments", "organising", "foresight", "venue")
_RESERVED = ("scenario", "seed", "month", "twin", "interval", "change")
#: So many changes at most are taken from a link.
MOST_CHANGES = 40
_handed_over: dict[str, Scenario] = {}


@dataclass(frozen=True)
class Choice:
    """One view.

    settings : parameters set aside from the world's own. month : from 0 on. twin : name of a second
    world. changes : what is changed in the world from some month on, as links say it.
    """

    scenario: str = FIRST_WORLD
    seed: int = 0
    settings: tuple[tuple[str, float], ...] = ()
    month: int = 0
    twin: str = ""
    changes: tuple[str, ...] = ()

    @property
    def world(self) -> World:
        """The world with these settings and changes."""
        return world_of(self.scenario, self.settings, self.changes)

    def setting(self, name: str) -> float:
        """Return the value that a parameter has in this view."""
        par = self.world.body.par
        if name == "unity":
            return float(sum(par[PLACE[part]] for part in UNITY) / len(UNITY))
        return float(par[PLACE[name]])

    def with_setting(self, name: str, value: float) -> Choice:
        """Return this view with one parameter set; it starts again."""
        settings = {**dict(self.settings), name: value}
        if name == "unity":
            settings = {key: v for key, v in settings.items() if key not in UNITY}
        return replace(self, settings=tuple(sorted(settings.items())), month=0)

    def link(self, month: int) -> str:
        """Return the query that restores this view at a month."""
        first = load(self.scenario).start
        parts = [("scenario", self.scenario), ("seed", str(self.seed)),
                 ("month", month_key(first, month))]  # fmt: skip
        parts += [("twin", self.twin)] if self.twin else []
        parts += [(name, f"{value:.12g}") for name, value in self.settings]
        return "?" + urlencode(parts + [("change", code) for code in self.changes], safe="~")


def parameter(name: str) -> Parameter:
    """Return a parameter's row of the one table; for "unity", one that stands for its four."""
    if name != "unity":
        return PARAMETERS[name]
    part = PARAMETERS[UNITY[0]]
    meaning = "The unity norm: its liability, bandwagon, recantation and force together."
    return Parameter("unity", "u", meaning, "weight", part.default, 0, 1, 0, "sanctions", "")


def scenario_names() -> list[str]:
    """Return the worlds that may be named, those handed over last."""
    return [*locate.names("scenarios"), *_handed_over]


def hand_over(name: str, scenario: Scenario) -> None:
    """Offer one more world on this server's pages, such as that of a run of a sweep.

    Raises
    ------
    InputError
        If a shipped world has that name: a link could not tell the two.
    """
    if name in locate.names("scenarios"):
        raise InputError(
            "a shipped world has this name", key="scenario", given=name,
            allowed="another name", hint="give the file another name, such as my-world.toml",
        )  # fmt: skip
    _handed_over[name] = scenario
    for kept in (load, scenario_of, world_of):
        kept.cache_clear()


@lru_cache(maxsize=64)
def load(name: str) -> Scenario:
    """Return a world's scenario by name, never by path.

    Raises
    ------
    InputError
        If there is no such world.
    """
    if name in _handed_over:
        return _handed_over[name]
    if name not in locate.names("scenarios"):
        known = scenario_names()
        raise InputError(f"no such world{suggest(name, known)}", key="scenario", given=name,
                         allowed=", ".join(known))  # fmt: skip
    return load_scenario(name)


@lru_cache(maxsize=64)
def scenario_of(name: str, changes: tuple[str, ...] = ()) -> Scenario:
    """Return a world's scenario with changes.

    Raises
    ------
    InputError
        If there is no such world, or a change is about nothing that it has.
    """
    return changed(load(name), map(read_change, changes))


@lru_cache(maxsize=64)
def world_of(
    name: str, settings: tuple[tuple[str, float], ...] = (), changes: tuple[str, ...] = ()
) -> World:
    """Return a world ready to run; it is never changed, so that visitors may share it."""
    return build_world(scenario_of(name, changes), dict(settings))


@lru_cache(maxsize=64)
def comparable(name: str) -> tuple[str, ...]:
    """Return the other worlds that cover the same months."""
    span = (load(name).start, load(name).end)
    others = [other for other in scenario_names() if other != name]
    return tuple(o for o in others if (load(o).start, load(o).end) == span)


def read_seed(given: object) -> int:
    """Return a seed from a box or a link, where it is text."""
    try:
        return check_seed(int(str(given).strip()))
    except ValueError:
        return check_seed(given)


def read_month(scenario: str, given: str) -> int:
    """Return the number of a month such as "1926-01".

    Raises
    ------
    InputError
        If the run does not come to that month.
    """
    about = load(scenario)
    try:
        month = month_index(about.start, given.strip())
    except ValueError:
        month = -1
    if not 0 <= month <= world_of(scenario).months:
        raise InputError(
            "no such month in this world", key="month", given=given,
            allowed=f"{about.start} to {about.end}", hint=f"write it as {about.start}",
        )  # fmt: skip
    return month


def read_link(query: str | None, first: Choice | None = None) -> tuple[Choice, str]:
    """Return the view that a link asks for, and what was wrong with it if anything."""
    pairs = parse_qsl((query or "").lstrip("?"))
    choice = first or Choice()
    try:
        changes = tuple(code for key, code in pairs if key == "change")
        return _read(dict(pairs), changes, choice), ""
    except PolitburoSimError as error:
        return choice, str(error)


def read_interval(query: str | None, usual: int) -> int:
    """Return the milliseconds between two months that a link asks for."""
    text = dict(parse_qsl((query or "").lstrip("?"))).get("interval", "")
    return min(500, max(1, int(text))) if text.isdecimal() and len(text) < 10 else usual


def _read(given: Mapping[str, str], changes: tuple[str, ...], first: Choice) -> Choice:
    name = given.get("scenario", first.scenario)
    if len(changes) > MOST_CHANGES:
        raise InputError("too many changes", key="change", given=len(changes),
                         allowed=f"at most {MOST_CHANGES}")  # fmt: skip
    scenario_of(name, changes)
    settings: list[tuple[str, float]] = []
    for key, text in given.items():
        if key not in _RESERVED:
            settings.append((key, _number(key, text)))
    own = first.settings if not given else ()
    twin = given.get("twin", "")
    if twin and twin not in comparable(name):
        raise InputError("no world to set beside this one", key="twin", given=twin,
                         allowed=", ".join(comparable(name)) or "none")  # fmt: skip
    return Choice(
        name, read_seed(given["seed"]) if "seed" in given else first.seed,
        tuple(sorted(settings)) or own,
        read_month(name, given["month"]) if "month" in given else 0, twin, changes,
    )  # fmt: skip


def _number(key: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    check_parameter(key, value)
    return value


class WatchedPolitburo(Politburo):
    """The Mesa model as the page makes it, at the month of the choice.

    `choice` is whatever holds the visitor's choice in `value`. Mesa hands over the values of its
    sliders as well when it resets; they stand in the choice already.
    """

    def __init__(self, choice: _Holder | Choice, **kwargs: object) -> None:
        chosen = choice if isinstance(choice, Choice) else choice.value
        self._reasons: dict[int, dict[int, Reason]] = {}
        super().__init__(chosen.world, chosen.seed, Voter)
        self.watch = Watch(self)
        self.before_step: Callable[[], None] | None = None
        # Mesa has put its own step, which keeps the time, before the model's.
        self._mesas_step: Callable[[], None] = self.step
        self.step: Callable[[], None] = self._in_turn

    def keep_reason(self, slot: int, reason: Reason) -> None:
        """Keep why a member leans so; of several caucuses before a vote the last counts."""
        self._reasons.setdefault(int(self.journal.size[0]), {})[slot] = reason

    def reasons(self) -> list[dict[int, Reason]]:
        """Return why each member voted so, for each roll call of the run in its order.

        Reasons are kept under the number of entries so far; a roll call's own entry is written
        after its caucus, and before that of any later one.
        """
        found, kept, last = [], sorted(self._reasons), -1
        kinds = self.journal.entries["kind"][: self.journal.size[0]]
        for row in np.flatnonzero(np.isin(kinds, ROLL_CALLS)):
            within = [number for number in kept if last < number <= row]
            found.append(self._reasons[within[-1]] if within else {})
            last = int(row)
        return found

    @property
    def record(self) -> Record:
        """What the run has left behind up to the last month that is over."""
        with self.watch.turn:
            return super().record

    def _in_turn(self) -> None:
        """One month, and Mesa's count of it, once the page has drawn the last one."""
        if self.before_step is not None:
            self.before_step()
        with self.watch.turn:  # Mesa's controls and the tour may both play
            self._mesas_step()

    def live_to(self, month: int) -> WatchedPolitburo:
        """Live on to the start of a month, or to the end of the run."""
        while self.month < month and self.running:
            self.step()
        return self


class _Holder:
    """What holds a choice: Solara's reactive, or a test's stand-in."""

    value: Choice
