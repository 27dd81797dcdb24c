"""Laws that every strip obeys, and how many values each keeps."""

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgsig.errors import ConfigError
from imgsig.grid import Grid
from imgsig.strips import STRIPS, Strip, get_strip

#: The laws hold for each of fifteen strips.
few = settings(max_examples=25)
GRIDS = [Grid(), Grid(2), Grid(2, False), Grid(3), Grid(7, False)]


@pytest.fixture(scope="module", params=[(name, grid) for name in STRIPS for grid in GRIDS], ids=str)
def strip(request) -> Strip:
    return get_strip(*request.param)


@few
@given(data=st.data())
def test_restore_undoes_keep(strip, data):
    m = data.draw(st.integers(0, 3))
    values = data.draw(hnp.arrays(np.int8, (m, strip.count), elements=st.integers(-127, 127)))
    signatures = strip.restore(values)
    assert signatures.dtype == np.int8
    assert signatures.shape == (m, strip.grid.length)
    assert strip.is_regular(signatures).all()
    np.testing.assert_array_equal(strip.keep(signatures), values)


@few
@given(data=st.data())
def test_regular_means_that_nothing_is_lost(strip, data):
    signature = data.draw(
        hnp.arrays(np.int8, (1, strip.grid.length), elements=st.integers(-127, 127))
    )
    restored = strip.restore(strip.keep(signature))
    assert strip.is_regular(signature)[0] == (restored == signature).all()


def test_one_changed_value_is_irregular(strip):
    left_out = np.setdiff1d(np.arange(strip.grid.length), strip.kept)
    signatures = np.zeros((len(left_out), strip.grid.length), dtype=np.int8)
    signatures[np.arange(len(left_out)), left_out] = 1
    assert not strip.is_regular(signatures).any()


def test_kept_positions_ascend(strip):
    assert strip.count == len(strip.kept)
    assert (np.diff(strip.kept) > 0).all()


@pytest.mark.parametrize(("strip_id", "count"), [("none", 648), ("border", 544), ("half", 272)])
def test_values_kept_by_default(strip_id, count):
    assert get_strip(strip_id).count == count


@pytest.mark.parametrize("strip_id", STRIPS)
def test_signatures_of_pictures_are_regular(golden, strip_id):
    assert get_strip(strip_id).is_regular(golden["signatures"]).all()


def test_unknown_strip_is_refused():
    for unknown in ("whole", ["half"], {"id": "half"}, None):
        with pytest.raises(ConfigError, match="none, border, half"):
            get_strip(unknown)
