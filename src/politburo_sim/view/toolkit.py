"""Solara as our types see it: it ships none that hold, and its decorators keep a function's."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar, cast

solara: Any = import_module("solara")

Function = TypeVar("Function", bound=Callable[..., Any])


def component(function: Function) -> Function:
    """Make a component of a function."""
    return cast(Function, solara.component(function))


def component_of(template: str) -> Callable[[Function], Function]:
    """Make a component of a function's signature and a Vue template beside it."""
    return cast(Callable[[Function], Function], solara.component_vue(template))
