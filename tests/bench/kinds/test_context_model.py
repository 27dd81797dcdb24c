"""Training of the context codec's model."""

import numpy as np
import pytest

from bench.kinds.codecs.entropy import context_model
from bench.kinds.context_model import (
    CEILING,
    NEIGHBORS,
    Network,
    coded_values,
    gradients,
    inputs,
    likelihoods,
    mirrored,
    neighbors,
    place_features,
    rounded_model,
    train_model,
)
from imgsig import generate_signature
from imgsig.codecs.context_geometry import edges
from imgsig.codecs.context_model import PRECISIONS, VALUES, ContextModel


def test_neighbours_are_coded_before():
    for way, offsets in enumerate(neighbors(16)):
        assert len({tuple(offset) for offset in offsets.tolist()}) == len(NEIGHBORS[way]) == 16
        steps = np.flatnonzero(edges().directions == way)
        context = edges().context(offsets, way)
        assert (context[context < 272] < np.repeat(steps, (context < 272).sum(axis=1))).all()


def test_inputs_say_which_value_a_neighbour_has():
    x = inputs(np.array([[-2, 0], [1, 2]], dtype=np.int8), np.zeros((2, 0), dtype=np.float32))
    assert x.tolist() == [[1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 1]]


def test_gradients_are_those_of_the_cross_entropy():
    rng = np.random.default_rng(0)
    network = Network(*(rng.normal(size=s) for s in ((6, 4), (4, 5), (5,))))
    x, target = rng.normal(size=(50, 6)), rng.integers(0, 5, 50)

    def loss() -> float:
        chosen = likelihoods(network, np.clip(x @ network.hidden, 0, CEILING))
        return -np.log(chosen[np.arange(50), target]).mean()

    for weights, gradient in zip(network, gradients(network, x, target), strict=True):
        for index in list(np.ndindex(weights.shape))[:10]:
            kept, step = weights[index], 1e-6
            weights[index] = kept + step
            above = loss()
            weights[index] = kept - step
            slope = (above - loss()) / (2 * step)
            weights[index] = kept
            assert gradient[index] == pytest.approx(slope, abs=1e-6)


def test_places_are_told_apart():
    features = place_features(edges().points[edges().directions == 0])
    assert len(np.unique(features, axis=0)) == len(features) == 72


def networks(scale: float) -> list[Network]:
    rng = np.random.default_rng(0)
    shapes = ((4 * 4 + 9, 6), (6, 5), (5,))
    return [
        Network(*(rng.normal(0, scale, s).astype(np.float32) for s in shapes)) for _ in range(4)
    ]


def test_rounded_model_is_close_to_the_networks(crops):
    values = coded_values(crops.signatures[:20])
    model = rounded_model(networks(0.4), neighbors(4))
    planes = model.new_planes(20)
    planes[:, :-1] = VALUES[:, np.newaxis, np.newaxis] == values[:, :-1].T
    for step in (0, 5, 100, 200):
        way = int(edges().directions[step])
        network = networks(0.4)[way]
        steps = np.flatnonzero(edges().directions == way)
        context = edges().context(neighbors(4)[way], way)[int(np.flatnonzero(steps == step)[0])]
        places = np.repeat(place_features(edges().points[step : step + 1]), 20, axis=0)
        active = np.clip(inputs(values[:, context], places) @ network.hidden, 0, CEILING)
        shares = np.diff(model.cumulative(step, planes).astype(np.int64), axis=0)
        expected = likelihoods(network, active).T
        np.testing.assert_allclose(shares / 2 ** PRECISIONS[step], expected, atol=0.05)


def test_weights_that_do_not_fit_are_refused():
    with pytest.raises(OverflowError, match="train again"):
        rounded_model(networks(1e4), neighbors(4))


TINY = {"count": 4, "units": 3, "epochs": 60.0, "seed": 5}


@pytest.fixture(scope="module")
def model(crops) -> ContextModel:
    return train_model(crops.signatures, **TINY, jobs=1)


@pytest.mark.slow
def test_training_again_gives_the_same_model(crops, model):
    again = train_model(crops.signatures, **TINY, jobs=2)
    assert again.arrays().keys() == model.arrays().keys()
    for name, array in model.arrays().items():
        np.testing.assert_array_equal(again.arrays()[name], array, err_msg=name)


@pytest.mark.slow
def test_another_seed_gives_another_model(crops, model):
    other = train_model(crops.signatures, **{**TINY, "seed": 6}, jobs=1)
    assert not np.array_equal(other.hidden[0], model.hidden[0])


def test_learns_something(crops, model):
    bits = context_model(model, coded_values(crops.signatures))
    assert bits.mean() < 272 * np.log2(5) * 0.9


def test_mirrored_is_the_signature_of_the_mirrored_picture(collection):
    for photo in collection.photographs[:3]:
        picture = np.asarray(collection.open(photo.id))
        there = mirrored(generate_signature(picture)[np.newaxis])[0]
        back = generate_signature(np.ascontiguousarray(picture[:, ::-1]))
        # Grid points are rounded to pixels, so the two may be taken a pixel apart.
        assert (there == back).mean() > 0.8
        np.testing.assert_array_equal(mirrored(there[np.newaxis])[0], generate_signature(picture))
