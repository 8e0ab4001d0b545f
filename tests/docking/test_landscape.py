"""The energy landscape against cases worked out by hand, and against its own laws."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from politburo_sim.files.errors import InputError
from politburo_sim.theory.landscape import landscape, local_minima, place

NUMBER = st.integers(-5, 5)


@st.composite
def bodies(draw: st.DrawFn) -> tuple[list[int], list[list[int]]]:
    """Sizes and symmetric propensities of two to six members."""
    n = draw(st.integers(2, 6))
    table = [[0] * n for _ in range(n)]
    for i, k in itertools.combinations(range(n), 2):
        table[i][k] = table[k][i] = draw(NUMBER)
    return draw(st.lists(st.integers(1, 4), min_size=n, max_size=n)), table


def energy_of(sizes: list[int], table: list[list[int]], side: tuple[int, ...]) -> int:
    """The formula of the paper, term by term."""
    n = range(len(sizes))
    return sum(
        sizes[i] * sizes[k] * table[i][k] * (side[i] != side[k]) for i in n for k in n if i != k
    )


def test_two_pairs_by_hand() -> None:
    """A and B, C and D are drawn together by 1 and repelled across by 1; A counts twice.

    AB|CD: four pairs across, each -1 times the sizes, twice: 2 (-2 - 2 - 1 - 1) = -12. AC|BD:
    across are AB (+2), CD (+1), AD (-2) and CB (-1): 0; AD|BC likewise. A|BCD: AB +2, AC -2,
    AD -2: -4. B|ACD: +2 - 1 - 1 = 0. C|ABD: CD +1, CA -2, CB -1: -4. D|ABC: -4. Undivided: 0.
    """
    table = [[0, 1, -1, -1], [1, 0, -1, -1], [-1, -1, 0, 1], [-1, -1, 1, 0]]
    energy, scale = landscape([2, 1, 1, 1], table)
    a, b, c = 1, 2, 4
    found = dict(enumerate((energy // scale).tolist()))
    assert found == {0: 0, a: -4, b: 0, a | b: -12, c: -4, a | c: 0, b | c: 0, a | b | c: -4}
    assert np.flatnonzero(local_minima(energy)).tolist() == [a | b]
    assert place([2, 1, 1, 1], table, [2, 3])[1:] == (True, 1, 8, 1 / 8, 1)
    assert place([2, 1, 1, 1], table, [0, 2])[1:] == (False, 5, 8, 1.0, 1)


def test_three_who_all_repel_each_other_have_three_basins() -> None:
    """Whoever stands alone against two: 2 (-1 - 1) = -4; nobody can better it alone."""
    table = [[0, -1, -1], [-1, 0, -1], [-1, -1, 0]]
    for alone in range(3):
        assert place([1, 1, 1], table, [alone]) == (-4.0, True, 1, 4, 0.75, 3)
    assert place([1, 1, 1], table, []) == (0.0, False, 4, 4, 1.0, 3)


def test_two_basins_of_different_depth() -> None:
    """AB|CD: AC and BD are across, 2 (-2 - 2) = -8. Undivided: 0, and whoever goes alone leaves a
    tie of 3 for a quarrel of 2: 2 (3 - 2) = +2. AC|BD: 2 (3 + 3) = 12; AD|BC: 2 (6 - 4) = 4.
    """
    table = [[0, 3, -2, 0], [3, 0, 0, -2], [-2, 0, 0, 3], [0, -2, 3, 0]]
    assert place([1] * 4, table, [0, 1]) == (-8.0, True, 1, 8, 1 / 8, 2)
    assert place([1] * 4, table, []) == (0.0, True, 2, 8, 2 / 8, 2)
    assert place([1] * 4, table, [3]) == (2.0, False, 3, 8, 6 / 8, 2)
    assert place([1] * 4, table, [0, 2]) == (12.0, False, 8, 8, 1.0, 2)


@given(bodies())
def test_it_is_the_formula_for_every_division(body: tuple[list[int], list[list[int]]]) -> None:
    sizes, table = body
    energy, scale = landscape(sizes, table)
    for mask in range(len(energy)):
        side = tuple(mask >> i & 1 for i in range(len(sizes)))
        assert energy[mask] == scale * energy_of(sizes, table, side)


@given(bodies(), st.data())
def test_the_sides_have_no_names_and_the_members_no_order(
    body: tuple[list[int], list[list[int]]], data: st.DataObject
) -> None:
    sizes, table = body
    n = len(sizes)
    side = data.draw(st.sets(st.integers(0, n - 1)))
    order = data.draw(st.permutations(range(n)))
    found = place(sizes, table, sorted(side))
    assert found == place(sizes, table, sorted(set(range(n)) - side))
    renamed = [[table[i][k] for k in order] for i in order]
    moved = [order.index(i) for i in side]
    assert found == place([sizes[i] for i in order], renamed, moved)


@given(bodies())
def test_a_minimum_is_what_no_one_can_better_and_the_deepest_is_one(
    body: tuple[list[int], list[list[int]]],
) -> None:
    sizes, table = body
    energy, _ = landscape(sizes, table)
    minima = local_minima(energy)
    assert minima[int(energy.argmin())]
    for mask in range(len(energy)):
        side = [mask >> i & 1 for i in range(len(sizes))]
        others = [[*side[:i], 1 - side[i], *side[i + 1 :]] for i in range(len(side))]
        own = energy_of(sizes, table, tuple(side))
        assert minima[mask] == all(energy_of(sizes, table, tuple(o)) >= own for o in others)


@given(bodies())
def test_units_of_size_and_propensity_change_no_rank(
    body: tuple[list[int], list[list[int]]],
) -> None:
    sizes, table = body
    third, tenth = Fraction(1, 3), Fraction(1, 10)
    scaled = place([s * third for s in sizes], [[p * tenth for p in row] for row in table], [0])
    whole = place(sizes, table, [0])
    assert scaled[1:] == whole[1:]
    assert scaled.energy == pytest.approx(whole.energy / 90)


def test_what_is_not_a_landscape_is_refused() -> None:
    with pytest.raises(InputError, match="not symmetric"):
        landscape([1, 1], [[0, 1], [2, 0]])
    with pytest.raises(InputError, match="one row and column"):
        landscape([1, 1], [[0, 1]])
    with pytest.raises(InputError, match="not an exact number"):
        landscape([1, 1], [[0, 0.1], [0.1, 0]])  # type: ignore[list-item]
    with pytest.raises(InputError, match="above nought"):
        landscape([1, 0], [[0, 1], [1, 0]])
