"""Cropping to where a picture changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from imgsig.crop import limits_of_lines
from imgsig.levels import StoredLevels, most_change_of

SHAPES = st.tuples(st.integers(1, 90), st.integers(1, 90))
FEW_LEVELS = st.sampled_from([0.0, 0.0, 0.0, 0.25, 1.0])
#: Changes that get lost in the total, or do not, depending on what came before.
TINY = st.sampled_from([0.0, 0.0, 1.0, 1e-15, 1e-16, 1e-17, 1e-300, 5e-324])
#: Lines of one level each, most of them 0: the search has to walk over lines without change.
PERCENTILES = st.sampled_from([(5, 95), (0, 100), (25, 75), (5.5, 60), (99, 99.5), (10, 80)])


def levels(grey: np.ndarray) -> StoredLevels:
    return StoredLevels(grey, most_change_of(grey))


@given(
    grey=st.one_of(
        arrays(np.float64, SHAPES, elements=FEW_LEVELS, fill=st.just(0.0)),
        arrays(np.float64, SHAPES, elements=TINY, fill=st.just(0.0)),
        arrays(np.float64, SHAPES, elements=st.floats(-1e300, 1e300)),
        arrays(np.uint8, SHAPES, elements=st.integers(0, 255), fill=st.just(7)),
        arrays(np.uint16, SHAPES, elements=st.integers(0, 65535), fill=st.just(7)),
        arrays(np.bool_, SHAPES, fill=st.just(False)),
        arrays(np.int32, SHAPES, elements=st.integers(-(2**31), 2**31 - 1), fill=st.just(0)),
        arrays(np.float32, SHAPES, elements=st.floats(0, 1, width=32), fill=st.just(0.0)),
    ),
    axis=st.sampled_from([0, 1]),
    percentiles=PERCENTILES,
)
def test_limits_equal_those_of_the_whole_sum(grey, axis, percentiles, plain_limits):
    with np.errstate(over="ignore", invalid="ignore"):
        assert limits_of_lines(levels(grey), axis, percentiles) == plain_limits(
            grey, axis, *percentiles
        )


@given(
    changing=st.lists(st.booleans(), min_size=1, max_size=200),
    size=st.sampled_from([1e-17, 1.0, 1e12]),
    axis=st.sampled_from([0, 1]),
)
def test_lines_without_change_are_walked_over(changing, size, axis, plain_limits):
    grey = np.outer(changing, np.arange(300.0) % 2 * size)
    grey = np.ascontiguousarray(grey if axis == 0 else grey.T)
    assert limits_of_lines(levels(grey), axis, (5, 95)) == plain_limits(grey, axis, 5, 95)


def test_featureless_border_is_left_out():
    rng = np.random.default_rng(1)
    framed = np.zeros((200, 300))
    framed[60:140, 50:250] = rng.random((80, 200))
    top, bottom = limits_of_lines(levels(framed), 0, (5, 95))
    left, right = limits_of_lines(levels(framed), 1, (5, 95))
    assert 58 <= top < bottom <= 140
    assert 48 <= left < right <= 250


def test_featureless_picture_takes_the_default_region():
    flat = levels(np.zeros((100, 200)))
    assert limits_of_lines(flat, 0, (5, 95)) == (5, 95)
    assert limits_of_lines(flat, 1, (5, 95)) == (10, 190)


class _NeverWhole(StoredLevels):
    def whole(self):
        raise AssertionError("the whole picture was asked for")


@pytest.mark.parametrize("dtype", [np.float64, np.uint8])
def test_a_picture_is_not_added_up_where_a_few_lines_tell(dtype):
    grey = (np.random.default_rng(2).random((221, 333)) * 255).astype(dtype)
    grey[:100] = 9
    few = _NeverWhole(grey, most_change_of(grey))
    assert limits_of_lines(few, 0, (5, 95)) == limits_of_lines(levels(grey), 0, (5, 95))
    limits_of_lines(few, 1, (5, 95))


def test_changes_within_the_rounding_are_added_up_in_order():
    grey = np.zeros((100, 50))
    grey[10:90, ::2] = 1e-17
    grey[40, 0] = 1.0
    with pytest.raises(AssertionError, match="whole"):
        limits_of_lines(_NeverWhole(grey, most_change_of(grey)), 0, (5, 95))
