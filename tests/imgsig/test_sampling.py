"""Grid points and mean grey levels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgsig import ConfigError
from imgsig.levels import StoredLevels
from imgsig.most_change import most_change_of
from imgsig.sampling import grid_points, mean_levels, sampled_window


def levels(grey: np.ndarray) -> StoredLevels:
    return StoredLevels(grey, most_change_of(grey))


def test_means_of_a_ramp_are_the_levels_at_the_points():
    ramp = np.tile(np.arange(200.0), (100, 1))
    rows, columns = grid_points(((0, 100), (0, 200)), n=4)
    means = mean_levels(levels(ramp), rows, columns, P=10)
    np.testing.assert_allclose(means, np.tile(columns - 0.5, (4, 1)))


def test_square_size_follows_the_paper():
    spot = np.zeros((100, 400))
    spot[50, 200] = 1.0
    rows, columns = np.array([50]), np.array([200])
    # min(100, 400) / 20 = 5 pixels, rounded: one bright pixel of 25.
    assert mean_levels(levels(spot), rows, columns)[0, 0] == pytest.approx(1 / 25)
    assert mean_levels(levels(spot), rows, columns, P=2)[0, 0] == pytest.approx(1 / 4)


def test_points_outside_the_picture_are_refused():
    with pytest.raises(ConfigError, match="row 20"):
        mean_levels(levels(np.zeros((20, 50))), np.array([20]), np.array([3]))


def test_fix_ratio_uses_the_longer_range_for_both():
    picture = levels(np.random.default_rng(1).random((50, 120)))
    (top, bottom), (left, right) = sampled_window(picture, (5, 95), fix_ratio=True)
    assert (top, bottom) == (left, right)
    assert bottom - top > 60


def test_without_percentiles_the_whole_picture_is_sampled():
    assert sampled_window(levels(np.zeros((30, 40))), None) == ((0, 30), (0, 40))


@given(first=st.integers(0, 30_000), size=st.integers(-5, 30_000), n=st.integers(2, 60))
def test_grid_points_are_those_of_linspace(first, size, n):
    last = max(0, first + size)
    rows, columns = grid_points(((first, last), (0, last)), n)
    assert rows.tolist() == np.linspace(first, last, n + 2, dtype=int)[1:-1].tolist()
    assert columns.tolist() == np.linspace(0, last, n + 2, dtype=int)[1:-1].tolist()
