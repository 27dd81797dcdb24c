import numpy as np
import pytest

from bench.kinds.codecs.entropy import boosted, context_model, mixing, order_0, order_1, triangle
from bench.kinds.context_model import coded_values
from imgsig.codecs import get_codec
from imgsig.codecs.context_model import load_model


@pytest.fixture(scope="module")
def noise() -> np.ndarray:
    values = np.random.default_rng(0).integers(-2, 3, (400, 273)).astype(np.int8)
    values[:, -1] = 0
    return values


@pytest.mark.parametrize("model", [order_0, order_1, triangle, mixing])
def test_noise_has_no_pattern(model, noise):
    bits = model(noise[:300], noise[300:])
    assert bits.shape == (100,)
    assert bits.mean() > 272 * np.log2(5) * 0.995


@pytest.mark.slow
@pytest.mark.parametrize("model", [order_1, triangle, mixing])
def test_what_follows_costs_little(model):
    rng = np.random.default_rng(0)
    values = np.repeat(rng.integers(-2, 3, (400, 1)), 273, axis=1).astype(np.int8)
    values[:, -1] = 0
    assert model(values[:300], values[300:]).mean() < 100


def test_order_0_is_the_entropy_of_the_counts():
    values = np.zeros((1000, 273), dtype=np.int8)
    values[::2] = 1
    assert order_0(values, values).mean() == pytest.approx(272, abs=0.1)


@pytest.mark.slow
def test_boosted_trees_learn_from_their_neighbours(crops):
    values = coded_values(crops.signatures)
    bits = boosted(values, values[:10], samples=3000, trees=8)
    assert bits.shape == (10,)
    assert bits.mean() < order_0(values, values[:10]).mean()


def test_context_model_is_what_the_codec_takes(crops):
    bits = context_model(load_model("context_v1"), coded_values(crops.signatures))
    codec = get_codec({"id": "context"})
    sizes = np.array([len(form) for form in codec.encode_batch(crops.signatures)])
    coded = sizes < 79
    assert coded.any()
    assert (8 * sizes[coded] <= bits[coded] + 16).all()
    assert (8 * sizes[coded] >= bits[coded] - 8).all()
