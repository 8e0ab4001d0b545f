"""The controls: Mesa's inputs made from the one parameter table, and what Mesa has none for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from html import escape
from typing import Any

from mesa.visualization.utils import update_counter

from politburo_sim.months import month_key
from politburo_sim.view import choice as choosing
from politburo_sim.view.choice import MAIN, parameter
from politburo_sim.view.export import files
from politburo_sim.view.handout.make import effort, make, typed
from politburo_sim.view.session import Session
from politburo_sim.view.toolkit import component, component_of, solara
from politburo_sim.worlds import writing
from politburo_sim.worlds.world import World

_STEPS = 40


def model_params(session: Session) -> dict[str, Any]:
    """Return Mesa's inputs: the world, and a slider for each main parameter."""
    return {
        "choice": session.choice,
        "scenario": {
            "type": "Select", "label": "World", "value": session.scenario,
            "values": choosing.scenario_names(),
        },
        **{name: _slider(session, name) for name in MAIN},
    }  # fmt: skip


def _slider(session: Session, name: str) -> dict[str, Any]:
    about, value = parameter(name), session.sliders[name]
    return {
        "type": "SliderFloat", "label": f"{words(name)} {round(value.value, 3):g}",
        "value": value, "min": about.low, "max": about.high,
        "step": (about.high - about.low) / _STEPS,
    }  # fmt: skip


def words(name: str) -> str:
    """Return a parameter's name as it is read."""
    return name.replace("_", " ").capitalize()


def meanings() -> dict[str, str]:
    """Return what each slider means, with its unit and range."""
    rows = [parameter(name) for name in MAIN]
    return {
        words(row.name): f"{row.meaning} Unit: {row.unit}, {row.low:g} to {row.high:g}."
        for row in rows
    }


@component_of("keys.vue")
def Keys(meanings: dict[str, str]) -> None:
    """Keys for Mesa's buttons (space, right arrow, R), and on a small screen a bar for a thumb."""


@component
def Seed(session: Session) -> None:
    """A box for other luck.

    Solara's own box reads what it holds when Enter is heard, and on a busy server Enter can come
    before the text; here the text comes with the news.
    """
    box = solara.v.TextField(
        label="Seed", v_model=str(session.choice.value.seed), dense=True, hide_details=True,
        class_="pb-jump",
    )  # fmt: skip
    solara.v.use_event(box, "change", lambda _widget, _event, text: session.choose_seed(text))


@component
def Jump(session: Session) -> None:
    """A box for a month; the page goes there, forward or back.

    It follows the month that is shown, except while it has the focus: what is being typed stays.
    """
    update_counter.get()
    model = session.model.value
    held, hold = solara.use_state("")
    shown = held or month_key(model.world.scenario.start, model.month)
    box = solara.v.TextField(
        label="Go to month", v_model=shown, type="month", dense=True, hide_details=True,
        class_="pb-jump", attributes={"min": model.world.scenario.start},
    )  # fmt: skip
    solara.v.use_event(box, "change", lambda _widget, _event, text: session.jump(text))
    solara.v.use_event(box, "focus", lambda *_heard: hold(shown))
    solara.v.use_event(box, "blur", lambda *_heard: hold(""))


@component_of("png.vue")
def Png(asked: dict[str, Any], filename: str, event_ask: Callable[[int], None]) -> None:
    """A button for the picture as pixels; it asks for the picture when it is pressed."""


@component
def TakeHome(session: Session, picture: Callable[[], str]) -> None:
    """Downloads of the run so far; of both runs where two are on the page."""
    asked, ask = solara.use_state({"number": 0, "svg": ""})
    with solara.Div(classes=["pb-files"]):
        for model in session.shown():
            named = f"{model.world.scenario.name}: " if session.two_shown else ""
            for name, make in files(model).items():
                label = f"{named}{_label(name)}"
                solara.FileDownload(make, filename=name, label=label, icon_name=None)
        solara.FileDownload(
            picture, filename="politburo.svg", label="Picture (svg)", icon_name=None
        )
        Png(
            asked=asked, filename="politburo.png",
            event_ask=lambda number: ask({"number": number, "svg": picture()}),
        )  # fmt: skip
        HandOut(session)


#: What the button says while nothing is being made.
HAND_OUT = "Page to hand out (html)"
#: Futures forked from each month of a page made here: fewer than by the command, for speed.
HANDED_FUTURES = 100
_making = threading.Lock()


@component_of("handout.vue")
def HandOutButton(made: dict[str, Any], event_ask: Callable[[int], None]) -> None:
    """A button for the page; it saves the page when there is one."""


@component
def HandOut(session: Session) -> None:
    """Makes a page to hand out of what is shown, aside, one at a time, and says how far it is."""
    ready = {"busy": False, "said": HAND_OUT, "page": "", "file": ""}
    made, tell = solara.use_state(ready)

    def work(base: World, alt: World | None, seed: int, command: str) -> None:
        total, done, said = effort(base, alt), 0, -1

        def count(more: int, _doing: str = "", /) -> None:
            nonlocal done, said
            done += more
            if 20 * done // total != said:
                said = 20 * done // total
                tell({**ready, "busy": True, "said": f"Making it: {5 * said} %"})

        with _making:
            try:
                page = make(base, alt, seed, futures=HANDED_FUTURES, tell=count, command=command)
            except Exception as error:  # said on the page: a thread that ends says nothing
                tell({**ready, "said": f"It could not be made: {error}"})
                return
        file = "-".join([*(one.scenario.name for one in (base, alt) if one), "seed", str(seed)])
        tell({**ready, "page": page, "file": f"{file}.html"})

    def ask(_number: int) -> None:
        tell({**ready, "busy": True, "said": "Making it: 0 %"})
        choice = session.choice.value
        worlds = [model.world for model in session.shown()]
        settings = [f"{name}={value:.12g}" for name, value in choice.settings]
        alt = worlds[1] if len(worlds) > 1 else None
        named = [writing.as_given(one.scenario) for one in worlds]
        against = named[1] if alt else None
        command = typed(named[0], choice.seed, against, settings, HANDED_FUTURES)
        args = (worlds[0], alt, choice.seed, command)
        threading.Thread(target=work, args=args, daemon=True).start()

    HandOutButton(made=made, event_ask=ask)


def _label(name: str) -> str:
    said = {"chronicle.txt": "Chronicle", "roll-calls.csv": "Roll calls", "power.csv": "Power"}
    part = next(part for part in said if name.endswith(part))
    return f"{said[part]} ({part.rpartition('.')[2]})"


def help_text() -> str:
    """Return the meanings of the sliders and the keys, to be unfolded."""
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(meaning)}</dd>" for name, meaning in meanings().items()
    )
    return (
        f"<details class='pb-help'><summary>Keys and settings</summary><dl>"
        f"<dt>Keys</dt><dd>Space: play or pause. Right arrow: step. R: reset.</dd>{rows}"
        "</dl></details>"
    )
