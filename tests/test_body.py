"""Records: types and shapes as their classes declare them, whichever NumPy is there."""

from typing import Annotated, Any

import numpy as np

from politburo_sim.state.body import Body, Floats, Idents, record_type

SIZES = {"N": 4, "D": 2, "K": 3, "S": 5, "P": 7}


class Small:
    """One field by the shared words, one whose array type says nothing of its dtype."""

    ident: Annotated[Idents, "N"]
    stance: Annotated[Floats, "N D"]
    opaque: Annotated[Any, np.int8, "N 5"]


def test_a_record_is_made_without_taking_array_types_apart() -> None:
    assert record_type(Small, SIZES) == np.dtype(
        (np.record, [("ident", "u8", (4,)), ("stance", "f8", (4, 2)), ("opaque", "i1", (4, 5))])
    )


def test_the_state_has_every_declared_field_in_its_shape() -> None:
    fields = record_type(Body, SIZES).fields
    assert fields is not None
    assert list(fields) == list(Body.__annotations__)
    shapes = {name: (kind.base.name, kind.shape) for name, (kind, *_) in fields.items()}
    assert shapes["bond"] == ("float64", (4, 4))
    assert shapes["since"] == ("int64", (4, 8))
    assert shapes["seat_ident"] == ("uint64", (5,))
    assert shapes["founding_rate"] == ("float64", (1,))
