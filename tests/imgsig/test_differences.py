"""Neighbour differences and their binning."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from imgsig.differences import (
    _percentiles,
    _shares,
    bin_differences,
    neighbor_differences,
)
from imgsig.grid import Grid

MEANS = arrays(np.float64, (5, 5), elements=st.floats(0, 1))


@given(means=MEANS)
def test_binned_differences_are_antisymmetric(means):
    grid = Grid(5)
    binned = bin_differences(neighbor_differences(means, grid)).ravel()
    assert not binned[~grid.on_grid].any()
    inner = np.flatnonzero(grid.on_grid)
    np.testing.assert_array_equal(binned[inner], -binned[grid.partner[inner]])


def test_neighbors_come_in_the_documented_order():
    means = np.zeros((3, 3))
    order = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1), (2, 2)]
    for index, position in enumerate(order):
        means[position] = -(index + 1)
    centre = neighbor_differences(means, Grid(3))[1, 1]
    assert centre.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]


@given(means=MEANS, shift=st.floats(-1, 1))
def test_small_differences_count_as_equal(means, shift):
    flat = 0.5 + (means - 0.5) * 0.003
    assert not bin_differences(neighbor_differences(flat + shift, Grid(5))).any()


@given(
    values=arrays(np.float64, st.integers(1, 300), elements=st.floats(-1e6, 1e6)),
    levels=st.integers(1, 9),
    ends=st.sampled_from([(0, 100), (100, 0)]),
)
def test_percentiles_are_those_of_numpy_to_the_last_bit(values, levels, ends):
    percentiles = np.linspace(*ends, levels + 1)
    found = _percentiles(np.sort(values).tolist(), _shares(*ends, levels))
    assert found == np.percentile(values, percentiles).tolist()


def binned_in_place(differences, tolerance, n_levels):
    """Binning as the reference has it: one bin after the other, written over the differences."""
    binned = np.where(np.abs(differences) < tolerance, 0.0, differences)
    for sign, ends in ((1, (0, 100)), (-1, (100, 0))):
        of_sign = binned[sign * binned > 0]
        if not of_sign.size:
            continue
        cutoffs = np.percentile(of_sign, np.linspace(*ends, n_levels + 1))
        for level in range(n_levels):
            magnitude = sign * binned
            inside = (magnitude >= sign * cutoffs[level]) & (magnitude <= sign * cutoffs[level + 1])
            binned[inside] = sign * (level + 1)
    return binned.astype(np.int8)


@given(
    differences=arrays(
        np.float64,
        st.integers(1, 200),
        elements=st.one_of(st.floats(-1, 1), st.sampled_from([0.0, 0.01, 0.5, -0.5, 1.0, -1.0])),
    ),
    scale=st.sampled_from([1.0, 0.3, 3.0, 255.0]),
    n_levels=st.integers(1, 5),
    tolerance=st.sampled_from([0.0, 2 / 255, 0.5]),
)
def test_bins_are_those_of_writing_one_after_the_other(differences, scale, n_levels, tolerance):
    scaled = differences * scale
    np.testing.assert_array_equal(
        bin_differences(scaled, tolerance, n_levels), binned_in_place(scaled, tolerance, n_levels)
    )
