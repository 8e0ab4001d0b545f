"""The workbench: from any month on one thing is changed, and the page says what it does."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from politburo_sim.lab.provenance import typed
from politburo_sim.months import month_key, month_name
from politburo_sim.report.compare import from_here
from politburo_sim.view import choice as choosing
from politburo_sim.view.answer import Answer
from politburo_sim.view.choice import Choice, parameter
from politburo_sim.view.session import Session
from politburo_sim.view.toolkit import component, component_of, solara
from politburo_sim.worlds.changes import first_month, interventions, read_change, settable
from politburo_sim.worlds.edits import said
from politburo_sim.worlds.writing import as_given, written


@lru_cache(maxsize=64)
def menu(name: str, changes: tuple[str, ...], month: str) -> dict[str, Any]:
    """Return what can still be changed in a world from a month on."""
    world = choosing.scenario_of(name, changes)
    to_come = sorted(
        (one for one in (*world.events, *world.questions) if one.date >= month),
        key=lambda one: one.date,
    )
    return {
        "events": [{"id": one.id, "text": f"{one.date}: {said(one)}"} for one in to_come],
        "shipped": [
            {"id": name, "text": title}
            for name, title in interventions(choosing.load(name), month).items()
        ],
        "offices": [one.name for one in world.offices],
        "last": world.end,
    }  # fmt: skip


@lru_cache(maxsize=1)
def parameters() -> list[dict[str, Any]]:
    """Return what can be set from a month on, with its meaning and range."""
    rows = [parameter(name) for name in settable()]
    return [
        {"id": row.name, "text": row.name.replace("_", " "), "low": row.low, "high": row.high,
         "means": f"{row.meaning} {row.low:g} to {row.high:g}, {row.unit}."}
        for row in rows
    ]  # fmt: skip


def told(choice: Choice) -> list[str]:
    """Return the changes of a view, each as a sentence, in their order."""
    world, lines = choosing.load(choice.scenario), []
    for change in map(read_change, choice.changes):
        lines.append(change.words(world))
        world = change.applied(world)
    return lines


def saved(choice: Choice) -> tuple[str, str]:
    """Return the name and the text of the world file that says the changes of a view."""
    made = choosing.scenario_of(choice.scenario, choice.changes)
    text = written(choosing.load(choice.scenario), made, dict(choice.settings))
    return f"{made.name}.toml", text


def command(choice: Choice) -> str:
    """Return what asks the same on the command line, once the changes are saved."""
    base = choosing.load(choice.scenario)
    first = first_month(base, [read_change(code) for code in choice.changes])
    settings = [f"{name}={value:.12g}" for name, value in choice.settings]
    worlds = as_given(base), saved(choice)[0]
    return typed("compare", *worlds, **{"from": first}, set=settings, seed=choice.seed)


def bench(session: Session) -> dict[str, Any]:
    """Return all that the workbench shows."""
    choice, model = session.changed(), session.model.value
    start, over = model.world.scenario.start, not model.running
    month = min(model.month, model.world.months - 1)
    key = month_key(start, month)
    shown: dict[str, Any] = {
        "month": key, "date": month_name(start, month), "over": over, "set": parameters(),
        "people": [one.name for one in model.watch.scene().seated],
        "changes": told(choice), "answer": [], "note": "", "file": "", "link": "", "command": "",
        **menu(choice.scenario, choice.changes, key),
    }  # fmt: skip
    if choice.changes:
        answer: Answer = session.answer.value
        name, text = saved(choice)
        shown |= {
            "file": name, "link": "data:text/plain;charset=utf-8," + quote(text),
            "command": command(choice), "note": answer.note,
            "answer": from_here(answer.found) if answer.found and answer.asked == choice else [],
        }  # fmt: skip
    return shown


@component_of("workbench.vue")
def BenchForm(
    shown: dict[str, Any], event_change: Callable[[str], None], event_undo: Callable[[int], None]
) -> None:
    """What can be changed, what has been, and the answer."""


@component
def Workbench(session: Session) -> None:
    """The workbench above the panels."""
    asked = session.changed()
    solara.use_effect(lambda: session.answerer.ask(asked), [asked])
    BenchForm(
        shown=bench(session), event_change=session.change, event_undo=lambda _number: session.undo()
    )
