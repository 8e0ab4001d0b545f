"""Pages of reference, written from the code: commands, parameters, outcomes."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import typer

from politburo_sim.cli.app import app
from politburo_sim.lab.catalogue import by_mechanism
from politburo_sim.outcomes import OUTCOMES


def commands() -> str:
    """All commands, each with its text, its example, its arguments and options."""
    lines = [
        "# Commands\n",
        "As `--help` after a command prints them. Every command ends with 0 where it did what was "
        "asked and with 2 where something that was given is wrong; it then says in one message "
        "what was given, what is allowed and what to do.\n",
    ]
    for words, command in _all(typer.main.get_command(app)):
        lines += _command(words, command)
    return "\n".join(lines)


def _all(group: Any, above: str = "politburo-sim") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _all(command, f"{above} {name}")
        else:
            yield f"{above} {name}", command


def _command(words: str, command: Any) -> Iterator[str]:
    text, _, example = inspect.cleandoc(command.help).partition("Example: ")
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    yield f"## {words.removeprefix('politburo-sim ')}\n"
    yield f"{text.strip()}\n"
    yield f"```sh\n{example.strip()}\n```\n"
    if arguments:
        yield "| argument | meaning |\n|---|---|"
        yield from (f"| `{_named(a)}` | {_cell(a.help)} |" for a in arguments)
        yield ""
    if options:
        yield "| option | meaning | default |\n|---|---|---|"
        yield from (f"| `{_spelled(o)}` | {_cell(o.help)} | {_default(o)} |" for o in options)
        yield ""


def _named(argument: Any) -> str:
    more = "..." if argument.nargs == -1 else ""
    return argument.metavar or f"{argument.name.upper()}{more}"


def _spelled(option: Any) -> str:
    takes = "" if option.is_flag else f" {option.metavar or option.name.upper()}"
    return f"{', '.join(option.opts)}{takes}"


def _default(option: Any) -> str:
    value = option.default
    unsaid = value is None or option.is_flag or callable(value)
    return "" if unsaid else f"`{value}`"


def parameters() -> str:
    """The table of parameters, by mechanism."""
    lines = [
        "# Parameters\n",
        "By mechanism, each a file of `rules/`. A world's file sets them under `[rules]`, the "
        "command line by `--set`, an experiment as levers, uncertainties or constants. *Off* is "
        "the value that stops the mechanism alone; *prior* the range over which it is drawn where "
        "the record informs nothing, and — where it is part of a world's form.\n",
    ]
    for group, table in by_mechanism().items():
        lines.append(f"## {group}\n")
        lines.append("| parameter | meaning, unit, source | default | range | off | prior |")
        lines.append("|---|---|---|---|---|---|")
        for p in table:
            off = "" if p.off is None else f"{p.off:g}"
            prior = "—" if p.prior is None else f"{p.prior[0]:g} to {p.prior[1]:g}"
            source = "" if p.source == "prior" else f" Source: {_cell(p.source)}."
            symbol = f" ({_cell(p.symbol)})" if p.symbol else ""
            lines.append(
                f"| `{p.name}`{symbol} | {_cell(p.meaning)} Unit: {p.unit}.{source} "
                f"| {p.default:g} | {p.low:g} to {p.high:g} | {off} | {prior} |"
            )
        lines.append("")
    return "\n".join(lines)


def outcomes() -> str:
    """The table of outcomes."""
    lines = [
        "# Outcomes\n",
        "What is measured of a run: in experiments, contrasts, comparisons and in Python. "
        "`{member}` stands for a name, `{year}` for a year. *Chance*: whether, in a run; over many "
        "runs a share of them.\n",
        "| outcome | unit | what it measures |\n|---|---|---|",
        *(f"| `{o.name}` | {o.unit} | {_cell(o.words)} |" for o in OUTCOMES),
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "").replace("|", "\\|")
