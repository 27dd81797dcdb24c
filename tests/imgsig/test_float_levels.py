"""Levels that are checked while they are used."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imgsig import CorruptImageError, generate_signature
from imgsig.differences import bin_differences, neighbor_differences
from imgsig.float_levels import FloatLevels
from imgsig.grid import Grid
from imgsig.image import grey_levels, read_levels
from imgsig.levels import StoredLevels
from imgsig.most_change import most_change_of
from imgsig.sampling import grid_points, mean_levels, sampled_window


def signature_of_checked(grey):
    levels = StoredLevels(grey, most_change_of(grey))
    means = mean_levels(levels, *grid_points(sampled_window(levels, (5, 95))))
    return bin_differences(neighbor_differences(means, Grid())).ravel()


@given(
    height=st.integers(2, 220),
    width=st.integers(2, 220),
    scale=st.sampled_from([1.0, 1e-300, 1e-12, 255.0, 1e9, 1e200]),
    border=st.integers(0, 90),
    seed=st.integers(0, 2**32 - 1),
)
@example(height=200, width=200, scale=1.0, border=90, seed=0)
def test_signatures_are_those_of_levels_checked_before(height, width, scale, border, seed):
    grey = np.random.default_rng(seed).random((height, width)) * scale
    grey[: min(border, height - 1)] = scale
    np.testing.assert_array_equal(generate_signature(grey), signature_of_checked(grey))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@given(row=st.integers(0, 89), column=st.integers(0, 99), plain=st.booleans())
def test_one_level_that_is_none_is_found_wherever_it_is(bad, row, column, plain):
    grey = np.zeros((90, 100)) if plain else np.random.default_rng(1).random((90, 100))
    grey[row, column] = bad
    with pytest.raises(CorruptImageError, match="NaN or infinity"):
        generate_signature(grey)
    with pytest.raises(CorruptImageError, match="NaN or infinity"):
        grey_levels(grey)


def test_levels_within_one_are_confirmed_as_they_are():
    levels = read_levels(np.random.default_rng(0).random((80, 90)) * 2 - 1)
    assert isinstance(levels, FloatLevels)
    assert levels.confirmed() is levels


def test_larger_levels_are_looked_at_again_with_what_is_known_of_them():
    grey = np.random.default_rng(0).random((80, 90)) * 255
    confirmed = read_levels(grey).confirmed()
    assert type(confirmed) is StoredLevels
    assert confirmed.most_change == pytest.approx(most_change_of(grey))
