"""An experiment for a reader: what it asks, which worlds it runs, and what it sets beside what."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from politburo_sim.lab.answer import choices
from politburo_sim.lab.kinds.contrasts import Cell, Contrast, Contrasts
from politburo_sim.lab.plan import Experiment
from politburo_sim.outcomes import outcome_words

#: Columns of a page of text, and of the names that stand before what they mean.
WIDE, NAMES = 96, 34
#: What the head says already, or what is not for readers.
_TOLD = {"kind", "id", "title", "question", "scenario", "claims", "note", "answer", "seed"}
_MINUS, _TIED, _EACH = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}", "..."
#: As near as this to one, weights of worlds make a mean.
_CLOSE = 0.01


def outline(experiment: Experiment) -> Iterator[str]:
    """The lines that say what an experiment of any kind asks and runs; a shorthand written out."""
    yield experiment.title
    yield from filled(experiment.question)
    yield ""
    yield f"{experiment.id}, an experiment of the kind {experiment.kind}"
    yield f"World: {experiment.world.title} ({experiment.scenario})"
    if experiment.claims:
        yield f"Claims that rest on it: {', '.join(experiment.claims)}"
    if experiment.note:
        yield from filled(f"Note: {experiment.note}")
    told = _of_contrasts(experiment) if isinstance(experiment, Contrasts) else _fields(experiment)
    yield from told
    size, work = experiment.size(), experiment.work(experiment.effort())
    quick = experiment.work(experiment.effort(quick=True))
    amount = f"{size} {experiment.at_each}, " if size > 1 else ""
    yield f"\nIn all {amount}{work:,} histories; with --quick {quick:,}"


def filled(text: str, indent: str = "  ", first: str = "") -> list[str]:
    """Text in lines of a page, the later ones set in; what is set to a value is not broken."""
    lines = textwrap.wrap(
        text.replace(" = ", f"{_TIED}={_TIED}"), WIDE, initial_indent=first,
        subsequent_indent=indent, break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip
    return [line.replace(_TIED, " ") for line in lines]


def brief(value: Any) -> str:
    """Plain data of a file on one line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {brief(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(brief, value))
    if isinstance(value, int) and abs(value) >= 10_000:
        return f"{value:,}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def plain(key: str) -> str:
    """A key of a file in words."""
    return str(key).replace("_", " ")


def _named(name: str, said: str) -> list[str]:
    """A name, and beside it what it means; below it, where the name is long."""
    margin = " " * (NAMES + 3)
    room = filled(said, margin, margin)
    if room and len(name) <= NAMES:
        return [f"  {name:{NAMES}} {room[0].lstrip()}", *room[1:]]
    return [f"  {name}", *room]


def _of_contrasts(experiment: Contrasts) -> Iterator[str]:
    if experiment.answer:
        yield from filled(f"Answer, once it is run: {choices(experiment.answer)}")
    yield "\nWorlds that are run, with the same luck in all"
    for name, cell in experiment.cells.items():
        yield from _named(name, changes(cell) or "as it is")
    forms = [_form(contrast) for contrast in experiment.contrasts]
    often = Counter(form[:3] for form in forms)
    measured: dict[str, dict[tuple[str, str], list[str]]] = {}
    for contrast, (outcome, what, told, who) in zip(experiment.contrasts, forms, strict=True):
        if often[outcome, what, told] == 1:
            outcome, what, told, who = _plain(contrast)
        measured.setdefault(outcome, {}).setdefault((what, told), []).append(who)
    for outcome, rows in measured.items():
        yield f"\nMeasured: {outcome}"
        for (what, told), whose in rows.items():
            yield from _named(what, told)
            if whose[0]:
                others = len(experiment.cells) - 1
                each = "each of: " + "; ".join(whose)
                each = f"each of the other {others} worlds" if len(whose) == others else each
                yield from _named("", f"where {_EACH} is {each}")


def _plain(contrast: Contrast) -> tuple[str, str, str, str]:
    """What a contrast measures, its name, its sum; and nobody who could be another."""
    told = weighted(contrast.weights)
    if contrast.given is not None:
        told += f"; only runs that count for: {outcome_words(contrast.given)}"
    return outcome_words(contrast.outcome), contrast.name, told, ""


def _form(contrast: Contrast) -> tuple[str, str, str, str]:
    """The same as it holds of others, if their names are put in; and of whom it is."""
    outcome, name, told, _ = _plain(contrast)
    who, _, what = name.rpartition(": ")
    if not who or who not in told:
        return outcome, name, told, ""
    return outcome.replace(who, _EACH), what, told.replace(who, _EACH), who


def changes(cell: Cell) -> str:
    """What is changed in a world."""
    parts = [f"the world {cell.scenario}"] if cell.scenario else []
    parts += [brief(cell.settings)] if cell.settings else []
    parts += [f"{who} holds the post of {post}" for post, who in cell.holder.items()]
    parts += [f"{who} has {brief(values)}" for who, values in cell.traits.items()]
    parts += [f"without the post of {post}" for post in cell.without]
    parts += [f"its interventions in {cell.shift}"] if cell.shift else []
    parts += [f"views passed round by {cell.rotate}"] if cell.rotate else []
    parts += [f"questions in one another's months, lot {cell.shuffle}"] if cell.shuffle else []
    parts += [f"as many fall, by lot, as in: {cell.lots_of}"] if cell.lots_of else []
    return "; ".join(parts)


def weighted(weights: Mapping[str, float]) -> str:
    """A weighted sum of worlds; of many with one weight, their mean."""
    told: list[str] = []
    for weight, alike in groupby(weights.items(), key=lambda pair: pair[1]):
        names = [name for name, _ in alike]
        mean = len(names) > 2 and abs(abs(weight) * len(names) - 1.0) < _CLOSE
        size = "" if mean or abs(weight) == 1 else f"{abs(weight):g} x "
        for name in [f"the mean of ({', '.join(names)})"] if mean else names:
            sign = _MINUS if weight < 0 else "+"
            told.append(f"{sign} {size}{name}")
    return " ".join(told).removeprefix("+ ")


def _fields(experiment: Experiment) -> Iterator[str]:
    """What a file of another kind says: a line each, then tables below a heading."""
    said = experiment.model_dump(mode="json", by_alias=True, exclude_unset=True)
    left = {key: value for key, value in said.items() if key not in _TOLD and value}
    tables = {key: value for key, value in left.items() if _is_table(value)}
    for key, value in left.items():
        if key not in tables:
            words = "; ".join(map(outcome_words, value)) if key == "outcomes" else brief(value)
            yield from filled(f"{plain(key).capitalize()}: {words}")
    for key, table in tables.items():
        yield f"\n{plain(key).capitalize()}"
        rows = table.items() if isinstance(table, dict) else ((row["name"], row) for row in table)
        for name, row in rows:
            yield from _named(plain(name), _said(row))


def _is_table(value: Any) -> bool:
    named = isinstance(value, list) and isinstance(value[0], dict) and "name" in value[0]
    return named or isinstance(value, dict)


def _said(row: Any) -> str:
    """A row of a table: its words, and behind them its settings."""
    if not isinstance(row, dict):
        return brief(row)
    settings = brief(row.get("settings", {key: row[key] for key in row if key != "words"}))
    words = str(row.get("words", ""))
    return f"{words} ({settings})" if words and settings else words or settings
