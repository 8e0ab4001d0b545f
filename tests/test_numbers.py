"""The debug mode that looks at a body's numbers after each phase."""

from typing import Any

import numpy as np
import pytest

from politburo_sim.rules.month import PHASES
from politburo_sim.run.model import Politburo
from politburo_sim.run.numbers import RANGES, NumbersError, faults, watch_numbers
from politburo_sim.state.body import Body
from politburo_sim.worlds.scenario import load_scenario, scenario_names
from politburo_sim.worlds.world import build_world


def begun(months: int = 3) -> Politburo:
    model = Politburo(build_world(load_scenario("ussr-1922")), 7)
    for _ in range(months):
        model.step()
    return model


@pytest.mark.parametrize("name", scenario_names())
def test_the_numbers_of_shipped_worlds_are_as_they_have_to_be(name: str) -> None:
    model = watch_numbers(Politburo(build_world(load_scenario(name)), 7))
    for _ in range(min(30, model.world.months)):
        model.step()


def test_a_watched_history_is_the_same_history() -> None:
    plain, watched = Politburo("equal-body", 3).run(), watch_numbers(Politburo("equal-body", 3))
    assert watched.run().record.outcome() == plain.record.outcome()


@pytest.mark.parametrize("value", [np.nan, np.inf, -1.5, 1e6])
@pytest.mark.parametrize("name", list(RANGES))
def test_a_wrong_number_is_named(name: str, value: float) -> None:
    model = begun()
    assert list(faults(model.arrays)) == []
    low, high = RANGES[name]
    getattr(model.arrays, name).flat[1] = value
    named = [fault for fault in faults(model.arrays) if fault.startswith(f"{name}[")]
    assert len(named) == (0 if low <= value <= high and np.isfinite(value) else 1)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("share", 0.5, "the shares of power sum"), ("bases", 0.9, "the bases sum"),
     ("axis_weight", 0.9, "the weights of the axes"), ("status", 7, "a status"),
     ("seat", 5, "sits elsewhere")],
)  # fmt: skip
def test_sums_and_places_have_to_fit(name: str, value: Any, said: str) -> None:
    model = begun()
    array = getattr(model.arrays, name)
    array[int(model.arrays.seat_holder[0])] = value
    if name == "bases":
        array[:2] = value
    assert any(said in fault for fault in faults(model.arrays))


def test_every_real_number_of_a_body_is_looked_at_or_has_a_reason() -> None:
    real = {n for n, t in Body.__annotations__.items() if "Floats" in str(t)}
    assert real - set(RANGES) == {
        "par", "office_prestige", "founding_rate",  # set by the file, which was checked
        "like",  # logarithms of chances; moves only where a record is imposed
    }  # fmt: skip


@pytest.mark.parametrize("phase", PHASES)
def test_it_is_the_phase_that_is_named(phase: str) -> None:
    model = begun()
    names = model._month.live_month.__globals__
    lived = names[phase]

    def spoil(body: Any, *given: Any) -> Any:
        result = lived(body, *given)
        model.arrays.opacity[0, 1] = np.nan
        return result

    names[phase] = spoil
    with pytest.raises(
        NumbersError, match=rf"ussr-1922, seed 7, July 1922, after {phase}: opacity"
    ):
        watch_numbers(model).step()
