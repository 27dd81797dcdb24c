"""The compiled loops draw what the model itself says, to the last bit."""

import numpy as np
import pytest

from bench.kinds.synthetic.drawing import Weights, draw_values
from bench.kinds.synthetic.shape import GUIDES
from imgsig.codecs.context_geometry import edges
from imgsig.codecs.context_model import PRECISION, PRECISIONS, VALUES, ContextModel, load_model

#: The last steps have fewer bits in the codec, to spare it some.
FULL = PRECISIONS.index(PRECISION - 1)
NO_GUIDE = np.zeros((4, 24, GUIDES), dtype=np.int16)


def drawn_by_the_model(model: ContextModel, random: np.random.Generator, count: int) -> np.ndarray:
    planes = model.new_planes(count)
    values = np.empty((len(PRECISIONS), count), dtype=np.int8)
    slots = random.integers(0, 2**PRECISION, (len(PRECISIONS), count), dtype=np.uint32)
    for step, slot in enumerate(slots):
        ends = model.cumulative(step, planes)
        values[step] = np.count_nonzero(slot >= ends[1:-1], axis=0) - 2
        planes[:, step] = values[step] == VALUES[:, np.newaxis]
    return values


def sharper(model: ContextModel) -> ContextModel:
    """One whose sums go to their ends: units saturate, exponentials leave their table."""
    arrays = model.arrays()
    return ContextModel.from_arrays(
        {
            name: array * 8 if name.startswith(("hidden", "bias", "output")) else array
            for name, array in arrays.items()
        }
    )


def fewer(model: ContextModel) -> ContextModel:
    """One that looks back at fewer neighbours in one direction than in the others."""
    arrays = model.arrays()
    count, kept = len(arrays["offsets_2"]), 9
    hidden = arrays["hidden_2"].reshape(-1, 4, count)[:, :, :kept]
    arrays["hidden_2"] = hidden.reshape(len(hidden), -1)
    arrays["offsets_2"] = arrays["offsets_2"][:kept]
    return ContextModel.from_arrays(arrays)


@pytest.mark.parametrize("changed", [lambda model: model, sharper, fewer])
@pytest.mark.parametrize("count", [1, 1000])
def test_they_draw_what_the_model_says(changed, count):
    model = changed(load_model("context_v1"))
    guides = np.ones((len(PRECISIONS), GUIDES, count), dtype=np.int32)
    drawn = draw_values(Weights.of(model, NO_GUIDE), guides, np.random.default_rng(5))
    expected = drawn_by_the_model(model, np.random.default_rng(5), count)
    np.testing.assert_array_equal(drawn[:FULL], expected[:FULL])


def test_guides_are_added_to_the_units():
    """The same guides for all signatures do what another bias does."""
    random = np.random.default_rng(6)
    weights = random.integers(-99, 99, NO_GUIDE.shape).astype(np.int16)
    told = random.integers(-99, 99, (len(PRECISIONS), GUIDES)).astype(np.int32)
    model = load_model("context_v1")
    guides = np.repeat(told[..., np.newaxis], 500, axis=2)
    drawn = draw_values(Weights.of(model, weights), guides, np.random.default_rng(5))
    added = (weights[edges().directions].astype(int) @ told[..., np.newaxis])[..., 0] // 64
    moved = ContextModel.from_arrays(
        model.arrays() | {"bias": (model.bias + added).astype(np.int16)}
    )
    expected = drawn_by_the_model(moved, np.random.default_rng(5), 500)
    np.testing.assert_array_equal(drawn[:FULL], expected[:FULL])
    assert (drawn != drawn_by_the_model(model, np.random.default_rng(5), 500)).any()
