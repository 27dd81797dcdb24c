"""The compiled loops draw what the model itself says, to the last bit."""

import numpy as np
import pytest

from bench.kinds.scale.drawing import Weights, draw_values
from imgsig.codecs.context_model import PRECISIONS, VALUES, ContextModel, load_model


def drawn_by_the_model(model: ContextModel, random: np.random.Generator, count: int) -> np.ndarray:
    planes = model.new_planes(count)
    values = np.empty((len(PRECISIONS), count), dtype=np.int8)
    for step, precision in enumerate(PRECISIONS):
        ends = model.cumulative(step, planes)
        slot = random.integers(0, 2**precision, count, dtype=np.uint32)
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
    drawn = draw_values(Weights.of(model), np.random.default_rng(5), count)
    expected = drawn_by_the_model(model, np.random.default_rng(5), count)
    np.testing.assert_array_equal(drawn, expected)
