"""Looks after each phase of a month whether the numbers of a body are as they have to be.

For debugging: on the Mesa driver, some times slower than without. The ranges are those that the
fields of `state.body.Body` say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import numpy as np

from politburo_sim.files.errors import PolitburoSimError
from politburo_sim.rules.month import PHASES
from politburo_sim.run.model import Politburo
from politburo_sim.state.body import CANDIDATE, FULL, GONE, NOBODY

_CLOSE = 1e-9
_SIGNED, _SHARE, _AMOUNT = (-1.0, 1.0), (0.0, 1.0), (0.0, 1e9)
#: Least and most of each field of real numbers.
RANGES = {
    "ideal": _SIGNED, "stance": _SIGNED, "line": _SIGNED, "bond": _SIGNED, "opportunism": _SHARE,
    "loyalty": _SHARE, "foresight": _SHARE, "opacity": _SHARE, "share": _SHARE, "bases": _SHARE,
    "axis_weight": _SHARE, "prestige": _AMOUNT, "clients": _AMOUNT, "office_rate": _AMOUNT,
}  # fmt: skip


class NumbersError(PolitburoSimError):
    """A number that cannot be: a fault of the rules, never of a file."""


def watch_numbers(model: Politburo) -> Politburo:
    """Have the body looked at after each phase from here on; the model.

    Raises
    ------
    NumbersError
        In the phase after which a number is wrong: seed, month, phase, field, member and value.
    """
    names = model._month.live_month.__globals__
    for phase in PHASES:
        names[phase] = _watched(model, phase, names[phase])
    return model


def _watched(model: Politburo, phase: str, lived: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(getattr(lived, "py_func", lived))
    def live(*given: Any) -> Any:
        result = lived(*given)
        for wrong in faults(model.arrays, shares=phase == "reckon"):
            where = f"{model.world.scenario.name}, seed {model.seed}, {model.date}, after {phase}"
            raise NumbersError(f"{where}: {wrong}")
        return result

    return live


def faults(body: Any, shares: bool = True) -> Iterator[str]:
    """All that is wrong with the numbers of a body, in words.

    shares : whether the shares of power have just been reckoned, and so have to sum to one.
    """
    for name, (low, high) in RANGES.items():
        values = getattr(body, name)
        for place in np.argwhere(~((values >= low - _CLOSE) & (values <= high + _CLOSE)))[:1]:
            at = ", ".join(map(str, place.tolist()))
            yield f"{name}[{at}] is {values[tuple(place)]}, not from {low:g} to {high:g}"
    here = (body.status == FULL) | (body.status == CANDIDATE)
    if shares and here.any() and abs(body.share.sum() - 1.0) > _CLOSE:
        yield f"the shares of power sum to {body.share.sum()}"
    if body.bases.sum() > 1.0 + _CLOSE:
        yield f"the bases sum to {body.bases.sum()}"
    if abs(body.axis_weight.sum() - 1.0) > _CLOSE:
        yield f"the weights of the axes sum to {body.axis_weight.sum()}"
    if ((body.status < 0) | (body.status > GONE)).any():
        yield "a status that there is not"
    held = np.flatnonzero(body.seat_holder != NOBODY)
    if (body.seat[body.seat_holder[held]] != held).any():
        yield "a seat whose holder sits elsewhere"
