import dataclasses

import numpy as np
import pytest

from imgsig.codecs.context_model import (
    PRECISIONS,
    ContextModel,
    exponential_table,
    load_model,
)
from imgsig.errors import ConfigError


@pytest.fixture(scope="module")
def model() -> ContextModel:
    return load_model("context_v1")


@pytest.fixture
def planes(model):
    planes = model.new_planes(50)
    values = np.random.default_rng(0).integers(-2, 3, planes[:, :-1].shape[1:])
    planes[:, :-1] = values == np.array([-2, -1, 1, 2])[:, np.newaxis, np.newaxis]
    return planes


@pytest.mark.parametrize("step", [0, 1, 8, 100, 271])
def test_shares_are_positive_and_complete(model, planes, step):
    ends = model.cumulative(step, planes)
    assert ends.shape == (6, 50)
    assert (ends[0] == 0).all()
    assert (ends[5] == 2 ** PRECISIONS[step]).all()
    assert (np.diff(ends.astype(np.int64), axis=0) >= 1).all()


@pytest.mark.parametrize("step", [0, 5, 130, 271])
def test_sees_only_what_is_coded_before(model, planes, step):
    ends = model.cumulative(step, planes)
    planes[:, step:-1] = 0
    np.testing.assert_array_equal(model.cumulative(step, planes), ends)


def test_a_signature_does_not_depend_on_its_neighbours_in_the_batch(model, planes):
    for step in (3, 200):
        together = model.cumulative(step, planes)
        for row in (0, 17, 49):
            alone = model.cumulative(step, np.ascontiguousarray(planes[:, :, row : row + 1]))
            np.testing.assert_array_equal(alone[:, 0], together[:, row])


def test_sums_are_those_of_whole_numbers(model, planes):
    """The same likelihoods, computed in integers as far as the definition is in integers."""
    for step in (7, 150):
        way = int(np.flatnonzero([step in s for s in _steps_by_way()])[0])
        rows = model._inputs[step]
        x = planes.reshape(-1, 50)[rows].astype(np.int64)
        units = model.hidden[way].astype(np.int64) @ x + model.bias[step][:, np.newaxis]
        logits = model.output[way].astype(np.int64) @ np.clip(units, 0, 512)
        logits += model.output_bias[way][:, np.newaxis]
        below = np.minimum((logits.max(axis=0) - logits) // 32, len(model.exponentials) - 1)
        likely = model.exponentials[below].astype(np.float32)
        shares = (likely * (np.float32(2**16 - 5) / likely.sum(axis=0))).astype(np.int64) + 1
        ends = model.cumulative(step, planes)
        np.testing.assert_array_equal(np.diff(ends.astype(np.int64), axis=0)[:4], shares[:4])


def _steps_by_way():
    from imgsig.codecs.context_geometry import edges

    return [np.flatnonzero(edges().directions == way) for way in range(4)]


def test_arrays_round_trip(model):
    again = ContextModel.from_arrays(model.arrays())
    for name, array in model.arrays().items():
        np.testing.assert_array_equal(again.arrays()[name], array)


def test_weights_too_large_to_be_exact_are_refused(model):
    large = tuple(np.full_like(array, 2000) for array in model.output)
    with pytest.raises(ConfigError, match="too large"):
        dataclasses.replace(model, output=large)


def test_exponential_table_is_the_stored_one(model):
    table = exponential_table()
    assert table[0] == 2**16
    assert table[-1] == 0
    np.testing.assert_array_equal(table, model.exponentials)
