import numpy as np
import pytest

from bench.kinds.context_model.neighbors import NEIGHBORS, neighbors
from bench.kinds.context_model.network import (
    CEILING,
    Network,
    gradients,
    inputs,
    likelihoods,
    place_features,
)
from imgsig.codecs.context_geometry import edges


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

    for weights, gradient in zip(network.weights(), gradients(network, x, target), strict=True):
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
