import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgsig.errors import ConfigError
from imgsig.grid import Grid

grids = st.builds(Grid, st.integers(2, 12), st.booleans())


@given(grids)
def test_partners_are_mutual_and_opposite(grid):
    inside = np.flatnonzero(grid.on_grid)
    np.testing.assert_array_equal(grid.partner[grid.partner[inside]], inside)
    count = len(grid.neighbors)
    for position in inside[:: max(1, len(inside) // 50)]:
        point, index = divmod(int(position), count)
        there, back = divmod(int(grid.partner[position]), count)
        down, right = grid.neighbors[index]
        assert (there // grid.n - point // grid.n, there % grid.n - point % grid.n) == (down, right)
        assert grid.neighbors[back] == (-down, -right)


@given(grids)
def test_free_values_are_the_first_of_each_pair(grid):
    pairs = np.sort(np.concatenate((grid.free, grid.partner[grid.free])))
    np.testing.assert_array_equal(pairs, np.flatnonzero(grid.on_grid))
    assert (grid.free < grid.partner[grid.free]).all()
    n = grid.n
    assert len(grid.free) == 2 * n * (n - 1) + 2 * (n - 1) ** 2 * grid.diagonal_neighbors


@given(grids)
def test_length(grid):
    assert grid.length == grid.n**2 * len(grid.neighbors) == len(grid.partner)


def test_default_grid():
    grid = Grid()
    assert (grid.length, int(grid.on_grid.sum()), len(grid.free)) == (648, 544, 272)


def test_arrays_are_read_only():
    for array in (Grid().partner, Grid().on_grid, Grid().free):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize("n", [1, 0, -3, 256, 9.0, "9", True, None])
def test_impossible_sizes_are_refused(n):
    with pytest.raises(ConfigError, match="2 to 255"):
        Grid(n)


@pytest.mark.parametrize("diagonal", [1, None, "yes"])
def test_neighbours_are_eight_or_four(diagonal):
    with pytest.raises(ConfigError, match="diagonal_neighbors"):
        Grid(9, diagonal)
