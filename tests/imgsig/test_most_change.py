"""The bound of change, and what is no number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgsig.most_change import most_change_of


@given(seed=st.integers(0, 2**32 - 1), scale=st.sampled_from([1e-170, 1e-3, 1.0, 1e170]))
def test_changes_never_exceed_the_bound(seed, scale):
    rng = np.random.default_rng(seed)
    grey = rng.choice([-scale, 0, scale / 3, scale], (9, 7))
    for pixels in (grey, np.asfortranarray(grey), (grey / scale).astype(np.float32)):
        for axis in (0, 1):
            assert np.abs(np.diff(pixels, axis=axis)).sum() <= most_change_of(pixels) * (1 + 1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_what_is_not_finite_is_found(bad, dtype):
    grey = np.zeros((5, 6), dtype=dtype)
    grey[2, 3] = bad
    assert np.isnan(most_change_of(grey))


def test_large_finite_levels_are_not_taken_for_infinite():
    assert np.isfinite(most_change_of(np.full((3, 3), 1e200)))
